"""Amounts of business time, in the units contracts and the law count in."""

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from domain.calendars import WorkingWeek
from domain.parsed import BadValueError
from domain.said import Said

AMOUNT_MAX = 10_000
"""Twenty-seven years of days. A default of ours: more is a typing error."""


MINUS = "\u2212"
"""The minus sign people's spreadsheets write."""


class Unit(StrEnum):
    """Each with its French term; the anchor is always day 0 (decision 1)."""

    CALENDAR_DAY = "calendar-day"
    """Jour calendaire: every day."""
    OUVRE = "ouvre"
    """Jour ouvré: Monday to Friday, holidays out."""
    OUVRABLE = "ouvrable"
    """Jour ouvrable: Monday to Saturday, holidays out."""
    FRANC = "franc"
    """Jour franc: neither the first nor the last day counts; ends on a worked day."""
    WORKING_HOUR = "working-hour"
    """Heure ouvrée: within the hours of jours ouvrés."""
    OUVRABLE_HOUR = "ouvrable-hour"
    """Heure ouvrable: within the hours of jours ouvrables."""
    CLOCK_HOUR = "clock-hour"
    """Heure d'horloge: sixty minutes, day and night."""
    WEEK = "week"
    """Semaine calendaire: seven days."""
    MONTH = "month"
    """Mois calendaire: the same day of another month, or its last."""


class Duration(BaseModel):
    """So many of a unit; negative ones run backwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(ge=-AMOUNT_MAX, le=AMOUNT_MAX)
    unit: Unit

    @property
    def said(self) -> Said:
        one, many = _NAMES[self.unit]
        name = one if abs(self.amount) < 2 else many  # noqa: PLR2004  French plural from two
        return Said(
            fr=f"{abs(self.amount)} {name.fr}",
            en=f"{abs(self.amount)} {(one if abs(self.amount) == 1 else many).en}",
        )


WEEK_OF = {
    Unit.OUVRE: WorkingWeek.OUVRE,
    Unit.OUVRABLE: WorkingWeek.OUVRABLE,
    Unit.FRANC: WorkingWeek.OUVRE,
    Unit.WORKING_HOUR: WorkingWeek.OUVRE,
    Unit.OUVRABLE_HOUR: WorkingWeek.OUVRABLE,
}
"""The week each unit counts in; a term in jours francs ends on a jour ouvré."""

HOUR_UNITS = frozenset({Unit.WORKING_HOUR, Unit.OUVRABLE_HOUR, Unit.CLOCK_HOUR})
WINDOWED = frozenset({Unit.WORKING_HOUR, Unit.OUVRABLE_HOUR})

_NAMES: dict[Unit, tuple[Said, Said]] = {
    Unit.CALENDAR_DAY: (
        Said(fr="jour calendaire", en="calendar day"),
        Said(fr="jours calendaires", en="calendar days"),
    ),
    Unit.OUVRE: (
        Said(fr="jour ouvré", en="working day (Mon-Fri)"),
        Said(fr="jours ouvrés", en="working days (Mon-Fri)"),
    ),
    Unit.OUVRABLE: (
        Said(fr="jour ouvrable", en="working day (Mon-Sat)"),
        Said(fr="jours ouvrables", en="working days (Mon-Sat)"),
    ),
    Unit.FRANC: (
        Said(fr="jour franc", en="clear day"),
        Said(fr="jours francs", en="clear days"),
    ),
    Unit.WORKING_HOUR: (
        Said(fr="heure ouvrée", en="working hour (Mon-Fri)"),
        Said(fr="heures ouvrées", en="working hours (Mon-Fri)"),
    ),
    Unit.OUVRABLE_HOUR: (
        Said(fr="heure ouvrable", en="working hour (Mon-Sat)"),
        Said(fr="heures ouvrables", en="working hours (Mon-Sat)"),
    ),
    Unit.CLOCK_HOUR: (
        Said(fr="heure", en="clock hour"),
        Said(fr="heures", en="clock hours"),
    ),
    Unit.WEEK: (Said(fr="semaine", en="week"), Said(fr="semaines", en="weeks")),
    Unit.MONTH: (Said(fr="mois", en="month"), Said(fr="mois", en="months")),
}


def parse_unit(text: str) -> Unit:
    try:
        return Unit(text.strip().lower())
    except ValueError as exc:
        raise BadValueError(f"'{text}' is no unit; write one of {', '.join(Unit)}") from exc


def parse_amount(text: str) -> int:
    plain = text.strip().replace(MINUS, "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", plain):
        raise BadValueError(f"'{text}' is no whole number; write 2, or -2 to go back")
    amount = int(plain)
    if abs(amount) > AMOUNT_MAX:
        raise BadValueError(f"{amount} is more than {AMOUNT_MAX}; check the amount and its unit")
    return amount
