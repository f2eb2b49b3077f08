"""Lines and sites a contract leaves out by name, whatever an operator could build there.

What nobody knows of a line excludes nothing: the operator's own answer still decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.access_clauses import asks, silence
from domain.access_facts import COPPER, Barrier, Reason, Technology, ToTell
from domain.contract_questions import Contract
from domain.policies import ANSWER_WAIT
from domain.said import Said


class Exclusion(StrEnum):
    """The contracts' own grounds, under the words of their profiles."""

    OUTSIDE_DSL_COVERAGE = "outside-dsl-coverage"
    """The site is in no commune the provider's DSL reaches."""
    NOT_VALIDATED_BY_OPERATOR = "not-validated-by-operator"
    """The operator's technical check of the installation says no."""
    INELIGIBLE_ANALOGUE_LINE = "ineligible-analogue-line"
    """A line DSL does not work on, though it lies in a covered zone."""
    METALLIC_CONTINUITY_BROKEN = "metallic-continuity-broken"
    """Not metal from end to end: a radio section, for one."""
    SIGNAL_PROCESSING_EQUIPMENT = "signal-processing-equipment"
    """Something on the line treats its signals."""
    AUTOMATIC_SUB_DISTRIBUTION = "automatic-sub-distribution"
    """« Sous répartition automatique »."""
    LINE_GROUP = "line-group"
    """One of a group of lines."""
    NON_PERMANENT_TERMINAL = "non-permanent-terminal"
    """It serves an installation that is not permanent, or not fixed."""
    PUBLIC_USE = "public-use"
    """It serves the public: a payphone, for one."""
    EXTERNAL_SUPPLEMENTARY_LINES = "external-supplementary-lines"
    """An external supplementary line, part of a terminal installation."""
    INCUMBENT_INTERNAL_POST = "incumbent-internal-post"
    """A post of the incumbent's own."""
    TECHNICAL_GROUP_BODY_LINE = "technical-group-body-line"
    """The body line of a technical group."""
    ORDER_IN_FLIGHT = "order-in-flight"
    """Being created, ended, renumbered or moved."""
    ACCESS_BEING_CHANGED = "access-being-changed"
    """The same, in Technicophone's schedule."""
    BROADBAND_ORDER_PENDING = "broadband-order-pending"
    """A broadband order on it is being carried out."""
    TEMPORARY_ACCESS = "temporary-access"
    """A temporary access."""
    PAYPHONE = "payphone"
    """A booth or a payphone."""
    D_CHANNEL = "d-channel"
    """The D channel of a basic access."""
    NUMERIS_T2 = "numeris-t2"
    """A site with Numéris primary accesses."""
    NUMERIS_DUO = "numeris-duo"
    """A site with Numéris Duo."""
    NUMERIS_COMMERCE = "numeris-commerce"
    """A site with Numéris Commerce."""
    NUMERIS_ITOO = "numeris-itoo"
    """A site with Numéris Itoo."""
    OUTSIDE_WIRELESS_COVERAGE = "outside-wireless-coverage"
    """Wireless, outside the zone it covers."""
    COAXIAL_SOCKET_TOO_FAR = "coaxial-socket-too-far"
    """The wall socket is further from the entry of the building than the cable goes."""


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """What the order and the operators said of the line or the site; the rest is unknown."""

    traits: frozenset[Exclusion] = frozenset()
    """Which grounds are known to be there."""
    coaxial_metres: int | None = None
    """From where the network enters the building to the socket."""


@dataclass(frozen=True, kw_only=True)
class Excluded:
    exclusion: Exclusion
    said: Said
    source: str


def line_facts(
    technology: Technology,
    barriers: Iterable[Barrier],
    *,
    known: Iterable[Exclusion] = (),
    coaxial_metres: int | None = None,
) -> LineFacts:
    """An operator's reasons in the contracts' words, beside what is known from the order."""
    told = {
        ground
        for barrier in barriers
        if barrier.technology is technology
        for ground in _GROUNDS.get(barrier.reason, ())
    }
    return LineFacts(traits=frozenset({*known, *told}), coaxial_metres=coaxial_metres)


def exclusions(
    contract: Contract, technology: Technology | None, facts: LineFacts
) -> tuple[Excluded, ...]:
    """Every ground of the contract that is known to be there; `technology` is None for a line that
    is taken over as it is."""
    return (
        *_listed(contract, technology, facts),
        *_wireless(contract, technology, facts),
        *_coaxial(contract, technology, facts),
    )


def telling_of_failure(contract: Contract) -> Said:
    """Who tells the customer that a site cannot be served. We always do (C24)."""
    how = contract.choice("eligibility.failure-told")
    if how is None:
        return silence(
            Said(
                fr="qui annonce une inéligibilité ; nous le disons toujours",
                en="who tells of a site that is not eligible; we always do",
            )
        )
    source = contract.source("eligibility.failure-told")
    return Said(
        fr=f"{_TOLD[how].fr} ({source})",
        en=f"{_TOLD[how].en} ({source})",
    )


def refusal_told_by(contract: Contract, ordered_on: date) -> datetime | None:
    """Decision 16: OKSIO tells of a refusal or a deferral within fifteen days of the order."""
    return contract.after(_TOLD_WITHIN, ordered_on)


def refusal_to_tell(contract: Contract, ordered_on: date) -> ToTell | None:
    """And when a person is asked first: so long before it as anybody has to answer (ours)."""
    by, last = refusal_told_by(contract, ordered_on), contract.day_after(_TOLD_WITHIN, ordered_on)
    if by is None or last is None:
        return None
    reckoning = contract.reckoning
    ask_at = reckoning.ends_at(reckoning.subtract(last, ANSWER_WAIT))
    return ToTell(by=by, ask_at=ask_at, source=contract.source(_TOLD_WITHIN))


_TOLD_WITHIN = "gate.refusal-told"


def _listed(
    contract: Contract, technology: Technology | None, facts: LineFacts
) -> tuple[Excluded, ...]:
    """Written for lines and for DSL: what is built without copper is none of them."""
    if technology is not None and technology not in COPPER:
        return ()
    return tuple(
        _excluded(Exclusion(word), contract.source("eligibility.exclusions"))
        for word in contract.choices("eligibility.exclusions")
        if word in facts.traits
    )


def _wireless(
    contract: Contract, technology: Technology | None, facts: LineFacts
) -> tuple[Excluded, ...]:
    question = "eligibility.wireless-coverage"
    outside = Exclusion.OUTSIDE_WIRELESS_COVERAGE in facts.traits
    if not (outside and technology in _WIRELESS and asks(contract, question)):
        return ()
    return (_excluded(Exclusion.OUTSIDE_WIRELESS_COVERAGE, contract.source(question)),)


def _coaxial(
    contract: Contract, technology: Technology | None, facts: LineFacts
) -> tuple[Excluded, ...]:
    question = "eligibility.coaxial-distance"
    if technology is not Technology.SHARED_FIBRE or not asks(contract, question):
        return ()
    longest, metres = contract.number(question), facts.coaxial_metres
    if longest is None or metres is None or metres <= longest:
        return ()
    said = Said(
        fr=f"prise coaxiale à {metres} m de l'entrée du réseau, {longest} m au plus",
        en=f"coaxial socket {metres} m from where the network comes in, {longest} m at most",
    )
    source = contract.source(question)
    return (
        Excluded(
            exclusion=Exclusion.COAXIAL_SOCKET_TOO_FAR, said=_with(said, source), source=source
        ),
    )


def _excluded(exclusion: Exclusion, source: str) -> Excluded:
    return Excluded(exclusion=exclusion, said=_with(_SAID[exclusion], source), source=source)


def _with(said: Said, source: str) -> Said:
    return Said(fr=f"{said.fr} ({source})", en=f"{said.en} ({source})")


_WIRELESS = frozenset({Technology.MOBILE_RADIO, Technology.MICROWAVE})
_OUTSIDE = (Exclusion.OUTSIDE_DSL_COVERAGE, Exclusion.OUTSIDE_WIRELESS_COVERAGE)
_UNFIT = (Exclusion.INELIGIBLE_ANALOGUE_LINE, Exclusion.NOT_VALIDATED_BY_OPERATOR)
_GROUNDS = {
    Reason.NOT_DEPLOYED: _OUTSIDE,
    Reason.NOT_YET: _OUTSIDE,
    Reason.TOO_LONG: _UNFIT,
    Reason.INCOMPATIBLE: _UNFIT,
    Reason.NOT_CONNECTABLE: _UNFIT,
}
"""An operator's reasons that are a ground of a contract; saturation, doubt and silence are none."""
_TOLD = {
    "always": Said(
        fr="le client est informé que le site n'est pas éligible",
        en="the customer is told that the site is not eligible",
    ),
    "by-whoever-knows": Said(
        fr="l'opérateur de boucle locale informe le client ; nous le disons aussi",
        en="the local loop operator tells the customer; so do we",
    ),
}
_SAID = {
    Exclusion.OUTSIDE_DSL_COVERAGE: Said(
        fr="site hors de la couverture DSL", en="site outside the DSL coverage"
    ),
    Exclusion.NOT_VALIDATED_BY_OPERATOR: Said(
        fr="installation téléphonique non validée par l'opérateur",
        en="telephone installation not validated by the operator",
    ),
    Exclusion.INELIGIBLE_ANALOGUE_LINE: Said(
        fr="ligne analogique non éligible au DSL", en="analogue line not eligible for DSL"
    ),
    Exclusion.METALLIC_CONTINUITY_BROKEN: Said(
        fr="continuité métallique non assurée de bout en bout",
        en="not metallic from end to end",
    ),
    Exclusion.SIGNAL_PROCESSING_EQUIPMENT: Said(
        fr="équipement de traitement des signaux sur la liaison",
        en="equipment on the line that treats its signals",
    ),
    Exclusion.AUTOMATIC_SUB_DISTRIBUTION: Said(
        fr="liaison raccordée à une sous-répartition automatique",
        en="line connected to an automatic sub-distribution frame",
    ),
    Exclusion.LINE_GROUP: Said(
        fr="liaison comprise dans un groupement de lignes", en="line that is one of a group"
    ),
    Exclusion.NON_PERMANENT_TERMINAL: Said(
        fr="installation terminale non permanente ou non fixe",
        en="terminal installation that is not permanent or not fixed",
    ),
    Exclusion.PUBLIC_USE: Said(
        fr="liaison d'un service destiné à une utilisation publique",
        en="line of a service for public use",
    ),
    Exclusion.EXTERNAL_SUPPLEMENTARY_LINES: Said(
        fr="ligne supplémentaire externe d'une installation terminale",
        en="external supplementary line of a terminal installation",
    ),
    Exclusion.INCUMBENT_INTERNAL_POST: Said(
        fr="accès supportant un poste interne de l'opérateur historique",
        en="access with an internal post of the incumbent",
    ),
    Exclusion.TECHNICAL_GROUP_BODY_LINE: Said(
        fr="ligne corps d'un groupement technique", en="body line of a technical group"
    ),
    Exclusion.ORDER_IN_FLIGHT: Said(
        fr="accès en cours de création, de résiliation, de renumérotation ou de déménagement",
        en="access being created, ended, renumbered or moved",
    ),
    Exclusion.ACCESS_BEING_CHANGED: Said(
        fr="accès en cours de création, de résiliation, de renumérotation ou de déménagement",
        en="access being created, ended, renumbered or moved",
    ),
    Exclusion.BROADBAND_ORDER_PENDING: Said(
        fr="commande d'un service haut débit en cours sur l'accès",
        en="broadband order on the access being carried out",
    ),
    Exclusion.TEMPORARY_ACCESS: Said(fr="accès temporaire", en="temporary access"),
    Exclusion.PAYPHONE: Said(fr="cabine ou publiphone", en="booth or payphone"),
    Exclusion.D_CHANNEL: Said(fr="canal D sur accès de base", en="D channel of a basic access"),
    Exclusion.NUMERIS_T2: Said(
        fr="site équipé d'accès primaires Numéris (T2)", en="site with Numéris primary accesses"
    ),
    Exclusion.NUMERIS_DUO: Said(fr="site équipé de Numéris Duo", en="site with Numéris Duo"),
    Exclusion.NUMERIS_COMMERCE: Said(
        fr="site équipé de Numéris Commerce", en="site with Numéris Commerce"
    ),
    Exclusion.NUMERIS_ITOO: Said(fr="site équipé de Numéris Itoo", en="site with Numéris Itoo"),
    Exclusion.OUTSIDE_WIRELESS_COVERAGE: Said(
        fr="site hors de la zone couverte par le sans-fil",
        en="site outside the zone wireless covers",
    ),
}
