"""Days that were lost by others than the customer: up to which day an access was put off, and by
what.

A clause that bills before service counts from the day it names, or from the latest day to which
the operator or we put it off (our reading, the kinder one): nobody pays for days the customer did
not lose. A day that follows from what the customer did itself is none of these.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_changes import AccessAmended
from domain.access_clauses import dated, ours
from domain.access_moving import having
from domain.access_stages import (
    Access,
    AccessState,
    AwaitingDay,
    AwaitingVisit,
    Booking,
    Changing,
    Commissioning,
    DaysLost,
    GivingBack,
)
from domain.access_start import BilledFrom
from domain.event import Event
from domain.port_in_facts import Step
from domain.said import Said, joined
from domain.territories import territory_of, time_zone_of
from domain.visit_facts import Ending, VisitEndCorrected
from domain.works_facts import Party


def put_off(access: Access, billed: BilledFrom) -> BilledFrom:
    """By its own clause, and from no day before the one to which others put it off."""
    lost = access.days_lost
    if lost is None or lost.upto <= billed.on:
        return billed
    said = joined((billed.said, lost_said(lost)))
    return BilledFrom(on=lost.upto, said=said, source=billed.source)


def lost_said(lost: DaysLost) -> Said:
    """From when it is billed then, and why."""
    since = dated(_NOT_BEFORE, lost.upto)
    why = Said(fr=f"{since.fr}, {lost.said.fr}", en=f"{since.en}, {lost.said.en}")
    return ours(why)


_NOT_BEFORE = Said(
    fr="jours perdus par d'autres que le client non facturés : pas avant le",
    en="days lost by others than the customer are not billed: not before",
)


# kept as facts come


def counted(before: Access, event: Event, after: AccessState) -> AccessState:
    """With the days that a fact loses, and on whose account what it has asked next is."""
    if not isinstance(after, Access) or type(event) not in _HEARD:
        return after
    if isinstance(event, AccessAmended):
        return _amended(event, after)
    if isinstance(after, Changing | GivingBack):
        return after
    return having(
        after,
        planned_first=_planned_first(before, event),
        days_lost=_with_the_days_of(before, event),
        on_its_account=_whose_account(before, event),
    )


def _amended(event: AccessAmended, after: Access) -> Access:
    """What begins anew is planned anew, and at another place nothing was lost yet."""
    if event.change.place is not None:
        return having(after, planned_first=None, days_lost=None, on_its_account=())
    return after if event.anew is None else having(after, planned_first=None)


def _planned_first(before: Access, event: Event) -> facts.Plan | None:
    if before.planned_first is None and isinstance(event, facts.DeliveryPlanned):
        return event.plan
    return before.planned_first


# up to which day, and by what


def _with_the_days_of(before: Access, event: Event) -> DaysLost | None:
    """The latest day that was ever said: what is made up of it later brings no bill forward."""
    reads, known = _LOSES.get(type(event)), before.days_lost
    lost = None if reads is None else reads(before, event)
    if lost is None or (known is not None and known.upto >= lost.upto):
        return known
    return lost


def _by_a_plan(before: Access, event: facts.DeliveryPlanned) -> DaysLost | None:
    """Another day than the first. What works and visits plan is counted by their own facts."""
    plan = event.plan
    if before.planned_first is None or plan.source in _COUNTED_ELSEWHERE:
        return None
    return DaysLost(upto=plan.on, said=plan.said)


_COUNTED_ELSEWHERE = {"MilestonePassed", "VisitBooked"}


def _by_a_milestone(before: Access, event: fields.MilestonePassed) -> DaysLost | None:
    if event.expected is None or Step.BUILD_ACCESS in before.on_its_account:
        return None
    return DaysLost(upto=event.expected, said=_WORKS_END)


def _by_works(before: Access, event: fields.WorksFinished) -> DaysLost | None:
    if Step.BUILD_ACCESS in before.on_its_account:
        return None
    return DaysLost(upto=_there(before, event.done_at), said=_WORKS_ENDED)


def _by_slots(before: Access, event: fields.VisitsOffered) -> DaysLost | None:
    """Up to the first, where it is later than was asked for: one after it is the customer's
    choice."""
    if Step.OFFER_VISITS in before.on_its_account:
        return None
    return _by_the_first(before, event.slots)


def _by_a_correction(before: Access, event: VisitEndCorrected) -> DaysLost | None:
    """Slots that were offered since the wrong end, and on the customer's account, were not."""
    if isinstance(event.to, fields.VisitKept) or event.to.by is Party.CUSTOMER:
        return None
    return _by_the_first(before, before.opening.slots)


def _by_the_first(before: Access, slots: tuple[fields.Slot, ...]) -> DaysLost | None:
    days, wished = [slot.day for slot in slots], before.terms.wished
    if not days:
        return None
    if wished is not None and min(days) <= _working_day(wished):
        return None
    return DaysLost(upto=min(days), said=_FIRST_SLOT)


def _working_day(day: date) -> date:
    """Nobody comes at a weekend: a wish for one is for the Monday."""
    return day + timedelta(days=(7 - day.weekday()) * (day.weekday() > _FRIDAY))


_FRIDAY = 4


def _by_a_move(_before: Access, event: fields.VisitMoved) -> DaysLost | None:
    """One that nobody waits for loses nobody a day."""
    if event.by is Party.CUSTOMER or event.to.unwanted:
        return None
    return DaysLost(upto=event.to.slot.day, said=_MOVED)


def _by_tests(before: Access, event: fields.Commissioned) -> DaysLost | None:
    if event.passed:
        return None
    return DaysLost(upto=_there(before, event.tested_at), said=_NOT_WORKING)


def _there(access: Access, at: datetime) -> date:
    """The day it was at the site."""
    zone = time_zone_of(territory_of(access.terms.site.commune))
    return at.astimezone(zone).date()


_LOSES: Mapping[type[Event], Callable[[Access, Any], DaysLost | None]] = {
    facts.DeliveryPlanned: _by_a_plan,
    fields.MilestonePassed: _by_a_milestone,
    fields.WorksFinished: _by_works,
    fields.VisitsOffered: _by_slots,
    fields.VisitMoved: _by_a_move,
    VisitEndCorrected: _by_a_correction,
    fields.Commissioned: _by_tests,
}
_WORKS_END = Said(
    fr="la fin des travaux selon l'opérateur", en="the end of the works, as the operator said"
)
_WORKS_ENDED = Said(fr="la fin des travaux", en="the end of the works")
_FIRST_SLOT = Said(
    fr="le premier jour où un technicien pouvait venir",
    en="the first day a technician could come",
)
_MOVED = Said(fr="le rendez-vous déplacé par l'opérateur", en="the visit as the operator moved it")
_NOT_WORKING = Said(fr="les tests ayant échoué", en="its tests having failed")


# on whose account


def _whose_account(before: Access, event: Event) -> tuple[Step, ...]:
    """What the customer had asked once more is on its account, until it is answered or somebody
    else has it asked again."""
    kind, own = type(event), before.on_its_account
    if kind in _ASKED_AGAIN:
        return own if _not_its_doing(before, event) else _by_whom(before, event)
    if isinstance(event, VisitEndCorrected):
        return _as_corrected(before, event.to)
    if isinstance(event, facts.AccessHeld):
        return _with(before, *_held_up(before))
    if not _answers(event):
        return own
    return tuple(one for one in own if one is not _ANSWERED[kind])


def _not_its_doing(before: Access, event: Event) -> bool:
    """For a later day that was agreed, whether it is kept is its operator's doing; and so it is
    where there was nothing to choose from."""
    if not isinstance(event, fields.VisitsAskedAgain) or event.by is not Party.CUSTOMER:
        return False
    if event.not_before is not None and event.not_before == before.terms.wished:
        return True
    return not before.opening.slots and before.opening.visit is None


def _by_whom(before: Access, event: Event) -> tuple[Step, ...]:
    by: Party | None = getattr(event, "by", None)
    return _with(before, *_ASKED_AGAIN[type(event)]) if by is Party.CUSTOMER else ()


def _as_corrected(before: Access, end: Ending) -> tuple[Step, ...]:
    """As if it had ended so from the first; where another visit is booked since, none is asked for
    because of it."""
    own = before.on_its_account
    if isinstance(end, fields.VisitKept):
        return tuple(one for one in own if one is not Step.OFFER_VISITS)
    if before.opening.visit is not None:
        return own
    return _with(before, Step.OFFER_VISITS) if end.by is Party.CUSTOMER else ()


def _held_up(before: Access) -> tuple[Step, ...]:
    """What is asked for after the hold: its works too, where nobody has begun them."""
    built = isinstance(before, Booking | AwaitingVisit | AwaitingDay | Commissioning)
    if built or Step.BUILD_ACCESS in before.asks:
        return (Step.OFFER_VISITS,)
    return (Step.BUILD_ACCESS, Step.OFFER_VISITS)


def _answers(event: Event) -> bool:
    """One that its operator moves, while the customer asks for other days, is moved once more; one
    that nobody waits for is none."""
    match event:
        case fields.VisitBooked(unwanted=unwanted):
            return not unwanted
        case fields.MilestonePassed(expected=expected):
            return expected is not None
        case fields.VisitMoved(by=by):
            return by is Party.CUSTOMER
        case _:
            return type(event) in _ANSWERED


def _with(access: Access, *steps: Step) -> tuple[Step, ...]:
    return tuple(dict.fromkeys((*access.on_its_account, *steps)))


_ASKED_AGAIN: Mapping[type[Event], tuple[Step, ...]] = {
    fields.WorksStopped: (Step.BUILD_ACCESS, Step.OFFER_VISITS),
    fields.VisitFailed: (Step.OFFER_VISITS,),
    fields.VisitMissed: (Step.OFFER_VISITS,),
    fields.VisitsAskedAgain: (Step.OFFER_VISITS,),
}
_ANSWERED: Mapping[type[Event], Step] = {
    fields.MilestonePassed: Step.BUILD_ACCESS,
    fields.WorksFinished: Step.BUILD_ACCESS,
    fields.VisitBooked: Step.OFFER_VISITS,
    fields.VisitMoved: Step.OFFER_VISITS,
}
_HEARD = frozenset({AccessAmended, facts.AccessHeld, *_LOSES, *_ASKED_AGAIN, *_ANSWERED})
