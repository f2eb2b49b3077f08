"""raccord jeopardy: what will be late, or is, by order and cause; and why a line is expected when.

`raccord jeopardy` lists; `raccord jeopardy explain LINE` reckons.
"""

from typing import Any

import typer

from runtime.cli.client import call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, path_of, path_under, query_of
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(help="What will be late, or is: by order and cause, and why.")


@app.callback(invoke_without_command=True)
def jeopardy(
    context: typer.Context,
    *,
    order: str | None = typer.Option(None, "--order", help="The lines of one order."),
    late: bool = typer.Option(False, "--late", help="Only what is late already."),
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What will be late, or is, by order and cause; of one order, line by line."""
    if context.invoked_subcommand is not None:
        return
    asked = query_of(late="true" if late else None)
    if order is not None:
        _of_order(path_of(order, f"/jeopardy{asked}"), language, as_json=as_json)
        return
    found = run(call_all(f"/jeopardy{asked}", "jeopardy"))
    if as_json:
        say_json(found)
        return
    for one in found:
        expected = _expected(one)
        say(f"order {one['order_id']}: {_lines(one['lines'])} {expected}: {one['said'][language]}")
    if not found:
        say("Nothing is late." if late else "Nothing is late, and nothing is expected to be.")


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _expected(one: dict[str, Any]) -> str:
    promised = f"promised for {one['promised_on']}"
    if one["verdict"] == "late":
        return f"late, {promised}, expected {one['expected_on']}"
    days = "1 day" if one["days_late"] == 1 else f"{one['days_late']} days"
    return f"expected {days} late, {promised}"


def _of_order(path: str, language: Language, *, as_json: bool) -> None:
    found = run(call_all(path, "lines"))
    if as_json:
        say_json(found)
        return
    rows = [
        (
            one["line"],
            one["verdict"],
            one["stage"],
            one["promised_on"],
            one["expected_on"],
            one["said"][language],
            one["line_id"],
        )
        for one in found
    ]
    table(("line", "", "stage", "promised", "expected", "because", "id"), rows)
    if not rows:
        say("No line of it is late, or expected to be.")


@app.command()
def explain(line: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """One line, by its id: what was promised, what is left and how long it takes, what follows."""
    where = "'raccord jeopardy --order ID'"
    path = path_under(line, "/lines", what="a line id", where=where)
    found = run(call("GET", f"{path}/outlook"))
    outlook = found["outlook"]
    if as_json:
        say_json(None if outlook is None else outlook["verdict"], because=found)
        return
    if outlook is None:
        say(f"{found['stage']}: it has ended, or no day was promised for it")
        return
    say(f"{outlook['verdict']}, at {found['stage']}")
    for said in outlook["because"]:
        say(f"- {said[language]}")
    if outlook["cause"] is not None:
        _say_cause(outlook["cause"])


def _say_cause(cause: dict[str, Any]) -> None:
    whom = f" ({cause['whom']})" if cause["whom"] else ""
    say(f"{cause['code']}{whom}, since {cause['since']}; awaited: {cause['waits_for']}")
