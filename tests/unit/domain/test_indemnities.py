"""What may be decided about an indemnity, and which facts follow: given events, when, then."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain import indemnities as told
from domain import indemnity_facts as facts
from domain.attention import (
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    Turn,
)
from domain.event import Event
from domain.identity import line_id_for
from domain.indemnities import IndemnityCommand, IndemnityRefusedError, decide
from domain.indemnity_explained import explain_indemnity
from domain.indemnity_facts import (
    Assessment,
    Ending,
    Givens,
    Head,
    Party,
    Share,
    indemnity_id_for,
    indemnity_of_stream,
    indemnity_stream,
)
from domain.indemnity_questions import Question, QuestionAbout
from domain.indemnity_states import (
    Closed,
    Counting,
    Evidence,
    IndemnityState,
    KnownIndemnity,
    NotOpened,
    Payable,
    Unasked,
    awaited_by,
    due_of,
    evolve,
    fold,
)
from tests.builders import line_opened
from tests.indemnities import (
    AT_STAGE,
    WHY,
    assessed,
    assessment,
    of_the_donor,
    opened,
    question,
    requested,
)
from tests.porting import ORDER_ID, STORY, paris

LATER = paris("2027-01-14T00:00:00")
NOTHING = Decimal("0.00")


def at_stage(stage: str, *more: Event) -> KnownIndemnity:
    state = fold((opened(), *AT_STAGE[stage], *more))
    assert not isinstance(state, NotOpened)
    return state


def command(kind: type[IndemnityCommand], at: datetime = STORY, **fields: Any) -> IndemnityCommand:  # noqa: ANN401
    return kind(decided_at=at, answer_by=LATER, **fields)


def then(state: IndemnityState, kind: type[IndemnityCommand], **fields: Any) -> list[str]:  # noqa: ANN401
    return [type(event).__name__ for event in decide(command(kind, **fields), state)]


def after(state: IndemnityState, kind: type[IndemnityCommand], **fields: Any) -> KnownIndemnity:  # noqa: ANN401
    for event in decide(command(kind, **fields), state):
        state = evolve(state, event)  # type: ignore[arg-type]  # of the aggregate
    assert not isinstance(state, NotOpened)
    return state


NOTE: dict[str, Any] = {"evidence_until": LATER, "request_until": LATER}
HAND: dict[str, Any] = {"by": "operations", "on": date(2027, 1, 9), "how": "email"}
ASK: dict[str, Any] = {
    "by": "finance",
    "on": date(2027, 1, 9),
    "due_on": date(2027, 2, 8),
    "due_until": paris("2027-02-09T00:00:00"),
    "source": "ours: decision 37",
}


def pay(amount: str = "7.96", reference: str = "CN-1") -> dict[str, Any]:
    return {
        "by": "finance",
        "on": date(2027, 1, 9),
        "amount": Decimal(amount),
        "reference": reference,
    }


def answer(decision: DecisionKind = DecisionKind.PROVIDE, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    kept = {"by": "ops", "about": None, "reason": "because", "givens": Givens()}
    return {"decision": decision, **kept, **more}


# opening


def test_what_is_shown_twice_is_opened_once() -> None:
    opening = {"terms": opened().terms, "shown_by": WHY}

    assert then(NotOpened(), told.OpenIndemnity, **opening) == ["IndemnityOpened"]
    assert then(at_stage("counting"), told.OpenIndemnity, **opening) == []


def test_nothing_can_be_decided_about_one_there_is_not() -> None:
    with pytest.raises(IndemnityRefusedError, match="no such indemnity"):
        decide(command(told.PassTime), NotOpened())
    assert fold((line_opened(),)) == NotOpened()
    assert evolve(NotOpened(), requested()) == NotOpened()
    assert awaited_by(NotOpened()) is None
    assert due_of(NotOpened()) is None


def test_a_command_of_another_kind_is_a_fault() -> None:
    with pytest.raises(TypeError):
        decide(command(IndemnityCommand), at_stage("counting"))


# worked out


@pytest.mark.parametrize(
    ("found", "stage"),
    [
        (assessment(), Unasked),
        (of_the_donor(), Evidence),
        (assessment(shares=of_the_donor().shares), Evidence),
        (assessment(NOTHING, shares=()), Closed),
    ],
)
def test_what_is_worked_out_says_what_comes_next(
    found: Assessment, stage: type[IndemnityState]
) -> None:
    state = after(at_stage("counting"), told.NoteAssessment, assessment=found, **NOTE)

    assert type(state) is stage
    assert state.owed == found.ours


def test_nothing_is_worked_out_while_somebody_is_asked_or_twice() -> None:
    note = {"assessment": assessment(), **NOTE}

    assert then(at_stage("asking"), told.NoteAssessment, **note) == []
    assert then(at_stage("payable"), told.NoteAssessment, **note) == []
    asked = Question(about=QuestionAbout.PRICE, what=WHY)
    assert then(at_stage("counting"), told.AskPerson, question=asked) == ["AttentionRaised"]
    assert then(at_stage("asking"), told.AskPerson, question=asked) == []


def test_one_asked_for_before_it_was_worked_out_is_payable_at_once() -> None:
    before = after(at_stage("counting"), told.Ask, **ASK)
    assert isinstance(before, Counting)

    state = after(before, told.NoteAssessment, assessment=assessment(), **NOTE)
    unsigned = assessment(may_be_paid=False)
    other = after(before, told.NoteAssessment, assessment=unsigned, **NOTE)

    assert isinstance(state, Payable)
    assert [a.code for a in other.attentions] == ["reading-unsigned"]


# dates


@pytest.mark.parametrize(
    ("stage", "at", "facts_then"),
    [
        ("counting", "2030-01-01T00:00:00", []),
        ("evidence", "2027-01-31T00:00:00", []),
        ("evidence", "2027-02-01T00:00:00", ["AttentionRaised"]),
        ("awaiting-request", "2028-01-17T00:00:00", []),
        ("awaiting-request", "2028-01-18T00:00:00", ["IndemnityClosed"]),
        ("payable", "2027-02-08T00:00:00", []),
        ("payable", "2027-02-09T00:00:00", ["AttentionRaised"]),
        ("asking", "2027-01-12T00:00:00", ["AttentionMoved"]),
    ],
)
def test_each_silence_has_its_own_consequence(stage: str, at: str, facts_then: list[str]) -> None:
    state = at_stage(stage)

    assert then(state, told.PassTime, at=paris(at)) == facts_then


def test_a_reminder_is_raised_once_and_then_goes_up() -> None:
    late = paris("2027-02-09T00:00:00")
    state = at_stage("payable")
    (raised,) = decide(command(told.PassTime, at=late), state)
    assert isinstance(raised, AttentionRaised)

    state = at_stage("payable", raised)
    found = decide(command(told.PassTime, at=late), state)

    assert due_of(state) is None
    assert [type(event) for event in found] == [AttentionMoved]
    assert getattr(found[0], "turn") is Turn.SUPERVISOR  # noqa: B009  of the fact
    gone_up = at_stage("payable", raised, found[0])
    assert then(gone_up, told.PassTime, at=paris("2029-01-01T00:00:00")) == []


def test_what_is_awaited_is_the_first_of_all() -> None:
    awaited = [awaited_by(at_stage(stage)) for stage in ("evidence", "payable", "asking")]

    assert [one and one.what.en for one in awaited] == [
        "the evidence to reach the customer",
        "the payment",
        "the port was late",
    ]
    assert awaited_by(at_stage("counting")) is None


def test_a_new_visit_is_waited_for_until_it_is_known() -> None:
    until = paris("2027-02-20T00:00:00")
    visit = opened().model_copy(update={"look_until": until})
    given = facts.IndemnityDataGiven(
        givens=Givens(back_on=date(2027, 1, 16)), by="ops", reason="report"
    )

    assert due_of(fold((visit,))) == until
    assert due_of(fold((visit, given))) is None
    assert then(fold((visit,)), told.PassTime, at=until) == []


# people answer


def test_what_is_asked_is_given_and_nothing_else() -> None:
    state = at_stage("asking")

    kept = after(
        state,
        told.Answer,
        **answer(givens=Givens(responsible=Party.DONOR, monthly_ttc=Decimal("10.00"))),
    )

    assert (kept.givens.responsible, kept.givens.monthly_ttc) == (Party.DONOR, None)
    assert not kept.blocked
    assert then(state, told.Answer, **answer(givens=Givens(responsible=Party.US))) == [
        "DecisionTaken",
        "AttentionCleared",
        "IndemnityDataGiven",
    ]


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        (answer(), "responsible=donor"),
        (answer(reason=" "), "needs a reason"),
        (answer(DecisionKind.SNOOZE), "say until when"),
        (answer(DecisionKind.SNOOZE, until=STORY), "say until when"),
        (answer(DecisionKind.REASSIGN), "say whose turn"),
        (answer(DecisionKind.REASSIGN, turn=Turn.CUSTOMER, until=STORY), "still to come"),
    ],
)
def test_what_a_decision_lacks_is_said(fields: dict[str, Any], match: str) -> None:
    with pytest.raises(IndemnityRefusedError, match=match):
        decide(command(told.Answer, **fields), at_stage("asking"))


def test_what_is_not_asked_cannot_be_decided() -> None:
    with pytest.raises(DecisionRefusedError):
        decide(command(told.Answer, **answer(DecisionKind.END)), at_stage("asking"))


def test_a_question_may_be_snoozed_or_handed_on() -> None:
    state = at_stage("asking")

    later = after(state, told.Answer, **answer(DecisionKind.SNOOZE, until=LATER))
    handed = after(state, told.Answer, **answer(DecisionKind.REASSIGN, turn=Turn.CUSTOMER))

    assert later.attentions[0].until == LATER
    assert (handed.attentions[0].turn, handed.blocked) == (Turn.CUSTOMER, True)


def test_answers_to_several_questions_are_kept_side_by_side() -> None:
    state = at_stage("asking")
    state = after(state, told.Answer, **answer(givens=Givens(responsible=Party.US)))
    asked = question(QuestionAbout.PRICE)
    state = evolve(state, asked)  # type: ignore[assignment]  # still one that is known

    state = after(state, told.Answer, **answer(givens=Givens(monthly_ttc=Decimal("9.90"))))

    assert state.givens == Givens(responsible=Party.US, monthly_ttc=Decimal("9.90"))


def _unsigned() -> KnownIndemnity:
    state = fold((opened(), assessed(assessment(may_be_paid=False))))
    return after(state, told.Ask, **ASK)


def test_an_unsigned_reading_is_asked_about_and_worked_out_again_or_declined() -> None:
    state = _unsigned()
    assert [a.code for a in state.attentions] == ["reading-unsigned"]
    assert due_of(state) is None

    again = after(state, told.Answer, **answer(DecisionKind.RETRY))
    declined = after(state, told.Answer, **answer(DecisionKind.END))

    assert (type(again), again.owed, again.attentions) == (Counting, NOTHING, ())
    assert isinstance(declined, Closed)
    assert (declined.ended.ending, declined.balance) == (Ending.DECLINED, NOTHING)


def test_what_another_owes_is_handed_over_whatever_becomes_of_an_unsigned_reading() -> None:
    """Three days ours under a reading nobody signed, two the donor's."""
    ours = Share(party=Party.US, days=3, amount=Decimal("7.96"))
    both = assessment(may_be_paid=False, shares=(ours, *of_the_donor().shares))
    asked = after(fold((opened(), assessed(both))), told.Ask, **ASK)
    assert [a.code for a in asked.attentions] == ["reading-unsigned"]
    assert due_of(asked) == paris("2027-02-01T00:00:00")

    state = after(asked, told.Answer, **answer(DecisionKind.END))

    assert isinstance(state, Evidence)
    assert (state.owed, state.attentions) == (NOTHING, ())
    assert [share.amount for share in state.assessed.assessment.shares] == [NOTHING, None]
    assert "not owed: because" in {said.en for said in explain_indemnity(state).because}
    assert due_of(state) == paris("2027-02-01T00:00:00")
    handed = after(state, told.HandOver, **HAND)
    assert isinstance(handed, Closed)
    assert handed.ended.ending is Ending.HANDED_OVER


def test_a_rule_that_cannot_be_worked_out_is_retried_or_declined() -> None:
    state = fold((opened(), question(QuestionAbout.FORMULA)))

    assert then(state, told.Answer, **answer(DecisionKind.RETRY)) == [
        "DecisionTaken",
        "AttentionCleared",
    ]
    assert isinstance(after(state, told.Answer, **answer(DecisionKind.END)), Closed)


# money


def test_what_is_paid_in_parts_is_closed_with_the_last() -> None:
    state = after(at_stage("payable"), told.Pay, **pay("5.00"))
    assert (type(state), state.balance) == (Payable, Decimal("2.96"))

    state = after(state, told.Pay, **pay("2.96", "CN-2"))

    assert isinstance(state, Closed)
    assert (state.ended.ending, state.ended.why.en) == (Ending.PAID, "paid")


def test_a_payment_clears_its_reminder() -> None:
    (raised,) = decide(command(told.PassTime, at=paris("2027-02-09T00:00:00")), at_stage("payable"))

    assert then(at_stage("payable", raised), told.Pay, **pay()) == [
        "IndemnityPaid",
        "AttentionCleared",
        "IndemnityClosed",
    ]


def test_what_is_paid_too_much_is_shown_to_be_claimed_back() -> None:
    state = after(at_stage("payable"), told.Pay, **pay("10.00"))

    assert isinstance(state, Closed)
    assert state.to_claim_back == Decimal("2.04")
    assert "2.04 € too much, to claim back" in state.ended.why.en
    twice = after(state, told.Pay, **pay("10.00", "CN-2"))
    assert twice.to_claim_back == Decimal("12.04")


@pytest.mark.parametrize("amount", ["5.00", "7.96"])
def test_a_payment_said_again_is_one_and_its_reference_is_no_others(amount: str) -> None:
    state = after(at_stage("payable"), told.Pay, **pay(amount))

    assert then(state, told.Pay, **pay(amount)) == []
    refused = "CN-1 is recorded already, for .* € on Saturday 9 January 2027"
    with pytest.raises(IndemnityRefusedError, match=refused):
        decide(command(told.Pay, **pay("1.00")), state)
    with pytest.raises(IndemnityRefusedError, match=refused):
        decide(command(told.Pay, **{**pay(amount), "on": date(2027, 1, 8)}), state)


@pytest.mark.parametrize(
    ("state", "amount", "match"),
    [
        (at_stage("counting"), "7.96", "nothing of it is owed"),
        (at_stage("evidence"), "7.96", "nothing of it is owed"),
        (at_stage("awaiting-request"), "7.96", "nobody has asked for it"),
        (at_stage("payable"), "0.00", "give the amount"),
        (_unsigned(), "7.96", "not signed"),
    ],
)
def test_what_may_not_be_paid_says_why(state: KnownIndemnity, amount: str, match: str) -> None:
    with pytest.raises(IndemnityRefusedError, match=match):
        decide(command(told.Pay, **pay(amount)), state)


@pytest.mark.parametrize(
    ("state", "match"),
    [
        (at_stage("payable"), "asked for already, on Saturday 9 January 2027"),
        (at_stage("evidence"), "nothing of it is owed by us"),
        (after(at_stage("evidence"), told.HandOver, **HAND), "nothing of it is owed by us"),
    ],
)
def test_what_cannot_be_asked_for_says_why(state: KnownIndemnity, match: str) -> None:
    with pytest.raises(IndemnityRefusedError, match=match):
        decide(command(told.Ask, **ASK), state)


def test_one_that_rests_is_opened_again_by_a_request() -> None:
    rested = after(at_stage("awaiting-request"), told.PassTime, at=paris("2028-01-18T00:00:00"))
    assert isinstance(rested, Closed)
    assert rested.ended.ending is Ending.UNASKED

    assert isinstance(after(rested, told.Ask, **ASK), Payable)


# evidence


def test_evidence_is_handed_over_and_then_what_we_owe_is_awaited() -> None:
    both = assessment(shares=of_the_donor().shares)
    state = fold((opened(), assessed(both)))

    handed = after(state, told.HandOver, **HAND)
    alone = after(at_stage("evidence"), told.HandOver, **HAND)

    assert isinstance(handed, Unasked)
    assert isinstance(alone, Closed)
    assert alone.ended.ending is Ending.HANDED_OVER


def test_evidence_nobody_owes_cannot_be_handed_over() -> None:
    with pytest.raises(IndemnityRefusedError, match="it is payable"):
        decide(command(told.HandOver, **HAND), at_stage("payable"))


def test_a_share_of_ours_may_be_paid_while_evidence_is_still_owed() -> None:
    both = assessment(shares=of_the_donor().shares)
    state = fold((opened(), assessed(both), requested()))
    assert isinstance(state, Evidence)

    state = after(state, told.Pay, **pay())
    assert isinstance(state, Evidence)
    state = after(state, told.HandOver, **HAND)

    assert isinstance(state, Closed)
    assert state.ended.ending is Ending.PAID


# names, words


def test_the_same_line_and_head_are_the_same_indemnity() -> None:
    line = line_id_for(ORDER_ID, number=1)
    visits = [
        indemnity_id_for(line, Head.APPOINTMENT, missed_on=date(2027, 1, day)) for day in (9, 10)
    ]
    delay = indemnity_id_for(line, Head.DELAY)

    assert delay == indemnity_id_for(line, Head.DELAY)
    assert len({delay, indemnity_id_for(line, Head.LOSS), *visits}) == 4
    assert indemnity_of_stream(indemnity_stream(delay)) == delay
    assert indemnity_of_stream(indemnity_stream(delay).replace("indemnity", "line")) is None  # type: ignore[arg-type]  # any text


def test_one_that_is_not_worked_out_says_what_is_asked() -> None:
    found = explain_indemnity(at_stage("asking"))

    assert [said.en for said in found.because][1:] == [
        "not worked out yet: the port is not over, or an answer is awaited",
        "asked: the port was late",
    ]
    assert (found.source, found.may_be_paid, found.monthly_ttc) == (None, None, Decimal("19.90"))


def test_evidence_that_was_handed_over_is_said() -> None:
    found = explain_indemnity(after(at_stage("evidence"), told.HandOver, **HAND))

    assert "evidence handed to the customer on Saturday 9 January 2027 (email)" in {
        said.en for said in found.because
    }


def test_an_assessment_without_words_is_entered_with_what_showed_it() -> None:
    state = fold((opened(), assessed(assessment(because=()))))

    assert not isinstance(state, NotOpened)
    assert state.entries[0].because == WHY


def test_a_process_that_is_stuck_is_raised_once_and_over_when_it_moves() -> None:
    state = at_stage("payable")
    (raised,) = decide(command(told.RaiseSilence), state)
    stuck = at_stage("payable", raised)

    assert [a.code for a in stuck.attentions] == ["nothing-moves"]
    assert then(stuck, told.RaiseSilence) == []
    assert then(stuck, told.Answer, **answer(DecisionKind.RETRY)) == [
        "DecisionTaken",
        "AttentionCleared",
    ]
    assert then(stuck, told.PassTime, at=LATER) == ["AttentionMoved", "AttentionCleared"]
    paid = after(state, told.Pay, **pay())
    assert then(paid, told.RaiseSilence) == []
