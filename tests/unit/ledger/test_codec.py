import json

import pytest

from domain.identity import StreamId, SubjectId
from domain.orders import CloseOrder, CustomerKind, ReceiveOrder
from domain.personal import Personal, SubjectForgottenError
from ledger.catalogue import EVENTS
from ledger.codec import (
    EventCodec,
    command_fingerprint,
    subjects_in,
    subjects_in_text,
)
from tests.builders import NOON, ORDER, line_opened, received
from tests.fakes.keys import FakeSubjectKeys, fake_hash

STREAM = StreamId("order/a")


def _receive(name: str) -> ReceiveOrder:
    contact = Personal(subject=SubjectId("customer-1"), value=name)
    return ReceiveOrder(
        client="crm",
        order_id=ORDER,
        reference="R-1",
        provider="axantis",
        service="mobile",
        signed_on=NOON.date(),
        customer_kind=CustomerKind.COMPANY,
        customer=contact,
        contact=contact,
        lines=(),
        decided_at=NOON,
    )


async def test_personal_fields_are_sealed_from_the_first_event() -> None:
    codec = EventCodec(catalogue=EVENTS, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    (encoded,) = await codec.encode([(STREAM, received())])

    assert "Camille" not in encoded.data
    assert json.loads(encoded.data)["contact"]["subject"] == "customer-1"
    assert (encoded.type, encoded.schema) == ("OrderReceived", 1)


async def test_the_same_value_is_never_sealed_to_the_same_text() -> None:
    codec = EventCodec(catalogue=EVENTS, keys=FakeSubjectKeys(), keyed_hash=fake_hash())

    first, second = await codec.encode([(STREAM, received()), (STREAM, received())])

    assert first.data != second.data


async def test_nothing_is_written_for_a_subject_who_was_forgotten() -> None:
    keys = FakeSubjectKeys()
    await keys.forget(SubjectId("customer-1"))
    codec = EventCodec(catalogue=EVENTS, keys=keys, keyed_hash=fake_hash())

    with pytest.raises(SubjectForgottenError):
        await codec.encode([(STREAM, received())])


def test_subjects_are_found_in_models_and_in_stored_texts() -> None:
    nested = json.dumps({"lines": [{"a": {"subject": "s-1", "sealed": "x"}}, 7, "text"]})

    assert subjects_in(received()) == {"customer-1"}
    assert subjects_in(line_opened()) == frozenset()
    assert subjects_in_text(nested) == {"s-1"}
    assert subjects_in_text('{"subject": "not sealed"}') == frozenset()


def test_a_repeat_has_the_same_fingerprint_whenever_it_comes() -> None:
    later = _receive("Camille").model_copy(update={"decided_at": NOON.replace(hour=18)})

    assert command_fingerprint(_receive("Camille"), fake_hash()) == command_fingerprint(
        later, fake_hash()
    )


def test_another_payload_has_another_fingerprint_personal_fields_included() -> None:
    close = CloseOrder(decided_at=NOON)
    prints = {
        command_fingerprint(command, fake_hash())
        for command in (_receive("Camille"), _receive("Lou"), close)
    }

    assert len(prints) == 3


def test_a_fingerprint_cannot_be_guessed_without_the_key() -> None:
    assert b"Camille" not in command_fingerprint(_receive("Camille"), fake_hash())
    assert len(command_fingerprint(_receive("Camille"), fake_hash())) == 32
