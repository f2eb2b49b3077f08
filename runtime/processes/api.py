"""The API process."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.differences import DifferenceBook
from adapters.oidc.issuer import IssuedTokens, Issuer
from adapters.postgres.errors import translated
from domain.callers import Tokens
from domain.clock import Technical
from domain.port_rules import PortRules
from intake.amending import Amending
from intake.amendments_api import add_amendment_moves, add_amendments
from intake.api import ApiPorts, add_health, new_api
from intake.bulk import BulkBook
from intake.bulk_api import add_bulk
from intake.callbacks import add_callbacks
from intake.callers_api import add_callers
from intake.clients import Clients, KeyRing
from intake.decisions_api import add_decisions, add_holds
from intake.equipment_api import add_equipment
from intake.events_api import add_events
from intake.exchange import ExchangeDesk
from intake.exchange_api import add_exchange, add_transfers
from intake.filing import Filing
from intake.guard import Guard
from intake.indemnities import IndemnityDesk
from intake.indemnities_api import add_indemnities, add_indemnity_money, add_indemnity_moves
from intake.jeopardy_api import add_jeopardy
from intake.lines import LineReader
from intake.lines_api import add_lines
from intake.lists_api import add_lists, add_order_lists
from intake.notices import NoticeDesk
from intake.notices_api import add_notice_moves, add_told
from intake.order_lines_api import add_order_lines
from intake.orders import OrderIntake
from intake.orders_api import add_order_reading, add_orders
from intake.papers_api import add_document_contents, add_documents, add_notices
from intake.parked import ParkedDesk
from intake.parked_api import add_parked
from intake.reconcile_api import add_differences, add_reconciling
from intake.reconciling import ReconcileDesk
from intake.reverse_ports import ReversePortDesk
from intake.reverse_ports_api import add_reverse_ports
from intake.steering import Processes, Steering
from intake.subscriptions import Subscriptions
from intake.subscriptions_api import add_deliveries, add_subscription_moves, add_subscriptions
from ledger.availability import LedgerUnavailableError
from runtime.allowance import MinuteAllowance
from runtime.client_keys import new_client_key, new_webhook_secret
from runtime.equipment import EquipmentAfterTheEnd
from runtime.errors import BadInputError
from runtime.exchange_wiring import exchange_documents
from runtime.indemnities import indemnity_documents
from runtime.lines import TemporalProcesses
from runtime.notice_wiring import notice_book, notice_documents
from runtime.parked import parked_documents
from runtime.ports import listening_socket
from runtime.processes.loop import keep_turning
from runtime.processes.process import patient_store
from runtime.processes.projector import jeopardy_documents, line_documents, order_runner
from runtime.projecting import OrderDocuments
from runtime.readiness import announce_ready
from runtime.reconciling import reconcile_documents
from runtime.reverse_ports import reverse_port_documents
from runtime.rules import line_reader
from runtime.settings import Settings, WebhookNetworks
from runtime.store import Store
from runtime.wiring import access_people, connect_temporal, doors_of, line_ledger, reverse_book

USES = Technical(timedelta(milliseconds=250))
"""How long a use waits to be written, at most. A default of ours."""


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


def wall_now() -> datetime:
    return datetime.now(UTC)


def issued_tokens(settings: Settings, session: aiohttp.ClientSession) -> Tokens | None:
    """None where no issuer is configured: keys are all there is."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    issuer = Issuer(
        url=settings.oidc_issuer,
        audience=settings.oidc_audience,
        roles_claim=settings.oidc_roles_claim,
        partner_claim=settings.oidc_partner_claim,
        per_minute=settings.rate_per_minute,
    )
    return IssuedTokens(issuer=issuer, session=session)


def api_ports(
    store: Store,
    settings: Settings,
    client: Client,
    *,
    tokens: Tokens | None = None,
    processes: Processes | None = None,
) -> ApiPorts:
    reader = line_reader(settings, store.keyed_hash)
    clients = Clients(ledger=store.ledger, keyed_hash=store.keyed_hash)
    steering = steering_of(store, settings, reader, processes or TemporalProcesses(client=client))
    going_back = reverse_book(store, reader.rules)
    return ApiPorts(
        intake=OrderIntake(ledger=store.ledger, keyed_hash=store.keyed_hash, lines=reader),
        orders=order_documents(store),
        lines=line_documents(store),
        steering=steering,
        amending=Amending(
            ledger=store.ledger,
            keyed_hash=store.keyed_hash,
            rules=reader.rules,
            steering=steering,
        ),
        exchange=exchange_documents(store),
        exchange_desk=ExchangeDesk(ledger=store.ledger, keyed_hash=store.keyed_hash),
        parked=parked_documents(store),
        parked_desk=ParkedDesk(ledger=store.ledger, keyed_hash=store.keyed_hash),
        indemnities=indemnity_documents(store),
        indemnity_desk=indemnity_desk(store, reader.rules),
        jeopardy=jeopardy_documents(store, reader.rules),
        reconcile=reconcile_documents(store),
        reconcile_desk=reconcile_desk(store, reader.rules),
        reverse_ports=reverse_port_documents(store, going_back),
        reverse_desk=ReversePortDesk(book=going_back),
        inbox=store.inbox,
        clocks=store.clock,
        readiness=StoreReadiness(store),
        doors=doors_of(settings),
        guard=guard_of(clients, tokens),
        uses=store.uses,
        clients=clients,
        filing=Filing(
            ledger=store.ledger,
            keyed_hash=store.keyed_hash,
            rules=reader.rules,
            attachments=store.attachments,
        ),
        bulks=BulkBook(ledger=store.ledger, keyed_hash=store.keyed_hash),
        subscriptions=subscriptions_of(store, settings),
        notices=notice_documents(store, settings),
        notice_desk=NoticeDesk(book=notice_book(store), rules=reader.rules),
        new_key=new_client_key,
        wall_now=wall_now,
    )


def steering_of(
    store: Store, settings: Settings, reader: LineReader, processes: Processes
) -> Steering:
    people = access_people(store, reader.rules, settings)
    return Steering(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=reader.rules,
        numbering=reader.numbering,
        processes=processes,
        after_the_end=EquipmentAfterTheEnd(people=people),
    )


def guard_of(clients: Clients, tokens: Tokens | None) -> Guard:
    return Guard(
        keys=KeyRing(clients=clients),
        tokens=tokens,
        allowance=MinuteAllowance(),
        wall_now=wall_now,
    )


def subscriptions_of(store: Store, settings: Settings) -> Subscriptions:
    return Subscriptions(
        store=store.subscriptions,
        publications=store.publications,
        keyed_hash=store.keyed_hash,
        new_secret=new_webhook_secret,
        private_too=settings.webhook_networks is WebhookNetworks.ANY,
    )


def indemnity_desk(store: Store, rules: PortRules) -> IndemnityDesk:
    return IndemnityDesk(ledger=store.ledger, keyed_hash=store.keyed_hash, rules=rules)


def reconcile_desk(store: Store, rules: PortRules) -> ReconcileDesk:
    return ReconcileDesk(book=DifferenceBook(lines=line_ledger(store)), rules=rules)


def order_documents(store: Store) -> OrderDocuments:
    return OrderDocuments(runner=order_runner(store), ledger=store.ledger, index=store.orders)


def build_api(ports: ApiPorts) -> FastAPI:
    app = new_api(ports)
    add_callers(app, ports)
    add_orders(app, ports)
    add_order_reading(app, ports)
    add_decisions(app, ports)
    add_holds(app, ports)
    add_equipment(app, ports)
    add_order_lines(app, ports)
    add_bulk(app, ports)
    add_lists(app, ports)
    add_order_lists(app, ports)
    add_jeopardy(app, ports)
    add_amendments(app, ports)
    add_amendment_moves(app, ports)
    add_documents(app, ports)
    add_document_contents(app, ports)
    add_notices(app, ports)
    add_told(app, ports)
    add_notice_moves(app, ports)
    add_lines(app, ports)
    add_exchange(app, ports)
    add_transfers(app, ports)
    add_parked(app, ports)
    add_indemnities(app, ports)
    add_indemnity_money(app, ports)
    add_indemnity_moves(app, ports)
    add_reconciling(app, ports)
    add_differences(app, ports)
    add_reverse_ports(app, ports)
    add_subscriptions(app, ports)
    add_subscription_moves(app, ports)
    add_deliveries(app, ports)
    add_events(app, ports)
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
            async with aiohttp.ClientSession() as session:
                tokens = issued_tokens(settings, session)
                ports = api_ports(store, settings, client, tokens=tokens)
                announce_ready()
                async with asyncio.TaskGroup() as group:
                    group.create_task(write_uses(store, stop))
                    await serve(build_api(ports), listener, stop)
            await store.uses.turn()


async def write_uses(store: Store, stop: asyncio.Event) -> None:
    await keep_turning(
        store.uses.turn, name="uses", stop=stop, idle=USES, survives=(LedgerUnavailableError,)
    )


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
