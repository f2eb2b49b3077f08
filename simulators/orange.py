"""Orange behind its own wire: SOAP in, notifications out.

The same order twice under one key is done twice: whoever asks must look it up first.
"""

import asyncio
import base64
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from lxml import etree

from simulators import orange_access
from simulators.answers import GARBAGE, Said, sent
from simulators.network import Event, Line, Network, Order
from simulators.orange_works import Fields
from simulators.scenarios import GOOD

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
OWN = "urn:raccord:orange:lines:1"

EFFECTS = {
    "PREPARE": "prepare",
    "SWITCH": "switch",
    "RELEASE": "release",
    "GIVE_NUMBER": "give",
    "SUSPEND": "suspend",
    "RESUME": "resume",
    "WITHDRAW": "withdraw",
}
EVENTS = {
    "prepare": "READY",
    "switch": "SWITCHED",
    "release": "RELEASED",
    "give": "NUMBER_GIVEN",
    "suspend": "SUSPENDED",
    "resume": "RESUMED",
    "withdraw": "WITHDRAWN",
}
CODES = {
    "conflict": "KEY-REUSED",
    "unknown-line": "LINE-UNKNOWN",
    "unknown-order": "ORDER-UNKNOWN",
    "too-late": "ORDER-DONE",
    "already-suspended": "LINE-ALREADY-SUSPENDED",
    "not-suspended": "LINE-NOT-SUSPENDED",
    "not-active": "LINE-NOT-ACTIVE",
    "ended": "LINE-ENDED",
    "no-number": "LINE-WITHOUT-NUMBER",
    "unknown-access": "ACCESS-UNKNOWN",
    "quote-needed": "QUOTE-NOT-ACCEPTED",
    "unknown-slot": "SLOT-UNKNOWN",
    "slot-taken": "SLOT-TAKEN",
    "unknown-visit": "VISIT-UNKNOWN",
    "visit-over": "VISIT-OVER",
    "unknown-photograph": "PHOTOGRAPH-UNKNOWN",
}
FAULTS = {
    "busy": ("Server.Busy", 500),
    "maintenance": ("Server.Maintenance", 503),
    "error": ("Server.Unavailable", 500),
}
TRIES = 40
PAUSE = 0.25


def document(name: str, fields: Fields, *, token: tuple[str, str] | None = None) -> str:
    header = ""
    if token is not None:
        header = (
            f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken>'
            f"<w:Username>{escape(token[0])}</w:Username>"
            f"<w:Password>{escape(token[1])}</w:Password></w:UsernameToken></w:Security>"
        )
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:o="{OWN}"><s:Header>{header}</s:Header>'
        f"<s:Body>{_elements([(name, fields)])}</s:Body></s:Envelope>"
    )


def _elements(fields: Fields) -> str:
    return "".join(
        f"<o:{name}>{escape(told) if isinstance(told, str) else _elements(told)}</o:{name}>"
        for name, told in fields
    )


def fault(code: str) -> str:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>{escape(code)}</faultcode>'
        "</s:Fault></s:Body></s:Envelope>"
    )


@dataclass
class OrangeSimulator:
    network: Network = field(init=False)
    session: aiohttp.ClientSession
    callback: str
    username: str
    password: str

    async def soap(self, request: web.Request) -> web.StreamResponse:
        trouble = await self.network.arrive()
        if trouble is not None:
            return _xml_of(trouble)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(await request.read(), parser)
        except etree.XMLSyntaxError:
            return _xml(fault("Client.Envelope"), status=400)
        if root.findtext(f".//{{{WSSE}}}Password") != self.password:
            return _xml(fault("Client.Authentication"), status=401)
        body = root.find(f"{{{SOAP}}}Body")
        if body is None or len(body) != 1:
            return _xml(fault("Client.Envelope"), status=400)
        name = etree.QName(body[0]).localname
        said, answer = self._answer(name, {etree.QName(c).localname: c.text or "" for c in body[0]})
        response = _xml(answer) if said.kind == "yes" else _xml_of(said)
        return await sent(request, response, said)

    def _answer(self, name: str, fields: dict[str, str]) -> tuple[Said, str]:
        if name in {"LineOrder", "LineChange", "AccessOrder", "OrderWithdrawal"}:
            return self._order(name, fields)
        if name == "OrderStatus":
            return Said(kind="yes"), self._status(fields["orderKey"])
        if name == "NumberStatus":
            said = self.network.asked("activity", fields["msisdn"])
            state = "ACTIVE" if said.detail == GOOD else said.detail.upper()
            return said, document("NumberStatusResult", [("state", state)])
        if name in {"LineTest", "LineIdentity", "LineStatus"}:
            return self._question(name, fields["hostLine"])
        if name == "VisitPhotograph":
            return self._photograph(fields["photographReference"])
        return Said(kind="no", detail="Client.Operation"), ""

    def _order(self, name: str, fields: dict[str, str]) -> tuple[Said, str]:
        effect = fields.get("effect") or fields.get("change", "WITHDRAW")
        at_site = name == "AccessOrder"
        order = Order(
            key=fields["orderKey"],
            effect=(orange_access.EFFECTS if at_site else EFFECTS)[effect],
            shown=effect,
            line=fields["customerReference"],
            asked_at=datetime.fromisoformat(fields["requestedAt"]),
            number=fields.get("msisdn", ""),
            host_line=fields.get("hostLine", ""),
            of=fields.get("withdrawnKey", ""),
            site=orange_access.site_order(fields) if at_site else None,
        )
        said = self.network.take(order)
        acknowledged: Fields = [("orderKey", order.key), ("reference", said.detail)]
        return said, document("OrderAcknowledgement", acknowledged)

    def _status(self, key: str) -> str:
        state = self.network.state(key)
        fields: Fields = [("state", state.upper())]
        if state != "unknown":
            fields.append(("reference", self.network.reference(key)))
        if key in self.network.told:
            fields += _notification(self.network.told[key])
        return document("OrderStatusResult", fields)

    def _question(self, name: str, host_line: str) -> tuple[Said, str]:
        subject = {"LineTest": "test", "LineIdentity": "rio", "LineStatus": "standing"}[name]
        said, line = self.network.asked_of(subject, host_line)
        if line is None or said.kind != "yes":
            return said, ""
        return said, document(f"{name}Result", self._about(name, said, line))

    def _about(self, name: str, said: Said, line: Line) -> Fields:
        if name == "LineIdentity":
            return [("rio", self.network.rio(line))]
        if name == "LineStatus":
            standing = "reserved" if line.standing == "ordered" else line.standing
            return [("state", standing.upper())]
        kind, _, detail = said.detail.partition(":")
        if kind == "failed":
            return [("result", "FAILED"), ("code", detail)]
        return [("result", "PASSED"), ("reference", "T-1")]

    def _photograph(self, reference: str) -> tuple[Said, str]:
        said, picture = self.network.pictured(reference)
        if picture is None:
            return said, ""
        given: Fields = [
            ("photographReference", reference),
            ("mediaType", picture.media_type),
            ("content", base64.b64encode(picture.content).decode()),
        ]
        return said, document("VisitPhotographResult", given)

    def _is_of_a_site(self, order: Order) -> bool:
        """Or calls back one that is."""
        ordered = self.network.orders.get(order.of, order)
        return ordered.site is not None

    async def tell(self, event: Event) -> None:
        """Until somebody takes it."""
        told = _notification(event)
        name = "AccessNotification" if self._is_of_a_site(event.order) else "LineNotification"
        body = document(name, told, token=(self.username, self.password))
        for _ in range(TRIES):
            try:
                async with self.session.post(
                    f"{self.callback}/callbacks/orange",
                    data=body.encode(),
                    headers={"Content-Type": "text/xml"},
                ) as response:
                    if response.ok:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(PAUSE)


def _notification(event: Event) -> Fields:
    order = event.order
    told: Fields = [
        ("notificationId", event.id),
        ("orderKey", order.key),
        ("customerReference", order.line),
        ("at", event.at.isoformat()),
    ]
    if event.host_line:
        told.append(("hostLine", event.host_line))
    if event.code:
        return [*told, ("event", "REJECTED"), ("effect", order.shown), ("code", event.code)]
    if event.outcome is not None:
        return [*told, *orange_access.told_of(event.outcome, event.at.isoformat())]
    told.append(("event", EVENTS[order.effect]))
    if event.outage_from is not None:
        started = event.outage_from.isoformat()
        told += [
            ("outageFrom", started),
            ("outageTo", event.at.isoformat()),
            ("simActivatedAt", started),
        ]
    elif order.effect == "give":
        told.append(("msisdn", event.number))
    elif order.effect == "withdraw":
        told.append(("withdrawnKey", order.of))
    return told


def _xml_of(said: Said) -> web.Response:
    if said.kind == "garbage":
        return web.Response(text=GARBAGE, content_type="text/html")
    code, status = FAULTS.get(said.kind, (said.detail, 200))
    return _xml(fault(code), status=status)


def _xml(text: str, *, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/xml")
