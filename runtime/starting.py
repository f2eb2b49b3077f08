"""What the relay does with Temporal: starts processes, tells them of messages and ended lines."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.line_ends import LotBook
from domain.clock import BusinessClock
from domain.differences import DifferenceId, difference_stream
from domain.identity import (
    LineId,
    OrderId,
    line_stream,
    step_command,
    unmatched_stream,
)
from domain.indemnity_facts import IndemnityId, indemnity_stream
from domain.message import MessageUnmatched
from domain.orders import Closed, Running
from domain.port_in_facts import HostNetwork
from domain.ports import Clocks
from domain.reverse_port_facts import ReversePortId
from ledger.append import Append, CommandStamp, MessageSettledError, NoStream, StreamAppend
from ledger.messages import WaitingMessage
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.lines import LINES
from projections.projection import fold
from runtime.relay import Done, Later, Outcome, Park, Perform
from workflows.deliver_access import DeliverAccess
from workflows.fulfil_order import FulfilOrder, StartOrder
from workflows.identity import (
    CLOCK_MOVED,
    FACTS_MOVED,
    LINE_ENDED,
    LOT_ENDED,
    MESSAGE_RECEIVED,
    RECONCILE_WORKFLOW_ID,
    RUN_ASKED_FOR,
    TASK_QUEUE,
    difference_workflow_id,
    indemnity_workflow_id,
    line_workflow_id,
    order_workflow_id,
    reverse_port_workflow_id,
)
from workflows.line_process import StartLine
from workflows.new_number import NewNumber
from workflows.port_in_mobile import PortInMobile
from workflows.put_right import PutRight, StartDifference
from workflows.reconcile import Reconcile, StartReconcile
from workflows.reverse_port import ReversePort, StartReversePort
from workflows.settle_indemnity import SettleIndemnity, StartIndemnity
from workflows.technical import TASK_TIMEOUT

FIRST_START = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
RESUME = WorkflowIDReusePolicy.ALLOW_DUPLICATE
"""For streams that are open: Temporal may remember an end that the facts do not."""


@dataclass(frozen=True, kw_only=True)
class ProcessStarter:
    """Starts a process at most once: a duplicate finds the running one, or the finished one."""

    client: Client
    clocks: Clocks

    async def order(self, order_id: OrderId, *, reuse: WorkflowIDReusePolicy) -> None:
        clock = await self.clocks.in_force()
        await self._start(
            FulfilOrder.run,
            StartOrder(order_id=order_id, clock=clock),
            order_workflow_id(order_id),
            "Order",
            reuse,
        )

    async def port_in(self, line_id: LineId, *, reuse: WorkflowIDReusePolicy) -> None:
        start = await self._line(line_id)
        workflow_id = line_workflow_id(line_id)
        await self._start(PortInMobile.run, start, workflow_id, "Mobile number in", reuse)

    async def new_number(self, line_id: LineId, *, reuse: WorkflowIDReusePolicy) -> None:
        start = await self._line(line_id)
        workflow_id = line_workflow_id(line_id)
        await self._start(NewNumber.run, start, workflow_id, "New number", reuse)

    async def access(self, line_id: LineId, *, reuse: WorkflowIDReusePolicy) -> None:
        start = await self._line(line_id)
        workflow_id = line_workflow_id(line_id)
        await self._start(DeliverAccess.run, start, workflow_id, "Fixed access", reuse)

    async def indemnity(self, indemnity_id: IndemnityId) -> None:
        """Started, or told to look again; a request opens one again that had closed."""
        start = StartIndemnity(indemnity_id=indemnity_id, clock=await self.clocks.in_force())
        workflow_id = indemnity_workflow_id(indemnity_id)
        await self._start_or_tell(SettleIndemnity.run, start, workflow_id, "Indemnity")

    async def difference(self, difference_id: DifferenceId) -> None:
        """Started, or told to look again; one that comes back is taken up again."""
        start = StartDifference(difference_id=difference_id, clock=await self.clocks.in_force())
        workflow_id = difference_workflow_id(difference_id)
        await self._start_or_tell(PutRight.run, start, workflow_id, "Difference with a host")

    async def reverse_port(self, reverse_port_id: ReversePortId) -> None:
        """Started, or told to look again."""
        start = StartReversePort(
            reverse_port_id=reverse_port_id, clock=await self.clocks.in_force()
        )
        workflow_id = reverse_port_workflow_id(reverse_port_id)
        await self._start_or_tell(ReversePort.run, start, workflow_id, "Reverse port")

    async def reconcile(self, *, asked: tuple[HostNetwork, ...] = ()) -> None:
        """The one of the stack: started, told which clock is in force, or told to run now."""
        clock = await self.clocks.in_force()
        with suppress(WorkflowAlreadyStartedError):
            await self.client.start_workflow(
                Reconcile.run,
                StartReconcile(clock=clock),
                id=RECONCILE_WORKFLOW_ID,
                task_queue=TASK_QUEUE,
                task_timeout=TASK_TIMEOUT.span,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=RESUME,
                start_signal=RUN_ASKED_FOR if asked else CLOCK_MOVED,
                start_signal_args=[asked or clock],
                static_summary="Hosts compared with the ledger, every business night",
            )

    async def _line(self, line_id: LineId) -> StartLine:
        clock: BusinessClock = await self.clocks.in_force()
        return StartLine(line_id=line_id, clock=clock, shown_at_rest=True)

    async def _start_or_tell(
        self,
        run: Any,  # noqa: ANN401  the run of any process
        start: StartIndemnity | StartDifference | StartReversePort,
        workflow_id: str,
        summary: str,
    ) -> None:
        """One that runs, or begins, is told to look at its facts."""
        with suppress(WorkflowAlreadyStartedError):
            await self.client.start_workflow(
                run,
                start,
                id=workflow_id,
                task_queue=TASK_QUEUE,
                task_timeout=TASK_TIMEOUT.span,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=RESUME,
                start_signal=FACTS_MOVED,
                static_summary=summary,
            )

    async def _start(
        self,
        run: Any,  # noqa: ANN401  the run of any process
        start: StartOrder | StartLine,
        workflow_id: str,
        summary: str,
        reuse: WorkflowIDReusePolicy,
    ) -> None:
        with suppress(WorkflowAlreadyStartedError):
            await self.client.start_workflow(
                run,
                start,
                id=workflow_id,
                task_queue=TASK_QUEUE,
                task_timeout=TASK_TIMEOUT.span,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=reuse,
                static_summary=summary,
            )


def order_verb(starter: ProcessStarter) -> Perform:
    async def start(payload: str) -> Outcome:
        order_id = _identity(payload, "order_id")
        if order_id is None:
            return Park("the payload names no order")
        return await _answered(starter.order(OrderId(order_id), reuse=FIRST_START))

    return start


def line_verb(start_line: Callable[..., Any]) -> Perform:
    async def start(payload: str) -> Outcome:
        line_id = _identity(payload, "line_id")
        if line_id is None:
            return Park("the payload names no line")
        return await _answered(start_line(LineId(line_id), reuse=FIRST_START))

    return start


def indemnity_verb(starter: ProcessStarter, ledger: Ledger) -> Perform:
    async def start(payload: str) -> Outcome:
        identity = _identity(payload, "indemnity_id")
        if identity is None:
            return Park("the payload names no indemnity")
        indemnity_id = IndemnityId(identity)
        if not await ledger.read(indemnity_stream(indemnity_id)):
            return Done()
        return await _answered(starter.indemnity(indemnity_id))

    return start


def difference_verb(starter: ProcessStarter, ledger: Ledger) -> Perform:
    async def start(payload: str) -> Outcome:
        identity = _identity(payload, "difference_id")
        if identity is None:
            return Park("the payload names no difference")
        if not await ledger.read(difference_stream(identity)):
            return Done()
        return await _answered(starter.difference(DifferenceId(identity)))

    return start


def reconcile_verb(starter: ProcessStarter) -> Perform:
    async def start(payload: str) -> Outcome:
        try:
            hosts = tuple(HostNetwork(name) for name in json.loads(payload)["hosts"])
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no hosts")
        return await _answered(starter.reconcile(asked=hosts))

    return start


@dataclass
class ReconcileKeeper:
    """Keeps the process of the nights going, and by the clock that is in force."""

    starter: ProcessStarter
    told: BusinessClock | None = None

    async def turn(self) -> bool:
        clock = await self.starter.clocks.in_force()
        if clock != self.told:
            await self.starter.reconcile()
            self.told = clock
        return False


def _identity(payload: str, name: str) -> UUID | None:
    try:
        return UUID(json.loads(payload)[name])
    except (ValueError, KeyError, TypeError):
        return None


async def _answered(work: Any) -> Outcome:  # noqa: ANN401  a coroutine
    try:
        await work
    except (RPCError, RuntimeError) as exc:
        return Later(_unanswered(exc))
    return Done()


_TURNS = 64


@dataclass(frozen=True, kw_only=True)
class OrderTeller:
    """Tells an order's process that one of its lines has ended, or that a lot of them has."""

    client: Client
    lots: LotBook
    turns: tuple[asyncio.Lock, ...] = field(
        default_factory=lambda: tuple(asyncio.Lock() for _ in range(_TURNS))
    )
    """One line of an order at a time: they are noted on few streams."""

    async def tell(self, payload: str) -> Outcome:
        order_id, line_id = _identity(payload, "order_id"), _identity(payload, "line_id")
        if order_id is None or line_id is None:
            return Park("the payload names no order or no line")
        state = await self.lots.order(OrderId(order_id))
        if not isinstance(state, Running):
            return Done() if isinstance(state, Closed) else Later("its lines are not opened yet")
        handle = self.client.get_workflow_handle(order_workflow_id(OrderId(order_id)))
        if not state.order.lots:
            return await _answered(handle.signal(LINE_ENDED, line_id))
        async with self.turns[order_id.int % _TURNS]:
            lot = await self.lots.note(state.order, LineId(line_id))
        if lot is None or not lot.over:
            return Done()
        return await _answered(handle.signal(LOT_ENDED, lot.received.lot))


async def _nobody(_message: WaitingMessage) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class MessageHandOver:
    """Tells the process a line has a message; records the message when no process can."""

    client: Client
    ledger: Ledger
    keyed_hash: KeyedHash
    clocks: Clocks
    wall_now: Callable[[], datetime]
    after_its_end: Callable[[WaitingMessage], Awaitable[Outcome | None]] = _nobody
    """Whoever may still wait for a message about a line that has ended; None when nobody does."""

    async def hand_over(self, message: WaitingMessage) -> Outcome:
        line_id = LineId(UUID(message.correlation))
        if not await self._open(line_id):
            taken = await self.after_its_end(message)
            return await self._record_unmatched(message) if taken is None else taken
        handle = self.client.get_workflow_handle(line_workflow_id(line_id))
        return await _answered(handle.signal(MESSAGE_RECEIVED, message.number))

    async def _open(self, line_id: LineId) -> bool:
        history = await self.ledger.read(line_stream(line_id))
        document = fold(LINES, {}, history).get(str(line_id))
        return document is not None and document.open

    async def _record_unmatched(self, message: WaitingMessage) -> Outcome:
        event = MessageUnmatched(
            source=message.source,
            message_key=message.message_key,
            reason="no open line was waiting for it",
        )
        stamp = CommandStamp(
            command_id=step_command(UUID(message.correlation), step=f"unmatched/{message.number}"),
            fingerprint=self.keyed_hash.digest(
                purpose="command", content=event.model_dump_json().encode()
            ),
        )
        clock = await self.clocks.in_force()
        append = Append(
            command=stamp,
            business_at=clock.business_at(self.wall_now()),
            actor="relay",
            correlation=message.correlation,
            streams=(
                StreamAppend(
                    stream_id=unmatched_stream(message.number), expected=NoStream(), events=(event,)
                ),
            ),
            settles=message.number,
        )
        with suppress(MessageSettledError):
            await self.ledger.append(append)
        return Done()


def _unanswered(exc: RPCError | RuntimeError) -> str:
    """A client that was never connected says so with a RuntimeError."""
    if not isinstance(exc, RPCError):
        return "Temporal does not answer"
    if exc.status is RPCStatusCode.NOT_FOUND:
        return "its process has not started yet"
    return f"Temporal answered {exc.status.name}"
