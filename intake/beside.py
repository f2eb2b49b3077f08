"""What waits for a person beside lines and indemnities, as the one list of it shows it."""

from domain.callers import Caller
from domain.identity import OrderId
from intake.api import ApiPorts
from intake.views import AttentionView, attention_views_of_difference


async def beside(
    ports: ApiPorts, me: Caller, order_id: OrderId | None = None
) -> list[AttentionView]:
    """Of one order, or of all; it is the house's own to decide."""
    if me.own_orders_only:
        return []
    differences = await ports.reconcile.differences()
    return [
        view
        for one in differences
        if order_id in {None, one.order_id}
        for view in attention_views_of_difference(one)
    ]
