"""Publications in commit order, each with a delivery for everybody who subscribes to it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from adapters.postgres.bookmarks import Moving, PostgresBookmarks
from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, Row
from ledger.subscription import Checkpoint

NAME = "publications"

_PUBLISH = """
told AS (
    INSERT INTO publication (publication_id, order_id, client, type, body)
    SELECT n.* FROM moved,
        unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[]) AS n
    ON CONFLICT (publication_id) DO NOTHING
    RETURNING number, order_id, client, type
), owed AS (
    INSERT INTO delivery (subscription_id, number, order_id)
    SELECT s.subscription_id, t.number, t.order_id
    FROM told AS t JOIN subscription AS s
        ON s.ended_at IS NULL AND (cardinality(s.types) = 0 OR t.type = ANY(s.types))
        AND (NOT s.own_orders_only OR s.client = t.client)
)
"""
_AFTER = """
SELECT number, body FROM publication
WHERE number > $1 AND ($2::text IS NULL OR client = $2) AND ($3::uuid IS NULL OR order_id = $3)
ORDER BY number LIMIT $4
"""


class ToPublish(Protocol):
    @property
    def publication_id(self) -> UUID: ...

    @property
    def order_id(self) -> UUID: ...

    @property
    def client(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def body(self) -> str: ...


class PostgresPublications:
    def __init__(self, pool: Pool, bookmarks: PostgresBookmarks) -> None:
        self._pool = pool
        self._bookmarks = bookmarks

    async def checkpoint(self) -> Checkpoint:
        return await self._bookmarks.of(NAME)

    async def publish(
        self, told: Sequence[ToPublish], *, before: Checkpoint, after: Checkpoint
    ) -> None:
        """With how far was read, in one statement: nothing is told twice, or not at all."""
        moving = Moving(name=NAME, before=before, after=after)
        if not told:
            await self._bookmarks.pass_by(moving)
            return
        columns = (
            [one.publication_id for one in told],
            [one.order_id for one in told],
            [one.client for one in told],
            [one.type for one in told],
            [one.body for one in told],
        )
        await self._bookmarks.move(moving, _PUBLISH, *columns)

    async def after(
        self, number: int, *, client: str | None, order_id: UUID | None, limit: int
    ) -> list[Row]:
        with translated():
            return await self._pool.fetch(_AFTER, number, client, order_id, limit)
