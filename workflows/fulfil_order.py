"""An order, from its first fact to its last line's end."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ConfigDict

    from activities.orders import (
        LineEndedStep,
        LotEndedStep,
        OrderActivities,
        OrderProgress,
        OrderStep,
    )
    from domain.clock import BusinessClock
    from domain.identity import LineId, OrderId
    from projections.order import OrderStage
    from workflows import showing
    from workflows.pace import Pace
    from workflows.technical import LEDGER_RETRY, LEDGER_TIMEOUT

StepT = TypeVar("StepT", bound=OrderStep)


class StartOrder(BaseModel):
    model_config = ConfigDict(frozen=True)

    order_id: OrderId
    clock: BusinessClock


@workflow.defn
class FulfilOrder:
    @workflow.init
    def __init__(self, start: StartOrder) -> None:
        self._order_id = start.order_id
        self._pace = Pace(start.clock)
        self._facts: OrderProgress | None = None
        self._ended: list[LineId] = []
        self._lots_ended: list[int] = []

    @workflow.run
    async def run(self, start: StartOrder) -> OrderProgress:
        del start
        progress = await self._take_up()
        while progress.stage is OrderStage.RECEIVED or progress.to_open:
            progress = await self._open_the_lines()
        while progress.stage is OrderStage.RUNNING:
            progress = await self._follow_the_lines(progress)
            if not progress.open_lines and not progress.open_lots:
                progress = await self._close()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return progress

    @workflow.signal(description="A line of this order has ended: its id.")
    def line_ended(self, line_id: LineId) -> None:
        self._ended.append(line_id)

    @workflow.signal(description="Every line of a lot of this order has ended: its number.")
    def lot_ended(self, lot: int) -> None:
        self._lots_ended.append(lot)

    async def _take_up(self) -> OrderProgress:
        return await self._obeyed(OrderActivities.load_order, self._step())

    async def _open_the_lines(self) -> OrderProgress:
        return await self._obeyed(OrderActivities.open_lines, self._step())

    async def _follow_the_lines(self, progress: OrderProgress) -> OrderProgress:
        """Told by each line; all of them are looked at now and then, should a word be lost."""
        told = await self._pace.wait(
            lambda: bool(self._ended or self._lots_ended), until=None, what="A look at the lines"
        )
        lots = self._lots_ended[:1] if told else progress.open_lots
        lines = self._ended[: 1 - len(lots)] if told else progress.open_lines
        if told:
            del self._lots_ended[: len(lots)], self._ended[: len(lines)]
        for line_id in lines:
            step = LineEndedStep(**self._step().model_dump(), line_id=line_id)
            progress = await self._obeyed(OrderActivities.note_line_ended, step)
        for lot in lots:
            ended = LotEndedStep(**self._step().model_dump(), lot=lot)
            progress = await self._obeyed(OrderActivities.note_lot_ended, ended)
        return progress

    async def _close(self) -> OrderProgress:
        return await self._obeyed(OrderActivities.close_order, self._step())

    async def _obeyed(
        self, verb: Callable[[OrderActivities, StepT], Awaitable[OrderProgress]], step: StepT
    ) -> OrderProgress:
        """One command to the ledger, repeated until it is kept, and shown in the UI."""
        self._facts = await workflow.execute_local_activity_method(
            verb,
            step,
            start_to_close_timeout=LEDGER_TIMEOUT.span,
            retry_policy=LEDGER_RETRY,
        )
        showing.show_order(self._facts)
        return self._facts

    def _step(self) -> OrderStep:
        version = self._facts.version if self._facts else 0
        at = self._pace.still(self._facts.last_at) if self._facts else self._pace.now()
        return OrderStep(order_id=self._order_id, at=at, version=version)
