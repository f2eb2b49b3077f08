"""Seals as rows, and what verification reads."""

from collections.abc import AsyncIterator, Sequence

from adapters.postgres.errors import translated
from adapters.postgres.ledger import COLUMNS, stored_event
from adapters.postgres.pool import Pool, Row
from ledger.envelope import StoredEvent
from ledger.seals import LEAF_BYTES, Seal
from ledger.subscription import Checkpoint

_SEAL_COLUMNS = """number, previous, positions, leaves, closed_upto, era,
    transaction::text AS transaction_number, position, sealed_at, root, key_id, signature"""
_LAST = f"SELECT {_SEAL_COLUMNS} FROM seal ORDER BY number DESC LIMIT 1"  # noqa: S608
_ONE = f"SELECT {_SEAL_COLUMNS} FROM seal WHERE number = $1"  # noqa: S608
_NEXT = f"SELECT {_SEAL_COLUMNS} FROM seal WHERE number > $1 ORDER BY number LIMIT 1"  # noqa: S608
_INSERT = """
INSERT INTO seal (number, previous, positions, leaves, closed_upto, era, transaction, position,
    sealed_at, root, key_id, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::xid8, $8, $9, $10, $11, $12)
ON CONFLICT (number) DO NOTHING
"""
_ROWS = f"SELECT {COLUMNS} FROM event WHERE position = ANY($1::bigint[])"  # noqa: S608
_UNSEALED = """
SELECT era, transaction::text AS transaction_number, position FROM event
WHERE position IN (SELECT position FROM event EXCEPT SELECT unnest(positions) FROM seal)
ORDER BY event.era, event.transaction, event.position
"""
_HOLES = """
SELECT stream_id, count(*) AS rows, max(version) AS version FROM event
GROUP BY stream_id HAVING count(*) <> max(version) ORDER BY stream_id
"""
# Nothing open means that no position up to the highest one can appear any more.
_CLOSED = """
SELECT CASE WHEN pg_snapshot_xmin(s) = pg_snapshot_xmax(s)
    THEN (SELECT coalesce(max(position), 0) FROM event) END
FROM pg_current_snapshot() AS s
"""


def _seal(row: Row) -> Seal:
    leaves: bytes = row["leaves"]
    return Seal(
        number=row["number"],
        previous=row["previous"],
        positions=tuple(row["positions"]),
        leaves=tuple(
            leaves[start : start + LEAF_BYTES] for start in range(0, len(leaves), LEAF_BYTES)
        ),
        closed_upto=row["closed_upto"],
        checkpoint=Checkpoint(
            era=row["era"], transaction=int(row["transaction_number"]), position=row["position"]
        ),
        sealed_at=row["sealed_at"],
        root=row["root"],
        key_id=row["key_id"],
        signature=row["signature"],
    )


class PostgresSeals:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def last(self) -> Seal | None:
        with translated():
            row = await self._pool.fetchrow(_LAST)
        return _seal(row) if row else None

    async def numbered(self, number: int) -> Seal | None:
        with translated():
            row = await self._pool.fetchrow(_ONE, number)
        return _seal(row) if row else None

    async def all(self) -> AsyncIterator[Seal]:
        """Every seal, oldest first, one at a time: a long chain never fills the memory."""
        number = 0
        while True:
            with translated():
                row = await self._pool.fetchrow(_NEXT, number)
            if row is None:
                return
            number = row["number"]
            yield _seal(row)

    async def closed_upto(self) -> int | None:
        """The position below which nothing can appear any more; None while a writer is open."""
        with translated():
            closed: int | None = await self._pool.fetchval(_CLOSED)
        return closed

    async def keep(self, seal: Seal) -> bool:
        """False when another sealer kept a seal of this number first."""
        with translated():
            status = await self._pool.execute(
                _INSERT,
                seal.number,
                seal.previous,
                list(seal.positions),
                b"".join(seal.leaves),
                seal.closed_upto,
                seal.checkpoint.era,
                str(seal.checkpoint.transaction),
                seal.checkpoint.position,
                seal.sealed_at,
                seal.root,
                seal.key_id,
                seal.signature,
            )
        return bool(status == "INSERT 0 1")

    async def rows(self, positions: Sequence[int]) -> dict[int, StoredEvent]:
        with translated():
            rows = await self._pool.fetch(_ROWS, list(positions))
        return {row["position"]: stored_event(row) for row in rows}

    async def unsealed(self) -> tuple[Checkpoint, ...]:
        """Where the rows stand that no seal lists, in reading order."""
        with translated():
            rows = await self._pool.fetch(_UNSEALED)
        return tuple(
            Checkpoint(
                era=row["era"],
                transaction=int(row["transaction_number"]),
                position=row["position"],
            )
            for row in rows
        )

    async def holes(self) -> tuple[tuple[str, int, int], ...]:
        """Streams whose versions are not 1 to n: id, rows found, highest version."""
        with translated():
            rows = await self._pool.fetch(_HOLES)
        return tuple((row["stream_id"], row["rows"], row["version"]) for row in rows)
