"""Why a date is what it is: every day counted or skipped, as a value the product carries along.

An explanation is made from its own reading of the calendar, day by day; the tests hold its
arithmetic against the answer.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.calendars import Calendar, WorkingWeek
from domain.durations import HOUR_UNITS, WEEK_OF, WINDOWED, Duration, Unit
from domain.hours import clock_of
from domain.reckoning import Moment, Reckoning
from domain.said import Said, day_said, hours_said, moment_said

_ONE_DAY = timedelta(days=1)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CountedDay(_Value):
    """One day between the anchor and the answer. `total` is what had been counted at its end."""

    day: date
    counted: Decimal
    total: Decimal
    said: Said


class Explanation(_Value):
    """A whole reckoning: the question, the calendar, the days, the answer."""

    anchor: AwareDatetime | date
    duration: Duration
    calendar: str
    """The version of the calendar: place, library, changes."""
    place: Said
    time_zone: str
    hours: str | None = None
    hours_source: str | None = None
    cut_off: str | None = None
    days: tuple[CountedDay, ...] = ()
    notes: tuple[Said, ...] = ()
    answer: AwareDatetime | date
    ends_at: AwareDatetime
    """The instant the deadline is over."""
    summary: Said


class Moved(_Value):
    """What another calendar makes of the same question."""

    before: Explanation
    after: Explanation

    @property
    def changed(self) -> bool:
        return self.before.answer != self.after.answer


def explain_addition(reckoning: Reckoning, anchor: Moment, duration: Duration) -> Explanation:
    answer = reckoning.add(anchor, duration)
    instant = reckoning.instant_of(anchor) if _is_instant(anchor) else anchor
    hours = reckoning.hours if duration.unit in WINDOWED else None
    return Explanation(
        anchor=instant,
        duration=duration,
        calendar=reckoning.calendar.version,
        place=reckoning.calendar.said,
        time_zone=reckoning.calendar.time_zone.key,
        hours=None if hours is None else str(hours),
        hours_source=None if hours is None else hours.source,
        cut_off=None if reckoning.cut_off is None else clock_of(reckoning.cut_off),
        days=tuple(_days(reckoning, anchor, duration, answer)),
        notes=tuple(_notes(reckoning, anchor, duration, answer)),
        answer=answer,
        ends_at=reckoning.ends_at(answer),
        summary=_summary(instant, duration, answer),
    )


def reckon_again(explanation: Explanation, reckoning: Reckoning) -> Moved:
    """The same question asked of another calendar: what a change of calendar moves."""
    return Moved(
        before=explanation,
        after=explain_addition(reckoning, explanation.anchor, explanation.duration),
    )


def days_between(
    calendar: Calendar, start: date, end: date, week: WorkingWeek | None
) -> Iterator[CountedDay]:
    """Every day after the start, up to the end, in the direction of the end."""
    step = _ONE_DAY if end >= start else -_ONE_DAY
    day, total = start, 0
    while day != end:
        day += step
        why = calendar.why_closed(day, week) if week else None
        total += why is None
        yield CountedDay(
            day=day,
            counted=Decimal(why is None),
            total=Decimal(total),
            said=_counted(total) if why is None else _skipped(why),
        )


def _days(
    reckoning: Reckoning, anchor: Moment, duration: Duration, answer: Moment
) -> Iterator[CountedDay]:
    unit = duration.unit
    if unit in WINDOWED:
        yield from _windowed_days(reckoning, anchor, duration)
    elif unit in {Unit.OUVRE, Unit.OUVRABLE, Unit.CALENDAR_DAY}:
        start = reckoning.anchor_day(anchor, unit)
        yield from days_between(reckoning.calendar, start, _day_of(answer), WEEK_OF.get(unit))
    elif unit is Unit.FRANC:
        start = reckoning.anchor_day(anchor, unit)
        yield from _clear_days(reckoning.calendar, start, _day_of(answer), abs(duration.amount))


def _clear_days(calendar: Calendar, start: date, end: date, amount: int) -> Iterator[CountedDay]:
    """The whole days, then the last day, which only ends the term, moved off days not worked."""
    for counted in days_between(calendar, start, end, None):
        if counted.total <= amount:
            yield counted
            continue
        why = calendar.why_closed(counted.day, WEEK_OF[Unit.FRANC])
        last = Said(
            fr="dernier jour, non compté : le délai s'achève",
            en="last day, not counted: the term ends",
        )
        moved = why and Said(
            fr=f"jour non travaillé ({why.fr}) : reporté", en=f"day off ({why.en}): moved on"
        )
        yield CountedDay(
            day=counted.day, counted=Decimal(0), total=Decimal(amount), said=moved or last
        )


def _windowed_days(
    reckoning: Reckoning, anchor: Moment, duration: Duration
) -> Iterator[CountedDay]:
    """Hour by hour would be long: one line per stretch worked, and one per day skipped."""
    start, forward = reckoning.instant_of(anchor), duration.amount > 0
    left, day = timedelta(hours=abs(duration.amount)), start.date()
    total = timedelta()
    week = WEEK_OF[duration.unit]
    stretches = reckoning.stretches(start, duration.unit, forward=forward)
    while left:
        stretch = next(stretches)
        yield from _days_off(reckoning.calendar, day, stretch.day, week=week, total=total)
        day = stretch.day
        taken = min(stretch.span, left)
        left, total = left - taken, total + taken
        opens = stretch.start if forward else stretch.end - taken
        closes = stretch.start + taken if forward else stretch.end
        span = f"{opens:%H:%M}-{closes:%H:%M}"
        figure = hours_said(_in_hours(taken))
        yield CountedDay(
            day=day,
            counted=_in_hours(taken),
            total=_in_hours(total),
            said=Said(
                fr=f"{span} : {figure.replace('.', ',')} h",
                en=f"{span}: {figure} h",
            ),
        )


def _days_off(
    calendar: Calendar, start: date, end: date, *, week: WorkingWeek, total: timedelta
) -> Iterator[CountedDay]:
    for passed in days_between(calendar, start, end, week):
        if not passed.counted:
            yield passed.model_copy(update={"total": _in_hours(total)})


def _notes(
    reckoning: Reckoning, anchor: Moment, duration: Duration, answer: Moment
) -> Iterator[Said]:
    start, day = anchor, reckoning.anchor_day(anchor, duration.unit)
    if duration.unit in HOUR_UNITS and not _is_instant(start):
        yield Said(
            fr="une date sans heure compte depuis 0 h",
            en="a date without an hour counts from 00:00",
        )
    if reckoning.cut_off is not None and _is_instant(start):
        received = reckoning.instant_of(start)
        if received.date() != day:
            limit, moved = clock_of(reckoning.cut_off), day_said(day)
            yield Said(
                fr=f"reçu après {limit} : le jour 0 est le {moved.fr}",
                en=f"received after {limit}: day 0 is {moved.en}",
            )
    if duration.unit is Unit.MONTH and _day_of(answer).day != day.day:
        yield Said(
            fr=f"pas de {day.day} ce mois-là : le dernier jour du mois",
            en=f"that month has no day {day.day}: its last day",
        )
    if isinstance(answer, datetime):
        yield from _clocks_moved(reckoning.instant_of(anchor), answer)


def _clocks_moved(start: datetime, end: datetime) -> Iterator[Said]:
    before, after = start.utcoffset(), end.utcoffset()
    if before != after:
        yield Said(
            fr=f"changement d'heure entre les deux : {start:%z} puis {end:%z}",
            en=f"the clocks change in between: {start:%z}, then {end:%z}",
        )


def _summary(anchor: Moment, duration: Duration, answer: Moment) -> Said:
    start, length, end = moment_said(anchor), duration.said, moment_said(answer)
    if duration.amount < 0:
        return Said(
            fr=f"{length.fr} avant le {start.fr} : {end.fr}",
            en=f"{length.en} before {start.en}: {end.en}",
        )
    return Said(
        fr=f"{length.fr} après le {start.fr} : {end.fr}",
        en=f"{length.en} after {start.en}: {end.en}",
    )


def _counted(total: int) -> Said:
    return Said(fr=f"jour {total}", en=f"day {total}")


def _skipped(why: Said) -> Said:
    return Said(fr=f"non compté : {why.fr}", en=f"not counted: {why.en}")


def _is_instant(moment: Moment) -> bool:
    return isinstance(moment, datetime)


def _day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _in_hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(seconds=1)) / Decimal(3600)
