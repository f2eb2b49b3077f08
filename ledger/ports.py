"""The ledger as everything above it sees it."""

from typing import Protocol

from domain.identity import CommandId, StreamId
from ledger.append import Append, Appended
from ledger.envelope import Envelope


class Ledger(Protocol):
    async def append(self, append: Append) -> Appended:
        """Keep all of it or nothing, once per command id. AppendRefusedError says why not."""

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        """The stream from after a version on, oldest first; the whole of it from nought."""

    async def streams_about(self, value: str) -> tuple[StreamId, ...]:
        """Where a personal value stands, found by its keyed hash; nowhere once forgotten."""

    async def caused_by(self, command_id: CommandId) -> tuple[Envelope, ...]:
        """What a command appended, in order; empty when it never did."""
