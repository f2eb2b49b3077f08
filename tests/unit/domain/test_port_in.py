"""Given facts, when a command, then facts: one mobile number that comes in."""

from datetime import timedelta

import pytest

from domain import port_in_attention as waiting
from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.attention import DecisionKind, Turn
from domain.personal import Personal
from domain.port_in import PortRefusedError, ReportTooSoonError
from domain.port_in_awaited import step_of
from domain.port_in_facts import GateKind, Outcome, Step
from domain.port_in_states import (
    Accepted,
    AwaitingDonor,
    Claiming,
    Committed,
    Dating,
    Ended,
    Gathering,
    PortStage,
    Preparing,
    Refused,
    Undoing,
    Waiting,
    fold,
)
from domain.refusals import GPMAG_REFUSALS, NextStep
from tests.porting import MANDATE, ORDER_ID, STORY, rio_of
from tests.unit.domain.port_in_story import WHY, Story, day

ALL_CONFIRM = ("02", "03", "04")


def test_a_port_goes_from_its_claim_to_its_end_in_this_order_of_facts() -> None:
    story = Story().verified()
    for operator in ALL_CONFIRM:
        story.report(told.ReportConfirmed, operator=operator)
    story.tell(told.EndPort, why=WHY, service_started_at=story.now, service_start_source="ours")

    assert story.names() == [
        "PortOpened",
        "PortNumberClaimed",
        "GatesPassed",
        "PortPlanned",
        "OperatorAsked",
        "OperatorTook",
        "LineReady",
        "OperatorAsked",
        "OperatorTook",
        "PortAccepted",
        "OperatorAsked",
        "OperatorTook",
        "PortCommitted",
        "NumberFoundActive",
        "OperatorAsked",
        "LineSwitched",
        "LineVerified",
        "ConfirmationReceived",
        "ConfirmationReceived",
        "ConfirmationReceived",
        "PortEnded",
    ]
    assert isinstance(story.state, Ended)
    assert story.state.ended.outcome is Outcome.PORTED
    assert fold(story.facts) == story.state


def test_the_donors_contract_ends_for_this_number_when_its_line_goes_out() -> None:
    story = Story().verified()
    for operator in ALL_CONFIRM:
        story.report(told.ReportConfirmed, operator=operator)

    (ended,) = story.tell(told.EndPort, why=WHY)

    assert isinstance(ended, facts.PortEnded)
    assert ended.donor_contract_ended_at is not None
    assert ended.donor_contract_ended_at.isoformat() == "2027-01-15T08:30:00+01:00"


@pytest.mark.parametrize(
    "command",
    [told.NoteNumberClaimed, told.LookAtGates, told.HearInactive, told.RaiseSilence],
)
def test_nothing_is_obeyed_before_the_port_is_opened(command: type[told.PortCommand]) -> None:
    with pytest.raises(PortRefusedError, match="the line is notopened"):
        Story().would(command)


def test_a_port_is_opened_once() -> None:
    story = Story().opened()

    with pytest.raises(PortRefusedError, match="OpenPort does not fit while the line is claiming"):
        story.would(told.OpenPort, terms=story.line.terms, gates=(), stated=())


def test_a_command_that_does_not_fit_says_where_the_line_is() -> None:
    with pytest.raises(PortRefusedError, match="LookAtGates does not fit while the line is claim"):
        Story().opened().would(told.LookAtGates)


# the number


def test_a_number_another_order_moves_waits_for_a_person_who_may_try_again() -> None:
    story = Story().opened()
    story.tell(told.NoteNumberTaken, order_id=ORDER_ID)
    assert story.waits_for == [waiting.NUMBER_TAKEN]

    story.decide(DecisionKind.RETRY)

    assert isinstance(story.state, Claiming)
    assert story.waits_for == []
    assert not story.going.blocked


# gates


def test_nothing_missing_passes_the_gates_at_once() -> None:
    assert isinstance(Story().gathered().state, Dating)


def test_what_is_missing_is_asked_of_the_customer_in_one_question() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    (attention,) = story.going.attentions
    assert (attention.code, attention.turn) == (waiting.GATES, Turn.CUSTOMER)
    assert attention.detail == "mandate,identity"
    assert "the mandate signed by the end customer is missing" in attention.what.en
    assert story.tell(told.LookAtGates) == ()


def test_a_document_opens_its_gate_and_the_rest_is_asked_again() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    story.decide(
        DecisionKind.PROVIDE,
        gate=GateKind.MANDATE,
        documents=(facts.HeldDocument(name="mandate", on=day("2027-01-08")),),
    )
    story.tell(told.LookAtGates)

    (attention,) = story.going.attentions
    assert attention.detail == "identity"


def test_the_last_document_lets_the_port_go_on() -> None:
    story = Story("onecom", {"documents": [{"name": "presence", "on": "2027-01-08"}]}).gathered()

    story.decide(
        DecisionKind.PROVIDE,
        documents=(facts.HeldDocument(name="mandate", on=day("2027-01-08")),),
    )
    story.tell(told.LookAtGates)

    assert isinstance(story.state, Dating)
    assert story.going.documents[-1].name == "mandate"


def test_a_gate_skipped_keeps_its_reason() -> None:
    story = Story("onecom", {"documents": []}).gathered()

    taken, opened, _ = story.decide(DecisionKind.SKIP, gate=GateKind.MANDATE, reason="on its way")

    assert opened == facts.GateOpened(kind=GateKind.MANDATE, skipped="on its way")
    assert getattr(taken, "given") == {"gate": "mandate"}  # noqa: B009  of the decision


def test_time_opens_the_gate_of_withdrawal() -> None:
    small = {"headcount": 5, "off_premises": True, "within_main_activity": False}
    story = Story("axantis", {"customer": small}).gathered()
    assert isinstance(story.state, Gathering)
    assert story.waits_for == []
    (gate,) = story.going.gates

    story.now = gate.until
    story.tell(told.LookAtGates)

    assert gate.until.isoformat() == "2027-01-23T00:00:00+01:00"  # 14 days from 8 January, at 24:00
    assert isinstance(story.state, Dating)


def test_a_rio_that_comes_opens_its_gate() -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()
    rio = Personal(subject=story.going.terms.msisdn.subject, value="x")

    story.decide(DecisionKind.PROVIDE, gate=GateKind.RIO, rio=rio, donor="02")

    assert (story.going.rio, story.going.donor) == (rio, "02")
    assert story.going.gate(GateKind.RIO) is None


def test_gates_left_closed_give_a_new_number_where_the_contract_says_so() -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()

    story.pass_time(story.going.attentions[0].until, replaces=True)

    assert isinstance(story.state, Undoing)
    assert (story.state.outcome, story.state.left) == (Outcome.REPLACED, ())


def test_elsewhere_gates_left_closed_go_up_to_somebody() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    story.pass_time(story.going.attentions[0].until)

    (attention,) = story.going.attentions
    assert attention.turn is Turn.SUPERVISOR
    assert isinstance(story.state, Gathering)


# dates


def test_a_day_that_can_no_longer_be_is_chosen_again() -> None:
    story = Story().gathered()
    story.tell(told.RefuseDates, wished=day("2027-01-12"), first=day("2027-01-15"), why=WHY)
    assert story.waits_for == [waiting.DATE]
    assert story.going.attentions[0].detail == "2027-01-15"

    story.decide(DecisionKind.POSTPONE, day=day("2027-01-19"))
    story.plan()

    assert story.going.planned is not None
    assert story.going.planned.plan.port_day == day("2027-01-19")


def test_a_second_plan_says_which_day_it_moves() -> None:
    story = Story().prepared()
    story.now += timedelta(days=14)

    (planned,) = story.plan()

    assert isinstance(planned, facts.PortPlanned)
    assert planned.moved_from == day("2027-01-15")
    assert planned.because is not None
    assert planned.because.en == (
        "the port day moves from Friday 15 January 2027 to Wednesday 27 January 2027: "
        "the request's session was missed"
    )
    assert isinstance(story.state, Waiting)


def test_the_same_day_planned_again_moves_nothing() -> None:
    story = Story("technicophone", {"line": {"wish": "2027-02-10"}}).prepared()

    (planned,) = story.plan()

    assert isinstance(planned, facts.PortPlanned)
    assert (planned.moved_from, planned.because) == (None, None)


# operators


def test_an_intent_is_recorded_once_for_its_key() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)

    assert story.ask(Step.PREPARE_LINE) == ()


def test_a_definite_no_waits_for_a_person_and_is_asked_again_under_another_key() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    first = story.going.asks[Step.PREPARE_LINE].key
    story.tell(told.HearRefused, step=Step.PREPARE_LINE, code="E12")
    assert story.waits_for == [waiting.OPERATOR_REFUSED]

    story.decide(DecisionKind.RETRY)
    story.ask(Step.PREPARE_LINE)

    assert story.going.asks[Step.PREPARE_LINE].key != first
    assert story.going.asks[Step.PREPARE_LINE].epoch == 1


def test_silence_waits_for_a_person_and_is_asked_again_under_the_same_key() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    first = story.going.asks[Step.PREPARE_LINE].key
    story.tell(told.HearNothing, step=Step.PREPARE_LINE)
    assert story.waits_for == [waiting.OPERATOR_SILENT]

    story.decide(DecisionKind.RETRY)

    again = story.going.asks[Step.PREPARE_LINE]
    assert (again.key, again.reference) == (first, None)
    assert again.until == story.now + timedelta(days=2)


def test_an_answer_that_comes_after_all_clears_the_question() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearNothing, step=Step.PREPARE_LINE)

    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")

    assert isinstance(story.state, Waiting)
    assert story.waits_for == []


@pytest.mark.parametrize("answer", [told.HearTook, told.HearRefused])
def test_an_answer_to_what_was_never_asked_changes_nothing(answer: type) -> None:
    story = Story().planned()
    fields = {"reference": "x"} if answer is told.HearTook else {"code": "x"}

    assert story.tell(answer, step=Step.PREPARE_LINE, **fields) == ()


def test_an_operator_that_takes_it_twice_is_noted_once() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearTook, step=Step.PREPARE_LINE, reference="a")

    assert story.tell(told.HearTook, step=Step.PREPARE_LINE, reference="b") == ()


def test_a_refusal_told_later_is_a_refusal() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)

    key = story.going.asks[Step.PREPARE_LINE].key
    story.report(told.ReportOperatorRefused, step=Step.PREPARE_LINE, key=key, code="NO-STOCK")

    assert story.waits_for == [waiting.OPERATOR_REFUSED]
    assert isinstance(story.state, Preparing)


def test_a_refused_ticket_brings_the_port_back_to_where_it_waited() -> None:
    story = Story().prepared()
    story.ask(Step.SEND_REQUEST)

    story.tell(told.HearRefused, step=Step.SEND_REQUEST, code="E206")

    assert isinstance(story.state, Waiting)


def test_a_porting_ticket_that_is_refused_can_only_be_tried_again() -> None:
    story = Story().ticketed()

    story.tell(told.HearRefused, step=Step.COMMIT_PORT, code="E603")

    assert story.going.attentions[0].allowed == (DecisionKind.RETRY,)
    assert isinstance(story.state, Accepted)


def test_nothing_is_asked_of_an_operator_while_a_person_is() -> None:
    story = Story().planned()
    story.ask(Step.PREPARE_LINE)
    story.tell(told.HearRefused, step=Step.PREPARE_LINE, code="E12")

    with pytest.raises(PortRefusedError, match="AskOperator does not fit"):
        story.ask(Step.PREPARE_LINE)


def test_a_request_that_has_waited_is_checked_again_before_it_is_sent() -> None:
    """Decision 23: the day lies beyond the horizon of 60 days."""
    story = Story("axantis", {"line": {"wish": "2027-06-15"}}).prepared()
    assert step_of(story.going) is Step.CHECK_ACTIVE

    story.tell(told.HearInactive)
    assert story.waits_for == [waiting.INACTIVE]
    story.decide(DecisionKind.RETRY)
    story.tell(told.HearActive, suspended=False)

    assert step_of(story.going) is Step.SEND_REQUEST


# the donor


@pytest.mark.parametrize("code", sorted(GPMAG_REFUSALS))
def test_every_refusal_waits_with_its_cause_its_remedy_and_what_may_be_decided(code: str) -> None:
    story = Story().refused(code)

    (attention,) = story.going.attentions
    known = GPMAG_REFUSALS[code]
    assert isinstance(story.state, Refused)
    assert (attention.code, attention.detail) == (waiting.DONOR_REFUSED, code)
    assert known.cause.en in attention.what.en
    assert known.remedy.fr in attention.what.fr
    assert DecisionKind.END in attention.allowed
    ends = known.next_step is NextStep.END
    assert (attention.allowed == (DecisionKind.END, DecisionKind.CANCEL)) is ends


def test_a_code_nobody_knows_never_closes_a_port_by_itself() -> None:
    story = Story().refused("R999")

    assert story.waits_for == [waiting.DONOR_REFUSED]
    assert DecisionKind.RETRY in story.going.attentions[0].allowed


def test_a_refused_request_is_corrected_and_sent_again_under_another_key() -> None:
    story = Story("axantis", {"line": {"wish": "2027-01-29"}}).refused()
    rio = story.going.terms.msisdn.__class__(
        subject=story.going.terms.msisdn.subject, value=rio_of(prefix="03E123456")
    )

    story.decide(DecisionKind.CORRECT, rio=rio, donor="03")
    story.plan()
    story.ask(Step.SEND_REQUEST)

    assert isinstance(story.state, AwaitingDonor)
    assert story.going.asks[Step.SEND_REQUEST].epoch == 1
    assert (story.going.rio, story.going.donor) == (rio, "03")


def test_only_the_date_wrong_another_is_chosen_and_sent() -> None:
    story = Story().refused("R212")

    story.decide(DecisionKind.POSTPONE, day=day("2027-01-29"))

    assert isinstance(story.state, Dating)
    assert story.going.wished == day("2027-01-29")
    (planned,) = story.plan()
    assert isinstance(planned, facts.PortPlanned)
    assert planned.because is not None
    assert planned.because.en.endswith("Friday 29 January 2027: another day was chosen")


@pytest.mark.parametrize(
    ("outcome", "undone"),
    [(Outcome.REFUSED, (Step.RELEASE_LINE,)), (Outcome.REPLACED, ())],
)
def test_what_cannot_be_ported_stays_or_is_replaced_by_contract(
    outcome: Outcome, undone: tuple[Step, ...]
) -> None:
    story = Story().refused("R322")

    story.decide(DecisionKind.END, replaces=outcome is Outcome.REPLACED)

    assert isinstance(story.state, Undoing)
    assert (story.state.outcome, story.state.left) == (outcome, undone)


def test_a_request_made_again_says_which_refusal_moved_its_day() -> None:
    story = Story().refused("R123")
    story.now += timedelta(days=5)
    story.decide(DecisionKind.RETRY)

    (planned,) = story.plan()

    assert isinstance(planned, facts.PortPlanned)
    assert planned.because is not None
    assert planned.because.en.endswith("R123: the RIO is wrong for this number")


def test_a_donor_is_reminded_though_presence_is_still_asked_for() -> None:
    story = Story("onecom", {"documents": [MANDATE]}).requested()
    assert isinstance(story.state, AwaitingDonor)
    assert story.waits_for == [waiting.PRESENCE]

    story.pass_time(story.state.answer_until)  # nobody has said so in time: it goes up
    (reminded,) = story.pass_time(story.state.answer_until)

    assert isinstance(reminded, facts.DonorReminded)


def test_a_silent_donor_is_reminded_once_then_somebody_is_told() -> None:
    story = Story().requested()
    assert isinstance(story.state, AwaitingDonor)
    assert story.pass_time() == ()

    (reminded,) = story.pass_time(story.state.answer_until)
    assert isinstance(reminded, facts.DonorReminded)
    story.pass_time(reminded.until)

    assert story.waits_for == [waiting.DONOR_SILENT]
    story.decide(DecisionKind.RETRY)
    assert story.waits_for == []
    assert story.going.stage is PortStage.AWAITING_DONOR


def test_an_answer_counts_however_late_it_comes() -> None:
    story = Story().requested()
    assert isinstance(story.state, AwaitingDonor)
    story.pass_time(story.state.answer_until)
    assert isinstance(story.state, AwaitingDonor)
    story.pass_time(story.state.answer_until)

    story.accept()

    assert isinstance(story.state, Accepted)
    assert story.waits_for == []


def test_an_answer_that_overtakes_its_request_is_looked_at_later() -> None:
    with pytest.raises(ReportTooSoonError, match="answered before the request"):
        Story().prepared().report(told.ReportRefused, code="R123", refused_at=STORY)


def test_eligibility_lost_before_the_port_waits_for_a_person() -> None:
    story = Story().accepted()

    story.report(told.ReportEligibilityLost, code="C002", lost_at=story.now)

    assert isinstance(story.state, Refused)
    assert story.waits_for == [waiting.ELIGIBILITY_LOST]


def test_eligibility_lost_after_the_porting_ticket_is_set_aside() -> None:
    (aside,) = Story().committed().report(told.ReportEligibilityLost, code="C002", lost_at=STORY)

    assert isinstance(aside, facts.MessageSetAside)
    assert "too late: Committed" in aside.why


def test_an_internal_transfer_has_no_tickets() -> None:
    story = Story("axantis", {"line": {"rio": rio_of(prefix="01E123456")}}).prepared()
    assert story.going.internal

    story.tell(told.AcceptInternally, commit_at=story.now)
    story.tell(told.CommitPort, reference=None, confirmers=())

    assert isinstance(story.state, Committed)
    assert story.state.missing == ()
    assert Step.SEND_REQUEST not in story.going.asks
