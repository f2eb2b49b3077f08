"""One fixed access is delivered to a site: from its order to its service."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.access import AccessActivities
    from activities.access_messages import AccessMessages
    from activities.access_people import AccessPeople, EquipmentStep, HoldStep
    from activities.line_progress import LineProgress
    from activities.lines import LineStep
    from activities.port_in_people import CancellationStep
    from domain.access_stages import AccessStage
    from workflows.line_process import LineProcess, StartLine
    from workflows.messages import (
        AmendRequest,
        CancelRequest,
        EquipmentRequest,
        HoldRequest,
        Ruled,
        refuse_unless_printable,
    )


def equipment_step(step: LineStep, request: EquipmentRequest, *, request_id: str) -> EquipmentStep:
    """As it is taken while the access runs, and after its end."""
    return EquipmentStep(
        **step.model_dump(),
        request_id=request_id,
        **request.model_dump(exclude={"correction"}),
        correction_id=request.correction,
    )


@workflow.defn
class DeliverAccess(LineProcess):
    load = AccessActivities.load_access
    intend = AccessActivities.intend_access
    note_answer = AccessActivities.note_access_answer
    take_message = AccessMessages.take_access_message
    pass_time = AccessActivities.pass_time_on_access
    take_decision = AccessPeople.decide_access

    @workflow.init
    def __init__(self, start: StartLine) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartLine) -> LineProgress:
        del start
        await self._take_up()
        while not self._progress.ended:
            await self._claim_the_site()
            await self._open_the_gates()
            await self._ask_who_can_serve_it()
            await self._list_what_it_cuts()
            await self._have_the_site_studied()
            await self._reserve_it()
            await self._have_it_desaturated()
            await self._have_it_built()
            await self._book_a_visit()
            await self._put_it_into_service()
            await self._ask_its_equipment_back()
            await self._give_back_what_was_kept()
            await self._close()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    @workflow.update(description="Ask for the access to be cancelled; the cost is shown first.")
    async def cancel(self, request: CancelRequest) -> Ruled:
        step = CancellationStep(
            **self._step_now().model_dump(), request_id=self._request_id(), by=request.by
        )
        return await self._ruled(AccessPeople.cancel_access, step)

    @cancel.validator
    def _can_be_kept(self, request: CancelRequest) -> None:
        refuse_unless_printable(request.by)

    @workflow.update(description="Another day, rate or place; what it changes is said first.")
    async def amend(self, request: AmendRequest) -> Ruled:
        return await self._ruled(AccessPeople.amend_access, self._amendment(request))

    @amend.validator
    def _may_be_amended(self, request: AmendRequest) -> None:
        refuse_unless_printable(request.by)

    @workflow.update(description="Suspend it until a day, or take it up again without one.")
    async def hold(self, request: HoldRequest) -> Ruled:
        step = HoldStep(
            **self._step_now().model_dump(),
            request_id=self._request_id(),
            by=request.by,
            reason=request.reason,
            until=request.until,
        )
        return await self._ruled(AccessPeople.hold_access, step)

    @workflow.update(description='Where a piece is now: {"name": "router", "to": "shipped"}.')
    async def equipment(self, request: EquipmentRequest) -> Ruled:
        step = equipment_step(self._step_now(), request, request_id=self._request_id())
        return await self._ruled(AccessPeople.move_equipment, step)

    @equipment.validator
    def _may_be_written(self, request: EquipmentRequest) -> None:
        refuse_unless_printable(*request.written)

    @hold.validator
    def _may_be_held(self, request: HoldRequest) -> None:
        refuse_unless_printable(request.by, request.reason)

    async def _claim_the_site(self) -> None:
        """One open order for each socket or installation number."""
        if self._at(AccessStage.CLAIMING):
            await self._obeyed(AccessActivities.claim_site, self._step())

    async def _open_the_gates(self) -> None:
        if self._at(AccessStage.GATHERING):
            await self._obeyed(AccessActivities.look_at_access_gates, self._step())

    async def _ask_who_can_serve_it(self) -> None:
        """One operator after the other; then the best of what they answered."""
        if not self._at(AccessStage.CHECKING):
            return
        if self._progress.step is None:
            await self._obeyed(AccessActivities.choose_offer, self._step())
        else:
            await self._asked_and_followed()

    async def _list_what_it_cuts(self) -> None:
        """Before anything is ordered, and with the customer's consent."""
        if self._at(AccessStage.AGREEING):
            await self._obeyed(AccessActivities.look_at_cuts, self._step())

    async def _have_the_site_studied(self) -> None:
        if self._at(AccessStage.STUDYING):
            await self._asked_and_followed()

    async def _reserve_it(self) -> None:
        if self._at(AccessStage.RESERVING):
            await self._asked_and_followed()

    async def _have_it_desaturated(self) -> None:
        if self._at(AccessStage.DESATURATING):
            await self._asked_and_followed()

    async def _have_it_built(self) -> None:
        """Up to the site; milestones are told as they pass."""
        if self._at(AccessStage.READY):
            await self._asked_and_followed()

    async def _book_a_visit(self) -> None:
        """Slots are offered, one is chosen, then booked; until it comes there is nothing to ask."""
        if self._at(AccessStage.BOOKING) and self._progress.step is not None:
            await self._asked_and_followed()

    async def _put_it_into_service(self) -> None:
        """Opened and tested, once the lines that are to work first do; what starts then starts by
        itself."""
        if not self._at(AccessStage.COMMISSIONING):
            return
        if self._progress.step is None:
            await self._obeyed(AccessActivities.await_lines, self._step())
        else:
            await self._asked_and_followed()

    async def _ask_its_equipment_back(self) -> None:
        """At an end, whatever else is asked of people; what comes back comes while the rest goes
        on."""
        if self._progress.asks_back:
            await self._obeyed(AccessActivities.ask_equipment_back, self._step())

    async def _give_back_what_was_kept(self) -> None:
        given_back = self._at(AccessStage.GIVING_BACK) or self._at(AccessStage.CHANGING)
        if given_back and self._progress.step is not None:
            await self._asked_and_followed()

    async def _close(self) -> None:
        """Nothing is left to give back, or it works: its order is told, and first of all the lines
        that wait for it."""
        if self._progress.waited_for:
            await self._obeyed(AccessActivities.tell_lines, self._step())
        given_back = self._at(AccessStage.GIVING_BACK) and self._progress.step is None
        if given_back or self._at(AccessStage.IN_SERVICE):
            await self._obeyed(AccessActivities.end_access, self._step())
