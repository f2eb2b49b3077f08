"""What customers read about works, visits and openings: closed tables, and each word is ours."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from domain import works_facts as fields
from domain.access_facts import Fee, Plan
from domain.access_lateness import shares_said
from domain.access_promises import BY_MILESTONE
from domain.access_sites import CABLING, DESCRIPTION
from domain.notice_site_words import NO_FEE, fees_said
from domain.notice_words import unsourced
from domain.reckoning import Reckoning
from domain.said import Said, day_said, joined, moment_said
from domain.works_attention import slot_said
from domain.works_facts import After, FieldFailure, Milestone, Party

# visits


def slot_hours_said(slot: fields.Slot, there: Reckoning) -> Said:
    """Day, half and hours, by the clock of the site."""
    half, begins, ends = slot_said(slot), *map(there.instant_of, (slot.begins, slot.ends))
    return Said(
        fr=f"{half.fr} (entre {begins.hour} h {begins:%M} et {ends.hour} h {ends:%M})",
        en=f"{half.en} (between {begins:%H:%M} and {ends:%H:%M})",
    )


def slots_said(slots: Iterable[fields.Slot], there: Reckoning) -> Said:
    """Numbered, so that an answer names one."""
    told = [slot_hours_said(one, there) for one in slots]
    return joined(
        Said(fr=f"{number}) {one.fr}", en=f"{number}) {one.en}")
        for number, one in enumerate(told, start=1)
    )


def free_said(visit: fields.VisitBooked, there: Reckoning, *, at: datetime) -> Said:
    if visit.free_until is None:
        return _ALWAYS_FREE
    when = _last_of(there.instant_of(visit.free_until))
    if visit.free_until <= at:
        return Said(
            fr=f"le délai pour le déplacer ou l'annuler sans frais est passé ({when.fr})",
            en=f"the time to move or cancel it free of charge is over ({when.en})",
        )
    return Said(
        fr=f"déplacé ou annulé sans frais jusqu'au {when.fr}, ensuite comme le dit votre contrat",
        en=f"moved or cancelled free of charge until {when.en}, then as your contract has it",
    )


def _last_of(until: datetime) -> Said:
    """A day ends at 24:00, which is the first instant of the next."""
    if until.time() != time():
        return moment_said(until)
    last = day_said((until - timedelta(microseconds=1)).date())
    return Said(fr=f"{last.fr} inclus", en=f"the end of {last.en}")


def ready_said(needs: tuple[str, ...], last: date, *, today: date) -> Said:
    """What the customer prepares: at once, where its day has gone by already."""
    what, day = _needed(needs), day_said(last)
    by = _AT_ONCE if last < today else Said(fr=f"au plus tard le {day.fr}", en=f"by {day.en}")
    return Said(
        fr=f"à préparer de votre côté, {by.fr} : {what.fr}",
        en=f"for you to prepare, {by.en}: {what.en}",
    )


def still_to_prepare_said(missing: tuple[str, ...]) -> Said:
    what = _needed(missing)
    return Said(
        fr=f"le jour est passé, et le site n'est pas dit prêt ; encore à préparer : {what.fr}",
        en=f"the day has passed, and the site is not said to be ready; still to prepare: {what.en}",
    )


def _needed(needs: tuple[str, ...]) -> Said:
    if not needs:
        return _THE_SITE
    return joined((_NEEDS.get(need, Said(fr=need, en=need)) for need in needs), fr=", ", en=", ")


def not_ready_said(billed_from: date | None) -> Said:
    """What follows: always another day, and billed from the first one only by a named clause."""
    if billed_from is None:
        return _ANOTHER_DAY
    day = day_said(billed_from)
    return Said(
        fr=f"une autre date est à convenir, et l'accès est facturé depuis le {day.fr}, date prévue "
        "d'abord, selon votre contrat",
        en=f"another day is to be agreed, and the access is billed from {day.en}, the day first "
        "planned, by your contract",
    )


def otherwise_said(follows: Said) -> Said:
    return Said(fr=f"sinon, {follows.fr}", en=f"otherwise {follows.en}")


_ALWAYS_FREE = Said(
    fr="déplacé ou annulé sans frais jusqu'à son début",
    en="moved or cancelled free of charge until it begins",
)
_ANOTHER_DAY = Said(
    fr="une autre date est à convenir, sans frais", en="another day is to be agreed, at no cost"
)
BY_CONTRACT = Said(fr="ce que dit votre contrat s'applique", en="what your contract says applies")
SAID_READY = Said(fr="le site a été dit prêt", en="the site was said to be ready")
_AT_ONCE = Said(fr="dès maintenant", en="at once")
_THE_SITE = Said(fr="le site, prêt pour l'installation", en="the site, ready for installation")
NOTHING_TO_PREPARE = Said(
    fr="votre contrat ne vous demande rien à préparer sur le site",
    en="your contract asks you to prepare nothing at the site",
)
AS_CONTRACTED = Said(
    fr="à préparer de votre côté : ce que votre contrat demande sur le site",
    en="for you to prepare: what your contract asks at the site",
)
_NEEDS: Mapping[str, Said] = {
    DESCRIPTION: Said(
        fr="un descriptif détaillé de vos locaux", en="a detailed description of your premises"
    ),
    CABLING: Said(fr="le câblage intérieur", en="cabling inside"),
    "site-equipped": Said(
        fr="le site équipé selon les instructions reçues",
        en="the site equipped as you were told",
    ),
    "power-and-circuits": Said(
        fr="le courant, les circuits et les branchements",
        en="power, circuits and connections",
    ),
    "fittings": Said(
        fr="les aménagements aux normes qui vous ont été données",
        en="fittings by the standards you were given",
    ),
    "cable-routes": Said(fr="un passage pour les câbles", en="a way for the cables"),
    "permissions": Said(
        fr="les autorisations de votre côté du point d'entrée",
        en="permissions on your side of the entry point",
    ),
}
THE_DAY = Said(fr="jour prévu", en="the day it was planned for")
MOVED_BY: Mapping[Party, Said] = {
    Party.CUSTOMER: Said(fr="déplacé à votre demande", en="moved as you asked"),
    Party.OPERATOR: Said(
        fr="déplacé par l'opérateur, qui ne peut pas venir au moment prévu",
        en="moved by the operator, which cannot come when it was planned",
    ),
    Party.PROVIDER: Said(fr="déplacé de notre fait", en="moved by us"),
}
MISSED_BY: Mapping[Party, Said] = {
    Party.CUSTOMER: Said(
        fr="il n'a pas eu lieu, de votre fait", en="it did not take place, which is your doing"
    ),
    Party.OPERATOR: Said(
        fr="personne n'est venu, du fait de l'opérateur",
        en="nobody came, which is the operator's doing",
    ),
    Party.PROVIDER: Said(
        fr="personne n'est venu, de notre fait", en="nobody came, which is our doing"
    ),
}
CALLED_OFF = Said(fr="la commande du site est annulée", en="the order of the site is cancelled")
NOT_SERVED = Said(fr="le site ne peut pas être raccordé", en="the site cannot be connected")
LOOKED_AT_ANEW = Said(
    fr="le raccordement du site est repris autrement",
    en="how the site is connected is looked at anew",
)
NOT_HEARD = Said(
    fr="l'opérateur n'a pas confirmé : si quelqu'un vient tout de même, dites-lui que c'est annulé",
    en="the operator has not confirmed: should somebody come all the same, say that it is "
    "cancelled",
)

# what went wrong

FAILURES: Mapping[FieldFailure, Said] = {
    FieldFailure.BOX_FULL: Said(
        fr="le boîtier optique du réseau est plein", en="the optical box of the network is full"
    ),
    FieldFailure.BOX_NOT_FOUND: Said(
        fr="le boîtier du réseau n'a pas été trouvé", en="the box of the network was not found"
    ),
    FieldFailure.WRONG_ROUTE: Said(
        fr="le réseau ne suit pas le chemin que l'opérateur connaît",
        en="the network does not run where the operator thought",
    ),
    FieldFailure.NO_CONTINUITY: Said(
        fr="la liaison est interrompue dans le réseau", en="the link is broken in the network"
    ),
    FieldFailure.TOO_LONG: Said(
        fr="la longueur dépasse ce qui se raccorde", en="it is longer than can be connected"
    ),
    FieldFailure.CUSTOMER_ABSENT: Said(
        fr="personne n'était là pour recevoir le technicien",
        en="nobody was there to let the technician in",
    ),
    FieldFailure.NO_ACCESS: Said(
        fr="le technicien n'a pas pu entrer partout où il le devait",
        en="the technician could not enter every place there was to enter",
    ),
    FieldFailure.SITE_NOT_READY: Said(fr="le site n'était pas prêt", en="the site was not ready"),
    FieldFailure.NO_PERMIT: Said(fr="une autorisation manque", en="a permission is missing"),
    FieldFailure.MATERIAL_MISSING: Said(fr="il manquait du matériel", en="material was missing"),
    FieldFailure.OTHER: Said(
        fr="un empêchement que nous faisons préciser",
        en="something stood in the way, and we are finding out what",
    ),
}
NEXT: Mapping[After, Said] = {
    After.VISIT: Said(fr="nous vous proposons d'autres créneaux", en="we offer you other slots"),
    After.VISIT_ONCE_READY: Said(
        fr="dites-nous quand le site est prêt, et nous vous proposons d'autres créneaux",
        en="tell us when the site is ready, and we offer you other slots",
    ),
    After.DESATURATION: Said(
        fr="le réseau est saturé : nous vous disons à part ce qui suit",
        en="the network is saturated: we tell you apart what follows",
    ),
    After.STUDY: Said(
        fr="l'opérateur étudie le site de nouveau", en="the operator studies the site again"
    ),
    After.NETWORK_CHECK: Said(
        fr="l'opérateur vérifie d'abord son réseau", en="the operator checks its network first"
    ),
    After.PERSON: Said(
        fr="nous cherchons comment continuer et revenons vers vous",
        en="we are finding out how to go on, and come back to you",
    ),
}
ENDS = Said(
    fr="personne ne revient : la commande de ce site prend fin ou change",
    en="nobody comes again: the order of this site ends or changes",
)
BEING_BOOKED = Said(
    fr="le créneau que vous avez choisi est en cours de réservation",
    en="the slot you chose is being booked",
)
KEPT_AFTER_ALL = Said(
    fr="il a bien eu lieu : l'opérateur nous en donne le compte rendu",
    en="it did take place: the operator gives us its report",
)
OPENED_NEXT = Said(
    fr="vous n'avez plus de créneau à choisir : l'opérateur met l'accès en service",
    en="you have no slot to choose any more: the operator puts the access into service",
)
STAYS_BOOKED = Said(
    fr="le rendez-vous pris depuis est maintenu", en="the visit booked since then stands"
)
NOTHING_CHANGES = Said(fr="rien d'autre ne change", en="nothing else changes")

# works, and the planned day

_MILESTONES: Mapping[Milestone, Said] = {
    Milestone.PERMITS_ASKED: Said(fr="autorisations demandées", en="permissions asked for"),
    Milestone.PERMITS_GRANTED: Said(fr="autorisations obtenues", en="permissions granted"),
    Milestone.CIVIL_WORKS: Said(fr="génie civil", en="civil works"),
    Milestone.CABLING: Said(fr="câblage", en="cabling"),
    Milestone.CONNECTED: Said(fr="réseau arrivé au site", en="network brought to the site"),
}
GO_ON = Said(fr="les travaux continuent", en="the works go on")


def late_said(milestone: Milestone) -> Said:
    reached = _MILESTONES[milestone]
    return Said(
        fr=f"l'opérateur annonce du retard (étape atteinte : {reached.fr})",
        en=f"the operator says that they are late (stage reached: {reached.en})",
    )


def works_until_said(expected: date | None) -> Said:
    if expected is None:
        return Said(
            fr="aucune fin des travaux ne peut être annoncée pour l'instant",
            en="no end of the works can be given for now",
        )
    day = day_said(expected)
    return Said(
        fr=f"leur fin est attendue le {day.fr}, et la mise en service pas avant",
        en=f"their end is expected on {day.en}, and service not before",
    )


def was_planned_said(plan: Plan | None) -> Said:
    if plan is None:
        return Said(
            fr="aucune date de mise en service n'était prévue", en="no day of service was planned"
        )
    day = day_said(plan.on)
    return Said(
        fr=f"mise en service prévue jusqu'ici le {day.fr}", en=f"service was planned for {day.en}"
    )


BECAUSE: Mapping[str, Said] = {
    "OfferChosen": Said(
        fr="le délai habituel de l'opérateur qui sert le site",
        en="the usual time of the operator that serves the site",
    ),
    "ChangesBinding": Said(
        fr="le délai que donne l'étude du site", en="the time that the study of the site gives"
    ),
    BY_MILESTONE: Said(
        fr="c'est plus tôt : l'opérateur annonce une fin des travaux plus proche",
        en="it is sooner: the operator says that the works end sooner",
    ),
}
"""By what the day follows from."""
OTHERWISE = Said(
    fr="ce que nous savons aujourd'hui de la livraison", en="what is known of the delivery today"
)


def before_said(day: date) -> Said:
    was = day_said(day)
    return Said(fr=f"c'était le {was.fr}", en=f"it was {was.en}")


NOBODY_COMES = Said(
    fr="les travaux sont terminés, et personne n'a à venir sur le site",
    en="the works are done, and nobody has to come to the site",
)
NO_DAY_BEFORE = Said(
    fr="aucune date ne vous avait été annoncée", en="no day had been told to you before"
)

# sums


def cost_said(fees: Iterable[Fee], *billed: Said) -> Said:
    """What is charged, and from when it is billed; a cost that a clause has and nobody may charge
    is said to be none."""
    every = tuple(fees)
    charged = fees_said(one for one in every if one.chargeable)
    found = [] if charged is None else [charged]
    if every and charged is None:
        found = [_SHOWN]
    found += billed
    return joined(found) if found else NO_FEE


def not_ready_billed_said(first: date) -> Said:
    day = day_said(first)
    return Said(
        fr=f"facturé depuis le {day.fr}, date prévue d'abord, selon votre contrat",
        en=f"billed from {day.en}, the day first planned, by your contract",
    )


def missed_again_billed_said(since: date) -> Said:
    day = day_said(since)
    return Said(
        fr=f"abonnement facturé depuis le {day.fr}, votre nouvelle date étant manquée elle aussi, "
        "selon votre contrat",
        en=f"the monthly fee runs from {day.en}, as your new day was missed too, by your contract",
    )


def owed_said(fees: tuple[Fee, ...]) -> Said:
    """To the customer, or that nothing is."""
    return joined(map(_owed, fees)) if fees else NO_INDEMNITY


def _owed(fee: Fee) -> Said:
    what = _INDEMNITIES.get(fee.head, _INDEMNITY)
    if fee.euros is None:
        return Said(
            fr=f"{what.fr}, dont le montant vous est dit à part",
            en=f"{what.en}, the amount of which we tell you apart",
        )
    sure = Said(fr="", en="") if fee.chargeable else _TO_BE_CONFIRMED
    return Said(
        fr=f"{what.fr} : {fee.euros:.2f} €{sure.fr}", en=f"{what.en}: {fee.euros:.2f} €{sure.en}"
    )


_SHOWN = Said(
    fr="votre contrat prévoit un coût, et rien n'en est facturé en l'état",
    en="your contract has a cost for it, and nothing of it is charged as it stands",
)
_INDEMNITY = Said(fr="une indemnité", en="an indemnity")
_INDEMNITIES: Mapping[str, Said] = {
    "missed-visit": Said(
        fr="une indemnité par jour commencé, jusqu'à un rendez-vous honoré ou annulé par vous",
        en="an indemnity for each day begun, until a visit is kept or you cancel it",
    ),
    "late-service": Said(fr="une indemnité pour le retard", en="an indemnity for its being late"),
}
_TO_BE_CONFIRMED = Said(fr=", à confirmer", en=", to be confirmed")
NO_INDEMNITY = Said(
    fr="rien, votre contrat ne prévoit pas d'indemnité",
    en="nothing, your contract has no indemnity",
)
NOTHING = Said(fr="rien", en="nothing")

# the opening


def lateness_said(late: fields.LatenessJudged | None) -> Said:
    if late is None:
        return Said(fr="aucune date n'avait été annoncée", en="no day had been told before")
    day = day_said(late.planned)
    if not late.days:
        return Said(
            fr=f"mise en service prévue le {day.fr} : aucun retard",
            en=f"service was planned for {day.en}: not late",
        )
    many, owed = "" if late.days == 1 else "s", owed_said(late.owed)
    whose = _whose_said(late.shares)
    return Said(
        fr=f"mis en service {late.days} jour{many} après le {day.fr}, date annoncée d'abord"
        f"{whose.fr} ; ce qui vous est dû : {owed.fr}",
        en=f"put into service {late.days} day{many} after {day.en}, the day first told"
        f"{whose.en}; what is owed to you: {owed.en}",
    )


def _whose_said(shares: tuple[fields.LateDays, ...]) -> Said:
    """Each day once; nothing where nobody looked."""
    if not shares:
        return Said(fr="", en="")
    said = shares_said(shares, _WHOSE)
    return Said(fr=f" ({said.fr})", en=f" ({said.en})")


def billed_said(billing: fields.BillingStarted | None, *, not_ready: bool) -> Said:
    """Before service only by a named clause, and then with what it is about."""
    if billing is None:
        return _BILLED
    if not not_ready:
        return unsourced(billing.because)
    day = day_said(billing.on)
    return Said(
        fr=f"facturé depuis le {day.fr}, date prévue d'abord, parce que le site n'était pas prêt : "
        "votre contrat le prévoit",
        en=f"billed from {day.en}, the day first planned, because the site was not ready: your "
        "contract has it so",
    )


def committed_said(commitment: fields.CommitmentStarted | None) -> Said:
    return _COMMITTED if commitment is None else unsourced(commitment.because)


_WHOSE: Mapping[Party | None, Said] = {
    Party.CUSTOMER: Said(fr="de votre fait", en="your doing"),
    Party.OPERATOR: Said(fr="du fait de l'opérateur", en="the operator's doing"),
    Party.PROVIDER: Said(fr="de notre fait", en="our doing"),
    None: Said(fr="du fait de personne en particulier", en="nobody's by name"),
}
_BILLED = Said(fr="facturé comme le dit votre contrat", en="billed as your contract has it")
_COMMITTED = Said(fr="engagé comme le dit votre contrat", en="committed as your contract has it")
ACCEPT = Said(
    fr="dites-nous si vous l'acceptez, avec ou sans réserves : rien d'autre n'attend votre réponse",
    en="tell us whether you accept it, with or without reserves: nothing else waits for your "
    "answer",
)
NOT_ACCEPTED = Said(
    fr="rien ne vous est demandé pour la recette", en="no acceptance is asked of you"
)
