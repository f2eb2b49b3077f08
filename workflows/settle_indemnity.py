"""One indemnity, from the fact that shows it to its payment, or to the reason why there is none."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.indemnities import IndemnityActivities, IndemnityProgress, IndemnityStep
    from domain.clock import BusinessClock
    from domain.indemnity_facts import IndemnityId
    from domain.indemnity_states import IndemnityStage
    from workflows import showing
    from workflows.pace import Pace
    from workflows.technical import LEDGER_RETRY, LEDGER_TIMEOUT

Verb = Callable[[IndemnityActivities, IndemnityStep], Awaitable[IndemnityProgress]]


class StartIndemnity(BaseModel):
    model_config = ConfigDict(frozen=True)

    indemnity_id: IndemnityId
    clock: BusinessClock


@workflow.defn
class SettleIndemnity:
    """People write to its ledger directly: the process keeps its dates, and asks."""

    @workflow.init
    def __init__(self, start: StartIndemnity) -> None:
        self._indemnity_id = start.indemnity_id
        self._pace = Pace(start.clock)
        self._facts: IndemnityProgress | None = None
        self._woken: datetime | None = None
        self._told = False
        self._looked: int | None = None

    @workflow.run
    async def run(self, start: StartIndemnity) -> IndemnityProgress:
        del start
        await self._take_up()
        while self._told or not self._progress.ended:
            await self._assess_what_is_owed()
            await self._see_the_evidence_handed_over()
            await self._let_rest_what_nobody_asks_for()
            await self._see_it_paid()
            await self._send_up_what_nobody_answers()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    @workflow.signal(description="A fact of this indemnity, or of its line, is new: look again.")
    def facts_moved(self) -> None:
        self._told = True

    @property
    def _progress(self) -> IndemnityProgress:
        if self._facts is None:
            raise RuntimeError("the indemnity has not been taken up")
        return self._facts

    async def _take_up(self) -> None:
        """A process begins at the instant of its last fact, however long the way to it took."""
        await self._obeyed(IndemnityActivities.load_indemnity)
        self._woken = self._progress.last_at

    async def _assess_what_is_owed(self) -> None:
        """Nothing happens while the port runs: its facts are read once it is over."""
        if self._progress.stage == IndemnityStage.COUNTING and not self._progress.blocked:
            await self._obeyed(IndemnityActivities.assess)

    async def _see_the_evidence_handed_over(self) -> None:
        await self._on_its_date(IndemnityStage.EVIDENCE)

    async def _let_rest_what_nobody_asks_for(self) -> None:
        await self._on_its_date(IndemnityStage.UNASKED)

    async def _see_it_paid(self) -> None:
        await self._on_its_date(IndemnityStage.PAYABLE)

    async def _on_its_date(self, stage: IndemnityStage) -> None:
        if self._progress.stage == stage and self._pace.has_come(self._progress.due):
            await self._obeyed(IndemnityActivities.pass_time_on_indemnity)

    async def _send_up_what_nobody_answers(self) -> None:
        if self._pace.has_come(self._progress.overdue):
            await self._obeyed(IndemnityActivities.pass_time_on_indemnity)

    async def _wait_for_what_comes(self) -> None:
        """A word that a fact is new, or the next date; without one, a look now and then."""
        progress = self._progress
        if progress.ended and not self._told:
            return
        looked = self._looked == progress.version  # this date has passed and moved nothing
        told = await self._pace.wait(
            lambda: self._told,
            until=None if looked else progress.until,
            what=progress.awaited.en if progress.awaited else "the end of the port",
        )
        self._told = False
        self._looked = self._looked if told else progress.version
        self._woken = self._pace.instant(progress.until)
        await self._obeyed(IndemnityActivities.load_indemnity)

    async def _obeyed(self, verb: Verb) -> None:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        self._facts = await workflow.execute_local_activity_method(
            verb,
            self._step(),
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )
        showing.show_indemnity(self._facts)

    def _step(self) -> IndemnityStep:
        """Everything done since the last wait is done at the instant the process woke at."""
        woken = self._woken
        at = self._pace.now() if woken is None else self._pace.still(woken)
        version = self._facts.version if self._facts else 0
        return IndemnityStep(indemnity_id=self._indemnity_id, at=at, version=version)
