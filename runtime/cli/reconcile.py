"""raccord reconcile run, last, differences, show, decide: hosts compared with the ledger."""

from typing import Any

import typer

from runtime.cli.client import call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new, path_under
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(no_args_is_help=True, help="What hosts say of our lines, and what differs.")

Reason = typer.Option("", "--reason", help="Why; not personal data.")
By = typer.Option(None, "--by", help="Who decides.")
Hosts = typer.Option([], "--host", help="Only these: orange, sfr, bouygues.")


def _path(difference: str) -> str:
    where = "'raccord reconcile differences'"
    return path_under(
        difference, "/reconcile/differences", what="the id of a difference", where=where
    )


@app.command("run")
def run_now(
    *,
    host: list[str] = Hosts,
    reason: str = Reason,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Compare hosts now, without waiting for the night."""
    body = {"hosts": host, "reason": reason, "by": by}
    taken = run(call("POST", "/reconcile/runs", body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(taken)
    else:
        say(f"{', '.join(taken['hosts'])}: being compared; see 'raccord reconcile last'")


@app.command()
def last(*, as_json: bool = AsJson) -> None:
    """What was compared last and when, how many lines, and what could not be."""
    found = run(call("GET", "/reconcile/hosts"))
    if as_json:
        say_json(found)
        return
    rows = [(one["host"], one["night"] or "never", *_counted(one)) for one in found["hosts"]]
    table(("host", "night", "lines", "compared", "differing", ""), rows)
    exchange = found["exchange"]
    say(
        f"exchanges: {exchange['sync_differences']} differences of their lists, "
        f"{exchange['unanswered_files']} files nobody answered, {exchange['refused']} refused"
    )


def _counted(one: dict[str, Any]) -> tuple[object, ...]:
    counts = one["counts"] or {"lines": 0, "compared": 0, "raised": 0, "seen_again": 0, "beyond": 0}
    differing = counts["raised"] + counts["seen_again"] + counts["beyond"]
    why = one["why"] or ("overdue" if one["overdue"] else "")
    return (counts["lines"], counts["compared"], differing, why)


@app.command()
def differences(*, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """What hosts say otherwise than we believe, those that wait for a person first."""
    found = run(call("GET", "/reconcile/differences"))["differences"]
    if as_json:
        say_json(found)
        return
    rows = [
        (d["until"], d["stage"], d["difference_id"], ", ".join(d["allowed"]), d["what"][language])
        for d in found
    ]
    if not rows:
        say("No host differs on any line, as far as they were asked.")
        return
    table(("until", "stage", "difference", "may be", "what"), rows)


@app.command()
def show(difference: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """Both sides of one difference, what is proposed, and what was done about it."""
    found = run(call("GET", _path(difference)))
    if as_json:
        say_json(found, because=found["proposed"])
        return
    say(f"{found['what'][language]}: {found['stage']}; order {found['order_id']}")
    ours, theirs = found["ours"], found["theirs"]
    say(f"by our facts: {ours['standing']} since {ours['since']}")
    for fact in ours["evidence"]:
        say(f"  {fact['at']} {fact['event']} {fact['detail'] or ''}".rstrip())
    says = theirs["standing"] or f"refuses with {theirs['code']}"
    say(f"{found['host']} says: {says} (asked {theirs['asked_at']})")
    say(f"proposed: {found['proposed'][language]}")
    if found["came_of_it"]:
        say(f"last: {found['came_of_it'][language]}")
    if found["allowed"]:
        say(f"until {found['until']}, {found['turn']}: {', '.join(found['allowed'])}")
    rows = [(e["business_at"], e["event"], e["actor"]) for e in found["timeline"]]
    table(("at", "fact", "by"), rows)


@app.command()
def decide(
    difference: str,
    decision: str,
    *,
    reason: str = Reason,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """release, resume, ask-host-again, settle."""
    body = {"decision": decision, "reason": reason, "by": by}
    path = f"{_path(difference)}/decisions"
    decided = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(decided)
    else:
        say(f"{decided['difference_id']}: {decided['stage']}")
