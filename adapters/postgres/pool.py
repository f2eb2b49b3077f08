"""One pool per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from adapters.postgres.errors import translated

CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 30.0

Row = asyncpg.Record

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record]
    PoolConnection = Connection | PoolConnectionProxy[asyncpg.Record]
else:  # the driver's own classes are generic in its stubs only
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection
    PoolConnection = Connection | PoolConnectionProxy


async def _as_it_was(_connection: PoolConnection) -> None:
    """We leave nothing behind on a connection, so that taking it again costs no round trip."""


@asynccontextmanager
async def open_pool(url: str, *, size: int) -> AsyncIterator[Pool]:
    with translated():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            reset=_as_it_was,
            server_settings={
                "application_name": "raccord",
                "timezone": "UTC",
                "idle_in_transaction_session_timeout": "10s",
            },
        )
    try:
        yield pool
    finally:
        pool.terminate()
