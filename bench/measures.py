"""What a benchmark reports: a figure of ours next to a floor taken in the same run."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

SMALL = 10
"""Below it a figure is told to the hundredth."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`ratio` is ours over the floor: a rate near 1, or a time near 1, is as good as it gets."""

    name: str
    unit: str
    ours: float
    floor: float | None = None
    floor_name: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None


async def rate(work: Callable[[], Awaitable[int]]) -> float:
    """Things done per wall second; `work` says how many it did."""
    started = time.perf_counter()
    done = await work()
    return done / (time.perf_counter() - started)


async def seconds_each(works: Sequence[Callable[[], Awaitable[object]]]) -> list[float]:
    took: list[float] = []
    for work in works:
        started = time.perf_counter()
        await work()
        took.append(time.perf_counter() - started)
    return took


def median_ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000


def figure(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= SMALL else f"{value:,.2f}"
