"""An order: what was signed, its lines, and how each of them and all of them end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from pydantic import BaseModel, ConfigDict

from domain.event import Command, Event
from domain.identity import LineId, OrderId
from domain.personal import Personal
from domain.port_in_facts import Gate, LineTerms, Outcome
from domain.said import Language, Said

# errors


class OrderRefusedError(Exception):
    """The command does not fit where the order stands; nothing was recorded."""


# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerKind(StrEnum):
    """What the customer is, in the words of the contracts."""

    COMPANY = "company"
    ASSOCIATION = "association"
    PROFESSIONAL = "professional"
    LEGAL_PERSON = "legal-person"
    NATURAL_PERSON = "natural-person"


class LineKind(StrEnum):
    PORT_IN_MOBILE = "port-in-mobile"
    """The customer keeps a mobile number."""
    NEW_NUMBER = "new-number"
    """A new number, given because the old one could not be ported."""


class OrderedLine(_Value):
    """One line as it was ordered; its gates are those of the day of the order."""

    terms: LineTerms
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...]


class OrderOutcome(StrEnum):
    COMPLETED = "completed"
    """Every line was delivered, under its own number or a new one."""
    CANCELLED = "cancelled"
    """Every line was cancelled."""
    REFUSED = "refused"
    """No line could be delivered."""
    PARTLY = "partly"
    """Some were, some were not: each line says."""


BEFORE_KEYS = "api"
"""Who brought in the orders of the time when callers had no keys."""

# commands


class ReceiveOrder(Command):
    order_id: OrderId
    reference: str
    provider: str
    service: str
    signed_on: date
    customer_kind: CustomerKind
    customer: Personal
    contact: Personal
    lines: tuple[OrderedLine, ...]
    client: str
    email: Personal | None = None
    language: Language | None = None


class OpenLines(Command):
    """Give every line a process of its own."""


class NoteLineEnded(Command):
    line_id: LineId
    outcome: Outcome
    replaced_by: LineId | None


class CloseOrder(Command):
    pass


OrderCommand = ReceiveOrder | OpenLines | NoteLineEnded | CloseOrder

# events


class OrderReceived(Event):
    order_id: OrderId
    reference: str
    provider: str
    service: str
    signed_on: date
    customer_kind: CustomerKind
    customer: Personal
    contact: Personal
    lines: tuple[OrderedLine, ...]
    client: str = BEFORE_KEYS
    """Who brought it in: it is theirs to see."""
    email: Personal | None = None
    """Where the customer is told."""
    language: Language | None = None
    """What the customer reads; None in orders of the time when customers were not told."""


class LineOpened(Event):
    line_id: LineId
    number: int
    kind: LineKind
    replaces: LineId | None = None


class LineEnded(Event):
    line_id: LineId
    outcome: Outcome


class OrderClosed(Event):
    outcome: OrderOutcome


OrderEvent = OrderReceived | LineOpened | LineEnded | OrderClosed

# state


@dataclass(frozen=True)
class NotReceived:
    """No fact yet."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """Kept; its lines have no process yet."""

    order: OrderReceived


@dataclass(frozen=True, kw_only=True)
class Running:
    order: OrderReceived
    lines: Mapping[LineId, Outcome | None]
    """None while the line is open."""

    @property
    def still_open(self) -> tuple[LineId, ...]:
        return tuple(line for line, outcome in self.lines.items() if outcome is None)


@dataclass(frozen=True, kw_only=True)
class Closed:
    order: OrderReceived
    outcome: OrderOutcome


OrderState = NotReceived | Received | Running | Closed

# decide


def decide(command: OrderCommand, state: OrderState) -> tuple[OrderEvent, ...]:
    match command, state:
        case ReceiveOrder(), NotReceived():
            return (OrderReceived(**{k: v for k, v in command if k != "decided_at"}),)
        case OpenLines(), Received(order=order):
            return tuple(
                LineOpened(
                    line_id=line.terms.line_id,
                    number=line.terms.number,
                    kind=LineKind.PORT_IN_MOBILE,
                )
                for line in order.lines
            )
        case NoteLineEnded(), Running():
            return _line_ended(command, state)
        case CloseOrder(), Running() if not state.still_open:
            return (OrderClosed(outcome=_outcome(state.lines.values())),)
        case _:
            raise OrderRefusedError(
                f"{type(command).__name__} does not fit: the order is "
                f"{type(state).__name__.lower()}; look at its timeline"
            )


def _line_ended(command: NoteLineEnded, state: Running) -> tuple[OrderEvent, ...]:
    if command.line_id not in state.still_open:
        return ()
    ended = LineEnded(line_id=command.line_id, outcome=command.outcome)
    if command.replaced_by is None:
        return (ended,)
    opened = LineOpened(
        line_id=command.replaced_by,
        number=len(state.lines) + 1,
        kind=LineKind.NEW_NUMBER,
        replaces=command.line_id,
    )
    return (ended, opened)


_DELIVERED = {Outcome.PORTED, Outcome.ACTIVATED}


def _outcome(outcomes: Iterable[Outcome | None]) -> OrderOutcome:
    """A line that was replaced counts as its replacement does."""
    counted = Counter(outcome for outcome in outcomes if outcome is not Outcome.REPLACED)
    kinds = set(counted)
    if kinds <= _DELIVERED:
        return OrderOutcome.COMPLETED
    if kinds == {Outcome.CANCELLED}:
        return OrderOutcome.CANCELLED
    return OrderOutcome.PARTLY if kinds & _DELIVERED else OrderOutcome.REFUSED


# evolve


def evolve(state: OrderState, event: OrderEvent) -> OrderState:
    match event:
        case OrderReceived():
            return Received(order=event)
        case LineOpened(line_id=line_id):
            return _with(state, line_id, None)
        case LineEnded(line_id=line_id, outcome=outcome):
            return _with(state, line_id, outcome)
        case OrderClosed(outcome=closed):
            return state if isinstance(state, NotReceived) else _closed(state, closed)
        case _:
            assert_never(event)


def _with(state: OrderState, line_id: LineId, outcome: Outcome | None) -> OrderState:
    if isinstance(state, Received):
        return Running(order=state.order, lines={line_id: outcome})
    if isinstance(state, Running):
        return replace(state, lines={**state.lines, line_id: outcome})
    return state


def _closed(state: Received | Running | Closed, outcome: OrderOutcome) -> Closed:
    return Closed(order=state.order, outcome=outcome)


def fold(events: Iterable[Event]) -> OrderState:
    """Where the facts of an order's stream lead."""
    state: OrderState = NotReceived()
    for event in events:
        if isinstance(event, OrderEvent):
            state = evolve(state, event)
    return state
