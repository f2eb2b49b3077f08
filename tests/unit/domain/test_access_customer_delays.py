"""The customer's own delay: in time or not, how long, and what it costs (002:2375-2396)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.access_customer_delays import (
    DelayAsked,
    DelayCause,
    DelayTerms,
    customer_delay,
    delay_fee,
)
from domain.access_facts import AccessPrices, Technology
from domain.contract_questions import Contract
from domain.contract_values import ContractUnit, DurationValue
from tests.access_contracts import PARIS, data, internet, ordered_with

PRICES = AccessPrices(access_fee=Decimal("150.00"), monthly=Decimal("89.90"))
FIBRE = Technology.DEDICATED_FIBRE
PLANNED = date(2027, 3, 22)
"""A Monday."""
ASKED = DelayAsked(
    asked_at=datetime(2027, 3, 11, 23, 59, tzinfo=PARIS),
    was=PLANNED,
    day=date(2027, 4, 12),
    first=PLANNED,
)


def _delay(
    asked: DelayAsked = ASKED, technology: Technology = FIBRE, contract: Contract | None = None
) -> DelayTerms:
    return customer_delay(contract or internet(), technology, asked, prices=PRICES)


def test_seven_jours_ouvres_before_the_planned_day_is_in_time_to_the_end_of_the_day() -> None:
    # « au moins sept (7) jours avant la Date de Mise en Service prévisionnelle convenue »
    # (002:2376-2379), a bare jour is a jour ouvré (002:66-67): Thursday 11 March for Monday 22
    in_time = _delay()
    late = _delay(replace(ASKED, asked_at=ASKED.asked_at + timedelta(minutes=2)))

    last = _delay(replace(ASKED, asked_at=ASKED.asked_at + timedelta(minutes=1)))

    assert (in_time.in_time, last.in_time, late.in_time) == (True, True, False)
    assert in_time.warn_until == datetime(2027, 3, 12, 0, 0, tzinfo=PARIS)
    assert [said.en for said in in_time.said] == [
        "the customer has warned in time, by email, until Thursday 11 March 2027 (002:2378)",
        "another day of service, Monday 12 April 2027",
        "at the latest Saturday 22 May 2027 (002:2383)",
    ]
    assert late.said[0].en == (
        "the customer warns too late: by email, it was until Thursday 11 March 2027 (002:2378)"
    )


@pytest.mark.parametrize(
    ("first", "day", "kept"),
    [
        # « ne pouvant excéder de deux (2) mois » (002:2382-2384)
        (PLANNED, date(2027, 5, 22), True),
        (PLANNED, date(2027, 5, 23), False),
        # two months from 31 December end with February (decision 1)
        (date(2027, 12, 31), date(2028, 2, 29), True),
        (date(2027, 12, 31), date(2028, 3, 1), False),
    ],
)
def test_a_delay_is_of_two_months_at_most(first: date, day: date, *, kept: bool) -> None:
    delay = _delay(replace(ASKED, was=first, day=day, first=first))

    assert delay.day == (day if kept else None)
    assert (delay.cost is None) is kept


def test_two_months_are_counted_from_the_day_first_agreed_however_often_it_moves() -> None:
    again = replace(ASKED, was=date(2027, 5, 10), day=date(2027, 6, 1))

    assert _delay(again).longest == date(2027, 5, 22)
    assert _delay(again).day is None


def test_beyond_two_months_there_is_no_day_and_cancelling_has_its_price_not_charged() -> None:
    delay = _delay(replace(ASKED, day=date(2027, 9, 1)))

    assert delay.cost is not None
    # « annulera sa commande et devra payer … les frais de résiliation anticipée » (002:2385-2387):
    # 36 months x 89.90, unsigned (decision 13)
    assert [(str(fee.euros), fee.source) for fee in delay.cost.fees] == [
        ("3236.40", "002:2385-2387")
    ]
    assert not delay.cost.chargeable
    assert delay.said[1].en == (
        "the day asked for is beyond the longest delay, which runs until Saturday 22 May 2027 "
        "(002:2383)"
    )
    assert delay.said[-1].en == "shown, not chargeable until a reading is signed (decision 13)"


@pytest.mark.parametrize(
    ("contract", "technology"),
    [
        *((internet(), one) for one in Technology if one is not FIBRE),
        (data(), FIBRE),
        (data(), Technology.SDSL),
    ],
)
def test_elsewhere_the_contract_is_silent_and_the_day_moves_at_no_cost(
    contract: Contract, technology: Technology
) -> None:
    # decision 42: Technicophone's dedicated fibre alone
    delay = _delay(replace(ASKED, day=date(2028, 3, 1)), technology, contract)

    assert (delay.day, delay.in_time, delay.longest, delay.cost) == (
        date(2028, 3, 1),
        None,
        None,
        None,
    )
    assert [said.en for said in delay.said] == [
        "the contract is silent: nothing about a delay the customer asks for this access",
        "the day moves at no cost to Wednesday 1 March 2028 (a default of ours)",
    ]


@pytest.mark.parametrize("day", [PLANNED, date(2027, 3, 1)])
def test_no_later_day_is_no_delay(day: date) -> None:
    delay = _delay(replace(ASKED, day=day))

    assert (delay.day, delay.in_time, delay.cost) == (day, None, None)
    assert delay.said[0].en == "the day asked for is no later (a default of ours)"


def test_an_order_form_may_give_a_notice_without_a_longest_delay_and_the_other_way_round() -> None:
    five = DurationValue(amount=Decimal(5), unit=ContractUnit.OUVRE, anchor="planned-service-date")
    month = DurationValue(amount=Decimal(1), unit=ContractUnit.MONTH, anchor="planned-service-date")
    noticed = _delay(contract=ordered_with(data(), customer__delay_notice=five))
    bounded = _delay(contract=ordered_with(data(), customer__delay_longest=month))

    # five jours ouvrés before Monday 22 March: Monday 15 March
    assert (noticed.in_time, noticed.longest) == (True, None)
    assert noticed.warn_until == datetime(2027, 3, 16, 0, 0, tzinfo=PARIS)
    assert noticed.said[1].en == "the contract is silent: no longest delay"
    assert (bounded.in_time, bounded.longest) == (None, date(2027, 4, 22))
    assert bounded.said[0].en == "the contract is silent: no time to warn of a delay"


# the fee


def test_who_did_not_warn_is_billed_from_the_day_first_agreed() -> None:
    # « dans un délai de cinq (5) jours calendaires avant la Date de Mise en Service initialement
    # convenue » (002:2392-2396)
    fee = delay_fee(internet(), FIBRE, DelayCause.UNWARNED, day=PLANNED)

    assert fee.due_on == date(2027, 3, 17)
    assert fee.billed is not None
    assert (fee.billed.on, fee.billed.source) == (PLANNED, "002:2392-2396")
    assert [(one.name, one.in_force, one.billed_from) for one in fee.readings] == [
        ("first-day", True, PLANNED),
        ("days-before-it", False, date(2027, 3, 17)),
    ]
    assert [said.en for said in fee.said] == [
        (
            "a delay not announced in time: the monthly fee runs from the day first agreed, Monday "
            "22 March 2027 (002:2392-2396)"
        ),
        (
            "a reading that is kept, less kind to the customer: from Wednesday 17 March 2027 "
            "(002:2392-2396)"
        ),
        (
            "the text has it due before the very day that will be missed: payable in advance, it "
            "is asked for once the delay is known (002:2392-2396)"
        ),
    ]


def test_of_a_further_delay_it_is_billed_from_the_day_agreed_before_it() -> None:
    # « initialement convenue » (002:2395-2396): of this delay, or of the first; the kinder one
    fee = delay_fee(internet(), FIBRE, DelayCause.UNWARNED, day=date(2027, 4, 12), first=PLANNED)

    assert fee.billed is not None
    assert (fee.billed.on, fee.billed.source) == (date(2027, 4, 12), "002:2392-2396")
    assert [(one.name, one.in_force, one.billed_from) for one in fee.readings] == [
        ("day-it-replaces", True, date(2027, 4, 12)),
        ("days-before-it", False, date(2027, 4, 7)),
        ("first-day", False, PLANNED),
    ]
    assert fee.said[0].en == (
        "a further delay not announced in time: the monthly fee runs from the day agreed before "
        "it, Monday 12 April 2027 (002:2392-2396)"
    )
    assert fee.said[2].en == (
        "a reading that is kept, less kind to the customer: from Monday 22 March 2027 "
        "(002:2392-2396)"
    )


def test_who_missed_the_new_day_too_is_billed_from_five_calendar_days_after_it() -> None:
    # « dans un délai de cinq (5) jours calendaires suivant la nouvelle date » (002:2389-2392)
    fee = delay_fee(internet(), FIBRE, DelayCause.MISSED_AGAIN, day=date(2027, 4, 12))

    assert fee.due_on == date(2027, 4, 17)
    assert fee.billed is not None
    assert (fee.billed.on, fee.billed.source) == (date(2027, 4, 17), "002:2390-2392")
    assert [(one.name, one.in_force, one.billed_from) for one in fee.readings] == [
        ("days-after-it", True, date(2027, 4, 17)),
        ("new-day", False, date(2027, 4, 12)),
    ]
    assert "« dans un délai de »" in fee.because.fr


@pytest.mark.parametrize("cause", list(DelayCause))
@pytest.mark.parametrize(
    ("contract", "technology"), [(internet(), Technology.SDSL), (data(), FIBRE)]
)
def test_elsewhere_no_fee_runs_before_service(
    contract: Contract, technology: Technology, cause: DelayCause
) -> None:
    fee = delay_fee(contract, technology, cause, day=PLANNED)

    assert (fee.billed, fee.due_on, fee.readings) == (None, None, ())
    assert [said.en for said in fee.said] == [
        "the contract is silent: nothing is said to be owed for a delay of this access",
        "the monthly fee does not run before service (a default of ours)",
    ]
