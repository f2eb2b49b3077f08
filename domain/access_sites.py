"""What the customer has to have done at a site, by when, and what it comes to where it is not.

Technicophone says it of dedicated fibre only, OKSIO of whatever reaches the site. Seven jours
ouvrés before service are for Technicophone's line resale, not for an access (decision 42).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.access_clauses import asks, dated, is_about, joined, ours, silence, sourced
from domain.access_facts import CablingJob, Technology
from domain.access_start import BilledFrom
from domain.contract_questions import Contract
from domain.said import Said

DESCRIPTION = "premises-description"
"""The paper OKSIO also asks for with the order (000:369)."""
CABLING = "internal-cabling"
"""What is to be laid inside, where the order says how much and it is left to the customer."""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What is asked of the customer at the site."""

    needs: tuple[str, ...]
    """None of them where the contract asks nothing of this access."""
    until: datetime
    """The end of the day before the planned one, where the contract gives no other."""
    said: tuple[Said, ...]
    asked: bool
    """Whether the contract asks anything at all."""

    @property
    def because(self) -> Said:
        return joined(self.said)


def site_readiness(contract: Contract, technology: Technology, *, planned: date) -> Readiness:
    """`planned` is the day somebody is to come, or the planned day of service."""
    meant = is_about(contract, "site.of", technology) and asks(contract, "site.needs")
    needs = contract.choices("site.needs") if meant else ()
    before = contract.before("site.readiness", planned)
    return Readiness(
        needs=needs,
        until=before or contract.reckoning.instant_of(planned),
        asked=bool(needs) or before is not None,
        said=(*_needed(contract, needs), *_until(contract, needs, planned), *_access(contract)),
    )


def _needed(contract: Contract, needs: tuple[str, ...]) -> Iterator[Said]:
    if not needs:
        if contract.duration("site.readiness") is None:
            yield silence(_NOTHING_ASKED)
        return
    words = joined(tuple(need_said(need) for need in needs))
    what = Said(fr=f"à la charge du client : {words.fr}", en=f"for the customer: {words.en}")
    yield sourced(what, contract.source("site.needs"))


def _until(contract: Contract, needs: tuple[str, ...], planned: date) -> Iterator[Said]:
    last = contract.day_before("site.readiness", planned)
    if last is not None:
        yield sourced(dated(_BY_TERM, last), contract.source("site.readiness"))
    elif needs and contract.choice("site.description") == "before-installation":
        yield sourced(dated(_DESCRIBED_BEFORE, planned), contract.source("site.description"))
        yield ours(dated(_THE_REST_BEFORE, planned))
    elif needs:
        yield sourced(_ON_REQUEST, contract.source("site.description"))
        yield ours(dated(_ALL_BEFORE, planned))


def _access(contract: Contract) -> Iterator[Said]:
    word = contract.choice("site.access") if asks(contract, "site.access") else None
    if word is not None:
        yield sourced(_ACCESS[word], contract.source("site.access"))


@dataclass(frozen=True, kw_only=True)
class NotReady:
    """What a site that is not ready comes to: always another day."""

    said: tuple[Said, ...]
    billed: BilledFrom | None
    """Where the contract bills from the first day all the same."""

    @property
    def because(self) -> Said:
        return joined(self.said)


def site_not_ready(
    contract: Contract, technology: Technology, *, missing: tuple[str, ...], first_planned: date
) -> NotReady:
    """`first_planned` is the first day service was planned for."""
    word = contract.choice("site.not-ready")
    if word is None or not is_about(contract, "site.of", technology):
        return NotReady(said=(silence(_NO_CLAUSE), ours(_MOVES)), billed=None)
    source = contract.source("site.not-ready")
    if word == "date-moves":
        return NotReady(said=(sourced(_MOVES, source),), billed=None)
    if asks(contract, "site.needs") and DESCRIPTION not in missing:
        return NotReady(said=(sourced(_DESCRIPTION_ONLY, source), ours(_MOVES)), billed=None)
    said = sourced(dated(_BILLED, first_planned), source)
    billed = BilledFrom(on=first_planned, said=said, source=source)
    return NotReady(said=(sourced(_NEW_DAY, source), said), billed=billed)


def need_said(need: str) -> Said:
    """A word nobody translated is shown as it stands."""
    return _NEEDS.get(need, Said(fr=need, en=need))


_NEEDS = {
    CABLING: Said(fr="le câblage intérieur", en="cabling inside"),
    DESCRIPTION: Said(
        fr="un descriptif détaillé de ses locaux", en="a detailed description of the premises"
    ),
    "site-equipped": Said(
        fr="le site équipé et installé selon les instructions",
        en="the site equipped and fitted out as told",
    ),
    "power-and-circuits": Said(
        fr="courant, circuits et branchements", en="power, circuits and connections"
    ),
    "fittings": Said(
        fr="les aménagements aux normes du prestataire",
        en="fittings by the provider's standards",
    ),
    "cable-routes": Said(fr="les voies d'accès du câblage", en="ways for the cables"),
    "permissions": Said(
        fr="les autorisations de son côté du point d'entrée",
        en="permissions on its side of the entry point",
    ),
}
_ACCESS = {
    "given": Said(
        fr="le client donne accès à ses sites", en="the customer gives access to the sites"
    ),
    "usual-hours": Said(
        fr="le client donne accès à ses locaux aux heures de travail habituelles",
        en="the customer gives access to the premises in usual working hours",
    ),
}
_NOTHING_ASKED = Said(
    fr="rien à préparer sur le site pour cet accès", en="nothing to prepare at the site for it"
)
_BY_TERM = Said(fr="prêt au plus tard le", en="ready by")
_DESCRIBED_BEFORE = Said(fr="décrit avant l'installation du", en="described before")
_THE_REST_BEFORE = Said(fr="le reste prêt avant le", en="the rest ready before")
_ON_REQUEST = Said(
    fr="décrit sur demande, sans délai écrit", en="described on request, by no day the text gives"
)
_ALL_BEFORE = Said(fr="prêt avant le", en="ready before")
_NO_CLAUSE = Said(
    fr="rien si le site n'est pas prêt pour cet accès",
    en="nothing about a site that is not ready for it",
)
_MOVES = Said(fr="la date change, sans frais", en="the day moves, at no cost")
_DESCRIPTION_ONLY = Said(
    fr="la clause ne vise que le descriptif, qui est remis",
    en="the clause is about the description alone, which is there",
)
_NEW_DAY = Said(fr="une nouvelle date est à convenir", en="another day is to be agreed")
_BILLED = Said(
    fr="facturé depuis la date initialement prévue, le", en="billed from the day first planned,"
)


# cabling inside the site


class CabledBy(StrEnum):
    """Who lays what is needed between where the network enters and the equipment."""

    CUSTOMER = "customer"
    QUOTE = "quote"
    """The provider, by a quote of its own, if the customer wants it."""
    DECLINED = "declined"
    """Beyond the provider's limits: it may leave it to the customer."""


@dataclass(frozen=True, kw_only=True)
class Cabling:
    by: CabledBy
    said: tuple[Said, ...]
    billed: BilledFrom | None = None


def internal_cabling(
    contract: Contract, *, job: CablingJob | None = None, first_planned: date | None = None
) -> Cabling:
    """Limits are strict: more than 3 metres, less than 200 (002:1364-1376)."""
    word = contract.choice("cabling.by") if asks(contract, "cabling.by") else None
    if word is None:
        said = (silence(_NO_CABLING), ours(_LEFT))
        return Cabling(by=CabledBy.CUSTOMER, said=said)
    source = contract.source("cabling.by")
    if word == "customer":
        return Cabling(by=CabledBy.CUSTOMER, said=(sourced(_LEFT, source),))
    beyond = () if job is None else tuple(_beyond(contract, job))
    may_decline = asks(contract, "cabling.beyond") and contract.choice("cabling.beyond")
    if not beyond or may_decline != "may-decline":
        return Cabling(by=CabledBy.QUOTE, said=(sourced(_QUOTED, source), *beyond))
    return _declined(contract, beyond, first_planned)


def _beyond(contract: Contract, job: CablingJob) -> Iterator[Said]:
    asked = (
        ("cabling.shortest", job.cable, True, _LONGER),
        ("cabling.longest", job.cable, False, _SHORTER),
        ("cabling.height", job.height, False, _LOWER),
        ("cabling.apart", job.apart, False, _CLOSER),
    )
    for question, metres, is_least, what in asked:
        limit = contract.number(question) if asks(contract, question) else None
        if limit is None or metres is None:
            continue
        if not (metres > limit if is_least else metres < limit):
            said = Said(
                fr=f"{what.fr} {limit} m, ici {metres} m", en=f"{what.en} {limit} m, here {metres}"
            )
            yield sourced(said, contract.source(question))


def _declined(contract: Contract, beyond: tuple[Said, ...], first_planned: date | None) -> Cabling:
    source = contract.source("cabling.beyond")
    said = (*beyond, sourced(_DECLINED, source))
    if first_planned is None:
        return Cabling(by=CabledBy.DECLINED, said=said)
    why = sourced(dated(_BILLED, first_planned), source)
    billed = BilledFrom(on=first_planned, said=why, source=source)
    return Cabling(by=CabledBy.DECLINED, said=(*said, why), billed=billed)


_NO_CABLING = Said(
    fr="rien sur le câblage à l'intérieur du site", en="nothing about cabling inside the site"
)
_LEFT = Said(
    fr="le câblage intérieur est laissé au client", en="cabling inside is left to the customer"
)
_QUOTED = Said(
    fr="câblage intérieur sur devis, si le client le souhaite",
    en="cabling inside by a quote, if the customer wants it",
)
_DECLINED = Said(
    fr="le prestataire peut ne pas l'assurer : le client le fait faire",
    en="the provider may decline it: the customer has it done",
)
_LONGER = Said(fr="câble de plus de", en="a cable longer than")
_SHORTER = Said(fr="câble de moins de", en="a cable shorter than")
_LOWER = Said(fr="travaux à moins de", en="works lower than")
_CLOSER = Said(fr="deux terminaux distants de moins de", en="two terminals less apart than")
