"""The record of uses: who called what, and how it was answered. Written a little later, together.

What changes anything is in the ledger with whoever did it; this is for who looked, who was refused
and who tries. A process that is killed loses the uses of its last moments, and nothing else.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from ledger.availability import LedgerUnavailableError

HELD_MAX = 5_000
"""Uses waiting to be written; past it a call waits for its own. A default of ours."""

_WRITE = """
INSERT INTO use (at, caller, operation, about, status)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::smallint[])
"""
_NEWEST = """
SELECT at, caller, operation, about, status FROM use
WHERE ($1::text IS NULL OR caller = $1) AND (NOT $2 OR status IN (401, 403, 429))
ORDER BY number DESC LIMIT $3
"""


class Use(Protocol):
    @property
    def at(self) -> datetime: ...

    @property
    def caller(self) -> str | None: ...

    @property
    def operation(self) -> str: ...

    @property
    def about(self) -> str | None: ...

    @property
    def status(self) -> int: ...


class PostgresUses:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._held: list[Use] = []

    async def note(self, use: Use) -> None:
        self._held.append(use)
        if len(self._held) > HELD_MAX:
            with suppress(LedgerUnavailableError):
                await self.turn()

    async def turn(self) -> int:
        """Write what is held; what cannot be written is held on to, up to the bound."""
        uses, self._held = self._held, []
        if not uses:
            return 0
        columns = zip(
            *((u.at, u.caller, u.operation, u.about, u.status) for u in uses), strict=True
        )
        try:
            with translated():
                await self._pool.execute(_WRITE, *(list(column) for column in columns))
        except LedgerUnavailableError:
            self._held = [*uses, *self._held][:HELD_MAX]
            raise
        return len(uses)

    async def newest(
        self, *, caller: str | None, refused_only: bool, limit: int
    ) -> Sequence[dict[str, object]]:
        with translated():
            rows = await self._pool.fetch(_NEWEST, caller, refused_only, limit)
        return [dict(row) for row in rows]
