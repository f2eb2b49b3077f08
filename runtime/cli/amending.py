"""raccord order amend: the difference and what follows first, then its execution."""

import time
from pathlib import Path

import typer

from runtime.cli.client import Answer, call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, id_of, key_or_new, path_of, read_object
from runtime.cli.output import NO, answered, run, say, say_json, table

app = typer.Typer()

Yes = typer.Option(False, "--yes", help="Carry it out; without it the plan is shown and kept.")
Withdraw = typer.Option(None, "--withdraw", help="Give up a plan, by its id, instead.")
File = typer.Argument(None, help='{"customer": {…}, "lines": [{"line": 1, "wish": "2027-02-03"}]}')

_LOOK_SECONDS = 0.5
_LIMIT_SECONDS = 60


@app.command()
def amend(
    order: str,
    file: Path | None = File,
    *,
    yes: bool = Yes,
    withdraw: str | None = Withdraw,
    key: str | None = Key,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Change an order that runs: what differs, what follows, and with --yes its execution."""
    if withdraw is not None or file is None:
        _withdrawn(order, withdraw, as_json=as_json)
        return
    change = answered(lambda: read_object(file))
    path = path_of(order, "/amendments")
    plan = run(call("POST", path, body=change, idempotency_key=key_or_new(key)))
    if not as_json:
        _say_plan(plan, language)
    if yes:
        plan = _executed(order, plan["amendment_id"], quiet=as_json)
    if as_json:
        say_json(plan["stands"], because=plan)
    if any(not one["taken"] for one in plan["answers"]):
        raise typer.Exit(NO)


def _withdrawn(order: str, amendment: str | None, *, as_json: bool) -> None:
    if amendment is None:
        found = run(call("GET", path_of(order, "/amendments")))["amendments"]
        if as_json:
            say_json(found)
            return
        rows = [(a["number"], a["amendment_id"], a["stands"], a["valid_until"]) for a in found]
        table(("", "amendment", "stands", "holds until"), rows)
        return
    where = "'raccord order amend ORDER'"
    known = answered(lambda: id_of(amendment, what="an amendment's id", where=where))
    gone = run(call("POST", path_of(order, f"/amendments/{known}/withdrawal")))
    if as_json:
        say_json(gone["stands"], because=gone)
    else:
        say(gone["stands"])


def _say_plan(plan: Answer, language: Language) -> None:
    rows = [
        (one["pointer"], one["was"] or "", one["becomes"] or "", one["effect"][language])
        for one in plan["differences"]
    ]
    table(("what", "was", "becomes", "what follows"), rows)
    say(f"amendment {plan['amendment_id']} holds until {plan['valid_until']}")


def _executed(order: str, amendment: str, *, quiet: bool) -> Answer:
    """Begun, then followed until every line has answered."""
    run(call("POST", path_of(order, f"/amendments/{amendment}/execution")))
    limit = time.monotonic() + _LIMIT_SECONDS
    while True:
        found = run(call("GET", path_of(order, "/amendments")))["amendments"]
        standing: Answer = next(one for one in found if one["amendment_id"] == amendment)
        if standing["stands"] != "executing" or time.monotonic() > limit:
            break
        time.sleep(_LOOK_SECONDS)
    if not quiet:
        say(standing["stands"])
        for one in standing["answers"]:
            say(f"line {one['line']}: {'taken' if one['taken'] else one['why']}")
    return standing
