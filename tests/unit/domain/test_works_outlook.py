"""When a site is expected whose works, visit or tests are under way, and what holds it.

The story begins on Saturday 9 January 2027; it is promised for Friday 29 January.
"""

from datetime import date, datetime

from domain import access_commands as told
from domain import works_attention as asking
from domain import works_facts as fields
from domain.access_facts import DeliveryPlanned, Plan
from domain.access_outlook import AccessCourse, Passed, Slip, course_of, outlook_of
from domain.access_stages import Access, AccessState
from domain.access_states import evolve
from domain.attention import AttentionRaised
from domain.delay_facts import ServiceDayAwaited
from domain.event import Event
from domain.link_facts import LineBeforeServed, LinesAwaited
from domain.outlooks import Cause, Outlook, Verdict, Waits
from domain.port_in_facts import Step
from domain.said import Said
from domain.stage_times import UsualTimes
from domain.works_facts import Milestone, MilestonePassed
from tests import accesses as of
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY, paris
from tests.visits import BOOKED, SLOT

PROMISED = date(2027, 1, 29)


def then(state: AccessState, *events: Event) -> Access:
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
    assert isinstance(state, Access)
    return state


def planned(on: date, source: str = "OfferChosen") -> DeliveryPlanned:
    return DeliveryPlanned(plan=Plan(on=on, said=SAID, source=source, binds=False))


def building() -> Access:
    return then(of.asked(of.ready(), Step.BUILD_ACCESS), planned(PROMISED))


def booking() -> Access:
    return then(building(), fields.WorksFinished(done_at=STORY, visit=True))


def awaiting_visit() -> Access:
    return then(booking(), fields.VisitChosen(slot=SLOT, by="c"), BOOKED)


def passed(expected: date | None, code: str | None = None, on: str = "2027-01-12") -> Passed:
    milestone = MilestonePassed(
        milestone=Milestone.CIVIL_WORKS,
        passed_at=paris(f"{on}T10:00"),
        expected=expected,
        code=code,
        until=STORY,
    )
    return with_milestones(milestone, works_end=expected)


def with_milestones(*milestones: MilestonePassed, works_end: date | None = None) -> Passed:
    return Passed(
        since=STORY, planned_at=STORY, held_at=None, milestones=milestones, works_end=works_end
    )


PLAIN = with_milestones()


def course(state: Access, so_far: Passed = PLAIN) -> AccessCourse:
    return course_of(state, so_far)


def outlook(state: Access, so_far: Passed = PLAIN, at: datetime = STORY) -> Outlook:
    one = course(state, so_far)
    return outlook_of(one, RULES.contract(one.pin), UsualTimes(), at)


def cause(found: Outlook) -> Cause:
    assert found.cause is not None
    return found.cause


def test_works_last_until_the_operator_says_they_end() -> None:
    """Until the end of Monday 18; two days for a slot, five until it comes, one for its tests:
    Thursday 28."""
    found = outlook(building(), passed(date(2027, 1, 18)))

    works, *_, tests = found.left
    assert works.ends_at == paris("2027-01-19T00:00")
    assert works.said == Said(
        fr="ready-for-works : fin des travaux selon l'opérateur, mardi 19 janvier 2027 à 0 h 00",
        en="ready-for-works: the operator's end of the works, Tuesday 19 January 2027 at 00:00",
    )
    assert (tests.stage, tests.ends_at) == ("commissioning", paris("2027-01-28T17:30"))
    assert (found.verdict, found.expected_on) == (Verdict.SAFE, PROMISED)


def test_a_site_is_at_risk_from_the_first_milestone_that_slips_with_the_operators_reason() -> None:
    """The works end on Thursday 18 February; eight days more to service: Tuesday 2 March."""
    late = date(2027, 2, 18)
    state = then(building(), planned(late, "MilestonePassed"))

    found = outlook(state, passed(late, "FLOOD"))

    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.AT_RISK,
        date(2027, 3, 2),
        32,
    )
    why = cause(found)
    assert (why.code, why.waits_for, why.whom, why.reason) == (
        "works-later",
        Waits.HOST,
        "orange",
        "FLOOD",
    )
    assert why.since == paris("2027-01-12T10:00")
    assert why.said == Said(
        fr="fin des travaux après le jour annoncé (orange, FLOOD), depuis le mardi 12 janvier 2027 "
        "à 10 h 00 ; attendu : l'opérateur hôte",
        en="the works end after the promised day (orange, FLOOD), since Tuesday 12 January 2027 at "
        "10:00; awaited: the host",
    )


def test_the_next_milestone_says_nothing_new_of_a_day_that_is_the_same() -> None:
    late, later = date(2027, 2, 18), date(2027, 2, 25)
    (first,) = passed(late, "FLOOD").milestones
    (quiet,) = passed(None, on="2027-01-14").milestones
    (same,) = passed(late, on="2027-01-15").milestones
    (worse,) = passed(later, on="2027-01-16").milestones
    (back,) = passed(PROMISED, on="2027-01-17").milestones
    state = building()

    assert course(state, with_milestones(first, quiet, same)).slipped == Slip(
        since=paris("2027-01-12T10:00"), code="FLOOD"
    )
    assert course(state, with_milestones(first, worse)).slipped == Slip(
        since=paris("2027-01-16T10:00"), code=""
    )
    assert course(state, with_milestones(first, back)).slipped is None


def test_what_is_made_up_of_a_slip_is_no_other_slip_while_it_is_late_still() -> None:
    (first,) = passed(date(2027, 2, 18), "FLOOD").milestones
    (better,) = passed(date(2027, 2, 5), "CREW", on="2027-01-14").milestones
    (worse,) = passed(date(2027, 2, 12), "STORM", on="2027-01-16").milestones
    flood = Slip(since=paris("2027-01-12T10:00"), code="FLOOD")

    assert course(building(), with_milestones(first, better)).slipped == flood
    assert course(building(), with_milestones(first, better, worse)).slipped == Slip(
        since=paris("2027-01-16T10:00"), code="STORM"
    )


def test_a_slip_that_is_made_up_is_expected_in_time_and_has_no_cause() -> None:
    """The works end on Monday 18 January all the same, and the day of before stands again."""
    (late,) = passed(date(2027, 2, 18), "FLOOD").milestones
    (back,) = passed(date(2027, 1, 18), on="2027-01-14").milestones
    put_off = then(building(), planned(date(2027, 2, 18), "MilestonePassed"))
    so_far = with_milestones(late, back, works_end=date(2027, 1, 18))

    stuck = outlook(put_off, so_far)
    found = outlook(then(put_off, planned(PROMISED, "MilestonePassed")), so_far)

    assert (stuck.verdict, cause(stuck).code) == (Verdict.AT_RISK, "planned-later")
    assert (found.verdict, found.expected_on, found.cause) == (Verdict.SAFE, PROMISED, None)


def test_nothing_slips_where_no_day_was_promised() -> None:
    unpromised = of.asked(of.ready(), Step.BUILD_ACCESS)
    assert isinstance(unpromised, Access)

    assert course(unpromised, passed(date(2027, 2, 18), "FLOOD")).slipped is None


def test_a_question_comes_before_the_works_that_slipped() -> None:
    late = date(2027, 2, 18)
    offered = asking.slots(told.LookAtGates(**BOTH), (SLOT,))
    asked = AttentionRaised(attention=offered)
    state = then(booking(), planned(late), fields.VisitsOffered(slots=(SLOT,)), asked)

    why = cause(outlook(state, passed(late, "FLOOD")))

    assert (why.code, why.waits_for, why.whom) == ("visit-slots", Waits.CUSTOMER, "")
    assert "a slot of a visit to be chosen" in why.said.en


def test_a_visit_that_nobody_has_booked_is_the_operators() -> None:
    """Too late for service on the 29th: two days for a slot from the 25th, five, and one."""
    found = outlook(booking(), at=paris("2027-01-27T09:00"))

    assert [one.stage for one in found.left] == [
        "booking-visit",
        "awaiting-visit",
        "commissioning",
    ]
    assert found.verdict is Verdict.AT_RISK
    assert (cause(found).waits_for, cause(found).whom) == (Waits.HOST, "orange")


def test_a_slot_that_is_chosen_says_itself_when_it_is_over() -> None:
    chosen = then(booking(), fields.VisitChosen(slot=SLOT, by="c"))

    for state in (chosen, awaiting_visit()):
        *_, visit, tests = outlook(state).left
        assert (visit.stage, visit.ends_at) == ("awaiting-visit", SLOT.ends)
        assert "the booked slot is over" in visit.said.en
        assert tests.ends_at == paris("2027-01-22T12:00")


def test_other_days_are_asked_for_and_the_one_that_is_booked_is_not_reckoned_with() -> None:
    again = fields.VisitsAskedAgain(not_before=None, by=fields.Party.CUSTOMER, because=SAID)
    state = then(awaiting_visit(), again)

    assert course(state).visit_ends is None
    assert course(awaiting_visit()).visit_ends == SLOT.ends


def test_a_visit_nothing_is_said_of_ends_with_the_answer() -> None:
    unreported = asking.unreported(told.LookAtGates(**BOTH), BOOKED)
    state = then(awaiting_visit(), AttentionRaised(attention=unreported))

    found = outlook(state, at=paris("2027-02-01T09:00"))

    assert [one.stage for one in found.left] == ["decision: visit-unreported", "commissioning"]
    assert (cause(found).code, cause(found).whom) == ("visit-unreported", "orange")


def test_tests_are_the_operators() -> None:
    kept = fields.VisitKept(reference="OV-1", report=fields.KeptReport(done_at=STORY))
    state = then(awaiting_visit(), kept)

    found = outlook(state, at=paris("2027-02-01T09:00"))

    assert [one.stage for one in found.left] == ["commissioning"]
    assert (found.verdict, cause(found).code) == (Verdict.LATE, "too-little-time")
    assert (cause(found).waits_for, cause(found).whom) == (Waits.HOST, "orange")


def test_other_lines_of_the_order_come_first() -> None:
    """Awaited until Monday 1 February at noon; then a day for its tests."""
    asked = of.asked(of.ready(after=(2,)), Step.BUILD_ACCESS)
    state = then(of.when(asked, of.built(asked)), planned(PROMISED))
    waiting = then(state, LinesAwaited(lines=(2,), until=paris("2027-02-01T12:00")))

    found = outlook(waiting)

    assert [(one.stage, one.ends_at) for one in found.left] == [
        ("commissioning", paris("2027-02-01T12:00")),
        ("commissioning", paris("2027-02-02T12:00")),
    ]
    assert "other lines of its order first" in found.left[0].said.en
    assert (cause(found).waits_for, cause(found).whom) == (Waits.US, "")
    served = then(waiting, LineBeforeServed(line=2, started_at=STORY))
    assert course(served).lines_until is None


def test_the_day_the_customer_wants_it_is_waited_for_and_nobody_is_late_by_it() -> None:
    """Monday 1 February from its first instant; then a day for its tests, from half past eight."""
    wanted = date(2027, 2, 1)
    asked = of.asked(of.ready(wished=wanted), Step.BUILD_ACCESS)
    waits = ServiceDayAwaited(day=wanted, until=paris("2027-02-01T00:00"))
    state = then(of.when(asked, of.built(asked)), waits)

    found = outlook(state)

    assert [(one.stage, one.ends_at) for one in found.left] == [
        ("awaiting-day", paris("2027-02-01T00:00")),
        ("commissioning", paris("2027-02-01T17:30")),
    ]
    assert "the day the customer wants it" in found.left[0].said.en
    assert (found.verdict, found.expected_on) == (Verdict.SAFE, wanted)
    late = outlook(state, at=paris("2027-02-03T12:00"))
    assert cause(late).waits_for is Waits.CUSTOMER
