"""Visits to a site, time skipped: offered, chosen, booked, reminded, moved."""

from datetime import date, timedelta

from domain.access_facts import FeeOwed
from domain.access_stages import AccessStage
from domain.attention import DecisionTaken
from domain.port_in_facts import Step
from domain.works_facts import (
    FieldFailure,
    Half,
    Party,
    VisitBooked,
    VisitKept,
    VisitMoved,
    VisitReminded,
    VisitsAskedAgain,
)
from domain.works_told import VisitMovedTold, VisitsOfferedTold
from tests.fakes.operators import Habit
from tests.fakes.works import slot_of
from tests.porting import STORY, paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import failed, kept
from tests.process.visits import (
    BOOK,
    OFFER,
    WEDNESDAY,
    all_of,
    booked_line,
    how_they_ended,
    one_of,
    orange_of,
    stands,
)

# slots


async def test_an_operator_with_no_slot_is_asked_again_for_days_from_the_first_that_suits(
    world: World,
) -> None:
    orange = orange_of(world, offer_visits=[lambda one: VisitsOfferedTold(key=one.key, slots=())])
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "no-visit-slots")

    over = await world.decide(line, "retry", given={"day": "2027-01-07"})
    ruled = await world.decide(line, "retry", given={"day": "2027-01-28"})

    assert over.why == "day has passed already: give the first day that suits, or leave it out"
    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert [one.not_before for one in orange.asked if one.step is OFFER] == [
        None,
        date(2027, 1, 28),
    ]
    state = await stands(world, line, AccessStage.BOOKING)
    assert state.opening.slots[0].day == date(2027, 1, 28)


async def test_a_slot_is_chosen_by_its_number_or_by_day_and_half_and_by_nothing_else(
    world: World,
) -> None:
    orange_of(world)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")

    for given in ({}, {"slot": "9"}, {"day": "2027-01-20"}, {"day": "2027-01-25"}):
        refused = await world.decide(line, "provide", given=given)
        assert refused.why is not None
        assert "1: Monday 18 January 2027, in the morning" in refused.why, given
    ruled = await world.decide(line, "provide", given={"day": "2027-01-20", "half": "afternoon"})

    assert ruled.taken, ruled.why
    booked = await one_of(world, line, VisitBooked)
    assert (booked.slot.day, booked.slot.half) == (date(2027, 1, 20), Half.AFTERNOON)
    taken = (await all_of(world, line, DecisionTaken))[-1]
    assert taken.given == {"day": "2027-01-20", "half": "afternoon"}


async def test_other_days_are_asked_for_when_none_of_those_offered_suits(world: World) -> None:
    orange = orange_of(world)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")

    ruled = await world.decide(line, "retry", given={"day": "2027-02-01"})

    assert ruled.taken, ruled.why
    await world.until(line, "VisitsOffered", times=2)
    reference = await sites.booked(world, line, slot="1")
    assert [one.not_before for one in orange.asked if one.step is OFFER][-1] == date(2027, 2, 1)
    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert state.opening.visit is not None
    assert (state.opening.visit.reference, state.opening.visit.slot.day) == (
        reference,
        date(2027, 2, 1),
    )


async def test_no_slot_is_asked_for_before_the_day_the_customer_wishes(world: World) -> None:
    orange = orange_of(world)
    line = await sites.site_opened(world, held=True, wished=date(2027, 3, 1))

    await world.asks(line, "visit-slots")

    assert [one.not_before for one in orange.asked if one.step is OFFER] == [date(2027, 3, 1)]


async def test_a_slot_refused_for_a_reason_no_policy_names_is_a_persons_then_others_are_offered(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[BOOK] = ["AGENDA-CLOSED"]
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")
    await world.decide(line, "provide", given=WEDNESDAY)
    await world.asks(line, "operator-refused")

    ruled = await world.decide(line, "retry")

    assert ruled.taken, ruled.why
    await sites.booked(world, line, slot="6")
    booked = await one_of(world, line, VisitBooked)
    assert booked.slot == slot_of(date(2027, 1, 20), Half.AFTERNOON)
    assert orange.books.steps.count(OFFER) == 2
    assert orange.books.steps.count(BOOK) == 1


# booked, reminded, kept


async def test_a_booked_visit_plans_its_day_and_has_dates_of_its_own(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)

    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    visit = state.opening.visit
    assert visit is not None
    assert visit.reference == reference
    assert visit.free_until == paris("2027-01-19T00:00:00")  # 002:2540, two jours ouvrés before
    assert visit.remind_at == paris("2027-01-19T09:00:00")
    assert visit.report_by == paris("2027-01-22T00:00:00")
    assert state.plan is not None
    assert (state.plan.on, state.plan.source) == (date(2027, 1, 20), "VisitBooked")


async def test_the_customer_is_reminded_the_working_day_before_and_once(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)

    await world.passes(line, days=10, hours=8)
    assert await all_of(world, line, VisitReminded) == []
    await world.passes(line, hours=2)

    reminded = await one_of(world, line, VisitReminded)
    assert (reminded.reference, reminded.slot.day) == (reference, date(2027, 1, 20))
    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)
    assert len(await all_of(world, line, VisitReminded)) == 1
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_is_kept_once_however_often_that_is_told(world: World) -> None:
    orange = orange_of(world)
    orange.habits[Step.COMMISSION_ACCESS] = [Habit.IDLE]
    line, reference = await booked_line(world)

    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.until(line, "VisitKept")
    await sites.comes_of_the_visit(world, line, kept(reference))
    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.CUSTOMER_ABSENT))
    await world.until(line, "MessageSetAside", times=2)

    assert (await one_of(world, line, VisitKept)).report.done_at == paris("2027-01-08T10:00:00")
    await stands(world, line, AccessStage.COMMISSIONING)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


# moved


async def test_the_operator_moves_a_visit_under_its_own_name_and_at_no_cost(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    friday = slot_of(date(2027, 1, 22), Half.MORNING)
    move = VisitMovedTold(
        reference=reference, slot=friday, code="PLANNING", told_at=STORY + timedelta(hours=1)
    )

    await sites.comes_of_the_visit(world, line, move)

    moved = await one_of(world, line, VisitMoved)
    assert (moved.reference, moved.to.reference) == (reference, reference)
    assert (moved.by, moved.code) == (Party.OPERATOR, "PLANNING")
    assert moved.to.remind_at == paris("2027-01-21T09:00:00")
    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert state.plan is not None
    assert state.plan.on == date(2027, 1, 22)
    assert await all_of(world, line, FeeOwed) == []
    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_moved_after_its_reminder_is_reminded_of_anew(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    await world.passes(line, days=10, hours=12)
    await world.until(line, "VisitReminded")
    friday = slot_of(date(2027, 1, 22), Half.MORNING)
    at = paris("2027-01-19T13:00:00")

    move = VisitMovedTold(reference=reference, slot=friday, code="PLANNING", told_at=at)
    await sites.comes_of_the_visit(world, line, move)
    await world.until(line, "VisitMoved")
    await world.passes(line, days=2)

    assert [one.slot.day.day for one in await all_of(world, line, VisitReminded)] == [20, 22]


async def test_a_visit_the_customer_moves_stays_until_another_takes_its_place(
    world: World,
) -> None:
    orange = orange_of(world)
    line, first = await booked_line(world)

    asked = await world.decide(line, "postpone", about="visit", given={"day": "2027-02-01"})
    await world.until(line, "VisitsOffered", times=2)
    assert asked.taken, asked.why
    between = await stands(world, line, AccessStage.BOOKING)
    await world.decide(line, "provide", given={"slot": "1"})

    moved = await one_of(world, line, VisitMoved)
    assert between.opening.visit is not None
    assert between.opening.visit.reference == first
    assert (moved.reference, moved.by) == (first, Party.CUSTOMER)
    assert moved.to.reference != first
    assert moved.to.slot.day == date(2027, 2, 1)
    assert [one.visit for one in orange.asked if one.step is BOOK] == [None, first]
    await sites.comes_of_the_visit(world, line, kept(first))
    await world.until(line, "MessageSetAside")
    await sites.comes_of_the_visit(world, line, kept(moved.to.reference))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_moved_too_late_shows_what_it_would_cost_and_charges_nothing(
    world: World,
) -> None:
    """The clause is about cancelling: other slots asked for on the way change nothing to it."""
    orange_of(world)
    line, _ = await booked_line(world)
    await world.passes(line, days=10, hours=12)

    ruled = await world.decide(line, "postpone", about="visit")
    await world.until(line, "VisitsOffered", times=2)
    await world.asks(line, "visit-slots")
    await world.decide(line, "retry")
    await world.until(line, "VisitsOffered", times=3)
    await world.asks(line, "visit-slots")
    await world.decide(line, "provide", given={"slot": "1"})

    assert ruled.taken, ruled.why
    moved = await one_of(world, line, VisitMoved)
    (owed,) = await all_of(world, line, FeeOwed)
    first, _ = await all_of(world, line, VisitsAskedAgain)
    assert first.late
    assert (owed.fee.head, owed.fee.chargeable) == ("installation", False)
    assert "002:2540-2541" in owed.fee.source
    assert "002:2540-2541" in moved.because.en


async def test_a_visit_that_fails_while_another_day_is_booked_leaves_that_one_to_be_booked(
    world: World,
) -> None:
    """Somebody comes again all the same: nothing is asked for twice."""
    orange = orange_of(world)
    line, first = await booked_line(world)
    orange.habits[BOOK] = [Habit.MUTE]
    await world.decide(line, "postpone", about="visit")
    await world.until(line, "VisitsOffered", times=2)
    await world.decide(line, "provide", given={"slot": "6"})
    await world.until(line, "OperatorTook", times=7)

    await sites.comes_of_the_visit(world, line, failed(first, FieldFailure.MATERIAL_MISSING))
    await world.until(line, "VisitFailed")
    key = orange.asked[-1].key
    await sites.comes_of_the_visit(world, line, orange.done[key])
    await world.until(line, "VisitBooked", times=2)

    assert [one.key for one in orange.asked if one.step is BOOK][-1] == key
    assert orange.books.steps.count(BOOK) == orange.books.steps.count(OFFER) == 2
    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert state.opening.visit is not None
    assert state.opening.visit.slot.day == date(2027, 1, 20)


async def test_a_visit_its_operator_moves_while_others_are_chosen_from_is_moved_once_more(
    world: World,
) -> None:
    orange_of(world)
    line, first = await booked_line(world)
    await world.decide(line, "postpone", about="visit")
    await world.until(line, "VisitsOffered", times=2)
    friday = slot_of(date(2027, 1, 22), Half.MORNING)
    at = STORY + timedelta(hours=1)

    told = VisitMovedTold(reference=first, slot=friday, code="PLANNING", told_at=at)
    await sites.comes_of_the_visit(world, line, told)
    await world.until(line, "VisitMoved")
    await stands(world, line, AccessStage.BOOKING)
    await world.decide(line, "provide", about="visit-slots", given={"slot": "1"})
    await world.until(line, "VisitMoved", times=2)

    moves = await all_of(world, line, VisitMoved)
    assert [one.by for one in moves] == [Party.OPERATOR, Party.CUSTOMER]
    await sites.comes_of_the_visit(world, line, kept(moves[-1].to.reference))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended
