"""What SFR writes about fixed accesses: numbers for things, cents, O and N."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from simulators import sfr_works
from simulators.access import (
    Desaturated,
    GivenBack,
    Outcome,
    Overwritten,
    PutBack,
    Reserved,
    Saturated,
    SiteOrder,
    SupplyTaken,
)
from simulators.geography import Barrier, Found, Offer, Place, Quote, Studied
from simulators.network import Order

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUESTIONS = {"eligibilites": "ELIGIBILITE", "etudes": "ETUDE"}
EFFECTS = {
    "ELIGIBILITE": "check",
    "ETUDE": "study",
    "RESERVATION_ACCES": "reserve",
    "DESATURATION": "desaturate",
    "RESTITUTION_ACCES": "give-back",
    "REMISE_EN_ETAT": "put-back",
    **sfr_works.EFFECTS,
}
TECHNOS = {
    10: "ftth",
    11: "shared-fibre",
    12: "dedicated-fibre",
    20: "adsl",
    21: "vdsl",
    22: "sdsl",
    23: "bundled-pairs",
    30: "mobile-radio",
    31: "microwave",
    40: "leased-line",
}
NUMBERS = {name: number for number, name in TECHNOS.items()}
MARKS = {"IMMEUBLE": "building", "PTO": "socket", "ND": "line"}
MOTIFS = {
    "not-deployed": "2001",
    "not-yet": "2002",
    "not-connectable": "2003",
    "too-long": "2101",
    "no-pair": "2102",
    "full": "2103",
    "incompatible": "2104",
    "closed": "2105",
    "uncertain": "3001",
    "service-down": "3002",
    "unknown-site": "3003",
}
WITHDRAWN = "5001"
WRONG_LINE = "5002"
SERVICES = {"broadband": 1, "telephone": 2, "carrier-selection": 3, "alarm": 4}
AVIS = {"positive": 1, "negative": 2, "redefine": 3}
PURPOSES = {"works": 1, "desaturation": 2}
Json = dict[str, Any]


def order(asked: str, body: Json) -> Order:
    """KeyError or ValueError when it is not written as it should be."""
    nature = QUESTIONS.get(asked) or body["nature"]
    effect = EFFECTS[nature]
    return Order(
        key=body["cleUnique"],
        effect=effect,
        shown=nature,
        line=body["refClient"],
        asked_at=EPOCH + timedelta(milliseconds=body["date_demande"]),
        site=SiteOrder(
            place=_place(body["site"]),
            technologies=tuple(TECHNOS[techno] for techno in _technos(effect, body)),
            down_kbps=body.get("debitMinimalKbps"),
            access=body.get("accesId", ""),
            quote=body.get("devisId", ""),
            not_before=_day(body["pasAvant"]) if "pasAvant" in body else None,
            slot=body.get("creneauId", ""),
            visit=body.get("rdvId", ""),
        ),
    )


def _day(figures: str) -> date:
    return date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))


def _technos(effect: str, body: Json) -> list[int]:
    """To give back what is named, or cancel a visit, none is needed."""
    match effect:
        case "check":
            return list(body["technos"])
        case "give-back" | "put-back" | "cancel-visit":
            return []
        case _:
            return [body["techno"]]


def _place(site: Json) -> Place:
    mark = site.get("repere")
    return Place(
        commune=site["codeInsee"],
        address=site["adresse"],
        locator=MARKS[mark["type"]] if mark else "address",
        name=mark["valeur"] if mark else "",
    )


def told(outcome: Outcome, at: datetime) -> Json:
    """What a change says beside whose it is."""
    written: Json
    match outcome:
        case Found():
            written = _eligibility(outcome)
        case Studied():
            written = _study(outcome)
        case Reserved():
            written = {"type": "ACCES_RESERVE", "accesId": outcome.access}
        case Saturated():
            written = _saturation(outcome)
        case Desaturated():
            written = {"type": "DESATURATION_FAITE"}
        case GivenBack():
            written = {"type": "ACCES_RESTITUE"}
        case SupplyTaken():
            written = {"type": "FOURNITURE_RETIREE", "codeMotif": outcome.code or WITHDRAWN}
        case Overwritten():
            written = {"type": "ECRASEMENT_A_TORT", "codeMotif": outcome.code or WRONG_LINE}
        case PutBack():
            written = {"type": "LIGNE_REMISE_EN_ETAT"}
        case _:
            written = sfr_works.told(outcome, at)
    return written


def _eligibility(found: Found) -> Json:
    return {
        "type": "ELIGIBILITE_RENDUE",
        "offres": [_offer(offer) for offer in found.offers],
        "refus": [_refusal(barrier) for barrier in found.barriers],
        "servicesPresents": [SERVICES[use] for use in found.uses],
    }


def _offer(offer: Offer) -> Json:
    written: Json = {
        "techno": NUMBERS[offer.technology],
        "debitDescendantKbps": offer.down_kbps,
        "debitMontantKbps": offer.up_kbps,
        "delaiJoursOuvres": offer.lead_days,
        "etudeRequise": _yes(offer.study),
    }
    return written if offer.pairs is None else {**written, "nbPaires": offer.pairs}


def _refusal(barrier: Barrier) -> Json:
    code = barrier.code or MOTIFS[barrier.word]
    return {"techno": NUMBERS[barrier.technology], "codeMotif": code}


def _study(studied: Studied) -> Json:
    change, technology = studied.fee_change, studied.technology
    written = {
        "type": "ETUDE_RENDUE",
        "avis": AVIS[studied.verdict],
        "codeMotif": studied.code or None,
        "techno": NUMBERS[technology] if technology else None,
        "delaiJoursOuvres": studied.lead_days,
        "ecartFraisAccesCentimes": None if change is None else _cents(change),
        "devis": studied.quote and _quote(studied.quote),
    }
    return {name: value for name, value in written.items() if value is not None}


def _saturation(saturated: Saturated) -> Json:
    written: Json = {
        "type": "RESEAU_SATURE",
        "fait_generateur_le": (saturated.since - EPOCH) // timedelta(milliseconds=1),
        "lieu": 2 if saturated.at_customer else 1,
        "premiereVisite": _yes(saturated.at_first_visit),
    }
    quote = saturated.quote
    return written if quote is None else {**written, "devis": _quote(quote)}


def _quote(quote: Quote) -> Json:
    items = [{"libelle": what, "montantCentimes": _cents(euros)} for what, euros in quote.items]
    return {"devisId": quote.reference, "objet": PURPOSES[quote.kind], "postes": items}


def _cents(euros: Decimal) -> int:
    return int(euros * 100)


def _yes(yes: bool) -> str:  # noqa: FBT001  the matter itself
    return "O" if yes else "N"
