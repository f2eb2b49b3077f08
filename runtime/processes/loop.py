"""How every long-running loop of ours goes on: at once, after a pause, or after a failure."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from domain.clock import Technical

FIRST_BACKOFF = Technical(timedelta(milliseconds=200))
LONGEST_BACKOFF = Technical(timedelta(seconds=5))

log = structlog.get_logger("loop")


async def pause(stop: asyncio.Event, span: Technical) -> None:
    """Wait, or stop waiting at once when asked to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), span.span.total_seconds())


async def keep_turning(
    turn: Callable[[], Awaitable[object]],
    *,
    name: str,
    stop: asyncio.Event,
    idle: Technical,
    survives: tuple[type[Exception], ...],
) -> None:
    """Turn until told to stop. What it survives is logged and tried again, ever more slowly."""
    backoff = FIRST_BACKOFF.span
    while not stop.is_set():
        try:
            found = await turn()
        except survives as exc:
            log.warning("loop.turn.failed", loop=name, error=type(exc).__name__, why=str(exc))
            await pause(stop, Technical(backoff))
            backoff = min(backoff * 2, LONGEST_BACKOFF.span)
            continue
        backoff = FIRST_BACKOFF.span
        if not found:
            await pause(stop, idle)
