"""The equipment of a site, time skipped: told of, put up by a visit, asked back at an end."""

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.access_facts import AccessEnded
from domain.attention import AttentionMoved, AttentionRaised, Turn
from domain.corrections import ReservesKept
from domain.equipment_back import ARRIVAL, RETURN
from domain.identity import correction_id_for, correction_stream, order_subject
from domain.personal import Personal
from domain.port_in_facts import Outcome
from domain.works_facts import EquipmentBilled, EquipmentMoved, EquipmentState
from tests.builders import append, on_stream
from tests.porting import ORDER_ID
from tests.process import sites
from tests.process.conftest import World
from tests.process.pieces import at_its_slots, building, cancelled, end, pieces, told_of

S = EquipmentState
RESERVES = "carton enfoncé, pied cassé"


async def test_equipment_is_followed_to_the_site_and_put_up_by_its_visit(world: World) -> None:
    line = await at_its_slots(world)
    await told_of(world, line, "ordered", "shipped", "delivered", serial="RTR-1")

    reference = await sites.booked(world, line)
    await sites.comes_of_the_visit(world, line, sites.kept(reference, "ONT-1", "RTR-1"))
    ended = await end(world, line)

    assert ended.outcome is Outcome.DELIVERED
    assert [(one.name, one.state, one.serial) for one in await pieces(world, line)] == [
        ("router", S.INSTALLED, "RTR-1"),
        ("fibre-box", S.INSTALLED, "ONT-1"),
    ]
    (billed,) = [one for one in await world.events(line) if isinstance(one, EquipmentBilled)]
    assert (billed.name, billed.before_service, billed.source) == ("router", True, "002:2476")


async def test_what_is_written_on_the_slip_comes_sealed_and_by_its_id_alone(world: World) -> None:
    line = await building(world)
    await told_of(world, line, "ordered")
    correction = correction_id_for(line, key="slip")
    written = Personal(subject=order_subject(ORDER_ID), value=RESERVES)
    kept = ReservesKept(reserves=written)
    await world.ledger.append(append("slip", on_stream(correction_stream(correction), kept)))

    await told_of(world, line, "delivered", correction=correction)

    (piece,) = await pieces(world, line)
    assert piece.reserves == written
    history = await world.handles[line].fetch_history()
    assert RESERVES not in history.to_json()
    unknown = correction_id_for(line, key="another")
    ruled = await world.equipment(line, "returned", correction=unknown)
    assert ruled.why == "no such reserves were kept; write them again"


async def test_a_move_is_made_once_under_its_key_and_what_cannot_be_says_why(world: World) -> None:
    line = await building(world)

    first = await world.equipment(line, "ordered", key="e-1")
    again = await world.equipment(line, "ordered", key="e-1")
    wrong = await world.equipment(line, "lost")
    price = await world.equipment(line, "shipped", euros="12.50")
    back = await world.equipment(line, "returned")

    assert (first.taken, again.taken) == (True, True)
    moves = [one for one in await world.events(line) if isinstance(one, EquipmentMoved)]
    assert len(moves) == 1
    assert wrong.why is not None
    assert "'lost' is no state of a piece: write one of ordered" in wrong.why
    assert price.why is not None
    assert "give it with to=invoiced" in price.why
    assert back.why == (
        "router is ordered: it does not become returned; say one of shipped, delivered, "
        "installed, cancelled"
    )
    with pytest.raises(WorkflowUpdateFailedError):
        await world.equipment(line, "shipped", serial="RTR\n1")


async def test_an_access_that_is_cancelled_waits_for_its_equipment(world: World) -> None:
    line = await building(world)
    await told_of(world, line, "ordered", "delivered")
    await told_of(world, line, "ordered", name="modem")

    await cancelled(world, line)
    await world.asks(line, RETURN)
    await world.until(line, "LineReleased")
    assert not any(isinstance(one, AccessEnded) for one in await world.events(line))
    await told_of(world, line, "returned")
    ended = await end(world, line)

    assert ended.outcome is Outcome.CANCELLED
    assert [(one.name, one.state) for one in await pieces(world, line)] == [
        ("router", S.RETURNED),
        ("modem", S.CANCELLED),
    ]
    assert [fee.head for fee in ended.fees if fee.head == "equipment"] == []


async def test_what_is_not_back_in_ten_days_goes_up_and_is_invoiced_by_a_person(
    world: World,
) -> None:
    """« dans les dix (10) jours calendaires suivant la résiliation » (002:2711-2713)."""
    line = await building(world)
    await told_of(world, line, "ordered", "delivered")
    await cancelled(world, line)
    await world.asks(line, RETURN)

    early = await world.decide(line, "refuse", about=RETURN)
    await world.passes(line, days=12)
    ruled = await world.equipment(line, "invoiced", euros="89.00")
    ended = await end(world, line)

    assert early.why is not None
    assert "router may still come back: to be back by" in early.why
    assert ruled.taken, ruled.why
    events = await world.events(line)
    up = [one for one in events if isinstance(one, AttentionMoved) and one.code == RETURN]
    assert up[0].turn is Turn.SUPERVISOR
    (fee,) = [fee for fee in ended.fees if fee.head == "equipment"]
    assert (str(fee.euros), fee.source) == ("89.00", "002:2713")


async def test_service_starts_without_a_piece_and_its_order_ends_with_it(world: World) -> None:
    line = await at_its_slots(world)
    await told_of(world, line, "ordered")

    reference = await sites.booked(world, line)
    await sites.comes_of_the_visit(world, line, sites.kept(reference))
    await world.asks(line, ARRIVAL)
    assert "ServiceStarted" in await world.facts(line)
    await told_of(world, line, "delivered")
    ended = await end(world, line)

    assert ended.outcome is Outcome.DELIVERED
    raised = [one for one in await world.events(line) if isinstance(one, AttentionRaised)]
    assert raised[-1].attention.code == ARRIVAL
