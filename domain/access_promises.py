"""The day a site is promised for: what follows when a day is planned, and in which words."""

from datetime import date, datetime, timedelta

from domain.access_facts import DeliveryPlanned, Offer, Plan
from domain.access_stages import Access
from domain.durations import Duration, Unit
from domain.event import Event
from domain.reckoning import Reckoning
from domain.said import Said, day_said

BY_MILESTONE = "MilestonePassed"
"""What a plan follows from that the operator's end of the works gives."""


def planned(plan: Plan | None) -> tuple[Event, ...]:
    return () if plan is None else (DeliveryPlanned(plan=plan),)


def agreed_day(access: Access) -> date | None:
    """The day that is planned, or the one promised where that is later."""
    days = [one.on for one in (access.plan, access.promise) if one is not None]
    return max(days, default=None)


def first_told(access: Access, wish: Plan) -> Plan:
    """Another wish takes the place of the day first told, by as many days as the customer asks for;
    how late it was already by then is not forgotten."""
    first = access.promised_first
    if first is None or wish.on <= first.on:
        return wish
    stood = max(first.on, agreed_day(access) or first.on)
    asked = wish.on - stood
    if asked <= timedelta(0):
        return first
    if stood == first.on:
        return wish
    said = Said(
        fr="la date annoncée d'abord, repoussée d'autant de jours que le client en a demandé",
        en="the day first told, put off by as many days as the customer asked for",
    )
    return Plan(on=first.on + asked, said=said, source=wish.source, binds=True)


def by_the_offer(reckoning: Reckoning, offer: Offer, *, chosen_at: datetime) -> Plan | None:
    """The operator's usual time, from the day it is chosen: it plans, and moves no day that was
    promised. None where nobody said how long it takes."""
    why = Said(
        fr=f"délai de {offer.operator}, depuis le choix de l'offre",
        en=f"what {offer.operator} takes, from the choice of its offer",
    )
    return _after(reckoning, chosen_at, offer.lead_days, why, source="OfferChosen", binds=False)


def by_the_study(
    reckoning: Reckoning, offer: Offer, *, lead_before: int, at: datetime
) -> Plan | None:
    """As the study has it, from the day it binds by a clause or is agreed to: only a changed delay
    takes the place of what was promised."""
    changed = offer.lead_days != lead_before
    why = Said(
        fr=f"délai {'changé par' if changed else 'de'} l'étude, depuis qu'elle vaut",
        en=f"the delay {'changed by' if changed else 'of'} the study, from when it stands",
    )
    return _after(reckoning, at, offer.lead_days, why, source="ChangesBinding", binds=changed)


def by_the_saturation(
    reckoning: Reckoning, offer: Offer, *, estimate: date, source: str
) -> Plan | None:
    """What the contract estimates is told to the customer, and moves what was promised."""
    day = day_said(estimate)
    why = Said(
        fr=f"délai de {offer.operator}, après la désaturation estimée au {day.fr}",
        en=f"what {offer.operator} takes, after the desaturation estimated for {day.en}",
    )
    return _after(reckoning, estimate, offer.lead_days, why, source=source, binds=True)


def delivered_after(reckoning: Reckoning, anchor: date, days: int) -> date:
    """The day an operator's jours ouvrés lead to, counted from the local day."""
    return reckoning.add(reckoning.instant_of(anchor).date(), _lead(days))


def _lead(days: int) -> Duration:
    return Duration(amount=days, unit=Unit.OUVRE)


def _after(
    reckoning: Reckoning,
    anchor: date,
    days: int,
    why: Said,
    *,
    source: str,
    binds: bool,
) -> Plan | None:
    if not days:
        return None
    on, lead = delivered_after(reckoning, anchor, days), _lead(days).said
    said = Said(fr=f"{lead.fr}, {why.fr}", en=f"{lead.en}, {why.en}")
    return Plan(on=on, said=said, source=source, binds=binds)
