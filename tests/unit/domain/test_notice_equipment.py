"""What the customer of a site is told of its equipment: on its way, asked back, invoiced."""

from datetime import date
from decimal import Decimal

import pytest

from domain import works_facts as fields
from domain.access_facts import Fee, Tax
from domain.contract_values import ChoiceValue
from domain.event import Event
from domain.notice_sites import may_tell
from domain.personal import Personal
from domain.said import Said
from domain.works_facts import EquipmentState
from tests.access_contracts import ordered_with, signed_under
from tests.accesses import SAID, site_terms
from tests.noticed_visits import AWAITED, ENDS, READY, english, maybe, opened, told
from tests.porting import paris

S = EquipmentState
DAY = date(2027, 1, 20)
"""A Wednesday."""


def moved(to: EquipmentState, name: str = "router", **changes: object) -> fields.EquipmentMoved:
    return fields.EquipmentMoved.model_validate({"name": name, "to": to, "on": DAY, **changes})


ORDERED = moved(S.ORDERED)
SHIPPED = moved(S.SHIPPED, serial="RTR-204")
DELIVERED = moved(S.DELIVERED)
OKSIO_MOBILE = signed_under("oksio", "mobile").pin


# on its way, and there


def test_a_piece_that_is_shipped_says_what_to_check_when_it_comes() -> None:
    found = told(SHIPPED, *READY, ORDERED)

    assert found.purpose == "site-equipment-sent"
    assert english(found) == {
        "piece": "router (serial RTR-204), shipped on Wednesday 20 January 2027",
        "check": "on arrival, open it and compare it with the delivery slip: what is missing or "
        "damaged is written there, precisely",
        "claim": "your contract sets no time for a claim, and we always hear yours",
    }
    assert found.facts["piece"].fr == (
        "routeur (n° de série RTR-204), expédition le mercredi 20 janvier 2027"
    )
    assert found.sources == ()


def test_a_piece_that_is_delivered_asks_at_once_for_what_nobody_wrote_on_its_slip() -> None:
    slip = Personal(subject=site_terms().site.address.subject, value="carton enfoncé")
    reserved = moved(S.DELIVERED, reserves=slip)

    found = told(DELIVERED, *READY, ORDERED, SHIPPED)

    assert found.facts["piece"].en == (
        "router (serial RTR-204), delivered on Wednesday 20 January 2027"
    )
    assert found.facts["check"].en == (
        "no reserve was noted on delivery: tell us at once what is missing or damaged"
    )
    assert told(reserved, *READY, ORDERED).facts["check"].en == (
        "the reserves written on the delivery slip are kept as they are"
    )


def test_a_contract_with_rules_of_deliveries_says_them_with_their_days() -> None:
    # « écrites, précises et motivées » (000:1173-1176); « 3 jours ouvrés », by registered letter
    # (000:1181): Wednesday 20 January, then Monday 25
    oksio = opened(pin=OKSIO_MOBILE)

    sent, there = told(SHIPPED, *oksio, ORDERED), told(DELIVERED, *oksio, ORDERED)

    assert sent.facts["check"].en.endswith("; a general reserve is worth nothing")
    assert sent.facts["claim"].en == (
        "a claim with its reasons is heard for 3 working days (Mon-Fri) after delivery, by "
        "registered letter with acknowledgement"
    )
    assert there.facts["claim"].en == (
        "a claim with its reasons is heard until Monday 25 January 2027, by registered letter with "
        "acknowledgement"
    )
    assert sent.sources == ("000:1173-1176", "000:1181")


def test_a_claim_that_takes_no_letter_says_none() -> None:
    form = ordered_with(
        signed_under("oksio", "mobile"), delivery_claim__form=ChoiceValue(value="email")
    )

    found = told(SHIPPED, *opened(pin=form.pin), ORDERED)

    assert found.facts["claim"].en.endswith("(Mon-Fri) after delivery")


def test_under_a_contract_that_no_longer_reads_what_it_says_is_said_to_apply() -> None:
    pin = site_terms().pin.model_copy(update={"provider": "nobody"})

    found = told(SHIPPED, *opened(pin=pin), ORDERED)

    assert found.facts["claim"].en == "what your contract says applies"


@pytest.mark.parametrize(
    ("name", "fr", "en"),
    [
        ("router-2", "routeur 2", "router 2"),
        ("fibre-box", "boîtier de fibre", "fibre box"),
        ("nd-17", "équipement 17", "piece of equipment 17"),
    ],
)
def test_a_piece_is_called_by_words_of_ours(name: str, fr: str, en: str) -> None:
    found = told(moved(S.SHIPPED, name), *READY, moved(S.ORDERED, name))

    assert found.facts["piece"].fr.startswith(f"{fr}, expédition le")
    assert found.facts["piece"].en.startswith(f"{en}, shipped on")


@pytest.mark.parametrize("to", [S.ORDERED, S.INSTALLED, S.RETURNED, S.CANCELLED, S.GIVEN_UP])
def test_what_the_customer_sees_or_does_is_not_told(to: EquipmentState) -> None:
    assert may_tell(moved(to))
    assert maybe(moved(to), *READY, ORDERED) is None


def test_what_is_delivered_while_it_is_asked_back_is_not_told() -> None:
    assert maybe(DELIVERED, *AWAITED, ORDERED, SHIPPED, ENDS) is None


# asked back

MODEM = moved(S.DELIVERED, "modem", bought=True)
ENDING = (*AWAITED, ORDERED, SHIPPED, moved(S.ORDERED, "modem"), MODEM, ENDS)


def fee(euros: str | None = None, *, chargeable: bool = True, tax: Tax = Tax.HT) -> Fee:
    return Fee(
        head="equipment",
        euros=None if euros is None else Decimal(euros),
        tax=tax,
        said=SAID,
        source="002:2713",
        chargeable=chargeable and euros is not None,
    )


def asked(
    name: str = "router", until: str | None = "2027-01-26", owed: Fee | None = None
) -> fields.EquipmentAskedBack:
    return fields.EquipmentAskedBack(
        name=name,
        until=None if until is None else paris(f"{until}T00:00:00"),
        fee=owed,
        said=(Said(fr="à restituer (002:2712)", en="to be back (002:2712)"),),
    )


BOUGHT = asked("modem", None)


def test_the_pieces_of_an_end_are_asked_back_together_each_with_its_last_day() -> None:
    wanted = asked(owed=fee())

    found = told(wanted, *ENDING, after=(BOUGHT,))

    assert found.purpose == "site-equipment-back"
    # ten calendar days after the end (002:2712), invoiced at a price that is named (002:2713)
    assert english(found) == {
        "pieces": "router (serial RTR-204): to be back by Monday 25 January 2027; modem: it is "
        "yours, nothing to return",
        "otherwise": "what is not back in time may be invoiced to you; no price is named for now, "
        "and nothing is charged without one",
    }
    assert found.sources == ("002:2712", "002:2713")
    assert maybe(BOUGHT, *ENDING, beside=(wanted,)) is None


@pytest.mark.parametrize(
    ("one", "otherwise"),
    [
        (
            asked(until=None),
            "your contract names no price for what is not returned, and nothing of it is charged",
        ),
        (BOUGHT, "nothing else is asked of you"),
        (
            asked(owed=fee("89.00")),
            (
                "what is not back in time may be invoiced to you; router (serial RTR-204): 89.00 € "
                "without VAT"
            ),
        ),
        (
            asked(owed=fee("89.00", chargeable=False, tax=Tax.TTC)),
            (
                "what is not back in time may be invoiced to you; router (serial RTR-204): 89.00 € "
                "with VAT, and nothing of it is charged as it stands"
            ),
        ),
    ],
)
def test_what_follows_where_it_does_not_come_back_is_the_contracts(
    one: fields.EquipmentAskedBack, otherwise: str
) -> None:
    assert told(one, *ENDING).facts["otherwise"].en == otherwise


def test_a_contract_without_a_time_is_said_to_have_none() -> None:
    assert told(asked(until=None), *ENDING).facts["pieces"].fr == (
        "routeur (n° de série RTR-204) : à rendre, votre contrat ne fixe pas de délai"
    )


# invoiced

INVOICED = moved(S.INVOICED, fees=(fee("89.00"),))


def test_what_is_invoiced_is_told_together_with_the_euros_and_the_clause_beside() -> None:
    second = moved(S.INVOICED, "router-2", fees=(fee(),))
    before: tuple[Event, ...] = (*ENDING, asked())

    found = told(INVOICED, *before, after=(second,))

    assert found.purpose == "site-equipment-invoiced"
    assert english(found) == {
        "pieces": "router (serial RTR-204): 89.00 € without VAT; router 2: no price is named, and "
        "nothing is charged without one",
    }
    assert found.sources == ("002:2713",)
    assert maybe(second, *before, beside=(INVOICED,)) is None
    assert maybe(second, *before, INVOICED) is not None


def test_what_is_invoiced_by_no_clause_is_said_to_have_no_price() -> None:
    assert told(moved(S.INVOICED), *ENDING).facts["pieces"].en == (
        "router (serial RTR-204): no price is named, and nothing is charged without one"
    )
