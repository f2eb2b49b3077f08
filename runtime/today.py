"""The day it is where the contracts are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """A machine in UTC is a day late after 22 or 23 h."""
    return datetime.now(PARIS).date()
