"""When an exchange's files are made. Sessions: 10-11, 14-15, 19-20 on jours ouvrés; the weekly
synchronisation on Sunday from 22 to 24 (porting-and-access § 2.4)."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.exchange_sessions import (
    Patience,
    Session,
    session_to_make,
    sync_to_make,
    sync_window,
)
from domain.territories import ExchangeGroup
from tests.porting import RULES

PARIS = ZoneInfo("Europe/Paris")
AT_ONCE = Patience(grace=timedelta(0), slack=timedelta(0))
CALENDAR = RULES.calendar(ExchangeGroup.GPM, datetime(2027, 1, 9, tzinfo=PARIS).date())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def made(now: str, patience: Patience = AT_ONCE) -> str | None:
    return _shown(session_to_make(CALENDAR, at(now), patience))


def _shown(session: Session | None) -> str | None:
    return None if session is None else session.starts_at.astimezone(PARIS).isoformat()[:16]


@pytest.mark.parametrize(
    ("now", "session"),
    [
        ("2027-01-11T10:49:59", None),
        ("2027-01-11T10:50:00", "2027-01-11T10:00"),
        ("2027-01-11T11:00:00", "2027-01-11T10:00"),
        ("2027-01-11T11:00:01", None),
        ("2027-01-11T14:55:00", "2027-01-11T14:00"),
        ("2027-01-11T19:50:00", "2027-01-11T19:00"),
        ("2027-01-11T23:00:00", None),
        ("2027-01-09T10:55:00", None),  # a Saturday
        ("2027-01-01T10:55:00", None),  # New Year's Day
    ],
)
def test_a_file_is_made_ten_minutes_before_its_session_ends(now: str, session: str | None) -> None:
    assert made(now) == session


def test_a_slow_machine_is_waited_for_and_is_not_late() -> None:
    patient = Patience(grace=timedelta(hours=2), slack=timedelta(hours=14))

    assert made("2027-01-11T12:00:00", patient) is None
    assert made("2027-01-11T12:50:00", patient) == "2027-01-11T10:00"
    assert made("2027-01-12T09:00:00", patient) == "2027-01-11T19:00"
    assert made("2027-01-12T11:00:00", patient) is None


def test_after_a_row_of_closed_days_nothing_is_made_for_the_session_before_them() -> None:
    assert made("2027-01-04T09:00:00") is None


@pytest.mark.parametrize(
    ("now", "session"),
    [
        ("2027-01-10T21:59:59", None),
        ("2027-01-10T22:00:00", "2027-01-10T22:00"),
        ("2027-01-11T00:00:00", "2027-01-10T22:00"),
        ("2027-01-11T00:00:01", None),
        ("2027-01-13T22:30:00", None),
    ],
)
def test_the_weekly_list_is_made_on_sunday_evening(now: str, session: str | None) -> None:
    assert _shown(sync_to_make(CALENDAR, at(now), AT_ONCE)) == session


def test_the_words_of_a_profile_name_a_day_and_its_hours() -> None:
    day, window = sync_window("sunday 22:00-24:00")

    assert (day, window.start, window.end) == (6, 22 * 60, 24 * 60)


def test_nothing_is_to_be_made_where_no_session_was_for_days() -> None:
    """A calendar that is closed for longer than anybody looks back."""
    shut = CALENDAR.model_copy(update={"rules": replace(CALENDAR.rules, sessions=())})

    assert session_to_make(shut, at("2027-01-11T10:55:00"), AT_ONCE) is None
    never = Patience(grace=timedelta(days=60), slack=timedelta(0))
    assert sync_to_make(CALENDAR, at("2027-01-10T22:30:00"), never) is None
