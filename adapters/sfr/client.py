"""One way to SFR for its gateway and its feed: a token, patience, and silence where it asks for it.

A 401 means that nothing was done: a new token, once. A 429 or a 503 says when to come back: a short
wait is waited for once by whoever asks, after a longer one nobody calls before its end.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from adapters.sfr.errors import SfrBusyError, SfrUnansweredError, translated
from adapters.sfr.messages import Said
from adapters.sfr.oauth import Tokens
from adapters.sfr.reading import DOCUMENT, PICTURE, Wanted

TIMEOUTS = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3, sock_read=6)
WAIT_MAX = 2.0
"""Seconds that are waited for at once. A default of ours."""
SILENCE_MAX = 900.0
"""Seconds SFR may keep us quiet, at most; then it is asked again. A default of ours."""
ASKED_MAX = 366 * 24 * 3600.0
"""Seconds of an answer that are believed: what is longer is as good as never. A default of ours."""
SILENCE_UNSAID = 5.0
"""Seconds of quiet where SFR does not say how many. A default of ours."""
_UNAUTHORISED, _TOO_MANY, _MAINTENANCE = 401, 429, 503
_WHY: Mapping[int, str] = {
    _TOO_MANY: "SFR asks to be called less often",
    _MAINTENANCE: "SFR is in maintenance",
}
T = TypeVar("T")


def http_session(timeouts: aiohttp.ClientTimeout = TIMEOUTS) -> aiohttp.ClientSession:
    """One for the life of a worker."""
    return aiohttp.ClientSession(timeout=timeouts, cookie_jar=aiohttp.DummyCookieJar())


@dataclass(kw_only=True)
class SfrClient:
    session: aiohttp.ClientSession
    url: str
    tokens: Tokens
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _quiet_until: float = 0.0
    _quiet_why: str = ""
    _asked_until: float = 0.0

    async def patiently(self, asking: Callable[[], Awaitable[T]]) -> T:
        """The whole of it again, look-up included, after a wait that is short enough."""
        try:
            return await asking()
        except SfrBusyError as exc:
            if exc.seconds > WAIT_MAX:
                raise
            await self.pause(exc.seconds)
        return await asking()

    async def get(self, path: str, **query: str) -> Said:
        return await self._said("GET", path, params=query)

    async def picture(self, path: str) -> Said:
        return await self._said("GET", path, wanted=PICTURE)

    async def post(self, path: str, body: Mapping[str, Any]) -> Said:
        return await self._said("POST", path, json=dict(body))

    async def _said(
        self,
        method: str,
        path: str,
        *,
        wanted: Wanted = DOCUMENT,
        **request: Any,  # noqa: ANN401  aiohttp's
    ) -> Said:
        left = self._quiet_until - self.monotonic()
        if left > 0:
            asked = self._asked_until - self.monotonic()
            raise SfrBusyError(self._quiet_why, seconds=max(left, asked))
        for _ in range(2):
            token = await self.tokens.current()
            said, retry_after = await self._sent(method, path, token, request, wanted=wanted)
            if said.status in _WHY:
                raise self._hushed(_WHY[said.status], retry_after)
            if said.status != _UNAUTHORISED:
                return said
            self.tokens.forget(token)
        raise SfrUnansweredError("SFR does not take our token, nor a new one")

    async def _sent(
        self, method: str, path: str, token: str, request: Mapping[str, Any], *, wanted: Wanted
    ) -> tuple[Said, str]:
        with translated():
            async with self.session.request(
                method,
                f"{self.url}{path}",
                headers={"Authorization": f"Bearer {token}", "Accept": wanted.accept},
                allow_redirects=False,
                **request,
            ) as response:
                said = Said(
                    status=response.status,
                    content=await wanted.read(response),
                    media_type=response.content_type,
                )
                return said, response.headers.get("Retry-After", "")

    def _hushed(self, why: str, retry_after: str) -> SfrBusyError:
        """Nobody calls again before the end of what SFR asked for."""
        given = retry_after.strip()
        seconds = float(given) if given.isascii() and given.isdigit() else SILENCE_UNSAID
        quiet_until = self.monotonic() + min(seconds, SILENCE_MAX)
        if quiet_until > self._quiet_until:
            self._quiet_until, self._quiet_why = quiet_until, why
        seconds = min(seconds, ASKED_MAX)
        self._asked_until = self.monotonic() + seconds
        return SfrBusyError(why, seconds=seconds)
