"""How far each follower of the ledger has read.

The row rules. Between its turns a follower's bookmark is remembered for a while: a rebuild, or
another runner, is noticed when the row is read again, and at the latest by a write, which is only
ever made from where the row was last seen. What holds nothing for a follower is gone past in
memory, and written a little later: after a death it is gone past once more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.clock import Technical
from ledger.subscription import BEGINNING, Checkpoint

_READ = """
SELECT era, transaction::text AS transaction_number, position FROM checkpoint WHERE projection = $1
"""
_FIRST = """
INSERT INTO checkpoint (projection, era, transaction, position)
SELECT $1, $2::int, $3::text::xid8, $4::bigint
WHERE ($5::int, $6::text, $7::bigint) = (0, '0', 0)
ON CONFLICT (projection) DO NOTHING RETURNING projection
"""
_MOVE = """
UPDATE checkpoint SET era = $2::int, transaction = $3::text::xid8, position = $4::bigint,
    saved_at = clock_timestamp()
WHERE projection = $1 AND (era, transaction, position) = ($5::int, $6::text::xid8, $7::bigint)
RETURNING projection
"""

AT_ONCE = Technical(timedelta(0))
"""Nothing is remembered: each turn reads the row, and writes it."""


class CheckpointMovedError(Exception):
    """Another runner moved this projection on: nothing was saved, start from its checkpoint."""


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A follower that has read on."""

    name: str
    before: Checkpoint
    after: Checkpoint


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The row as it was last seen, by the wall, and how far its follower has read since."""

    row: Checkpoint
    reached: Checkpoint
    at: float


class PostgresBookmarks:
    def __init__(
        self,
        pool: Pool,
        *,
        patience: Technical = AT_ONCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._patience = patience.span.total_seconds()
        self._now = now
        self._seen: dict[str, _Seen] = {}

    async def of(self, name: str) -> Checkpoint:
        seen = self._seen.get(name)
        if seen is not None and self._fresh(seen):
            return seen.reached
        row = await self._read(name)
        if seen is None or row != seen.row:
            return self._see(name, row)
        if seen.reached != row:
            await self.move(Moving(name=name, before=seen.reached, after=seen.reached))
            return seen.reached
        return self._see(name, row)

    async def pass_by(self, moving: Moving) -> None:
        """There was nothing for it up to there."""
        seen = self._seen.get(moving.name)
        if seen is None or seen.reached != moving.before or not self._fresh(seen):
            await self.move(moving)
            return
        self._seen[moving.name] = _Seen(row=seen.row, reached=moving.after, at=seen.at)

    async def move(self, moving: Moving, saving: str = "", *values: object) -> None:
        """With what it made of it, in one statement: `saving` writes it `FROM moved`, from $8 on.

        Only from where this runner read: a projection rebuilt meanwhile starts over instead.
        """
        seen = self._seen.pop(moving.name, None)
        known = seen is not None and seen.reached == moving.before
        origin = seen.row if seen is not None and known else moving.before
        step = _FIRST if origin == BEGINNING else _MOVE
        more = f", {saving}" if saving else ""
        with translated():
            moved = await self._pool.fetchval(
                f"WITH moved AS ({step}){more} SELECT count(*) FROM moved",  # noqa: S608  ours
                moving.name,
                *_columns(moving.after),
                *_columns(origin),
                *values,
            )
        if not moved:
            raise CheckpointMovedError(moving.name)
        self._see(moving.name, moving.after)

    def _fresh(self, seen: _Seen) -> bool:
        return self._now() < seen.at + self._patience

    def _see(self, name: str, row: Checkpoint) -> Checkpoint:
        self._seen[name] = _Seen(row=row, reached=row, at=self._now())
        return row

    async def _read(self, name: str) -> Checkpoint:
        with translated():
            row = await self._pool.fetchrow(_READ, name)
        if row is None:
            return BEGINNING
        return Checkpoint(
            era=row["era"], transaction=int(row["transaction_number"]), position=row["position"]
        )


def _columns(checkpoint: Checkpoint) -> tuple[int, str, int]:
    return checkpoint.era, str(checkpoint.transaction), checkpoint.position
