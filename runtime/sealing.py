"""The sealer: follows the ledger a little behind, and signs what it has read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.postgres.ledger import PostgresReader
from adapters.postgres.seals import PostgresSeals
from ledger.seals import Seal, Signer, make_seal
from ledger.subscription import BEGINNING

BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Sealer:
    reader: PostgresReader
    seals: PostgresSeals
    signer: Signer
    wall_now: Callable[[], datetime]

    async def turn(self) -> Seal | None:
        """One seal over what is new, at most BATCH rows of it; nothing when nothing is new."""
        last = await self.seals.last()
        closed = await self.seals.closed_upto()
        start = last.checkpoint if last else BEGINNING
        batch = await self.reader.stored_after(start, limit=BATCH)
        if not batch.rows:
            return None
        previously_closed = last.closed_upto if last else 0
        seal = make_seal(
            after=last,
            rows=batch.rows,
            checkpoint=batch.checkpoint,
            closed_upto=previously_closed
            if closed is None or len(batch.rows) == BATCH
            else max(closed, previously_closed),
            sealed_at=self.wall_now(),
            signer=self.signer,
        )
        return seal if await self.seals.keep(seal) else None
