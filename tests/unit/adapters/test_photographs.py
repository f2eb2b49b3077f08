"""Photographs on the wires of three operators: what is asked, what is taken, what is no answer."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from adapters.bouygues.gateway import BouyguesGateway
from adapters.bouygues.gateway import http_session as bouygues_session
from adapters.bouygues.signing import Signing
from adapters.orange.gateway import OrangeGateway
from adapters.orange.gateway import http_session as orange_session
from adapters.orange.messages import Element, Token, envelope, read_envelope, read_token
from adapters.sfr.client import SfrClient
from adapters.sfr.client import http_session as sfr_session
from adapters.sfr.gateway import SfrGateway
from adapters.sfr.oauth import Credentials, Tokens
from domain.access_operators import AccessGateway
from domain.operators import Refused, Unanswered
from domain.order_file import CONTENT_MAX, MediaType
from domain.photographs import NO_PICTURE, TOO_LARGE, Photograph
from tests.papers import image
from tests.unit.adapters.wire import Heard, Wire, open_wire

NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
SIGNING = Signing(account="raccord", secret="s3cret")
TOKEN = Token(username="raccord", password="p")
SFR_TOKEN = b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 300}'
REFERENCE = "PH-9D1E0C-1"
ODD = "a/b?c#d%2F&<\"'+;!=.*"
"""All that means something in an address or in a document."""
NOBODY = "http://127.0.0.1:1"


@dataclass(frozen=True)
class Orange:
    wire: Wire
    gateway: OrangeGateway

    def given(self, media_type: str, content: bytes, *, reference: str = REFERENCE) -> None:
        fields = {
            "photographReference": reference,
            "mediaType": media_type,
            "content": base64.encodebytes(content).decode(),
        }
        answer = envelope(Element(name="VisitPhotographResult", fields=fields), TOKEN)
        self.wire.answers["*"] = [(200, answer, {"Content-Type": "text/xml"})]

    def refused(self, code: str) -> None:
        fault = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
            f"<faultcode>{code}</faultcode></s:Fault></s:Body></s:Envelope>"
        )
        self.wire.answers["*"] = [(200, fault.encode(), {})]

    def asked_for(self, heard: Heard) -> str:
        assert read_token(heard.body) == TOKEN
        asked = read_envelope(heard.body)
        assert asked.name == heard.headers["soapaction"] == "VisitPhotograph"
        return asked.fields["photographReference"]

    def deaf(self) -> AccessGateway:
        return replace(self.gateway, url=NOBODY)


@dataclass(frozen=True)
class Sfr:
    wire: Wire
    gateway: SfrGateway

    def given(self, media_type: str, content: bytes) -> None:
        self.wire.answers["*"] = [(200, content, {"Content-Type": media_type})]

    def refused(self, code: str) -> None:
        self.wire.answers["*"] = [(404, f'{{"codeRejet": "{code}"}}'.encode(), {})]

    def asked_for(self, heard: Heard) -> str:
        assert heard.headers["authorization"] == "Bearer t-1"
        assert heard.headers["accept"] == "image/jpeg, image/png"
        return _named(heard, "/interventions/photos/")

    def deaf(self) -> AccessGateway:
        client = self.gateway.client
        client.url = client.tokens.url = NOBODY
        return self.gateway


@dataclass(frozen=True)
class Bouygues:
    wire: Wire
    gateway: BouyguesGateway

    def given(self, media_type: str, content: bytes) -> None:
        self.wire.answers["*"] = [(200, content, {"Content-Type": media_type})]

    def refused(self, code: str) -> None:
        self.wire.answers["*"] = [(404, f'{{"error": {{"code": "{code}"}}}}'.encode(), {})]

    def asked_for(self, heard: Heard) -> str:
        second = int(NOW.timestamp())
        signed = f"{second}.GET.{heard.path}.".encode()
        expected = hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
        assert heard.headers["x-signature"] == f"t={second},v1={expected}"
        return _named(heard, "/visits/photos/")

    def deaf(self) -> AccessGateway:
        return replace(self.gateway, url=NOBODY)


def _named(heard: Heard, place: str) -> str:
    assert (heard.method, heard.body, heard.query) == ("GET", b"", "")
    before, name = heard.path.rsplit("/", 1)
    assert f"{before}/" == place
    return unquote(name)


Operator = Orange | Sfr | Bouygues


@asynccontextmanager
async def opened(name: str, wire: Wire) -> AsyncIterator[Operator]:
    if name == "orange":
        async with orange_session() as session:
            yield Orange(wire, OrangeGateway(session=session, url=wire.url, token=TOKEN))
    elif name == "sfr":
        wire.will("/oauth2/token", 200, SFR_TOKEN)
        async with sfr_session() as session:
            credentials = Credentials(client_id="raccord", client_secret="s3cret")
            tokens = Tokens(session=session, url=wire.url, credentials=credentials)
            client = SfrClient(session=session, url=wire.url, tokens=tokens)
            yield Sfr(wire, SfrGateway(client=client))
    else:
        async with bouygues_session() as session:
            gateway = BouyguesGateway(
                session=session, url=wire.url, signing=SIGNING, wall_now=lambda: NOW
            )
            yield Bouygues(wire, gateway)


@pytest.fixture(params=["orange", "sfr", "bouygues"])
async def operator(request: pytest.FixtureRequest) -> AsyncIterator[Operator]:
    async with open_wire() as wire, opened(request.param, wire) as operator:
        yield operator


@pytest.fixture
async def orange() -> AsyncIterator[Orange]:
    async with open_wire() as wire, opened("orange", wire) as operator:
        assert isinstance(operator, Orange)
        yield operator


def asked(operator: Operator) -> list[str]:
    return [operator.asked_for(one) for one in operator.wire.heard if one.path != "/oauth2/token"]


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", MediaType.JPEG), ("PNG", MediaType.PNG)])
async def test_a_photograph_is_given_as_it_was_taken(
    operator: Operator, kind: str, media_type: MediaType
) -> None:
    picture = image(kind)
    operator.given(media_type.value, picture)

    given = await operator.gateway.photograph(REFERENCE)

    assert given == Photograph(media_type=media_type, content=picture)
    assert asked(operator) == [REFERENCE]


async def test_a_reference_is_asked_for_whatever_it_is_made_of(operator: Operator) -> None:
    operator.refused("NO-SUCH")

    answer = await operator.gateway.photograph(ODD)

    assert answer == Refused(code="NO-SUCH")
    assert asked(operator) == [ODD]


async def test_one_nobody_took_is_refused_in_their_own_code(operator: Operator) -> None:
    operator.refused("UNKNOWN-PICTURE")

    assert await operator.gateway.photograph("nobody") == Refused(code="UNKNOWN-PICTURE")


async def test_a_picture_of_another_type_is_none_we_take(operator: Operator) -> None:
    operator.given("image/webp", b"RIFF")

    assert await operator.gateway.photograph(REFERENCE) == NO_PICTURE


@pytest.mark.parametrize("over", [0, 1])
async def test_a_picture_is_taken_up_to_its_size_and_no_further(
    operator: Operator, over: int
) -> None:
    operator.given("image/jpeg", b"x" * (CONTENT_MAX + over))

    given = await operator.gateway.photograph(REFERENCE)

    if over:
        assert given == TOO_LARGE
    else:
        assert isinstance(given, Photograph)
        assert len(given.content) == CONTENT_MAX


async def test_much_more_than_that_is_not_even_read_to_its_end(operator: Operator) -> None:
    operator.given("image/png", b"x" * (2 * CONTENT_MAX))

    assert await operator.gateway.photograph(REFERENCE) == TOO_LARGE


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (200, b"<html>no such page</html>", "text/html"),
        (200, b"%PDF-1.7", "application/pdf"),
        (200, b"{}", "application/json"),
        (200, b"", "text/xml"),
        (302, b"", "image/jpeg"),
        (404, b"<html>no such page</html>", "text/html"),
        (422, b"x" * 70_000, "application/json"),
        (500, image("JPEG"), "image/jpeg"),
        (503, b"", "text/html"),
    ],
)
async def test_whatever_is_neither_a_picture_nor_a_refusal_is_no_answer(
    operator: Operator, status: int, body: bytes, media_type: str
) -> None:
    headers = {"Content-Type": media_type, "Location": "/elsewhere", "Retry-After": "60"}
    operator.wire.answers["*"] = [(status, body, headers)]

    answer = await operator.gateway.photograph(REFERENCE)

    assert isinstance(answer, Unanswered)
    assert not answer.sent
    assert {one.path for one in operator.wire.heard} & {"/elsewhere"} == set()


@pytest.mark.parametrize("name", ["sfr", "bouygues"])
async def test_how_long_they_ask_to_be_left_alone_is_said(name: str) -> None:
    async with open_wire() as wire, opened(name, wire) as operator:
        wire.answers["*"] = [(503, b"{}", {"Retry-After": "600"})]

        answer = await operator.gateway.photograph(REFERENCE)

    assert isinstance(answer, Unanswered)
    assert answer.retry_after == timedelta(minutes=10)


@pytest.mark.parametrize("reference", [".", ".."])
@pytest.mark.parametrize("name", ["sfr", "bouygues"])
async def test_a_name_that_would_lead_elsewhere_goes_into_no_address(
    name: str, reference: str
) -> None:
    async with open_wire() as wire, opened(name, wire) as operator:
        answer = await operator.gateway.photograph(reference)

        assert isinstance(answer, Unanswered)
        assert wire.heard == []


async def test_nobody_at_the_other_end_is_no_answer(operator: Operator) -> None:
    answer = await operator.deaf().photograph(REFERENCE)

    assert isinstance(answer, Unanswered)


# what only an envelope can get wrong


async def test_a_picture_of_another_photograph_is_no_answer(orange: Orange) -> None:
    orange.given("image/jpeg", image("JPEG"), reference="PH-OTHER")

    assert isinstance(await orange.gateway.photograph(REFERENCE), Unanswered)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("VisitPhotographResult", {"content": "no base64!"}),
        ("VisitPhotographResult", {"content": ""}),
        ("VisitPhotographResult", {"mediaType": "text/html"}),
        ("LineStatusResult", {}),
    ],
)
async def test_an_envelope_without_a_picture_in_it_is_no_answer(
    orange: Orange, name: str, changes: dict[str, str]
) -> None:
    content = base64.b64encode(image("JPEG")).decode()
    fields = {"photographReference": REFERENCE, "mediaType": "image/jpeg", "content": content}
    body = envelope(Element(name=name, fields={**fields, **changes}), TOKEN)
    orange.wire.answers["*"] = [(200, body, {})]

    assert isinstance(await orange.gateway.photograph(REFERENCE), Unanswered)


async def test_an_envelope_with_a_picture_declares_nothing_either(orange: Orange) -> None:
    declared = b'<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>'
    orange.wire.answers["*"] = [(200, declared, {})]

    answer = await orange.gateway.photograph(REFERENCE)

    assert isinstance(answer, Unanswered)
    assert "document type" in answer.why
