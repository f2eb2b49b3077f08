"""Why a date is what it is: every day counted or skipped, as a value the product carries along.

Days are told from a reading of the calendar of their own, beside the quick addition, and hours from
the stretches they were taken from; the tests hold the arithmetic against the answer.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.calendars import Calendar, WorkingWeek
from domain.durations import HOUR_UNITS, WEEK_OF, WINDOWED, Duration, Unit
from domain.hours import clock_of
from domain.reckoning import Moment, Reckoning, Stretch, in_hours
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


class CountExplanation(_Value):
    """How many units lead from one moment to another, and which days they are."""

    start: AwareDatetime | date
    end: AwareDatetime | date
    unit: Unit
    calendar: str
    place: Said
    time_zone: str
    hours: str | None = None
    cut_off: str | None = None
    days: tuple[CountedDay, ...] = ()
    answer: Decimal


class Moved(_Value):
    """What another calendar makes of the same question."""

    before: Explanation
    after: Explanation

    @property
    def changed(self) -> bool:
        return self.before.answer != self.after.answer


def explain_addition(reckoning: Reckoning, anchor: Moment, duration: Duration) -> Explanation:
    answer = reckoning.add(anchor, duration)
    instant = _at(reckoning, anchor)
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


def explain_count(reckoning: Reckoning, start: Moment, end: Moment, unit: Unit) -> CountExplanation:
    total = reckoning.count(start, end, unit)
    if unit in WINDOWED:
        days = _stretches_between(reckoning, start, end, unit)
    elif unit is Unit.CLOCK_HOUR:
        days = iter(())
    else:
        first, last = reckoning.anchor_day(start, unit), _day_of(_at(reckoning, end))
        if unit is Unit.FRANC:
            days = _clear_days(reckoning.calendar, first, last, abs(int(total)))
        else:
            days = _walked(reckoning, first, last, Duration(amount=int(total), unit=unit))
    return CountExplanation(
        start=_at(reckoning, start),
        end=_at(reckoning, end),
        unit=unit,
        calendar=reckoning.calendar.version,
        place=reckoning.calendar.said,
        time_zone=reckoning.calendar.time_zone.key,
        hours=str(reckoning.hours) if unit in WINDOWED else None,
        cut_off=None if reckoning.cut_off is None else clock_of(reckoning.cut_off),
        days=tuple(days),
        answer=total,
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
    elif unit is Unit.CLOCK_HOUR:
        hours = Decimal(abs(duration.amount))
        yield CountedDay(day=_day_of(answer), counted=hours, total=hours, said=duration.said)
    else:
        start = reckoning.anchor_day(anchor, unit)
        if unit is Unit.FRANC:
            clear = abs(duration.amount)
            yield from _clear_days(reckoning.calendar, start, _day_of(answer), clear)
        else:
            yield from _walked(reckoning, start, _day_of(answer), duration)


def _walked(
    reckoning: Reckoning, start: date, end: date, duration: Duration
) -> Iterator[CountedDay]:
    """Day by day, or for weeks and months the day each of them ends on."""
    if duration.unit not in {Unit.WEEK, Unit.MONTH}:
        yield from days_between(reckoning.calendar, start, end, WEEK_OF.get(duration.unit))
        return
    step = 1 if duration.amount > 0 else -1
    whole_days = Reckoning(calendar=reckoning.calendar)
    for number in range(1, abs(duration.amount) + 1):
        reached = Duration(amount=step * number, unit=duration.unit)
        yield CountedDay(
            day=_day_of(whole_days.add(start, reached)),
            counted=Decimal(1),
            total=Decimal(number),
            said=reached.said,
        )


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
    left = timedelta(hours=abs(duration.amount))
    stretches = reckoning.stretches(start, duration.unit, forward=forward)
    taken: list[Stretch] = []
    while left:
        stretch = next(stretches)
        part = _part(stretch, min(stretch.span, left), forward=forward)
        left -= part.span
        taken.append(part)
    yield from _told(reckoning.calendar, start.date(), taken, WEEK_OF[duration.unit])


def _stretches_between(
    reckoning: Reckoning, start: Moment, end: Moment, unit: Unit
) -> Iterator[CountedDay]:
    ends = (reckoning.instant_of(start), reckoning.instant_of(end))
    first, last = sorted(ends, key=lambda moment: moment.astimezone(UTC))
    taken = []
    stretches = reckoning.stretches(first, unit, forward=True)
    stretch = next(stretches)
    while (left := Stretch(day=stretch.day, start=stretch.start, end=last).span) > timedelta():
        taken.append(_part(stretch, min(stretch.span, left), forward=True))
        stretch = next(stretches)
    yield from _told(reckoning.calendar, first.date(), taken, WEEK_OF[unit])


def _part(stretch: Stretch, span: timedelta, *, forward: bool) -> Stretch:
    """So much of a stretch, from the side it is entered on."""
    if forward:
        zone = stretch.start.tzinfo
        closes = (stretch.start.astimezone(UTC) + span).astimezone(zone)
        return Stretch(day=stretch.day, start=stretch.start, end=closes)
    opens = (stretch.end.astimezone(UTC) - span).astimezone(stretch.end.tzinfo)
    return Stretch(day=stretch.day, start=opens, end=stretch.end)


def _told(
    calendar: Calendar, day: date, taken: Sequence[Stretch], week: WorkingWeek
) -> Iterator[CountedDay]:
    total = timedelta()
    for stretch in taken:
        yield from _days_off(calendar, day, stretch.day, week=week, total=total)
        day, total = stretch.day, total + stretch.span
        span = f"{stretch.start:%H:%M}-{stretch.end:%H:%M}"
        figure = hours_said(in_hours(stretch.span))
        yield CountedDay(
            day=day,
            counted=in_hours(stretch.span),
            total=in_hours(total),
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
            yield passed.model_copy(update={"total": in_hours(total)})


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


def _at(reckoning: Reckoning, moment: Moment) -> Moment:
    """The same moment, its hour the local one."""
    return reckoning.instant_of(moment) if _is_instant(moment) else moment


def _is_instant(moment: Moment) -> bool:
    return isinstance(moment, datetime)


def _day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
