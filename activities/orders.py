"""The verbs of an order: open its lines, see them end, close."""

from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from activities.line_ends import ACTOR, LotBook, end_of, start
from domain import access, access_stages, lots, orders, port_in
from domain.access_commands import OpenAccess
from domain.access_facts import AccessTerms
from domain.event import Event
from domain.identity import (
    LineId,
    OrderId,
    line_stream,
    lot_stream,
    order_stream,
    step_command,
)
from domain.lots import LOTS_A_TURN, Lot
from domain.orders import (
    Closed,
    CloseOrder,
    LineKind,
    NoteLotEnded,
    NotReceived,
    OpenLines,
    OpenLots,
    OrderCommand,
    OrderedLine,
    OrderOutcome,
    OrderRefusedError,
    OrderState,
    Received,
    Running,
    lots_of,
)
from domain.port_in_commands import OpenPort
from domain.port_in_states import NotOpened
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Also, Decision, decide_once
from ledger.envelope import Envelope, current_version
from ledger.messages import START_ACCESS, START_PORT_IN
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.order import OrderStage


class OrderStep(BaseModel):
    """The input of every step: which order, as of which version, at which business instant."""

    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    at: AwareDatetime
    version: int = 0


class LineEndedStep(OrderStep):
    line_id: LineId


class LotEndedStep(OrderStep):
    lot: int


class OrderProgress(BaseModel):
    """What the facts say, as the process may branch on it."""

    model_config = ConfigDict(frozen=True)

    stage: OrderStage
    version: int
    last_at: AwareDatetime
    """The business instant of the newest fact."""
    provider: str
    open_lines: tuple[LineId, ...] = ()
    open_lots: tuple[int, ...] = ()
    """Of a large order, which follows its lots and not its lines."""
    to_open: int = 0
    """How many lots are not opened yet."""
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
        """Each gets its stream and the start of its process; of a large order, the next lots."""
        state = await self._state(step)
        if isinstance(state, Received) and not state.order.lots:
            return await self._obey(
                step,
                OpenLines(decided_at=step.at),
                verb="open-lines",
                also=tuple(_opening(line, step) for line in state.order.lines),
                outbox=tuple(_start(line) for line in state.order.lines),
            )
        return await self._open_lots(step, _unopened(state)[:LOTS_A_TURN])

    async def _open_lots(self, step: OrderStep, numbers: tuple[int, ...]) -> OrderProgress:
        if not numbers:
            return await self.load_order(step)
        lines: list[OrderedLine] = []
        for number in numbers:
            lot = await self._lots.lot(step.order_id, number)
            lines += lot.received.lines if isinstance(lot, Lot) else ()
        return await self._obey(
            step,
            OpenLots(decided_at=step.at, lots=numbers),
            verb=f"open-lots/{numbers[0]}",
            also=(
                *(_opening_lot(step, number) for number in numbers),
                *(_opening(line, step) for line in lines),
            ),
            outbox=tuple(_start(line) for line in lines),
        )

    @activity.defn
    async def note_line_ended(self, step: LineEndedStep) -> OrderProgress:
        """What the line's own facts say; a replacement is opened in the same transaction."""
        state = await self._state(step)
        end = None
        if isinstance(state, Running):
            history = await self.ledger.read(line_stream(step.line_id))
            end = end_of(step.line_id, history, state.order)
        if end is None:
            return await self.load_order(step)
        return await self._obey(
            step,
            end.command(step.at),
            verb=f"line-ended/{step.line_id}",
            also=end.also(step.at),
            outbox=end.outbox(),
        )

    @activity.defn
    async def note_lot_ended(self, step: LotEndedStep) -> OrderProgress:
        """What the lot's own facts say: nothing while a line of it is open."""
        lot = await self._lots.lot(step.order_id, step.lot)
        if not isinstance(lot, Lot) or not lot.over:
            return await self.load_order(step)
        command = NoteLotEnded(decided_at=step.at, lot=step.lot, outcomes=lot.outcomes)
        return await self._obey(step, command, verb=f"lot-ended/{step.lot}")

    @activity.defn
    async def close_order(self, step: OrderStep) -> OrderProgress:
        return await self._obey(step, CloseOrder(decided_at=step.at), verb="close")

    @property
    def _lots(self) -> LotBook:
        return LotBook(ledger=self.ledger, keyed_hash=self.keyed_hash)

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
        open_lots=state.open_lots if isinstance(state, Running) else (),
        to_open=len(_unopened(state)),
        outcome=state.outcome if isinstance(state, Closed) else None,
    )


def _unopened(state: OrderState) -> tuple[int, ...]:
    match state:
        case Received(order=order):
            return tuple(lots_of(order))
        case Running():
            return state.unopened
        case _:
            return ()


def _opening_lot(step: OrderStep, lot: int) -> Also:
    command = OpenLines(decided_at=step.at)
    return Also(
        stream_id=lot_stream(step.order_id, lot),
        decide=lambda events: lots.decide(command, lots.fold(events)),
    )


def _opening(line: OrderedLine, step: OrderStep) -> Also:
    first = _first(line, step)
    return Also(
        stream_id=line_stream(line.terms.line_id), decide=lambda events: () if events else first
    )


def _first(line: OrderedLine, step: OrderStep) -> tuple[Event, ...]:
    """What a line's own stream begins with."""
    if isinstance(line.terms, AccessTerms):
        opening = OpenAccess(
            decided_at=step.at,
            answer_by=step.at,
            terms=line.terms,
            gates=line.gates,
            stated=line.stated,
        )
        return access.decide(opening, access_stages.NotOpened())
    command = OpenPort(
        decided_at=step.at,
        answer_by=step.at,
        terms=line.terms,
        gates=line.gates,
        stated=line.stated,
    )
    return port_in.decide(command, NotOpened())


def _start(line: OrderedLine) -> OutboxMessage:
    kind = START_ACCESS if line.kind is LineKind.ACCESS else START_PORT_IN
    return start(kind, line.terms.line_id)
