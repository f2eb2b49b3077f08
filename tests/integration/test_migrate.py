"""One schema, one version of Raccord; anything else is a sentence."""

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from adapters.postgres.migrate import alembic_config, migrate
from adapters.postgres.rights import RIGHTS
from adapters.postgres.schema import (
    NewerDatabaseError,
    OlderDatabaseError,
    OneRoleError,
    RoleTooStrongError,
    WrongKeysError,
    check_keys,
    check_rights,
    check_schema,
    head_revision,
    known_revisions,
)
from ledger.availability import LedgerUnavailableError
from tests.clusters import Cluster
from tests.conftest import Database


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert (
        await migrate(admin_url=database.admin_url, running_role="raccord_app") == head_revision()
    )


async def test_a_database_of_a_newer_version_is_named(database: Database) -> None:
    async with database.owner() as owner:
        await owner.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(NewerDatabaseError, match="at revision 9999, made by a newer Raccord"):
            await check_schema(owner)
    with pytest.raises(NewerDatabaseError):
        await migrate(admin_url=database.admin_url, running_role="raccord_app")


async def test_an_empty_database_says_how_to_migrate_it(cluster: Cluster, template: str) -> None:
    del template
    name = cluster.next_name()
    await cluster.create(name)
    connection = await asyncpg.connect(Database(cluster, name).url)
    try:
        with pytest.raises(OlderDatabaseError, match="run 'raccord migrate'"):
            await check_schema(connection)
    finally:
        await connection.close()
        await cluster.drop(name)


async def test_a_role_that_could_rewrite_the_ledger_may_not_run(database: Database) -> None:
    async with database.owner() as owner:
        with pytest.raises(RoleTooStrongError, match="create a plain role"):
            await check_rights(owner)
    connection = await asyncpg.connect(database.url)
    await check_rights(connection)
    await connection.close()


async def test_keys_other_than_the_first_ones_are_refused_by_name(database: Database) -> None:
    connection = await asyncpg.connect(database.url)
    try:
        await check_keys(connection, {"RACCORD_SEAL_KEY": b"first"})
        await check_keys(connection, {"RACCORD_SEAL_KEY": b"first"})
        with pytest.raises(WrongKeysError, match="RACCORD_SEAL_KEY is not the key"):
            await check_keys(connection, {"RACCORD_SEAL_KEY": b"second"})
    finally:
        await connection.close()


async def test_a_database_url_with_options_is_migrated_all_the_same(
    cluster: Cluster, template: str
) -> None:
    del template
    name = cluster.next_name()
    await cluster.create(name)
    url = f"{Database(cluster, name).admin_url}?sslmode=disable"

    assert await migrate(admin_url=url, running_role="raccord_app") == head_revision()
    await cluster.drop(name)


async def test_the_running_role_may_not_be_the_owner(database: Database) -> None:
    with pytest.raises(OneRoleError, match="create a second role"):
        await migrate(admin_url=database.admin_url, running_role="raccord_owner")


async def test_a_database_that_does_not_answer_is_a_sentence() -> None:
    with pytest.raises(LedgerUnavailableError):
        await migrate(admin_url="postgresql://a:b@127.0.0.1:1/x", running_role="raccord_app")


async def test_every_table_has_its_rights_written_down(database: Database) -> None:
    async with database.owner() as owner:
        rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    assert {row["tablename"] for row in rows} == set(RIGHTS)


def test_revisions_read_off_the_file_names_are_those_alembic_knows() -> None:
    script = ScriptDirectory.from_config(alembic_config())

    assert [s.revision for s in reversed(list(script.walk_revisions()))] == list(known_revisions())
    assert script.get_current_head() == head_revision()
