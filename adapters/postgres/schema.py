"""Which schema a database has, and which one this version of Raccord needs.

SchemaError
├── NewerDatabaseError       written by a newer Raccord
├── OlderDatabaseError       not migrated yet, and we are not its owner
├── RestoredWithoutEraError  a dump of another cluster, and nobody told it so
├── OneRoleError             the running role would own the ledger it must not rewrite
├── RoleTooStrongError       the running role could rewrite the ledger all the same
└── WrongKeysError           the keys are not those this ledger was made with
"""

from collections.abc import Mapping
from pathlib import Path

from adapters.postgres.pool import PoolConnection

_TOO_STRONG = "SELECT has_table_privilege(current_user, 'event', 'UPDATE')"
_KEY_CHECK = """
INSERT INTO key_check (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
"""

_FROM_ANOTHER_CLUSTER = """
SELECT newest.transaction >= pg_snapshot_xmax(pg_current_snapshot())
FROM (
    SELECT transaction FROM event WHERE era = (SELECT max(era) FROM ledger_era)
    ORDER BY era DESC, transaction DESC, position DESC LIMIT 1) AS newest
"""

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database and this version of Raccord do not fit."""


class NewerDatabaseError(SchemaError):
    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"the database is at revision {revision}, made by a newer Raccord than this one "
            f"(which ends at {head_revision()}); run that version, or restore a dump made before it"
        )


class OlderDatabaseError(SchemaError):
    def __init__(self, revision: str | None) -> None:
        self.revision = revision
        super().__init__(
            f"the database is at revision {revision or 'none'}, this version needs "
            f"{head_revision()}; set DATABASE_ADMIN_URL to its owner and run 'raccord migrate'"
        )


class RestoredWithoutEraError(SchemaError):
    def __init__(self) -> None:
        super().__init__(
            "the ledger was restored from the dump of another cluster, whose transaction numbers "
            "are ahead of this one's; run 'raccord ledger new-era' once (docs/runbooks/backup.md)"
        )


class OneRoleError(SchemaError):
    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f"DATABASE_URL and DATABASE_ADMIN_URL both name the role {role}; the ledger is "
            "append-only because the running role does not own it: create a second role with "
            "LOGIN and put it in DATABASE_URL"
        )


class RoleTooStrongError(SchemaError):
    def __init__(self, role: str) -> None:
        super().__init__(
            f"the role {role} of DATABASE_URL can rewrite the ledger (it is its owner, a member of "
            "its owner or a superuser); create a plain role with LOGIN, put it in DATABASE_URL and "
            "run 'raccord migrate'"
        )


class WrongKeysError(SchemaError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not the key this ledger was made with; set it to that one: with another, "
            "old data cannot be read or verified and new data is lost once the right one is back"
        )


def known_revisions() -> tuple[str, ...]:
    """Oldest first, read off the file names: asking alembic would cost every process a second."""
    return tuple(sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def head_revision() -> str:
    return known_revisions()[-1]


async def database_revision(connection: PoolConnection) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


async def check_schema(connection: PoolConnection) -> None:
    """Refuse to run on a schema that is not exactly the one this version was written for."""
    revision = await database_revision(connection)
    if revision is not None and revision not in known_revisions():
        raise NewerDatabaseError(revision)
    if revision != head_revision():
        raise OlderDatabaseError(revision)
    if await connection.fetchval(_FROM_ANOTHER_CLUSTER):
        raise RestoredWithoutEraError


async def check_rights(connection: PoolConnection) -> None:
    """Append-only is a matter of rights: refuse to run with more of them than that."""
    if await connection.fetchval(_TOO_STRONG):
        raise RoleTooStrongError(await connection.fetchval("SELECT current_user"))


async def check_keys(connection: PoolConnection, keys: Mapping[str, bytes]) -> None:
    """The first process to open a ledger leaves a trace of its keys; the others must match it."""
    for name, trace in keys.items():
        await connection.execute(_KEY_CHECK, name, trace)
        kept = await connection.fetchval("SELECT value FROM key_check WHERE name = $1", name)
        if kept != trace:
            raise WrongKeysError(name)
