"""What is asked of the ledger, and the ways it can say no.

AppendRefusedError
├── StreamMovedError       somebody appended first: load, decide again, append again
├── CommandReusedError     the command id was used for another payload: a bug or a forgery
└── MessageSettledError    the inbox row was settled by another command, or never received
"""

from dataclasses import dataclass
from datetime import datetime

from domain.event import Event
from domain.identity import CommandId, StreamId
from ledger.envelope import Envelope


class AppendRefusedError(Exception):
    """Nothing of the append was kept."""


class StreamMovedError(AppendRefusedError):
    def __init__(self, *, stream_id: StreamId, actual_version: int) -> None:
        self.stream_id = stream_id
        self.actual_version = actual_version
        super().__init__(
            f"stream {stream_id} stands at version {actual_version}, not where the append "
            "expected it; load it again and decide again"
        )


class CommandReusedError(AppendRefusedError):
    def __init__(self, command_id: CommandId) -> None:
        self.command_id = command_id
        super().__init__(
            f"command {command_id} was already used with another payload; "
            "repeat the first payload, or give the new one a command id of its own"
        )


class MessageSettledError(AppendRefusedError):
    def __init__(self, message_number: int) -> None:
        self.message_number = message_number
        super().__init__(
            f"inbox message {message_number} is unknown or was settled by another command; "
            "read what it caused before acting on it again"
        )


@dataclass(frozen=True)
class NoStream:
    """The stream must not exist yet."""


@dataclass(frozen=True)
class At:
    """The stream must stand at exactly this version."""

    version: int

    def __post_init__(self) -> None:
        if self.version < 1:
            raise ValueError("a stream that exists has version 1 or more; say NoStream() instead")


ExpectedVersion = NoStream | At


def version_number(expected: ExpectedVersion) -> int:
    return expected.version if isinstance(expected, At) else 0


def expected_after(version: int) -> ExpectedVersion:
    return At(version) if version else NoStream()


@dataclass(frozen=True, kw_only=True)
class StreamAppend:
    stream_id: StreamId
    expected: ExpectedVersion
    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        if not self.events:
            raise ValueError(f"an append to {self.stream_id} needs at least one event")


@dataclass(frozen=True, kw_only=True)
class CommandStamp:
    """The command behind an append: its id, and a keyed fingerprint of its payload."""

    command_id: CommandId
    fingerprint: bytes


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """Something to be done outside, kept in the same transaction as the facts that ask for it."""

    kind: str
    payload: str


@dataclass(frozen=True, kw_only=True)
class Append:
    """All or nothing: streams, outbox rows and the inbox row they settle, in one transaction."""

    command: CommandStamp
    business_at: datetime
    actor: str
    correlation: str
    cause: str | None = None
    streams: tuple[StreamAppend, ...]
    outbox: tuple[OutboxMessage, ...] = ()
    settles: int | None = None

    def __post_init__(self) -> None:
        if not self.streams:
            raise ValueError("an append needs at least one stream: only facts are kept")
        if len({stream.stream_id for stream in self.streams}) != len(self.streams):
            raise ValueError("an append names a stream twice; put its events in one StreamAppend")
        if self.business_at.tzinfo is None:
            raise ValueError("business_at needs a time zone; pass the business clock's instant")


@dataclass(frozen=True, kw_only=True)
class Appended:
    """What the append kept, or what the first append of the same command had kept."""

    envelopes: tuple[Envelope, ...]
    repeated: bool
