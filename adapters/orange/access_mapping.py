"""Between our words of a fixed access and Orange's: pure, one payload at a time.

A notification of what can be had at a site:

    <o:AccessNotification xmlns:o="urn:raccord:orange:lines:1">
      <o:notificationId>7f0c…</o:notificationId>
      <o:orderKey>9d1e…</o:orderKey>
      <o:customerReference>4a6b… (our line)</o:customerReference>
      <o:event>ELIGIBILITY</o:event>
      <o:at>2027-01-10T02:00:00+00:00</o:at>
      <o:uses>BROADBAND ALARM</o:uses>
      <o:offers>
        <o:offer>
          <o:technology>FTTH</o:technology>
          <o:downKbps>1000000</o:downKbps><o:upKbps>700000</o:upKbps>
          <o:leadDays>12</o:leadDays><o:study>false</o:study>
        </o:offer>
      </o:offers>
      <o:barriers>
        <o:barrier>
          <o:technology>VDSL2</o:technology><o:code>TOO_MUCH_ATTENUATION</o:code>
        </o:barrier>
      </o:barriers>
    </o:AccessNotification>
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from adapters.orange import works_mapping
from adapters.orange.messages import (
    TRUTHS,
    Element,
    UnreadableDocumentError,
    field_of,
    instant_of,
    looked_up,
    parts_of,
    word_of,
)
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
    DesaturatedTold,
    EligibilityTold,
    OverwrittenTold,
    PutBackTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.operators import ChangeRefusedTold, StepRefusedTold, Told, WithdrawnTold
from domain.port_in_facts import HostNetwork, Step

NOTIFICATION = "AccessNotification"
EFFECTS = {
    Step.CHECK_ELIGIBILITY: "CHECK",
    Step.STUDY_SITE: "STUDY",
    Step.RESERVE_ACCESS: "RESERVE",
    Step.DESATURATE: "DESATURATE",
    Step.RELEASE_ACCESS: "RELEASE",
    Step.PUT_BACK: "PUT_BACK",
    **works_mapping.EFFECTS,
}
STEPS = {effect: step for step, effect in EFFECTS.items()}
WITHDRAW = "WITHDRAW"
LOCATORS = {
    Locator.ADDRESS: "ADDRESS",
    Locator.BUILDING: "BUILDING",
    Locator.SOCKET: "PTO",
    Locator.LINE: "LINE_NUMBER",
}
NAMES = {
    Technology.FTTH: "FTTH",
    Technology.SHARED_FIBRE: "FTTLA",
    Technology.DEDICATED_FIBRE: "FTTO",
    Technology.ADSL: "ADSL",
    Technology.VDSL: "VDSL2",
    Technology.SDSL: "SDSL",
    Technology.BUNDLED_PAIRS: "SDSL_MULTI",
    Technology.MOBILE_RADIO: "RADIO_MOBILE",
    Technology.MICROWAVE: "FH",
    Technology.LEASED_LINE: "LL",
}
TECHNOLOGIES = {name: technology for technology, name in NAMES.items()}
USES = {
    "BROADBAND": Use.BROADBAND,
    "ANALOGUE_VOICE": Use.TELEPHONE,
    "CARRIER_SELECTION": Use.CARRIER_SELECTION,
    "ALARM": Use.ALARM,
}
REASONS: Mapping[str, Reason] = {
    "FIBER_NOT_DEPLOYED_IN_BUILDING": Reason.NOT_DEPLOYED,
    "PRODUCT_NOT_AVAILABLE": Reason.NOT_DEPLOYED,
    "FIBER_NOT_YET_AVAILABLE": Reason.NOT_YET,
    "PRODUCT_NOT_YET_AVAILABLE": Reason.NOT_YET,
    "TOO_MUCH_ATTENUATION": Reason.TOO_LONG,
    "ATTENUATION_LIMIT": Reason.TOO_LONG,
    "NO_PAIR_LEFT": Reason.NO_PAIR,
    "COPPER_NOT_AVAILABLE": Reason.NO_PAIR,
    "PAIRS_SATURATION": Reason.SATURATED,
    "NETWORK_SATURATED": Reason.SATURATED,
    "OTP_NOT_CONNECTABLE": Reason.NOT_CONNECTABLE,
    "OTP_NOT_MARKETABLE": Reason.NOT_CONNECTABLE,
    "INCOMPATIBLE_LOCAL_LOOP": Reason.INCOMPATIBLE,
    "COPPER_CLOSED": Reason.CLOSED,
    "UNCERTAIN_DATA": Reason.UNCERTAIN,
    "EXTERNAL_WS_UNREACHABLE": Reason.SERVICE_DOWN,
    "SITE_UNKNOWN": Reason.UNKNOWN_SITE,
}
"""Any other code is kept as it is, and read by a person."""
VERDICTS = {
    "FEASIBLE": Verdict.POSITIVE,
    "NOT_FEASIBLE": Verdict.NEGATIVE,
    "TO_REDEFINE": Verdict.REDEFINE,
}
PLACES = {"CUSTOMER": True, "NETWORK": False}
TOLD_FIELDS = (
    "notificationId",
    "orderKey",
    "customerReference",
    "event",
    "at",
    "uses",
    "verdict",
    "technology",
    "leadDays",
    "feeChange",
    "accessReference",
    "saturatedSince",
    "saturatedAt",
    "remedy",
    "effect",
    "code",
    "withdrawnKey",
    *works_mapping.TOLD_FIELDS,
)
TOLD_PARTS = ("offers", "barriers", "quote", *works_mapping.TOLD_PARTS)
KBPS_MAX = 10**9
DAYS_MAX = 999
PAIRS_MAX = 64
LABEL_MAX = 200
_FIGURES = re.compile(r"[0-9]{1,10}")
_EUROS = re.compile(r"[0-9]{1,9}\.[0-9]{2}")

# what we ask


def access_order(request: AccessRequest) -> Element:
    fields = {
        "orderKey": request.key,
        "customerReference": str(request.line_id),
        "effect": EFFECTS[request.step],
        "requestedAt": request.asked_at.isoformat(),
        "commune": request.commune,
        "address": _printed(request.address),
        "locator": LOCATORS[request.locator],
        "technologies": " ".join(NAMES[technology] for technology in request.technologies),
    }
    if request.name is not None:
        fields["locatorName"] = _printed(request.name)
    if request.down_kbps is not None:
        fields["downKbps"] = str(request.down_kbps)
    if request.reference is not None:
        fields["accessReference"] = request.reference
    if request.quote is not None:
        fields["quoteReference"] = request.quote
    fields |= works_mapping.asked_besides(request)
    return Element(name="AccessOrder", fields=fields)


def _printed(text: str) -> str:
    """On one line: no other character has a place in a document."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


# what it tells


def notification_of(status: Element, key: str) -> Element | None:
    """What a looked-up order has come to, as it would have been told; None while nothing has, and
    for an answer about another order."""
    if key not in {status.fields.get("orderKey"), status.fields.get("withdrawnKey")}:
        return None
    if status.fields.get("state") not in {"DONE", "REJECTED", "WITHDRAWN"}:
        return None
    told = {name: status.fields[name] for name in TOLD_FIELDS if name in status.fields}
    parts = tuple(part for part in status.parts if part.name in TOLD_PARTS)
    return Element(name=NOTIFICATION, fields=told, parts=parts)


def told_of(notification: Element) -> Told:
    """UnreadableDocumentError when a field is missing or is not what it should be."""
    made = _EVENTS.get(field_of(notification, "event"))
    if made is None:
        raise UnreadableDocumentError("no such event")
    return made(notification)


def _eligibility(element: Element) -> Told:
    return EligibilityTold(
        key=word_of(element, "orderKey"),
        operator=HostNetwork.ORANGE,
        offers=tuple(_offer(part) for part in parts_of(element, "offers", "offer")),
        barriers=tuple(_barrier(part) for part in parts_of(element, "barriers", "barrier")),
        uses=tuple(_use(word) for word in element.fields.get("uses", "").split()),
        checked_at=instant_of(element),
    )


def _offer(element: Element) -> Offer:
    has_pairs = "pairs" in element.fields
    return Offer(
        operator=HostNetwork.ORANGE,
        technology=looked_up(TECHNOLOGIES, element, "technology"),
        down_kbps=_number(element, "downKbps", 1, KBPS_MAX),
        up_kbps=_number(element, "upKbps", 1, KBPS_MAX),
        lead_days=_number(element, "leadDays", 0, DAYS_MAX),
        study=looked_up(TRUTHS, element, "study"),
        pairs=_number(element, "pairs", 1, PAIRS_MAX) if has_pairs else None,
    )


def _barrier(element: Element) -> Barrier:
    code = word_of(element, "code")
    return Barrier(
        technology=looked_up(TECHNOLOGIES, element, "technology"),
        reason=REASONS.get(code, Reason.OTHER),
        code=code,
    )


def _use(word: str) -> Use:
    use = USES.get(word)
    if use is None:
        raise UnreadableDocumentError("no such use")
    return use


def _studied(element: Element) -> Told:
    has = element.fields
    return StudyTold(
        key=word_of(element, "orderKey"),
        result=StudyResult(
            verdict=looked_up(VERDICTS, element, "verdict"),
            code=word_of(element, "code") if "code" in has else None,
            technology=looked_up(TECHNOLOGIES, element, "technology")
            if "technology" in has
            else None,
            lead_days=_number(element, "leadDays", 0, DAYS_MAX) if "leadDays" in has else None,
            fee_change=_euros(element, "feeChange", below_nothing=True)
            if "feeChange" in has
            else None,
            quote=_quote(element, QuoteKind.WORKS),
        ),
        studied_at=instant_of(element),
    )


def _reserved(element: Element) -> Told:
    return ReservedTold(
        key=word_of(element, "orderKey"),
        reference=word_of(element, "accessReference"),
        reserved_at=instant_of(element),
    )


def _saturated(element: Element) -> Told:
    quote = _quote(element, QuoteKind.DESATURATION)
    remedy = field_of(element, "remedy")
    if remedy not in {"FIRST_VISIT", "DEFERRED", "QUOTE"}:
        raise UnreadableDocumentError("no such remedy")
    if (remedy == "QUOTE") != (quote is not None):
        raise UnreadableDocumentError("a quote and its remedy go together")
    return SaturatedTold(
        key=word_of(element, "orderKey"),
        event_at=instant_of(element, "saturatedSince"),
        at_customer=looked_up(PLACES, element, "saturatedAt"),
        at_first_visit=remedy == "FIRST_VISIT",
        quote=quote,
    )


def _desaturated(element: Element) -> Told:
    return DesaturatedTold(key=word_of(element, "orderKey"), done_at=instant_of(element))


def _released(element: Element) -> Told:
    return AccessReleasedTold(key=word_of(element, "orderKey"), released_at=instant_of(element))


def _supply_withdrawn(element: Element) -> Told:
    return SupplyWithdrawnTold(code=word_of(element, "code"), told_at=instant_of(element))


def _overwritten(element: Element) -> Told:
    return OverwrittenTold(code=word_of(element, "code"), told_at=instant_of(element))


def _put_back(element: Element) -> Told:
    return PutBackTold(key=word_of(element, "orderKey"), put_back_at=instant_of(element))


def _withdrawn(element: Element) -> Told:
    return WithdrawnTold(key=word_of(element, "withdrawnKey"), withdrawn_at=instant_of(element))


def _rejected(element: Element) -> Told:
    effect, key = field_of(element, "effect"), word_of(element, "orderKey")
    code, at = word_of(element, "code"), instant_of(element)
    if effect == WITHDRAW:
        return ChangeRefusedTold(key=key, code=code, refused_at=at)
    step = STEPS.get(effect)
    if step is None:
        raise UnreadableDocumentError("no such effect")
    return StepRefusedTold(step=step, key=key, code=code, refused_at=at)


def _quote(element: Element, kind: QuoteKind) -> Quote | None:
    quote = next((part for part in element.parts if part.name == "quote"), None)
    if quote is None:
        return None
    lines = tuple(
        QuoteLine(what=_label(part), euros=_euros(part, "amount"))
        for part in quote.parts
        if part.name == "line"
    )
    if not lines:
        raise UnreadableDocumentError("a quote has items")
    return Quote(kind=kind, reference=word_of(quote, "reference"), lines=lines)


def _label(element: Element) -> str:
    label = field_of(element, "label")
    if len(label) > LABEL_MAX:
        raise UnreadableDocumentError(f"label has more than {LABEL_MAX} characters")
    return label


def _number(element: Element, name: str, least: int, most: int) -> int:
    text = field_of(element, name)
    if _FIGURES.fullmatch(text) is None or not least <= int(text) <= most:
        raise UnreadableDocumentError(f"{name} is no number from {least} to {most}")
    return int(text)


def _euros(element: Element, name: str, *, below_nothing: bool = False) -> Decimal:
    text = field_of(element, name)
    if _EUROS.fullmatch(text.removeprefix("-") if below_nothing else text) is None:
        raise UnreadableDocumentError(f"{name} is no sum in euros")
    return Decimal(text)


_EVENTS: Mapping[str, Callable[[Element], Told]] = {
    "ELIGIBILITY": _eligibility,
    "STUDIED": _studied,
    "RESERVED": _reserved,
    "SATURATED": _saturated,
    "DESATURATED": _desaturated,
    "RELEASED": _released,
    "SUPPLY_WITHDRAWN": _supply_withdrawn,
    "WRONG_OVERWRITING": _overwritten,
    "PUT_BACK": _put_back,
    "WITHDRAWN": _withdrawn,
    "REJECTED": _rejected,
    **works_mapping.EVENTS,
}
