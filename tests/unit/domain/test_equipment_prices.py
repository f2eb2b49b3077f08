"""The order form's own price of a piece: told with its order, billed from its day, or unknown."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.attention import DecisionRefusedError
from domain.equipment_people import check_price, priced
from domain.event import Event
from domain.said import Said
from domain.works_facts import EquipmentBilled, EquipmentMoved
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import TODAY, S
from tests.porting import STORY

TWELVE, EIGHTY_NINE = Decimal("12.00"), Decimal("89.00")
ORDERED = EquipmentMoved(name="router", to=S.ORDERED, on=TODAY)


def _billed(facts: list[Event]) -> EquipmentBilled:
    (billed,) = [one for one in facts if isinstance(one, EquipmentBilled)]
    return billed


def test_a_piece_is_billed_from_its_day_at_the_price_of_its_order_form() -> None:
    """« à compter du jour où ces équipements sont commandés » (002:2476)."""
    told = eq.told_of(of.ready(), S.ORDERED, monthly=TWELVE, once=EIGHTY_NINE)

    state, facts = eq.facts_of(of.ready(), told)

    billed = _billed(facts)
    assert (billed.on, billed.monthly, billed.once) == (TODAY, TWELVE, EIGHTY_NINE)
    assert billed.because == Said(
        fr="équipement facturé depuis sa commande, samedi 9 janvier 2027 (002:2476) ; "
        "12.00 € HT par mois, 89.00 € HT une fois",
        en="equipment billed from the day of its order, Saturday 9 January 2027 (002:2476); "
        "12.00 € HT a month, 89.00 € HT once",
    )
    assert (eq.piece(state).monthly, eq.piece(state).once) == (TWELVE, EIGHTY_NINE)


def test_where_nobody_told_a_price_none_is_made_up() -> None:
    _, facts = eq.facts_of(of.ready(), eq.told_of(of.ready(), S.ORDERED))

    billed = _billed(facts)
    assert (billed.monthly, billed.once) == (None, None)
    assert billed.because.en.endswith("; no price is known: the order form's own was not given")
    assert billed.because.fr.endswith(
        "; aucun prix n'est connu : celui du bon de commande n'a pas été donné"
    )


def test_a_piece_that_costs_nothing_a_month_is_said_to() -> None:
    _, facts = eq.facts_of(of.ready(), eq.told_of(of.ready(), S.ORDERED, monthly=Decimal(0)))

    assert _billed(facts).because.en.endswith("; 0.00 € HT a month")


def test_its_price_stays_with_a_piece_until_the_day_its_contract_bills_it_from() -> None:
    state = eq.moved(eq.under("delivery"), S.ORDERED, S.SHIPPED, once=EIGHTY_NINE, bought=True)

    later = STORY + timedelta(days=3)
    _, facts = eq.facts_of(state, eq.told_of(state, S.DELIVERED, at=later))

    billed = _billed(facts)
    assert (billed.on, billed.monthly, billed.once) == (
        TODAY + timedelta(days=3),
        None,
        EIGHTY_NINE,
    )


def test_a_price_is_written_in_euros_and_cents() -> None:
    whole = priced(ORDERED, monthly=Decimal(12), once=None)

    assert (str(whole.monthly), whole.once) == ("12.00", None)
    assert priced(ORDERED, monthly=None, once=None) == ORDERED


@pytest.mark.parametrize("wrong", [Decimal("12.345"), Decimal(-1), Decimal(10_000_000)])
def test_a_sum_nobody_can_pay_says_what_to_write(wrong: Decimal) -> None:
    with pytest.raises(DecisionRefusedError, match=r"monthly is euros .* write it like 12\.00"):
        priced(ORDERED, monthly=wrong, once=None)
    with pytest.raises(DecisionRefusedError, match="once is euros"):
        priced(ORDERED, monthly=None, once=wrong)
    with pytest.raises(DecisionRefusedError, match="euros is euros without VAT"):
        check_price(ORDERED, wrong)


@pytest.mark.parametrize("to", [one for one in S if one is not S.ORDERED])
def test_a_price_comes_with_the_order_of_a_piece_alone(to: S) -> None:
    moved = ORDERED.model_copy(update={"to": to})

    with pytest.raises(DecisionRefusedError, match="give them with to=ordered"):
        priced(moved, monthly=TWELVE, once=None)
    with pytest.raises(DecisionRefusedError, match="give them with to=ordered"):
        priced(moved, monthly=None, once=EIGHTY_NINE)
