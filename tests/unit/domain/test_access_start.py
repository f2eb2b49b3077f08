"""The start of an access: service, billing, commitment, each on its own day by its own clause."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access_customer_delays import DelayCause, delay_fee
from domain.access_facts import Technology
from domain.access_sites import DESCRIPTION, site_not_ready
from domain.access_start import AccessStart, BilledFrom, acceptance, access_start
from domain.contract_questions import Contract
from domain.contract_values import ChoiceValue, FlagValue
from domain.said import Said
from domain.service_terms import ServiceDays
from tests.access_contracts import data, internet, ordered_with

PLANNED = date(2027, 3, 22)
FIBRE = Technology.DEDICATED_FIBRE
DAYS = ServiceDays(
    started_on=date(2027, 4, 15), ordered_on=date(2027, 3, 1), signed_on=date(2027, 3, 1)
)


def _on(day: date) -> ServiceDays:
    return DAYS.model_copy(update={"started_on": day})


def test_technicophone_bills_and_commits_from_service() -> None:
    start = access_start(internet(), DAYS)

    assert (start.terms.billed_from, start.named) == (date(2027, 4, 15), None)
    # « débute à compter de la date de Mise en Service de chaque Service » (002:2740-2741)
    assert "(002:2741)" in start.terms.billing.en
    # three years (002:2680) from « la Date de Mise en Service » (002:2678-2679)
    assert (start.terms.committed_from, start.terms.committed_until) == (
        date(2027, 4, 15),
        date(2030, 4, 15),
    )
    # « opérationnel et prêt à être utilisé » (002:2132-2133)
    assert start.service.en == (
        "in service on Thursday 15 April 2027: active, working and ready to be used (002:2133)"
    )


def test_oksio_commits_from_the_first_of_the_next_month_and_says_nothing_of_billing() -> None:
    start = access_start(data(), DAYS)

    # « 60 mois à compter du 1er du mois suivant l'activation » (000:331-332)
    assert (start.terms.committed_from, start.terms.committed_until) == (
        date(2027, 5, 1),
        date(2032, 5, 1),
    )
    assert (start.terms.billed_from, "a default of ours" in start.terms.billing.en) == (
        date(2027, 4, 15),
        True,
    )
    assert "(000:332)" in start.service.en


def _named(start: AccessStart) -> tuple[date, str | None]:
    return start.terms.billed_from, None if start.named is None else start.named.source


def test_a_site_not_described_is_billed_from_the_day_first_planned_and_committed_from_service() -> (
    None
):
    late = site_not_ready(internet(), FIBRE, missing=(DESCRIPTION,), first_planned=PLANNED)
    assert late.billed is not None

    start = access_start(internet(), DAYS, named=[late.billed])

    # (002:2353-2355)
    assert _named(start) == (PLANNED, "002:2353-2355")
    assert start.terms.committed_from == date(2027, 4, 15)
    assert start.terms.billing.en == (
        "billed from the day first planned, Monday 22 March 2027 (002:2353-2355)"
    )


def test_of_several_clauses_the_one_that_comes_first_has_it_billed() -> None:
    unwarned = delay_fee(internet(), FIBRE, DelayCause.UNWARNED, day=PLANNED).billed
    missed = delay_fee(internet(), FIBRE, DelayCause.MISSED_AGAIN, day=date(2027, 4, 5)).billed
    assert unwarned is not None
    assert missed is not None

    # (002:2392-2396), (002:2390-2392): five calendar days after Monday 5 April
    assert _named(access_start(internet(), DAYS, named=[missed, unwarned])) == (
        PLANNED,
        "002:2392-2396",
    )
    assert _named(access_start(internet(), DAYS, named=[missed])) == (
        date(2027, 4, 10),
        "002:2390-2392",
    )


@pytest.mark.parametrize("started", [PLANNED, date(2027, 3, 20)])
def test_an_access_that_starts_by_the_planned_day_is_billed_from_service(started: date) -> None:
    clause = BilledFrom(on=PLANNED, said=Said(fr="x", en="x"), source="002:2353-2355")

    assert _named(access_start(internet(), _on(started), named=[clause])) == (started, None)


_CLAUSES = st.lists(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)).map(
        lambda day: BilledFrom(on=day, said=Said(fr="x", en="x"), source="002:2353-2355")
    ),
    max_size=3,
)


@given(
    contract=st.sampled_from([internet(), data()]),
    started=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    named=_CLAUSES,
)
def test_no_customer_is_billed_before_service_unless_a_named_clause_allows_it(
    contract: Contract, started: date, named: list[BilledFrom]
) -> None:
    start = access_start(contract, _on(started), named=named)

    assert start.terms.billed_from >= started or start.named in named
    assert (start.named is None) == (start.terms.billed_from == started)


def test_an_order_form_may_say_otherwise_when_service_starts() -> None:
    form = ordered_with(internet(), service_start=ChoiceValue(value="tests-passed"))

    assert access_start(form, DAYS).service.fr == (
        "en service le jeudi 15 avril 2027 : les tests sont passés (ours: a test's order form)"
    )


def test_acceptance_is_off_unless_the_order_form_asks_for_it() -> None:
    # decision 43
    off = [acceptance(contract) for contract in (internet(), data())]
    on = acceptance(ordered_with(internet(), acceptance_by__customer=FlagValue(value=True)))

    assert [one.asked for one in off] == [False, False]
    assert off[0].said.en == "no acceptance by the customer is asked (ours: decision 43)"
    assert on.asked
    assert "do not wait for it" in on.said.en
