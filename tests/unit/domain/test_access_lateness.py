"""How late an access is, and what is owed for it: none, and the clause, where there is none."""

from datetime import date, datetime

import pytest

from domain.access_lateness import AccessDays, judge_lateness
from domain.contract_questions import Contract
from domain.contract_values import FlagValue, FormulaName, FormulaValue
from domain.works_facts import LateDays, Party
from tests.access_contracts import PARIS, data, internet, ordered_with, signed_under

PLANNED = date(2027, 3, 22)


def _days(started: date, *whose: LateDays) -> AccessDays:
    ordered = date(2027, 3, 1)
    return AccessDays(ordered=ordered, first_planned=PLANNED, started=started, whose=whose)


def _of(by: Party | None, days: int) -> LateDays:
    return LateDays(by=by, days=days)


@pytest.mark.parametrize("contract", [internet(), data()])
@pytest.mark.parametrize("started", [PLANNED, date(2027, 3, 19)])
def test_an_access_on_its_day_or_before_is_not_late_and_nothing_is_said_of_money(
    contract: Contract, started: date
) -> None:
    judged = judge_lateness(contract, _days(started))

    assert (judged.days, judged.owed) == (0, ())
    assert judged.said[0].en.endswith("planned for Monday 22 March 2027: not late")
    assert len(judged.said) == len(["late", "promised"])


@pytest.mark.parametrize(
    ("started", "days", "said"),
    [
        (date(2027, 3, 23), 1, "1 day after"),
        # 22 March to 30 April: nine days of March and thirty of April
        (date(2027, 4, 30), 39, "39 days after"),
    ],
)
def test_days_late_are_calendar_days_after_the_day_first_told(
    started: date, days: int, said: str
) -> None:
    judged = judge_lateness(internet(), _days(started))

    assert judged.days == days
    assert said in judged.said[0].en


def test_technicophone_owes_nothing_for_being_late_and_says_so() -> None:
    judged = judge_lateness(internet(), _days(date(2027, 4, 30)))

    assert judged.owed == ()
    assert [said.en for said in judged.said[1:]] == [
        # « sous réserve de disponibilité de l'Opérateur du réseau » (002:2415-2419)
        (
            "the day that is told binds nobody: it is subject to the network's operator "
            "(002:2415-2419)"
        ),
        # « ne pourra en aucun cas être tenu … du non-respect » (002:2420-2421)
        "no indemnity for being late: the provider does not answer for it (002:2420-2421)",
        "the contract is silent: no right to leave after a long delay",
    ]


def test_oksio_is_silent_its_liability_is_limited_and_the_customer_may_leave() -> None:
    judged = judge_lateness(data(), _days(date(2027, 6, 30)))

    assert judged.owed == ()
    assert [said.en for said in judged.said[1:4]] == [
        "the contract is silent: no time or day of service is promised",
        "the contract is silent: no indemnity for a late service, nothing is owed",
        # « dans la limite des règlements effectués » (000:254-255); 000:1163-1167 is about cards
        # and phones
        "what it answers for otherwise is limited (000:254-255)",
    ]
    # twelve weeks from the order (000:428-430), in force; from the planned day beside it
    assert judged.leaving.leaves_from == datetime(2027, 5, 25, 0, 0, tzinfo=PARIS)
    assert judged.leaving.said == judged.said[4:]


def _promising() -> Contract:
    """OKSIO's, under an order form that promises a day and owes for it: no contract does."""
    return ordered_with(
        data(),
        service_date__binding=FlagValue(value=True),
        indemnity_late__service=FormulaValue(
            formula=FormulaName.SHARE_OF_MONTHLY_PER_DAY, factor="1/5"
        ),
    )


def test_an_order_form_may_promise_a_day_and_owe_for_it() -> None:
    late = judge_lateness(_promising(), _days(date(2027, 3, 24)))

    assert [(fee.euros, fee.chargeable, fee.source) for fee in late.owed] == [
        (None, False, "ours: a test's order form")
    ]
    assert [said.en for said in late.said[1:3]] == [
        "the day that is told is binding (ours: a test's order form)",
        "owed to the customer: share-of-monthly-per-day x 1/5 (ours: a test's order form)",
    ]


def test_a_service_nobody_asks_this_of_is_silent() -> None:
    judged = judge_lateness(signed_under("nexis", "mobile"), _days(date(2027, 3, 24)))

    assert judged.days == len(["23", "24"])
    assert judged.said[1].en == "the contract is silent: no time or day of service is promised"


# whose doing it is


def test_whose_days_they_are_is_said_in_both_languages_and_owed_for_as_little() -> None:
    # « ne pourra en aucun cas être tenu … du non-respect » (002:2420-2421), whoever caused it
    whose = (
        _of(Party.CUSTOMER, 7),
        _of(Party.OPERATOR, 3),
        _of(Party.PROVIDER, 1),
        _of(None, 1),
    )

    judged = judge_lateness(internet(), _days(date(2027, 4, 3), *whose))

    assert (judged.days, judged.shares, judged.owed) == (12, whose, ())
    assert judged.said[1].fr == (
        "12 jours de retard : 7 du fait du client, 3 du fait de l'opérateur, 1 du fait du "
        "prestataire, 1 du fait de personne en particulier (valeur par défaut)"
    )
    assert judged.said[1].en == (
        "12 days late: 7 the customer's doing, 3 the operator's doing, 1 the provider's doing, "
        "1 nobody's by name (a default of ours)"
    )
    assert judged.said[3].en == (
        "no indemnity for being late: the provider does not answer for it (002:2420-2421)"
    )


def test_one_day_late_is_one() -> None:
    judged = judge_lateness(data(), _days(date(2027, 3, 23), _of(Party.OPERATOR, 1)))

    assert judged.said[1].fr.startswith("1 jour de retard : 1 du fait de l'opérateur")


def test_what_is_owed_does_not_count_days_of_the_customers_own_doing() -> None:
    whose = (_of(Party.CUSTOMER, 7), _of(Party.OPERATOR, 5))

    late = judge_lateness(_promising(), _days(date(2027, 4, 3), *whose))

    assert [fee.said.en for fee in late.owed] == [
        "owed to the customer: share-of-monthly-per-day x 1/5, 5 days"
    ]
    assert [said.en for said in late.said[3:5]] == [
        "owed to the customer: share-of-monthly-per-day x 1/5, 5 days (ours: a test's order form)",
        "days of the customer's own doing are not counted (a default of ours)",
    ]


def test_days_that_are_all_the_customers_are_owed_for_by_nobody() -> None:
    late = judge_lateness(_promising(), _days(date(2027, 3, 24), _of(Party.CUSTOMER, 2)))

    assert late.owed == ()
    assert late.said[3].fr == (
        "tous ces jours sont du fait du client : rien n'est dû (valeur par défaut)"
    )
