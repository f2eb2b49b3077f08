"""Bringing a database to the schema this version needs, as its owner."""

from typing import TYPE_CHECKING

import asyncpg

from adapters.postgres.errors import translated
from adapters.postgres.rights import grant_rights
from adapters.postgres.schema import (
    MIGRATIONS,
    NewerDatabaseError,
    OneRoleError,
    database_revision,
    head_revision,
    known_revisions,
)

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATION_LOCK = 0x7ACC0D


async def migrate(*, admin_url: str, running_role: str) -> str:
    """Upgrade to the newest revision and (re)grant the running role exactly its rights."""
    with translated():
        connection = await asyncpg.connect(admin_url, timeout=5)
    try:
        owner: str = await connection.fetchval("SELECT current_user")
        if owner == running_role:
            raise OneRoleError(running_role)
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        revision = await database_revision(connection)
        if revision is not None and revision not in known_revisions():
            raise NewerDatabaseError(revision)
        if revision != head_revision():
            await _upgrade(admin_url)
        await grant_rights(connection, role=running_role)
    finally:
        await connection.close()
    return head_revision()


async def _upgrade(admin_url: str) -> None:
    """Imported here: only a database that is behind pays for loading the migration tool."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(admin_url, timeout=5),
        poolclass=NullPool,
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run_alembic)
    finally:
        await engine.dispose()


def alembic_config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _run_alembic(connection: object) -> None:
    from alembic import command  # noqa: PLC0415

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
