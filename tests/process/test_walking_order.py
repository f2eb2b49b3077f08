from datetime import timedelta

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata

from domain.identity import order_stream
from domain.walking_order import AcknowledgementAwaited, OrderAcknowledged
from projections.order import OrderStage
from tests.builders import NOON, ORDER, acknowledged, append, at, on_stream
from tests.process.conftest import Process
from workflows.walking_order import WalkingOrder


async def _awaiting_until(process: Process) -> AcknowledgementAwaited:
    history = await process.ledger.read(order_stream(ORDER))
    (awaited,) = [e.event for e in history if isinstance(e.event, AcknowledgementAwaited)]
    return awaited


async def test_an_order_nobody_acknowledges_lapses_after_its_two_days(process: Process) -> None:
    await process.received()

    end = await (await process.start()).result()

    assert end.stage is OrderStage.LAPSED
    assert await process.facts() == ["OrderReceived", "AcknowledgementAwaited", "OrderLapsed"]
    received_at, awaited = (await process.ledger.read(order_stream(ORDER)))[1:]
    waited = awaited.business_at - received_at.business_at
    assert timedelta(days=2) <= waited < timedelta(days=2, minutes=1)


async def test_an_acknowledgement_ends_the_wait_and_settles_the_message(process: Process) -> None:
    await process.received()
    number = await process.message()
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        await handle.signal(WalkingOrder.message_received, number)
        end = await handle.result()

    assert end.stage is OrderStage.ACKNOWLEDGED
    assert await process.facts() == ["OrderReceived", "AcknowledgementAwaited", "OrderAcknowledged"]
    assert list(process.ledger.inbox.settled) == [number]


async def test_a_message_handed_over_twice_counts_once(process: Process) -> None:
    await process.received()
    number = await process.message()
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        for _ in range(3):
            await handle.signal(WalkingOrder.message_received, number)
        await handle.result()

    assert (await process.facts()).count("OrderAcknowledged") == 1


async def test_of_two_messages_the_first_counts_and_the_other_stays_unsettled(
    process: Process,
) -> None:
    await process.received()
    first, second = await process.message("m-1"), await process.message("m-2")
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        await handle.signal(WalkingOrder.message_received, first)
        await handle.signal(WalkingOrder.message_received, second)
        await handle.result()

    history = await process.ledger.read(order_stream(ORDER))
    assert history[-1].event == OrderAcknowledged(order_id=ORDER, message_key="m-1")
    assert second not in process.ledger.inbox.settled


async def test_a_message_received_in_time_counts_even_if_nobody_handed_it_over(
    process: Process,
) -> None:
    await process.received()
    number = await process.message()

    end = await (await process.start()).result()

    assert end.stage is OrderStage.ACKNOWLEDGED
    assert list(process.ledger.inbox.settled) == [number]


async def test_a_message_received_too_late_does_not_undo_the_lapse(process: Process) -> None:
    await process.received()
    await process.message(received_at=NOON + timedelta(days=3))

    assert (await (await process.start()).result()).stage is OrderStage.LAPSED
    assert process.ledger.inbox.settled == {}


@pytest.mark.parametrize("stranger", ["no such message", "another order's message"])
async def test_a_message_that_is_not_for_this_order_is_dropped_and_the_wait_goes_on(
    process: Process, stranger: str
) -> None:
    await process.received()
    number = 999
    if stranger == "another order's message":
        number = await process.message("m-0", correlation="another-order")
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        await handle.signal(WalkingOrder.message_received, number)
        await handle.signal(WalkingOrder.message_received, await process.message("m-1"))
        end = await handle.result()

    assert end.stage is OrderStage.ACKNOWLEDGED
    history = await process.ledger.read(order_stream(ORDER))
    assert history[-1].event == OrderAcknowledged(order_id=ORDER, message_key="m-1")


async def test_a_process_started_again_goes_on_from_the_facts(process: Process) -> None:
    await process.received()
    number = await process.message()
    with process.env.with_time_skipping_disabled():
        lost = await process.start(attempt=1)
        await process.until("AcknowledgementAwaited")
        before = await _awaiting_until(process)
        await lost.terminate("its server lost it")

        again = await process.start(attempt=2)
        await again.signal(WalkingOrder.message_received, number)
        end = await again.result()

    assert end.stage is OrderStage.ACKNOWLEDGED
    assert await _awaiting_until(process) == before


async def test_a_process_of_a_closed_order_returns_at_once(process: Process) -> None:
    await process.received()
    await (await process.start(attempt=1)).result()
    facts = await process.facts()

    end = await (await process.start(attempt=2)).result()

    assert end.stage is OrderStage.LAPSED
    assert await process.facts() == facts


async def test_a_command_that_came_too_late_shows_where_the_order_is(process: Process) -> None:
    """Somebody else acknowledged while this process waited: it finds out and ends like that."""
    await process.received()
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        await process.until("AcknowledgementAwaited")
        await process.ledger.append(
            append("else", on_stream(order_stream(ORDER), acknowledged(), expected=at(2)))
        )
    await process.env.fast_forward(handle, timedelta(days=3))

    assert (await handle.result()).stage is OrderStage.ACKNOWLEDGED


async def test_the_temporal_ui_says_what_is_awaited_until_when(process: Process) -> None:
    await process.received()
    with process.env.with_time_skipping_disabled():
        handle = await process.start()
        await process.until("AcknowledgementAwaited")
        awaited = await _awaiting_until(process)
        metadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
        attributes = (await handle.describe()).typed_search_attributes
        await handle.terminate()

    assert f"{awaited.until:%d %B %Y, %H:%M} UTC" in metadata.current_details
    columns = {pair.key.name: pair.value for pair in attributes}
    assert columns["RaccordStage"] == "awaiting-acknowledgement"
    assert columns["RaccordVersion"] == 2
    assert columns["RaccordDue"] == awaited.until
