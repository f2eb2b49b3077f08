"""What waits for a person beside lines and indemnities, as the one list of it shows it."""

from datetime import datetime

from domain.callers import Caller
from domain.identity import OrderId
from intake.api import ApiPorts
from intake.views import (
    AttentionView,
    DeadlineView,
    attention_views_of,
    attention_views_of_difference,
    deadline_view_of,
)


async def beside(
    ports: ApiPorts, me: Caller, order_id: OrderId | None = None
) -> list[AttentionView]:
    """Of one order, or of all; it is the house's own to decide."""
    if me.own_orders_only:
        return []
    views = [
        view
        for one in await ports.reconcile.differences()
        for view in attention_views_of_difference(one)
    ]
    views += [
        view for one in await ports.reverse_ports.still_open() for view in attention_views_of(one)
    ]
    return [view for view in views if order_id in {None, view.order_id}]


async def due_beside(
    ports: ApiPorts,
    me: Caller,
    now: datetime,
    last: datetime,
    order_id: OrderId | None = None,
) -> list[DeadlineView]:
    if me.own_orders_only:
        return []
    views = [deadline_view_of(one, now) for one in await ports.reverse_ports.still_open()]
    return [
        view
        for view in views
        if view is not None and view.until <= last and order_id in {None, view.order_id}
    ]
