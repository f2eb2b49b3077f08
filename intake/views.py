"""An order and its lines as the API shows them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel

from domain.access_stages import Access, Closed
from domain.attention import ALWAYS, Attention, PolicyRow, Turn
from domain.identity import LineId, OrderId
from domain.new_numbers import Activated
from domain.orders import LineKind, OrderOutcome
from domain.personal import revealed
from domain.port_dates import CancellationEnd
from domain.port_in_facts import GateKind, HostNetwork, Outcome
from domain.port_in_states import Ended, Going
from domain.said import Said
from intake.access_views import AccessView, access_view
from projections.line import LineDocument
from projections.lines import Tally, brief_of
from projections.order import LineOfOrder, OrderDocument, OrderStage
from projections.timeline import TimelineEntry


class Matter(StrEnum):
    """What something is about, and so where it is answered."""

    LINE = "line"
    INDEMNITY = "indemnity"
    REVERSE_PORT = "reverse-port"
    DIFFERENCE = "difference"
    """Between our facts and a host's."""
    HOST = "host"
    """That could not be compared, or differs on too much."""
    NOTICE = "notice"
    TROUBLE = "trouble"
    """Of an exchange of files."""
    TRANSFER = "transfer"
    """That another operator asks of us."""
    PARKED = "parked"
    """What could not be done outside."""


class About(BaseModel):
    matter: Matter
    id: str


class AttentionView(BaseModel):
    """What waits for a person: what, about what, until when, whose turn."""

    about: About
    order_id: OrderId | None
    line: int | None
    line_id: LineId | None
    provider: str | None
    code: str
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    late: bool = False
    """Nobody has answered in time."""
    turn: Turn
    allowed: tuple[str, ...]
    detail: str | None
    queue: str
    """The team that looks after it."""
    row: PolicyRow | None
    """The row of the failure policy that asks, where one does."""


class DeadlineView(BaseModel):
    about: About
    order_id: OrderId | None
    line_id: LineId | None
    stage: str
    what: Said
    until: AwareDatetime
    late: bool


class PlanView(BaseModel):
    """The dates of a port, and whose word cancels it until when."""

    port_day: date
    send_at: AwareDatetime
    waits: bool
    moved_from: date | None
    because: Said | None
    zones: tuple[CancellationEnd, ...]


class LineView(BaseModel):
    line_id: LineId
    number: int | None
    kind: LineKind | None
    stage: str
    version: int
    provider: str
    host: HostNetwork
    msisdn: str | None
    awaited: Said | None
    due: AwareDatetime | None
    plan: PlanView | None
    gates: tuple[GateKind, ...]
    attention: tuple[AttentionView, ...]
    outcome: Outcome | None
    why: Said | None
    service_started_at: AwareDatetime | None
    replaced_by: LineId | None
    access: AccessView | None
    """Of a fixed access: who serves it and why, what it waits for, what it costs."""
    timeline: tuple[TimelineEntry, ...]


class TallyView(BaseModel):
    """How many lines stand where: those that are open by stage, the others by how they ended."""

    lines: int
    stages: Mapping[str, int]
    outcomes: Mapping[str, int]
    waiting: Mapping[str, int]
    """Those that wait for a person, by question."""


class OrderView(BaseModel):
    order_id: OrderId
    version: int
    stage: OrderStage
    outcome: OrderOutcome | None
    reference: str
    provider: str
    service: str
    customer: str | None
    contact: str | None
    received_at: AwareDatetime
    ended_at: AwareDatetime | None
    tally: TallyView
    lines: tuple[LineView, ...]
    """Of an order of more than twenty lines none: they are read in pages."""
    timeline: tuple[TimelineEntry, ...]


def order_view(
    document: OrderDocument, lines: Mapping[LineId, LineDocument], tally: Tally | None = None
) -> OrderView:
    return OrderView(
        tally=tally_view(document, lines) if tally is None else _tallied(document, tally),
        order_id=document.order_id,
        version=document.version,
        stage=document.stage,
        outcome=document.outcome,
        reference=document.reference,
        provider=document.provider,
        service=document.service,
        customer=revealed(document.customer),
        contact=revealed(document.contact),
        received_at=document.received_at,
        ended_at=document.ended_at,
        lines=tuple(
            line_view(lines[line.line_id], line) for line in document.lines if line.line_id in lines
        ),
        timeline=document.timeline,
    )


def tally_view(document: OrderDocument, lines: Mapping[LineId, LineDocument]) -> TallyView:
    briefs = [brief_of(line) for line in lines.values()]
    return TallyView(
        lines=document.line_count,
        stages=Counter(brief.stage for brief in briefs if brief.open),
        outcomes=Counter(str(brief.outcome) for brief in briefs if not brief.open),
        waiting=Counter(cause.code for brief in briefs for cause in brief.causes),
    )


def _tallied(document: OrderDocument, tally: Tally) -> TallyView:
    return TallyView(
        lines=document.line_count,
        stages=tally.stages,
        outcomes=tally.outcomes,
        waiting=tally.waiting,
    )


def line_view(document: LineDocument, line: LineOfOrder | None) -> LineView:
    awaited = document.awaited
    return LineView(
        line_id=document.line_id,
        number=None if line is None else line.number,
        kind=None if line is None else line.kind,
        stage=document.stage,
        version=document.version,
        provider=document.provider,
        host=document.host,
        msisdn=number_of(document),
        awaited=None if awaited is None else awaited.what,
        due=None if awaited is None else awaited.until,
        plan=_plan(document),
        gates=_gates(document),
        attention=attention_views(document, line),
        access=access_view(document),
        timeline=document.timeline,
        **_end(document),
    )


def number_of(document: LineDocument) -> str | None:
    state = document.state
    if isinstance(state, Going | Ended):
        return revealed(state.terms.msisdn)
    return revealed(state.number) if isinstance(state, Activated) else None


def _plan(document: LineDocument) -> PlanView | None:
    state = document.state
    planned = state.planned if isinstance(state, Going | Ended) else None
    if planned is None:
        return None
    return PlanView(
        port_day=planned.plan.port_day,
        send_at=planned.plan.send_at,
        waits=planned.plan.waits,
        moved_from=planned.moved_from,
        because=planned.because,
        zones=planned.plan.zones,
    )


def _gates(document: LineDocument) -> tuple[GateKind, ...]:
    state = document.state
    return tuple(gate.kind for gate in state.gates) if isinstance(state, Going | Access) else ()


def _end(document: LineDocument) -> dict[str, object]:
    state = document.state
    if isinstance(state, Ended):
        ended = state.ended
        return {
            "outcome": ended.outcome,
            "why": ended.why,
            "service_started_at": ended.service_started_at,
            "replaced_by": ended.replaced_by,
        }
    if isinstance(state, Closed):
        return {
            "outcome": state.ended.outcome,
            "why": state.ended.why,
            "service_started_at": state.ended.service_started_at,
            "replaced_by": None,
        }
    started = None
    outcome = None
    if isinstance(state, Activated) and state.ended is not None:
        started, outcome = state.ended.service_started_at, state.ended.outcome
    return {
        "outcome": outcome,
        "why": None,
        "service_started_at": started,
        "replaced_by": None,
    }


def attention_views(
    document: LineDocument, line: LineOfOrder | None = None
) -> tuple[AttentionView, ...]:
    return tuple(_attention(document, line, one) for one in document.attentions)


def _attention(
    document: LineDocument, line: LineOfOrder | None, attention: Attention
) -> AttentionView:
    return AttentionView(
        about=About(matter=Matter.LINE, id=str(document.line_id)),
        order_id=document.order_id,
        line=None if line is None else line.number,
        line_id=document.line_id,
        provider=document.provider,
        code=attention.code,
        what=attention.what,
        since=attention.since,
        until=attention.until,
        turn=attention.turn,
        allowed=(*attention.allowed, *ALWAYS),
        detail=attention.detail,
        queue=attention.queue,
        row=attention.row,
    )


def deadline_view(document: LineDocument, now: datetime) -> DeadlineView | None:
    """An appointment of our own is no deadline of anybody's, and is shown all the same."""
    awaited = document.awaited
    if awaited is None:
        return None
    return DeadlineView(
        about=About(matter=Matter.LINE, id=str(document.line_id)),
        order_id=document.order_id,
        line_id=document.line_id,
        stage=document.stage,
        what=awaited.what,
        until=awaited.until,
        late=awaited.until < now,
    )
