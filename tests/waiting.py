"""The one way tests wait: for a condition, with a bound."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK = 0.02


def until(condition: Callable[[], T | None], *, what: str, seconds: float = 60) -> T:
    """The first answer that is neither None nor False."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        answer = condition()
        if answer:
            return answer
        time.sleep(LOOK)
    raise TimeoutError(f"{what} within {seconds} s: it did not happen")


async def until_async(
    condition: Callable[[], Awaitable[bool]], *, what: str, seconds: float = 20
) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if await condition():
            return
        await asyncio.sleep(LOOK / 4)
    raise TimeoutError(f"{what} within {seconds} s: it did not happen")
