"""Failure policies from files: every fault with its file and line."""

import shutil
from pathlib import Path

import pytest
import yaml

from adapters.failure_files.reader import read_policies
from runtime.failures import INTERFACES, SHIPPED

ROW = """  - name: {name}
    from: {since}
    step: "{step}"
    code: "{code}"
    ours: "a test's own"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "failures"))


def _faults(folder: Path) -> list[str]:
    return [str(fault) for fault in read_policies(folder).faults]


def _add(folder: Path, operator: str, more: str) -> None:
    file = folder / f"{operator}.yaml"
    file.write_text(file.read_text() + more)


def test_what_is_shipped_has_no_fault(folder: Path) -> None:
    read = read_policies(folder)

    assert read.faults == ()
    assert set(read.kept) == {"orange", "sfr", "bouygues", "gpm", "gpmag", "gpmr"}


def test_a_file_of_ones_own_stands_in_place_of_the_one_shipped(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (folder / "sfr.yaml").read_text()
    (own / "sfr.yaml").write_text(text.replace("version: 2", "version: 7"))

    read = read_policies(folder, own)

    assert (read.kept["sfr"].version, read.kept["orange"].version) == (7, 2)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("  - name: x\n", "rows.9.from: Field required"),
        (ROW.format(name="X", since="2026-01-01", step="*", code="E1"), "rows.9.name: String"),
        (ROW.format(name="x", since="soon", step="*", code="E1"), "rows.9.from: Input should be"),
        (ROW.format(name="x", since="2026-01-01", step="dance", code="E1"), "rows.9.step: Input"),
        (ROW.format(name="x", since="2026-01-01", step="*", code="**"), "write at most 2 stars"),
        (ROW.format(name="x", since="2026-01-01", step="*", code="*a*b*"), "write at most 2 stars"),
        (ROW.format(name="x", since="2026-01-01", step="*", code="(a+)+"), "rows.9.code: String"),
        (
            ROW.format(name="x", since="2026-01-01", step="*", code="E1") + "    source: a\n",
            "give its source, or say in `ours`",
        ),
        (
            ROW.format(name="x", since="2026-01-01", step="*", code="E1") + "    interface: v2\n",
            "write a version, two as 1-2, or *",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(
    folder: Path, more: str, what: str
) -> None:
    lines = len((folder / "sfr.yaml").read_text().splitlines())
    _add(folder, "sfr", more)

    (fault, *_) = _faults(folder)

    assert what in fault
    assert fault.startswith("sfr.yaml:")
    assert int(fault.split(":")[1]) > lines


def test_what_the_rows_ask_for_and_cannot_have_is_named_with_its_line(folder: Path) -> None:
    lines = len((folder / "sfr.yaml").read_text().splitlines())
    _add(folder, "sfr", ROW.format(name="x", since="2026-01-01", step="commit-port", code="E1"))

    (fault,) = _faults(folder)

    assert fault.startswith(f"sfr.yaml:{lines + 1}: x: commit-port is never asked of sfr")


def test_files_that_are_missing_misnamed_or_unreadable_are_faults(folder: Path) -> None:
    (folder / "gpm.yaml").write_bytes(b"\xff\xfe")
    (folder / "gpmr.yaml").unlink()
    (folder / "orange.yaml").rename(folder / "Orange.yaml")
    (folder / "bouygues.yaml").write_text("")

    faults = _faults(folder)

    assert any(fault.startswith("gpm.yaml:1") for fault in faults)
    assert "gpmr.yaml:1: is not there; every operator has a policy, if only its last row" in faults
    assert any("name it orange.yaml" in fault for fault in faults)
    assert any(fault.startswith("bouygues.yaml:1: is no policy; write") for fault in faults)


@pytest.mark.parametrize("operator", ["sfr", "bouygues", "orange"])
def test_the_version_of_an_interface_is_the_one_its_dialect_bears(operator: str) -> None:
    adapters = SHIPPED.parent / "adapters" / operator
    if operator == "orange":
        assert (
            f'"urn:raccord:orange:lines:{INTERFACES[operator]}"'
            in (adapters / "dialect.xsd").read_text()
        )
    else:
        dialect = yaml.safe_load((adapters / "dialect.yaml").read_text())
        assert dialect["info"]["version"] == INTERFACES[operator]
