"""Operators that answer what they should not, on a real socket: nothing lost, nothing doubled."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.exchange_stand_in.gateway import ExchangeSilentError, ExchangeStandIn
from adapters.orange.gateway import OrangeGateway
from adapters.orange.messages import Element, Token, envelope, read_envelope
from domain.identity import LineId
from domain.operators import Ticket, Took, Unanswered
from domain.port_in_facts import Step
from domain.territories import ExchangeGroup
from tests.conformance.host import request as host_request
from tests.porting import STORY

LINE = UUID(int=7)
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


def _exchange(wire: Wire) -> ExchangeStandIn:
    return ExchangeStandIn(session=wire.session, url=wire.url, token="t")


async def test_an_answer_that_cannot_be_kept_does_not_hide_those_behind_it(wire: Wire) -> None:
    wire.answer = (
        b'{"answers": [{"number": 1}, {"number": 2, "id": "a", "line": "no id", "body": "{}"},'
        b'{"number": 3, "id": "b", "line": "00000000-0000-0000-0000-000000000007", "body": "{}"}]}'
    )

    (answer,) = await _exchange(wire).answers_after(0)

    assert (answer.number, answer.line) == (3, LINE)


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"answers": 3}', b"{}"])
async def test_an_exchange_that_answers_anything_else_is_asked_again(
    wire: Wire, answer: bytes
) -> None:
    wire.answer = answer

    with pytest.raises(ExchangeSilentError):
        await _exchange(wire).answers_after(0)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b'{"reference": "T-1"}', Took),
        (b'{"reference": "T\\u0000"}', Unanswered),
        (b"[]", Unanswered),
        (b"<html>", Unanswered),
    ],
)
async def test_a_ticket_is_only_taken_by_an_answer_that_says_so(
    wire: Wire, answer: bytes, kind: type
) -> None:
    wire.answer = answer
    ticket = Ticket(
        step=Step.SEND_REQUEST,
        key="k",
        line_id=LineId(LINE),
        group=ExchangeGroup.GPM,
        receiver="01",
        donor="02",
        number="612345678",
        rio="x",
        enterprise=True,
        port_day=STORY.date(),
        session=datetime(2027, 1, 13, 9, tzinfo=UTC),
    )

    assert isinstance(await _exchange(wire).hand_in(ticket), kind)


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
