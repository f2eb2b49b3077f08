"""The one place where the driver's errors become ours."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from ledger.availability import LedgerUnavailableError

STREAM_MOVED = "RC001"
COMMAND_REUSED = "RC002"
MESSAGE_SETTLED = "RC003"

_UNAVAILABLE: dict[type[Exception], str] = {
    asyncpg.DiskFullError: "the disk of the database is full; free some space, nothing was kept",
    asyncpg.InsufficientResourcesError: "the database has no connection or memory left",
    asyncpg.InvalidAuthorizationSpecificationError: "the database refuses this role or password",
    asyncpg.InvalidCatalogNameError: "the server has no database of that name",
    asyncpg.ObjectNotInPrerequisiteStateError: "the database accepts no connections for now",
    asyncpg.OperatorInterventionError: "the database is stopping or starting",
    asyncpg.PostgresConnectionError: "the connection to the database was lost",
    asyncpg.ConnectionDoesNotExistError: "the connection to the database was lost",
    # The driver's own words for a connection that dies just as it is taken from the pool.
    asyncpg.InternalClientError: "the connection to the database was lost",
    asyncpg.InterfaceError: "the connection to the database was lost",
    asyncio.TimeoutError: "the database did not answer in time",
    ConnectionError: "the database does not accept connections",
    OSError: "the database cannot be reached",
}


@contextmanager
def translated() -> Iterator[None]:
    """Most specific first; what is not in the table is a bug and bubbles up as it is."""
    try:
        yield
    except tuple(_UNAVAILABLE) as exc:
        raise LedgerUnavailableError(_sentence(exc)) from exc


def _sentence(exc: Exception) -> str:
    return next(words for kind, words in _UNAVAILABLE.items() if isinstance(exc, kind))
