"""What the relay does with Temporal: starts processes, and tells them a message is for them."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import walking_order
from domain.clock import BusinessClock
from domain.identity import CommandId, OrderId, order_stream, step_command, unmatched_stream
from domain.message import MessageUnmatched
from domain.ports import Clocks
from domain.walking_order import Awaiting, Received
from ledger.append import Append, CommandStamp, MessageSettledError, NoStream, StreamAppend
from ledger.messages import WaitingMessage
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from runtime.relay import Done, Later, Outcome, Park
from workflows.identity import MESSAGE_RECEIVED, TASK_QUEUE, order_workflow_id
from workflows.walking_order import StartWalkingOrder, WalkingOrder


@dataclass(frozen=True, kw_only=True)
class OrderStarter:
    """Starts a process at most once: a duplicate finds the running one, or the finished one."""

    client: Client
    clocks: Clocks

    async def start(self, payload: str) -> Outcome:
        try:
            order_id = OrderId(UUID(json.loads(payload)["order_id"]))
        except (ValueError, KeyError, TypeError) as exc:
            return Park(f"the payload does not name an order: {type(exc).__name__}")
        clock = await self.clocks.in_force()
        try:
            await self._start(order_id, clock)
        except WorkflowAlreadyStartedError:
            return Done()
        except (RPCError, RuntimeError) as exc:
            return Later(_unanswered(exc))
        return Done()

    async def _start(self, order_id: OrderId, clock: BusinessClock) -> None:
        await self.client.start_workflow(
            WalkingOrder.run,
            StartWalkingOrder(order_id=order_id, clock=clock),
            id=order_workflow_id(order_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary="Walking order",
        )


@dataclass(frozen=True, kw_only=True)
class MessageHandOver:
    """Tells the process an order has a message; records the message when no process can."""

    client: Client
    ledger: Ledger
    keyed_hash: KeyedHash
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def hand_over(self, message: WaitingMessage) -> Outcome:
        order_id = OrderId(UUID(message.correlation))
        if not await self._open(order_id):
            return await self._record_unmatched(message)
        handle = self.client.get_workflow_handle(order_workflow_id(order_id))
        try:
            await handle.signal(MESSAGE_RECEIVED, message.number)
        except (RPCError, RuntimeError) as exc:
            return Later(_unanswered(exc))
        return Done()

    async def _open(self, order_id: OrderId) -> bool:
        history = await self.ledger.read(order_stream(order_id))
        state = walking_order.fold(envelope.event for envelope in history)
        return isinstance(state, Received | Awaiting)

    async def _record_unmatched(self, message: WaitingMessage) -> Outcome:
        event = MessageUnmatched(
            source=message.source,
            message_key=message.message_key,
            reason="no open order was waiting for it",
        )
        stamp = CommandStamp(
            command_id=_unmatched_command(message),
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


def _unmatched_command(message: WaitingMessage) -> CommandId:
    return step_command(OrderId(UUID(message.correlation)), step=f"unmatched/{message.number}")
