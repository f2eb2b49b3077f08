"""raccord rio: does a RIO go with a number, and why."""

from typing import TYPE_CHECKING

import typer

from domain.policies import FixedKeyPolicy
from domain.rio_check import Weight
from runtime.cli.context import current_settings, home_of
from runtime.cli.languages import Language, LanguageOption, in_language
from runtime.cli.output import NO, YES, answered, parsed, say, say_json, table, understood

if TYPE_CHECKING:
    from domain.numbers import FrenchNumber
    from domain.rio import RIO, KeyStep
    from domain.rio_check import RioVerdict
    from domain.rio_slips import Slip
    from runtime.reference import Reference

app = typer.Typer(no_args_is_help=True, help="Check, compute and explain RIO codes.")

AsJson = typer.Option(False, "--json", help="One JSON object.")
FixedKey = typer.Option(
    None, "--fixed-key", help="What a wrong key of a fixed RIO does; else RACCORD_RIO_FIXED_KEY."
)
_MARKS = {
    Weight.REFUSAL: {Language.EN: "refused: ", Language.FR: "refus : "},
    Weight.WARNING: {Language.EN: "warning: ", Language.FR: "attention : "},
    Weight.NOTE: {Language.EN: "", Language.FR: ""},
}
Number = typer.Argument(help="The telephone number, in any usual form.")
Rio = typer.Argument(help="The RIO, with or without separators.")


@app.command()
def check(
    number: str = Number,
    rio: str = Rio,
    *,
    fixed_key: FixedKeyPolicy | None = FixedKey,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """Whether a RIO can be sent with a number: exit 0 yes, 1 no, 2 if either cannot be read."""
    from domain.rio import key_of
    from domain.rio_check import check_rio

    line, code, reference = _line_and_code(number, rio)
    policy = fixed_key or answered(current_settings).rio_fixed_key
    verdict = check_rio(code, line, directory=answered(reference.rio_directory), fixed_key=policy)
    if as_json:
        because = {
            "rio": code.code,
            "number": line.national,
            "expected_key": key_of(code.prefix, line.national),
            "fixed_key_policy": policy,
            "findings": _findings(verdict),
        }
        say_json(verdict.accepted, because=because)
    else:
        _say_verdict(verdict, language)
    raise typer.Exit(YES if verdict.accepted else NO)


def _findings(verdict: "RioVerdict") -> list[dict[str, object]]:
    return [{"weight": f.weight, "code": f.code, **f.said.model_dump()} for f in verdict.findings]


def _say_verdict(verdict: "RioVerdict", language: Language) -> None:
    say(_yes_or_no(verdict.accepted, language))
    for finding in verdict.findings:
        say(f"{_MARKS[finding.weight][language]}{in_language(finding.said, language)}")


def _yes_or_no(answer: bool, language: Language) -> str:  # noqa: FBT001  the answer itself
    if language is Language.FR:
        return "oui" if answer else "non"
    return "yes" if answer else "no"


@app.command()
def key(
    number: str = Number,
    prefix: str = typer.Argument(help="The nine characters before the key."),
    *,
    as_json: bool = AsJson,
) -> None:
    """The three characters of the key, and nothing else."""
    from domain.numbers import FrenchNumber
    from domain.rio import RioPrefix, arithmetic_of, key_of
    from domain.rio_check import check_key_exists

    line = parsed(FrenchNumber.parse, number)
    nine = parsed(RioPrefix.parse, prefix)
    understood(lambda: check_key_exists(nine, line))
    found = key_of(nine.code, line.national)
    if as_json:
        say_json(found, because=_steps(list(arithmetic_of(nine.code, line.national))))
    else:
        say(found)


@app.command()
def explain(
    rio: str = Rio,
    number: str | None = typer.Argument(None, help="The number it should go with."),
    *,
    fixed_key: FixedKeyPolicy | None = FixedKey,
    language: Language = LanguageOption,
    as_json: bool = AsJson,
) -> None:
    """What a RIO says, its arithmetic, and for a wrong key the slip that would explain it."""
    from domain.rio import RIO, arithmetic_of
    from domain.rio_check import check_rio
    from domain.rio_slips import slips_of

    if number is None:
        _explain_alone(parsed(RIO.parse, rio), language, as_json=as_json)
        return
    line, code, reference = _line_and_code(number, rio)
    policy = fixed_key or answered(current_settings).rio_fixed_key
    verdict = check_rio(code, line, directory=answered(reference.rio_directory), fixed_key=policy)
    slips = slips_of(code, line)
    steps = list(arithmetic_of(code.prefix, line.national))
    if as_json:
        because = {
            **_parts(code),
            **_steps(steps),
            "slips": [_slip(slip) for slip in slips],
            "findings": _findings(verdict),
            "fixed_key_policy": policy,
        }
        say_json(verdict.accepted, because=because)
    else:
        _say_parts(code)
        _say_arithmetic(code, steps, language)
        for slip in slips:
            say(f"-> {in_language(slip.said, language)}: {slip.rio}, {slip.number}")
        _say_verdict(verdict, language)
    raise typer.Exit(YES if verdict.accepted else NO)


def _explain_alone(code: "RIO", language: Language, *, as_json: bool) -> None:
    """Without a number: its parts, and every operator its prefix may name."""
    from domain.rio_prefixes import Holder, holders_anywhere

    found = answered(_reference().rio_directory).holder_of(code, None)
    names = (
        [found.name]
        if isinstance(found, Holder)
        else [f"{holder.name} ({group})" for group, holder in holders_anywhere(code)]
    )
    if as_json:
        say_json(None, because={**_parts(code), "operators": names})
        return
    _say_parts(code)
    unknown = "" if isinstance(found, Holder) else in_language(found.said, language)
    say(", ".join(names) or unknown)


def _line_and_code(number: str, rio: str) -> "tuple[FrenchNumber, RIO, Reference]":
    """The number where the loaded blocks place it, and the RIO its text means next to it."""
    from domain.numbers import FrenchNumber
    from domain.rio import rio_for

    reference = _reference()
    line = answered(reference.blocks).placed(parsed(FrenchNumber.parse, number))
    return line, understood(lambda: rio_for(rio, line)), reference


def _reference() -> "Reference":
    from runtime.reference import Reference

    return Reference(home_of(answered(current_settings)).reference)


def _parts(code: "RIO") -> dict[str, object]:
    return {
        "rio": code.code,
        "medium": code.medium,
        "operator_code": code.operator_code,
        "quality": code.quality,
        "reference": code.reference,
        "key": code.key,
    }


def _say_parts(code: "RIO") -> None:
    quality = f", {code.quality}" if code.quality else ""
    say(f"{code.spaced}  ({code.medium}{quality})")


def _steps(steps: "list[KeyStep]") -> dict[str, object]:
    from domain.rio import FACTORS, character_of

    last = steps[-1].remainders
    return {
        "factors": list(FACTORS),
        "expected_key": "".join(character_of(remainder) for remainder in last),
        "arithmetic": [
            {"character": s.character, "value": s.value, "remainders": list(s.remainders)}
            for s in steps
        ],
    }


def _say_arithmetic(code: "RIO", steps: "list[KeyStep]", language: Language) -> None:
    from domain.rio import character_of

    table(
        ("", "v", "r1 = r1 + v", "r2 = 2 r2 + v", "r3 = 4 r3 + v"),
        [(step.character, step.value, *step.remainders) for step in steps],
    )
    expected = "".join(character_of(remainder) for remainder in steps[-1].remainders)
    if language is Language.FR:
        say(f"modulo 37 : clé attendue {expected}, clé lue {code.key}")
    else:
        say(f"modulo 37: the key should be {expected}, and reads {code.key}")


def _slip(slip: "Slip") -> dict[str, object]:
    return {
        "where": slip.where,
        "place": slip.place,
        "read": slip.read,
        "meant": slip.meant,
        "rio": slip.rio,
        "number": slip.number,
        **slip.said.model_dump(),
    }
