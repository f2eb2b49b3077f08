"""Windows of the day, and those of the exchanges."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from domain.parsed import BadValueError, Parsed
from domain.territories import ExchangeGroup, Place

_WINDOW = re.compile(r"([0-9]{1,2})[:h]([0-9]{2})?\s*-\s*([0-9]{1,2})[:h]([0-9]{2})?")
_MINUTES_A_DAY = 24 * 60


class BadHoursError(BadValueError):
    """Not windows of a day."""


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes since midnight, local time; the end is not in it."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock_of(self.start)}-{clock_of(self.end)}"

    def bounds(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return local_instant(day, self.start, zone), local_instant(day, self.end, zone)


@dataclass(frozen=True, slots=True)
class Hours(Parsed):
    """The windows of a working day, in order and apart."""

    windows: tuple[Window, ...]
    source: str = "as asked"

    @classmethod
    def parse(cls, text: str) -> Self:
        """`08:30-17:30`, or several: `09:00-12:00,14:00-18:00`."""
        windows = tuple(_window(part.strip(), text) for part in text.split(","))
        for earlier, later in pairwise(windows):
            if later.start < earlier.end:
                raise BadHoursError(
                    f"'{text}' has windows that overlap or are out of order; write them in order, "
                    "such as 09:00-12:00,14:00-18:00"
                )
        return cls(windows=windows)

    def __str__(self) -> str:
        return ",".join(str(window) for window in self.windows)


def parse_cut_off(text: str) -> int:
    """An hour of the day, in minutes since midnight."""
    match = re.fullmatch(r"([0-9]{1,2})[:h]([0-9]{2})?", text.strip())
    minutes = _minutes(match[1], match[2]) if match else None
    if minutes is None:
        raise BadHoursError(f"'{text}' is no hour of the day; write it like 20:00")
    return minutes


def local_instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A local hour as an instant. One that the clocks skip is the same moment an hour later by the
    clock; one that comes twice is the first."""
    day += timedelta(days=minutes // _MINUTES_A_DAY)
    naive = datetime.combine(day, time(minutes % _MINUTES_A_DAY // 60, minutes % 60))
    return as_local(naive.replace(tzinfo=zone), zone)


def as_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same instant on the clocks of a place; a skipped hour moves forward."""
    return moment.astimezone(UTC).astimezone(zone)


def clock_of(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _window(part: str, text: str) -> Window:
    match = _WINDOW.fullmatch(part)
    start = _minutes(match[1], match[2]) if match else None
    end = _minutes(match[3], match[4]) if match else None
    if start is None or end is None:
        raise BadHoursError(f"'{text}' is no window of the day; write it like 08:30-17:30")
    if end <= start:
        raise BadHoursError(
            f"'{text}' ends before it starts; a window stays within one day, split it at 24:00"
        )
    return Window(start=start, end=end)


def _minutes(hour: str, minute: str | None) -> int | None:
    total = int(hour) * 60 + int(minute or 0)
    return total if total <= _MINUTES_A_DAY and int(minute or 0) < 60 else None  # noqa: PLR2004


_EXCHANGE_HOURS = Hours(
    windows=(Window(9 * 60, 18 * 60),), source="porting-and-access § 8, decision 3: 9-18 h"
)


def exchange_hours(place: Place) -> Hours | None:
    return _EXCHANGE_HOURS if isinstance(place, ExchangeGroup) else None
