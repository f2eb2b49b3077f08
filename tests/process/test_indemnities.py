"""An indemnity from the fact that shows it to its end, on the real server with time skipped."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from activities.indemnities import IndemnityProgress
from domain import indemnities
from domain import indemnity_facts as facts
from domain import port_in_facts as port
from domain.attention import AttentionMoved, DecisionKind, Turn
from domain.event import Event
from domain.identity import LineId, StreamId, line_stream
from domain.indemnities import IndemnityCommand, IndemnityRefusedError
from domain.indemnity_facts import (
    Ending,
    Givens,
    Head,
    IndemnityId,
    IndemnityTerms,
    MissedVisit,
    Party,
    indemnity_id_for,
    indemnity_stream,
)
from domain.indemnity_states import KnownIndemnity, NotOpened, fold
from domain.operators import NumberInactive
from domain.port_in_states import Ended
from domain.said import Said
from ledger.append import At
from ledger.envelope import current_version
from ledger.messages import START_INDEMNITY
from tests.builders import append, on_stream
from tests.porting import paris
from tests.process.conftest import World
from tests.waiting import until_async
from workflows.identity import FACTS_MOVED, indemnity_workflow_id
from workflows.settle_indemnity import SettleIndemnity, StartIndemnity

MONTHLY: dict[str, Any] = {"monthly_ttc": "19.90"}


@dataclass
class Settlement:
    """One indemnity of a world, and its process."""

    world: World
    indemnity_id: IndemnityId
    handle: WorkflowHandle[SettleIndemnity, IndemnityProgress] = field(init=False)

    async def start(self) -> "Settlement":
        self.handle = await self.world.env.client.start_workflow(
            SettleIndemnity.run,
            StartIndemnity(indemnity_id=self.indemnity_id, clock=self.world.clock),
            id=f"{indemnity_workflow_id(self.indemnity_id)}-{id(self)}",
            task_queue=self.world.queue,
        )
        return self

    async def events(self) -> list[Event]:
        history = await self.world.ledger.read(indemnity_stream(self.indemnity_id))
        return [envelope.event for envelope in history]

    async def state(self) -> KnownIndemnity:
        state = fold(await self.events())
        assert not isinstance(state, NotOpened)
        return state

    async def at(self, stage: str) -> KnownIndemnity:
        async def there() -> bool:
            return (await self.state()).stage == stage

        await until_async(there, what=stage)
        return await self.state()

    async def asks(self, code: str) -> None:
        async def asked() -> bool:
            return any(a.code == code for a in (await self.state()).attentions)

        await until_async(asked, what=code)

    async def tell(self, kind: type[IndemnityCommand], **fields: Any) -> None:  # noqa: ANN401
        """As a person through the API: the fact first, then the process is told to look."""
        at = self.world.clock.business_at(await self.world.env.get_current_time(self.handle))
        command = kind(decided_at=at, answer_by=at + timedelta(days=2), **fields)
        history = await self.world.ledger.read(indemnity_stream(self.indemnity_id))
        version = current_version(history)
        found = indemnities.decide(command, fold(e.event for e in history))
        stream = on_stream(indemnity_stream(self.indemnity_id), *found, expected=At(version))
        await self.world.ledger.append(append(f"{self.indemnity_id}-{version}", stream))
        with suppress(RPCError):
            await self.handle.signal(FACTS_MOVED)

    async def passes(self, **span: float) -> None:
        with suppress(RPCError):
            await self.world.env.fast_forward(self.handle, timedelta(**span))

    async def end(self) -> IndemnityProgress:
        return await self.handle.result()


async def _late_by_the_host(world: World, provider: str = "onecom", **line: Any) -> LineId:  # noqa: ANN401
    """Switched on the day, and without service until two days after."""
    world.host.outage = timedelta(days=2)
    line_id = await world.opened(provider, line={**MONTHLY, **line})
    await world.end_of(line_id)
    return line_id


async def settled(world: World, line_id: LineId, head: Head = Head.DELAY) -> Settlement:
    return await settled_as(world, indemnity_id_for(line_id, head))


async def settled_as(world: World, indemnity_id: IndemnityId) -> Settlement:
    with world.env.with_time_skipping_disabled():
        return await Settlement(world, indemnity_id).start()


ASKED = {"by": "finance", "on": date(2027, 1, 25), "source": "ours: decision 37"}


async def _asked_for(settlement: Settlement) -> None:
    """On 25 January: thirty calendar days end on 24 February."""
    due = paris("2027-02-25T00:00:00")
    await settlement.tell(indemnities.Ask, **ASKED, due_on=date(2027, 2, 24), due_until=due)


async def _paid(settlement: Settlement, amount: str) -> None:
    await settlement.tell(
        indemnities.Pay,
        by="finance",
        on=date(2027, 2, 1),
        amount=Decimal(amount),
        reference="CN-1",
    )


async def _answered(settlement: Settlement, decision: str, **givens: Any) -> None:  # noqa: ANN401
    await settlement.tell(
        indemnities.Answer,
        by="a colleague",
        decision=DecisionKind(decision),
        about=None,
        reason="because",
        givens=Givens(**givens),
    )


async def test_a_delay_of_ours_is_asked_for_and_paid(world: World) -> None:
    line_id = await _late_by_the_host(world)
    settlement = await settled(world, line_id)
    state = await settlement.at("awaiting-request")
    assert state.assessment is not None
    # 001:168, a fifth of 19.90 for each of two days
    assert state.owed == Decimal("7.96")
    assert [(d.day, d.party) for d in state.assessment.days] == [
        (date(2027, 1, 16), Party.HOST),
        (date(2027, 1, 17), Party.HOST),
    ]

    await _asked_for(settlement)
    await settlement.at("payable")
    await _paid(settlement, "7.96")

    assert (await settlement.end()).outcome == Ending.PAID
    assert (await settlement.state()).balance == 0


async def test_what_shows_it_opens_it_once_and_starts_its_process(world: World) -> None:
    line_id = await _late_by_the_host(world)

    rows = [row for row in world.ledger.outbox if row.kind == START_INDEMNITY]
    indemnity_id = indemnity_id_for(line_id, Head.DELAY)
    assert {str(indemnity_id) in row.payload for row in rows} == {True}
    opened = await world.ledger.read(indemnity_stream(indemnity_id))
    line = await world.ledger.read(line_stream(line_id))
    assert [type(e.event).__name__ for e in opened] == ["IndemnityOpened"]
    (switched,) = [e for e in line if isinstance(e.event, port.LineSwitched)]
    assert opened[0].command_id == switched.command_id


async def test_a_port_that_keeps_its_day_opens_nothing(world: World) -> None:
    line_id = await world.opened("onecom", line=MONTHLY)
    await world.end_of(line_id)

    for head in Head:
        stream = indemnity_stream(indemnity_id_for(line_id, head))
        assert await world.ledger.read(stream) == ()


async def test_one_nobody_asks_for_rests_and_a_request_opens_it_again(world: World) -> None:
    line_id = await _late_by_the_host(world)
    settlement = await settled(world, line_id)
    await settlement.at("awaiting-request")

    await settlement.passes(days=400)

    assert (await settlement.end()).outcome == Ending.UNASKED
    await _asked_for(settlement)
    again = await settled(world, line_id)
    state = await again.at("payable")
    assert state.balance == Decimal("7.96")
    await again.passes(days=60)
    await again.asks("payment-overdue")
    await _paid(again, "7.96")
    assert (await again.end()).outcome == Ending.PAID


async def test_a_payment_that_is_late_is_asked_for_and_goes_up(world: World) -> None:
    line_id = await _late_by_the_host(world)
    settlement = await settled(world, line_id)
    await settlement.at("awaiting-request")
    await _asked_for(settlement)
    await settlement.at("payable")

    await settlement.passes(days=50)
    await settlement.asks("payment-overdue")
    await settlement.passes(days=9)

    turns = [e.turn for e in await settlement.events() if isinstance(e, AttentionMoved)]
    assert Turn.SUPERVISOR in turns
    await _paid(settlement, "7.96")
    assert (await settlement.end()).outcome == Ending.PAID


async def _refused_then(world: World, decision: str, code: str = "R123", **more: Any) -> LineId:  # noqa: ANN401
    """Refused by the donor, and planned anew for later."""
    world.exchange.donors = [code]
    line_id = await world.opened("onecom", skips=False, line=MONTHLY)
    await world.passes(line_id, days=6)
    await world.asks(line_id, "donor-refused")
    ruled = await world.decide(line_id, decision, **more)
    assert ruled.taken, ruled.why
    await world.passes(line_id, days=20)
    await world.end_of(line_id)
    return line_id


async def test_a_refusal_of_data_that_was_right_is_the_donors_and_handed_over(
    world: World,
) -> None:
    line_id = await _refused_then(world, "retry")
    settlement = await settled(world, line_id)
    state = await settlement.at("evidence")
    assert state.assessment is not None
    assert {day.party for day in state.assessment.days} == {Party.DONOR}
    assert state.owed == 0

    await settlement.passes(days=20)
    await settlement.asks("evidence-owed")
    await settlement.tell(indemnities.HandOver, by="operations", on=date(2027, 2, 15), how="email")

    assert (await settlement.end()).outcome == Ending.HANDED_OVER


async def test_an_open_port_is_counted_until_it_is_over(world: World) -> None:
    world.exchange.donors = ["R123"]
    line_id = await world.opened("onecom", skips=False, line=MONTHLY)
    await world.passes(line_id, days=6)
    await world.asks(line_id, "donor-refused")
    await world.decide(line_id, "retry")
    await world.until(line_id, "PortPlanned", times=2)
    settlement = await settled(world, line_id)
    assert (await settlement.state()).stage == "counting"

    await world.passes(line_id, days=20)
    await world.end_of(line_id)

    await settlement.passes(days=2)
    assert (await settlement.at("evidence")).owed == 0


async def test_what_no_fact_says_is_asked_of_a_person(world: World) -> None:
    line_id = await _refused_then(world, "retry", "R220")
    settlement = await settled(world, line_id)
    await settlement.asks("responsible-unknown")

    await settlement.passes(days=40)
    moved = [e for e in await settlement.events() if isinstance(e, AttentionMoved)]
    assert moved
    assert moved[0].turn is Turn.SUPERVISOR
    await _answered(settlement, "provide", responsible="customer")

    assert (await settlement.end()).outcome == Ending.NOTHING
    state = await settlement.state()
    assert state.assessment is not None
    assert state.assessment.because[-1].en == "the customer answers for it: nothing is owed"


async def test_a_price_nobody_gave_is_asked_for(world: World) -> None:
    line_id = await _late_by_the_host(world, monthly_ttc=None)
    settlement = await settled(world, line_id)
    await settlement.asks("price-unknown")

    await _answered(settlement, "provide", monthly_ttc="29.99")

    # 001:168, 29.99 / 5 x 2 = 11.996, half up
    assert (await settlement.at("awaiting-request")).owed == Decimal("12.00")


async def test_a_reading_nobody_signed_is_shown_and_cannot_be_paid(world: World) -> None:
    line_id = await _late_by_the_host(world, "axantis")
    settlement = await settled(world, line_id)
    state = await settlement.at("awaiting-request")
    assert state.owed == Decimal("7.96")

    await _asked_for(settlement)
    with pytest.raises(IndemnityRefusedError, match="not signed"):
        await _paid(settlement, "7.96")
    await settlement.passes(days=45)
    assert [a.code for a in (await settlement.state()).attentions] == ["reading-unsigned"]
    await _answered(settlement, "end")

    assert (await settlement.end()).outcome == Ending.DECLINED
    assert (await settlement.state()).balance == 0


async def test_a_mistake_is_undone_by_its_equal_and_what_was_paid_is_claimed_back(
    world: World,
) -> None:
    line_id = await _late_by_the_host(world)
    settlement = await settled(world, line_id)
    await settlement.at("awaiting-request")
    await _asked_for(settlement)
    await settlement.at("payable")
    await _paid(settlement, "7.96")
    await settlement.end()

    givens = Givens(back_on=date(2027, 1, 16))
    await settlement.tell(indemnities.Correct, by="finance", reason="a day less", givens=givens)
    again = await settled(world, line_id)

    assert (await again.end()).outcome == Ending.PAID
    state = await again.state()
    assert [entry.amount for entry in state.entries] == [
        Decimal("7.96"),
        Decimal("-7.96"),
        Decimal("3.98"),
    ]
    assert state.to_claim_back == Decimal("3.98")


async def test_a_correction_that_comes_as_it_closes_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_id = await _late_by_the_host(world)
    settlement = await settled(world, line_id)
    await settlement.at("awaiting-request")
    await _asked_for(settlement)
    await settlement.at("payable")
    read, corrected = world.ledger.read, False

    async def corrected_after_it_is_read(stream: StreamId, **more: Any) -> Any:  # noqa: ANN401
        nonlocal corrected
        history = await read(stream, **more)
        if stream == indemnity_stream(settlement.indemnity_id) and not corrected:
            state = fold(e.event for e in history)
            if not isinstance(state, NotOpened) and state.ended is not None:
                corrected = True
                givens = Givens(back_on=date(2027, 1, 16))
                await settlement.tell(
                    indemnities.Correct, by="finance", reason="a day less", givens=givens
                )
                await until_async(told_of_it, what="the signal")
        return history

    async def told_of_it() -> bool:
        """Once its task was kept alive: what was read before is not read again."""
        found = (await settlement.handle.fetch_history()).events
        return [e.event_type for e in found].count(
            EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
        ) > 2

    monkeypatch.setattr(world.ledger, "read", corrected_after_it_is_read)
    await _paid(settlement, "7.96")
    await settlement.end()

    assert corrected
    state = await settlement.state()
    assert (state.stage, state.to_claim_back) == ("closed", Decimal("3.98"))


async def test_a_number_that_is_lost_is_a_persons_to_qualify(world: World) -> None:
    world.host.activity = [NumberInactive()]
    line_id = await world.opened("onecom", skips=False, line=MONTHLY)
    await world.passes(line_id, days=8)
    await world.asks(line_id, "number-inactive")
    await world.decide(line_id, "end")
    await world.passes(line_id, days=5)
    await world.end_of(line_id)

    settlement = await settled(world, line_id, Head.LOSS)
    await settlement.asks("responsible-unknown")
    await _answered(settlement, "provide", responsible="us")

    # 001:169, twenty-four times 19.90
    assert (await settlement.at("awaiting-request")).owed == Decimal("477.60")


async def test_a_missed_visit_is_counted_until_the_next_one(world: World) -> None:
    line_id = await world.opened("onecom", line=MONTHLY)
    await world.end_of(line_id)
    settlement = await _missed(world, line_id, Party.US)
    assert (await settlement.state()).stage == "counting"

    await settlement.passes(days=50)
    await settlement.asks("service-back-unknown")
    await _answered(settlement, "provide", back_on="2027-01-23")

    # 001:170, a fifth of 19.90 for each of three days
    assert (await settlement.at("awaiting-request")).owed == Decimal("11.94")


async def test_a_visit_the_customer_missed_is_owed_nothing(world: World) -> None:
    line_id = await world.opened("onecom", line=MONTHLY)
    await world.end_of(line_id)

    settlement = await _missed(world, line_id, Party.CUSTOMER)

    assert (await settlement.end()).outcome == Ending.NOTHING


async def _missed(world: World, line_id: LineId, by: Party) -> Settlement:
    """Recorded by operations, as the API does."""
    missed = MissedVisit(missed_on=date(2027, 1, 20), by=by, evidence="report 12")
    indemnity_id = indemnity_id_for(line_id, Head.APPOINTMENT, missed_on=missed.missed_on)
    ended = await world.state(line_id)
    assert isinstance(ended, Ended)
    terms = IndemnityTerms(
        indemnity_id=indemnity_id,
        head=Head.APPOINTMENT,
        line_id=line_id,
        order_id=ended.terms.order_id,
        number=1,
        pin=ended.terms.pin,
        monthly_ttc=ended.terms.monthly_ttc,
        missed=missed,
    )
    at = paris("2027-01-20T18:00:00")
    opened = facts.IndemnityOpened(
        terms=terms,
        shown_by=Said(fr="rendez-vous", en="appointment"),
        look_until=at + timedelta(days=30),
    )
    stream = on_stream(indemnity_stream(indemnity_id), opened)
    await world.ledger.append(append(str(indemnity_id), stream))
    return await settled_as(world, indemnity_id)


async def test_a_process_started_again_on_a_closed_one_returns_at_once(world: World) -> None:
    line_id = await world.opened("onecom", line=MONTHLY)
    await world.end_of(line_id)
    settlement = await _missed(world, line_id, Party.CUSTOMER)
    await settlement.end()
    before = len(await settlement.events())

    again = await settled_as(world, settlement.indemnity_id)

    assert (await again.end()).outcome == Ending.NOTHING
    assert len(await again.events()) == before
