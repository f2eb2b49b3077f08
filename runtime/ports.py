"""Ports: the configured ones, or free ones that a stack keeps once it has chosen them."""

import errno
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from runtime.errors import UnavailableError
from runtime.settings import Settings

LOOPBACK = "127.0.0.1"
OWN_PORTS = range(20_000, 32_000)
"""Where ports of ours are chosen. Linux hands out those from 32768 on."""


@dataclass(frozen=True, kw_only=True)
class PortWish:
    """One port a stack needs: the setting that configures it, and what it says."""

    name: str
    setting: str
    configured: int | None


def port_wishes(settings: Settings) -> tuple[PortWish, ...]:
    wishes = [PortWish(name="api", setting="RACCORD_API_PORT", configured=settings.api_port)]
    urls = (
        settings.orange_url,
        settings.sfr_url,
        settings.bouygues_url,
        settings.exchange_url,
    )
    if None in urls:
        wishes.append(
            PortWish(
                name="simulators",
                setting="RACCORD_SIMULATORS_PORT",
                configured=settings.simulators_port,
            )
        )
        wishes.append(
            PortWish(
                name="exchange",
                setting="RACCORD_EXCHANGE_PORT",
                configured=settings.exchange_port,
            )
        )
    if not any(urls) and not settings.tells_by_itself:
        wishes.append(
            PortWish(name="mail", setting="RACCORD_MAIL_PORT", configured=settings.mail_port)
        )
    if settings.database_url is None:
        wishes.append(
            PortWish(
                name="postgres", setting="RACCORD_POSTGRES_PORT", configured=settings.postgres_port
            )
        )
    if settings.temporal_address is None:
        wishes += [
            PortWish(
                name="temporal", setting="RACCORD_TEMPORAL_PORT", configured=settings.temporal_port
            ),
            PortWish(
                name="temporal-ui",
                setting="RACCORD_TEMPORAL_UI_PORT",
                configured=settings.temporal_ui_port,
            ),
        ]
    return tuple(wishes)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, because asyncio sends small answers at once on such sockets only: without it
    # every answer waited forty milliseconds for the other side's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def is_free(port: int) -> bool:
    try:
        _bound(LOOPBACK, port).close()
    except OSError:
        return False
    return True


def listening_socket(host: str, port: int, setting: str) -> socket.socket:
    try:
        return _bound(host, port)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise taken(port, setting) from exc
        raise UnavailableError(
            f"nothing can listen on {host} port {port} ({exc.strerror}); correct RACCORD_API_HOST "
            f"and {setting}"
        ) from exc


def taken(port: int, setting: str) -> UnavailableError:
    return UnavailableError(
        f"port {port} is already taken; stop what uses it, or set {setting} to another one "
        "(unset, a free one is chosen)"
    )


def choose_ports(wishes: tuple[PortWish, ...], remembered: Mapping[str, int]) -> dict[str, int]:
    """Configured ports must be free; remembered ones are kept if they still are."""
    chosen: dict[str, int] = {}
    for wish in wishes:
        if wish.configured is not None:
            if wish.configured in chosen.values():
                raise UnavailableError(
                    f"port {wish.configured} is given twice; set {wish.setting} to another one"
                )
            if not is_free(wish.configured):
                raise taken(wish.configured, wish.setting)
            chosen[wish.name] = wish.configured
    for wish in wishes:
        if wish.name not in chosen:
            old = remembered.get(wish.name)
            free = old is not None and old not in chosen.values() and is_free(old)
            chosen[wish.name] = old if old is not None and free else _free_port(chosen)
    return chosen


def _free_port(chosen: Mapping[str, int]) -> int:
    """Below those the system hands out by itself: a part that starts later must not be given it."""
    while True:
        port = OWN_PORTS.start + secrets.randbelow(len(OWN_PORTS))
        if port not in chosen.values() and is_free(port):
            return port
