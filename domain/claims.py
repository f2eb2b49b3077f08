"""A number's own stream, or a site's: one line at a time has it, whoever asks first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain.event import Command, Event
from domain.identity import LineId, OrderId

# errors


class NumberTakenError(Exception):
    """Another order is moving the number."""

    def __init__(self, order_id: OrderId) -> None:
        self.order_id = order_id
        super().__init__(
            f"the number is being moved by order {order_id}; wait for that one to end, or cancel it"
        )


# commands


class ClaimNumber(Command):
    line_id: LineId
    order_id: OrderId


class ReleaseNumber(Command):
    line_id: LineId


NumberCommand = ClaimNumber | ReleaseNumber

# events


class NumberClaimed(Event):
    line_id: LineId
    order_id: OrderId


class NumberReleased(Event):
    line_id: LineId


NumberEvent = NumberClaimed | NumberReleased

# state


@dataclass(frozen=True)
class Free:
    """Nobody is moving it."""


@dataclass(frozen=True)
class Claimed:
    line_id: LineId
    order_id: OrderId


NumberState = Free | Claimed


def lines_that_asked(history: Iterable[Event]) -> tuple[LineId, ...]:
    """Those that moved the number, or meant to: the last one first."""
    claims = [event.line_id for event in history if isinstance(event, NumberClaimed)]
    return tuple(dict.fromkeys(reversed(claims)))


# decide


def claiming(
    *, line_id: LineId, order_id: OrderId, at: datetime
) -> Callable[[tuple[Event, ...]], tuple[Event, ...]]:
    """What the stream of a number or a site decides beside the line's own."""
    command = ClaimNumber(decided_at=at, line_id=line_id, order_id=order_id)
    return lambda events: decide(command, fold(events))


def releasing(*, line_id: LineId, at: datetime) -> Callable[[tuple[Event, ...]], tuple[Event, ...]]:
    command = ReleaseNumber(decided_at=at, line_id=line_id)
    return lambda events: decide(command, fold(events))


def decide(command: NumberCommand, state: NumberState) -> tuple[NumberEvent, ...]:
    match command, state:
        case ClaimNumber(line_id=line_id, order_id=order_id), Free():
            return (NumberClaimed(line_id=line_id, order_id=order_id),)
        case ClaimNumber(line_id=line_id), Claimed(line_id=holder, order_id=order_id):
            if holder != line_id:
                raise NumberTakenError(order_id)
            return ()
        case ReleaseNumber(line_id=line_id), Claimed(line_id=holder) if holder == line_id:
            return (NumberReleased(line_id=line_id),)
        case _:
            return ()


# evolve


def evolve(state: NumberState, event: NumberEvent) -> NumberState:
    del state
    match event:
        case NumberClaimed(line_id=line_id, order_id=order_id):
            return Claimed(line_id=line_id, order_id=order_id)
        case NumberReleased():
            return Free()
        case _:
            assert_never(event)


def fold(events: Iterable[Event]) -> NumberState:
    state: NumberState = Free()
    for event in events:
        if isinstance(event, NumberEvent):
            state = evolve(state, event)
    return state
