"""The lists people work from: what happened, what needs somebody, what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol, TypeVar

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel

from domain.attention import QUEUE
from domain.callers import Caller
from domain.identity import LineId, OrderId
from intake.api import ApiPorts, existing, lines_of
from intake.beside import attention_views_of, beside, deadline_view_of, due_beside
from intake.decisions_api import LineNumber, line_meant
from intake.guard import Me
from intake.openapi import refusals
from intake.order_lines import with_documents
from intake.paging import ALL_AT_ONCE, PAGE, CursorText, Limit, page_of, place_of
from intake.views import (
    AttentionView,
    DeadlineView,
    attention_views,
    deadline_view,
)
from projections.indemnity import IndemnityBrief, IndemnityDocument
from projections.line import LineDocument
from projections.lines import LineBrief
from projections.order import OrderDocument
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
    late: int
    """How many of all of them nobody has answered in time."""
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


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _entry_place(view: TimelineView) -> tuple[int | str, ...]:
    return (_instant(view.entry.business_at), view.line or 0, view.entry.version)


def _attention_place(view: AttentionView) -> tuple[int | str, ...]:
    return (_instant(view.until), view.about.id, view.code)


def _deadline_place(view: DeadlineView) -> tuple[int | str, ...]:
    return (_instant(view.until), view.about.id)


Brief = LineBrief | IndemnityBrief


@dataclass(frozen=True, kw_only=True)
class _Item:
    """Something in a list that is read a page at a time, in a few words so far."""

    place: tuple[int | str, ...]
    of: Brief | AttentionView | DeadlineView


_FAR = timedelta(days=366 * 10)
"""As good as all of them."""

QueueText = Annotated[
    str | None, Query(pattern=QUEUE, description="What one team looks after, by its name.")
]

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
    async def attention(
        me: Me, queue: QueueText = None, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Attentions:
        """What needs a person, the most urgent first."""
        briefs: list[Brief] = [*await ports.lines.waiting(), *await ports.indemnities.waiting()]
        mine = [_of_queue(brief, queue) for brief in await mine_of(ports, me, briefs)]
        ready = [view for view in await beside(ports, me) if queue in {None, view.queue}]
        return await _attention_page(ports, mine, ready, cursor, limit)

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
        briefs: list[Brief] = [*await ports.lines.due(last), *await ports.indemnities.due(last)]
        mine = await mine_of(ports, me, briefs)
        ready = await due_beside(ports, me, now, last)
        return await _deadline_page(ports, mine, now, cursor, limit, ready=ready)


def add_order_lists(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/orders/{order_id}/attention", responses=refusals(404))
    async def order_attention(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Attentions:
        """What of one order needs a person."""
        document = await existing(ports, order_id, me)
        owed = await ports.indemnities.waiting(order_id=order_id)
        ready = await beside(ports, me, order_id)
        if document.lots:
            briefs: list[Brief] = [*await ports.lines.waiting(order_id=order_id), *owed]
            return await _attention_page(ports, briefs, ready, cursor, limit)
        lines = await lines_of(ports, document)
        ready += [
            view
            for line in document.lines
            if line.line_id in lines
            for view in attention_views(lines[line.line_id], line)
        ]
        return await _attention_page(ports, owed, ready, cursor, limit)

    @app.get("/orders/{order_id}/deadlines", responses=refusals(404))
    async def order_deadlines(
        order_id: OrderId, me: Me, cursor: CursorText = None, limit: Limit = PAGE
    ) -> Deadlines:
        """What one order waits for, and until when."""
        now = await ports.now()
        document = await existing(ports, order_id, me)
        briefs: list[Brief] = [*await ports.indemnities.due(now + _FAR, order_id=order_id)]
        ready = await due_beside(ports, me, now, now + _FAR, order_id)
        if document.lots:
            briefs += await ports.lines.due(now + _FAR, order_id=order_id)
            return await _deadline_page(ports, briefs, now, cursor, limit, ready=ready)
        ready += _due((await lines_of(ports, document)).values(), now)
        return await _deadline_page(ports, briefs, now, cursor, limit, ready=ready)


def _id(brief: Brief) -> str:
    return str(brief.line_id if isinstance(brief, LineBrief) else brief.indemnity_id)


def _of_queue(brief: Brief, queue: str | None) -> Brief:
    """With what one team looks after, where one is named."""
    causes = tuple(cause for cause in brief.causes if queue in {None, cause.queue})
    return brief.model_copy(update={"causes": causes})


async def _attention_page(
    ports: ApiPorts,
    briefs: Iterable[Brief],
    ready: Iterable[AttentionView],
    cursor: str | None,
    limit: int,
) -> Attentions:
    """Which they are is found in their briefs; only those shown are read whole."""
    items = [
        _Item(place=(_instant(cause.until), _id(brief), cause.code), of=brief)
        for brief in briefs
        for cause in brief.causes
    ]
    items += [_Item(place=_attention_place(view), of=view) for view in ready]
    after, now = place_of(cursor, _UNTIL_LINE_CODE), await ports.now()
    late = sum(str(item.place[0]) < _instant(now) for item in items)
    page, following = page_of(items, place=lambda item: item.place, after=after, limit=limit)
    shown = {item.place for item in page}
    views = [item.of for item in page if isinstance(item.of, AttentionView)]
    lines = {item.of.line_id: item.of for item in page if isinstance(item.of, LineBrief)}
    found = [
        view
        for line, document in await with_documents(ports, lines.values())
        for view in attention_views(document, line)
    ]
    found += [view for one in await _owed(ports, page) for view in attention_views_of(one)]
    views += [view for view in found if _attention_place(view) in shown]
    views = [view.model_copy(update={"late": view.until < now}) for view in views]
    listed = tuple(sorted(views, key=_attention_place))
    return Attentions(attention=listed, late=late, next=following)


async def _owed(ports: ApiPorts, page: Iterable[_Item]) -> Iterable[IndemnityDocument]:
    ids = {item.of.indemnity_id for item in page if isinstance(item.of, IndemnityBrief)}
    return (await ports.indemnities.many(ids)).values()


async def _deadline_page(
    ports: ApiPorts,
    briefs: Iterable[Brief],
    now: datetime,
    cursor: str | None,
    limit: int,
    *,
    ready: Iterable[DeadlineView] = (),
) -> Deadlines:
    items = [
        _Item(place=(_instant(brief.until), _id(brief)), of=brief)
        for brief in briefs
        if brief.until is not None
    ]
    items += [_Item(place=_deadline_place(view), of=view) for view in ready]
    after = place_of(cursor, _UNTIL_LINE)
    page, following = page_of(items, place=lambda item: item.place, after=after, limit=limit)
    views = [item.of for item in page if isinstance(item.of, DeadlineView)]
    lines = [item.of for item in page if isinstance(item.of, LineBrief)]
    views += _due((document for _, document in await with_documents(ports, lines)), now)
    owed = (deadline_view_of(one, now) for one in await _owed(ports, page))
    views += [view for view in owed if view is not None]
    views = sorted(views, key=_deadline_place)
    return Deadlines(now=now, deadlines=tuple(views), next=following)


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
