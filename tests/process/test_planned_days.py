"""The planned day of a site, time skipped: put off, brought forward again; and whose doing it is
that service comes late."""

from datetime import date, timedelta

from domain.access_facts import DeliveryPlanned
from domain.access_stages import AccessStage
from domain.identity import LineId
from domain.port_in_facts import Step
from domain.works_facts import (
    FieldFailure,
    Half,
    LatenessJudged,
    Milestone,
    MilestonePassed,
    Party,
)
from domain.works_told import MilestoneTold, VisitMissedTold, VisitsOfferedTold
from tests.fakes.accesses import Make, Report, written
from tests.fakes.operators import Habit
from tests.fakes.works import slot_of
from tests.porting import STORY, paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import failed, kept
from tests.process.visits import BUILD, ORANGE, all_of, one_of, orange_of, stands


async def _says(world: World, line: LineId, report: Report, at: str) -> None:
    await world.mail.send(line, ORANGE, written(report), at=paris(at))


async def _passes(world: World, line: LineId, expected: date, why: str | None = None) -> None:
    key = [one.key for one in world.accesses[ORANGE].asked if one.step is BUILD][-1]
    at = STORY + timedelta(hours=1)
    told = MilestoneTold(
        key=key, milestone=Milestone.CIVIL_WORKS, passed_at=at, expected=expected, why=why
    )
    before = (await world.facts(line)).count("MilestonePassed")
    await world.mail.send(line, ORANGE, written(told), at=at)
    await world.until(line, "MilestonePassed", times=before + 1)


async def _begun(world: World) -> LineId:
    """Works that were asked for, taken, and are not over."""
    orange_of(world).habits[BUILD] = [Habit.IDLE]
    line = await sites.site_opened(world, held=True)
    await world.until(line, "OperatorTook", times=3)
    return line


async def test_what_a_milestone_put_off_comes_forward_again_to_the_day_it_was_planned_for(
    world: World,
) -> None:
    line = await _begun(world)

    await _passes(world, line, date(2027, 2, 18), why="FLOOD")
    await _passes(world, line, date(2027, 2, 3), why="CREW")
    await _passes(world, line, date(2027, 1, 20))

    plans = [one.plan for one in await all_of(world, line, DeliveryPlanned)]
    assert [plan.on for plan in plans] == [
        date(2027, 1, 29),
        date(2027, 2, 18),
        date(2027, 2, 3),
        date(2027, 1, 29),
    ]
    assert [plan.source for plan in plans] == ["OfferChosen", *["MilestonePassed"] * 3]
    assert [plan.said.en for plan in plans[1:]] == [
        "the end of the works, as the operator says",
        "the end of the works, sooner than the operator had said",
        "the works end sooner than the operator had said: the day of before stands again",
    ]
    assert [one.code for one in await all_of(world, line, MilestonePassed)] == [
        "FLOOD",
        "CREW",
        None,
    ]
    state = await stands(world, line, AccessStage.READY)
    assert (state.plan, state.promised_first) == (plans[-1], plans[0])
    assert state.asks[Step.BUILD_ACCESS].until >= paris("2027-02-20T00:00")


async def test_a_service_that_is_late_says_whose_days_these_are_and_that_nothing_is_owed(
    world: World,
) -> None:
    """Wished for the 12th; a visit on the 20th, where nobody was there, one on the 27th, which
    nobody came for, and one on the 29th."""
    days = (date(2027, 1, 20), date(2027, 1, 27), date(2027, 1, 29))
    orange_of(world, offer_visits=[_slots_on(day) for day in days])
    line = await sites.site_opened(world, held=True, wished=date(2027, 1, 12))

    first = await sites.booked(world, line)
    await world.passes(line, days=11, hours=9)
    absent = failed(first, FieldFailure.CUSTOMER_ABSENT, at="2027-01-20T08:30:00")
    await _says(world, line, absent, "2027-01-20T09:00:00")
    second = await sites.booked(world, line)
    await world.passes(line, days=7)
    missed = VisitMissedTold(reference=second, code="CREW", told_at=paris("2027-01-27T09:00:00"))
    await _says(world, line, missed, "2027-01-27T09:00:00")
    third = await sites.booked(world, line)
    await world.passes(line, days=2)
    await _says(world, line, kept(third), "2027-01-29T09:00:00")
    await world.end_of(line)

    late = await one_of(world, line, LatenessJudged)
    assert (late.planned, late.started, late.days) == (date(2027, 1, 12), date(2027, 1, 29), 17)
    assert [(one.by, one.days) for one in late.shares] == [
        (Party.CUSTOMER, 7),
        (Party.OPERATOR, 2),
        (None, 8),
    ]
    assert late.said[1].fr == (
        "17 jours de retard : 7 du fait du client, 2 du fait de l'opérateur, 8 du fait de personne "
        "en particulier (valeur par défaut)"
    )
    # « ne pourra en aucun cas être tenu … du non-respect » (002:2420-2421)
    assert late.owed == ()
    assert "002:2420-2421" in late.said[3].en


def _slots_on(day: date) -> Make:
    return lambda one: VisitsOfferedTold(
        key=one.key, slots=tuple(slot_of(day, half) for half in Half)
    )
