"""raccord failures: what follows each failure, by whose row, and what is wrong with the rows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json, table, understood
from runtime.today import today

if TYPE_CHECKING:
    from domain.failure_policy import FailureBook, FailurePolicy, Row
    from domain.port_in_facts import Step

app = typer.Typer(no_args_is_help=True, help="List, show, check and explain failure policies.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Operator = typer.Argument(help="orange, sfr, bouygues, gpm, gpmag, gpmr.")
At = typer.Option(None, "--at", help="The day it happens; today when left out.")


@app.command("list")
def list_command(*, as_json: bool = AsJson) -> None:
    """Every operator's policy, with its version and its number of rows."""
    names = ("operator", "version", "rows", "interface")
    book = _book()
    rows = [
        (p.operator, p.version, len(p.rows), book.interfaces.get(p.operator, ""))
        for p in sorted(book.policies.values(), key=lambda policy: policy.operator)
    ]
    if as_json:
        say_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        table(names, rows)


@app.command()
def show(operator: str = Operator, *, as_json: bool = AsJson) -> None:
    """The rows of one operator, the most specific first: the first that fits wins."""
    policy = _policy(operator)
    ranked = sorted(policy.rows, key=lambda row: row.rank(), reverse=True)
    if as_json:
        say_json([_in_json(row) for row in ranked], because={"version": policy.version})
        return
    table(
        ("row", "from", "interface", "step", "code", "retry", "then", "queue", "owner"),
        [
            (r.name, r.since, r.interface, r.step or "*", r.code, _retry(r), r.then, r.queue,
             r.owner)
            for r in ranked
        ],
    )  # fmt: skip


@app.command()
def explain(
    operator: str = Operator,
    step: str = typer.Argument(help="prepare-line, send-request…"),
    code: str = typer.Argument(help="The operator's code, or no-answer, come-back-later…"),
    *,
    at: str | None = At,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What follows one failure on a day, by which row, and which rows it goes before."""
    book, policy, day = _book(), _policy(operator), today() if at is None else parsed(_day, at)
    failure = book.failure(operator, parsed(_step_of(policy.operator), step), code)
    row, named = book.row_for(failure, day)
    others = [one for one in policy.rows if one.is_about(failure) and one != row]
    others.sort(key=lambda one: one.rank(), reverse=True)
    if as_json:
        say_json(_in_json(row), because={"row": str(named), "before": [_named(o) for o in others]})
        return
    say(str(named))
    say(f"  {_retry(row) or 'not tried again'}; then {row.then}: {row.queue}, {row.owner}")
    if row.allowed:
        say(f"  may be decided: {', '.join(row.allowed)}")
    if row.said is not None:
        say(f"  {in_language(row.said, language)}")
    say(f"  {row.source or f'ours: {row.ours}'}")
    for other in others:
        when = "not in force on that day" if other.since > day else "less specific, or older"
        say(f"  before {_named(other)}: {when}")


@app.command()
def check(
    path: Path | None = typer.Argument(None, help="A folder of policies; the one in use if none."),
    *,
    as_json: bool = AsJson,
) -> None:
    """Every fault, with its file, line and remedy: exit 0 if there is none, 1 otherwise."""
    from runtime.failures import open_policies, own_folder

    own = path or own_folder(answered(current_settings))
    faults = answered(lambda: open_policies(own)).faults
    if as_json:
        say_json(not faults, because=[fault.__dict__ for fault in faults])
    else:
        for fault in faults:
            say(str(fault))
        say({0: "clean", 1: "1 fault"}.get(len(faults), f"{len(faults)} faults"))
    raise typer.Exit(NO if faults else YES)


@app.command()
def folder() -> None:
    """The folder of the policies that are shipped, to copy a file from."""
    from runtime.failures import SHIPPED

    say(str(SHIPPED))


def _book() -> "FailureBook":
    from runtime.failures import open_book, own_folder

    return answered(lambda: open_book(own_folder(current_settings())))


def _policy(operator: str) -> "FailurePolicy":
    from domain.parsed import BadValueError

    policies = _book().policies

    def found() -> "FailurePolicy":
        if operator not in policies:
            raise BadValueError(
                f"'{operator}' has no policy; write one of {', '.join(sorted(policies))}"
            )
        return policies[operator]

    return understood(found)


def _step_of(operator: str) -> "Callable[[str], Step]":
    """Read among the steps that are ever asked of it."""
    from domain.failure_checks import steps_of
    from domain.parsed import BadValueError
    from domain.port_in_facts import Step

    asked = steps_of(operator)
    known = ", ".join(step for step in Step if step in asked)

    def read(text: str) -> "Step":
        try:
            step = Step(text.strip().lower())
        except ValueError as exc:
            raise BadValueError(f"'{text}' is no step; write one of {known}") from exc
        if step not in asked:
            raise BadValueError(f"{step} is never asked of {operator}; write one of {known}")
        return step

    return read


def _day(text: str) -> date:
    from datetime import datetime

    from domain.reckoning import parse_moment

    moment = parse_moment(text)
    return moment.date() if isinstance(moment, datetime) else moment


def _named(row: "Row") -> str:
    return f"{row.name} (from {row.since})"


def _retry(row: "Row") -> str:
    if row.retry is None:
        return ""
    after, longest = row.retry.after, row.retry.longest
    said = f"tried again after {after.said.en}, {row.retry.at_most} times at most"
    return said if longest is None else f"{said}, {longest.said.en} off at the furthest"


def _in_json(row: "Row") -> dict[str, object]:
    return row.model_dump(mode="json", by_alias=True)
