"""Orange behind its own wire: SOAP in, notifications out.

The same order twice under one key is done twice: whoever asks must look it up first.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from lxml import etree

from simulators.network import GARBAGE, Event, Line, Network, Order, Said, sent
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
}
FAULTS = {
    "busy": ("Server.Busy", 500),
    "maintenance": ("Server.Maintenance", 503),
    "error": ("Server.Unavailable", 500),
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
        if name in {"LineOrder", "LineChange", "OrderWithdrawal"}:
            return self._order(name, fields)
        if name == "OrderStatus":
            return Said(kind="yes"), self._status(fields["orderKey"])
        if name == "NumberStatus":
            said = self.network.asked("activity", fields["msisdn"])
            state = "ACTIVE" if said.detail == GOOD else said.detail.upper()
            return said, document("NumberStatusResult", {"state": state})
        if name in {"LineTest", "LineIdentity", "LineStatus"}:
            return self._question(name, fields["hostLine"])
        return Said(kind="no", detail="Client.Operation"), ""

    def _order(self, name: str, fields: dict[str, str]) -> tuple[Said, str]:
        shown = {"LineOrder": "effect", "LineChange": "change"}.get(name, "")
        effect = fields.get(shown, "WITHDRAW")
        order = Order(
            key=fields["orderKey"],
            effect=EFFECTS[effect],
            shown=effect,
            line=fields["customerReference"],
            asked_at=datetime.fromisoformat(fields["requestedAt"]),
            number=fields.get("msisdn", ""),
            host_line=fields.get("hostLine", ""),
            of=fields.get("withdrawnKey", ""),
        )
        said = self.network.take(order)
        acknowledged = {"orderKey": order.key, "reference": said.detail}
        return said, document("OrderAcknowledgement", acknowledged)

    def _status(self, key: str) -> str:
        state = self.network.state(key)
        fields = {"state": state.upper()}
        if state != "unknown":
            fields["reference"] = self.network.reference(key)
        if key in self.network.told:
            fields |= _notification(self.network.told[key])
        return document("OrderStatusResult", fields)

    def _question(self, name: str, host_line: str) -> tuple[Said, str]:
        subject = {"LineTest": "test", "LineIdentity": "rio", "LineStatus": "standing"}[name]
        said, line = self.network.asked_of(subject, host_line)
        if line is None or said.kind != "yes":
            return said, ""
        return said, document(f"{name}Result", self._about(name, said, line))

    def _about(self, name: str, said: Said, line: Line) -> dict[str, str]:
        if name == "LineIdentity":
            return {"rio": self.network.rio(line)}
        if name == "LineStatus":
            standing = "reserved" if line.standing == "ordered" else line.standing
            return {"state": standing.upper()}
        kind, _, detail = said.detail.partition(":")
        if kind == "failed":
            return {"result": "FAILED", "code": detail}
        return {"result": "PASSED", "reference": "T-1"}

    async def tell(self, event: Event) -> None:
        """Until somebody takes it."""
        told = _notification(event)
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
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(PAUSE)


def _notification(event: Event) -> dict[str, str]:
    order = event.order
    told = {
        "notificationId": event.id,
        "orderKey": order.key,
        "customerReference": order.line,
        "event": "REJECTED" if event.code else EVENTS[order.effect],
        "at": event.at.isoformat(),
    }
    if event.host_line:
        told["hostLine"] = event.host_line
    if event.code:
        told |= {"effect": order.shown, "code": event.code}
    elif event.outage_from is not None:
        started = event.outage_from.isoformat()
        told |= {
            "outageFrom": started,
            "outageTo": event.at.isoformat(),
            "simActivatedAt": started,
        }
    elif order.effect == "give":
        told["msisdn"] = event.number
    elif order.effect == "withdraw":
        told["withdrawnKey"] = order.of
    return told


def _xml_of(said: Said) -> web.Response:
    if said.kind == "garbage":
        return web.Response(text=GARBAGE, content_type="text/html")
    code, status = FAULTS.get(said.kind, (said.detail, 200))
    return _xml(fault(code), status=status)


def _xml(text: str, *, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/xml")
