"""The rules one line is under: its contract, and the exchange of its number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.calendar_changes import CalendarChange
from domain.calendars import Calendar, calendar_of
from domain.contract_hours import hours_of
from domain.contract_questions import Contract
from domain.contract_resolution import Pin, Shelf
from domain.durations import Duration
from domain.exchange_rules import rules_of
from domain.failure_policy import FailureBook
from domain.nights import Night, night_to_come
from domain.port_dates import PortCalendar
from domain.port_in_facts import LineTerms
from domain.reckoning import Reckoning
from domain.rio_prefixes import MOBILE_HOLDERS
from domain.territories import ExchangeGroup, Place, Territory


@dataclass(frozen=True, kw_only=True)
class PortRules:
    """Where profiles, closed days and failure policies come from; all may be edited while orders
    run."""

    shelf: Callable[[], Shelf]
    changes: Callable[[], tuple[CalendarChange, ...]]
    failures: Callable[[], FailureBook]

    def contract(self, pin: Pin) -> Contract:
        """All five contracts are metropolitan (decision 2)."""
        shelf = self.shelf()
        return Contract(
            shelf=shelf,
            pin=pin,
            calendar=self._calendar(Territory.METROPOLE),
            hours=hours_of(shelf, pin.provider, pin.signed_on),
        )

    def calendar(self, group: ExchangeGroup, day: date) -> PortCalendar:
        """The exchange as its profile was on a day."""
        return PortCalendar(
            rules=rules_of(self.shelf(), group, day),
            exchange=self._calendar(group),
            contract=self._calendar(Territory.METROPOLE),
        )

    def calendar_for(self, terms: LineTerms) -> PortCalendar:
        return self.calendar(terms.group, terms.asked_at.date())

    def calendar_at(self, place: Place) -> Calendar:
        """The days of a place: of a site, of an exchange."""
        return self._calendar(place)

    def after(self, instant: datetime, wait: Duration) -> datetime:
        """A wait of ours, on the contract's calendar."""
        reckoning = Reckoning(calendar=self._calendar(Territory.METROPOLE))
        return reckoning.ends_at(reckoning.add(instant, wait))

    def local(self, instant: datetime) -> datetime:
        """By the contract's own clock: all of them are metropolitan (decision 2)."""
        return Reckoning(calendar=self._calendar(Territory.METROPOLE)).instant_of(instant)

    def night(self, instant: datetime, *, done: date | None) -> Night:
        """The next business night that is to be taken, by the contracts' own clock."""
        return night_to_come(self._calendar(Territory.METROPOLE), instant, done)

    def _calendar(self, place: Place) -> Calendar:
        return calendar_of(place, changes=self.changes())


def confirmers_of(terms: LineTerms) -> tuple[str, ...]:
    """Every operator of the group but ourselves."""
    return tuple(code for code in MOBILE_HOLDERS[terms.group] if code != terms.receiver)
