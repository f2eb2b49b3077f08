"""The equipment of an access: told piece by piece, asked back and settled before an end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import access_commands as told
from domain.access import AccessRefusedError
from domain.access_facts import AccessEnded
from domain.access_stages import Access, AccessState, Closed, GivingBack
from domain.attention import AttentionCleared, AttentionRaised, DecisionRefusedError, Turn
from domain.equipment_back import ARRIVAL, RETURN, is_due, is_settled, unasked
from domain.equipment_people import check_price, read_move
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Step
from domain.works_facts import AcceptanceAsked, EquipmentAskedBack, EquipmentBilled, EquipmentMoved
from tests import accesses as of
from tests import equipment as eq
from tests.equipment import S
from tests.porting import ORDER_ID, STORY

DAY = timedelta(days=1)
TODAY = eq.TODAY
LATE = STORY + 11 * DAY
RESERVES = Personal(subject=order_subject(ORDER_ID), value="carton enfoncé, pied cassé")
OKSIO = {"under": ("oksio", "data")}


def _kinds(facts: list[Event]) -> list[type[Event]]:
    return [type(one) for one in facts]


def _released(state: AccessState) -> AccessState:
    state = of.asked(state, Step.RELEASE_ACCESS)
    return of.when(state, of.released(state))


# told


def test_a_piece_is_followed_from_its_order_to_the_customer() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.SHIPPED)

    told_of = eq.told_of(state, S.DELIVERED, serial="RTR-1", reserves=RESERVES)
    state, facts = eq.facts_of(state, told_of)

    assert _kinds(facts) == [EquipmentMoved]
    piece = eq.piece(state)
    assert (piece.state, piece.serial, piece.reserves) == (S.DELIVERED, "RTR-1", RESERVES)
    assert (piece.ordered, piece.delivered, piece.bought) == (TODAY, TODAY, False)


def test_it_is_billed_once_and_before_service_where_a_clause_says_so() -> None:
    """« à compter du jour où ces équipements sont commandés » (002:2474-2477)."""
    state, facts = eq.facts_of(of.ready(), eq.told_of(of.ready(), S.ORDERED))
    _, later = eq.facts_of(state, eq.told_of(state, S.SHIPPED))

    billed = facts[1]
    assert isinstance(billed, EquipmentBilled)
    assert (billed.on, billed.before_service, billed.source) == (TODAY, True, "002:2476")
    assert eq.piece(state).billed_from == TODAY
    assert _kinds(later) == [EquipmentMoved]


@pytest.mark.parametrize(
    ("to", "more", "says"),
    [
        (S.SHIPPED, {}, "router is not known: it does not become shipped; say one of ordered"),
        (S.ORDERED, {"on": TODAY + DAY}, "on has not come yet: say so once it has"),
        (S.ORDERED, {"on": TODAY - DAY}, "before the access was ordered (2027-01-09)"),
        (S.INSTALLED, {"reserves": RESERVES}, "reserves are written on the delivery slip"),
        (S.INVOICED, {}, "a piece is invoiced once an end has asked it back"),
        (S.GIVEN_UP, {}, "decide skip about equipment-return or equipment-elsewhere, with the"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_say_instead(
    to: S, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        eq.facts_of(of.ready(), eq.told_of(of.ready(), to, **more))

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"to": "lost"}, "'lost' is no state of a piece: write one of ordered, shipped"),
        ({"name": "My Router"}, "'My Router' names no piece: write it in small letters"),
        ({"serial": "né 4"}, "'né 4' is no serial number"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(fields: dict[str, str], says: str) -> None:
    written = {"name": "router", "to": "ordered", "serial": None, **fields}
    name, to = str(written.pop("name")), str(written.pop("to"))

    with pytest.raises(DecisionRefusedError) as refused:
        read_move(name, to, on=TODAY, serial=written["serial"], bought=False, reserves=None)

    assert says in str(refused.value)


def test_what_is_written_becomes_a_move() -> None:
    read = read_move(
        "router", " Installed ", on=TODAY, serial="RTR/1", bought=True, reserves=RESERVES
    )

    assert (read.to, read.serial, read.bought) == (S.INSTALLED, "RTR/1", True)


def test_a_price_is_of_what_was_not_returned_alone() -> None:
    read = EquipmentMoved(name="router", to=S.RETURNED, on=TODAY)

    check_price(read, None)
    check_price(read.model_copy(update={"to": S.INVOICED}), Decimal(1))
    with pytest.raises(DecisionRefusedError, match="give it with to=invoiced"):
        check_price(read, Decimal(1))


# service before the last piece


def test_service_does_not_wait_for_a_piece_and_its_order_does() -> None:
    state = eq.moved(of.ready(), S.ORDERED)
    begun = of.start(on_the_way=("router",))

    state = of.opening(state)
    state = of.when(state, of.commissioned(state, begun))

    assert (of.stage(state), of.codes(state)) == ("in-service", [ARRIVAL])
    with pytest.raises(AccessRefusedError):
        of.when(state, told.EndAccess(**of.BOTH))
    state, facts = eq.facts_of(state, eq.told_of(state, S.INSTALLED))
    assert _kinds(facts) == [EquipmentMoved, AttentionCleared]
    closed = of.when(state, told.EndAccess(**of.BOTH))
    assert isinstance(closed, Closed)
    assert eq.piece(closed).state is S.INSTALLED


def test_an_order_is_closed_without_a_piece_by_a_person_who_says_why() -> None:
    state = of.opening(eq.moved(of.ready(), S.ORDERED, S.SHIPPED))
    state = of.when(state, of.commissioned(state, of.start(on_the_way=("router",))))

    silent = of.answer("skip", ARRIVAL).model_copy(update={"reason": " "})
    with pytest.raises(DecisionRefusedError, match="give the reason"):
        of.when(state, silent)
    closed = of.when(state, of.answer("skip", ARRIVAL), told.EndAccess(**of.BOTH))

    assert eq.piece(closed).state is S.SHIPPED


# an end


def test_an_end_calls_off_what_was_not_sent_and_asks_back_what_was() -> None:
    state = eq.moved(of.ready(), S.ORDERED, name="modem")
    state = eq.moved(state, S.ORDERED, S.SHIPPED, S.DELIVERED)
    giving = eq.ended(state)

    state, facts = eq.facts_of(giving, eq.back(giving))

    called_off, asked, raised = facts
    assert isinstance(called_off, EquipmentMoved)
    assert (called_off.name, called_off.to) == ("modem", S.CANCELLED)
    assert isinstance(asked, EquipmentAskedBack)
    # « dans les dix (10) jours calendaires » (002:2712), the day of the end apart
    assert asked.until == STORY + 11 * DAY
    assert isinstance(raised, AttentionRaised)
    attention = raised.attention
    assert (attention.code, attention.blocks, attention.until) == (RETURN, False, asked.until)
    assert (attention.turn, attention.detail) == (Turn.CUSTOMER, "router")
    assert "to be back by Tuesday 19 January 2027" in attention.what.en
    assert "002:2712" in attention.what.en


def test_it_closes_once_the_last_piece_is_back() -> None:
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))
    giving = _released(state)

    with pytest.raises(AccessRefusedError):
        of.when(giving, told.EndAccess(**of.BOTH))
    giving, facts = eq.facts_of(giving, eq.told_of(giving, S.RETURNED))

    assert _kinds(facts) == [EquipmentMoved, AttentionCleared]
    assert of.stage(of.when(giving, told.EndAccess(**of.BOTH))) == "closed"


def test_a_person_says_that_all_of_it_is_back_and_on_which_day() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED)
    state = eq.asked_back(eq.moved(state, S.INSTALLED, name="fibre-box"))

    later = eq.answered("agree", at=STORY + 3 * DAY, day=TODAY + DAY)
    state, _ = eq.facts_of(state, later)

    assert {(one.state, one.since) for one in eq.pieces(state)} == {(S.RETURNED, TODAY + DAY)}
    assert of.codes(state) == []


def test_one_of_two_pieces_leaves_the_question_open() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED)
    state = eq.asked_back(eq.moved(state, S.INSTALLED, name="fibre-box"))

    state, facts = eq.facts_of(state, eq.told_of(state, S.RETURNED))

    assert (_kinds(facts), of.codes(state)) == ([EquipmentMoved], [RETURN])


def test_what_is_not_back_in_time_is_invoiced_with_its_source_among_the_fees_of_the_end() -> None:
    """« le ou les équipement(s) sera facturés » (002:2713); nobody knows the sum as yet."""
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))

    with pytest.raises(DecisionRefusedError, match="router may still come back: to be back by"):
        eq.facts_of(state, eq.answered("refuse", at=LATE - DAY))
    late, _ = eq.facts_of(state, eq.answered("refuse", at=LATE))

    assert isinstance(late, GivingBack)
    assert eq.piece(late).state is S.INVOICED
    fee = late.fees[-1]
    assert (fee.head, fee.euros, fee.source, fee.chargeable) == (
        "equipment",
        None,
        "002:2713",
        False,
    )
    closed = of.when(_released(late), told.EndAccess(**of.BOTH))
    assert isinstance(closed, Closed)
    assert closed.ended.fees[-1] == fee


def test_one_piece_is_invoiced_at_the_price_that_was_given_for_it() -> None:
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))
    priced = of.fee("equipment", "89.00")

    with_price = eq.told_of(state, S.INVOICED, at=LATE, fee=priced)
    without = eq.told_of(state, S.INVOICED, at=LATE)
    state, (moved, _) = eq.facts_of(state, with_price)

    assert isinstance(moved, EquipmentMoved)
    assert moved.fees == (priced,)
    giving = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))
    _, (unpriced, _) = eq.facts_of(giving, without)
    assert isinstance(unpriced, EquipmentMoved)
    assert [fee.euros for fee in unpriced.fees] == [None]


def test_a_piece_is_given_up_by_a_person_who_says_why() -> None:
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))

    with pytest.raises(DecisionRefusedError, match="give the reason"):
        eq.facts_of(state, eq.answered("skip").model_copy(update={"reason": ""}))
    state, _ = eq.facts_of(state, eq.answered("skip"))

    assert (eq.piece(state).state, of.codes(state)) == (S.GIVEN_UP, [])
    state, _ = eq.facts_of(state, eq.told_of(state, S.RETURNED))
    assert eq.piece(state).state is S.RETURNED


def test_a_day_of_return_that_has_not_come_or_was_too_soon_is_refused() -> None:
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))

    with pytest.raises(DecisionRefusedError, match="day has not come yet"):
        eq.facts_of(state, eq.answered("agree", day=TODAY + DAY))
    with pytest.raises(DecisionRefusedError, match="is before it; check the day"):
        eq.facts_of(state, eq.answered("agree", day=TODAY - DAY))


def test_where_no_contract_has_a_last_day_it_is_asked_back_and_nothing_waits_for_it() -> None:
    state = eq.moved(of.ready(**OKSIO), S.ORDERED, S.DELIVERED)
    giving = eq.ended(state)

    state, facts = eq.facts_of(giving, eq.back(giving))

    (asked,) = facts
    assert isinstance(asked, EquipmentAskedBack)
    assert (asked.until, asked.fee) == (None, None)
    assert "the contract is silent: no time to return equipment" in asked.said[0].en
    with pytest.raises(DecisionRefusedError, match="its contract has nothing invoiced for router"):
        eq.facts_of(state, eq.told_of(state, S.INVOICED, at=LATE))
    closed, (end,) = eq.facts_of(_released(state), told.EndAccess(**of.BOTH))
    assert isinstance(end, AccessEnded)
    assert eq.piece(closed).state is S.DELIVERED


def test_what_was_sold_is_not_wanted_back() -> None:
    state = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED, bought=True))

    assert state.asked_back["router"].until is None
    assert "bought by the customer: nothing to return" in state.asked_back["router"].said[0].en
    assert of.codes(state) == []


def test_nothing_more_is_ordered_for_an_access_that_ends() -> None:
    state = eq.ended(of.ready())

    with pytest.raises(DecisionRefusedError, match="nothing more is ordered for it"):
        eq.facts_of(state, eq.told_of(state, S.ORDERED))
    with pytest.raises(AccessRefusedError):
        eq.facts_of(state, eq.back(state))


def test_a_question_that_fell_away_with_a_second_end_is_asked_again() -> None:
    """Another customer's line is found while equipment is awaited: its end begins once more."""
    giving = eq.asked_back(eq.moved(of.ready(), S.ORDERED, S.DELIVERED))
    again = of.when(giving, of.answer("dispute"), of.answer("agree", "wrong-overwriting"))
    assert of.codes(again) == []
    assert isinstance(again, GivingBack)

    state, facts = eq.facts_of(again, eq.back(again, LATE))

    (raised,) = facts
    assert isinstance(raised, AttentionRaised)
    assert raised.attention.until == of.SOON
    assert of.codes(state) == [RETURN]


def test_a_piece_put_up_while_the_access_is_given_back_is_asked_back_too() -> None:
    giving = eq.ended(of.ready())
    giving_too, facts = eq.facts_of(giving, eq.told_of(giving, S.INSTALLED, "fibre-box"))

    assert isinstance(giving_too, GivingBack)
    after, _ = eq.facts_of(giving_too, eq.back(giving_too))
    assert _kinds(facts) == [EquipmentMoved]
    assert of.codes(after) == [RETURN]


def test_another_answer_about_works_leaves_equipment_alone() -> None:
    state = of.opening(eq.moved(of.ready(), S.ORDERED, S.INSTALLED))
    asked = of.start(acceptance=AcceptanceAsked(because=of.SAID))
    state = of.when(state, of.commissioned(state, asked), of.answer("skip", "acceptance"))

    assert isinstance(state, Access)
    assert eq.piece(state).since == date(2027, 1, 9)


def test_nothing_is_asked_back_of_an_access_that_goes_on() -> None:
    state = eq.moved(of.ready(), S.ORDERED, S.DELIVERED)

    assert isinstance(state, Access)
    assert (unasked(state), is_due(state), is_settled(state)) == ((), False, True)
