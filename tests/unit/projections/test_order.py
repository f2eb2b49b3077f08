from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.event import Event
from domain.identity import LineId, StreamId
from domain.orders import LineEnded, LineKind, LotEnded, LotOpened, OrderClosed, OrderOutcome
from domain.port_in_facts import Outcome
from ledger.envelope import Envelope
from projections.order import ORDERS, OrderDocument, OrderStage, evolve
from projections.projection import ProjectionAheadError, fold, keys_of
from tests.builders import NOON, ORDER, command_id, line_opened, received

KEY = str(ORDER)
OPENED = line_opened()
ENDED = LineEnded(line_id=OPENED.line_id, outcome=Outcome.PORTED)
CLOSED = OrderClosed(outcome=OrderOutcome.COMPLETED)


def envelope(event: Event, version: int, *, stream: str = f"order/{ORDER}") -> Envelope:
    return Envelope(
        position=version,
        stream_id=StreamId(stream),
        version=version,
        business_at=NOON + timedelta(hours=version),
        recorded_at=NOON,
        actor="test",
        cause=None,
        correlation=KEY,
        command_id=command_id(str(version)),
        fingerprint=b"",
        event=event,
    )


def folded(*events: Event) -> OrderDocument:
    envelopes = [envelope(event, n) for n, event in enumerate(events, start=1)]
    return fold(ORDERS, {}, envelopes)[KEY]


def test_an_order_is_shown_from_its_first_fact() -> None:
    document = folded(received())

    assert (document.stage, document.version, document.reference) == (OrderStage.RECEIVED, 1, "R-1")
    assert document.contact.reveal() == "Camille Martin"
    assert [entry.event for entry in document.timeline] == ["OrderReceived"]


def test_its_lines_are_shown_as_they_open_and_end() -> None:
    document = folded(received(), OPENED, line_opened("m-2"), ENDED)

    assert document.stage is OrderStage.RUNNING
    assert [(line.kind, line.outcome) for line in document.lines] == [
        (LineKind.PORT_IN_MOBILE, Outcome.PORTED),
        (LineKind.PORT_IN_MOBILE, None),
    ]


def test_a_closed_order_says_how_and_when() -> None:
    document = folded(received(), OPENED, ENDED, CLOSED)

    assert (document.stage, document.outcome) == (OrderStage.CLOSED, OrderOutcome.COMPLETED)
    assert document.ended_at == NOON + timedelta(hours=4)


def test_what_was_seen_before_changes_nothing() -> None:
    before = folded(received(), OPENED)

    assert fold(ORDERS, {KEY: before}, [envelope(received(), 1), envelope(OPENED, 2)]) == {}


def test_an_event_that_comes_too_soon_is_refused_by_name() -> None:
    with pytest.raises(ProjectionAheadError, match="stands at version 1 and was given version 3"):
        fold(ORDERS, {KEY: folded(received())}, [envelope(ENDED, 3)])


def test_a_fact_of_somebody_else_is_none_of_its_business() -> None:
    line = StreamId(f"line/{UUID(int=1)}")
    stranger = envelope(received(), 1, stream=line)

    assert keys_of(ORDERS, [stranger]) == frozenset()
    assert fold(ORDERS, {}, [stranger]) == {}


def test_an_unknown_fact_of_its_stream_leaves_it_alone() -> None:
    document = folded(received())
    other = LineEnded(line_id=LineId(UUID(int=9)), outcome=Outcome.CANCELLED)

    assert evolve(None, envelope(other, 2)) is None
    assert fold(ORDERS, {}, [envelope(other, 1)]) == {}
    assert folded(received(), other).lines == document.lines


def test_documents_of_another_shape_are_kept_apart() -> None:
    class OtherShape(OrderDocument):
        colour: str = "red"

    assert replace(ORDERS, document=OtherShape).stored_as != ORDERS.stored_as
    assert ORDERS.stored_as.startswith("orders@")


def test_the_lots_of_a_large_order_are_shown_as_they_open_and_end() -> None:
    large = received().model_copy(update={"lots": (100, 30)})

    fresh = folded(large)
    document = folded(large, LotOpened(lot=1), LotEnded(lot=1, outcomes={Outcome.PORTED: 100}))

    assert (fresh.line_count, [lot.lines for lot in fresh.lots]) == (130, [100, 30])
    assert document.stage is OrderStage.RUNNING
    assert [(lot.opened, lot.outcomes) for lot in document.lots] == [
        (True, {Outcome.PORTED: 100}),
        (False, None),
    ]
