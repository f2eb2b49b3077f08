"""Nothing is ever changed: a mistake is undone by its equal, and worked out anew."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain import indemnities as told
from domain.indemnities import IndemnityRefusedError, decide
from domain.indemnity_explained import explain_indemnity
from domain.indemnity_facts import Ending, Givens
from domain.indemnity_states import Closed, Counting, Payable
from tests.indemnities import SUM, assessment
from tests.unit.domain.test_indemnities import NOTE, NOTHING, after, at_stage, command, pay

CORRECT: dict[str, Any] = {
    "by": "finance",
    "reason": "report 12",
    "givens": Givens(back_on=date(2027, 1, 16)),
}


@pytest.mark.parametrize("stage", ["awaiting-request", "payable", "evidence"])
def test_a_correction_undoes_by_the_equal_and_counts_again(stage: str) -> None:
    state = after(at_stage(stage), told.Correct, **CORRECT)

    assert isinstance(state, Counting)
    assert state.owed == NOTHING
    assert len(state.entries) == 2
    assert state.givens.back_on == date(2027, 1, 16)


def test_a_correction_before_anything_was_worked_out_undoes_nothing() -> None:
    state = after(at_stage("asking"), told.Correct, **CORRECT)

    assert (state.entries, state.attentions) == ((), ())


def test_what_was_paid_stays_paid_when_less_is_owed() -> None:
    state = after(at_stage("payable"), told.Pay, **pay())
    state = after(state, told.Correct, **CORRECT)

    state = after(state, told.NoteAssessment, assessment=assessment(Decimal("3.98")), **NOTE)

    assert isinstance(state, Closed)
    assert (state.owed, state.paid, state.to_claim_back) == (
        Decimal("3.98"),
        SUM,
        Decimal("3.98"),
    )


def test_more_that_is_owed_after_a_payment_is_payable_at_once() -> None:
    state = after(at_stage("payable"), told.Pay, **pay())
    state = after(state, told.Correct, **CORRECT)

    state = after(state, told.NoteAssessment, assessment=assessment(Decimal("11.94")), **NOTE)

    assert isinstance(state, Payable)
    assert state.balance == Decimal("3.98")


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({**CORRECT, "reason": " "}, "needs a reason"),
        ({**CORRECT, "givens": Givens()}, "say what it should be"),
    ],
)
def test_a_correction_says_what_and_why(fields: dict[str, Any], match: str) -> None:
    with pytest.raises(IndemnityRefusedError, match=match):
        decide(command(told.Correct, **fields), at_stage("payable"))


def test_an_explanation_reads_from_what_showed_it_to_its_end() -> None:
    state = after(at_stage("payable"), told.Pay, **pay())
    state = after(state, told.Correct, **CORRECT)
    state = after(state, told.NoteAssessment, assessment=assessment(Decimal("3.98")), **NOTE)

    found = explain_indemnity(state)

    assert [said.en for said in found.because] == [
        "opened because: the port was late",
        "the port was late",
        "entry: 7.96 € (the port was late)",
        "entry: -7.96 € (report 12)",
        "entry: 3.98 € (the port was late)",
        (
            "asked for on Saturday 9 January 2027, payable until Monday 8 February 2027 "
            "(ours: decision 37)"
        ),
        "paid 7.96 € on Saturday 9 January 2027",
        "3.98 € too much, to claim back",
        "closed: paid; 3.98 € too much, to claim back",
    ]
    assert (found.owed, found.balance, found.ending) == (
        Decimal("3.98"),
        Decimal("-3.98"),
        Ending.PAID,
    )
