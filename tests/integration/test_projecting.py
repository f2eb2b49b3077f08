"""Documents and checkpoint move together, whoever runs and however often."""

import asyncio

import asyncpg
import pytest

from adapters.postgres.bookmarks import CheckpointMovedError
from adapters.postgres.documents import RunnerLock, Saved
from ledger.availability import LedgerUnavailableError
from ledger.subscription import BEGINNING, Checkpoint
from projections.order import ORDERS, OrderStage
from runtime.processes.api import order_documents
from runtime.processes.projector import order_runner
from runtime.store import Store
from tests.builders import ORDER, append, at, line_opened, on_stream, received
from tests.conftest import Database

KEY = str(ORDER)
STREAM = f"order/{ORDER}"


FORGED = Saved(body="forged", brief=None)


async def _received(store: Store) -> None:
    await store.ledger.append(append("one", on_stream(STREAM, received())))


async def _running(store: Store) -> None:
    await store.ledger.append(append("two", on_stream(STREAM, line_opened(), expected=at(1))))


async def _stage(store: Store) -> OrderStage:
    return (await order_runner(store).load(frozenset({KEY})))[KEY].stage


async def test_the_projector_goes_on_from_where_it_was(store: Store) -> None:
    await _received(store)
    assert await order_runner(store).turn() == 1
    await _running(store)

    assert await order_runner(store).turn() == 1
    assert await order_runner(store).turn() == 0
    assert await _stage(store) is OrderStage.RUNNING


async def test_a_rebuild_from_nothing_makes_the_same_documents(store: Store) -> None:
    await _received(store)
    await _running(store)
    runner = order_runner(store)
    await runner.turn()
    before = await runner.load(frozenset({KEY}))

    await store.documents.clear("orders")
    assert await runner.load(frozenset({KEY})) == {}
    await runner.turn()

    assert await runner.load(frozenset({KEY})) == before


async def test_a_runner_that_was_overtaken_saves_nothing(store: Store) -> None:
    await _received(store)
    await order_runner(store).turn()
    reached = await store.documents.checkpoint(ORDERS.stored_as)
    stale = Checkpoint(era=reached.era, transaction=0, position=0)

    for origin in (BEGINNING, stale):
        with pytest.raises(CheckpointMovedError):
            await store.documents.save(
                ORDERS.stored_as, {KEY: FORGED}, from_checkpoint=origin, to_checkpoint=reached
            )

    assert await _stage(store) is OrderStage.RECEIVED


async def test_a_runner_does_not_undo_a_rebuild_begun_meanwhile(store: Store) -> None:
    await _received(store)
    await order_runner(store).turn()
    reached = await store.documents.checkpoint(ORDERS.stored_as)
    await store.documents.clear("orders")

    with pytest.raises(CheckpointMovedError):
        await store.documents.save(
            ORDERS.stored_as, {}, from_checkpoint=reached, to_checkpoint=reached
        )

    assert await store.documents.checkpoint(ORDERS.stored_as) == BEGINNING


async def test_only_one_runner_of_a_name_runs(database: Database) -> None:
    first, second, other = (
        RunnerLock(url=database.url, name=name) for name in ("orders", "orders", "sealer")
    )
    async with first.held() as one, second.held() as two, other.held() as three:
        assert (one, two, three) == (True, False, True)
        first.check()
    async with second.held() as now:
        assert now


async def test_a_runner_whose_lock_was_lost_stops(database: Database) -> None:
    lock = RunnerLock(url=database.url, name="orders")
    async with lock.held():
        await database.cluster.execute(
            f"""SELECT pg_terminate_backend(l.pid) FROM pg_locks l
            JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = '{database.name}'"""
        )
        with pytest.raises(LedgerUnavailableError, match="held the runner's lock was lost"):
            await _until_noticed(lock)


async def _until_noticed(lock: RunnerLock) -> None:
    for _ in range(1000):
        lock.check()
        await asyncio.sleep(0.005)


async def test_an_order_is_shown_before_the_projector_came_to_it(store: Store) -> None:
    documents = order_documents(store)
    await _received(store)

    document = await documents.find(ORDER)

    assert document is not None
    assert document.contact.reveal() == "Camille Martin"
    await order_runner(store).turn()
    assert await documents.find(ORDER) == document


async def test_documents_keep_personal_data_sealed_and_forget_it(
    database: Database, store: Store
) -> None:
    await _received(store)
    await order_runner(store).turn()
    connection = await asyncpg.connect(database.admin_url)
    body: str = await connection.fetchval("SELECT body FROM document")
    await connection.close()
    assert "Camille" not in body

    await store.keys.forget(received().contact.subject)
    await _running(store)
    await order_runner(store).turn()

    document = (await order_runner(store).load(frozenset({KEY})))[KEY]
    assert document.contact.forgotten
    assert document.stage is OrderStage.RUNNING


async def test_what_was_done_a_moment_ago_is_shown_before_the_projector_read_it(
    store: Store,
) -> None:
    documents = order_documents(store)
    await _received(store)
    await order_runner(store).turn()

    await _running(store)

    document = await documents.find(ORDER)
    assert document is not None
    assert (document.stage, document.version) == (OrderStage.RUNNING, 2)
