"""An order: received, its lines opened, ended and replaced, closed by what became of them."""

from datetime import date
from uuid import UUID

import pytest

from domain.identity import LineId, SubjectId
from domain.orders import (
    Closed,
    CloseOrder,
    CustomerKind,
    LineEnded,
    LineKind,
    LineOpened,
    NoteLineEnded,
    NotReceived,
    OpenLines,
    OrderClosed,
    OrderEvent,
    OrderOutcome,
    OrderReceived,
    OrderRefusedError,
    OrderState,
    Received,
    ReceiveOrder,
    Replacement,
    Running,
    decide,
    evolve,
    fold,
)
from domain.personal import Personal
from domain.port_in_facts import Outcome
from tests.builders import NOON, ORDER
from tests.builders import received as any_order
from tests.porting import ORDER_ID, ordered_line

WHO = Personal(subject=SubjectId("customer-1"), value="Camille Martin")
LINE = ordered_line()
FIRST = LINE.terms.line_id
SECOND = LineId(UUID(int=2))


def receive() -> ReceiveOrder:
    return ReceiveOrder(
        client="crm",
        decided_at=NOON,
        order_id=ORDER_ID,
        reference="R-1",
        provider="axantis",
        service="mobile",
        signed_on=date(2027, 1, 8),
        customer_kind=CustomerKind.COMPANY,
        customer=WHO,
        contact=WHO,
        lines=(LINE,),
    )


def after(*events: OrderEvent) -> OrderState:
    return fold(events)


(RECEIVED,) = decide(receive(), NotReceived())
assert isinstance(RECEIVED, OrderReceived)
OPENED = LineOpened(line_id=FIRST, number=1, kind=LineKind.PORT_IN_MOBILE)


def ended(outcome: Outcome, *, replaced_by: LineId | None = None) -> NoteLineEnded:
    new = None if replaced_by is None else Replacement(line_id=replaced_by, number=2)
    return NoteLineEnded(decided_at=NOON, line_id=FIRST, outcome=outcome, replacement=new)


def test_what_was_asked_for_is_the_first_fact() -> None:
    assert isinstance(RECEIVED, OrderReceived)
    assert (RECEIVED.order_id, RECEIVED.lines) == (ORDER_ID, (LINE,))
    assert isinstance(after(RECEIVED), Received)


def test_every_line_is_opened_with_its_place() -> None:
    assert decide(OpenLines(decided_at=NOON), after(RECEIVED)) == (OPENED,)


def test_a_line_ends_once() -> None:
    running = after(RECEIVED, OPENED)
    (event,) = decide(ended(Outcome.PORTED), running)

    assert event == LineEnded(line_id=FIRST, outcome=Outcome.PORTED)
    assert decide(ended(Outcome.PORTED), evolve(running, event)) == ()


def test_a_line_that_is_replaced_opens_another_in_the_same_breath() -> None:
    facts = decide(ended(Outcome.REPLACED, replaced_by=SECOND), after(RECEIVED, OPENED))

    assert facts[1] == LineOpened(
        line_id=SECOND, number=2, kind=LineKind.NEW_NUMBER, replaces=FIRST
    )


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (Outcome.PORTED, None, OrderOutcome.COMPLETED),
        (Outcome.REPLACED, Outcome.ACTIVATED, OrderOutcome.COMPLETED),
        (Outcome.CANCELLED, None, OrderOutcome.CANCELLED),
        (Outcome.REFUSED, None, OrderOutcome.REFUSED),
        (Outcome.REFUSED, Outcome.CANCELLED, OrderOutcome.REFUSED),
        (Outcome.PORTED, Outcome.CANCELLED, OrderOutcome.PARTLY),
    ],
)
def test_an_order_closes_as_its_lines_did(
    first: Outcome, second: Outcome | None, outcome: OrderOutcome
) -> None:
    events: list[OrderEvent] = [RECEIVED, OPENED, LineEnded(line_id=FIRST, outcome=first)]
    if second is not None:
        events += [
            LineOpened(line_id=SECOND, number=2, kind=LineKind.NEW_NUMBER),
            LineEnded(line_id=SECOND, outcome=second),
        ]

    (closed,) = decide(CloseOrder(decided_at=NOON), after(*events))

    assert closed == OrderClosed(outcome=outcome)
    state = after(*events, closed)
    assert isinstance(state, Closed)
    assert state.outcome is outcome


def test_an_order_with_an_open_line_does_not_close() -> None:
    with pytest.raises(OrderRefusedError, match="CloseOrder does not fit: the order is running"):
        decide(CloseOrder(decided_at=NOON), after(RECEIVED, OPENED))


def test_facts_before_the_first_one_lead_nowhere() -> None:
    strange = (OPENED, LineEnded(line_id=FIRST, outcome=Outcome.PORTED))

    assert after(*strange, OrderClosed(outcome=OrderOutcome.COMPLETED)) == NotReceived()
    assert fold([any_order(), any_order().contact]) == Received(order=any_order())  # type: ignore[list-item]  # not a fact


def test_the_lines_still_open_are_known() -> None:
    running = after(RECEIVED, OPENED)

    assert isinstance(running, Running)
    assert running.still_open == (FIRST,)
    assert ORDER != ORDER_ID
