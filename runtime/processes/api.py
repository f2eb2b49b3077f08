"""The API process."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from adapters.postgres.errors import translated
from intake.api import ApiPorts, build_api
from intake.orders import OrderIntake
from ledger.availability import LedgerUnavailableError
from runtime.errors import BadInputError
from runtime.ports import listening_socket
from runtime.processes.process import patient_store
from runtime.processes.projector import order_runner
from runtime.projecting import OrderDocuments
from runtime.readiness import announce_ready
from runtime.settings import Settings
from runtime.store import Store


@dataclass(frozen=True)
class StoreReadiness:
    store: Store

    async def unready(self) -> tuple[str, ...]:
        try:
            with translated():
                await self.store.pool.fetchval("SELECT 1")
        except LedgerUnavailableError as exc:
            return (str(exc),)
        return ()


def api_ports(store: Store) -> ApiPorts:
    return ApiPorts(
        intake=OrderIntake(ledger=store.ledger, keyed_hash=store.keyed_hash),
        orders=OrderDocuments(runner=order_runner(store), ledger=store.ledger),
        inbox=store.inbox,
        clocks=store.clock,
        readiness=StoreReadiness(store),
    )


class _Server(uvicorn.Server):
    """Signals are ours: the process stops as a whole, not only its server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_api(settings: Settings, stop: asyncio.Event) -> None:
    if settings.api_port is None:
        raise BadInputError("RACCORD_API_PORT: the API needs a port to listen on; set it.")
    with listening_socket(settings.api_host, settings.api_port, "RACCORD_API_PORT") as listener:
        async with patient_store(settings, stop) as store:
            if store is None:
                return
            announce_ready()
            await serve(build_api(api_ports(store)), listener, stop)


async def serve(app: FastAPI, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer on a socket that listens already, until asked to stop."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        await stop.wait()
        server.should_exit = True
