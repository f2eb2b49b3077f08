"""When a site is expected to be in service, and what holds it: literal days, each with its reason.

The story begins on Saturday 9 January 2027 at 0:00 in Paris. Technicophone works from 8:30 to
17:30, nine hours a jour ouvré; fifteen jours ouvrés from that day end on Friday 29.
"""

from datetime import date, datetime, timedelta

import pytest

from domain import access_commands as told
from domain.access_facts import DeliveryPlanned, Plan, SaturationMode, Technology, Use
from domain.access_outlook import (
    AccessCourse,
    Passed,
    course_of,
    course_of_closed,
    outlook_of,
    whose_time,
)
from domain.access_stages import Access, AccessStage, AccessState, Closed
from domain.access_states import evolve
from domain.attention import PolicyRow, Turn
from domain.failure_policy import Treatment
from domain.orders import LineKind
from domain.outlooks import Cause, Outlook, Verdict, Waits
from domain.port_in_facts import Gate, GateKind, Step
from domain.stage_times import StageKey, StageTimes, UsualTimes
from tests import accesses as of
from tests.accesses import BOTH, ORANGE, SAID
from tests.porting import ORDER_ID, RULES, STORY, paris

WISH = date(2027, 1, 20)
PLANNED = date(2027, 1, 29)
LATER = STORY + timedelta(days=30)
TO_SERVICE = ["ready-for-works", "booking-visit", "awaiting-visit", "commissioning"]
"""Five days, two, five and one: thirteen jours ouvrés, of ours."""
NOTHING_MEASURED = UsualTimes()
ROW = PolicyRow(policy="orange", version=1, name="down", since=date(2026, 1, 1))


def planned(state: AccessState, on: date = PLANNED) -> Access:
    plan = Plan(on=on, said=SAID, source="OfferChosen", binds=False)
    after = evolve(state, DeliveryPlanned(plan=plan))
    assert isinstance(after, Access)
    return after


def course(state: AccessState, since: datetime = STORY) -> AccessCourse:
    assert isinstance(state, Access)
    return course_of(state, Passed(since=since, planned_at=STORY, held_at=STORY))


def outlook(
    state: AccessState,
    at: str | None = None,
    *,
    since: datetime = STORY,
    times: UsualTimes = NOTHING_MEASURED,
) -> Outlook:
    one = course(state, since)
    now = STORY if at is None else paris(at)
    return outlook_of(one, RULES.contract(one.pin), times, now, explained=True)


def cause(found: Outlook) -> tuple[str, Waits, str]:
    assert isinstance(found.cause, Cause)
    return found.cause.code, found.cause.waits_for, found.cause.whom


def took(hours: int, *, stage: AccessStage, lines: int = 20) -> UsualTimes:
    key = whose_time(stage, provider="technicophone", host=ORANGE, technology=Technology.FTTH)
    return UsualTimes(measured={key.name: StageTimes(key=key, hours=(hours,) * lines)})


def test_nothing_is_late_before_a_day_is_wished_or_planned() -> None:
    found = outlook(of.checking())

    assert (found.verdict, found.expected_on) == (Verdict.NOTHING_PROMISED, None)


def test_what_is_left_is_added_up_and_the_planned_day_stands() -> None:
    """Kept by Monday 11 at 17:30; five days of works, ours, until Monday 18; two for a slot, five
    until it comes, one for its tests: Thursday 28."""
    found = outlook(planned(of.reserving()))

    assert (found.verdict, found.expected_on) == (Verdict.SAFE, PLANNED)
    kept, works, slot, visit, tests = found.left
    assert (kept.stage, kept.ends_at) == ("reserving", paris("2027-01-11T17:30"))
    assert (works.stage, works.ends_at) == ("ready-for-works", paris("2027-01-18T17:30"))
    assert (slot.stage, slot.ends_at) == ("booking-visit", paris("2027-01-20T17:30"))
    assert (visit.stage, visit.ends_at) == ("awaiting-visit", paris("2027-01-27T17:30"))
    assert (tests.stage, tests.ends_at) == ("commissioning", paris("2027-01-28T17:30"))
    assert "a default of ours (fewer than 20 lines measured)" in works.said.en
    assert "valeur de la maison" in works.said.fr
    assert works.explanation is not None
    assert works.explanation.hours_source is not None


def test_a_site_from_its_first_stage_goes_through_each_that_takes_time() -> None:
    """Nothing is missing or cut: a day to ask, a day to keep, thirteen to service; Friday 29."""
    found = outlook(of.opened(wished=PLANNED))

    assert [one.stage for one in found.left] == [
        "claiming-site",
        "checking-eligibility",
        "reserving",
        *TO_SERVICE,
    ]
    assert found.left[-1].ends_at == paris("2027-01-29T17:30")
    assert (found.verdict, found.expected_on) == (Verdict.SAFE, PLANNED)


def test_papers_are_the_customers_and_a_term_is_waited_for() -> None:
    """Forty-five hours for papers, Friday 15; the term ends on Monday 8 February; then a day to ask
    and one to keep, and thirteen to service: Friday 26 February."""
    paper = Gate(kind=GateKind.MANDATE, needs=("m",), until=LATER, said=SAID, source="002:2229")
    term = Gate(kind=GateKind.WITHDRAWAL, until=LATER, said=SAID, source="002:749")
    found = outlook(of.checking(gates=(paper, term), wished=WISH))

    papers, opens, *_ = found.left
    assert (papers.ends_at, opens.ends_at) == (paris("2027-01-15T17:30"), LATER)
    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, date(2027, 2, 26))
    assert cause(found) == ("gates", Waits.CUSTOMER, "")


def test_an_offer_that_takes_longer_than_was_wished_is_planned_later() -> None:
    found = outlook(planned(of.reserving(wished=WISH)))

    assert (found.verdict, found.expected_on, found.days_late) == (Verdict.AT_RISK, PLANNED, 9)
    assert cause(found)[:2] == ("planned-later", Waits.HOST)


def test_an_operator_that_does_not_answer_in_time_holds_it() -> None:
    """Asked on Saturday for Monday; on Thursday 28 five days of works are still to come."""
    found = outlook(planned(of.reserving()), "2027-01-28T12:00")

    assert found.verdict is Verdict.AT_RISK
    assert cause(found) == ("overdue", Waits.HOST, "orange")
    late = outlook(planned(of.reserving()), "2027-02-01T12:00")
    assert late.verdict is Verdict.LATE


def test_what_is_cut_waits_for_the_customer_for_as_long_as_it_is_asked() -> None:
    """Asked until Monday 11 at 0:00; then a day to keep it and thirteen to service: Thursday
    28."""
    state = of.when(of.agreeing(uses=(Use.TELEPHONE,)), of.cuts())
    found = outlook(planned(state, date(2027, 1, 15)))

    asked, kept, *_ = found.left
    assert (asked.stage, kept.stage) == ("decision: cuts", "reserving")
    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, date(2027, 1, 28))
    assert cause(found) == ("cuts", Waits.CUSTOMER, "")


def test_consent_that_is_not_asked_for_yet_takes_five_days() -> None:
    found = outlook(planned(of.agreeing(uses=(Use.TELEPHONE,))))

    assert [one.stage for one in found.left] == ["agreeing-cuts", "reserving", *TO_SERVICE]
    assert found.left[0].ends_at == paris("2027-01-15T17:30")


def test_a_study_takes_ten_days_before_anything_is_planned() -> None:
    """Chosen and not planned: a study says when. Ten days until Friday 22, then as ever."""
    found = outlook(of.agreeing(wished=WISH))

    assert [one.stage for one in found.left] == ["studying-site", "reserving", *TO_SERVICE]
    assert found.left[0].ends_at == paris("2027-01-22T17:30")
    assert cause(found) == ("too-little-time", Waits.US, "")
    under_way = outlook(of.studying(wished=WISH))
    assert cause(under_way) == ("too-little-time", Waits.HOST, "orange")


def test_a_quote_is_the_customers_and_its_works_come_after() -> None:
    """Ten days to answer, Tuesday 19 January at 0:00; kept that day, in service on Friday
    5 February."""
    found = outlook(planned(of.quoted(), date(2027, 1, 20)))

    assert [one.stage for one in found.left] == [
        "decision: quote",
        "reserving",
        *TO_SERVICE,
    ]
    assert (found.expected_on, cause(found)) == (
        date(2027, 2, 5),
        ("quote", Waits.CUSTOMER, ""),
    )


def test_a_quote_for_a_desaturation_is_followed_by_the_desaturation() -> None:
    settled = of.settled_saturation(SaturationMode.EXCEPTIONAL, quote=of.QUOTE_TERMS)
    state = of.reserving()
    state = of.when(state, of.saturated(state, settled, of.QUOTE))

    found = outlook(planned(state))

    assert [one.stage for one in found.left][:2] == ["decision: quote", "desaturating"]


def test_a_saturation_lasts_as_long_as_its_contract_estimates() -> None:
    """Until the end of Saturday 20 February; kept on Monday 22, in service on Thursday 11 March."""
    found = outlook(planned(of.desaturating(estimate=date(2027, 2, 20))))

    first, *_ = found.left
    assert "the contract's estimate" in first.said.en
    assert first.ends_at == paris("2027-02-21T00:00")
    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, date(2027, 3, 11))


def test_a_saturation_without_an_estimate_takes_six_weeks_of_ours_and_is_the_operators() -> None:
    """Thirty jours ouvrés from Saturday 9 January: Friday 19 February."""
    found = outlook(planned(of.desaturating()))

    assert found.left[0].ends_at == paris("2027-02-19T17:30")
    assert cause(found) == ("too-little-time", Waits.HOST, "orange")


def test_works_are_the_operators_and_last_as_long_as_they_did_for_others() -> None:
    """Twenty sites took a hundred and fifty hours: until Tuesday 2 February at 14:30, and eight
    days more until it works."""
    state = planned(of.ready())

    assert outlook(state).verdict is Verdict.SAFE
    found = outlook(state, times=took(150, stage=AccessStage.READY))

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, date(2027, 2, 12))
    assert cause(found) == ("too-little-time", Waits.HOST, "orange")
    assert "at most for 80 % of the last 20 lines" in found.left[0].said.en
    other = whose_time(
        AccessStage.READY, provider="technicophone", host=ORANGE, technology=Technology.SDSL
    )
    of_another = UsualTimes(measured={other.name: StageTimes(key=other, hours=(150,) * 20)})
    assert outlook(state, times=of_another).verdict is Verdict.SAFE


def test_a_suspension_on_request_is_the_customers_until_its_day() -> None:
    """Until Monday 8 February at 0:00, then as ever."""
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=LATER)
    found = outlook(of.when(planned(of.reserving()), hold))

    assert found.left[0].ends_at == LATER
    assert "suspended on request, taken up" in found.left[0].said.en
    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, date(2027, 2, 25))
    assert cause(found) == ("held", Waits.CUSTOMER, "")
    assert found.cause is not None
    assert "suspended on request" in found.cause.said.en


def test_an_operator_without_an_interface_is_a_persons_to_ask() -> None:
    """The answer ends the stage: nothing more of it is left."""
    state = of.when(planned(of.reserving()), told.HearNobody(**BOTH, step=Step.RESERVE_ACCESS))

    found = outlook(state, "2027-02-01T12:00")

    assert [one.stage for one in found.left] == ["decision: answer-by-hand", *TO_SERVICE]
    assert cause(found) == ("answer-by-hand", Waits.PERSON, "orange")


def test_a_site_another_order_has_is_about_no_operator() -> None:
    taken = told.NoteSiteTaken(**BOTH, order_id=ORDER_ID)
    found = outlook(of.when(of.opened(wished=date(2027, 1, 11)), taken))

    assert cause(found) == ("site-taken", Waits.PERSON, "")


def test_a_next_try_is_waited_for() -> None:
    again = Treatment(row=ROW, queue="operations", owner=Turn.OPERATIONS, at_most=3, retry_at=LATER)
    refused = told.HearRefused(**BOTH, step=Step.RESERVE_ACCESS, code="DOWN", treatment=again)
    found = outlook(of.when(planned(of.reserving()), refused))

    assert found.left[0].ends_at == LATER
    assert "tried again" in found.left[0].said.en


@pytest.mark.parametrize(
    ("began", "verdict", "late"),
    [("2027-01-29T09:00", Verdict.KEPT, 0), ("2027-02-01T09:00", Verdict.DELIVERED_LATE, 3)],
)
def test_a_site_in_service_has_kept_its_promise_or_not(
    began: str, verdict: Verdict, late: int
) -> None:
    state = of.in_service(planned(of.ready()), paris(began))
    over = of.when(state, told.EndAccess(**BOTH))

    assert isinstance(over, Closed)
    closed = course_of_closed(over, STORY)
    assert closed is not None
    kept = outlook_of(closed, RULES.contract(closed.pin), NOTHING_MEASURED, LATER)
    for found in (outlook(state), kept):
        assert (found.verdict, found.days_late) == (verdict, late)


def test_what_ended_without_what_was_promised_has_no_course() -> None:
    ended = of.when(planned(of.heard(of.checking())), of.chosen(None), told.EndAccess(**BOTH))
    nothing = of.when(of.in_service(), told.EndAccess(**BOTH))

    for over in (ended, nothing):
        assert isinstance(over, Closed)
        assert course_of_closed(over, STORY) is None


def test_a_customer_who_asks_to_cancel_is_promised_nothing_meanwhile() -> None:
    state = of.when(planned(of.reserving()), of.cancellation(SAID))

    assert outlook(state).verdict is Verdict.NOTHING_PROMISED
    assert "asked to be cancelled" in outlook(state).because[0].en


def test_whose_time_a_stage_is_depends_on_the_operator_only_where_one_was_chosen() -> None:
    fields = {"provider": "oksio", "host": ORANGE, "technology": Technology.SDSL}

    asked = whose_time(AccessStage.CHECKING, **fields)  # type: ignore[arg-type]  # as named
    works = whose_time(AccessStage.READY, **fields)  # type: ignore[arg-type]  # as named

    assert asked == StageKey(
        kind=LineKind.ACCESS, stage="checking-eligibility", provider="oksio", whom=""
    )
    assert works.name == "access/ready-for-works/oksio/orange/sdsl"
