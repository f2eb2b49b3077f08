"""raccord reference: the regulator's published files and closed days of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings, home_of
from runtime.cli.output import NO, YES, answered, say, say_json, table
from runtime.reference import ReferenceKind

if TYPE_CHECKING:
    from runtime.reference import Loaded, Reference

app = typer.Typer(no_args_is_help=True, help="Load and show reference data.")

AsJson = typer.Option(False, "--json", help="One JSON object.")


@app.command()
def load(
    file: Path = typer.Argument(help="MAJRIO.csv, MAJNUM.csv, or a .toml of closed days."),
    *,
    as_json: bool = AsJson,
) -> None:
    """Read a published file whole, and use it from now on in place of what is shipped."""
    from runtime.contracts import contracts_folder, open_library

    def read() -> "Loaded":
        shelf = open_library(contracts_folder(current_settings())).shelf
        return _reference().load(file, providers=shelf.providers())

    loaded = answered(read)
    if as_json:
        say_json(loaded.rows, because=loaded.__dict__)
    else:
        say(f"{loaded.kind}: {loaded.rows} rows from {loaded.name}")


@app.command("list")
def list_command(*, as_json: bool = AsJson) -> None:
    """What has been loaded."""
    loaded = answered(lambda: _reference().loaded())
    if as_json:
        say_json([one.__dict__ for one in loaded])
    else:
        table(
            ("kind", "file", "rows", "loaded at", "sha256"),
            [(one.kind, one.name, one.rows, one.loaded_at, one.sha256[:12]) for one in loaded],
        )


@app.command()
def drop(kind: ReferenceKind, *, as_json: bool = AsJson) -> None:
    """Forget a loaded file and go back to what is shipped: exit 1 when there was none."""
    dropped = answered(lambda: _reference().drop(kind))
    if as_json:
        say_json(dropped, because={"kind": kind})
    else:
        say(f"{kind}: {'dropped' if dropped else 'nothing was loaded'}")
    raise typer.Exit(YES if dropped else NO)


def _reference() -> "Reference":
    from runtime.reference import Reference

    return Reference(home_of(current_settings()).reference)
