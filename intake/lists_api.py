"""The lists people work from: what happened, what needs somebody, what is due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel

from domain.callers import Caller
from domain.identity import LineId, OrderId
from intake.api import ApiPorts, existing, lines_of
from intake.guard import Me
from intake.openapi import refusals
from intake.paging import PAGE, CursorText, Limit, page_of, place_of
from intake.views import (
    AttentionView,
    DeadlineView,
    attention_views,
    attention_views_of,
    deadline_view,
    deadline_view_of,
)
from projections.indemnity import IndemnityDocument
from projections.line import LineDocument
from projections.order import OrderDocument
from projections.timeline import TimelineEntry

WEEK_HOURS = 24 * 7
ALL_AT_ONCE = 200


class TimelineView(BaseModel):
    line: int | None
    entry: TimelineEntry


class Timeline(BaseModel):
    order_id: OrderId
    entries: tuple[TimelineView, ...]
    next: str | None


class Attentions(BaseModel):
    attention: tuple[AttentionView, ...]
    next: str | None


class Deadlines(BaseModel):
    now: AwareDatetime
    deadlines: tuple[DeadlineView, ...]
    next: str | None


async def _my_open_lines(ports: ApiPorts, me: Caller) -> list[LineDocument]:
    lines = await ports.lines.still_open()
    if not me.own_orders_only:
        return list(lines)
    orders = await ports.orders.many(frozenset(line.order_id for line in lines))
    mine = {order_id for order_id, order in orders.items() if me.sees(order.client)}
    return [line for line in lines if line.order_id in mine]


async def _my_indemnities(ports: ApiPorts, me: Caller) -> list[IndemnityDocument]:
    """Those that are not over, of orders this caller sees."""
    return await mine_of(ports, me, await ports.indemnities.still_open())


async def mine_of(
    ports: ApiPorts, me: Caller, documents: Sequence[IndemnityDocument]
) -> list[IndemnityDocument]:
    """Partners see those of the orders they brought in."""
    if not me.own_orders_only:
        return list(documents)
    orders = await ports.orders.many(frozenset(d.order_id for d in documents))
    seen = {order_id for order_id, order in orders.items() if me.sees(order.client)}
    return [document for document in documents if document.order_id in seen]


async def _owed_of(ports: ApiPorts, order_id: OrderId) -> list[IndemnityDocument]:
    still_open = await ports.indemnities.still_open()
    return [document for document in still_open if document.order_id == order_id]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _entry_place(view: TimelineView) -> tuple[int | str, ...]:
    return (_instant(view.entry.business_at), view.line or 0, view.entry.version)


def _attention_place(view: AttentionView) -> tuple[int | str, ...]:
    return (_instant(view.until), str(view.indemnity_id or view.line_id), view.code)


def _deadline_place(view: DeadlineView) -> tuple[int | str, ...]:
    return (_instant(view.until), str(view.indemnity_id or view.line_id))


_UNTIL_LINE = (str, str)
_UNTIL_LINE_CODE = (str, str, str)
_WHEN_LINE_VERSION = (str, int, int)


def add_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/timeline", responses=refusals(404))
    async def timeline(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = ALL_AT_ONCE
    ) -> Timeline:
        """Every fact of the order and its lines, in the order of business time."""
        document = await existing(ports, order_id, me)
        entries = entries_of(document, await lines_of(ports, document))
        after = place_of(cursor, _WHEN_LINE_VERSION)
        page, following = page_of(entries, place=_entry_place, after=after, limit=limit)
        return Timeline(order_id=order_id, entries=page, next=following)

    @app.get("/attention")
    async def attention(me: Me, cursor: CursorText = None, limit: Limit = PAGE) -> Attentions:
        """What needs a person, the most urgent first."""
        views = [v for line in await _my_open_lines(ports, me) for v in attention_views(line)]
        for owed in await _my_indemnities(ports, me):
            views += attention_views_of(owed)
        return _attentions(views, cursor, limit)

    @app.get("/deadlines")
    async def deadlines(
        me: Me,
        within_hours: Annotated[int, Query(ge=0, le=24 * 366)] = WEEK_HOURS,
        cursor: CursorText = None,
        limit: Limit = PAGE,
    ) -> Deadlines:
        """What is due soon and what is late, whoever it waits for."""
        now = await ports.now()
        last = now + timedelta(hours=within_hours)
        views = _due(await _my_open_lines(ports, me), now)
        owed = [deadline_view_of(one, now) for one in await _my_indemnities(ports, me)]
        views += [view for view in owed if view is not None]
        due = [view for view in views if view.until <= last]
        return _deadlines(due, now, cursor, limit)


def add_order_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/attention", responses=refusals(404))
    async def order_attention(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Attentions:
        """What of one order needs a person."""
        document = await existing(ports, order_id, me)
        lines = await lines_of(ports, document)
        views = [
            view
            for line in document.lines
            if line.line_id in lines
            for view in attention_views(lines[line.line_id], line)
        ]
        for owed in await _owed_of(ports, order_id):
            views += attention_views_of(owed)
        return _attentions(views, cursor, limit)

    @app.get("/orders/{order_id}/deadlines", responses=refusals(404))
    async def order_deadlines(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Deadlines:
        """What one order waits for, and until when."""
        now = await ports.now()
        lines = await lines_of(ports, await existing(ports, order_id, me))
        owed = [deadline_view_of(one, now) for one in await _owed_of(ports, order_id)]
        views = _due(lines.values(), now) + [view for view in owed if view is not None]
        return _deadlines(views, now, cursor, limit)


def entries_of(document: OrderDocument, lines: Mapping[LineId, LineDocument]) -> list[TimelineView]:
    entries = [TimelineView(line=None, entry=entry) for entry in document.timeline]
    for line in document.lines:
        if line.line_id in lines:
            entries += [
                TimelineView(line=line.number, entry=entry)
                for entry in lines[line.line_id].timeline
            ]
    return entries


def _due(lines: Iterable[LineDocument], now: datetime) -> list[DeadlineView]:
    views = (deadline_view(line, now) for line in lines)
    return [view for view in views if view is not None]


def _attentions(views: list[AttentionView], cursor: str | None, limit: int) -> Attentions:
    after = place_of(cursor, _UNTIL_LINE_CODE)
    page, following = page_of(views, place=_attention_place, after=after, limit=limit)
    return Attentions(attention=page, next=following)


def _deadlines(
    views: list[DeadlineView], now: datetime, cursor: str | None, limit: int
) -> Deadlines:
    after = place_of(cursor, _UNTIL_LINE)
    page, following = page_of(views, place=_deadline_place, after=after, limit=limit)
    return Deadlines(now=now, deadlines=page, next=following)
