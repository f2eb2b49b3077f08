"""What a line's end means to its order: noted where the order keeps its lines, replaced if so."""

import json
from dataclasses import dataclass
from datetime import datetime

from domain import lots, new_numbers, orders, port_in_states
from domain.access_facts import AccessEnded, AccessOpened
from domain.event import Event
from domain.identity import LineId, OrderId, line_stream, lot_stream, order_stream, step_command
from domain.lots import Lot
from domain.new_numbers import NewNumberEnded, NewNumberTerms, OpenNewNumber
from domain.orders import NoteLineEnded, OrderReceived, Replacement
from domain.port_in_facts import PortEnded
from domain.port_in_states import Ended
from domain.port_in_states import fold as fold_port
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Also, Decision, decide_once
from ledger.envelope import Envelope
from ledger.messages import START_NEW_NUMBER
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

ACTOR = "process"
LineEnded = PortEnded | NewNumberEnded | AccessEnded


@dataclass(frozen=True, kw_only=True)
class LineEnd:
    """How a line ended, and what is opened in its place, if anything is."""

    line_id: LineId
    event: LineEnded
    at: datetime
    replacement: NewNumberTerms | None

    def command(self, at: datetime) -> NoteLineEnded:
        new = self.replacement
        return NoteLineEnded(
            decided_at=at,
            line_id=self.line_id,
            outcome=self.event.outcome,
            replacement=None
            if new is None or new.number is None
            else Replacement(line_id=new.line_id, number=new.number),
        )

    def also(self, at: datetime) -> tuple[Also, ...]:
        new = self.replacement
        if new is None:
            return ()
        command = OpenNewNumber(
            decided_at=at, answer_by=at, terms=new.model_copy(update={"asked_at": at})
        )

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return () if events else new_numbers.decide(command, new_numbers.NotOpened())

        return (Also(stream_id=line_stream(new.line_id), decide=decide),)

    def outbox(self) -> tuple[OutboxMessage, ...]:
        new = self.replacement
        return () if new is None else (start(START_NEW_NUMBER, new.line_id),)


def start(kind: str, line_id: LineId) -> OutboxMessage:
    return OutboxMessage(kind=kind, payload=json.dumps({"line_id": str(line_id)}))


def end_of(line_id: LineId, history: tuple[Envelope, ...], order: OrderReceived) -> LineEnd | None:
    """What the line's own facts say; None while it is open."""
    for envelope in history:
        if isinstance(envelope.event, LineEnded):
            return LineEnd(
                line_id=line_id,
                event=envelope.event,
                at=envelope.business_at,
                replacement=_replacement(history, order),
            )
    return None


def _replacement(history: tuple[Envelope, ...], order: OrderReceived) -> NewNumberTerms | None:
    """Under the same contract, on the line that was ready, if one was."""
    port = fold_port(envelope.event for envelope in history)
    if not isinstance(port, Ended) or port.ended.replaced_by is None:
        return None
    terms = port.terms
    return NewNumberTerms(
        line_id=port.ended.replaced_by,
        order_id=terms.order_id,
        replaces=terms.line_id,
        pin=terms.pin,
        host=terms.host,
        sim=terms.sim,
        host_line=port.host_line,
        asked_at=history[-1].business_at,
        number=order.line_count + terms.number,
        lot=terms.lot,
    )


@dataclass(frozen=True, kw_only=True)
class LotBook:
    """Notes the ends of lines in the lots of a large order, which have no process of their own."""

    ledger: Ledger
    keyed_hash: KeyedHash

    async def order(self, order_id: OrderId) -> orders.OrderState:
        history = await self.ledger.read(order_stream(order_id))
        return orders.fold(envelope.event for envelope in history)

    async def lot(self, order_id: OrderId, lot: int) -> lots.LotState:
        history = await self.ledger.read(lot_stream(order_id, lot))
        return lots.fold(envelope.event for envelope in history)

    async def note(self, order: OrderReceived, line_id: LineId) -> Lot | None:
        """The lot after it; None while the line is open. At the instant the line ended."""
        history = await self.ledger.read(line_stream(line_id))
        end = end_of(line_id, history, order)
        lot = lot_in(history)
        if end is None or lot is None:
            return None
        command = end.command(end.at)
        step = f"line-ended/{line_id}"
        after = await decide_once(
            self.ledger,
            Decision(
                stream_id=lot_stream(order.order_id, lot),
                stamp=CommandStamp(
                    command_id=step_command(order.order_id, step=step),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=step.encode()),
                ),
                decide=lambda events: lots.decide(command, lots.fold(events)),
                business_at=end.at,
                actor=ACTOR,
                correlation=str(order.order_id),
                also=end.also(end.at),
                outbox=end.outbox(),
            ),
        )
        state = lots.fold(envelope.event for envelope in after)
        return state if isinstance(state, Lot) else None


def lot_in(history: tuple[Envelope, ...]) -> int | None:
    """The lot a line is kept in; None where the order keeps it itself."""
    events = [envelope.event for envelope in history]
    if events and isinstance(events[0], AccessOpened):
        return events[0].terms.lot
    port = fold_port(events)
    if not isinstance(port, port_in_states.NotOpened):
        return port.terms.lot
    other = new_numbers.fold(events)
    return None if isinstance(other, new_numbers.NotOpened) else other.terms.lot
