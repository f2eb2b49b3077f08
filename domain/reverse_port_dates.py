"""Until when the initial receiver agrees, and the number is back: the exchange's heures ouvrées."""

from dataclasses import replace
from datetime import date, datetime

from domain import port_moments
from domain.contract_resolution import Answer, Shelf
from domain.contract_values import DurationValue
from domain.durations import Duration, Unit
from domain.hours import Hours
from domain.port_dates import PortCalendar
from domain.reckoning import Reckoning
from domain.reverse_port_facts import ReverseDates
from domain.said import Said, moment_said


def dates_of(shelf: Shelf, calendar: PortCalendar, demanded_at: datetime) -> ReverseDates:
    """6 hours to agree, 8 at most; 24 for the whole, 32 at most (porting-and-access § 2.5)."""
    pin = shelf.pin(calendar.rules.group.value.lower(), "exchange", demanded_at.date())
    agreement = _Wait(shelf.answer(pin, "exchange.reverse-agreement"), calendar)
    whole = _Wait(shelf.answer(pin, "exchange.reverse"), calendar)
    agree_by, back_by = agreement.usual(demanded_at), whole.usual(demanded_at)
    return ReverseDates(
        agree_by=agree_by,
        agree_at_most=agreement.most(demanded_at),
        back_by=back_by,
        back_at_most=whole.most(demanded_at),
        because=(agreement.said(_AGREEMENT, agree_by), whole.said(_WHOLE, back_by)),
    )


def hand_back_at(calendar: PortCalendar, port_day: date, announced_at: datetime) -> datetime:
    """When numbers move that day, or at once where that hour has passed. A default of ours."""
    starts, _ = port_moments.switch_bounds(calendar, port_day)
    return max(starts, announced_at)


class _Wait:
    """One range of the exchange's, in working hours within its own window."""

    def __init__(self, answer: Answer, calendar: PortCalendar) -> None:
        entry = answer.entry
        value = None if entry is None else entry.current.value
        if entry is None or not isinstance(value, DurationValue) or value.hours is None:
            raise LookupError(f"{calendar.rules.group} does not say how long a reverse port takes")
        self._source = str(entry.current.source)
        self._most = Duration(amount=int(value.amount), unit=Unit(value.unit.value))
        least = value.amount if value.least is None else value.least
        self._usual = Duration(amount=int(least), unit=Unit(value.unit.value))
        hours: Hours = replace(value.hours, source=self._source)
        self._reckoning = Reckoning(calendar=calendar.exchange, hours=hours)

    def usual(self, anchor: datetime) -> datetime:
        return self._reckoning.ends_at(self._reckoning.add(anchor, self._usual))

    def most(self, anchor: datetime) -> datetime:
        return self._reckoning.ends_at(self._reckoning.add(anchor, self._most))

    def said(self, what: Said, until: datetime) -> Said:
        at, usual, most = moment_said(until), self._usual.said, self._most.said
        return Said(
            fr=f"{what.fr} : {at.fr}, soit {usual.fr}, {most.fr} au plus ({self._source})",
            en=f"{what.en}: {at.en}, that is {usual.en}, {most.en} at most ({self._source})",
        )


_AGREEMENT = Said(fr="accord du receveur initial", en="the initial receiver's agreement")
_WHOLE = Said(fr="numéro rendu", en="the number back")
