"""The relay process: the outbox to Temporal and the exchanges, the inbox to processes."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from adapters.webhooks.sender import WebhookSender, webhook_session
from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from ledger.messages import (
    APPLY_AMENDMENT,
    DO_AGAIN,
    PROVIDE_PAPER,
    SEND_REPLY,
    START_NEW_NUMBER,
    START_ORDER,
    START_PORT_IN,
    TELL_ORDER,
)
from runtime.amending import AmendmentApplier
from runtime.courier import Courier
from runtime.exchange_again import ExchangeAgain
from runtime.exchange_wiring import incoming_files
from runtime.lines import LineDocuments, TemporalProcesses
from runtime.notice_wiring import notice_office, opened_messenger
from runtime.processes.loop import keep_turning
from runtime.processes.only import as_the_only_runner
from runtime.processes.process import patient_store
from runtime.processes.projector import line_runner
from runtime.providing import PaperProvider
from runtime.readiness import announce_ready
from runtime.relay import Relay
from runtime.rules import port_rules
from runtime.settings import Settings, WebhookNetworks
from runtime.starting import (
    MessageHandOver,
    OrderTeller,
    ProcessStarter,
    line_verb,
    order_verb,
)
from runtime.store import Store
from runtime.transfers import TransferReplier, TransferTaker, by_source
from runtime.wiring import connect_temporal, exchange_of

IDLE = Technical(timedelta(milliseconds=100))
POLL = Technical(timedelta(milliseconds=200))


def build_relay(client: Client, store: Store, settings: Settings) -> Relay:
    rules = port_rules(settings)
    starter = ProcessStarter(client=client, clocks=store.clock)
    processes = TemporalProcesses(client=client)
    hand_over = MessageHandOver(
        client=client,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )
    transfers = TransferTaker(
        inbox=store.inbox,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=rules,
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
            SEND_REPLY: TransferReplier(
                ledger=store.ledger, exchange=exchange_of(store, settings)
            ).send,
            DO_AGAIN: ExchangeAgain(
                ledger=store.ledger,
                files=incoming_files(store, settings, rules),
                clocks=store.clock,
                wall_now=lambda: datetime.now(UTC),
            ).do,
            APPLY_AMENDMENT: AmendmentApplier(
                ledger=store.ledger,
                keyed_hash=store.keyed_hash,
                processes=processes,
                clocks=store.clock,
                wall_now=lambda: datetime.now(UTC),
            ).apply,
        },
        hand_over=by_source(lines=hand_over.hand_over, transfers=transfers.take),
    )


def build_courier(store: Store, sender: WebhookSender) -> Courier:
    return Courier(
        subscriptions=store.subscriptions, sender=sender, wall_now=lambda: datetime.now(UTC)
    )


async def run_relay(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store:
        if store is None:
            return
        relay = build_relay(await connect_temporal(settings, lazy=True), store, settings)
        public_only = settings.webhook_networks is WebhookNetworks.PUBLIC
        announce_ready()
        async with (
            webhook_session(public_only=public_only) as session,
            opened_messenger(settings) as messenger,
            asyncio.TaskGroup() as group,
        ):
            office = notice_office(store, settings, port_rules(settings), messenger=messenger)
            group.create_task(
                as_the_only_runner("notices", office.turn, settings=settings, stop=stop, idle=POLL)
            )
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
