"""What the contract of one access says of a visit to its site.

Slots are counted on the days of the site's own territory (decision 2).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.access_clauses import ours
from domain.access_facts import Fee, Plan
from domain.access_stages import Access
from domain.access_visits import (
    LettingGo,
    LostVisit,
    VisitLost,
    let_go,
    on_site,
    visit_lost,
    visit_terms,
)
from domain.calendars import WorkingWeek
from domain.contract_questions import Contract
from domain.copper_closures import OrderKind
from domain.policies import HALF_DAYS, VISIT_REMINDER, VISIT_REPORT
from domain.port_rules import PortRules
from domain.said import Said, day_said
from domain.territories import territory_of, time_zone_of
from domain.works_facts import FieldFailure, Half, KeptReport, Party, Slot
from domain.works_settled import Lost, VisitGone, VisitSettled

_WAKES = timedelta(hours=9)
"""Into the day before a visit: the customer is reminded in the morning."""


def there(rules: PortRules, access: Access) -> Contract:
    """Its contract, on the days of the place somebody comes to."""
    territory = territory_of(access.terms.site.commune)
    return on_site(rules.contract(access.terms.pin), rules.calendar_at(territory))


def visit_settled(rules: PortRules, access: Access, slot: Slot, at: datetime) -> VisitSettled:
    contract = there(rules, access)
    reckoning, terms = contract.reckoning, visit_terms(contract, slot)
    before = reckoning.instant_of(reckoning.subtract(slot.day, VISIT_REMINDER)) + _WAKES
    return VisitSettled(
        free_until=terms.free_until,
        remind_at=max(before, at),
        report_by=reckoning.ends_at(reckoning.add(slot.day, VISIT_REPORT)),
        said=terms.said,
        plan=_planned(slot, access.opening.again),
    )


def _planned(slot: Slot, again: Said | None) -> Plan:
    """And why it is another day than before, where there was one."""
    day = day_said(slot.day)
    said = Said(fr=f"le rendez-vous du {day.fr}", en=f"the visit of {day.en}")
    if again is not None:
        said = Said(
            fr=f"{said.fr}, après le précédent : {again.fr}",
            en=f"{said.en}, after the one before: {again.en}",
        )
    return Plan(on=slot.day, said=said, source="VisitBooked", binds=False)


def visit_moved(
    rules: PortRules, access: Access, slot: Slot, code: str, at: datetime
) -> VisitSettled:
    """By its operator: the customer, who never chose that day, lets it go free of charge until it
    begins."""
    settled = visit_settled(rules, access, slot, at)
    limit = None if settled.free_until is None else max(settled.free_until, slot.begins)
    moved = Said(fr=f"{_MOVED.fr} ({code})", en=f"{_MOVED.en} ({code})")
    return settled.model_copy(
        update={
            "free_until": limit,
            "said": (ours(_IMPOSED),),
            "imposed": True,
            "plan": _planned(slot, moved),
        }
    )


_MOVED = Said(fr="déplacé par l'opérateur", en="moved by the operator")
_IMPOSED = Said(
    fr="un jour que le client n'a pas choisi : sans frais jusqu'à son début",
    en="a day the customer did not choose: free of charge until it begins",
)


def visit_gone(rules: PortRules, access: Access, at: datetime, *, moved: bool) -> VisitGone | None:
    """What letting it go now costs the customer; None where none is booked, nobody waits for it, or
    it has begun."""
    visit = access.opening.visit
    if visit is None or visit.unwanted or at >= visit.slot.begins:
        return None
    if visit.imposed:
        return VisitGone(late=False, fees=(), because=ours(_IMPOSED))
    price = access.terms.prices.installation
    going = LettingGo(at=at, by=Party.CUSTOMER, moved=moved, installation=price)
    gone = let_go(there(rules, access), visit.slot, going)
    return VisitGone(late=gone.late, fees=gone.fees, because=gone.because)


def lost_of(
    rules: PortRules, access: Access, by: Party | None, failure: FieldFailure | None = None
) -> Lost | None:
    """Who pays for a visit that did not take place; nobody where it is nobody's doing."""
    if by is None:
        return None
    terms = access.terms
    missed = LostVisit(
        by=by,
        failure=failure,
        linked=bool(terms.keeps) or terms.ordered is OrderKind.TAKEOVER,
        monthly_ttc=terms.prices.monthly_ttc,
    )
    lost = visit_lost(there(rules, access), missed)
    return Lost(by=by, fees=lost.fees, owed=tuple(_owed(lost)), because=lost.because)


def _owed(lost: VisitLost) -> Iterable[Fee]:
    owed = lost.owed
    if owed is not None:
        yield Fee(
            head="missed-visit",
            euros=owed.per_day,
            said=owed.said,
            source=owed.source,
            chargeable=owed.payable,
        )


def day_of_report(rules: PortRules, access: Access, report: KeptReport, at: datetime) -> date:
    """The day it was done, by the clock of the site; nothing bears a day that is still to come."""
    there_ = time_zone_of(territory_of(access.terms.site.commune))
    return min(report.done_at.astimezone(there_).date(), rules.local(at).date())


def slot_by_telephone(rules: PortRules, access: Access, day: date, half: Half) -> Slot:
    """A half-day that a person was given, by the clock of the site."""
    reckoning = there(rules, access).reckoning
    begins, ends = (
        reckoning.instant_of(datetime.combine(day, hour)) for hour in HALF_DAYS[half.value]
    )
    return Slot(day=day, half=half, begins=begins, ends=ends, reference=f"{day}/{half}")


def why_nobody_comes(rules: PortRules, access: Access, slot: Slot, at: datetime) -> Said | None:
    """By the clock and on the days of the site: Saturdays are worked by some (a default of
    ours)."""
    if at >= slot.begins:
        return _BEGUN
    closed = there(rules, access).calendar.why_closed(slot.day, WorkingWeek.OUVRABLE)
    if closed is None:
        return None
    day = day_said(slot.day)
    return Said(
        fr=f"personne ne vient le {day.fr} ({closed.fr})",
        en=f"nobody comes on {day.en} ({closed.en})",
    )


_BEGUN = Said(fr="ce créneau a déjà commencé", en="that half-day has begun already")
