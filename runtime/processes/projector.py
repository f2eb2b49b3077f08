"""The projector process: documents for people, the watchdog, and seals. One runner of each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from adapters.keys.secrets import WrongMasterKeyError
from adapters.postgres.documents import CheckpointMovedError, RunnerLock
from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from ledger.catalogue import UnknownEventError
from projections.line import LINES, LineDocument
from projections.order import ORDERS, OrderDocument
from projections.projection import ProjectionAheadError
from runtime.errors import CommandError
from runtime.lines import LineDocuments
from runtime.processes.loop import keep_turning
from runtime.processes.process import patient_store
from runtime.projecting import ProjectionRunner
from runtime.publishing import Publisher
from runtime.readiness import announce_ready
from runtime.rules import port_rules
from runtime.sealing import BATCH, Sealer
from runtime.settings import Settings
from runtime.store import Store
from runtime.watching import Watchdog

IDLE = Technical(timedelta(milliseconds=100))
WATCH = Technical(timedelta(seconds=5))
STAND_BY = Technical(timedelta(seconds=1))

log = structlog.get_logger("projector")


def order_runner(store: Store) -> ProjectionRunner[OrderDocument]:
    return ProjectionRunner(
        projection=ORDERS, reader=store.reader, documents=store.documents, keys=store.keys
    )


def line_runner(store: Store) -> ProjectionRunner[LineDocument]:
    return ProjectionRunner(
        projection=LINES, reader=store.reader, documents=store.documents, keys=store.keys
    )


def build_watchdog(store: Store, settings: Settings) -> Watchdog:
    return Watchdog(
        lines=LineDocuments(runner=line_runner(store), ledger=store.ledger),
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=port_rules(settings),
        clocks=store.clock,
        wall_now=lambda: datetime.now(UTC),
    )


def build_publisher(store: Store, settings: Settings) -> Publisher:
    return Publisher(
        reader=store.reader,
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


async def _as_the_only_runner(
    name: str,
    turn: Callable[[], Awaitable[object]],
    *,
    settings: Settings,
    stop: asyncio.Event,
    idle: Technical,
) -> None:
    """Hold the runner's lock and turn; when it is lost or taken, stand by and try again."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""

    async def hold_and_turn() -> None:
        lock = RunnerLock(url=url, name=name)
        async with lock.held() as taken:
            if not taken:
                return
            log.info("projector.running", runner=name)

            async def locked_turn() -> object:
                lock.check()
                return await turn()

            await keep_turning(locked_turn, name=name, stop=stop, idle=idle, survives=())

    await keep_turning(
        hold_and_turn,
        name=name,
        stop=stop,
        idle=STAND_BY,
        survives=(
            LedgerUnavailableError,
            CheckpointMovedError,
            ProjectionAheadError,
            UnknownEventError,
            WrongMasterKeyError,
            CommandError,  # profiles that cannot be read just now
            OSError,
        ),
    )


async def run_projector(settings: Settings, stop: asyncio.Event) -> None:
    async with patient_store(settings, stop) as store:
        if store is None:
            return
        announce_ready()
        every = Technical(timedelta(seconds=settings.seal_seconds))
        runners: tuple[tuple[str, Callable[[], Awaitable[object]], Technical], ...] = (
            (ORDERS.name, order_runner(store).turn, IDLE),
            (LINES.name, line_runner(store).turn, IDLE),
            ("publisher", build_publisher(store, settings).turn, IDLE),
            ("watchdog", build_watchdog(store, settings).turn, WATCH),
            ("sealer", _sealing(store), every),
        )
        async with asyncio.TaskGroup() as group:
            for name, turn, idle in runners:
                group.create_task(
                    _as_the_only_runner(name, turn, settings=settings, stop=stop, idle=idle)
                )
