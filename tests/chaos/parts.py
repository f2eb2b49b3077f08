"""Our own processes on the real parts, unsupervised: nobody but a test restarts a worker."""

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from domain.clock import BusinessClock
from runtime.binaries import find_temporal
from runtime.client_keys import LOCAL, local_key
from runtime.keys import new_key
from runtime.local_client import register_local_client
from runtime.ports import PortWish, choose_ports
from runtime.settings import Settings, load_settings
from runtime.simulated import HostKey
from runtime.store import open_store
from runtime.temporal_server import TemporalServer, add_search_attributes, serves
from tests.conftest import Database
from tests.e2e.conftest import COMMAND, clean_environment
from tests.porting import STORY
from tests.waiting import until_async

SCALE = 8_640
"""Half the pace of a demo: each death costs a start, and no date must pass meanwhile."""
ENDED_WITHIN = 540


@dataclass(frozen=True)
class Parts:
    environment: dict[str, str]
    api: str
    simulators: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, url: str, body: object = None, *, key: str = "chaos") -> Any:  # noqa: ANN401
        """A process whose worker is dead cannot answer: it is asked again, under the same key."""
        mine = local_key(self.environment["RACCORD_MASTER_KEY"]).of(LOCAL)
        headers = {"Idempotency-Key": key, "Authorization": f"Bearer {mine}"}
        while True:
            async with self.session.request(method, url, json=body, headers=headers) as response:
                if response.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    assert response.ok, await response.text()
                    return await response.json()

    @property
    def settings(self) -> Settings:
        return load_settings({k: v for k, v in self.environment.items() if _is_ours(k)})

    async def begin(self) -> None:
        async with open_store(self.settings) as store:
            await store.clock.begin(
                BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=SCALE)
            )
        await register_local_client(self.settings)


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _temporal(ports: dict[str, int], folder: Path) -> TemporalServer:
    return TemporalServer(
        program=find_temporal(None),
        database=folder / "temporal.db",
        port=ports["temporal"],
        ui_port=ports["ui"],
        namespace="default",
    )


def _environment(database: Database, ports: dict[str, int], folder: Path) -> dict[str, str]:
    simulators = f"http://127.0.0.1:{ports['simulators']}"
    host_key = HostKey.of(folder / "host_key")
    return clean_environment(
        RACCORD_HOME=str(folder),
        DATABASE_URL=database.url,
        TEMPORAL_ADDRESS=f"127.0.0.1:{ports['temporal']}",
        RACCORD_MASTER_KEY=new_key(),
        RACCORD_SEAL_KEY=new_key(),
        RACCORD_API_PORT=str(ports["api"]),
        RACCORD_ORANGE_URL=f"{simulators}/orange",
        RACCORD_ORANGE_PASSWORD="chaos",
        RACCORD_SFR_URL=f"{simulators}/sfr",
        RACCORD_SFR_SECRET="chaos",
        RACCORD_BOUYGUES_URL=f"{simulators}/bouygues",
        RACCORD_BOUYGUES_SECRET="chaos",
        RACCORD_EXCHANGE_URL=f"sftp://raccord@127.0.0.1:{ports['exchange']}",
        RACCORD_EXCHANGE_PASSWORD="chaos",
        RACCORD_EXCHANGE_HOST_KEY=host_key.public,
        SIMULATORS_PASSWORD="chaos",
        SIMULATORS_EXCHANGE_PORT=str(ports["exchange"]),
        SIMULATORS_EXCHANGE_FOLDER=str(folder / "exchange"),
        SIMULATORS_HOST_KEY=host_key.private,
    )


@asynccontextmanager
async def opened_parts(database: Database, folder: Path) -> AsyncIterator[Parts]:
    wishes = tuple(
        PortWish(name=name, setting=name, configured=None)
        for name in ("temporal", "ui", "api", "simulators", "exchange")
    )
    ports = choose_ports(wishes, {})
    temporal = _temporal(ports, folder)
    environment = _environment(database, ports, folder)
    api = f"http://127.0.0.1:{ports['api']}"
    simulate = ["-m", "simulators.main", str(ports["simulators"]), api, "raccord"]
    with ExitStack() as running:
        running.enter_context(_running(temporal.command(), environment))
        await until_async(lambda: serves(temporal.address, "default"), what="Temporal serves")
        await add_search_attributes(temporal.address, "default")
        running.enter_context(_running([sys.executable, *simulate], environment))
        for name in ("api", "relay", "poller", "projector"):
            running.enter_context(_running([*COMMAND, "run", name], environment))
        async with aiohttp.ClientSession() as session:
            simulators = f"http://127.0.0.1:{ports['simulators']}"
            both = Parts(environment, api, simulators, session)
            await until_async(_answers(both), what="the API and the simulators answer", seconds=180)
            yield both


def _answers(parts: Parts) -> Callable[[], Awaitable[bool]]:
    async def answer() -> bool:
        try:
            await parts.ask("GET", f"{parts.api}/health/ready")
            await parts.ask("GET", f"{parts.simulators}/admin/books")
        except aiohttp.ClientError:
            return False
        return True

    return answer


@contextmanager
def mortal_workers(parts: Parts, deaths: Path) -> Iterator[None]:
    """Whenever the worker is dead, another one follows at once."""
    deaths.mkdir()
    command = [sys.executable, "-m", "tests.chaos.mortal_worker", str(deaths)]
    with _running(command, parts.environment):
        yield


async def ended(parts: Parts, url: str) -> Any:  # noqa: ANN401  any JSON
    async def closed() -> bool:
        return bool((await parts.ask("GET", url))["stage"] == "closed")

    await until_async(closed, what="the order ends", seconds=ENDED_WITHIN)
    return await parts.ask("GET", url)


async def effects(parts: Parts) -> list[dict[str, Any]]:
    """What the operators really did, and how many times."""
    books = await parts.ask("GET", f"{parts.simulators}/admin/books")
    return [effect for book in books.values() for effect in book]


def _is_ours(name: str) -> bool:
    return name.startswith(("RACCORD_", "DATABASE_", "TEMPORAL_"))
