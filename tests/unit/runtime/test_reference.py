from pathlib import Path

import pytest

from domain.calendar_changes import CHANGES
from domain.numbers import FrenchNumber
from runtime.errors import BadInputError, UnavailableError
from runtime.reference import Reference, ReferenceKind

PREFIXES = b"Ressource;Code Attributaire;Attributaire;Date\nF0;FRTE;Orange;01/01/2017\n"
BLOCKS = (
    b"EZABPQM;Tranche_Debut;Tranche_Fin;Mnemo;Territoire\n0712;0712000000;0712999999;TEST;Mayotte\n"
)
CLOSED = b"""
[[closed_day]]
calendar = "oksio"
known_on = 2026-11-01
yearly = "12-24"
fr = "veille de Noel"
en = "Christmas Eve"
source = "the provider's letter of 1 November 2026"
"""


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    return Reference(tmp_path / "reference")


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


def test_nothing_loaded_is_what_is_shipped(reference: Reference) -> None:
    assert reference.loaded() == ()
    assert not reference.rio_directory().fixed_is_complete
    assert reference.blocks().block_of(FrenchNumber.parse("0712000000")) is None
    assert reference.calendar_changes() == CHANGES


def test_a_loaded_file_takes_the_place_of_what_is_shipped(
    reference: Reference, tmp_path: Path
) -> None:
    for name, content in (
        ("MAJRIO.csv", PREFIXES),
        ("MAJNUM.csv", BLOCKS),
        ("closed.toml", CLOSED),
    ):
        reference.load(written(tmp_path, name, content), providers=("oksio",))

    directory = reference.rio_directory()
    block = reference.blocks().block_of(FrenchNumber.parse("0712000000"))

    assert directory.fixed_is_complete
    assert directory.fixed["F0"].source == "ARCEP MAJRIO.csv"
    assert block is not None
    assert block.holder == "TEST"
    assert reference.calendar_changes()[-1].en == "Christmas Eve"
    assert {(one.kind, one.name, one.rows) for one in reference.loaded()} == {
        (ReferenceKind.RIO_PREFIXES, "MAJRIO.csv", 1),
        (ReferenceKind.NUMBER_BLOCKS, "MAJNUM.csv", 1),
        (ReferenceKind.CLOSED_DAYS, "closed.toml", 1),
    }


def test_a_bad_file_leaves_the_loaded_one_in_place(reference: Reference, tmp_path: Path) -> None:
    reference.load(written(tmp_path, "MAJRIO.csv", PREFIXES))

    with pytest.raises(BadInputError, match=r"bad\.csv: line 2: '00' is no RIO prefix"):
        reference.load(written(tmp_path, "bad.csv", PREFIXES.replace(b"F0", b"00")))

    assert reference.rio_directory().fixed_is_complete


def test_a_dropped_file_leaves_what_is_shipped(reference: Reference, tmp_path: Path) -> None:
    reference.load(written(tmp_path, "MAJRIO.csv", PREFIXES))

    assert reference.drop(ReferenceKind.RIO_PREFIXES)
    assert not reference.drop(ReferenceKind.RIO_PREFIXES)
    assert reference.loaded() == ()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"hello", "is no reference file we know"),
        ("closed.toml", b"[[closed", "see docs/reference-data.md"),
        ("closed.toml", b"", "write \\[\\[closed_day\\]\\] tables"),
        ("closed.toml", b"[other]\na = 1", "write \\[\\[closed_day\\]\\] tables"),
        ("closed.toml", b"\xff", "see docs/reference-data.md"),
        ("closed.toml", CLOSED.replace(b"12-24", b"24-12"), "closed.toml: yearly"),
        ("closed.toml", CLOSED.replace(b"yearly", b"often"), "closed.toml: often"),
        ("closed.toml", CLOSED.replace(b"yearly", b"easter"), "closed.toml: easter"),
        ("closed.toml", CLOSED.replace(b"12-24", b"02-30"), "no year has a 02-30"),
        ("closed.toml", CLOSED.replace(b"oksio", b"okiso"), "'okiso' has no calendar"),
        ("closed.toml", CLOSED.replace(b"Christmas Eve", b""), "closed.toml: en"),
        ("closed.toml", b"closed_day = 5", "write \\[\\[closed_day\\]\\] tables"),
        ("program", b"\x7fELF" + b"x" * 300_000, "is no reference file we know"),
    ],
)
def test_a_file_that_does_not_read_gets_a_sentence(
    reference: Reference, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        reference.load(written(tmp_path, name, content), providers=("oksio",))


def test_a_file_that_is_not_there_or_far_too_large_gets_a_sentence(
    reference: Reference, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(65 * 1024 * 1024)

    with pytest.raises(BadInputError, match="cannot be read"):
        reference.load(tmp_path / "nothing.csv")
    with pytest.raises(BadInputError, match="cannot be read"):
        reference.load(tmp_path)
    with pytest.raises(BadInputError, match="larger than any published file"):
        reference.load(huge)


def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    blocked = written(tmp_path, "home", b"a file")

    with pytest.raises(UnavailableError, match="set RACCORD_HOME"):
        Reference(blocked / "reference").load(written(tmp_path, "MAJRIO.csv", PREFIXES))
