"""raccord notice list, show, record, settle, and raccord order told: what customers are told."""

import typer

from runtime.cli.client import Answer, call
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.orders import AsJson, Key, key_or_new, path_of, path_under
from runtime.cli.output import run, say, say_json, table

app = typer.Typer(no_args_is_help=True, help="What customers are told, and what waits for you.")
of_order = typer.Typer()

Sent = typer.Option(None, "--sent", help="The day it was sent, such as 2027-01-20.")
Presented = typer.Option(None, "--presented", help="The day it was first presented.")
Received = typer.Option(None, "--received", help="The day it was signed for or acknowledged.")
Reason = typer.Option("", "--reason", help="Why; not personal data.")
Address = typer.Option(None, "--address", help="With other-address: where to send it.")
Channel = typer.Option(None, "--channel", help="With other-channel: letter, registered-letter…")
By = typer.Option(None, "--by", help="Who says so, when it is not the caller.")


def _path(notice: str, rest: str = "") -> str:
    where = "'raccord notice list'"
    return f"{path_under(notice, '/notices', what='a notice id', where=where)}{rest}"


@app.command("list")
def list_(*, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """Those that wait for a person: letters to send, dates to record, what did not leave."""
    found = run(call("GET", "/notices"))["notices"]
    if as_json:
        say_json(found)
        return
    rows = [
        (
            n["until"],
            "late" if n["late"] else "",
            n["notice_id"],
            n["reference"],
            n["purpose"],
            n["channel"],
            n["why"] or n["waits_for"][language],
        )
        for n in found
    ]
    if not rows:
        say("No notice waits for a person.")
        return
    table(("until", "", "notice", "order", "about", "by", "what"), rows)


@app.command()
def show(notice: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """One notice: where it stands, and its text, to be printed or copied."""
    found = run(call("GET", _path(notice)))
    if as_json:
        say_json(found, because=found["rule"])
    else:
        _say(found, language)


@app.command()
def record(
    notice: str,
    *,
    sent: str | None = Sent,
    presented: str | None = Presented,
    received: str | None = Received,
    by: str | None = By,
    key: str | None = Key,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Write down the days of a letter; says from which day it counts."""
    days = {"sent_on": sent, "presented_on": presented, "received_on": received, "by": by}
    body = {name: value for name, value in days.items() if value is not None}
    path = _path(notice, "/dates")
    recorded = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(recorded, because=recorded["rule"])
        return
    rule = recorded["rule"] or recorded["waits_for"]
    say(rule[language])


@app.command()
def settle(
    notice: str,
    decision: str,
    *,
    reason: str = Reason,
    address: str | None = Address,
    channel: str | None = Channel,
    by: str | None = By,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Say how it goes on: send-again, other-address, other-channel, give-up."""
    given = {"address": address, "channel": channel, "by": by}
    body = {"decision": decision, "reason": reason} | {k: v for k, v in given.items() if v}
    path = _path(notice, "/decisions")
    settled = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(settled)
    else:
        say(f"{settled['notice_id']}: {settled['stage']}")


@of_order.command()
def told(
    order: str,
    *,
    text: bool = typer.Option(False, "--text", help="With the words of each."),
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What the customer was told, how, and from which day it counts."""
    found = run(call("GET", path_of(order, "/told")))["notices"]
    if as_json:
        say_json(found)
        return
    if text:
        for notice in found:
            _say(notice, language)
        return
    rows = [
        (n["due_at"], n["purpose"], n["channel"], n["stage"], n["sent_on"], n["in_effect_on"])
        for n in found
    ]
    table(("due", "about", "by", "stage", "sent", "in effect"), rows)


def _say(notice: Answer, language: Language) -> None:
    facts = ("notice_id", "order_id", "purpose", "channel", "stage", "to", "until")
    rows = [(name.replace("_", " "), notice[name]) for name in facts if notice[name]]
    said = ("because", "rule", "waits_for")
    rows += [(name.replace("_", " "), notice[name][language]) for name in said if notice[name]]
    table(("", ""), rows)
    if notice["text"]:
        say(f"\n{notice['text']['subject']}\n\n{notice['text']['body']}")
