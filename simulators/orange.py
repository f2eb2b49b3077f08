"""A host network behind its own wire: SOAP in, notifications out, books of every effect.

Misbehaves on demand, by number: `reject:CODE`, `reject-later:CODE`, `lose-reply` (the effect
happens, the connection drops), `error-500`, `mute` (done, never told), `idle` (never done),
`late:HOURS`, `twice` (told twice).
"""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from lxml import etree

from simulators.books import Books
from simulators.clock import StackClock
from simulators.scripts import Scripts

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
OWN = "urn:raccord:orange:lines:1"

SUBJECTS = {
    "PREPARE": "prepare",
    "SWITCH": "switch",
    "RELEASE": "release",
    "GIVE_NUMBER": "give",
}
HOURS = {"PREPARE": 24, "SWITCH": 0, "RELEASE": 4, "GIVE_NUMBER": 2}
EVENTS = {
    "PREPARE": "READY",
    "SWITCH": "SWITCHED",
    "RELEASE": "RELEASED",
    "GIVE_NUMBER": "NUMBER_GIVEN",
}
TRIES = 40
PAUSE = 0.25


def document(name: str, fields: dict[str, str], *, token: tuple[str, str] | None = None) -> str:
    header = ""
    if token is not None:
        header = (
            f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken>'
            f"<w:Username>{escape(token[0])}</w:Username>"
            f"<w:Password>{escape(token[1])}</w:Password></w:UsernameToken></w:Security>"
        )
    content = "".join(f"<o:{k}>{escape(v)}</o:{k}>" for k, v in fields.items())
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:o="{OWN}"><s:Header>{header}</s:Header>'
        f"<s:Body><o:{name}>{content}</o:{name}></s:Body></s:Envelope>"
    )


def fault(code: str) -> str:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>{escape(code)}</faultcode>'
        "</s:Fault></s:Body></s:Envelope>"
    )


@dataclass
class OrangeSimulator:
    clock: StackClock
    session: aiohttp.ClientSession
    scripts: Scripts
    callback: str
    username: str
    password: str
    books: Books = field(default_factory=Books)
    notified: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    """The number behind each of our lines, to script its tests by."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def soap(self, request: web.Request) -> web.StreamResponse:
        self.books.requests += 1
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(await request.read(), parser)
        if root.findtext(f".//{{{WSSE}}}Password") != self.password:
            return _xml(fault("Client.Authentication"), status=401)
        body = root.find(f"{{{SOAP}}}Body")
        if body is None or len(body) != 1:
            return _xml(fault("Client.Envelope"), status=400)
        name = etree.QName(body[0]).localname
        fields = {etree.QName(c).localname: (c.text or "") for c in body[0]}
        handlers = {
            "LineOrder": self._order,
            "OrderStatus": self._status,
            "NumberStatus": self._number,
            "LineTest": self._test,
        }
        return await handlers[name](request, fields)

    async def _order(self, request: web.Request, fields: dict[str, str]) -> web.StreamResponse:
        key, effect = fields["orderKey"], fields["effect"]
        number = fields.get("msisdn", "")
        move = self.scripts.of(number).next(SUBJECTS[effect])
        kind, _, detail = move.partition(":")
        if kind == "reject":
            return _xml(fault(detail))
        if kind == "error-500":
            return _xml(fault("Server.Unavailable"), status=500)
        reference = f"OR-{len(self.books.effects) + 1:06d}"
        self.books.enter(key, {"effect": effect, "line": fields["customerReference"]})
        self._begin(fields, reference, kind, detail)
        if kind == "lose-reply":
            _drop(request)
        return _xml(document("OrderAcknowledgement", {"orderKey": key, "reference": reference}))

    def _begin(self, fields: dict[str, str], reference: str, kind: str, detail: str) -> None:
        key = fields["orderKey"]
        line = fields.get("hostLine") or f"OL-{reference[3:]}"
        self.numbers[line] = fields.get("msisdn", "")
        self.books.effects[key]["reference"] = reference
        if kind == "idle":
            return
        told = self._notification(fields, line, kind, detail)
        task = asyncio.create_task(self._notify(key, told, kind))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _notification(
        self, fields: dict[str, str], line: str, kind: str, detail: str
    ) -> dict[str, str]:
        effect = fields["effect"]
        asked = datetime.fromisoformat(fields["requestedAt"])
        hours = int(detail) if kind == "late" else HOURS[effect]
        at = asked + timedelta(hours=hours)
        told = {
            "notificationId": str(uuid.uuid4()),
            "orderKey": fields["orderKey"],
            "customerReference": fields["customerReference"],
            "event": EVENTS[effect],
            "at": at.isoformat(),
            "hostLine": line,
        }
        if kind == "reject-later":
            told |= {"event": "REJECTED", "effect": effect, "code": detail}
        elif effect == "SWITCH":
            minutes = int(detail) if kind == "outage" else 45
            told |= {
                "outageFrom": at.isoformat(),
                "outageTo": (at + timedelta(minutes=minutes)).isoformat(),
                "simActivatedAt": at.isoformat(),
                "at": (at + timedelta(minutes=minutes)).isoformat(),
            }
        elif effect == "GIVE_NUMBER":
            told["msisdn"] = f"07560{len(self.books.effects):05d}"
        return told

    async def _notify(self, key: str, told: dict[str, str], kind: str) -> None:
        """At the stated instant, until somebody takes it."""
        wait = await self.clock.wait_for(datetime.fromisoformat(told["at"]))
        await asyncio.sleep(wait.total_seconds())
        self.notified[key] = told
        if kind == "mute":
            return
        for _ in range(2 if kind == "twice" else 1):
            await self._deliver(told)

    async def _deliver(self, told: dict[str, str]) -> None:
        body = document("LineNotification", told, token=(self.username, self.password))
        for _ in range(TRIES):
            try:
                async with self.session.post(
                    f"{self.callback}/callbacks/orange",
                    data=body.encode(),
                    headers={"Content-Type": "text/xml"},
                ) as response:
                    if response.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(PAUSE)

    async def _status(self, _request: web.Request, fields: dict[str, str]) -> web.StreamResponse:
        key = fields["orderKey"]
        effect = self.books.known(key)
        if effect is None:
            return _xml(document("OrderStatusResult", {"state": "UNKNOWN"}))
        told = self.notified.get(key)
        if told is None:
            fields = {"state": "PENDING", "reference": str(effect["reference"])}
            return _xml(document("OrderStatusResult", fields))
        state = "REJECTED" if told["event"] == "REJECTED" else "DONE"
        reference = str(effect["reference"])
        return _xml(document("OrderStatusResult", {"state": state, "reference": reference, **told}))

    async def _number(self, _request: web.Request, fields: dict[str, str]) -> web.StreamResponse:
        move = self.scripts.of(fields["msisdn"]).next("activity")
        state = "ACTIVE" if move == "good" else move.upper()
        return _xml(document("NumberStatusResult", {"state": state}))

    async def _test(self, _request: web.Request, fields: dict[str, str]) -> web.StreamResponse:
        number = self.numbers.get(fields["hostLine"], "")
        move = self.scripts.of(number).next("test")
        kind, _, detail = move.partition(":")
        if kind == "failed":
            return _xml(document("LineTestResult", {"result": "FAILED", "code": detail}))
        return _xml(document("LineTestResult", {"result": "PASSED", "reference": "T-1"}))


def _xml(text: str, *, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/xml")


def _drop(request: web.Request) -> None:
    """The effect has happened, and nobody hears of it."""
    if request.transport is not None:
        request.transport.close()


def shown(simulator: OrangeSimulator) -> list[dict[str, Any]]:
    return simulator.books.shown()
