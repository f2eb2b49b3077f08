"""raccord port: when a number can be ported or a port cancelled, and why one was refused."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings, home_of
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json, table, understood
from runtime.errors import BadInputError

if TYPE_CHECKING:
    from domain.contract_resolution import Shelf
    from domain.exchange_rules import ExchangeRules
    from domain.numbers import FrenchNumber
    from domain.port_dates import DateRefusedError, PortCalendar, PortPlan

app = typer.Typer(no_args_is_help=True, help="Plan the port of a number; understand a refusal.")


@app.command()
def plan(
    number: str = typer.Argument(help="A mobile number, in any usual form."),
    *,
    provider: str = typer.Option(..., "--provider", help="Whose contract: axantis, oksio…"),
    at: str | None = typer.Option(None, "--at", help="When it is asked for; now when left out."),
    wish: str | None = typer.Option(None, "--wish", help="The port day the customer wishes."),
    language: Language = LanguageOption,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """The port day, the session that asks for it, and each moment cancelling changes hands.

    Exit 1 when the wished day cannot be: the answer is then the first that can.
    """
    from domain.contract_hours import provider_of
    from domain.port_dates import DateRefusedError
    from runtime.contracts import contracts_folder, open_shelf

    shelf = answered(lambda: open_shelf(contracts_folder(current_settings())))
    asked_at = _asked_at(at)
    calendar = answered(lambda: _calendar(shelf, _mobile(number), asked_at))
    whose = understood(lambda: provider_of(shelf, provider))
    pin = understood(lambda: shelf.pin(whose, "mobile", asked_at.date()))
    wished = None if wish is None else _day(wish)
    try:
        found = calendar.plan(asked_at=asked_at, wished=wished, shelf=shelf, pin=pin)
    except DateRefusedError as exc:
        _say_refusal(exc, language, as_json=as_json)
        raise typer.Exit(NO) from exc
    if as_json:
        say_json(found.port_day.isoformat(), because=found.model_dump(mode="json"))
    else:
        _say_plan(found, language)
    raise typer.Exit(YES)


@app.command()
def refusal(
    code: str = typer.Argument(help="A donor's refusal code: R123."),
    *,
    language: Language = LanguageOption,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> None:
    """What a refusal means and what to do. Exit 0 when it can be sent again, 1 when not."""
    from domain.exchange_codes import why_refused
    from domain.refusals import SOURCE, NextStep

    found = why_refused(code)
    known = found.next_step is not NextStep.PERSON
    if as_json:
        because = {
            "code": found.code,
            "ground": found.ground,
            "next_step": found.next_step,
            "cause": found.cause.model_dump(),
            "remedy": found.remedy.model_dump(),
            "source": SOURCE if known else None,
        }
        say_json(found.can_be_sent_again, because=because)
    else:
        say(in_language(found.cause, language))
        say(in_language(found.remedy, language))
        say(f"{found.next_step}" + (f" · {SOURCE}" if known else ""))
    raise typer.Exit(YES if found.can_be_sent_again else NO)


def _say_refusal(refused: "DateRefusedError", language: Language, *, as_json: bool) -> None:
    if as_json:
        say_json(refused.first.isoformat(), because=refused.why.model_dump())
    else:
        say(f"{in_language(refused.why, language)}: {refused.first.isoformat()}")


def _say_plan(found: "PortPlan", language: Language) -> None:
    from domain.said import day_said, moment_said

    say(in_language(day_said(found.port_day), language))
    rows = [
        (zone.zone, in_language(moment_said(zone.ends_at), language), zone.source)
        for zone in found.zones
    ]
    table(("until", "", ""), rows)
    for zone in found.zones:
        say(in_language(zone.said, language))
    say(in_language(found.earliest.summary, language))


def _mobile(text: str) -> "FrenchNumber":
    from domain.numbers import Family, FrenchNumber
    from runtime.reference import Reference

    line = (
        Reference(home_of(current_settings()).reference)
        .blocks()
        .placed(parsed(FrenchNumber.parse, text))
    )
    if line.family is not Family.MOBILE or line.group is None:
        raise BadInputError(
            f"'{text}' goes through no mobile exchange we know; give a number in 06 or 07 of "
            "metropolitan France, the Antilles, Guyane, Réunion or Mayotte"
        )
    return line


def _calendar(shelf: "Shelf", line: "FrenchNumber", asked_at: datetime) -> "PortCalendar":
    from domain.calendars import calendar_of
    from domain.port_dates import PortCalendar
    from domain.territories import Territory
    from runtime.reference import Reference

    changes = Reference(home_of(current_settings()).reference).calendar_changes()
    rules = _rules(shelf, line, asked_at.date())
    return PortCalendar(
        rules=rules,
        exchange=calendar_of(rules.group, changes=changes),
        contract=calendar_of(Territory.METROPOLE, changes=changes),
    )


def _rules(shelf: "Shelf", line: "FrenchNumber", day: date) -> "ExchangeRules":
    from domain.exchange_rules import rules_of

    if line.group is None:
        raise BadInputError("the number has no exchange")
    group = line.group
    return understood(lambda: rules_of(shelf, group, day))


def _asked_at(text: str | None) -> datetime:
    """An hour without an offset is Paris time: the contract's own."""
    from domain.calendars import calendar_of
    from domain.reckoning import Reckoning, parse_moment
    from domain.territories import Territory

    if text is None:
        return datetime.now(UTC)
    moment = parsed(parse_moment, text)
    return Reckoning(calendar=calendar_of(Territory.METROPOLE)).instant_of(moment)


def _day(text: str) -> date:
    from domain.reckoning import parse_moment

    moment = parsed(parse_moment, text)
    return date(moment.year, moment.month, moment.day)
