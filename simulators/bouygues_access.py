"""What Bouygues Telecom writes about fixed accesses: commands in capitals, sums as text."""

from datetime import date, datetime
from typing import Any

from simulators import bouygues_works
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
from simulators.bouygues_works import rfc3339
from simulators.geography import Barrier, Found, Offer, Place, Quote, Studied
from simulators.network import Event, Network, Order

EFFECTS = {
    "CHECK": "check",
    "STUDY": "study",
    "RESERVE": "reserve",
    "DESATURATE": "desaturate",
    "GIVE_BACK": "give-back",
    "PUT_BACK": "put-back",
    **bouygues_works.EFFECTS,
}
PRODUCTS = {
    "FTTH": "ftth",
    "FTTLA": "shared-fibre",
    "FTTO": "dedicated-fibre",
    "ADSL": "adsl",
    "VDSL2": "vdsl",
    "SDSL": "sdsl",
    "SDSL_BONDED": "bundled-pairs",
    "RADIO_4G_5G": "mobile-radio",
    "RADIO_LINK": "microwave",
    "LEASED_LINE": "leased-line",
}
NAMES = {technology: product for product, technology in PRODUCTS.items()}
IDENTIFIERS = {"BUILDING_CODE": "building", "OTP": "socket", "LINE_NUMBER": "line"}
CODES = {
    "not-deployed": "PRODUCT_NOT_AVAILABLE",
    "not-yet": "PRODUCT_NOT_YET_AVAILABLE",
    "not-connectable": "OTP_NOT_CONNECTABLE",
    "too-long": "TOO_MUCH_ATTENUATION",
    "no-pair": "PAIRS_SATURATION",
    "full": "NETWORK_SATURATED",
    "incompatible": "INCOMPATIBLE_LOCAL_LOOP",
    "closed": "COPPER_CLOSED",
    "uncertain": "UNCERTAIN_DATA",
    "service-down": "EXTERNAL_WS_UNREACHABLE",
    "unknown-site": "UNKNOWN_LOCATION",
}
OF_FIBRE = {"not-deployed": "FIBER_NOT_DEPLOYED", "not-yet": "FIBER_NOT_YET_DEPLOYED"}
FIBRE = {"ftth", "shared-fibre", "dedicated-fibre"}
WITHDRAWN = "SUPPLY_WITHDRAWN"
WRONG_LINE = "WRONG_LINE"
USES = {
    "broadband": "INTERNET",
    "telephone": "VOICE",
    "carrier-selection": "PRESELECTION",
    "alarm": "AUTOMATIC_CALLS",
}
CONCLUSIONS = {"positive": "FEASIBLE", "negative": "NOT_FEASIBLE", "redefine": "OTHERWISE"}
PARTNER = "partner:"
Json = dict[str, Any]


def order(name: str, key: str, body: Json) -> Order:
    """KeyError or ValueError when it is not written as it should be."""
    effect, day = EFFECTS[body["command"]], body.get("earliest_date")
    return Order(
        key=key,
        effect=effect,
        shown=body["command"],
        line=body["partner_access"],
        asked_at=datetime.fromisoformat(body["requested_at"]),
        site=SiteOrder(
            place=_place(body["location"]),
            technologies=tuple(PRODUCTS[product] for product in _products(effect, body)),
            down_kbps=body.get("minimum", {}).get("download_kbps"),
            access="" if name.startswith(PARTNER) else name,
            quote=body.get("accepted_quote", {}).get("id", ""),
            not_before=date.fromisoformat(day) if day else None,
            slot=body.get("slot", {}).get("id", ""),
            visit=body.get("visit", {}).get("id", ""),
        ),
    )


def _products(effect: str, body: Json) -> list[str]:
    """To give back what is named, or cancel a visit, none is needed."""
    match effect:
        case "check":
            return list(body["products"])
        case "give-back" | "put-back" | "cancel-visit":
            return []
        case _:
            return [body["product"]]


def _place(location: Json) -> Place:
    identifier = location.get("identifier")
    return Place(
        commune=location["insee_code"],
        address=location["address"]["text"],
        locator=IDENTIFIERS[identifier["kind"]] if identifier else "address",
        name=identifier["value"] if identifier else "",
    )


def is_about_access(network: Network, event: Event) -> bool:
    about = network.orders.get(event.order.of, event.order)
    return about.site is not None


def webhook(network: Network, event: Event) -> Json:
    kind, access, details = _told(event)
    return {
        "event": {"id": f"evt_{event.id}", "kind": kind, "occurred_at": rfc3339(event.at)},
        "operation": {
            "id": network.reference(event.order.key),
            "idempotency_key": event.order.key,
            "command": "CANCEL" if event.order.effect == "withdraw" else event.order.shown,
        },
        "access": {"partner_access": event.order.line, **access},
        "details": details,
    }


def _told(event: Event) -> tuple[str, Json, Json]:
    """Its kind, what it says of the access itself, and its details."""
    if event.code:
        return "access.command_refused", {}, {"refusal": {"code": event.code}}
    if event.outcome is None:
        cancelled = {"idempotency_key": event.order.of}
        return "access.command_cancelled", {}, {"cancelled": cancelled}
    access = {"id": event.outcome.access} if isinstance(event.outcome, Reserved) else {}
    kind, details = _of(event.outcome, event.at)
    return kind, access, details


def _of(outcome: Outcome, at: datetime) -> tuple[str, Json]:
    told: tuple[str, Json]
    match outcome:
        case Found():
            told = "access.checked", _checked(outcome)
        case Studied():
            told = "access.studied", _studied(outcome)
        case Reserved():
            told = "access.reserved", {}
        case Saturated():
            told = "access.saturated", _saturated(outcome)
        case Desaturated():
            told = "access.desaturated", {}
        case GivenBack():
            told = "access.given_back", {}
        case SupplyTaken():
            withdrawal = {"code": outcome.code or WITHDRAWN}
            told = "access.supply_withdrawn", {"withdrawal": withdrawal}
        case Overwritten():
            overwriting = {"code": outcome.code or WRONG_LINE}
            told = "access.wrong_overwriting", {"overwriting": overwriting}
        case PutBack():
            told = "access.put_back", {}
        case _:
            told = bouygues_works.told(outcome, at)
    return told


def _checked(found: Found) -> Json:
    return {
        "eligible": [_eligible(offer) for offer in found.offers],
        "not_eligible": [_not_eligible(barrier) for barrier in found.barriers],
        "in_use": [USES[use] for use in found.uses],
    }


def _eligible(offer: Offer) -> Json:
    written: Json = {
        "product": NAMES[offer.technology],
        "bandwidth": {"download_kbps": offer.down_kbps, "upload_kbps": offer.up_kbps},
        "lead_time": {"working_days": offer.lead_days},
        "study_required": offer.study,
    }
    return written if offer.pairs is None else {**written, "pairs": offer.pairs}


def _not_eligible(barrier: Barrier) -> Json:
    own = OF_FIBRE.get(barrier.word) if barrier.technology in FIBRE else None
    code = barrier.code or own or CODES[barrier.word]
    return {"product": NAMES[barrier.technology], "code": code}


def _studied(studied: Studied) -> Json:
    changes: Json = {}
    if studied.technology:
        changes["product"] = NAMES[studied.technology]
    if studied.lead_days is not None:
        changes["lead_time"] = {"working_days": studied.lead_days}
    if studied.fee_change is not None:
        changes["access_fee_euros"] = f"{studied.fee_change:.2f}"
    written: Json = {"conclusion": CONCLUSIONS[studied.verdict], "changes": changes}
    if studied.code:
        written["code"] = studied.code
    return written if studied.quote is None else {**written, "quote": _quote(studied.quote)}


def _saturated(saturated: Saturated) -> Json:
    written: Json = {
        "saturation": {
            "caused_at": rfc3339(saturated.since),
            "place": "CUSTOMER" if saturated.at_customer else "NETWORK",
            "at_first_visit": saturated.at_first_visit,
        }
    }
    quote = saturated.quote
    return written if quote is None else {**written, "quote": _quote(quote)}


def _quote(quote: Quote) -> Json:
    items = [{"label": what, "euros": f"{euros:.2f}"} for what, euros in quote.items]
    return {"id": quote.reference, "purpose": quote.kind.upper(), "items": items}
