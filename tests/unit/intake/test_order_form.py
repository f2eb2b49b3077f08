"""What the order form of one order says for itself, and every mistake in it in a sentence."""

from typing import Any

import pytest

from domain.access_start import acceptance
from domain.contract_questions import Contract
from intake.faults import OrderRefusedError
from intake.order_reading import pin_of
from intake.requests import OrderRequest
from tests.porting import RULES, STORY, body, shelf
from tests.sites import ordered_sites, site, site_terms, sites_request, terms_of

ACCEPTANCE: dict[str, Any] = {
    "term": "acceptance.by-customer",
    "answer": True,
    "line": 12,
    "words": "procès-verbal de recette",
}


def _contract(*clauses: dict[str, Any]) -> Contract:
    (ordered,) = ordered_sites("technicophone", site(), order_form=list(clauses))
    return RULES.contract(terms_of(ordered).pin)


def _problems(*clauses: dict[str, Any], provider: str = "technicophone") -> dict[str, str]:
    with pytest.raises(OrderRefusedError) as refused:
        ordered_sites(provider, site(), order_form=list(clauses))
    return {problem.pointer: problem.sentence for problem in refused.value.problems}


def test_an_order_form_that_asks_for_acceptance_has_it_asked() -> None:
    asked = acceptance(_contract(ACCEPTANCE))

    assert asked.asked
    assert asked.said.en.endswith("(order-form:12)")
    assert not acceptance(RULES.contract(site_terms("technicophone").pin)).asked


def test_a_word_and_parts_answer_too() -> None:
    contract = _contract(
        {**ACCEPTANCE, "term": "billing.equipment-from", "answer": "delivery"},
        {
            **ACCEPTANCE,
            "term": "appointment.cancel",
            "answer": {"amount": 3, "unit": "ouvre", "anchor": "visit", "direction": "before"},
        },
    )

    assert contract.choice("billing.equipment-from") == "delivery"
    limit = contract.duration("appointment.cancel")
    assert limit is not None
    assert limit.amount == 3


def test_every_mistake_in_a_clause_is_told() -> None:
    minutes = {"amount": 90, "unit": "minute", "anchor": "visit"}

    assert _problems(
        {**ACCEPTANCE, "term": "acceptance"},
        {**ACCEPTANCE, "answer": "perhaps so"},
        ACCEPTANCE,
        {**ACCEPTANCE, "term": "billing.equipment-from", "answer": "tomorrow"},
        {**ACCEPTANCE, "term": "payment.due", "answer": {"amount": 3}},
        {**ACCEPTANCE, "term": "appointment.cancel", "answer": minutes},
        {**ACCEPTANCE, "term": "billing.start", "answer": "service-start", "words": "recette"},
    ) == {
        "/order_form/0/term": (
            "no process asks 'acceptance' of internet; see 'raccord contracts show' for what is "
            "asked."
        ),
        "/order_form/1/answer": "'acceptance.by-customer' takes yes or no: write true or false.",
        "/order_form/2/term": "'acceptance.by-customer' is answered twice: leave one of them.",
        "/order_form/3/answer": (
            "tomorrow is no answer: write one of order-day, delivery, service-start."
        ),
        "/order_form/4/answer": "'payment.due' takes a duration: check anchor, unit.",
        "/order_form/5/answer": (
            "No time of an order form is counted in minutes: give clock hours or days."
        ),
        "/order_form/6/words": "Give two to five words or figures that stand at that line.",
    }


@pytest.mark.parametrize(
    ("term", "answer", "said"),
    [
        ("site.readiness", {"amount": 20_000, "unit": "calendar"}, "check"),
        ("appointment.cancel", {"amount": 48_000, "unit": "ouvre"}, "whole number up to 3650"),
        ("commitment.initial", {"amount": 3_000, "unit": "month"}, "whole number up to 120"),
        ("commitment.initial", {"amount": "1.5", "unit": "year"}, "whole number up to 10"),
        ("appointment.cancel", {"amount": 48, "unit": "working-hour"}, "clock hours or days"),
        ("payment.recovery-fee", {"euros": "1e30", "tax": "HT"}, "is no figure of an order form"),
        ("payment.recovery-fee", {"euros": "-1", "tax": "HT"}, "is no figure of an order form"),
        ("indemnity.delay", {"formula": "multiple-of-monthly", "factor": "9" * 30}, "at most 8"),
    ],
)
def test_what_nothing_can_be_reckoned_from_is_refused_at_the_door(
    term: str, answer: dict[str, Any], said: str
) -> None:
    counted = {"anchor": "visit", "direction": "before"} if "amount" in answer else {}

    problems = _problems({**ACCEPTANCE, "term": term, "answer": {**counted, **answer}})

    assert said in problems["/order_form/0/answer"]


def test_an_order_without_a_form_is_the_same_order_as_before_there_were_any() -> None:
    plain = sites_request()
    signed = sites_request(order_form=[ACCEPTANCE])

    assert "order_form" not in plain.as_written
    assert '"order_form":[{' in signed.as_written


def test_an_order_of_numbers_may_have_an_order_form_too() -> None:
    answer = {"formula": "share-of-monthly-per-day", "factor": "1/2", "tax": "TTC"}
    clause = {**ACCEPTANCE, "term": "indemnity.delay", "answer": answer, "words": "la moitié"}
    request = OrderRequest.model_validate(body("axantis", order_form=[clause]))

    pin = pin_of(shelf(), request, STORY)

    assert RULES.contract(pin).source("indemnity.delay") == "order-form:12"
