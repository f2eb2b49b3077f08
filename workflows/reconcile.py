"""Every business night, what the ledger believes of each line against what its host says.

One for each stack, always running: it continues as a new run after each night, and in the middle of
one whose lines are many.
"""

import asyncio
from datetime import date, datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import AwareDatetime, BaseModel, ConfigDict

    from activities.reconciling import (
        FindingsStep,
        HostComparison,
        HostNightStep,
        NightStep,
        PageCompared,
        PageStep,
        ReconcileActivities,
    )
    from domain.clock import BusinessClock
    from domain.host_nights import Counts
    from domain.identity import LineId
    from domain.nights import Night
    from domain.policies import DIFFERENCES_A_NIGHT
    from domain.port_in_facts import HostNetwork
    from domain.said import moment_said
    from workflows.identity import operator_task_queue
    from workflows.pace import Pace
    from workflows.technical import (
        LEDGER_RETRY,
        LEDGER_TIMEOUT,
        PAGE_ALL,
        PAGE_HEARTBEAT,
        PAGE_RETRY,
        PAGE_TIMEOUT,
    )

PAGE = 100
"""Lines asked about at a time."""

PAGES_A_RUN = 40
"""Of each host: with three of them a run stays under two thousand events, whatever the lines."""


class HostTurn(BaseModel):
    """How far the comparison of one host has come. No night: somebody asked for it."""

    model_config = ConfigDict(frozen=True)

    host: HostNetwork
    night: date | None
    began_at: AwareDatetime
    after: LineId | None = None
    counts: Counts = Counts()


class StartReconcile(BaseModel):
    model_config = ConfigDict(frozen=True)

    clock: BusinessClock
    done: date | None = None
    """The last night that was taken."""
    turns: tuple[HostTurn, ...] = ()
    """Of a night that is not over."""
    asked: tuple[HostNetwork, ...] = ()
    page: int = PAGE
    pages: int = PAGES_A_RUN


@workflow.defn
class Reconcile:
    @workflow.init
    def __init__(self, start: StartReconcile) -> None:
        self._start = start
        self._clock = start.clock
        self._done = start.done
        self._turns = start.turns
        self._asked = list(start.asked)
        self._moved = False

    @workflow.run
    async def run(self, start: StartReconcile) -> None:
        del start
        while True:
            await self._wait_for_the_night()
            await self._compare_every_host()
            await self._go_on_as_a_new_run()

    @workflow.signal(description="Somebody wants hosts compared now: which ones.")
    def run_asked_for(self, hosts: tuple[HostNetwork, ...]) -> None:
        self._asked += [host for host in hosts if host not in self._asked]

    @workflow.signal(description="The stack's business clock, which may be another one now.")
    def clock_moved(self, clock: BusinessClock) -> None:
        if clock != self._clock:
            self._clock, self._moved = clock, True

    @property
    def _pace(self) -> Pace:
        return Pace(self._clock)

    # the stages

    async def _wait_for_the_night(self) -> None:
        """Or for somebody who does not want to wait for it."""
        while not self._turns and not self._asked:
            self._moved = False
            night = await self._next_night()
            workflow.set_current_details(f"**Next night** {moment_said(night.at).en}")
            told = await self._pace.wait(
                lambda: self._moved or bool(self._asked),
                until=night.at,
                what="the night of the hosts",
                appointment=True,
            )
            if not told:
                self._done = night.day
                self._turns = self._turns_of(tuple(HostNetwork), night)
        if not self._turns:
            asked, self._asked = tuple(self._asked), []
            self._turns = self._turns_of(asked, None)

    async def _compare_every_host(self) -> None:
        """All at once: a slow one makes nobody wait. What is left over is the next run's."""
        left = await asyncio.gather(*(self._compare(turn) for turn in self._turns))
        self._turns = tuple(turn for turn in left if turn is not None)

    async def _go_on_as_a_new_run(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        changes = {
            "clock": self._clock,
            "done": self._done,
            "turns": self._turns,
            "asked": tuple(self._asked),
        }
        workflow.continue_as_new(self._start.model_copy(update=changes))

    # one host

    def _turns_of(
        self, hosts: tuple[HostNetwork, ...], night: Night | None
    ) -> tuple[HostTurn, ...]:
        at = self._pace.now() if night is None else self._pace.instant(night.at)
        day = None if night is None else night.day
        return tuple(HostTurn(host=host, night=day, began_at=at) for host in hosts)

    async def _compare(self, turn: HostTurn) -> HostTurn | None:
        """What is left of it; None when the host is through, or has fallen silent."""
        for _ in range(self._start.pages):
            try:
                page = await self._page(turn)
            except ActivityError as exc:
                await self._end(turn, why=_why(exc))
                return None
            turn = await self._noted(turn, page)
            if page.after is None:
                await self._end(turn)
                return None
        return turn

    async def _page(self, turn: HostTurn) -> PageCompared:
        step = PageStep(host=turn.host, after=turn.after, limit=self._start.page, at=self._at(turn))
        return await workflow.execute_activity_method(
            HostComparison.compare_page,
            step,
            task_queue=operator_task_queue(turn.host, beside=workflow.info().task_queue),
            start_to_close_timeout=PAGE_TIMEOUT.span,
            schedule_to_close_timeout=PAGE_ALL.span,
            heartbeat_timeout=PAGE_HEARTBEAT.span,
            retry_policy=PAGE_RETRY,
            summary=f"{turn.host}: {turn.counts.lines} lines so far",
        )

    async def _noted(self, turn: HostTurn, page: PageCompared) -> HostTurn:
        counts = turn.counts.plus(page.counts)
        if page.findings:
            room = max(DIFFERENCES_A_NIGHT - counts.raised, 0)
            step = FindingsStep(at=self._at(turn), findings=page.findings, room=room)
            told = await workflow.execute_local_activity_method(
                ReconcileActivities.note_findings,
                step,
                start_to_close_timeout=PAGE_TIMEOUT.span,
                retry_policy=LEDGER_RETRY,
            )
            counts = counts.plus(told)
        return turn.model_copy(update={"after": page.after, "counts": counts})

    async def _end(self, turn: HostTurn, *, why: str | None = None) -> None:
        step = HostNightStep(**turn.model_dump(exclude={"after"}), at=self._at(turn), why=why)
        await workflow.execute_local_activity_method(
            ReconcileActivities.end_host_night,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )

    def _at(self, turn: HostTurn) -> datetime:
        """All of it is done at the instant it was begun, unless a machine was very slow."""
        return self._pace.still(turn.began_at)

    async def _next_night(self) -> Night:
        step = NightStep(at=self._pace.now(), done=self._done)
        return await workflow.execute_local_activity_method(
            ReconcileActivities.next_night,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )


def _why(exc: ActivityError) -> str:
    return exc.cause.message if isinstance(exc.cause, ApplicationError) else "nobody answered"
