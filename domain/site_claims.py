"""Who has an order open at an address, beside the socket or the line it names (decision 39).

A socket or a line has one holder (`claims`). An address is shared lawfully, by the sockets of one
building: there, an order that names nothing else and any other stand in each other's way, and two
that each name a socket or a line do not. How far two addresses differ is in their words: another
floor is another address.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain.claims import NumberClaimed, NumberReleased
from domain.event import Command, Event
from domain.identity import LineId, OrderId

# errors


class AddressTakenError(Exception):
    """Another order is open at the address, and one of the two names nothing else."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        super().__init__(
            f"order {order_id} is open at the address; name the socket or the line of each, say "
            "that they are two sites, or wait for that one to end"
        )


# commands


class ClaimAddress(Command):
    line_id: LineId
    order_id: OrderId
    named: bool
    """Whether it names a socket or a line too."""
    apart: bool = False
    """A person has said that it is another site than those that are there."""


class ReleaseAddress(Command):
    line_id: LineId


AddressCommand = ClaimAddress | ReleaseAddress

# events


class AddressClaimed(Event):
    """An order is open for a site at the address."""

    line_id: LineId
    order_id: OrderId
    named: bool
    """Whether it names a socket or a line too."""


class AddressReleased(Event):
    line_id: LineId


AddressEvent = AddressClaimed | AddressReleased | NumberClaimed | NumberReleased
"""Before addresses were shared, orders that named nothing else claimed them like a number."""

# state

Holders = tuple[AddressClaimed, ...]


@dataclass(frozen=True, kw_only=True)
class AtAddress:
    """A site as its order names it."""

    line_id: LineId
    order_id: OrderId
    named: bool
    apart: bool = False


# decide


def holding(site: AtAddress, *, at: datetime) -> Callable[[tuple[Event, ...]], tuple[Event, ...]]:
    """What the address's stream decides beside the line's own."""
    command = ClaimAddress(
        decided_at=at,
        line_id=site.line_id,
        order_id=site.order_id,
        named=site.named,
        apart=site.apart,
    )
    return lambda events: decide(command, fold(events))


def leaving(*, line_id: LineId, at: datetime) -> Callable[[tuple[Event, ...]], tuple[Event, ...]]:
    command = ReleaseAddress(decided_at=at, line_id=line_id)
    return lambda events: decide(command, fold(events))


def decide(command: AddressCommand, holders: Holders) -> tuple[AddressEvent, ...]:
    own = next((one for one in holders if one.line_id == command.line_id), None)
    match command:
        case ClaimAddress():
            if own is not None and own.named == command.named:
                return ()
            _check_free(command, tuple(one for one in holders if one is not own))
            claimed = AddressClaimed(
                line_id=command.line_id, order_id=command.order_id, named=command.named
            )
            return (claimed,)
        case ReleaseAddress(line_id=line_id):
            return () if own is None else (AddressReleased(line_id=line_id),)
        case _:
            assert_never(command)


def _check_free(command: ClaimAddress, holders: Holders) -> None:
    for one in holders:
        if not command.apart and not (command.named and one.named):
            raise AddressTakenError(one.order_id)


# evolve


def evolve(holders: Holders, event: AddressEvent) -> Holders:
    others = tuple(one for one in holders if one.line_id != event.line_id)
    match event:
        case AddressClaimed():
            return (*others, event)
        case NumberClaimed(line_id=line_id, order_id=order_id):
            return (*others, AddressClaimed(line_id=line_id, order_id=order_id, named=False))
        case AddressReleased() | NumberReleased():
            return others
        case _:
            assert_never(event)


def fold(events: Iterable[Event]) -> Holders:
    holders: Holders = ()
    for event in events:
        if isinstance(event, AddressEvent):
            holders = evolve(holders, event)
    return holders
