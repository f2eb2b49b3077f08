"""One reverse port where we are the initial receiver: agreed, announced, handed back."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.reverse_ports import (
        HandBackActivities,
        ReverseAnswerStep,
        ReversePortActivities,
        ReverseProgress,
        ReverseStep,
    )
    from domain.clock import BusinessClock
    from domain.reverse_port_facts import ReversePortId
    from domain.reverse_port_states import ReverseStage
    from workflows import showing
    from workflows.dated_process import DatedProcess
    from workflows.identity import operator_task_queue
    from workflows.technical import (
        LEDGER_RETRY,
        LEDGER_TIMEOUT,
        OPERATOR_ALL,
        OPERATOR_RETRY,
        OPERATOR_TIMEOUT,
    )

StepT = TypeVar("StepT", bound=ReverseStep)


class StartReversePort(BaseModel):
    model_config = ConfigDict(frozen=True)

    reverse_port_id: ReversePortId
    clock: BusinessClock


@workflow.defn
class ReversePort(DatedProcess[ReverseProgress]):
    """People and the exchange write to its ledger directly: the process keeps its dates, and has
    the host end the line."""

    @workflow.init
    def __init__(self, start: StartReversePort) -> None:
        super().__init__(start.clock)
        self._reverse_port_id = start.reverse_port_id

    @workflow.run
    async def run(self, start: StartReversePort) -> ReverseProgress:
        del start
        await self._take_up()
        while self._goes_on:
            await self._send_up_what_nobody_answers()
            await self._ask_after_what_the_donor_sends()
            await self._hand_the_number_back()
            await self._look_for_what_became_of_it()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    async def _load(self) -> None:
        await self._obeyed(ReversePortActivities.load_reverse_port, self._step())

    async def _send_up_what_nobody_answers(self) -> None:
        if self._pace.has_come(self._progress.overdue):
            await self._pass_time()

    async def _ask_after_what_the_donor_sends(self) -> None:
        if self._is_due(ReverseStage.AGREED):
            await self._pass_time()

    async def _hand_the_number_back(self) -> None:
        """The intent is a fact before anything is sent."""
        if self._is_due(ReverseStage.ANNOUNCED):
            await self._obeyed(ReversePortActivities.intend_hand_back, self._step())
        if self._at(ReverseStage.HANDING_BACK) and not self._progress.taken:
            await self._ask_the_host()

    async def _look_for_what_became_of_it(self) -> None:
        """Overdue, it is looked up before anybody is troubled; what is found comes by the inbox."""
        if self._is_due(ReverseStage.HANDING_BACK) and not await self._known_to_the_host():
            await self._note(self._answer("nothing"))

    # the host

    async def _ask_the_host(self) -> None:
        """However it fails, it ends as an answer: the last one is that nobody answered."""
        try:
            answer = await workflow.execute_activity_method(
                HandBackActivities.ask_hand_back,
                self._step(),
                task_queue=self._operator_queue(),
                start_to_close_timeout=OPERATOR_TIMEOUT.span,
                schedule_to_close_timeout=OPERATOR_ALL.span,
                retry_policy=OPERATOR_RETRY,
                summary="release-line",
            )
        except ActivityError:
            answer = self._answer("nothing")
        await self._note(answer)

    async def _known_to_the_host(self) -> bool:
        try:
            return await workflow.execute_activity_method(
                HandBackActivities.look_up_hand_back,
                self._step(),
                task_queue=self._operator_queue(),
                start_to_close_timeout=OPERATOR_TIMEOUT.span,
                schedule_to_close_timeout=OPERATOR_ALL.span,
                retry_policy=OPERATOR_RETRY,
                summary="look up release-line",
            )
        except ActivityError:
            return False

    def _operator_queue(self) -> str:
        return operator_task_queue(self._progress.host, beside=workflow.info().task_queue)

    def _answer(self, outcome: str) -> ReverseAnswerStep:
        return ReverseAnswerStep(**self._step().model_dump(), outcome=outcome)

    # the ledger

    async def _pass_time(self) -> None:
        await self._obeyed(ReversePortActivities.pass_time_on_reverse_port, self._step())

    async def _note(self, answer: ReverseAnswerStep) -> None:
        await self._obeyed(ReversePortActivities.note_hand_back_answer, answer)

    async def _obeyed(
        self,
        verb: Callable[[ReversePortActivities, StepT], Awaitable[ReverseProgress]],
        step: StepT,
    ) -> None:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        self._facts = await workflow.execute_local_activity_method(
            verb,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )
        showing.show_reverse_port(self._facts)

    def _at(self, stage: ReverseStage) -> bool:
        return self._progress.stage == stage and not self._progress.blocked

    def _is_due(self, stage: ReverseStage) -> bool:
        due = self._progress.due
        if not (self._at(stage) and self._pace.has_come(due)):
            return False
        self._woken = self._pace.woken_by(due, self._woken)
        return True

    def _step(self) -> ReverseStep:
        at = self._pace.as_woken(self._woken)
        return ReverseStep(reverse_port_id=self._reverse_port_id, at=at, version=self._version)
