"""The ledger without a database; it passes the same contract suite as the real one."""

from datetime import UTC, datetime

from domain.identity import CommandId, StreamId, SubjectId
from ledger.append import (
    Append,
    Appended,
    CommandReusedError,
    MessageSettledError,
    OutboxMessage,
    StreamMovedError,
    version_number,
)
from ledger.catalogue import EVENTS
from ledger.codec import EventCodec
from ledger.envelope import Envelope, StoredEvent
from ledger.messages import InboxRow, IncomingMessage, Receipt
from ledger.subscription import Batch, Checkpoint, Kinds, StoredBatch, of_kinds, place_of
from tests.fakes.keys import FakeSubjectKeys, fake_hash


class FakeInbox:
    def __init__(self) -> None:
        self.rows: dict[int, InboxRow] = {}
        self.settled: dict[int, CommandId] = {}

    async def receive(self, message: IncomingMessage) -> Receipt:
        for row in self.rows.values():
            if (row.source, row.message_key) == (message.source, message.message_key):
                same = (row.body, row.correlation) == (message.body, message.correlation)
                return Receipt.DUPLICATE if same else Receipt.CONFLICT
        number = len(self.rows) + 1
        self.rows[number] = InboxRow(number=number, **message.__dict__)
        return Receipt.STORED

    async def first_waiting(self, correlation: str, *, received_upto: datetime) -> int | None:
        waiting = (
            row.number
            for row in self.rows.values()
            if row.correlation == correlation
            and row.number not in self.settled
            and row.received_at <= received_upto
        )
        return min(waiting, default=None)

    async def read(self, number: int) -> InboxRow:
        return self.rows[number]


class FakeLedger:
    def __init__(self, keys: FakeSubjectKeys) -> None:
        self._keys = keys
        self._codec = EventCodec(catalogue=EVENTS, keys=keys, keyed_hash=fake_hash())
        self._index: list[tuple[bytes, StreamId, SubjectId]] = []
        self.rows: list[StoredEvent] = []
        self.outbox: list[OutboxMessage] = []
        self.inbox = FakeInbox()

    async def append(self, append: Append) -> Appended:
        earlier = [r for r in self.rows if r.command_id == append.command.command_id]
        if earlier:
            if earlier[0].fingerprint != append.command.fingerprint:
                raise CommandReusedError(append.command.command_id)
            return Appended(envelopes=await self._codec.decode(earlier), repeated=True)
        self._check(append)
        added = await self._rows_of(append)
        self.rows += added
        self.outbox += append.outbox
        if append.settles is not None:
            self.inbox.settled[append.settles] = append.command.command_id
        return Appended(envelopes=await self._codec.decode(added), repeated=False)

    def _check(self, append: Append) -> None:
        for stream in append.streams:
            actual = len(self._stream(stream.stream_id))
            if actual != version_number(stream.expected):
                raise StreamMovedError(stream_id=stream.stream_id, actual_version=actual)
        number = append.settles
        if number is not None and (number not in self.inbox.rows or number in self.inbox.settled):
            raise MessageSettledError(number)

    async def _rows_of(self, append: Append) -> list[StoredEvent]:
        streams = sorted(append.streams, key=lambda stream: stream.stream_id)
        flat = [(s.stream_id, event) for s in streams for event in s.events]
        rows: list[StoredEvent] = []
        for ordinal, encoded in enumerate(await self._codec.encode(flat), start=1):
            self._index += [(p.digest, encoded.stream_id, p.subject) for p in encoded.personal]
            known = [r for r in self.rows + rows if r.stream_id == encoded.stream_id]
            rows.append(
                StoredEvent(
                    position=len(self.rows) + len(rows) + 1,
                    era=1,
                    transaction=len(self.rows) + 1,
                    stream_id=encoded.stream_id,
                    version=len(known) + 1,
                    type=encoded.type,
                    schema=encoded.schema,
                    business_at=append.business_at,
                    recorded_at=datetime.now(UTC),
                    actor=append.actor,
                    cause=append.cause,
                    correlation=append.correlation,
                    command_id=append.command.command_id,
                    command_ordinal=ordinal,
                    fingerprint=append.command.fingerprint,
                    data=encoded.data,
                )
            )
        return rows

    def _stream(self, stream_id: StreamId) -> list[StoredEvent]:
        return [row for row in self.rows if row.stream_id == stream_id]

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        rows = [row for row in self._stream(stream_id) if row.version > after]
        return await self._codec.decode(rows)

    async def streams_about(self, value: str) -> tuple[StreamId, ...]:
        digest = self._codec.personal_digest(value)
        found = {(stream, subject) for known, stream, subject in self._index if known == digest}
        kept = [stream for stream, subject in found if await self._keys.for_reading([subject])]
        return tuple(sorted(kept))

    async def caused_by(self, command_id: CommandId) -> tuple[Envelope, ...]:
        return await self._codec.decode([r for r in self.rows if r.command_id == command_id])

    async def stored_after(self, checkpoint: Checkpoint, *, limit: int) -> StoredBatch:
        rows = tuple(r for r in self.rows if place_of(r) > checkpoint)[:limit]
        return StoredBatch(rows=rows, checkpoint=place_of(rows[-1]) if rows else checkpoint)

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
