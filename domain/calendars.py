"""Calendars: which days are worked, where, and why the others are not.

A calendar is the public holidays of its place (the `holidays` library) and the changes known on a
date; its version names both, so that a reckoning can say what it was made with.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from holidays.version import __version__ as library_version

from domain.calendar_changes import CHANGES, CalendarChange
from domain.parsed import BadValueError
from domain.said import Said, weekday_said
from domain.territories import (
    ALSACE_MOSELLE,
    MEMBERS,
    ExchangeGroup,
    Place,
    Territory,
    place_said,
    time_zone_of,
)

_SATURDAY, _SUNDAY = 5, 6
_GOOD_FRIDAY = "Vendredi saint"

FIRST_YEAR, LAST_YEAR = 1990, 2150
"""The years a reckoning may touch. A default of ours: no order lives outside them."""

_SUBDIVISIONS = {
    Territory.METROPOLE: None,
    Territory.MOSELLE: "57",
    Territory.BAS_RHIN: "6AE",
    Territory.HAUT_RHIN: "6AE",
    Territory.SAINT_PIERRE_ET_MIQUELON: "PM",
    Territory.SAINT_BARTHELEMY: "BL",
    Territory.SAINT_MARTIN: "MF",
}


class WorkingWeek(StrEnum):
    """Which days of an ordinary week are worked."""

    OUVRE = "ouvre"
    """Monday to Friday (technicophone 002:64-65, 979-980; oksio 000:1250)."""
    OUVRABLE = "ouvrable"
    """Monday to Saturday (technicophone 002:62-63, 977-978)."""


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Why a day is not worked, and who says so."""

    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days of one place, as known on one date."""

    place: Place
    provider: str | None
    changes: tuple[CalendarChange, ...]
    good_friday: bool = True
    _years: dict[int, Mapping[date, Closure]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def said(self) -> Said:
        place = place_said(self.place)
        if self.provider is None:
            return place
        return Said(fr=f"{self.provider}, {place.fr}", en=f"{self.provider}, {place.en}")

    @property
    def time_zone(self) -> ZoneInfo:
        return time_zone_of(self.place)

    @property
    def version(self) -> str:
        """What this calendar was made from; two calendars of one version agree on every day."""
        rows = "".join(change.model_dump_json() for change in self.changes)
        digest = hashlib.sha256(f"{rows}{self.good_friday}".encode()).hexdigest()[:8]
        whose = self.place if self.provider is None else f"{self.place}+{self.provider}"
        return f"{whose}/holidays-{library_version}/{digest}"

    def closure(self, day: date) -> Closure | None:
        """The holiday or closed day that falls on a date, weekend or not."""
        return self._closures(day.year).get(day)

    def works(self, day: date, week: WorkingWeek) -> bool:
        last_worked = _SATURDAY if week is WorkingWeek.OUVRABLE else _SATURDAY - 1
        return day.weekday() <= last_worked and day not in self._closures(day.year)

    def why_closed(self, day: date, week: WorkingWeek) -> Said | None:
        """Why a day does not count; None when it does."""
        if self.works(day, week):
            return None
        closure = self.closure(day)
        weekday = weekday_said(day)
        if closure is None:
            return weekday
        if day.weekday() in {_SATURDAY, _SUNDAY} and not self._works_that_weekday(day, week):
            return Said(
                fr=f"{weekday.fr}, {closure.said.fr}", en=f"{weekday.en}, {closure.said.en}"
            )
        return closure.said

    def next_worked(self, day: date, week: WorkingWeek, *, step: int = 1) -> date:
        """The day itself if it is worked, or the nearest one in a direction."""
        while not self.works(day, week):
            day += timedelta(days=step)
        return day

    @staticmethod
    def _works_that_weekday(day: date, week: WorkingWeek) -> bool:
        return day.weekday() == _SATURDAY and week is WorkingWeek.OUVRABLE

    def _closures(self, year: int) -> Mapping[date, Closure]:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._make(year)
        return known

    def _make(self, year: int) -> Mapping[date, Closure]:
        days: dict[date, Closure] = {}
        for territory in _territories_of(self.place):
            days.update(_public_holidays(territory, year, good_friday=self.good_friday))
        for change in self.changes:
            day = change.day_in(year)
            if day is None:
                continue
            if change.closed:
                days[day] = Closure(said=change.said, source=change.source)
            else:
                days.pop(day, None)
        return days


class NoSuchCalendarError(BadValueError):
    """No calendar is made like this in this place."""


def calendar_of(
    place: Place,
    *,
    provider: str | None = None,
    changes: Iterable[CalendarChange] = CHANGES,
    known_on: date | None = None,
    good_friday: bool = True,
) -> Calendar:
    """The calendar of a place, with its provider's closed days if one is named.

    Good Friday is a holiday of Alsace-Moselle only where there is a Protestant church or a mixed
    one, so a site may go without it.
    """
    if not good_friday and place not in ALSACE_MOSELLE:
        raise NoSuchCalendarError(
            "only sites in 57, 67 and 68 may work on Good Friday; leave that option out"
        )
    names = {*(territory.value for territory in _territories_of(place)), place.value}
    if place in ALSACE_MOSELLE:
        names.add(Territory.METROPOLE.value)
    if provider is not None:
        names.add(provider)
    applied = tuple(
        change
        for change in changes
        if change.calendar in names and (known_on is None or change.known_on <= known_on)
    )
    return Calendar(
        place=place,
        provider=provider,
        changes=_own_last(applied, place),
        good_friday=good_friday,
    )


def _own_last(changes: tuple[CalendarChange, ...], place: Place) -> tuple[CalendarChange, ...]:
    """A group's own word stands after its members'."""
    return tuple(sorted(changes, key=lambda change: change.calendar == place.value))


def _territories_of(place: Place) -> tuple[Territory, ...]:
    return MEMBERS[place] if isinstance(place, ExchangeGroup) else (place,)


@cache
def _public_holidays(
    territory: Territory, year: int, *, good_friday: bool
) -> Mapping[date, Closure]:
    subdivision = _SUBDIVISIONS.get(territory, territory.value)
    french = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    english = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="en_US")
    source = f"holidays {library_version}, FR {subdivision or ''}".strip()
    return {
        day: Closure(said=Said(fr=name, en=english[day]), source=source)
        for day, name in french.items()
        if good_friday or name != _GOOD_FRIDAY
    }
