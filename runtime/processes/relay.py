"""The relay process: the outbox to Temporal, the inbox to processes, the exchange to the inbox."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from adapters.exchange_stand_in.gateway import ExchangeSilentError
from adapters.webhooks.sender import WebhookSender, webhook_session
from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from ledger.messages import (
    APPLY_AMENDMENT,
    PROVIDE_PAPER,
    START_NEW_NUMBER,
    START_ORDER,
    START_PORT_IN,
    TELL_ORDER,
)
from runtime.amending import AmendmentApplier
from runtime.courier import Courier
from runtime.lines import LineDocuments, TemporalProcesses
from runtime.polling import ExchangePoller
from runtime.processes.loop import keep_turning
from runtime.processes.process import patient_store
from runtime.processes.projector import line_runner
from runtime.providing import PaperProvider
from runtime.readiness import announce_ready
from runtime.relay import Relay
from runtime.settings import Settings, WebhookNetworks
from runtime.starting import (
    MessageHandOver,
    OrderTeller,
    ProcessStarter,
    line_verb,
    order_verb,
)
from runtime.store import Store
from runtime.wiring import Operators, connect_temporal, opened_operators

IDLE = Technical(timedelta(milliseconds=100))
POLL = Technical(timedelta(milliseconds=200))


def build_relay(client: Client, store: Store) -> Relay:
    starter = ProcessStarter(client=client, clocks=store.clock)
    processes = TemporalProcesses(client=client)
    hand_over = MessageHandOver(
        client=client,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )
    return Relay(
        outbox=store.outbox,
        inbox=store.inbox,
        verbs={
            START_ORDER: order_verb(starter),
            START_PORT_IN: line_verb(starter.port_in),
            START_NEW_NUMBER: line_verb(starter.new_number),
            TELL_ORDER: OrderTeller(client=client, ledger=store.ledger).tell,
            PROVIDE_PAPER: PaperProvider(
                ledger=store.ledger,
                lines=LineDocuments(runner=line_runner(store), ledger=store.ledger),
                processes=processes,
            ).provide,
            APPLY_AMENDMENT: AmendmentApplier(
                ledger=store.ledger,
                keyed_hash=store.keyed_hash,
                processes=processes,
                clocks=store.clock,
                wall_now=lambda: datetime.now(UTC),
            ).apply,
        },
        hand_over=hand_over.hand_over,
    )


def build_courier(store: Store, sender: WebhookSender) -> Courier:
    return Courier(
        subscriptions=store.subscriptions, sender=sender, wall_now=lambda: datetime.now(UTC)
    )


def build_poller(store: Store, operators: Operators) -> ExchangePoller:
    return ExchangePoller(
        exchange=operators.exchange,
        inbox=store.inbox,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


async def run_relay(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store, opened_operators(settings) as operators:
        if store is None:
            return
        relay = build_relay(await connect_temporal(settings, lazy=True), store)
        poller = build_poller(store, operators)
        public_only = settings.webhook_networks is WebhookNetworks.PUBLIC
        announce_ready()
        async with (
            webhook_session(public_only=public_only) as session,
            asyncio.TaskGroup() as group,
        ):
            sender = WebhookSender(session=session, public_only=public_only)
            courier = build_courier(store, sender)
            group.create_task(
                keep_turning(
                    courier.turn,
                    name="courier",
                    stop=stop,
                    idle=POLL,
                    survives=(LedgerUnavailableError,),
                )
            )
            group.create_task(
                keep_turning(
                    relay.turn,
                    name="relay",
                    stop=stop,
                    idle=IDLE,
                    survives=(LedgerUnavailableError,),
                )
            )
            group.create_task(
                keep_turning(
                    poller.turn,
                    name="poller",
                    stop=stop,
                    idle=POLL,
                    survives=(LedgerUnavailableError, ExchangeSilentError),
                )
            )
