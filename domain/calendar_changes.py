"""Days on which a calendar differs from the public holidays everybody knows.

Data with a date: each row says since when it has been known, so that a deadline reckoned earlier
can still be explained, and reckoned again. More rows are loaded from a file of the user's.
"""

from datetime import date, timedelta
from typing import Self

from dateutil.easter import easter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.said import Said

_LEAP_YEAR = 2028


class CalendarChange(BaseModel):
    """One day that a calendar closes, or opens against the holidays it is built on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calendar: str
    """A territory, an exchange group or a provider."""
    known_on: date
    """Since when it has been known: no earlier reckoning could use it."""
    closed: bool = True
    on: date | None = None
    """One day only."""
    yearly: str | None = Field(default=None, pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
    """The same day of every year, MM-DD."""
    easter: int | None = Field(default=None, ge=-70, le=70)
    """So many days after Easter Sunday."""
    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if sum(rule is not None for rule in (self.on, self.yearly, self.easter)) != 1:
            raise ValueError("give one of: on (a date), yearly (MM-DD), easter (days after it)")
        if self.yearly is not None and self.day_in(_LEAP_YEAR) is None:
            raise ValueError(f"yearly: no year has a {self.yearly}")
        return self

    @property
    def said(self) -> Said:
        return Said(fr=self.fr, en=self.en)

    def day_in(self, year: int) -> date | None:
        if self.on is not None:
            return self.on if self.on.year == year else None
        if self.easter is not None:
            return easter(year) + timedelta(days=self.easter)
        month, day = (int(part) for part in str(self.yearly).split("-"))
        try:
            return date(year, month, day)
        except ValueError:
            return None


_GPMAG_ANNEX = "inter-operator annex of the GPMAG, list of closed days (porting-and-access § 8)"
_FROM_THE_START = date(2013, 1, 1)
"""The annex dates from 2012-2013; no order of ours is older. A default of ours."""

CHANGES: tuple[CalendarChange, ...] = (
    CalendarChange(
        calendar="GPMAG",
        known_on=_FROM_THE_START,
        easter=-47,
        fr="Mardi gras",
        en="Shrove Tuesday",
        source=_GPMAG_ANNEX,
    ),
    CalendarChange(
        calendar="GPMAG",
        known_on=_FROM_THE_START,
        easter=-46,
        fr="mercredi des Cendres",
        en="Ash Wednesday",
        source=_GPMAG_ANNEX,
    ),
    CalendarChange(
        calendar="GPMAG",
        known_on=_FROM_THE_START,
        yearly="11-02",
        fr="jour des Défunts",
        en="All Souls' Day",
        source=_GPMAG_ANNEX,
    ),
    CalendarChange(
        calendar="GPMAG",
        known_on=_FROM_THE_START,
        closed=False,
        yearly="07-21",
        fr="Fête de Victor Schoelcher (non chômée par l'échange)",
        en="Victor Schoelcher Day (the exchange works)",
        source=_GPMAG_ANNEX,
    ),
    CalendarChange(
        calendar="972",
        known_on=_FROM_THE_START,
        easter=-2,
        fr="Vendredi saint",
        en="Good Friday",
        source="holidays 0.108, verified for 2026 (porting-and-access § 8); gone from 0.109",
    ),
)
