"""Copper at one access's site: of the day it is chosen, and of the day it is to be delivered.

The day of delivery is the wished one, or as many jours ouvrés as the offer takes, whichever is
later: a default of ours. By decision 44 nothing is delivered after the technical closure.
"""

from datetime import date

from domain.access_facts import Offer
from domain.access_promises import delivered_after
from domain.access_stages import Access
from domain.addresses import street_key
from domain.contract_questions import Contract
from domain.copper_closures import Closures, Judgement, Undelivered, judge, undelivered
from domain.said import Said, day_said


def ordered_on(closures: Closures, access: Access, on: date) -> Judgement:
    """Whether what is ordered may still be, on a day."""
    terms = access.terms
    return judge(
        closures,
        commune=terms.site.commune,
        address_key=_key(access),
        on=on,
        kind=terms.ordered,
    )


def delivered_on(closures: Closures, access: Access, on: date) -> Undelivered | None:
    """What leaves nothing to be delivered at the site on a day."""
    commune = access.terms.site.commune
    return undelivered(closures, commune=commune, address_key=_key(access), on=on)


def _key(access: Access) -> str | None:
    """In memory alone: it is never written, and never said."""
    site = access.terms.site
    if site.address_key is not None:
        return site.address_key.reveal()
    return street_key(site.address.reveal())


def planned_on(contract: Contract, access: Access, offer: Offer, begins: date) -> date:
    """The wished day, or the offer's own, whichever is later."""
    soonest = delivered_after(contract.reckoning, begins, offer.lead_days)
    return max(soonest, access.terms.wished or soonest)


def too_late(
    contract: Contract, closures: Closures, access: Access, offer: Offer, begins: date
) -> tuple[Undelivered, Said] | None:
    """What closes copper by the planned day, and the dates in a sentence."""
    if not offer.technology.on_copper:
        return None
    planned = planned_on(contract, access, offer, begins)
    gone = delivered_on(closures, access, planned)
    return None if gone is None else (gone, _late_said(access, offer, planned, gone))


def after_closure_said(gone: Undelivered) -> Said:
    day = day_said(gone.from_day)
    return Said(
        fr=f"rien n'est livré sur cuivre ici à partir du {day.fr} ({gone.name.fr} ; {gone.source})",
        en=f"nothing is delivered on copper here from {day.en} ({gone.name.en}; {gone.source})",
    )


def _late_said(access: Access, offer: Offer, planned: date, gone: Undelivered) -> Said:
    day, closed = day_said(planned), after_closure_said(gone)
    wished = access.terms.wished == planned
    how = Said(
        fr="le jour souhaité" if wished else f"{offer.lead_days} jours ouvrés",
        en="the wished day" if wished else f"{offer.lead_days} working days",
    )
    return Said(
        fr=f"livraison prévue le {day.fr} ({how.fr}) ; {closed.fr}",
        en=f"to be delivered on {day.en} ({how.en}); {closed.en}",
    )
