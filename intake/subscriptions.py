"""Subscriptions as the API keeps them: made once a key, each client's own, looked after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from domain.callers import Caller
from domain.clients import Role
from domain.identity import OrderId, SubscriptionId, subscription_id_for
from domain.parsed import BadValueError
from domain.subscriptions import Delivery, DeliveryState, Subscription
from ledger.append import CommandReusedError
from ledger.messages import Receipt
from ledger.sealing import KeyedHash
from projections.publications import TYPES

URL_MAX = 500
OF_ONE_CLIENT_MAX = 20
"""Each of them is told everything: more than a few is a slip. A default of ours."""


class SubscriptionEndedError(Exception):
    """What was asked for again has been ended since."""

    def __init__(self, subscription_id: SubscriptionId) -> None:
        super().__init__(
            f"subscription {subscription_id} was made under this key and ended since: use a new "
            "key for a new one"
        )


class SubscriptionStore(Protocol):
    async def make(self, made: Subscription, *, secret: str, fingerprint: bytes) -> Receipt: ...

    async def find(self, subscription_id: SubscriptionId) -> Subscription | None: ...

    async def of(self, client: str | None) -> tuple[Subscription, ...]: ...

    async def end(self, subscription_id: SubscriptionId) -> None: ...

    async def pause(self, subscription_id: SubscriptionId, *, paused: bool) -> None: ...

    async def secret(self, subscription_id: SubscriptionId) -> str: ...

    async def renew_secret(
        self, subscription_id: SubscriptionId, secret: str, *, wall: datetime
    ) -> bool: ...

    async def deliveries(
        self,
        subscription_id: SubscriptionId,
        *,
        state: DeliveryState | None,
        after: int,
        limit: int,
    ) -> tuple[Delivery, ...]: ...

    async def send_again(
        self,
        subscription_id: SubscriptionId,
        *,
        number: int | None = None,
        since: int | None = None,
        state: DeliveryState | None = None,
    ) -> int: ...

    async def skip(self, subscription_id: SubscriptionId, number: int) -> bool: ...


class PublicationReader(Protocol):
    async def after(
        self, number: int, *, client: str | None, order_id: OrderId | None, limit: int
    ) -> list[Any]:
        """Rows of a number and a body, in their order."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a subscriber asks for, and under which key."""

    url: str
    types: tuple[str, ...]
    key: str
    wall: datetime


@dataclass(frozen=True, kw_only=True)
class Made:
    subscription: Subscription
    secret: str
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class Subscriptions:
    store: SubscriptionStore
    publications: PublicationReader
    keyed_hash: KeyedHash
    new_secret: Callable[[], str]
    private_too: bool
    """Whether addresses inside a network, and without TLS, may be told."""

    async def make(self, me: Caller, wanted: Wanted) -> Made:
        """BadValueError, CommandReusedError. A repeat gives the same secret again."""
        self._check_url(wanted.url)
        _check_types(wanted.types)
        made = Subscription(
            subscription_id=subscription_id_for(client=me.client, key=wanted.key),
            client=me.client,
            own_orders_only=me.own_orders_only,
            url=wanted.url,
            types=wanted.types,
            made_at=wanted.wall,
            paused_at=None,
        )
        content = "\x1f".join((wanted.url, *wanted.types)).encode()
        fingerprint = self.keyed_hash.digest(purpose="subscription", content=content)
        others = [
            s for s in await self.store.of(me.client) if s.subscription_id != made.subscription_id
        ]
        if len(others) >= OF_ONE_CLIENT_MAX:
            raise BadValueError(
                f"a client has {OF_ONE_CLIENT_MAX} subscriptions at most: end one of them first"
            )
        receipt = await self.store.make(made, secret=self.new_secret(), fingerprint=fingerprint)
        if receipt is Receipt.CONFLICT:
            raise CommandReusedError(made.subscription_id)  # type: ignore[arg-type]  # an id all the same
        kept = await self.store.find(made.subscription_id)
        if kept is None:
            raise SubscriptionEndedError(made.subscription_id)
        secret = await self.store.secret(made.subscription_id)
        return Made(subscription=kept, secret=secret, repeated=receipt is Receipt.DUPLICATE)

    async def find(self, me: Caller, subscription_id: SubscriptionId) -> Subscription | None:
        """One's own; operations looks after everybody's."""
        found = await self.store.find(subscription_id)
        return found if found is not None and (_all(me) or found.client == me.client) else None

    async def of(self, me: Caller) -> tuple[Subscription, ...]:
        return await self.store.of(None if _all(me) else me.client)

    async def renew_secret(self, subscription_id: SubscriptionId, *, wall: datetime) -> str | None:
        """None while both still sign: renewing again would shut the receiver out."""
        secret = self.new_secret()
        renewed = await self.store.renew_secret(subscription_id, secret, wall=wall)
        return secret if renewed else None

    def _check_url(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError as exc:
            raise BadValueError(_NO_ADDRESS) from exc
        schemes = {"https", "http"} if self.private_too else {"https"}
        if parts.scheme not in schemes or not parts.hostname or not _plain(url):
            raise BadValueError(_NO_ADDRESS)
        if parts.username or parts.password:
            raise BadValueError("leave names and passwords out of the address: we sign instead")


def _plain(url: str) -> bool:
    """Hosts in other scripts are written as xn--…: what is read is what is called."""
    return url.isascii() and url.isprintable()


_NO_ADDRESS = "this is no address we may call: write it like https://crm.example.fr/raccord"


def _all(me: Caller) -> bool:
    return me.has(Role.OPERATIONS) and not me.own_orders_only


def _check_types(types: tuple[str, ...]) -> None:
    unknown = sorted(set(types) - TYPES)
    if unknown:
        raise BadValueError(
            f"'{unknown[0]}' is no type of event; GET /event-types lists those there are"
        )
