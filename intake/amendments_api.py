"""Amendments through HTTP: the difference first, then the plan, then its execution."""

from fastapi import FastAPI, Response, status
from pydantic import AwareDatetime, BaseModel

from domain.amendments import (
    AmendmentRefusedError,
    AmendmentStands,
    Difference,
    LineAnswer,
    Standing,
    named,
)
from domain.callers import Caller
from domain.identity import AmendmentId, OrderId
from intake.amending import Asked
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, lines_of, unknown
from intake.decisions_api import own_key
from intake.guard import Me
from intake.openapi import refusals, repeated
from intake.order_lines import line_numbered, tag_for
from intake.problems import ProblemError
from intake.requests import AmendmentRequest
from intake.versions import IfMatch, check_unmoved
from projections.order import OrderDocument, OrderStage


class AmendmentView(BaseModel):
    amendment_id: AmendmentId
    number: int
    stands: AmendmentStands
    differences: tuple[Difference, ...]
    valid_until: AwareDatetime
    answers: tuple[LineAnswer, ...]


class AmendmentList(BaseModel):
    amendments: tuple[AmendmentView, ...]


def view_of(standing: Standing) -> AmendmentView:
    amendment = standing.amendment
    return AmendmentView(
        amendment_id=amendment.amendment_id,
        number=amendment.number,
        stands=standing.stands,
        differences=amendment.differences,
        valid_until=amendment.valid_until,
        answers=standing.answers,
    )


def _not_now(exc: AmendmentRefusedError) -> ProblemError:
    return conflict("amendment-refused", "Not as it stands", f"{exc}.")


async def _known(
    ports: ApiPorts, order_id: OrderId, amendment_id: AmendmentId, me: Caller
) -> OrderDocument:
    order = await existing(ports, order_id, me)
    try:
        named(order.amendments, amendment_id)
    except AmendmentRefusedError as exc:
        raise unknown("amendment-unknown", "No such amendment", f"{exc}.") from exc
    return order


def add_amendments(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders/{order_id}/amendments",
        status_code=status.HTTP_201_CREATED,
        responses=repeated(AmendmentView) | refusals(404, 409, 412, 422),
    )
    async def plan_amendment(
        order_id: OrderId,
        body: AmendmentRequest,
        idempotency_key: IdempotencyKey,
        me: Me,
        response: Response,
        if_match: IfMatch = None,
    ) -> AmendmentView:
        """What would change and what follows from it; nothing moves. One at a time."""
        order = await existing(ports, order_id, me)
        lines = await lines_of(ports, order)
        named = {one.line: await line_numbered(ports, order, one.line) for one in body.lines}
        asked = Asked(
            order=order,
            lines={number: line for number, line in named.items() if line is not None},
            request=body,
            actor=me.name,
            key=own_key(me, idempotency_key),
            at=await ports.now(),
        )
        before = await ports.amending.planned_before(asked)
        if before is None:
            check_unmoved(if_match, await tag_for(ports, order, lines))
            if order.stage is OrderStage.CLOSED:
                raise conflict("order-closed", "It has ended", "The order has ended: order anew.")
        try:
            standing = await ports.amending.plan(asked, before=before)
        except AmendmentRefusedError as exc:
            raise _not_now(exc) from exc
        if before is not None:
            response.status_code = status.HTTP_200_OK
        return view_of(standing)

    @app.get("/orders/{order_id}/amendments", responses=refusals(404))
    async def amendments(order_id: OrderId, me: Me) -> AmendmentList:
        """Every amendment of the order, and what each line said to it."""
        order = await existing(ports, order_id, me)
        return AmendmentList(amendments=tuple(view_of(one) for one in order.amendments))


def add_amendment_moves(app: FastAPI, ports: ApiPorts) -> None:
    @app.post(
        "/orders/{order_id}/amendments/{amendment_id}/execution",
        status_code=status.HTTP_202_ACCEPTED,
        responses=refusals(404, 409),
    )
    async def execute_amendment(
        order_id: OrderId, amendment_id: AmendmentId, me: Me
    ) -> AmendmentView:
        """Begun: its lines are asked, and answer in the list of amendments."""
        await _known(ports, order_id, amendment_id, me)
        at = await ports.now()
        try:
            standing = await ports.amending.execute(order_id, amendment_id, actor=me.name, at=at)
        except AmendmentRefusedError as exc:
            raise _not_now(exc) from exc
        return view_of(standing)

    @app.post(
        "/orders/{order_id}/amendments/{amendment_id}/withdrawal", responses=refusals(404, 409)
    )
    async def withdraw_amendment(
        order_id: OrderId, amendment_id: AmendmentId, me: Me
    ) -> AmendmentView:
        """Given up before anything moved; another can be planned."""
        await _known(ports, order_id, amendment_id, me)
        at = await ports.now()
        try:
            standing = await ports.amending.withdraw(order_id, amendment_id, actor=me.name, at=at)
        except AmendmentRefusedError as exc:
            raise _not_now(exc) from exc
        return view_of(standing)
