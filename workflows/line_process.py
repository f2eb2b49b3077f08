"""What every line's process is made of: messages in, decisions by people, operators asked, waits.

A process is the list of its stages, in its own file; each stage looks whether it is its turn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.line_progress import LineProgress
    from activities.lines import LineStep, MessageStep
    from activities.operators import TICKETS, OperatorActivities
    from activities.port_in import AnswerStep
    from activities.port_in_people import AmendmentStep, DecisionStep, Ruling
    from domain.clock import BusinessClock
    from domain.identity import LineId
    from domain.port_in_facts import Step
    from workflows import showing
    from workflows.identity import EXCHANGE, operator_task_queue
    from workflows.messages import (
        AmendRequest,
        DecisionRequest,
        Ruled,
        key_in,
        refuse_what_may_not_be_kept,
    )
    from workflows.pace import Pace
    from workflows.technical import (
        LEDGER_RETRY,
        LEDGER_TIMEOUT,
        OPERATOR_ALL,
        OPERATOR_RETRY,
        OPERATOR_TIMEOUT,
    )

StepT = TypeVar("StepT", bound=LineStep)
ResultT = TypeVar("ResultT", bound=BaseModel)
ActivitiesT = TypeVar("ActivitiesT")
Question = Callable[[OperatorActivities, LineStep], Awaitable[AnswerStep]]


class StartLine(BaseModel):
    model_config = ConfigDict(frozen=True)

    line_id: LineId
    clock: BusinessClock
    shown_at_rest: bool = False
    """Said since 2026-11-22 (ADR 0024). A run that was started before is shown after every fact, as
    its history has it."""


class LineProcess:
    """The verbs a kind of line has; its stages are its own."""

    load: ClassVar[Callable[..., Awaitable[LineProgress]]]
    intend: ClassVar[Callable[..., Awaitable[LineProgress]]]
    note_answer: ClassVar[Callable[..., Awaitable[LineProgress]]]
    take_message: ClassVar[Callable[..., Awaitable[LineProgress]]]
    pass_time: ClassVar[Callable[..., Awaitable[LineProgress]]]
    take_decision: ClassVar[Callable[..., Awaitable[Ruling]]]

    def __init__(self, start: StartLine) -> None:
        self._line_id = start.line_id
        self._pace = Pace(start.clock)
        self._facts: LineProgress | None = None
        self._ledger = asyncio.Lock()
        self._messages: list[int] = []
        self._early: list[int] = []
        self._seen: set[int] = set()
        self._moved = False
        self._woken: datetime | None = None
        self._looked: int | None = None
        self._at_rest = start.shown_at_rest
        self._shown: LineProgress | None = None

    # what others send

    @workflow.signal(description="A message kept in the inbox is for this line: its number.")
    def message_received(self, message_number: int) -> None:
        if message_number not in self._seen:
            self._seen.add(message_number)
            self._messages.append(message_number)

    @workflow.update(description='Answer what waits: {"decision": "retry", "reason": "…"}.')
    async def decide(self, request: DecisionRequest) -> Ruled:
        step = DecisionStep(
            **self._step_now().model_dump(),
            decision_id=self._request_id(),
            decision=request.decision,
            about=request.about,
            reason=request.reason,
            by=request.by,
            given=request.given,
        )
        return await self._ruled(type(self).take_decision, step)

    @decide.validator
    def _may_be_read(self, request: DecisionRequest) -> None:
        """What is refused here is kept nowhere. Whether anything waits is the ledger's to say: its
        last fact may be there already, and its process not have heard of it."""
        refuse_what_may_not_be_kept(request)

    def _amendment(self, request: AmendRequest) -> AmendmentStep:
        return AmendmentStep(
            **self._step_now().model_dump(),
            request_id=self._request_id(),
            by=request.by,
            day=request.day,
            correction_id=request.correction,
            down_kbps=request.down_kbps,
            asked_on=request.asked_on,
        )

    def _request_id(self) -> str:
        info = workflow.current_update_info()
        return key_in(info.id) if info is not None else "none"

    # where the line stands

    @property
    def _progress(self) -> LineProgress:
        if self._facts is None:
            raise RuntimeError("the line has not been taken up")
        return self._facts

    def _at(self, stage: str) -> bool:
        """Whether it is this stage's turn: none is begun while a decision or a try is awaited."""
        progress = self._progress
        return progress.stage == stage and not (progress.blocked or progress.planned)

    def _has_come(self) -> bool:
        """Its own date, and nobody else's: what is irreversible waits for it."""
        due = self._progress.due
        if not self._pace.has_come(due):
            return False
        self._woken = self._pace.woken_by(due, self._woken)
        return True

    async def _take_up(self) -> None:
        """A process begins at the instant of its last fact, however long the way to it took."""
        await self._obeyed(type(self).load, self._step())
        self._woken = self._progress.last_at

    # operators

    async def _asked_and_followed(self) -> None:
        """Asked once; overdue, what became of it is looked up before anybody is troubled."""
        if not self._progress.taken:
            await self._ask_operator()
        elif self._has_come() and not self._messages:
            await self._look_it_up()

    async def _ask_operator(self) -> None:
        """The intent is a fact before anything is sent."""
        if not self._progress.asked:
            await self._obeyed(type(self).intend, self._step())
        progress = self._progress
        if progress.asked and not progress.taken and not progress.blocked:
            await self._questioned(OperatorActivities.ask_operator)

    async def _questioned(self, question: Question) -> None:
        """However it fails, it ends as an answer: the last one is that nobody answered."""
        self._show_at_rest()
        try:
            answer = await workflow.execute_activity_method(
                question,
                self._step(),
                task_queue=self._operator_queue(),
                start_to_close_timeout=OPERATOR_TIMEOUT.span,
                schedule_to_close_timeout=OPERATOR_ALL.span,
                retry_policy=OPERATOR_RETRY,
                summary=f"{self._progress.step}",
            )
        except ActivityError:
            answer = self._nothing()
        if answer.again_after is not None:
            again_at = self._pace.after(answer.again_after)
            answer = answer.model_copy(update={"again_at": again_at})
        await self._obeyed(type(self).note_answer, answer)

    async def _look_it_up(self) -> None:
        self._show_at_rest()
        try:
            number = await workflow.execute_activity_method(
                OperatorActivities.look_up,
                self._step(),
                task_queue=self._operator_queue(),
                start_to_close_timeout=OPERATOR_TIMEOUT.span,
                schedule_to_close_timeout=OPERATOR_ALL.span,
                retry_policy=OPERATOR_RETRY,
                summary=f"look up {self._progress.step}",
            )
        except ActivityError:
            number = None
        if number is None:
            await self._obeyed(type(self).note_answer, self._nothing())
        else:
            self.message_received(number)

    def _nothing(self) -> AnswerStep:
        step = self._progress.step or Step.PREPARE_LINE
        return AnswerStep(**self._step().model_dump(), step=step, outcome="nothing")

    def _operator_queue(self) -> str:
        ticket = self._progress.step in TICKETS
        operator = EXCHANGE if ticket else self._progress.host
        return operator_task_queue(operator, beside=workflow.info().task_queue)

    # waiting

    async def _wait_for_what_comes(self) -> None:
        """A message, somebody's decision, or the next date; whatever moved is looked at first."""
        progress = self._progress
        if progress.ended:
            self._show_at_rest()
            return
        if self._moved:
            self._moved = False
            return
        self._show_at_rest()
        looked = self._looked == progress.version  # this date has passed and moved nothing
        came = await self._pace.wait(
            lambda: bool(self._messages) or self._progress.version != progress.version,
            until=None if looked else progress.until,
            what=progress.awaited.en if progress.awaited else "what comes next",
            appointment=progress.appointment,
        )
        self._woken = self._pace.instant(progress.until)
        if self._messages:
            await self._hear()
        elif not came:
            self._looked = progress.version
            if progress.planned or not progress.appointment:
                await self._obeyed(type(self).pass_time, self._step())

    async def _hear(self) -> None:
        """One that came too soon is looked at again when something has moved."""
        number = self._messages.pop(0)
        before = self._progress.version
        step = MessageStep(**self._step().model_dump(), message_number=number)
        await self._obeyed(type(self).take_message, step)
        if self._progress.version == before:
            self._early.append(number)

    # the ledger

    async def _obeyed(
        self, verb: Callable[[ActivitiesT, StepT], Awaitable[LineProgress]], step: StepT
    ) -> None:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        async with self._ledger:
            self._note(await self._local(verb, step))

    async def _ruled(
        self, verb: Callable[[ActivitiesT, StepT], Awaitable[Ruling]], step: StepT
    ) -> Ruled:
        async with self._ledger:
            ruling = await self._local(verb, step)
            self._note(ruling.progress)
        return Ruled(taken=ruling.taken, why=ruling.why, version=ruling.progress.version)

    async def _local(
        self, verb: Callable[[ActivitiesT, StepT], Awaitable[ResultT]], step: StepT
    ) -> ResultT:
        return await workflow.execute_local_activity_method(
            verb,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )

    def _note(self, progress: LineProgress) -> None:
        before = self._facts
        if before is None or before.version != progress.version:
            self._moved = True
            self._messages, self._early = [*self._messages, *self._early], []
            if not self._at_rest:
                showing.show(progress)
        self._facts = progress

    def _show_at_rest(self) -> None:
        """Once for all it has just done, before it waits for anybody."""
        progress = self._progress
        if self._at_rest and (self._shown is None or self._shown.version != progress.version):
            showing.show(progress, but=self._shown)
            self._shown = progress

    def _step(self) -> LineStep:
        return self._as_of(self._pace.as_woken(self._woken))

    def _step_now(self) -> LineStep:
        """What a person sends comes when it comes."""
        return self._as_of(self._pace.now())

    def _as_of(self, at: datetime) -> LineStep:
        version = self._facts.version if self._facts else 0
        return LineStep(line_id=self._line_id, at=at, version=version)
