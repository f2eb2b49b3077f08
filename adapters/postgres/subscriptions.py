"""Subscriptions and their deliveries: leased in order, settled, looked at, sent again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, Row
from domain.identity import OrderId, SubscriptionId
from domain.subscriptions import (
    SECRET_OVERLAP,
    Delivery,
    DeliveryState,
    DueDelivery,
    Subscription,
    subscription_subject,
)
from ledger.messages import Receipt
from ledger.sealing import SubjectKeys

LEASE = timedelta(seconds=30)
"""Longer than an attempt may take: a courier that dies gives its deliveries back."""

_SHOWN = "subscription_id, client, own_orders_only, url, types, made_at, paused_at"
_MAKE = """
INSERT INTO subscription (subscription_id, client, own_orders_only, url, types, secret, fingerprint)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subscription_id) DO NOTHING
"""
_FINGERPRINT = "SELECT fingerprint FROM subscription WHERE subscription_id = $1"
_FIND = f"""
SELECT {_SHOWN} FROM subscription WHERE subscription_id = $1 AND ended_at IS NULL
"""  # noqa: S608  columns of ours
_OF = f"""
SELECT {_SHOWN} FROM subscription WHERE ended_at IS NULL AND ($1::text IS NULL OR client = $1)
ORDER BY made_at, subscription_id
"""  # noqa: S608  columns of ours
_END = "UPDATE subscription SET ended_at = clock_timestamp() WHERE subscription_id = $1"
_PAUSE = """
UPDATE subscription SET paused_at = CASE WHEN $2 THEN coalesce(paused_at, clock_timestamp()) END
WHERE subscription_id = $1
"""
_RENEW = """
UPDATE subscription SET older_secret = secret, older_until = $3, secret = $2
WHERE subscription_id = $1 AND (older_until IS NULL OR older_until <= clock_timestamp())
"""
_RIGHTS = "UPDATE subscription SET own_orders_only = $2 WHERE client = $1"
_PAUSE_ALL = """
UPDATE subscription SET paused_at = coalesce(paused_at, clock_timestamp()) WHERE client = $1
"""
_SETTLE_ENDED = """
UPDATE delivery SET state = 'skipped', settled_at = clock_timestamp()
WHERE subscription_id = $1 AND state = 'waiting'
"""

# The first of each order that is not settled, and only if it may be sent: one that is dead holds
# back what follows of its order. A few of each subscription, so that one receiver starves nobody.
_LEASE = """
WITH first AS (
    SELECT d.subscription_id, d.number, row_number() OVER (
        PARTITION BY d.subscription_id ORDER BY d.due_at, d.number) AS place
    FROM delivery AS d JOIN subscription AS s USING (subscription_id)
    WHERE d.state = 'waiting' AND d.due_at <= clock_timestamp()
        AND s.ended_at IS NULL AND s.paused_at IS NULL
        AND NOT s.subscription_id = ANY($1::uuid[])
        AND NOT EXISTS (
            SELECT FROM delivery AS earlier
            WHERE earlier.subscription_id = d.subscription_id AND earlier.order_id = d.order_id
                AND earlier.number < d.number AND earlier.state IN ('waiting', 'dead'))
)
UPDATE delivery AS d SET due_at = clock_timestamp() + $3::interval, attempts = attempts + 1
FROM first, subscription AS s, publication AS p
WHERE first.place <= $2 AND d.subscription_id = first.subscription_id AND d.number = first.number
    AND d.state = 'waiting' AND d.due_at <= clock_timestamp()
    AND s.subscription_id = d.subscription_id AND p.number = d.number
RETURNING d.subscription_id, d.number, d.attempts, p.publication_id, p.body, s.url, s.secret,
    CASE WHEN s.older_until > clock_timestamp() THEN s.older_secret END AS older_secret
"""
_DONE = """
UPDATE delivery SET state = 'done', answered = $3, why = NULL, settled_at = clock_timestamp()
WHERE subscription_id = $1 AND number = $2 AND state = 'waiting'
"""
_LATER = """
UPDATE delivery SET answered = $3, why = $4, due_at = clock_timestamp() + $5::interval
WHERE subscription_id = $1 AND number = $2 AND state = 'waiting'
"""
_DEAD = """
UPDATE delivery SET state = 'dead', answered = $3, why = $4, settled_at = clock_timestamp()
WHERE subscription_id = $1 AND number = $2 AND state = 'waiting'
"""
_LIST = """
SELECT d.number, p.publication_id, d.order_id, p.type, d.state, d.attempts, d.due_at, d.answered,
    d.why, d.settled_at
FROM delivery AS d JOIN publication AS p USING (number)
WHERE d.subscription_id = $1 AND ($2::text IS NULL OR d.state = $2) AND d.number > $3
ORDER BY d.number LIMIT $4
"""
_AGAIN = """
UPDATE delivery SET state = 'waiting', attempts = 0, due_at = clock_timestamp(), settled_at = NULL
WHERE subscription_id = $1 AND state <> 'waiting'
    AND ($2::bigint IS NULL OR number = $2) AND ($3::bigint IS NULL OR number >= $3)
    AND ($4::text IS NULL OR state = $4)
"""
_SKIP = """
UPDATE delivery SET state = 'skipped', settled_at = clock_timestamp()
WHERE subscription_id = $1 AND number = $2 AND state IN ('waiting', 'dead')
"""


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])


class PostgresSubscriptions:
    def __init__(self, *, pool: Pool, keys: SubjectKeys) -> None:
        self._pool = pool
        self._keys = keys

    async def make(self, made: Subscription, *, secret: str, fingerprint: bytes) -> Receipt:
        """Kept, there before, or in conflict with another request under the same id."""
        subject = subscription_subject(made.subscription_id)
        cipher = (await self._keys.for_writing([subject]))[subject]
        with translated():
            status = await self._pool.execute(
                _MAKE,
                made.subscription_id,
                made.client,
                made.own_orders_only,
                made.url,
                list(made.types),
                cipher.seal(secret),
                fingerprint,
            )
            kept: bytes = await self._pool.fetchval(_FINGERPRINT, made.subscription_id)
        if _count(status):
            return Receipt.STORED
        return Receipt.DUPLICATE if kept == fingerprint else Receipt.CONFLICT

    async def find(self, subscription_id: SubscriptionId) -> Subscription | None:
        with translated():
            row = await self._pool.fetchrow(_FIND, subscription_id)
        return None if row is None else Subscription(**dict(row))

    async def of(self, client: str | None) -> tuple[Subscription, ...]:
        with translated():
            rows = await self._pool.fetch(_OF, client)
        return tuple(Subscription(**dict(row)) for row in rows)

    async def end(self, subscription_id: SubscriptionId) -> None:
        with translated():
            await self._pool.execute(_END, subscription_id)
            await self._pool.execute(_SETTLE_ENDED, subscription_id)

    async def pause(self, subscription_id: SubscriptionId, *, paused: bool) -> None:
        with translated():
            await self._pool.execute(_PAUSE, subscription_id, paused)

    async def secret(self, subscription_id: SubscriptionId) -> str:
        with translated():
            sealed = await self._pool.fetchval(
                "SELECT secret FROM subscription WHERE subscription_id = $1", subscription_id
            )
        return (await self._opened(subscription_id, sealed))[0]

    async def renew_secret(
        self, subscription_id: SubscriptionId, secret: str, *, wall: datetime
    ) -> bool:
        """False while an older one still signs."""
        subject = subscription_subject(subscription_id)
        cipher = (await self._keys.for_writing([subject]))[subject]
        until = wall + SECRET_OVERLAP.span
        with translated():
            status = await self._pool.execute(_RENEW, subscription_id, cipher.seal(secret), until)
        return bool(_count(status))

    async def follow_rights(self, client: str, *, own_orders_only: bool) -> None:
        """What a client may see has changed, and so has what it is told."""
        with translated():
            await self._pool.execute(_RIGHTS, client, own_orders_only)

    async def pause_all(self, client: str) -> None:
        """Nobody is left who could ask for them: they wait for somebody to end or resume them."""
        with translated():
            await self._pool.execute(_PAUSE_ALL, client)

    async def lease(
        self, *, busy: Collection[SubscriptionId], of_each: int
    ) -> tuple[DueDelivery, ...]:
        """What is to be sent now: in order for each order, a few for each subscription."""
        with translated():
            rows = await self._pool.fetch(_LEASE, list(busy), of_each, LEASE)
        due = [await self._due(row) for row in rows]
        return tuple(sorted(due, key=lambda one: one.number))

    async def _due(self, row: Row) -> DueDelivery:
        subscription_id = SubscriptionId(row["subscription_id"])
        return DueDelivery(
            subscription_id=subscription_id,
            number=row["number"],
            publication_id=row["publication_id"],
            url=row["url"],
            secrets=await self._opened(subscription_id, row["secret"], row["older_secret"]),
            body=row["body"],
            attempts=row["attempts"],
        )

    async def _opened(
        self, subscription_id: SubscriptionId, *sealed: str | None
    ) -> tuple[str, ...]:
        subject = subscription_subject(subscription_id)
        cipher = (await self._keys.for_reading([subject]))[subject]
        return tuple(cipher.unseal(one) for one in sealed if one is not None)

    async def done(self, due: DueDelivery, *, answered: int) -> None:
        await self._settle(_DONE, due, answered)

    async def later(
        self, due: DueDelivery, *, answered: int | None, why: str, after: timedelta
    ) -> None:
        await self._settle(_LATER, due, answered, why, after)

    async def give_up(self, due: DueDelivery, *, answered: int | None, why: str) -> None:
        await self._settle(_DEAD, due, answered, why)

    async def _settle(self, statement: str, due: DueDelivery, *values: object) -> None:
        with translated():
            await self._pool.execute(statement, due.subscription_id, due.number, *values)

    async def deliveries(
        self,
        subscription_id: SubscriptionId,
        *,
        state: DeliveryState | None,
        after: int,
        limit: int,
    ) -> tuple[Delivery, ...]:
        with translated():
            rows = await self._pool.fetch(_LIST, subscription_id, state, after, limit)
        return tuple(
            Delivery(**{**dict(row), "order_id": OrderId(UUID(str(row["order_id"])))})
            for row in rows
        )

    async def send_again(
        self,
        subscription_id: SubscriptionId,
        *,
        number: int | None = None,
        since: int | None = None,
        state: DeliveryState | None = None,
    ) -> int:
        """How many will be sent again."""
        with translated():
            status = await self._pool.execute(_AGAIN, subscription_id, number, since, state)
        return _count(status)

    async def skip(self, subscription_id: SubscriptionId, number: int) -> bool:
        with translated():
            status = await self._pool.execute(_SKIP, subscription_id, number)
        return bool(_count(status))
