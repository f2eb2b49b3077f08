"""One indemnity, from the fact that shows it to its payment, or to the reason why there is none."""

from collections.abc import Awaitable, Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.indemnities import IndemnityActivities, IndemnityProgress, IndemnityStep
    from domain.clock import BusinessClock
    from domain.indemnity_facts import IndemnityId
    from domain.indemnity_states import IndemnityStage
    from workflows import showing
    from workflows.dated_process import DatedProcess
    from workflows.technical import LEDGER_RETRY, LEDGER_TIMEOUT

Verb = Callable[[IndemnityActivities, IndemnityStep], Awaitable[IndemnityProgress]]


class StartIndemnity(BaseModel):
    model_config = ConfigDict(frozen=True)

    indemnity_id: IndemnityId
    clock: BusinessClock


@workflow.defn
class SettleIndemnity(DatedProcess[IndemnityProgress]):
    """People write to its ledger directly: the process keeps its dates, and asks."""

    awaits = "the end of the port"

    @workflow.init
    def __init__(self, start: StartIndemnity) -> None:
        super().__init__(start.clock)
        self._indemnity_id = start.indemnity_id

    @workflow.run
    async def run(self, start: StartIndemnity) -> IndemnityProgress:
        del start
        await self._take_up()
        while self._goes_on:
            await self._assess_what_is_owed()
            await self._see_the_evidence_handed_over()
            await self._let_rest_what_nobody_asks_for()
            await self._see_it_paid()
            await self._send_up_what_nobody_answers()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    async def _load(self) -> None:
        await self._obeyed(IndemnityActivities.load_indemnity)

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
        at = self._pace.as_woken(self._woken)
        return IndemnityStep(indemnity_id=self._indemnity_id, at=at, version=self._version)
