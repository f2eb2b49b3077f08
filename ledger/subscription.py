"""Reading the ledger in commit order, without gaps.

The position alone is not an order: a transaction that took an earlier position may commit later,
and a reader that remembers only the highest position it saw would skip it for ever. The order is
(era, transaction, position), read only below the oldest transaction still open. The era goes up
when a dump is restored into another cluster, whose transaction numbers start again.
"""

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
    checkpoint: Checkpoint


class EventReader(Protocol):
    async def after(self, checkpoint: Checkpoint, *, limit: int) -> Batch:
        """The next envelopes in commit order; the same checkpoint again when there is none."""
