"""What people decide, and cancellations in their three zones (decision 24)."""

from datetime import datetime, timedelta

import pytest

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import DecisionKind, DecisionRefusedError, Turn
from domain.port_gates import go_ahead
from domain.port_in_facts import GateKind, Outcome, Step
from domain.port_in_people import CancellationRefusedError
from domain.port_in_states import Accepted, AwaitingDonor, Ended, Undoing
from domain.said import Said
from tests.porting import PARIS, STORY
from tests.unit.domain.port_in_story import WHY, Story, day

LETTER = Said(fr="une lettre", en="a letter")
AGREEMENT = Said(fr="un accord", en="an agreement")
CHOSEN = {"line": {"wish": "2027-01-27"}}
SECOND = timedelta(seconds=1)


def test_a_decision_that_nobody_asked_for_says_so() -> None:
    with pytest.raises(DecisionRefusedError, match="nothing waits for a decision here"):
        Story().planned().would_decide(DecisionKind.RETRY)


def test_a_decision_that_is_not_offered_names_those_that_are() -> None:
    with pytest.raises(DecisionRefusedError, match="donor-refused: end, cancel, snooze, reassign"):
        Story().refused("R322").would_decide(DecisionKind.RETRY)


def test_a_decision_that_answers_two_questions_must_name_one() -> None:
    papers = {"documents": [{"name": "mandate", "on": "2027-01-08"}], **CHOSEN}
    story = Story("technicophone", papers).requested()
    story.cancel(needs=LETTER)

    with pytest.raises(DecisionRefusedError, match="say which of presence, cancellation-paper"):
        story.would_decide(DecisionKind.PROVIDE)


def test_nothing_is_decided_about_a_line_that_has_ended() -> None:
    story = Story().planned()
    story.cancel()
    story.tell(told.EndPort, why=WHY)
    assert isinstance(story.state, Ended)

    with pytest.raises(DecisionRefusedError, match="the line has ended"):
        story.would_decide(DecisionKind.RETRY)


def test_a_question_is_put_off_until_a_date() -> None:
    story = Story().refused()
    later = story.now + timedelta(days=9)

    story.decide(DecisionKind.SNOOZE, until=later)

    assert story.going.attentions[0].until == later


def test_a_question_is_handed_to_somebody_else() -> None:
    story = Story().refused()

    story.decide(DecisionKind.REASSIGN, turn=Turn.CUSTOMER)

    assert story.going.attentions[0].turn is Turn.CUSTOMER


@pytest.mark.parametrize(
    ("decision", "hint"),
    [
        (DecisionKind.SNOOZE, "give until="),
        (DecisionKind.REASSIGN, "give turn="),
        (DecisionKind.CORRECT, "give rio="),
    ],
)
def test_a_decision_without_what_it_needs_says_what(decision: DecisionKind, hint: str) -> None:
    with pytest.raises(DecisionRefusedError, match=hint):
        Story().refused().would_decide(decision)


def test_a_postponement_needs_a_day() -> None:
    with pytest.raises(DecisionRefusedError, match="give day="):
        Story().refused("R212").would_decide(DecisionKind.POSTPONE)


def test_going_on_without_something_needs_a_reason() -> None:
    with pytest.raises(DecisionRefusedError, match="needs a reason"):
        Story("nexis", {"documents": []}).gathered().would_decide(DecisionKind.SKIP, reason=" ")


def test_a_document_that_is_not_the_one_is_refused() -> None:
    story = Story("onecom", {"documents": [{"name": "presence", "on": "2027-01-08"}]}).gathered()
    other = (facts.HeldDocument(name="invoice", on=day("2027-01-09")),)

    with pytest.raises(DecisionRefusedError, match="the gate mandate needs mandate"):
        story.would_decide(DecisionKind.PROVIDE, documents=other)


def test_which_gate_is_meant_must_be_said_when_there_are_several() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    with pytest.raises(DecisionRefusedError, match=r"gate=mandate \(mandate\), gate=identity"):
        story.would_decide(DecisionKind.PROVIDE)


@pytest.mark.parametrize("decision", [DecisionKind.PROVIDE, DecisionKind.SKIP])
def test_no_request_is_made_without_a_rio(decision: DecisionKind) -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()

    with pytest.raises(DecisionRefusedError, match="RIO"):
        story.would_decide(decision, gate=GateKind.RIO)


def test_what_cannot_be_undone_may_be_given_up() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.cancel()
    story.ask(Step.RELEASE_LINE)
    story.tell(told.HearNothing, step=Step.RELEASE_LINE)

    story.decide(DecisionKind.SKIP, reason="the card was destroyed")

    assert isinstance(story.state, Undoing)
    assert story.state.left == ()


def test_asking_again_for_what_was_only_a_question_asks_nothing_twice() -> None:
    story = Story().committed()
    story.tell(told.HearNothing, step=Step.CHECK_ACTIVE)

    _, cleared = story.decide(DecisionKind.RETRY)

    assert type(cleared).__name__ == "AttentionCleared"


# cancelling


def test_before_the_request_has_left_it_is_cancelled_at_once() -> None:
    story = Story().prepared()

    asked, begun = story.cancel()

    assert isinstance(asked, facts.CancellationAsked)
    assert asked.cost == (WHY,)
    assert begun == facts.UndoingBegun(
        outcome=Outcome.CANCELLED,
        why=Said(fr="annulé par the customer", en="cancelled by the customer"),
        steps=(Step.RELEASE_LINE,),
    )


def test_a_line_that_is_kept_is_not_given_back() -> None:
    story = Story().prepared()

    story.cancel(keeps_number=True)

    assert isinstance(story.state, Undoing)
    assert story.state.left == ()


def test_after_it_the_donor_is_told_first_and_the_line_given_back_after() -> None:
    story = Story("nexis", CHOSEN).accepted()

    story.cancel()
    story.ask(Step.CANCEL_REQUEST)
    story.report(told.ReportRequestCancelled, cancelled_at=story.now)
    story.ask(Step.RELEASE_LINE)
    story.report(told.ReportLineReleased, released_at=story.now)
    story.tell(told.EndPort, why=WHY)

    assert story.names()[-7:] == [
        "CancellationAsked",
        "UndoingBegun",
        "OperatorAsked",
        "RequestCancelled",
        "OperatorAsked",
        "LineReleased",
        "PortEnded",
    ]
    assert isinstance(story.state, Ended)
    assert story.state.ended.outcome is Outcome.CANCELLED


# nexis: until two jours ouvrés before the chosen day (004:122), a Wednesday: Monday at 24:00
WINDOW_CLOSES = datetime(2027, 1, 26, 0, 0, tzinfo=PARIS)
# the exchange: 20 h, two jours ouvrés before the chosen day (porting-and-access § 2.5)
EXCHANGE_CLOSES = datetime(2027, 1, 25, 20, 0, tzinfo=PARIS)


def test_the_exchange_closes_the_window_of_a_contract_that_outlives_it() -> None:
    story = Story("nexis", CHOSEN).accepted()
    assert WINDOW_CLOSES > EXCHANGE_CLOSES

    story.now = EXCHANGE_CLOSES
    story.cancel()
    late = Story("nexis", CHOSEN).accepted()
    late.now = EXCHANGE_CLOSES + SECOND

    assert isinstance(story.state, Undoing)
    with pytest.raises(CancellationRefusedError, match="exchange takes no cancellation after"):
        late.cancel()


def test_without_a_right_in_the_contract_an_agreement_is_needed_after_the_request() -> None:
    story = Story("onecom", CHOSEN).accepted()

    story.cancel()

    (attention,) = story.going.attentions
    assert (attention.code, attention.turn) == (waiting.CANCELLATION_AGREEMENT, Turn.PROVIDER)
    assert isinstance(story.state, Accepted)
    assert story.going.blocked


def test_an_agreement_given_cancels_and_one_refused_lets_the_port_go_on() -> None:
    given, refused = Story("onecom", CHOSEN).accepted(), Story("onecom", CHOSEN).accepted()
    given.cancel()
    refused.cancel()

    given.decide(DecisionKind.AGREE)
    refused.decide(DecisionKind.REFUSE, reason="the SIM has left")

    assert isinstance(given.state, Undoing)
    assert isinstance(refused.state, Accepted)
    assert refused.going.cancellation is None
    assert refused.waits_for == []


def test_the_form_a_contract_asks_for_makes_it_take_effect() -> None:
    story = Story("technicophone", CHOSEN).accepted()
    story.cancel(needs=LETTER)
    assert story.waits_for == [waiting.CANCELLATION_PAPER]
    with pytest.raises(DecisionRefusedError, match="document=letter"):
        story.would_decide(DecisionKind.PROVIDE)

    story.decide(
        DecisionKind.PROVIDE, documents=(facts.HeldDocument(name="letter", on=day("2027-01-15")),)
    )

    assert isinstance(story.state, Undoing)


def test_a_paper_that_does_not_come_in_time_lets_the_port_go_on() -> None:
    story = Story("technicophone", CHOSEN).accepted()
    story.cancel(needs=LETTER, needs_until=story.now + timedelta(days=1))

    story.pass_time(story.now + timedelta(days=1))

    assert isinstance(story.state, Accepted)
    assert story.going.cancellation is None
    assert story.waits_for == []


def test_a_request_may_be_dropped() -> None:
    story = Story("technicophone", CHOSEN).accepted()
    story.cancel(needs=LETTER)

    story.decide(DecisionKind.SKIP, reason="the customer changed their mind")

    assert story.going.cancellation is None


def test_a_cancellation_is_asked_for_once() -> None:
    story = Story("technicophone", CHOSEN).accepted()
    story.cancel(needs=LETTER)

    with pytest.raises(CancellationRefusedError, match="has been asked for already"):
        story.cancel(needs=LETTER)


def test_what_is_being_undone_is_not_cancelled_again() -> None:
    story = Story().prepared()
    story.cancel()

    with pytest.raises(CancellationRefusedError, match="being undone already"):
        story.cancel()


def test_after_the_porting_ticket_every_closing_is_named_with_its_clause() -> None:
    story = Story("axantis", CHOSEN).committed()

    with pytest.raises(CancellationRefusedError) as refused:
        story.cancel()

    why = str(refused.value)
    assert "the porting ticket has left" in why
    assert "ours ended Wednesday 13 January 2027 at 10:00" in why
    assert "customer ended Monday 25 January 2027 at 20:00" in why
    assert "003:145" in why


def test_a_ticket_on_its_way_closes_it_too() -> None:
    story = Story().accepted()
    assert isinstance(story.state, Accepted)
    story.now = story.state.accepted.commit_at
    story.ask(Step.COMMIT_PORT)

    with pytest.raises(CancellationRefusedError, match="the porting ticket has left"):
        story.cancel()


def test_a_donor_that_is_silent_past_the_close_is_ended_by_a_person_not_cancelled() -> None:
    story = Story().requested()
    for _ in range(2):
        assert isinstance(story.state, AwaitingDonor)
        story.pass_time(story.state.answer_until)

    with pytest.raises(CancellationRefusedError, match="agreement ended Wednesday 13 January"):
        story.would_decide(DecisionKind.CANCEL)
    story.decide(DecisionKind.END, reason="enough")

    assert isinstance(story.state, Undoing)
    assert story.state.left == (Step.CANCEL_REQUEST, Step.RELEASE_LINE)


def _fleet() -> Story:
    """One line of a fleet, gathered: somebody's word is asked for."""
    gate = go_ahead(25, "02", 20, until=STORY + timedelta(days=30), source="decision 22")
    story = Story()
    line = story.line
    story.tell(told.OpenPort, terms=line.terms, gates=(*line.gates, gate), stated=())
    story.tell(told.NoteNumberClaimed)
    story.tell(told.LookAtGates)
    return story


def test_a_fleet_waits_for_the_word_of_operations_and_is_asked_once() -> None:
    story = _fleet()
    (asked,) = story.going.attentions

    assert (asked.code, asked.turn) == (waiting.FLEET, Turn.OPERATIONS)
    assert asked.allowed == (DecisionKind.AGREE, DecisionKind.CANCEL)
    assert story.tell(told.LookAtGates) == ()


def test_a_fleet_goes_to_its_donor_on_that_word() -> None:
    story = _fleet()

    story.decide(DecisionKind.AGREE)
    story.tell(told.LookAtGates)

    assert story.names()[-4:] == ["DecisionTaken", "GateOpened", "AttentionCleared", "GatesPassed"]


def test_papers_and_the_word_for_a_fleet_are_two_questions() -> None:
    gate = go_ahead(25, None, 20, until=STORY + timedelta(days=30), source="decision 22")
    story = Story("nexis", {"documents": []})
    line = story.line
    story.tell(told.OpenPort, terms=line.terms, gates=(*line.gates, gate), stated=())
    story.tell(told.NoteNumberClaimed)
    story.tell(told.LookAtGates)

    assert [a.code for a in story.going.attentions] == [waiting.GATES, waiting.FLEET]
