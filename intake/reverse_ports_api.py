"""Reverse ports through HTTP: a demand recorded, agreed to or refused, where each one stands."""

from datetime import date
from typing import Annotated

from fastapi import FastAPI, Query, status
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import ALWAYS, DecisionKind, DecisionRefusedError, Turn
from domain.callers import Caller
from domain.claims import NumberTakenError
from domain.identity import LineId, OrderId
from domain.indemnity_facts import Party
from domain.numbers import FrenchNumber
from domain.parsed import BadValueError
from domain.personal import revealed
from domain.reverse_port_facts import Ending, Incident, ReverseDates, ReversePortId
from domain.reverse_port_states import ReverseStage
from domain.reverse_port_tickets import tickets_owed
from domain.reverse_ports import ReversePortRefusedError
from domain.said import Said
from domain.territories import ExchangeGroup
from intake.api import ApiPorts, IdempotencyKey, conflict, unknown
from intake.decisions_api import acting, own_key
from intake.guard import Me, check_house
from intake.openapi import refusals
from intake.problems import ProblemError
from intake.requests import LongText, ShortText
from intake.reverse_ports import Decision, Doing
from projections.reverse_port import ReversePortDocument
from projections.timeline import TimelineEntry


class ReverseQuestion(BaseModel):
    """What waits for a person."""

    code: str
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn
    allowed: tuple[DecisionKind, ...]
    detail: str | None


class ReversePortView(BaseModel):
    reverse_port_id: ReversePortId
    order_id: OrderId
    line: int
    line_id: LineId
    provider: str
    group: ExchangeGroup
    msisdn: str | None
    initial_receiver: str
    initial_donor: str
    incident: Incident
    fault: Party
    evidence: str
    stage: ReverseStage
    ending: Ending | None
    because: Said | None
    dates: ReverseDates
    port_day: date | None
    """The day the initial donor's data give."""
    handed_back_at: AwareDatetime | None
    tickets: tuple[str, ...]
    """Those that have left, or leave with the next session."""
    awaited: Said | None
    until: AwareDatetime | None
    attention: tuple[ReverseQuestion, ...]
    version: int
    timeline: tuple[TimelineEntry, ...]


class ReversePorts(BaseModel):
    reverse_ports: tuple[ReversePortView, ...]


def _stated(incident: Incident) -> Incident:
    if incident is Incident.UNSTATED:
        raise ValueError("say which incident it was")
    return incident


class ReverseDemanded(BaseModel):
    """What the initial donor demands, as it reached us."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"msisdn": "06 12 34 56 78", "incident": "fraud", "evidence": "their mail of 9 Jan"}
            ]
        },
    )

    line_id: LineId | None = Field(default=None, description="The line that is to go back.")
    msisdn: ShortText | None = Field(default=None, description="Or its number, in any usual form.")
    incident: Annotated[Incident, AfterValidator(_stated)]
    evidence: LongText = Field(
        min_length=1, description="Where what shows it is kept; not personal data."
    )
    by: ShortText | None = Field(default=None, description="Who records it, through this caller.")


class ReverseDecided(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "agree", "reason": "their file was seen"}]},
    )

    decision: DecisionKind
    reason: LongText = Field(default="", description="Not personal data.")
    about: ShortText | None = Field(default=None, description="Which attention.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")
    until: AwareDatetime | None = Field(default=None, description="Of a snooze.")
    turn: Turn | None = Field(default=None, description="Of a reassignment.")


_THE_HOUSES = "Reverse ports are the house's own: a partner follows its orders instead."


def _view(document: ReversePortDocument) -> ReversePortView:
    state, awaited = document.state, document.awaited
    terms, demanded, closed = state.terms, state.demanded, state.closed
    return ReversePortView(
        reverse_port_id=document.reverse_port_id,
        order_id=terms.order_id,
        line=terms.line,
        line_id=terms.line_id,
        provider=terms.pin.provider,
        group=terms.group,
        msisdn=revealed(terms.msisdn),
        initial_receiver=terms.receiver,
        initial_donor=terms.donor,
        incident=demanded.incident,
        fault=demanded.fault,
        evidence=demanded.evidence,
        stage=state.stage,
        ending=None if closed is None else closed.ending,
        because=None if closed is None else closed.why,
        dates=demanded.dates,
        port_day=None if state.announced is None else state.announced.port_day,
        handed_back_at=None if state.handed_back is None else state.handed_back.handed_back_at,
        tickets=tuple(owed.ticket for owed in tickets_owed(state)),
        awaited=None if awaited is None else awaited.what,
        until=None if awaited is None else awaited.until,
        attention=tuple(
            ReverseQuestion(
                code=one.code,
                what=one.what,
                since=one.since,
                until=one.until,
                turn=one.turn,
                allowed=(*one.allowed, *ALWAYS),
                detail=one.detail,
            )
            for one in document.attentions
        ),
        version=document.version,
        timeline=document.timeline,
    )


def add_reverse_ports(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/reverse-ports", status_code=status.HTTP_201_CREATED, responses=refusals(404, 409, 422)
    )
    async def demand_reverse_port(
        body: ReverseDemanded, idempotency_key: IdempotencyKey, me: Me
    ) -> ReversePortView:
        """The initial donor wants a number back after an incident: a person agrees or refuses."""
        check_house(me, _THE_HOUSES)
        line_id = await _line_meant(ports, body)
        doing = await _doing(ports, me, body.by, idempotency_key)
        try:
            found = await ports.reverse_desk.demand(line_id, body.incident, body.evidence, doing)
        except (ReversePortRefusedError, NumberTakenError) as exc:
            raise _refused(exc) from exc
        return _view(await _existing(ports, found))

    @app.get("/reverse-ports")
    async def list_reverse_ports(
        me: Me,
        *,
        only_open: Annotated[bool, Query(description="Those that are not over.")] = False,
    ) -> ReversePorts:
        """Those that are not over first, the most urgent first."""
        check_house(me, _THE_HOUSES)
        reader = ports.reverse_ports
        found = await (reader.still_open() if only_open else reader.all())
        views = [_view(document) for document in found]
        urgent = sorted(views, key=_urgency)
        return ReversePorts(reverse_ports=tuple(urgent))

    @app.get("/reverse-ports/{reverse_port_id}", responses=refusals(404))
    async def show_reverse_port(reverse_port_id: ReversePortId, me: Me) -> ReversePortView:
        """Where one stands, what it waits for and until when, and what happened to it."""
        check_house(me, _THE_HOUSES)
        return _view(await _existing(ports, reverse_port_id))

    @app.post("/reverse-ports/{reverse_port_id}/decisions", responses=refusals(404, 409, 422))
    async def decide_reverse_port(
        reverse_port_id: ReversePortId,
        body: ReverseDecided,
        idempotency_key: IdempotencyKey,
        me: Me,
    ) -> ReversePortView:
        """Agree or refuse; ask the host again or go on without it; give up what never comes."""
        check_house(me, _THE_HOUSES)
        await _existing(ports, reverse_port_id)
        decision = Decision(
            decision=body.decision,
            about=body.about,
            reason=body.reason,
            until=body.until,
            turn=body.turn,
        )
        doing = await _doing(ports, me, body.by, idempotency_key)
        try:
            await ports.reverse_desk.decide(reverse_port_id, decision, doing)
        except (ReversePortRefusedError, DecisionRefusedError) as exc:
            raise _refused(exc) from exc
        return _view(await _existing(ports, reverse_port_id))


def _urgency(view: ReversePortView) -> tuple[bool, str, str]:
    until = "" if view.until is None else view.until.isoformat()
    return (view.ending is not None, until, str(view.reverse_port_id))


async def _doing(ports: ApiPorts, me: Caller, by: str | None, key: str) -> Doing:
    return Doing(by=acting(me, by), key=own_key(me, key), at=await ports.now())


async def _line_meant(ports: ApiPorts, body: ReverseDemanded) -> LineId:
    if (body.line_id is None) == (body.msisdn is None):
        raise conflict("line-needed", "Which line?", "Give either line_id or msisdn.")
    line_id = body.line_id
    if body.msisdn is not None:
        try:
            number = FrenchNumber.parse(body.msisdn)
        except BadValueError as exc:
            raise conflict("number-unreadable", "No number", f"{exc}.") from exc
        line_id = await ports.reverse_desk.line_of(number)
    if line_id is None:
        raise unknown(
            "line-unknown",
            "No such line",
            "No line of ours has ever moved that number; check it, or give the line_id.",
        )
    if await ports.lines.find(line_id) is None:
        raise unknown(
            "line-unknown",
            "No such line",
            f"There is no line {line_id}; GET /orders/{{id}}/lines names those of an order.",
        )
    return line_id


async def _existing(ports: ApiPorts, reverse_port_id: ReversePortId) -> ReversePortDocument:
    found = await ports.reverse_ports.find(reverse_port_id)
    if found is None:
        raise unknown(
            "reverse-port-unknown",
            "No such reverse port",
            f"There is no reverse port {reverse_port_id}; GET /reverse-ports lists them.",
        )
    return found


def _refused(exc: Exception) -> ProblemError:
    return conflict("decision-refused", "It cannot be decided", f"{exc}.")
