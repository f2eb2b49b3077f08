"""raccord bulk: the same answer for many lines, shown first, then done, each with its result."""

import re

import typer

from runtime.cli.client import Answer, call, call_all
from runtime.cli.languages import Language
from runtime.cli.orders import AsJson, By, Key, key_or_new, pair_of, path_of, path_under
from runtime.cli.output import NO, answered, run, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Answer, cancel or move many lines at once.")

Lines = typer.Option(None, "--lines", help="Their places in the order: 1,4-9,12.")
Reason = typer.Option("", "--reason", help="Why; not personal data.")
Token = typer.Option(None, "--token", help="That of what was shown: do it, to exactly those.")
Order = typer.Option(None, "--order", help="Of one order only.")
_SPAN = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


@app.command()
def decide(
    decision: str,
    *,
    about: str = typer.Option(..., "--about", help="The question they ask: donor-silent, fleet…"),
    detail: str | None = typer.Option(None, "--detail", help="Its code, exactly: R123."),
    order: str | None = Order,
    lines: str | None = Lines,
    host: str | None = typer.Option(None, "--host", help="On one network only."),
    provider: str | None = typer.Option(None, "--provider", help="Under one contract only."),
    given: list[str] = typer.Option([], "--set", help="key=value: day, until, turn, gate…"),
    reason: str = Reason,
    by: str | None = By,
    token: str | None = Token,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """The same decision for every line that asks the same; shown, and done with --token."""
    asked = {
        "action": "decide",
        "decision": decision,
        "about": about,
        "detail": detail,
        "host": host,
        "provider": provider,
        "given": answered(lambda: dict(pair_of(text) for text in given)),
        "reason": reason,
        "by": by,
        **_where(order, lines),
    }
    _shown_or_done(asked, token=token, key=key, as_json=as_json)


@app.command()
def cancel(
    order: str,
    *,
    lines: str | None = Lines,
    by: str | None = By,
    token: str | None = Token,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Some lines of an order, or all that are open: what it costs first, asked for with --token."""
    asked = {"action": "cancel", "by": by, **_where(order, lines)}
    _shown_or_done(asked, token=token, key=key, as_json=as_json)


@app.command()
def move(
    order: str,
    day: str,
    *,
    lines: str | None = Lines,
    by: str | None = By,
    token: str | None = Token,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Another port day for some lines of an order, or for all whose request has not left."""
    asked = {"action": "move", "day": day, "by": by, **_where(order, lines)}
    _shown_or_done(asked, token=token, key=key, as_json=as_json)


@app.command()
def show(
    bulk: str,
    *,
    refused: bool = typer.Option(False, "--refused", help="Only lines that said no."),
    as_json: bool = AsJson,
) -> None:
    """How far it is, and what each line said. Exit 1 when a line said no."""
    where = "the answer to 'raccord bulk'"
    path = path_under(bulk, "/bulks", what="a bulk id", where=where)
    found = run(call("GET", path))
    results = run(call_all(f"{path}?refused={str(refused).lower()}", "results"))
    if as_json:
        say_json({**found, "results": results, "next": None})
    else:
        say(f"{found['taken']} taken, {found['answered']} answered, of {found['lines']}")
        rows = [(r["order_id"], r["line"], _said(r), r["why"]) for r in results]
        table(("order", "line", "", "why"), rows)
    raise typer.Exit(NO if found["answered"] > found["taken"] else 0)


def _said(result: Answer) -> str:
    return {True: "taken", False: "refused", None: "waits"}[result["taken"]]


def _where(order: str | None, lines: str | None) -> Answer:
    known = None if order is None else path_of(order).removeprefix("/orders/")
    return {"order_id": known, "lines": answered(lambda: places_in(lines))}


def places_in(text: str | None) -> list[int]:
    """1,4-9,12 as the places it names."""
    places: list[int] = []
    for part in (text or "").split(",") if text else ():
        span = _SPAN.fullmatch(part.strip())
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if not 1 <= first <= last:
            raise BadInputError(f"'{part}' is no place of a line; write them like 1,4-9,12")
        places += range(first, last + 1)
    return sorted(set(places))


def _shown_or_done(asked: Answer, *, token: str | None, key: str | None, as_json: bool) -> None:
    """What was not shown is not done: its token is part of what is asked."""
    body = {name: value for name, value in asked.items() if value not in (None, [], {}, "")}
    if token is None:
        preview = run(call("POST", "/bulk-previews", body=body))
        _say_preview(preview, as_json=as_json)
        raise typer.Exit(0 if preview["possible"] else NO)
    cost = {"accept_cost": True} if asked["action"] == "cancel" else {}
    body = {**body, **cost, "token": token}
    begun = run(call("POST", "/bulks", body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(begun["bulk_id"], because=begun)
    else:
        say(f"{begun['bulk_id']}: {begun['lines']} lines; see 'raccord bulk show'")


def _say_preview(preview: Answer, *, as_json: bool, language: Language = Language.EN) -> None:
    if as_json:
        say_json(preview["possible"], because=preview)
        return
    rows = [
        (p["order_id"], p["line"], p["stage"], p["port_day"], p["why_not"] or "yes")
        for p in preview["lines"]
    ]
    table(("order", "line", "stage", "port day", "possible"), rows)
    for cost in preview["cost"]:
        say(cost[language])
    for line in preview["lines"]:
        for cost in line["cost"]:
            say(f"line {line['line']}: {cost[language]}")
    say(f"{preview['possible']} lines; {preview['left_alone']} left alone.")
    if preview["possible"]:
        say(f"Do it with --token {preview['token']}")
