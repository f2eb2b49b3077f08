"""Orange as a host network: XML over HTTP, acknowledged at once, notified later."""

from dataclasses import dataclass

import aiohttp

from adapters.orange import mapping
from adapters.orange.errors import OrangeUnansweredError, translated
from adapters.orange.messages import (
    BYTES_MAX,
    Element,
    Token,
    UnreadableDocumentError,
    envelope,
    read_envelope,
)
from domain.operators import (
    Activity,
    Answer,
    Check,
    LineRequest,
    NumberActive,
    NumberInactive,
    Refused,
    Told,
    Took,
    Unanswered,
    Unreadable,
    Works,
)

TIMEOUTS = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3, sock_read=6)
_SERVER_FAULT = 500


def http_session() -> aiohttp.ClientSession:
    """One for the life of a worker."""
    return aiohttp.ClientSession(timeout=TIMEOUTS)


@dataclass(frozen=True, kw_only=True)
class OrangeGateway:
    session: aiohttp.ClientSession
    url: str
    token: Token

    async def ask(self, request: LineRequest) -> Answer:
        """What an earlier attempt became is looked up first: an effect is never asked for twice."""
        try:
            status = await self._call(mapping.order_status(request.key))
            known = status.fields.get("state")
            if known is None:
                return Unanswered(why="Orange does not say whether it has the order")
            if known == "REJECTED":
                return Refused(code=status.fields.get("code", "unknown"))
            if known != "UNKNOWN":
                return Took(reference=status.fields.get("reference", request.key))
            answer = await self._call(mapping.line_order(request))
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))
        if answer.name == "Fault":
            return Refused(code=answer.fields["code"])
        return Took(reference=answer.fields.get("reference", request.key))

    async def look_up(self, key: str) -> str | None:
        try:
            status = await self._call(mapping.order_status(key))
        except OrangeUnansweredError:
            return None
        if status.fields.get("state") not in {"DONE", "REJECTED"}:
            return None
        told = {name: value for name, value in status.fields.items() if name != "state"}
        notification = Element(name="LineNotification", fields=told)
        return envelope(notification, Token(username="looked-up", password="")).decode()

    async def number_activity(self, number: str) -> Activity:
        try:
            answer = await self._call(mapping.number_status(number))
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))
        match answer.fields.get("state"):
            case "ACTIVE":
                return NumberActive(suspended=False)
            case "SUSPENDED":
                return NumberActive(suspended=True)
            case "INACTIVE":
                return NumberInactive()
            case _:
                return Unanswered(why="Orange does not say whether the number is active")

    async def verify_line(self, host_line: str) -> Check:
        try:
            answer = await self._call(mapping.line_test(host_line))
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))
        if answer.fields.get("result") == "PASSED":
            return Works(reference=answer.fields.get("reference", host_line))
        return Refused(code=answer.fields.get("code", "unknown"))

    async def _call(self, body: Element) -> Element:
        with translated():
            async with self.session.post(
                f"{self.url}/soap",
                data=envelope(body, self.token),
                headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": body.name},
            ) as response:
                content = await response.content.read(BYTES_MAX + 1)
                answer = read_envelope(content)
                if response.status >= _SERVER_FAULT and answer.name != "Fault":
                    raise UnreadableDocumentError(f"status {response.status}")
                if answer.fields.get("code", "").startswith("Server"):
                    raise UnreadableDocumentError(answer.fields["code"])
                return answer


def read_notification(body: str) -> Told:
    """What Orange told us, as it was kept."""
    try:
        return mapping.told_of(read_envelope(body.encode()))
    except UnreadableDocumentError as exc:
        return Unreadable(why=str(exc))
