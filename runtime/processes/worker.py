"""The worker: runs the processes' code for Temporal."""

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.walking_order import verbs_of
from domain.clock import Technical
from runtime.processes.loop import pause
from runtime.processes.process import RECONNECT, patient_store
from runtime.readiness import announce_ready
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import connect_temporal, walking_order_activities
from workflows.identity import TASK_QUEUE
from workflows.walking_order import WalkingOrder

STICKY = Technical(timedelta(seconds=2))
"""How long a cached process waits for a worker that died before another one takes it over."""

GRACEFUL = Technical(timedelta(seconds=5))

PASSED_THROUGH = (
    "activities",
    "domain",
    "ledger",
    "projections",
    "pydantic",
    "pydantic_core",
    "structlog",
    "typing_extensions",
    "annotated_types",
)

log = structlog.get_logger("worker")


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox stays on; what is pure and imported by workflows is loaded once, outside it."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )


def build_worker(client: Client, store: Store) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[WalkingOrder],
        activities=verbs_of(walking_order_activities(store)),
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=STICKY.span,
        graceful_shutdown_timeout=GRACEFUL.span,
    )


async def _patient_client(settings: Settings, stop: asyncio.Event) -> Client | None:
    while not stop.is_set():
        try:
            return await connect_temporal(settings, lazy=False)
        except (RPCError, RuntimeError) as exc:
            log.warning("worker.waiting", why=type(exc).__name__)
            await pause(stop, RECONNECT)
    return None


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    client = await _patient_client(settings, stop)
    async with patient_store(settings, stop) as store:
        if client is None or store is None:
            return
        async with build_worker(client, store):
            log.info("worker.started", task_queue=TASK_QUEUE)
            announce_ready()
            await stop.wait()
    log.info("worker.stopped")
