"""What runs once in a deployment, however many processes could run it: whoever holds its lock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.keys.secrets import WrongMasterKeyError
from adapters.postgres.bookmarks import CheckpointMovedError
from adapters.postgres.documents import RunnerLock
from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from ledger.catalogue import UnknownEventError
from projections.projection import ProjectionAheadError
from runtime.errors import CommandError
from runtime.processes.loop import keep_turning
from runtime.settings import Settings

STAND_BY = Technical(timedelta(seconds=1))

log = structlog.get_logger("runner")


@dataclass(frozen=True, kw_only=True)
class Resting:
    """Turns that leave work under way: it is waited for before another runner may begin."""

    turn: Callable[[], Awaitable[object]]
    rest: Callable[[], Awaitable[None]]

    async def __call__(self) -> object:
        return await self.turn()


async def as_the_only_runner(
    name: str,
    turn: Callable[[], Awaitable[object]],
    *,
    settings: Settings,
    stop: asyncio.Event,
    idle: Technical,
    survives: tuple[type[Exception], ...] = (),
) -> None:
    """Hold the runner's lock and turn; when it is lost or taken, stand by and try again."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""

    async def hold_and_turn() -> None:
        lock = RunnerLock(url=url, name=name)
        async with lock.held() as taken:
            if not taken:
                return
            log.info("runner.running", runner=name)

            async def locked_turn() -> object:
                lock.check()
                return await turn()

            try:
                await keep_turning(locked_turn, name=name, stop=stop, idle=idle, survives=survives)
            finally:
                if isinstance(turn, Resting):
                    await turn.rest()

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
