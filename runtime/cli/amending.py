"""raccord order amend: the difference and what follows first, then its execution."""

import time
from pathlib import Path

import typer

from runtime.cli.client import Answer, call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, id_of, key_or_new, path_of, read_object
from runtime.cli.output import NO, YES, answered, fail, run, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer()

Yes = typer.Option(False, "--yes", help="Carry it out; without it the plan is shown and kept.")
Execute = typer.Option(None, "--execute", help="Carry out a plan that was kept, by its id.")
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
    execute: str | None = Execute,
    withdraw: str | None = Withdraw,
    key: str | None = Key,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Change an order that runs: what differs and what follows; carried out with --yes."""
    if sum(one is not None for one in (file, execute, withdraw)) > 1 or (yes and file is None):
        fail(
            BadInputError(
                "give a file, --execute or --withdraw, one of them; --yes goes with a file"
            )
        )
    if withdraw is not None:
        _withdrawn(order, withdraw, as_json=as_json)
    elif execute is not None:
        _carried_out(order, _amendment(execute), as_json=as_json)
    elif file is None:
        _listed(order, as_json=as_json)
    else:
        plan = _planned(order, file, key)
        if not as_json:
            _say_plan(plan, language)
        if yes:
            _carried_out(order, plan["amendment_id"], as_json=as_json)
        elif as_json:
            say_json(plan["stands"], because=plan)
        else:
            say(f"carry it out with --execute {plan['amendment_id']}")


def _planned(order: str, file: Path, key: str | None) -> Answer:
    change = answered(lambda: read_object(file))
    path = path_of(order, "/amendments")
    return run(call("POST", path, body=change, idempotency_key=key_or_new(key)))


def _amendment(text: str) -> str:
    where = "'raccord order amend ORDER'"
    return answered(lambda: id_of(text, what="an amendment's id", where=where))


def _carried_out(order: str, amendment: str, *, as_json: bool) -> None:
    """Exit 0 when every line took it, 1 when one did not or has not answered yet."""
    done = _executed(order, amendment, quiet=as_json)
    if as_json:
        say_json(done["stands"], because=done)
    taken = all(one["taken"] for one in done["answers"])
    raise typer.Exit(YES if done["stands"] == "executed" and taken else NO)


def _listed(order: str, *, as_json: bool) -> None:
    found = run(call("GET", path_of(order, "/amendments")))["amendments"]
    if as_json:
        say_json(found)
        return
    rows = [(a["number"], a["amendment_id"], a["stands"], a["valid_until"]) for a in found]
    table(("", "amendment", "stands", "holds until"), rows)


def _withdrawn(order: str, amendment: str, *, as_json: bool) -> None:
    path = path_of(order, f"/amendments/{_amendment(amendment)}/withdrawal")
    gone = run(call("POST", path))
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
