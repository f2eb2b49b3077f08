"""The opening of an access, time skipped: tests, what starts by them, acceptance; and all of it by
telephone."""

from datetime import date
from typing import Any

from domain.access_facts import AccessEnded, ServiceStarted, Technology
from domain.access_stages import AccessStage
from domain.attention import AttentionRaised
from domain.contract_values import FlagValue
from domain.identity import LineId
from domain.port_in_facts import Outcome, Step
from domain.works_facts import (
    AcceptanceAsked,
    BillingStarted,
    Commissioned,
    CommitmentStarted,
    FieldFailure,
    LatenessJudged,
    Party,
    ReservesLifted,
    ServiceAccepted,
    Test,
    VisitBooked,
    VisitMissed,
    VisitMoved,
    WorksFinished,
    WorksStopped,
)
from tests.access_contracts import internet, ordered_with
from tests.accesses import offer, study
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import kept, measured, stopped, studies
from tests.process.visits import (
    BUILD,
    OFFER,
    ORANGE,
    WEDNESDAY,
    all_of,
    booked_line,
    how_they_ended,
    one_of,
    orange_of,
    stands,
)

OPEN = Step.COMMISSION_ACCESS
BY_HAND = "answer-by-hand"


async def _visited(world: World, **changes: Any) -> LineId:  # noqa: ANN401
    """The technician has come, and nobody has tested yet; time waits."""
    line, reference = await booked_line(world, **changes)
    await sites.comes_of_the_visit(world, line, kept(reference))
    return line


# tests


async def test_tests_that_passed_start_service_billing_and_commitment_each_by_its_clause(
    world: World,
) -> None:
    orange_of(world)
    line = await _visited(world)

    await world.end_of(line)

    day = date(2027, 1, 9)
    billing = await one_of(world, line, BillingStarted)
    committed = await one_of(world, line, CommitmentStarted)
    late = await one_of(world, line, LatenessJudged)
    assert (billing.on, billing.before_service) == (day, False)
    assert (committed.on, committed.until) == (day, date(2030, 1, 9))  # 002:2678-2680
    assert (late.planned, late.started, late.days, late.owed) == (date(2027, 1, 29), day, 0, ())
    (over,) = await all_of(world, line, AccessEnded)
    assert over.outcome is Outcome.DELIVERED
    assert await all_of(world, line, AcceptanceAsked) == []


async def test_tests_that_failed_are_made_again_under_another_key(world: World) -> None:
    orange = orange_of(world, commission_access=[measured(Test.SYNCHRONISATION)])
    line = await _visited(world)
    await world.asks(line, "tests-failed")
    assert "ServiceStarted" not in await world.facts(line)

    ruled = await world.decide(line, "retry")
    await world.end_of(line)

    assert ruled.taken, ruled.why
    first, second = await all_of(world, line, Commissioned)
    assert (first.passed, second.passed) == (False, True)
    assert "failed: synchronisation" in first.because.en
    assert len({one.key for one in orange.asked if one.step is OPEN}) == 2


async def test_tests_that_failed_may_have_a_technician_come_once_more(world: World) -> None:
    orange = orange_of(world, commission_access=[measured(Test.CALL_IN)])
    line = await _visited(world)
    await world.asks(line, "tests-failed")

    ruled = await world.decide(line, "postpone", given={"day": "2027-02-01"})
    again = await sites.booked(world, line, slot="1")
    await sites.comes_of_the_visit(world, line, kept(again))
    await world.end_of(line)

    assert ruled.taken, ruled.why
    assert [one.not_before for one in orange.asked if one.step is OFFER] == [
        *(None, date(2027, 2, 1))
    ]
    assert orange.books.steps.count(BUILD) == 1
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_tests_that_nobody_can_have_pass_end_it_and_give_the_pair_back(
    world: World,
) -> None:
    orange = orange_of(world, commission_access=[measured(Test.SYNCHRONISATION)])
    line = await _visited(world)
    await world.asks(line, "tests-failed")

    await world.decide(line, "end")
    await world.end_of(line)

    assert orange.books.steps[-1] is Step.RELEASE_ACCESS
    (over,) = await all_of(world, line, AccessEnded)
    assert (over.outcome, over.service_started_at) == (Outcome.REFUSED, None)


async def test_a_rate_that_is_not_guaranteed_holds_no_start_up(world: World) -> None:
    orange_of(world, commission_access=[measured(Test.THROUGHPUT_DOWN, Test.LOSS)])
    line = await _visited(world)

    await world.end_of(line)

    assert (await one_of(world, line, Commissioned)).passed


async def test_dedicated_fibre_whose_site_was_not_ready_is_billed_before_its_service_by_the_clause(
    world: World,
) -> None:
    orange = orange_of(
        world,
        study_site=[studies(study(lead_days=5))],
        build_access=[stopped(FieldFailure.SITE_NOT_READY)],
    )
    fibre = Technology.DEDICATED_FIBRE
    orange.offers = (offer(technology=fibre, study=True, down_kbps=100_000, up_kbps=100_000),)
    line = await sites.site_opened(world, held=True, wanted=(fibre,))
    await world.asks(line, "site-not-ready")
    await world.decide(line, "agree", about="site-not-ready")
    reference = await sites.booked(world, line, **WEDNESDAY)
    await world.passes(line, days=11)
    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)

    billing = await one_of(world, line, BillingStarted)
    started = await one_of(world, line, ServiceStarted)
    assert billing.before_service
    assert billing.on < started.started_at.date()
    assert "002:2353-2355" in billing.source


async def test_an_access_that_starts_after_the_day_first_said_is_late_and_owes_what_a_clause_says(
    world: World,
) -> None:
    orange_of(world)
    line, reference = await booked_line(world, wished=date(2027, 1, 18))
    await world.passes(line, days=11)

    await sites.comes_of_the_visit(world, line, kept(reference))
    await world.end_of(line)

    late = await one_of(world, line, LatenessJudged)
    assert (late.planned, late.days, late.owed) == (date(2027, 1, 18), 2, ())
    assert "002:2420-2421" in " ".join(one.en for one in late.said)


# acceptance: no contract asks for it, so an order form does


async def test_where_the_order_form_asks_for_acceptance_nothing_that_starts_waits_for_it(
    world: World,
) -> None:
    orange_of(world)
    line = await _accepted_by_form(world)
    await world.asks(line, "acceptance")
    facts = await world.facts(line)
    assert {"ServiceStarted", "BillingStarted", "CommitmentStarted"} <= set(facts)

    ruled = await world.decide(line, "agree")
    await world.end_of(line)

    assert ruled.taken, ruled.why
    accepted = await one_of(world, line, ServiceAccepted)
    assert (accepted.by, accepted.with_reserves) == ("a colleague", False)


async def test_a_service_accepted_with_reserves_ends_once_they_are_lifted(world: World) -> None:
    orange_of(world)
    line = await _accepted_by_form(world)
    await world.asks(line, "acceptance")

    await world.decide(line, "refuse", reason="the socket is loose")
    await world.asks(line, "acceptance-reserves")
    (*_, asked) = await all_of(world, line, AttentionRaised)
    await world.decide(line, "agree")
    await world.end_of(line)

    assert (await one_of(world, line, ServiceAccepted)).with_reserves
    assert "the socket is loose" in asked.attention.what.en
    assert (await one_of(world, line, ReservesLifted)).by == "a colleague"


async def test_an_acceptance_left_without_an_answer_ends_without_one(world: World) -> None:
    orange_of(world)
    line = await _accepted_by_form(world)
    await world.asks(line, "acceptance")

    await world.decide(line, "skip")
    await world.end_of(line)

    assert await all_of(world, line, ServiceAccepted) == []


async def _accepted_by_form(world: World) -> LineId:
    pin = ordered_with(internet(), acceptance_by__customer=FlagValue(value=True)).pin
    return await _visited(world, pin=pin)


# by telephone


async def _answered(world: World, line: LineId, decision: str, **given: str) -> None:
    await world.asks(line, BY_HAND)
    ruled = await world.decide(line, decision, about=BY_HAND, given=given)
    assert ruled.taken, ruled.why


async def _by_hand(world: World) -> LineId:
    """To its works, which a person is asked to have done by telephone."""
    del world.accesses[ORANGE]
    line = await sites.site_opened(world, held=True)
    await _answered(world, line, "agree", speed="100000/20000", lead="15")
    await _answered(world, line, "agree")
    await world.until(line, "OperatorAsked", times=3)
    await world.asks(line, BY_HAND)
    return line


async def test_works_a_visit_and_an_opening_by_telephone_lead_into_service(
    world: World,
) -> None:
    line = await _by_hand(world)
    half_a_slot = await world.decide(line, "agree", about=BY_HAND, given={"day": "2027-01-20"})
    await _answered(world, line, "agree", day="2027-01-20", half="morning")
    await world.passes(line, days=13, hours=1)
    await world.decide(line, "agree", about="visit-unreported")
    await world.asks(line, BY_HAND)
    no_day = await world.decide(line, "agree", about=BY_HAND)
    too_soon = await world.decide(line, "agree", about=BY_HAND, given={"day": "2027-05-01"})
    await _answered(world, line, "agree", day="2027-01-20")
    await world.end_of(line)

    assert half_a_slot.why is not None
    assert "half=morning or afternoon" in half_a_slot.why
    assert no_day.why == "say the day service started: give day=2027-01-20"
    assert too_soon.why == "that day has not come yet: say so when it works"
    visit = await one_of(world, line, VisitBooked)
    assert (visit.reference, visit.slot.day) == ("by-hand/2027-01-20/morning", date(2027, 1, 20))
    assert (await one_of(world, line, BillingStarted)).on == date(2027, 1, 20)
    booked, ended = await how_they_ended(world, line)
    assert booked == ended


async def test_works_by_telephone_after_which_nobody_has_to_come_lead_to_the_opening(
    world: World,
) -> None:
    line = await _by_hand(world)

    await _answered(world, line, "agree")
    await _answered(world, line, "agree", day="2027-01-09")
    await world.end_of(line)

    assert not (await one_of(world, line, WorksFinished)).visit
    assert (await all_of(world, line, AccessEnded))[0].outcome is Outcome.DELIVERED


async def test_another_day_by_telephone_takes_the_place_of_the_one_before(world: World) -> None:
    line = await _by_hand(world)
    await _answered(world, line, "agree", day="2027-01-20", half="morning")
    await world.until(line, "VisitBooked")

    await world.decide(line, "postpone", about="visit")
    await _answered(world, line, "agree", day="2027-01-27", half="afternoon")

    moved = await one_of(world, line, VisitMoved)
    assert (moved.reference, moved.to.reference, moved.by) == (
        *("by-hand/2027-01-20/morning", "by-hand/2027-01-27/afternoon", Party.CUSTOMER),
    )
    state = await stands(world, line, AccessStage.AWAITING_VISIT)
    assert state.opening.visit == moved.to


async def test_what_an_operator_refuses_by_telephone_is_a_persons_question_too(
    world: World,
) -> None:
    line = await _by_hand(world)

    await _answered(world, line, "refuse")
    await world.asks(line, "field-failure")
    await world.decide(line, "retry", about="field-failure")
    await world.until(line, "OperatorAsked", times=4)
    await _answered(world, line, "agree")
    await world.until(line, "OperatorAsked", times=5)
    await _answered(world, line, "refuse")
    await world.asks(line, "tests-failed")
    await world.decide(line, "postpone", about="tests-failed")
    await world.until(line, "OperatorAsked", times=6)
    await _answered(world, line, "refuse")
    await world.asks(line, "no-visit-slots")

    stop = await one_of(world, line, WorksStopped)
    assert (stop.code, stop.by) == ("by-hand", None)
    assert not (await one_of(world, line, Commissioned)).passed


async def test_nobody_came_for_a_visit_agreed_on_by_telephone(world: World) -> None:
    line = await _by_hand(world)
    await _answered(world, line, "agree", day="2027-01-20", half="morning")
    await world.passes(line, days=13, hours=1)
    await world.asks(line, "visit-unreported")

    await world.decide(line, "refuse", about="visit-unreported")
    await _answered(world, line, "agree", day="2027-01-27", half="morning")

    assert (await one_of(world, line, VisitMissed)).by is Party.OPERATOR
    booked, ended = await how_they_ended(world, line)
    assert set(booked) - set(ended) == {"by-hand/2027-01-27/morning"}
