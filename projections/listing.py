"""What a list of orders is asked for, and what it answers: places, read a page at a time."""

from dataclasses import dataclass

from domain.identity import OrderId


@dataclass(frozen=True, kw_only=True)
class OrdersAsked:
    """Which orders a list is about; of one client's only, when it names one."""

    client: str | None = None
    reference: str | None = None
    still_open: bool | None = None
    before: int | None = None
    limit: int


@dataclass(frozen=True, kw_only=True)
class OrderPlace:
    """An order and where it stands in the list of all: the newest has the highest place."""

    order_id: OrderId
    place: int
