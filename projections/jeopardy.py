"""The lines of an order that will be late, or are, as people read them; and how many, by cause."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.identity import LineId, OrderId
from domain.jeopardy import JeopardyEvent, LineInJeopardy, LinesAtRisk, LinesLate
from domain.outlooks import Cause, Verdict
from ledger.envelope import Envelope
from projections.projection import Projection


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JeopardyLine(_Document):
    verdict: Verdict
    told_at: AwareDatetime
    line: LineInJeopardy


class JeopardyDocument(_Document):
    order_id: OrderId
    version: int
    open: bool
    last_at: AwareDatetime
    lines: tuple[JeopardyLine, ...]
    """Those in jeopardy now."""


class JeopardyGroup(_Document):
    """Lines of an order that are so for the same cause."""

    verdict: Verdict
    cause: Cause
    """Since the first of them."""
    lines: int
    promised_on: date
    """The first promise among them."""
    expected_on: date
    """When the last of them was expected, when it was raised."""
    days_late: int
    """Of the latest of them."""


class JeopardyBrief(_Document):
    order_id: OrderId
    open: bool
    at_risk: int
    late: int
    groups: tuple[JeopardyGroup, ...]


def brief_of(document: JeopardyDocument) -> JeopardyBrief:
    counted = [line.verdict for line in document.lines]
    return JeopardyBrief(
        order_id=document.order_id,
        open=document.open,
        at_risk=counted.count(Verdict.AT_RISK),
        late=counted.count(Verdict.LATE),
        groups=groups_of(document.lines),
    )


def groups_of(lines: Iterable[JeopardyLine]) -> tuple[JeopardyGroup, ...]:
    by_cause: dict[tuple[str, ...], list[JeopardyLine]] = {}
    for one in lines:
        cause = one.line.cause
        key = (one.verdict, cause.code, cause.waits_for, cause.whom)
        by_cause.setdefault(key, []).append(one)
    return tuple(_group(ones) for ones in by_cause.values())


def _group(ones: list[JeopardyLine]) -> JeopardyGroup:
    first = min(ones, key=lambda one: one.line.cause.since)
    return JeopardyGroup(
        verdict=first.verdict,
        cause=first.line.cause,
        lines=len(ones),
        promised_on=min(one.line.promised_on for one in ones),
        expected_on=max(one.line.expected_on for one in ones),
        days_late=max((one.line.expected_on - one.line.promised_on).days for one in ones),
    )


def evolve(document: JeopardyDocument | None, envelope: Envelope) -> JeopardyDocument | None:
    event = envelope.event
    if not isinstance(event, JeopardyEvent):
        return document
    known = {} if document is None else {one.line.line_id: one for one in document.lines}
    for line_id in _named(event):
        known.pop(line_id, None)
    lines = (*known.values(), *_raised(event, envelope))
    return JeopardyDocument(
        order_id=_order_of(envelope),
        version=envelope.version,
        open=bool(lines),
        last_at=envelope.business_at,
        lines=lines,
    )


def _named(event: JeopardyEvent) -> frozenset[LineId]:
    return frozenset(line.line_id for line in event.lines)


def _raised(event: Event, envelope: Envelope) -> tuple[JeopardyLine, ...]:
    verdict = Verdict.LATE if isinstance(event, LinesLate) else Verdict.AT_RISK
    if not isinstance(event, LinesAtRisk | LinesLate):
        return ()
    return tuple(
        JeopardyLine(verdict=verdict, told_at=envelope.business_at, line=line)
        for line in event.lines
    )


def _order_of(envelope: Envelope) -> OrderId:
    return OrderId(UUID(envelope.stream_id.partition("/")[2]))


JEOPARDIES: Projection[JeopardyDocument] = Projection(
    name="jeopardy",
    document=JeopardyDocument,
    kind="jeopardy",
    version_of=lambda document: document.version,
    evolve=evolve,
    brief=JeopardyBrief,
    brief_of=brief_of,
)
