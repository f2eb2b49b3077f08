"""raccord exchange files, troubles, settle, transfers, answer: the mobile exchanges, for people."""

import typer

from runtime.cli.client import call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new, path_under
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(help="The mobile exchanges: files, troubles, numbers others ask of us.")

Reason = typer.Option("", "--reason", help="Why; not personal data.")
By = typer.Option(None, "--by", help="Who decides.")
Code = typer.Option(None, "--code", help="Why not, in the exchange's codes: R123, C002…")


@app.command()
def files(*, as_json: bool = AsJson) -> None:
    """What was put down and what came, the latest first, with each side's answer."""
    found = run(call("GET", "/exchange/files"))
    if as_json:
        say_json(found)
        return
    rows = [
        ("to", f["recipient"], f["name"], f["deposited_at"], f["answer"]) for f in found["sent"]
    ]
    rows += [
        ("from", f["emitter"], f["name"], f["received_at"], f["answer"]) for f in found["received"]
    ]
    table(("", "operator", "file", "at", "answer"), rows)


@app.command()
def troubles(*, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """What of the exchanges needs a person, the most urgent first."""
    found = run(call("GET", "/exchange/troubles"))["troubles"]
    if as_json:
        say_json(found)
        return
    rows = [
        (t["until"], t["trouble_id"], ", ".join(t["allowed"]), t["what"][language]) for t in found
    ]
    if not rows:
        say("Nothing of the exchanges waits for a person.")
        return
    table(("until", "trouble", "may be", "what"), rows)


@app.command()
def settle(
    trouble: str,
    decision: str,
    *,
    reason: str = Reason,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Settle a trouble: settle, deposit-again, read-again."""
    body = {"decision": decision, "reason": reason, "by": by}
    where = "'raccord exchange troubles'"
    found = path_under(trouble, "/exchange/troubles", what="the id of a trouble", where=where)
    path = f"{found}/decisions"
    settled = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(settled)
    else:
        say(f"{settled['trouble_id']}: {'still open' if settled['open'] else 'settled'}")


@app.command()
def transfers(*, as_json: bool = AsJson) -> None:
    """Numbers others ask of us, or tell us of, that are not settled yet."""
    found = run(call("GET", "/exchange/transfers"))["transfers"]
    if as_json:
        say_json(found)
        return
    rows = [
        (t["until"], t["transfer_id"], t["stage"], t["msisdn"], t["receiver"], t["port_day"])
        for t in found
    ]
    if not rows:
        say("Nobody asks for a number.")
        return
    table(("until", "transfer", "stage", "number", "to", "port day"), rows)


@app.command()
def answer(
    transfer: str,
    answer: str,
    *,
    code: str | None = Code,
    reason: str = Reason,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Answer as donor, or confirm: accept, refuse, reactivate, lose, confirm, settle."""
    body = {"answer": answer, "code": code, "reason": reason, "by": by}
    where = "'raccord exchange transfers'"
    found = path_under(transfer, "/exchange/transfers", what="the id of a transfer", where=where)
    path = f"{found}/answers"
    answered = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answered)
    else:
        say(f"{answered['transfer_id']}: {answered['stage']}")
