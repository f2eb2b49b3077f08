"""The lines of a large order, in lots of a hundred at most.

No stream and no document grows with the fleet: what one line costs is the same in all of them. A
lot is part of its order, follows nothing of its own, and is over with its last line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from domain.event import Command, Event
from domain.identity import LineId, OrderId
from domain.orders import (
    LineEnded,
    LineOpened,
    NoteLineEnded,
    OpenLines,
    OrderedLine,
    OrderRefusedError,
    ended,
    opened,
)
from domain.port_in_facts import Outcome

LINES_KEPT = 20
"""An order of so many lines keeps them itself: as many as one request takes. A default of ours."""

LINES_OF_A_LOT = 100
"""A default of ours."""

LOTS_A_TURN = 2
"""At most two hundred lines are opened in one transaction (design § 10.12)."""

ItemT = TypeVar("ItemT")


def in_lots(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    for start in range(0, len(items), LINES_OF_A_LOT):
        yield items[start : start + LINES_OF_A_LOT]


def lot_of(number: int) -> int:
    """The lot a line is in, by its place in the order; both are counted from 1."""
    return (number - 1) // LINES_OF_A_LOT + 1


# commands


class ReceiveLot(Command):
    order_id: OrderId
    lot: int
    of_lines: int
    lines: tuple[OrderedLine, ...]


LotCommand = ReceiveLot | OpenLines | NoteLineEnded

# events


class LotReceived(Event):
    order_id: OrderId
    lot: int
    of_lines: int
    """How many lines the whole order has."""
    lines: tuple[OrderedLine, ...]


LotEvent = LotReceived | LineOpened | LineEnded

# state


@dataclass(frozen=True)
class NotReceived:
    """No fact yet."""


@dataclass(frozen=True, kw_only=True)
class Lot:
    received: LotReceived
    lines: Mapping[LineId, Outcome | None]
    """None while the line is open; empty until they are opened."""

    @property
    def still_open(self) -> tuple[LineId, ...]:
        return tuple(line for line, outcome in self.lines.items() if outcome is None)

    @property
    def over(self) -> bool:
        return bool(self.lines) and not self.still_open

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many of the lines that have ended ended in which way."""
        return Counter(outcome for outcome in self.lines.values() if outcome is not None)


LotState = NotReceived | Lot

# decide


def decide(command: LotCommand, state: LotState) -> tuple[LotEvent, ...]:
    match command, state:
        case ReceiveLot(), NotReceived():
            return (LotReceived(**{k: v for k, v in command if k != "decided_at"}),)
        case OpenLines(), Lot(received=received):
            return () if state.lines else opened(received.lines)
        case NoteLineEnded(line_id=line_id), Lot():
            return ended(command) if line_id in state.still_open else ()
        case _:
            raise OrderRefusedError(
                f"{type(command).__name__} does not fit: the lot is {type(state).__name__.lower()}"
            )


# evolve


def evolve(state: LotState, event: LotEvent) -> LotState:
    match event:
        case LotReceived():
            return Lot(received=event, lines={})
        case LineOpened(line_id=line_id):
            return _with(state, line_id, None)
        case LineEnded(line_id=line_id, outcome=outcome):
            return _with(state, line_id, outcome)
        case _:
            assert_never(event)


def _with(state: LotState, line_id: LineId, outcome: Outcome | None) -> LotState:
    if isinstance(state, Lot):
        return replace(state, lines={**state.lines, line_id: outcome})
    return state


def fold(events: Iterable[Event]) -> LotState:
    """Where the facts of a lot's stream lead."""
    state: LotState = NotReceived()
    for event in events:
        if isinstance(event, LotEvent):
            state = evolve(state, event)
    return state
