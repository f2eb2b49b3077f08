from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.calendars import WorkingWeek, calendar_of
from domain.durations import Duration, Unit, parse_amount, parse_unit
from domain.hours import (
    BadHoursError,
    Hours,
    Window,
    clock_of,
    exchange_hours,
    parse_cut_off,
)
from domain.parsed import BadValueError
from domain.reckoning import (
    HoursMissingError,
    Moment,
    OutOfYearsError,
    Reckoning,
    ReckoningError,
    parse_moment,
)
from domain.territories import ExchangeGroup, Territory, place_of

OFFICE = Hours.parse("08:30-17:30")
SPLIT = Hours.parse("09:00-12:00,14:00-18:00")
ROUND_THE_CLOCK = Hours.parse("00:00-24:00")
PLACES = ["FR", "57", "971", "973", "974", "976", "GPMAG", "GPMR"]
DAY_UNITS = [Unit.CALENDAR_DAY, Unit.OUVRE, Unit.OUVRABLE, Unit.FRANC, Unit.WEEK, Unit.MONTH]

dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))
instants = st.builds(
    lambda day, minutes: datetime.combine(day, time.min) + timedelta(minutes=minutes),
    dates,
    st.integers(0, 24 * 60 - 1),
)
amounts = st.integers(0, 60)


def reckoning(place: str = "FR", **options: object) -> Reckoning:
    return Reckoning(calendar=calendar_of(place_of(place)), **options)  # type: ignore[arg-type]  # as a test names them


def add(start: str, amount: int, unit: str, place: str = "FR", **options: object) -> str:
    duration = Duration(amount=amount, unit=Unit(unit))
    return reckoning(place, **options).add(parse_moment(start), duration).isoformat()


def count(start: str, end: str, unit: str, place: str = "FR", **options: object) -> Decimal:
    return reckoning(place, **options).count(parse_moment(start), parse_moment(end), Unit(unit))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "answer"),
    [
        ("2026-02-28", 1, "calendar-day", "2026-03-01"),
        ("2026-05-12", 0, "ouvre", "2026-05-12"),
        ("2026-05-16", 0, "ouvre", "2026-05-16"),
        ("2026-05-16", 1, "ouvre", "2026-05-18"),
        ("2026-05-22", 1, "ouvre", "2026-05-26"),
        ("2026-05-22", 1, "ouvrable", "2026-05-23"),
        ("2026-05-12", 1, "week", "2026-05-19"),
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2028-01-31", 1, "month", "2028-02-29"),
        ("2026-03-31", -1, "month", "2026-02-28"),
        ("2026-12-15", 2, "month", "2027-02-15"),
        ("2026-01-15", -1, "month", "2025-12-15"),
        ("2026-06-01", 3, "franc", "2026-06-05"),
        ("2026-06-02", 3, "franc", "2026-06-08"),
        ("2026-06-10", -3, "franc", "2026-06-05"),
        ("2026-05-14", 0, "franc", "2026-05-14"),
    ],
)
def test_days_are_added_on_their_boundaries(
    start: str, amount: int, unit: str, answer: str
) -> None:
    assert add(start, amount, unit) == answer


@pytest.mark.parametrize(
    ("start", "amount", "hours", "answer"),
    [
        ("2026-05-11T08:30", 9, OFFICE, "2026-05-11T17:30:00+02:00"),
        ("2026-05-11T17:30", 1, OFFICE, "2026-05-12T09:30:00+02:00"),
        ("2026-05-11T20:00", 1, OFFICE, "2026-05-12T09:30:00+02:00"),
        ("2026-05-13T16:30", 2, OFFICE, "2026-05-15T09:30:00+02:00"),
        ("2026-05-16T10:00", 1, OFFICE, "2026-05-18T09:30:00+02:00"),
        ("2026-05-11T11:00", 2, SPLIT, "2026-05-11T15:00:00+02:00"),
        ("2026-05-11", 1, OFFICE, "2026-05-11T09:30:00+02:00"),
        ("2026-05-11T12:00", 0, OFFICE, "2026-05-11T12:00:00+02:00"),
        ("2026-05-12T09:00", -1, OFFICE, "2026-05-11T17:00:00+02:00"),
        ("2026-05-12T17:30", -9, OFFICE, "2026-05-12T08:30:00+02:00"),
        ("2026-05-11T15:00", -2, SPLIT, "2026-05-11T11:00:00+02:00"),
        ("2026-05-18T10:00", -1, OFFICE, "2026-05-18T09:00:00+02:00"),
    ],
)
def test_working_hours_pass_only_in_their_windows(
    start: str, amount: int, hours: Hours, answer: str
) -> None:
    assert add(start, amount, "working-hour", hours=hours) == answer


def test_heures_ouvrables_pass_on_saturdays_too() -> None:
    assert add("2026-05-15T17:00", 1, "ouvrable-hour", hours=OFFICE) == "2026-05-16T09:00:00+02:00"
    assert add("2026-05-15T17:00", 1, "working-hour", hours=OFFICE) == "2026-05-18T09:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "answer"),
    [
        # The clocks go forward on 29 March 2026 at 02:00 and back on 25 October at 03:00.
        ("2026-03-28T12:00", 24, "clock-hour", "2026-03-29T13:00:00+02:00"),
        ("2026-03-28T12:00", 1, "calendar-day", "2026-03-29T12:00:00+02:00"),
        ("2026-03-28T02:30", 1, "calendar-day", "2026-03-29T03:30:00+02:00"),
        ("2026-10-24T12:00", 24, "clock-hour", "2026-10-25T11:00:00+01:00"),
        ("2026-10-24T02:30", 1, "calendar-day", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T01:00", 3, "clock-hour", "2026-10-25T03:00:00+01:00"),
        ("2026-03-29T12:00", -24, "clock-hour", "2026-03-28T11:00:00+01:00"),
        ("2026-05-11T22:00+00:00", 1, "calendar-day", "2026-05-13T00:00:00+02:00"),
        ("2026-05-11T14:00:05", 1, "ouvre", "2026-05-12T14:00:05+02:00"),
    ],
)
def test_the_clocks_change_and_the_hours_are_still_right(
    start: str, amount: int, unit: str, answer: str
) -> None:
    assert add(start, amount, unit) == answer


def test_an_hour_that_comes_twice_is_worked_twice() -> None:
    assert add("2026-10-26T00:00", -24, "working-hour", hours=ROUND_THE_CLOCK) == (
        "2026-10-23T00:00:00+02:00"
    )
    assert count("2026-10-25T00:00", "2026-10-26T00:00", "clock-hour") == 25
    assert count("2026-03-29T00:00", "2026-03-30T00:00", "clock-hour") == 23


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("FR", "2026-05-12T10:00:00+02:00"),
        ("971", "2026-05-12T10:00:00-04:00"),
        ("973", "2026-05-12T10:00:00-03:00"),
        ("974", "2026-05-12T10:00:00+04:00"),
        ("975", "2026-05-12T10:00:00-02:00"),
        ("976", "2026-05-12T10:00:00+03:00"),
    ],
)
def test_an_hour_is_the_local_one(place: str, answer: str) -> None:
    assert add("2026-05-11T10:00", 1, "ouvre", place) == answer


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        ("2026-05-12T20:00", "2026-05-13"),
        ("2026-05-12T20:01", "2026-05-15"),
        ("2026-05-15T20:01", "2026-05-19"),
        ("2026-05-16T10:00", "2026-05-19"),
        ("2026-05-12", "2026-05-13"),
    ],
)
def test_what_comes_after_the_cut_off_belongs_to_the_next_worked_day(
    received: str, answer: str
) -> None:
    assert add(received, 1, "ouvre", cut_off=parse_cut_off("20:00")) == answer


@given(instants, instants, amounts, st.sampled_from(["ouvre", "ouvrable", "franc"]))
def test_with_a_cut_off_what_comes_later_never_ends_earlier(
    one: datetime, other: datetime, amount: int, unit: str
) -> None:
    ours = reckoning(cut_off=1200)
    duration = Duration(amount=amount, unit=Unit(unit))
    early, late = sorted((one, other))

    first, second = ours.add(early, duration), ours.add(late, duration)

    assert isinstance(first, date)
    assert isinstance(second, date)
    assert first <= second


def test_an_hour_that_comes_twice_stays_the_one_it_was() -> None:
    assert add("2026-10-25T02:30+01:00", 0, "calendar-day") == "2026-10-25T02:30:00+01:00"


def test_without_worked_days_a_cut_off_leads_to_the_next_day() -> None:
    assert add("2026-05-15T20:01", 1, "calendar-day", cut_off=1200) == "2026-05-17"


def test_a_cut_off_makes_no_sense_in_hours_or_backwards() -> None:
    with pytest.raises(ReckoningError, match="runs forward"):
        add("2026-05-15T20:01", -1, "ouvre", cut_off=1200)
    with pytest.raises(ReckoningError, match="a cut-off ends a day"):
        count("2026-05-15T20:01", "2026-05-16", "clock-hour", cut_off=1200)
    with pytest.raises(ReckoningError, match="a cut-off ends a day"):
        add("2026-05-15T20:01", 1, "clock-hour", cut_off=1200)


@pytest.mark.parametrize("amount", [1, -1, 0])
def test_working_hours_without_a_window_are_bad_input(amount: int) -> None:
    with pytest.raises(HoursMissingError, match="working hours need the hours of a day"):
        add("2026-05-15T20:01", amount, "working-hour")
    with pytest.raises(HoursMissingError):
        count("2026-05-15T10:00", "2026-05-15T12:00", "working-hour")


@pytest.mark.parametrize(
    ("start", "amount", "unit"),
    [
        ("2026-05-12", 10_000, "month"),
        ("2026-05-12", -10_000, "week"),
        ("2149-12-31", 400, "ouvre"),
        ("2150-12-31", 1, "franc"),
        ("2150-12-31T23:30", 1, "clock-hour"),
        ("2150-12-31T17:30", 9, "working-hour"),
        ("2026-05-12", 10_000, "working-hour"),
    ],
)
def test_an_answer_nobody_needs_is_refused(start: str, amount: int, unit: str) -> None:
    hours = Hours.parse("09:00-09:01") if amount == 10_000 else OFFICE
    with pytest.raises(OutOfYearsError, match="outside 1990 to 2150"):
        add(start, amount, unit, hours=hours)


@pytest.mark.parametrize(
    ("start", "end", "unit", "total"),
    [
        ("2026-05-12", "2026-05-15", "calendar-day", "3"),
        ("2026-05-12", "2026-05-15", "ouvre", "2"),
        ("2026-05-15", "2026-05-18", "ouvrable", "2"),
        ("2026-05-15", "2026-05-12", "ouvre", "-2"),
        ("2026-05-15", "2026-05-12", "calendar-day", "-3"),
        ("2026-05-12", "2026-05-12", "ouvre", "0"),
        ("2026-05-12", "2026-05-26", "week", "2"),
        ("2026-05-12", "2026-05-25", "week", "1"),
        ("2026-05-26", "2026-05-12", "week", "-2"),
        ("2026-01-31", "2026-02-28", "month", "1"),
        ("2026-01-31", "2026-02-27", "month", "0"),
        ("2026-02-28", "2026-01-28", "month", "-1"),
        ("2026-02-28", "2026-01-29", "month", "0"),
        ("2026-06-01", "2026-06-05", "franc", "3"),
        ("2026-06-01", "2026-06-07", "franc", "3"),
        ("2026-06-01", "2026-06-02", "franc", "0"),
        ("2026-06-01", "2026-06-01", "franc", "0"),
        ("2026-06-10", "2026-06-05", "franc", "-4"),
        ("2026-05-11T10:00", "2026-05-11T10:20", "clock-hour", "0.3333"),
        ("2026-05-11T10:00", "2026-05-11T08:00", "clock-hour", "-2"),
        ("2026-05-11T17:00", "2026-05-12T09:00", "working-hour", "1"),
        ("2026-05-12T09:00", "2026-05-11T17:00", "working-hour", "-1"),
        ("2026-05-16T09:00", "2026-05-16T12:00", "working-hour", "0"),
        ("2026-05-11T09:00", "2026-05-11T12:00", "ouvre", "0"),
    ],
)
def test_units_are_counted_from_one_end_to_the_other(
    start: str, end: str, unit: str, total: str
) -> None:
    assert count(start, end, unit, hours=OFFICE) == Decimal(total)


def test_a_day_ends_at_midnight_local_and_an_instant_when_it_is() -> None:
    ours = reckoning("974")

    assert ours.ends_at(date(2026, 5, 12)).isoformat() == "2026-05-13T00:00:00+04:00"
    assert ours.ends_at(date(2026, 12, 31)).isoformat() == "2027-01-01T00:00:00+04:00"
    moment = datetime(2026, 5, 12, 10, tzinfo=UTC)
    assert ours.ends_at(moment) == moment


@given(dates, amounts, st.sampled_from(["ouvre", "ouvrable"]), st.sampled_from(PLACES))
def test_worked_days_forward_and_back_lead_home(
    start: date, amount: int, unit: str, place: str
) -> None:
    ours = reckoning(place)
    duration = Duration(amount=amount, unit=Unit(unit))
    home = ours.calendar.next_worked(start, WorkingWeek(unit))

    there = ours.add(home, duration)

    assert ours.subtract(there, duration) == home
    assert ours.calendar.works(there, WorkingWeek(unit))


@given(instants, amounts, st.sampled_from(PLACES), st.sampled_from([OFFICE, SPLIT]))
def test_working_hours_forward_and_back_take_the_same_time(
    start: datetime, amount: int, place: str, hours: Hours
) -> None:
    ours = reckoning(place, hours=hours)
    duration = Duration(amount=amount, unit=Unit.WORKING_HOUR)

    there = ours.add(start, duration)
    back = ours.subtract(there, duration)

    assert ours.count(start, there, Unit.WORKING_HOUR) == amount
    assert ours.count(back, there, Unit.WORKING_HOUR) == amount


@given(dates, st.integers(-60, 60), st.sampled_from(DAY_UNITS), st.sampled_from(PLACES))
def test_adding_and_counting_days_agree(start: date, amount: int, unit: Unit, place: str) -> None:
    ours = reckoning(place)

    there = ours.add(start, Duration(amount=amount, unit=unit))
    counted = int(ours.count(start, there, unit))

    if unit is Unit.FRANC:
        assert abs(counted) >= abs(amount)
        assert ours.add(start, Duration(amount=counted, unit=unit)) == there
    else:
        assert counted == amount


@given(instants, st.integers(-200, 200), st.sampled_from(PLACES))
def test_adding_and_counting_clock_hours_agree(start: datetime, amount: int, place: str) -> None:
    ours = reckoning(place)

    there = ours.add(start, Duration(amount=amount, unit=Unit.CLOCK_HOUR))

    assert ours.count(start, there, Unit.CLOCK_HOUR) == amount


@given(dates, st.integers(1, 60), st.sampled_from(PLACES))
def test_a_clear_term_leaves_its_whole_days_free_and_ends_on_a_worked_day(
    start: date, amount: int, place: str
) -> None:
    ours = reckoning(place)

    there = ours.add(start, Duration(amount=amount, unit=Unit.FRANC))

    assert isinstance(there, date)
    assert (there - start).days > amount
    assert ours.calendar.works(there, WorkingWeek.OUVRE)


@given(instants, amounts, st.sampled_from(DAY_UNITS), st.sampled_from(PLACES))
def test_an_instant_lands_on_the_day_its_date_would(
    start: datetime, amount: int, unit: Unit, place: str
) -> None:
    ours, duration = reckoning(place), Duration(amount=amount, unit=unit)

    there = ours.add(start, duration)

    assert isinstance(there, datetime)
    assert there.date() == ours.add(ours.instant_of(start).date(), duration)
    assert there.tzinfo is not None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-11", date(2026, 5, 11)),
        ("11/05/2026", date(2026, 5, 11)),
        ("1/5/2026 14:00", datetime.fromisoformat("2026-05-01T14:00")),
        ("2026-05-11T14:00", datetime.fromisoformat("2026-05-11T14:00")),
        ("2026-05-11T14:00Z", datetime(2026, 5, 11, 14, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_people_write_it(written: str, moment: Moment) -> None:
    assert parse_moment(written) == moment


@pytest.mark.parametrize(
    "written", ["", "tomorrow", "2026-13-01", "31/02/2026", "2026-05-11T25:00"]
)
def test_a_moment_that_does_not_read_gets_a_sentence(written: str) -> None:
    with pytest.raises(ReckoningError, match="is no date; write 2026-05-11"):
        parse_moment(written)


@pytest.mark.parametrize("written", ["1789-07-14", "9999-12-31T00:00"])
def test_a_date_of_another_age_is_refused(written: str) -> None:
    with pytest.raises(OutOfYearsError):
        parse_moment(written)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("9-18", "is no window of the day"),
        ("25:00-26:00", "is no window of the day"),
        ("09:61-10:00", "is no window of the day"),
        ("18:00-09:00", "ends before it starts"),
        ("09:00-12:00,11:00-18:00", "overlap or are out of order"),
    ],
)
def test_hours_that_do_not_read_get_a_sentence(written: str, sentence: str) -> None:
    with pytest.raises(BadHoursError) as refused:
        Hours.parse(written)

    assert sentence in str(refused.value)


def test_hours_are_written_back_as_they_are_read() -> None:
    assert str(SPLIT) == "09:00-12:00,14:00-18:00"
    assert str(Hours.parse("9h-18h30")) == "09:00-18:30"
    assert Hours.parse("00:00-24:00").windows == (Window(0, 1440),)
    assert clock_of(parse_cut_off("20h")) == "20:00"


@pytest.mark.parametrize("written", ["", "8 pm", "25:00"])
def test_a_cut_off_that_does_not_read_gets_a_sentence(written: str) -> None:
    with pytest.raises(BadHoursError, match="is no hour of the day"):
        parse_cut_off(written)


def test_the_exchanges_work_nine_to_six_and_places_have_no_hours() -> None:
    assert str(exchange_hours(ExchangeGroup.GPMAG)) == "09:00-18:00"  # decision 3
    assert exchange_hours(Territory.METROPOLE) is None


def test_units_and_amounts_are_read_or_refused() -> None:
    assert parse_unit(" OUVRE ") is Unit.OUVRE
    assert parse_amount("-2") == -2
    with pytest.raises(BadValueError, match="'ouvres' is no unit; write one of calendar-day"):
        parse_unit("ouvres")
    with pytest.raises(BadValueError, match="is no whole number"):
        parse_amount("2.5")
    with pytest.raises(BadValueError, match="is more than 10000"):
        parse_amount("10001")
    with pytest.raises(ValidationError):
        Duration(amount=10_001, unit=Unit.OUVRE)


@pytest.mark.parametrize(
    ("amount", "unit", "fr", "en"),
    [
        (1, Unit.OUVRE, "1 jour ouvré", "1 working day (Mon-Fri)"),
        (0, Unit.OUVRE, "0 jour ouvré", "0 working days (Mon-Fri)"),
        (-2, Unit.FRANC, "2 jours francs", "2 clear days"),
        (2, Unit.MONTH, "2 mois", "2 months"),
    ],
)
def test_a_duration_is_said_in_both_languages(amount: int, unit: Unit, fr: str, en: str) -> None:
    said = Duration(amount=amount, unit=unit).said

    assert (said.fr, said.en) == (fr, en)
