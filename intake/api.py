"""The HTTP face of order intake."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Header, Response, status
from pydantic import BaseModel, ConfigDict, StringConstraints

from domain.clock import BusinessClock
from domain.identity import LineId, OrderId, order_of_stream
from domain.ports import Clocks
from intake.orders import OrderIntake, Submission
from intake.problems import Problem, ProblemError, answer_with_problems
from intake.requests import OrderRequest, ShortText
from intake.steering import Steering
from intake.views import OrderView, order_view
from ledger.messages import Inbox
from projections.line import LineDocument
from projections.order import OrderDocument

CLIENT = "api"
"""Who calls, until callers have keys of their own: the API listens on this machine only."""

IdempotencyKey = Annotated[
    str,
    Header(description="Your own key: the same key and body always mean the same request."),
    StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$"),
]


class OrderReader(Protocol):
    async def find(self, order_id: OrderId) -> OrderDocument | None:
        """The order's document; the facts themselves when the projector has not read them yet."""


class LineReader(Protocol):
    async def find(self, line_id: LineId) -> LineDocument | None:
        """The line's document, likewise."""

    async def still_open(self) -> tuple[LineDocument, ...]:
        """Every line that has not ended."""


class ReadinessCheck(Protocol):
    async def unready(self) -> tuple[str, ...]:
        """What does not answer, one sentence each; nothing when all is well."""


class Delivery(Protocol):
    """What can be kept of a message from an operator before anybody understands it."""

    @property
    def source(self) -> str: ...

    @property
    def message_key(self) -> str: ...

    @property
    def correlation(self) -> str: ...

    @property
    def body(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where an operator's messages come in: who it is, and what it sends."""

    receive: Callable[[bytes], Delivery]
    stranger: type[Exception]
    unreadable: type[Exception]


@dataclass(frozen=True, kw_only=True)
class ApiPorts:
    intake: OrderIntake
    orders: OrderReader
    lines: LineReader
    steering: Steering
    inbox: Inbox
    clocks: Clocks
    readiness: ReadinessCheck
    orange: Door
    wall_now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def now(self) -> datetime:
        """The business instant it is."""
        clock = await self.clocks.in_force()
        return clock.business_at(self.wall_now())


class OrderAccepted(BaseModel):
    order_id: OrderId
    repeated: bool


class ContactSearch(BaseModel):
    """In a body and not in a URL: whom one looks for is personal data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: ShortText


class OrdersFound(BaseModel):
    order_ids: tuple[OrderId, ...]


class Readiness(BaseModel):
    ready: bool
    unready: tuple[str, ...] = ()


Responses = dict[int | str, dict[str, Any]]

_REFUSALS = {
    401: "The sender is not who it should be.",
    404: "There is no such order.",
    409: "The key was used with another body, or the order does not stand where it can be done.",
    413: "The body is larger than any of ours.",
    422: "The request cannot be read; each field says what to do.",
    503: "The record cannot be reached; send the same request with the same key again.",
}


def refusals(*codes: int) -> Responses:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {
            "description": _REFUSALS[code],
            "content": {"application/problem+json": {"schema": schema}},
        }
        for code in codes
    }


_REPEATED: Responses = {200: {"description": "Accepted before.", "model": OrderAccepted}}


async def existing(ports: ApiPorts, order_id: OrderId) -> OrderDocument:
    document = await ports.orders.find(order_id)
    if document is None:
        raise ProblemError(
            Problem(
                type="order-unknown",
                title="No such order",
                status=status.HTTP_404_NOT_FOUND,
                detail=f"There is no order {order_id}; check the id given when it was submitted.",
            )
        )
    return document


async def lines_of(ports: ApiPorts, document: OrderDocument) -> dict[LineId, LineDocument]:
    found = [await ports.lines.find(line.line_id) for line in document.lines]
    return {line.line_id: line for line in found if line is not None}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, with the shape of problems, which no route returns by itself."""
    document = FastAPI.openapi(app)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
    return document


def new_api() -> FastAPI:
    app = FastAPI(title="Raccord", version="0.1.0")
    answer_with_problems(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def add_orders(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders",
        status_code=status.HTTP_201_CREATED,
        responses=_REPEATED | refusals(409, 422, 503),
    )
    async def submit_order(
        request: OrderRequest, idempotency_key: IdempotencyKey, response: Response
    ) -> OrderAccepted:
        submitted = await ports.intake.submit(
            Submission(
                request=request,
                client=CLIENT,
                idempotency_key=idempotency_key,
                business_now=await ports.now(),
            )
        )
        if submitted.repeated:
            response.status_code = status.HTTP_200_OK
        response.headers["Location"] = f"/orders/{submitted.order_id}"
        return OrderAccepted(order_id=submitted.order_id, repeated=submitted.repeated)

    @app.post("/orders/find", responses=refusals(422, 503))
    async def find_orders(search: ContactSearch) -> OrdersFound:
        streams = await ports.intake.ledger.streams_about(search.contact)
        found = (order_of_stream(stream) for stream in streams)
        return OrdersFound(order_ids=tuple(order for order in found if order is not None))

    @app.get("/orders/{order_id}", responses=refusals(404, 422, 503))
    async def show_order(order_id: OrderId) -> OrderView:
        document = await existing(ports, order_id)
        return order_view(document, await lines_of(ports, document))


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
