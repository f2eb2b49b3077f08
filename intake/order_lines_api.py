"""The lines of an order through HTTP, a page at a time: where each is, and what became of it."""

from datetime import date
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.identity import LineId, OrderId
from domain.orders import LineKind
from domain.port_in_facts import HostNetwork, Outcome
from domain.said import Said
from intake.api import ApiPorts, existing
from intake.guard import Me
from intake.openapi import refusals
from intake.order_lines import PageAsked, page_of_lines
from intake.paging import PAGE
from intake.requests import ShortText
from intake.views import AttentionView, attention_views, line_view
from projections.line import LineDocument
from projections.order import LineOfOrder


class LinesWanted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: ShortText | None = Field(default=None, description="Only those at this stage.")
    outcome: Outcome | None = Field(default=None, description="Only those that ended so.")
    waiting_for: ShortText | None = Field(
        default=None, description="Only those that ask this of a person."
    )
    cursor: str | None = Field(
        default=None, max_length=400, description="`next` of the page before; nothing to start."
    )
    limit: int = Field(default=PAGE, ge=1, le=200, description="How many at most.")


class LineInList(BaseModel):
    line: int
    line_id: LineId
    kind: LineKind
    replaces: LineId | None
    stage: str
    version: int
    host: HostNetwork
    msisdn: str | None
    port_day: date | None
    awaited: Said | None
    due: AwareDatetime | None
    attention: tuple[AttentionView, ...]
    outcome: Outcome | None
    why: Said | None
    replaced_by: LineId | None


class OrderLines(BaseModel):
    lines: tuple[LineInList, ...]
    next: str | None


def add_order_lines(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/lines", responses=refusals(404))
    async def order_lines(
        order_id: OrderId, wanted: Annotated[LinesWanted, Query()], me: Me
    ) -> OrderLines:
        """By their place in the order: where each is, what it waits for, how it ended."""
        order = await existing(ports, order_id, me)
        page = await page_of_lines(
            ports,
            order,
            PageAsked(
                cursor=wanted.cursor,
                limit=wanted.limit,
                stage=wanted.stage,
                outcome=wanted.outcome,
                code=wanted.waiting_for,
            ),
        )
        return OrderLines(
            lines=tuple(_in_list(line, document) for line, document in page.lines),
            next=page.next,
        )


def _in_list(line: LineOfOrder, document: LineDocument) -> LineInList:
    view = line_view(document, line)
    return LineInList(
        line=line.number,
        line_id=line.line_id,
        kind=line.kind,
        replaces=line.replaces,
        stage=view.stage,
        version=view.version,
        host=view.host,
        msisdn=view.msisdn,
        port_day=None if view.plan is None else view.plan.port_day,
        awaited=view.awaited,
        due=view.due,
        attention=attention_views(document, line),
        outcome=view.outcome,
        why=view.why,
        replaced_by=view.replaced_by,
    )
