"""Where projections keep their documents, together with how far they have read."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from adapters.postgres.bookmarks import Moving, PostgresBookmarks
from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from ledger.availability import LedgerUnavailableError
from ledger.subscription import Checkpoint

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('raccord/projection/' || $1, 0))"
_SAVE = """
saved AS (
    INSERT INTO document (projection, key, body, brief)
    SELECT $1, k, b, s
    FROM moved, unnest($8::text[], $9::text[], $10::jsonb[]) AS n (k, b, s)
    ON CONFLICT (projection, key) DO UPDATE SET body = excluded.body, brief = excluded.brief
)
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


class PostgresDocuments:
    def __init__(self, pool: Pool, bookmarks: PostgresBookmarks) -> None:
        self._pool = pool
        self._bookmarks = bookmarks

    async def checkpoint(self, projection: str) -> Checkpoint:
        return await self._bookmarks.of(projection)

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
        """Documents and checkpoint together, or neither."""
        moving = Moving(name=projection, before=from_checkpoint, after=to_checkpoint)
        if not saved:
            await self._bookmarks.pass_by(moving)
            return
        bodies = [one.body for one in saved.values()]
        briefs = [one.brief for one in saved.values()]
        await self._bookmarks.move(moving, _SAVE, list(saved), bodies, briefs)

    async def clear(self, name: str) -> None:
        """The documents of a projection, in every shape they were ever kept in."""
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_CLEAR_DOCUMENTS, name)
                await connection.execute(_CLEAR_CHECKPOINTS, name)


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
