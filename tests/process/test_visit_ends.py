"""Visits to a site, time skipped: what becomes of each, and what follows."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.access_facts import AccessEnded, AccessPrices, FeeOwed, Site
from domain.access_stages import AccessStage
from domain.access_told import SupplyWithdrawnTold
from domain.port_in_facts import Outcome, Step
from domain.works_facts import (
    FieldFailure,
    Half,
    Party,
    VisitBooked,
    VisitFailed,
    VisitKept,
    VisitLetGo,
    VisitMissed,
)
from domain.works_told import VisitMissedTold, VisitsOfferedTold
from tests.accesses import SIGNED_ON, site_terms, study
from tests.fakes.operators import Habit
from tests.fakes.works import slot_of
from tests.porting import STORY
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import another_place_kept, failed, kept, studies
from tests.process.visits import (
    BOOK,
    BUILD,
    OFFER,
    WEDNESDAY,
    all_of,
    booked_line,
    how_they_ended,
    one_of,
    orange_of,
    stands,
)

LETTER = {"document": "cancellation-letter", "on": str(SIGNED_ON)}
STEP_WORDS = {step: step.replace("-", "_") for step in Step}

# failed, missed, and nobody says


async def test_an_absent_customer_has_another_visit_booked_and_nothing_charged(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world)

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.CUSTOMER_ABSENT))

    lost = await one_of(world, line, VisitFailed)
    assert (lost.by, lost.owed) == (Party.CUSTOMER, ())
    assert "no price for a visit the customer missed" in lost.because.en
    assert await all_of(world, line, FeeOwed) == []
    again = await sites.booked(world, line, slot="6")
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_box_found_full_at_the_site_is_desaturated_and_kept_as_it_is(
    world: World,
) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world, under=("oksio", "data"))

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.BOX_FULL))
    await world.until(line, "VisitsOffered", times=2)

    assert orange.books.steps == [
        *(Step.CHECK_ELIGIBILITY, Step.RESERVE_ACCESS, BUILD, OFFER, BOOK),
        *(Step.DESATURATE, BUILD, OFFER),
    ]
    lost = await one_of(world, line, VisitFailed)
    assert lost.by is Party.OPERATOR
    assert (await world.facts(line)).count("AccessReserved") == 1


async def test_what_is_too_long_at_the_site_is_studied_before_works_begin_again(
    world: World,
) -> None:
    orange = orange_of(world, study_site=[studies(study(lead_days=60))])
    line, reference = await booked_line(world)

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.TOO_LONG))
    await world.until(line, "VisitsOffered", times=2)

    assert orange.books.steps[5:] == [Step.STUDY_SITE, BUILD, OFFER]


async def test_a_visit_to_a_site_that_was_not_ready_is_booked_anew_once_it_is(
    world: World,
) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world)

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.SITE_NOT_READY))
    await world.asks(line, "site-not-ready")
    assert orange.books.steps[-1] is BOOK
    ruled = await world.decide(line, "agree", given={"day": "2027-02-01"})

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert orange.asked[-1].not_before == date(2027, 2, 1)


async def test_a_reason_nobody_knows_is_a_persons_who_has_somebody_come_again(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.OTHER))
    await world.asks(line, "field-failure")

    ruled = await world.decide(line, "retry")

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")


async def test_a_visit_the_operator_missed_is_booked_anew_and_owes_nothing_no_clause_gives(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    at = STORY + timedelta(hours=1)

    await sites.comes_of_the_visit(
        world, line, VisitMissedTold(reference=reference, code="TECH-ILL", told_at=at)
    )

    lost = await one_of(world, line, VisitMissed)
    assert (lost.by, lost.code, lost.owed) == (Party.OPERATOR, "TECH-ILL", ())
    assert "no indemnity for a missed visit" in lost.because.en  # decision 38
    again = await sites.booked(world, line, slot="6")
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_nobody_reports_is_asked_about_and_was_kept(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")

    ruled = await world.decide(line, "agree")

    assert ruled.taken, ruled.why
    await world.end_of(line)
    assert (await one_of(world, line, VisitKept)).reference == reference
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_nobody_came_for_is_the_operators_and_another_is_booked(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")

    ruled = await world.decide(line, "refuse")

    assert ruled.taken, ruled.why
    lost = await one_of(world, line, VisitMissed)
    assert (lost.reference, lost.by, lost.code) == (reference, Party.OPERATOR, "by-hand")
    await world.asks(line, "visit-slots")


async def test_a_report_that_comes_after_all_overtakes_the_question(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")

    await sites.comes_of_the_visit(world, line, kept(reference))

    await world.end_of(line)
    assert "AttentionCleared" in await world.facts(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_whose_day_passes_while_another_is_asked_for_is_asked_about_too(
    world: World,
) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world)
    orange.habits[OFFER] = [Habit.IDLE]
    await world.decide(line, "postpone", about="visit", given={"day": "2027-03-01"})
    await world.until(line, "OperatorTook", times=6)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")

    ruled = await world.decide(line, "refuse", about="visit-unreported")

    assert ruled.taken, ruled.why
    assert (await one_of(world, line, VisitMissed)).reference == reference
    await sites.booked(world, line, slot="6")
    assert (await stands(world, line, AccessStage.AWAITING_VISIT)).attentions == ()


# an end while somebody is to come


async def test_a_cancellation_has_nobody_come_before_what_was_kept_is_given_back(
    world: World,
) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world)

    asked = await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.end_of(line)

    assert asked.taken, asked.why
    assert orange.books.steps[-2:] == [Step.CANCEL_VISIT, Step.RELEASE_ACCESS]
    assert [one.visit for one in orange.asked if one.step is Step.CANCEL_VISIT] == [reference]
    gone = await one_of(world, line, VisitLetGo)
    assert (gone.reference, gone.by) == (reference, Party.CUSTOMER)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended
    (over,) = await all_of(world, line, AccessEnded)
    assert [fee.head for fee in over.fees if fee.head == "installation"] == []


async def test_a_visit_cancelled_too_late_has_the_accepted_installation_invoiced(
    world: World,
) -> None:
    orange_of(world)
    prices = AccessPrices(
        access_fee=Decimal("150.00"),
        monthly=Decimal("49.90"),
        term_months=36,
        installation=Decimal("320.00"),
    )
    line, _ = await booked_line(world, prices=prices)
    await world.passes(line, days=10, hours=12)

    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.end_of(line)

    (over,) = await all_of(world, line, AccessEnded)
    late = [fee for fee in over.fees if fee.head == "installation"]
    assert [(fee.euros, "002:2540-2541" in fee.source) for fee in late] == [
        (Decimal("320.00"), True)
    ]


async def test_a_visit_kept_while_it_is_given_back_is_over_and_is_not_cancelled_once_more(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[Step.CANCEL_VISIT] = [Habit.IDLE]
    line, reference = await booked_line(world)
    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.until(line, "UndoingBegun")

    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)

    assert (await all_of(world, line, AccessEnded))[0].outcome is Outcome.CANCELLED
    assert orange.books.steps[-1] is Step.RELEASE_ACCESS
    assert "ServiceStarted" not in await world.facts(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_the_operator_will_not_cancel_is_let_go_without_its_word(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[Step.CANCEL_VISIT] = ["TOO-LATE"]
    line, _ = await booked_line(world)
    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.asks(line, "operator-refused")

    ruled = await world.decide(line, "skip")
    await world.end_of(line)

    assert ruled.taken, ruled.why
    facts = await world.facts(line)
    assert facts.index("VisitLetGo") < facts.index("StepGivenUp") < facts.index("LineReleased")
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_cancelled_by_an_operator_that_never_says_so_is_looked_up(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[Step.CANCEL_VISIT] = [Habit.MUTE]
    line, reference = await booked_line(world)
    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.until(line, "UndoingBegun")

    await world.passes(line, days=4)
    await world.end_of(line)

    assert (await one_of(world, line, VisitLetGo)).reference == reference
    assert set(orange.books.effects.values()) == {1}


async def test_amended_to_another_place_the_visit_is_cancelled_there_first(world: World) -> None:
    orange = orange_of(world)
    line, reference = await booked_line(world)
    place = await another_place_kept(world, line)

    ruled = await world.amend(line, correction=place)
    await world.until(line, "VisitsOffered", times=2)
    again = await sites.booked(world, line, **WEDNESDAY)

    assert ruled.taken, ruled.why
    assert orange.books.steps[5:] == [
        *(Step.CANCEL_VISIT, Step.RELEASE_ACCESS),
        *(Step.CHECK_ELIGIBILITY, Step.RESERVE_ACCESS, BUILD, OFFER, BOOK),
    ]
    where = [(one.step, one.commune, one.visit) for one in orange.asked]
    assert (Step.CANCEL_VISIT, "37203", reference) in where
    assert (BOOK, "37261", None) in where
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_visit_kept_while_another_place_is_prepared_leaves_one_to_cancel_there(
    world: World,
) -> None:
    """What was asked about the first is not what is asked about the second."""
    orange = orange_of(world)
    orange.habits[Step.CANCEL_VISIT] = [Habit.IDLE]
    line, first = await booked_line(world)
    await world.amend(line, correction=await another_place_kept(world, line))
    await world.until(line, "OperatorTook", times=6)
    await sites.comes_of_the_visit(world, line, kept(first))
    await world.until(line, "VisitsOffered", times=2)
    second = await sites.booked(world, line, **WEDNESDAY)

    await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    await world.decide(line, "provide", about="cancellation-paper", given=LETTER)
    await world.end_of(line)

    asked = [one.visit for one in orange.asked if one.step is Step.CANCEL_VISIT]
    assert asked == [first, second]
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_supply_withdrawn_takes_its_visit_with_it(world: World) -> None:
    orange_of(world)
    line, reference = await booked_line(world)
    gone = SupplyWithdrawnTold(code="END-OF-SALE", told_at=STORY + timedelta(hours=1))

    await sites.comes_of_the_visit(world, line, gone)
    await world.asks(line, "supply-withdrawn")
    await world.decide(line, "end")
    await world.end_of(line)

    let_go = await one_of(world, line, VisitLetGo)
    assert (let_go.reference, let_go.by) == (reference, Party.OPERATOR)
    assert "AccessEnded" in await world.facts(line)


# operators that do not answer, or twice


@pytest.mark.parametrize("step", [BUILD, OFFER, BOOK, Step.COMMISSION_ACCESS])
async def test_an_operator_silent_about_a_step_is_looked_up_then_a_person_has_it_asked_again(
    world: World, step: Step
) -> None:
    orange = orange_of(world, **{STEP_WORDS[step]: []})
    orange.habits[step] = [Habit.IDLE]
    line = await sites.site_opened(world)
    if step in {BOOK, Step.COMMISSION_ACCESS}:
        await world.asks(line, "visit-slots")
        await world.decide(line, "provide", about="visit-slots", given=WEDNESDAY)
    if step is Step.COMMISSION_ACCESS:
        booked = await one_of(world, line, VisitBooked)
        await sites.comes_of_the_visit(world, line, kept(booked.reference))
    await world.asks(line, "operator-silent")

    before = (await world.facts(line)).count("OperatorAsked")
    ruled = await world.decide(line, "retry", about="operator-silent")
    await world.until(line, "OperatorAsked", times=before + 1)

    assert ruled.taken, ruled.why
    assert orange.books.steps.count(step) == 1
    keys = {one.key for one in orange.asked if one.step is step}
    assert len(keys) == 1


@pytest.mark.parametrize("habit", [Habit.LOST_REPLY, Habit.MUTE])
async def test_answers_that_are_lost_on_the_way_are_looked_up_and_nothing_is_asked_twice(
    world: World, habit: Habit
) -> None:
    orange = orange_of(world)
    orange.habits = {step: [habit] for step in (BUILD, OFFER, BOOK, Step.COMMISSION_ACCESS)}
    line = await sites.site_opened(world)
    reference = await sites.booked(world, line, **WEDNESDAY)

    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)

    assert set(orange.books.effects.values()) == {1}
    assert (await all_of(world, line, AccessEnded))[0].outcome is Outcome.DELIVERED


async def test_answers_that_come_twice_are_taken_once(world: World) -> None:
    orange = orange_of(world)
    line, _ = await booked_line(world)
    twice = [orange.done[one.key] for one in orange.asked if one.step in {BUILD, OFFER, BOOK}]

    for answer in twice:
        await sites.comes_of_the_visit(world, line, answer)
    await world.until(line, "MessageSetAside", times=3)

    facts = await world.facts(line)
    assert [facts.count(one) for one in ("WorksFinished", "VisitsOffered", "VisitBooked")] == [
        *(1, 1, 1)
    ]
    await stands(world, line, AccessStage.AWAITING_VISIT)


# elsewhere


async def test_a_visit_in_la_reunion_is_counted_on_its_own_days_and_by_its_own_clock(
    world: World,
) -> None:
    """20 December, the abolition of slavery, is a holiday there and nowhere in mainland France
    (decision 2)."""
    tuesday = slot_of(date(2027, 12, 21), Half.MORNING)
    orange_of(world, offer_visits=[lambda one: VisitsOfferedTold(key=one.key, slots=(tuesday,))])
    there = Site(commune="97411", address=site_terms().site.address)
    line = await sites.site_opened(world, held=True, site=there)
    await sites.booked(world, line, slot="1")

    booked = await one_of(world, line, VisitBooked)

    reunion = ZoneInfo("Indian/Reunion")
    assert booked.remind_at == datetime(2027, 12, 17, 9, tzinfo=reunion)  # Monday is a holiday
    assert booked.report_by == datetime(2027, 12, 23, tzinfo=reunion)
    assert booked.free_until == datetime(2027, 12, 17, tzinfo=reunion)  # 002:2540
