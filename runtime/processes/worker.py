"""The worker: runs the processes' code for Temporal, and asks operators, each on its own queue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from domain.clock import Technical
from domain.port_in_facts import HostNetwork
from runtime.processes.loop import pause
from runtime.processes.process import RECONNECT, patient_store
from runtime.processes.sandbox import workflow_runner
from runtime.readiness import announce_ready
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import (
    Operators,
    connect_temporal,
    ledger_verbs,
    opened_operators,
    operator_verbs,
)
from workflows.deliver_access import DeliverAccess
from workflows.fulfil_order import FulfilOrder
from workflows.identity import EXCHANGE, TASK_QUEUE, operator_task_queue
from workflows.new_number import NewNumber
from workflows.port_in_mobile import PortInMobile
from workflows.put_right import PutRight
from workflows.reconcile import Reconcile
from workflows.reverse_port import ReversePort
from workflows.settle_indemnity import SettleIndemnity

STICKY = Technical(timedelta(seconds=2))
"""How long a cached process waits for a worker that died before another one takes it over."""

GRACEFUL = Technical(timedelta(seconds=5))

PROCESSES = (
    *(FulfilOrder, PortInMobile, NewNumber, DeliverAccess, SettleIndemnity),
    *(Reconcile, PutRight, ReversePort),
)
OPERATORS = (*HostNetwork, EXCHANGE)

Opened = Callable[[Store, Settings], AbstractAsyncContextManager[Operators]]

log = structlog.get_logger("worker")


def process_worker(client: Client, store: Store, settings: Settings) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=PROCESSES,
        activities=ledger_verbs(store, settings),
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=STICKY.span,
        graceful_shutdown_timeout=GRACEFUL.span,
    )


@asynccontextmanager
async def working(
    client: Client, store: Store, settings: Settings, *, opened: Opened = opened_operators
) -> AsyncIterator[None]:
    """One worker for the processes, and one for each operator: a slow one slows nobody else."""
    async with AsyncExitStack() as stack:
        operators = await stack.enter_async_context(opened(store, settings))
        for operator in OPERATORS:
            worker = Worker(
                client,
                task_queue=operator_task_queue(operator),
                activities=operator_verbs(store, operators, settings),
                graceful_shutdown_timeout=GRACEFUL.span,
            )
            await stack.enter_async_context(worker)
        await stack.enter_async_context(process_worker(client, store, settings))
        yield


async def _patient_client(settings: Settings, stop: asyncio.Event) -> Client | None:
    while not stop.is_set():
        try:
            return await connect_temporal(settings, lazy=False)
        except (RPCError, RuntimeError) as exc:
            log.warning("worker.waiting", why=type(exc).__name__)
            await pause(stop, RECONNECT)
    return None


async def run_worker(
    settings: Settings, stop: asyncio.Event, *, opened: Opened = opened_operators
) -> None:
    client = await _patient_client(settings, stop)
    async with patient_store(settings, stop) as store:
        if client is None or store is None:
            return
        async with working(client, store, settings, opened=opened):
            log.info("worker.started", task_queue=TASK_QUEUE)
            announce_ready()
            await stop.wait()
    log.info("worker.stopped")
