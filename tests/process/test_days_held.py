"""A day the customer wants it on, time skipped: nobody comes and nothing is opened before it; and
what happens too often at a site."""

from datetime import date
from typing import Any

from domain.access_facts import Technology
from domain.access_stages import AccessStage
from domain.attention import DecisionTaken
from domain.delay_facts import ServiceDayAwaited
from domain.identity import LineId
from domain.link_facts import LinesAwaited
from domain.port_in_facts import Step
from domain.works_facts import (
    After,
    BillingStarted,
    Commissioned,
    CommitmentStarted,
    FieldFailure,
    LeadFollowed,
    VisitMoved,
    WorksStopped,
)
from tests.porting import STORY, paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import done, failed, stopped
from tests.process.visits import OFFER, all_of, booked_line, one_of, orange_of, stands

DATA = ("oksio", "data")
OPEN = Step.COMMISSION_ACCESS


async def test_what_is_built_early_is_opened_and_billed_from_the_day_the_customer_wants_it(
    world: World,
) -> None:
    orange = orange_of(world, build_access=[done(visit=False)])
    line = await sites.site_opened(world, held=True, wished=date(2027, 6, 1))
    await world.until(line, "ServiceDayAwaited")
    await stands(world, line, AccessStage.AWAITING_DAY)
    await world.passes(line, days=100)
    assert OPEN not in orange.books.steps

    await world.passes(line, days=50)
    await world.end_of(line)

    facts = await world.facts(line)
    assert facts.index("ServiceDayCome") < facts.index("Commissioned")
    assert (facts.count("ServiceDayAwaited"), orange.books.steps.count(OPEN)) == (1, 1)
    billing = await one_of(world, line, BillingStarted)
    commitment = await one_of(world, line, CommitmentStarted)
    assert (billing.on, commitment.on) == (date(2027, 6, 1), date(2027, 6, 1))
    assert not billing.before_service


async def test_a_wish_that_is_put_off_while_it_is_waited_for_is_waited_for_again(
    world: World,
) -> None:
    orange_of(world, build_access=[done(visit=False)])
    line = await sites.site_opened(world, held=True, wished=date(2027, 6, 1))
    await world.until(line, "ServiceDayAwaited")

    later = await world.amend(line, day="2027-07-01")
    await world.until(line, "ServiceDayAwaited", times=2)
    sooner = await world.amend(line, day="2027-05-03")
    await world.until(line, "ServiceDayAwaited", times=3)
    await world.passes(line, days=150)
    await world.end_of(line)

    assert (later.taken, sooner.taken) == (True, True)
    days = [one.day for one in await all_of(world, line, ServiceDayAwaited)]
    assert days == [date(2027, 6, 1), date(2027, 7, 1), date(2027, 5, 3)]
    assert (await one_of(world, line, BillingStarted)).on == date(2027, 5, 3)


async def test_a_day_that_is_waited_for_is_waited_for_by_another_process_too(
    world: World,
) -> None:
    orange_of(world, build_access=[done(visit=False)])
    line = await sites.site_opened(world, held=True, wished=date(2027, 6, 1))
    await world.until(line, "ServiceDayAwaited")
    await world.handles[line].terminate("lost")

    await sites.site_started(world, line, attempt=1)
    await world.end_of(line)

    assert (await world.facts(line)).count("ServiceDayAwaited") == 1
    assert (await one_of(world, line, BillingStarted)).on == date(2027, 6, 1)


async def test_nobody_is_asked_about_another_line_before_the_day_it_is_wanted_on(
    world: World,
) -> None:
    orange_of(world, build_access=[done(visit=False)])
    line = await sites.site_opened(world, held=True, wished=date(2027, 6, 1), after=(2,))

    waits = await one_of(world, line, LinesAwaited)

    assert waits.until == paris("2027-06-01T00:00:00")


async def test_a_wish_that_has_passed_or_is_sooner_than_the_visit_changes_nothing(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world, wished=date(2027, 1, 11))
    await world.passes(line, days=12)

    await sites.comes_of_the_visit(world, line, sites.kept(reference))
    await world.end_of(line)

    assert "ServiceDayAwaited" not in await world.facts(line)


async def test_a_visit_before_a_later_wish_is_moved_where_no_contract_has_a_clause(
    world: World,
) -> None:
    orange = orange_of(world)
    line, _ = await booked_line(world)

    ruled = await world.amend(line, day="2027-02-15")

    assert ruled.taken, ruled.why
    await _comes_on(world, line, date(2027, 2, 15))
    asked = [one.not_before for one in orange.asked if one.step is OFFER]
    assert asked == [None, date(2027, 2, 15)]
    moved = await one_of(world, line, VisitMoved)
    assert moved.because.en.startswith("the customer asks for service on Monday 15 February 2027")


async def test_a_visit_is_moved_once_both_have_signed_where_that_is_asked_for(
    world: World,
) -> None:
    orange_of(world)
    line, _ = await booked_line(world, under=DATA)

    await world.amend(line, day="2027-02-15")
    await world.asks(line, "amendment-agreement")
    ruled = await world.decide(line, "agree", about="amendment-agreement")

    assert ruled.taken, ruled.why
    await _comes_on(world, line, date(2027, 2, 15))


async def _comes_on(world: World, line: LineId, day: date) -> None:
    """The first of the slots that are offered takes the place of the visit."""
    await world.asks(line, "visit-slots")
    ruled = await world.decide(line, "provide", about="visit-slots", given={"slot": "1"})
    assert ruled.taken, ruled.why
    await world.until(line, "VisitMoved")
    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert state.opening.visit is not None
    assert state.opening.visit.slot.day == day


async def test_slots_before_a_later_wish_are_offered_anew(world: World) -> None:
    orange = orange_of(world)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")

    await world.amend(line, day="2027-02-15")
    await world.until(line, "VisitsOffered", times=2)
    await world.asks(line, "visit-slots")

    state = await stands(world, line, AccessStage.BOOKING)
    assert {slot.day >= date(2027, 2, 15) for slot in state.opening.slots} == {True}
    assert len({one.key for one in orange.asked if one.step is OFFER}) == 2


# too often


async def test_a_box_found_full_after_two_absences_is_desaturated_by_itself(world: World) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world, under=DATA)
    for number in (2, 3):
        await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.CUSTOMER_ABSENT))
        await world.until(line, "VisitsOffered", times=number)
        reference = await sites.booked(world, line, slot="6")

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.BOX_FULL))
    await world.until(line, "VisitsOffered", times=4)

    assert Step.DESATURATE in orange.books.steps
    assert "field-failure" not in [one.code for one in await all_of(world, line, DecisionTaken)]


async def test_a_box_found_full_the_third_time_is_desaturated_once_a_person_says_so(
    world: World,
) -> None:
    orange = orange_of(
        world,
        build_access=[
            stopped(FieldFailure.WRONG_ROUTE),
            stopped(FieldFailure.NO_CONTINUITY),
            stopped(FieldFailure.BOX_FULL),
        ],
    )
    line = await sites.site_opened(world, held=True, under=DATA)
    await world.asks(line, "field-failure")
    assert Step.DESATURATE not in orange.books.steps

    ruled = await world.decide(line, "retry", about="field-failure")

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    *_, last = await all_of(world, line, WorksStopped)
    assert (last.after, last.usual) == (After.PERSON, After.DESATURATION)
    assert (await one_of(world, line, LeadFollowed)).after is After.DESATURATION
    assert orange.books.steps.count(Step.DESATURATE) == 1
    assert (await world.facts(line)).count("AccessReserved") == 1


# opened by telephone


async def test_a_rate_that_is_guaranteed_is_given_by_whoever_says_that_it_works(
    world: World,
) -> None:
    line = await _opened_by_hand(world)
    day = {"day": str(STORY.date())}

    by_hand: dict[str, Any] = {"about": "answer-by-hand"}
    unmeasured = await world.decide(line, "agree", given=day, **by_hand)
    speed = {**day, "speed": "990000/290000"}
    measured = await world.decide(line, "agree", given=speed, **by_hand)

    assert not unmeasured.taken
    assert unmeasured.why is not None
    assert "give what was measured" in unmeasured.why
    assert measured.taken, measured.why
    await world.end_of(line)
    tested = await one_of(world, line, Commissioned)
    assert tested.passed
    assert "002:2423" in tested.because.en


async def _opened_by_hand(world: World) -> LineId:
    """Eligible, studied, kept and built by telephone, with nobody to come."""
    world.by_hand.add("orange")
    line = await sites.site_opened(world, held=True, wanted=(Technology.DEDICATED_FIBRE,))
    speed = {"speed": "1000000/300000", "lead": "15"}
    for number, given in enumerate((speed, speed, {}, {}), start=1):
        await world.until(line, "OperatorAsked", times=number)
        await world.asks(line, "answer-by-hand")
        ruled = await world.decide(line, "agree", about="answer-by-hand", given=given)
        assert ruled.taken, ruled.why
    await world.until(line, "OperatorAsked", times=5)
    await world.asks(line, "answer-by-hand")
    return line
