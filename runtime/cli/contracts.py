"""raccord contracts: what each contract says, where, and who wins."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from domain.said import Said
from runtime.cli.context import current_settings
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json, table, understood
from runtime.today import today

if TYPE_CHECKING:
    from domain.contract_profiles import Entry, Profile
    from domain.contract_resolution import Answer, Pin, Shelf, Step

app = typer.Typer(no_args_is_help=True, help="List, show, check, compare and explain contracts.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
Provider = typer.Argument(help="oksio, onecom, axantis, nexis, technicophone, or your own.")
Service = typer.Argument(help="mobile, data, internet, vga…")
OrderForm = typer.Option(
    None, "--order-form", help="A profile of level order-form: what was signed for one order."
)
TO_SIGN = Said(fr="à signer", en="to be signed")
SHOWN_ONLY = Said(
    fr="montré seulement : à signer dans le profil avant d'être facturé",
    en="shown only: somebody must sign it in the profile before it is charged",
)
At = typer.Option(None, "--at", help="The day of signature; today when left out.")


@app.command("list")
def list_command(*, as_json: bool = AsJson) -> None:
    """Every profile, with its version and the days it can be signed on."""
    profiles = _shelf().profiles
    rows = [
        (p.provider, p.service, p.level, p.version, p.valid_from, p.valid_until, len(p.entries))
        for p in profiles
    ]
    names = ("provider", "service", "level", "version", "valid_from", "valid_until", "values")
    if as_json:
        say_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        table(names, rows)


@app.command()
def show(
    provider: str = Provider,
    service: str = Service,
    *,
    at: str | None = At,
    order_form: Path | None = OrderForm,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Everything a process may ask of a service, what wins, and the line it stands at."""
    shelf, pin = _shelf_and_pin(provider, service, at, order_form)
    answers = understood(lambda: list(shelf.answers(pin)))
    if as_json:
        because = pin.model_dump(mode="json")
        say_json({a.term.name: _in_json(a) for a in answers}, because=because)
    else:
        table(
            ("question", "", "answer", "who", "where"),
            [
                (a.term.name, in_language(a.term.said, language), *_on_a_line(a, language))
                for a in answers
            ],
        )


@app.command()
def explain(
    provider: str = Provider,
    service: str = Service,
    term: str = typer.Argument(help="A question, as 'raccord contracts show' names it."),
    *,
    at: str | None = At,
    order_form: Path | None = OrderForm,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """One question: who was asked, who answered, every reading, and why one is in force."""
    shelf, pin = _shelf_and_pin(provider, service, at, order_form)
    answer = understood(lambda: shelf.answer(pin, term))
    if as_json:
        say_json(_in_json(answer), because=_asked(answer))
        return
    say(in_language(answer.term.said, language))
    for line in _explained(answer, language):
        say(line)


@app.command()
def check(
    path: Path | None = typer.Argument(None, help="A folder of contracts; the one in use if none."),
    *,
    seeds: Path | None = typer.Option(None, "--seeds", help="The texts: check every word cited."),
    as_json: bool = AsJson,
) -> None:
    """Every fault, with its file, line and remedy: exit 0 if there is none, 1 otherwise."""
    from runtime.contracts import check as check_folder
    from runtime.contracts import contracts_folder

    folder = path or contracts_folder(answered(current_settings))
    faults = answered(lambda: check_folder(folder, seeds))
    if as_json:
        say_json(not faults, because=[fault.__dict__ for fault in faults])
    else:
        for fault in faults:
            say(str(fault))
        say("clean" if not faults else f"{len(faults)} faults")
    raise typer.Exit(NO if faults else YES)


@app.command()
def diff(
    before: str = typer.Argument(metavar="A", help="PROVIDER/SERVICE, or PROVIDER/SERVICE@DATE."),
    after: str = typer.Argument(metavar="B", help="The other side."),
    *,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What changes for an order signed on either side: exit 0 when something does, 1 if not."""
    from domain.contract_resolution import differences

    shelf = _shelf()
    pins = [_pin(shelf, *_side(text)) for text in (before, after)]
    found = understood(lambda: differences(shelf, *pins))
    if as_json:
        changed = {d.term.name: [_in_json(d.before), _in_json(d.after)] for d in found}
        say_json(changed, because=[pin.model_dump(mode="json") for pin in pins])
    else:
        table(
            ("question", before, after),
            [
                (d.term.name, _on_a_line(d.before, language)[0], _on_a_line(d.after, language)[0])
                for d in found
            ],
        )
    raise typer.Exit(YES if found else NO)


@app.command()
def folder() -> None:
    """The folder of the contracts in use, to be copied for contracts of one's own."""
    from runtime.contracts import contracts_folder

    say(str(contracts_folder(answered(current_settings))))


@app.command("table")
def table_command() -> None:
    """Every answer of every contract as one page of Markdown, with its line."""
    from runtime.contract_table import contract_page

    typer.echo(understood(lambda: contract_page(_shelf())), nl=False)


def _shelf() -> "Shelf":
    from runtime.contracts import contracts_folder, open_shelf

    return answered(lambda: open_shelf(contracts_folder(current_settings())))


def _shelf_and_pin(
    provider: str, service: str, at: str | None, form: Path | None
) -> "tuple[Shelf, Pin]":
    from runtime.contracts import order_form

    shelf = _shelf()
    signed = None if form is None else answered(lambda: order_form(form, shelf))
    return shelf, _pin(shelf, provider, service, at, form=signed)


def _pin(
    shelf: "Shelf", provider: str, service: str, at: str | None, *, form: "Profile | None" = None
) -> "Pin":
    day = today() if at is None else parsed(_day, at)
    return understood(lambda: shelf.pin(provider, service, day, order_form=form))


def _day(text: str) -> date:
    from datetime import datetime

    from domain.reckoning import parse_moment

    moment = parse_moment(text)
    return moment.date() if isinstance(moment, datetime) else moment


def _side(text: str) -> tuple[str, str, str | None]:
    name, _, day = text.partition("@")
    provider, _, service = name.partition("/")
    return provider, service, day or None


def _on_a_line(answer: "Answer", language: Language) -> tuple[str, str, str]:
    from domain.contract_values import value_said

    if answer.entry is None or answer.winner is None:
        return ("" if answer.stated is None else in_language(answer.stated.said, language), "", "")
    reading = answer.entry.current
    mark = "" if answer.entry.may_be_charged else f" ({in_language(TO_SIGN, language)})"
    return f"{value_said(reading.value)}{mark}", answer.winner.level, str(reading.source)


def _in_json(answer: "Answer") -> dict[str, object]:
    from domain.contract_values import value_said

    if answer.entry is None or answer.winner is None:
        return {"value": None, "stated": answer.stated}
    reading = answer.entry.current
    return {
        "value": reading.value.model_dump(mode="json"),
        "said": value_said(reading.value),
        "level": answer.winner.level,
        "document": answer.winner.name,
        "source": str(reading.source),
        "words": reading.source.words,
        "may_be_charged": answer.may_be_charged,
        "in_force": answer.entry.in_force,
        "readings": {r.name: value_said(r.value) for r in answer.entry.readings},
        "note": answer.entry.note,
        "stated": None,
    }


def _asked(answer: "Answer") -> list[dict[str, object]]:
    return [
        {
            "document": step.profile.name,
            "level": step.profile.level,
            "wins": step is answer.won_by,
            "answer": None if step.entry is None else step.entry.model_dump(mode="json"),
            "stated": step.stated,
        }
        for step in answer.steps
    ]


def _explained(answer: "Answer", language: Language) -> Iterator[str]:
    for step in answer.steps:
        name = f"{step.profile.level}, {step.profile.name}"
        if step.entry is None:
            silence = "" if step.stated is None else in_language(step.stated.said, language)
            yield f"  {name}: {silence or '-'}"
        else:
            mark = "*" if step is answer.won_by else _lost(step, language)
            yield from _entry_lines(step.entry, name, mark, language)


def _lost(step: "Step", language: Language) -> str:
    if step.may_win:
        return "(écarté)" if language is Language.FR else "(overruled)"
    return "(cité)" if language is Language.FR else "(cited)"


def _entry_lines(entry: "Entry", name: str, mark: str, language: Language) -> Iterator[str]:
    from domain.contract_values import value_said

    for reading in entry.readings:
        in_force = reading.name == entry.in_force
        words = f" «{reading.source.words}»" if reading.source.words else ""
        shown = mark if in_force else " "
        yield f"{shown} {name}: {value_said(reading.value)} ({reading.source}{words})"
    if entry.because is not None:
        yield f"  {in_language(entry.because, language)}"
    if entry.note is not None:
        yield f"  {entry.note}"
    if entry.signed is not None:
        by, on = entry.signed.by, entry.signed.on
        signed = Said(fr=f"signé par {by} le {on}", en=f"signed by {by} on {on}")
        yield f"  {in_language(signed, language)}"
    elif entry.needs_sign_off:
        yield f"  {in_language(SHOWN_ONLY, language)}"
