"""Adding, taking away and counting business time.

Rules (decision 1 of the rulebook): the anchor is day 0. Days are whole: a date gives a date, which
ends at 24:00 local; an instant gives the same local hour of the last day. Months end on the last
day of a shorter month, in both directions. A term in jours francs that ends on a day off moves to
the next worked day, and one counted backwards to the worked day before (a default of ours).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from domain.calendars import FIRST_YEAR, LAST_YEAR, Calendar
from domain.durations import HOUR_UNITS, WEEK_OF, WINDOWED, Duration, Unit
from domain.hours import Hours, as_local, local_instant
from domain.parsed import BadValueError

Moment = date | datetime

_ONE_DAY = timedelta(days=1)
_MINUTES_AN_HOUR = 60


class ReckoningError(BadValueError):
    """The question cannot be answered as it was asked."""


class HoursMissingError(ReckoningError):
    def __init__(self) -> None:
        super().__init__(
            "working hours need the hours of a day; give --hours 08:30-17:30, a provider whose "
            "contract has some (oksio, axantis, nexis, technicophone), or an exchange group"
        )


class OutOfYearsError(ReckoningError):
    def __init__(self) -> None:
        super().__init__(
            f"the answer lies outside {FIRST_YEAR} to {LAST_YEAR}; check the date and the amount"
        )


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Working time of one day that a reckoning in hours went through."""

    day: date
    start: datetime
    end: datetime

    @property
    def span(self) -> timedelta:
        return _apart(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """Whose days, which hours, and the hour after which a day is over."""

    calendar: Calendar
    hours: Hours | None = None
    cut_off: int | None = None
    """Minutes since midnight: an instant after it belongs to the next worked day."""

    def add(self, anchor: Moment, duration: Duration) -> Moment:
        if duration.unit in HOUR_UNITS:
            self._without_cut_off()
            return self._add_hours(self.instant_of(anchor), duration)
        if self.cut_off is not None and duration.amount < 0:
            raise ReckoningError(
                "a cut-off moves day 0 forward, so it goes with a term that runs forward; leave it "
                "out, or count from the day itself"
            )
        start = self.anchor_day(anchor, duration.unit)
        end = self._add_days(start, duration)
        if isinstance(anchor, datetime) and self.cut_off is None:
            local = self.instant_of(anchor)
            if end == start:
                return local
            minutes = local.hour * _MINUTES_AN_HOUR + local.minute
            at = local_instant(end, minutes, self.calendar.time_zone)
            return at + timedelta(seconds=local.second, microseconds=local.microsecond)
        return end

    def subtract(self, anchor: Moment, duration: Duration) -> Moment:
        return self.add(anchor, Duration(amount=-duration.amount, unit=duration.unit))

    def count(self, start: Moment, end: Moment, unit: Unit) -> Decimal:
        """How many whole units lead from one day to the other; hours may be broken."""
        if unit in HOUR_UNITS:
            self._without_cut_off()
        if unit is Unit.CLOCK_HOUR:
            return in_hours(_apart(self.instant_of(start), self.instant_of(end)))
        if unit in WINDOWED:
            return self._count_windowed(self.instant_of(start), self.instant_of(end), unit)
        first, last = self.anchor_day(start, unit), self._local_day(end)
        if last < first and unit is not Unit.FRANC:
            return -self._count_back(first, last, unit)
        return Decimal(self._count_days(first, last, unit))

    def ends_at(self, moment: Moment) -> datetime:
        """The instant a deadline is over: 24:00 local of a day, or the instant itself."""
        if isinstance(moment, datetime):
            return moment
        return local_instant(moment + _ONE_DAY, 0, self.calendar.time_zone)

    def instant_of(self, moment: Moment) -> datetime:
        """A date without an hour counts from its start; an hour without an offset is local."""
        zone = self.calendar.time_zone
        if not isinstance(moment, datetime):
            return local_instant(moment, 0, zone)
        if moment.tzinfo is None:
            return as_local(moment.replace(tzinfo=zone), zone)
        return as_local(moment, zone)

    def anchor_day(self, moment: Moment, unit: Unit) -> date:
        """Day 0: the local day.

        With a cut-off it is a worked day: the next one for what comes on a day off or after the
        hour. Units that count every day have no day off.
        """
        day = self._local_day(moment)
        if self.cut_off is None or not isinstance(moment, datetime):
            return day
        week = WEEK_OF.get(unit)
        if week is not None and not self.calendar.works(day, week):
            return self.calendar.next_worked(day, week)
        if self.instant_of(moment) <= local_instant(day, self.cut_off, self.calendar.time_zone):
            return day
        following = day + _ONE_DAY
        return self.calendar.next_worked(following, week) if week else following

    def stretches(self, anchor: datetime, unit: Unit, *, forward: bool) -> Iterator[Stretch]:
        """Working time from an instant on, or back from it, window by window, without end."""
        if self.hours is None:
            raise HoursMissingError
        week, zone = WEEK_OF[unit], self.calendar.time_zone
        day = anchor.date()
        while True:
            _within_years(day)
            if self.calendar.works(day, week):
                windows = self.hours.windows if forward else self.hours.windows[::-1]
                for window in windows:
                    opens, closes = window.bounds(day, zone)
                    start = max(opens, anchor, key=_utc) if forward else opens
                    end = closes if forward else min(closes, anchor, key=_utc)
                    if _utc(start) < _utc(end):
                        yield Stretch(day=day, start=start, end=end)
            day += _ONE_DAY if forward else -_ONE_DAY

    def _without_cut_off(self) -> None:
        if self.cut_off is not None:
            raise ReckoningError("a cut-off ends a day, so it goes with days; leave it out")

    def _local_day(self, moment: Moment) -> date:
        if not isinstance(moment, datetime):
            return moment
        return self.instant_of(moment).date()

    def _add_days(self, start: date, duration: Duration) -> date:
        amount = duration.amount
        match duration.unit:
            case Unit.MONTH:
                end = _add_months(start, amount)
            case Unit.WEEK:
                end = start + timedelta(weeks=amount)
            case Unit.FRANC:
                end = self._add_clear(start, amount)
            case Unit.OUVRE | Unit.OUVRABLE:
                end = self._add_worked(start, amount, duration.unit)
            case _:
                end = start + timedelta(days=amount)
        return _within_years(end)

    def _add_worked(self, start: date, amount: int, unit: Unit) -> date:
        week, step = WEEK_OF[unit], _ONE_DAY if amount > 0 else -_ONE_DAY
        day, left = start, abs(amount)
        while left:
            day += step
            left -= self.calendar.works(day, week)
        return day

    def _add_clear(self, start: date, amount: int) -> date:
        """N whole days lie between the anchor and the last day."""
        if amount == 0:
            return start
        step = 1 if amount > 0 else -1
        return self.calendar.next_worked(
            start + timedelta(days=amount + step), WEEK_OF[Unit.FRANC], step=step
        )

    def _add_hours(self, anchor: datetime, duration: Duration) -> datetime:
        wanted = timedelta(hours=abs(duration.amount))
        forward = duration.amount > 0
        zone = self.calendar.time_zone
        if duration.unit is Unit.CLOCK_HOUR:
            end = as_local(_utc(anchor) + (wanted if forward else -wanted), zone)
            _within_years(end.date())
            return end
        if self.hours is None:
            raise HoursMissingError
        if not wanted:
            return anchor
        stretches = self.stretches(anchor, duration.unit, forward=forward)
        stretch = next(stretches)
        while stretch.span < wanted:
            wanted -= stretch.span
            stretch = next(stretches)
        edge = stretch.start if forward else stretch.end
        return as_local(_utc(edge) + (wanted if forward else -wanted), zone)

    def _count_days(self, first: date, last: date, unit: Unit) -> int:
        match unit:
            case Unit.MONTH:
                return _whole_months(first, last)
            case Unit.WEEK:
                return (last - first).days // 7
            case Unit.FRANC:
                return self._count_clear(first, last)
            case Unit.OUVRE | Unit.OUVRABLE:
                return sum(
                    self.calendar.works(first + timedelta(days=n), WEEK_OF[unit])
                    for n in range(1, (last - first).days + 1)
                )
            case _:
                return (last - first).days

    def _count_back(self, first: date, last: date, unit: Unit) -> Decimal:
        """The same count, walked backwards from the anchor."""
        if unit in {Unit.OUVRE, Unit.OUVRABLE}:
            return Decimal(self._count_days(last - _ONE_DAY, first - _ONE_DAY, unit))
        if unit is Unit.MONTH:
            return Decimal(-_whole_months(first, last))
        return Decimal(self._count_days(last, first, unit))

    def _count_clear(self, first: date, last: date) -> int:
        """The longest term in jours francs that ends on this day or before it."""
        step = 1 if last >= first else -1
        worked = self.calendar.next_worked(last, WEEK_OF[Unit.FRANC], step=-step)
        between = abs((worked - first).days) - 1
        return step * max(between, 0) if (worked - first).days * step > 0 else 0

    def _count_windowed(self, start: datetime, end: datetime, unit: Unit) -> Decimal:
        if _utc(end) < _utc(start):
            return -self._count_windowed(end, start, unit)
        before_end = takewhile(
            lambda stretch: _utc(stretch.start) < _utc(end),
            self.stretches(start, unit, forward=True),
        )
        spans = (_apart(s.start, min(s.end, end, key=_utc)) for s in before_end)
        return in_hours(sum(spans, timedelta()))


def parse_moment(text: str) -> Moment:
    """`2026-05-11`, `11/05/2026`, or an instant: `2026-05-11T14:00`, with or without an offset."""
    plain = text.strip()
    french = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(.*)", plain)
    if french:
        plain = f"{french[3]}-{french[2]:>02}-{french[1]:>02}{french[4]}"
    shape = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:.*)?", plain)
    try:
        moment = datetime.fromisoformat(plain if shape else "")
    except ValueError as exc:
        raise ReckoningError(
            f"'{text}' is no date; write 2026-05-11, 11/05/2026 or 2026-05-11T14:00"
        ) from exc
    _within_years(moment.date())
    return moment if len(plain) > len("2026-05-11") else moment.date()


def _utc(moment: datetime) -> datetime:
    """Local clocks stand still or jump twice a year; elapsed time is measured where they do not."""
    return moment.astimezone(UTC)


def _apart(start: datetime, end: datetime) -> timedelta:
    return _utc(end) - _utc(start)


def in_hours(span: timedelta) -> Decimal:
    return (Decimal(span // timedelta(seconds=1)) / Decimal(3600)).quantize(Decimal("0.0001"))


def _within_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfYearsError
    return day


def _add_months(start: date, amount: int) -> date:
    month_index = start.year * 12 + start.month - 1 + amount
    year, month = month_index // 12, month_index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    overshoots = (
        _add_months(first, months) > last if last >= first else (_add_months(first, months) < last)
    )
    if overshoots:
        months -= 1 if last >= first else -1
    return months
