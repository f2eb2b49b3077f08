"""raccord bench: measurements next to a floor taken in the same run."""

import json
import platform
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings
from runtime.cli.output import run, say, table

if TYPE_CHECKING:
    from adapters.postgres.pool import Pool
    from bench.ledger import Workbench
    from bench.measures import Measure
    from runtime.benched_port_in import BenchedStack
    from runtime.postgres_server import PostgresServer
    from runtime.store import Store

app = typer.Typer(no_args_is_help=True, help="Measure, next to a floor taken in the same run.")

SMALL = 10
"""Below it a figure is told to the hundredth."""

JsonFile = typer.Option(None, "--json", help="Also write the figures to this file.")
Events = typer.Option(1_000_000, "--events", min=20_000, help="How large the ledger is grown.")


@app.command()
def ledger(json_file: Path | None = JsonFile, events: int = Events) -> None:
    """Appends, reading, growth, seals and sealed fields, on a PostgreSQL of its own."""
    _report_on(run(_ledger(events)), json_file)


@app.command()
def identifiers(json_file: Path | None = JsonFile) -> None:
    """RIO checks and calendar additions, on one core."""
    from bench.identifiers import measure_identifiers

    _report_on(measure_identifiers(), json_file)


@app.command()
def intake(json_file: Path | None = JsonFile) -> None:
    """Orders accepted a second and p99, next to a bare endpoint doing one insert."""
    _report_on(run(_intake()), json_file)


Orders = typer.Option(100, "--orders", min=20, help="How many orders are followed to their end.")
Waiting = typer.Option(200, "--waiting", min=100, help="How many orders are left waiting.")
Fleet = typer.Option(200, "--fleet", min=21, max=10_000, help="Lines of one order.")


@app.command()
def port_in(
    json_file: Path | None = JsonFile,
    orders: int = Orders,
    waiting: int = Waiting,
    fleet: int = Fleet,
) -> None:
    """CPU-seconds of a port-in, the memory of those that wait, a fleet's start; next to floors."""
    sections = run(_port_in(orders, waiting, fleet))
    for title, measures in sections.items():
        say(title)
        _show(measures)
    _write(tuple(m for measures in sections.values() for m in measures), json_file)


async def _port_in(orders: int, waiting: int, fleet: int) -> "dict[str, tuple[Measure, ...]]":
    """Each section on parts of its own: what one leaves behind is not measured in the next."""
    from runtime.benched_fleet import measured_fleet
    from runtime.benched_port_in import measured_memory, measured_port_ins

    async with _port_in_parts() as benched:
        followed = await measured_port_ins(benched, orders=orders, say=say)
    async with _port_in_parts() as benched:
        held = await measured_memory(benched, waiting=waiting, say=say)
    async with _port_in_parts() as benched:
        begun = await measured_fleet(benched, lines=fleet, say=say)
    return {"From the order to its end": followed, "Memory": held, "A fleet": begun}


@asynccontextmanager
async def _port_in_parts() -> "AsyncIterator[BenchedStack]":
    from runtime.benched_port_in import benched_stack

    with tempfile.TemporaryDirectory(prefix="raccord-bench-") as folder:
        async with benched_stack(Path(folder), current_settings()) as benched:
            yield benched


async def _intake() -> "tuple[Measure, ...]":
    from bench.intake import IntakeBench
    from runtime.benched_intake import benched_intake, order_of
    from runtime.embedded import temporary_postgres

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="raccord-bench-")))
        server = await stack.enter_async_context(temporary_postgres(folder, current_settings()))
        say(f"PostgreSQL {server.binaries.major}, its defaults, fsync on")
        ours, floor = await stack.enter_async_context(benched_intake(server, folder))
        return await IntakeBench(ours=ours, floor=floor, order=order_of, say=say).run()


def _report_on(measures: "tuple[Measure, ...]", json_file: Path | None) -> None:
    _show(measures)
    _write(measures, json_file)


def _show(measures: "tuple[Measure, ...]") -> None:
    table(
        ("measure", "ours", "unit", "ratio", "to"),
        [
            (m.name, _figure(m.ours), m.unit, f"{m.ratio:.2f}" if m.ratio else "", m.floor_name)
            for m in measures
        ],
    )


def _figure(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= SMALL else f"{value:,.2f}"


def _write(measures: "tuple[Measure, ...]", json_file: Path | None) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(_report(measures), indent=1))
        say(f"written to {json_file}")


def _report(measures: "tuple[Measure, ...]") -> dict[str, object]:
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "measures": [{**m.__dict__, "ratio": m.ratio} for m in measures],
    }


async def _ledger(events: int) -> "tuple[Measure, ...]":
    from bench.ledger import LedgerBench
    from runtime.embedded import temporary_postgres

    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="raccord-bench-"))
        server = await stack.enter_async_context(
            temporary_postgres(Path(folder), current_settings())
        )
        say(f"PostgreSQL {server.binaries.major}, its defaults, fsync on")
        opened = [await _opened(stack, server, name) for name in ("raccord", "small", "large")]
        return await LedgerBench(_workbench(*opened), say, large=events).run()


async def _opened(
    stack: AsyncExitStack, server: "PostgresServer", name: str
) -> "tuple[Store, Pool]":
    """A migrated database of one name: the store on it, and its owner."""
    from adapters.postgres.pool import open_pool
    from runtime.keys import Keys
    from runtime.postgres_server import OWNER, RUNNING
    from runtime.store import build_store
    from runtime.supervisor import migrated

    await server.make_database(name)
    running = server.url(RUNNING, server.secrets.running_password, name)
    admin = server.url(OWNER, server.secrets.owner_password, name)
    await migrated(admin_url=admin, running_url=running, running_role=RUNNING)
    pool = await stack.enter_async_context(open_pool(running, size=20))
    owner = await stack.enter_async_context(open_pool(admin, size=2))
    return build_store(pool, Keys(master=bytes(32), seal=bytes(32))), owner


def _workbench(
    main: "tuple[Store, Pool]", small: "tuple[Store, Pool]", large: "tuple[Store, Pool]"
) -> "Workbench":
    from bench.ledger import Grown, Workbench
    from runtime.processes.projector import build_sealer, order_runner

    store, owner = main
    return Workbench(
        pool=store.pool,
        owner=owner,
        ledger=store.ledger,
        small=Grown(ledger=small[0].ledger, owner=small[1]),
        large=Grown(ledger=large[0].ledger, owner=large[1]),
        reader=store.reader,
        seal=build_sealer(store).turn,
        project=order_runner(store).turn,
    )
