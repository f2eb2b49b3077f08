"""Orders through HTTP: brought in, listed, found, shown."""

from typing import Annotated, Self

from fastapi import FastAPI, Query, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from domain.identity import OrderId, order_of_stream
from domain.numbers import FrenchNumber
from domain.orders import OrderOutcome
from intake.api import ApiPorts, IdempotencyKey, existing, lines_of
from intake.guard import Me, body_limit
from intake.openapi import Responses, refusals, repeated
from intake.order_lines import tag_for
from intake.orders import Submission
from intake.paging import PAGE, CursorText, Limit, cursor_after, place_of
from intake.requests import OrderRequest, ShortText
from intake.versions import IfNoneMatch, names
from intake.views import OrderView, order_view
from projections.listing import OrderPlace, OrdersAsked
from projections.order import OrderDocument, OrderStage

ORDER_MAX = 8 * 1024 * 1024
"""Bytes of one order: ten thousand lines, with room. A default of ours."""


class OrderAccepted(BaseModel):
    order_id: OrderId
    repeated: bool


class OrderSearch(BaseModel):
    """In a body and not in a URL: whom or what one looks for is personal data."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"minProperties": 1, "maxProperties": 1},
    )

    contact: ShortText = ""
    number: ShortText = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.contact) == bool(self.number):
            raise ValueError("Give a contact or a number, one of them.")
        return self


class OrdersFound(BaseModel):
    order_ids: tuple[OrderId, ...]


class OrderSummary(BaseModel):
    order_id: OrderId
    client: str
    reference: str
    provider: str
    service: str
    stage: OrderStage
    outcome: OrderOutcome | None
    received_at: AwareDatetime
    ended_at: AwareDatetime | None


class OrderPage(BaseModel):
    orders: tuple[OrderSummary, ...]
    next: str | None


_UNCHANGED: Responses = {304: {"description": "It is still as it was read."}}


def add_orders(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(OrderAccepted) | refusals(409, 413, 422),
        openapi_extra=body_limit(ORDER_MAX),
    )
    async def submit_order(
        request: OrderRequest, idempotency_key: IdempotencyKey, me: Me, response: Response
    ) -> OrderAccepted:
        """Acknowledged once the order and its start are kept together; a repeat is answered 200."""
        submitted = await ports.intake.submit(
            Submission(
                request=request,
                client=me.client,
                actor=me.name,
                idempotency_key=idempotency_key,
                business_now=await ports.now(),
            )
        )
        if submitted.repeated:
            response.status_code = status.HTTP_200_OK
        response.headers["Location"] = f"/orders/{submitted.order_id}"
        return OrderAccepted(order_id=submitted.order_id, repeated=submitted.repeated)

    @app.get("/orders")
    async def list_orders(
        me: Me,
        reference: Annotated[
            ShortText | None, Query(description="Your own name for the order, exactly.")
        ] = None,
        still_open: Annotated[
            bool | None,
            Query(description="Only those that have not ended, or only those that have."),
        ] = None,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> OrderPage:
        """Newest first; a partner's own."""
        before = place_of(cursor, (int,))
        places = await ports.orders.listed(
            OrdersAsked(
                client=me.client if me.own_orders_only else None,
                reference=reference,
                still_open=still_open,
                before=None if before is None else int(before[0]),
                limit=limit + 1,
            )
        )
        return await _page(ports, places, limit)


def add_order_reading(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/search/orders")
    async def find_orders(search: OrderSearch, me: Me) -> OrdersFound:
        """By a contact or a number, without reading anybody else's."""
        streams = await ports.intake.ledger.streams_about(_looked_for(search))
        ids = frozenset(i for s in streams if (i := order_of_stream(s)) is not None)
        found = await ports.orders.many(ids)
        mine = (order_id for order_id, order in found.items() if me.sees(order.client))
        return OrdersFound(order_ids=tuple(sorted(mine)))

    @app.get("/orders/{order_id}", response_model=OrderView, responses=_UNCHANGED | refusals(404))
    async def show_order(
        order_id: OrderId, me: Me, response: Response, if_none_match: IfNoneMatch = None
    ) -> OrderView | Response:
        """Where it is, line by line. Its ETag changes whenever anything of it does."""
        document = await existing(ports, order_id, me)
        lines = await lines_of(ports, document)
        tag = await tag_for(ports, document, lines)
        response.headers["ETag"] = tag
        if if_none_match is not None and names(if_none_match, tag):
            return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        tally = await ports.lines.tally(order_id) if document.lots else None
        return order_view(document, lines, tally)


def _looked_for(search: OrderSearch) -> str:
    return FrenchNumber.parse(search.number).national if search.number else search.contact


async def _page(ports: ApiPorts, places: tuple[OrderPlace, ...], limit: int) -> OrderPage:
    shown = places[:limit]
    documents = await ports.orders.many(frozenset(place.order_id for place in shown))
    following = cursor_after((shown[-1].place,)) if len(places) > limit else None
    orders = tuple(
        summary(documents[place.order_id]) for place in shown if place.order_id in documents
    )
    return OrderPage(orders=orders, next=following)


def summary(document: OrderDocument) -> OrderSummary:
    return OrderSummary.model_validate(document, from_attributes=True)
