"""One look at the ledger for every follower of a process.

A follower asks for what comes after its own bookmark. What is new is fetched once, and the newest
facts are kept for a while: whoever stands among them is answered from there, and a fact is decoded
once for all of them. Whoever stands before them reads for itself until it has come so far. What is
sealed is unsealed for each follower anew and never kept: who is forgotten is unreadable at once.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import timedelta

from domain.clock import Technical
from ledger.codec import SEALED, EventCodec
from ledger.envelope import Envelope, StoredEvent
from ledger.subscription import (
    BEGINNING,
    Batch,
    Checkpoint,
    Kinds,
    StoredReader,
    of_kinds,
    place_of,
)

FETCHED_MAX = 500
KEPT_MAX = 1_000
"""Facts that are kept, so that a follower may be slower than the others for a while."""

REST = Technical(timedelta(milliseconds=100))
"""Between two looks at a ledger that had no more: whoever asks meanwhile hears that it has none."""


class OneReader:
    def __init__(
        self,
        *,
        stored: StoredReader,
        codec: EventCodec,
        now: Callable[[], float],
        rest: Technical = REST,
    ) -> None:
        self._stored = stored
        self._codec = codec
        self._now = now
        self._rest = rest.span.total_seconds()
        self._begin(BEGINNING)
        self._look_again_at = 0.0
        self._looking = asyncio.Lock()

    def _begin(self, checkpoint: Checkpoint) -> None:
        self._begins = checkpoint
        self._rows: list[StoredEvent] = []
        self._places: list[Checkpoint] = []
        self._decoded: dict[int, Envelope] = {}

    @property
    def _ends(self) -> Checkpoint:
        return self._places[-1] if self._places else self._begins

    async def after(
        self, checkpoint: Checkpoint, *, limit: int, kinds: Kinds | None = None
    ) -> Batch:
        rows = await self._rows_after(checkpoint, limit=limit)
        self._codec.recognise(rows)
        return Batch(
            envelopes=await self._decode(of_kinds(rows, kinds)),
            checkpoint=place_of(rows[-1]) if rows else checkpoint,
            read=len(rows),
        )

    async def _rows_after(self, checkpoint: Checkpoint, *, limit: int) -> Sequence[StoredEvent]:
        if checkpoint >= self._ends:
            await self._look(checkpoint)
        elif checkpoint < (begins := self._begins):
            stored = await self._stored.stored_after(checkpoint, limit=limit)
            behind = [row for row in stored.rows if place_of(row) <= begins]
            if behind or self._begins != begins:
                return behind
        first = bisect_right(self._places, checkpoint)
        return self._rows[first : first + limit]

    async def _look(self, checkpoint: Checkpoint) -> None:
        """What is kept begins anew where it does not reach: at first, and after another process."""
        async with self._looking:
            began = self._now()
            if checkpoint < self._ends or began < self._look_again_at:
                return
            if self._ends == BEGINNING:
                self._begin(checkpoint)
            stored = await self._stored.stored_after(self._ends, limit=FETCHED_MAX)
            self._keep(stored.rows)
            if checkpoint > self._ends:
                self._begin(checkpoint)
            more = len(stored.rows) == FETCHED_MAX
            self._look_again_at = began if more else began + self._rest

    def _keep(self, rows: Sequence[StoredEvent]) -> None:
        self._rows += rows
        self._places += [place_of(row) for row in rows]
        too_many = len(self._rows) - KEPT_MAX
        if too_many > 0:
            self._begins = self._places[too_many - 1]
            for row in self._rows[:too_many]:
                self._decoded.pop(row.position, None)
            del self._rows[:too_many], self._places[:too_many]

    async def _decode(self, rows: Sequence[StoredEvent]) -> tuple[Envelope, ...]:
        known = {row.position: self._decoded.get(row.position) for row in rows}
        missing = [row for row in rows if known[row.position] is None]
        decoded = {one.position: one for one in await self._codec.decode(missing)}
        for row in missing:
            if place_of(row) > self._begins and SEALED not in row.data:
                self._decoded[row.position] = decoded[row.position]
        return tuple(known[row.position] or decoded[row.position] for row in rows)
