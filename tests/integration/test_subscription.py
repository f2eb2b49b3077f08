"""Reading in commit order: why a position alone is wrong, and that ours is right."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from ledger.subscription import BEGINNING
from runtime.store import Store
from tests.builders import NOON, append, command_id, on_stream, received
from tests.conftest import Database

_INSERT = """
SELECT at_position FROM ledger_append($1, 'p', ARRAY[$2], ARRAY[0], ARRAY[1],
    ARRAY['LineEnded'], ARRAY[1::smallint],
    ARRAY['{"line_id":"0a3e1b52-7c59-5a34-9d8f-111111111111","outcome":"ported"}'],
    $3, 'test', NULL, 'c', ARRAY[]::text[], ARRAY[]::text[], NULL,
    ARRAY[]::bytea[], ARRAY[]::text[], ARRAY[]::text[])
"""


@asynccontextmanager
async def _open_append(database: Database, name: str) -> AsyncIterator[int]:
    """An append whose transaction is still open inside the block, committed after it."""
    connection = await asyncpg.connect(database.url)
    try:
        async with connection.transaction():
            position: int = await connection.fetchval(
                _INSERT, command_id(name), f"order/{name}", NOON
            )
            yield position
    finally:
        await connection.close()


async def _naive(database: Database, after: int) -> list[int]:
    """The reader everybody writes first: the sequence alone, and the highest one seen."""
    connection = await asyncpg.connect(database.url)
    try:
        rows = await connection.fetch(
            "SELECT position FROM event WHERE position > $1 ORDER BY position", after
        )
    finally:
        await connection.close()
    return [row["position"] for row in rows]


async def test_a_sequence_alone_loses_what_commits_late(database: Database) -> None:
    async with _open_append(database, "slow") as slow:
        async with _open_append(database, "fast") as fast:
            pass
        seen = await _naive(database, 0)
        assert seen == [fast]

    assert slow < fast
    assert await _naive(database, max(seen)) == []  # the slow one is never seen again


async def test_ours_waits_for_the_slow_one_and_misses_nothing(
    database: Database, store: Store
) -> None:
    async with _open_append(database, "slow") as slow:
        async with _open_append(database, "fast") as fast:
            pass
        waiting = await store.reader.after(BEGINNING, limit=10)
        assert waiting.envelopes == ()

    batch = await store.reader.after(waiting.checkpoint, limit=10)
    assert [e.position for e in batch.envelopes] == [slow, fast]


async def test_concurrent_writers_never_lose_double_or_disorder_an_event(store: Store) -> None:
    writers, each = 8, 25
    dice = random.Random(20261121)  # noqa: S311  a seeded story

    async def write(writer: int) -> None:
        for number in range(each):
            await asyncio.sleep(dice.random() / 1000)
            name = f"{writer}-{number}"
            await store.ledger.append(append(name, on_stream(f"order/{name}", received(name))))

    async def read() -> list[int]:
        seen: list[int] = []
        checkpoint = BEGINNING
        while len(seen) < writers * each:
            batch = await store.reader.after(checkpoint, limit=7)
            seen += [e.position for e in batch.envelopes]
            checkpoint = batch.checkpoint
        return seen

    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read())
        for writer in range(writers):
            group.create_task(write(writer))

    seen = reading.result()
    assert len(set(seen)) == len(seen) == writers * each
    assert (await store.reader.after(BEGINNING, limit=1000)).envelopes[-1].position in seen


async def test_the_order_holds_where_transaction_numbers_gain_a_digit(
    database: Database, store: Store
) -> None:
    await _advance_to_a_longer_number(database)
    for number in range(8):
        await store.ledger.append(append(f"c{number}", on_stream(f"order/{number}")))

    seen: list[int] = []
    checkpoint = BEGINNING
    while len(seen) < 8:
        batch = await store.reader.after(checkpoint, limit=2)
        assert batch.envelopes, f"the reader lost what comes after {checkpoint}"
        seen += [e.position for e in batch.envelopes]
        checkpoint = batch.checkpoint

    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]


async def _advance_to_a_longer_number(database: Database) -> None:
    """Up to three transactions before the next power of ten."""
    async with database.owner() as owner:
        current = int(await owner.fetchval("SELECT pg_current_xact_id()::text"))
        await owner.execute(
            f"""DO $$ BEGIN FOR i IN {current} .. {10 ** len(str(current)) - 5} LOOP
            PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"""
        )


async def test_a_rolled_back_append_leaves_a_gap_nobody_waits_for(
    database: Database, store: Store
) -> None:
    connection = await asyncpg.connect(database.url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetchval(_INSERT, command_id("lost"), "order/lost", NOON)
    await transaction.rollback()
    await connection.close()
    await store.ledger.append(append("kept"))

    batch = await store.reader.after(BEGINNING, limit=10)

    assert [e.position for e in batch.envelopes] == [2]


async def test_a_stream_is_never_read_out_of_order(database: Database, store: Store) -> None:
    """A writer that took its transaction number first may not append after a younger one."""
    older = await asyncpg.connect(database.url)
    transaction = older.transaction()
    await transaction.start()
    await older.fetchval("SELECT pg_current_xact_id()")
    await store.ledger.append(append("first", on_stream("order/a", received())))

    refused = None
    try:
        await older.fetchval(
            _INSERT.replace("ARRAY[0]", "ARRAY[1]"), command_id("second"), "order/a", NOON
        )
    except asyncpg.PostgresError as exc:
        refused = exc.sqlstate
    await transaction.rollback()
    await older.close()

    assert refused == "RC001"
