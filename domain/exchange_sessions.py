"""When an exchange's files are made: its daily sessions, and its weekly synchronisation.

Nothing here reads a clock. A session's file closes a little before the session ends, so that what
was asked for within the session still leaves with it; what comes later leaves with the next.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.hours import Hours, Window
from domain.port_dates import PortCalendar
from domain.reckoning import Reckoning

CLOSES_BEFORE_END = timedelta(minutes=10)
"""Long enough to put a file down and be read within the session. A default of ours."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_BACK = 12


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session: until when tickets join its file, and when it is over."""

    starts_at: datetime
    closes_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Wall time, as business time of the clock in force: a slow machine is not a late operator."""

    grace: timedelta
    """How long after its moment a file is made: those who write its tickets may be slow."""
    slack: timedelta
    """How long after a session a file may still be made for it, for the same reason."""


def session_to_make(calendar: PortCalendar, now: datetime, patience: Patience) -> Session | None:
    """The session whose file is to be made now; None between sessions."""
    week, exchange = calendar.rules.session_week, calendar.exchange
    for day in _days_back(calendar, now):
        if exchange.why_closed(day, week) is not None:
            continue
        for window in reversed(calendar.rules.sessions):
            session = _session_of(calendar, day, window)
            if session.closes_at + patience.grace <= now:
                return session if now <= session.ends_at + patience.slack else None
    return None


def sync_to_make(calendar: PortCalendar, now: datetime, patience: Patience) -> Session | None:
    """The weekly synchronisation that is to be made now; None at other times."""
    weekday, window = sync_window(calendar.rules.sync)
    for day in _days_back(calendar, now):
        if day.weekday() != weekday:
            continue
        session = _session_of(calendar, day, window)
        if session.starts_at + patience.grace <= now:
            return session if now <= session.ends_at + patience.slack else None
    return None


def sync_window(text: str) -> tuple[int, Window]:
    """`sunday 22:00-24:00`: the day of the week, Monday being nought, and the hours."""
    day, _, hours = text.partition(" ")
    return _WEEKDAYS.index(day), Hours.parse(hours).windows[0]


def _days_back(calendar: PortCalendar, now: datetime) -> tuple[date, ...]:
    """Today and the days before it, as the exchange counts them: enough for any row of closures."""
    today = Reckoning(calendar=calendar.exchange).instant_of(now).date()
    return tuple(today - timedelta(days=days) for days in range(_DAYS_BACK))


def _session_of(calendar: PortCalendar, day: date, window: Window) -> Session:
    starts_at, ends_at = window.bounds(day, calendar.exchange.time_zone)
    return Session(starts_at=starts_at, closes_at=ends_at - CLOSES_BEFORE_END, ends_at=ends_at)
