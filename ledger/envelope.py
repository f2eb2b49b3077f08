"""The envelope: everything about an event that is not the event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.event import Event
from domain.identity import CommandId, StreamId


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """One row of the ledger, its data as the exact bytes that were stored (and sealed)."""

    position: int
    era: int
    transaction: int
    stream_id: StreamId
    version: int
    type: str
    schema: int
    business_at: datetime
    recorded_at: datetime
    actor: str
    cause: str | None
    correlation: str
    command_id: CommandId
    command_ordinal: int
    fingerprint: bytes
    data: str


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One fact as the rest of the house reads it: parsed, upcast, unsealed."""

    position: int
    stream_id: StreamId
    version: int
    business_at: datetime
    recorded_at: datetime
    actor: str
    cause: str | None
    correlation: str
    command_id: CommandId
    fingerprint: bytes
    event: Event


def current_version(envelopes: Sequence[Envelope]) -> int:
    return envelopes[-1].version if envelopes else 0
