"""What others are told of lines that will be late, or are; once a fact."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from domain.event import Event
from domain.identity import LineId
from domain.jeopardy import LineInJeopardy, LinesAtRisk, LinesLate, LinesSafe, Relief
from domain.outlooks import Waits
from projections.published import Published


class EndangeredLine(BaseModel):
    """One line, by its place in the order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int | None
    line_id: LineId
    promised_on: date
    expected_on: date
    because: str
    """What holds it: a question's code, overdue, planned-later, works-later, too-little-time."""
    waits_for: Waits
    reason: str | None = None
    """The operator's own code, where it gave one."""


class LinesAtRiskV1(Published):
    TYPE = "order.lines-at-risk"
    MEANING = "Lines that are expected after the promised day, and what holds each of them."
    lines: tuple[EndangeredLine, ...]


class LinesLateV1(Published):
    TYPE = "order.lines-late"
    MEANING = "Lines whose promised day is over, and what holds each of them."
    lines: tuple[EndangeredLine, ...]


class RelievedLine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int | None
    line_id: LineId
    because: Relief


class LinesSafeV1(Published):
    TYPE = "order.lines-safe"
    MEANING = "Lines that were at risk or late and no longer are, and why."
    lines: tuple[RelievedLine, ...]


def of_jeopardy(event: Event) -> Published | None:
    match event:
        case LinesAtRisk(lines=lines):
            return LinesAtRiskV1(lines=tuple(map(_endangered, lines)))
        case LinesLate(lines=lines):
            return LinesLateV1(lines=tuple(map(_endangered, lines)))
        case LinesSafe(lines=safe):
            relieved = (
                RelievedLine(line=one.number, line_id=one.line_id, because=one.because)
                for one in safe
            )
            return LinesSafeV1(lines=tuple(relieved))
        case _:
            return None


def _endangered(line: LineInJeopardy) -> EndangeredLine:
    return EndangeredLine(
        line=line.number,
        line_id=line.line_id,
        promised_on=line.promised_on,
        expected_on=line.expected_on,
        because=line.cause.code,
        waits_for=line.cause.waits_for,
        reason=line.cause.reason or None,
    )
