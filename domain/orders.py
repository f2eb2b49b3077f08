"""An order: what was signed, its lines, and how each of them and all of them end.

An order of up to twenty lines keeps them itself; a larger one keeps them in lots (`lots.py`),
and knows of each lot only how it ended.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import BaseModel, ConfigDict, Field

from domain.access_facts import AccessTerms
from domain.contract_resolution import Pin
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
    ACCESS = "access"
    """A fixed access to a site."""


class OrderedLine(_Value):
    """One line as it was ordered; its gates are those of the day of the order."""

    terms: Annotated[LineTerms | AccessTerms, Field(union_mode="left_to_right")]
    """Of a number to keep, or of a site."""
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...]

    @property
    def kind(self) -> LineKind:
        return LineKind.ACCESS if isinstance(self.terms, AccessTerms) else LineKind.PORT_IN_MOBILE


class OrderOutcome(StrEnum):
    COMPLETED = "completed"
    """Every line was delivered: under its own number or a new one, or at its site."""
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
    lots: tuple[int, ...] = ()
    pin: Pin | None = None
    email: Personal | None = None
    language: Language | None = None


class OpenLines(Command):
    """Give every line a process of its own."""


class OpenLots(Command):
    """The lines of these lots are opened, each in its lot."""

    lots: tuple[int, ...]


class NoteLotEnded(Command):
    """Every line of a lot has ended: how many in which way."""

    lot: int
    outcomes: Mapping[Outcome, int]


class Replacement(_Value):
    """The line that is opened in place of another: it stands after all that were ordered."""

    line_id: LineId
    number: int


class NoteLineEnded(Command):
    line_id: LineId
    outcome: Outcome
    replacement: Replacement | None = None


class CloseOrder(Command):
    pass


OrderCommand = ReceiveOrder | OpenLines | OpenLots | NoteLineEnded | NoteLotEnded | CloseOrder

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
    lots: tuple[int, ...] = ()
    """How many lines each lot has, from lot 1; empty where the order keeps its lines itself."""
    pin: Pin | None = None
    """The contract all its lines stand under; before there were lots, that of its first line."""

    @property
    def under(self) -> Pin:
        return self.pin or self.lines[0].terms.pin

    @property
    def line_count(self) -> int:
        return len(self.lines) + sum(self.lots)

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


class LotOpened(Event):
    lot: int


class LotEnded(Event):
    lot: int
    outcomes: Mapping[Outcome, int]


class OrderClosed(Event):
    outcome: OrderOutcome


OrderEvent = OrderReceived | LineOpened | LineEnded | LotOpened | LotEnded | OrderClosed

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
    lines: Mapping[LineId, Outcome | None] = field(default_factory=dict)
    """None while the line is open."""
    lots: Mapping[int, Mapping[Outcome, int] | None] = field(default_factory=dict)
    """None while the lot is open; a lot that is not opened yet is not among them."""

    @property
    def still_open(self) -> tuple[LineId, ...]:
        return tuple(line for line, outcome in self.lines.items() if outcome is None)

    @property
    def open_lots(self) -> tuple[int, ...]:
        return tuple(lot for lot, outcomes in self.lots.items() if outcomes is None)

    @property
    def unopened(self) -> tuple[int, ...]:
        return tuple(lot for lot in lots_of(self.order) if lot not in self.lots)

    @property
    def over(self) -> bool:
        return not (self.still_open or self.open_lots or self.unopened)


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
        case OpenLines(), Received(order=order) if not order.lots:
            return opened(order.lines)
        case OpenLots(), Received() | Running():
            return tuple(LotOpened(lot=lot) for lot in command.lots if lot in _to_open(state))
        case NoteLineEnded(), Running():
            return _line_ended(command, state)
        case NoteLotEnded(lot=lot, outcomes=outcomes), Running():
            return (LotEnded(lot=lot, outcomes=outcomes),) if lot in state.open_lots else ()
        case CloseOrder(), Running() if state.over:
            return (OrderClosed(outcome=_outcome(state)),)
        case _:
            raise OrderRefusedError(
                f"{type(command).__name__} does not fit: the order is "
                f"{type(state).__name__.lower()}; look at its timeline"
            )


def lots_of(order: OrderReceived) -> range:
    """They are numbered from 1."""
    return range(1, len(order.lots) + 1)


def _to_open(state: Received | Running) -> Iterable[int]:
    return state.unopened if isinstance(state, Running) else lots_of(state.order)


def opened(lines: Iterable[OrderedLine]) -> tuple[LineOpened, ...]:
    return tuple(
        LineOpened(line_id=line.terms.line_id, number=line.terms.number, kind=line.kind)
        for line in lines
    )


def _line_ended(command: NoteLineEnded, state: Running) -> tuple[OrderEvent, ...]:
    return ended(command) if command.line_id in state.still_open else ()


def ended(command: NoteLineEnded) -> tuple[LineEnded | LineOpened, ...]:
    """The line's end, and the line that is opened in its place if there is one."""
    over = LineEnded(line_id=command.line_id, outcome=command.outcome)
    new = command.replacement
    if new is None:
        return (over,)
    opened = LineOpened(
        line_id=new.line_id, number=new.number, kind=LineKind.NEW_NUMBER, replaces=command.line_id
    )
    return (over, opened)


_DELIVERED = {Outcome.PORTED, Outcome.ACTIVATED, Outcome.DELIVERED}


def _outcome(state: Running) -> OrderOutcome:
    """A line that was replaced counts as its replacement does."""
    counted = Counter(outcome for outcome in state.lines.values() if outcome is not None)
    for outcomes in state.lots.values():
        counted.update(outcomes or {})
    kinds = set(counted) - {Outcome.REPLACED}
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
        case LotOpened(lot=lot):
            return _with_lot(state, lot, None)
        case LotEnded(lot=lot, outcomes=outcomes):
            return _with_lot(state, lot, outcomes)
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


def _with_lot(state: OrderState, lot: int, outcomes: Mapping[Outcome, int] | None) -> OrderState:
    if isinstance(state, Received):
        return Running(order=state.order, lots={lot: outcomes})
    if isinstance(state, Running):
        return replace(state, lots={**state.lots, lot: outcomes})
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
