"""What becomes of equipment once its access has ended: by the same rules, as facts of its own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import access_commands as told
from domain.access import AccessRefusedError, decide
from domain.access_facts import Fee, FeesSettled
from domain.access_stages import AccessState, Closed, GivingBack, NotOpened
from domain.access_states import evolve
from domain.attention import AttentionCleared, DecisionRefusedError
from domain.port_in_facts import Outcome
from domain.works_facts import EquipmentBilled, EquipmentMoved
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import TODAY, S
from tests.porting import STORY

DAY = timedelta(days=1)
LATE = STORY + 11 * DAY
LATER = STORY + 20 * DAY
LATER_DAY = TODAY + 20 * DAY
OKSIO = ("oksio", "data")
PRICED = of.fee("equipment", "89.00")


def _delivered_without(state: AccessState, *names: str) -> Closed:
    """In service and closed, by a person who says to go on without what is on its way."""
    state = of.opening(state)
    state = of.when(state, of.commissioned(state, of.start(on_the_way=names)))
    return eq.closed(of.when(state, of.answer("skip", "equipment-on-the-way")))


def _invoiced(fee: Fee | None = PRICED, *names: str) -> GivingBack:
    state = of.ready()
    for name in names or ("router",):
        state = eq.moved(state, S.ORDERED, S.DELIVERED, name=name)
    giving: AccessState = eq.asked_back(state)
    for name in names or ("router",):
        giving = eq.moved(giving, S.INVOICED, name=name, at=LATE, fee=fee)
    assert isinstance(giving, GivingBack)
    return giving


def _of_equipment(fees: tuple[Fee, ...]) -> list[Fee]:
    return [fee for fee in fees if fee.head == "equipment"]


# what comes late


def test_a_piece_that_service_did_not_wait_for_may_come_after_the_end_of_its_order() -> None:
    over = _delivered_without(eq.moved(of.ready(), S.ORDERED, S.SHIPPED), "router")

    state, facts = eq.facts_of(over, eq.told_of(over, S.DELIVERED, at=LATER, serial="RTR-1"))

    assert [type(one) for one in facts] == [EquipmentMoved]
    piece = eq.piece(state)
    assert (piece.state, piece.since, piece.serial) == (S.DELIVERED, LATER_DAY, "RTR-1")
    assert isinstance(state, Closed)
    assert state.ended == over.ended


def test_what_comes_after_the_end_is_billed_from_the_day_it_came_where_service_counts() -> None:
    over = _delivered_without(
        eq.moved(eq.under("service-start"), S.ORDERED, monthly=Decimal("12.00")), "router"
    )

    state, facts = eq.facts_of(over, eq.told_of(over, S.INSTALLED, at=LATER))

    billed = facts[1]
    assert isinstance(billed, EquipmentBilled)
    assert (billed.on, billed.before_service, billed.monthly) == (
        LATER_DAY,
        False,
        Decimal("12.00"),
    )
    assert eq.piece(state).billed_from == LATER_DAY
    _, again = eq.facts_of(state, eq.told_of(state, S.RETURNED, at=LATER))
    assert [type(one) for one in again] == [EquipmentMoved]


def test_two_people_who_tell_of_a_piece_at_once_have_it_billed_once() -> None:
    over = _delivered_without(eq.moved(eq.under("service-start"), S.ORDERED), "router")
    both = [eq.told_of(over, to, at=LATER) for to in (S.DELIVERED, S.INSTALLED)]

    state, first = eq.facts_of(over, both[0])
    _, second = eq.facts_of(state, both[1])

    assert [type(one) for one in first] == [EquipmentMoved, EquipmentBilled]
    assert [type(one) for one in second] == [EquipmentMoved]


def test_nothing_is_billed_that_comes_after_an_end_without_service() -> None:
    giving = eq.asked_back(eq.moved(of.ready(under=OKSIO), S.ORDERED, S.SHIPPED))
    over = eq.closed(giving)

    state, facts = eq.facts_of(over, eq.told_of(over, S.DELIVERED, at=LATER))
    state, _ = eq.facts_of(state, eq.told_of(state, S.RETURNED, at=LATER))

    assert over.ended.outcome is Outcome.CANCELLED
    assert [type(one) for one in facts] == [EquipmentMoved]
    assert eq.piece(state).state is S.RETURNED


@pytest.mark.parametrize(
    ("to", "more", "says"),
    [
        (S.CANCELLED, {}, "router is shipped: it does not become cancelled; say one of"),
        (S.DELIVERED, {"on": TODAY - DAY}, "before the access was ordered (2027-01-09)"),
        (S.DELIVERED, {"on": LATER_DAY + DAY}, "on has not come yet: say so once it has"),
        (S.DELIVERED, {"serial": "RTR-2"}, "RTR-2 is another piece; check the serial"),
        (S.INVOICED, {}, "what its contract has invoiced was settled before it closed"),
        (S.GIVEN_UP, {}, "given up by a decision, and the access has ended"),
        (S.ORDERED, {"name": "modem"}, "modem is not known, and the access has ended: no piece"),
        (S.INSTALLED, {"name": "modem"}, "no piece is added to it any more; check the name"),
    ],
)
def test_the_same_rules_hold_after_the_end(to: S, more: dict[str, Any], says: str) -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.SHIPPED, serial="RTR-1")
    over = _delivered_without(state, "router")

    with pytest.raises(DecisionRefusedError) as refused:
        eq.facts_of(over, eq.told_of(over, to, **{"at": LATER, **more}))

    assert says in str(refused.value)


def test_nothing_is_told_of_the_equipment_of_what_was_never_opened() -> None:
    command = eq.told_of(of.ready(), S.ORDERED)

    with pytest.raises(AccessRefusedError):
        decide(command, NotOpened())


def test_no_other_fact_moves_an_access_that_has_ended_or_was_never_opened() -> None:
    over = _delivered_without(eq.moved(of.ready(), S.ORDERED), "router")

    assert evolve(over, FeesSettled(fees=())) == over
    assert evolve(NotOpened(), FeesSettled(fees=())) == NotOpened()
    with pytest.raises(AccessRefusedError):
        decide(told.EndAccess(**of.BOTH), over)


# an invoice that falls away


def test_a_piece_that_comes_back_after_its_invoice_has_its_fee_given_back() -> None:
    """No contract says what becomes of the invoice of 002:2713: a default of ours, said as one."""
    over = eq.closed(_invoiced())
    assert _of_equipment(over.fees) == [PRICED]

    state, (moved,) = eq.facts_of(over, eq.told_of(over, S.RETURNED, at=LATER))

    assert isinstance(state, Closed)
    assert moved.given_back == (PRICED,)
    assert [one.en for one in moved.said] == [
        "the contract is silent: nothing about equipment that comes back after its invoice",
        "its invoice falls away: 89.00 € HT to be given back (a default of ours)",
    ]
    assert (eq.piece(state).state, eq.piece(state).fee) == (S.RETURNED, None)
    assert _of_equipment(state.fees) == []
    assert _of_equipment(state.ended.fees) == [PRICED]


def test_an_invoice_that_nobody_put_a_sum_to_falls_away_and_nothing_is_given_back() -> None:
    over = eq.closed(_invoiced(None))

    _, (moved,) = eq.facts_of(over, eq.told_of(over, S.RETURNED, at=LATER))

    assert [fee.euros for fee in moved.given_back] == [None]
    assert moved.said[-1].fr == ("sa facture tombe : rien n'avait été facturé (valeur par défaut)")


def test_one_that_comes_back_before_the_access_closes_is_not_among_its_fees() -> None:
    giving = _invoiced()

    state, facts = eq.facts_of(giving, eq.told_of(giving, S.RETURNED, at=LATER))

    assert facts[0].given_back == (PRICED,)
    assert AttentionCleared not in [type(one) for one in facts]
    assert _of_equipment(eq.closed(state).ended.fees) == []


def test_of_two_pieces_at_one_price_one_that_is_back_leaves_the_other_invoiced() -> None:
    over = eq.closed(_invoiced(PRICED, "router", "modem"))

    state, _ = eq.facts_of(over, eq.told_of(over, S.RETURNED, "modem", at=LATER))

    assert isinstance(state, Closed)
    assert _of_equipment(state.fees) == [PRICED]
    assert eq.piece(state).fee == PRICED


def test_nothing_is_given_back_where_the_end_costs_nothing_any_more() -> None:
    """It was another customer's line: its end began once more, free of charge."""
    giving = _invoiced()
    again = of.when(giving, of.answer("dispute"), of.answer("agree", "wrong-overwriting"))

    _, (moved,) = eq.facts_of(again, eq.told_of(again, S.RETURNED, at=LATER))

    assert (moved.given_back, moved.said) == ((), ())
