"""One order, the worker killed after every fact: same facts, and one effect each in the books."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from domain.clock import BusinessClock
from runtime.binaries import find_temporal
from runtime.client_keys import LOCAL, local_key
from runtime.demo_requests import request
from runtime.demo_scenarios import QUICK
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

ESIM = QUICK[1]
SCALE = 8_640
"""Half the pace of a demo: each death costs a start, and the port day must not pass meanwhile."""

# as a run without any kill leaves them (tests/e2e/test_demo.py plays the same order)
FACTS = [
    "PortOpened",
    "PortNumberClaimed",
    "GatesPassed",
    "PortPlanned",
    "OperatorAsked",
    "OperatorTook",
    "LineReady",
    "OperatorAsked",
    "OperatorTook",
    "PortAccepted",
    "OperatorAsked",
    "OperatorTook",
    "PortCommitted",
    "NumberFoundActive",
    "OperatorAsked",
    "OperatorTook",
    "LineSwitched",
    "LineVerified",
    "ConfirmationReceived",
    "ConfirmationReceived",
    "ConfirmationReceived",
    "PortEnded",
]
"""What operators tell meanwhile waits in the inbox, and may be heard in another order."""


MADE = ["1120", "1410", "1410", "1410", "activate_ported", "reserve"]
"""Of the host, and what the other operators read in the exchange's files."""


@dataclass(frozen=True)
class Parts:
    """Our own processes without a supervisor, so that nobody but the test restarts a worker."""

    environment: dict[str, str]
    api: str
    simulators: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, url: str, body: object = None) -> Any:  # noqa: ANN401
        key = local_key(self.environment["RACCORD_MASTER_KEY"]).of(LOCAL)
        headers = {"Idempotency-Key": "chaos", "Authorization": f"Bearer {key}"}
        async with self.session.request(method, url, json=body, headers=headers) as response:
            assert response.ok, await response.text()
            return await response.json()


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


@pytest.fixture
async def parts(database: Database, tmp_path: Path) -> AsyncIterator[Parts]:
    wishes = tuple(
        PortWish(name=name, setting=name, configured=None)
        for name in ("temporal", "ui", "api", "simulators", "exchange")
    )
    ports = choose_ports(wishes, {})
    temporal = _temporal(ports, tmp_path)
    environment = _environment(database, ports, tmp_path)
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
            await until_async(_answers(both), what="the API and the simulators answer", seconds=60)
            yield both


def _answers(parts: Parts) -> Any:  # noqa: ANN401  a coroutine function
    async def answer() -> bool:
        try:
            await parts.ask("GET", f"{parts.api}/health/ready")
            await parts.ask("GET", f"{parts.simulators}/admin/books")
        except aiohttp.ClientError:
            return False
        return True

    return answer


async def _begin(settings: Settings) -> None:
    async with open_store(settings) as store:
        await store.clock.begin(
            BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=SCALE)
        )


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_worker_killed_after_every_fact_leaves_the_same_facts_and_one_effect_each(
    parts: Parts, tmp_path: Path
) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    settings = load_settings({k: v for k, v in parts.environment.items() if _is_ours(k)})
    await _begin(settings)
    await register_local_client(settings)
    order = await parts.ask("POST", f"{parts.api}/orders", request(ESIM))
    url = f"{parts.api}/orders/{order['order_id']}"

    async with AsyncExitStack() as workers:
        ended = await _kept_alive_until_ended(parts, url, deaths, workers)

    (line,) = ended["lines"]
    assert line["outcome"] == "ported"
    assert sorted(entry["event"] for entry in line["timeline"]) == sorted(FACTS)
    assert (line["plan"]["port_day"], ended["outcome"]) == ("2027-01-14", "completed")
    books = await parts.ask("GET", f"{parts.simulators}/admin/books")
    effects = [effect for book in books.values() for effect in book]
    assert sorted(effect["effect"] for effect in effects) == MADE
    assert {effect["times"] for effect in effects} == {1}
    commands = {entry["event"] for entry in line["timeline"]}
    assert len(list(deaths.iterdir())) >= len(commands)


def _is_ours(name: str) -> bool:
    return name.startswith(("RACCORD_", "DATABASE_", "TEMPORAL_"))


async def _kept_alive_until_ended(
    parts: Parts, url: str, deaths: Path, workers: AsyncExitStack
) -> Any:  # noqa: ANN401  any JSON
    """Whenever the worker is dead, another one is started at once."""
    command = [sys.executable, "-m", "tests.chaos.mortal_worker", str(deaths)]
    process: subprocess.Popen[bytes] | None = None
    for _ in range(10_000):
        if process is None or process.poll() is not None:
            process = workers.enter_context(_running(command, parts.environment))
        answer = await parts.ask("GET", url)
        if answer["stage"] == "closed":
            return json.loads(json.dumps(answer))
        await asyncio.to_thread(_look_again, process)
    raise TimeoutError("the order did not end")


def _look_again(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return
