"""One attempt to tell a receiver: signed, bounded, never redirected, its answer not read."""

import ipaddress
import socket
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.webhooks.signing import signed_headers
from domain.subscriptions import DueDelivery

_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5, sock_connect=5, sock_read=10)
RETRY_AFTER_MAX = 3600
"""Seconds a receiver may ask us to wait, at most. A default of ours."""


class PrivateAddressError(OSError):
    """The address is inside somebody's network: see RACCORD_WEBHOOK_NETWORKS."""


class PublicResolver(AbstractResolver):
    """Names that lead inside our own network are refused: a subscriber must not look around."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for one in found:
            if not _is_public(one["host"]):
                raise PrivateAddressError(f"{host} is an address inside a network")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def webhook_session(*, public_only: bool) -> aiohttp.ClientSession:
    resolver = PublicResolver() if public_only else None
    connector = aiohttp.TCPConnector(resolver=resolver, limit=100, limit_per_host=20)
    return aiohttp.ClientSession(
        connector=connector, timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
    )


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the receiver said; `retry_after` in seconds, where it said when to come back."""

    status: int
    retry_after: int | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004  the class of HTTP answers that say yes


@dataclass(frozen=True, kw_only=True)
class Silent:
    """No answer; the words are ours and name no address."""

    why: str


@dataclass(frozen=True, kw_only=True)
class WebhookSender:
    session: aiohttp.ClientSession
    public_only: bool

    async def send(self, due: DueDelivery, *, wall: datetime) -> Answered | Silent:
        headers = signed_headers(
            due.secrets,
            message_id=str(due.publication_id),
            timestamp=int(wall.timestamp()),
            body=due.body,
        )
        if self.public_only and _is_inside(due.url):
            return Silent(why="the address is inside a network; see RACCORD_WEBHOOK_NETWORKS")
        try:
            async with self.session.post(
                due.url,
                data=due.body.encode(),
                headers={**headers, "Content-Type": "application/json"},
                allow_redirects=False,
            ) as response:
                return Answered(
                    status=response.status,
                    retry_after=_seconds(response.headers.get("Retry-After", "")),
                )
        except TimeoutError:
            return Silent(why="no answer in ten seconds")
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            return Silent(why=f"it cannot be reached ({type(exc).__name__})")


_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16")))
"""Addresses that stand for another one, which may lie anywhere."""


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return address.is_global and not any(
        address in network for network in _TRANSLATED if network.version == address.version
    )


def _is_inside(url: str) -> bool:
    """An address written as figures never meets the resolver; odd figures are refused as such."""
    host = urlsplit(url).hostname or ""
    if not host.isascii():
        return True
    try:
        return not _is_public(host)
    except ValueError:
        return not any(letter.isalpha() for letter in host.rpartition(".")[2])


def _seconds(text: str) -> int | None:
    return min(int(text), RETRY_AFTER_MAX) if text.isascii() and text.isdigit() else None
