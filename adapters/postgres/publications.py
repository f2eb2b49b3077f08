"""Publications in commit order, each with a delivery for everybody who subscribes to it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from adapters.postgres.documents import PostgresDocuments, moved
from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, Row
from ledger.subscription import Checkpoint

NAME = "publications"

_PUBLISH = """
WITH told AS (
    INSERT INTO publication (publication_id, order_id, client, type, body)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    ON CONFLICT (publication_id) DO NOTHING
    RETURNING number, order_id, client, type
)
INSERT INTO delivery (subscription_id, number, order_id)
SELECT s.subscription_id, t.number, t.order_id
FROM told AS t JOIN subscription AS s
    ON s.ended_at IS NULL AND (cardinality(s.types) = 0 OR t.type = ANY(s.types))
    AND (NOT s.own_orders_only OR s.client = t.client)
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
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._documents = PostgresDocuments(pool)

    async def checkpoint(self) -> Checkpoint:
        return await self._documents.checkpoint(NAME)

    async def publish(
        self, told: Sequence[ToPublish], *, before: Checkpoint, after: Checkpoint
    ) -> None:
        """With how far was read, in one transaction: nothing is told twice, or not at all."""
        columns = (
            [one.publication_id for one in told],
            [one.order_id for one in told],
            [one.client for one in told],
            [one.type for one in told],
            [one.body for one in told],
        )
        with translated():
            async with self._pool.acquire() as connection, connection.transaction():
                await moved(connection, NAME, before, after)
                if told:
                    await connection.execute(_PUBLISH, *columns)

    async def after(
        self, number: int, *, client: str | None, order_id: UUID | None, limit: int
    ) -> list[Row]:
        with translated():
            return await self._pool.fetch(_AFTER, number, client, order_id, limit)
