"""When a service starts: billed and committed from which day, by the clause of each contract."""

from datetime import date

import pytest

from domain.contract_questions import Contract, as_duration
from domain.contract_values import ContractUnit, DurationValue
from domain.durations import Duration, Unit
from domain.service_terms import ServiceDays, service_terms
from tests.porting import RULES, ordered_line

DAYS = ServiceDays(
    started_on=date(2027, 12, 15), ordered_on=date(2027, 11, 9), signed_on=date(2027, 11, 8)
)


def _contract(provider: str) -> Contract:
    return RULES.contract(ordered_line(provider).terms.pin)


@pytest.mark.parametrize(
    ("provider", "begins", "ends", "sources"),
    [
        # OKSIO: 60 months from the first of the next month (000:46-47).
        ("oksio", date(2028, 1, 1), date(2033, 1, 1), ("000:46",)),
        # Technicophone mobile: three years from service start (002:6981-6985).
        ("technicophone", date(2027, 12, 15), date(2030, 12, 15), ("002:6981", "002:6985")),
    ],
)
def test_commitment_runs_from_the_day_its_contract_says(
    provider: str, begins: date, ends: date, sources: tuple[str, ...]
) -> None:
    terms = service_terms(_contract(provider), DAYS)

    assert (terms.committed_from, terms.committed_until) == (begins, ends)
    assert all(source in terms.commitment.en for source in sources)
    assert "jusqu'au" in terms.commitment.fr


@pytest.mark.parametrize(
    ("provider", "ends", "by"),
    [
        ("technicophone", date(2029, 12, 15), "24 months on the order form; 002:6985"),
        ("axantis", date(2029, 12, 15), "24 months on the order form"),
    ],
)
def test_the_term_of_the_order_form_comes_before_the_contracts(
    provider: str, ends: date, by: str
) -> None:
    # « À défaut, la Période Initiale sera de trois (3)… » (002:2679-2682); « Sauf stipulation
    # contraire » (000:330)
    form = DAYS.model_copy(update={"term_months": 24})

    terms = service_terms(_contract(provider), form)

    assert (terms.committed_from, terms.committed_until) == (date(2027, 12, 15), ends)
    assert terms.commitment.en.endswith(f"until Saturday 15 December 2029 ({by})")
    assert "24 mois au bon de commande" in terms.commitment.fr


@pytest.mark.parametrize("provider", ["axantis", "nexis", "onecom"])
def test_a_term_left_to_the_order_form_is_said_to_be(provider: str) -> None:
    terms = service_terms(_contract(provider), DAYS)

    assert (terms.committed_from, terms.committed_until) == (None, None)
    assert "order form" in terms.commitment.en


def test_billing_starts_with_service_where_the_contract_says_so_and_where_it_is_silent() -> None:
    technicophone = service_terms(_contract("technicophone"), DAYS)
    axantis = service_terms(_contract("axantis"), DAYS)

    assert technicophone.billed_from == axantis.billed_from == DAYS.started_on
    assert "002:7037" in technicophone.billing.en
    assert "the first month" in technicophone.billing.en
    assert axantis.billing.en == (
        "billed from service start, Wednesday 15 December 2027 (a default of ours)"
    )


class _Answers:
    """A contract that answers as no shipped one does."""

    def __init__(self, **answers: str) -> None:
        self.answers = {name.replace("_", "."): word for name, word in answers.items()}

    def choice(self, question: str) -> str | None:
        return self.answers.get(question)

    def source(self, question: str) -> str:
        return "900:1" if question in self.answers else ""

    def day_after(self, _question: str, anchor: date) -> date:
        return anchor.replace(year=anchor.year + 1)


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("order-month", date(2027, 11, 1)),
        ("order-day", date(2027, 11, 9)),
        ("delivery", date(2027, 12, 15)),
        ("sim-activation", date(2027, 12, 15)),
    ],
)
def test_every_day_a_contract_may_bill_from_is_known(word: str, day: date) -> None:
    terms = service_terms(_Answers(billing_start=word), DAYS)  # type: ignore[arg-type]  # what is asked of it is there

    assert terms.billed_from == day
    assert "900:1" in terms.billing.fr


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("signature", date(2027, 11, 8)),
        ("order-form-date", date(2027, 11, 8)),
        ("first-of-next-month", date(2028, 1, 1)),
    ],
)
def test_every_day_a_contract_may_commit_from_is_known(word: str, day: date) -> None:
    terms = service_terms(_Answers(commitment_start=word), DAYS)  # type: ignore[arg-type]  # likewise

    assert terms.committed_from == day


def test_silence_commits_from_service_start() -> None:
    terms = service_terms(_Answers(), DAYS)  # type: ignore[arg-type]  # likewise

    assert terms.committed_from == DAYS.started_on
    assert "a default of ours" in terms.commitment.en


def test_a_first_month_may_be_whole_or_in_part() -> None:
    answers = _Answers(**{"billing_first-month": "pro-rata"})
    part = service_terms(answers, DAYS)  # type: ignore[arg-type]  # likewise

    assert "pro rata (900:1)" in part.billing.en


def test_a_year_of_a_contract_is_twelve_months() -> None:
    three_years = DurationValue(amount=3, unit=ContractUnit.YEAR, anchor="service-start")

    assert as_duration(three_years) == Duration(amount=36, unit=Unit.MONTH)
