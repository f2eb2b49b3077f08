"""Outbox and inbox: nothing is lost to a relay that dies, nothing is done twice by two."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from ledger.append import OutboxMessage, StreamMovedError
from ledger.messages import Receipt
from runtime.store import Store
from tests.builders import append, message, on_stream
from tests.conftest import Database


async def _asked(store: Store, *names: str) -> None:
    for name in names:
        outbox = (OutboxMessage(kind="start", payload=name),)
        await store.ledger.append(append(name, on_stream(f"order/{name}"), outbox=outbox))


async def _make_due(database: Database) -> None:
    async with database.owner() as owner:
        await owner.execute("UPDATE outbox SET due_at = now() - interval '1 hour'")
        await owner.execute("UPDATE inbox SET due_at = now() - interval '1 hour'")


async def test_what_is_to_be_done_is_leased_in_order_and_done_once(store: Store) -> None:
    await _asked(store, "a", "b")

    rows = await store.outbox.lease(limit=10)
    for row in rows:
        await store.outbox.done(row.number)

    assert [row.payload for row in rows] == ["a", "b"]
    assert await store.outbox.lease(limit=10) == ()


async def test_two_relays_never_lease_the_same_row(store: Store) -> None:
    await _asked(store, *(f"n{number}" for number in range(20)))

    leases = await asyncio.gather(*(store.outbox.lease(limit=7) for _ in range(4)))

    numbers = [row.number for rows in leases for row in rows]
    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) == 20


async def test_a_row_whose_relay_died_comes_back(database: Database, store: Store) -> None:
    await _asked(store, "a")
    (first,) = await store.outbox.lease(limit=10)
    assert await store.outbox.lease(limit=10) == ()

    await _make_due(database)
    (again,) = await store.outbox.lease(limit=10)

    assert (again.number, again.attempts) == (first.number, 2)


async def test_a_row_put_off_waits_and_a_parked_one_waits_for_a_person(
    database: Database, store: Store
) -> None:
    await _asked(store, "later", "never")
    later, never = await store.outbox.lease(limit=10)
    await store.outbox.later(later.number, after=timedelta(hours=1), error="Temporal is down")
    await store.outbox.park(never.number, error="nobody knows how")
    assert await store.outbox.lease(limit=10) == ()

    await _make_due(database)

    assert [row.payload for row in await store.outbox.lease(limit=10)] == ["later"]


async def test_a_refused_append_leaves_nothing_to_be_done(store: Store) -> None:
    await _asked(store, "a")
    outbox = (OutboxMessage(kind="start", payload="b"),)
    with pytest.raises(StreamMovedError):
        await store.ledger.append(append("b", on_stream("order/a"), outbox=outbox))

    assert [row.payload for row in await store.outbox.lease(limit=10)] == ["a"]


async def test_a_message_is_handed_over_until_a_fact_settles_it(
    database: Database, store: Store
) -> None:
    await store.inbox.receive(message())
    (first,) = await store.inbox.lease(limit=10)
    assert (await store.inbox.read(first.number)).body == "hello"

    await _make_due(database)
    (again,) = await store.inbox.lease(limit=10)
    await store.ledger.append(append("settle", on_stream("order/a"), settles=again.number))
    await _make_due(database)

    assert await store.inbox.lease(limit=10) == ()


async def test_many_deliveries_of_one_message_at_once_keep_one(store: Store) -> None:
    receipts = await asyncio.gather(*(store.inbox.receive(message()) for _ in range(10)))

    assert receipts.count(Receipt.STORED) == 1
    assert receipts.count(Receipt.DUPLICATE) == 9


async def test_what_came_in_is_not_readable_in_the_database(
    database: Database, store: Store
) -> None:
    await store.inbox.receive(message(body="Camille Martin, 06 12 34 56 78"))
    connection = await asyncpg.connect(database.admin_url)
    body: str = await connection.fetchval("SELECT body FROM inbox")
    await connection.close()

    assert "Camille" not in body
