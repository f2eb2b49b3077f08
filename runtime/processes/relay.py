"""The relay process: the outbox to Temporal and the exchanges, the inbox to processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from activities.access_messages import AccessMessages
from activities.line_ends import LotBook
from adapters.webhooks.sender import WebhookSender, webhook_session
from domain.clock import Technical
from intake.filing import Filing
from ledger.availability import LedgerUnavailableError
from ledger.messages import (
    APPLY_AMENDMENT,
    DO_AGAIN,
    DO_PARKED,
    DO_PART,
    FETCH_PHOTOGRAPH,
    FOLLOW_REVERSE_PORT,
    PROVIDE_PAPER,
    PUT_BACK_BY_HAND,
    RUN_RECONCILE,
    SEND_REPLY,
    START_ACCESS,
    START_DIFFERENCE,
    START_INDEMNITY,
    START_NEW_NUMBER,
    START_ORDER,
    START_PORT_IN,
    TELL_LINE,
    TELL_ORDER,
)
from runtime.amending import AmendmentApplier
from runtime.bulk import BulkDoer
from runtime.complaints import ComplaintTaker, put_back_by_hand
from runtime.courier import Courier
from runtime.exchange_again import ExchangeAgain
from runtime.exchange_wiring import incoming_files
from runtime.line_teller import LineTeller
from runtime.lines import TemporalProcesses
from runtime.notice_wiring import notice_office, opened_messenger
from runtime.parked import ParkedBook, ParkedDoer
from runtime.photographs import PhotographFetcher
from runtime.processes.loop import keep_turning
from runtime.processes.only import Resting, as_the_only_runner
from runtime.processes.process import patient_store
from runtime.processes.projector import line_documents
from runtime.providing import PaperProvider
from runtime.readiness import announce_ready
from runtime.relay import Perform, Relay
from runtime.reverse_ports import ReverseFollower, ReverseTaker
from runtime.rules import port_rules
from runtime.settings import Settings, WebhookNetworks
from runtime.starting import (
    MessageHandOver,
    OrderTeller,
    ProcessStarter,
    ReconcileKeeper,
    difference_verb,
    indemnity_verb,
    line_verb,
    order_verb,
    reconcile_verb,
)
from runtime.store import Store, followed
from runtime.transfers import TransferReplier, TransferTaker, by_source
from runtime.wiring import (
    READERS,
    closures_of,
    connect_temporal,
    exchange_of,
    line_ledger,
    opened_accesses,
    reverse_book,
)

IDLE = Technical(timedelta(milliseconds=100))
POLL = Technical(timedelta(milliseconds=200))
KEEP = Technical(timedelta(seconds=1))
"""How soon a clock that has moved is told to whoever waits for the night."""


def wall_now() -> datetime:
    return datetime.now(UTC)


def build_relay(
    client: Client, store: Store, settings: Settings, *, photographs: PhotographFetcher
) -> Relay:
    transfers = TransferTaker(
        inbox=store.inbox,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=wall_now,
    )
    reverse_ports = ReverseTaker(
        book=reverse_book(store, port_rules(settings)),
        inbox=store.inbox,
        readers=READERS,
        for_a_person=transfers.take,
    )
    complaints = ComplaintTaker(
        messages=AccessMessages(
            lines=line_ledger(store),
            rules=port_rules(settings),
            inbox=store.inbox,
            readers=READERS,
            closures=closures_of(settings),
        ),
        clocks=store.clock,
        wall_now=wall_now,
        otherwise=reverse_ports.take_word_of_a_host,
    )
    hand_over = MessageHandOver(
        client=client,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        clocks=store.clock,
        wall_now=wall_now,
        after_its_end=complaints.take,
    )
    return Relay(
        outbox=store.outbox,
        inbox=store.inbox,
        verbs={
            **_of_processes(client, store),
            **_of_people(TemporalProcesses(client=client), store),
            **_of_exchanges(client, store, settings),
            FETCH_PHOTOGRAPH: photographs.fetch,
        },
        hand_over=by_source(
            lines=hand_over.hand_over,
            transfers=transfers.take,
            reverse_ports=reverse_ports.take_ticket,
        ),
        tell_parked=parked_book(store, settings).raise_,
    )


def parked_book(store: Store, settings: Settings) -> ParkedBook:
    return ParkedBook(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=wall_now,
    )


def _of_processes(client: Client, store: Store) -> dict[str, Perform]:
    """They start, and hear of what they follow."""
    starter = ProcessStarter(client=client, clocks=store.clock)
    lots = LotBook(ledger=store.ledger, keyed_hash=store.keyed_hash)
    return {
        START_ORDER: order_verb(starter),
        START_PORT_IN: line_verb(starter.port_in),
        START_ACCESS: line_verb(starter.access),
        START_NEW_NUMBER: line_verb(starter.new_number),
        START_INDEMNITY: indemnity_verb(starter, store.ledger),
        START_DIFFERENCE: difference_verb(starter, store.ledger),
        RUN_RECONCILE: reconcile_verb(starter),
        TELL_LINE: LineTeller(ledger=store.ledger, inbox=store.inbox).tell,
        TELL_ORDER: OrderTeller(client=client, lots=lots).tell,
        PUT_BACK_BY_HAND: put_back_by_hand,
    }


def _of_people(processes: TemporalProcesses, store: Store) -> dict[str, Perform]:
    """What somebody filed, changed or decided is put to the lines it is about."""
    lines = line_documents(store)
    papers = PaperProvider(ledger=store.ledger, lines=lines, processes=processes)
    doer = BulkDoer(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        lines=lines,
        processes=processes,
        clocks=store.clock,
        wall_now=wall_now,
    )
    applier = AmendmentApplier(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        processes=processes,
        clocks=store.clock,
        wall_now=wall_now,
    )
    return {
        PROVIDE_PAPER: papers.provide,
        DO_PART: doer.do,
        APPLY_AMENDMENT: applier.apply,
        DO_PARKED: ParkedDoer(outbox=store.outbox).do,
    }


def _of_exchanges(client: Client, store: Store, settings: Settings) -> dict[str, Perform]:
    rules = port_rules(settings)
    files = incoming_files(store, settings, rules)
    again = ExchangeAgain(ledger=store.ledger, files=files, clocks=store.clock, wall_now=wall_now)
    replier = TransferReplier(ledger=store.ledger, exchange=exchange_of(store, settings))
    follower = ReverseFollower(
        book=reverse_book(store, rules),
        exchange=exchange_of(store, settings),
        starter=ProcessStarter(client=client, clocks=store.clock),
    )
    return {
        SEND_REPLY: replier.send,
        DO_AGAIN: again.do,
        FOLLOW_REVERSE_PORT: follower.follow,
    }


@asynccontextmanager
async def photograph_fetcher(store: Store, settings: Settings) -> AsyncIterator[PhotographFetcher]:
    """Of the operators that are set; nothing of it is under way once it is left."""
    async with opened_accesses(settings) as accesses:
        fetcher = PhotographFetcher(
            filing=Filing(
                ledger=store.ledger,
                keyed_hash=store.keyed_hash,
                rules=port_rules(settings),
                attachments=store.attachments,
            ),
            accesses=accesses,
            clocks=store.clock,
            wall_now=wall_now,
        )
        try:
            yield fetcher
        finally:
            await fetcher.rest()


def build_courier(store: Store, sender: WebhookSender) -> Courier:
    return Courier(subscriptions=store.subscriptions, sender=sender, wall_now=wall_now)


async def run_relay(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store:
        if store is None:
            return
        client = await connect_temporal(settings, lazy=True)
        keeper = ReconcileKeeper(starter=ProcessStarter(client=client, clocks=store.clock))
        with suppress(LedgerUnavailableError):
            await parked_book(store, settings).raise_all(await store.outbox.parked())
        public_only = settings.webhook_networks is WebhookNetworks.PUBLIC
        announce_ready()
        async with (
            webhook_session(public_only=public_only) as session,
            opened_messenger(settings) as messenger,
            photograph_fetcher(store, settings) as photographs,
            asyncio.TaskGroup() as group,
        ):
            relay = build_relay(client, store, settings, photographs=photographs)
            office = notice_office(
                followed(store), settings, port_rules(settings), messenger=messenger
            )
            telling = Resting(turn=office.turn, rest=office.rest)
            group.create_task(
                as_the_only_runner("notices", telling, settings=settings, stop=stop, idle=POLL)
            )
            group.create_task(
                keep_turning(
                    keeper.turn,
                    name="reconcile",
                    stop=stop,
                    idle=KEEP,
                    survives=(LedgerUnavailableError, RPCError, RuntimeError),
                )
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
