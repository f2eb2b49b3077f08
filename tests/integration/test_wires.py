"""Operators that answer what they should not, on a real socket: nothing lost, nothing doubled."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.orange.gateway import OrangeGateway
from adapters.orange.messages import Element, Token, envelope, read_envelope
from domain.operators import Unanswered
from tests.conformance.host import request as host_request

TOKEN = Token(username="raccord", password="p")
FAULT = b"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>Client.Limit</faultcode><faultstring>too many</faultstring></s:Fault>
</s:Body></s:Envelope>"""


@dataclass
class Wire:
    """Answers with one body, whatever is asked, and keeps what was."""

    session: aiohttp.ClientSession
    url: str = ""
    answer: bytes = b""
    heard: list[bytes] = field(default_factory=list)

    async def answered(self, request: web.Request) -> web.Response:
        self.heard.append(await request.read())
        return web.Response(body=self.answer)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as session:
        wire = Wire(session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", wire.answered)
        async with TestServer(app) as server:
            wire.url = str(server.make_url("")).rstrip("/")
            yield wire


@pytest.mark.parametrize(
    "answer", [FAULT, envelope(Element(name="OrderStatusResult", fields={"at": "x"}), TOKEN)]
)
async def test_nothing_is_ordered_while_orange_does_not_say_what_it_has(
    wire: Wire, answer: bytes
) -> None:
    wire.answer = answer
    orange = OrangeGateway(session=wire.session, url=wire.url, token=TOKEN)

    answered = await orange.ask(host_request("one", number="0612345678"))

    assert isinstance(answered, Unanswered)
    assert [read_envelope(document).name for document in wire.heard] == ["OrderStatus"]
