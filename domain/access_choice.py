"""Which offer serves a site, and why: by what was wanted first, then how soon, then how fast."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.access_facts import Barrier, Offer, Reason, Technology
from domain.access_stages import Access
from domain.access_words import TECHNOLOGIES
from domain.port_in_facts import HostNetwork
from domain.said import Said, joined

UNSURE = {Reason.UNCERTAIN, Reason.SERVICE_DOWN, Reason.OTHER, Reason.UNKNOWN_SITE}
"""Answers that say nothing of the site: nobody is refused on them."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    offer: Offer | None
    because: tuple[Said, ...]
    certain: bool
    """Whether no offer is a definite answer."""
    closing: Said | None = None
    """Where copper alone would serve it, and closes before it could be delivered."""
    reasons: tuple[Said, ...] = ()
    """Without an offer: why, for each technology that was wanted, in words for the customer."""


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """A technology the contract does not deliver to this line, and its clause; or one offer of it,
    which comes too late."""

    technology: Technology
    said: Said
    offer: Offer | None = None

    def leaves_out(self, offer: Offer) -> bool:
        return self.technology is offer.technology and self.offer in {None, offer}


def choose(access: Access, excluded: Iterable[Excluded] = ()) -> Choice:
    clauses = tuple(excluded)
    fit = [offer for offer in access.offers if _why_not(offer, access, clauses) is None]
    ranked = sorted(fit, key=lambda offer: _rank(offer, access))
    chosen = ranked[0] if ranked else None
    others = (offer for offer in access.offers if offer != chosen)
    because = (
        *(() if chosen is None else (_chosen_said(chosen, access),)),
        *(_other_said(offer, access, clauses) for offer in others),
        *(barrier_said(operator, barrier) for operator, barrier in access.barriers),
        *(_passed_over_said(operator) for operator in access.passed_over),
    )
    unsure = any(barrier.reason in UNSURE for _, barrier in access.barriers)
    return Choice(
        offer=chosen,
        because=because,
        certain=not (unsure or access.passed_over),
        reasons=() if chosen else tuple(_reason(one, access, clauses) for one in access.wanted),
    )


def _reason(technology: Technology, access: Access, clauses: tuple[Excluded, ...]) -> Said:
    """Whoever the operator, and without its codes."""
    barred = [REASONS[one.reason] for _, one in access.barriers if one.technology is technology]
    offers = [offer for offer in access.offers if offer.technology is technology]
    unfit = [why for offer in offers if (why := _why_not(offer, access, clauses)) is not None]
    why = joined(dict.fromkeys((*barred, *unfit)) or (_NO_OFFER,), fr=", ", en=", ")
    name = TECHNOLOGIES[technology]
    return Said(fr=f"{name.fr} : {why.fr}", en=f"{name.en}: {why.en}")


def _why_not(offer: Offer, access: Access, clauses: tuple[Excluded, ...]) -> Said | None:
    if offer.technology not in access.wanted:
        return _NOT_WANTED
    if access.terms.down_kbps is not None and offer.down_kbps < access.terms.down_kbps:
        return Said(
            fr=f"moins que les {access.terms.down_kbps} kbit/s demandés",
            en=f"less than the {access.terms.down_kbps} kbit/s asked for",
        )
    return next((one.said for one in reversed(clauses) if one.leaves_out(offer)), None)


def _rank(offer: Offer, access: Access) -> tuple[int, int, int, int]:
    return (
        access.wanted.index(offer.technology),
        offer.lead_days,
        -offer.down_kbps,
        access.terms.candidates.index(offer.operator),
    )


def _chosen_said(offer: Offer, access: Access) -> Said:
    place, what = access.wanted.index(offer.technology) + 1, offer_said(offer)
    return Said(
        fr=f"retenu : {what.fr}, choix n° {place} du client",
        en=f"chosen: {what.en}, the customer's choice number {place}",
    )


def _other_said(offer: Offer, access: Access, clauses: tuple[Excluded, ...]) -> Said:
    why, what = _why_not(offer, access, clauses) or _COMES_AFTER, offer_said(offer)
    return Said(
        fr=f"non retenu : {what.fr} ({why.fr})",
        en=f"not chosen: {what.en} ({why.en})",
    )


def offer_said(offer: Offer) -> Said:
    what = f"{offer.operator}, {offer.technology}, {offer.down_kbps}/{offer.up_kbps} kbit/s"
    return Said(
        fr=f"{what}, {offer.lead_days} jours ouvrés",
        en=f"{what}, {offer.lead_days} working days",
    )


_NO_OFFER = Said(fr="aucune offre", en="no offer")
_NOT_WANTED = Said(fr="technologie non demandée", en="a technology nobody asked for")
_COMES_AFTER = Said(
    fr="vient après dans l'ordre des souhaits, du délai, du débit",
    en="comes after by wish, time, rate",
)


def barrier_said(operator: HostNetwork, barrier: Barrier) -> Said:
    meaning = REASONS[barrier.reason]
    return Said(
        fr=f"{operator}, {barrier.technology} : {meaning.fr} ({barrier.code})",
        en=f"{operator}, {barrier.technology}: {meaning.en} ({barrier.code})",
    )


def _passed_over_said(operator: HostNetwork) -> Said:
    return Said(fr=f"{operator} : pas interrogé jusqu'au bout", en=f"{operator}: not fully asked")


REASONS = {
    Reason.NOT_DEPLOYED: Said(fr="non déployé", en="not deployed"),
    Reason.NOT_YET: Said(fr="pas encore ouvert", en="not open yet"),
    Reason.TOO_LONG: Said(fr="affaiblissement trop fort", en="too much attenuation"),
    Reason.NO_PAIR: Said(fr="plus de paire disponible", en="no pair left"),
    Reason.SATURATED: Said(fr="réseau saturé", en="network saturated"),
    Reason.NOT_CONNECTABLE: Said(fr="prise non raccordable", en="socket not connectable"),
    Reason.INCOMPATIBLE: Said(fr="ligne incompatible", en="line incompatible"),
    Reason.CLOSED: Said(fr="cuivre fermé", en="copper closed"),
    Reason.UNCERTAIN: Said(fr="données incertaines", en="uncertain data"),
    Reason.SERVICE_DOWN: Said(fr="service d'éligibilité en panne", en="eligibility service down"),
    Reason.UNKNOWN_SITE: Said(fr="site inconnu de l'opérateur", en="site unknown to the operator"),
    Reason.REFUSED: Said(fr="refusé par l'opérateur", en="refused by the operator"),
    Reason.OTHER: Said(fr="motif de l'opérateur à lire", en="the operator's own reason, to read"),
}
