"""Bouygues Telecom behind its own wire: signed JSON in, signed webhooks out.

The same operation twice under one key is done once, and answered twice: it says so in its document.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web

from simulators import bouygues_access
from simulators.answers import GARBAGE, Said, sent
from simulators.network import Event, Line, Network, Order
from simulators.photographs import Picture
from simulators.scenarios import GOOD

INTENTS = {
    "prepare": "reserve",
    "switch": "activate_ported",
    "give": "activate_new",
    "release": "terminate",
    "suspend": "bar",
    "resume": "unbar",
    "withdraw": "cancel",
}
KINDS = {
    "prepare": "line.reserved",
    "switch": "line.switched",
    "give": "number.assigned",
    "release": "line.terminated",
    "suspend": "line.barred",
    "resume": "line.unbarred",
    "withdraw": "operation.cancelled",
}
STATES = {
    "pending": "in_progress",
    "done": "completed",
    "rejected": "refused",
    "withdrawn": "cancelled",
}
LINE_STATES = {
    "ordered": "reserved",
    "reserved": "reserved",
    "active": "active",
    "suspended": "barred",
    "ended": "terminated",
}
NUMBER_STATES = {GOOD: "active", "suspended": "barred", "inactive": "inactive"}
CODES = {
    "conflict": "idempotency_key_reused",
    "unknown-line": "unknown_line",
    "unknown-order": "unknown_operation",
    "too-late": "operation_already_completed",
    "already-suspended": "line_already_barred",
    "not-suspended": "line_not_barred",
    "not-active": "line_not_active",
    "ended": "line_terminated",
    "no-number": "line_without_number",
    "unknown-access": "UNKNOWN_ACCESS",
    "quote-needed": "QUOTE_NOT_ACCEPTED",
    "unknown-slot": "UNKNOWN_SLOT",
    "slot-taken": "SLOT_TAKEN",
    "unknown-visit": "UNKNOWN_VISIT",
    "visit-over": "VISIT_OVER",
    "unknown-photograph": "UNKNOWN_PHOTO",
}
UNKNOWN = {
    CODES[word]
    for word in (
        "unknown-line",
        "unknown-order",
        "unknown-access",
        "unknown-slot",
        "unknown-visit",
        "unknown-photograph",
    )
}
TROUBLES = {
    "busy": (429, "too_many_requests"),
    "maintenance": (503, "maintenance"),
    "error": (500, "internal_error"),
}
EFFECTS = {"termination": "release", "barring": "suspend", "unbarring": "resume"}
AGE_SECONDS = 300
TRIES = 40
PAUSE = 0.25
Json = dict[str, Any]


@dataclass
class BouyguesSimulator:
    network: Network = field(init=False)
    session: aiohttp.ClientSession
    callback: str
    secret: str

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/bouygues/lines", self.reserve),
            web.post("/bouygues/accesses/{access}/commands", self.command),
            web.post("/bouygues/cancellations", self.cancel),
            web.get("/bouygues/operations/{key}", self.operation),
            web.post("/bouygues/numbers/activity", self.number),
            web.get("/bouygues/visits/photos/{photo}", self.photograph),
            web.get("/bouygues/lines/{line}", self.line),
            web.post("/bouygues/lines/{line}/{act}", self.act),
        ]

    async def reserve(self, request: web.Request) -> web.StreamResponse:
        def answer(body: Json) -> tuple[Said, Any]:
            number = body.get("intended_number", {}).get("value", "")
            order = _order(request, body, "prepare", line=body["partner_line"])
            return self._operate(replace(order, number=number))

        return await self._answered(request, answer, status=201)

    async def act(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["act"] in {"checks", "rio"}:
            return await self._question(request)

        def answer(body: Json) -> tuple[Said, Any]:
            act, name = request.match_info["act"], request.match_info["line"]
            number = body.get("number", {})
            effect = EFFECTS.get(act) or ("give" if number["origin"] == "new" else "switch")
            ours = name.removeprefix("partner:") if name.startswith("partner:") else ""
            known = self.network.lines.get(name)
            reference = ours or (known.reference if known else "")
            order = _order(request, body, effect, line=reference)
            host_line = "" if ours else name
            return self._operate(
                replace(order, host_line=host_line, number=number.get("value", ""))
            )

        return await self._answered(request, answer, status=202)

    async def command(self, request: web.Request) -> web.StreamResponse:
        def answer(body: Json) -> tuple[Said, Any]:
            name, key = request.match_info["access"], request.headers["Idempotency-Key"]
            return self._operate(bouygues_access.order(name, key, body))

        return await self._answered(request, answer, status=202)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        def answer(body: Json) -> tuple[Said, Any]:
            of = body["cancelled"]["idempotency_key"]
            target = self.network.orders.get(of)
            line = target.line if target else ""
            return self._operate(replace(_order(request, body, "withdraw", line=line), of=of))

        return await self._answered(request, answer, status=202)

    async def operation(self, request: web.Request) -> web.StreamResponse:
        def answer(_body: Json) -> tuple[Said, Any]:
            key = request.match_info["key"]
            if self.network.state(key) == "unknown":
                return Said(kind="no", detail=CODES["unknown-order"]), None
            return Said(kind="yes"), self._operation(key)

        return await self._answered(request, answer)

    async def number(self, request: web.Request) -> web.StreamResponse:
        def answer(body: Json) -> tuple[Said, Any]:
            said = self.network.asked("activity", body["number"]["value"])
            return said, {"number": {"state": NUMBER_STATES.get(said.detail, "active")}}

        return await self._answered(request, answer)

    async def line(self, request: web.Request) -> web.StreamResponse:
        def answer(_body: Json) -> tuple[Said, Any]:
            name = request.match_info["line"]
            said, line = self.network.asked_of("standing", name)
            state = LINE_STATES[line.standing] if line else ""
            return said, {"line": {"id": name, "state": state}}

        return await self._answered(request, answer)

    async def photograph(self, request: web.Request) -> web.StreamResponse:
        def answer(_body: Json) -> tuple[Said, Any]:
            return self.network.pictured(request.match_info["photo"])

        return await self._answered(request, answer)

    async def tell(self, event: Event) -> None:
        """Until somebody takes it, signed anew each time."""
        body = json.dumps(_webhook(self.network, event)).encode()
        for _ in range(TRIES):
            second = int(time.time())
            signature = self._signature(f"{second}.".encode() + body)
            try:
                async with self.session.post(
                    f"{self.callback}/callbacks/bouygues",
                    data=body,
                    headers={
                        "Content-Type": "application/json",
                        "X-Signature": f"t={second},v1={signature}",
                    },
                ) as response:
                    if response.ok:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(PAUSE)

    async def _question(self, request: web.Request) -> web.StreamResponse:
        def answer(_body: Json) -> tuple[Said, Any]:
            name, act = request.match_info["line"], request.match_info["act"]
            said, line = self.network.asked_of("test" if act == "checks" else "rio", name)
            if line is None:
                return said, None
            if act == "rio":
                return said, {"rio": {"value": self.network.rio(line)}}
            return said, {"check": _check(said, line)}

        return await self._answered(request, answer)

    async def _answered(
        self,
        request: web.Request,
        answer: Callable[[Json], tuple[Said, Any]],
        *,
        status: int = 200,
    ) -> web.StreamResponse:
        trouble = await self.network.arrive()
        if trouble is not None:
            return _response(trouble, None, status=status)
        content = await request.read()
        if not self._is_signed(request, content):
            return _error("bad_signature", 401)
        try:
            said, body = answer(json.loads(content) if content else {})
        except (KeyError, ValueError):
            return _error("bad_request", 400)
        return await sent(request, _response(said, body, status=status), said)

    def _is_signed(self, request: web.Request, content: bytes) -> bool:
        given = dict(
            part.split("=", 1) for part in request.headers.get("X-Signature", "=").split(",")
        )
        second = given.get("t", "")
        path = request.rel_url.raw_path.removeprefix("/bouygues")
        signed = f"{second}.{request.method}.{path}.".encode() + content
        fresh = second.isdigit() and abs(time.time() - int(second)) <= AGE_SECONDS
        return fresh and hmac.compare_digest(given.get("v1", ""), self._signature(signed))

    def _signature(self, content: bytes) -> str:
        return hmac.new(self.secret.encode(), content, hashlib.sha256).hexdigest()

    def _operate(self, order: Order) -> tuple[Said, Any]:
        said = self.network.take(order)
        return said, self._operation(order.key) if said.kind == "yes" else None

    def _operation(self, key: str) -> Json:
        operation: Json = {
            "id": self.network.reference(key),
            "idempotency_key": key,
            "state": STATES[self.network.state(key)],
        }
        event = self.network.told.get(key)
        if event is not None:
            operation["event"] = _webhook(self.network, event)
            if event.code:
                operation["refusal"] = {"code": event.code}
        return {"operation": operation}


def _order(request: web.Request, body: Json, effect: str, *, line: str) -> Order:
    return Order(
        key=request.headers["Idempotency-Key"],
        effect=effect,
        shown=INTENTS[effect],
        line=line,
        asked_at=datetime.fromisoformat(body["requested_at"]),
    )


def _check(said: Said, line: Line) -> Json:
    kind, _, detail = said.detail.partition(":")
    if kind == "failed":
        return {"outcome": "failed", "fault": {"code": detail}}
    return {"outcome": "passed", "id": f"chk_{line.name}"}


def _webhook(network: Network, event: Event) -> Json:
    if bouygues_access.is_about_access(network, event):
        return bouygues_access.webhook(network, event)
    order = event.order
    line = {"partner_line": order.line}
    if event.host_line:
        line["id"] = event.host_line
    return {
        "event": {
            "id": f"evt_{event.id}",
            "kind": "operation.refused" if event.code else KINDS[order.effect],
            "occurred_at": _rfc3339(event.at),
        },
        "operation": {
            "id": network.reference(order.key),
            "idempotency_key": order.key,
            "intent": order.shown,
        },
        "line": line,
        "details": _details(event),
    }


def _details(event: Event) -> Json:
    if event.code:
        return {"refusal": {"code": event.code}}
    if event.outage_from is not None:
        began = _rfc3339(event.outage_from)
        return {
            "outage": {"starts_at": began, "ends_at": _rfc3339(event.at)},
            "sim_activated_at": began,
        }
    if event.order.effect == "give":
        return {"number": {"value": event.number}}
    if event.order.effect == "withdraw":
        return {"cancelled": {"idempotency_key": event.order.of}}
    return {}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _response(said: Said, body: Any, *, status: int) -> web.Response:  # noqa: ANN401  any JSON
    if said.kind == "yes":
        return _given(body, status=status)
    if said.kind == "garbage":
        return web.Response(text=GARBAGE, content_type="text/html")
    if said.kind in TROUBLES:
        trouble, code = TROUBLES[said.kind]
        return _error(code, trouble, seconds=said.seconds)
    if said.detail in UNKNOWN:
        return _error(said.detail, 404)
    return _error(said.detail, 409 if said.detail == CODES["conflict"] else 422)


def _given(body: Any, *, status: int) -> web.Response:  # noqa: ANN401  any JSON, or a picture
    if isinstance(body, Picture):
        return web.Response(body=body.content, content_type=body.media_type)
    return web.json_response(body, status=status)


def _error(code: str, status: int, *, seconds: int = 0) -> web.Response:
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return web.json_response({"error": {"code": code}}, status=status, headers=headers)
