"""raccord indemnity: what is owed for what was late, lost or missed, and why; or why nothing is."""

from typing import Any

import typer

from runtime.cli.client import call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new, path_of, path_under, query_of
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(
    no_args_is_help=True, help="Indemnities: what is owed, why, asked for, paid, corrected."
)

By = typer.Option(None, "--by", help="Who does it.")
On = typer.Option(..., "--on", help="The day on which it happened: 2027-01-20.")
Reason = typer.Option(..., "--reason", help="Why, on which evidence; not personal data.")
Monthly = typer.Option(None, "--monthly", help="The line's monthly price, taxes in: 19.90.")
Responsible = typer.Option(
    None, "--responsible", help="Who answers for it: us, host, donor, customer, nobody."
)
BackOn = typer.Option(None, "--back-on", help="The day the service was back, or the new visit.")


@app.command("list")
def list_them(
    *,
    payable: bool = typer.Option(False, "--payable", help="Only what may be paid now."),
    order: str | None = typer.Option(None, "--order", help="Of one order."),
    as_json: bool = AsJson,
) -> None:
    """What is or may be owed, and what it waits for."""
    of = None if order is None else path_of(order).removeprefix("/orders/")
    asked = query_of(payable=str(payable).lower(), order=of)
    found = run(call_all(f"/indemnities{asked}", "indemnities"))
    if as_json:
        say_json(found)
        return
    rows = [
        (i["indemnity_id"], i["head"], i["provider"], _stage(i), i["owed"], i["payable"], i["due"])
        for i in found
    ]
    if not rows:
        say("No indemnity may be paid now." if payable else "No indemnity.")
        return
    table(("indemnity", "for", "provider", "stage", "owed €", "payable €", "until"), rows)


def _stage(indemnity: dict[str, Any]) -> str:
    ending = indemnity["ending"]
    return str(indemnity["stage"]) if ending is None else f"{indemnity['stage']}: {ending}"


@app.command()
def show(indemnity: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """Where one stands, what it waits for, and what happened to it."""
    found = run(call("GET", _path(indemnity)))
    if as_json:
        say_json(found, because=_explanation(indemnity)["because"])
        return
    say(
        f"{found['head']} of order {found['order_id']}, line {found['line']}: {_stage(found)}; "
        f"owed {found['owed']} €, paid {found['paid']} €"
    )
    if found["awaited"]:
        say(f"awaited: {found['awaited'][language]}, until {found['due']}")
    for one in found["attention"]:
        say(f"{one['code']}: {one['what'][language]} ({', '.join(one['allowed'])})")
    rows = [(e["business_at"], e["event"], e["actor"]) for e in found["timeline"]]
    table(("at", "fact", "by"), rows)


@app.command()
def explain(indemnity: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """Day by day and in euros, each with the fact or the clause it rests on. Nothing too."""
    found = _explanation(indemnity)
    if as_json:
        say_json({"owed": found["owed"], "balance": found["balance"]}, because=found)
        return
    say(f"{found['head']}: {found['owed']} € ({found['source'] or 'not worked out yet'})")
    for said in found["because"]:
        say(f"- {said[language]}")


def _path(indemnity: str) -> str:
    where = "'raccord indemnity list'"
    return path_under(indemnity, "/indemnities", what="the id of an indemnity", where=where)


def _explanation(indemnity: str) -> dict[str, Any]:
    return run(call("GET", f"{_path(indemnity)}/explanation"))


@app.command()
def request(
    indemnity: str,
    *,
    on: str = On,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """The customer asked for it: it is to be paid within thirty days."""
    _done(indemnity, "requests", {"on": on, "by": by}, key=key, as_json=as_json)


@app.command()
def pay(
    indemnity: str,
    amount: str,
    *,
    on: str = On,
    reference: str = typer.Option(..., "--reference", help="Of the credit note or transfer."),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """It was paid."""
    body = {"on": on, "amount": amount, "reference": reference, "by": by}
    _done(indemnity, "payments", body, key=key, as_json=as_json)


@app.command()
def correct(
    indemnity: str,
    *,
    reason: str = Reason,
    monthly: str | None = Monthly,
    responsible: str | None = Responsible,
    agreed_on: str | None = typer.Option(None, "--agreed-on", help="The agreed port day."),
    back_on: str | None = BackOn,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Undo what was worked out by its equal, and have it worked out anew."""
    body = {
        "reason": reason,
        "monthly_ttc": monthly,
        "responsible": responsible,
        "agreed_on": agreed_on,
        "back_on": back_on,
        "by": by,
    }
    _done(indemnity, "corrections", body, key=key, as_json=as_json)


@app.command()
def hand_over(
    indemnity: str,
    *,
    on: str = On,
    how: str = typer.Option(..., "--how", help="email, letter, desk…"),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """The customer has what is needed to claim it from whoever answers for it."""
    _done(indemnity, "evidence", {"on": on, "how": how, "by": by}, key=key, as_json=as_json)


@app.command()
def decide(
    indemnity: str,
    decision: str,
    *,
    reason: str = Reason,
    about: str | None = typer.Option(None, "--about", help="Which question."),
    monthly: str | None = Monthly,
    responsible: str | None = Responsible,
    back_on: str | None = BackOn,
    until: str | None = typer.Option(None, "--until", help="For snooze: an instant."),
    turn: str | None = typer.Option(None, "--turn", help="For reassign: whose turn."),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Answer what waits for a person: provide, retry, end, snooze, reassign."""
    body = {
        "decision": decision,
        "reason": reason,
        "about": about,
        "monthly_ttc": monthly,
        "responsible": responsible,
        "back_on": back_on,
        "until": until,
        "turn": turn,
        "by": by,
    }
    _done(indemnity, "decisions", body, key=key, as_json=as_json)


@app.command()
def record_appointment(
    order: str,
    *,
    missed_on: str = typer.Option(..., "--missed-on", help="The day of the appointment."),
    missed_by: str = typer.Option(..., "--missed-by", help="us, host, donor, customer, unknown."),
    evidence: str = typer.Option(..., "--evidence", help="Where it is shown; not personal data."),
    line: int | None = typer.Option(None, "--line", help="Needed when there are several."),
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """A visit that belongs to a port did not take place."""
    body = {
        "missed_on": missed_on,
        "missed_by": missed_by,
        "evidence": evidence,
        "line": line,
        "by": by,
    }
    path = path_of(order, "/missed-appointments")
    _said(run(call("POST", path, body=body, idempotency_key=key_or_new(key))), as_json=as_json)


def _done(
    indemnity: str, what: str, body: dict[str, Any], *, key: str | None, as_json: bool
) -> None:
    path = f"{_path(indemnity)}/{what}"
    _said(run(call("POST", path, body=body, idempotency_key=key_or_new(key))), as_json=as_json)


def _said(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    back = "" if found["to_claim_back"] == "0.00" else f", {found['to_claim_back']} € to claim back"
    say(f"{found['indemnity_id']}: {_stage(found)}, owed {found['owed']} €{back}")
