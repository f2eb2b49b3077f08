"""Where projections keep their documents, together with how far they have read."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, PoolConnection
from ledger.availability import LedgerUnavailableError
from ledger.subscription import BEGINNING, Checkpoint

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('raccord/projection/' || $1, 0))"
_CHECKPOINT = """
SELECT era, transaction::text AS transaction_number, position FROM checkpoint WHERE projection = $1
"""
_FIRST = """
INSERT INTO checkpoint (projection, era, transaction, position)
VALUES ($1, $2, $3::text::xid8, $4) ON CONFLICT (projection) DO NOTHING
"""
_MOVE = """
UPDATE checkpoint SET era = $2, transaction = $3::text::xid8, position = $4,
    saved_at = clock_timestamp()
WHERE projection = $1 AND (era, transaction, position) = ($5, $6::text::xid8, $7)
"""
_SAVE = """
INSERT INTO document (projection, key, body, brief)
SELECT $1, k, b, s FROM unnest($2::text[], $3::text[], $4::jsonb[]) AS n (k, b, s)
ON CONFLICT (projection, key) DO UPDATE SET body = excluded.body, brief = excluded.brief
"""
_OPEN = """
SELECT key FROM document WHERE projection = $1 AND body::jsonb @> '{"open": true}'
"""
_KEYS = "SELECT key FROM document WHERE projection = $1"
_CLEAR_DOCUMENTS = "DELETE FROM document WHERE split_part(projection, '@', 1) = $1"
_CLEAR_CHECKPOINTS = "DELETE FROM checkpoint WHERE split_part(projection, '@', 1) = $1"
_BODIES = "SELECT key, body FROM document WHERE projection = $1 AND key = ANY($2::text[])"


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A document as it is kept, and the few words lists read of it, where it has some."""

    body: str
    brief: str | None


class CheckpointMovedError(Exception):
    """Another runner moved this projection on: nothing was saved, start from its checkpoint."""


class PostgresDocuments:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def checkpoint(self, projection: str) -> Checkpoint:
        with translated():
            row = await self._pool.fetchrow(_CHECKPOINT, projection)
        if row is None:
            return BEGINNING
        return Checkpoint(
            era=row["era"], transaction=int(row["transaction_number"]), position=row["position"]
        )

    async def bodies(self, projection: str, keys: Collection[str]) -> Mapping[str, str]:
        with translated():
            rows = await self._pool.fetch(_BODIES, projection, list(keys))
        return {row["key"]: row["body"] for row in rows}

    async def open_keys(self, projection: str) -> frozenset[str]:
        """The documents of a projection that say they are open."""
        with translated():
            rows = await self._pool.fetch(_OPEN, projection)
        return frozenset(row["key"] for row in rows)

    async def every_key(self, projection: str) -> frozenset[str]:
        with translated():
            rows = await self._pool.fetch(_KEYS, projection)
        return frozenset(row["key"] for row in rows)

    async def save(
        self,
        projection: str,
        saved: Mapping[str, Saved],
        *,
        from_checkpoint: Checkpoint,
        to_checkpoint: Checkpoint,
    ) -> None:
        """Documents and checkpoint in one transaction, or neither."""
        bodies = [one.body for one in saved.values()]
        briefs = [one.brief for one in saved.values()]
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await moved(connection, projection, from_checkpoint, to_checkpoint)
                await connection.execute(_SAVE, projection, list(saved), bodies, briefs)

    async def clear(self, name: str) -> None:
        """The documents of a projection, in every shape they were ever kept in."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_CLEAR_DOCUMENTS, name)
                await connection.execute(_CLEAR_CHECKPOINTS, name)


async def moved(
    connection: PoolConnection, projection: str, before: Checkpoint, after: Checkpoint
) -> None:
    """Only from where this runner read: a projection rebuilt meanwhile starts over instead."""
    target = (projection, after.era, str(after.transaction), after.position)
    if before == BEGINNING:
        status = await connection.execute(_FIRST, *target)
    else:
        origin = (before.era, str(before.transaction), before.position)
        status = await connection.execute(_MOVE, *target, *origin)
    if not status.endswith(" 1"):
        raise CheckpointMovedError(projection)


class RunnerLock:
    """At most one runner of a name, in all processes: held as long as its connection lives."""

    def __init__(self, *, url: str, name: str) -> None:
        self._url = url
        self._name = name

    @asynccontextmanager
    async def held(self) -> AsyncIterator[bool]:
        """Whether this runner may run; the others stand by and try again."""
        with translated():
            connection = await asyncpg.connect(self._url, timeout=5)
        try:
            with translated():
                taken: bool = await connection.fetchval(_LOCK, self._name)
            self._connection = connection
            yield taken
        finally:
            connection.terminate()

    def check(self) -> None:
        """The lock went with the connection, if that was lost: stop before writing anything."""
        if self._connection.is_closed():
            raise LedgerUnavailableError("the connection that held the runner's lock was lost")
