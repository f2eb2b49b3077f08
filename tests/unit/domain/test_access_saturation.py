"""A saturated network, by service and technology, with each date and euro of its contract."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access_delays import long_delay
from domain.access_facts import Quote, QuoteKind, QuoteLine, SaturationMode, Tax, Technology
from domain.access_saturation import FIBRE, settle_saturation
from domain.access_studies import Silence
from domain.access_told import SaturatedTold
from domain.contract_questions import Contract
from domain.contract_values import (
    ChoicesValue,
    ChoiceValue,
    ContractUnit,
    DurationValue,
    MoneyValue,
)
from domain.contract_values import Tax as WrittenTax
from tests.access_contracts import PARIS, data, internet, ordered_with, signed_under

EVENT = datetime(2027, 3, 1, 10, tzinfo=PARIS)
AT = datetime(2027, 3, 3, 16, tzinfo=PARIS)
COPPER = [Technology.ADSL, Technology.VDSL, Technology.SDSL, Technology.BUNDLED_PAIRS]
WORKS = Quote(
    kind=QuoteKind.DESATURATION,
    reference="Q-1",
    lines=(
        QuoteLine(what="a new cabinet", euros=Decimal("3000.00")),
        QuoteLine(what="civil works", euros=Decimal("200.50")),
    ),
)


def _told(
    *, at_customer: bool = False, at_first_visit: bool = False, quote: Quote | None = None
) -> SaturatedTold:
    return SaturatedTold(
        key="k-1",
        event_at=EVENT,
        at_customer=at_customer,
        at_first_visit=at_first_visit,
        quote=quote,
    )


@pytest.mark.parametrize("technology", COPPER)
def test_technicophone_desaturates_at_the_first_visit_for_seven_hundred_and_fifty_euros(
    technology: Technology,
) -> None:
    # « immédiatement », « n'avertira pas le Client » (002:2262-2266), 750 € HT (002:2272-2275)
    settled = settle_saturation(internet(), technology, _told(at_first_visit=True), at=AT)

    assert settled.mode is SaturationMode.NOW
    (fee,) = settled.fees
    assert (fee.head, fee.euros, fee.tax, fee.source, fee.chargeable) == (
        "desaturation",
        Decimal("750.00"),
        Tax.HT,
        "002:2274",
        True,
    )
    # not told and yet charged: nothing before consent is on record (C22)
    assert settled.consent_needed
    assert (settled.estimate, settled.tell_by, settled.tell_source) == (None, None, None)
    assert "not chargeable without consent on record (C22)" in [one.en for one in settled.said]


def test_technicophone_puts_it_off_by_about_six_weeks_from_the_visit_and_says_so() -> None:
    # « 6 semaines environ » (002:2264), told as an estimate (002:2267-2269)
    settled = settle_saturation(internet(), Technology.ADSL, _told(), at=AT)

    assert (settled.mode, settled.estimate) == (SaturationMode.LATER, date(2027, 4, 12))
    assert [(fee.euros, fee.source) for fee in settled.fees] == [(Decimal("750.00"), "002:2274")]
    assert settled.tell_by is None
    assert [one.en for one in settled.said][:3] == [
        "delivery is put off until the desaturation is done (002:2263-2278)",
        "thought to be over by Monday 12 April 2027 (002:2264)",
        "the contract is silent: no time within which the delay is told",
    ]


def test_an_exceptional_one_takes_a_quote_of_ten_calendar_days_and_no_flat_fee() -> None:
    # 002:2277-2283: ten days from its notification (decision 8); silence cancels
    settled = settle_saturation(internet(), Technology.SDSL, _told(quote=WORKS), at=AT)

    assert settled.mode is SaturationMode.EXCEPTIONAL
    assert (settled.silence, settled.fees, settled.consent_needed) == (Silence.REFUSES, (), False)
    assert settled.sources == ("002:2280-2281", "002:2281-2282")
    assert settled.said[0].fr == (
        "devis exceptionnel, à répondre : 10 jours calendaires à compter de sa notification "
        "(002:2280-2281)"
    )


@pytest.mark.parametrize("technology", [one for one in Technology if one not in COPPER])
def test_technicophone_has_no_desaturation_of_anything_but_dsl(technology: Technology) -> None:
    # decision 40: DSL only, fibre has no such rule and no fee
    for told in (_told(), _told(at_first_visit=True), _told(quote=WORKS)):
        settled = settle_saturation(internet(), technology, told, at=AT)

        assert (settled.mode, settled.fees) == (SaturationMode.REFUSED, ())
        assert [one.en for one in settled.said] == [
            (
                "the contract is silent: its clause about desaturation is for DSL, in the "
                "provider's own network (decision 40)"
            ),
            "no fee for a desaturation is owed",
        ]


def test_technicophones_clause_is_not_about_the_customers_own_premises() -> None:
    # « absence de ressources dans le réseau du Prestataire » (002:2260)
    settled = settle_saturation(internet(), Technology.ADSL, _told(at_customer=True), at=AT)

    assert (settled.mode, settled.fees, settled.sources) == (
        SaturationMode.REFUSED,
        (),
        ("002:2260-2262",),
    )


@pytest.mark.parametrize("at_customer", [False, True])
def test_oksio_puts_it_off_tells_within_fifteen_days_of_the_event_and_names_no_price(
    at_customer: bool,  # noqa: FBT001  a row of the table
) -> None:
    # 000:405-408: at the operator's or the customer's, 15 days « à compter du fait générateur »
    settled = settle_saturation(data(), Technology.SDSL, _told(at_customer=at_customer), at=AT)

    assert settled.mode is SaturationMode.LATER
    assert settled.tell_by == datetime(2027, 3, 16, 23, tzinfo=UTC)
    assert settled.tell_source == "000:406-407"
    assert settled.estimate is None
    (fee,) = settled.fees
    assert (fee.euros, fee.source, fee.chargeable) == (None, "000:408", False)
    assert fee.said.en == "desaturation paid by the customer, at no price of the contract: at cost"
    assert settled.consent_needed
    assert settled.sources == ("000:405-408", "000:406-407", "000:408")
    assert settled.said[-1].en == (
        "the text asks for no consent; we charge nothing before there is one (a default of ours, "
        "C22)"
    )


def test_telling_oksios_customer_too_late_is_a_breach_without_a_consequence() -> None:
    # fifteen days from the event, not from when it was found out (000:406-407)
    in_time = datetime(2027, 3, 16, 23, 59, tzinfo=PARIS)
    late = datetime(2027, 3, 17, 0, 1, tzinfo=PARIS)
    said = (
        "heard of after that day: the customer is told too late; the contract draws no consequence "
        "from it"
    )

    kept = settle_saturation(data(), Technology.SDSL, _told(), at=in_time)
    missed = settle_saturation(data(), Technology.SDSL, _told(), at=late)

    assert (kept.told_late, missed.told_late) == (False, True)
    assert said in [one.en for one in missed.said]
    assert missed.fees == kept.fees


def test_oksios_customer_pays_what_the_operator_asks_where_it_says_so() -> None:
    settled = settle_saturation(data(), Technology.ADSL, _told(quote=WORKS), at=AT)

    assert settled.mode is SaturationMode.LATER
    # 3 000.00 + 200.50
    assert [(fee.euros, fee.chargeable) for fee in settled.fees] == [(Decimal("3200.50"), True)]
    assert settled.consent_needed


@pytest.mark.parametrize("technology", sorted(FIBRE))
def test_oksio_puts_fibre_off_without_a_fee(technology: Technology) -> None:
    # decision 40
    settled = settle_saturation(data(), technology, _told(quote=WORKS), at=AT)

    assert (settled.mode, settled.fees, settled.consent_needed) == (
        SaturationMode.LATER,
        (),
        False,
    )
    assert settled.tell_by == datetime(2027, 3, 16, 23, tzinfo=UTC)
    assert "no rule of desaturation for fibre (decision 40)" in [one.en for one in settled.said]


def test_oksios_general_terms_refuse_what_takes_a_desaturation() -> None:
    # 000:52-54, for the services whose schedule says nothing
    settled = settle_saturation(signed_under("oksio", "sip"), Technology.ADSL, _told(), at=AT)

    assert (settled.mode, settled.fees, settled.sources) == (
        SaturationMode.REFUSED,
        (),
        ("000:52-54",),
    )
    assert settled.said[0].en == "an order that takes a desaturation is refused (000:52-54)"


def test_a_service_that_says_nothing_desaturates_nothing() -> None:
    vga = signed_under("technicophone", "vga")
    settled = settle_saturation(vga, Technology.ADSL, _told(), at=AT)

    assert (settled.mode, settled.fees, settled.sources) == (SaturationMode.REFUSED, (), ())
    assert settled.said[0].en == "the contract is silent: nothing about saturation"


def test_a_contract_with_no_word_on_who_pays_owes_nothing() -> None:
    later = ChoicesValue(value=("desaturate-later",))
    sip = ordered_with(signed_under("oksio", "sip"), saturation_treatment=later)

    settled = settle_saturation(sip, Technology.ADSL, _told(), at=AT)

    assert (settled.mode, settled.fees) == (SaturationMode.LATER, ())
    assert settled.said[-1].en == "no fee for a desaturation is owed"


def test_an_order_form_may_give_its_own_price_with_tax() -> None:
    price = MoneyValue(euros=Decimal(600), tax=WrittenTax.TTC)
    settled = settle_saturation(
        ordered_with(data(), saturation_fee=price), Technology.ADSL, _told(), at=AT
    )

    assert [(fee.euros, fee.tax) for fee in settled.fees] == [(Decimal("600.00"), Tax.TTC)]


@given(
    contract=st.sampled_from([internet(), data(), signed_under("oksio", "sip")]),
    technology=st.sampled_from(Technology),
    at_customer=st.booleans(),
    at_first_visit=st.booleans(),
    quote=st.none() | st.just(WORKS),
)
def test_every_fee_has_a_source_and_is_said_and_none_is_charged_without_consent(
    *,
    contract: Contract,
    technology: Technology,
    at_customer: bool,
    at_first_visit: bool,
    quote: Quote | None,
) -> None:
    told = _told(at_customer=at_customer, at_first_visit=at_first_visit, quote=quote)

    settled = settle_saturation(contract, technology, told, at=AT)

    assert settled.said
    assert all(one.fr and one.en for one in settled.said)
    assert settled.consent_needed == bool(settled.fees)
    assert not (technology in FIBRE and settled.fees)
    for fee in settled.fees:
        assert fee.source in settled.sources
        assert fee.said.fr
        assert fee.said.en


# the right to leave

ORDERED_ON = date(2027, 3, 1)
"""Twelve weeks later it is Monday 24 May 2027."""


def test_oksios_customer_may_leave_once_twelve_weeks_are_over() -> None:
    # « si ce délai excède douze (12) semaines » (000:428-430)
    right = long_delay(data(), ordered_on=ORDERED_ON, planned_on=None)

    assert right.leaves_from == datetime(2027, 5, 24, 22, tzinfo=UTC)
    assert [(one.name, one.in_force, one.leaves_from) for one in right.readings] == [
        ("from-the-order", True, right.leaves_from),
        ("from-the-planned-day", False, None),
    ]
    assert [said.en for said in right.said] == [
        "the customer may leave after Monday 24 May 2027, 12 weeks from the order (000:430)",
        (
            "the customer may leave after 12 weeks from the planned day of delivery, not known yet "
            "(000:428-430)"
        ),
        "for any delivery (000:430), in force (decision 41)",
        "for a migration only (000:420), a reading that is kept",
    ]


def test_both_readings_of_the_delay_are_dated_once_the_day_is_planned() -> None:
    right = long_delay(data(), ordered_on=ORDERED_ON, planned_on=date(2027, 4, 1))

    # twelve weeks from 1 April: 24 June
    assert [one.leaves_from for one in right.readings] == [
        datetime(2027, 5, 24, 22, tzinfo=UTC),
        datetime(2027, 6, 24, 22, tzinfo=UTC),
    ]


def test_a_right_for_migrations_alone_is_none_of_a_delivery() -> None:
    scope = ChoiceValue(value="migration-only")
    narrow = ordered_with(data(), cancel_long__delay__scope=scope)

    right = long_delay(narrow, ordered_on=ORDERED_ON, planned_on=None)

    assert right.leaves_from is None
    assert right.readings[0].leaves_from == datetime(2027, 5, 24, 22, tzinfo=UTC)


def test_a_delay_counted_from_something_else_is_named_by_it() -> None:
    term = DurationValue(amount=Decimal(2), unit=ContractUnit.MONTH, anchor="deposit")
    odd = ordered_with(data(), cancel_long__delay=term)

    right = long_delay(odd, ordered_on=ORDERED_ON, planned_on=None)

    assert right.leaves_from is None
    assert "2 months from deposit, not known yet" in right.said[0].en


def test_technicophone_gives_no_right_to_leave() -> None:
    right = long_delay(internet(), ordered_on=ORDERED_ON, planned_on=None)

    assert (right.leaves_from, right.readings) == (None, ())
    assert right.said[0].en == "the contract is silent: no right to leave after a long delay"
