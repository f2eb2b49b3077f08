"""Orders of one process, followed to their end and left waiting, on the parts of a stack."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from bench.measures import Measure
from bench.process_floor import Scripts, ids_of
from bench.whole_orders import (
    WARM_UP,
    Held,
    Load,
    left_waiting,
    measures_of,
    measures_of_memory,
    middle_one,
    recorded,
    run_load,
    with_histories,
)
from domain.identity import LineId
from runtime.benched_stack import BenchedStack, Facts, anything
from runtime.errors import UnavailableError
from workflows.identity import TASK_QUEUE, line_workflow_id

DAY_SECONDS = 86_400
GIVEN_UP_MAX = 0.1
"""Of the orders: with more of them left to a person, the machine had no time for us."""


@dataclass(frozen=True, kw_only=True)
class Stopping:
    """The facts after which a line waits for somebody whom a benchmark has not."""

    types: tuple[str, ...]
    counts: Callable[[str], bool] = anything
    said: str
    """What happened to those lines."""


@dataclass(frozen=True, kw_only=True)
class BenchedOrders:
    """Orders of one line each, and our processes at work for them."""

    stack: BenchedStack
    what: str
    day: int
    """How many seconds a business day lasts."""
    stopping: Stopping
    working: Callable[[], AbstractAsyncContextManager[Load]]
    unanswered: Callable[[], AbstractAsyncContextManager[Load]]
    """With operators that take everything and are not heard of again."""
    warm_up: int = WARM_UP

    async def measured(self, *, orders: int, say: Callable[[str], None]) -> tuple[Measure, ...]:
        stack = self.stack
        await stack.begin(scale=DAY_SECONDS // self.day)
        say(f"{orders} orders of {self.what}, one business day in {self.day} seconds")
        async with self.working() as load:
            ours = await run_load(load, orders=orders, warm_up=self.warm_up)
            ids = await self._ended(stack.ids[-orders:])
            histories = await recorded(stack.client, ids)
        if len(ids) < orders:
            say(f"{orders - len(ids)} {self.stopping.said}, and are left out of the histories")
        scripts = Scripts.of(middle_one(histories), queue=TASK_QUEUE)
        say(f"the same shape with nothing in it: {scripts.order} | {scripts.line}")
        async with stack.bare(scripts) as load:
            floor = await run_load(load, orders=orders, warm_up=self.warm_up)
            bare = [ids_of(self.warm_up + number) for number in range(orders)]
            ended = await recorded(stack.client, bare)  # the last may still have to end
        return measures_of(with_histories(ours, histories), with_histories(floor, ended))

    async def memory(self, *, waiting: int, say: Callable[[str], None]) -> tuple[Measure, ...]:
        stack = self.stack
        await stack.begin(scale=1)
        say(f"{waiting:,} orders left waiting for an operator, in real time")
        async with self.unanswered() as load:
            await left_waiting(load, first=len(stack.ids), orders=self.warm_up)
            before = Held.by(load.parts)
            await left_waiting(load, first=len(stack.ids), orders=waiting)
            return measures_of_memory(before, Held.by(load.parts), waiting=waiting)

    async def _ended(self, ids: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the processes that are over: without the lines that wait for somebody."""
        stopped = Facts(
            store=self.stack.store, types=self.stopping.types, counts=self.stopping.counts
        )
        await stopped.count()
        left = {line_workflow_id(LineId(UUID(s.partition("/")[2]))) for s in stopped.seen}
        over = [(order, line) for order, line in ids if line not in left]
        if len(over) < len(ids) * (1 - GIVEN_UP_MAX):
            raise UnavailableError(
                f"{len(ids) - len(over)} of {len(ids)} orders {self.stopping.said} in compressed "
                "time; measure when this machine has less to do"
            )
        return over
