"""One mobile number comes in, from its claim to the day it works on the new SIM."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.line_progress import LineProgress
    from activities.operators import OperatorActivities
    from activities.port_in import PortInActivities
    from activities.port_in_messages import PortInMessages
    from activities.port_in_people import CancellationStep, PortInPeople
    from domain.port_in_facts import Step
    from domain.port_in_states import PortStage
    from workflows.line_process import LineProcess, StartLine
    from workflows.messages import AmendRequest, CancelRequest, Ruled, refuse_unless_printable


@workflow.defn
class PortInMobile(LineProcess):
    load = PortInActivities.load_port
    intend = PortInActivities.intend
    note_answer = PortInActivities.note_answer
    take_message = PortInMessages.take_message
    pass_time = PortInActivities.pass_time
    take_decision = PortInPeople.take_decision

    @workflow.init
    def __init__(self, start: StartLine) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartLine) -> LineProgress:
        del start
        await self._take_up()
        while not self._progress.ended:
            await self._claim_the_number()
            await self._open_the_gates()
            await self._settle_the_dates()
            await self._have_the_line_ready()
            await self._ask_the_donor()
            await self._make_it_final()
            await self._switch_on_the_day()
            await self._verify_the_line()
            await self._close_when_all_have_confirmed()
            await self._undo_what_was_done()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    @workflow.update(description="Ask for the port to be cancelled; the cost is shown first.")
    async def cancel(self, request: CancelRequest) -> Ruled:
        step = CancellationStep(
            **self._step_now().model_dump(), request_id=self._request_id(), by=request.by
        )
        return await self._ruled(PortInPeople.ask_cancellation, step)

    @cancel.validator
    def _can_be_kept(self, request: CancelRequest) -> None:
        refuse_unless_printable(request.by)

    @workflow.update(description="Another day or another RIO, while the request has not left.")
    async def amend(self, request: AmendRequest) -> Ruled:
        return await self._ruled(PortInPeople.amend, self._amendment(request))

    @amend.validator
    def _may_be_amended(self, request: AmendRequest) -> None:
        refuse_unless_printable(request.by)

    async def _claim_the_number(self) -> None:
        if self._at(PortStage.CLAIMING):
            await self._obeyed(PortInActivities.claim_number, self._step())

    async def _open_the_gates(self) -> None:
        if self._at(PortStage.GATHERING):
            await self._obeyed(PortInActivities.look_at_gates, self._step())

    async def _settle_the_dates(self) -> None:
        if self._at(PortStage.DATING):
            await self._obeyed(PortInActivities.settle_dates, self._step())

    async def _have_the_line_ready(self) -> None:
        if self._at(PortStage.PREPARING):
            await self._asked_and_followed()

    async def _ask_the_donor(self) -> None:
        """The request leaves with its session; one that was missed gets new dates first."""
        if self._at(PortStage.WAITING) and self._has_come():
            if self._progress.step is Step.CHECK_ACTIVE:
                await self._questioned(OperatorActivities.check_active)
            elif self._pace.instant(self._progress.due) != self._progress.due:
                await self._obeyed(PortInActivities.settle_dates, self._step())
            elif self._progress.internal:
                await self._obeyed(PortInActivities.accept_internally, self._step())
            else:
                await self._ask_operator()
        elif self._at(PortStage.AWAITING_DONOR):
            await self._ask_operator()

    async def _make_it_final(self) -> None:
        """The porting ticket, once the exchange takes no cancellation: no way back after it."""
        if self._at(PortStage.ACCEPTED) and self._has_come():
            if self._progress.internal:
                await self._obeyed(PortInActivities.commit_internally, self._step())
            else:
                await self._ask_operator()

    async def _switch_on_the_day(self) -> None:
        """The activity is checked again first: a number that is gone cannot be moved."""
        if not self._at(PortStage.COMMITTED):
            return
        if self._progress.step is not Step.CHECK_ACTIVE:
            await self._asked_and_followed()
        elif self._has_come():
            await self._questioned(OperatorActivities.check_active)

    async def _verify_the_line(self) -> None:
        if self._at(PortStage.SWITCHED) and self._has_come():
            await self._questioned(OperatorActivities.verify_line)

    async def _close_when_all_have_confirmed(self) -> None:
        if self._at(PortStage.VERIFIED) and self._progress.complete:
            await self._obeyed(PortInActivities.end_port, self._step())

    async def _undo_what_was_done(self) -> None:
        if not self._at(PortStage.UNDOING):
            return
        if self._progress.step is None:
            await self._obeyed(PortInActivities.end_port, self._step())
        else:
            await self._asked_and_followed()
