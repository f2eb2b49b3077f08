"""What the benchmark of port-ins runs against: the parts of a stack, and its floor's worker."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from temporalio.client import Client

from bench.measures import Measure
from bench.port_in import (
    WARM_UP,
    Held,
    Load,
    Parts,
    left_waiting,
    measures_of,
    measures_of_memory,
    middle_one,
    recorded,
    run_load,
    with_histories,
)
from bench.port_in_floor import Outside, Scripts, ids_of, listening
from domain.clock import BusinessClock
from domain.identity import LineId, line_id_for
from domain.rio import key_of
from intake.orders import OrderIntake, Submission
from intake.requests import OrderRequest
from runtime.benched_worker import MUTE
from runtime.binaries import find_temporal
from runtime.child import Child, ChildSpec
from runtime.embedded import temporary_postgres
from runtime.errors import UnavailableError
from runtime.ports import LOOPBACK, PortWish, choose_ports
from runtime.postgres_server import RUNNING
from runtime.rules import line_reader
from runtime.settings import Settings, load_settings
from runtime.store import Store, open_store
from runtime.supervisor import migrated
from runtime.temporal_server import TemporalServer, add_search_attributes, serves
from runtime.wiring import connect_temporal
from workflows.identity import TASK_QUEUE, line_workflow_id, order_workflow_id

NAME = "bench"
STORY = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)
SIGNED = "2027-01-08"
SCALE = 86_400 // 4
"""One business day in four seconds of wall time."""
BARE_QUEUE = "bare"
MISSED = "DayMissed"
OPERATORS = ("orange", "sfr", "bouygues", "pnm")
_BACK = 1_000
"""Positions looked at again: those of appends that were not committed the last time."""

MISSED_MAX = 0.1
"""Of the orders: with more of them too late for their own day, the machine had no time for us."""

_OF_TYPES = "SELECT stream_id, position FROM event WHERE position > $1 AND type = ANY($2::text[])"


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

    async def begin(self, *, scale: int) -> None:
        self.clock = BusinessClock(
            wall_origin=datetime.now(UTC), business_origin=STORY, scale=scale
        )
        await self.store.clock.begin(self.clock)

    @asynccontextmanager
    async def working(self, *, mute: bool = False) -> AsyncIterator[Load]:
        """Our worker and our relay. An order counts once it has closed, or has missed its day and
        waits for a person, or once its mute operator has it."""
        worker = ["-m", "runtime.benched_worker", *([MUTE] if mute else [])]
        relay = ["-m", "runtime.cli.main", "run", "relay"]
        facts = Facts(
            store=self.store, types=("OperatorTook",) if mute else ("OrderClosed", MISSED)
        )
        async with self._child("worker", worker) as first, self._child("relay", relay) as second:
            yield Load(
                parts=self._parts(worker=first, relay=second),
                submit=self._submit,
                closed=facts.count,
            )

    @asynccontextmanager
    async def bare(self, scripts: Scripts) -> AsyncIterator[Load]:
        """The floor's worker; whoever measures is its relay."""
        outside = Outside(client=self.client, queue=BARE_QUEUE, scripts=scripts)
        socket = self.folder / "outside"
        words = [str(self.settings.temporal_address), BARE_QUEUE, str(socket), *OPERATORS]
        async with (
            listening(outside, socket),
            self._child("bare", ["-m", "runtime.benched_floor", *words], outside) as worker,
        ):
            yield Load(
                parts=self._parts(worker=worker, relay=os.getpid()),
                submit=outside.submit,
                closed=outside.closed,
            )

    def _parts(self, *, worker: int, relay: int) -> Parts:
        return Parts(worker=worker, server=self.temporal, database=self.postgres, relay=relay)

    async def ended(self, ids: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the processes that are over: without the lines that missed their day."""
        facts = Facts(store=self.store, types=(MISSED,))
        await facts.count()
        late = {line_workflow_id(LineId(UUID(s.partition("/")[2]))) for s in facts.seen}
        over = [(order, line) for order, line in ids if line not in late]
        if len(over) < len(ids) * (1 - MISSED_MAX):
            raise UnavailableError(
                f"{len(ids) - len(over)} of {len(ids)} ports missed their day in compressed time; "
                "measure when this machine has less to do"
            )
        return over

    async def _submit(self, number: int) -> None:
        submitted = await self.intake.submit(
            Submission(
                request=_request(number),
                client=NAME,
                actor=NAME,
                idempotency_key=str(number),
                business_now=self.clock.business_at(datetime.now(UTC)),
            )
        )
        order_id = submitted.order_id
        line_id = line_id_for(order_id, number=1)
        self.ids.append((order_workflow_id(order_id), line_workflow_id(line_id)))

    @asynccontextmanager
    async def _child(
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
        async with _running(spec) as pid:
            yield pid


@dataclass(kw_only=True)
class Facts:
    """How many streams have had a fact of some kinds, reading only what is new."""

    store: Store
    types: tuple[str, ...]
    seen: set[str] = field(default_factory=set)
    upto: int = 0

    async def count(self) -> int:
        rows = await self.store.pool.fetch(_OF_TYPES, self.upto - _BACK, self.types)
        self.seen |= {row["stream_id"] for row in rows}
        self.upto = max([self.upto, *(row["position"] for row in rows)])
        return len(self.seen)


@asynccontextmanager
async def _running(spec: ChildSpec) -> AsyncIterator[int]:
    child = Child(spec, changed=lambda: None)
    try:
        await child.start()
        yield child.part().pid or 0
    finally:
        await child.stop()


@asynccontextmanager
async def benched_stack(folder: Path, settings: Settings) -> AsyncIterator[BenchedStack]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(temporary_postgres(folder, settings))
        await migrated(
            admin_url=server.admin_url, running_url=server.running_url, running_role=RUNNING
        )
        temporal = _temporal(folder, settings)
        spec = _temporal_child(temporal, folder)
        temporal_pid = await stack.enter_async_context(_running(spec))
        await add_search_attributes(temporal.address, temporal.namespace)
        environment = _environment(folder, server.running_url, server.secrets.master_key, temporal)
        ours = load_settings({name: environment[name] for name in environment if name != "PATH"})
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


def _environment(folder: Path, database: str, key: str, temporal: TemporalServer) -> dict[str, str]:
    """Operators are named and never spoken to: the worker's are in its own process."""
    nowhere = f"http://{LOOPBACK}:1"
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "RACCORD_HOME": str(folder),
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": temporal.address,
        "RACCORD_MASTER_KEY": key,
        "RACCORD_SEAL_KEY": key,
        "RACCORD_ORANGE_URL": nowhere,
        "RACCORD_ORANGE_PASSWORD": NAME,
        "RACCORD_SFR_URL": nowhere,
        "RACCORD_SFR_SECRET": NAME,
        "RACCORD_BOUYGUES_URL": nowhere,
        "RACCORD_BOUYGUES_SECRET": NAME,
        "RACCORD_EXCHANGE_URL": f"sftp://{NAME}@{LOOPBACK}:1",
        "RACCORD_EXCHANGE_PASSWORD": NAME,
        "RACCORD_EXCHANGE_HOST_KEY": _HOST_KEY,
    }


_HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def _request(number: int) -> OrderRequest:
    """One card, nothing in its way, on a number of its own."""
    msisdn = f"0612{number:06d}"
    prefix = "02E4ABX01"
    papers = [{"name": name, "on": SIGNED} for name in ("mandate", "identity")]
    return OrderRequest.model_validate(
        {
            "reference": f"BENCH-{number}",
            "provider": "axantis",
            "signed_on": SIGNED,
            "customer": {
                "name": f"Client {number}",
                "contact": f"{number}@example.fr",
                "kind": "company",
            },
            "documents": papers,
            "lines": [{"msisdn": msisdn, "rio": prefix + key_of(prefix, msisdn), "host": "orange"}],
        }
    )


async def measured_port_ins(
    benched: BenchedStack, *, orders: int, say: Callable[[str], None]
) -> tuple[Measure, ...]:
    await benched.begin(scale=SCALE)
    say(f"{orders} orders of one number, one business day in {86_400 // SCALE} seconds")
    async with benched.working() as load:
        ours = await run_load(load, orders=orders)
    ids = await benched.ended(benched.ids[-orders:])
    if len(ids) < orders:
        say(f"{orders - len(ids)} missed their day, and are left out of the histories")
    histories = await recorded(benched.client, ids)
    scripts = Scripts.of(middle_one(histories), queue=TASK_QUEUE)
    say(f"the same shape with nothing in it: {scripts.order} | {scripts.line}")
    async with benched.bare(scripts) as load:
        floor = await run_load(load, orders=orders)
        bare = [ids_of(WARM_UP + number) for number in range(orders)]
        ended = await recorded(benched.client, bare)  # the last may still have to end
    return measures_of(with_histories(ours, histories), with_histories(floor, ended))


async def measured_memory(
    benched: BenchedStack, *, waiting: int, say: Callable[[str], None]
) -> tuple[Measure, ...]:
    """A worker of its own, whose operators take everything and never do it."""
    await benched.begin(scale=1)
    say(f"{waiting:,} orders left waiting for an operator, in real time")
    async with benched.working(mute=True) as load:
        await left_waiting(load, first=len(benched.ids), orders=WARM_UP)
        before = Held.by(load.parts)
        await left_waiting(load, first=len(benched.ids), orders=waiting)
        return measures_of_memory(before, Held.by(load.parts), waiting=waiting)
