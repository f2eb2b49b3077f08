"""Reading the ledger in commit order, without gaps.

The position alone is not an order: a transaction that took an earlier position may commit later,
and a reader that remembers only the highest position it saw would skip it for ever. The order is
(era, transaction, position), read only below the oldest transaction still open. The era goes up
when a dump is restored into another cluster, whose transaction numbers start again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.envelope import Envelope, StoredEvent


@dataclass(frozen=True, order=True)
class Checkpoint:
    era: int
    transaction: int
    position: int


BEGINNING = Checkpoint(era=0, transaction=0, position=0)


@dataclass(frozen=True, kw_only=True)
class StoredBatch:
    rows: tuple[StoredEvent, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, kw_only=True)
class Batch:
    envelopes: tuple[Envelope, ...]
    """Of the kinds that were asked for."""
    checkpoint: Checkpoint
    read: int
    """How many facts it goes past, whatever their kind."""


Kinds = frozenset[str]
"""Of streams: what stands before the slash."""


class StoredReader(Protocol):
    async def stored_after(self, checkpoint: Checkpoint, *, limit: int) -> StoredBatch:
        """The next rows in commit order; the same checkpoint again when there is none."""


class EventReader(Protocol):
    async def after(
        self, checkpoint: Checkpoint, *, limit: int, kinds: Kinds | None = None
    ) -> Batch:
        """The next envelopes in commit order; the same checkpoint again when there is none.

        Facts of other kinds of streams are gone past, and not decoded. One that this version does
        not know stops every reader, whatever it asks for: a later version may want it.
        """


def place_of(row: StoredEvent) -> Checkpoint:
    return Checkpoint(era=row.era, transaction=row.transaction, position=row.position)


def of_kinds(rows: Sequence[StoredEvent], kinds: Kinds | None) -> tuple[StoredEvent, ...]:
    if kinds is None:
        return tuple(rows)
    return tuple(row for row in rows if row.stream_id.partition("/")[0] in kinds)
