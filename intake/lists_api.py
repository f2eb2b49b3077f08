"""The lists people work from: what happened, what needs somebody, what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol, TypeVar

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel

from domain.callers import Caller
from domain.identity import LineId, OrderId
from intake.api import ApiPorts, existing, lines_of
from intake.decisions_api import LineNumber, line_meant
from intake.guard import Me
from intake.openapi import refusals
from intake.order_lines import with_documents
from intake.paging import ALL_AT_ONCE, PAGE, CursorText, Limit, page_of, place_of
from intake.views import (
    AttentionView,
    DeadlineView,
    attention_views,
    attention_views_of,
    attention_views_of_difference,
    deadline_view,
    deadline_view_of,
    deadline_view_of_difference,
)
from projections.indemnity import IndemnityDocument
from projections.line import LineDocument
from projections.lines import LineBrief
from projections.order import OrderDocument
from projections.reconciling import DifferenceDocument
from projections.timeline import TimelineEntry

WEEK_HOURS = 24 * 7


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


class OfAnOrder(Protocol):
    @property
    def order_id(self) -> OrderId: ...


OwnedT = TypeVar("OwnedT", bound=OfAnOrder)


async def mine_of(ports: ApiPorts, me: Caller, all_of_them: Sequence[OwnedT]) -> list[OwnedT]:
    """Partners see those of the orders they brought in."""
    if not me.own_orders_only:
        return list(all_of_them)
    orders = await ports.orders.many(frozenset(one.order_id for one in all_of_them))
    mine = {order_id for order_id, order in orders.items() if me.sees(order.client)}
    return [one for one in all_of_them if one.order_id in mine]


async def _my_indemnities(ports: ApiPorts, me: Caller) -> list[IndemnityDocument]:
    """Those that are not over, of orders this caller sees."""
    return await mine_of(ports, me, await ports.indemnities.still_open())


async def _my_differences(
    ports: ApiPorts, me: Caller, order_id: OrderId | None = None
) -> Sequence[DifferenceDocument]:
    """They are the house's own to decide; of one order, or of all."""
    if me.own_orders_only:
        return ()
    found = await ports.reconcile.differences()
    return [one for one in found if order_id is None or one.order_id == order_id]


async def _owed_of(ports: ApiPorts, order_id: OrderId) -> list[IndemnityDocument]:
    still_open = await ports.indemnities.still_open()
    return [document for document in still_open if document.order_id == order_id]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _entry_place(view: TimelineView) -> tuple[int | str, ...]:
    return (_instant(view.entry.business_at), view.line or 0, view.entry.version)


def _attention_place(view: AttentionView) -> tuple[int | str, ...]:
    about = view.difference_id or view.indemnity_id or view.line_id
    return (_instant(view.until), str(about), view.code)


def _deadline_place(view: DeadlineView) -> tuple[int | str, ...]:
    about = view.difference_id or view.indemnity_id or view.line_id
    return (_instant(view.until), str(about))


@dataclass(frozen=True, kw_only=True)
class _Item:
    """Something in a list that is read a page at a time; of a line, only a few words so far."""

    place: tuple[int | str, ...]
    of: LineBrief | AttentionView | DeadlineView


_FAR = timedelta(days=366 * 10)
"""As good as all of them."""

_UNTIL_LINE = (str, str)
_UNTIL_LINE_CODE = (str, str, str)
_WHEN_LINE_VERSION = (str, int, int)


def add_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/timeline", responses=refusals(404, 409))
    async def timeline(
        order_id: OrderId,
        me: Me,
        line: Annotated[
            LineNumber | None, Query(description="Of this line only; needed beyond twenty.")
        ] = None,
        cursor: CursorText = None,
        limit: Limit = ALL_AT_ONCE,
    ) -> Timeline:
        """Every fact of the order and its lines, in the order of business time."""
        document = await existing(ports, order_id, me)
        if line is None:
            entries = entries_of(document, await lines_of(ports, document))
        else:
            named = await line_meant(ports, document, line)
            entries = [TimelineView(line=line, entry=entry) for entry in named.timeline]
        after = place_of(cursor, _WHEN_LINE_VERSION)
        page, following = page_of(entries, place=_entry_place, after=after, limit=limit)
        return Timeline(order_id=order_id, entries=page, next=following)

    @app.get("/attention")
    async def attention(me: Me, cursor: CursorText = None, limit: Limit = PAGE) -> Attentions:
        """What needs a person, the most urgent first."""
        briefs = await mine_of(ports, me, await ports.lines.waiting())
        ready = [v for owed in await _my_indemnities(ports, me) for v in attention_views_of(owed)]
        for difference in await _my_differences(ports, me):
            ready += attention_views_of_difference(difference)
        return await _attention_page(ports, briefs, ready, cursor, limit)

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
        briefs = await mine_of(ports, me, await ports.lines.due(last))
        owed = await _my_indemnities(ports, me)
        ready = _due_of(owed, now, last)
        ready += _due_there(await _my_differences(ports, me), now, last)
        return await _deadline_page(ports, briefs, ready, now, cursor, limit)


def add_order_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/attention", responses=refusals(404))
    async def order_attention(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Attentions:
        """What of one order needs a person."""
        document = await existing(ports, order_id, me)
        if document.lots:
            briefs = await ports.lines.waiting(order_id=order_id)
            owed = await _owed_of(ports, order_id)
            ready = [view for one in owed for view in attention_views_of(one)]
            for difference in await _my_differences(ports, me, order_id):
                ready += attention_views_of_difference(difference)
            return await _attention_page(ports, briefs, ready, cursor, limit)
        lines = await lines_of(ports, document)
        views = [
            view
            for line in document.lines
            if line.line_id in lines
            for view in attention_views(lines[line.line_id], line)
        ]
        for one in await _owed_of(ports, order_id):
            views += attention_views_of(one)
        for difference in await _my_differences(ports, me, order_id):
            views += attention_views_of_difference(difference)
        return _attentions(views, cursor, limit)

    @app.get("/orders/{order_id}/deadlines", responses=refusals(404))
    async def order_deadlines(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Deadlines:
        """What one order waits for, and until when."""
        now = await ports.now()
        document = await existing(ports, order_id, me)
        owed = _due_of(await _owed_of(ports, order_id), now)
        owed += _due_there(await _my_differences(ports, me, order_id), now)
        if document.lots:
            briefs = await ports.lines.due(now + _FAR, order_id=order_id)
            return await _deadline_page(ports, briefs, owed, now, cursor, limit)
        lines = await lines_of(ports, document)
        return _deadlines(_due(lines.values(), now) + owed, now, cursor, limit)


async def _attention_page(
    ports: ApiPorts,
    briefs: Iterable[LineBrief],
    ready: Iterable[AttentionView],
    cursor: str | None,
    limit: int,
) -> Attentions:
    """Which lines they are is found in their briefs; only those shown are read whole."""
    items = [
        _Item(place=(_instant(cause.until), str(brief.line_id), cause.code), of=brief)
        for brief in briefs
        for cause in brief.causes
    ]
    items += [_Item(place=_attention_place(view), of=view) for view in ready]
    after = place_of(cursor, _UNTIL_LINE_CODE)
    page, following = page_of(items, place=lambda item: item.place, after=after, limit=limit)
    shown = {item.place for item in page}
    views = [item.of for item in page if isinstance(item.of, AttentionView)]
    lines = {item.of.line_id: item.of for item in page if isinstance(item.of, LineBrief)}
    for line, document in await with_documents(ports, lines.values()):
        views += [v for v in attention_views(document, line) if _attention_place(v) in shown]
    return Attentions(attention=tuple(sorted(views, key=_attention_place)), next=following)


async def _deadline_page(
    ports: ApiPorts,
    briefs: Iterable[LineBrief],
    ready: Iterable[DeadlineView],
    now: datetime,
    cursor: str | None,
    limit: int,
) -> Deadlines:
    items = [
        _Item(place=(_instant(brief.until), str(brief.line_id)), of=brief)
        for brief in briefs
        if brief.until is not None
    ]
    items += [_Item(place=_deadline_place(view), of=view) for view in ready]
    after = place_of(cursor, _UNTIL_LINE)
    page, following = page_of(items, place=lambda item: item.place, after=after, limit=limit)
    views = [item.of for item in page if isinstance(item.of, DeadlineView)]
    lines = [item.of for item in page if isinstance(item.of, LineBrief)]
    views += _due((document for _, document in await with_documents(ports, lines)), now)
    views = sorted(views, key=_deadline_place)
    return Deadlines(now=now, deadlines=tuple(views), next=following)


def _due_of(
    owed: Iterable[IndemnityDocument], now: datetime, last: datetime | None = None
) -> list[DeadlineView]:
    views = (deadline_view_of(one, now) for one in owed)
    return [view for view in views if view is not None and (last is None or view.until <= last)]


def _due_there(
    differing: Iterable[DifferenceDocument], now: datetime, last: datetime | None = None
) -> list[DeadlineView]:
    views = (deadline_view_of_difference(one, now) for one in differing)
    return [view for view in views if view is not None and (last is None or view.until <= last)]


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
