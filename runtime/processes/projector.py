"""The projector process: documents for people, the watchdog, and seals. One runner of each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from domain.clock import Technical
from domain.port_rules import PortRules
from projections.exchange import TRANSFERS, TROUBLES
from projections.indemnity import INDEMNITIES
from projections.jeopardy import JEOPARDIES, JeopardyDocument
from projections.line import LineDocument
from projections.lines import LINES
from projections.order import ORDERS, OrderDocument
from projections.parked import PARKED
from projections.reconciling import DIFFERENCES, HOST_NIGHTS
from projections.reverse_port import REVERSE_PORTS
from projections.stage_times import NAME as STAGE_TIMES
from runtime.exchange_wiring import transfer_runner, trouble_runner
from runtime.indemnities import IndemnityWatchdog, indemnity_documents, indemnity_runner
from runtime.jeopardy import JeopardyDocuments, JeopardyWatch
from runtime.lines import LineDocuments
from runtime.parked import parked_runner
from runtime.processes.only import as_the_only_runner
from runtime.processes.process import patient_store
from runtime.projecting import ProjectionRunner
from runtime.publishing import Publisher
from runtime.readiness import announce_ready
from runtime.reconciling import difference_runner, host_nights_runner
from runtime.reverse_ports import (
    ReversePortWatchdog,
    reverse_port_documents,
    reverse_port_runner,
)
from runtime.rules import port_rules
from runtime.sealing import BATCH, Sealer
from runtime.settings import Settings
from runtime.stage_timing import StageTimer
from runtime.store import Store, followed
from runtime.watching import Watchdog
from runtime.wiring import reverse_book

IDLE = Technical(timedelta(milliseconds=100))
SELDOM = Technical(timedelta(milliseconds=500))
"""Of what people look at, and no process waits for."""

WATCH = Technical(timedelta(seconds=5))


def order_runner(store: Store) -> ProjectionRunner[OrderDocument]:
    return ProjectionRunner(
        projection=ORDERS, reader=store.feed, documents=store.documents, keys=store.keys
    )


def line_runner(store: Store) -> ProjectionRunner[LineDocument]:
    return ProjectionRunner(
        projection=LINES, reader=store.feed, documents=store.documents, keys=store.keys
    )


def line_documents(store: Store) -> LineDocuments:
    return LineDocuments(runner=line_runner(store), ledger=store.ledger, briefs=store.briefs)


def build_watchdog(store: Store, settings: Settings) -> Watchdog:
    return Watchdog(
        lines=line_documents(store),
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


def build_indemnity_watchdog(store: Store, settings: Settings) -> IndemnityWatchdog:
    return IndemnityWatchdog(
        indemnities=indemnity_documents(store),
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


def jeopardy_runner(store: Store) -> ProjectionRunner[JeopardyDocument]:
    return ProjectionRunner(
        projection=JEOPARDIES, reader=store.feed, documents=store.documents, keys=store.keys
    )


def jeopardy_documents(store: Store, rules: PortRules) -> JeopardyDocuments:
    return JeopardyDocuments(runner=jeopardy_runner(store), briefs=store.briefs, rules=rules)


def build_jeopardy_watch(store: Store, settings: Settings) -> JeopardyWatch:
    return JeopardyWatch(
        briefs=store.briefs,
        documents=store.documents,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


def build_reverse_port_watchdog(store: Store, settings: Settings) -> ReversePortWatchdog:
    return ReversePortWatchdog(
        documents=reverse_port_documents(store, reverse_book(store, port_rules(settings))),
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


def build_stage_timer(store: Store, settings: Settings) -> StageTimer:
    return StageTimer(
        reader=store.feed,
        ledger=store.ledger,
        documents=store.documents,
        rules=port_rules(settings),
    )


def build_publisher(store: Store, settings: Settings) -> Publisher:
    return Publisher(
        reader=store.feed,
        ledger=store.ledger,
        publications=store.publications,
        rules=port_rules(settings),
    )


def build_sealer(store: Store) -> Sealer:
    return Sealer(
        reader=store.reader,
        seals=store.seals,
        signer=store.signer,
        wall_now=lambda: datetime.now(UTC),
    )


def _sealing(store: Store) -> Callable[[], Awaitable[bool]]:
    """Go on at once only while there is a backlog; otherwise one seal an interval."""
    sealer = build_sealer(store)

    async def turn() -> bool:
        seal = await sealer.turn()
        return seal is not None and len(seal.positions) == BATCH

    return turn


async def run_projector(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as opened:
        if opened is None:
            return
        store = followed(opened)
        announce_ready()
        every = Technical(timedelta(seconds=settings.seal_seconds))
        runners: tuple[tuple[str, Callable[[], Awaitable[object]], Technical], ...] = (
            (ORDERS.name, order_runner(store).turn, IDLE),
            (LINES.name, line_runner(store).turn, IDLE),
            (TROUBLES.name, trouble_runner(store).turn, SELDOM),
            (TRANSFERS.name, transfer_runner(store).turn, SELDOM),
            (PARKED.name, parked_runner(store).turn, SELDOM),
            (INDEMNITIES.name, indemnity_runner(store).turn, SELDOM),
            (STAGE_TIMES, build_stage_timer(store, settings).turn, SELDOM),
            (JEOPARDIES.name, jeopardy_runner(store).turn, SELDOM),
            (DIFFERENCES.name, difference_runner(store).turn, SELDOM),
            (HOST_NIGHTS.name, host_nights_runner(store).turn, SELDOM),
            (REVERSE_PORTS.name, reverse_port_runner(store).turn, SELDOM),
            ("publisher", build_publisher(store, settings).turn, IDLE),
            ("watchdog", build_watchdog(store, settings).turn, WATCH),
            ("jeopardy-watch", build_jeopardy_watch(store, settings).turn, WATCH),
            ("indemnity-watchdog", build_indemnity_watchdog(store, settings).turn, WATCH),
            ("reverse-watchdog", build_reverse_port_watchdog(store, settings).turn, WATCH),
            ("sealer", _sealing(store), every),
        )
        async with asyncio.TaskGroup() as group:
            for name, turn, idle in runners:
                group.create_task(
                    as_the_only_runner(name, turn, settings=settings, stop=stop, idle=idle)
                )
