"""The HTTP face of order intake."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Header, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from domain.identity import OrderId, order_of_stream
from domain.ports import Clocks
from intake.orders import OrderIntake, OrderRequest, ShortText, Submission
from intake.problems import Problem, ProblemError, answer_with_problems
from ledger.messages import Inbox, IncomingMessage, Receipt
from projections.order import OrderDocument, OrderStage, TimelineEntry

CLIENT = "api"
"""Who calls, until callers have keys of their own: the API listens on this machine only."""

IdempotencyKey = Annotated[
    str,
    Header(description="Your own key: the same key and body always mean the same order."),
    StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$"),
]


class OrderReader(Protocol):
    async def find(self, order_id: OrderId) -> OrderDocument | None:
        """The order's document; the facts themselves when the projector has not read them yet."""


class ReadinessCheck(Protocol):
    async def unready(self) -> tuple[str, ...]:
        """What does not answer, one sentence each; nothing when all is well."""


@dataclass(frozen=True, kw_only=True)
class ApiPorts:
    intake: OrderIntake
    orders: OrderReader
    inbox: Inbox
    clocks: Clocks
    readiness: ReadinessCheck
    wall_now: Callable[[], datetime] = lambda: datetime.now(UTC)


class OrderAccepted(BaseModel):
    order_id: OrderId
    repeated: bool


class OrderView(BaseModel):
    order_id: OrderId
    version: int
    stage: OrderStage
    reference: str
    contact: str | None
    received_at: AwareDatetime
    awaited_until: AwareDatetime | None
    ended_at: AwareDatetime | None
    timeline: tuple[TimelineEntry, ...]


class Acknowledgement(BaseModel):
    """What somebody outside said about an order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: ShortText


class ContactSearch(BaseModel):
    """In a body and not in a URL: whom one looks for is personal data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: ShortText


class OrdersFound(BaseModel):
    order_ids: tuple[OrderId, ...]


class MessageKept(BaseModel):
    receipt: str


class Readiness(BaseModel):
    ready: bool
    unready: tuple[str, ...] = ()


Responses = dict[int | str, dict[str, Any]]

_REFUSALS = {
    404: "There is no such order.",
    409: "The key was used with another body.",
    422: "The request cannot be read; each field says what to do.",
    503: "The record cannot be reached; send the same request with the same key again.",
}


def _refusals(*codes: int) -> Responses:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {
            "description": _REFUSALS[code],
            "content": {"application/problem+json": {"schema": schema}},
        }
        for code in codes
    }


_REPEATED: Responses = {200: {"description": "Accepted before.", "model": OrderAccepted}}


def view(document: OrderDocument) -> OrderView:
    contact = None if document.contact.forgotten else document.contact.reveal()
    return OrderView(
        order_id=document.order_id,
        version=document.version,
        stage=document.stage,
        reference=document.reference,
        contact=contact,
        received_at=document.received_at,
        awaited_until=document.awaited_until,
        ended_at=document.ended_at,
        timeline=document.timeline,
    )


async def _existing(ports: ApiPorts, order_id: OrderId) -> OrderDocument:
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


def build_api(ports: ApiPorts) -> FastAPI:
    app = FastAPI(title="Raccord", version="0.1.0")
    answer_with_problems(app)
    _add_orders(app, ports)
    _add_acknowledgements(app, ports)
    _add_health(app, ports)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The document, with the shape of problems, which no route returns by itself."""
    document = FastAPI.openapi(app)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
    return document


def _add_orders(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders",
        status_code=status.HTTP_201_CREATED,
        responses=_REPEATED | _refusals(409, 422, 503),
    )
    async def submit_order(
        request: OrderRequest, idempotency_key: IdempotencyKey, response: Response
    ) -> OrderAccepted:
        clock = await ports.clocks.in_force()
        submitted = await ports.intake.submit(
            Submission(
                request=request,
                client=CLIENT,
                idempotency_key=idempotency_key,
                business_now=clock.business_at(ports.wall_now()),
            )
        )
        if submitted.repeated:
            response.status_code = status.HTTP_200_OK
        response.headers["Location"] = f"/orders/{submitted.order_id}"
        return OrderAccepted(order_id=submitted.order_id, repeated=submitted.repeated)

    @app.post("/orders/find", responses=_refusals(422, 503))
    async def find_orders(search: ContactSearch) -> OrdersFound:
        streams = await ports.intake.ledger.streams_about(search.contact)
        found = (order_of_stream(stream) for stream in streams)
        return OrdersFound(order_ids=tuple(order for order in found if order is not None))

    @app.get("/orders/{order_id}", responses=_refusals(404, 422, 503))
    async def show_order(order_id: OrderId) -> OrderView:
        return view(await _existing(ports, order_id))


def _add_acknowledgements(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders/{order_id}/acknowledgements",
        status_code=status.HTTP_202_ACCEPTED,
        responses=_refusals(404, 409, 422, 503),
    )
    async def record_acknowledgement(
        order_id: OrderId, body: Acknowledgement, idempotency_key: IdempotencyKey
    ) -> MessageKept:
        await _existing(ports, order_id)
        clock = await ports.clocks.in_force()
        receipt = await ports.inbox.receive(
            IncomingMessage(
                source="acknowledgement",
                message_key=idempotency_key,
                correlation=str(order_id),
                body=body.model_dump_json(),
                received_at=clock.business_at(ports.wall_now()),
            )
        )
        if receipt is Receipt.CONFLICT:
            raise ProblemError(
                Problem(
                    type="idempotency-key-reused",
                    title="The key was used with another message",
                    status=status.HTTP_409_CONFLICT,
                    detail="The first message under this Idempotency-Key stands; "
                    "send another one under a key of its own.",
                )
            )
        return MessageKept(receipt=receipt.name.lower())


def _add_health(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/health/live")
    async def live() -> Readiness:
        return Readiness(ready=True)

    @app.get("/health/ready", responses={503: {"model": Readiness}})
    async def ready(response: Response) -> Readiness:
        unready = await ports.readiness.unready()
        if unready:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return Readiness(ready=not unready, unready=unready)
