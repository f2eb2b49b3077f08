"""What the benchmark of order intake runs against: the API as it is shipped, and its floor."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from adapters.postgres.pool import open_pool
from bench.bare_endpoint import TABLE
from bench.intake import Endpoint
from runtime.benched_stack import NAME, key_of_client
from runtime.child import Child, ChildSpec
from runtime.keys import new_key
from runtime.ports import LOOPBACK, PortWish, choose_ports
from runtime.postgres_server import OWNER, RUNNING, PostgresServer
from runtime.settings import load_settings
from runtime.store import open_store
from runtime.supervisor import migrated


@asynccontextmanager
async def benched_intake(
    server: PostgresServer, folder: Path
) -> AsyncIterator[tuple[Endpoint, Endpoint]]:
    """Ours and the floor, each a process of its own on one database."""
    wishes = tuple(PortWish(name=n, setting="-", configured=None) for n in ("api", "bare"))
    ports = choose_ports(wishes, {})
    running = server.url(RUNNING, server.secrets.running_password)
    admin = server.url(OWNER, server.secrets.owner_password)
    await migrated(admin_url=admin, running_url=running, running_role=RUNNING)
    await _make_bare_table(admin)
    environment = _environment(running, ports["api"])
    settings = load_settings(environment)
    async with open_store(settings) as store:
        key = await key_of_client(store)
    commands = {
        "api": [sys.executable, "-m", "runtime.cli.main", "run", "api"],
        "bare": [sys.executable, "-m", "bench.bare_endpoint", str(ports["bare"]), admin],
    }
    async with AsyncExitStack() as stack:
        for name, command in commands.items():
            await stack.enter_async_context(
                _running(name, command, environment, port=ports[name], folder=folder)
            )
        yield (
            Endpoint(url=_url(ports["api"]), key=key),
            Endpoint(url=_url(ports["bare"])),
        )


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _environment(running: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": running,
        "TEMPORAL_ADDRESS": f"{LOOPBACK}:1",
        "RACCORD_API_PORT": str(port),
        "RACCORD_MASTER_KEY": new_key(),
        "RACCORD_SEAL_KEY": new_key(),
        "RACCORD_ORANGE_URL": _url(1),
        "RACCORD_ORANGE_PASSWORD": NAME,
        "RACCORD_BOUYGUES_URL": _url(1),
        "RACCORD_BOUYGUES_SECRET": NAME,
    }


async def _make_bare_table(admin: str) -> None:
    async with open_pool(admin, size=1) as pool:
        await pool.execute(TABLE)


@asynccontextmanager
async def _running(
    name: str, command: list[str], environment: Mapping[str, str], *, port: int, folder: Path
) -> AsyncIterator[None]:
    async def ready() -> bool:
        timeout = aiohttp.ClientTimeout(total=2)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{_url(port)}/health/ready") as response,
            ):
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    child = Child(
        ChildSpec(
            name=name,
            command=command,
            environment=environment,
            log=folder / f"{name}.log",
            ready=ready,
        ),
        changed=lambda: None,
    )
    try:
        await child.start()
        yield
    finally:
        await child.stop()


def order_of(key: str) -> dict[str, Any]:
    """An order with nothing in its way, under a reference of its own."""
    signed_on = str(datetime.now(UTC).date() - timedelta(days=1))
    papers = [{"name": name, "on": signed_on} for name in ("mandate", "identity")]
    return {
        "reference": key,
        "provider": "axantis",
        "signed_on": signed_on,
        "customer": {"name": f"Client {key}", "contact": f"{key}@example.fr", "kind": "company"},
        "documents": papers,
        "lines": [{"msisdn": "0612345678", "rio": "02E123456TZE", "host": "orange"}],
    }
