"""Order intake next to its floor: orders accepted a second, and how long the slowest waited."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import aiohttp

from bench.measures import Measure

CLIENTS = (1, 16)
ROUNDS = 5
ORDERS_A_ROUND = {1: 150, 16: 600}
WARM_UP = 100
_CREATED = 201


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where orders are sent, and what is shown there."""

    url: str
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round took: how many a second, and each one's own seconds."""

    rate: float
    waits: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class IntakeBench:
    """Both ends in turns, so that whatever else the machine does falls on both."""

    ours: Endpoint
    floor: Endpoint
    order: Callable[[str], dict[str, Any]]
    say: Callable[[str], None]

    async def run(self) -> tuple[Measure, ...]:
        connector = aiohttp.TCPConnector(limit=max(CLIENTS))
        async with aiohttp.ClientSession(connector=connector) as session:
            for endpoint in (self.ours, self.floor):
                await self._round(session, endpoint, clients=4, orders=WARM_UP)
            found: list[Measure] = []
            for clients in CLIENTS:
                found += await self._measured(session, clients)
            return tuple(found)

    async def _measured(self, session: aiohttp.ClientSession, clients: int) -> list[Measure]:
        ours: list[Round] = []
        floor: list[Round] = []
        orders = ORDERS_A_ROUND[clients]
        for number in range(ROUNDS):
            self.say(f"round {number + 1} of {ROUNDS}, {clients} at once")
            ours.append(await self._round(session, self.ours, clients=clients, orders=orders))
            floor.append(await self._round(session, self.floor, clients=clients, orders=orders))
        return _measures(clients, ours, floor)

    async def _round(
        self, session: aiohttp.ClientSession, endpoint: Endpoint, *, clients: int, orders: int
    ) -> Round:
        waits: list[float] = []
        left = iter(range(orders))

        async def client() -> None:
            for _ in left:
                waited = await self._send(session, endpoint)
                waits.append(waited)

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return Round(rate=orders / (time.perf_counter() - started), waits=tuple(waits))

    async def _send(self, session: aiohttp.ClientSession, endpoint: Endpoint) -> float:
        key = str(uuid4())
        headers = {"Idempotency-Key": key}
        if endpoint.key is not None:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        started = time.perf_counter()
        async with session.post(
            f"{endpoint.url}/orders", json=self.order(key), headers=headers
        ) as response:
            await response.read()
            if response.status != _CREATED:
                raise RuntimeError(f"{endpoint.url} answered {response.status}")
        return time.perf_counter() - started


def _measures(clients: int, ours: list[Round], floor: list[Round]) -> list[Measure]:
    at_once = f"{clients} at once"
    waited = [wait for one in ours for wait in one.waits]
    bare = [wait for one in floor for wait in one.waits]
    return [
        Measure(
            name=f"orders accepted, {at_once}",
            unit="/s",
            ours=median(one.rate for one in ours),
            floor=median(one.rate for one in floor),
            floor_name="a bare endpoint doing one insert",
        ),
        Measure(
            name=f"p50 of an order, {at_once}",
            unit="ms",
            ours=median(waited) * 1000,
            floor=median(bare) * 1000,
            floor_name="the same",
        ),
        Measure(
            name=f"p99 of an order, {at_once}",
            unit="ms",
            ours=_p99(waited) * 1000,
            floor=_p99(bare) * 1000,
            floor_name="the same",
        ),
    ]


def _p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[-1]
