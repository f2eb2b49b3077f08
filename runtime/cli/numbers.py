"""raccord number: what a telephone number is, and what may be ported with it."""

from typing import TYPE_CHECKING

import typer

from runtime.cli.context import current_settings, home_of
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json, table
from runtime.errors import BadInputError

if TYPE_CHECKING:
    from domain.number_blocks import BlockDirectory
    from domain.numbers import FrenchNumber

app = typer.Typer(no_args_is_help=True, help="Explain numbers; say what is ported together.")

_YES = {Language.EN: "yes", Language.FR: "oui"}
_NO = {Language.EN: "no: ", Language.FR: "non : "}
AsJson = typer.Option(False, "--json", help="One JSON object.")


@app.command()
def explain(
    number: str = typer.Argument(help="A telephone number, in any usual form."),
    *,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Its forms, what it is for, where it belongs, and who was given its block."""
    line, blocks = _placed(number)
    facts = _facts(line, blocks)
    if as_json:
        say_json(line.e164 or line.national, because=facts)
        return
    shown = {**facts, "national": line.spaced}
    table(("", ""), [(n, _shown(v, language)) for n, v in shown.items() if v is not None])


@app.command()
def together(
    numbers: list[str] = typer.Argument(help="Two numbers or more."),
    *,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Whether they can be ported in one request: exit 0 yes, 1 no."""
    from domain.numbers import why_not_together

    if len(numbers) == 1:
        answered(_one_number)
    why = why_not_together([_placed(number)[0] for number in numbers])
    if as_json:
        say_json(why is None, because=None if why is None else why.model_dump())
    else:
        say(_YES[language] if why is None else f"{_NO[language]}{in_language(why, language)}")
    raise typer.Exit(YES if why is None else NO)


@app.command("range")
def range_command(
    ends: str = typer.Argument(help="01 76 21 00 10 - 01 76 21 00 29, or only the last figures."),
    *,
    as_json: bool = AsJson,
) -> None:
    """The direct-dial numbers of a range, in whole blocks of ten."""
    from domain.numbers import DirectDialRange

    numbers = parsed(DirectDialRange.parse, ends)
    if as_json:
        because = {"first": str(numbers.first), "last": str(numbers.last), "count": len(numbers)}
        say_json([str(number) for number in numbers], because=because)
    else:
        for number in numbers:
            say(number.spaced)


def _one_number() -> None:
    raise BadInputError("one number alone has nobody to go with; give two or more")


def _placed(number: str) -> "tuple[FrenchNumber, BlockDirectory]":
    from domain.numbers import FrenchNumber
    from runtime.reference import Reference

    line = parsed(FrenchNumber.parse, number)
    blocks = answered(lambda: Reference(home_of(current_settings()).reference).blocks())
    return blocks.placed(line), blocks


def _shown(value: object, language: Language) -> str:
    return str(value[language.value]) if isinstance(value, dict) else str(value)


def _facts(line: "FrenchNumber", blocks: "BlockDirectory") -> dict[str, object | None]:
    from domain.territories import place_said

    block = blocks.block_of(line)
    return {
        "national": line.national,
        "international": line.e164,
        "kind": line.kind,
        "territory": line.territory,
        "place": place_said(line.territory).model_dump(),
        "zone": None if line.zone is None else line.zone.model_dump(),
        "exchange_group": line.group,
        "tariff": line.tariff,
        "block_given_to": None if block is None else block.holder,
        "block_since": None if block is None else block.since,
    }
