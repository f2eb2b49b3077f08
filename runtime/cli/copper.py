"""raccord copper: what may still be ordered on copper, where and when, and what is wrong with the
files that say so."""

from datetime import date
from enum import StrEnum
from pathlib import Path

import typer

from runtime.cli.context import current_settings
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json
from runtime.today import today

app = typer.Typer(no_args_is_help=True, help="Ask and check the closures of copper.")


class Kind(StrEnum):
    NEW_LINE = "new-line"
    TAKEOVER = "takeover"
    MOVE = "move"


@app.command()
def explain(
    commune: str = typer.Argument(help="Its INSEE code."),
    *,
    address: str | None = typer.Option(
        None, help="An address of it: its key, or its number and street."
    ),
    kind: Kind = typer.Option(Kind.NEW_LINE, help="What is ordered."),
    at: str | None = typer.Option(None, "--at", help="The day; today when left out."),
    language: Language = LanguageOption,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Whether it may be ordered there on a day: exit 0 if so, 1 otherwise."""
    from domain.copper_closures import OrderKind, judge
    from domain.identifiers import Commune
    from runtime.copper import open_closures

    place = parsed(Commune.parse, commune).value
    on = today() if at is None else parsed(_day, at)
    closures = answered(lambda: open_closures(current_settings().copper))
    found = judge(closures, commune=place, address_key=address, on=on, kind=OrderKind(kind))
    if as_json:
        because = {"said": found.said.model_dump(), "source": found.source}
        say_json(found.state, because={**because, "unsigned": found.unsigned})
    else:
        say(f"{found.state}: {in_language(found.said, language)}")
        for line in filter(None, (found.source, _UNSIGNED if found.unsigned else "")):
            say(line)
    raise typer.Exit(YES if found.may_be_ordered else NO)


_UNSIGNED = "a default of ours: a person decides until somebody has signed it"


@app.command()
def check(
    path: Path | None = typer.Argument(None, help="A folder of closures; the one in use if none."),
    *,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """Every fault, with its file, line and remedy: exit 0 if there is none, 1 otherwise."""
    from runtime.copper import open_copper

    own = path or answered(current_settings).copper
    faults = answered(lambda: open_copper(own)).faults
    if as_json:
        say_json(not faults, because=[fault.__dict__ for fault in faults])
    else:
        for fault in faults:
            say(str(fault))
        say({0: "clean", 1: "1 fault"}.get(len(faults), f"{len(faults)} faults"))
    raise typer.Exit(NO if faults else YES)


@app.command()
def folder() -> None:
    """The folder of the closures that are shipped."""
    from runtime.copper import SHIPPED

    say(str(SHIPPED))


def _day(text: str) -> date:
    from datetime import datetime

    from domain.reckoning import parse_moment

    moment = parse_moment(text)
    return moment.date() if isinstance(moment, datetime) else moment
