"""The kinds of value a contract, a law or an exchange can set, each as its own small type.

A value says its amount, its unit, what it is counted from, and nothing it was not told.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.durations import Unit
from domain.hours import Hours

WORD = r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$"
"""A word of ours: small letters, figures, dashes."""

Word = Annotated[str, Field(pattern=WORD)]


class Kind(StrEnum):
    """What kind of value a term takes."""

    DURATION = "duration"
    """So much time before or after something."""
    MONEY = "money"
    """So many euros, with or without tax."""
    PERCENT = "percent"
    """A share of something."""
    FORMULA = "formula"
    """An amount worked out from others."""
    NUMBER = "number"
    """So many of something."""
    FLAG = "flag"
    """Yes or no."""
    CHOICE = "choice"
    """One word of a list."""
    CHOICES = "choices"
    """Several words of a list."""
    HOURS = "hours"
    """A window of a day, and the days it is open."""
    BANDS = "bands"
    """Steps: from so much to so much, so much."""
    TEXT = "text"
    """An address, a name, a figure that is no amount."""


class ContractUnit(StrEnum):
    """The units contracts write: those business time is reckoned in, and two more."""

    CALENDAR_DAY = Unit.CALENDAR_DAY
    OUVRE = Unit.OUVRE
    OUVRABLE = Unit.OUVRABLE
    FRANC = Unit.FRANC
    WORKING_HOUR = Unit.WORKING_HOUR
    OUVRABLE_HOUR = Unit.OUVRABLE_HOUR
    CLOCK_HOUR = Unit.CLOCK_HOUR
    WEEK = Unit.WEEK
    MONTH = Unit.MONTH
    MINUTE = "minute"
    """Minute."""
    YEAR = "year"
    """An."""


class Direction(StrEnum):
    """On which side of its anchor a duration lies."""

    AFTER = "after"
    """Counted from the anchor on."""
    BEFORE = "before"
    """Counted back from the anchor."""
    DURING = "during"
    """How long it lasts."""


class Tax(StrEnum):
    """Whether VAT is in an amount."""

    HT = "HT"
    """Without VAT."""
    TTC = "TTC"
    """With VAT."""
    UNSAID = "unsaid"
    """The text does not say."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DurationValue(_Value):
    amount: Decimal = Field(ge=0)
    unit: ContractUnit
    anchor: Word
    """What it is counted from; for a length, what lasts."""
    direction: Direction = Direction.AFTER
    hours: Hours | None = None
    """The window, where working hours are not the provider's own."""
    least: Decimal | None = Field(default=None, ge=0)
    """The lower end of a range, in the same unit."""
    estimate: bool = False
    """The text says "about"."""

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        if self.least is not None and self.least > self.amount:
            raise ValueError("least is more than amount; swap them")
        return self


class MoneyValue(_Value):
    euros: Decimal
    tax: Tax
    per: Word | None = None
    """What it is charged for: line, site, day…"""
    at_least: bool = False
    at_most: bool = False


class PercentValue(_Value):
    percent: Decimal = Field(ge=0, le=1000)
    of: Word


class FormulaName(StrEnum):
    """How an amount is worked out; the code that does it has the same name."""

    SHARE_OF_MONTHLY_PER_DAY = "share-of-monthly-per-day"
    """A share of the monthly price, each day begun."""
    MULTIPLE_OF_MONTHLY = "multiple-of-monthly"
    """So many times the monthly price."""
    REMAINING_MONTHS = "remaining-months"
    """A share of the monthly fees of every month left."""
    REMAINING_MONTHS_OF_FIRST_YEAR = "remaining-months-of-first-year"
    """The fixed fees of the months left of the first year only."""
    MEAN_OF_PERIODS_TIMES_REMAINING = "mean-of-periods-times-remaining"
    """The mean of the last periods, times the periods left."""
    MULTIPLE_OF_ACCESS_FEES = "multiple-of-access-fees"
    """So many times the access fees, before any discount."""
    FLAT_AMOUNTS = "flat-amounts"
    """So much for each line or access, in terms of their own."""
    ORDER_AMOUNT = "order-amount"
    """Everything that was ordered, set-up and equipment included."""
    NOTHING = "nothing"
    """Said to be nothing: not the same as silence."""
    AT_COST = "at-cost"
    """What others charged for it."""
    AVAILABILITY = "availability"
    """Minutes of service over minutes of the period."""
    MEAN_MONTHLY_AND_USAGE = "mean-monthly-and-usage"
    """Fixed fees and the mean usage of the last months."""


class FormulaValue(_Value):
    formula: FormulaName
    factor: str | None = Field(default=None, pattern=r"^[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?$")
    """A whole number, a decimal or a fraction: 24, 0.5, 1/5."""
    tax: Tax | None = None
    periods: int | None = Field(default=None, ge=1)


class NumberValue(_Value):
    number: Decimal = Field(ge=0)
    of: Word


class FlagValue(_Value):
    value: bool


class ChoiceValue(_Value):
    value: Word


class ChoicesValue(_Value):
    value: tuple[Word, ...] = Field(min_length=1)


class OpenDays(StrEnum):
    """The days a window is open."""

    OUVRE = "ouvre"
    """Monday to Friday, holidays out."""
    OUVRABLE = "ouvrable"
    """Monday to Saturday, holidays out."""
    WEEKDAYS = "weekdays"
    """Monday to Friday, holidays unsaid."""
    EVERY_DAY = "every-day"
    """Every day."""


class HoursValue(_Value):
    days: OpenDays
    hours: Hours


class Band(_Value):
    at_least: Decimal | None = None
    """The lower end, in it."""
    above: Decimal | None = None
    """The lower end, not in it."""
    below: Decimal | None = None
    """The upper end, not in it."""
    up_to: Decimal | None = None
    """The upper end, in it."""
    percent: Decimal | None = None
    euros: Decimal | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.percent is None) == (self.euros is None):
            raise ValueError("a band gives a percent or euros, one of them")
        if self.at_least is not None and self.above is not None:
            raise ValueError("a band has one lower end: at_least or above")
        if self.below is not None and self.up_to is not None:
            raise ValueError("a band has one upper end: below or up_to")
        if self.starts >= self.ends:
            raise ValueError("a band ends before it starts; swap its ends")
        return self

    @property
    def starts(self) -> Decimal:
        lower = self.above if self.at_least is None else self.at_least
        return Decimal("-Infinity") if lower is None else lower

    @property
    def ends(self) -> Decimal:
        upper = self.below if self.up_to is None else self.up_to
        return Decimal("Infinity") if upper is None else upper


class BandsValue(_Value):
    of: Word
    """What the steps measure."""
    bands: tuple[Band, ...] = Field(min_length=1)
    applies_to: Word | None = None
    """What the percents are taken of."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ordered = sorted(self.bands, key=lambda band: band.starts)
        for lower, higher in pairwise(ordered):
            touches = lower.up_to is not None and higher.at_least is not None
            if lower.ends > higher.starts or (touches and lower.ends == higher.starts):
                raise ValueError("two bands overlap; end the one where the other starts")
        return self


class TextValue(_Value):
    value: str = Field(min_length=1, max_length=60)


ContractValue = (
    DurationValue
    | MoneyValue
    | PercentValue
    | FormulaValue
    | NumberValue
    | FlagValue
    | ChoiceValue
    | ChoicesValue
    | HoursValue
    | BandsValue
    | TextValue
)

VALUE_TYPES: dict[Kind, type[ContractValue]] = {
    Kind.DURATION: DurationValue,
    Kind.MONEY: MoneyValue,
    Kind.PERCENT: PercentValue,
    Kind.FORMULA: FormulaValue,
    Kind.NUMBER: NumberValue,
    Kind.FLAG: FlagValue,
    Kind.CHOICE: ChoiceValue,
    Kind.CHOICES: ChoicesValue,
    Kind.HOURS: HoursValue,
    Kind.BANDS: BandsValue,
    Kind.TEXT: TextValue,
}


def value_said(value: ContractValue) -> str:
    """A value on one line, as a table shows it."""
    for kind, said in _SAID:
        if isinstance(value, kind):
            return said(value)
    raise TypeError(type(value))


def _duration(value: DurationValue) -> str:
    least = "" if value.least is None else f"{_plain(value.least)} to "
    about = "about " if value.estimate else ""
    window = "" if value.hours is None else f" ({value.hours})"
    amount = f"{about}{least}{_plain(value.amount)} {value.unit}{window}"
    return f"{amount} {value.direction} {value.anchor}"


def _money(value: MoneyValue) -> str:
    bound = "at least " if value.at_least else "at most " if value.at_most else ""
    tax = "" if value.tax is Tax.UNSAID else f" {value.tax}"
    per = "" if value.per is None else f" per {value.per}"
    return f"{bound}{_plain(value.euros)} €{tax}{per}"


def _formula(value: FormulaValue) -> str:
    factor = "" if value.factor is None else f" x {value.factor}"
    tax = "" if value.tax is None else f" {value.tax}"
    periods = "" if value.periods is None else f" over {value.periods} periods"
    return f"{value.formula}{factor}{tax}{periods}"


def _bands(value: BandsValue) -> str:
    of = "" if value.applies_to is None else f" of {value.applies_to}"
    return f"{value.of}: " + "; ".join(_band(band) for band in value.bands) + of


def _band(band: Band) -> str:
    ends = (("≥", band.at_least), (">", band.above), ("<", band.below), ("≤", band.up_to))
    range_said = "".join(f"{sign}{_plain(end)} " for sign, end in ends if end is not None)
    amount = f"{_plain(band.euros)} €" if band.euros is not None else f"{_plain(band.percent)} %"
    return f"{range_said}→ {amount}"


def _plain(figure: Decimal | None) -> str:
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_SAID: tuple[tuple[type[ContractValue], Callable[[Any], str]], ...] = (
    (DurationValue, _duration),
    (MoneyValue, _money),
    (PercentValue, lambda value: f"{_plain(value.percent)} % of {value.of}"),
    (FormulaValue, _formula),
    (NumberValue, lambda value: f"{_plain(value.number)} {value.of}"),
    (FlagValue, lambda value: "yes" if value.value else "no"),
    (ChoicesValue, lambda value: ", ".join(value.value)),
    (HoursValue, lambda value: f"{value.days} {value.hours}"),
    (BandsValue, _bands),
    (ChoiceValue, lambda value: str(value.value)),
    (TextValue, lambda value: str(value.value)),
)
