"""When a port is expected, and against which promise: literal days, each with its reason.

The story begins on Saturday 9 January 2027 at 0:00 in Paris. Sessions of the metropolitan exchange
are Monday to Friday at 10, 14 and 19 h, a port comes two jours ouvrés after the request at the
earliest (porting-and-access § 2.5), and a card takes two jours ouvrés (`LINE_LEAD`, ours).
"""

from datetime import datetime, timedelta

import pytest

from domain import port_in_commands as told
from domain.attention import DecisionKind
from domain.orders import LineKind
from domain.outlooks import Outlook, Verdict, Waits
from domain.port_in_facts import PortPlanned, Step
from domain.port_outlook import Milestones, PortCourse, course_of, outlook_of
from domain.stage_times import StageKey, StageTimes, UsualTimes
from tests.porting import MANDATE, RULES, STORY, day, paris
from tests.unit.domain.port_in_story import WHY, Story
from tests.unit.domain.test_port_in_failures import treatment

NOTHING_MEASURED = UsualTimes()
WISHED = {"line": {"wish": "2027-01-20"}}


def course(story: Story, since: datetime | None = None) -> PortCourse:
    plans = [event.plan for event in story.facts if isinstance(event, PortPlanned)]
    passed = Milestones(
        since=since or story.now,
        planned_at=STORY if plans else None,
        first_day=plans[0].port_day if plans else None,
    )
    return course_of(story.going, passed)


def outlook(
    story: Story,
    at: str | None = None,
    *,
    since: datetime | None = None,
    times: UsualTimes = NOTHING_MEASURED,
) -> Outlook:
    now = story.now if at is None else paris(at)
    calendar = RULES.calendar_for(story.going.terms)
    return outlook_of(course(story, since), calendar, times, now, explained=True)


def took(hours: int, *, lines: int, stage: str, whom: str) -> UsualTimes:
    key = StageKey(kind=LineKind.PORT_IN_MOBILE, stage=stage, provider="axantis", whom=whom)
    return UsualTimes(measured={key.name: StageTimes(key=key, hours=(hours,) * lines)})


def test_nothing_is_promised_before_a_day_is_chosen_or_planned() -> None:
    found = outlook(Story().gathered())

    assert (found.verdict, found.expected_on) == (Verdict.NOTHING_PROMISED, None)
    assert "nothing is promised yet" in found.because[0].en


def test_the_first_planned_day_is_the_promise_where_none_was_chosen() -> None:
    """Card on Tuesday 12, session of Wednesday 13, port on Friday 15."""
    found = outlook(Story().planned())

    assert found.promised is not None
    assert (found.promised.on, found.promised.source) == (day("2027-01-15"), "PortPlanned")
    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.SAFE,
        day("2027-01-15"),
        0,
    )
    assert found.cause is None


def test_each_stage_that_is_left_says_how_long_it_takes_and_who_says_so() -> None:
    """Eighteen working hours from Saturday: Monday 9 to 18 h, Tuesday 9 to 18 h."""
    preparing, waiting = outlook(Story().planned()).left

    assert (preparing.stage, preparing.ends_at) == ("preparing", paris("2027-01-12T18:00"))
    assert preparing.usual is not None
    assert "a default of ours (fewer than 20 lines measured)" in preparing.said.en
    assert "valeur de la maison" in preparing.said.fr
    assert preparing.explanation is not None
    assert [str(one.counted) for one in preparing.explanation.days[-2:]] == ["9.0000", "9.0000"]
    assert (waiting.stage, waiting.ends_at) == ("waiting", paris("2027-01-13T10:00"))


def test_a_profile_takes_a_day_and_no_card_two() -> None:
    """Nine working hours from Saturday: Monday 18 h."""
    found = outlook(Story("onecom", {"line": {"sim": "esim"}}).planned())

    assert found.left[0].ends_at == paris("2027-01-11T18:00")


def test_a_host_that_usually_takes_longer_endangers_a_port_before_anything_is_overdue() -> None:
    """Thirty working hours end on Thursday 14 at 12 h: session of 14 h, port on Monday 18."""
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)

    found = outlook(story, times=took(30, lines=20, stage="preparing", whom="orange"))

    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.AT_RISK,
        day("2027-01-18"),
        3,
    )
    assert found.cause is not None
    assert (found.cause.code, found.cause.waits_for, found.cause.whom) == (
        "too-little-time",
        Waits.HOST,
        "orange",
    )
    assert "at most for 80 % of the last 20 lines" in found.left[0].said.en


@pytest.mark.parametrize(
    ("lines", "whom"), [(19, "orange"), (20, "sfr")], ids=["too few lines", "of another host"]
)
def test_our_own_figure_stands_where_too_little_was_measured(lines: int, whom: str) -> None:
    found = outlook(Story().planned(), times=took(30, lines=lines, stage="preparing", whom=whom))

    assert (found.verdict, found.expected_on) == (Verdict.SAFE, day("2027-01-15"))


def test_a_line_that_is_not_ready_for_its_session_goes_with_a_later_one() -> None:
    """Thursday 14 at 12 h: session of 14 h, port on Monday 18, promised for Friday 15."""
    story = Story().planned()
    story.ask(Step.PREPARE_LINE, until=paris("2027-01-12T18:00"))

    found = outlook(story, "2027-01-14T12:00", since=STORY)

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-18"))
    assert found.cause is not None
    assert (found.cause.code, found.cause.waits_for, found.cause.since) == (
        "overdue",
        Waits.HOST,
        paris("2027-01-12T18:00"),
    )


def test_a_promised_day_that_is_over_makes_it_late() -> None:
    """Saturday 16: session of Monday 18, port on Wednesday 20."""
    story = Story().planned()
    story.ask(Step.PREPARE_LINE, until=paris("2027-01-12T18:00"))

    assert outlook(story, "2027-01-15T23:59", since=STORY).verdict is Verdict.AT_RISK
    found = outlook(story, "2027-01-16T00:01", since=STORY)

    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.LATE,
        day("2027-01-20"),
        5,
    )


def test_a_question_that_holds_it_is_the_cause_and_lasts_until_it_should_be_answered() -> None:
    """Raised on Saturday for two days: Monday 0 h, then a card until Tuesday: in time all the
    same. Raised with four days: Wednesday 13 at 0 h, a card until Thursday 18 h, session of 19 h,
    port on Monday 18."""
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearRefused, step=Step.PREPARE_LINE, code="NO-STOCK")
    assert outlook(story).verdict is Verdict.SAFE

    found = outlook(story, "2027-01-13T00:00", since=STORY)

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-18"))
    assert found.cause is not None
    assert (found.cause.code, found.cause.waits_for, found.cause.whom) == (
        "operator-refused",
        Waits.PERSON,
        "orange",
    )
    assert "refused by the operator (orange), since Saturday 9 January 2027" in found.cause.said.en
    assert found.left[0].said.en.startswith("a decision awaited (operator-refused)")


def test_papers_that_are_missing_are_the_customers_and_take_five_days() -> None:
    """Forty-five working hours from Saturday: Friday 15; a card until Tuesday 19 at 18 h, session
    of 19 h, port on Thursday 21; the customer chose the 20th."""
    story = Story(changes={**WISHED, "documents": [MANDATE]}).gathered()

    found = outlook(story)

    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.AT_RISK,
        day("2027-01-21"),
        1,
    )
    assert found.cause is not None
    assert (found.cause.code, found.cause.waits_for, found.cause.whom) == (
        "gates",
        Waits.CUSTOMER,
        "",
    )


def test_no_time_is_reckoned_for_papers_that_are_there() -> None:
    """A card until Tuesday 12, session of 19 h: Thursday 14 could be, and the 20th was chosen."""
    for story in (Story(changes=WISHED).opened(), Story(changes=WISHED).claimed()):
        found = outlook(story)

        assert (found.verdict, found.expected_on) == (Verdict.SAFE, day("2027-01-20"))
        assert "gathering" not in [left.stage for left in found.left]


def test_a_withdrawal_that_runs_is_waited_for_to_its_end() -> None:
    """Fourteen days from signature on the 8th end with Friday 22; a card until Tuesday 26 at 18 h,
    session of 19 h, port on Thursday 28 (rulebook, decision 12)."""
    customer = {"off_premises": True, "within_main_activity": False, "headcount": 3}
    story = Story(changes={"line": {"wish": "2027-01-27"}, "customer": customer}).gathered()

    found = outlook(story)

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-28"))
    assert "gathering: a term is running" in found.left[0].said.en


def test_a_donor_within_the_exchanges_hours_keeps_the_day() -> None:
    found = outlook(Story(changes=WISHED).requested())

    assert (found.verdict, found.expected_on) == (Verdict.SAFE, day("2027-01-20"))
    assert [left.stage for left in found.left] == ["awaiting-donor", "accepted"]


def test_a_donor_that_usually_answers_later_endangers_the_port() -> None:
    """Asked on Wednesday 13 at 10 h, forty working hours: Tuesday 19 at 14 h. The ticket's session
    is there and then, before the switch of the 20th. Fifty are Wednesday 20 at 15 h, after it: a
    person's eighteen hours (Friday 22 at 15 h), session of 19 h, port on Tuesday 26."""
    story = Story(changes=WISHED).requested()
    by_forty = outlook(story, times=took(40, lines=20, stage="awaiting-donor", whom="02"))
    by_fifty = outlook(story, times=took(50, lines=20, stage="awaiting-donor", whom="02"))

    assert (by_forty.verdict, by_forty.expected_on) == (Verdict.SAFE, day("2027-01-20"))
    assert (by_fifty.verdict, by_fifty.expected_on) == (Verdict.AT_RISK, day("2027-01-26"))
    assert by_fifty.cause is not None
    assert (by_fifty.cause.waits_for, by_fifty.cause.whom) == (Waits.DONOR, "02")


def test_a_donor_that_is_silent_though_reminded_is_a_persons_to_decide() -> None:
    """Asked on the 13th for the 15th, reminded on the 14th at 11 h, silent on the 15th at 11 h:
    two days to decide (the 17th), and the day is missed; eighteen hours (Tuesday 19, 18 h), session
    of 19 h, port on Thursday 21."""
    story = Story().requested()
    story.pass_time(paris("2027-01-14T11:00"))
    reminded = outlook(story)
    story.pass_time(paris("2027-01-15T11:00"))

    found = outlook(story)

    assert reminded.cause is not None
    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-21"))
    assert found.cause is not None
    assert (found.cause.code, found.cause.whom) == ("donor-silent", "02")
    assert "donneur silencieux (02), depuis le vendredi 15 janvier 2027" in found.cause.said.fr


def test_a_refusal_takes_a_persons_time_and_another_request() -> None:
    """Refused on Wednesday 13 at 10 h, eighteen hours: Friday 15 at 10 h, its session, port on
    Tuesday 19 instead of Friday 15."""
    found = outlook(Story().refused())

    assert (found.verdict, found.expected_on, found.days_late) == (
        Verdict.AT_RISK,
        day("2027-01-19"),
        4,
    )
    assert found.cause is not None
    assert (found.cause.code, found.cause.whom) == ("donor-refused", "02")


def test_a_refusal_that_is_sent_again_by_its_row_is_reckoned_from_that_instant() -> None:
    """Refused on Wednesday 13 at 10 h, tried again at noon: the session of 14 h keeps Friday 15.
    On Monday 18 at 9 h it would not: session of 10 h, port on Wednesday 20; and that is ours."""
    kept, missed = _tried_again("2027-01-13T12:00"), _tried_again("2027-01-18T09:00")
    in_time, late = outlook(kept), outlook(missed)

    assert (in_time.verdict, in_time.expected_on) == (Verdict.SAFE, day("2027-01-15"))
    assert (in_time.left[0].stage, in_time.left[0].ends_at) == (
        "refused",
        paris("2027-01-13T12:00"),
    )
    assert "tried again" in in_time.left[0].said.en
    assert (late.verdict, late.expected_on) == (Verdict.AT_RISK, day("2027-01-20"))
    assert late.cause is not None
    assert late.cause.waits_for is Waits.US


def _tried_again(until: str) -> Story:
    story = Story().requested()
    report = {"code": "R220", "refused_at": story.now}
    story.report(told.ReportRefused, treatment=treatment(paris(until)), **report)
    return story


def test_a_host_that_is_to_be_called_again_has_not_begun_before() -> None:
    """A card that is asked for again on Wednesday 13 at 9 h takes until Thursday 14 at 18 h:
    session of 19 h, port on Monday 18."""
    story = Story().planned()
    story.ask(Step.PREPARE_LINE, until=paris("2027-01-20T00:00"))
    later = treatment(paris("2027-01-13T09:00"))
    story.tell(told.HearNothing, step=Step.PREPARE_LINE, treatment=later)

    found = outlook(story)

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-18"))
    assert [left.ends_at for left in found.left[:2]] == [
        paris("2027-01-13T09:00"),
        paris("2027-01-14T18:00"),
    ]


def test_a_request_nobody_has_answered_for_is_looked_up_at_its_next_try_first() -> None:
    story = Story(changes=WISHED).prepared()
    story.now = paris("2027-01-13T10:00")
    story.ask(Step.SEND_REQUEST)
    again = treatment(paris("2027-01-13T12:00"))
    story.tell(told.HearNothing, step=Step.SEND_REQUEST, treatment=again)

    found = outlook(story)

    assert [left.stage for left in found.left] == ["awaiting-donor", "awaiting-donor", "accepted"]
    assert found.verdict is Verdict.SAFE


def test_an_esim_is_measured_apart_from_cards() -> None:
    """Thirty hours of cards are no reason to expect an eSIM late."""
    story = Story("onecom", {"line": {"sim": "esim"}}).planned()
    terms = story.going.terms
    measured = {
        key.name: StageTimes(key=key, hours=(hours,) * 20)
        for stage, hours in (("preparing", 30), ("preparing-esim", 2))
        for key in [
            StageKey(
                kind=LineKind.PORT_IN_MOBILE,
                stage=stage,
                provider=terms.pin.provider,
                whom=terms.host,
            )
        ]
    }

    found = outlook(story, times=UsualTimes(measured=measured))

    assert found.left[0].usual is not None
    assert (found.left[0].usual.hours, found.left[0].usual.lines) == (2, 20)


def test_a_port_that_is_accepted_or_final_is_expected_on_its_day() -> None:
    accepted = outlook(Story(changes=WISHED).accepted())
    final = outlook(Story(changes=WISHED).committed())

    assert (accepted.verdict, accepted.expected_on) == (Verdict.SAFE, day("2027-01-20"))
    assert (final.verdict, final.expected_on) == (Verdict.SAFE, day("2027-01-20"))


def test_a_switch_that_does_not_come_is_expected_on_the_port_day_that_follows() -> None:
    """Promised for Wednesday 20; on Saturday 23, a port day (decision 20), it may be that day."""
    story = Story(changes=WISHED).committed()

    assert outlook(story, "2027-01-20T23:00").verdict is Verdict.SAFE
    found = outlook(story, "2027-01-23T12:00")

    assert (found.verdict, found.expected_on) == (Verdict.LATE, day("2027-01-23"))


def test_a_port_that_was_switched_kept_its_promise_or_did_not() -> None:
    kept = outlook(Story(changes=WISHED).switched())
    story = Story(changes=WISHED).switched()
    late = course(story)
    promised = late.promised
    assert promised is not None
    earlier = late.model_copy(
        update={"promised": promised.model_copy(update={"on": day("2027-01-19")})}
    )

    found = outlook_of(earlier, RULES.calendar_for(story.going.terms), UsualTimes(), story.now)

    assert (kept.verdict, kept.expected_on) == (Verdict.KEPT, day("2027-01-20"))
    assert (found.verdict, found.days_late) == (Verdict.DELIVERED_LATE, 1)


def test_another_day_that_is_agreed_is_another_promise() -> None:
    """An amendment before the request has left: from the 20th to the 27th."""
    story = Story(changes=WISHED).prepared()
    story.tell(told.AmendPort, by="the customer", day=day("2027-01-27"))

    promised = course(story).promised

    assert promised is not None
    assert promised.on == day("2027-01-27")


def test_a_plan_that_moved_later_is_a_cause_of_its_own() -> None:
    story = Story(changes=WISHED).prepared()
    planned = course(story)
    later = planned.model_copy(update={"settled_on": day("2027-01-22")})

    found = outlook_of(later, RULES.calendar_for(story.going.terms), UsualTimes(), story.now)

    assert (found.verdict, found.expected_on) == (Verdict.AT_RISK, day("2027-01-22"))
    assert found.cause is not None
    assert found.cause.code == "planned-later"


def test_a_line_that_is_undone_promises_nothing_any_more() -> None:
    story = Story(changes=WISHED).prepared()
    story.cancel()

    found = outlook(story)

    assert found.verdict is Verdict.NOTHING_PROMISED
    assert "ends without what was promised" in found.because[0].en


def test_a_line_that_is_asked_to_be_cancelled_is_promised_again_if_that_lapses() -> None:
    story = Story(changes=WISHED).prepared()
    story.cancel(needs=WHY)
    asked = outlook(story)
    story.decide(DecisionKind.SKIP)

    assert asked.verdict is Verdict.NOTHING_PROMISED
    assert "asked to be cancelled" in asked.because[0].en
    assert outlook(story).verdict is Verdict.SAFE


def test_a_port_is_steady_while_its_plan_holds_and_nothing_is_asked_or_overdue() -> None:
    story = Story(changes=WISHED).requested()
    running = course(story)
    refused = Story(changes=WISHED).refused()

    assert running.steady(story.now)
    assert not running.steady(story.now + timedelta(days=9))
    assert not course(refused).steady(refused.now)
    assert not course(Story().gathered()).steady(STORY)


def test_asking_again_after_a_refusal_is_reckoned_from_where_it_stands() -> None:
    """Asked again on the 13th at 10 h, with the line ready: its session, the 15th all the same."""
    story = Story().refused()
    story.decide(DecisionKind.RETRY)

    found = outlook(story)

    assert (found.verdict, found.expected_on) == (Verdict.SAFE, day("2027-01-15"))
