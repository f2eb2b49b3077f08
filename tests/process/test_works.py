"""The works up to a site, time skipped: milestones, their end, and what stops them."""

from datetime import date, timedelta
from typing import Any

from domain.access_facts import DeliveryPlanned, Technology, Verdict
from domain.access_stages import Access, AccessStage
from domain.attention import AttentionRaised
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Step
from domain.works_facts import (
    After,
    FieldFailure,
    Milestone,
    MilestonePassed,
    Party,
    SiteNotReady,
    WorksStopped,
)
from domain.works_told import MilestoneTold, WorksDoneTold
from tests.accesses import offer, study
from tests.fakes.accesses import FakeAccesses, written
from tests.fakes.operators import Habit
from tests.porting import STORY, paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import done, is_full, stopped, studies

ORANGE = HostNetwork.ORANGE
BUILD, RESERVE = Step.BUILD_ACCESS, Step.RESERVE_ACCESS
FIBRE: dict[str, Any] = {"wanted": (Technology.DEDICATED_FIBRE,)}


def _orange(world: World, **says: Any) -> FakeAccesses:  # noqa: ANN401
    orange = world.accesses[ORANGE]
    orange.offers = (offer(),)
    orange.says = {Step(step.replace("_", "-")): list(made) for step, made in says.items()}
    return orange


async def _at(world: World, line: LineId, stage: AccessStage) -> Access:
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.stage is stage
    return state


async def _stopped(world: World, line: LineId) -> WorksStopped:
    await world.until(line, "WorksStopped")
    (found,) = [e for e in await world.events(line) if isinstance(e, WorksStopped)]
    return found


async def _begun(world: World, *, held: bool = True, **changes: Any) -> LineId:  # noqa: ANN401
    """Works that were asked for, taken, and are not over."""
    orange = _orange(world)
    orange.habits[BUILD] = [Habit.IDLE]
    line = await sites.site_opened(world, held=held, **changes)
    await world.until(line, "OperatorTook", times=3)
    return line


def _key(world: World, step: Step = BUILD) -> str:
    return [one.key for one in world.accesses[ORANGE].asked if one.step is step][-1]


async def _passes(
    world: World, line: LineId, milestone: Milestone, expected: date | None = None, **more: str
) -> None:
    told = MilestoneTold(
        key=_key(world),
        milestone=milestone,
        passed_at=STORY + timedelta(hours=1),
        expected=expected,
        **more,
    )
    before = (await world.facts(line)).count("MilestonePassed")
    await world.mail.send(line, ORANGE, written(told), at=STORY + timedelta(hours=1))
    await world.until(line, "MilestonePassed", times=before + 1)


# milestones


async def test_a_milestone_that_names_a_later_end_extends_the_wait_and_plans_another_day(
    world: World,
) -> None:
    line = await _begun(world)
    usual = (await _at(world, line, AccessStage.READY)).asks[BUILD].until

    await _passes(world, line, Milestone.PERMITS_ASKED, date(2027, 5, 3), why="VOIRIE")

    (passed,) = [e for e in await world.events(line) if isinstance(e, MilestonePassed)]
    first, second = [e for e in await world.events(line) if isinstance(e, DeliveryPlanned)]
    state = await _at(world, line, AccessStage.READY)
    assert usual < passed.until == state.asks[BUILD].until == paris("2027-05-05T00:00:00")
    assert (first.plan.on, second.plan.on) == (date(2027, 1, 29), date(2027, 5, 3))
    assert second.plan.said.en == "the end of the works, as the operator says"
    assert passed.code == "VOIRIE"
    assert state.promised_first == first.plan


async def test_milestones_that_name_no_day_or_a_sooner_one_leave_wait_and_plan_as_they_are(
    world: World,
) -> None:
    line = await _begun(world)
    usual = (await _at(world, line, AccessStage.READY)).asks[BUILD].until

    await _passes(world, line, Milestone.PERMITS_GRANTED)
    await _passes(world, line, Milestone.CABLING, date(2027, 1, 20))

    state = await _at(world, line, AccessStage.READY)
    assert state.asks[BUILD].until == usual
    assert (await world.facts(line)).count("DeliveryPlanned") == 1
    assert state.opening.milestone is not None
    assert state.opening.milestone.milestone is Milestone.CABLING


async def test_works_that_outlast_what_a_milestone_said_are_looked_up_then_a_person_is_asked(
    world: World,
) -> None:
    line = await _begun(world)
    await _passes(world, line, Milestone.CIVIL_WORKS, date(2027, 5, 3))

    await world.passes(line, days=100)
    assert "AttentionRaised" not in await world.facts(line)
    await world.passes(line, days=20)
    await world.asks(line, "operator-silent")

    (asked,) = [e for e in await world.events(line) if isinstance(e, AttentionRaised)]
    assert asked.attention.detail == BUILD
    assert asked.attention.until > paris("2027-05-05T00:00:00")


async def test_a_milestone_after_the_operator_was_found_silent_overtakes_the_question(
    world: World,
) -> None:
    line = await _begun(world, held=False)
    await world.asks(line, "operator-silent")

    await _passes(world, line, Milestone.CABLING, date(2027, 12, 1))

    state = await _at(world, line, AccessStage.READY)
    assert state.attentions == ()


async def test_a_milestone_told_twice_or_after_the_end_of_the_works_is_set_aside(
    world: World,
) -> None:
    line = await _begun(world)
    await _passes(world, line, Milestone.CABLING)
    over = WorksDoneTold(key=_key(world), done_at=STORY + timedelta(hours=2), visit=True)
    late = MilestoneTold(
        key=_key(world), milestone=Milestone.CONNECTED, passed_at=STORY + timedelta(hours=2)
    )
    at = STORY + timedelta(hours=2)

    await world.mail.send(line, ORANGE, written(over), at=at)
    await world.asks(line, "visit-slots")
    await world.mail.send(line, ORANGE, written(over), at=at)
    await world.mail.send(line, ORANGE, written(late), at=at)
    await world.until(line, "MessageSetAside", times=2)

    facts = await world.facts(line)
    assert (facts.count("MilestonePassed"), facts.count("WorksFinished")) == (1, 1)


# their end


async def test_works_after_which_nobody_has_to_come_lead_to_the_tests_at_once(
    world: World,
) -> None:
    orange = _orange(world, build_access=[done(visit=False)])
    line = await sites.site_opened(world)

    await world.end_of(line)

    facts = await world.facts(line)
    assert not [one for one in facts if one.startswith("Visit")]
    assert orange.books.steps == [*(Step.CHECK_ELIGIBILITY, RESERVE, BUILD, Step.COMMISSION_ACCESS)]
    assert facts[-6:] == [
        *("Commissioned", "ServiceStarted", "BillingStarted", "CommitmentStarted"),
        *("LatenessJudged", "AccessEnded"),
    ]


# what stops them


async def test_works_stopped_for_an_absent_customer_have_somebody_come_by_appointment(
    world: World,
) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.CUSTOMER_ABSENT)])
    line = await sites.site_opened(world)

    found = await _stopped(world, line)
    await world.asks(line, "visit-slots")

    assert (found.after, found.by, found.code) == (After.VISIT, Party.CUSTOMER, "F1")
    assert orange.books.steps[-2:] == [BUILD, Step.OFFER_VISITS]


async def test_works_stopped_at_a_site_that_is_not_ready_wait_for_it_before_anybody_comes(
    world: World,
) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.SITE_NOT_READY)])
    line = await sites.site_opened(world)

    found = await _stopped(world, line)
    await world.asks(line, "site-not-ready")
    assert orange.books.steps[-1] is BUILD
    ruled = await world.decide(line, "agree")

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert (found.after, found.by) == (After.VISIT_ONCE_READY, Party.CUSTOMER)
    (late,) = [e for e in await world.events(line) if isinstance(e, SiteNotReady)]
    assert late.billed_from is None
    assert "SiteReady" in await world.facts(line)


async def test_a_box_found_full_is_desaturated_and_built_again_without_another_reservation(
    world: World,
) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.BOX_FULL)])
    line = await sites.site_opened(world, under=("oksio", "data"))

    found = await _stopped(world, line)
    await world.asks(line, "visit-slots")

    assert (found.after, found.by) == (After.DESATURATION, Party.OPERATOR)
    assert orange.books.steps == [
        *(Step.CHECK_ELIGIBILITY, RESERVE, BUILD, Step.DESATURATE, BUILD, Step.OFFER_VISITS)
    ]
    assert (await world.facts(line)).count("AccessReserved") == 1


async def test_a_box_full_where_the_contract_has_no_desaturation_of_it_is_a_persons(
    world: World,
) -> None:
    """Technicophone desaturates DSL and nothing else (002:2260): asked of every operator anew, what
    was kept is given back first."""
    orange = _orange(world, build_access=[stopped(FieldFailure.BOX_FULL)])
    line = await sites.site_opened(world)
    await world.asks(line, "not-desaturated")
    assert orange.books.steps[-1] is BUILD

    ruled = await world.decide(line, "retry")

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert orange.books.steps[3:] == [
        *(Step.RELEASE_ACCESS, Step.CHECK_ELIGIBILITY, RESERVE, BUILD, Step.OFFER_VISITS)
    ]


async def test_what_is_longer_than_can_be_connected_is_studied_then_built_again(
    world: World,
) -> None:
    orange = _orange(
        world,
        build_access=[stopped(FieldFailure.TOO_LONG)],
        study_site=[studies(study(lead_days=60))],
    )
    line = await sites.site_opened(world)

    found = await _stopped(world, line)
    await world.asks(line, "visit-slots")

    assert (found.after, found.by) == (After.STUDY, None)
    assert orange.books.steps[2:] == [BUILD, Step.STUDY_SITE, BUILD, Step.OFFER_VISITS]
    assert set(orange.books.effects.values()) == {1}


async def test_a_study_of_stopped_works_that_says_no_ends_refused_and_gives_the_pair_back(
    world: World,
) -> None:
    orange = _orange(
        world,
        build_access=[stopped(FieldFailure.TOO_LONG)],
        study_site=[studies(study(Verdict.NEGATIVE, code="GC"))],
    )
    line = await sites.site_opened(world)
    await world.asks(line, "study-refused")

    await world.decide(line, "end")
    await world.end_of(line)

    assert orange.books.steps[-1] is Step.RELEASE_ACCESS
    assert (await world.facts(line))[-1] == "AccessEnded"


async def test_a_route_that_is_not_the_one_in_the_field_is_looked_at_again_by_the_operator(
    world: World,
) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.WRONG_ROUTE)])
    line = await sites.site_opened(world)

    found = await _stopped(world, line)
    await world.asks(line, "visit-slots")

    assert (found.after, found.by) == (After.NETWORK_CHECK, Party.OPERATOR)
    assert orange.books.steps[2:] == [BUILD, BUILD, Step.OFFER_VISITS]
    assert set(orange.books.effects.values()) == {1}


async def test_a_permission_that_is_missing_is_a_persons_who_has_the_works_done_again(
    world: World,
) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.NO_PERMIT, "ABF")])
    line = await sites.site_opened(world)
    found = await _stopped(world, line)
    await world.asks(line, "field-failure")
    assert orange.books.steps[-1] is BUILD

    ruled = await world.decide(line, "retry")

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert (found.after, found.by, found.code) == (After.PERSON, None, "ABF")
    assert orange.books.steps[2:] == [BUILD, BUILD, Step.OFFER_VISITS]


async def test_works_that_nobody_can_do_end_refused_and_give_the_pair_back(world: World) -> None:
    orange = _orange(world, build_access=[stopped(FieldFailure.OTHER, "???")])
    line = await sites.site_opened(world)
    await world.asks(line, "field-failure")

    await world.decide(line, "end")
    await world.end_of(line)

    assert orange.books.steps[-1] is Step.RELEASE_ACCESS
    facts = await world.facts(line)
    assert facts[-2:] == ["LineReleased", "AccessEnded"]


async def test_dedicated_fibre_whose_site_is_not_described_is_billed_from_the_first_day_planned(
    world: World,
) -> None:
    orange = _orange(
        world,
        study_site=[studies(study(lead_days=20))],
        build_access=[stopped(FieldFailure.SITE_NOT_READY)],
    )
    orange.offers = (offer(technology=Technology.DEDICATED_FIBRE, study=True),)
    line = await sites.site_opened(world, **FIBRE)

    await world.asks(line, "site-not-ready")

    (late,) = [e for e in await world.events(line) if isinstance(e, SiteNotReady)]
    first = next(e for e in await world.events(line) if isinstance(e, DeliveryPlanned))
    assert late.missing == ("premises-description",)
    assert late.billed_from == first.plan.on  # 002:2353-2355
    assert late.source is not None
    assert "002:2353-2355" in late.source


# operators that do not answer, or twice


async def test_works_whose_reply_was_lost_are_looked_up_and_asked_for_once(world: World) -> None:
    orange = _orange(world)
    orange.habits[BUILD] = [Habit.LOST_REPLY]
    line = await sites.site_opened(world)

    await world.asks(line, "visit-slots")

    assert set(orange.books.effects.values()) == {1}
    assert orange.books.steps.count(BUILD) == 1


async def test_a_saturation_said_of_works_is_not_one_of_the_reservation(world: World) -> None:
    """An answer to another question is set aside: what was reserved stays ours."""
    orange = _orange(world, build_access=[is_full()])
    line = await sites.site_opened(world, held=True)

    await world.until(line, "MessageSetAside")

    assert orange.books.steps == [Step.CHECK_ELIGIBILITY, RESERVE, BUILD]
    state = await _at(world, line, AccessStage.READY)
    assert state.reserved is not None
