"""The ledger next to its floor: appends, reading, growth, and what evidence and secrecy cost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from adapters.postgres.pool import Pool
from bench import floor
from bench.floor import MAKE_TABLE
from bench.measures import Measure, median_ms, rate, seconds_each
from domain.event import Event
from domain.identity import CommandId, OrderId, StreamId, SubjectId, line_id_for
from domain.message import MessageUnmatched
from domain.orders import (
    CustomerKind,
    LineEnded,
    LineKind,
    LineOpened,
    NotReceived,
    OrderEvent,
    OrderReceived,
    OrderState,
    evolve,
)
from domain.personal import Personal
from domain.port_in_facts import Outcome
from ledger.append import Append, CommandStamp, NoStream, StreamAppend
from ledger.ports import Ledger
from ledger.subscription import BEGINNING, EventReader

WRITERS = (1, 16)
BATCHES = (1, 10, 100)
ROWS_PER_RUN = {1: 3_000, 16: 12_000}
SMALL, LARGE = 10_000, 1_000_000
STREAM_EVENTS = 100
LATENCY_APPENDS = 1_000
ORDERS_READ = 3_000

_FILL = """
INSERT INTO event (stream_id, version, type, schema, business_at, actor, correlation, command_id,
    command_ordinal, fingerprint, data)
SELECT 'order/' || md5((n / $2)::text || $3), n % $2 + 1, 'MessageUnmatched', 1, now(), 'bench',
    md5((n / $2)::text), gen_random_uuid(), 1, '\\x00'::bytea,
    '{"source":"bench","message_key":"' || n || '","reason":"for the bench"}'
FROM generate_series(0, $1 - 1) AS n
"""


@dataclass(frozen=True, kw_only=True)
class Grown:
    """A ledger of a database of its own, and that database's owner, who can fill it."""

    ledger: Ledger
    owner: Pool


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """The parts under measurement, as the product wires them."""

    pool: Pool
    owner: Pool
    ledger: Ledger
    small: Grown
    large: Grown
    reader: EventReader
    seal: Callable[[], Awaitable[object]]
    project: Callable[[], Awaitable[int]]


def _append(*events: Event) -> Append:
    command = uuid4()
    return Append(
        command=CommandStamp(command_id=CommandId(command), fingerprint=bytes(32)),
        business_at=datetime.now(UTC),
        actor="bench",
        correlation=str(command),
        streams=(
            StreamAppend(
                stream_id=StreamId(f"order/{command}"), expected=NoStream(), events=events
            ),
        ),
    )


def _plain(order: UUID) -> MessageUnmatched:
    return MessageUnmatched(source="bench", message_key=str(order), reason="for the bench")


def _whole_order(order: UUID) -> tuple[Event, ...]:
    """What an order really leaves on its own stream: sealed names, its line, its end."""
    line_id = line_id_for(OrderId(order), number=1)
    return (
        _personal(order),
        LineOpened(line_id=line_id, number=1, kind=LineKind.PORT_IN_MOBILE),
        LineEnded(line_id=line_id, outcome=Outcome.PORTED),
    )


def _personal(order: UUID) -> OrderReceived:
    whose = SubjectId(f"bench/{order}")
    return OrderReceived(
        order_id=OrderId(order),
        reference="bench",
        provider="axantis",
        service="mobile",
        signed_on=datetime.now(UTC).date(),
        customer_kind=CustomerKind.COMPANY,
        customer=Personal(subject=whose, value="Etablissements Martin"),
        contact=Personal(subject=whose, value="Camille Martin"),
        lines=(),
    )


@dataclass(frozen=True)
class LedgerBench:
    bench: Workbench
    say: Callable[[str], None]
    large: int = LARGE

    async def run(self) -> tuple[Measure, ...]:
        await self.bench.owner.execute(MAKE_TABLE)
        await self.bench.owner.execute("GRANT INSERT ON bare TO PUBLIC")
        measures: list[Measure] = self._told(await self._reading())
        for writers in WRITERS:
            for batch in BATCHES:
                measures += self._told(await self._appends(writers, batch))
        measures += self._told(await self._sealed_fields())
        measures += self._told(await self._seals())
        measures += self._told(await self._growth())
        return tuple(measures)

    def _told(self, measures: list[Measure]) -> list[Measure]:
        for measure in measures:
            ratio = f"  ratio {measure.ratio:.2f} to {measure.floor_name}" if measure.ratio else ""
            self.say(f"{measure.name}: {measure.ours:,.1f} {measure.unit}{ratio}")
        return measures

    async def _appends(self, writers: int, batch: int) -> list[Measure]:
        batches = max(1, ROWS_PER_RUN[writers] // (writers * batch))
        pool = self.bench.pool
        ours = await rate(lambda: self._write(writers, batch, batches))
        inserts = await rate(
            lambda: floor.write(pool, floor.insert, writers=writers, batch=batch, batches=batches)
        )
        copies = await rate(
            lambda: floor.write(pool, floor.copy, writers=writers, batch=batch, batches=batches)
        )
        name = f"append, {writers} writers, batches of {batch}"
        return [
            Measure(name=name, unit="events/s", ours=ours, floor=value, floor_name=floor_name)
            for value, floor_name in ((inserts, "bare insert"), (copies, "bare COPY"))
        ]

    async def _write(self, writers: int, batch: int, batches: int) -> int:
        async def one_writer() -> None:
            for _ in range(batches):
                await self.bench.ledger.append(_append(*[_plain(uuid4())] * batch))

        await asyncio.gather(*(one_writer() for _ in range(writers)))
        return writers * batch * batches

    async def _sealed_fields(self) -> list[Measure]:
        """A first personal field of a new subject: its key is made, wrapped and kept as well."""
        count = 1_000
        plain = await rate(lambda: self._one_by_one(_plain, count))
        personal = await rate(lambda: self._one_by_one(_personal, count))
        return [
            Measure(
                name="append of one event with a sealed field, new subject",
                unit="events/s",
                ours=personal,
                floor=plain,
                floor_name="the same without it",
            )
        ]

    async def _one_by_one(self, make: Callable[[UUID], Event], count: int) -> int:
        for _ in range(count):
            await self.bench.ledger.append(_append(make(uuid4())))
        return count

    async def _seals(self) -> list[Measure]:
        sealing = await rate(self._seal_everything)
        alone = await rate(lambda: self._write(16, 1, 300))
        stop = asyncio.Event()
        background = asyncio.create_task(self._keep_sealing(stop))
        beside = await rate(lambda: self._write(16, 1, 300))
        stop.set()
        await background
        return [
            Measure(name="seal", unit="events/s", ours=sealing),
            Measure(
                name="append while the sealer runs, 16 writers",
                unit="events/s",
                ours=beside,
                floor=alone,
                floor_name="without it",
            ),
        ]

    async def _seal_everything(self) -> int:
        before: int = await self.bench.pool.fetchval("SELECT count(*) FROM event")
        while await self.bench.seal():
            pass
        return before

    async def _keep_sealing(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self.bench.seal():
                await asyncio.sleep(0.05)

    async def _reading(self) -> list[Measure]:
        for _ in range(ORDERS_READ):
            await self.bench.ledger.append(_append(*_whole_order(uuid4())))
        read = await rate(self._read_everything)
        rebuilt = await rate(self._project_everything)
        return [
            Measure(
                name="read, unseal, decode and fold in commit order", unit="events/s", ours=read
            ),
            Measure(
                name="projection rebuild",
                unit="events/s",
                ours=rebuilt,
                floor=read,
                floor_name="reading alone",
            ),
        ]

    async def _read_everything(self) -> int:
        total, checkpoint = 0, BEGINNING
        states: dict[StreamId, OrderState] = {}
        while True:
            batch = await self.bench.reader.after(checkpoint, limit=500)
            if not batch.envelopes:
                return total
            for envelope in batch.envelopes:
                if isinstance(envelope.event, OrderEvent):
                    state = states.get(envelope.stream_id, NotReceived())
                    states[envelope.stream_id] = evolve(state, envelope.event)
            total, checkpoint = total + len(batch.envelopes), batch.checkpoint

    async def _project_everything(self) -> int:
        total = 0
        while done := await self.bench.project():
            total += done
        return total

    async def _growth(self) -> list[Measure]:
        """In turns, one append here and one there: a machine that slows down slows both."""
        await _fill(self.bench.small.owner, SMALL)
        await _fill(self.bench.large.owner, self.large)
        small: list[float] = []
        large: list[float] = []
        for _ in range(LATENCY_APPENDS):
            small += await seconds_each([lambda: self._one_append(self.bench.small)])
            large += await seconds_each([lambda: self._one_append(self.bench.large)])
        warm = LATENCY_APPENDS // 10
        return [
            Measure(
                name=f"p50 of an append at {self.large:,} events",
                unit="ms",
                ours=median_ms(large[warm:]),
                floor=median_ms(small[warm:]),
                floor_name=f"at {SMALL:,}, in turns",
            )
        ]

    async def _one_append(self, grown: Grown) -> None:
        await grown.ledger.append(_append(_plain(uuid4())))


async def _fill(owner: Pool, total: int) -> None:
    await owner.execute(_FILL, total, STREAM_EVENTS, str(total), timeout=600)
    await owner.execute("VACUUM ANALYZE event", timeout=600)
    await owner.execute("SELECT count(*) FROM event", timeout=600)
