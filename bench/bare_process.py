"""The floor of a process: its steps in the same order and the same number, and nothing in them.

A script is words: `local`, `show`, `ask:QUEUE`, `sleep:SECONDS` for a timer that fires,
`wait:SECONDS:COUNT` for one that so many signals and decisions put an end to.
What follows `local` or a queue is told to the outside: what an outbox, an operator or a question to
a person leads to.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey

VERSION = SearchAttributeKey.for_int("RaccordVersion")
_LIMIT = timedelta(seconds=10)


@dataclass(frozen=True)
class BareStart:
    script: str


@workflow.defn(name="BareProcess")
class BareProcess:
    @workflow.init
    def __init__(self, start: BareStart) -> None:
        self._words = start.script.split()
        self._heard = 0
        self._shown = 0

    @workflow.run
    async def run(self, start: BareStart) -> None:
        del start
        for word in self._words:
            verb, _, more = word.partition(":")
            await self._step(verb, more)

    @workflow.signal
    def told(self) -> None:
        self._heard += 1

    @workflow.update
    def decided(self) -> None:
        self._heard += 1

    async def _step(self, verb: str, more: str) -> None:
        match verb:
            case "local":
                await workflow.execute_local_activity(
                    "bare_local", more or None, start_to_close_timeout=_LIMIT
                )
            case "show":
                self._shown += 1
                workflow.upsert_search_attributes([VERSION.value_set(self._shown)])
            case "ask":
                await self._ask(more)
            case "sleep":
                await workflow.sleep(timedelta(seconds=float(more)))
            case _:
                await self._wait(*more.split(":"))

    async def _ask(self, more: str) -> None:
        queue, _, tells = more.partition(":")
        await workflow.execute_activity(
            "bare_ask",
            tells or None,
            task_queue=f"{workflow.info().task_queue}-{queue}",
            start_to_close_timeout=_LIMIT,
        )

    async def _wait(self, seconds: str, count: str) -> None:
        def heard() -> bool:
            return self._heard >= int(count)

        with suppress(TimeoutError):  # on a busy day the signal comes later than it did
            await workflow.wait_condition(heard, timeout=timedelta(seconds=float(seconds)))
        await workflow.wait_condition(heard)
