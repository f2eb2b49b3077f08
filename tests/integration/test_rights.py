"""The running role may add facts. It can neither rewrite one nor choose where a new one stands."""

import asyncpg
import pytest

from runtime.store import Store
from tests.builders import append
from tests.conftest import Database

REWRITES = [
    "UPDATE event SET data = '{}'",
    "UPDATE event SET actor = 'nobody'",
    "DELETE FROM event",
    "TRUNCATE event",
    "UPDATE seal SET root = ''",
    "DELETE FROM seal",
    "TRUNCATE seal",
    "DELETE FROM ledger_era",
    "DELETE FROM inbox",
    "DELETE FROM outbox",
    "DELETE FROM subject_key",
    "UPDATE business_clock SET scale = 2",
    "UPDATE key_check SET value = ''",
]


@pytest.mark.parametrize("statement", REWRITES)
async def test_the_running_role_cannot_rewrite_the_record(
    database: Database, store: Store, statement: str
) -> None:
    await store.ledger.append(append("one"))
    connection = await asyncpg.connect(database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("column", ["position", "era", "transaction", "recorded_at"])
async def test_the_running_role_cannot_choose_where_or_when_a_fact_stands(
    database: Database, column: str
) -> None:
    value = {"recorded_at": "now()", "transaction": "'3'"}.get(column, "1")
    columns = "stream_id, version, type, schema, business_at, actor, correlation, command_id, "
    values = "'s', 1, 't', 1, now(), 'a', 'c', gen_random_uuid(), "
    connection = await asyncpg.connect(database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                f"INSERT INTO event ({columns} command_ordinal, fingerprint, data, {column}) "
                f"OVERRIDING SYSTEM VALUE VALUES ({values} 1, '', '{{}}', {value})"
            )
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE event SET data = '{}'", "DELETE FROM event", "TRUNCATE event", "DELETE FROM seal"],
)
async def test_even_the_owner_is_told_to_append_a_reversal(
    database: Database, store: Store, statement: str
) -> None:
    await store.ledger.append(append("one"))
    async with database.owner() as owner:
        if "seal" in statement:
            await owner.execute(
                "INSERT INTO seal VALUES (1, '', '{1}', '', 0, 1, '3', 1, now(), '', 'k', '')"
            )
        with pytest.raises(asyncpg.PostgresError, match="append-only") as refused:
            await owner.execute(statement)
    assert refused.value.sqlstate == "RC000"


async def test_only_the_owner_begins_an_era(database: Database) -> None:
    connection = await asyncpg.connect(database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT ledger_new_era()")
    finally:
        await connection.close()
