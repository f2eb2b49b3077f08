"""What contracts say of the equipment of an access, and how what a visit puts up is named."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain import equipment_rules
from domain.access_facts import Technology
from domain.access_rules import contract_of
from domain.access_stages import Access, AccessState
from domain.equipment_back import unasked
from domain.identity import order_subject
from domain.personal import Personal
from domain.works_facts import EquipmentBilled, EquipmentMoved, VisitReport
from domain.works_rules import settled
from domain.works_told import VisitKeptTold
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import S
from tests.porting import ORDER_ID, RULES, STORY

TODAY = eq.TODAY
FTTH, ADSL = Technology.FTTH, Technology.ADSL


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


# put up


def test_on_a_fibre_the_first_number_is_its_box_and_the_others_are_routers() -> None:
    assert eq.put_up(of.ready(), "ONT-1", "RTR-1", "RTR-2") == [
        ("fibre-box", "ONT-1"),
        ("router", "RTR-1"),
        ("router-2", "RTR-2"),
    ]


def test_on_copper_there_is_no_box() -> None:
    assert eq.put_up(of.ready(), "M-1", technology=ADSL) == [("router", "M-1")]


def test_a_socket_is_no_equipment() -> None:
    assert eq.put_up(of.ready()) == []


def test_a_number_that_is_known_is_that_piece_and_one_that_is_up_is_not_put_up_twice() -> None:
    state = eq.moved(of.ready(), S.ORDERED, name="modem")
    state = eq.moved(state, S.SHIPPED, S.DELIVERED, name="modem", serial="RTR-9")
    state = eq.moved(state, S.INSTALLED, name="fibre-box", serial="ONT-1")

    assert eq.put_up(state, "ONT-1", "RTR-9", "RTR-9") == [("modem", "RTR-9")]


def test_a_piece_that_was_ordered_without_a_number_gets_the_one_that_is_put_up() -> None:
    state = eq.moved(of.ready(), S.ORDERED)

    assert eq.put_up(state, "ONT-1", "RTR-1") == [("fibre-box", "ONT-1"), ("router", "RTR-1")]
    boxed = eq.moved(state, S.ORDERED, name="fibre-box")
    assert eq.put_up(boxed, "ONT-1", "RTR-1") == [("fibre-box", "ONT-1"), ("router", "RTR-1")]


def test_a_piece_that_went_back_and_is_put_up_again_is_another_one() -> None:
    state = eq.moved(of.ready(), S.INSTALLED, S.RETURNED, name="fibre-box", serial="ONT-1")

    assert eq.put_up(state, "ONT-1") == [("router", "ONT-1")]


def test_a_visit_before_the_day_a_piece_came_leaves_its_day_as_it_was() -> None:
    later = STORY + timedelta(days=2)
    state = eq.moved(of.ready(), S.ORDERED, at=later)

    report = VisitReport(done_at=STORY, serials=("ONT-1", "RTR-1"))
    found = equipment_rules.installed(RULES, _open(state), report)

    days = [one.on for one in found if isinstance(one, EquipmentMoved)]
    assert days == [TODAY, TODAY + timedelta(days=2)]


def test_what_a_report_puts_up_comes_with_it() -> None:
    told = VisitKeptTold(
        reference="V-1", report=VisitReport(done_at=STORY, serials=("ONT-1",), socket="FI-1")
    )

    found = settled(RULES, _open(of.ready()), told, STORY)

    assert found == {
        "installed": (EquipmentMoved(name="fibre-box", to=S.INSTALLED, on=TODAY, serial="ONT-1"),)
    }


def test_a_visit_that_takes_place_after_an_end_puts_up_what_is_then_asked_back() -> None:
    giving = eq.ended(of.ready())

    found = equipment_rules.installed(
        RULES, giving, VisitReport(done_at=STORY, serials=("ONT-1", "RTR-1"))
    )
    after = eq.evolved(giving, *found)

    assert [piece.name for piece in unasked(_open(after))] == ["fibre-box", "router"]
    assert {type(one).__name__ for one in found} == {"EquipmentMoved"}


# billed


def _told(state: AccessState, to: S, on: date) -> tuple[AccessState, EquipmentBilled | None]:
    moved = EquipmentMoved(name="router", to=to, on=on)
    billed = equipment_rules.billed_by(RULES, _open(state), moved)
    after = eq.evolved(state, moved, *(() if billed is None else (billed,)))
    return after, billed


def test_where_delivery_is_what_counts_it_is_billed_from_there() -> None:
    state: AccessState = eq.under("delivery")

    state, ordered = _told(state, S.ORDERED, TODAY)
    state, delivered = _told(state, S.INSTALLED, TODAY + timedelta(days=4))

    assert ordered is None
    assert delivered is not None
    assert (delivered.on, delivered.before_service) == (date(2027, 1, 13), True)


def test_where_service_is_what_counts_it_is_billed_with_it() -> None:
    state: AccessState = eq.under("service-start")
    state, _ = _told(state, S.ORDERED, TODAY)
    state, installed = _told(state, S.INSTALLED, TODAY)
    contract = contract_of(RULES, _open(state))

    (billed,) = equipment_rules.billed_at_start(contract, _open(state), date(2027, 1, 20))

    assert installed is None
    assert (billed.on, billed.before_service) == (date(2027, 1, 20), False)


def test_what_comes_after_service_is_billed_from_the_day_it_came() -> None:
    state: AccessState = eq.under("service-start")
    state, _ = _told(state, S.ORDERED, TODAY)
    contract = contract_of(RULES, _open(state))
    assert equipment_rules.billed_at_start(contract, _open(state), TODAY) == ()

    served = of.in_service(state)
    _, sent = _told(served, S.SHIPPED, TODAY)
    _, billed = _told(served, S.DELIVERED, TODAY + timedelta(days=6))

    assert sent is None
    assert billed is not None
    assert (billed.on, billed.before_service) == (date(2027, 1, 15), False)


def test_nothing_is_billed_of_what_nobody_ordered() -> None:
    moved = EquipmentMoved(name="fibre-box", to=S.INSTALLED, on=TODAY)

    assert equipment_rules.billed_by(RULES, _open(of.ready()), moved) is None


def test_what_goes_back_or_comes_after_an_end_is_not_billed() -> None:
    state: AccessState = eq.under("delivery")
    state, _ = _told(state, S.ORDERED, TODAY)

    _, called_off = _told(state, S.CANCELLED, TODAY)
    _, after = _told(eq.ended(state), S.DELIVERED, TODAY)

    assert (called_off, after) == (None, None)


def test_a_visit_bills_what_it_puts_up_where_delivery_counts() -> None:
    state: AccessState = eq.under("delivery")
    state, _ = _told(state, S.ORDERED, TODAY)

    report = VisitReport(done_at=STORY, serials=("ONT-1", "RTR-1"))
    found = equipment_rules.installed(RULES, _open(state), report)

    assert [type(one).__name__ for one in found] == [
        *("EquipmentMoved", "EquipmentMoved", "EquipmentBilled"),
    ]


# delivered


def test_a_delivery_says_what_its_reserves_are_worth_and_until_when_a_claim_is_heard() -> None:
    """Neither contract of accesses has a word on either: 000:1172-1182 is about SIM cards."""
    written = Personal(subject=order_subject(ORDER_ID), value="carton enfoncé, pied cassé")
    slip = EquipmentMoved(name="router", to=S.DELIVERED, on=TODAY, reserves=written)

    with_them = equipment_rules.as_delivered(RULES, _open(of.ready()), slip)
    without = equipment_rules.as_delivered(
        RULES, _open(of.ready()), slip.model_copy(update={"reserves": None})
    )

    assert with_them.said[0].en == (
        "the contract is silent: nothing about reserves on the delivery of this equipment"
    )
    assert without.said[0].en == "no reserve on delivery"
    assert with_them.said[-1].en == "a claim is always heard (a default of ours)"
    assert "carton" not in str(with_them.said)


def test_another_move_has_nothing_to_say_of_a_delivery() -> None:
    sent = EquipmentMoved(name="router", to=S.SHIPPED, on=TODAY)

    assert equipment_rules.as_delivered(RULES, _open(of.ready()), sent) == sent


# kept beyond its time


@pytest.mark.parametrize(
    ("name", "source"), [("router-2", "002:2713"), ("fibre-box", "002:2714-2715")]
)
def test_a_price_makes_a_fee_of_what_is_not_back(name: str, source: str) -> None:
    state = _open(eq.moved(of.ready(), S.INSTALLED, name=name))

    fee = equipment_rules.not_returned(RULES, state, name, Decimal("89.00"), STORY)

    assert fee is not None
    assert (fee.euros, fee.source) == (Decimal("89.00"), source)


def test_without_a_price_or_a_piece_there_is_no_fee_of_its_own() -> None:
    state = _open(eq.moved(of.ready(), S.INSTALLED))

    assert equipment_rules.not_returned(RULES, state, "router", None, STORY) is None
    assert equipment_rules.not_returned(RULES, state, "modem", Decimal(1), STORY) is None
