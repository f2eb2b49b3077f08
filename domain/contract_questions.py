"""One order's contract, asked in the words a process needs: a choice, a flag, a term and where."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.calendars import Calendar
from domain.contract_profiles import Reading
from domain.contract_resolution import Pin, Shelf
from domain.contract_values import (
    ChoicesValue,
    ChoiceValue,
    ContractUnit,
    ContractValue,
    DurationValue,
    FlagValue,
    NumberValue,
)
from domain.durations import Duration, Unit
from domain.hours import Hours
from domain.reckoning import Moment, Reckoning


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The documents an order pins, on the calendar its clocks run on (decision 2)."""

    shelf: Shelf
    pin: Pin
    calendar: Calendar
    hours: Hours | None = None

    @property
    def reckoning(self) -> Reckoning:
        return Reckoning(calendar=self.calendar, hours=self.hours)

    def choice(self, question: str) -> str | None:
        """None where the contract is silent."""
        value = self._value(question)
        return value.value if isinstance(value, ChoiceValue) else None

    def choices(self, question: str) -> tuple[str, ...]:
        value = self._value(question)
        return value.value if isinstance(value, ChoicesValue) else ()

    def flag(self, question: str) -> bool | None:
        value = self._value(question)
        return value.value if isinstance(value, FlagValue) else None

    def number(self, question: str) -> int | None:
        value = self._value(question)
        return int(value.number) if isinstance(value, NumberValue) else None

    def duration(self, question: str) -> DurationValue | None:
        value = self._value(question)
        return value if isinstance(value, DurationValue) else None

    def readings(self, question: str) -> tuple[Reading, ...]:
        entry = self.shelf.answer(self.pin, question).entry
        return () if entry is None else entry.readings

    def may_be_charged(self, question: str) -> bool:
        return self.shelf.answer(self.pin, question).may_be_charged

    def source(self, question: str) -> str:
        """The line that answers; empty where the contract is silent."""
        entry = self.shelf.answer(self.pin, question).entry
        return "" if entry is None else str(entry.current.source)

    def after(self, question: str, anchor: Moment) -> datetime | None:
        """When a term counted from an anchor is over; None where the contract has none."""
        value = self.duration(question)
        if value is None:
            return None
        return self.reckoning.ends_at(self.reckoning.add(anchor, as_duration(value)))

    def before(self, question: str, anchor: Moment) -> datetime | None:
        """When a term counted back from an anchor is over; None where the contract has none."""
        value = self.duration(question)
        if value is None:
            return None
        return self.reckoning.ends_at(self.reckoning.subtract(anchor, as_duration(value)))

    def day_after(self, question: str, anchor: date) -> date | None:
        value = self.duration(question)
        if value is None:
            return None
        moment = self.reckoning.add(anchor, as_duration(value))
        return date(moment.year, moment.month, moment.day)

    def day_before(self, question: str, anchor: date) -> date | None:
        """The last day of a term counted back from a day."""
        value = self.duration(question)
        if value is None:
            return None
        moment = self.reckoning.subtract(anchor, as_duration(value))
        return date(moment.year, moment.month, moment.day)

    def _value(self, question: str) -> ContractValue | None:
        entry = self.shelf.answer(self.pin, question).entry
        return None if entry is None else entry.current.value


def as_duration(value: DurationValue) -> Duration:
    """The longest of it, in the unit of the contract; a year is twelve months of it."""
    if value.unit is ContractUnit.YEAR:
        return Duration(amount=int(value.amount * 12), unit=Unit.MONTH)
    return Duration(amount=int(value.amount), unit=Unit(value.unit.value))
