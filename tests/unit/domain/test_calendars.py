from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.calendar_changes import CHANGES, CalendarChange
from domain.calendars import NoSuchCalendarError, WorkingWeek, calendar_of
from domain.territories import ExchangeGroup, Place, Territory, place_of

OUVRE, OUVRABLE = WorkingWeek.OUVRE, WorkingWeek.OUVRABLE

# Public holidays of the whole country (Code du travail L3133-1), day by day.
NATIONAL = {
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
    2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
    2027: "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
    2028: "01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25",
}
# What a territory or a group closes besides: porting-and-access § 8.
MORE = {
    "57": {
        2025: "04-18 12-26",
        2026: "04-03 12-26",
        2027: "03-26 12-26",
        2028: "04-14 12-26",
    },
    "971": {
        2025: "03-27 04-18 05-27 07-21",
        2026: "03-12 04-03 05-27 07-21",
        2027: "03-04 03-26 05-27 07-21",
        2028: "03-23 04-14 05-27 07-21",
    },
    "972": {
        2025: "04-18 05-22 07-21",
        2026: "04-03 05-22 07-21",
        2027: "03-26 05-22 07-21",
        2028: "04-14 05-22 07-21",
    },
    "973": dict.fromkeys(NATIONAL, "06-10"),
    "974": dict.fromkeys(NATIONAL, "12-20"),
    "975": dict.fromkeys(NATIONAL, ""),
    "976": dict.fromkeys(NATIONAL, "04-27"),
    "977": dict.fromkeys(NATIONAL, "10-09"),
    "978": dict.fromkeys(NATIONAL, "05-28 07-21"),
    "FR": dict.fromkeys(NATIONAL, ""),
    "GPM": dict.fromkeys(NATIONAL, ""),
    "GPMR": dict.fromkeys(NATIONAL, "04-27 12-20"),
    # The union of 971, 972 and 973, and Mardi gras, Cendres, 2 November; not 21 July.
    "GPMAG": {
        2025: "03-04 03-05 03-27 04-18 05-22 05-27 06-10 11-02",
        2026: "02-17 02-18 03-12 04-03 05-22 05-27 06-10 11-02",
        2027: "02-09 02-10 03-04 03-26 05-22 05-27 06-10 11-02",
        2028: "02-29 03-01 03-23 04-14 05-22 05-27 06-10 11-02",
    },
}
MORE["67"] = MORE["68"] = MORE["57"]


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def days(year: int, words: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{word}") for word in words.split()}


@pytest.mark.parametrize("year", NATIONAL)
@pytest.mark.parametrize("place", MORE)
def test_every_closed_day_of_every_territory_is_known(place: str, year: int) -> None:
    calendar = calendar_of(place_of(place))

    closed = {day for day in days_of(year) if calendar.closure(day) is not None}

    assert closed == days(year, NATIONAL[year]) | days(year, MORE[place][year])


@pytest.mark.parametrize("place", MORE)
def test_a_week_has_five_ouvres_and_six_ouvrables(place: str) -> None:
    calendar = calendar_of(place_of(place))
    week = [date(2026, 9, 7) + timedelta(days=n) for n in range(7)]

    assert [calendar.works(day, OUVRE) for day in week] == [True] * 5 + [False] * 2
    assert [calendar.works(day, OUVRABLE) for day in week] == [True] * 6 + [False]


@pytest.mark.parametrize(
    ("day", "week", "fr", "en"),
    [
        ("2026-05-14", OUVRE, "Ascension", "Ascension Day"),
        ("2026-05-16", OUVRE, "samedi", "Saturday"),
        ("2026-05-17", OUVRABLE, "dimanche", "Sunday"),
        ("2026-08-15", OUVRE, "samedi, Assomption", "Saturday, Assumption Day"),
        ("2026-08-15", OUVRABLE, "Assomption", "Assumption Day"),
        ("2026-11-01", OUVRABLE, "dimanche, Toussaint", "Sunday, All Saints' Day"),
    ],
)
def test_a_day_that_does_not_count_says_why(day: str, week: WorkingWeek, fr: str, en: str) -> None:
    why = calendar_of(Territory.METROPOLE).why_closed(date.fromisoformat(day), week)

    assert why is not None
    assert (why.fr, why.en) == (fr, en)


def test_a_worked_day_has_nothing_to_say() -> None:
    calendar = calendar_of(Territory.METROPOLE)

    assert calendar.why_closed(date(2026, 5, 15), OUVRE) is None
    assert calendar.closure(date(2026, 5, 15)) is None


def test_a_closure_names_who_says_so() -> None:
    holiday = calendar_of(Territory.METROPOLE).closure(date(2026, 5, 14))
    annex = calendar_of(ExchangeGroup.GPMAG).closure(date(2026, 2, 17))

    assert holiday is not None
    assert "holidays" in holiday.source
    assert annex is not None
    assert "annex of the GPMAG" in annex.source


def test_a_site_in_alsace_moselle_may_work_on_good_friday() -> None:
    good_friday = date(2026, 4, 3)

    assert not calendar_of(Territory.MOSELLE).works(good_friday, OUVRE)
    assert calendar_of(Territory.MOSELLE, good_friday=False).works(good_friday, OUVRE)
    assert not calendar_of(Territory.MOSELLE, good_friday=False).works(date(2028, 12, 26), OUVRE)
    with pytest.raises(NoSuchCalendarError, match="57, 67 and 68"):
        calendar_of(Territory.METROPOLE, good_friday=False)


def change(calendar: str, **rule: object) -> CalendarChange:
    return CalendarChange.model_validate(
        {
            "calendar": calendar,
            "known_on": "2026-03-01",
            "fr": "pont",
            "en": "bridge",
            "source": "test",
            **rule,
        }
    )


@pytest.mark.parametrize(
    ("calendar", "place", "closed"),
    [
        ("FR", Territory.METROPOLE, True),
        ("FR", Territory.MOSELLE, True),
        ("FR", Territory.REUNION, False),
        ("FR", ExchangeGroup.GPM, True),
        ("971", ExchangeGroup.GPMAG, True),
        ("971", Territory.MARTINIQUE, False),
        ("GPM", Territory.METROPOLE, False),
    ],
)
def test_a_change_reaches_the_calendars_it_is_part_of(
    calendar: str, place: Place, *, closed: bool
) -> None:
    changes = (change(calendar, on="2026-05-15"),)

    made = calendar_of(place, changes=changes)

    assert made.works(date(2026, 5, 15), OUVRE) is not closed
    assert made.works(date(2028, 5, 15), OUVRE)


def test_a_provider_closes_its_own_days_and_no_other() -> None:
    changes = (*CHANGES, change("oksio", yearly="12-24"), change("nexis", yearly="12-23"))

    calendar = calendar_of(Territory.METROPOLE, provider="oksio", changes=changes)

    assert not calendar.works(date(2026, 12, 24), OUVRE)
    assert calendar.works(date(2026, 12, 23), OUVRE)
    assert calendar.said.fr == "oksio, France métropolitaine"


def test_a_change_counts_only_from_the_day_it_is_known() -> None:
    changes = (change("FR", on="2026-05-15"),)
    day = date(2026, 5, 15)

    before = calendar_of(Territory.METROPOLE, changes=changes, known_on=date(2026, 2, 28))
    since = calendar_of(Territory.METROPOLE, changes=changes, known_on=date(2026, 3, 1))

    assert before.works(day, OUVRE)
    assert not since.works(day, OUVRE)
    assert before.version != since.version


def test_the_groups_own_word_stands_after_its_members() -> None:
    changes = (
        change("GPMAG", closed=False, on="2026-05-15"),
        change("971", on="2026-05-15"),
    )

    assert calendar_of(ExchangeGroup.GPMAG, changes=changes).works(date(2026, 5, 15), OUVRE)


def test_a_yearly_day_that_a_year_does_not_have_is_left_out() -> None:
    leap = change("FR", yearly="02-29")

    assert leap.day_in(2028) == date(2028, 2, 29)
    assert leap.day_in(2027) is None
    assert change("FR", on="2026-05-15").day_in(2027) is None


@pytest.mark.parametrize(
    "rule", [{}, {"yearly": "05-15", "easter": 1}, {"yearly": "13-01"}, {"easter": 200}]
)
def test_a_change_has_one_rule_and_it_reads(rule: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        change("FR", **rule)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(sorted(MORE)))
def test_a_day_is_worked_or_says_why_not(day: date, place: str) -> None:
    calendar = calendar_of(place_of(place))

    for week in WorkingWeek:
        assert calendar.works(day, week) is (calendar.why_closed(day, week) is None)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_next_worked_day_is_worked_and_near(day: date) -> None:
    calendar = calendar_of(ExchangeGroup.GPMAG)

    after = calendar.next_worked(day, OUVRE)
    before = calendar.next_worked(day, OUVRE, step=-1)

    assert calendar.works(after, OUVRE)
    assert calendar.works(before, OUVRE)
    assert before <= day <= after
    assert (after == day) is calendar.works(day, OUVRE)
