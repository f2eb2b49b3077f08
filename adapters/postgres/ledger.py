"""The ledger on PostgreSQL: one round trip per append, exactly once by command id."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import asyncpg

from adapters.postgres import errors
from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool, Row
from domain.identity import CommandId, StreamId
from ledger.append import (
    Append,
    Appended,
    CommandReusedError,
    MessageSettledError,
    StreamMovedError,
    version_number,
)
from ledger.codec import EncodedEvent, EventCodec
from ledger.envelope import Envelope, StoredEvent
from ledger.subscription import Batch, Checkpoint, Kinds, StoredBatch, of_kinds, place_of

_APPEND = """
SELECT * FROM ledger_append($1::uuid, $2::bytea, $3::text[], $4::bigint[], $5::int[], $6::text[],
    $7::smallint[], $8::text[], $9::timestamptz, $10::text, $11::text, $12::text, $13::text[],
    $14::text[], $15::bigint, $16::bytea[], $17::text[], $18::text[])
"""

COLUMNS = """position, era, transaction::text AS transaction_number, stream_id, version, type,
    schema, business_at, recorded_at, actor, cause, correlation, command_id, command_ordinal,
    fingerprint, data"""

_STREAM = f"SELECT {COLUMNS} FROM event WHERE stream_id = $1 AND version > $2 ORDER BY version"  # noqa: S608
_COMMAND = f"SELECT {COLUMNS} FROM event WHERE command_id = $1 ORDER BY command_ordinal"  # noqa: S608

# A row of the running era is shown only once no older transaction can still commit. The order names
# the table's own columns: a text of the same name would sort 10000 before 9999.
_AFTER = f"""
SELECT {COLUMNS}
FROM event
WHERE (era, transaction, position) > ($1, $2::text::xid8, $3)
    AND (transaction < pg_snapshot_xmin(pg_current_snapshot())
        OR era < (SELECT max(era) FROM ledger_era))
ORDER BY event.era, event.transaction, event.position
LIMIT $4
"""  # noqa: S608

_NEWEST = f"SELECT {COLUMNS} FROM event ORDER BY position DESC LIMIT $1"  # noqa: S608
_ABOUT = "SELECT stream_id FROM personal_index WHERE digest = $1 ORDER BY stream_id"
_KNOWN_COMMAND = "SELECT true FROM event WHERE command_id = $1 LIMIT 1"

_RACES = 3


def stored_event(row: Row) -> StoredEvent:
    return StoredEvent(
        position=row["position"],
        era=row["era"],
        transaction=int(row["transaction_number"]),
        stream_id=StreamId(row["stream_id"]),
        version=row["version"],
        type=row["type"],
        schema=row["schema"],
        business_at=row["business_at"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        cause=row["cause"],
        correlation=row["correlation"],
        command_id=CommandId(row["command_id"]),
        command_ordinal=row["command_ordinal"],
        fingerprint=row["fingerprint"],
        data=row["data"],
    )


def _in_id_order(append: Append) -> Append:
    """Two appends over the same streams, each in this order, never wait for each other."""
    streams = tuple(sorted(append.streams, key=lambda stream: stream.stream_id))
    return replace(append, streams=streams)


def _arguments(append: Append, encoded: tuple[EncodedEvent, ...]) -> tuple[Any, ...]:
    place = {stream.stream_id: number for number, stream in enumerate(append.streams, start=1)}
    return (
        append.command.command_id,
        append.command.fingerprint,
        [stream.stream_id for stream in append.streams],
        [version_number(stream.expected) for stream in append.streams],
        [place[event.stream_id] for event in encoded],
        [event.type for event in encoded],
        [event.schema for event in encoded],
        [event.data for event in encoded],
        append.business_at,
        append.actor,
        append.cause,
        append.correlation,
        [message.kind for message in append.outbox],
        [message.payload for message in append.outbox],
        append.settles,
        *_digests(encoded),
    )


def _digests(encoded: tuple[EncodedEvent, ...]) -> tuple[list[bytes], list[str], list[str]]:
    """Each personal value of an append once a stream: its keyed hash, where it stands, whose."""
    found = {
        (personal.digest, event.stream_id): personal.subject
        for event in encoded
        for personal in event.personal
    }
    return (
        [digest for digest, _ in found],
        [stream_id for _, stream_id in found],
        list(found.values()),
    )


class PostgresLedger:
    def __init__(self, *, pool: Pool, codec: EventCodec) -> None:
        self._pool = pool
        self._codec = codec

    async def append(self, append: Append) -> Appended:
        append = _in_id_order(append)
        flat = [(s.stream_id, event) for s in append.streams for event in s.events]
        arguments = _arguments(append, await self._codec.encode(flat))
        rows = await self._append_rows(append, arguments)
        if rows[0]["was_repeated"]:
            stored = await self.caused_by(append.command.command_id)
            return Appended(envelopes=stored, repeated=True)
        return Appended(envelopes=_envelopes(append, rows), repeated=False)

    async def _append_rows(
        self, append: Append, arguments: tuple[Any, ...]
    ) -> list[asyncpg.Record]:
        """A lost race on a unique key is asked again: the answer is then a repeat or a move."""
        for _ in range(_RACES):
            with suppress(asyncpg.UniqueViolationError):
                try:
                    return await self._append_once(append, arguments)
                except (StreamMovedError, MessageSettledError):
                    if not await self._kept(append.command.command_id):
                        raise
        return await self._append_once(append, arguments)

    async def _kept(self, command_id: CommandId) -> bool:
        """Whether it was a repeat after all: the first one committed while we looked elsewhere."""
        with translated():
            return bool(await self._pool.fetchval(_KNOWN_COMMAND, command_id))

    async def _append_once(
        self, append: Append, arguments: tuple[Any, ...]
    ) -> list[asyncpg.Record]:
        try:
            with translated():
                return await self._pool.fetch(_APPEND, *arguments)
        except asyncpg.PostgresError as exc:
            match exc.sqlstate:
                case errors.STREAM_MOVED:
                    raise await self._moved(StreamId(exc.detail or "")) from exc
                case errors.COMMAND_REUSED:
                    raise CommandReusedError(append.command.command_id) from exc
                case errors.MESSAGE_SETTLED:
                    raise MessageSettledError(append.settles or 0) from exc
                case _:
                    raise

    async def _moved(self, stream_id: StreamId) -> StreamMovedError:
        with translated():
            version = await self._pool.fetchval(
                "SELECT coalesce(max(version), 0) FROM event WHERE stream_id = $1", stream_id
            )
        return StreamMovedError(stream_id=stream_id, actual_version=version)

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        with translated():
            rows = await self._pool.fetch(_STREAM, stream_id, after)
        return await self._codec.decode([stored_event(row) for row in rows])

    async def streams_about(self, value: str) -> tuple[StreamId, ...]:
        with translated():
            rows = await self._pool.fetch(_ABOUT, self._codec.personal_digest(value))
        return tuple(StreamId(row["stream_id"]) for row in rows)

    async def caused_by(self, command_id: CommandId) -> tuple[Envelope, ...]:
        with translated():
            rows = await self._pool.fetch(_COMMAND, command_id)
        return await self._codec.decode([stored_event(row) for row in rows])


def _envelopes(append: Append, rows: list[asyncpg.Record]) -> tuple[Envelope, ...]:
    events = [event for stream in append.streams for event in stream.events]
    in_order = sorted(rows, key=lambda row: (row["in_stream"], row["at_version"]))
    return tuple(
        Envelope(
            position=row["at_position"],
            stream_id=StreamId(row["in_stream"]),
            version=row["at_version"],
            business_at=append.business_at,
            recorded_at=row["was_recorded_at"],
            actor=append.actor,
            cause=append.cause,
            correlation=append.correlation,
            command_id=append.command.command_id,
            fingerprint=append.command.fingerprint,
            event=event,
        )
        for row, event in zip(in_order, events, strict=True)
    )


class PostgresReader:
    """The subscription over every stream, in commit order."""

    def __init__(self, *, pool: Pool, codec: EventCodec) -> None:
        self._pool = pool
        self._codec = codec

    async def stored_after(self, checkpoint: Checkpoint, *, limit: int) -> StoredBatch:
        with translated():
            rows = await self._pool.fetch(
                _AFTER,
                checkpoint.era,
                str(checkpoint.transaction),
                checkpoint.position,
                limit,
            )
        if not rows:
            return StoredBatch(rows=(), checkpoint=checkpoint)
        stored = tuple(stored_event(row) for row in rows)
        return StoredBatch(rows=stored, checkpoint=place_of(stored[-1]))

    async def newest(self, *, limit: int) -> tuple[StoredEvent, ...]:
        """The last rows by position, oldest of them first."""
        with translated():
            rows = await self._pool.fetch(_NEWEST, limit)
        return tuple(stored_event(row) for row in reversed(rows))

    async def after(
        self, checkpoint: Checkpoint, *, limit: int, kinds: Kinds | None = None
    ) -> Batch:
        stored = await self.stored_after(checkpoint, limit=limit)
        self._codec.recognise(stored.rows)
        return Batch(
            envelopes=await self._codec.decode(of_kinds(stored.rows, kinds)),
            checkpoint=stored.checkpoint,
            read=len(stored.rows),
        )
