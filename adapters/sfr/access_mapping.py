"""Between our words about a fixed access and SFR's: pure, one payload at a time.

An eligibility, as it is polled:

    {"idEvenement": "7f0c…", "commandeId": "AFR9D1E0C44", "cleUnique": "9d1e…",
     "refClient": "4a6b… (our line)", "type": "ELIGIBILITE_RENDUE", "survenu_le": 1799535600000,
     "offres": [{"techno": 10, "debitDescendantKbps": 1000000, "debitMontantKbps": 700000,
                 "delaiJoursOuvres": 15, "etudeRequise": "N"}],
     "refus": [{"techno": 20, "codeMotif": "2102"}], "servicesPresents": [1]}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_never

from adapters.sfr import works_mapping
from adapters.sfr.access_messages import (
    AccesReserve,
    AccesRestitue,
    Avis,
    DesaturationFaite,
    Devis,
    EcrasementATort,
    EligibiliteRendue,
    EtudeRendue,
    EvenementAcces,
    FournitureRetiree,
    Lieu,
    LigneRemise,
    NonEligible,
    Objet,
    OffreRendue,
    Present,
    ReseauSature,
    Techno,
)
from adapters.sfr.messages import Nature, milliseconds
from domain.access_facts import (
    Barrier,
    Locator,
    Offer,
    Quote,
    QuoteKind,
    QuoteLine,
    Reason,
    StudyResult,
    Technology,
    Use,
    Verdict,
)
from domain.access_operators import AccessRequest
from domain.access_told import (
    AccessReleasedTold,
    AccessTold,
    DesaturatedTold,
    EligibilityTold,
    OverwrittenTold,
    PutBackTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.port_in_facts import HostNetwork, Step

Json = dict[str, Any]

NATURES: Mapping[Step, Nature] = {
    Step.CHECK_ELIGIBILITY: Nature.CHECK,
    Step.STUDY_SITE: Nature.STUDY,
    Step.RESERVE_ACCESS: Nature.RESERVE,
    Step.DESATURATE: Nature.DESATURATE,
    Step.RELEASE_ACCESS: Nature.GIVE_BACK,
    Step.PUT_BACK: Nature.PUT_BACK,
    **works_mapping.NATURES,
}
PATHS: Mapping[Nature, str] = {
    Nature.CHECK: "/acces/eligibilites",
    Nature.STUDY: "/acces/etudes",
    Nature.RESERVE: "/acces/commandes",
    Nature.DESATURATE: "/acces/commandes",
    Nature.GIVE_BACK: "/acces/commandes",
    Nature.PUT_BACK: "/acces/commandes",
    **works_mapping.PATHS,
}
QUESTIONS = frozenset({Nature.CHECK, Nature.STUDY})
"""Each at a place of its own; what is ordered says its nature."""
TECHNOS: Mapping[Technology, Techno] = {
    Technology.FTTH: Techno.FTTH,
    Technology.SHARED_FIBRE: Techno.MUTUALISEE,
    Technology.DEDICATED_FIBRE: Techno.DEDIEE,
    Technology.ADSL: Techno.ADSL,
    Technology.VDSL: Techno.VDSL,
    Technology.SDSL: Techno.SDSL,
    Technology.BUNDLED_PAIRS: Techno.MULTIPAIRES,
    Technology.MOBILE_RADIO: Techno.RADIO_MOBILE,
    Technology.MICROWAVE: Techno.FAISCEAU_HERTZIEN,
    Technology.LEASED_LINE: Techno.LIAISON_LOUEE,
}
TECHNOLOGIES = {techno: technology for technology, techno in TECHNOS.items()}
MARKS = {Locator.BUILDING: "IMMEUBLE", Locator.SOCKET: "PTO", Locator.LINE: "ND"}
"""What a site is found by, beside its address."""
REASONS: Mapping[str, Reason] = {
    "2001": Reason.NOT_DEPLOYED,
    "2002": Reason.NOT_YET,
    "2003": Reason.NOT_CONNECTABLE,
    "2101": Reason.TOO_LONG,
    "2102": Reason.NO_PAIR,
    "2103": Reason.SATURATED,
    "2104": Reason.INCOMPATIBLE,
    "2105": Reason.CLOSED,
    "3001": Reason.UNCERTAIN,
    "3002": Reason.SERVICE_DOWN,
    "3003": Reason.UNKNOWN_SITE,
}
USES = {
    Present.HAUT_DEBIT: Use.BROADBAND,
    Present.TELEPHONE: Use.TELEPHONE,
    Present.PRESELECTION: Use.CARRIER_SELECTION,
    Present.TELEALARME: Use.ALARM,
}
VERDICTS = {
    Avis.FAVORABLE: Verdict.POSITIVE,
    Avis.DEFAVORABLE: Verdict.NEGATIVE,
    Avis.A_REDEFINIR: Verdict.REDEFINE,
}
QUOTES = {Objet.TRAVAUX: QuoteKind.WORKS, Objet.DESATURATION: QuoteKind.DESATURATION}
_YES = "O"


@dataclass(frozen=True, kw_only=True)
class Posted:
    """An order, as it is posted: where the site is, is in its body alone."""

    path: str
    body: Json

    def __repr__(self) -> str:
        return f"Posted({self.path})"


# what we ask


def access_order(request: AccessRequest) -> Posted:
    nature = NATURES[request.step]
    technos = [TECHNOS[technology].value for technology in request.technologies]
    order: Json = {
        "cleUnique": request.key,
        "refClient": str(request.line_id),
        "date_demande": milliseconds(request.asked_at),
        "site": _site(request),
    }
    if nature is Nature.CHECK:
        order["technos"] = technos
    elif technos:
        order["techno"] = technos[0]
    if nature not in QUESTIONS:
        order["nature"] = nature.value
    more = {
        "debitMinimalKbps": request.down_kbps,
        "accesId": request.reference,
        "devisId": request.quote,
    }
    order |= {name: value for name, value in more.items() if value is not None}
    order |= works_mapping.asked_besides(request)
    return Posted(path=PATHS[nature], body=order)


def _site(request: AccessRequest) -> Json:
    site: Json = {"codeInsee": request.commune, "adresse": request.address}
    if request.locator is not Locator.ADDRESS:
        site["repere"] = {"type": MARKS[request.locator], "valeur": request.name or ""}
    return site


# what has come


def told_of(event: EvenementAcces) -> AccessTold:
    told: AccessTold
    match event:
        case EligibiliteRendue():
            told = _eligibility(event)
        case EtudeRendue():
            told = StudyTold(key=event.cle, result=_study(event), studied_at=event.at)
        case AccesReserve():
            told = ReservedTold(key=event.cle, reference=event.acces, reserved_at=event.at)
        case ReseauSature():
            told = SaturatedTold(
                key=event.cle,
                event_at=event.fait_generateur,
                at_customer=event.lieu is Lieu.CLIENT,
                at_first_visit=event.premiere_visite == _YES,
                quote=_quote(event.devis),
            )
        case DesaturationFaite():
            told = DesaturatedTold(key=event.cle, done_at=event.at)
        case AccesRestitue():
            told = AccessReleasedTold(key=event.cle, released_at=event.at)
        case FournitureRetiree():
            told = SupplyWithdrawnTold(code=event.code, told_at=event.at)
        case EcrasementATort():
            told = OverwrittenTold(code=event.code, told_at=event.at)
        case LigneRemise():
            told = PutBackTold(key=event.cle, put_back_at=event.at)
        case _:
            assert_never(event)
    return told


def _eligibility(event: EligibiliteRendue) -> EligibilityTold:
    return EligibilityTold(
        key=event.cle,
        operator=HostNetwork.SFR,
        offers=tuple(map(_offer, event.offres)),
        barriers=tuple(map(_barrier, event.refus)),
        uses=tuple(USES[present] for present in event.presents),
        checked_at=event.at,
    )


def _offer(offer: OffreRendue) -> Offer:
    return Offer(
        operator=HostNetwork.SFR,
        technology=TECHNOLOGIES[offer.techno],
        down_kbps=offer.descendant,
        up_kbps=offer.montant,
        lead_days=offer.delai,
        study=offer.etude == _YES,
        pairs=offer.paires,
    )


def _barrier(refusal: NonEligible) -> Barrier:
    return Barrier(
        technology=TECHNOLOGIES[refusal.techno],
        reason=REASONS.get(refusal.code, Reason.OTHER),
        code=refusal.code,
    )


def _study(event: EtudeRendue) -> StudyResult:
    return StudyResult(
        verdict=VERDICTS[event.avis],
        code=event.motif,
        technology=None if event.techno is None else TECHNOLOGIES[event.techno],
        lead_days=event.delai,
        fee_change=None if event.ecart is None else _euros(event.ecart),
        quote=_quote(event.devis),
    )


def _quote(quote: Devis | None) -> Quote | None:
    if quote is None:
        return None
    lines = (QuoteLine(what=poste.libelle, euros=_euros(poste.centimes)) for poste in quote.postes)
    return Quote(kind=QUOTES[quote.objet], reference=quote.id, lines=tuple(lines))


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
