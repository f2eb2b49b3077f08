"""Equipment by contract: billed from which day, reserves and claims on delivery, its return."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.access_equipment import (
    BOX,
    EquipmentDays,
    ReserveValue,
    Returning,
    claim_on_delivery,
    equipment_billed,
    reserves_on_delivery,
    return_terms,
)
from domain.contract_questions import Contract
from domain.contract_values import ChoiceValue, ContractUnit, DurationValue
from tests.access_contracts import PARIS, data, internet, ordered_with, signed_under

DAYS = EquipmentDays(
    ordered=date(2027, 3, 1), delivered=date(2027, 3, 15), started=date(2027, 3, 22)
)
OKSIO_MOBILE = signed_under("oksio", "mobile")


# billed from


@pytest.mark.parametrize(
    ("contract", "source"),
    [
        # « à compter du jour où ces équipements sont commandés » (002:2474-2477)
        (internet(), "002:2476"),
        # « Le paiement des matériels … exigibles à la commande » (000:73)
        (data(), "000:73"),
    ],
)
def test_equipment_is_billed_from_the_day_of_its_order(contract: Contract, source: str) -> None:
    billing = equipment_billed(contract, DAYS)

    assert billing.on == date(2027, 3, 1)
    assert billing.said.en == (
        f"equipment billed from the day of its order, Monday 1 March 2027 ({source})"
    )


def test_a_silent_contract_bills_it_from_service_and_that_is_ours() -> None:
    mobile = signed_under("nexis", "mobile")

    assert equipment_billed(mobile, DAYS).on == date(2027, 3, 22)
    before = equipment_billed(mobile, EquipmentDays(ordered=date(2027, 3, 1)))
    assert (before.on, before.said.en) == (
        None,
        "equipment billed from service start (a default of ours)",
    )


def test_an_order_form_may_bill_it_from_its_delivery() -> None:
    form = ordered_with(internet(), billing_equipment__from=ChoiceValue(value="delivery"))

    assert equipment_billed(form, DAYS).on == date(2027, 3, 15)


# reserves


@pytest.mark.parametrize(
    "written",
    [
        # « Sous réserve de déballage et de contrôle » (000:1175-1176)
        "Sous réserve de déballage et de contrôle",
        "SOUS RESERVE DE DEBALLAGE",
        "sous réserve",
        "sous toutes réserves d'usage",
        "Réserves générales.",
        "...",
    ],
)
def test_a_general_reserve_is_worth_nothing_on_oksios_cards_and_phones(written: str) -> None:
    reserves = reserves_on_delivery(OKSIO_MOBILE, written)

    assert reserves.value is ReserveValue.WORTHLESS
    assert reserves.because.en == (
        "a general reserve is worth nothing: it has to be written, precise and motivated "
        "(000:1173-1176)"
    )


@pytest.mark.parametrize(
    "written",
    ["2 colis manquants sur 3", "carton enfoncé, écran fendu", "sous réserve, écran cassé"],
)
def test_a_reserve_that_names_something_can_be_heard(written: str) -> None:
    assert reserves_on_delivery(OKSIO_MOBILE, written).value is ReserveValue.GOOD


@pytest.mark.parametrize("contract", [internet(), data(), signed_under("oksio", "vga")])
def test_no_contract_rules_reserves_on_the_equipment_of_an_access(contract: Contract) -> None:
    # « Livraison des cartes SIM et GSM » (000:1161): the clause is the mobile schedule's
    reserves = reserves_on_delivery(contract, "Sous réserve de déballage et de contrôle")

    assert reserves.value is ReserveValue.UNRULED
    assert [said.en for said in reserves.said] == [
        "the contract is silent: nothing about reserves on the delivery of this equipment",
        "the reserve is kept as it was written (a default of ours)",
    ]


@pytest.mark.parametrize("written", [None, "", "  "])
def test_nothing_written_is_no_reserve(written: str | None) -> None:
    assert reserves_on_delivery(OKSIO_MOBILE, written).value is ReserveValue.NONE
    assert reserves_on_delivery(data(), written).value is ReserveValue.NONE


@pytest.mark.parametrize(
    ("sent_at", "heard"),
    [
        (None, None),
        # « 3 jours ouvrés à compter de la livraison » (000:1181-1182): delivered on Thursday 11
        # March, until Tuesday 16 March, to its end
        (datetime(2027, 3, 16, 23, 59, tzinfo=PARIS), True),
        (datetime(2027, 3, 17, 0, 0, tzinfo=PARIS), True),
        (datetime(2027, 3, 17, 0, 1, tzinfo=PARIS), False),
    ],
)
def test_a_claim_about_oksios_phones_is_heard_for_three_jours_ouvres(
    sent_at: datetime | None,
    heard: bool | None,  # noqa: FBT001
) -> None:
    claim = claim_on_delivery(OKSIO_MOBILE, date(2027, 3, 11), sent_at=sent_at)

    assert (claim.until, claim.heard) == (datetime(2027, 3, 17, 0, 0, tzinfo=PARIS), heard)
    assert [said.en for said in claim.said] == [
        "a motivated claim, until Tuesday 16 March 2027 (000:1181)",
        "by registered letter with acknowledgement (000:1181)",
    ]


@pytest.mark.parametrize("contract", [internet(), data(), signed_under("oksio", "vga")])
def test_no_contract_limits_claims_about_the_equipment_of_an_access(contract: Contract) -> None:
    waiting = claim_on_delivery(contract, date(2027, 3, 11))
    sent = claim_on_delivery(
        contract, date(2027, 3, 11), sent_at=datetime(2028, 1, 1, tzinfo=PARIS)
    )

    assert (waiting.until, waiting.heard, sent.heard) == (None, None, True)
    assert sent.said[-1].en == "a claim is always heard (a default of ours)"


def test_an_order_form_may_limit_claims_and_ask_no_form_of_them() -> None:
    form = ordered_with(
        internet(),
        delivery_claim=DurationValue(
            amount=Decimal(2), unit=ContractUnit.CALENDAR_DAY, anchor="delivery"
        ),
    )

    claim = claim_on_delivery(form, date(2027, 3, 11))

    assert claim.until == datetime(2027, 3, 14, 0, 0, tzinfo=PARIS)
    assert len(claim.said) == len(["until"])


# its return

ENDED = date(2027, 3, 31)
"""A Wednesday."""
ROUTER = Returning(name="router", ended=ENDED, price=Decimal("180.00"))


def test_a_router_is_to_be_back_in_ten_calendar_days_or_invoiced() -> None:
    terms = return_terms(internet(), ROUTER)

    # ten calendar days (002:2711-2713) in force, the first working day (002:2497-2499) kept (C4)
    assert [(one.name, one.in_force, one.until) for one in terms.readings] == [
        ("ten-calendar-days", True, datetime(2027, 4, 11, 0, 0, tzinfo=PARIS)),
        ("first-working-day", False, datetime(2027, 4, 2, 0, 0, tzinfo=PARIS)),
    ]
    assert terms.until == datetime(2027, 4, 11, 0, 0, tzinfo=PARIS)
    assert terms.fee is not None
    assert (str(terms.fee.euros), terms.fee.chargeable, terms.fee.source) == (
        "180.00",
        True,
        "002:2713",
    )
    assert [said.en for said in terms.said] == [
        "to be back by Saturday 10 April 2027, 10 calendar days after the end (002:2712)",
        (
            "to be back by Thursday 1 April 2027, 1 working day (Mon-Fri) after the end, a "
            "reading that is kept (002:2498)"
        ),
        "or taken back at the customer's cost, if the provider chooses (002:2506)",
        "router not returned, invoiced: 180.00 € HT (002:2713)",
    ]


def test_without_the_price_of_the_acknowledgement_nothing_is_charged() -> None:
    # « aux tarifs indiqués dans la Notification de prise en compte » (002:348-350)
    fee = return_terms(internet(), Returning(name="router", ended=ENDED)).fee

    assert fee is not None
    assert (fee.euros, fee.chargeable) == (None, False)


def test_the_day_the_acknowledgement_names_comes_first() -> None:
    told = Returning(name="router", ended=ENDED, told=date(2027, 4, 30))

    terms = return_terms(internet(), told)

    assert terms.until == datetime(2027, 5, 1, 0, 0, tzinfo=PARIS)
    # « délais mentionnés … dans la Notification de prise en compte » (002:348-350)
    assert terms.because.en.startswith(
        "the day set by the acknowledgement of the termination: Friday 30 April 2027 (002:348-350)"
    )


def test_the_operators_fibre_box_is_to_be_returned_too() -> None:
    # « Les boîtiers d'arrivées de la fibre … devront également être retournés » (002:2714-2715)
    box = Returning(name=BOX, ended=ENDED, price=Decimal("90.00"))

    terms = return_terms(internet(), box)

    assert terms.until == datetime(2027, 4, 11, 0, 0, tzinfo=PARIS)
    assert terms.fee is not None
    assert terms.fee.source == "002:2714-2715"
    assert "the operator's boxes are to be returned too (002:2714-2715)" in terms.because.en


def test_what_the_customer_bought_is_not_to_be_returned() -> None:
    # « ne s'appliqueront pas dans l'hypothèse où le Client … acquière les Equipements »
    # (002:2526-2531)
    bought = Returning(name="router", ended=ENDED, bought=True, price=Decimal("180.00"))

    terms = return_terms(internet(), bought)

    oksio = return_terms(data(), bought)

    assert (terms.until, terms.fee) == (None, None)
    assert oksio.because.en == "bought by the customer: nothing to return (a default of ours)"
    assert terms.because.en == "bought by the customer: nothing to return (002:2526-2528)"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("router", "no time to return equipment, and no price where it is not"),
        (BOX, "nothing about fibre boxes"),
    ],
)
def test_oksio_is_silent_about_what_is_to_be_returned(name: str, what: str) -> None:
    terms = return_terms(data(), Returning(name=name, ended=ENDED))

    assert (terms.until, terms.fee, terms.readings) == (None, None, ())
    assert [said.en for said in terms.said] == [
        f"the contract is silent: {what}",
        "it is asked back, and nothing is charged (a default of ours)",
    ]


def test_a_day_told_by_oksio_has_no_price_behind_it() -> None:
    told = Returning(name="router", ended=ENDED, told=date(2027, 4, 30))

    terms = return_terms(data(), told)

    assert (terms.until, terms.fee) == (datetime(2027, 5, 1, 0, 0, tzinfo=PARIS), None)
