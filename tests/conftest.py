"""What every test shares: one PostgreSQL cluster, a database of one's own, and a clean way out."""

import gc
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from adapters.postgres.migrate import migrate
from adapters.postgres.pool import open_pool
from runtime.keys import Keys
from runtime.store import Store, build_store
from tests.clusters import Cluster, started_cluster

pytest_plugins = ["tests.conformance.plugin"]

settings.register_profile(
    "raccord",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("raccord")

TEST_KEYS = Keys(master=b"m" * 32, seal=b"s" * 32)
TEMPLATE = "raccord_template"


def pytest_unconfigure(config: pytest.Config) -> None:
    """The Temporal SDK aborts now and then at interpreter exit: leave before it can."""
    status = config.stash.get(_EXIT_STATUS, None)
    if status is not None and "temporalio.client" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: it need not be looked through for rubbish."""
    gc.collect()
    gc.freeze()


_EXIT_STATUS = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_EXIT_STATUS] = int(exitstatus)


@dataclass(frozen=True)
class Database:
    """A migrated database of one test's own."""

    cluster: Cluster
    name: str

    @property
    def url(self) -> str:
        return self.cluster.server.url("raccord_app", "app", self.name)

    @property
    def admin_url(self) -> str:
        return self.cluster.server.url("raccord_owner", "owner", self.name)

    @asynccontextmanager
    async def store(self, size: int = 8) -> AsyncIterator[Store]:
        async with open_pool(self.url, size=size) as pool:
            yield build_store(pool, TEST_KEYS)

    @asynccontextmanager
    async def owner(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Somebody with every right over the tables: what the seals are there to catch."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with started_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
async def template(cluster: Cluster) -> str:
    await cluster.make_roles()
    await cluster.create(TEMPLATE)
    database = Database(cluster, TEMPLATE)
    await migrate(admin_url=database.admin_url, running_role="raccord_app")
    async with database.owner() as owner:
        await owner.execute(
            """INSERT INTO business_clock (wall_origin, business_origin, scale)
            VALUES ('2026-01-01Z', '2026-01-01Z', 1)"""
        )
    return TEMPLATE


@pytest.fixture
async def database(cluster: Cluster, template: str) -> AsyncIterator[Database]:
    name = cluster.next_name()
    await cluster.create(name, template=template)
    yield Database(cluster, name)
    await cluster.drop(name)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    async with database.store() as store:
        yield store


@pytest.fixture
def occupied() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parent.parent
