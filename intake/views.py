"""An order and its lines as the API shows them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel

from domain.attention import ALWAYS, Attention, DecisionKind, Turn
from domain.differences import DifferenceDecision, DifferenceId, Open, Remedying
from domain.identity import LineId, OrderId
from domain.indemnity_facts import IndemnityId
from domain.new_numbers import Activated
from domain.orders import LineKind, OrderOutcome
from domain.personal import Personal
from domain.port_dates import CancellationEnd
from domain.port_in_facts import GateKind, HostNetwork, Outcome
from domain.port_in_states import Ended, Going
from domain.said import Said
from projections.indemnity import IndemnityDocument
from projections.line import LineDocument
from projections.lines import Tally, brief_of
from projections.order import LineOfOrder, OrderDocument, OrderStage
from projections.reconciling import DifferenceDocument
from projections.timeline import TimelineEntry


class AttentionView(BaseModel):
    """What waits for a person: what, on which order and line, until when, whose turn."""

    order_id: OrderId
    line: int | None
    line_id: LineId
    provider: str
    code: str
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn
    allowed: tuple[DecisionKind | DifferenceDecision, ...]
    detail: str | None
    indemnity_id: IndemnityId | None = None
    """Of an indemnity: it is answered there."""
    difference_id: DifferenceId | None = None
    """Of a difference with a host, likewise."""


class DeadlineView(BaseModel):
    order_id: OrderId
    line_id: LineId
    stage: str
    what: Said
    until: AwareDatetime
    late: bool
    indemnity_id: IndemnityId | None = None
    difference_id: DifferenceId | None = None


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


def revealed(value: Personal) -> str | None:
    return None if value.forgotten else value.reveal()


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
    return tuple(gate.kind for gate in state.gates) if isinstance(state, Going) else ()


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
    )


def attention_views_of(document: IndemnityDocument) -> tuple[AttentionView, ...]:
    """What an indemnity asks, in the same list."""
    terms = document.state.terms
    return tuple(
        AttentionView(
            order_id=terms.order_id,
            line=terms.number,
            line_id=terms.line_id,
            provider=terms.pin.provider,
            code=one.code,
            what=one.what,
            since=one.since,
            until=one.until,
            turn=one.turn,
            allowed=(*one.allowed, *ALWAYS),
            detail=one.detail,
            indemnity_id=document.indemnity_id,
        )
        for one in document.attentions
    )


def attention_views_of_difference(document: DifferenceDocument) -> tuple[AttentionView, ...]:
    """While a person is to decide it. Its place in the order is not known here."""
    state = document.state
    if not isinstance(state, Open):
        return ()
    difference = state.difference
    view = AttentionView(
        order_id=difference.order_id,
        line=None,
        line_id=difference.line_id,
        provider=difference.provider,
        code=f"host-{difference.kind}",
        what=difference.what,
        since=state.since,
        until=state.until,
        turn=state.turn,
        allowed=difference.allowed,
        detail=difference.host,
        difference_id=difference.difference_id,
    )
    return (view,)


def deadline_view_of_difference(document: DifferenceDocument, now: datetime) -> DeadlineView | None:
    """Whoever it waits for: a person, or the host that is putting it right."""
    state = document.state
    if not isinstance(state, Open | Remedying):
        return None
    return DeadlineView(
        order_id=document.order_id,
        line_id=state.difference.line_id,
        stage=state.stage,
        what=state.difference.what,
        until=state.until,
        late=state.until < now,
        difference_id=document.difference_id,
    )


def deadline_view_of(document: IndemnityDocument, now: datetime) -> DeadlineView | None:
    awaited = document.awaited
    if awaited is None:
        return None
    return DeadlineView(
        order_id=document.order_id,
        line_id=document.line_id,
        stage=document.state.stage,
        what=awaited.what,
        until=awaited.until,
        late=awaited.until < now,
        indemnity_id=document.indemnity_id,
    )


def deadline_view(document: LineDocument, now: datetime) -> DeadlineView | None:
    """An appointment of our own is no deadline of anybody's, and is shown all the same."""
    awaited = document.awaited
    if awaited is None:
        return None
    return DeadlineView(
        order_id=document.order_id,
        line_id=document.line_id,
        stage=document.stage,
        what=awaited.what,
        until=awaited.until,
        late=awaited.until < now,
    )
