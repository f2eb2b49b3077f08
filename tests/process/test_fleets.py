"""A large order opens its lots two at a time, and closes when the last of them has ended."""

from activities.line_ends import LotBook
from domain.event import Event
from domain.identity import LineId, OrderId, line_id_for, line_stream, lot_stream, order_stream
from domain.lots import Lot, fold
from domain.new_numbers import NewNumberEnded
from domain.orders import LotEnded, LotOpened, OrderOutcome, OrderReceived
from domain.port_in_facts import Outcome, PortEnded
from domain.said import Said
from ledger.append import expected_after
from tests.builders import append, on_stream
from tests.fakes.keys import fake_hash
from tests.porting import STORY, fleet
from tests.process.conftest import World
from tests.process.test_orders import LOOK
from tests.waiting import until_async
from workflows.identity import LOT_ENDED

SAID = Said(fr="fini", en="over")


def book(world: World) -> LotBook:
    return LotBook(ledger=world.ledger, keyed_hash=fake_hash())


async def order_of(world: World, order_id: OrderId) -> OrderReceived:
    (first, *_) = await world.ledger.read(order_stream(order_id))
    assert isinstance(first.event, OrderReceived)
    return first.event


async def opened(world: World, order_id: OrderId) -> list[int]:
    history = await world.ledger.read(order_stream(order_id))
    return [e.event.lot for e in history if isinstance(e.event, LotOpened)]


async def ends(world: World, line_id: LineId, event: Event | None = None) -> None:
    """As its own process would have written it."""
    event = event or PortEnded(outcome=Outcome.PORTED, why=SAID)
    stream = line_stream(line_id)
    version = len(await world.ledger.read(stream))
    whole = on_stream(stream, event, expected=expected_after(version))
    await world.ledger.append(append(f"{line_id} ends", whole))


async def test_three_lots_are_opened_two_at_a_time_and_followed_to_their_end(world: World) -> None:
    order_id = await world.submitted(fleet(205))
    order = await world.start_order(order_id)
    await until_async(lambda: _all(world, order_id, 3), what="every lot is opened")
    received = await order_of(world, order_id)

    starts = [m.kind for m in world.ledger.outbox].count("start-port-in")
    assert (starts, await opened(world, order_id)) == (205, [1, 2, 3])
    facts = {e.command_id for e in await world.ledger.read(order_stream(order_id))}
    assert len(facts) == 3  # received, two lots, the third

    for number in range(1, 206):
        line_id = line_id_for(order_id, number=number)
        await ends(world, line_id)
        lot = await book(world).note(received, line_id)
        assert lot is not None
        if lot.over:
            await order.signal(LOT_ENDED, lot.received.lot)

    assert (await order.result()).outcome is OrderOutcome.COMPLETED
    history = await world.ledger.read(order_stream(order_id))
    ended = [e.event.outcomes for e in history if isinstance(e.event, LotEnded)]
    assert [dict(outcomes) for outcomes in ended] == [
        {Outcome.PORTED: 100},
        {Outcome.PORTED: 100},
        {Outcome.PORTED: 5},
    ]


async def _all(world: World, order_id: OrderId, lots: int) -> bool:
    return len(await opened(world, order_id)) == lots


async def test_a_lot_whose_word_was_lost_is_found_by_looking(world: World) -> None:
    order_id = await world.submitted(fleet(101))
    order = await world.start_order(order_id)
    await until_async(lambda: _all(world, order_id, 2), what="every lot is opened")
    received = await order_of(world, order_id)
    for number in range(1, 102):
        line_id = line_id_for(order_id, number=number)
        await ends(world, line_id)
        await book(world).note(received, line_id)

    await world.env.fast_forward(order, LOOK)

    assert (await order.result()).outcome is OrderOutcome.COMPLETED


async def test_a_line_that_is_replaced_keeps_its_lot_open_until_the_new_one_ends(
    world: World,
) -> None:
    order_id = await world.submitted(fleet(101, "oksio"))
    order = await world.start_order(order_id)
    await until_async(lambda: _all(world, order_id, 2), what="every lot is opened")
    received = await order_of(world, order_id)
    line_id = line_id_for(order_id, number=101)
    new = line_id_for(order_id, number=999)
    await ends(world, line_id, PortEnded(outcome=Outcome.REPLACED, why=SAID, replaced_by=new))

    open_lot = await book(world).note(received, line_id)
    again = await book(world).note(received, line_id)
    assert open_lot is not None
    assert (open_lot.over, open_lot.still_open, again) == (False, (new,), open_lot)
    history = await world.ledger.read(lot_stream(order_id, 2))
    assert isinstance(fold(e.event for e in history), Lot)
    assert await book(world).note(received, new) is None
    assert [m.kind for m in world.ledger.outbox].count("start-new-number") == 1

    await ends(world, new, NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=STORY))
    over = await book(world).note(received, new)
    assert over is not None
    assert over.over
    await order.terminate("the test is over")
