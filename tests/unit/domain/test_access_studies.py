"""When a site is studied, what the result changes, and what a quote may be answered."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.access_facts import (
    AccessPrices,
    Offer,
    Quote,
    QuoteKind,
    QuoteLine,
    StudyResult,
    Technology,
    Verdict,
)
from domain.access_studies import Binding, Silence, quote_terms, read_study, study_due
from domain.contract_questions import Contract
from domain.contract_values import ChoiceValue, FlagValue
from domain.port_in_facts import HostNetwork
from tests.access_contracts import data, internet, ordered_with, signed_under

TOLD_ON = date(2027, 3, 1)
PRICES = AccessPrices(access_fee=Decimal("150.00"), monthly=Decimal("89.90"))


def _offer(technology: Technology, *, study: bool = False) -> Offer:
    return Offer(
        operator=HostNetwork.ORANGE,
        technology=technology,
        down_kbps=8000,
        up_kbps=1000,
        lead_days=20,
        study=study,
    )


def _quote(kind: QuoteKind) -> Quote:
    line = QuoteLine(what="civil works", euros=Decimal("3200.00"))
    return Quote(kind=kind, reference="Q-1", lines=(line,))


ADSL, FIBRE = _offer(Technology.ADSL), _offer(Technology.DEDICATED_FIBRE)


# when


def test_technicophone_studies_dedicated_fibre_once_the_order_form_is_signed() -> None:
    # « Une fois le Bon de Commande signé, une étude de faisabilité » (002:2326-2331)
    due = study_due(internet(), FIBRE)

    assert (due.is_due, due.source) == (True, "002:2326-2331")
    assert due.said[0].en == ("feasibility study, once the order form is signed (002:2326-2331)")


@pytest.mark.parametrize(
    "technology", [one for one in Technology if one is not Technology.DEDICATED_FIBRE]
)
def test_no_other_access_is_studied_by_contract(technology: Technology) -> None:
    due = study_due(internet(), _offer(technology))

    assert (due.is_due, due.source) == (False, "")
    assert due.said[0].en == "the contract is silent: no study is due here"
    assert not study_due(data(), _offer(technology)).is_due


def test_an_operator_may_want_one_and_oksio_may_refuse_after_it() -> None:
    wanted = _offer(Technology.SDSL, study=True)

    technicophone, oksio = study_due(internet(), wanted), study_due(data(), wanted)

    assert technicophone.is_due
    assert [said.en for said in technicophone.said] == [
        "the operator wants to study the site first"
    ]
    assert oksio.source == "the operator's offer"
    # « refuser la commande après avoir réalisé une étude de faisabilité » (000:52-54)
    assert oksio.said[1].en == "the provider may refuse the order after the study (000:52-54)"


# what it changes


@pytest.mark.parametrize(
    ("offer", "source"),
    [
        # « le montant des frais d'installation pourront être réajustés » (002:2330-2331)
        (FIBRE, "002:2331"),
        # « s'acquitter de ces variations » (002:2725)
        (ADSL, "002:2725"),
    ],
)
def test_a_fee_the_study_changes_binds_technicophones_customer(offer: Offer, source: str) -> None:
    result = StudyResult(verdict=Verdict.POSITIVE, fee_change=Decimal(120))

    reading = read_study(internet(), offer, result)

    (change,) = reading.changes
    assert (change.what, change.binding, change.source) == ("fee", Binding.BINDS, source)
    assert reading.binding[0].en == (
        f"access fee: +120.00 € HT; without the customer's consent ({source})"
    )
    assert (reading.to_agree, reading.ends) == ((), None)


def test_a_date_the_study_moves_binds_at_technicophone() -> None:
    # « différer ou modifier la date de Mise en Service » (002:2415-2419)
    result = StudyResult(verdict=Verdict.POSITIVE, lead_days=45)

    (change,) = read_study(internet(), FIBRE, result).changes

    assert (change.what, change.binding) == ("lead-time", Binding.BINDS)
    assert change.said.en == (
        "time to deliver: 45 jours ouvrés instead of 20; without the customer's consent "
        "(002:2415-2419)"
    )


def test_oksio_is_silent_so_that_nothing_binds_without_consent() -> None:
    result = StudyResult(verdict=Verdict.POSITIVE, fee_change=Decimal("-30.5"), lead_days=45)

    reading = read_study(data(), ADSL, result)

    assert [change.binding for change in reading.changes] == [Binding.CONSENT, Binding.CONSENT]
    assert {change.source for change in reading.changes} == {"a default of ours"}
    assert reading.to_agree[0].fr == (
        "frais d'accès : -30.50 € HT ; avec l'accord du client (le contrat est muet : accord "
        "demandé par défaut)"
    )


def test_a_contract_that_wants_consent_is_cited() -> None:
    asks = ordered_with(internet(), study_price__change__consent=FlagValue(value=True))
    result = StudyResult(verdict=Verdict.POSITIVE, fee_change=Decimal(120))

    (change,) = read_study(asks, ADSL, result).changes

    assert change.binding is Binding.CONSENT
    assert "with the customer's consent (ours: a test's order form)" in change.said.en


def test_a_contract_that_is_not_asked_about_dates_takes_consent() -> None:
    result = StudyResult(verdict=Verdict.POSITIVE, lead_days=45)

    (change,) = read_study(signed_under("technicophone", "vga"), ADSL, result).changes

    assert (change.binding, change.source) == (Binding.CONSENT, "a default of ours")


def test_another_technology_is_a_new_order_unless_the_order_names_it() -> None:
    result = StudyResult(verdict=Verdict.POSITIVE, technology=Technology.FTTH)

    (new,) = read_study(internet(), ADSL, result).changes
    (named,) = read_study(internet(), ADSL, result, wanted=(Technology.FTTH,)).changes

    assert (new.binding, new.source) == (Binding.NEW_ORDER, "decision 18")
    assert (named.binding, named.source) == (Binding.BINDS, "the order")


def test_a_study_that_finds_it_as_ordered_changes_nothing() -> None:
    same = StudyResult(
        verdict=Verdict.POSITIVE,
        fee_change=Decimal(0),
        lead_days=20,
        technology=Technology.ADSL,
    )

    reading = read_study(internet(), ADSL, same)

    assert (reading.changes, reading.binding, reading.to_agree, reading.ends) == ((), (), (), None)


@pytest.mark.parametrize(
    ("contract", "negative", "redefine"),
    [
        # cancelled for that site alone (002:591-594); another offer is a new order (decision 18)
        (internet(), "(002:592-594)", "(decision 18)"),
        # refused, or defined anew (000:52-54)
        (data(), "(000:52-54)", "(000:52-54)"),
        (signed_under("oksio", "vga"), "(a default of ours)", "(decision 18)"),
    ],
)
def test_what_cannot_be_done_as_ordered_says_why_it_ends(
    contract: Contract, negative: str, redefine: str
) -> None:
    no = read_study(contract, ADSL, StudyResult(verdict=Verdict.NEGATIVE))
    otherwise = read_study(contract, ADSL, StudyResult(verdict=Verdict.REDEFINE))

    assert no.ends is not None
    assert otherwise.ends is not None
    assert no.ends.en == f"the study is negative: the site cannot be connected {negative}"
    assert otherwise.ends.en == (
        f"the order has to be defined anew: a new order, linked to this one {redefine}"
    )


# quotes


def test_a_quote_for_works_may_be_refused_at_what_the_operator_asks() -> None:
    # 002:2346-2350
    terms = quote_terms(internet(), _quote(QuoteKind.WORKS), prices=PRICES, told_on=TOLD_ON)

    assert (terms.refusable, terms.source) == (True, "002:2348-2349")
    assert (terms.until, terms.silence) == (None, Silence.MEANS_NOTHING)
    assert [(fee.head, fee.euros, fee.source) for fee in terms.fees] == [
        ("costs", None, "002:2349-2350")
    ]
    assert terms.said[1].en.startswith("the contract is silent: no limit to answer the quote")


def test_an_exceptional_desaturation_is_answered_within_ten_calendar_days_or_cancelled() -> None:
    # « dix (10) jours calendaires » (002:2279-2283), from 1 March to the end of the 11th
    terms = quote_terms(internet(), _quote(QuoteKind.DESATURATION), prices=PRICES, told_on=TOLD_ON)

    assert terms.until == datetime(2027, 3, 11, 23, tzinfo=UTC)
    assert (terms.silence, terms.refusable) == (Silence.REFUSES, True)
    assert [(fee.head, fee.euros) for fee in terms.fees] == [
        ("access-fee", Decimal("150.00")),
        ("quote-fee", None),
    ]
    assert terms.said[1].en == "without an answer the order is cancelled (002:2281-2282)"


@pytest.mark.parametrize("kind", QuoteKind)
def test_a_quote_no_contract_speaks_of_may_be_refused_and_silence_means_nothing(
    kind: QuoteKind,
) -> None:
    terms = quote_terms(data(), _quote(kind), prices=PRICES, told_on=TOLD_ON)

    assert (terms.refusable, terms.until, terms.silence, terms.fees) == (
        True,
        None,
        Silence.MEANS_NOTHING,
        (),
    )
    assert terms.source == "a default of ours"


def test_a_contract_may_bind_to_works_and_may_hold_an_order_without_an_answer() -> None:
    binding = ordered_with(internet(), study_works__quote__refusable=FlagValue(value=False))
    holding = ordered_with(internet(), saturation_quote__silence=ChoiceValue(value="order-held"))

    works = quote_terms(binding, _quote(QuoteKind.WORKS), prices=PRICES, told_on=TOLD_ON)
    held = quote_terms(holding, _quote(QuoteKind.DESATURATION), prices=PRICES, told_on=TOLD_ON)

    assert (works.refusable, works.said[0].en) == (
        False,
        "it cannot be refused (ours: a test's order form)",
    )
    assert held.silence is Silence.HOLDS
