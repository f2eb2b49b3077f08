"""Given facts, when a command, then facts: the point of no return, the day, and what else comes."""

import pytest

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import AttentionRaised, DecisionKind
from domain.port_in import PortRefusedError, ReportTooSoonError
from domain.port_in_facts import Outcome, Step
from domain.port_in_states import (
    Accepted,
    Committed,
    Dating,
    Ended,
    NotOpened,
    Refused,
    Switched,
    Undoing,
    Verified,
    fold,
)
from tests.builders import line_opened
from tests.porting import MANDATE, ORDER_ID, STORY, rio_of
from tests.unit.domain.port_in_story import WHY, Story, day

ALL_CONFIRM = ("02", "03", "04")


# the point of no return


def test_the_ticket_is_not_sent_once_the_day_has_come() -> None:
    story = Story().accepted()
    assert story.going.planned is not None
    story.now = story.going.planned.switch_from

    missed, raised = story.ask(Step.COMMIT_PORT)

    assert missed == facts.DayMissed(day=day("2027-01-15"))
    assert isinstance(raised, AttentionRaised)
    assert isinstance(story.state, Refused)
    story.decide(DecisionKind.RETRY)
    assert isinstance(story.state, Dating)


def test_presence_is_asked_for_with_the_dates_and_stops_only_the_ticket() -> None:
    story = Story("onecom", {"documents": [MANDATE]}).accepted()
    assert story.waits_for == [waiting.PRESENCE]
    assert not story.going.blocked

    story.now = getattr(story.state, "accepted").commit_at  # noqa: B009  of a stage
    (raised,) = story.ask(Step.COMMIT_PORT)
    assert isinstance(raised, AttentionRaised)
    assert story.going.blocked
    story.decide(
        DecisionKind.PROVIDE,
        documents=(facts.HeldDocument(name="presence", on=day("2027-01-13")),),
    )
    story.commit()

    assert isinstance(story.state, Committed)


def test_an_internal_transfer_waits_for_presence_too() -> None:
    story = Story(
        "onecom", {"documents": [MANDATE], "line": {"rio": rio_of(prefix="01E123456")}}
    ).prepared()
    story.tell(told.AcceptInternally, commit_at=story.now)

    (raised,) = story.tell(told.CommitPort, reference=None, confirmers=())

    assert isinstance(raised, AttentionRaised)
    assert isinstance(story.state, Accepted)


# the day


def test_a_number_gone_on_the_day_waits_for_a_person() -> None:
    story = Story().committed()
    story.tell(told.HearInactive)
    assert story.waits_for == [waiting.INACTIVE]

    story.decide(DecisionKind.SKIP, reason="the donor confirms by telephone")

    assert isinstance(story.state, Committed)
    assert story.state.found_active


def test_a_number_still_inactive_ends_with_the_donor() -> None:
    story = Story().committed()
    story.tell(told.HearInactive)

    story.decide(DecisionKind.END)

    assert isinstance(story.state, Undoing)
    assert story.state.outcome is Outcome.REFUSED


def test_activity_is_noted_once() -> None:
    story = Story().committed()
    story.tell(told.HearActive, suspended=True)

    assert story.tell(told.HearActive, suspended=False) == ()


def test_a_line_that_does_not_work_is_tried_again_or_gone_on_without() -> None:
    story = Story().switched()
    story.tell(told.HearNotWorking, code="NO-CALL")
    assert story.waits_for == [waiting.NOT_WORKING]
    story.decide(DecisionKind.RETRY)
    story.tell(told.HearNotWorking, code="NO-CALL")

    story.decide(DecisionKind.SKIP, reason="the customer calls us from it")

    assert isinstance(story.state, Verified)


def test_a_test_before_the_switch_says_nothing() -> None:
    assert Story().committed().tell(told.HearWorking, reference="x") == ()


def test_a_confirmation_counts_once_and_only_from_those_expected() -> None:
    story = Story().committed()

    story.report(told.ReportConfirmed, operator="03")
    (twice,) = story.report(told.ReportConfirmed, operator="03")
    (stranger,) = story.report(told.ReportConfirmed, operator="01")

    assert isinstance(twice, facts.MessageSetAside)
    assert isinstance(stranger, facts.MessageSetAside)
    assert isinstance(story.state, Committed)
    assert story.state.missing == ("02", "04")


def test_a_confirmation_that_overtakes_the_ticket_is_looked_at_later() -> None:
    with pytest.raises(ReportTooSoonError, match="confirmed before the porting ticket"):
        Story().accepted().report(told.ReportConfirmed, operator="03")


def test_a_confirmation_that_never_comes_is_asked_for_then_gone_on_without() -> None:
    story = Story().verified()
    story.report(told.ReportConfirmed, operator="02")
    assert story.going.planned is not None
    story.pass_time(story.going.planned.confirmations_until)
    assert story.waits_for == [waiting.CONFIRMATIONS]
    assert not story.going.blocked
    story.decide(DecisionKind.RETRY)
    assert story.waits_for == [waiting.CONFIRMATIONS]

    missing, _ = story.pass_time(story.going.attentions[0].until)

    assert missing == facts.ConfirmationsMissing(operators=("03", "04"))
    story.tell(told.EndPort, why=WHY)
    assert isinstance(story.state, Ended)


def test_the_last_confirmation_clears_the_question() -> None:
    story = Story().verified()
    assert story.going.planned is not None
    story.pass_time(story.going.planned.confirmations_until)

    for operator in ALL_CONFIRM:
        story.report(told.ReportConfirmed, operator=operator)

    assert story.waits_for == []


def test_somebody_may_go_on_without_confirmations_at_once() -> None:
    story = Story().verified()
    assert story.going.planned is not None
    story.pass_time(story.going.planned.confirmations_until)

    story.decide(DecisionKind.SKIP, reason="they route already")

    assert isinstance(story.state, Verified)
    assert story.state.given_up == ALL_CONFIRM


def test_a_port_with_something_missing_does_not_end() -> None:
    with pytest.raises(PortRefusedError, match="EndPort does not fit while the line is verified"):
        Story().verified().tell(told.EndPort, why=WHY)


# whatever else comes


def test_what_cannot_be_read_is_set_aside_with_the_reason() -> None:
    (aside,) = Story().committed().report(told.ReportUnreadable, why="not XML")

    assert aside == facts.MessageSetAside(source="test", message_key="m-1", why="not XML")


def test_what_comes_after_the_end_is_set_aside() -> None:
    story = Story().opened()
    story.tell(told.NoteNumberTaken, order_id=ORDER_ID)
    story.decide(DecisionKind.CANCEL)
    story.tell(told.EndPort, why=WHY)

    (aside,) = story.report(told.ReportLineReady, ready_at=STORY, host_line="x")

    assert isinstance(aside, facts.MessageSetAside)
    assert aside.why == "the line had ended"
    assert isinstance(story.state, Ended)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (told.ReportLineReady, {"ready_at": STORY, "host_line": "x"}),
        (told.ReportLineReleased, {"released_at": STORY}),
        (told.ReportRequestCancelled, {"cancelled_at": STORY}),
        (told.ReportOperatorRefused, {"step": Step.RELEASE_LINE, "key": "k", "code": "x"}),
        (told.ReportRefused, {"code": "R123", "refused_at": STORY}),
        (told.ReportAccepted, {"accepted_at": STORY, "commit_at": None}),
    ],
)
def test_what_does_not_fit_is_set_aside(kind: type[told.Report], fields: dict[str, object]) -> None:
    (aside,) = Story().committed().report(kind, **fields)

    assert isinstance(aside, facts.MessageSetAside)


def test_a_date_nobody_kept_is_raised_once_by_whoever_watches() -> None:
    story = Story().planned()
    story.tell(told.RaiseSilence)
    assert story.waits_for == [waiting.NOTHING_MOVES]
    assert not story.going.blocked

    with pytest.raises(PortRefusedError, match="RaiseSilence does not fit"):
        story.tell(told.RaiseSilence)
    story.decide(DecisionKind.RETRY)
    assert story.waits_for == []


def test_facts_of_other_streams_change_nothing() -> None:
    story = Story().opened()

    assert fold([*story.facts, line_opened()]) == story.state
    assert fold([line_opened()]) == NotOpened()


def test_a_switched_line_keeps_what_was_said_of_its_outage() -> None:
    story = Story().switched()

    assert isinstance(story.state, Switched)
    assert story.state.switched.judged == (WHY,)
