"""One difference with a host, from the night that finds it until the host says what we believe."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.difference_questions import DifferenceQuestions
    from activities.differences import (
        DifferenceActivities,
        DifferenceProgress,
        DifferenceStep,
        RemedyStep,
        StandingStep,
    )
    from domain.clock import BusinessClock
    from domain.differences import DifferenceId
    from domain.policies import REMEDY_LOOK
    from workflows import showing
    from workflows.identity import operator_task_queue
    from workflows.pace import Pace
    from workflows.technical import (
        LEDGER_RETRY,
        LEDGER_TIMEOUT,
        OPERATOR_ALL,
        OPERATOR_RETRY,
        OPERATOR_TIMEOUT,
    )

StepT = TypeVar("StepT", bound=DifferenceStep)
AnswerT = TypeVar("AnswerT", bound=DifferenceStep)


class StartDifference(BaseModel):
    model_config = ConfigDict(frozen=True)

    difference_id: DifferenceId
    clock: BusinessClock


@workflow.defn
class PutRight:
    """People write to its ledger directly: the process asks the host, and keeps the dates."""

    @workflow.init
    def __init__(self, start: StartDifference) -> None:
        self._difference_id = start.difference_id
        self._pace = Pace(start.clock)
        self._facts: DifferenceProgress | None = None
        self._woken: datetime | None = None
        self._told = False
        self._looks = False

    @workflow.run
    async def run(self, start: StartDifference) -> DifferenceProgress:
        del start
        await self._obeyed(DifferenceActivities.load_difference, self._step())
        while self._told or not self._progress.ended:
            await self._have_it_put_right()
            await self._ask_where_the_line_is()
            await self._send_up_what_nobody_answers()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    @workflow.signal(description="A fact of this difference is new: look again.")
    def facts_moved(self) -> None:
        self._told = True

    @property
    def _progress(self) -> DifferenceProgress:
        if self._facts is None:
            raise RuntimeError("the difference has not been taken up")
        return self._facts

    async def _have_it_put_right(self) -> None:
        """The decision and its key are facts before the host is asked."""
        key = self._progress.key
        if key is None:
            return
        why = "the host did not answer"
        silence = RemedyStep(**self._step().model_dump(), key=key, why=why)
        answer = await self._asked(DifferenceQuestions.ask_remedy, silence)
        await self._obeyed(DifferenceActivities.note_remedy, answer)

    async def _ask_where_the_line_is(self) -> None:
        """When a person wants to know, and now and then while a remedy is being carried out."""
        progress = self._progress
        late = progress.taken and self._pace.has_come(progress.until)
        if not (progress.question or late or (progress.taken and self._looks)):
            return
        self._looks = False
        silence = StandingStep(**self._step().model_dump(), why="no answer to our question")
        answer = await self._asked(DifferenceQuestions.ask_standing, silence)
        await self._obeyed(DifferenceActivities.note_host_says, answer)

    async def _send_up_what_nobody_answers(self) -> None:
        progress = self._progress
        if progress.stage == "open" and self._pace.has_come(progress.until):
            await self._obeyed(DifferenceActivities.pass_time_on_difference, self._step())

    async def _wait_for_what_comes(self) -> None:
        """A word that a fact is new, a date, or the next look at what the host does."""
        progress = self._progress
        if progress.key is not None or (progress.ended and not self._told):
            return
        until, look = progress.until, self._pace.now() + REMEDY_LOOK.span
        passed = self._pace.has_come(until)  # and moved nothing: not asked again at once
        if passed or (progress.taken and (until is None or look < until)):
            until = look
        told = await self._pace.wait(
            lambda: self._told, until=until, what=f"{progress.kind}: {progress.stage}"
        )
        self._told = False
        self._looks = not told
        self._woken = self._pace.instant(until)
        await self._obeyed(DifferenceActivities.load_difference, self._step())

    async def _asked(
        self,
        question: Callable[[DifferenceQuestions, DifferenceStep], Awaitable[AnswerT]],
        silence: AnswerT,
    ) -> AnswerT:
        """However it fails, it ends as an answer: the last one is that nobody answered."""
        queue = operator_task_queue(self._progress.host, beside=workflow.info().task_queue)
        try:
            return await workflow.execute_activity_method(
                question,
                self._step(),
                task_queue=queue,
                start_to_close_timeout=OPERATOR_TIMEOUT.span,
                schedule_to_close_timeout=OPERATOR_ALL.span,
                retry_policy=OPERATOR_RETRY,
                summary=f"{self._progress.kind}",
            )
        except ActivityError:
            return silence

    async def _obeyed(
        self,
        verb: Callable[[DifferenceActivities, StepT], Awaitable[DifferenceProgress]],
        step: StepT,
    ) -> None:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        self._facts = await workflow.execute_local_activity_method(
            verb,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )
        showing.show_difference(self._difference_id, self._facts)

    def _step(self) -> DifferenceStep:
        at = self._pace.as_woken(self._woken)
        version = self._facts.version if self._facts else 0
        return DifferenceStep(difference_id=self._difference_id, at=at, version=version)
