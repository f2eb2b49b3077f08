"""raccord order equipment: where the equipment of a site is."""

import typer

from runtime.cli.client import call
from runtime.cli.orders import AsJson, By, Key, Line, key_or_new, path_of
from runtime.cli.output import run, say, say_json

app = typer.Typer()


@app.command()
def equipment(
    order: str,
    *,
    name: str = typer.Option(..., "--name", help="router, fibre-box; a second one: router-2."),
    to: str = typer.Option(
        ...,
        "--to",
        help="ordered, shipped, delivered, installed, returned, invoiced, cancelled.",
    ),
    on: str | None = typer.Option(None, "--on", help="The day it happened; today, if not said."),
    serial: str | None = typer.Option(None, "--serial", help="Its serial number."),
    reserves: str | None = typer.Option(
        None, "--reserves", help="Written on the delivery slip; kept sealed."
    ),
    bought: bool = typer.Option(False, "--bought", help="Sold: it is not asked back."),
    monthly: str | None = typer.Option(
        None, "--monthly", help="With --to ordered: its own price on the order form, a month."
    ),
    once: str | None = typer.Option(
        None, "--once", help="With --to ordered: likewise, for its set-up or its sale."
    ),
    euros: str | None = typer.Option(None, "--euros", help="With --to invoiced: its price."),
    by: str | None = By,
    line: int | None = Line,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Say where a piece of equipment of a site is. Exit 1 when it cannot be."""
    told = {"on": on, "serial": serial, "reserves": reserves}
    sums = {"monthly": monthly, "once": once, "euros": euros}
    who = {"by": by, "line": line}
    given = {word: value for word, value in {**told, **sums, **who}.items() if value is not None}
    body = {"name": name, "to": to, **given, **({"bought": True} if bought else {})}
    path = path_of(order, "/equipment")
    answer = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answer["taken"], because=answer)
    else:
        say(f"{name}: {to}")
