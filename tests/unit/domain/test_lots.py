"""A large order: its lines in lots, and the order that knows how each lot ended."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import lots, orders
from domain.identity import LineId, lot_stream, order_of_stream
from domain.lots import Lot, LotReceived, NotReceived, ReceiveLot, in_lots, lot_of
from domain.orders import (
    Closed,
    CloseOrder,
    LineEnded,
    LineKind,
    LineOpened,
    LotEnded,
    LotOpened,
    NoteLineEnded,
    NoteLotEnded,
    OpenLines,
    OpenLots,
    OrderClosed,
    OrderOutcome,
    OrderReceived,
    OrderRefusedError,
    OrderState,
    Replacement,
    Running,
)
from domain.port_in_facts import Outcome
from tests.builders import NOON, received
from tests.porting import ORDER_ID, ordered_line

LINE = ordered_line()
FIRST = LINE.terms.line_id
SECOND = LineId(UUID(int=2))
RECEIVED = LotReceived(order_id=ORDER_ID, lot=2, of_lines=101, lines=(LINE,))
OPENED = LineOpened(line_id=FIRST, number=1, kind=LineKind.PORT_IN_MOBILE)
LARGE: OrderReceived = received().model_copy(update={"lots": (100, 1), "pin": LINE.terms.pin})


def lot(*events: lots.LotEvent) -> lots.LotState:
    return lots.fold(events)


def order(*events: orders.OrderEvent) -> OrderState:
    return orders.fold((LARGE, *events))


def note(outcome: Outcome, new: Replacement | None = None) -> NoteLineEnded:
    return NoteLineEnded(decided_at=NOON, line_id=FIRST, outcome=outcome, replacement=new)


@pytest.mark.parametrize(("number", "expected"), [(1, 1), (100, 1), (101, 2), (10_000, 100)])
def test_a_lot_holds_a_hundred_lines(number: int, expected: int) -> None:
    assert lot_of(number) == expected
    assert [len(some) for some in in_lots(range(201))] == [100, 100, 1]


def test_a_lot_is_of_its_order() -> None:
    assert order_of_stream(lot_stream(ORDER_ID, 7)) == ORDER_ID


def test_what_was_received_is_a_lots_first_fact() -> None:
    command = ReceiveLot(decided_at=NOON, order_id=ORDER_ID, lot=2, of_lines=101, lines=(LINE,))

    assert lots.decide(command, NotReceived()) == (RECEIVED,)
    with pytest.raises(OrderRefusedError, match="the lot is lot"):
        lots.decide(command, lot(RECEIVED))


def test_its_lines_are_opened_once() -> None:
    command = OpenLines(decided_at=NOON)

    assert lots.decide(command, lot(RECEIVED)) == (OPENED,)
    assert lots.decide(command, lot(RECEIVED, OPENED)) == ()


def test_a_lot_that_is_not_there_can_do_nothing() -> None:
    with pytest.raises(OrderRefusedError, match="OpenLines does not fit"):
        lots.decide(OpenLines(decided_at=NOON), NotReceived())
    assert lot(OPENED) == NotReceived()


def test_a_lot_is_over_with_its_last_line() -> None:
    running = lot(RECEIVED, OPENED)
    assert isinstance(running, Lot)
    assert not running.over
    assert not replace(running, lines={}).over

    ended = lots.decide(note(Outcome.PORTED), running)
    over = lot(RECEIVED, OPENED, *ended)

    assert isinstance(over, Lot)
    assert (over.over, dict(over.outcomes)) == (True, {Outcome.PORTED: 1})
    assert lots.decide(note(Outcome.PORTED), over) == ()


def test_a_line_that_is_replaced_leaves_its_lot_open() -> None:
    new = Replacement(line_id=SECOND, number=102)

    facts = lots.decide(note(Outcome.REPLACED, new), lot(RECEIVED, OPENED))
    after = lot(RECEIVED, OPENED, *facts)

    assert isinstance(after, Lot)
    assert after.still_open == (SECOND,)
    assert facts[1] == LineOpened(
        line_id=SECOND, number=102, kind=LineKind.NEW_NUMBER, replaces=FIRST
    )


def test_a_large_order_opens_its_lots_and_closes_when_all_have_ended() -> None:
    opening = orders.decide(OpenLots(decided_at=NOON, lots=(1,)), order())
    running = order(*opening)
    assert isinstance(running, Running)
    assert (running.open_lots, running.unopened, running.over) == ((1,), (2,), False)

    more = orders.decide(OpenLots(decided_at=NOON, lots=(1, 2)), running)
    assert more == (LotOpened(lot=2),)

    first = NoteLotEnded(decided_at=NOON, lot=1, outcomes={Outcome.PORTED: 100})
    second = NoteLotEnded(
        decided_at=NOON, lot=2, outcomes={Outcome.REPLACED: 1, Outcome.ACTIVATED: 1}
    )
    half = order(*opening, *more, *orders.decide(first, order(*opening, *more)))
    with pytest.raises(OrderRefusedError, match="CloseOrder does not fit"):
        orders.decide(CloseOrder(decided_at=NOON), half)
    assert orders.decide(first, half) == ()

    facts = (*opening, *more, LotEnded(lot=1, outcomes={Outcome.PORTED: 100}))
    whole = order(*facts, *orders.decide(second, half))
    (closed,) = orders.decide(CloseOrder(decided_at=NOON), whole)

    assert closed == OrderClosed(outcome=OrderOutcome.COMPLETED)
    assert isinstance(order(*facts, closed), Closed)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({Outcome.PORTED: 1, Outcome.CANCELLED: 1}, OrderOutcome.PARTLY),
        ({Outcome.CANCELLED: 2}, OrderOutcome.CANCELLED),
        ({Outcome.REFUSED: 1, Outcome.CANCELLED: 1}, OrderOutcome.REFUSED),
    ],
)
def test_a_large_order_ends_as_its_lots_did(
    outcomes: dict[Outcome, int], expected: OrderOutcome
) -> None:
    small = LARGE.model_copy(update={"lots": (2,)})
    state = orders.fold((small, LotOpened(lot=1), LotEnded(lot=1, outcomes=outcomes)))

    assert orders.decide(CloseOrder(decided_at=NOON), state) == (OrderClosed(outcome=expected),)


def test_a_large_order_does_not_open_its_lines_itself() -> None:
    with pytest.raises(OrderRefusedError):
        orders.decide(OpenLines(decided_at=NOON), order())


def test_a_lots_fact_without_its_order_changes_nothing() -> None:
    assert orders.fold((LotOpened(lot=1),)) == orders.NotReceived()
    assert lots.fold((LineEnded(line_id=FIRST, outcome=Outcome.PORTED),)) == NotReceived()
    assert lots.fold((OrderClosed(outcome=OrderOutcome.COMPLETED),)) == NotReceived()


def test_an_order_knows_its_contract_and_how_many_lines_it_has() -> None:
    own = received().model_copy(update={"lines": (LINE,)})

    assert (own.under, own.line_count) == (LINE.terms.pin, 1)
    assert (LARGE.under, LARGE.line_count) == (LINE.terms.pin, 101)
