"""raccord order list, numbers, follow: which orders there are, and one of them as it moves."""

import time

import typer

from runtime.cli.client import Answer, call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, path_of, query_of
from runtime.cli.output import NO, run, say, say_json, table

app = typer.Typer()

Reference = typer.Option(None, "--reference", help="Your own name for the order, exactly.")
StillOpen = typer.Option(None, "--open/--ended", help="Only those that go on, or only ended ones.")
Limit = typer.Option(50, "--limit", min=1, max=10_000, help="How many, the newest first.")
Seconds = typer.Option(0, "--seconds", min=0, help="Give up after so long; 0 waits for the end.")

_LOOK_SECONDS = 0.5
_PAGE = 200


@app.command("list")
def list_orders(
    *,
    reference: str | None = Reference,
    still_open: bool | None = StillOpen,
    limit: int = Limit,
    as_json: bool = AsJson,
) -> None:
    """The orders there are, newest first."""
    going = None if still_open is None else str(still_open).lower()
    query = query_of(limit=min(limit, _PAGE), reference=reference, still_open=going)
    found = _listed(query, limit)
    if as_json:
        say_json(found)
        return
    columns = ("order_id", "reference", "provider", "stage", "outcome", "received_at")
    table(columns, [tuple(one[column] for column in columns) for one in found])


def _listed(query: str, limit: int) -> list[Answer]:
    found: list[Answer] = []
    cursor = ""
    while len(found) < limit:
        page = run(call("GET", f"/orders{query}{cursor}"))
        found += page["orders"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    return found[:limit]


@app.command()
def numbers(order: str, *, as_json: bool = AsJson) -> None:
    """The numbers of an order, where they come from and go to."""
    found = run(call_all(path_of(order, "/numbers"), "numbers"))
    if as_json:
        say_json(found)
        return
    columns = ("line", "number", "group", "donor", "receiver", "stage", "port_day", "outcome")
    table(columns, [tuple(one[column] for column in columns) for one in found])


@app.command()
def follow(
    order: str,
    *,
    seconds: int = Seconds,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Every fact of an order as it happens, until it has ended. Exit 1 if it has not in time."""
    path = path_of(order)
    limit = time.monotonic() + seconds if seconds else None
    told: set[tuple[object, object]] = set()
    while True:
        entries = run(call_all(f"{path}/timeline", "entries"))
        for one in entries:
            known = (one["line"], one["entry"]["version"])
            if known not in told and not as_json:
                _say_fact(one, language)
            told.add(known)
        answer = run(call("GET", path))
        if answer["stage"] == "closed" or (limit is not None and time.monotonic() > limit):
            break
        time.sleep(_LOOK_SECONDS)
    if as_json:
        say_json(answer["outcome"], because=answer)
    elif answer["stage"] == "closed":
        say(f"ended: {answer['outcome']}")
    raise typer.Exit(0 if answer["stage"] == "closed" else NO)


def _say_fact(one: Answer, language: Language) -> None:
    entry = one["entry"]
    line = f"line {one['line']}" if one["line"] else "order"
    words = (entry["said"] or {}).get(language, "")
    say(f"{entry['business_at']}  {line}  {entry['event']}  {words}".rstrip())
