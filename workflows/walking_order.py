"""The walking order, from its first fact to its end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.walking_order import (
        MessageStep,
        Progress,
        Step,
        WalkingOrderActivities,
    )
    from domain.clock import BusinessClock
    from domain.identity import OrderId
    from projections.order import OrderStage
    from workflows import search_attributes
    from workflows.technical import LEDGER_RETRY, LEDGER_TIMEOUT, WAIT_GRACE


StepT = TypeVar("StepT", bound=Step)


class StartWalkingOrder(BaseModel):
    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    clock: BusinessClock


@workflow.defn
class WalkingOrder:
    @workflow.init
    def __init__(self, start: StartWalkingOrder) -> None:
        self._order_id = start.order_id
        self._clock = start.clock
        self._messages: list[int] = []
        self._seen: set[int] = set()

    @workflow.run
    async def run(self, start: StartWalkingOrder) -> Progress:
        del start
        progress = await self._take_up()
        if progress.stage is OrderStage.RECEIVED:
            progress = await self._ask_for_acknowledgement()
        while progress.stage is OrderStage.AWAITING_ACKNOWLEDGEMENT and progress.until is not None:
            if await self._message_came(before=progress.until):
                progress = await self._acknowledge()
            else:
                progress = await self._lapse()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return progress

    @workflow.signal(description="A message kept in the inbox is for this order: its number.")
    def message_received(self, message_number: int) -> None:
        if message_number not in self._seen:
            self._seen.add(message_number)
            self._messages.append(message_number)

    async def _take_up(self) -> Progress:
        return await self._obeyed(WalkingOrderActivities.load_order, self._step())

    async def _ask_for_acknowledgement(self) -> Progress:
        return await self._obeyed(WalkingOrderActivities.await_acknowledgement, self._step())

    async def _message_came(self, *, before: datetime) -> bool:
        remaining = self._clock.wall_at(before) - workflow.now()
        try:
            await workflow.wait_condition(
                lambda: bool(self._messages),
                timeout=max(remaining, timedelta(0)) + WAIT_GRACE.span,
                timeout_summary=f"Acknowledgement due {before:%a %d %b %H:%M} UTC",
            )
        except TimeoutError:
            return False
        return True

    async def _acknowledge(self) -> Progress:
        step = MessageStep(
            order_id=self._order_id,
            business_now=self._business_now(),
            message_number=self._messages.pop(0),
        )
        return await self._obeyed(WalkingOrderActivities.acknowledge_order, step)

    async def _lapse(self) -> Progress:
        return await self._obeyed(WalkingOrderActivities.lapse_order, self._step())

    async def _obeyed(
        self,
        verb: Callable[[WalkingOrderActivities, StepT], Awaitable[Progress]],
        step: StepT,
    ) -> Progress:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        progress = await workflow.execute_local_activity_method(
            verb,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )
        self._show(progress)
        return progress

    def _step(self) -> Step:
        return Step(order_id=self._order_id, business_now=self._business_now())

    def _business_now(self) -> datetime:
        return self._clock.business_at(workflow.now())

    def _show(self, progress: Progress) -> None:
        """Let the Temporal UI say what the ledger says, and what is awaited until when."""
        workflow.upsert_search_attributes(
            [
                search_attributes.STAGE.value_set(progress.stage),
                search_attributes.VERSION.value_set(progress.version),
                search_attributes.DUE.value_set(progress.until)
                if progress.until
                else search_attributes.DUE.value_unset(),
            ]
        )
        if progress.until:
            workflow.set_current_details(
                f"**Awaiting** an acknowledgement until {progress.until:%A %d %B %Y, %H:%M} UTC "
                "(business time).\n\nRecord one with `raccord order acknowledge`."
            )
        else:
            workflow.set_current_details(f"Order is **{progress.stage}**.")
