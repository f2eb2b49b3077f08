"""The API under test, on a real socket: one hand that calls it, and processes that only note."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from pydantic import SecretStr
from temporalio.client import Client as Temporal

from activities.orders import OrderActivities, OrderStep
from adapters.orange.messages import Token
from domain.clock import BusinessClock
from domain.identity import LineId, OrderId, line_id_for
from intake.faults import ProcessUnavailableError
from runtime.ports import PortWish, choose_ports, listening_socket
from runtime.processes.api import api_ports, build_api, serve
from runtime.settings import Settings
from runtime.store import Store
from tests.porting import STORY, body
from workflows.messages import CancelRequest, DecisionRequest, Ruled

ORDER = body()
TOKEN = Token(username="raccord", password="orange-password")
SETTINGS = Settings(
    orange_url="http://127.0.0.1:1",
    orange_password=SecretStr(TOKEN.password),
    exchange_url="http://127.0.0.1:1",
    exchange_token=SecretStr("t"),
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class FakeProcesses:
    """Processes that answer as they are told, and remember what they were asked."""

    rulings: list[Ruled | None] = field(default_factory=list)
    asked: list[tuple[LineId, DecisionRequest | CancelRequest, str]] = field(default_factory=list)

    async def decide(self, line_id: LineId, request: DecisionRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    async def cancel(self, line_id: LineId, request: CancelRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    def _ruled(self, line_id: LineId, request: DecisionRequest | CancelRequest, key: str) -> Ruled:
        self.asked.append((line_id, request, key))
        ruling = self.rulings.pop(0) if self.rulings else Ruled(taken=True, version=3)
        if ruling is None:
            raise ProcessUnavailableError("its process did not answer in time")
        return ruling


@dataclass(frozen=True)
class Client:
    address: str
    session: aiohttp.ClientSession
    store: Store
    processes: FakeProcesses

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = "k-1",
        **more: Any,  # noqa: ANN401
    ) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        async with self.session.request(
            method, self.address + path, json=body, headers=headers, **more
        ) as response:
            content = await response.json(content_type=None)
            return Answer(response.status, content, dict(response.headers))

    async def ordered(self, order: dict[str, Any] = ORDER) -> tuple[str, LineId]:
        """An order whose line is open, as its process opens it."""
        order_id = OrderId(UUID((await self("POST", "/orders", order)).body["order_id"]))
        activities = OrderActivities(ledger=self.store.ledger, keyed_hash=self.store.keyed_hash)
        await activities.open_lines(OrderStep(order_id=order_id, at=STORY + timedelta(hours=1)))
        return str(order_id), line_id_for(order_id, number=1)


@pytest.fixture
async def api(store: Store) -> AsyncIterator[Client]:
    port = choose_ports((PortWish(name="api", setting="-", configured=None),), {})["api"]
    stop = asyncio.Event()
    processes = FakeProcesses()
    await store.clock.begin(
        BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=1)
    )
    temporal = await Temporal.connect("127.0.0.1:1", lazy=True)
    ports = api_ports(store, SETTINGS, temporal, processes=processes)
    with listening_socket("127.0.0.1", port, "-") as listener:
        serving = asyncio.create_task(serve(build_api(ports), listener, stop))
        async with aiohttp.ClientSession() as session:
            yield Client(f"http://127.0.0.1:{port}", session, store, processes)
        stop.set()
        await serving
