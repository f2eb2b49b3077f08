"""raccord reverse open, show, list, decide: numbers that go back to their initial donor."""

import uuid
from typing import Any

import typer

from runtime.cli.client import call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new, path_under
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(
    no_args_is_help=True, help="Reverse ports: numbers that go back to their initial donor."
)

By = typer.Option(None, "--by", help="Who does it.")


def _path(reverse_port: str) -> str:
    where = "'raccord reverse list'"
    return path_under(reverse_port, "/reverse-ports", what="the id of a reverse port", where=where)


def _meant(line: str) -> dict[str, str]:
    """A number may be written with hyphens; what is no id is one."""
    try:
        return {"line_id": str(uuid.UUID(line))}
    except ValueError:
        return {"msisdn": line}


@app.command("open")
def open_one(
    line: str = typer.Argument(..., help="The line's id, or its number."),
    incident: str = typer.Argument(
        ..., help="fraud, mistake-of-theirs, mistake-of-ours, customer-error."
    ),
    *,
    evidence: str = typer.Option(..., "--evidence", help="Where what shows it is kept."),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Record that the initial donor wants a number back; a person then agrees or refuses."""
    body = {**_meant(line), "incident": incident, "evidence": evidence, "by": by}
    found = run(call("POST", "/reverse-ports", body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(found, because=found["dates"]["because"])
    else:
        say(f"{found['reverse_port_id']}: {found['stage']}, to be answered by {found['until']}")


@app.command()
def show(reverse_port: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """Where one stands, until when and why, and what happened to it."""
    found = run(call("GET", _path(reverse_port)))
    if as_json:
        say_json(found, because=found["dates"]["because"])
        return
    say(
        f"line {found['line']} of order {found['order_id']}, back to {found['initial_donor']}: "
        f"{_stage(found)} ({found['incident']}, fault: {found['fault']})"
    )
    for said in (*found["dates"]["because"], *([found["because"]] if found["because"] else [])):
        say(f"- {said[language]}")
    for one in found["attention"]:
        say(f"{one['code']}: {one['what'][language]} ({', '.join(one['allowed'])})")
    rows = [(e["business_at"], e["event"], e["actor"]) for e in found["timeline"]]
    table(("at", "fact", "by"), rows)


@app.command("list")
def list_them(
    *,
    only_open: bool = typer.Option(False, "--open", help="Only those that are not over."),
    as_json: bool = AsJson,
) -> None:
    """Numbers that go back, or went, the most urgent first."""
    path = f"/reverse-ports?only_open={str(only_open).lower()}"
    found = run(call("GET", path))["reverse_ports"]
    if as_json:
        say_json(found)
        return
    rows = [
        (r["until"], r["reverse_port_id"], r["msisdn"], r["initial_donor"], _stage(r))
        for r in found
    ]
    if not rows:
        say("No number goes back.")
        return
    table(("until", "reverse port", "number", "back to", "stage"), rows)


@app.command()
def decide(
    reverse_port: str,
    decision: str = typer.Argument(..., help="agree, refuse, retry, skip, end, snooze, reassign."),
    *,
    reason: str = typer.Option("", "--reason", help="Why; not personal data."),
    about: str | None = typer.Option(None, "--about", help="Which question."),
    until: str | None = typer.Option(None, "--until", help="Of a snooze."),
    turn: str | None = typer.Option(None, "--turn", help="Of a reassignment."),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Agree or refuse, or answer whatever else it asks."""
    body = {"decision": decision, "reason": reason, "about": about, "by": by}
    body |= {"until": until, "turn": turn}
    path = f"{_path(reverse_port)}/decisions"
    decided = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(decided)
    else:
        say(f"{decided['reverse_port_id']}: {_stage(decided)}")


def _stage(found: dict[str, Any]) -> str:
    ending = found["ending"]
    return str(found["stage"]) if ending is None else f"{found['stage']}: {ending}"
