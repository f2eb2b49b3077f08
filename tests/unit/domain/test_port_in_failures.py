"""Given facts, when something goes wrong: a next try, a person, or the end, by the row."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import AttentionRaised, DecisionKind, DecisionTaken, PolicyRow, Turn
from domain.event import Event
from domain.failure_bounds import LOST_BOUND, after_refusal, way_out
from domain.failure_policy import Treatment
from domain.port_in_amending import why_not_amended
from domain.port_in_awaited import awaited_by, due_of
from domain.port_in_facts import Outcome, RetryBegun, RetryPlanned, Step
from domain.port_in_states import AwaitingDonor, Committed, Dating, Preparing, Refused, Undoing
from domain.refusals import GPMAG_REFUSALS, refusal_of
from domain.said import Said
from tests.unit.domain.port_in_story import Story

ROW = PolicyRow(policy="orange", version=3, name="busy", since=date(2026, 1, 1))
SAID = Said(fr="appeler", en="call them")


def treatment(retry_at: datetime | None = None, **more: Any) -> Treatment:  # noqa: ANN401
    usual = {"row": ROW, "queue": "exchange-desk", "owner": Turn.PROVIDER, "at_most": 2}
    return Treatment(**{**usual, "retry_at": retry_at, **more})


def _asked(events: tuple[Event, ...]) -> AttentionRaised:
    (raised,) = [event for event in events if isinstance(event, AttentionRaised)]
    return raised


def _preparing() -> Story:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    return story


def _refused(story: Story, **more: Any) -> tuple[Event, ...]:  # noqa: ANN401
    return story.tell(
        told.HearRefused, step=Step.PREPARE_LINE, code="E1", treatment=treatment(**more)
    )


def _hours(story: Story, hours: int) -> datetime:
    return story.now + timedelta(hours=hours)


def test_a_refusal_with_a_next_try_waits_for_it_and_asks_nobody() -> None:
    story = _preparing()
    until = _hours(story, 4)

    found = _refused(story, retry_at=until)

    planned = RetryPlanned(
        step=Step.PREPARE_LINE, code="E1", attempt=1, at_most=2, until=until, row=ROW
    )
    assert found == (facts.OperatorRefused(step=Step.PREPARE_LINE, code="E1"), planned)
    assert story.going.held
    assert not story.going.blocked
    awaited = awaited_by(story.going)
    assert awaited == due_of(story.going)
    assert awaited is not None
    assert (awaited.until, awaited.appointment) == (until, True)
    assert awaited.what.en == "the next try, 1 of 2, after E1: getting the line ready"


def test_the_step_is_not_taken_before_its_instant_and_is_at_it() -> None:
    story = _preparing()
    until = _hours(story, 4)
    _refused(story, retry_at=until)
    with pytest.raises(Exception, match="does not fit"):
        story.ask(Step.PREPARE_LINE)

    assert story.pass_time(until - timedelta(seconds=1)) == ()
    assert story.pass_time(until) == (RetryBegun(step=Step.PREPARE_LINE),)
    (asked,) = story.ask(Step.PREPARE_LINE)

    assert isinstance(asked, facts.OperatorAsked)
    assert asked.epoch == 1


def test_tries_are_counted_from_the_facts_and_the_next_failure_is_a_persons() -> None:
    story = _preparing()
    for _ in range(2):
        _refused(story, retry_at=_hours(story, 4))
        story.pass_time(_hours(story, 4))
        story.ask(Step.PREPARE_LINE)

    raised = _asked(_refused(story, retry_at=_hours(story, 4)))

    asked = raised.attention
    assert (asked.code, asked.turn, asked.queue, asked.row) == (
        "operator-refused", Turn.PROVIDER, "exchange-desk", ROW
    )  # fmt: skip
    taken = story.decide(DecisionKind.RETRY)[0]
    assert isinstance(taken, DecisionTaken)
    assert taken.row == ROW
    story.ask(Step.PREPARE_LINE)
    assert isinstance(_refused(story, retry_at=_hours(story, 4))[1], RetryPlanned)


def test_to_snooze_a_question_gives_no_further_tries() -> None:
    story = _preparing()
    for _ in range(2):
        _refused(story, retry_at=_hours(story, 4))
        story.pass_time(_hours(story, 4))
        story.ask(Step.PREPARE_LINE)
    _refused(story, retry_at=_hours(story, 4))

    story.decide(DecisionKind.SNOOZE, until=_hours(story, 9))

    assert story.going.tries == {"prepare-line:orange/busy": 2}


def test_silence_is_tried_again_under_the_same_key() -> None:
    story = _preparing()
    before = story.going.asks[Step.PREPARE_LINE].key

    story.tell(told.HearNothing, step=Step.PREPARE_LINE, treatment=treatment(_hours(story, 2)))
    story.pass_time(_hours(story, 2))

    assert story.going.asks[Step.PREPARE_LINE].key == before
    assert story.going.asks[Step.PREPARE_LINE].reference is None
    assert not story.going.held


@pytest.mark.parametrize("told_late", ["took", "ready"])
def test_what_comes_while_a_next_try_is_awaited_takes_its_place(told_late: str) -> None:
    story = _preparing()
    story.tell(told.HearNothing, step=Step.PREPARE_LINE, treatment=treatment(_hours(story, 2)))

    if told_late == "took":
        story.tell(told.HearTook, step=Step.PREPARE_LINE, reference="R")
    else:
        story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")

    assert story.going.retry is None


def test_a_try_of_an_instant_gone_by_is_made_at_once() -> None:
    story = _preparing()

    planned = _refused(story, retry_at=story.now - timedelta(hours=1))[1]

    assert isinstance(planned, RetryPlanned)
    assert planned.until == story.now


def test_without_a_policy_a_person_is_asked_as_ever() -> None:
    story = _preparing()

    raised = _asked(story.tell(told.HearRefused, step=Step.PREPARE_LINE, code="E1"))

    assert (raised.attention.queue, raised.attention.row) == ("operations", None)


def test_why_there_is_no_next_try_is_said_beside_the_cause_and_the_remedy() -> None:
    story = _preparing()
    late = Said(fr="trop tard", en="too late")

    raised = _asked(_refused(story, said=SAID, too_late=late))

    assert raised.attention.what.en == (
        "the operator refuses getting the line ready (E1); call them; too late"
    )


def test_a_donors_refusal_is_sent_again_from_its_dates_on() -> None:
    story = Story().requested()
    until = _hours(story, 24)
    found = story.report(
        told.ReportRefused, code="R220", refused_at=story.now, treatment=treatment(until)
    )

    assert [type(event) for event in found] == [facts.PortRefused, RetryPlanned]
    assert isinstance(story.state, Refused)
    again = story.pass_time(until)

    assert again == (RetryBegun(step=Step.SEND_REQUEST), facts.PortReopened())
    assert isinstance(story.state, Dating)
    assert story.going.reopened_for == "R220"


def test_a_donors_refusal_says_its_row_words_in_place_of_ours() -> None:
    story = Story().requested()

    raised = _asked(
        story.report(
            told.ReportRefused, code="R220", refused_at=story.now, treatment=treatment(said=SAID)
        )
    )

    assert raised.attention.what.en == "R220: another port is under way; call them"


@pytest.mark.parametrize("code", ["R222", "R340"])
def test_a_refusal_no_person_could_send_again_is_never_sent_again_by_itself(code: str) -> None:
    story = Story().requested()

    found = story.report(
        told.ReportRefused,
        code=code,
        refused_at=story.now,
        treatment=treatment(_hours(story, 24)),
    )

    assert _asked(found).attention.code == "donor-refused"


@pytest.mark.parametrize(("replaces", "outcome"), [(False, "refused"), (True, "replaced")])
def test_a_reason_that_leaves_nothing_to_try_ends_where_its_row_says_so(
    *, replaces: bool, outcome: str
) -> None:
    story = Story().requested()

    found = story.report(
        told.ReportRefused,
        code="R340",
        refused_at=story.now,
        treatment=treatment(ends=True),
        replaces=replaces,
    )

    begun = found[-1]
    assert isinstance(begun, facts.UndoingBegun)
    assert (begun.outcome, begun.row) == (Outcome(outcome), ROW)
    assert begun.steps == (() if replaces else (Step.RELEASE_LINE,))
    assert isinstance(story.state, Undoing)


@pytest.mark.parametrize("code", ["R999", "R220", "R123"])
def test_no_row_ends_a_port_for_a_reason_that_can_be_answered(code: str) -> None:
    story = Story().requested()

    found = story.report(
        told.ReportRefused, code=code, refused_at=story.now, treatment=treatment(ends=True)
    )

    assert _asked(found).attention.code == "donor-refused"


def test_no_row_ends_a_port_whose_cancellation_is_asked_for() -> None:
    """What it takes may still come: nobody is given a new number who asked to leave."""
    story = Story().requested()
    story.cancel(needs=SAID, needs_until=_hours(story, 24 * 7))

    found = story.report(
        told.ReportRefused,
        code="R340",
        refused_at=story.now,
        treatment=treatment(ends=True),
        replaces=True,
    )

    assert _asked(found).attention.code == "donor-refused"
    assert isinstance(story.state, Refused)


def test_a_refusal_that_comes_while_a_next_try_is_awaited_takes_its_place() -> None:
    """It was not answered, and was to be looked up in the evening; then the host says no. Once a
    person has decided, nothing waits for the evening any more."""
    story = _preparing()
    key = story.going.asks[Step.PREPARE_LINE].key
    story.tell(told.HearNothing, step=Step.PREPARE_LINE, treatment=treatment(_hours(story, 9)))

    found = story.report(
        told.ReportOperatorRefused, step=Step.PREPARE_LINE, key=key, code="E1", treatment=None
    )
    story.decide(DecisionKind.RETRY)

    assert _asked(found).attention.code == "operator-refused"
    assert story.going.retry is None
    assert not story.going.held
    assert isinstance(story.ask(Step.PREPARE_LINE)[0], facts.OperatorAsked)


def test_a_donor_that_is_silent_is_asked_about_without_a_word_of_tries() -> None:
    story = Story().requested()
    too_late = treatment(too_late=Said(fr="trop tard", en="too late"))
    found: tuple[Event, ...] = ()
    for _ in range(2):
        assert isinstance(story.state, AwaitingDonor)
        story.now = story.state.answer_until
        found = story.tell(
            told.PassTime, remind_until=_hours(story, 24), replaces=False, treatment=too_late
        )

    assert _asked(found).attention.what.en == "the donor has not answered, even when reminded"


def test_eligibility_lost_and_a_silent_donor_are_asked_about_as_the_row_says() -> None:
    story = Story().requested()
    lost = story.report(
        told.ReportEligibilityLost,
        code="C002",
        lost_at=story.now,
        treatment=treatment(allowed=(DecisionKind.END, DecisionKind.RETRY)),
    )
    silent, found = Story().requested(), lost
    for _ in range(2):
        assert isinstance(silent.state, AwaitingDonor)
        silent.now = silent.state.answer_until
        found = silent.tell(
            told.PassTime,
            remind_until=_hours(silent, 24),
            replaces=False,
            treatment=treatment(),
        )

    assert _asked(lost).attention.allowed == (DecisionKind.END, DecisionKind.RETRY)
    assert _asked(found).attention.queue == "exchange-desk"


def test_a_check_that_finds_no_activity_is_made_again_on_the_day() -> None:
    story = Story().committed()
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from

    (planned,) = story.tell(told.HearInactive, treatment=treatment(_hours(story, 1)))
    assert isinstance(planned, RetryPlanned)
    story.pass_time(_hours(story, 1))

    assert isinstance(story.state, Committed)
    assert story.going.retry is None


def test_a_line_that_fails_its_test_is_tested_again() -> None:
    story = Story().switched()

    (planned,) = story.tell(
        told.HearNotWorking, code="NO-CALL", treatment=treatment(_hours(story, 1))
    )

    assert isinstance(planned, RetryPlanned)
    assert planned.code == "NO-CALL"


def test_a_line_being_undone_tries_again_to_give_back_what_it_had() -> None:
    story = Story().prepared()
    story.cancel()
    story.ask(Step.RELEASE_LINE)
    story.tell(
        told.HearRefused, step=Step.RELEASE_LINE, code="E1", treatment=treatment(_hours(story, 1))
    )
    assert story.going.retry is not None

    story.pass_time(_hours(story, 1))
    story.ask(Step.RELEASE_LINE)
    story.tell(told.HearNothing, step=Step.RELEASE_LINE, treatment=treatment(_hours(story, 1)))
    story.report(told.ReportLineReleased, released_at=story.now)

    assert story.going.retry is None


# people, meanwhile


def _waiting_again() -> Story:
    story = Story(changes={"line": {"wish": "2027-02-03"}}).requested()
    story.report(
        told.ReportRefused,
        code="R220",
        refused_at=story.now,
        treatment=treatment(_hours(story, 48)),
    )
    return story


def test_a_port_whose_next_try_is_awaited_can_be_cancelled() -> None:
    story = _waiting_again()

    story.cancel()

    assert isinstance(story.state, Undoing)
    assert story.going.retry is None


def test_a_cancellation_that_waits_for_a_paper_holds_the_next_try() -> None:
    story = _waiting_again()
    story.cancel(needs=SAID, needs_until=_hours(story, 24 * 7))

    assert story.pass_time(_hours(story, 49)) == ()

    assert story.going.retry is not None


def test_what_is_changed_meanwhile_goes_with_a_request_made_at_once() -> None:
    story = _waiting_again()
    assert why_not_amended(story.going) is None

    found = story.tell(told.AmendPort, by="the customer", day=date(2027, 2, 10))

    assert found == (facts.DayChosen(day=date(2027, 2, 10)), facts.PortReopened())
    assert isinstance(story.state, Dating)
    assert story.going.retry is None


def test_another_rio_goes_at_once_with_a_request_the_exchange_had_sent_back() -> None:
    """Another day has its dates settled first, and needs no try of its own."""
    story, moved = _sent_back(), _sent_back()
    rio = story.going.rio

    found = story.tell(told.AmendPort, by="the customer", rio=rio)
    moved.tell(told.AmendPort, by="the customer", rio=rio, day=date(2027, 2, 10))

    assert [type(event) for event in found] == [facts.DataCorrected, RetryBegun]
    assert not story.going.held
    assert isinstance(moved.state, Dating)
    assert "RetryBegun" not in moved.names()


def _sent_back() -> Story:
    story = Story(changes={"line": {"wish": "2027-02-03"}}).prepared()
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at
    story.ask(Step.SEND_REQUEST)
    story.tell(
        told.HearRefused, step=Step.SEND_REQUEST, code="E1", treatment=treatment(_hours(story, 9))
    )
    assert story.going.held
    return story


def test_a_request_refused_for_good_is_not_amended() -> None:
    story = Story().refused()

    assert "its request has left" in str(why_not_amended(story.going))


def test_another_day_chosen_meanwhile_has_the_line_asked_for_at_once() -> None:
    story = _preparing()
    _refused(story, retry_at=_hours(story, 4))
    assert isinstance(story.state, Preparing)

    story.tell(told.AmendPort, by="the customer", day=date(2027, 2, 10))

    assert isinstance(story.state, Dating)
    assert story.going.retry is None


# the bound

KINDS = st.lists(st.sampled_from(list(DecisionKind)), max_size=11).map(tuple)


@given(allowed=KINDS, code=st.sampled_from([*sorted(GPMAG_REFUSALS), "R999"]), ends=st.booleans())
def test_no_row_lets_a_person_decide_more_about_a_refusal_than_the_process_takes(
    *, allowed: tuple[DecisionKind, ...], code: str, ends: bool
) -> None:
    story = Story().requested()

    found = story.report(
        told.ReportRefused,
        code=code,
        refused_at=story.now,
        treatment=treatment(allowed=allowed, ends=ends),
    )

    bound = after_refusal(refusal_of(code).next_step)
    for raised in (event for event in found if isinstance(event, AttentionRaised)):
        assert set(raised.attention.allowed) <= set(bound)
        assert raised.attention.allowed


@given(allowed=KINDS)
def test_no_row_lets_anybody_cancel_once_the_ticket_is_on_its_way(
    allowed: tuple[DecisionKind, ...],
) -> None:
    story = Story().ticketed()

    found = story.tell(
        told.HearRefused, step=Step.COMMIT_PORT, code="E1", treatment=treatment(allowed=allowed)
    )

    assert _asked(found).attention.allowed == way_out(Step.COMMIT_PORT) == (DecisionKind.RETRY,)


@given(allowed=KINDS)
def test_a_row_orders_what_may_be_decided_and_leaves_out_what_it_does_not_name(
    allowed: tuple[DecisionKind, ...],
) -> None:
    offered = treatment(allowed=allowed).narrowed(LOST_BOUND)

    named = list(dict.fromkeys(kind for kind in allowed if kind in LOST_BOUND))
    assert list(offered) == (named or list(LOST_BOUND))
