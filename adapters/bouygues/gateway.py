"""Bouygues Telecom, for mobile lines and fixed accesses: signed JSON, a key on every effect, and
webhooks afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

import aiohttp
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from adapters.bouygues import access_mapping, mapping, photographs
from adapters.bouygues.access_messages import AccessWebhook
from adapters.bouygues.errors import TROUBLES, BouyguesUnansweredError, asked_to_wait, translated
from adapters.bouygues.mapping import Json, Posted
from adapters.bouygues.messages import Operation, Said, UnreadableAnswerError, Webhook
from adapters.bouygues.reading import DOCUMENT, PICTURE, Wanted
from adapters.bouygues.signing import Signing
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
from domain.photographs import PhotographAnswer

TIMEOUTS = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3, sock_read=6)
INTERFACE = "1"
"""The version of the dialect, as `dialect.yaml` has it."""
WEBHOOK: TypeAdapter[Webhook | AccessWebhook] = TypeAdapter(Webhook | AccessWebhook)
T = TypeVar("T")


def http_session(timeouts: aiohttp.ClientTimeout = TIMEOUTS) -> aiohttp.ClientSession:
    """One for the life of a worker."""
    return aiohttp.ClientSession(timeout=timeouts, cookie_jar=aiohttp.DummyCookieJar())


@dataclass(frozen=True, kw_only=True)
class BouyguesGateway:
    session: aiohttp.ClientSession
    url: str
    signing: Signing
    wall_now: Callable[[], datetime]

    async def ask(self, request: LineRequest) -> Answer:
        return await self._effect(request.key, lambda: mapping.line_order(request))

    async def change_line(self, change: LineChange) -> Answer:
        return await self._effect(change.key, lambda: mapping.line_change(change))

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        return await self._effect(withdrawal.key, lambda: mapping.order_withdrawal(withdrawal))

    async def ask_access(self, request: AccessRequest) -> Answer:
        return await self._effect(request.key, lambda: access_mapping.access_command(request))

    async def look_up_access(self, key: str) -> str | None:
        """One book of operations, whatever they are about."""
        return await self.look_up(key)

    async def photograph(self, reference: str) -> PhotographAnswer:
        return await self._asked(
            "GET",
            lambda: photographs.photograph_path(reference),
            photographs.photograph_answer,
            wanted=PICTURE,
        )

    async def look_up(self, key: str) -> str | None:
        try:
            operation = await self._known(key)
        except BouyguesUnansweredError:
            return None
        if operation is None or operation.event is None:
            return None
        return json.dumps(operation.event, sort_keys=True)

    async def number_activity(self, number: str) -> Activity:
        body = {"number": {"value": number}}
        return await self._asked("POST", lambda: "/numbers/activity", mapping.activity_of, body)

    async def verify_line(self, host_line: str) -> Check:
        def path() -> str:
            return f"{mapping.line_path(host_line)}/checks"

        return await self._asked("POST", path, mapping.check_of)

    async def rio_of(self, host_line: str) -> RioAnswer:
        def path() -> str:
            return f"{mapping.line_path(host_line)}/rio"

        return await self._asked("POST", path, mapping.rio_answer)

    async def line_standing(self, host_line: str) -> LineStanding:
        return await self._asked("GET", lambda: mapping.line_path(host_line), mapping.standing_of)

    async def _effect(self, key: str, posting: Callable[[], Posted]) -> Answer:
        """What an earlier attempt became is looked up first: an effect is never asked for twice."""
        try:
            with translated():
                posted = posting()
            known = await self._known(key)
            if known is not None:
                with translated():
                    return mapping.known_answer(known)
        except BouyguesUnansweredError as exc:
            return Unanswered(why=str(exc), retry_after=exc.retry_after)
        try:
            said = await self._call("POST", posted.path, posted.body, key=key)
            with translated():
                return mapping.order_answer(said, key)
        except BouyguesUnansweredError as exc:
            return Unanswered(why=str(exc), sent=True, retry_after=exc.retry_after)

    async def _known(self, key: str) -> Operation | None:
        said = await self._call("GET", f"/operations/{quote(key, safe='')}")
        with translated():
            return mapping.known_operation(said, key)

    async def _asked(
        self,
        method: str,
        path: Callable[[], str],
        meaning: Callable[[Said], T],
        body: Json | None = None,
        *,
        wanted: Wanted = DOCUMENT,
    ) -> T | Unanswered:
        try:
            with translated():
                where = path()
            said = await self._call(method, where, body, wanted=wanted)
            with translated():
                return meaning(said)
        except BouyguesUnansweredError as exc:
            return Unanswered(why=str(exc), retry_after=exc.retry_after)

    async def _call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str | None = None,
        wanted: Wanted = DOCUMENT,
    ) -> Said:
        """What is signed is the path as it is sent: nothing writes it differently on the way."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = self.signing.headers(method, path, content, at=self.wall_now())
        headers["Accept"] = wanted.accept
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        with translated():
            async with self.session.request(
                method,
                URL(self.url + path, encoded=True),
                data=content,
                headers=headers,
                allow_redirects=False,
            ) as response:
                said = Said(
                    status=response.status,
                    content=await wanted.read(response),
                    media_type=response.content_type,
                )
                waits = asked_to_wait(response.headers.get("Retry-After", ""))
        if said.status in TROUBLES:
            raise BouyguesUnansweredError(TROUBLES[said.status], retry_after=waits)
        return said


def read_webhook(body: str) -> Told:
    """What they told us, as it was kept."""
    try:
        webhook = WEBHOOK.validate_json(body)
        if isinstance(webhook, AccessWebhook):
            return access_mapping.told_of(webhook)
        return mapping.told_of(webhook)
    except ValidationError as exc:
        return Unreadable(why=f"not a webhook of Bouygues': {exc.error_count()} fields")
    except UnreadableAnswerError as exc:
        return Unreadable(why=str(exc))
    except UnicodeEncodeError:
        return Unreadable(why="not text")
