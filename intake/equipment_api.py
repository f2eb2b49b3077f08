"""Where the equipment of a site is, as people tell it through HTTP."""

from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from domain.access_stages import Access, Closed
from domain.clients import Role
from domain.identity import OrderId
from domain.works_facts import SERIAL, EquipmentState
from intake.api import ApiPorts, IdempotencyKey, conflict, existing, lines_of
from intake.decisions_api import (
    WholeLine,
    acting,
    check_tag,
    line_meant,
    operations_only,
    own_key,
    taken,
)
from intake.guard import Me
from intake.openapi import refusals
from intake.requests import Day, Euros, LongText, ShortText, YesOrNo
from intake.versions import IfMatch
from projections.line import LineDocument
from projections.order import OrderDocument
from workflows.messages import EquipmentRequest, Ruled

Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Serial = Annotated[str, Field(pattern=SERIAL)]


class EquipmentMove(BaseModel):
    """One piece, and what has become of it."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"name": "router", "to": "ordered"}]},
    )

    name: Name = Field(description="router, fibre-box; a second one has a name of its own.")
    to: EquipmentState = Field(description="Where it is now; given-up is a decision's.")
    on: Day | None = Field(default=None, description="The day it happened; today, if not said.")
    serial: Serial | None = Field(default=None, description="Its number, which does not change.")
    reserves: LongText | None = Field(
        default=None, description="Written on the delivery slip. Kept sealed, never logged."
    )
    bought: YesOrNo = Field(
        default=False, description="Sold by the order form: it is not asked back."
    )
    monthly: Euros | None = Field(
        default=None,
        description="Its own price on the order form, euros a month without VAT; with ordered.",
    )
    once: Euros | None = Field(
        default=None,
        description="Likewise, euros without VAT for its set-up or its sale; with ordered.",
    )
    euros: Euros | None = Field(
        default=None,
        description="What it costs without VAT that it was not returned; with invoiced.",
    )
    by: ShortText | None = Field(default=None, description="Who says so, through this caller.")
    line: WholeLine | None = Field(default=None, description="Needed when there are several.")


def add_equipment(app: FastAPI, ports: ApiPorts) -> None:
    @app.post("/orders/{order_id}/equipment", responses=refusals(404, 409, 412))
    async def move_equipment(
        order_id: OrderId,
        body: EquipmentMove,
        idempotency_key: IdempotencyKey,
        me: Me,
        if_match: IfMatch = None,
    ) -> Ruled:
        """Say where a piece of a site's equipment is, after the end of its access too. To invoice
        one, or to take back one that was invoiced, takes the role operations."""
        if body.to is EquipmentState.INVOICED and not me.has(Role.OPERATIONS):
            raise operations_only()
        key = own_key(me, idempotency_key)
        order = await existing(ports, order_id, me)
        await check_tag(ports, order, if_match)
        line = await _site_meant(ports, order, body.line)
        if _was_invoiced(line, body.name) and not me.has(Role.OPERATIONS):
            raise operations_only()
        told = body.model_dump(exclude={"reserves", "by", "line"})
        request = EquipmentRequest(by=acting(me, body.by), **told)
        reserves = (body.reserves or "").strip() or None
        ruled = await ports.steering.move_equipment(
            line, request, reserves=reserves, key=key, at=await ports.now()
        )
        return taken(ruled)


async def _site_meant(ports: ApiPorts, order: OrderDocument, number: int | None) -> LineDocument:
    """The line that is meant; of those that have ended, the only one needs no number."""
    if number is None:
        lines = tuple((await lines_of(ports, order)).values())
        if lines and not any(line.open for line in lines):
            if len(lines) == 1:
                return lines[0]
            raise conflict(
                "line-needed",
                "Which line?",
                "No line of the order is open any more: say which, with line.",
            )
    return await line_meant(ports, order, number)


def _was_invoiced(line: LineDocument, name: str) -> bool:
    state = line.state
    piece = state.pieces.get(name) if isinstance(state, Access | Closed) else None
    return piece is not None and piece.state is EquipmentState.INVOICED
