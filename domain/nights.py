"""When the hosts are compared with the ledger: every business night."""

from datetime import date, datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.calendars import Calendar, WorkingWeek
from domain.hours import as_local, local_instant
from domain.policies import RECONCILE_AT


class Night(BaseModel):
    """The night of a jour ouvré, and the instant at which it is to be begun."""

    model_config = ConfigDict(frozen=True)

    day: date
    at: AwareDatetime


def night_to_come(calendar: Calendar, now: datetime, done: date | None) -> Night:
    """The first one that is not over yet, or the last that was slept through. `done` is the last
    that was taken; one of the future is of another time, and says nothing."""
    today = as_local(now, calendar.time_zone).date()
    last = _night(calendar, today, back=True)
    if last.at > now:
        last = _night(calendar, last.day - timedelta(days=1), back=True)
    if done is not None and done < last.day:
        return last
    return _night(calendar, last.day + timedelta(days=1), back=False)


def _night(calendar: Calendar, day: date, *, back: bool) -> Night:
    day = calendar.next_worked(day, WorkingWeek.OUVRE, step=-1 if back else 1)
    minutes = RECONCILE_AT.hour * 60 + RECONCILE_AT.minute
    return Night(day=day, at=local_instant(day, minutes, calendar.time_zone))
