"""The walking order: the smallest process that crosses every part of the house.

It is received, waits for one acknowledgement until a date, and ends acknowledged or lapsed.
Port-in of a mobile number replaces it (see CHANGELOG).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from pydantic import AwareDatetime

from domain.event import Command, Event
from domain.identity import OrderId
from domain.personal import Personal
from domain.policies import ACKNOWLEDGEMENT_WAIT

# errors


class OrderRefusedError(Exception):
    """The command cannot be obeyed in the state the order is in."""


# commands


class ReceiveOrder(Command):
    order_id: OrderId
    reference: str
    contact: Personal


class AwaitAcknowledgement(Command):
    order_id: OrderId


class AcknowledgeOrder(Command):
    order_id: OrderId
    message_key: str


class LapseOrder(Command):
    order_id: OrderId


WalkingOrderCommand = ReceiveOrder | AwaitAcknowledgement | AcknowledgeOrder | LapseOrder


# events


class OrderReceived(Event):
    order_id: OrderId
    reference: str
    contact: Personal


class AcknowledgementAwaited(Event):
    order_id: OrderId
    until: AwareDatetime


class OrderAcknowledged(Event):
    order_id: OrderId
    message_key: str


class OrderLapsed(Event):
    order_id: OrderId
    awaited_until: AwareDatetime


WalkingOrderEvent = OrderReceived | AcknowledgementAwaited | OrderAcknowledged | OrderLapsed


# state


@dataclass(frozen=True)
class NotReceived:
    """No fact yet."""


@dataclass(frozen=True)
class Received:
    order_id: OrderId


@dataclass(frozen=True)
class Awaiting:
    order_id: OrderId
    until: AwareDatetime


@dataclass(frozen=True)
class Acknowledged:
    order_id: OrderId


@dataclass(frozen=True)
class Lapsed:
    order_id: OrderId


WalkingOrderState = NotReceived | Received | Awaiting | Acknowledged | Lapsed


# decide


def decide(command: WalkingOrderCommand, state: WalkingOrderState) -> tuple[WalkingOrderEvent, ...]:
    match command, state:
        case ReceiveOrder(order_id=order_id, reference=reference, contact=contact), NotReceived():
            return (OrderReceived(order_id=order_id, reference=reference, contact=contact),)
        case AwaitAcknowledgement(order_id=order_id, decided_at=now), Received():
            until = now + ACKNOWLEDGEMENT_WAIT.span
            return (AcknowledgementAwaited(order_id=order_id, until=until),)
        case AcknowledgeOrder(order_id=order_id, message_key=key), Awaiting():
            return (OrderAcknowledged(order_id=order_id, message_key=key),)
        case LapseOrder(order_id=order_id), Awaiting(until=until):
            return (OrderLapsed(order_id=order_id, awaited_until=until),)
        case _:
            raise OrderRefusedError(
                f"{type(command).__name__} cannot be obeyed: order {command.order_id} is "
                f"{type(state).__name__}; look at its timeline before trying again"
            )


# evolve


def evolve(state: WalkingOrderState, event: WalkingOrderEvent) -> WalkingOrderState:
    del state
    match event:
        case OrderReceived(order_id=order_id):
            return Received(order_id=order_id)
        case AcknowledgementAwaited(order_id=order_id, until=until):
            return Awaiting(order_id=order_id, until=until)
        case OrderAcknowledged(order_id=order_id):
            return Acknowledged(order_id=order_id)
        case OrderLapsed(order_id=order_id):
            return Lapsed(order_id=order_id)
        case _:
            assert_never(event)


def fold(events: Iterable[Event]) -> WalkingOrderState:
    """Where the facts of a stream lead; those of others, should there be any, are not ours."""
    state: WalkingOrderState = NotReceived()
    for event in events:
        if isinstance(event, WalkingOrderEvent):
            state = evolve(state, event)
    return state
