"""A sentence in French and in English, and dates as people say them in both."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

_DAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_FR = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Language(StrEnum):
    """What a customer reads."""

    FR = "fr"
    EN = "en"


class Said(BaseModel):
    """What customers and back offices read, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: str
    en: str

    def in_(self, language: Language) -> str:
        return self.fr if language is Language.FR else self.en


def joined(said: Iterable[Said], *, fr: str = " ; ", en: str = "; ") -> Said:
    """One sentence after the other; French puts a space before its semicolon."""
    every = tuple(said)
    return Said(fr=fr.join(one.fr for one in every), en=en.join(one.en for one in every))


def weekday_said(day: date) -> Said:
    return Said(fr=_DAYS_FR[day.weekday()], en=_DAYS_EN[day.weekday()])


def day_said(day: date) -> Said:
    """Weekday and date: « mercredi 1er avril 2026 », "Wednesday 1 April 2026"."""
    ordinal = "1er" if day.day == 1 else str(day.day)
    return Said(
        fr=f"{_DAYS_FR[day.weekday()]} {ordinal} {_MONTHS_FR[day.month - 1]} {day.year}",
        en=f"{_DAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}",
    )


def moment_said(moment: date | datetime) -> Said:
    """A date, or a date with its hour where there is one."""
    day = day_said(moment)
    if not isinstance(moment, datetime):
        return day
    seconds = f":{moment:%S}" if moment.second else ""
    return Said(
        fr=f"{day.fr} à {moment.hour} h {moment:%M}{seconds}",
        en=f"{day.en} at {moment:%H:%M}{seconds}",
    )


def hours_said(hours: Decimal) -> str:
    """As few decimals as the figure needs: 9, 4.5, 0.25."""
    text = f"{hours:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
