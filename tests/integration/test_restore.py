"""A dump restored into another cluster: the trap, and the way round it (runbooks/backup.md)."""

import subprocess

import asyncpg
import pytest

from adapters.postgres.schema import RestoredWithoutEraError, check_schema
from ledger.subscription import BEGINNING
from runtime.processes.projector import order_runner
from runtime.sealing import Sealer
from runtime.store import Store
from runtime.verifying import verify
from tests.builders import NOON, append, at, line_opened, on_stream, received
from tests.clusters import Cluster, started_cluster
from tests.conftest import Database


def _copy(source: Database, target: Database) -> None:
    programs = source.cluster.server.binaries
    superuser = source.cluster.server.url("postgres", "super", source.name)
    dump = subprocess.run(
        [programs.program("pg_dump"), "--format=custom", f"--dbname={superuser}"],
        capture_output=True,
        check=True,
    )
    subprocess.run(
        [
            programs.program("pg_restore"),
            f"--dbname={target.cluster.server.url('postgres', 'super', target.name)}",
        ],
        input=dump.stdout,
        check=True,
    )


async def _order_of(store: Store) -> list[int]:
    return [e.position for e in (await store.reader.after(BEGINNING, limit=100)).envelopes]


async def _live_long(database: Database) -> None:
    """A cluster that has seen more transactions than a fresh one."""
    async with database.owner() as owner:
        await owner.execute(
            """DO $$ BEGIN FOR i IN 1 .. 5000 LOOP
            PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"""
        )


async def _write_out_of_order(database: Database, store: Store) -> None:
    """An early position that commits in a later transaction: position order is not the order."""
    await store.ledger.append(append("a", on_stream("order/a", received())))
    connection = await asyncpg.connect(database.admin_url)
    await connection.execute(
        """INSERT INTO event (position, stream_id, version, type, schema, business_at, actor,
        correlation, command_id, command_ordinal, fingerprint, data) OVERRIDING SYSTEM VALUE
        SELECT 0, 'order/b', 1, type, schema, business_at, actor, correlation,
        gen_random_uuid(), 1, fingerprint, data FROM event WHERE position = 1"""
    )
    await connection.close()
    await store.ledger.append(append("c", on_stream("order/a", line_opened(), expected=at(1))))


def _sealer(store: Store) -> Sealer:
    return Sealer(
        reader=store.reader, seals=store.seals, signer=store.signer, wall_now=lambda: NOON
    )


async def test_a_restored_ledger_keeps_its_order_its_checkpoints_and_its_seals(
    database: Database, store: Store
) -> None:
    await _live_long(database)
    await _write_out_of_order(database, store)
    original = await _order_of(store)
    assert original == [1, 0, 2]
    await order_runner(store).turn()
    await _sealer(store).turn()

    with started_cluster(search="") as other:
        await _restored(database, other)
        target = Database(other, "restored")
        async with target.store() as restored:
            assert await _order_of(restored) == []  # the trap: the new cluster counts from 3 again
            async with target.owner() as owner:
                with pytest.raises(RestoredWithoutEraError, match="run 'raccord ledger new-era'"):
                    await check_schema(owner)
                assert await owner.fetchval("SELECT ledger_new_era()") == 2
                await check_schema(owner)

            assert await _order_of(restored) == original
            assert (await verify(restored.seals, signer=restored.signer)).intact
            await restored.ledger.append(
                append("d", on_stream("order/a", line_opened("late"), expected=at(2)))
            )
            assert await order_runner(restored).turn() == 1  # the checkpoint still stands
            assert await _order_of(restored) == [*original, 3]
            assert await _sealer(restored).turn() is not None
            assert (await verify(restored.seals, signer=restored.signer)).intact


async def _restored(database: Database, other: Cluster) -> None:
    await other.make_roles()
    await other.create("restored")
    _copy(database, Database(other, "restored"))
