"""Where and when technicians work: the holidays and the time of a commune's department."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
}
ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
}
SATURDAY = 5


def zone_of(commune: str) -> ZoneInfo:
    return ZoneInfo(ZONES.get(_department(commune), "Europe/Paris"))


def works_on(commune: str, day: date) -> bool:
    """Monday to Friday, but for the holidays of the place."""
    return day.weekday() < SATURDAY and day not in _closed(_department(commune))


def later(commune: str, day: date, days: int) -> date:
    """So many worked days after it."""
    while days:
        day += timedelta(days=1)
        days -= works_on(commune, day)
    return day


def _department(commune: str) -> str:
    return commune[:3] if commune.startswith("97") else commune[:2]


@cache
def _closed(department: str) -> Container[date]:
    return holidays.country_holidays("FR", subdiv=SUBDIVISIONS.get(department))
