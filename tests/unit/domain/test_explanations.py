from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar_changes import CalendarChange
from domain.calendars import calendar_of
from domain.durations import Duration, Unit
from domain.explanations import Explanation, explain_addition, explain_count, reckon_again
from domain.hours import Hours
from domain.reckoning import Reckoning, parse_moment
from domain.said import hours_said
from domain.territories import Territory, place_of

FIRST, LAST = datetime(2024, 1, 1), datetime(2029, 12, 31)  # noqa: DTZ001  local hours
OFFICE = Hours.parse("08:30-17:30")
COUNTED = [Unit.CALENDAR_DAY, Unit.OUVRE, Unit.OUVRABLE, Unit.FRANC]


def explain(start: str, amount: int, unit: Unit, **options: object) -> Explanation:
    ours = Reckoning(calendar=calendar_of(Territory.METROPOLE), **options)  # type: ignore[arg-type]  # as a test names them
    return explain_addition(ours, parse_moment(start), Duration(amount=amount, unit=unit))


def lines(explanation: Explanation) -> list[str]:
    return [
        f"{day.day} {hours_said(day.counted)} {hours_said(day.total)} {day.said.en}"
        for day in explanation.days
    ]


def test_every_day_counted_and_skipped_is_told_with_its_reason() -> None:
    told = explain("2026-05-12", 2, Unit.OUVRE)

    assert lines(told) == [
        "2026-05-13 1 1 day 1",
        "2026-05-14 0 1 not counted: Ascension Day",
        "2026-05-15 1 2 day 2",
    ]
    assert told.summary.fr == "2 jours ouvrés après le mardi 12 mai 2026 : vendredi 15 mai 2026"
    assert told.ends_at.isoformat() == "2026-05-16T00:00:00+02:00"
    assert told.time_zone == "Europe/Paris"


def test_days_before_are_told_backwards() -> None:
    told = explain("2026-05-18", -2, Unit.OUVRE)

    assert [day.day.day for day in told.days] == [17, 16, 15, 14, 13]
    assert told.summary.en.startswith("2 working days (Mon-Fri) before Monday 18 May 2026")


def test_hours_are_told_stretch_by_stretch() -> None:
    told = explain("2026-05-13T16:00", 12, Unit.WORKING_HOUR, hours=OFFICE)

    assert lines(told) == [
        "2026-05-13 1.5 1.5 16:00-17:30: 1.5 h",
        "2026-05-14 0 1.5 not counted: Ascension Day",
        "2026-05-15 9 10.5 08:30-17:30: 9 h",
        "2026-05-16 0 10.5 not counted: Saturday",
        "2026-05-17 0 10.5 not counted: Sunday",
        "2026-05-18 1.5 12 08:30-10:00: 1.5 h",
    ]
    assert told.days[0].said.fr == "16:00-17:30 : 1,5 h"
    assert told.hours == "08:30-17:30"


def test_hours_before_are_told_from_the_last_to_the_first() -> None:
    told = explain("2026-05-18T10:00", -3, Unit.WORKING_HOUR, hours=OFFICE)

    assert lines(told)[0] == "2026-05-18 1.5 1.5 08:30-10:00: 1.5 h"
    assert lines(told)[-1] == "2026-05-15 1.5 3 16:00-17:30: 1.5 h"


def test_a_clear_term_tells_its_last_day_and_what_moved_it() -> None:
    told = explain("2026-06-02", 3, Unit.FRANC)

    assert lines(told) == [
        "2026-06-03 1 1 day 1",
        "2026-06-04 1 2 day 2",
        "2026-06-05 1 3 day 3",
        "2026-06-06 0 3 day off (Saturday): moved on",
        "2026-06-07 0 3 day off (Sunday): moved on",
        "2026-06-08 0 3 last day, not counted: the term ends",
    ]


def test_what_is_not_plain_is_noted() -> None:
    late = explain("2026-05-13T20:01", 1, Unit.OUVRE, cut_off=1200)
    early = explain("2026-05-13T19:59", 1, Unit.OUVRE, cut_off=1200)
    month = explain("2026-01-31", 1, Unit.MONTH)
    dated = explain("2026-05-11", 24, Unit.CLOCK_HOUR)
    clocks = explain("2026-03-28T12:00", 24, Unit.CLOCK_HOUR)
    plain = explain("2026-05-11T12:00", 24, Unit.CLOCK_HOUR)

    assert [n.en for n in late.notes] == ["received after 20:00: day 0 is Friday 15 May 2026"]
    assert late.cut_off == "20:00"
    assert early.notes == ()
    assert [n.en for n in month.notes] == ["that month has no day 31: its last day"]
    assert [n.en for n in dated.notes] == ["a date without an hour counts from 00:00"]
    assert [n.en for n in clocks.notes] == ["the clocks change in between: +0100, then +0200"]
    assert plain.notes == ()


def test_weeks_months_and_hours_are_told_one_by_one() -> None:
    weeks = explain("2026-05-12", 2, Unit.WEEK)
    months = explain("2026-01-31", -2, Unit.MONTH)
    hours = explain("2026-05-12T10:00", 30, Unit.CLOCK_HOUR)

    assert [str(day.day) for day in weeks.days] == ["2026-05-19", "2026-05-26"]
    assert [str(day.day) for day in months.days] == ["2025-12-31", "2025-11-30"]
    assert lines(hours) == ["2026-05-13 30 30 30 clock hours"]


@pytest.mark.parametrize(
    ("start", "end", "unit", "options", "told"),
    [
        ("2026-05-12", "2026-05-15", Unit.OUVRE, {}, ["13:1", "14:0", "15:1"]),
        ("2026-05-15", "2026-05-12", Unit.OUVRE, {}, ["14:0", "13:1", "12:1"]),
        ("2026-06-01", "2026-06-05", Unit.FRANC, {}, ["2:1", "3:1", "4:1", "5:0"]),
        ("2026-05-12T20:01", "2026-05-15", Unit.OUVRE, {"cut_off": 1200}, ["14:0", "15:1"]),
        ("2026-05-12", "2026-05-27", Unit.WEEK, {}, ["19:1", "26:1"]),
        ("2026-05-11T17:00", "2026-05-12T09:00", Unit.WORKING_HOUR, {"hours": OFFICE}, None),
        ("2026-05-12T09:00", "2026-05-11T17:00", Unit.WORKING_HOUR, {"hours": OFFICE}, None),
        ("2026-05-11T09:00", "2026-05-12T09:00", Unit.CLOCK_HOUR, {}, []),
    ],
)
def test_a_count_tells_the_days_it_counted(
    start: str, end: str, unit: Unit, *, options: dict[str, Any], told: list[str] | None
) -> None:
    ours = Reckoning(calendar=calendar_of(Territory.METROPOLE), **options)

    count = explain_count(ours, parse_moment(start), parse_moment(end), unit)

    shown = [f"{day.day.day}:{day.counted:f}" for day in count.days]
    assert shown == (["11:0.5000", "12:0.5000"] if told is None else told)
    assert not shown or sum(day.counted for day in count.days) == abs(count.answer)


@given(
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.integers(-60, 60),
    st.sampled_from([*COUNTED, Unit.WEEK, Unit.MONTH]),
    st.sampled_from(["FR", "971", "GPMAG"]),
)
def test_the_days_of_a_count_are_its_answer(
    start: date, apart: int, unit: Unit, place: str
) -> None:
    ours = Reckoning(calendar=calendar_of(place_of(place)))

    count = explain_count(ours, start, start + timedelta(days=apart), unit)

    assert sum(day.counted for day in count.days) == abs(count.answer)


def test_an_explanation_is_carried_along_as_a_value() -> None:
    told = explain("2026-05-13T16:00", 12, Unit.WORKING_HOUR, hours=OFFICE)

    assert Explanation.model_validate_json(told.model_dump_json()) == told


def test_a_change_of_calendar_moves_a_running_deadline_and_says_so() -> None:
    told = explain("2026-05-12", 2, Unit.OUVRE)
    bridge = CalendarChange(
        calendar="FR",
        known_on=date(2026, 5, 1),
        on=date(2026, 5, 15),
        fr="pont",
        en="bridge",
        source="test",
    )
    changed = Reckoning(calendar=calendar_of(Territory.METROPOLE, changes=(bridge,)))

    moved = reckon_again(told, changed)

    assert moved.changed
    assert moved.after.answer == date(2026, 5, 18)
    assert moved.before.calendar != moved.after.calendar
    assert not reckon_again(told, Reckoning(calendar=calendar_of(Territory.METROPOLE))).changed


@given(
    st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    st.integers(-40, 40),
    st.sampled_from(COUNTED),
    st.sampled_from(["FR", "57", "971", "974", "GPMAG"]),
)
def test_the_arithmetic_of_an_explanation_is_the_answer(
    start: date, amount: int, unit: Unit, place: str
) -> None:
    ours = Reckoning(calendar=calendar_of(place_of(place)))

    told = explain_addition(ours, start, Duration(amount=amount, unit=unit))

    assert sum(day.counted for day in told.days) == abs(amount)
    assert (told.days[-1].day if told.days else start) == told.answer
    assert all(
        abs(later.day - earlier.day) == timedelta(days=1)
        for earlier, later in zip(told.days, told.days[1:], strict=False)
    )


@given(
    st.datetimes(FIRST, LAST),
    st.integers(-100, 100),
    st.sampled_from([Unit.WORKING_HOUR, Unit.OUVRABLE_HOUR]),
    st.sampled_from(["FR", "971", "GPMAG"]),
)
def test_the_hours_of_an_explanation_add_up_to_what_was_asked(
    start: datetime, amount: int, unit: Unit, place: str
) -> None:
    ours = Reckoning(calendar=calendar_of(place_of(place)), hours=OFFICE)
    whole = start.replace(microsecond=0)

    told = explain_addition(ours, whole, Duration(amount=amount, unit=unit))

    total = sum((day.counted for day in told.days), Decimal(0))
    assert abs(total - abs(amount)) <= Decimal("0.0001") * len(told.days)
    assert (told.days[-1].total if told.days else 0) == abs(amount)
    assert isinstance(told.answer, datetime)
    assert told.ends_at == told.answer
