"""One answer to many lines at once: exactly those that were shown, and what each of them said.

The lines lie in parts of fifty, each with a stream of its own, so that ten thousand cost no more a
line than one does. What a line answers is a fact of its part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from domain.attention import DecisionKind
from domain.event import Command, Event
from domain.identity import LineId, OrderId, StreamId

_BULKS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0a")
LINES_OF_A_PART = 50
"""A default of ours."""

ItemT = TypeVar("ItemT")


class BulkRefusedError(Exception):
    """It does not fit; nothing was recorded."""


# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BulkAction(StrEnum):
    """What many lines are asked at once."""

    DECIDE = "decide"
    """The same answer to the same question."""
    CANCEL = "cancel"
    """A request to cancel, in the contract's own form."""
    MOVE = "move"
    """Another port day."""


class BulkAsked(_Value):
    """What is asked of each line, and by whom."""

    action: BulkAction
    by: str
    decision: DecisionKind | None = None
    about: str | None = None
    detail: str | None = None
    """The code the question turns on; any, where none is given."""
    reason: str = ""
    given: Mapping[str, str] = {}
    day: date | None = None


class BulkLine(_Value):
    order_id: OrderId
    line_id: LineId
    line: int | None


class LineAnswered(_Value):
    line_id: LineId
    taken: bool
    why: str | None


# identity


def bulk_id_for(*, client: str, key: str) -> UUID:
    return uuid5(_BULKS, f"{client}\x1f{key}")


def bulk_stream(bulk_id: UUID) -> StreamId:
    return StreamId(f"bulk/{bulk_id}")


def part_stream(bulk_id: UUID, part: int) -> StreamId:
    """Parts are numbered from 1."""
    return StreamId(f"bulk-part/{bulk_id}.{part}")


def in_parts(lines: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    for start in range(0, len(lines), LINES_OF_A_PART):
        yield lines[start : start + LINES_OF_A_PART]


# commands


class BeginBulk(Command):
    bulk_id: UUID
    client: str
    asked: BulkAsked
    lines: int
    parts: int
    token: str


class BeginPart(Command):
    bulk_id: UUID
    part: int
    asked: BulkAsked
    lines: tuple[BulkLine, ...]


class NoteAnswers(Command):
    answers: tuple[LineAnswered, ...]


# events


class BulkBegun(Event):
    bulk_id: UUID
    client: str
    asked: BulkAsked
    lines: int
    parts: int
    token: str
    """What its preview showed, in a word."""


class BulkPartBegun(Event):
    bulk_id: UUID
    part: int
    asked: BulkAsked
    lines: tuple[BulkLine, ...]


class BulkPartAnswered(Event):
    """Some of its lines have answered; the others are asked again."""

    answers: tuple[LineAnswered, ...]


BulkPartEvent = BulkPartBegun | BulkPartAnswered

# state of a part; the whole is told once and never moves


@dataclass(frozen=True)
class NotBegun:
    """No fact yet."""


@dataclass(frozen=True, kw_only=True)
class Begun:
    part: BulkPartBegun
    answers: tuple[LineAnswered, ...] = ()

    @property
    def unanswered(self) -> tuple[BulkLine, ...]:
        known = {one.line_id for one in self.answers}
        return tuple(line for line in self.part.lines if line.line_id not in known)


PartState = NotBegun | Begun


def begin(command: BeginBulk) -> BulkBegun:
    return BulkBegun(**{k: v for k, v in command if k != "decided_at"})


def decide(command: BeginPart | NoteAnswers, state: PartState) -> tuple[BulkPartEvent, ...]:
    match command, state:
        case BeginPart(), NotBegun():
            return (BulkPartBegun(**{k: v for k, v in command if k != "decided_at"}),)
        case NoteAnswers(answers=answers), Begun():
            return _answered(answers, state)
        case _:
            raise BulkRefusedError(
                f"{type(command).__name__} does not fit: the part is {type(state).__name__.lower()}"
            )


def _answered(answers: tuple[LineAnswered, ...], state: Begun) -> tuple[BulkPartAnswered, ...]:
    """The first answer of a line counts."""
    if {one.line_id for one in answers} - {line.line_id for line in state.part.lines}:
        raise BulkRefusedError("a line of another part answered")
    waiting = {line.line_id for line in state.unanswered}
    new = tuple(one for one in answers if one.line_id in waiting)
    return (BulkPartAnswered(answers=new),) if new else ()


def evolve(state: PartState, event: BulkPartEvent) -> PartState:
    if isinstance(event, BulkPartBegun):
        return Begun(part=event)
    if isinstance(state, Begun):
        return replace(state, answers=(*state.answers, *event.answers))
    return state


def fold(events: Iterable[Event]) -> PartState:
    """Where the facts of a part's stream lead."""
    state: PartState = NotBegun()
    for event in events:
        if isinstance(event, BulkPartEvent):
            state = evolve(state, event)
    return state
