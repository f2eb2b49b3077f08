"""Whole orders on the real parts, next to processes of the same shape with nothing in them.

A turn of a process lasts from what wakes it (a message, a date, an answer) to the server's having
what it decided, its commands to the ledger included. An operator's step lasts from its being
scheduled to its answer. Both are read from the histories, waits between them are in neither.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

import psutil
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from bench.measures import Measure
from bench.process_shape import Spans, spans_of

ORDERS = 300
IN_FLIGHT = 12
WARM_UP = 10
LOOK = 0.25
CALM = 2.0
"""Seconds for what is still being written when the last order has closed."""
STALLED = 180.0
"""Seconds without one more order closed: something is wrong."""
FLOOR = "the same shape with nothing in it"
COMPARED = ("worker", "server", "relay")
"""The parts that a bare process has work for."""

Parts = Mapping[str, int]
"""Who works for an order, by process id: those of `COMPARED`, the database, and what else it takes
to be told by operators and to answer people."""


@dataclass(frozen=True, kw_only=True)
class Used:
    """CPU-seconds, a process with all that it started."""

    by_part: Mapping[str, float]

    @classmethod
    def by(cls, parts: Parts) -> "Used":
        return cls(by_part={name: _cpu_of(pid) for name, pid in parts.items()})

    def since(self, before: "Used") -> "Used":
        return Used(
            by_part={name: used - before.by_part[name] for name, used in self.by_part.items()}
        )

    @property
    def whole(self) -> float:
        return sum(self.by_part.values())


def _cpu_of(pid: int) -> float:
    """Its own, its children's, and those children's that are gone; of whoever measures, its own."""
    root = psutil.Process(pid)
    if pid == os.getpid():
        times = root.cpu_times()
        return float(times.user + times.system)
    return sum(_with_the_gone(process) for process in (root, *root.children(recursive=True)))


def _with_the_gone(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def resident_bytes(pid: int) -> int:
    """Memory shared between the processes of a part is counted once."""
    root = psutil.Process(pid)
    family = (root, *root.children(recursive=True))
    return sum(process.memory_full_info().pss for process in family)


@dataclass(frozen=True, kw_only=True)
class Load:
    """Orders as they can be sent in, and how many have closed by now."""

    parts: Parts
    submit: Callable[[int], Awaitable[None]]
    closed: Callable[[], Awaitable[int]]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What so many orders took."""

    orders: int
    used: Used
    wall: float
    events: int = 0
    spans: Spans = field(default_factory=lambda: Spans(turns=(), asks=()))


async def run_load(load: Load, *, orders: int, warm_up: int = WARM_UP) -> Run:
    """At most so many in flight: a machine that cannot follow is not given more."""
    await _play(load, first=0, upto=warm_up)
    before, started = Used.by(load.parts), time.perf_counter()
    await _play(load, first=warm_up, upto=warm_up + orders)
    wall = time.perf_counter() - started
    await asyncio.sleep(CALM)
    return Run(orders=orders, used=Used.by(load.parts).since(before), wall=wall)


async def _play(load: Load, *, first: int, upto: int, offset: int = 0) -> None:
    """`offset`: orders that were sent in before anybody counted."""
    sent, last, since = first, -1, time.monotonic()
    while (closed := offset + await load.closed()) < upto:
        while sent < upto and sent - closed < IN_FLIGHT:
            await load.submit(sent)
            sent += 1
        if closed != last:
            last, since = closed, time.monotonic()
        if time.monotonic() - since > STALLED:
            raise RuntimeError(f"{closed} of {upto} orders have closed, and no more of them do")
        await asyncio.sleep(LOOK)


async def left_waiting(load: Load, *, first: int, orders: int) -> None:
    """So many more orders, sent in under numbers from `first` on."""
    already = await load.closed()
    await _play(load, first=first, upto=first + orders, offset=first - already)
    await asyncio.sleep(CALM)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What the server recorded of one order: its own process and its line's."""

    order: WorkflowHistory
    line: WorkflowHistory

    @property
    def events(self) -> int:
        return len(self.order.events) + len(self.line.events)


async def recorded(client: Client, ids: Sequence[tuple[str, str]]) -> list[Recorded]:
    """Whole histories: an order closes a moment before its processes have ended."""
    found: list[Recorded] = []
    for order, line in ids:
        found.append(Recorded(order=await _whole(client, order), line=await _whole(client, line)))
    return found


async def _whole(client: Client, workflow: str) -> WorkflowHistory:
    handle = client.get_workflow_handle(workflow)
    await handle.result()
    return await handle.fetch_history()


def with_histories(run: Run, histories: Sequence[Recorded]) -> Run:
    each = [spans_of(history) for one in histories for history in (one.order, one.line)]
    return Run(
        orders=run.orders,
        used=run.used,
        wall=run.wall,
        events=sum(one.events for one in histories) * run.orders // len(histories),
        spans=Spans(
            turns=tuple(span for spans in each for span in spans.turns),
            asks=tuple(span for spans in each for span in spans.asks),
        ),
    )


def middle_one(histories: Sequence[Recorded]) -> Recorded:
    """The shape that the floor is given: of those without a turn that failed, the one in the middle
    by its events. A turn taken again leaves less in a history than it did."""
    smooth = [one for one in histories if not _has_failed(one.order) and not _has_failed(one.line)]
    if not smooth:
        raise RuntimeError("every order had a turn that failed: measure on a calmer machine")
    return sorted(smooth, key=lambda one: one.events)[len(smooth) // 2]


def _has_failed(history: WorkflowHistory) -> bool:
    failed = (
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    )
    return any(event.event_type in failed for event in history.events)


def percentile_ms(seconds: Sequence[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000


def measures_of(ours: Run, floor: Run) -> tuple[Measure, ...]:
    def measure(name: str, unit: str, of: Callable[[Run], float]) -> Measure:
        return Measure(name=name, unit=unit, ours=of(ours), floor=of(floor), floor_name=FLOOR)

    def cpu_ms(part: str) -> Callable[[Run], float]:
        return lambda run: run.used.by_part[part] / run.orders * 1000

    others = (part for part in ours.used.by_part if part not in COMPARED)

    return (
        measure("orders a CPU-second, all parts", "/s", lambda run: run.orders / run.used.whole),
        measure(
            "orders a CPU-second, worker and server",
            "/s",
            lambda run: run.orders / (run.used.by_part["worker"] + run.used.by_part["server"]),
        ),
        *(measure(f"CPU of an order, {part}", "ms", cpu_ms(part)) for part in COMPARED),
        *(
            Measure(name=f"CPU of an order, {part}", unit="ms", ours=cpu_ms(part)(ours))
            for part in others
        ),
        measure("orders a second, waits compressed", "/s", lambda run: run.orders / run.wall),
        measure("history events of an order", "", lambda run: run.events / run.orders),
        measure("p50 of a turn", "ms", lambda run: percentile_ms(run.spans.turns, 50)),
        measure("p95 of a turn", "ms", lambda run: percentile_ms(run.spans.turns, 95)),
        measure("p50 of an operator's step", "ms", lambda run: percentile_ms(run.spans.asks, 50)),
        measure("p95 of an operator's step", "ms", lambda run: percentile_ms(run.spans.asks, 95)),
    )


# memory


@dataclass(frozen=True, kw_only=True)
class Held:
    """Bytes held by each part."""

    by_part: Mapping[str, int]

    @classmethod
    def by(cls, parts: Parts) -> "Held":
        return cls(by_part={name: resident_bytes(pid) for name, pid in parts.items()})


def measures_of_memory(before: Held, after: Held, *, waiting: int) -> tuple[Measure, ...]:
    found = []
    for part, held in after.by_part.items():
        name = f"memory of the {part}, {waiting:,} orders waiting"
        more = (held - before.by_part[part]) / waiting
        found += [
            Measure(
                name=name,
                unit="MB",
                ours=held / 1e6,
                floor=before.by_part[part] / 1e6,
                floor_name="with none",
            ),
            Measure(name=f"of it for each order, {part}", unit="kB", ours=more / 1e3),
        ]
    return tuple(found)
