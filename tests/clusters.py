"""A real PostgreSQL cluster for tests: the product's own code starts it."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

from runtime.binaries import find_postgres, within_reach
from runtime.ports import PortWish, choose_ports
from runtime.postgres_server import PostgresServer
from runtime.secrets_file import StackSecrets
from tests.waiting import until

FAST = (
    *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
    *("-c", "max_wal_size=128MB"),
)
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of a test's own is made in it
ROOM = 2 * 1024**3
"""A cluster of tests holds a tenth of it."""
SECRETS = StackSecrets(
    master_key="",
    seal_key="",
    superuser_password="super",
    owner_password="owner",
    running_password="app",
)


@dataclass
class Cluster:
    server: PostgresServer
    _names: Iterator[int] = field(default_factory=count)

    def next_name(self) -> str:
        return f"test_{next(self._names)}"

    async def execute(self, *statements: str) -> None:
        await self.execute_in("postgres", *statements)

    async def execute_in(self, database: str, *statements: str) -> None:
        connection = await asyncpg.connect(self.server.url("postgres", "super", database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def make_roles(self) -> None:
        await self.execute(
            "CREATE ROLE raccord_owner LOGIN PASSWORD 'owner'",
            "CREATE ROLE raccord_app LOGIN PASSWORD 'app'",
        )

    async def create(self, name: str, *, template: str = "template0") -> None:
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER raccord_owner")

    async def drop(self, name: str) -> None:
        await self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    return choose_ports((PortWish(name="any", setting="any", configured=None),), {})["any"]


@contextmanager
def started_cluster(search: str | None = None) -> Iterator[Cluster]:
    """In a directory an unprivileged user can reach, because pytest's own is closed to him.

    Its data lie in memory where there is room. `search` stands for PATH: an empty one means the
    packaged PostgreSQL.
    """
    folder = Path(tempfile.mkdtemp(prefix="raccord-test-"))
    folder.chmod(0o755)
    data = Path(tempfile.mkdtemp(prefix="raccord-test-", dir=_roomy()))
    data.chmod(0o755)
    user = "nobody"
    binaries = within_reach(
        find_postgres(None, cluster_major=None, search=search),
        user=user,
        copies=folder / "binaries",
    )
    server = PostgresServer(
        folder=data / "postgres",
        binaries=binaries,
        port=free_port(),
        user=user,
        secrets=SECRETS,
    )
    server.prepare()
    process = subprocess.Popen(
        [*server.command(), *FAST],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **server.privileges(),
    )
    try:
        _wait_until_ready(server)
        yield Cluster(server)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def _roomy() -> Path | None:
    """In memory where there is room: a database is made for each test, and is a thousand files."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


def _wait_until_ready(server: PostgresServer) -> None:
    program = str(server.binaries.program("pg_isready"))
    question = [program, "-q", "-h", "127.0.0.1", "-p", str(server.port)]
    until(
        lambda: subprocess.run(question, check=False).returncode == 0,
        what=f"PostgreSQL listens on {server.port}",
    )
