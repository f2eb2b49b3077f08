"""Hosts compared with the ledger, for people: what differs, what was compared, a run now."""

from datetime import date
from uuid import UUID

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import Turn
from domain.differences import (
    Accepted,
    Difference,
    DifferenceDecision,
    DifferenceId,
    DifferenceRefusedError,
    Open,
    Remedying,
)
from domain.exchange_troubles import TroubleKind
from domain.host_nights import Counts, HostAttention, HostNotReconciled
from domain.identity import LineId, OrderId
from domain.port_in_facts import HostNetwork
from domain.reconciling import DifferenceKind, OurSide, TheirSide
from domain.said import Said
from intake.api import ApiPorts, IdempotencyKey, conflict, unknown
from intake.decisions_api import asked_by
from intake.guard import Me, check_house
from intake.openapi import refusals
from intake.requests import LongText, ShortText
from projections.reconciling import DifferenceDocument, HostNightsDocument
from projections.timeline import TimelineEntry


class DifferenceView(BaseModel):
    difference_id: DifferenceId
    kind: DifferenceKind
    order_id: OrderId
    line_id: LineId
    provider: str
    host: HostNetwork
    host_line: str
    what: Said
    ours: OurSide
    theirs: TheirSide
    proposed: Said
    stage: str
    since: AwareDatetime | None
    seen: int | None
    """On how many questions."""
    until: AwareDatetime | None
    turn: Turn | None
    allowed: tuple[DifferenceDecision, ...]
    came_of_it: Said | None
    """Of the last remedy, or of the last question."""


class DifferenceWhole(DifferenceView):
    timeline: tuple[TimelineEntry, ...]


class HostView(BaseModel):
    host: HostNetwork
    night: date | None
    began_at: AwareDatetime | None
    reconciled: bool | None
    """None where it was never compared."""
    counts: Counts | None
    why: str | None
    """It could not be compared, or not to the end."""
    last_reconciled: date | None
    overdue: bool
    """A business night has gone by without a word: its process does not run."""
    attention: HostAttention | None


class ExchangeView(BaseModel):
    """What the exchange says otherwise than our tickets, as its own loops raise it."""

    sync_differences: int
    unanswered_files: int
    refused: int
    """Files and tickets of ours that were not taken."""


class Differences(BaseModel):
    differences: tuple[DifferenceView, ...]


class Reconciled(BaseModel):
    hosts: tuple[HostView, ...]
    exchange: ExchangeView


class DifferenceDecided(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "settle", "reason": "the host was called"}]},
    )

    decision: DifferenceDecision
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")


class RunAsked(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"hosts": ["orange"]}]}
    )

    hosts: tuple[HostNetwork, ...] = Field(
        default=(), max_length=3, description="All of them when none is named."
    )
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who asks, through this caller.")


class RunTaken(BaseModel):
    hosts: tuple[HostNetwork, ...]


_THE_HOUSES = "Hosts are the house's own: a partner follows its orders instead."


def _view(document: DifferenceDocument) -> DifferenceView:
    return DifferenceView(**_fields(document.difference, document))


def _fields(difference: Difference, document: DifferenceDocument) -> dict[str, object]:
    state = document.state
    waits = isinstance(state, Open)
    return {
        **difference.model_dump(),
        "difference_id": difference.difference_id,
        "what": difference.what,
        "proposed": difference.proposed,
        "stage": state.stage,
        "since": state.since if isinstance(state, Open | Remedying | Accepted) else None,
        "seen": state.seen if isinstance(state, Open | Remedying) else None,
        "until": state.until if isinstance(state, Open | Remedying) else None,
        "turn": state.turn if isinstance(state, Open) else None,
        "allowed": difference.allowed if waits else (),
        "came_of_it": state.came_of_it if isinstance(state, Open) else None,
    }


def _whole(document: DifferenceDocument) -> DifferenceWhole:
    return DifferenceWhole(**_fields(document.difference, document), timeline=document.timeline)


def _host(host: HostNetwork, document: HostNightsDocument | None, *, overdue: bool) -> HostView:
    nights = None if document is None else document.nights
    last = None if nights is None else nights.last
    heard = None if nights is None else nights.last_heard
    return HostView(
        host=host,
        night=None if last is None else last.night,
        began_at=None if last is None else last.began_at,
        reconciled=None if last is None else not isinstance(last, HostNotReconciled),
        counts=None if last is None else last.counts,
        why=last.why if isinstance(last, HostNotReconciled) else None,
        last_reconciled=None if heard is None else heard.night,
        overdue=overdue,
        attention=None if nights is None else nights.attention,
    )


async def _exchange(ports: ApiPorts) -> ExchangeView:
    kinds = [document.trouble.kind for document in await ports.exchange.troubles()]
    refused = (TroubleKind.FILE_REFUSED, TroubleKind.TICKET_REFUSED)
    return ExchangeView(
        sync_differences=kinds.count(TroubleKind.SYNC_DIFFERENCE),
        unanswered_files=kinds.count(TroubleKind.UNANSWERED),
        refused=sum(kinds.count(kind) for kind in refused),
    )


def add_reconciling(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/reconcile/hosts")
    async def reconciled_hosts(me: Me) -> Reconciled:
        """What was compared last with each host and when, and what could not be."""
        check_house(me, _THE_HOUSES)
        found = {document.host: document for document in await ports.reconcile.hosts()}
        now = await ports.now()
        views = []
        for host in HostNetwork:
            document = found.get(host)
            last = None if document is None else document.nights.last
            overdue = ports.reconcile_desk.overdue(None if last is None else last.night, now)
            views.append(_host(host, document, overdue=overdue))
        return Reconciled(hosts=tuple(views), exchange=await _exchange(ports))

    @app.post("/reconcile/runs", status_code=202, responses=refusals(409))
    async def run_reconcile(body: RunAsked, idempotency_key: IdempotencyKey, me: Me) -> RunTaken:
        """Hosts are compared now: nobody waits for the night."""
        check_house(me, _THE_HOUSES)
        hosts = tuple(dict.fromkeys(body.hosts)) or tuple(HostNetwork)
        asked = await asked_by(ports, me, body, idempotency_key)
        await ports.reconcile_desk.run(hosts, asked)
        return RunTaken(hosts=hosts)


def add_differences(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/reconcile/differences")
    async def differences(me: Me) -> Differences:
        """What hosts say otherwise than we believe, those that wait for a person first."""
        check_house(me, _THE_HOUSES)
        found = [_view(document) for document in await ports.reconcile.differences()]
        ordered = sorted(found, key=lambda one: (one.stage != "open", str(one.until), one.line_id))
        return Differences(differences=tuple(ordered))

    @app.get("/reconcile/differences/{difference_id}", responses=refusals(404))
    async def difference(difference_id: UUID, me: Me) -> DifferenceWhole:
        """Both sides, what is proposed, and what was done about it."""
        check_house(me, _THE_HOUSES)
        return _whole(await _known(ports, difference_id))

    @app.post("/reconcile/differences/{difference_id}/decisions", responses=refusals(404, 409))
    async def decide_difference(
        difference_id: UUID, body: DifferenceDecided, idempotency_key: IdempotencyKey, me: Me
    ) -> DifferenceWhole:
        """Put right by the host, asked about again, or accepted as it is."""
        check_house(me, _THE_HOUSES)
        asked = await asked_by(ports, me, body, idempotency_key)
        document = await _known(ports, difference_id)
        try:
            await ports.reconcile_desk.decide(document, body.decision, asked)
        except DifferenceRefusedError as exc:
            raise conflict("decision-refused", "It cannot be decided", f"{exc}.") from exc
        return _whole(await _known(ports, difference_id))


async def _known(ports: ApiPorts, difference_id: UUID) -> DifferenceDocument:
    found = await ports.reconcile.difference(difference_id)
    if found is None:
        raise unknown(
            "difference-unknown",
            "No such difference",
            f"There is no difference {difference_id}; GET /reconcile/differences lists them.",
        )
    return found
