from datetime import timedelta

import pytest

from domain.event import Event
from domain.identity import StreamId
from domain.message import MessageUnmatched
from domain.walking_order import AcknowledgementAwaited, OrderLapsed
from ledger.envelope import Envelope
from projections.order import ORDERS, OrderDocument, OrderStage
from projections.projection import ProjectionAheadError, fold, keys_of
from tests.builders import NOON, ORDER, acknowledged, command_id, received

UNTIL = NOON + timedelta(days=2)
AWAITED = AcknowledgementAwaited(order_id=ORDER, until=UNTIL)
LAPSED = OrderLapsed(order_id=ORDER, awaited_until=UNTIL)
UNMATCHED = MessageUnmatched(source="s", message_key="k", reason="r")
KEY = str(ORDER)


def _envelope(version: int, event: Event) -> Envelope:
    return Envelope(
        position=version,
        stream_id=StreamId(f"order/{ORDER}"),
        version=version,
        business_at=NOON + timedelta(hours=version),
        recorded_at=NOON,
        actor="test",
        cause=None,
        correlation="c",
        command_id=command_id(str(version)),
        fingerprint=b"",
        event=event,
    )


def _told(*events: Event) -> OrderDocument:
    envelopes = [_envelope(n, event) for n, event in enumerate(events, start=1)]
    return fold(ORDERS, {}, envelopes)[KEY]


@pytest.mark.parametrize(
    ("events", "stage"),
    [
        ((received(),), OrderStage.RECEIVED),
        ((received(), AWAITED), OrderStage.AWAITING_ACKNOWLEDGEMENT),
        ((received(), AWAITED, acknowledged()), OrderStage.ACKNOWLEDGED),
        ((received(), AWAITED, LAPSED), OrderStage.LAPSED),
    ],
)
def test_the_document_says_where_the_order_is(events: tuple[Event, ...], stage: OrderStage) -> None:
    document = _told(*events)

    assert document.stage is stage
    assert document.version == len(events)
    assert [entry.event for entry in document.timeline] == [type(e).__name__ for e in events]


def test_the_document_keeps_the_dates_of_the_facts() -> None:
    document = _told(received(), AWAITED, LAPSED)

    assert document.received_at == NOON + timedelta(hours=1)
    assert document.awaited_until == UNTIL
    assert document.ended_at == NOON + timedelta(hours=3)


def test_an_event_seen_before_changes_nothing() -> None:
    document = _told(received(), AWAITED)

    assert fold(ORDERS, {KEY: document}, [_envelope(1, received()), _envelope(2, AWAITED)]) == {}


def test_an_event_that_came_too_early_is_an_error_by_name() -> None:
    document = _told(received())

    with pytest.raises(ProjectionAheadError, match="stands at version 1 and was given version 3"):
        fold(ORDERS, {KEY: document}, [_envelope(3, acknowledged())])


def test_events_of_others_are_left_alone() -> None:
    assert keys_of(ORDERS, [_envelope(1, UNMATCHED), _envelope(1, received())]) == {KEY}
    assert fold(ORDERS, {}, [_envelope(1, UNMATCHED)]) == {}


def test_an_event_no_document_knows_what_to_do_with_makes_none() -> None:
    assert fold(ORDERS, {}, [_envelope(1, AWAITED)]) == {}


def test_folding_in_one_batch_or_event_by_event_is_the_same() -> None:
    events = [received(), AWAITED, acknowledged()]
    document: OrderDocument | None = None
    for version, event in enumerate(events, start=1):
        known = {KEY: document} if document else {}
        document = fold(ORDERS, known, [_envelope(version, event)])[KEY]

    assert document == _told(*events)


def test_a_document_keeps_personal_data_as_such() -> None:
    assert "Camille" not in repr(_told(received()))
