"""Names of exchange files: `PNMDATA.01.02.20270111105000.001`, and what is put behind them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

INSTANT = "%Y%m%d%H%M%S"
SEQUENCE_MAX = 999
TEMPORARY = ".tmp"
TEMPORARIES = (TEMPORARY, ".part", ".filepart")
"""What others put behind a name while they write: such a file is not looked at."""

_NAME = re.compile(
    r"(PNMDATA|PNMSYNC)\.([0-9]{2})\.([0-9]{2})\.([0-9]{14})\.([0-9]{3})(?:\.(ACR|ERR))?"
)


class FileKind(StrEnum):
    DATA = "PNMDATA"
    """Tickets of a session."""
    SYNC = "PNMSYNC"
    """Numbers ported, once a week."""


class AnswerKind(StrEnum):
    TAKEN = "ACR"
    """The acknowledgement of a file that was taken."""
    REFUSED = "ERR"
    """The refusal of a whole file."""


@dataclass(frozen=True, kw_only=True)
class FileName:
    kind: FileKind
    emitter: str
    recipient: str
    stamp: str
    """When it was made, in the exchange's local time."""
    sequence: int
    answer: AnswerKind | None = None

    def __str__(self) -> str:
        name = f"{self.kind}.{self.emitter}.{self.recipient}.{self.stamp}.{self.sequence:03d}"
        return name if self.answer is None else f"{name}.{self.answer}"

    def answered(self, answer: AnswerKind) -> "FileName":
        """The name of its answer."""
        return FileName(**{**vars(self), "answer": answer})

    @property
    def of(self) -> "FileName":
        """The file an answer is about."""
        return FileName(**{**vars(self), "answer": None})


def parse_name(text: str) -> FileName | None:
    """None when it is no name of the exchange's, or names an instant that cannot be."""
    match = _NAME.fullmatch(text)
    if match is None:
        return None
    kind, emitter, recipient, stamp, sequence, answer = match.groups()
    try:
        datetime.strptime(stamp, INSTANT)  # noqa: DTZ007  only whether it is one
    except ValueError:
        return None
    return FileName(
        kind=FileKind(kind),
        emitter=emitter,
        recipient=recipient,
        stamp=stamp,
        sequence=int(sequence),
        answer=None if answer is None else AnswerKind(answer),
    )


def following(sequence: int) -> int:
    """After 999 comes 001."""
    return sequence % SEQUENCE_MAX + 1
