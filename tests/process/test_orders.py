"""An order follows its lines, gives a new number where a contract does, and shows itself."""

from datetime import timedelta

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata

from domain.identity import LineId, order_stream
from domain.operators import StepRefusedTold
from domain.orders import LineKind, LineOpened, OrderClosed, OrderOutcome
from domain.policies import LOOK_AGAIN
from domain.port_in_facts import OperatorAsked, Outcome, RetryPlanned, Step
from tests.fakes.operators import Habit
from tests.process.conftest import World
from tests.waiting import until_async
from workflows.identity import LINE_ENDED

LOOK = LOOK_AGAIN.span + timedelta(minutes=1)


async def _lines(world: World, order_id: object) -> list[LineOpened]:
    history = await world.ledger.read(order_stream(order_id))  # type: ignore[arg-type]  # an id
    return [e.event for e in history if isinstance(e.event, LineOpened)]


async def _line_of(world: World, order_id: object, number: int = 1) -> LineId:
    async def opened() -> bool:
        return len(await _lines(world, order_id)) >= number

    await until_async(opened, what=f"line {number}")
    return (await _lines(world, order_id))[number - 1].line_id


async def test_an_order_closes_when_its_line_has_ended(world: World) -> None:
    order_id = await world.ordered()
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await world.start(line)
    await world.end_of(line)

    await order.signal(LINE_ENDED, line)
    end = await order.result()

    assert end.outcome is OrderOutcome.COMPLETED
    assert [message.kind for message in world.ledger.outbox] == [
        "start-order",
        "start-port-in",
        "tell-order",
    ]


async def test_a_lost_word_is_made_up_for_by_looking(world: World) -> None:
    order_id = await world.ordered()
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await world.start(line)
    await world.end_of(line)

    await world.env.fast_forward(order, LOOK)

    assert (await order.result()).outcome is OrderOutcome.COMPLETED


async def test_a_line_that_cannot_be_ported_is_replaced_by_one_with_a_new_number(
    world: World,
) -> None:
    order_id = await world.ordered("oksio", line={"rio": None})
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await world.start(line)
    await world.end_of(line)
    await order.signal(LINE_ENDED, line)

    replacement = await _line_of(world, order_id, 2)
    opened = (await _lines(world, order_id))[1]
    assert (opened.kind, opened.replaces) == (LineKind.NEW_NUMBER, line)
    await world.start_new_number(replacement)
    end = await world.end_of(replacement)
    await order.signal(LINE_ENDED, replacement)

    assert end.outcome is not None
    assert (await order.result()).outcome is OrderOutcome.COMPLETED
    assert world.host.books.steps == [Step.PREPARE_LINE, Step.GIVE_NUMBER]
    assert await world.facts(replacement) == [
        "NewNumberOpened",
        "OperatorAsked",
        "OperatorTook",
        "LineReady",
        "OperatorAsked",
        "OperatorTook",
        "NumberGiven",
        "NewNumberEnded",
    ]


@pytest.mark.parametrize("habit", ["NO-NUMBER", Habit.IDLE])
async def test_a_new_number_that_does_not_come_waits_for_a_person(
    world: World, habit: Habit | str
) -> None:
    world.exchange.donors = ["R322"]
    world.host.habits[Step.GIVE_NUMBER] = [habit]
    order_id = await world.ordered("oksio")
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    with world.env.with_time_skipping_disabled():
        await world.start(line)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")
    await world.decide(line, "end")
    await world.passes(line, days=3)
    await world.end_of(line)
    await order.signal(LINE_ENDED, line)
    replacement = await _line_of(world, order_id, 2)
    with world.env.with_time_skipping_disabled():
        await world.start_new_number(replacement)
    await world.passes(replacement, days=9)
    await world.until(replacement, "AttentionMoved")
    refused = await world.decide(replacement, "snooze")
    unknown = await world.decide(replacement, "dance")
    world.host.does_it_after_all()
    await world.decide(replacement, "retry")
    await world.passes(replacement, days=9)

    assert not refused.taken
    assert not unknown.taken
    assert (await world.end_of(replacement)).stage == "activated"
    assert Step.RELEASE_LINE not in world.host.books.steps
    await order.terminate("the test is over")


async def test_a_host_that_says_no_to_a_new_number_later_is_heard(world: World) -> None:
    world.host.habits[Step.GIVE_NUMBER] = [Habit.IDLE]
    order_id = await world.ordered("oksio", line={"rio": None})
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await world.start(line)
    await world.end_of(line)
    await order.signal(LINE_ENDED, line)
    replacement = await _line_of(world, order_id, 2)
    with world.env.with_time_skipping_disabled():
        await world.start_new_number(replacement)
        await world.until(replacement, "OperatorTook", times=2)
        asked = [e for e in await world.events(replacement) if isinstance(e, OperatorAsked)]
        refused_at = world.clock.business_origin
        for key in ("another", asked[-1].key):
            report = StepRefusedTold(
                step=Step.GIVE_NUMBER, key=key, code="NO-NUMBER", refused_at=refused_at
            )
            await world.mail.send(replacement, "orange", report, at=refused_at)
        await world.until(replacement, "OperatorRefused")
        await world.until(replacement, "MessageSetAside")
        await world.decide(replacement, "retry")
        await world.until(replacement, "NewNumberEnded")

    assert (await world.end_of(replacement)).stage == "activated"
    await order.terminate("the test is over")


async def test_a_refused_line_closes_its_order_as_refused(world: World) -> None:
    world.exchange.donors = ["R322"]
    order_id = await world.ordered()
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    with world.env.with_time_skipping_disabled():
        await world.start(line)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")
    await world.decide(line, "end")
    await world.passes(line, days=3)
    await world.end_of(line)

    await order.signal(LINE_ENDED, line)

    assert (await order.result()).outcome is OrderOutcome.REFUSED
    history = await world.ledger.read(order_stream(order_id))
    assert history[-1].event == OrderClosed(outcome=OrderOutcome.REFUSED)


async def test_an_order_that_was_lost_goes_on_and_a_closed_one_returns_at_once(
    world: World,
) -> None:
    order_id = await world.ordered()
    lost = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await lost.terminate("its server lost it")
    await world.start(line)
    await world.end_of(line)

    again = await world.start_order(order_id, attempt=1)
    await again.signal(LINE_ENDED, line)
    closed = await again.result()
    once_more = await (await world.start_order(order_id, attempt=2)).result()

    assert closed == once_more
    assert len(await _lines(world, order_id)) == 1


async def test_the_temporal_ui_says_what_is_awaited_until_when_and_what_may_be_decided(
    world: World,
) -> None:
    world.exchange.donors = ["R123"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")
    handle = world.handles[line]

    async def shown() -> bool:
        attributes = (await handle.describe()).typed_search_attributes
        columns = {pair.key.name: pair.value for pair in attributes}
        return columns.get("RaccordAttention") is True

    await until_async(shown, what="the column")
    metadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    attributes = (await handle.describe()).typed_search_attributes
    columns = {pair.key.name: pair.value for pair in attributes}

    assert "**Stage** refused" in metadata.current_details
    assert "donor-refused: correct, retry, cancel, end" in metadata.current_details
    assert '{"decision": "correct"' in metadata.current_details
    assert "0612345678" not in metadata.current_details
    assert columns["RaccordStage"] == "refused"
    assert columns["RaccordProvider"] == "axantis"
    assert columns["RaccordOperator"] == "orange"
    assert columns["RaccordVersion"] == len(await world.facts(line))


async def test_a_new_number_is_asked_for_again_when_its_host_says(world: World) -> None:
    order_id = await world.ordered("oksio", line={"rio": None})
    order = await world.start_order(order_id)
    line = await _line_of(world, order_id)
    await world.start(line)
    await world.end_of(line)
    await order.signal(LINE_ENDED, line)
    replacement = await _line_of(world, order_id, 2)
    world.host.busy = [timedelta(hours=2), timedelta(hours=3)]
    with world.env.with_time_skipping_disabled():
        await world.start_new_number(replacement)
    await world.until(replacement, "RetryPlanned")
    await world.passes(replacement, hours=6)

    assert (await world.end_of(replacement)).outcome is Outcome.ACTIVATED
    tries = [e for e in await world.events(replacement) if isinstance(e, RetryPlanned)]
    assert [(one.attempt, one.code) for one in tries] == [
        (1, "come-back-later"),
        (2, "come-back-later"),
    ]
    assert timedelta(hours=3) <= tries[1].until - tries[0].until < timedelta(hours=3, minutes=1)
    assert "AttentionRaised" not in await world.facts(replacement)
    await order.terminate("the test is over")
