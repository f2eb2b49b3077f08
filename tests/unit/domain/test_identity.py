from domain.identity import (
    StreamId,
    client_of_stream,
    client_stream,
    order_id_for,
    order_of_stream,
    order_stream,
    order_subject,
    step_command,
    unmatched_stream,
)
from tests.builders import ORDER


def test_the_same_client_and_key_always_mean_the_same_order() -> None:
    first = order_id_for(client="crm", idempotency_key="42")

    assert order_id_for(client="crm", idempotency_key="42") == first
    assert order_id_for(client="crm", idempotency_key="43") != first
    assert order_id_for(client="portal", idempotency_key="42") != first


def test_a_client_cannot_forge_the_key_of_another() -> None:
    assert order_id_for(client="a", idempotency_key="b-c") != order_id_for(
        client="a-b", idempotency_key="c"
    )


def test_a_step_keeps_its_key_until_a_decision_raises_its_epoch() -> None:
    first = step_command(ORDER, step="request")

    assert step_command(ORDER, step="request", epoch=0) == first
    assert step_command(ORDER, step="request", epoch=1) != first
    assert step_command(ORDER, step="cancel") != first


def test_names_carry_ids_only() -> None:
    assert order_stream(ORDER) == f"order/{ORDER}"
    assert order_of_stream(order_stream(ORDER)) == ORDER
    assert order_of_stream(unmatched_stream(7)) is None
    assert order_subject(ORDER) == f"order-contact/{ORDER}"
    assert unmatched_stream(7) == "unmatched/7"


def test_a_stream_says_whose_it_is() -> None:
    assert client_of_stream(client_stream("crm")) == "crm"
    assert client_of_stream(StreamId("order/crm")) is None
