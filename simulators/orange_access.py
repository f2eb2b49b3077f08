"""Orders about a site on Orange's wire: what is read of them, and how what came of them is told."""

from datetime import date

from simulators import orange_works
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
from simulators.orange_works import Fields

EFFECTS = {
    "CHECK": "check",
    "STUDY": "study",
    "RESERVE": "reserve",
    "DESATURATE": "desaturate",
    "RELEASE": "give-back",
    "PUT_BACK": "put-back",
    **orange_works.EFFECTS,
}
LOCATORS = {"ADDRESS": "address", "BUILDING": "building", "PTO": "socket", "LINE_NUMBER": "line"}
TECHNOLOGIES = {
    "FTTH": "ftth",
    "FTTLA": "shared-fibre",
    "FTTO": "dedicated-fibre",
    "ADSL": "adsl",
    "VDSL2": "vdsl",
    "SDSL": "sdsl",
    "SDSL_MULTI": "bundled-pairs",
    "RADIO_MOBILE": "mobile-radio",
    "FH": "microwave",
    "LL": "leased-line",
}
NAMES = {technology: name for name, technology in TECHNOLOGIES.items()}
FIBRE = frozenset({"ftth", "dedicated-fibre"})
USES = {
    "broadband": "BROADBAND",
    "telephone": "ANALOGUE_VOICE",
    "carrier-selection": "CARRIER_SELECTION",
    "alarm": "ALARM",
}
CODES = {
    "not-deployed": "PRODUCT_NOT_AVAILABLE",
    "not-yet": "PRODUCT_NOT_YET_AVAILABLE",
    "too-long": "TOO_MUCH_ATTENUATION",
    "no-pair": "NO_PAIR_LEFT",
    "full": "NETWORK_SATURATED",
    "not-connectable": "OTP_NOT_CONNECTABLE",
    "incompatible": "INCOMPATIBLE_LOCAL_LOOP",
    "closed": "COPPER_CLOSED",
    "uncertain": "UNCERTAIN_DATA",
    "service-down": "EXTERNAL_WS_UNREACHABLE",
    "unknown-site": "SITE_UNKNOWN",
}
OF_FIBRE = {
    "not-deployed": "FIBER_NOT_DEPLOYED_IN_BUILDING",
    "not-yet": "FIBER_NOT_YET_AVAILABLE",
}
VERDICTS = {"positive": "FEASIBLE", "negative": "NOT_FEASIBLE", "redefine": "TO_REDEFINE"}
SUPPLY_ENDED = "SUPPLY_ENDED"
WRONG_LINE = "WRONG_LINE"


def site_order(fields: dict[str, str]) -> SiteOrder:
    place = Place(
        commune=fields["commune"],
        address=fields["address"],
        locator=LOCATORS[fields["locator"]],
        name=fields.get("locatorName", ""),
    )
    down, day = fields.get("downKbps"), fields.get("notBefore")
    return SiteOrder(
        place=place,
        technologies=tuple(TECHNOLOGIES[name] for name in fields["technologies"].split()),
        down_kbps=int(down) if down else None,
        access=fields.get("accessReference", ""),
        quote=fields.get("quoteReference", ""),
        not_before=date.fromisoformat(day) if day else None,
        slot=fields.get("slotReference", ""),
        visit=fields.get("visitReference", ""),
    )


def told_of(outcome: Outcome, at: str = "") -> Fields:
    """The event, and what it says besides."""
    event: str
    besides: Fields
    match outcome:
        case Found():
            event, besides = "ELIGIBILITY", _found(outcome)
        case Studied():
            event, besides = "STUDIED", _studied(outcome)
        case Reserved(access=access):
            event, besides = "RESERVED", [("accessReference", access)]
        case Saturated():
            event, besides = "SATURATED", _saturated(outcome)
        case Desaturated():
            event, besides = "DESATURATED", []
        case GivenBack():
            event, besides = "RELEASED", []
        case SupplyTaken(code=code):
            event, besides = "SUPPLY_WITHDRAWN", [("code", code or SUPPLY_ENDED)]
        case Overwritten(code=code):
            event, besides = "WRONG_OVERWRITING", [("code", code or WRONG_LINE)]
        case PutBack():
            event, besides = "PUT_BACK", []
        case _:
            return orange_works.told_of(outcome, at)
    return [("event", event), *besides]


def _found(found: Found) -> Fields:
    told: Fields = []
    if found.uses:
        told.append(("uses", " ".join(USES[use] for use in found.uses)))
    if found.offers:
        told.append(("offers", [("offer", _offer(offer)) for offer in found.offers]))
    if found.barriers:
        told.append(("barriers", [("barrier", _barrier(one)) for one in found.barriers]))
    return told


def _offer(offer: Offer) -> Fields:
    told: Fields = [
        ("technology", NAMES[offer.technology]),
        ("downKbps", str(offer.down_kbps)),
        ("upKbps", str(offer.up_kbps)),
        ("leadDays", str(offer.lead_days)),
        ("study", "true" if offer.study else "false"),
    ]
    return told if offer.pairs is None else [*told, ("pairs", str(offer.pairs))]


def _barrier(barrier: Barrier) -> Fields:
    code = barrier.code or CODES[barrier.word]
    if not barrier.code and barrier.technology in FIBRE:
        code = OF_FIBRE.get(barrier.word, code)
    return [("technology", NAMES[barrier.technology]), ("code", code)]


def _studied(studied: Studied) -> Fields:
    told: Fields = [("verdict", VERDICTS[studied.verdict])]
    if studied.code:
        told.append(("code", studied.code))
    if studied.technology:
        told.append(("technology", NAMES[studied.technology]))
    if studied.lead_days is not None:
        told.append(("leadDays", str(studied.lead_days)))
    if studied.fee_change is not None:
        told.append(("feeChange", f"{studied.fee_change:.2f}"))
    return told + _quote(studied.quote)


def _saturated(saturated: Saturated) -> Fields:
    remedy = "FIRST_VISIT" if saturated.at_first_visit else "DEFERRED"
    return [
        ("saturatedSince", saturated.since.isoformat()),
        ("saturatedAt", "CUSTOMER" if saturated.at_customer else "NETWORK"),
        ("remedy", "QUOTE" if saturated.quote else remedy),
        *_quote(saturated.quote),
    ]


def _quote(quote: Quote | None) -> Fields:
    if quote is None:
        return []
    lines: Fields = [
        ("line", [("label", what), ("amount", f"{euros:.2f}")]) for what, euros in quote.items
    ]
    return [("quote", [("reference", quote.reference), *lines])]
