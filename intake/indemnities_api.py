"""Indemnities through HTTP: what is owed and why, asked for, paid, corrected, handed over."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import FastAPI, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain import indemnities
from domain.attention import ALWAYS, DecisionKind, DecisionRefusedError, Turn
from domain.callers import Caller
from domain.identity import LineId, OrderId
from domain.indemnities import IndemnityCommand, IndemnityRefusedError
from domain.indemnity_explained import IndemnityExplanation, explain_indemnity
from domain.indemnity_facts import (
    Ending,
    Givens,
    Head,
    IndemnityId,
    IndemnityTerms,
    MissedVisit,
    Party,
    indemnity_id_for,
)
from domain.indemnity_states import IndemnityStage
from domain.port_in_states import Ended, Going
from domain.said import Said
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, unknown
from intake.decisions_api import WholeLine, acting, line_meant, own_key
from intake.guard import Me, check_house
from intake.indemnities import Act
from intake.lists_api import mine_of
from intake.openapi import refusals
from intake.paging import PAGE, CursorText, Limit, page_of, place_of
from intake.problems import ProblemError
from intake.requests import Day, Euros, LongText, ShortText
from projections.indemnity import IndemnityBrief, IndemnityDocument
from projections.timeline import TimelineEntry


class QuestionView(BaseModel):
    """What waits for a person."""

    code: str
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn
    allowed: tuple[DecisionKind, ...]


class IndemnityView(BaseModel):
    indemnity_id: IndemnityId
    order_id: OrderId
    line_id: LineId
    line: int
    head: Head
    stage: IndemnityStage
    ending: Ending | None
    version: int
    provider: str
    owed: Decimal
    paid: Decimal
    to_claim_back: Decimal
    payable: Decimal | None
    """What may be paid now; nothing while it may not."""
    awaited: Said | None
    due: AwareDatetime | None
    attention: tuple[QuestionView, ...]
    timeline: tuple[TimelineEntry, ...]


class Indemnities(BaseModel):
    indemnities: tuple[IndemnityView, ...]
    next: str | None


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ShortText | None = Field(default=None, description="Who does it, through this caller.")


class RequestCame(_Asked):
    on: Day = Field(description="The day the customer asked.", examples=["2027-01-09"])


class PaymentMade(_Asked):
    on: Day = Field(description="The day it was paid.", examples=["2027-01-09"])
    amount: Euros = Field(description="Euros.", examples=["7.96"])
    reference: ShortText = Field(
        description="Of the credit note or transfer; not personal data.", examples=["CN-2027-1"]
    )


class EvidenceHanded(_Asked):
    on: Day = Field(description="The day the customer had it.", examples=["2027-01-09"])
    how: ShortText = Field(description="email, letter, desk…", examples=["email"])


class CorrectionAsked(_Asked):
    """What it should have been: undone by its equal, and worked out anew."""

    reason: ShortText = Field(
        description="On which evidence; not personal data.", examples=["report 12 of the host"]
    )
    monthly_ttc: Euros | None = Field(default=None, examples=["19.90"])
    responsible: Party | None = Field(default=None, description="For every day of it.")
    agreed_on: Day | None = Field(default=None, description="The agreed port day.")
    back_on: Day | None = Field(default=None, description="When the service was back.")


class IndemnityDecided(_Asked):
    decision: DecisionKind = Field(examples=["provide"])
    reason: ShortText = Field(description="Not personal data.", examples=["by the host's report"])
    about: ShortText | None = Field(default=None, description="Which question.")
    responsible: Party | None = Field(default=None, examples=["us"])
    monthly_ttc: Euros | None = None
    back_on: Day | None = None
    until: AwareDatetime | None = Field(default=None, description="For snooze.")
    turn: Turn | None = Field(default=None, description="For reassign.")


class VisitMissed(_Asked):
    """A visit that belongs to a port and did not take place."""

    missed_on: Day = Field(examples=["2027-01-09"])
    missed_by: Party = Field(description="By the evidence.", examples=["us"])
    evidence: LongText = Field(
        min_length=1, description="Where it is shown; not personal data.", examples=["report 12"]
    )
    line: WholeLine | None = Field(default=None, description="Needed when there are several.")


def _view(document: IndemnityDocument) -> IndemnityView:
    state, awaited = document.state, document.awaited
    return IndemnityView(
        indemnity_id=document.indemnity_id,
        order_id=document.order_id,
        line_id=document.line_id,
        line=state.terms.number,
        head=state.terms.head,
        stage=state.stage,
        ending=None if state.ended is None else state.ended.ending,
        version=document.version,
        provider=state.terms.pin.provider,
        owed=state.owed,
        paid=state.paid,
        to_claim_back=state.to_claim_back,
        payable=document.payable,
        awaited=None if awaited is None else awaited.what,
        due=None if awaited is None else awaited.until,
        attention=tuple(
            QuestionView(
                code=one.code,
                what=one.what,
                since=one.since,
                until=one.until,
                turn=one.turn,
                allowed=(*one.allowed, *ALWAYS),
            )
            for one in state.attentions
        ),
        timeline=document.timeline,
    )


def _place(brief: IndemnityBrief) -> tuple[int | str, ...]:
    return (str(brief.order_id), brief.number, str(brief.indemnity_id))


_PLACE = (str, int, str)


async def _existing(ports: ApiPorts, indemnity_id: IndemnityId, me: Caller) -> IndemnityDocument:
    document = await ports.indemnities.find(indemnity_id)
    found = () if document is None else (document,)
    mine = await mine_of(ports, me, found)
    if not mine:
        raise unknown(
            "indemnity-unknown",
            "No such indemnity",
            f"There is no indemnity {indemnity_id}; GET /indemnities lists those there are.",
        )
    return mine[0]


_THE_HOUSES = "What is owed is the house's own to record: a partner reads it."


def _refused(exc: Exception) -> ProblemError:
    return conflict("decision-refused", "It cannot be done", f"{exc}.")


def add_indemnities(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/indemnities")
    async def list_indemnities(
        me: Me,
        order: Annotated[OrderId | None, Query(description="Of one order only.")] = None,
        payable: Annotated[bool, Query(description="Only what finance may pay now.")] = False,  # noqa: FBT002
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> Indemnities:
        """What is or may be owed, to whom it matters, and what it waits for."""
        briefs = await mine_of(ports, me, await ports.indemnities.all(order_id=order))
        wanted = [brief for brief in briefs if brief.payable or not payable]
        after = place_of(cursor, _PLACE)
        page, following = page_of(wanted, place=_place, after=after, limit=limit)
        found = await ports.indemnities.many([brief.indemnity_id for brief in page])
        views = [_view(found[one.indemnity_id]) for one in page if one.indemnity_id in found]
        return Indemnities(indemnities=tuple(views), next=following)

    @app.get("/indemnities/{indemnity_id}", responses=refusals(404))
    async def show_indemnity(indemnity_id: IndemnityId, me: Me) -> IndemnityView:
        return _view(await _existing(ports, indemnity_id, me))

    @app.get("/indemnities/{indemnity_id}/explanation", responses=refusals(404))
    async def indemnity_explanation(indemnity_id: IndemnityId, me: Me) -> IndemnityExplanation:
        """Day by day and in euros, each with the fact or the clause it rests on; nothing too."""
        document = await _existing(ports, indemnity_id, me)
        return explain_indemnity(document.state)

    @app.post(
        "/orders/{order_id}/missed-appointments",
        status_code=status.HTTP_201_CREATED,
        responses=refusals(404, 409, 422),
    )
    async def record_missed_appointment(
        order_id: OrderId, body: VisitMissed, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """A visit that did not take place, by whom, and where that is shown."""
        check_house(me, _THE_HOUSES)
        terms = await _visit_of(ports, me, order_id, body)
        at = await ports.now()
        missed = terms.missed
        if missed is None:
            raise TypeError("a visit was given")
        act = _act(me, body, idempotency_key, order_id=order_id, at=at)
        try:
            ports.indemnity_desk.check_past(missed.missed_on, pin=terms.pin, at=at)
            opening = ports.indemnity_desk.opening(terms, missed, at)
            await ports.indemnity_desk.act(terms.indemnity_id, opening, act)
        except IndemnityRefusedError as exc:
            raise _refused(exc) from exc
        return _view(await _existing(ports, terms.indemnity_id, me))


async def _visit_of(
    ports: ApiPorts, me: Caller, order_id: OrderId, body: VisitMissed
) -> IndemnityTerms:
    order = await existing(ports, order_id, me)
    line = await line_meant(ports, order, body.line)
    state = line.state
    if not isinstance(state, Going | Ended):
        raise conflict(
            "no-port",
            "No port",
            "The line ports no number: only visits that belong to a port are indemnified.",
        )
    terms = state.terms
    head = Head.APPOINTMENT
    return IndemnityTerms(
        indemnity_id=indemnity_id_for(terms.line_id, head, missed_on=body.missed_on),
        head=head,
        line_id=terms.line_id,
        order_id=terms.order_id,
        number=terms.number,
        pin=terms.pin,
        monthly_ttc=terms.monthly_ttc,
        missed=MissedVisit(missed_on=body.missed_on, by=body.missed_by, evidence=body.evidence),
    )


def _act(me: Caller, body: _Asked, idempotency_key: str, *, order_id: OrderId, at: datetime) -> Act:
    return Act(
        order_id=order_id,
        by=acting(me, body.by),
        key=own_key(me, idempotency_key),
        at=at,
        content=body.model_dump_json(),
    )


def add_indemnity_money(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/indemnities/{indemnity_id}/requests", responses=refusals(404, 409, 422))
    async def request_indemnity(
        indemnity_id: IndemnityId, body: RequestCame, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """The customer asked for it: its days to pay run from then."""
        document = await _existing(ports, indemnity_id, me)
        due = ports.indemnity_desk.due(body.on, pin=document.state.terms.pin)
        fields = {"on": body.on, "due_on": due.on, "due_until": due.until, "source": due.source}
        happened = _Happened(indemnities.Ask, fields, on=body.on)
        return await _done(ports, me, document, happened, body, idempotency_key)

    @app.post("/indemnities/{indemnity_id}/payments", responses=refusals(404, 409, 422))
    async def pay_indemnity(
        indemnity_id: IndemnityId, body: PaymentMade, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """It was paid; what was paid too much is shown as an amount to claim back."""
        document = await _existing(ports, indemnity_id, me)
        fields = {"on": body.on, "amount": body.amount, "reference": body.reference}
        happened = _Happened(indemnities.Pay, fields, on=body.on)
        return await _done(ports, me, document, happened, body, idempotency_key)

    @app.post("/indemnities/{indemnity_id}/corrections", responses=refusals(404, 409, 422))
    async def correct_indemnity(
        indemnity_id: IndemnityId, body: CorrectionAsked, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """Undone by its equal, with the reason, and worked out anew. Nothing is ever changed."""
        document = await _existing(ports, indemnity_id, me)
        givens = Givens(
            monthly_ttc=body.monthly_ttc,
            responsible=body.responsible,
            whole=body.responsible is not None,
            agreed_on=body.agreed_on,
            back_on=body.back_on,
        )
        fields = {"givens": givens, "reason": body.reason}
        happened = _Happened(indemnities.Correct, fields, on=body.back_on)
        return await _done(ports, me, document, happened, body, idempotency_key)


def add_indemnity_moves(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/indemnities/{indemnity_id}/evidence", responses=refusals(404, 409, 422))
    async def hand_over_evidence(
        indemnity_id: IndemnityId, body: EvidenceHanded, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """The customer has what is needed to claim it from whoever answers for it."""
        document = await _existing(ports, indemnity_id, me)
        happened = _Happened(indemnities.HandOver, {"on": body.on, "how": body.how}, on=body.on)
        return await _done(ports, me, document, happened, body, idempotency_key)

    @app.post("/indemnities/{indemnity_id}/decisions", responses=refusals(404, 409, 422))
    async def decide_indemnity(
        indemnity_id: IndemnityId, body: IndemnityDecided, idempotency_key: IdempotencyKey, me: Me
    ) -> IndemnityView:
        """Answer what waits for a person: whose it is, until when, at which price."""
        document = await _existing(ports, indemnity_id, me)
        fields: Mapping[str, object] = {
            "decision": body.decision,
            "about": body.about,
            "reason": body.reason,
            "givens": Givens(
                responsible=body.responsible, monthly_ttc=body.monthly_ttc, back_on=body.back_on
            ),
            "until": body.until,
            "turn": body.turn,
        }
        happened = _Happened(indemnities.Answer, fields, on=body.back_on)
        return await _done(ports, me, document, happened, body, idempotency_key)


class _Happened:
    """What somebody records, before it is known when and by whom."""

    def __init__(
        self,
        kind: type[indemnities.PersonCommand],
        fields: Mapping[str, object],
        *,
        on: date | None = None,
    ) -> None:
        self.on = on
        self._kind = kind
        self._fields = fields

    def command(self, act: Act, *, answer_by: datetime) -> IndemnityCommand:
        return self._kind.model_validate(
            {**self._fields, "decided_at": act.at, "answer_by": answer_by, "by": act.by}
        )


async def _done(
    ports: ApiPorts,
    me: Caller,
    document: IndemnityDocument,
    happened: _Happened,
    body: _Asked,
    idempotency_key: str,
) -> IndemnityView:
    check_house(me, _THE_HOUSES)
    desk = ports.indemnity_desk
    at = max(await ports.now(), document.last_at)  # business time never runs backwards
    act = _act(me, body, idempotency_key, order_id=document.order_id, at=at)
    try:
        if happened.on is not None:
            desk.check_past(happened.on, pin=document.state.terms.pin, at=act.at)
        command = happened.command(act, answer_by=desk.answer_by(act.at))
        await desk.act(document.indemnity_id, command, act)
    except (IndemnityRefusedError, DecisionRefusedError) as exc:
        raise _refused(exc) from exc
    return _view(await _existing(ports, document.indemnity_id, me))
