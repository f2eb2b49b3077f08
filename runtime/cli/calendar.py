"""raccord calendar: business time added, counted and explained."""

from typing import TYPE_CHECKING

import typer

from domain.durations import Unit
from runtime.cli.context import current_settings, home_of
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import parsed, say, say_json, table, understood
from runtime.errors import BadInputError

if TYPE_CHECKING:
    from domain.durations import Duration
    from domain.explanations import Explanation
    from domain.reckoning import Moment, Reckoning

app = typer.Typer(no_args_is_help=True, help="Add, count and explain business time.")

_NEGATIVE = {"ignore_unknown_options": True}
"""A negative amount is an argument, not an option."""

From = typer.Argument(metavar="DATE", help="A date or an instant: 2026-05-11, 2026-05-11T14:00.")
Amount = typer.Argument(metavar="N", help="How many; a negative one runs backwards.")
UnitArgument = typer.Argument(metavar="UNIT", help=", ".join(Unit))
Territory = typer.Option(
    "FR", "--territory", help="FR, 57, 67, 68, 971 to 978, or GPM, GPMAG, GPMR."
)
HoursOption = typer.Option(None, "--hours", help="Hours of a day: 08:30-17:30.")
Provider = typer.Option(
    None, "--provider", help="oksio, onecom, axantis, nexis or technicophone: hours, closed days."
)
CutOff = typer.Option(None, "--cut-off", help="The hour after which a day is over: 20:00.")
NoGoodFriday = typer.Option(
    False, "--no-good-friday", help="A site in 57, 67 or 68 that works on Good Friday."
)
AsJson = typer.Option(False, "--json", help="One JSON object.")


@app.command(context_settings=_NEGATIVE)
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
    as_json: bool = AsJson,
) -> None:
    """The date, or the instant, so much time after another: the bare answer on one line."""
    reckoning = understood(lambda: _reckoning(territory, hours, provider, cut_off, no_good_friday))
    explanation = _explained(reckoning, start, amount, unit)
    if as_json:
        _say_json(explanation)
    else:
        say(explanation.answer.isoformat())


@app.command(context_settings=_NEGATIVE)
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
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """The same, with every day counted and skipped, and why."""
    reckoning = understood(lambda: _reckoning(territory, hours, provider, cut_off, no_good_friday))
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
    as_json: bool = AsJson,
) -> None:
    """How many whole units lead from one date to another; hours may be broken."""
    from domain.said import hours_said

    reckoning = understood(lambda: _reckoning(territory, hours, provider, cut_off, no_good_friday))
    first, last, counted_in = _moment(start), _moment(end), _unit(unit)
    total = understood(lambda: reckoning.count(first, last, counted_in))
    if as_json:
        because = _counted(reckoning, first, last, counted_in)
        say_json(int(total) if total == int(total) else float(total), because=because)
    else:
        say(hours_said(total))


def _counted(
    reckoning: "Reckoning", start: "Moment", end: "Moment", unit: Unit
) -> dict[str, object]:
    """The days between, each counted or not, with the reason."""
    from domain.durations import HOUR_UNITS, WEEK_OF
    from domain.explanations import days_between

    first, last = reckoning.instant_of(start).date(), reckoning.instant_of(end).date()
    week = WEEK_OF.get(unit)
    days = () if unit in HOUR_UNITS else days_between(reckoning.calendar, first, last, week)
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "unit": unit,
        "calendar": reckoning.calendar.version,
        "place": reckoning.calendar.said.model_dump(),
        "hours": None if reckoning.hours is None else str(reckoning.hours),
        "days": [day.model_dump(mode="json") for day in days],
    }


def _reckoning(
    territory: str,
    hours: str | None,
    provider: str | None,
    cut_off: str | None,
    no_good_friday: bool,  # noqa: FBT001  as the options came
) -> "Reckoning":
    from domain.calendars import calendar_of
    from domain.hours import PROVIDER_HOURS, Hours, exchange_hours, parse_cut_off
    from domain.reckoning import Reckoning
    from domain.territories import place_of
    from runtime.reference import Reference

    if provider is not None and provider not in PROVIDER_HOURS:
        raise BadInputError(
            f"'{provider}' is no provider we know; write one of {', '.join(PROVIDER_HOURS)}"
        )
    reference = Reference(home_of(current_settings()).reference)
    place = place_of(territory)
    own = None if provider is None else PROVIDER_HOURS[provider]
    return Reckoning(
        calendar=calendar_of(
            place,
            provider=provider,
            changes=reference.calendar_changes(),
            good_friday=not no_good_friday,
        ),
        hours=own or exchange_hours(place) if hours is None else Hours.parse(hours),
        cut_off=None if cut_off is None else parse_cut_off(cut_off),
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
