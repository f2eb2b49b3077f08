"""Orange's dialect, read and written: every field that can be missing or wrong is named."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.orange.gateway import OrangeGateway, http_session, read_notification
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
    Change,
    ChangeRefusedTold,
    LineChangedTold,
    LineReadyTold,
    NumberGivenTold,
    Refused,
    ReleasedTold,
    StepRefusedTold,
    SwitchedTold,
    Took,
    Unanswered,
    Unreadable,
    WithdrawnTold,
)
from domain.port_in_facts import Step
from tests.conformance.host import request
from tests.unit.adapters.wire import Wire, open_wire

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
    for event, change in (("SUSPENDED", Change.SUSPEND), ("RESUMED", Change.RESUME)):
        changed = told(event=event)
        assert isinstance(changed, LineChangedTold)
        assert changed.change is change
    withdrawn = told(event="WITHDRAWN", withdrawnKey="key-1")
    assert isinstance(withdrawn, WithdrawnTold)
    assert withdrawn.key == "key-1"
    for effect in ("SUSPEND", "RESUME", "WITHDRAW"):
        later = told(event="REJECTED", effect=effect, code="E1")
        assert isinstance(later, ChangeRefusedTold)
        assert later.key == "key-0"
    refused = told(event="REJECTED", effect="SWITCH", code="E1")
    assert isinstance(refused, StepRefusedTold)
    assert (refused.step, refused.key) == (Step.SWITCH_LINE, "key-0")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"event": "DANCED"}, "no such event"),
        ({"event": ""}, "LineNotification has no event"),
        ({"at": "soon"}, "at is no instant"),
        ({"at": "2027-01-10T00:00:00"}, "at has no offset"),
        ({"hostLine": ""}, "has no hostLine"),
        ({"event": "REJECTED", "effect": "DANCE", "code": "x"}, "no such effect"),
        ({"event": "SWITCHED"}, "has no outageFrom"),
        ({"at": "1970-01-01T00:00:00+00:00"}, "at is in no year of ours"),
        ({"hostLine": "with space"}, "hostLine is no word"),
        ({"event": "NUMBER_GIVEN", "msisdn": "+33612345678"}, "msisdn is no number"),
        ({"event": "WITHDRAWN"}, "has no withdrawnKey"),
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


def _answered(name: str, **fields: str) -> bytes:
    return envelope(Element(name=name, fields=fields), TOKEN)


def _fault(code: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>{code}</faultcode></s:Fault></s:Body></s:Envelope>"
    ).encode()


ASKED = request("one", number="0612345678")
UNKNOWN = _answered("OrderStatusResult", state="UNKNOWN")


@pytest.fixture
async def orange() -> AsyncIterator[tuple[Wire, OrangeGateway]]:
    async with open_wire() as wire, http_session() as session:
        yield wire, OrangeGateway(session=session, url=wire.url, token=TOKEN)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("Server.Maintenance", "Orange is in maintenance"),
        ("soap:Server", "Orange has a fault of its own"),
        ("SOAP-ENV:Server.Maintenance", "Orange is in maintenance"),
        ("s:VersionMismatch", "Orange has a fault of its own"),
        ("Server.Busy", "Orange asks to be called less often"),
        ("Server.Whatever", "Orange has a fault of its own"),
        ("", "Orange has a fault of its own"),
        ("Client.Authentication", "Orange does not take our username token; check it with Orange"),
    ],
)
async def test_a_fault_that_is_no_answer_says_which(
    orange: tuple[Wire, OrangeGateway], code: str, why: str
) -> None:
    wire, gateway = orange
    wire.will("*", 500, _fault(code))

    assert await gateway.ask(ASKED) == Unanswered(why=why)
    assert await gateway.rio_of("OL-1") == Unanswered(why=why)
    assert len(wire.heard) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (_answered("OrderStatusResult", state="DONE", reference="R-1"), Took(reference="R-1")),
        (_answered("OrderStatusResult", state="REJECTED", code="E1"), Refused(code="E1")),
        (_answered("OrderStatusResult", state="WITHDRAWN"), Refused(code="WITHDRAWN")),
    ],
)
async def test_what_an_earlier_attempt_came_to_is_the_answer(
    orange: tuple[Wire, OrangeGateway], status: bytes, expected: object
) -> None:
    wire, gateway = orange
    wire.will("*", 200, status)

    assert await gateway.ask(ASKED) == expected
    assert len(wire.heard) == 1


@pytest.mark.parametrize(
    "status",
    [
        _answered("OrderStatusResult", state="DANCING"),
        _answered("OrderStatusResult", state="UNKNOWN", orderKey="another"),
        _answered("OrderAcknowledgement", state="UNKNOWN"),
        _fault("Client.Limit"),
        b"<html/>",
        b" " * 70_000,
    ],
)
async def test_nothing_is_ordered_while_orange_does_not_say_what_it_has(
    orange: tuple[Wire, OrangeGateway], status: bytes
) -> None:
    wire, gateway = orange
    wire.will("*", 200, status)

    assert isinstance(await gateway.ask(ASKED), Unanswered)
    assert len(wire.heard) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_answered("OrderAcknowledgement", orderKey=ASKED.key, reference="R"), Took(reference="R")),
        (_answered("OrderAcknowledgement", orderKey="another", reference="R"), None),
        (_answered("OrderAcknowledgement", orderKey=ASKED.key), None),
        (_answered("LineTestResult", result="PASSED"), None),
        (_fault("NO-STOCK"), Refused(code="NO-STOCK")),
        (_fault("no stock at all"), None),
    ],
)
async def test_an_order_is_only_taken_or_refused_by_an_answer_that_says_so(
    orange: tuple[Wire, OrangeGateway], answer: bytes, expected: object
) -> None:
    wire, gateway = orange
    wire.will("*", 200, UNKNOWN)
    wire.will("*", 200, answer)

    answered = await gateway.ask(ASKED)

    assert answered == expected or (expected is None and isinstance(answered, Unanswered))


@pytest.mark.parametrize("more", [b"<!--x-->", b"<?x y?>"])
def test_comments_and_instructions_are_nobodys_business(more: bytes) -> None:
    document = _answered("LineNotification", **COMMON).replace(b"<o:event>", more + b"<o:event>")

    assert isinstance(read_notification(document.decode()), LineReadyTold)


def test_a_document_type_is_refused_in_any_encoding() -> None:
    document = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"

    with pytest.raises(UnreadableDocumentError, match="document type"):
        read_envelope(document.encode("utf-16"))


def test_an_envelope_without_a_token_has_none() -> None:
    assert read_token(b"<a/>") is None


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_whatever_comes_it_is_read_or_said_to_be_unreadable(text: str) -> None:
    assert isinstance(read_notification(text), Unreadable)
