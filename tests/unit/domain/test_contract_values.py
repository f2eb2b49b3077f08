from typing import Any

import pytest
from pydantic import ValidationError

from domain.contract_profiles import SignOff, Source
from domain.contract_values import (
    VALUE_TYPES,
    Band,
    BandsValue,
    ChoicesValue,
    ChoiceValue,
    ContractUnit,
    ContractValue,
    DurationValue,
    FlagValue,
    FormulaName,
    FormulaValue,
    HoursValue,
    Kind,
    MoneyValue,
    NumberValue,
    PercentValue,
    TextValue,
    value_said,
)
from domain.durations import Unit


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"document": "002", "first_line": 5, "last_line": 5, "words": "a b"}, "002:5"),
        ({"document": "002", "first_line": 5, "last_line": 7, "words": "a … b"}, "002:5-7"),
        ({"ours": "decision 4"}, "ours: decision 4"),
        ({"law": "CPCE L44-4"}, "CPCE L44-4"),
        ({"exchange": "GPMAG annex 1"}, "GPMAG annex 1"),
    ],
)
def test_a_source_says_where_it_stands(facts: dict[str, object], said: str) -> None:
    assert str(Source.model_validate(facts)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"amount": "2", "unit": "ouvre", "anchor": "port-day", "direction": "before"},
            "2 ouvre before port-day",
        ),
        (
            {"amount": "6", "unit": "week", "anchor": "order", "estimate": "yes", "least": "4.50"},
            "about 4.5 to 6 week after order",
        ),
        (
            {"amount": "8", "unit": "working-hour", "anchor": "x", "hours": "09:00-18:00"},
            "8 working-hour (09:00-18:00) after x",
        ),
        ({"euros": "750", "tax": "HT"}, "750 € HT"),
        ({"euros": "0.02", "tax": "unsaid", "per": "call"}, "0.02 € per call"),
        ({"euros": "500", "tax": "HT", "at_least": "yes"}, "at least 500 € HT"),
        ({"euros": "24", "tax": "TTC", "at_most": "yes"}, "at most 24 € TTC"),
        ({"percent": "99.85", "of": "minutes"}, "99.85 % of minutes"),
        ({"formula": "multiple-of-monthly", "factor": "24", "tax": "TTC"}, None),
        ({"formula": "nothing"}, "nothing"),
        ({"formula": "mean-of-periods-times-remaining", "periods": "3"}, None),
        ({"number": "40", "of": "hours"}, "40 hours"),
        ({"value": "yes"}, "yes"),
        ({"value": "no"}, "no"),
        ({"value": ["orange", "sfr"]}, "orange, sfr"),
        ({"days": "ouvre", "hours": "09:00-18:00"}, "ouvre 09:00-18:00"),
    ],
)
def test_a_value_is_said_on_one_line(value: dict[str, Any], said: str | None) -> None:
    shown = value_said(valued(value))

    assert shown == (said or f"{value['formula']}{TAIL[value['formula']]}")


TAIL = {
    "multiple-of-monthly": " x 24 TTC",
    "mean-of-periods-times-remaining": " over 3 periods",
}


def valued(facts: dict[str, Any]) -> ContractValue:
    kinds: dict[str, type[ContractValue]] = {
        "unit": DurationValue,
        "euros": MoneyValue,
        "percent": PercentValue,
        "formula": FormulaValue,
        "number": NumberValue,
        "days": HoursValue,
    }
    found = next((kind for key, kind in kinds.items() if key in facts), None)
    if found is None:
        found = ChoicesValue if isinstance(facts["value"], list) else FlagValue
    return found.model_validate(facts)


def test_steps_and_words_are_said_on_one_line() -> None:
    bands = BandsValue.model_validate(
        {
            "of": "hours",
            "applies_to": "monthly-fee",
            "bands": [
                {"at_least": "4", "below": "8", "percent": "20"},
                {"above": "8", "up_to": "9", "euros": "5"},
                {"above": "9", "percent": "100"},
            ],
        }
    )
    bare = BandsValue(of="hours", bands=(Band.model_validate({"percent": 1}),))

    assert value_said(bands) == "hours: ≥4 <8 → 20 %; >8 ≤9 → 5 €; >9 → 100 % of monthly-fee"
    assert value_said(bare) == "hours: → 1 %"
    assert value_said(ChoiceValue(value="new-card")) == "new-card"
    assert value_said(TextValue(value="support@example.fr")) == "support@example.fr"
    with pytest.raises(TypeError):
        value_said("no value")  # type: ignore[arg-type]  # what the test is about


@pytest.mark.parametrize(
    "band",
    [
        {},
        {"percent": 1, "euros": 1},
        {"percent": 1, "above": 1, "at_least": 1},
        {"percent": 1, "below": 1, "up_to": 1},
        {"percent": 1, "above": 9, "below": 2},
    ],
)
def test_a_step_has_one_amount_and_one_of_each_end(band: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Band.model_validate(band)


def test_every_kind_of_value_has_a_type_and_every_formula_a_meaning() -> None:
    assert set(VALUE_TYPES) == set(Kind)
    assert all(name.value for name in FormulaName)


@pytest.mark.parametrize(
    "bands",
    [
        [{"percent": 1, "up_to": 5}, {"percent": 2, "above": 4}],
        [{"percent": 1, "up_to": 5}, {"percent": 2, "at_least": 5}],
        [{"percent": 1}, {"percent": 2, "above": 4}],
    ],
)
def test_two_steps_do_not_overlap(bands: list[dict[str, int]]) -> None:
    with pytest.raises(ValidationError, match="two bands overlap"):
        BandsValue.model_validate({"of": "hours", "bands": bands})


@pytest.mark.parametrize(
    "facts",
    [
        {"document": "002", "first_line": 5, "last_line": 3, "words": "a b"},
        {"document": "../002", "first_line": 5, "last_line": 5, "words": "a b"},
        {"ours": ""},
        {"law": ""},
    ],
)
def test_a_source_that_leads_nowhere_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Source.model_validate(facts)


def test_a_range_and_a_factor_make_sense() -> None:
    with pytest.raises(ValidationError, match="least is more than amount"):
        DurationValue.model_validate({"amount": 1, "least": 9, "unit": "ouvre", "anchor": "x"})
    for factor in ("1/0", "1.", "x"):
        with pytest.raises(ValidationError):
            FormulaValue.model_validate({"formula": "multiple-of-monthly", "factor": factor})
    with pytest.raises(ValidationError):
        SignOff.model_validate({"by": "   ", "on": "2026-01-01"})


def test_contracts_write_every_unit_time_is_reckoned_in_and_minutes_and_years() -> None:
    assert {unit.value for unit in ContractUnit} == {*Unit, "minute", "year"}
