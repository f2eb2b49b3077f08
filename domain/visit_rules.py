"""What the contract of one access says of a visit to its site.

Slots are counted on the days of the site's own territory (decision 2).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

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
from domain.contract_questions import Contract
from domain.policies import HALF_DAYS, VISIT_REMINDER, VISIT_REPORT
from domain.port_rules import PortRules
from domain.said import Said, day_said
from domain.territories import territory_of
from domain.works_facts import FieldFailure, Half, Party, Slot
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
    day = day_said(slot.day)
    said = Said(fr=f"le rendez-vous du {day.fr}", en=f"the visit of {day.en}")
    return VisitSettled(
        free_until=terms.free_until,
        remind_at=max(before, at),
        report_by=reckoning.ends_at(reckoning.add(slot.day, VISIT_REPORT)),
        said=terms.said,
        plan=Plan(on=slot.day, said=said, source="VisitBooked", binds=False),
    )


def visit_gone(rules: PortRules, access: Access, at: datetime, *, moved: bool) -> VisitGone | None:
    """What letting it go now costs the customer; None where none is booked, nobody waits for it, or
    it has begun."""
    visit = access.opening.visit
    if visit is None or visit.unwanted or at >= visit.slot.begins:
        return None
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
    lost = visit_lost(there(rules, access), LostVisit(by=by, failure=failure))
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


def slot_by_telephone(rules: PortRules, access: Access, day: date, half: Half) -> Slot:
    """A half-day that a person was given, by the clock of the site."""
    reckoning = there(rules, access).reckoning
    begins, ends = (
        reckoning.instant_of(datetime.combine(day, hour)) for hour in HALF_DAYS[half.value]
    )
    return Slot(day=day, half=half, begins=begins, ends=ends, reference=f"{day}/{half}")
