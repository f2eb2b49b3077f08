"""Visits to a site, time skipped: in vain by a person's word, told otherwise by their operator, and
a booking that something overtakes."""

import pytest

from domain.access_facts import AccessEnded
from domain.access_stages import AccessStage
from domain.identity import LineId
from domain.port_in_facts import Outcome, Step
from domain.visit_facts import (
    CameOf,
    VisitEndCorrected,
    VisitEndSaid,
    VisitReportCompleted,
    VisitToldLate,
)
from domain.works_facts import (
    EquipmentMoved,
    FieldFailure,
    Party,
    VisitFailed,
    VisitKept,
    VisitLetGo,
    VisitMissed,
)
from domain.works_told import VisitMissedTold
from tests.fakes.accesses import FakeAccesses, Report
from tests.fakes.operators import Habit
from tests.porting import STORY
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import failed, kept
from tests.process.visits import (
    BOOK,
    BUILD,
    OFFER,
    all_of,
    booked_line,
    how_they_ended,
    one_of,
    orange_of,
    stands,
)


async def _unreported(world: World, **changes: object) -> tuple[LineId, str]:
    """The working day after it, and nobody has said anything."""
    line, reference = await booked_line(world, **changes)
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")
    return line, reference


async def _said(world: World, line: LineId, decision: str, **given: str) -> None:
    ruled = await world.decide(line, decision, about="visit-unreported", given=given)
    assert ruled.taken, ruled.why


# by a person's word


async def test_a_person_says_that_the_customer_was_absent_and_another_visit_is_booked(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await _unreported(world)

    unknown = await world.decide(line, "refuse", given={"failure": "away"})
    await _said(world, line, "refuse", failure="customer-absent")

    assert (unknown.why or "").startswith(
        "'away' is no failure; write one of box-full, box-not-found"
    )
    lost = await one_of(world, line, VisitFailed)
    assert (lost.reference, lost.by, lost.code) == (reference, Party.CUSTOMER, "by-hand")
    assert "no price for a visit the customer missed" in lost.because.en
    again = await sites.booked(world, line, slot="6")
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_box_a_person_says_was_full_is_desaturated_as_if_the_operator_had_said_so(
    world: World,
) -> None:
    orange = orange_of(world)
    line, _ = await _unreported(world, under=("oksio", "data"))

    await _said(world, line, "refuse", failure="box-full")
    await world.until(line, "VisitsOffered", times=2)

    assert orange.books.steps[5:] == [Step.DESATURATE, BUILD, OFFER]
    assert (await one_of(world, line, VisitFailed)).by is Party.OPERATOR


# told otherwise


async def test_a_visit_kept_after_a_person_said_nobody_came_is_opened_once_a_person_agrees(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await _unreported(world)
    await _said(world, line, "refuse")
    await world.asks(line, "visit-slots")

    await sites.comes_of_the_visit(world, line, kept(reference, "SN-7"))
    await world.asks(line, "visit-told-late")
    ruled = await world.decide(line, "agree", about="visit-told-late")
    await world.end_of(line)

    assert ruled.taken, ruled.why
    assert (await one_of(world, line, VisitToldLate)).source == "orange"
    corrected = await one_of(world, line, VisitEndCorrected)
    assert (corrected.was, isinstance(corrected.to, VisitKept)) == (CameOf.MISSED, True)
    assert [one.serial for one in await all_of(world, line, EquipmentMoved)] == ["SN-7"]
    assert (await all_of(world, line, AccessEnded))[0].outcome is Outcome.DELIVERED
    booked, ended = await how_they_ended(world, line)
    assert booked == ended == [reference]


async def test_what_a_person_said_stands_where_another_person_says_so(world: World) -> None:
    orange_of(world)
    line, reference = await _unreported(world)
    await _said(world, line, "refuse")
    await world.asks(line, "visit-slots")

    await sites.comes_of_the_visit(world, line, failed(reference, FieldFailure.NO_ACCESS))
    await world.asks(line, "visit-told-late")
    ruled = await world.decide(line, "refuse", about="visit-told-late")
    again = await sites.booked(world, line, slot="6")
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)

    assert ruled.taken, ruled.why
    assert await all_of(world, line, VisitEndCorrected) == []
    assert (await one_of(world, line, VisitMissed)).reference == reference
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_report_after_a_person_said_it_took_place_completes_what_is_known(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[Step.COMMISSION_ACCESS] = [Habit.IDLE]
    line, reference = await _unreported(world)
    await _said(world, line, "agree")
    await world.until(line, "OperatorTook", times=6)

    await sites.comes_of_the_visit(world, line, kept(reference, "SN-7"))

    completed = await one_of(world, line, VisitReportCompleted)
    assert completed.report.serials == ("SN-7",)
    assert (await one_of(world, line, EquipmentMoved)).serial == "SN-7"
    assert (await one_of(world, line, VisitEndSaid)).end is CameOf.KEPT
    assert (await stands(world, line, AccessStage.COMMISSIONING)).attentions == ()


async def test_an_access_in_service_is_not_closed_before_it_is_known_which_end_stands(
    world: World,
) -> None:
    orange = orange_of(world)
    orange.habits[Step.COMMISSION_ACCESS] = [Habit.MUTE]
    line, reference = await _unreported(world)
    await _said(world, line, "agree")
    await world.until(line, "OperatorTook", times=6)
    missed = VisitMissedTold(reference=reference, code="SICK", told_at=STORY)
    await sites.comes_of_the_visit(world, line, missed)
    await world.asks(line, "visit-told-late")
    (key,) = [one.key for one in orange.asked if one.step is Step.COMMISSION_ACCESS]

    await sites.comes_of_the_visit(world, line, orange.done[key])
    await world.until(line, "ServiceStarted")

    assert "AccessEnded" not in await world.facts(line)
    ruled = await world.decide(line, "agree", about="visit-told-late")
    assert ruled.taken, ruled.why
    await world.end_of(line)
    assert (await one_of(world, line, VisitEndCorrected)).was is CameOf.KEPT


# a booking that something overtakes


async def _moving(world: World, orange: FakeAccesses, habit: Habit) -> tuple[LineId, str]:
    """Another slot is being booked, and nothing is heard of it; the former visit stands."""
    line, first = await booked_line(world)
    orange.habits[BOOK] = [habit]
    ruled = await world.decide(line, "postpone", about="visit", given={"day": "2027-03-01"})
    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    ruled = await world.decide(line, "provide", about="visit-slots", given={"slot": "1"})
    assert ruled.taken, ruled.why
    await world.until(line, "OperatorAsked", times=7)
    return line, first


def _missed(reference: str) -> VisitMissedTold:
    return VisitMissedTold(reference=reference, code="SICK", told_at=STORY)


def _answer_of(orange: FakeAccesses) -> Report:
    return orange.done[[one.key for one in orange.asked if one.step is BOOK][-1]]


async def test_a_booking_on_its_way_answers_after_the_visit_it_moves_was_missed(
    world: World,
) -> None:
    orange = orange_of(world)
    line, first = await _moving(world, orange, Habit.MUTE)
    await world.until(line, "OperatorTook", times=7)

    await sites.comes_of_the_visit(world, line, _missed(first))
    await world.until(line, "VisitMissed")
    await sites.comes_of_the_visit(world, line, _answer_of(orange))
    await world.until(line, "VisitBooked", times=2)

    access = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert access.opening.visit is not None
    assert orange.books.steps.count(OFFER) == 2
    await sites.comes_of_the_visit(world, line, kept(access.opening.visit.reference))
    await world.end_of(line)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


@pytest.mark.parametrize("habit", [Habit.MUTE, Habit.LOST_REPLY])
async def test_a_booking_whose_answer_is_lost_is_looked_up_although_the_visit_it_moves_is_over(
    world: World, habit: Habit
) -> None:
    orange = orange_of(world)
    line, first = await _moving(world, orange, habit)

    await sites.comes_of_the_visit(world, line, _missed(first))
    await world.until(line, "VisitMissed")
    await world.passes(line, days=4)
    await world.until(line, "VisitBooked", times=2)

    assert (await stands(world, line, AccessStage.AWAITING_VISIT)).attentions == ()
    assert set(orange.books.effects.values()) == {1}


async def test_a_booking_that_a_study_overtakes_is_called_off_by_a_person(world: World) -> None:
    orange = orange_of(world)
    orange.habits[Step.STUDY_SITE] = [Habit.IDLE]
    line, first = await _moving(world, orange, Habit.MUTE)
    await world.until(line, "OperatorTook", times=7)

    await sites.comes_of_the_visit(world, line, failed(first, FieldFailure.TOO_LONG))
    await world.until(line, "VisitFailed")
    await sites.comes_of_the_visit(world, line, _answer_of(orange))
    await world.asks(line, "visit-unwanted")
    ruled = await world.decide(line, "agree", about="visit-unwanted")

    assert ruled.taken, ruled.why
    gone = await one_of(world, line, VisitLetGo)
    assert gone.by is Party.PROVIDER
    assert (await stands(world, line, AccessStage.STUDYING)).attentions == ()
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_a_booking_that_a_study_overtakes_is_cancelled_with_the_access(world: World) -> None:
    orange = orange_of(world)
    orange.habits[Step.STUDY_SITE] = [Habit.IDLE]
    line, first = await _moving(world, orange, Habit.MUTE)
    await world.until(line, "OperatorTook", times=7)
    await sites.comes_of_the_visit(world, line, failed(first, FieldFailure.TOO_LONG))
    await world.until(line, "VisitFailed")
    await sites.comes_of_the_visit(world, line, _answer_of(orange))
    await world.asks(line, "visit-unwanted")

    await sites.cancelled(world, line)

    cancelled = [one.visit for one in orange.asked if one.step is Step.CANCEL_VISIT]
    assert cancelled == [(await one_of(world, line, VisitLetGo)).reference]
    booked, ended = await how_they_ended(world, line)
    assert booked == ended
