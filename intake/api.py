"""The HTTP face of order intake: what it is made of, and what its operations share."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import FastAPI, Header, Response, status
from fastapi.routing import APIRoute
from pydantic import BaseModel, StringConstraints

from domain.callers import Caller
from domain.clock import BusinessClock
from domain.identity import LineId, OrderId
from domain.operators import Door
from domain.ports import Clocks
from intake.amending import Amending
from intake.bulk import BulkBook
from intake.clients import Clients, Moment, NewKey
from intake.exchange import ExchangeDesk, ExchangeReader
from intake.filing import Filing
from intake.guard import Guard, GuardedRoute, Recorded, Uses
from intake.indemnities import IndemnityDesk, IndemnityReader
from intake.jeopardy import JeopardyReader
from intake.notices import NoticeDesk, NoticeReader
from intake.openapi import describe, refusals
from intake.orders import OrderIntake
from intake.parked import ParkedDesk, ParkedReader
from intake.problems import Problem, ProblemError, answer_with_problems
from intake.reconciling import ReconcileDesk, ReconcileReader
from intake.reverse_ports import ReversePortDesk, ReversePortReader
from intake.steering import Steering
from intake.subscriptions import Subscriptions
from ledger.messages import Inbox
from projections.line import LineDocument
from projections.lines import BriefsAsked, LineBrief, Tally
from projections.listing import OrderPlace, OrdersAsked
from projections.order import OrderDocument

VERSION = "0.1.0"

IdempotencyKey = Annotated[
    str,
    Header(
        description="Your own key: the same key and body always mean the same request.",
        examples=["crm-2027-0001"],
    ),
    StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$"),
]


class OrderReader(Protocol):
    async def find(self, order_id: OrderId) -> OrderDocument | None:
        """The order's document; the facts themselves when the projector has not read them yet."""

    async def many(self, order_ids: frozenset[OrderId]) -> Mapping[OrderId, OrderDocument]:
        """Those that there are."""

    async def listed(self, asked: OrdersAsked) -> tuple[OrderPlace, ...]:
        """Newest first; what was accepted a moment ago is among them."""


class LineReader(Protocol):
    async def find(self, line_id: LineId) -> LineDocument | None:
        """The line's document, likewise."""

    async def many(self, line_ids: Collection[LineId]) -> Mapping[LineId, LineDocument]:
        """Those that there are, as the projector has them."""

    async def of_order(self, order_id: OrderId, asked: BriefsAsked) -> tuple[LineBrief, ...]:
        """By their place in the order."""

    async def tally(self, order_id: OrderId) -> Tally: ...

    async def waiting(self, *, order_id: OrderId | None = None) -> tuple[LineBrief, ...]:
        """Open lines that wait for a person; of one order, or of all."""

    async def due(self, by: datetime, *, order_id: OrderId | None = None) -> tuple[LineBrief, ...]:
        """Open lines that await something until then, or should have had it."""


class ReadinessCheck(Protocol):
    async def unready(self) -> tuple[str, ...]:
        """What does not answer, one sentence each; nothing when all is well."""


@dataclass(frozen=True, kw_only=True)
class ApiPorts:
    intake: OrderIntake
    orders: OrderReader
    lines: LineReader
    steering: Steering
    inbox: Inbox
    clocks: Clocks
    readiness: ReadinessCheck
    doors: Mapping[str, Door]
    """Of the operators that are connected, by name."""
    guard: Guard
    uses: Uses
    clients: Clients
    filing: Filing
    amending: Amending
    exchange: ExchangeReader
    exchange_desk: ExchangeDesk
    parked: ParkedReader
    parked_desk: ParkedDesk
    indemnities: IndemnityReader
    indemnity_desk: IndemnityDesk
    jeopardy: JeopardyReader
    reconcile: ReconcileReader
    reconcile_desk: ReconcileDesk
    reverse_ports: ReversePortReader
    reverse_desk: ReversePortDesk
    notices: NoticeReader
    notice_desk: NoticeDesk
    subscriptions: Subscriptions
    bulks: BulkBook
    new_key: Callable[[], NewKey]
    wall_now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def now(self) -> datetime:
        """The business instant it is."""
        clock = await self.clocks.in_force()
        return clock.business_at(self.wall_now())

    async def moment(self) -> Moment:
        return Moment(wall=self.wall_now(), business=await self.now())


class Readiness(BaseModel):
    ready: bool
    unready: tuple[str, ...] = ()


async def existing(ports: ApiPorts, order_id: OrderId, me: Caller) -> OrderDocument:
    """Somebody else's order is, to a partner, no order at all."""
    document = await ports.orders.find(order_id)
    if document is None or not me.sees(document.client):
        raise unknown(
            "order-unknown",
            "No such order",
            f"There is no order {order_id}; check the id given when it was submitted.",
        )
    return document


async def lines_of(ports: ApiPorts, document: OrderDocument) -> dict[LineId, LineDocument]:
    """Those the order keeps itself. Of a large one none: its lines are read in pages."""
    found = await asyncio.gather(*(ports.lines.find(line.line_id) for line in document.lines))
    return {line.line_id: line for line in found if line is not None}


def conflict(type_: str, title: str, detail: str) -> ProblemError:
    return ProblemError(
        Problem(type=type_, title=title, status=status.HTTP_409_CONFLICT, detail=detail)
    )


def unknown(type_: str, title: str, detail: str) -> ProblemError:
    return ProblemError(
        Problem(type=type_, title=title, status=status.HTTP_404_NOT_FOUND, detail=detail)
    )


def _operation_id(route: APIRoute) -> str:
    return route.name


def new_api(ports: ApiPorts) -> FastAPI:
    app = FastAPI(title="Raccord", version=VERSION, generate_unique_id_function=_operation_id)
    app.router.route_class = GuardedRoute
    surround(app, ports)
    answer_with_problems(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def surround(app: FastAPI, ports: ApiPorts) -> None:
    """Who is let in, and where it is noted who came."""
    app.state.guard = ports.guard
    app.user_middleware.clear()
    app.add_middleware(Recorded, uses=ports.uses, wall_now=ports.wall_now)


def add_health(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/clock", responses=refusals(503))
    async def clock() -> BusinessClock:
        """The stack's one mapping between wall and business time."""
        return await ports.clocks.in_force()

    @app.get("/health/live")
    async def live() -> Readiness:
        return Readiness(ready=True)

    @app.get("/health/ready", responses={503: {"model": Readiness}})
    async def ready(response: Response) -> Readiness:
        unready = await ports.readiness.unready()
        if unready:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return Readiness(ready=not unready, unready=unready)
