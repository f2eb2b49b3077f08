"""The token of our client credentials: asked for once, kept until a little before it expires."""

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from adapters.sfr.errors import SfrUnansweredError, translated
from adapters.sfr.messages import Jeton, UnreadableAnswerError
from adapters.sfr.reading import bounded

EARLY_SECONDS = 30.0
"""How long before its end a token is not used any more; half its life when that is shorter.
A default of ours."""
_OK, _STRANGERS = 200, frozenset({400, 401, 403})


@dataclass(frozen=True, kw_only=True)
class Credentials:
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials({self.client_id})"

    @property
    def basic(self) -> str:
        pair = f"{self.client_id}:{self.client_secret}".encode()
        return "Basic " + base64.b64encode(pair).decode()


@dataclass(kw_only=True)
class Tokens:
    """One at a time, whoever asks."""

    session: aiohttp.ClientSession
    url: str
    credentials: Credentials
    monotonic: Callable[[], float] = time.monotonic
    _token: str | None = field(default=None, repr=False)
    _until: float = 0.0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def current(self) -> str:
        """SfrUnansweredError when SFR gives none."""
        async with self._asking:
            if self._token is None or self.monotonic() >= self._until:
                given = await self._given()
                early = min(EARLY_SECONDS, given.expires_in / 2)
                self._token = given.access_token
                self._until = self.monotonic() + given.expires_in - early
            return self._token

    def forget(self, token: str) -> None:
        """SFR does not take it any more; a newer one than that is kept."""
        if self._token == token:
            self._token = None

    async def _given(self) -> Jeton:
        with translated():
            async with self.session.post(
                f"{self.url}/oauth2/token",
                data={"grant_type": "client_credentials"},
                headers={"Authorization": self.credentials.basic},
                allow_redirects=False,
            ) as response:
                content = await bounded(response)
                if response.status in _STRANGERS:
                    raise SfrUnansweredError("SFR does not take our credentials; check them")
                if response.status != _OK:
                    raise UnreadableAnswerError(f"status {response.status} for a token")
            return Jeton.model_validate_json(content)
