"""raccord calendar: business time added, counted and explained."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

from domain.durations import MINUS, Unit
from runtime.cli.context import current_settings, home_of
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import answered, parsed, say, say_json, table, understood
from runtime.today import today

if TYPE_CHECKING:
    from domain.calendars import Calendar
    from domain.contract_resolution import Shelf
    from domain.durations import Duration
    from domain.explanations import Explanation
    from domain.reckoning import Moment, Reckoning

app = typer.Typer(no_args_is_help=True, help="Add, count and explain business time.")


class NegativeAmounts(TyperCommand):
    """`-2` is an amount, not an option: it goes through the parser with another minus sign."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  typer's own
        return super().parse_args(ctx, [re.sub(r"^-(?=[0-9]+$)", MINUS, arg) for arg in args])


From = typer.Argument(metavar="DATE", help="A date or an instant: 2026-05-11, 2026-05-11T14:00.")
Amount = typer.Argument(metavar="N", help="How many; a negative one runs backwards.")
UnitArgument = typer.Argument(metavar="UNIT", help=", ".join(Unit))
Territory = typer.Option(
    "FR", "--territory", help="FR, 57, 67, 68, 971 to 978, or GPM, GPMAG, GPMR."
)
HoursOption = typer.Option(None, "--hours", help="Hours of a day: 08:30-17:30.")
Provider = typer.Option(None, "--provider", help="The hours of its contract, and its closed days.")
CutOff = typer.Option(None, "--cut-off", help="The hour after which a day is over: 20:00.")
NoGoodFriday = typer.Option(
    False, "--no-good-friday", help="A site in 57, 67 or 68 that works on Good Friday."
)
KnownOn = typer.Option(
    None, "--known-on", help="As the calendars were known on this day; today when left out."
)
AsJson = typer.Option(False, "--json", help="One JSON object.")


@app.command(cls=NegativeAmounts)
def add(
    start: str = From,
    amount: str = Amount,
    unit: str = UnitArgument,
    *,
    territory: str = Territory,
    hours: str | None = HoursOption,
    provider: str | None = Provider,
    cut_off: str | None = CutOff,
    no_good_friday: bool = NoGoodFriday,
    known_on: str | None = KnownOn,
    as_json: bool = AsJson,
) -> None:
    """The date, or the instant, so much time after another: the bare answer on one line."""
    shelf = _shelf(provider)
    calendar = _calendar(territory, provider, shelf, known_on, works_good_friday=no_good_friday)
    reckoning = _reckoning(calendar, shelf, hours, cut_off)
    explanation = _explained(reckoning, start, amount, unit)
    if as_json:
        _say_json(explanation)
    else:
        say(explanation.answer.isoformat())


@app.command(cls=NegativeAmounts)
def explain(
    start: str = From,
    amount: str = Amount,
    unit: str = UnitArgument,
    *,
    territory: str = Territory,
    hours: str | None = HoursOption,
    provider: str | None = Provider,
    cut_off: str | None = CutOff,
    no_good_friday: bool = NoGoodFriday,
    known_on: str | None = KnownOn,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """The same, with every day counted and skipped, and why."""
    shelf = _shelf(provider)
    calendar = _calendar(territory, provider, shelf, known_on, works_good_friday=no_good_friday)
    reckoning = _reckoning(calendar, shelf, hours, cut_off)
    explanation = _explained(reckoning, start, amount, unit)
    if as_json:
        _say_json(explanation)
    else:
        _say_explanation(explanation, language)


@app.command()
def count(
    start: str = From,
    end: str = typer.Argument(metavar="DATE", help="The other end."),
    unit: str = UnitArgument,
    *,
    territory: str = Territory,
    hours: str | None = HoursOption,
    provider: str | None = Provider,
    cut_off: str | None = CutOff,
    no_good_friday: bool = NoGoodFriday,
    known_on: str | None = KnownOn,
    as_json: bool = AsJson,
) -> None:
    """How many whole units lead from one date to another; hours may be broken."""
    from domain.explanations import explain_count
    from domain.said import hours_said

    shelf = _shelf(provider)
    calendar = _calendar(territory, provider, shelf, known_on, works_good_friday=no_good_friday)
    reckoning = _reckoning(calendar, shelf, hours, cut_off)
    first, last, counted_in = _moment(start), _moment(end), _unit(unit)
    count = understood(lambda: explain_count(reckoning, first, last, counted_in))
    total = count.answer
    if as_json:
        because = count.model_dump(mode="json")
        say_json(int(total) if total == int(total) else float(total), because=because)
    else:
        say(hours_said(total))


def _shelf(provider: str | None) -> "Shelf | None":
    """The contracts, read only where a provider is asked for."""
    from runtime.contracts import contracts_folder, open_shelf

    if provider is None:
        return None
    return answered(lambda: open_shelf(contracts_folder(current_settings())))


def _calendar(
    territory: str,
    provider: str | None,
    shelf: "Shelf | None",
    known_on: str | None,
    *,
    works_good_friday: bool,
) -> "Calendar":
    from domain.calendars import calendar_of
    from domain.contract_hours import provider_of
    from domain.territories import place_of
    from runtime.reference import Reference

    changes = answered(lambda: Reference(home_of(current_settings()).reference).calendar_changes())
    moment = today() if known_on is None else _moment(known_on)
    return understood(
        lambda: calendar_of(
            place_of(territory),
            provider=None if shelf is None else provider_of(shelf, provider or ""),
            changes=changes,
            known_on=date(moment.year, moment.month, moment.day),
            good_friday=not works_good_friday,
        )
    )


def _reckoning(
    calendar: "Calendar", shelf: "Shelf | None", hours: str | None, cut_off: str | None
) -> "Reckoning":
    from domain.contract_hours import hours_of
    from domain.hours import Hours, exchange_hours, parse_cut_off
    from domain.reckoning import Reckoning

    own = None
    if shelf is not None and calendar.provider is not None:
        own = hours_of(shelf, calendar.provider, today())
    window = own or exchange_hours(calendar.place)
    return understood(
        lambda: Reckoning(
            calendar=calendar,
            hours=window if hours is None else Hours.parse(hours),
            cut_off=None if cut_off is None else parse_cut_off(cut_off),
        )
    )


def _explained(reckoning: "Reckoning", start: str, amount: str, unit: str) -> "Explanation":
    from domain.explanations import explain_addition

    moment, duration = _moment(start), _duration(amount, unit)
    return understood(lambda: explain_addition(reckoning, moment, duration))


def _moment(text: str) -> "Moment":
    from domain.reckoning import parse_moment

    return parsed(parse_moment, text)


def _unit(text: str) -> Unit:
    from domain.durations import parse_unit

    return parsed(parse_unit, text)


def _duration(amount: str, unit: str) -> "Duration":
    from domain.durations import Duration, parse_amount

    return Duration(amount=parsed(parse_amount, amount), unit=_unit(unit))


def _say_json(explanation: "Explanation") -> None:
    say_json(explanation.answer.isoformat(), because=explanation.model_dump(mode="json"))


def _say_explanation(explanation: "Explanation", language: Language) -> None:
    from domain.said import hours_said, weekday_said

    say(in_language(explanation.summary, language))
    table(
        ("", "", "", ""),
        [
            (
                day.day.isoformat(),
                in_language(weekday_said(day.day), language),
                hours_said(day.total) if day.counted else "",
                in_language(day.said, language),
            )
            for day in explanation.days
        ],
    )
    for note in explanation.notes:
        say(in_language(note, language))
    hours = f", {explanation.hours} ({explanation.hours_source})" if explanation.hours else ""
    say(f"{in_language(explanation.place, language)}{hours} · {explanation.calendar}")
