from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.contract_hours import hours_of, provider_of
from domain.contract_profiles import Entry, Level, Profile, Source
from domain.contract_resolution import (
    NoSuchContractError,
    NoSuchTermError,
    Pin,
    PinChangedError,
    Shelf,
    differences,
)
from domain.contract_terms import Catalogue, Term
from domain.contract_values import (
    VALUE_TYPES,
    Band,
    BandsValue,
    ChoicesValue,
    ChoiceValue,
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
from domain.said import Said

DAY = date(2026, 5, 1)
WORDS = Said(fr="x", en="x")


def term(name: str, *services: str) -> Term:
    return Term(name=name, kind=Kind.CHOICE, services=services or ("every",), fr=name, en=name)


CATALOGUE = Catalogue(
    {t.name: t for t in (term("a"), term("b"), term("c"), term("d", "data"), term("e", "voice"))}
)


def says(value: str, *, mandatory: bool = False, needs_sign_off: bool = False) -> Entry:
    reading = {"name": "only", "value": {"value": value}, "source": {"ours": "test"}}
    return Entry.model_validate(
        {
            "readings": [reading],
            "in_force": "only",
            "mandatory": mandatory,
            "needs_sign_off": needs_sign_off,
        }
    )


def profile(level: Level, **facts: Any) -> Profile:  # noqa: ANN401  parts of a profile
    owner = {Level.LAW: "law", Level.DEFAULT: "default"}.get(level, "sixth")
    base: dict[str, Any] = {
        "provider": owner,
        "service": "mobile" if level is Level.SERVICE_SCHEDULE else "every",
        "level": level,
        "version": "1",
        "valid_from": date(2020, 1, 1),
        "title": WORDS,
        "entries": {},
    }
    return Profile.model_validate(base | facts)


SCHEDULE = profile(Level.SERVICE_SCHEDULE, entries={"a": says("schedule")}, silent=("c",))
GENERAL = profile(Level.GENERAL_TERMS, entries={"a": says("general"), "b": says("general")})
DEFAULT = profile(Level.DEFAULT, entries={"a": says("ours"), "b": says("ours")})


def shelf(*profiles: Profile) -> Shelf:
    return Shelf(CATALOGUE, (SCHEDULE, GENERAL, DEFAULT, *profiles))


def won(on: Shelf, name: str, pin: Pin | None = None) -> str | None:
    answer = on.answer(pin or on.pin("sixth", "mobile", DAY), name)
    return None if answer.winner is None else answer.winner.level


def test_the_schedule_wins_over_the_general_terms_and_those_over_us() -> None:
    assert won(shelf(), "a") == "service-schedule"
    assert won(shelf(), "b") == "general-terms"
    assert won(Shelf(CATALOGUE, (SCHEDULE, DEFAULT)), "b") == "default"


def test_the_law_wins_where_it_is_mandatory_and_only_there() -> None:
    mandatory = profile(Level.LAW, entries={"a": says("law", mandatory=True)})
    cited = profile(Level.LAW, entries={"a": says("law")})

    assert won(shelf(mandatory), "a") == "law"
    assert won(shelf(cited), "a") == "service-schedule"


def test_what_was_signed_for_one_order_wins_over_every_contract_but_not_the_law() -> None:
    form = profile(Level.ORDER_FORM, entries={"a": says("form"), "b": says("form")})
    law = profile(Level.LAW, entries={"b": says("law", mandatory=True)})
    on = shelf(law)
    pin = on.pin("sixth", "mobile", DAY, order_form=form)

    assert won(on, "a", pin) == "order-form"
    assert won(on, "b", pin) == "law"
    assert Pin.model_validate_json(pin.model_dump_json()) == pin
    with pytest.raises(NoSuchContractError, match="is no order form but a default"):
        on.pin("sixth", "mobile", DAY, order_form=DEFAULT)


def test_an_answer_tells_who_was_asked_before() -> None:
    on = shelf()
    pin = on.pin("sixth", "mobile", DAY)

    answer = on.answer(pin, "b")
    silent = on.answer(pin, "c")

    assert [step.profile.level for step in answer.asked] == ["service-schedule", "general-terms"]
    assert silent.is_silent
    assert not silent.may_be_charged
    assert [step.stated.en for step in silent.asked if step.stated] == ["silent"]


def test_a_silence_that_nobody_stated_is_no_answer() -> None:
    stated = profile(Level.SERVICE_SCHEDULE, silent=("a", "b"), not_supplied=("c",))
    unstated = profile(Level.SERVICE_SCHEDULE)

    for schedule, expected in ((stated, True), (unstated, False)):
        on = Shelf(CATALOGUE, (schedule,))
        pin = on.pin("sixth", "mobile", DAY)
        assert all(on.is_answered(pin, t) is expected for t in CATALOGUE.for_service("mobile"))
    assert len(list(shelf().answers(shelf().pin("sixth", "mobile", DAY)))) == 3


def test_what_is_to_be_signed_is_shown_and_not_charged() -> None:
    entry = says("x", needs_sign_off=True)
    signed = entry.model_copy(update={"signed": {"by": "Anne Martin", "on": DAY}})

    assert not entry.may_be_charged
    assert signed.may_be_charged
    on = Shelf(CATALOGUE, (profile(Level.SERVICE_SCHEDULE, entries={"a": entry}),))
    assert not on.answer(on.pin("sixth", "mobile", DAY), "a").may_be_charged


def test_an_order_keeps_the_version_of_its_day() -> None:
    first = profile(
        Level.SERVICE_SCHEDULE, valid_until=date(2026, 5, 31), entries={"a": says("first")}
    )
    second = profile(
        Level.SERVICE_SCHEDULE,
        version="2",
        valid_from=date(2026, 6, 1),
        entries={"a": says("second")},
    )
    on = Shelf(CATALOGUE, (first, second))

    old = on.pin("sixth", "mobile", date(2026, 5, 31))
    new = on.pin("sixth", "mobile", date(2026, 6, 1))

    assert [d.version for d in (*old.documents, *new.documents)] == ["1", "2"]
    assert [d.term.name for d in differences(on, old, new)] == ["a"]
    assert list(differences(on, old, old)) == []


def test_a_pinned_document_that_changed_is_not_taken_for_itself() -> None:
    pin = shelf().pin("sixth", "mobile", DAY)
    changed = profile(Level.SERVICE_SCHEDULE, entries={"a": says("other")})

    with pytest.raises(PinChangedError, match="is not what the order was signed under"):
        Shelf(CATALOGUE, (changed, GENERAL, DEFAULT)).answer(pin, "a")


def test_what_does_not_exist_gets_a_sentence() -> None:
    on = shelf()
    pin = on.pin("sixth", "mobile", DAY)

    with pytest.raises(NoSuchContractError, match="there is no provider 'free'; write one of"):
        on.pin("free", "mobile", DAY)
    with pytest.raises(NoSuchContractError, match="sixth has no service 'data'; write one of mob"):
        on.pin("sixth", "data", DAY)
    with pytest.raises(NoSuchContractError, match="had no schedule for mobile on 2019-12-31"):
        on.pin("sixth", "mobile", date(2019, 12, 31))
    for name in ("d", "nothing"):
        with pytest.raises(NoSuchTermError, match="no process asks"):
            on.answer(pin, name)


def test_services_of_a_group_are_asked_the_same() -> None:
    assert [t.name for t in CATALOGUE.for_service("vga")] == ["a", "b", "c", "e"]
    assert CATALOGUE.for_service("exchange") == ()


def test_two_services_are_compared_on_what_both_are_asked() -> None:
    data = profile(Level.SERVICE_SCHEDULE, service="data", entries={"a": says("x"), "d": says("x")})
    on = shelf(data)

    found = differences(on, on.pin("sixth", "mobile", DAY), on.pin("sixth", "data", DAY))

    assert [d.term.name for d in found] == ["a"]


def test_an_exchange_is_asked_on_its_own() -> None:
    group = profile(Level.EXCHANGE, provider="gpm", service="exchange")
    on = shelf(group)

    assert on.providers() == {"sixth": ("mobile",)}
    assert on.exchanges() == {"gpm": ("exchange",)}
    assert [d.provider for d in on.pin("gpm", "exchange", DAY).documents] == ["gpm", "default"]


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
                {"percent": "100"},
            ],
        }
    )
    bare = BandsValue(of="hours", bands=(Band.model_validate({"percent": 1}),))

    assert value_said(bands) == "hours: ≥4 <8 → 20 %; >8 ≤9 → 5 €; → 100 % of monthly-fee"
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
    ],
)
def test_a_step_has_one_amount_and_one_of_each_end(band: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Band.model_validate(band)


def test_every_kind_of_value_has_a_type_and_every_formula_a_meaning() -> None:
    assert set(VALUE_TYPES) == set(Kind)
    assert all(name.value for name in FormulaName)
    assert CATALOGUE.terms["a"].said == Said(fr="a", en="a")


def test_a_provider_works_its_own_hours_or_those_of_its_desk() -> None:
    hours = {"days": "weekdays", "hours": "09:30-18:30"}
    entry = Entry.model_validate(
        {
            "readings": [{"name": "only", "value": hours, "source": {"ours": "test"}}],
            "in_force": "only",
        }
    )
    asked = Catalogue(
        {
            name: Term(name=name, kind=Kind.HOURS, services=("every",), fr="x", en="x")
            for name in ("hours.working", "hours.support")
        }
    )
    desk = Shelf(asked, (profile(Level.SERVICE_SCHEDULE, entries={"hours.support": entry}),))
    silent = Shelf(asked, (profile(Level.SERVICE_SCHEDULE),))

    found = hours_of(desk, "sixth", DAY)

    assert found is not None
    assert (str(found), found.source) == ("09:30-18:30", "ours: test")
    assert hours_of(silent, "sixth", DAY) is None
    assert provider_of(silent, " SIXTH ") == "sixth"
    with pytest.raises(
        NoSuchContractError, match="'free' is no provider we know; write one of six"
    ):
        provider_of(silent, "free")
