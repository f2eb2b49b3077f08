"""The equipment of a site that is amended to another place, and of one that has ended."""

from decimal import Decimal

import pytest
from temporalio.service import RPCError

from domain.access_facts import AccessEnded
from domain.access_stages import Access, Closed
from domain.equipment_back import ARRIVAL, RETURN
from domain.equipment_elsewhere import ELSEWHERE
from domain.works_facts import EquipmentBilled, EquipmentMoved, EquipmentState
from tests.process import sites
from tests.process.conftest import World
from tests.process.pieces import (
    at_its_slots,
    building,
    cancelled,
    end,
    pieces,
    told_late,
    told_of,
)

S = EquipmentState


async def test_a_piece_that_its_order_did_not_wait_for_is_told_of_after_its_end(
    world: World,
) -> None:
    """No process runs any more: the same verb, under the same key, writes one fact."""
    line = await at_its_slots(world)
    await told_of(world, line, "ordered", monthly="12.00")
    await told_of(world, line, "shipped", serial="RTR-1")
    reference = await sites.booked(world, line)
    await sites.comes_of_the_visit(world, line, sites.kept(reference))
    await world.asks(line, ARRIVAL)
    ruled = await world.decide(line, "skip", about=ARRIVAL, reason="the carrier lost it")
    assert ruled.taken, ruled.why
    await end(world, line)

    with pytest.raises(RPCError):
        await world.equipment(line, "delivered")
    first = await told_late(world, line, "delivered", key="late")
    again = await told_late(world, line, "delivered", key="late")
    reused = await told_late(world, line, "returned", key="late")
    wrong = await told_late(world, line, "cancelled", key="wrong")
    unread = await told_late(world, line, "returned", key="unread", serial="RTR\n1")

    assert (first.taken, again.taken, reused.taken) == (True, True, False)
    assert wrong.why == (
        "router is delivered: it does not become cancelled; say one of installed, returned, "
        "invoiced, given-up"
    )
    assert unread.why == "remove the line breaks and control characters from what you send"
    events = await world.events(line)
    after = events[[isinstance(one, AccessEnded) for one in events].index(True) + 1 :]
    assert [type(one) for one in after] == [EquipmentMoved]
    (piece,) = await pieces(world, line)
    assert (piece.state, piece.serial) == (S.DELIVERED, "RTR-1")
    (billed,) = [one for one in events if isinstance(one, EquipmentBilled)]
    assert billed.monthly == Decimal("12.00")


async def test_a_piece_that_comes_back_after_its_invoice_and_its_end_has_its_fee_given_back(
    world: World,
) -> None:
    line = await building(world)
    await told_of(world, line, "ordered", "delivered")
    await cancelled(world, line)
    await world.asks(line, RETURN)
    await world.passes(line, days=12)
    await told_of(world, line, "invoiced", euros="89.00")
    ended = await end(world, line)

    ruled = await told_late(world, line, "returned", key="back")

    assert ruled.taken, ruled.why
    moved = (await world.events(line))[-1]
    assert isinstance(moved, EquipmentMoved)
    assert moved.given_back == tuple(fee for fee in ended.fees if fee.head == "equipment")
    assert "89.00 € HT to be given back (a default of ours)" in moved.said[-1].en
    state = await sites.site_state(world, line)
    assert isinstance(state, Closed)
    assert [fee.head for fee in state.fees if fee.head == "equipment"] == []


async def test_equipment_at_a_place_that_was_amended_away_is_asked_about_on_the_way(
    world: World,
) -> None:
    """It holds nothing up: the other place has its slots while the customer is asked."""
    line = await building(world)
    await told_of(world, line, "ordered", "delivered")
    await told_of(world, line, "ordered", "delivered", name="modem")

    ruled = await world.amend(line, correction=await sites.another_place_kept(world, line))
    assert ruled.taken, ruled.why
    await world.asks(line, ELSEWHERE)
    await world.asks(line, "visit-slots")
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert [piece.elsewhere for piece in state.pieces.values()] == [True, True]
    await told_of(world, line, "returned", name="modem")
    followed = await world.decide(line, "agree", about=ELSEWHERE)

    assert followed.taken, followed.why
    found = [(one.name, one.state, one.elsewhere) for one in await pieces(world, line)]
    assert found == [("router", S.DELIVERED, False), ("modem", S.RETURNED, False)]
    after = await sites.site_state(world, line)
    assert isinstance(after, Access)
    assert not after.is_asked(ELSEWHERE)


async def test_a_service_that_starts_without_what_was_left_behind_asks_what_became_of_it(
    world: World,
) -> None:
    line = await building(world)
    await told_of(world, line, "ordered", "delivered", serial="RTR-1")
    await world.amend(line, correction=await sites.another_place_kept(world, line))
    await world.asks(line, ELSEWHERE)

    reference = await sites.booked(world, line)
    await sites.comes_of_the_visit(world, line, sites.kept(reference))
    await world.asks(line, ARRIVAL)
    await told_of(world, line, "returned")
    await end(world, line)

    (piece,) = await pieces(world, line)
    assert (piece.state, piece.elsewhere) == (S.RETURNED, False)
