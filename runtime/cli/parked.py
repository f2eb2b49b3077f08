"""raccord parked list, decide: work that nobody here could do, for people."""

import typer

from runtime.cli.client import call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(no_args_is_help=True, help="Work nobody here could do: try it again, or settle.")

Reason = typer.Option("", "--reason", help="Why; not personal data.")
By = typer.Option(None, "--by", help="Who decides.")


@app.command("list")
def list_command(*, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """What could not be done outside, the most urgent first."""
    found = run(call("GET", "/parked"))["parked"]
    if as_json:
        say_json(found)
        return
    rows = [
        (p["until"], p["queue"], p["number"], ", ".join(p["allowed"]), p["what"][language])
        for p in found
    ]
    if not rows:
        say("Nothing is parked.")
        return
    table(("until", "queue", "number", "may be", "what"), rows)


@app.command()
def decide(
    number: int,
    decision: str = typer.Argument(help="try-again, settle."),
    *,
    reason: str = Reason,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Try it again, once its cause is mended, or settle it with a reason."""
    body = {"decision": decision, "reason": reason, "by": by}
    path = f"/parked/{number}/decisions"
    decided = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(decided)
    else:
        say(f"{decided['number']}: {'still parked' if decided['open'] else decision}")
