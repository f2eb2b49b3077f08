"""The API process."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from adapters.orange.door import NotANotificationError, NotOrangeError
from adapters.postgres.errors import translated
from intake.api import ApiPorts, Door, add_health, add_orders, new_api
from intake.callbacks import add_callbacks
from intake.desk_api import add_decisions, add_lists
from intake.orders import OrderIntake
from intake.steering import Processes, Steering
from ledger.availability import LedgerUnavailableError
from runtime.errors import BadInputError
from runtime.lines import LineDocuments, TemporalProcesses
from runtime.ports import listening_socket
from runtime.processes.process import patient_store
from runtime.processes.projector import line_runner, order_runner
from runtime.projecting import OrderDocuments
from runtime.readiness import announce_ready
from runtime.rules import line_reader
from runtime.settings import Settings
from runtime.store import Store
from runtime.wiring import connect_temporal, orange_door


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


def api_ports(
    store: Store, settings: Settings, client: Client, *, processes: Processes | None = None
) -> ApiPorts:
    reader = line_reader(settings, store.keyed_hash)
    return ApiPorts(
        intake=OrderIntake(ledger=store.ledger, keyed_hash=store.keyed_hash, lines=reader),
        orders=OrderDocuments(runner=order_runner(store), ledger=store.ledger),
        lines=LineDocuments(runner=line_runner(store), ledger=store.ledger),
        steering=Steering(
            ledger=store.ledger,
            keyed_hash=store.keyed_hash,
            rules=reader.rules,
            numbering=reader.numbering,
            processes=processes or TemporalProcesses(client=client),
        ),
        inbox=store.inbox,
        clocks=store.clock,
        readiness=StoreReadiness(store),
        orange=Door(
            receive=orange_door(settings).receive,
            stranger=NotOrangeError,
            unreadable=NotANotificationError,
        ),
    )


def build_api(ports: ApiPorts) -> FastAPI:
    app = new_api()
    add_orders(app, ports)
    add_decisions(app, ports)
    add_lists(app, ports)
    add_callbacks(app, ports)
    add_health(app, ports)
    return app


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
            client = await connect_temporal(settings, lazy=True)
            announce_ready()
            await serve(build_api(api_ports(store, settings, client)), listener, stop)


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
