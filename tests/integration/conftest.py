"""The API under test, on a real socket: one hand that calls it, and processes that only note."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import aiohttp
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client as Temporal

from activities.orders import OrderActivities, OrderStep
from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.signing import Signing
from adapters.orange.messages import Token
from domain.clients import Rights, Role
from domain.clock import BusinessClock
from domain.identity import LineId, OrderId, line_id_for
from intake.api import ApiPorts, surround
from intake.clients import Clients
from intake.faults import ProcessUnavailableError
from runtime.client_keys import new_client_key
from runtime.local_client import moment_of
from runtime.ports import PortWish, choose_ports, listening_socket
from runtime.processes.api import api_ports, build_api, serve
from runtime.settings import Settings, WebhookNetworks
from runtime.store import Store
from tests.exchange_house import House, opened_house
from tests.porting import STORY, body
from workflows.messages import (
    AmendRequest,
    CancelRequest,
    DecisionRequest,
    EquipmentRequest,
    HoldRequest,
    Ruled,
)

ORDER = body()
SIGNING = Signing(account="raccord", secret="bouygues-secret")
TOKEN = Token(username="raccord", password="orange-password")
SETTINGS = Settings(
    webhook_networks=WebhookNetworks.ANY,
    orange_url="http://127.0.0.1:1",
    orange_password=SecretStr(TOKEN.password),
    bouygues_url="http://127.0.0.1:1",
    bouygues_secret=SecretStr("bouygues-secret"),
)


Asked = DecisionRequest | CancelRequest | AmendRequest | HoldRequest | EquipmentRequest


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class FakeProcesses:
    """Processes that answer as they are told, and remember what they were asked."""

    rulings: list[Ruled | None] = field(default_factory=list)
    asked: list[tuple[LineId, Asked, str]] = field(default_factory=list)

    async def decide(self, line_id: LineId, request: DecisionRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    async def cancel(self, line_id: LineId, request: CancelRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    async def amend(self, line_id: LineId, request: AmendRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    async def hold(self, line_id: LineId, request: HoldRequest, *, key: str) -> Ruled:
        return self._ruled(line_id, request, key)

    async def move_equipment(
        self, line_id: LineId, request: EquipmentRequest, *, key: str
    ) -> Ruled:
        return self._ruled(line_id, request, key)

    def _ruled(self, line_id: LineId, request: Asked, key: str) -> Ruled:
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
    app: FastAPI
    keys: dict[str, str] = field(default_factory=dict)

    async def register(
        self, name: str, *roles: Role, partner: bool = False, per_minute: int = 60_000
    ) -> str:
        """A client of its own, and its key."""
        clients = Clients(ledger=self.store.ledger, keyed_hash=self.store.keyed_hash)
        at = await moment_of(self.store)
        rights = Rights(
            roles=frozenset(roles or Role), own_orders_only=partner, per_minute=per_minute
        )
        await clients.register(name, rights, at=at, by="test")
        self.keys[name] = await clients.issue(name, new_client_key(), at=at, by="test")
        return self.keys[name]

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = "k-1",
        caller: str | None = "test",
        headers: Mapping[str, str] = {},
        **more: Any,  # noqa: ANN401
    ) -> Answer:
        headers = {**self.shown_by(caller), **headers}
        if key is not None:
            headers["Idempotency-Key"] = key
        async with self.session.request(
            method, self.address + path, json=body, headers=headers, **more
        ) as response:
            content = await response.json(content_type=None) if await response.read() else None
            return Answer(response.status, content, response.headers)

    def shown_by(self, caller: str | None) -> dict[str, str]:
        return {} if caller is None else {"Authorization": f"Bearer {self.keys[caller]}"}

    async def filed(self, order: str, content: bytes, *, name: str = "identity") -> str:
        """A document of an order: its id."""
        headers = {
            **self.shown_by("test"),
            "Idempotency-Key": name,
            "Content-Type": "application/pdf",
        }
        url = f"{self.address}/orders/{order}/documents?name={name}&on=2027-01-08"
        async with self.session.post(url, data=content, headers=headers) as response:
            document: str = (await response.json())["document_id"]
            return document

    async def ordered(
        self, order: dict[str, Any] = ORDER, *, caller: str = "test", key: str = "k-1"
    ) -> tuple[str, LineId]:
        """An order whose line is open, as its process opens it."""
        accepted = await self("POST", "/orders", order, caller=caller, key=key)
        order_id = OrderId(UUID(accepted.body["order_id"]))
        activities = OrderActivities(ledger=self.store.ledger, keyed_hash=self.store.keyed_hash)
        await activities.open_lines(OrderStep(order_id=order_id, at=STORY + timedelta(hours=1)))
        return str(order_id), line_id_for(order_id, number=1)


class PortsOfTheTest:
    """The ports of whichever test runs, behind an application that is built once."""

    def __init__(self, ports: ApiPorts) -> None:
        self.ports = ports

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any port
        return getattr(self.ports, name)


@dataclass
class SharedApi:
    """Building its routes takes longer than most tests; only what surrounds them is made anew."""

    _ports: PortsOfTheTest | None = None
    _app: FastAPI | None = None

    def over(self, ports: ApiPorts) -> FastAPI:
        if self._ports is None or self._app is None:
            self._ports = PortsOfTheTest(ports)
            self._app = build_api(cast("ApiPorts", self._ports))
        self._ports.ports = ports
        self._app.middleware_stack = None
        surround(self._app, ports)
        return self._app


@pytest.fixture(scope="session")
def shared_api() -> SharedApi:
    return SharedApi()


@pytest.fixture
async def api(store: Store, shared_api: SharedApi) -> AsyncIterator[Client]:
    port = choose_ports((PortWish(name="api", setting="-", configured=None),), {})["api"]
    stop = asyncio.Event()
    processes = FakeProcesses()
    await store.clock.begin(
        BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=1)
    )
    temporal = await Temporal.connect("127.0.0.1:1", lazy=True)
    ports = api_ports(store, SETTINGS, temporal, processes=processes)
    ports = replace(ports, doors={**ports.doors, "bouygues": BouyguesDoor(signing=SIGNING)})
    with listening_socket("127.0.0.1", port, "-") as listener:
        app = shared_api.over(ports)
        serving = asyncio.create_task(serve(app, listener, stop))
        async with aiohttp.ClientSession() as session:
            client = Client(f"http://127.0.0.1:{port}", session, store, processes, app)
            await client.register("test")
            yield client
        stop.set()
        await serving


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> AsyncIterator[House]:
    """A house at an exchange, on a real server."""
    async with opened_house(store, tmp_path) as house:
        yield house
