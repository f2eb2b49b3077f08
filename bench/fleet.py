"""A fleet in one order: how long it takes to be accepted, and until every line has its process.

The floor of acceptance is the fleet's own bytes put into a bare table, a row a line; the floor of
starting is as many processes started with nobody to run them, as many at once as the relay starts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.measures import Measure, rate

LOOK = 0.5
PATIENCE = 1_800.0
"""Seconds; a machine that has not started them by then is said to be too slow."""


@dataclass(frozen=True, kw_only=True)
class FleetBench:
    lines: int
    accept: Callable[[], Awaitable[object]]
    insert_bare: Callable[[], Awaitable[object]]
    started: Callable[[], Awaitable[int]]
    """How many lines have done their first step of their own."""
    start_bare: Callable[[], Awaitable[int]]
    """Starts some processes of nobody's; how many."""

    async def run(self) -> tuple[Measure, ...]:
        accepted = await _seconds(self.accept)
        begun = time.perf_counter()
        while await self.started() < self.lines:
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError("the fleet was not started in half an hour: measure with less")
            await asyncio.sleep(LOOK)
        starting = time.perf_counter() - begun
        bare = await _seconds(self.insert_bare)
        return (
            Measure(
                name=f"accept a fleet of {self.lines:,} lines",
                unit="s",
                ours=accepted,
                floor=bare,
                floor_name="the same bytes, a row a line",
            ),
            Measure(
                name=f"start {self.lines:,} lines",
                unit="/s",
                ours=self.lines / starting,
                floor=await rate(self.start_bare),
                floor_name="starts that nobody runs",
            ),
            Measure(name="order to last start", unit="s", ours=accepted + starting),
        )


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun
