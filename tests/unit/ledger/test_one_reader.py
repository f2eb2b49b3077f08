"""One reader for many followers: what is new is fetched once, nobody loses or repeats a fact."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from domain.clock import Technical
from domain.identity import SubjectId
from domain.orders import OrderReceived
from ledger.append import Append
from ledger.availability import LedgerUnavailableError
from ledger.catalogue import EVENTS, UnknownEventError
from ledger.codec import EventCodec
from ledger.envelope import Envelope, StoredEvent
from ledger.one_reader import FETCHED_MAX, OneReader
from ledger.subscription import BEGINNING, Checkpoint, Kinds, StoredBatch, place_of
from tests.builders import append, line_opened, on_stream, received, stored
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger

LINES = frozenset({"line"})
ORDERS = frozenset({"order"})
DATA = line_opened().model_dump_json()
REST = Technical(timedelta(seconds=1))


@dataclass
class CountedLedger:
    """Rows that arrive as a test says, and how often they were looked for."""

    rows: list[StoredEvent] = field(default_factory=list)
    looks: list[Checkpoint] = field(default_factory=list)
    fails: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    time: float = 0

    def __post_init__(self) -> None:
        self.opened.set()

    def happen(self, count: int = 1, *, stream: str = "line/a") -> None:
        for _ in range(count):
            self.rows.append(stored(len(self.rows) + 1, stream=stream, data=DATA))

    async def stored_after(self, checkpoint: Checkpoint, *, limit: int) -> StoredBatch:
        self.looks.append(checkpoint)
        rows = tuple(row for row in self.rows if place_of(row) > checkpoint)[:limit]
        await self.opened.wait()
        if self.fails:
            self.fails -= 1
            raise LedgerUnavailableError("the database is stopping or starting")
        return StoredBatch(rows=rows, checkpoint=place_of(rows[-1]) if rows else checkpoint)

    def now(self) -> float:
        return self.time


@dataclass
class CountingCodec(EventCodec):
    """The codec, and which positions it decoded."""

    keys: FakeSubjectKeys = field(default_factory=FakeSubjectKeys)
    decoded: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(catalogue=EVENTS, keys=self.keys, keyed_hash=fake_hash())

    async def decode(self, rows: Sequence[StoredEvent]) -> tuple[Envelope, ...]:
        self.decoded += [row.position for row in rows]
        return await super().decode(rows)


@dataclass
class Follower:
    """A bookmark, and what was read from it on."""

    reader: OneReader
    kinds: Kinds | None = None
    at: Checkpoint = BEGINNING
    seen: list[int] = field(default_factory=list)

    async def turn(self, *, limit: int = 500) -> int:
        batch = await self.reader.after(self.at, limit=limit, kinds=self.kinds)
        self.seen += [envelope.position for envelope in batch.envelopes]
        self.at = batch.checkpoint
        return batch.read


@pytest.fixture
def ledger() -> CountedLedger:
    return CountedLedger()


@pytest.fixture
def codec() -> CountingCodec:
    return CountingCodec()


@pytest.fixture
def reader(ledger: CountedLedger, codec: CountingCodec) -> OneReader:
    return OneReader(stored=ledger, codec=codec, now=ledger.now, rest=REST)


async def test_what_is_new_is_fetched_and_decoded_once_for_all(
    ledger: CountedLedger, codec: CountingCodec, reader: OneReader
) -> None:
    followers = [Follower(reader) for _ in range(12)]
    ledger.happen(3)

    for follower in followers:
        await follower.turn()

    assert [follower.seen for follower in followers] == [[1, 2, 3]] * 12
    assert len(ledger.looks) == 1
    assert codec.decoded == [1, 2, 3]


async def test_facts_of_other_kinds_are_gone_past_and_not_decoded(
    ledger: CountedLedger, codec: CountingCodec, reader: OneReader
) -> None:
    follower = Follower(reader, kinds=ORDERS)
    ledger.happen(2, stream="line/a")
    ledger.happen(1, stream="order/a")
    ledger.happen(1, stream="orders-of-others/a")

    assert await follower.turn() == 4
    assert (follower.seen, codec.decoded) == ([3], [3])
    assert follower.at == place_of(ledger.rows[-1])


async def test_a_ledger_without_news_is_looked_at_once_in_a_while_for_all(
    ledger: CountedLedger, reader: OneReader
) -> None:
    first, second = Follower(reader), Follower(reader)
    for _ in range(5):
        assert (await first.turn(), await second.turn()) == (0, 0)
    ledger.happen()
    assert await first.turn() == 0
    assert len(ledger.looks) == 1

    ledger.time = 1.0

    assert (await first.turn(), await second.turn()) == (1, 1)
    assert len(ledger.looks) == 2


async def test_where_there_may_be_more_it_looks_again_at_once(
    ledger: CountedLedger, reader: OneReader
) -> None:
    follower = Follower(reader)
    ledger.happen(FETCHED_MAX + 2)

    assert [await follower.turn() for _ in range(3)] == [FETCHED_MAX, 2, 0]


async def test_a_follower_that_fails_reads_the_same_again_and_nobody_else_does(
    ledger: CountedLedger, reader: OneReader
) -> None:
    steady, failing = Follower(reader), Follower(reader)
    ledger.happen(2)
    before = failing.at
    await failing.turn()
    failing.at = before
    ledger.time = 1.0
    ledger.happen(1)

    await steady.turn()
    await steady.turn()
    await failing.turn()

    assert steady.seen == [1, 2, 3]
    assert failing.seen == [1, 2, 1, 2, 3]


async def test_a_ledger_that_does_not_answer_one_is_asked_by_the_next(
    ledger: CountedLedger, reader: OneReader
) -> None:
    unlucky, lucky = Follower(reader), Follower(reader)
    ledger.happen(2)
    ledger.fails = 1

    with pytest.raises(LedgerUnavailableError):
        await unlucky.turn()
    await lucky.turn()
    await unlucky.turn()

    assert (unlucky.seen, lucky.seen) == ([1, 2], [1, 2])


async def test_a_slow_follower_holds_nobody_up_and_catches_up_by_itself(
    ledger: CountedLedger, reader: OneReader
) -> None:
    quick, slow = Follower(reader), Follower(reader)
    for _ in range(6):
        ledger.happen(400)
        ledger.time += 1
        await quick.turn()
    assert quick.seen == list(range(1, 2401))
    looks = len(ledger.looks)

    while await slow.turn(limit=300):
        pass

    assert slow.seen == quick.seen
    assert len(ledger.looks) == looks + 5  # 1,400 facts lie before the thousand that are kept


async def test_a_projection_that_is_made_again_does_not_send_the_others_back(
    ledger: CountedLedger, reader: OneReader
) -> None:
    ledger.happen(1200)
    rebuilt = Follower(reader)
    steady = Follower(reader, at=place_of(ledger.rows[1197]))
    await rebuilt.turn()
    await steady.turn()
    ledger.time += 1

    await steady.turn()
    while await rebuilt.turn():
        await steady.turn()

    assert steady.seen == [1199, 1200]
    assert rebuilt.seen == list(range(1, 1201))


async def test_a_runner_that_takes_over_where_another_process_was_begins_there(
    ledger: CountedLedger, reader: OneReader
) -> None:
    follower = Follower(reader)
    ledger.happen(3)
    await follower.turn()
    ledger.happen(FETCHED_MAX + 600)
    follower.at = place_of(ledger.rows[-2])
    ledger.time += 1

    while not await follower.turn():
        ledger.time += 1

    assert follower.seen == [1, 2, 3, FETCHED_MAX + 603]


async def test_what_moves_on_while_a_follower_behind_is_reading_is_not_lost_to_it(
    ledger: CountedLedger, reader: OneReader
) -> None:
    """Its own reading saw nothing yet; by its end, what came then is no longer kept."""
    here = stored(1, stream="line/a", data=DATA)
    ahead = Follower(reader, at=replace(place_of(here), transaction=200))
    behind = Follower(reader, at=replace(place_of(here), transaction=150))
    await ahead.turn()
    ledger.opened.clear()
    reading = asyncio.create_task(behind.turn())
    await asyncio.sleep(0)
    ledger.rows += [stored(number, stream="line/a", data=DATA) for number in range(101, 1701)]
    ledger.time += 1
    ledger.opened.set()
    while await ahead.turn():
        pass
    await reading

    ledger.time += 1
    while await behind.turn():
        pass

    assert behind.seen == list(range(101, 1701))


async def test_a_bookmark_with_nothing_between_it_and_what_is_kept_goes_on_from_there(
    ledger: CountedLedger, reader: OneReader
) -> None:
    here = place_of(stored(1, data=DATA))
    ahead = Follower(reader, at=replace(here, transaction=200))
    behind = Follower(reader, at=replace(here, transaction=150))
    await ahead.turn()
    ledger.rows.append(stored(101, stream="line/a", data=DATA))
    ledger.time += 1
    await ahead.turn()

    await behind.turn()

    assert (ahead.seen, behind.seen) == ([101], [101])


async def test_whoever_dies_goes_on_from_its_bookmark_with_a_reader_of_its_own(
    ledger: CountedLedger, codec: CountingCodec
) -> None:
    dice = random.Random(20261122)  # noqa: S311  a seeded story
    bookmarks = [BEGINNING] * 4
    seen: list[list[int]] = [[] for _ in bookmarks]
    for _ in range(60):
        reader = OneReader(stored=ledger, codec=codec, now=ledger.now, rest=REST)
        ledger.happen(dice.randrange(30))
        for _ in range(dice.randrange(6)):
            which = dice.randrange(4)
            follower = Follower(reader, at=bookmarks[which])
            await follower.turn(limit=dice.randrange(1, 20))
            if dice.random() < 0.8:  # else it died before it saved
                bookmarks[which], seen[which] = follower.at, seen[which] + follower.seen
            ledger.time += dice.random()
    reader = OneReader(stored=ledger, codec=codec, now=ledger.now, rest=REST)
    for which, at in enumerate(bookmarks):
        follower = Follower(reader, at=at)
        while await follower.turn():
            pass
        seen[which] += follower.seen

    everything = [row.position for row in ledger.rows]
    assert len(everything) > 500
    assert seen == [everything] * 4


async def test_followers_at_once_each_see_everything_once(
    ledger: CountedLedger, reader: OneReader
) -> None:
    dice = random.Random(20261123)  # noqa: S311  a seeded story
    followers = [Follower(reader) for _ in range(8)]

    async def follow(follower: Follower) -> None:
        while len(follower.seen) < 3000:
            await follower.turn(limit=dice.randrange(1, 700))
            for _ in range(dice.randrange(3)):
                await asyncio.sleep(0)

    async def write() -> None:
        while len(ledger.rows) < 3000:
            ledger.happen(min(dice.randrange(40), 3000 - len(ledger.rows)))
            ledger.time += dice.random()
            await asyncio.sleep(0)
        ledger.time += 10

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        for follower in followers:
            group.create_task(follow(follower))

    assert [follower.seen for follower in followers] == [list(range(1, 3001))] * 8


async def test_who_is_forgotten_is_unreadable_to_the_next_who_reads(
    codec: CountingCodec, ledger: CountedLedger
) -> None:
    facts = FakeLedger(codec.keys)
    told: Append = append("one", on_stream("order/a", received(), line_opened()))
    await facts.append(told)
    reader = OneReader(stored=facts, codec=codec, now=ledger.now, rest=REST)

    (first, _) = (await reader.after(BEGINNING, limit=5)).envelopes
    await codec.keys.forget(SubjectId("customer-1"))
    (again, _) = (await reader.after(BEGINNING, limit=5)).envelopes

    assert isinstance(first.event, OrderReceived)
    assert isinstance(again.event, OrderReceived)
    assert first.event.contact.reveal() == "Camille Martin"
    assert again.event.contact.forgotten
    assert codec.decoded == [1, 2, 1]


@pytest.mark.parametrize("kinds", [None, ORDERS, LINES])
async def test_a_fact_of_a_later_version_stops_whoever_comes_to_it(
    ledger: CountedLedger, reader: OneReader, kinds: Kinds | None
) -> None:
    """The version that knows it may want it: nobody has gone past it meanwhile."""
    ledger.happen(1, stream="order/a")
    ledger.rows.append(replace(stored(2, stream="line/a"), type="PortTeleported"))
    follower = Follower(reader, kinds=kinds)

    with pytest.raises(UnknownEventError, match="PortTeleported"):
        await follower.turn()

    assert follower.at == BEGINNING
