"""What comes late, twice, or about something that is over: it never drags a port backwards."""

from datetime import timedelta

import pytest

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import AttentionMoved, DecisionKind, DecisionRefusedError, Turn
from domain.port_dates import CancellationZone
from domain.port_in import PortRefusedError
from domain.port_in_awaited import awaited_by, due_of
from domain.port_in_facts import GateKind, Outcome, Step
from domain.port_in_people import CancellationRefusedError, closes_at, standing_zone
from domain.port_in_states import Accepted, AwaitingDonor, Committed, Gathering, Preparing, Undoing
from domain.said import Said
from tests.porting import MANDATE
from tests.unit.domain.port_in_story import Story, day

LETTER = Said(fr="une lettre", en="a letter")


def test_a_donors_yes_stands_though_the_reply_to_the_request_was_lost() -> None:
    story = Story().prepared()
    story.now = story.going.planned.plan.send_at if story.going.planned else story.now
    story.ask(Step.SEND_REQUEST)
    story.tell(told.HearNothing, step=Step.SEND_REQUEST)
    assert story.waits_for == [waiting.OPERATOR_SILENT]

    story.accept()

    assert story.waits_for == []
    assert isinstance(story.state, Accepted)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (told.HearRefused, {"step": Step.SEND_REQUEST, "code": "E603"}),
        (told.HearNothing, {"step": Step.SEND_REQUEST}),
        (told.HearTook, {"step": Step.SEND_REQUEST, "reference": "T-9"}),
        (told.HearInactive, {}),
        (told.HearNotWorking, {"code": "NO-DATA"}),
    ],
)
def test_an_answer_about_another_step_changes_nothing(
    kind: type[told.PortCommand], fields: dict[str, object]
) -> None:
    story = Story().requested()
    story.cancel()
    assert isinstance(story.state, Undoing)

    assert story.tell(kind, **fields) == ()
    assert isinstance(story.state, Undoing)


def test_trying_again_what_is_over_asks_for_nothing() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearNothing, step=Step.PREPARE_LINE)
    silent = story.going.attentions
    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")
    story.state = story.going.model_copy(update={"attentions": silent})

    taken = story.decide(DecisionKind.RETRY)

    assert not any(isinstance(event, facts.OperatorAsked) for event in taken)


def test_an_operators_no_to_an_earlier_request_is_set_aside() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    first = story.going.asks[Step.PREPARE_LINE].key
    story.report(told.ReportOperatorRefused, step=Step.PREPARE_LINE, key=first, code="NO-STOCK")
    story.decide(DecisionKind.RETRY)
    story.ask(Step.PREPARE_LINE)

    (aside,) = story.report(
        told.ReportOperatorRefused, step=Step.PREPARE_LINE, key=first, code="NO-STOCK"
    )

    assert isinstance(aside, facts.MessageSetAside)
    assert isinstance(story.state, Preparing)
    assert story.going.asks[Step.PREPARE_LINE].key != first


def test_a_ticket_of_a_request_that_is_over_is_not_the_next_ones() -> None:
    story = Story().ticketed()
    before = story.going.asks[Step.COMMIT_PORT].key

    story.report(told.ReportEligibilityLost, code="T401", lost_at=story.now)

    assert Step.COMMIT_PORT not in story.going.asks
    assert story.going.epoch(Step.COMMIT_PORT) == 1
    story.decide(DecisionKind.RETRY)
    story.plan()
    assert story.going.planned is not None
    story.now = story.going.planned.plan.send_at
    story.ask(Step.SEND_REQUEST)
    story.accept()
    story.now = getattr(story.state, "accepted").commit_at  # noqa: B009  of a stage
    story.ask(Step.COMMIT_PORT)
    assert story.going.asks[Step.COMMIT_PORT].key != before


def test_the_porting_ticket_does_not_leave_before_its_hour_whoever_is_asked_meanwhile() -> None:
    story = Story().requested()
    story.tell(told.RaiseSilence)
    story.accept()
    (question,) = story.going.attentions
    due = due_of(story.going)

    assert due is not None
    awaited = awaited_by(story.going)
    assert awaited is not None
    assert awaited.until == min(question.until, due.until)
    assert due.until == getattr(story.state, "accepted").commit_at  # noqa: B009  of a stage
    story.now = due.until - timedelta(seconds=1)
    with pytest.raises(PortRefusedError, match="AskOperator does not fit while the line is acc"):
        story.ask(Step.COMMIT_PORT)


def test_no_new_number_is_given_while_a_cancellation_is_being_decided() -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()
    story.cancel(needs=LETTER, needs_agreement=True, needs_until=story.now + timedelta(days=60))
    (gate,) = story.going.gates

    (moved,) = story.pass_time(gate.until, replaces=True)

    assert isinstance(moved, AttentionMoved)
    assert isinstance(story.state, Gathering)


def _form(story: Story, needs: Said | None) -> told.RequestCancellation:
    return told.RequestCancellation(
        decided_at=story.now,
        answer_by=story.now + timedelta(days=2),
        by="a colleague",
        needs=needs,
        needs_agreement=False,
        needs_until=story.now + timedelta(days=7),
        cost=(),
        keeps_number=False,
    )


def test_a_decision_to_cancel_takes_the_form_the_contract_asks_for() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    story.decide(DecisionKind.CANCEL, cancellation=_form(story, LETTER))

    assert story.waits_for == [waiting.GATES, waiting.CANCELLATION_PAPER]
    assert isinstance(story.state, Gathering)


def test_a_decision_to_cancel_past_the_customers_right_needs_the_agreement_too() -> None:
    story = Story("onecom", {"line": {"wish": "2027-01-27"}}).requested()
    story.pass_time(getattr(story.state, "answer_until"))  # noqa: B009  of a stage
    story.pass_time(getattr(story.state, "answer_until"))  # noqa: B009  of a stage
    assert standing_zone(story.going, story.now) is CancellationZone.AGREEMENT

    story.decide(DecisionKind.CANCEL, cancellation=_form(story, None))

    assert story.waits_for == [waiting.DONOR_SILENT, waiting.CANCELLATION_AGREEMENT]
    assert isinstance(story.state, AwaitingDonor)


def test_what_confirms_a_cancellation_is_not_waited_for_past_its_end() -> None:
    story = Story("technicophone", {"documents": [MANDATE]}).gathered()
    story.cancel(needs=LETTER)
    until = next(a.until for a in story.going.attentions if a.code == waiting.CANCELLATION_PAPER)

    story.now = until - timedelta(hours=1)
    story.decide(DecisionKind.REASSIGN, code=waiting.CANCELLATION_PAPER, turn=Turn.OPERATIONS)

    (paper,) = (a for a in story.going.attentions if a.code == waiting.CANCELLATION_PAPER)
    assert (paper.until, paper.turn) == (until, Turn.OPERATIONS)


def test_a_paper_that_comes_after_the_close_cancels_nothing() -> None:
    story = Story("technicophone", {"documents": [MANDATE]}).requested()
    story.cancel(needs=LETTER)
    closes = closes_at(story.going)
    assert closes is not None
    story.now = closes + timedelta(minutes=1)

    with pytest.raises(CancellationRefusedError, match="it can no longer be cancelled"):
        story.would_decide(
            DecisionKind.PROVIDE,
            code=waiting.CANCELLATION_PAPER,
            documents=(facts.HeldDocument(name="letter", on=day("2027-01-12")),),
        )


def test_a_dead_plan_closes_nothing() -> None:
    assert closes_at(Story().requested().going) is not None
    assert closes_at(Story().refused().going) is None


def test_a_port_given_up_after_its_ticket_cancels_nothing_at_the_donor() -> None:
    story = Story().committed()
    assert isinstance(story.state, Committed)
    story.tell(told.HearInactive)

    story.decide(DecisionKind.END)

    assert isinstance(story.state, Undoing)
    assert story.state.outcome is Outcome.REFUSED
    assert story.state.left == (Step.RELEASE_LINE,)


def test_a_question_is_not_put_off_into_the_past() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    with pytest.raises(DecisionRefusedError, match="until has passed already"):
        story.would_decide(DecisionKind.SNOOZE, until=story.now)


def test_a_paper_bears_a_day_that_has_come() -> None:
    story = Story("nexis", {"documents": []}).gathered()
    ahead = story.now.date() + timedelta(days=1)

    with pytest.raises(DecisionRefusedError, match="has not come yet"):
        story.would_decide(
            DecisionKind.PROVIDE, documents=(facts.HeldDocument(name="mandate", on=ahead),)
        )


def test_a_paper_says_by_itself_which_gate_it_opens() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    story.decide(
        DecisionKind.PROVIDE,
        documents=(facts.HeldDocument(name="identity", on=story.now.date()),),
    )

    assert [gate.kind for gate in story.going.gates] == [GateKind.MANDATE]


def test_a_report_about_a_step_never_asked_is_set_aside() -> None:
    story = Story().requested()
    assert isinstance(story.state, AwaitingDonor)

    (aside,) = story.report(
        told.ReportOperatorRefused, step=Step.SEND_REQUEST, key="another", code="E603"
    )

    assert isinstance(aside, facts.MessageSetAside)
