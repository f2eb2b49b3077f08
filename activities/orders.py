"""The verbs of an order: open its lines, see each of them end, close."""

import json
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from domain import new_numbers, orders, port_in
from domain.event import Event
from domain.identity import LineId, OrderId, line_stream, order_stream, step_command
from domain.new_numbers import NewNumberTerms, OpenNewNumber
from domain.orders import (
    Closed,
    CloseOrder,
    NoteLineEnded,
    NotReceived,
    OpenLines,
    OrderCommand,
    OrderedLine,
    OrderOutcome,
    OrderRefusedError,
    OrderState,
    Received,
    Running,
)
from domain.port_in_commands import OpenPort
from domain.port_in_facts import PortEnded
from domain.port_in_states import Ended, NotOpened
from domain.port_in_states import fold as fold_port
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Also, Decision, decide_once
from ledger.envelope import Envelope, current_version
from ledger.messages import START_NEW_NUMBER, START_PORT_IN
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.order import OrderStage

ACTOR = "process"


class OrderStep(BaseModel):
    """The input of every step: which order, as of which version, at which business instant."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    at: AwareDatetime
    version: int = 0


class LineEndedStep(OrderStep):
    line_id: LineId


class OrderProgress(BaseModel):
    """What the facts say, as the process may branch on it."""

    model_config = ConfigDict(frozen=True)

    stage: OrderStage
    version: int
    last_at: AwareDatetime
    """The business instant of the newest fact."""
    provider: str
    open_lines: tuple[LineId, ...] = ()
    outcome: OrderOutcome | None = None


class OrderUnknownError(LookupError):
    """A process was started for an order the ledger does not hold."""

    def __init__(self, order_id: OrderId) -> None:
        super().__init__(f"order {order_id} is not in the ledger; look up its id and try again")


@dataclass(frozen=True, kw_only=True)
class OrderActivities:
    ledger: Ledger
    keyed_hash: KeyedHash

    @activity.defn
    async def load_order(self, step: OrderStep) -> OrderProgress:
        return _progress(step.order_id, await self.ledger.read(order_stream(step.order_id)))

    @activity.defn
    async def open_lines(self, step: OrderStep) -> OrderProgress:
        """Every line gets its stream and the start of its process, or none does."""
        state = await self._state(step)
        if not isinstance(state, Received):
            return await self.load_order(step)
        return await self._obey(
            step,
            OpenLines(decided_at=step.at),
            verb="open-lines",
            also=tuple(_opening(line, step) for line in state.order.lines),
            outbox=tuple(_start(START_PORT_IN, line.terms.line_id) for line in state.order.lines),
        )

    @activity.defn
    async def note_line_ended(self, step: LineEndedStep) -> OrderProgress:
        """What the line's own facts say; a replacement is opened in the same transaction."""
        history = await self.ledger.read(line_stream(step.line_id))
        ended = next((e.event for e in history if isinstance(e.event, _ENDS)), None)
        if ended is None:
            return await self.load_order(step)
        replaced_by = ended.replaced_by if isinstance(ended, PortEnded) else None
        opened = None if replaced_by is None else _replacement(replaced_by, history, step)
        command = NoteLineEnded(
            decided_at=step.at,
            line_id=step.line_id,
            outcome=ended.outcome,
            replaced_by=replaced_by,
        )
        return await self._obey(
            step,
            command,
            verb=f"line-ended/{step.line_id}",
            also=() if opened is None else (opened,),
            outbox=() if replaced_by is None else (_start(START_NEW_NUMBER, replaced_by),),
        )

    @activity.defn
    async def close_order(self, step: OrderStep) -> OrderProgress:
        return await self._obey(step, CloseOrder(decided_at=step.at), verb="close")

    async def _state(self, step: OrderStep) -> OrderState:
        history = await self.ledger.read(order_stream(step.order_id))
        return orders.fold(envelope.event for envelope in history)

    async def _obey(
        self,
        step: OrderStep,
        command: OrderCommand,
        *,
        verb: str,
        also: tuple[Also, ...] = (),
        outbox: tuple[OutboxMessage, ...] = (),
    ) -> OrderProgress:
        command_id = step_command(step.order_id, step=verb)
        digest = self.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        decision = Decision(
            stream_id=order_stream(step.order_id),
            stamp=CommandStamp(command_id=command_id, fingerprint=digest),
            decide=lambda events: orders.decide(command, orders.fold(events)),
            business_at=step.at,
            actor=ACTOR,
            correlation=str(step.order_id),
            also=also,
            outbox=outbox,
        )
        try:
            return _progress(step.order_id, await decide_once(self.ledger, decision))
        except OrderRefusedError:
            return await self.load_order(step)


_ENDS = (PortEnded, new_numbers.NewNumberEnded)


def _progress(order_id: OrderId, history: tuple[Envelope, ...]) -> OrderProgress:
    state = orders.fold(envelope.event for envelope in history)
    if isinstance(state, NotReceived):
        raise OrderUnknownError(order_id)
    stages = {Received: OrderStage.RECEIVED, Running: OrderStage.RUNNING}
    return OrderProgress(
        stage=stages.get(type(state), OrderStage.CLOSED),
        version=current_version(history),
        last_at=history[-1].business_at,
        provider=state.order.provider,
        open_lines=state.still_open if isinstance(state, Running) else (),
        outcome=state.outcome if isinstance(state, Closed) else None,
    )


def _opening(line: OrderedLine, step: OrderStep) -> Also:
    command = OpenPort(
        decided_at=step.at,
        answer_by=step.at,
        terms=line.terms,
        gates=line.gates,
        stated=line.stated,
    )

    def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
        return () if events else port_in.decide(command, NotOpened())

    return Also(stream_id=line_stream(line.terms.line_id), decide=decide)


def _replacement(line_id: LineId, history: tuple[Envelope, ...], step: LineEndedStep) -> Also:
    """Under the same contract, on the line that was ready, if one was."""
    port = fold_port(envelope.event for envelope in history)
    if not isinstance(port, Ended):
        raise TypeError(f"line {step.line_id} is replaced before it has ended")
    terms = NewNumberTerms(
        line_id=line_id,
        order_id=step.order_id,
        replaces=step.line_id,
        pin=port.terms.pin,
        host=port.terms.host,
        sim=port.terms.sim,
        host_line=port.host_line,
        asked_at=step.at,
    )
    command = OpenNewNumber(decided_at=step.at, answer_by=step.at, terms=terms)

    def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
        return () if events else new_numbers.decide(command, new_numbers.NotOpened())

    return Also(stream_id=line_stream(line_id), decide=decide)


def _start(kind: str, line_id: LineId) -> OutboxMessage:
    return OutboxMessage(kind=kind, payload=json.dumps({"line_id": str(line_id)}))
