"""Whole exchange files: tickets of a session, the weekly synchronisation, and answers to both.

    0123456789|PNMDATA.01.02.20260612145429.001|01|20260612145429
    1210|01|02|…
    9876543210|01|20260612145429|000003

The footer counts every line, itself and the header included.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.pnm.names import INSTANT, AnswerKind, FileName

HEADER, FOOTER, ANSWER = "0123456789", "9876543210", "0000"
BYTES_MAX = 8 * 1024 * 1024
"""More than a session of any operator needs. A default of ours."""
ENCODING = "latin-1"
_COMMENT_MAX = 150
_EDGE_FIELDS, _ANSWER_FIELDS = 4, 8


class FileFaultError(ValueError):
    """A file nothing of which can be taken, and the code that says why."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(why)


class HalfWrittenError(FileFaultError):
    """It has no end: its writer may still be at it."""

    def __init__(self) -> None:
        super().__init__("E009", "the file has no footer")


@dataclass(frozen=True, kw_only=True)
class NumberedLine:
    """One line between header and footer, and its place in the file, the header being 1."""

    place: int
    text: str

    def __repr__(self) -> str:
        return f"NumberedLine({self.place})"


@dataclass(frozen=True, kw_only=True)
class FileAnswer:
    """What the recipient says of a file."""

    about: FileName
    code: str
    answered_at: str
    lines: int
    comment: str


@dataclass(frozen=True, kw_only=True)
class Ported:
    """One line of a synchronisation: whose a number is, since when."""

    receiver: str
    msisdn: str
    ported_on: str

    def __repr__(self) -> str:
        return f"Ported({self.receiver})"


def write_file(name: FileName, lines: Sequence[str]) -> bytes:
    """Header, lines, footer: the same bytes each time."""
    header = "|".join((HEADER, str(name), name.emitter, name.stamp))
    footer = "|".join((FOOTER, name.emitter, name.stamp, f"{len(lines) + 2:06d}"))
    return "".join(f"{line}\n" for line in (header, *lines, footer)).encode(ENCODING)


def read_file(name: FileName, content: bytes) -> tuple[NumberedLine, ...]:
    """Its lines, unread; FileFaultError when nothing of it can be taken."""
    if len(content) > BYTES_MAX:
        raise FileFaultError("E009", f"larger than {BYTES_MAX} bytes")
    if name.emitter == name.recipient:
        raise FileFaultError("E004", "its emitter is its recipient")
    text = content.decode(ENCODING).replace("\r\n", "\n")
    lines = text.removesuffix("\n").split("\n")
    whole = text.endswith("\n")
    if len(lines) == 1 and not whole:
        raise HalfWrittenError
    _check_header(name, lines)
    fault = _fault_of_footer(name, lines)
    if fault is not None:
        raise fault if whole and lines[-1].startswith(FOOTER) else HalfWrittenError
    return tuple(
        NumberedLine(place=place, text=text) for place, text in enumerate(lines[1:-1], start=2)
    )


def _check_header(name: FileName, lines: Sequence[str]) -> None:
    parts = lines[0].split("|")
    if len(parts) != _EDGE_FIELDS or parts[0] != HEADER:
        raise FileFaultError("E001", "the header is not one")
    if parts[1] != str(name):
        raise FileFaultError("E006", "the header names another file")
    if parts[2] != name.emitter:
        raise FileFaultError("E003", "the header names another emitter")
    if not _is_instant(parts[3]):
        raise FileFaultError("E005", "the header's date is none")


def _fault_of_footer(name: FileName, lines: Sequence[str]) -> FileFaultError | None:
    parts = lines[-1].split("|")
    if len(parts) != _EDGE_FIELDS or parts[0] != FOOTER or parts[1] != name.emitter:
        return FileFaultError("E002", "the footer is not one")
    if not _is_instant(parts[2]):
        return FileFaultError("E005", "the footer's date is none")
    if re.fullmatch("[0-9]{6}", parts[3]) is None or int(parts[3]) != len(lines):
        return FileFaultError("E010", "the footer counts other lines")
    return None


def _is_instant(text: str) -> bool:
    try:
        datetime.strptime(text, INSTANT)  # noqa: DTZ007  only whether it is one
    except ValueError:
        return False
    return re.fullmatch("[0-9]{14}", text) is not None


def write_answer(answer: FileAnswer) -> bytes:
    about = answer.about
    fields = (
        ANSWER,
        about.recipient,
        about.emitter,
        about.stamp,
        answer.answered_at,
        answer.code,
        f"{answer.lines:06d}",
        answer.comment[:_COMMENT_MAX].replace("|", " "),
    )
    return ("|".join(fields) + "\n").encode(ENCODING, errors="replace")


def is_whole_answer(content: bytes) -> bool:
    """Whether its writer has come to its end."""
    return content.endswith(b"\n") or content.count(b"|") >= _ANSWER_FIELDS - 1


def read_answer(name: FileName, content: bytes) -> FileAnswer:
    """FileFaultError when it says nothing about the file it is named after."""
    parts = content.decode(ENCODING).strip("\r\n").split("|")
    if len(parts) != _ANSWER_FIELDS or parts[0] != ANSWER:
        raise FileFaultError("E001", "an answer has eight fields and begins with 0000")
    if re.fullmatch("E[0-9]{3}", parts[5]) is None or re.fullmatch("[0-9]{6}", parts[6]) is None:
        raise FileFaultError("E001", "an answer gives a code and a number of lines")
    if [*parts[1:4]] != [name.recipient, name.emitter, name.stamp]:
        raise FileFaultError("E006", "it is about another file than it is named after")
    good = parts[5] == "E000"
    if good != (name.answer is AnswerKind.TAKEN):
        raise FileFaultError("E006", "its name and its code say different things")
    return FileAnswer(
        about=name.of,
        code=parts[5],
        answered_at=parts[4],
        lines=int(parts[6]),
        comment=parts[7][:_COMMENT_MAX],
    )


def write_ported(ported: Ported) -> str:
    return f"{ported.receiver}|{ported.msisdn}|{ported.ported_on}"


def read_ported(line: str) -> Ported | None:
    """None when it is no line of a synchronisation."""
    match = re.fullmatch(r"([0-9]{2})\|(0[0-9]{9}|0[0-9]{13})\|([0-9]{8})", line)
    if match is None or not _is_instant(match[3] + "000000"):
        return None
    return Ported(receiver=match[1], msisdn=match[2], ported_on=match[3])
