from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.contract_hours import hours_of, provider_of
from domain.contract_profiles import Entry, Level, Profile, SignOff
from domain.contract_resolution import (
    NoSuchContractError,
    NoSuchTermError,
    Pin,
    PinChangedError,
    Shelf,
    Stated,
    differences,
)
from domain.contract_terms import Catalogue, Term
from domain.contract_values import Kind, value_said
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
    form = profile(
        Level.ORDER_FORM, service="mobile", entries={"a": says("form"), "b": says("form")}
    )
    law = profile(Level.LAW, entries={"b": says("law", mandatory=True)})
    on = shelf(law)
    pin = on.pin("sixth", "mobile", DAY, order_form=form)

    assert won(on, "a", pin) == "order-form"
    assert won(on, "b", pin) == "law"
    assert Pin.model_validate_json(pin.model_dump_json()) == pin
    with pytest.raises(NoSuchContractError, match="is no order form but a default"):
        on.pin("sixth", "mobile", DAY, order_form=DEFAULT)
    for wrong in (
        {"provider": "seventh"},
        {"service": "every"},
        {"valid_from": date(2026, 5, 2)},
        {"valid_until": date(2026, 4, 30)},
    ):
        with pytest.raises(NoSuchContractError, match="is not the order form of sixth/mobile"):
            on.pin("sixth", "mobile", DAY, order_form=form.model_copy(update=wrong))
    kept = shelf(form)
    assert won(kept, "a") == "service-schedule"


def test_an_answer_tells_who_was_asked_before() -> None:
    on = shelf()
    pin = on.pin("sixth", "mobile", DAY)

    answer = on.answer(pin, "b")
    silent = on.answer(pin, "c")

    assert [step.profile.level for step in answer.steps if step is not answer.won_by] == [
        "service-schedule",
        "default",
    ]
    assert silent.is_silent
    assert not silent.may_be_charged
    assert silent.stated is Stated.SILENT
    assert (Stated.SILENT.said.fr, Stated.NOT_SUPPLIED.said.en) == (
        "muet",
        "refers to a document not supplied",
    )


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
    assert differences(on, old, old) == ()


def test_a_silence_and_a_signature_are_differences_too() -> None:
    def on(**facts: object) -> Shelf:
        return Shelf(
            CATALOGUE,
            (
                profile(Level.SERVICE_SCHEDULE, valid_until=date(2026, 5, 31), silent=("a", "b")),
                profile(Level.SERVICE_SCHEDULE, version="2", valid_from=date(2026, 6, 1), **facts),
            ),
        )

    for facts, changed in (
        ({"silent": ("a", "b")}, []),
        ({"silent": ("a",), "not_supplied": ("b",)}, ["b"]),
        ({"silent": ("a",), "entries": {"b": says("x")}}, ["b"]),
    ):
        shelves = on(**facts)
        old = shelves.pin("sixth", "mobile", date(2026, 5, 31))
        new = shelves.pin("sixth", "mobile", date(2026, 6, 1))
        assert [d.term.name for d in differences(shelves, old, new)] == changed


def test_ending_a_document_or_signing_it_leaves_its_orders_alone() -> None:
    entry = says("x", needs_sign_off=True)
    pin = Shelf(CATALOGUE, (profile(Level.SERVICE_SCHEDULE, entries={"a": entry}),)).pin(
        "sixth", "mobile", DAY
    )
    signed = entry.model_copy(update={"signed": SignOff(by="Anne Martin", on=DAY), "note": "n"})
    ended = profile(
        Level.SERVICE_SCHEDULE, entries={"a": signed}, valid_until=date(2026, 12, 31), title=WORDS
    )

    answer = Shelf(CATALOGUE, (ended,)).answer(pin, "a")

    assert answer.may_be_charged


def test_a_pin_of_another_contract_is_not_answered() -> None:
    on = shelf()
    pin = on.pin("sixth", "mobile", DAY)
    other = pin.documents[0].model_copy(update={"provider": "seventh"})

    for documents in ((), (other,), (*pin.documents, other)):
        with pytest.raises(PinChangedError, match="make it again from the order"):
            on.answer(pin.model_copy(update={"documents": documents}), "a")


def test_what_is_about_one_service_comes_before_what_is_about_all() -> None:
    every = profile(Level.LAW, entries={"a": says("every", mandatory=True)})
    mobile = profile(
        Level.LAW, service="mobile", version="2", entries={"a": says("mobile", mandatory=True)}
    )

    for order in ((every, mobile), (mobile, every)):
        on = shelf(*order)
        answer = on.answer(on.pin("sixth", "mobile", DAY), "a")
        assert answer.entry is not None
        assert value_said(answer.entry.current.value) == "mobile"


def test_law_that_is_not_mandatory_is_shown_and_overrules_nobody() -> None:
    on = shelf(profile(Level.LAW, entries={"a": says("law")}))
    answer = on.answer(on.pin("sixth", "mobile", DAY), "a")

    assert [(s.profile.level, s.may_win) for s in answer.steps if s.entry is not None] == [
        ("law", False),
        ("service-schedule", True),
        ("general-terms", True),
        ("default", True),
    ]


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

    assert [d.term.name for d in found] == ["a", "c"]
    group = shelf(profile(Level.EXCHANGE, provider="gpm", service="exchange"))
    with pytest.raises(NoSuchTermError, match="are asked nothing in common"):
        differences(group, group.pin("sixth", "mobile", DAY), group.pin("gpm", "exchange", DAY))


def test_an_exchange_is_asked_on_its_own() -> None:
    group = profile(Level.EXCHANGE, provider="gpm", service="exchange")
    on = shelf(group)

    assert on.providers() == {"sixth": ("mobile",)}
    assert on.exchanges() == {"gpm": ("exchange",)}
    assert [d.provider for d in on.pin("gpm", "exchange", DAY).documents] == ["gpm", "default"]


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


@pytest.mark.parametrize(
    ("level", "facts", "sentence"),
    [
        (Level.LAW, {"provider": "sixth"}, "level law and provider law go together"),
        (Level.DEFAULT, {"provider": "sixth"}, "level default and provider default"),
        (Level.GENERAL_TERMS, {"provider": "law"}, "level law and provider law"),
        (
            Level.SERVICE_SCHEDULE,
            {"entries": {"a": says("x", mandatory=True)}},
            "only the law is mandatory",
        ),
        (
            Level.SERVICE_SCHEDULE,
            {"silent": ("a",), "not_supplied": ("a",)},
            "a is both silent and not_supplied",
        ),
        (Level.SERVICE_SCHEDULE, {"valid_from": "86400"}, "write the date as 2026-12-01"),
    ],
)
def test_a_profile_speaks_for_itself_only(
    level: Level, facts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        profile(level, **facts)


def test_the_hours_are_those_of_a_service_in_force() -> None:
    later = profile(Level.SERVICE_SCHEDULE, service="data", valid_from=date(2028, 1, 1))
    on = Shelf(CATALOGUE, (later, SCHEDULE))

    assert on.services_on("sixth", DAY) == ("mobile",)
    assert on.services_on("sixth", date(2028, 1, 1)) == ("data", "mobile")


def test_a_question_is_asked_in_both_languages() -> None:
    assert CATALOGUE.terms["a"].said == Said(fr="a", en="a")
