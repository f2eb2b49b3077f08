"""What the benchmarks of whole orders run against: the parts of a stack, started as they are."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from bench.process_floor import Outside, Scripts, listening
from bench.whole_orders import Load, Parts
from domain.clients import Rights, Role
from domain.clock import BusinessClock
from domain.identity import OrderId, line_id_for, line_stream, order_stream
from intake.clients import Clients
from intake.orders import OrderIntake, Submission
from intake.requests import OrderRequest
from runtime.binaries import find_temporal
from runtime.child import Child, ChildSpec
from runtime.client_keys import new_client_key
from runtime.embedded import temporary_postgres
from runtime.local_client import moment_of
from runtime.ports import PortWish, choose_ports
from runtime.postgres_server import RUNNING
from runtime.rules import line_reader
from runtime.settings import Settings, load_settings
from runtime.store import Store, open_store
from runtime.supervisor import migrated
from runtime.temporal_server import TemporalServer, add_search_attributes, serves
from runtime.wiring import connect_temporal
from workflows.identity import line_workflow_id, order_workflow_id

NAME = "bench"
STORY = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)
SIGNED = "2027-01-08"
BARE_QUEUE = "bare"
OPERATORS = ("orange", "sfr", "bouygues", "pnm")
_BACK = 1_000
"""Positions looked at again: those of appends that were not committed the last time."""
_OF_TYPES = """
SELECT stream_id, version, position, data FROM event
WHERE position > $1 AND type = ANY($2::text[]) ORDER BY position
"""


@dataclass(kw_only=True)
class BenchedStack:
    """A PostgreSQL and a Temporal of its own, and our processes as they are started on them."""

    folder: Path
    settings: Settings
    environment: Mapping[str, str]
    store: Store
    client: Client
    postgres: int
    temporal: int
    intake: OrderIntake
    clock: BusinessClock
    ids: list[tuple[str, str]] = field(default_factory=list)
    """The processes of each order and its line, in the order they were sent in."""
    orders: dict[str, OrderId] = field(default_factory=dict)
    """Whose each stream is: an order's own, and its line's."""

    async def begin(self, *, scale: int) -> None:
        self.clock = BusinessClock(
            wall_origin=datetime.now(UTC), business_origin=STORY, scale=scale
        )
        await self.store.clock.begin(self.clock)

    async def submit(self, request: OrderRequest) -> None:
        submitted = await self.intake.submit(
            Submission(
                request=request,
                client=NAME,
                actor=NAME,
                idempotency_key=request.reference,
                business_now=self.clock.business_at(datetime.now(UTC)),
            )
        )
        order_id = submitted.order_id
        line_id = line_id_for(order_id, number=1)
        self.ids.append((order_workflow_id(order_id), line_workflow_id(line_id)))
        self.orders |= {order_stream(order_id): order_id, line_stream(line_id): order_id}

    def orders_of(self, streams: Iterable[str]) -> int:
        """How many orders these streams are of."""
        return len({self.orders[stream] for stream in streams})

    @asynccontextmanager
    async def bare(self, scripts: Scripts) -> AsyncIterator[Load]:
        """The floor's worker; whoever measures is its relay, its operators and its customer."""
        outside = Outside(client=self.client, queue=BARE_QUEUE, scripts=scripts)
        socket = self.folder / "outside"
        words = [str(self.settings.temporal_address), BARE_QUEUE, str(socket), *OPERATORS]
        async with (
            listening(outside, socket),
            self.child("bare", ["-m", "runtime.benched_floor", *words], outside) as worker,
        ):
            yield Load(
                parts=self.parts(worker=worker, relay=os.getpid()),
                submit=outside.submit,
                closed=outside.closed,
            )

    def parts(self, *, worker: int, relay: int, **others: int) -> Parts:
        ours = {"worker": worker, "server": self.temporal, "relay": relay}
        return {**ours, "database": self.postgres, **others}

    @asynccontextmanager
    async def child(
        self, name: str, words: list[str], outside: Outside | None = None
    ) -> AsyncIterator[int]:
        async def ready() -> bool:
            return outside is not None and outside.ready.is_set()

        spec = ChildSpec(
            name=name,
            command=[sys.executable, *words],
            environment=self.environment,
            log=self.folder / "logs" / f"{name}.log",
            ready=None if outside is None else ready,
        )
        async with running(spec) as pid:
            yield pid


def anything(data: str) -> bool:
    del data
    return True


@dataclass(kw_only=True)
class Facts:
    """Which streams have had a fact of some kinds, reading only what is new."""

    store: Store
    types: tuple[str, ...]
    counts: Callable[[str], bool] = anything
    """Whether it does, by what it says."""
    seen: set[str] = field(default_factory=set)
    """Streams."""
    upto: int = 0
    _known: set[tuple[str, int]] = field(default_factory=set)

    async def count(self) -> int:
        await self.fresh()
        return len(self.seen)

    async def fresh(self) -> list[tuple[str, int]]:
        """By stream and version, those that were not there the last time."""
        rows = await self.store.pool.fetch(_OF_TYPES, self.upto - _BACK, self.types)
        found = [
            (row["stream_id"], row["version"])
            for row in rows
            if (row["stream_id"], row["version"]) not in self._known and self.counts(row["data"])
        ]
        self._known.update(found)
        self.seen |= {stream for stream, _ in found}
        self.upto = max([self.upto, *(row["position"] for row in rows)])
        return found


@asynccontextmanager
async def running(spec: ChildSpec) -> AsyncIterator[int]:
    child = Child(spec, changed=lambda: None)
    try:
        await child.start()
        yield child.part().pid or 0
    finally:
        await child.stop()


async def key_of_client(store: Store) -> str:
    """A client that may bring orders in and answer for its customers, as often as it likes."""
    clients = Clients(ledger=store.ledger, keyed_hash=store.keyed_hash)
    at = await moment_of(store)
    rights = Rights(roles=frozenset({Role.INTAKE}), per_minute=100_000)
    await clients.register(NAME, rights, at=at, by=NAME)
    return await clients.issue(NAME, new_client_key(), at=at, by=NAME)


@asynccontextmanager
async def benched_stack(
    folder: Path, settings: Settings, operators: Mapping[str, str]
) -> AsyncIterator[BenchedStack]:
    """`operators`: how our processes reach them, in variables of the environment."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(temporary_postgres(folder, settings))
        await migrated(
            admin_url=server.admin_url, running_url=server.running_url, running_role=RUNNING
        )
        temporal = _temporal(folder, settings)
        spec = _temporal_child(temporal, folder)
        temporal_pid = await stack.enter_async_context(running(spec))
        await add_search_attributes(temporal.address, temporal.namespace)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "RACCORD_HOME": str(folder),
            "DATABASE_URL": server.running_url,
            "TEMPORAL_ADDRESS": temporal.address,
            "RACCORD_MASTER_KEY": server.secrets.master_key,
            "RACCORD_SEAL_KEY": server.secrets.master_key,
            **operators,
        }
        ours = load_settings(environment)
        store = await stack.enter_async_context(open_store(ours))
        postmaster = (server.data / "postmaster.pid").read_text().split()[0]
        yield BenchedStack(
            folder=folder,
            settings=ours,
            environment=environment,
            store=store,
            client=await connect_temporal(ours, lazy=False),
            postgres=int(postmaster),
            temporal=temporal_pid,
            intake=OrderIntake(
                ledger=store.ledger,
                keyed_hash=store.keyed_hash,
                lines=line_reader(ours, store.keyed_hash),
            ),
            clock=await store.clock.in_force(),
        )


def _temporal(folder: Path, settings: Settings) -> TemporalServer:
    wishes = tuple(PortWish(name=n, setting="-", configured=None) for n in ("temporal", "ui"))
    ports = choose_ports(wishes, {})
    return TemporalServer(
        program=find_temporal(settings.temporal_bin),
        database=folder / "temporal" / "temporal.db",
        port=ports["temporal"],
        ui_port=ports["ui"],
        namespace="default",
    )


def _temporal_child(server: TemporalServer, folder: Path) -> ChildSpec:
    async def ready() -> bool:
        return await serves(server.address, server.namespace)

    return ChildSpec(
        name="temporal",
        command=server.command(),
        environment={"HOME": str(folder)},
        log=folder / "logs" / "temporal.log",
        ready=ready,
    )
