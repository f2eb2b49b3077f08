"""The real dev server with time skipped, and a worker with fakes behind the product's own code."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from temporalio.client import WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.walking_order import Progress, WalkingOrderActivities, verbs_of
from domain.clock import BusinessClock
from domain.identity import OrderId, order_stream
from runtime.binaries import find_temporal
from runtime.processes.worker import workflow_runner
from runtime.temporal_server import FAST_PROFILE
from tests.builders import NOON, ORDER, append, message, on_stream, received
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.waiting import until_async
from workflows import search_attributes
from workflows.identity import TASK_QUEUE, order_workflow_id
from workflows.walking_order import StartWalkingOrder, WalkingOrder

SKIPPING = (*FAST_PROFILE, "frontend.WorkflowTimeSkippingEnabled=true")


@pytest.fixture(scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    arguments = [word for value in SKIPPING for word in ("--dynamic-config-value", value)]
    env = await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(find_temporal(None)),
        dev_server_extra_args=arguments,
        search_attributes=search_attributes.ALL,
    )
    async with env:
        yield env


@dataclass
class Process:
    """One order's process, told in test words."""

    env: WorkflowEnvironment
    ledger: FakeLedger
    clock: BusinessClock
    order_id: OrderId = ORDER

    async def received(self) -> None:
        await self.ledger.append(append("receive", on_stream(self._stream(), received())))

    async def start(self, attempt: int = 0) -> WorkflowHandle[WalkingOrder, Progress]:
        return await self.env.client.start_workflow(
            WalkingOrder.run,
            StartWalkingOrder(order_id=self.order_id, clock=self.clock),
            id=f"{order_workflow_id(self.order_id)}-{id(self)}-{attempt}",
            task_queue=f"{TASK_QUEUE}-{id(self)}",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    async def message(
        self, key: str = "m-1", *, correlation: str = str(ORDER), received_at: datetime = NOON
    ) -> int:
        received = replace(message(key, correlation=correlation), received_at=received_at)
        await self.ledger.inbox.receive(received)
        return len(self.ledger.inbox.rows)

    async def facts(self) -> list[str]:
        return [type(e.event).__name__ for e in await self.ledger.read(order_stream(ORDER))]

    async def until(self, fact: str) -> None:
        async def happened() -> bool:
            return fact in await self.facts()

        await until_async(happened, what=fact)

    def _stream(self) -> str:
        return order_stream(self.order_id)


@pytest.fixture
async def process(skipping: WorkflowEnvironment) -> AsyncIterator[Process]:
    """A worker of one test's own, on a task queue of its own."""
    ledger = FakeLedger(FakeSubjectKeys())
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=NOON, scale=1)
    process = Process(env=skipping, ledger=ledger, clock=clock)
    activities = WalkingOrderActivities(ledger=ledger, inbox=ledger.inbox, keyed_hash=fake_hash())
    async with Worker(
        skipping.client,
        task_queue=f"{TASK_QUEUE}-{id(process)}",
        workflows=[WalkingOrder],
        activities=verbs_of(activities),
        workflow_runner=workflow_runner(),
    ):
        yield process
