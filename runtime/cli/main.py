"""raccord: the command line."""

import io
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

import typer

from runtime.cli import (
    amending,
    bench,
    bulk,
    calendar,
    clients,
    contracts,
    copper,
    demo,
    desk,
    equipment,
    exchange,
    failures,
    following,
    identifiers,
    indemnities,
    jeopardy,
    ledger,
    notices,
    numbers,
    orders,
    papers,
    parked,
    ports,
    profiles,
    projections,
    reconcile,
    reference,
    reverse_ports,
    rio,
    stack,
    webhooks,
)
from runtime.cli.context import PROFILE_ASKED_FOR, current_settings
from runtime.cli.output import answered, run, say
from runtime.errors import BadInputError, UnavailableError
from runtime.keys import new_key
from runtime.leaving import leave

if TYPE_CHECKING:
    from runtime.processes.process import Main

app = typer.Typer(
    name="raccord",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Runs the orders of French B2B telecom operators. Exit codes: 0 yes or done, 1 no, "
    "2 bad input, 3 unavailable.",
)
app.command()(stack.up)
app.command()(stack.down)
app.command()(stack.status)
app.command()(demo.demo)
app.command()(desk.attention)
app.command()(desk.deadlines)
app.command()(desk.resume)
app.command()(desk.whoami)
for _more in (following.app, amending.app, equipment.app, papers.app, notices.of_order):
    orders.app.add_typer(_more)
app.add_typer(orders.app, name="order")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(webhooks.events, name="events")
app.add_typer(ledger.app, name="ledger")
app.add_typer(clients.app, name="client")
app.add_typer(profiles.app, name="profile")
app.add_typer(rio.app, name="rio")
app.add_typer(ports.app, name="port")
app.add_typer(numbers.app, name="number")
app.add_typer(identifiers.app, name="identifier")
app.add_typer(calendar.app, name="calendar")
app.add_typer(contracts.app, name="contracts")
app.add_typer(failures.app, name="failures")
app.add_typer(copper.app, name="copper")
app.add_typer(reference.app, name="reference")
app.add_typer(projections.app, name="projections")
app.add_typer(bench.app, name="bench")
app.add_typer(exchange.app, name="exchange")
app.add_typer(bulk.app, name="bulk")
app.add_typer(indemnities.app, name="indemnity")
app.add_typer(jeopardy.app, name="jeopardy")
app.add_typer(reverse_ports.app, name="reverse")
app.add_typer(notices.app, name="notice")
app.add_typer(reconcile.app, name="reconcile")
app.add_typer(parked.app, name="parked")


@app.callback()
def before_any_command(
    profile: str | None = typer.Option(None, "--profile", help="Which server, by its name."),
) -> None:
    """What every command may be told."""
    PROFILE_ASKED_FOR.set(profile)


class ProcessName(StrEnum):
    """The processes of a deployment, one container or service each."""

    API = "api"
    RELAY = "relay"
    POLLER = "poller"
    PROJECTOR = "projector"
    WORKER = "worker"


@app.command("run")
def run_one(process: ProcessName) -> None:
    """Run one process in the foreground, as 'up', compose and systemd do."""
    from runtime.processes.process import run_process

    settings = answered(current_settings)
    run_process(_main_of(process), name=process.value, settings=settings)


def _main_of(process: ProcessName) -> "Main":
    """Imported here: each process loads its own libraries and not those of the others."""
    match process:
        case ProcessName.API:
            from runtime.processes.api import run_api

            return run_api
        case ProcessName.RELAY:
            from runtime.processes.relay import run_relay

            return run_relay
        case ProcessName.POLLER:
            from runtime.processes.poller import run_poller

            return run_poller
        case ProcessName.PROJECTOR:
            from runtime.processes.projector import run_projector

            return run_projector
        case ProcessName.WORKER:
            from runtime.processes.worker import run_worker

            return run_worker
        case _:
            assert_never(process)


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL, and Temporal, to what this version needs."""
    say(run(_migrate()))


async def _migrate() -> str:
    from adapters.postgres.schema import SchemaError
    from ledger.availability import LedgerUnavailableError
    from runtime.supervisor import as_command_error, prepare_database
    from runtime.temporal_server import add_search_attributes

    settings = current_settings()
    if settings.database_admin_url is None:
        raise BadInputError(
            "DATABASE_ADMIN_URL is not set: migrations run as the owner; set it, or use "
            "'raccord up' for the embedded database"
        )
    try:
        done = f"database: {await prepare_database(settings)}"
    except (SchemaError, LedgerUnavailableError) as exc:
        raise as_command_error(exc) from exc
    if settings.temporal_address is not None:
        added = await add_search_attributes(settings.temporal_address, settings.temporal_namespace)
        done += f"; temporal: {len(added)} search attributes added"
    return done


@app.command()
def keys() -> None:
    """Make a new pair of keys for a database of your own."""
    say(f"RACCORD_MASTER_KEY={new_key()}")
    say(f"RACCORD_SEAL_KEY={new_key()}")


def main() -> None:
    """The console script. What no command foresaw is still one sentence when it is the system's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without accents still gets an answer
    try:
        code = _exit_code()
        sys.stdout.flush()
    except OSError as exc:
        code = _system_sentence(exc)
    leave(code)


def _exit_code() -> int:
    """What the command exits with: Typer says it by raising."""
    try:
        app(standalone_mode=True)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 0
    return 0


def _system_sentence(exc: OSError) -> int:
    typer.echo(f"raccord: {exc.filename or 'the system'}: {exc.strerror or exc}", err=True)
    return UnavailableError.exit_code


if __name__ == "__main__":
    main()
