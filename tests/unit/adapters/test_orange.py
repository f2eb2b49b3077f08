"""Orange's dialect, read and written: every field that can be missing or wrong is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.orange.gateway import read_notification
from adapters.orange.mapping import line_order, told_of
from adapters.orange.messages import (
    Element,
    Token,
    UnreadableDocumentError,
    envelope,
    read_envelope,
    read_token,
)
from domain.operators import (
    LineReadyTold,
    NumberGivenTold,
    ReleasedTold,
    StepRefusedTold,
    SwitchedTold,
    Unreadable,
)
from domain.port_in_facts import Step
from tests.conformance.host import request

TOKEN = Token(username="raccord", password="secret & <odd>")
AT = "2027-01-10T00:00:00+01:00"
COMMON = {"event": "READY", "orderKey": "key-0", "at": AT, "hostLine": "OL-1"}


def told(**fields: str) -> object:
    return told_of(Element(name="LineNotification", fields={**COMMON, **fields}))


def test_what_is_written_is_read_back_with_its_token() -> None:
    body = line_order(request("one", number="0612345678"))

    document = envelope(body, TOKEN)

    assert read_envelope(document) == body
    assert read_token(document) == TOKEN
    assert (body.fields["effect"], body.fields["msisdn"]) == ("PREPARE", "0612345678")
    assert "secret" not in repr(TOKEN)
    assert "0612345678" not in repr(body)


def test_every_event_becomes_one_of_our_words() -> None:
    assert isinstance(told(), LineReadyTold)
    assert isinstance(told(event="RELEASED"), ReleasedTold)
    assert isinstance(told(event="NUMBER_GIVEN", msisdn="0756000001"), NumberGivenTold)
    switched = told(event="SWITCHED", outageFrom=AT, outageTo=AT, simActivatedAt=AT)
    assert isinstance(switched, SwitchedTold)
    refused = told(event="REJECTED", effect="SWITCH", code="E1")
    assert isinstance(refused, StepRefusedTold)
    assert (refused.step, refused.key) == (Step.SWITCH_LINE, "key-0")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"event": "DANCED"}, "no such event: DANCED"),
        ({"event": ""}, "LineNotification has no event"),
        ({"at": "soon"}, "at is no instant"),
        ({"at": "2027-01-10T00:00:00"}, "at has no offset"),
        ({"hostLine": ""}, "has no hostLine"),
        ({"event": "REJECTED", "effect": "DANCE", "code": "x"}, "no such effect"),
        ({"event": "SWITCHED"}, "has no outageFrom"),
    ],
)
def test_a_field_that_is_missing_or_wrong_is_named(fields: dict[str, str], why: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=why):
        told(**fields)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<a", "not XML"),
        (b"<a/>", "one element in its body"),
        (b"<!DOCTYPE a><a/>", "a document type"),
        (b" " * 65_537, "larger than 65536 bytes"),
        (
            envelope(Element(name="x", fields={}), TOKEN).replace(b"urn:raccord", b"urn:other"),
            "not",
        ),
    ],
)
def test_a_document_of_another_dialect_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=why):
        read_envelope(document)


def test_an_envelope_without_a_token_has_none() -> None:
    assert read_token(b"<a/>") is None


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_whatever_comes_it_is_read_or_said_to_be_unreadable(text: str) -> None:
    assert isinstance(read_notification(text), Unreadable)
