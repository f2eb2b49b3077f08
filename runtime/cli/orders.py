"""raccord order: a client of the API."""

import json
import uuid
from pathlib import Path
from urllib.parse import urlencode

import typer

from runtime.cli.accesses import access_lines
from runtime.cli.client import Answer, call, call_all
from runtime.cli.languages import Language, LanguageOption
from runtime.cli.output import NO, answered, fail, run, say, say_json, table
from runtime.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="Submit, follow and answer orders.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Key = typer.Option(None, "--key", help="Idempotency key; give the same one to try again.")
Line = typer.Option(None, "--line", help="Which line, when there are several.")
By = typer.Option(None, "--by", help="Who decides, when it is not the caller.")


def read_object(file: Path) -> Answer:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadInputError(f"{file} cannot be read ({exc.strerror}); give another file") from exc
    except ValueError as exc:
        raise BadInputError(f"{file} is not JSON ({exc}); correct it and try again") from exc
    if not isinstance(content, dict):
        raise BadInputError(
            f"{file} must hold one JSON object; see docs/processes/port_in_mobile.md, or "
            "docs/site-orders.md for accesses"
        )
    return content


def id_of(text: str, *, what: str, where: str) -> str:
    """An id as it stands in an address; anything else would be another address."""
    try:
        return str(uuid.UUID(text))
    except ValueError as exc:
        raise BadInputError(f"'{text}' is not {what}; copy it from {where}") from exc


def path_under(text: str, within: str, *, what: str, where: str) -> str:
    """The address of one thing by its id, below the list it is in."""
    return f"{within}/{answered(lambda: id_of(text, what=what, where=where))}"


def path_of(order: str, rest: str = "") -> str:
    where = "the answer to 'raccord order submit'"
    return f"{path_under(order, '/orders', what='an order id', where=where)}{rest}"


def query_of(**asked: object) -> str:
    """What is given, as the end of an address; nothing when nothing is."""
    given = {name: value for name, value in asked.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""


def key_or_new(key: str | None) -> str:
    return key or f"cli-{uuid.uuid4()}"


@app.command()
def submit(file: Path, key: str | None = Key, *, as_json: bool = AsJson) -> None:
    """Submit the order in a JSON file; prints its id."""
    request = answered(lambda: read_object(file))
    answer = run(call("POST", "/orders", body=request, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answer["order_id"], because=answer)
    else:
        say(answer["order_id"])


@app.command()
def show(order: str, *, language: Language = LanguageOption, as_json: bool = AsJson) -> None:
    """One order: where it is, line by line, and what waits for a person."""
    answer = run(call("GET", path_of(order)))
    if as_json:
        say_json(answer, because=answer["timeline"])
        return
    facts = ("order_id", "provider", "stage", "outcome", "reference", "customer", "received_at")
    table(("", ""), [(name.replace("_", " "), answer[name]) for name in facts if answer[name]])
    _say_jeopardy(run(call("GET", path_of(order, "/jeopardy?limit=1"))))
    if not answer["lines"]:
        _say_tally(answer["tally"])
        return
    table(
        ("line", "stage", "port day", "awaited", "until", "outcome"),
        [_line_row(line, language) for line in answer["lines"]],
    )
    for line in answer["lines"]:
        for shown in access_lines(line, language):
            say(shown)
        for attention in line["attention"]:
            say(f"{attention['code']}: {attention['what'][language]}")
            say(f"  {attention['turn']}, until {attention['until']}: {_choices(attention)}")


def _say_jeopardy(found: Answer) -> None:
    """Lines that will be late, or are."""
    late, at_risk, order = found["late"], found["at_risk"], found["order_id"]
    if late or at_risk:
        say(f"{late} late, {at_risk} at risk: raccord jeopardy --order {order}")


def _say_tally(tally: Answer) -> None:
    """Of a large order; its lines are asked for by themselves."""
    rows = [(f"{tally['lines']} lines", "")]
    rows += [("at " + stage, count) for stage, count in tally["stages"].items()]
    rows += [("ended " + outcome, count) for outcome, count in tally["outcomes"].items()]
    rows += [("asks " + code, count) for code, count in tally["waiting"].items()]
    table(("", ""), rows)
    say("Its lines: raccord order lines")


def _line_row(line: Answer, language: Language) -> tuple[object, ...]:
    plan, awaited = line["plan"] or {}, line["awaited"] or {}
    return (
        line["number"],
        line["stage"],
        plan.get("port_day"),
        awaited.get(language),
        line["due"],
        line["outcome"],
    )


def _choices(attention: Answer) -> str:
    return ", ".join(attention["allowed"])


@app.command()
def lines(
    order: str,
    *,
    stage: str | None = typer.Option(None, "--stage", help="Only those at this stage."),
    outcome: str | None = typer.Option(None, "--outcome", help="Only those that ended so."),
    waiting_for: str | None = typer.Option(
        None, "--waiting-for", help="Only those that ask this of a person."
    ),
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """The lines of an order, however many: where each is, and what became of it."""
    query = query_of(stage=stage, outcome=outcome, waiting_for=waiting_for)
    found = run(call_all(path_of(order, f"/lines{query}"), "lines"))
    if as_json:
        say_json(found)
        return
    rows = [
        (
            one["line"],
            one["stage"],
            one["port_day"],
            (one["awaited"] or {}).get(language),
            one["due"],
            ", ".join(a["code"] for a in one["attention"]),
            one["outcome"],
        )
        for one in found
    ]
    table(("line", "stage", "port day", "awaited", "until", "asks", "outcome"), rows)


@app.command()
def timeline(
    order: str,
    *,
    line: int | None = Line,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Every fact of an order and its lines, in order, with who and why."""
    entries = run(call_all(path_of(order, f"/timeline{query_of(line=line)}"), "entries"))
    if as_json:
        say_json(entries)
        return
    rows = [(one["line"] or "", one["entry"]) for one in entries]
    table(
        ("business time", "line", "fact", "by", ""),
        [
            (entry["business_at"], line, entry["event"], entry["actor"], _said(entry, language))
            for line, entry in rows
        ],
    )


def _said(entry: Answer, language: Language) -> str:
    return str((entry["said"] or {}).get(language, ""))


@app.command()
def find(contact: str, *, as_json: bool = AsJson) -> None:
    """The orders of a contact, found without reading anybody else's."""
    found = run(call("POST", "/search/orders", body={"contact": contact}))["order_ids"]
    if as_json:
        say_json(found)
    else:
        say("\n".join(found) or "none")


@app.command()
def decide(
    order: str,
    decision: str,
    *,
    reason: str = typer.Option("", "--reason", help="Why; not personal data."),
    about: str | None = typer.Option(None, "--about", help="Which attention, when several."),
    given: list[str] = typer.Option(
        [],
        "--set",
        help="key=value: day, until, slot, half, document, on, speed, serials, failure, rio…",
    ),
    by: str | None = By,
    line: int | None = Line,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Answer what waits for a person: retry, correct, skip, provide, postpone, cancel."""
    fields = answered(lambda: dict(pair_of(text) for text in given))
    rio = fields.pop("rio", None)
    sent = {
        "decision": decision,
        "reason": reason,
        "given": fields,
        **_given(by=by, rio=rio, about=about, line=line),
    }
    path = path_of(order, "/decisions")
    answer = run(call("POST", path, body=sent, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answer["taken"], because=answer)
    else:
        say("taken")


def _given(**values: object) -> Answer:
    return {name: value for name, value in values.items() if value is not None}


def pair_of(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip() or not value.strip():
        raise BadInputError(f"'{text}' is no pair; write it like --set day=2027-01-20")
    return name.strip(), value.strip()


@app.command()
def cancel(
    order: str,
    *,
    yes: bool = typer.Option(False, "--yes", help="What it costs has been read."),
    by: str | None = By,
    line: int | None = Line,
    key: str | None = Key,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What cancelling takes and costs now; asked for with --yes. Exit 1 when it is too late."""
    preview = run(call("GET", path_of(order, f"/cancellation{query_of(line=line)}")))
    if not preview["possible"] or not yes:
        _say_preview(preview, language, as_json=as_json)
        raise typer.Exit(0 if preview["possible"] else NO)
    body = {"accept_cost": True, **_given(by=by, line=line)}
    path = path_of(order, "/cancellations")
    answer = run(call("POST", path, body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answer["taken"], because=preview)
    else:
        say("asked for; see 'raccord order show' for what it still needs")


@app.command()
def hold(
    order: str,
    *,
    until: str | None = typer.Option(None, "--until", help="It goes on by itself on that day."),
    resume: bool = typer.Option(False, "--resume", help="Take it up again, now."),
    reason: str = typer.Option("", "--reason", help="Why; not personal data."),
    by: str | None = By,
    line: int | None = Line,
    key: str | None = Key,
    as_json: bool = AsJson,
) -> None:
    """Suspend the delivery of a site until a day, or take it up again. Exit 1 when it cannot be."""
    if (until is None) is not resume:
        fail(BadInputError("say --until and a day, or --resume to take it up again now"))
    body = {"reason": reason, **_given(by=by, line=line, until=until)}
    answer = run(call("POST", path_of(order, "/holds"), body=body, idempotency_key=key_or_new(key)))
    if as_json:
        say_json(answer["taken"], because=answer)
    else:
        say("taken up again" if resume else f"suspended until {until}")


def _say_preview(preview: Answer, language: Language, *, as_json: bool) -> None:
    if as_json:
        say_json(preview["possible"], because=preview)
        return
    terms = preview["terms"]
    say(f"zone: {preview['zone']}")
    for zone in preview["zones"]:
        say(f"{zone['zone']} until {zone['ends_at']}: {zone['said'][language]} ({zone['source']})")
    for cost in terms["cost"]:
        say(cost[language])
    if terms["needs"] is not None:
        say(terms["needs"][language])
    if preview["possible"]:
        say("Ask for it with --yes.")
