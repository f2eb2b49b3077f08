"""What will be late, or is, through HTTP: by order and cause, line by line, and why."""

from datetime import date
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.identity import LineId, OrderId
from domain.outlooks import Outlook, Verdict, Waits
from domain.said import Said
from intake.api import ApiPorts, existing, unknown
from intake.guard import Me
from intake.lists_api import mine_of
from intake.openapi import refusals
from intake.paging import PAGE, CursorText, Limit, page_of, place_of
from projections.jeopardy import JeopardyGroup, JeopardyLine

LateOnly = Annotated[bool, Query(description="Only those whose promised day is over.")]


class GroupView(BaseModel):
    """Lines of one order that are so for one cause; figures as of when they were raised."""

    order_id: OrderId
    verdict: Verdict
    lines: int
    code: str
    waits_for: Waits
    whom: str
    since: AwareDatetime
    promised_on: date
    expected_on: date
    days_late: int
    said: Said


class EndangeredView(BaseModel):
    line: int | None
    line_id: LineId
    verdict: Verdict
    stage: str
    promised_on: date
    expected_on: date
    days_late: int
    code: str
    waits_for: Waits
    whom: str
    since: AwareDatetime
    said: Said
    told_at: AwareDatetime


class JeopardyPage(BaseModel):
    jeopardy: tuple[GroupView, ...]
    next: str | None


class OrderJeopardy(BaseModel):
    order_id: OrderId
    at_risk: int
    late: int
    lines: tuple[EndangeredView, ...]
    next: str | None


class OutlookView(BaseModel):
    """As it is reckoned now."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    line_id: LineId
    line: int | None
    stage: str
    outlook: Outlook | None
    """None for a line that has ended, or whose kind promises no day."""


_ORDERED = (str, str, str)
_NUMBERED = (int, str)


def add_jeopardy(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/jeopardy")
    async def jeopardy(
        me: Me, *, late: LateOnly = False, cursor: CursorText = None, limit: Limit = PAGE
    ) -> JeopardyPage:
        """By order and cause: what is late first, then by the day that was promised."""
        orders = await mine_of(ports, me, await ports.jeopardy.orders())
        views = [
            _group(order.order_id, group)
            for order in orders
            for group in order.groups
            if not late or group.verdict is Verdict.LATE
        ]
        after = place_of(cursor, _ORDERED)
        page, following = page_of(views, place=_group_place, after=after, limit=limit)
        return JeopardyPage(jeopardy=page, next=following)

    @app.get("/orders/{order_id}/jeopardy", responses=refusals(404))
    async def order_jeopardy(
        order_id: OrderId,
        me: Me,
        *,
        late: LateOnly = False,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> OrderJeopardy:
        """Lines of one order that will be late, or are, by their place in it."""
        order = await existing(ports, order_id, me)
        document = await ports.jeopardy.of_order(order.order_id)
        lines = () if document is None else document.lines
        counted = [one.verdict for one in lines]
        views = [_line(one) for one in lines if not late or one.verdict is Verdict.LATE]
        after = place_of(cursor, _NUMBERED)
        page, following = page_of(views, place=_line_place, after=after, limit=limit)
        return OrderJeopardy(
            order_id=order_id,
            at_risk=counted.count(Verdict.AT_RISK),
            late=counted.count(Verdict.LATE),
            lines=page,
            next=following,
        )

    @app.get("/lines/{line_id}/outlook", responses=refusals(404))
    async def outlook(line_id: LineId, me: Me) -> OutlookView:
        """What was promised, what is left with its usual time, and what is expected: why."""
        document = await ports.lines.find(line_id)
        mine = await mine_of(ports, me, () if document is None else (document,))
        if not mine:
            raise unknown(
                "line-unknown",
                "No such line",
                f"There is no line {line_id}; GET /orders/{{id}}/lines names those of an order.",
            )
        (line,) = mine
        return OutlookView(
            order_id=line.order_id,
            line_id=line_id,
            line=line.state.terms.number,
            stage=line.stage,
            outlook=await ports.jeopardy.outlook(line, await ports.now()),
        )


def _group(order_id: OrderId, group: JeopardyGroup) -> GroupView:
    cause = group.cause
    return GroupView(
        order_id=order_id,
        verdict=group.verdict,
        lines=group.lines,
        code=cause.code,
        waits_for=cause.waits_for,
        whom=cause.whom,
        since=cause.since,
        promised_on=group.promised_on,
        expected_on=group.expected_on,
        days_late=group.days_late,
        said=cause.said,
    )


def _line(one: JeopardyLine) -> EndangeredView:
    line, cause = one.line, one.line.cause
    return EndangeredView(
        line=line.number,
        line_id=line.line_id,
        verdict=one.verdict,
        stage=line.stage,
        promised_on=line.promised_on,
        expected_on=line.expected_on,
        days_late=(line.expected_on - line.promised_on).days,
        code=cause.code,
        waits_for=cause.waits_for,
        whom=cause.whom,
        since=cause.since,
        said=cause.said,
        told_at=one.told_at,
    )


def _group_place(view: GroupView) -> tuple[int | str, ...]:
    first = "0" if view.verdict is Verdict.LATE else "1"
    cause = f"{view.code} {view.waits_for} {view.whom}"
    return (f"{first} {view.promised_on}", str(view.order_id), cause)


def _line_place(view: EndangeredView) -> tuple[int | str, ...]:
    return (view.line or 0, str(view.line_id))
