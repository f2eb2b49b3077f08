"""A PostgreSQL for as long as a block lasts: for benchmarks, which need one of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from runtime.binaries import find_postgres, within_reach
from runtime.child import Child
from runtime.home import Home
from runtime.ports import PortWish, choose_ports
from runtime.postgres_server import PostgresServer
from runtime.secrets_file import StackSecrets
from runtime.settings import Settings


@asynccontextmanager
async def temporary_postgres(folder: Path, settings: Settings) -> AsyncIterator[PostgresServer]:
    home = Home(folder)
    home.prepare()
    cluster = home.postgres(settings.postgres_user)
    wish = PortWish(name="postgres", setting="RACCORD_POSTGRES_PORT", configured=None)
    server = PostgresServer(
        folder=cluster,
        binaries=within_reach(
            find_postgres(settings.postgres_bin, cluster_major=None),
            user=settings.postgres_user,
            copies=cluster / "binaries",
        ),
        port=choose_ports((wish,), {})["postgres"],
        user=settings.postgres_user,
        secrets=StackSecrets.make(),
    )
    await asyncio.to_thread(server.prepare)
    spec = server.child(log=home.logs / "postgres.log", environment={})
    child = Child(spec, changed=lambda: None)
    try:
        await child.start()
        await server.make_database()
        yield server
    finally:
        await child.stop()
        home.purge(settings.postgres_user)
