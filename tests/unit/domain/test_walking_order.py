from datetime import timedelta
from itertools import product

import pytest

from domain.identity import SubjectId
from domain.message import MessageUnmatched
from domain.personal import Personal
from domain.walking_order import (
    Acknowledged,
    AcknowledgementAwaited,
    AcknowledgeOrder,
    AwaitAcknowledgement,
    Awaiting,
    Lapsed,
    LapseOrder,
    NotReceived,
    OrderAcknowledged,
    OrderLapsed,
    OrderReceived,
    OrderRefusedError,
    Received,
    ReceiveOrder,
    WalkingOrderCommand,
    WalkingOrderEvent,
    WalkingOrderState,
    decide,
    fold,
)
from tests.builders import NOON, ORDER

CONTACT = Personal(subject=SubjectId("customer-1"), value="Camille Martin")
UNTIL = NOON + timedelta(days=2)

RECEIVED = OrderReceived(order_id=ORDER, reference="R-1", contact=CONTACT)
AWAITED = AcknowledgementAwaited(order_id=ORDER, until=UNTIL)
ACKNOWLEDGED = OrderAcknowledged(order_id=ORDER, message_key="m-1")
LAPSED = OrderLapsed(order_id=ORDER, awaited_until=UNTIL)

RECEIVE = ReceiveOrder(order_id=ORDER, reference="R-1", contact=CONTACT, decided_at=NOON)
AWAIT = AwaitAcknowledgement(order_id=ORDER, decided_at=NOON)
ACKNOWLEDGE = AcknowledgeOrder(order_id=ORDER, message_key="m-1", decided_at=NOON)
LAPSE = LapseOrder(order_id=ORDER, decided_at=NOON)

HISTORIES: dict[str, tuple[WalkingOrderEvent, ...]] = {
    "nothing": (),
    "received": (RECEIVED,),
    "awaiting": (RECEIVED, AWAITED),
    "acknowledged": (RECEIVED, AWAITED, ACKNOWLEDGED),
    "lapsed": (RECEIVED, AWAITED, LAPSED),
}
COMMANDS: tuple[WalkingOrderCommand, ...] = (RECEIVE, AWAIT, ACKNOWLEDGE, LAPSE)
ALLOWED: dict[tuple[str, type], WalkingOrderEvent] = {
    ("nothing", ReceiveOrder): RECEIVED,
    ("received", AwaitAcknowledgement): AWAITED,
    ("awaiting", AcknowledgeOrder): ACKNOWLEDGED,
    ("awaiting", LapseOrder): LAPSED,
}


@pytest.mark.parametrize(("history", "command"), list(product(HISTORIES, COMMANDS)))
def test_each_command_is_obeyed_in_its_state_and_refused_in_every_other(
    history: str, command: WalkingOrderCommand
) -> None:
    state = fold(HISTORIES[history])
    expected = ALLOWED.get((history, type(command)))

    if expected is not None:
        assert decide(command, state) == (expected,)
        return
    with pytest.raises(OrderRefusedError, match="look at its timeline"):
        decide(command, state)


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ("nothing", NotReceived()),
        ("received", Received(order_id=ORDER)),
        ("awaiting", Awaiting(order_id=ORDER, until=UNTIL)),
        ("acknowledged", Acknowledged(order_id=ORDER)),
        ("lapsed", Lapsed(order_id=ORDER)),
    ],
)
def test_facts_say_where_the_order_is(history: str, state: WalkingOrderState) -> None:
    assert fold(HISTORIES[history]) == state


def test_facts_of_others_in_a_stream_change_nothing() -> None:
    stranger = MessageUnmatched(source="s", message_key="k", reason="r")

    assert fold((RECEIVED, stranger, AWAITED)) == Awaiting(order_id=ORDER, until=UNTIL)


def test_an_acknowledgement_is_awaited_for_two_days() -> None:
    (awaited,) = decide(AWAIT, fold((RECEIVED,)))

    assert isinstance(awaited, AcknowledgementAwaited)
    assert awaited.until.isoformat() == "2026-11-25T12:00:00+00:00"
