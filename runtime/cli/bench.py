"""raccord bench: measurements next to a floor taken in the same run."""

import os
import platform
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings
from runtime.cli.output import answered, run, say, table
from runtime.errors import BadInputError

if TYPE_CHECKING:
    from adapters.postgres.pool import Pool
    from bench.desk import Report
    from bench.ledger import Workbench
    from bench.measures import Measure
    from runtime.benched_orders import BenchedOrders
    from runtime.postgres_server import PostgresServer
    from runtime.settings import Settings
    from runtime.store import Store

    Sections = Mapping[str, tuple[Measure, ...]]
    Opened = Callable[[Path, Settings], AbstractAsyncContextManager[BenchedOrders]]

app = typer.Typer(no_args_is_help=True, help="Measure, next to a floor taken in the same run.")

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


Orders = typer.Option(100, "--orders", min=3, help="How many orders are followed to their end.")
Waiting = typer.Option(200, "--waiting", min=100, help="How many orders are left waiting.")
Fleet = typer.Option(200, "--fleet", min=21, max=10_000, help="Lines of one order.")
Reports = typer.Argument(
    exists=True, dir_okay=False, help="What --json wrote, a file for each process, named as it is."
)


@app.command()
def port_in(
    json_file: Path | None = JsonFile,
    orders: int = Orders,
    waiting: int = Waiting,
    fleet: int = Fleet,
) -> None:
    """CPU-seconds of a port-in, the memory of those that wait, a fleet's start; next to floors."""
    from runtime.benched_port_in import benched_port_ins

    conditions = _conditions(f"{orders:,} orders followed")
    sections = run(_port_in(benched_port_ins, orders, waiting, fleet))
    _report_on_sections(sections, conditions, json_file)


@app.command()
def access(json_file: Path | None = JsonFile, orders: int = Orders, waiting: int = Waiting) -> None:
    """CPU-seconds of an access from its order to its service, the memory of those that wait."""
    from runtime.benched_access import benched_accesses

    conditions = _conditions(f"{orders:,} orders followed")
    sections = run(_whole(benched_accesses, orders, waiting))
    _report_on_sections(sections, conditions, json_file)


@app.command()
def desk(reports: list[Path] = Reports) -> None:
    """Several processes side by side, as docs/performance.md has them."""
    from bench.desk import desk_of

    for line in desk_of(answered(lambda: {path.stem: _read(path) for path in reports})):
        say(line)


def _read(path: Path) -> "Report":
    from bench.desk import Report

    try:
        return Report.of_json(path.read_text())
    except (ValueError, KeyError, TypeError) as exc:
        raise BadInputError(f"{path} is no report: 'raccord bench … --json' writes them") from exc


def _report_on_sections(sections: "Sections", conditions: str, json_file: Path | None) -> None:
    for title, measures in sections.items():
        say(title)
        _show(measures)
    _write(sections, conditions, json_file)


async def _port_in(opened: "Opened", orders: int, waiting: int, fleet: int) -> "Sections":
    from runtime.benched_fleet import measured_fleet

    sections = await _whole(opened, orders, waiting)
    async with _parts(opened) as bench:
        begun = await measured_fleet(bench.stack, lines=fleet, say=say)
    return {**sections, "A fleet": begun}


async def _whole(opened: "Opened", orders: int, waiting: int) -> "Sections":
    """Each section on parts of its own: what one leaves behind is not measured in the next."""
    from bench.desk import FOLLOWED, HELD

    async with _parts(opened) as bench:
        followed = await bench.measured(orders=orders, say=say)
    async with _parts(opened) as bench:
        held = await bench.memory(waiting=waiting, say=say)
    return {FOLLOWED: followed, HELD: held}


@asynccontextmanager
async def _parts(opened: "Opened") -> "AsyncIterator[BenchedOrders]":
    with tempfile.TemporaryDirectory(prefix="raccord-bench-") as folder:
        async with opened(Path(folder), current_settings()) as bench:
            yield bench


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
    _write({"": measures}, _conditions(), json_file)


def _show(measures: "tuple[Measure, ...]") -> None:
    from bench.measures import figure

    table(
        ("measure", "ours", "unit", "ratio", "to"),
        [
            (m.name, figure(m.ours), m.unit, f"{m.ratio:.2f}" if m.ratio else "", m.floor_name)
            for m in measures
        ],
    )


def _conditions(*more: str) -> str:
    """Where and when it is measured, and what else the machine does by then."""
    return ", ".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d}",
            *more,
            f"{os.cpu_count()} cores of {platform.machine()}",
            f"Python {platform.python_version()}",
            f"load average {os.getloadavg()[0]:.1f} before",
        )
    )


def _write(sections: "Sections", conditions: str, json_file: Path | None) -> None:
    from bench.desk import Report

    if json_file is not None:
        json_file.write_text(Report(conditions=conditions, sections=sections).to_json())
        say(f"written to {json_file}")


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
