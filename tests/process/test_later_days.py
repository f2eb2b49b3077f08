"""A later day asked by the customer of dedicated fibre, time skipped: agreed to, or refused."""

from datetime import date, timedelta
from typing import Any

from domain.access_facts import Technology
from domain.access_stages import Access
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, MessageSetAside, Step
from domain.works_facts import BillingStarted, FieldFailure, Half
from domain.works_told import VisitFailedTold, VisitMovedTold
from tests.accesses import offer, study
from tests.fakes.works import slot_of
from tests.porting import paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import studies

ORANGE = HostNetwork.ORANGE
FIBRE: dict[str, Any] = {"wanted": (Technology.DEDICATED_FIBRE,)}


async def _booked(world: World) -> LineId:
    """A dedicated fibre, studied and built, whose technician is to come."""
    technology = Technology.DEDICATED_FIBRE
    world.accesses[ORANGE].offers = (offer(technology=technology, study=True, lead_days=15),)
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [studies(study(lead_days=15))]
    line = await sites.site_opened(world, held=True, **FIBRE)
    await sites.booked(world, line)
    return line


async def _open(world: World, line: LineId) -> Access:
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    return state


async def _agreed_day(world: World, line: LineId) -> date:
    state = await _open(world, line)
    assert state.plan is not None
    return max(state.plan.on, state.promise.on if state.promise else state.plan.on)


async def _moved(world: World, line: LineId) -> str:
    """The first of the slots that are offered takes the place of the visit; its name."""
    ruled = await world.decide(line, "provide", given={"slot": "1"})
    assert ruled.taken, ruled.why
    await world.until(line, "VisitMoved")
    visit = (await _open(world, line)).opening.visit
    assert visit is not None
    return visit.reference


def _absent(reference: str) -> VisitFailedTold:
    return VisitFailedTold(
        reference=reference,
        failure=FieldFailure.CUSTOMER_ABSENT,
        code="ABSENT",
        failed_at=paris("2027-02-15T10:00:00"),
    )


async def test_a_later_day_is_agreed_and_who_was_to_come_comes_after_it(world: World) -> None:
    line = await _booked(world)
    later = await _agreed_day(world, line) + timedelta(days=14)

    ruled = await world.amend(line, day=str(later))

    assert ruled.taken, ruled.why
    (agreed,) = [e for e in await world.events(line) if isinstance(e, CustomerDelayAgreed)]
    assert (agreed.day, agreed.in_time, agreed.billed_from) == (later, True, None)
    await world.asks(line, "visit-slots")
    state = await _open(world, line)
    assert state.opening.slots[0].day >= later
    assert state.opening.visit is not None
    assert await _moved(world, line) != state.opening.visit.reference


async def test_who_is_not_there_on_the_new_day_is_billed_before_service(world: World) -> None:
    line = await _booked(world)
    later = await _agreed_day(world, line) + timedelta(days=14)
    await world.amend(line, day=str(later))
    await world.asks(line, "visit-slots")
    reference = await _moved(world, line)

    await sites.comes_of_the_visit(world, line, _absent(reference))
    await world.until(line, "CustomerDelayMissed")

    (missed,) = [e for e in await world.events(line) if isinstance(e, CustomerDelayMissed)]
    assert (missed.day, missed.source) == (later, "002:2390-2392")
    assert missed.billed_from == later + timedelta(days=5)
    assert BillingStarted.__name__ not in await world.facts(line)


async def test_a_day_beyond_the_longest_delay_is_refused_and_the_order_goes_on(
    world: World,
) -> None:
    line = await _booked(world)
    later = await _agreed_day(world, line) + timedelta(days=120)

    ruled = await world.amend(line, day=str(later))

    assert not ruled.taken
    assert ruled.why is not None
    assert "beyond the longest delay" in ruled.why
    assert "UndoingBegun" not in await world.facts(line)


async def test_a_visit_is_not_put_off_past_the_clause(world: World) -> None:
    line = await _booked(world)
    later = await _agreed_day(world, line) + timedelta(days=10)

    ruled = await world.decide(line, "postpone", given={"day": str(later)})

    assert not ruled.taken
    assert ruled.why is not None
    assert "amend the wish of this line" in ruled.why


async def test_slots_are_not_put_off_past_the_clause_either(world: World) -> None:
    line = await _booked(world)
    await world.decide(line, "postpone")
    await world.asks(line, "visit-slots")
    later = await _agreed_day(world, line) + timedelta(days=120)

    ruled = await world.decide(line, "retry", given={"day": str(later)})
    offered = (await _open(world, line)).opening.slots[-1].day
    again = await world.decide(line, "retry", given={"day": str(offered)})

    assert not ruled.taken
    assert ruled.why is not None
    assert "amend the wish of this line" in ruled.why
    assert again.taken, again.why


async def test_a_day_nobody_can_reckon_with_holds_nothing_up(world: World) -> None:
    line = await _booked(world)
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.opening.visit is not None
    moved = VisitMovedTold(
        reference=state.opening.visit.reference,
        slot=slot_of(date(2190, 1, 6), Half.MORNING),
        code="LATER",
        told_at=world.clock.business_origin,
    )

    await sites.comes_of_the_visit(world, line, moved)
    await world.until(line, "MessageSetAside")

    (aside,) = [e for e in await world.events(line) if isinstance(e, MessageSetAside)]
    assert "lies outside" in aside.why
