"""Orange as a host network: XML over HTTP, acknowledged at once, notified later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp

from adapters.orange import access_mapping, mapping, photographs
from adapters.orange.errors import (
    OrangeTooMuchError,
    OrangeUnansweredError,
    refuse_troubles,
    translated,
)
from adapters.orange.messages import (
    BYTES_MAX,
    FAULT,
    Element,
    Token,
    UnreadableDocumentError,
    envelope,
    read_envelope,
)
from domain.access_operators import AccessRequest
from domain.operators import (
    Activity,
    Answer,
    Check,
    LineChange,
    LineRequest,
    LineStanding,
    RioAnswer,
    Told,
    Unanswered,
    Unreadable,
    Withdrawal,
)
from domain.photographs import TOO_LARGE, PhotographAnswer

TIMEOUTS = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3, sock_read=6)
INTERFACE = "1"
"""The version of the dialect: the last part of its namespace."""
_OK = 200
T = TypeVar("T")


def http_session(timeouts: aiohttp.ClientTimeout = TIMEOUTS) -> aiohttp.ClientSession:
    """One for the life of a worker."""
    return aiohttp.ClientSession(timeout=timeouts, cookie_jar=aiohttp.DummyCookieJar())


@dataclass(frozen=True, kw_only=True)
class OrangeGateway:
    session: aiohttp.ClientSession
    url: str
    token: Token

    async def ask(self, request: LineRequest) -> Answer:
        return await self._order(request.key, mapping.line_order(request))

    async def change_line(self, change: LineChange) -> Answer:
        return await self._order(change.key, mapping.line_change(change))

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        return await self._order(withdrawal.key, mapping.order_withdrawal(withdrawal))

    async def look_up(self, key: str) -> str | None:
        return await self._found(key, mapping.notification_of)

    async def ask_access(self, request: AccessRequest) -> Answer:
        return await self._order(request.key, access_mapping.access_order(request))

    async def look_up_access(self, key: str) -> str | None:
        return await self._found(key, access_mapping.notification_of)

    async def photograph(self, reference: str) -> PhotographAnswer:
        query = photographs.photograph_query(reference)
        try:
            answer = await self._call(query, limit=photographs.ENVELOPE_MAX)
            with translated():
                return photographs.photograph_answer(answer, reference)
        except OrangeTooMuchError:
            return TOO_LARGE
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))

    async def _found(self, key: str, told: Callable[[Element, str], Element | None]) -> str | None:
        try:
            status = await self._call(mapping.order_status(key))
        except OrangeUnansweredError:
            return None
        notification = told(status, key)
        if notification is None:
            return None
        return envelope(notification, Token(username="looked-up", password="")).decode()

    async def number_activity(self, number: str) -> Activity:
        return await self._asked(mapping.number_status(number), mapping.activity_of)

    async def verify_line(self, host_line: str) -> Check:
        return await self._asked(mapping.line_query("LineTest", host_line), mapping.check_of)

    async def rio_of(self, host_line: str) -> RioAnswer:
        return await self._asked(mapping.line_query("LineIdentity", host_line), mapping.rio_answer)

    async def line_standing(self, host_line: str) -> LineStanding:
        return await self._asked(mapping.line_query("LineStatus", host_line), mapping.standing_of)

    async def _order(self, key: str, order: Element) -> Answer:
        """What an earlier attempt became is looked up first: an effect is never asked for twice."""
        try:
            status = await self._call(mapping.order_status(key))
            with translated():
                known = mapping.known_answer(status, key)
            if known is not None:
                return known
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))
        try:
            answer = await self._call(order)
            with translated():
                return mapping.order_answer(answer, key)
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc), sent=True)

    async def _asked(self, query: Element, meaning: Callable[[Element], T]) -> T | Unanswered:
        try:
            answer = await self._call(query)
            with translated():
                return meaning(answer)
        except OrangeUnansweredError as exc:
            return Unanswered(why=str(exc))

    async def _call(self, body: Element, *, limit: int = BYTES_MAX) -> Element:
        with translated():
            async with self.session.post(
                f"{self.url}/soap",
                data=envelope(body, self.token),
                headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": body.name},
                allow_redirects=False,
            ) as response:
                content = await _bounded(response, limit)
                status = response.status
            answer = read_envelope(content, limit=limit)
            if answer.name != FAULT and status != _OK:
                raise UnreadableDocumentError(f"status {status}")
        refuse_troubles(answer)
        return answer


async def _bounded(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The whole answer, or as much of it as is enough to see that it is too long."""
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > limit:
            break
    return bytes(content)


def read_notification(body: str) -> Told:
    """What Orange told us, as it was kept."""
    try:
        element = read_envelope(body.encode())
        if element.name == access_mapping.NOTIFICATION:
            return access_mapping.told_of(element)
        return mapping.told_of(element)
    except (UnreadableDocumentError, UnicodeEncodeError) as exc:
        return Unreadable(why=_shown(exc))


def _shown(exc: ValueError) -> str:
    return str(exc) if isinstance(exc, UnreadableDocumentError) else "not text"
