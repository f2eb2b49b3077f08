"""Between our words about a fixed access and Bouygues Telecom's: pure, one payload at a time.

A webhook that a site was checked:

    {"event": {"id": "evt_7f0c", "kind": "access.checked", "occurred_at": "2027-01-10T00:00:00Z"},
     "operation": {"id": "op_9d1e", "idempotency_key": "9d1e…", "command": "CHECK"},
     "access": {"partner_access": "4a6b… (our line)"},
     "details": {"eligible": [{"product": "FTTH", "study_required": false,
                               "bandwidth": {"download_kbps": 1000000, "upload_kbps": 700000},
                               "lead_time": {"working_days": 15}}],
                 "not_eligible": [{"product": "ADSL", "code": "PAIRS_SATURATION"}],
                 "in_use": ["INTERNET"]}}
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from adapters.bouygues import works_mapping
from adapters.bouygues.access_messages import (
    AccessWebhook,
    CheckedDetails,
    Command,
    Conclusion,
    Eligible,
    InUse,
    Kind,
    NotEligible,
    OverwrittenDetails,
    Product,
    Purpose,
    QuoteGiven,
    SaturatedDetails,
    StudiedDetails,
    WithdrawnDetails,
    WorksKind,
)
from adapters.bouygues.mapping import Json, Posted, rfc3339
from adapters.bouygues.messages import (
    LINE_NAME,
    CancelledDetails,
    RefusedDetails,
    UnreadableAnswerError,
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

COMMANDS: Mapping[Step, Command] = {
    Step.CHECK_ELIGIBILITY: Command.CHECK,
    Step.STUDY_SITE: Command.STUDY,
    Step.RESERVE_ACCESS: Command.RESERVE,
    Step.DESATURATE: Command.DESATURATE,
    Step.RELEASE_ACCESS: Command.GIVE_BACK,
    Step.PUT_BACK: Command.PUT_BACK,
    **works_mapping.COMMANDS,
}
STEPS: Mapping[Command, Step] = {command: step for step, command in COMMANDS.items()}
PRODUCTS: Mapping[Technology, Product] = {
    Technology.FTTH: Product.FTTH,
    Technology.SHARED_FIBRE: Product.FTTLA,
    Technology.DEDICATED_FIBRE: Product.FTTO,
    Technology.ADSL: Product.ADSL,
    Technology.VDSL: Product.VDSL2,
    Technology.SDSL: Product.SDSL,
    Technology.BUNDLED_PAIRS: Product.SDSL_BONDED,
    Technology.MOBILE_RADIO: Product.RADIO_4G_5G,
    Technology.MICROWAVE: Product.RADIO_LINK,
    Technology.LEASED_LINE: Product.LEASED_LINE,
}
TECHNOLOGIES = {product: technology for technology, product in PRODUCTS.items()}
IDENTIFIERS = {
    Locator.BUILDING: "BUILDING_CODE",
    Locator.SOCKET: "OTP",
    Locator.LINE: "LINE_NUMBER",
}
REASONS: Mapping[str, Reason] = {
    "FIBER_NOT_DEPLOYED": Reason.NOT_DEPLOYED,
    "FIBER_NOT_DEPLOYED_IN_BUILDING": Reason.NOT_DEPLOYED,
    "COPPER_NOT_AVAILABLE": Reason.NOT_DEPLOYED,
    "PRODUCT_NOT_AVAILABLE": Reason.NOT_DEPLOYED,
    "FIBER_NOT_YET_AVAILABLE": Reason.NOT_YET,
    "FIBER_NOT_YET_DEPLOYED": Reason.NOT_YET,
    "COPPER_NOT_YET_AVAILABLE": Reason.NOT_YET,
    "PRODUCT_NOT_YET_AVAILABLE": Reason.NOT_YET,
    "TOO_MUCH_ATTENUATION": Reason.TOO_LONG,
    "ATTENUATION_LIMIT": Reason.TOO_LONG,
    "PAIRS_SATURATION": Reason.NO_PAIR,
    "NETWORK_SATURATED": Reason.SATURATED,
    "OTP_NOT_CONNECTABLE": Reason.NOT_CONNECTABLE,
    "OTP_NOT_MARKETABLE": Reason.NOT_YET,
    "INCOMPATIBLE_LOCAL_LOOP": Reason.INCOMPATIBLE,
    "COPPER_CLOSED": Reason.CLOSED,
    "UNCERTAIN_DATA": Reason.UNCERTAIN,
    "EXTERNAL_WS_UNREACHABLE": Reason.SERVICE_DOWN,
    "UNKNOWN_LOCATION": Reason.UNKNOWN_SITE,
}
"""All but COPPER_CLOSED, FIBER_NOT_DEPLOYED and UNKNOWN_LOCATION are words of a reseller's public
interface. Those whose meaning is not public (DELAY_7, DELAY_30, COMPATIBILITY_CHECK, its numbers)
are left to a person, with all that we do not know."""
USES = {
    InUse.INTERNET: Use.BROADBAND,
    InUse.VOICE: Use.TELEPHONE,
    InUse.PRESELECTION: Use.CARRIER_SELECTION,
    InUse.AUTOMATIC_CALLS: Use.ALARM,
}
VERDICTS = {
    Conclusion.FEASIBLE: Verdict.POSITIVE,
    Conclusion.NOT_FEASIBLE: Verdict.NEGATIVE,
    Conclusion.OTHERWISE: Verdict.REDEFINE,
}
QUOTES = {Purpose.WORKS: QuoteKind.WORKS, Purpose.DESATURATION: QuoteKind.DESATURATION}


# what we ask


def access_command(request: AccessRequest) -> Posted:
    """Where the site is, is in the body alone."""
    command = COMMANDS[request.step]
    body: Json = {
        "command": command.value,
        "partner_access": str(request.line_id),
        "requested_at": rfc3339(request.asked_at),
        "location": _location(request),
    }
    products = [PRODUCTS[technology].value for technology in request.technologies]
    if command is Command.CHECK:
        body["products"] = products
    elif products:
        body["product"] = products[0]
    if request.down_kbps is not None:
        body["minimum"] = {"download_kbps": request.down_kbps}
    if request.quote is not None:
        body["accepted_quote"] = {"id": request.quote}
    body |= works_mapping.asked_besides(request)
    return Posted(path=f"{_access_path(request)}/commands", body=body)


def _access_path(request: AccessRequest) -> str:
    """Their name of the access, or ours where they have not told theirs."""
    if request.reference is None:
        return f"/accesses/partner:{request.line_id}"
    if re.fullmatch(LINE_NAME, request.reference) is None:
        raise UnreadableAnswerError("the access has a name that is none of theirs")
    return f"/accesses/{request.reference}"


def _location(request: AccessRequest) -> Json:
    location: Json = {"insee_code": request.commune, "address": {"text": request.address}}
    if request.locator is not Locator.ADDRESS:
        kind = IDENTIFIERS[request.locator]
        location["identifier"] = {"kind": kind, "value": request.name or ""}
    return location


# what they tell


def told_of(webhook: AccessWebhook) -> Told:
    """ValidationError or UnreadableAnswerError when the details are not what they should be."""
    kind = webhook.event.kind
    if isinstance(kind, WorksKind):
        return works_mapping.told_of(webhook, kind)
    return _told(webhook, kind)


def _told(webhook: AccessWebhook, kind: Kind) -> Told:
    at, details = webhook.event.occurred_at, webhook.details
    told: Told
    match kind:
        case Kind.CHECKED:
            told = _checked(webhook, CheckedDetails.model_validate(details))
        case Kind.STUDIED:
            result = _study(StudiedDetails.model_validate(details))
            told = StudyTold(key=webhook.asked.idempotency_key, result=result, studied_at=at)
        case Kind.RESERVED:
            told = _reserved(webhook)
        case Kind.SATURATED:
            told = _saturated(webhook, SaturatedDetails.model_validate(details))
        case Kind.DESATURATED:
            told = DesaturatedTold(key=webhook.asked.idempotency_key, done_at=at)
        case Kind.GIVEN_BACK | Kind.PUT_BACK:
            told = _back(webhook)
        case Kind.SUPPLY_WITHDRAWN | Kind.OVERWRITTEN:
            told = _unasked(webhook)
        case Kind.CANCELLED:
            cancelled = CancelledDetails.model_validate(details).cancelled
            told = WithdrawnTold(key=cancelled.idempotency_key, withdrawn_at=at)
        case Kind.REFUSED:
            told = _refused(webhook, RefusedDetails.model_validate(details).refusal.code)
        case _:
            assert_never(kind)
    return told


def _back(webhook: AccessWebhook) -> Told:
    key, at = webhook.asked.idempotency_key, webhook.event.occurred_at
    if webhook.event.kind is Kind.PUT_BACK:
        return PutBackTold(key=key, put_back_at=at)
    return AccessReleasedTold(key=key, released_at=at)


def _unasked(webhook: AccessWebhook) -> Told:
    at = webhook.event.occurred_at
    if webhook.event.kind is Kind.OVERWRITTEN:
        overwriting = OverwrittenDetails.model_validate(webhook.details).overwriting
        return OverwrittenTold(code=overwriting.code, told_at=at)
    withdrawal = WithdrawnDetails.model_validate(webhook.details).withdrawal
    return SupplyWithdrawnTold(code=withdrawal.code, told_at=at)


def _checked(webhook: AccessWebhook, details: CheckedDetails) -> Told:
    return EligibilityTold(
        key=webhook.asked.idempotency_key,
        operator=HostNetwork.BOUYGUES,
        offers=tuple(map(_offer, details.eligible)),
        barriers=tuple(map(_barrier, details.not_eligible)),
        uses=tuple(USES[use] for use in details.in_use),
        checked_at=webhook.event.occurred_at,
    )


def _offer(eligible: Eligible) -> Offer:
    return Offer(
        operator=HostNetwork.BOUYGUES,
        technology=TECHNOLOGIES[eligible.product],
        down_kbps=eligible.bandwidth.download_kbps,
        up_kbps=eligible.bandwidth.upload_kbps,
        lead_days=eligible.lead_time.working_days,
        study=eligible.study_required,
        pairs=eligible.pairs,
    )


def _barrier(refused: NotEligible) -> Barrier:
    return Barrier(
        technology=TECHNOLOGIES[refused.product],
        reason=REASONS.get(refused.code, Reason.OTHER),
        code=refused.code,
    )


def _study(details: StudiedDetails) -> StudyResult:
    product, lead = details.changes.product, details.changes.lead_time
    return StudyResult(
        verdict=VERDICTS[details.conclusion],
        code=details.code,
        technology=None if product is None else TECHNOLOGIES[product],
        lead_days=None if lead is None else lead.working_days,
        fee_change=_sum(details.changes.access_fee_euros),
        quote=_quote(details.quote),
    )


def _reserved(webhook: AccessWebhook) -> Told:
    if webhook.access.id is None:
        raise UnreadableAnswerError("the access has no name of theirs")
    return ReservedTold(
        key=webhook.asked.idempotency_key,
        reference=webhook.access.id,
        reserved_at=webhook.event.occurred_at,
    )


def _saturated(webhook: AccessWebhook, details: SaturatedDetails) -> Told:
    return SaturatedTold(
        key=webhook.asked.idempotency_key,
        event_at=details.saturation.caused_at,
        at_customer=details.saturation.place == "CUSTOMER",
        at_first_visit=details.saturation.at_first_visit,
        quote=_quote(details.quote),
    )


def _quote(quote: QuoteGiven | None) -> Quote | None:
    if quote is None:
        return None
    lines = tuple(QuoteLine(what=item.label, euros=Decimal(item.euros)) for item in quote.items)
    return Quote(kind=QUOTES[quote.purpose], reference=quote.id, lines=lines)


def _sum(euros: str | None) -> Decimal | None:
    return None if euros is None else Decimal(euros)


def _refused(webhook: AccessWebhook, code: str) -> Told:
    asked, at = webhook.asked, webhook.event.occurred_at
    step = STEPS.get(asked.command)
    if step is None:
        return ChangeRefusedTold(key=asked.idempotency_key, code=code, refused_at=at)
    return StepRefusedTold(step=step, key=asked.idempotency_key, code=code, refused_at=at)
