"""Lines of an order that will be late, or are: raised once for each promise and cause, and cleared.

One stream for each order, so that a fleet late for one cause is a few facts and not one a line.
Estimates raise; only facts clear: a line is cleared when it is planned for its promised day again
with nothing asked and nothing overdue, when another day is agreed, or when it is over. An expected
day that flutters says nothing anew: a promise and a cause are told as at risk once, as late once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar, assert_never

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Command, Event
from domain.identity import LineId, OrderId, StreamId
from domain.outlooks import Cause, Course, Outlook, Verdict
from domain.policies import JEOPARDY_LINES

# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineInJeopardy(_Value):
    """One line: what was promised, what is expected, and why."""

    line_id: LineId
    number: int | None
    """Its place in the order."""
    stage: str
    promised_on: date
    expected_on: date
    cause: Cause


class Relief(StrEnum):
    """Why a line is in jeopardy no more."""

    BACK_IN_TIME = "back-in-time"
    """Planned for the promised day or before, nothing asked, nothing overdue."""
    AGREED_ANEW = "agreed-anew"
    """Another day was agreed, and is expected to be kept."""
    DELIVERED = "delivered"
    """There, in time or late."""
    OVER = "over"
    """It ended, or ends, without what was promised."""


class LineSafe(_Value):
    line_id: LineId
    number: int | None
    because: Relief


def jeopardy_stream(order_id: OrderId) -> StreamId:
    return StreamId(f"jeopardy/{order_id}")


# commands


class AssessLines(Command):
    """What was found of some lines of an order; what was told before is not told again."""

    at_risk: tuple[LineInJeopardy, ...] = ()
    late: tuple[LineInJeopardy, ...] = ()
    safe: tuple[LineSafe, ...] = ()


# events


_Lines = Field(min_length=1, max_length=JEOPARDY_LINES)


class LinesAtRisk(Event):
    """Expected after the day that was promised, which is still ahead."""

    lines: tuple[LineInJeopardy, ...] = _Lines


class LinesLate(Event):
    """The promised day is over."""

    lines: tuple[LineInJeopardy, ...] = _Lines


class LinesSafe(Event):
    lines: tuple[LineSafe, ...] = _Lines


JeopardyEvent = LinesAtRisk | LinesLate | LinesSafe

# state


class Told(_Value):
    """What was told of a line, for the promise it was told of."""

    promised_on: date
    verdict: Verdict | None
    """None once it was cleared."""
    marks: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Jeopardy:
    """Lines that are over are forgotten: the state does not grow with an order's history."""

    lines: Mapping[LineId, Told] = field(default_factory=dict)

    @property
    def raised(self) -> Mapping[LineId, Told]:
        return {line: told for line, told in self.lines.items() if told.verdict is not None}


# decide


def decide(command: AssessLines, state: Jeopardy) -> tuple[JeopardyEvent, ...]:
    """At most one fact of each kind, of at most a hundred lines: the next turn takes more."""
    late = _some(command.late, lambda line: is_news(line, Verdict.LATE, state))
    at_risk = _some(command.at_risk, lambda line: is_news(line, Verdict.AT_RISK, state))
    safe = _some(command.safe, lambda line: line.line_id in state.raised)
    events: list[JeopardyEvent] = []
    if at_risk:
        events.append(LinesAtRisk(lines=at_risk))
    if late:
        events.append(LinesLate(lines=late))
    if safe:
        events.append(LinesSafe(lines=safe))
    return tuple(events)


_T = TypeVar("_T")


def _some(lines: Iterable[_T], told: Callable[[_T], bool]) -> tuple[_T, ...]:
    return tuple(line for line in lines if told(line))[:JEOPARDY_LINES]


def is_news(line: LineInJeopardy, verdict: Verdict, state: Jeopardy) -> bool:
    """Not said yet of this promise and cause; and never at risk again once it is late."""
    told = state.lines.get(line.line_id)
    if told is None or told.promised_on != line.promised_on:
        return True
    if told.verdict is Verdict.LATE and verdict is Verdict.AT_RISK:
        return False
    return _mark(line, verdict) not in told.marks


def _mark(line: LineInJeopardy, verdict: Verdict) -> str:
    return f"{verdict} {line.cause.mark}"


def relief_of(told: Told, course: Course, outlook: Outlook, *, steady: bool) -> Relief | None:
    """Why a line that was raised is safe now; None while it is not."""
    if outlook.promised is None:
        return Relief.OVER
    if course.delivered_at is not None:
        return Relief.DELIVERED
    if outlook.verdict is not Verdict.SAFE:
        return None
    if outlook.promised.on != told.promised_on:
        return Relief.AGREED_ANEW
    return Relief.BACK_IN_TIME if steady else None


# evolve


def evolve(state: Jeopardy, event: JeopardyEvent) -> Jeopardy:
    match event:
        case LinesAtRisk(lines=lines):
            return _raised(state, lines, Verdict.AT_RISK)
        case LinesLate(lines=lines):
            return _raised(state, lines, Verdict.LATE)
        case LinesSafe(lines=safe):
            return _cleared(state, safe)
        case _:
            assert_never(event)


def _raised(state: Jeopardy, lines: Iterable[LineInJeopardy], verdict: Verdict) -> Jeopardy:
    known = dict(state.lines)
    for line in lines:
        told = known.get(line.line_id)
        same = told is not None and told.promised_on == line.promised_on
        marks = told.marks if told is not None and same else frozenset()
        known[line.line_id] = Told(
            promised_on=line.promised_on,
            verdict=verdict,
            marks=marks | {_mark(line, verdict)},
        )
    return replace(state, lines=known)


def _cleared(state: Jeopardy, safe: Iterable[LineSafe]) -> Jeopardy:
    known = dict(state.lines)
    for line in safe:
        if line.because in {Relief.DELIVERED, Relief.OVER}:
            known.pop(line.line_id, None)
        elif (told := known.get(line.line_id)) is not None:
            known[line.line_id] = told.model_copy(update={"verdict": None})
    return replace(state, lines=known)


def fold(events: Iterable[Event]) -> Jeopardy:
    """Where the facts of an order's jeopardy lead."""
    state = Jeopardy()
    for event in events:
        if isinstance(event, JeopardyEvent):
            state = evolve(state, event)
    return state
