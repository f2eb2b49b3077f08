"""The followers of one process over a real ledger: one reader, bookmarks remembered for a while."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from adapters.postgres.bookmarks import CheckpointMovedError, Moving, PostgresBookmarks
from domain.clock import Technical
from domain.identity import OrderId
from ledger.availability import LedgerUnavailableError
from ledger.subscription import BEGINNING, Checkpoint
from projections.order import ORDERS, OrderStage
from runtime.processes.loop import keep_turning
from runtime.processes.projector import build_publisher, line_runner, order_runner
from runtime.store import Store, followed
from tests.builders import ORDER, append, at, line_opened, on_stream, received
from tests.conftest import Database
from tests.integration.conftest import SETTINGS
from tests.waiting import until_async

KEY = str(ORDER)
STREAM = f"order/{ORDER}"
SECOND = Technical(timedelta(seconds=1))
NOW = Technical(timedelta(0))


class Wall:
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def bookmarks(store: Store, wall: Wall) -> PostgresBookmarks:
    return PostgresBookmarks(store.pool, patience=SECOND, now=wall.now)


def place(position: int) -> Checkpoint:
    return Checkpoint(era=1, transaction=1000 + position, position=position)


async def row(store: Store, name: str = "test") -> Checkpoint:
    """As whoever has just started reads it."""
    return await PostgresBookmarks(store.pool).of(name)


async def test_what_holds_nothing_for_a_follower_is_written_a_little_later(
    store: Store, bookmarks: PostgresBookmarks, wall: Wall
) -> None:
    before = await bookmarks.of("test")
    for position in range(1, 4):
        await bookmarks.pass_by(Moving(name="test", before=before, after=place(position)))
        before = await bookmarks.of("test")
    assert (before, await row(store)) == (place(3), BEGINNING)

    wall.time = 1.0

    assert await bookmarks.of("test") == place(3)
    assert await row(store) == place(3)


async def test_what_follows_what_was_only_gone_past_is_saved_from_the_row_on(
    store: Store, bookmarks: PostgresBookmarks
) -> None:
    await bookmarks.move(Moving(name="test", before=BEGINNING, after=place(1)))
    await bookmarks.pass_by(Moving(name="test", before=place(1), after=place(2)))
    await bookmarks.move(Moving(name="test", before=place(2), after=place(3)))

    assert await row(store) == place(3)


@pytest.mark.parametrize("gone_past", [False, True])
async def test_a_rebuild_is_noticed_within_the_second_and_never_undone(
    store: Store, bookmarks: PostgresBookmarks, wall: Wall, *, gone_past: bool
) -> None:
    await bookmarks.move(Moving(name="test", before=BEGINNING, after=place(1)))
    if gone_past:
        await bookmarks.pass_by(Moving(name="test", before=place(1), after=place(2)))
    reached = await bookmarks.of("test")

    await store.documents.clear("test")

    with pytest.raises(CheckpointMovedError):
        await bookmarks.move(Moving(name="test", before=reached, after=place(3)))
    assert await bookmarks.of("test") == await row(store) == BEGINNING
    await bookmarks.move(Moving(name="test", before=BEGINNING, after=place(1)))
    await store.documents.clear("test")
    assert await bookmarks.of("test") == place(1)
    wall.time = 1.0
    assert await bookmarks.of("test") == BEGINNING


async def test_a_runner_that_was_overtaken_goes_on_from_where_the_other_was(
    store: Store, bookmarks: PostgresBookmarks
) -> None:
    await bookmarks.move(Moving(name="test", before=BEGINNING, after=place(1)))
    other = PostgresBookmarks(store.pool)
    await other.move(Moving(name="test", before=place(1), after=place(5)))

    with pytest.raises(CheckpointMovedError):
        await bookmarks.move(Moving(name="test", before=place(1), after=place(2)))

    assert await bookmarks.of("test") == place(5)


async def test_documents_and_publications_are_kept_with_the_bookmark_or_not_at_all(
    store: Store,
) -> None:
    await store.ledger.append(append("one", on_stream(STREAM, received())))
    first, second = followed(store), followed(store)
    for one in (first, second):
        assert await one.documents.checkpoint(ORDERS.stored_as) == BEGINNING
        assert await one.publications.checkpoint() == BEGINNING
    await order_runner(first).turn()
    await build_publisher(first, SETTINGS).turn()

    assert await order_runner(second).turn() == 1
    with pytest.raises(CheckpointMovedError):
        await build_publisher(second, SETTINGS).turn()

    assert len(await store.publications.after(0, client=None, order_id=None, limit=5)) == 1
    assert (await order_runner(store).load(frozenset({KEY})))[KEY].version == 1


async def test_a_follower_that_fails_holds_up_none_of_the_others(store: Store) -> None:
    one = followed(store)
    stop = asyncio.Event()
    tries: list[int] = []

    async def failing() -> int:
        batch = await one.feed.after(BEGINNING, limit=10)
        if batch.read:
            tries.append(batch.read)
            raise LedgerUnavailableError("not for me")
        return 0

    async def running() -> bool:
        found = await order_runner(store).load(frozenset({KEY}))
        return KEY in found and found[KEY].stage is OrderStage.RUNNING and len(tries) > 1

    async with asyncio.TaskGroup() as group:
        for name, turn in (("failing", failing), ("orders", order_runner(one).turn)):
            survives = (LedgerUnavailableError,)
            loop = keep_turning(turn, name=name, stop=stop, idle=NOW, survives=survives)
            group.create_task(loop)
        await store.ledger.append(append("one", on_stream(STREAM, received())))
        await store.ledger.append(append("two", on_stream(STREAM, line_opened(), expected=at(1))))
        await until_async(running, what="the order is shown, whoever fails beside it")
        stop.set()

    assert tries[-1] == 2


async def test_followers_with_nothing_to_read_ask_the_database_for_nothing_but_now_and_then(
    database: Database, wall: Wall
) -> None:
    async with database.store(size=1) as store:
        one = followed(store, now=wall.now)
        turns = [order_runner(one).turn, line_runner(one).turn, build_publisher(one, SETTINGS).turn]
        await store.ledger.append(append("one", on_stream("number/a", line_opened())))
        assert [await turn() for turn in turns] == [1, 1, 1]

        async with store.pool.acquire():  # the only connection: whoever asks would wait for it
            for _ in range(20):
                assert [await turn() for turn in turns] == [0, 0, 0]
        wall.time = 1.0
        async with store.pool.acquire():
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(turns[0](), 0.1)


async def test_followers_killed_at_any_moment_leave_what_one_that_never_dies_makes(
    store: Store,
) -> None:
    dice = random.Random(20261122)  # noqa: S311  a seeded story
    names = [f"{number:08x}-0000-5000-8000-000000000000" for number in range(12)]
    ticks = count()
    for life in range(12):
        one = followed(store, now=lambda: float(next(ticks)))
        turns = (order_runner(one).turn, line_runner(one).turn, build_publisher(one, SETTINGS).turn)
        following = [asyncio.create_task(_on_and_on(turn)) for turn in turns]
        name = names[life]
        order = received(f"R-{life}").model_copy(update={"order_id": OrderId(UUID(name))})
        stream = f"order/{name}"
        await store.ledger.append(append(f"{life}-1", on_stream(stream, order)))
        await store.ledger.append(
            append(f"{life}-2", on_stream(stream, line_opened(), expected=at(1)))
        )
        for _ in range(dice.randrange(200)):
            await asyncio.sleep(0)
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)

    for turn in (order_runner(store).turn, build_publisher(store, SETTINGS).turn):
        while await turn():
            pass

    made = await order_runner(store).load(frozenset(names))
    await store.documents.clear("orders")
    while await order_runner(store).turn():
        pass
    assert made == await order_runner(store).load(frozenset(names))
    assert sorted(made) == names
    told = await store.publications.after(0, client=None, order_id=None, limit=100)
    references = [json.loads(row["body"])["reference"] for row in told]
    assert references == [f"R-{life}" for life in range(12)]


async def _on_and_on(turn: Callable[[], Awaitable[object]]) -> None:
    while True:
        await turn()
