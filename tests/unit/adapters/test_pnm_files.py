"""Exchange files as they are written and read: the public example, every fault by its code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pnm.files import (
    FileAnswer,
    FileFaultError,
    HalfWrittenError,
    Ported,
    read_answer,
    read_file,
    read_ported,
    write_answer,
    write_file,
    write_ported,
)
from adapters.pnm.names import (
    AnswerKind,
    FileKind,
    FileName,
    following,
    parse_name,
)
from adapters.pnm.tickets import Code, read_ticket
from domain.exchange_codes import EXCHANGE_CODES

NAME = "PNMDATA.01.02.20260612145429.001"
LINE = (
    "1210|01|02|02|01|20260612142743|0696301129|2edf2f024ad3bd81a8add0ef9de3a97d|0001|A001|"
    "20260612145429||"
)
WHOLE = (
    f"0123456789|{NAME}|01|20260612145429\n{LINE}\n9876543210|01|20260612145429|000003\n"
).encode()
"""The file of porting-and-access § 2.4, to the letter."""


def name(text: str = NAME) -> FileName:
    parsed = parse_name(text)
    assert parsed is not None
    return parsed


def test_the_public_example_is_written_and_read_to_the_letter() -> None:
    assert write_file(name(), [LINE]) == WHOLE
    (line,) = read_file(name(), WHOLE)
    assert (line.place, line.text) == (2, LINE)
    assert LINE not in repr(line)
    assert read_file(name(), WHOLE.replace(b"\n", b"\r\n")) == (line,)


def test_a_name_says_what_it_is_and_an_answer_whose_it_is() -> None:
    data = name()

    assert data == FileName(
        kind=FileKind.DATA, emitter="01", recipient="02", stamp="20260612145429", sequence=1
    )
    answer = name(f"{NAME}.ACR")
    assert (answer.answer, answer.of) == (AnswerKind.TAKEN, data)
    assert str(data.answered(AnswerKind.REFUSED)) == f"{NAME}.ERR"
    assert str(answer) == f"{NAME}.ACR"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PNMDATA.01.02.20260612145429.1",
        "PNMDATA.1.02.20260612145429.001",
        "PNMDATA.01.02.20261312145429.001",
        "PNMDATA.01.02.20260612145429.001.tmp",
        "PNMDATA.01.02.20260612145429.001.ACR.ACR",
        "../PNMDATA.01.02.20260612145429.001",
        "PNMOTHER.01.02.20260612145429.001",
    ],
)
def test_what_is_no_name_of_the_exchange_is_none(text: str) -> None:
    assert parse_name(text) is None


def test_after_the_last_sequence_number_comes_the_first() -> None:
    assert (following(1), following(998), following(999)) == (2, 999, 1)


def _with(old: str, new: str) -> bytes:
    assert old.encode() in WHOLE
    return WHOLE.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_with("0123456789|PNM", "0123456780|PNM"), "E001"),
        (_with("|01|20260612145429\n1210", "|01\n1210"), "E001"),
        (_with("|000003", ""), "E002"),
        (_with("9876543210|01|2026", "9876543210|03|2026"), "E002"),
        (_with(f"{NAME}|01|", f"{NAME}|03|"), "E003"),
        (_with("|01|20260612145429\n1210", "|01|20261312145429\n1210"), "E005"),
        (_with("9876543210|01|20260612145429", "9876543210|01|2026061214542x"), "E005"),
        (_with(NAME, "PNMDATA.01.02.20260612145429.002"), "E006"),
        (_with("000003", "000004"), "E010"),
        (_with("000003", "3"), "E010"),
        (b"0" * (8 * 1024 * 1024 + 1), "E009"),
        (b"what is this\nsome other file\n", "E001"),
    ],
)
def test_each_fault_of_a_whole_file_has_its_code(content: bytes, code: str) -> None:
    with pytest.raises(FileFaultError) as caught:
        read_file(name(), content)

    assert caught.value.code == code
    assert not isinstance(caught.value, HalfWrittenError)


def test_a_file_to_its_own_emitter_is_refused() -> None:
    own = name("PNMDATA.01.01.20260612145429.001")

    with pytest.raises(FileFaultError) as caught:
        read_file(own, write_file(own, []))

    assert caught.value.code == "E004"


@pytest.mark.parametrize("cut", range(len(WHOLE) - len("9876543210|01|20260612145429|000003\n")))
def test_a_file_that_stops_before_its_footer_is_half_written(cut: int) -> None:
    with pytest.raises(HalfWrittenError) as caught:
        read_file(name(), WHOLE[:cut])

    assert caught.value.code == "E009"


@pytest.mark.parametrize("cut", range(len(WHOLE) - 36, len(WHOLE) - 1))
def test_a_footer_that_is_only_begun_may_still_be_being_written(cut: int) -> None:
    with pytest.raises(HalfWrittenError):
        read_file(name(), WHOLE[:cut])


def test_the_last_line_may_lack_its_end() -> None:
    assert read_file(name(), WHOLE[:-1]) == read_file(name(), WHOLE)


@pytest.mark.parametrize(("code", "kind"), [("E000", "ACR"), ("E010", "ERR"), ("E008", "ERR")])
def test_an_answer_is_written_and_read_back(code: str, kind: str) -> None:
    answer = FileAnswer(
        about=name(), code=code, answered_at="20260612150012", lines=3, comment="pris | en compte"
    )

    written = write_answer(answer)

    assert written.startswith(b"0000|02|01|20260612145429|20260612150012|" + code.encode())
    read = read_answer(name(f"{NAME}.{kind}"), written)
    assert (read.about, read.code, read.lines) == (name(), code, 3)
    assert read.comment == "pris   en compte"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"0000|01|02|a|b|E000|000003",
        b"1111|01|02|a|b|E000|000003|",
        b"0000|01|02|a|b|X000|000003|",
        b"0000|01|02|a|b|E000|three|",
        b"0000|01|02|a|b|E010|000003|",
    ],
)
def test_an_answer_that_says_nothing_of_its_file_is_none(content: bytes) -> None:
    with pytest.raises(FileFaultError):
        read_answer(name(f"{NAME}.ACR"), content)


def test_a_line_of_the_weekly_list_names_an_operator_a_number_and_a_day() -> None:
    ported = Ported(receiver="02", msisdn="0612345678", ported_on="20270115")

    assert write_ported(ported) == "02|0612345678|20270115"
    assert read_ported(write_ported(ported)) == ported
    assert "0612345678" not in repr(ported)
    for text in ("", "02|0612345678", "02|612345678|20270115", "02|0612345678|20271315"):
        assert read_ported(text) is None


_TEXTS = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)


@given(lines=st.lists(_TEXTS, max_size=12))
def test_whatever_is_written_is_read_back_line_by_line(lines: list[str]) -> None:
    read = read_file(name(), write_file(name(), lines))

    assert [line.text for line in read] == lines


@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_file_or_a_fault_with_a_code(content: bytes) -> None:
    assert _fault(lambda: read_file(name(), content)) in {None, *EXCHANGE_CODES}


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_a_byte_that_was_changed_on_the_way_is_never_a_surprise(at: int, byte: int) -> None:
    changed = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]

    assert _fault(lambda: read_file(name(), changed)) in {None, *EXCHANGE_CODES}


@given(content=st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_a_fault(content: bytes) -> None:
    assert _fault(lambda: read_answer(name(f"{NAME}.ACR"), content)) in {None, "E001", "E006"}


def _fault(read: Callable[[], object]) -> str | None:
    try:
        read()
    except FileFaultError as exc:
        return exc.code
    return None


def test_the_example_of_the_documented_grammar_is_one(repository: Path) -> None:
    dialect = (repository / "adapters" / "pnm" / "dialect.md").read_text()
    example = next(b for b in dialect.split("```") if b.strip().startswith("0123456789"))

    (line,) = read_file(name(), example.strip().encode() + b"\n")

    assert read_ticket(line.text).code is Code.ACCEPTANCE
    assert all(f"{code.value}" in dialect for code in Code)
