"""A fixed access as the API shows it: who serves it and why, what it waits for, what it costs."""

from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel

from domain.access_facts import Fee, QuoteLine, SaturationMode, Tax, Technology, Use
from domain.access_stages import Access, Closed, GivingBack, Quoted
from domain.port_in_facts import HostNetwork
from domain.said import Said
from domain.works_facts import EquipmentState
from intake.works_views import WorksView, works_view
from projections.line import LineDocument


class OfferView(BaseModel):
    operator: HostNetwork
    technology: Technology
    down_kbps: int
    up_kbps: int
    lead_days: int
    because: tuple[Said, ...]
    """Why this one, and why not the others."""


class FeeView(BaseModel):
    head: str
    euros: Decimal | None
    tax: Tax
    said: Said
    source: str
    consented: bool
    """False: a risk, which is not charged until consent is on record."""


class QuoteView(BaseModel):
    reference: str
    lines: tuple[QuoteLine, ...]
    total: Decimal
    until: AwareDatetime | None
    """None until the customer is told, or where the contract gives no time to answer."""
    told_on: date | None
    """The day its notice took effect: its days run from there."""
    answer: Said | None
    """How long it may be answered."""
    source: str


class SaturationView(BaseModel):
    mode: SaturationMode
    estimate: date | None
    said: tuple[Said, ...]


class PieceView(BaseModel):
    name: str
    state: EquipmentState
    since: date
    serial: str | None
    bought: bool
    monthly: Decimal | None
    once: Decimal | None
    """Its own price on the order form, in euros without VAT; None where nobody told it."""
    billed_from: date | None
    """None where it is not billed, or the day its contract counts from has not come."""
    with_reserves: bool
    """Written on its delivery slip; what they say is kept sealed."""
    back_by: AwareDatetime | None
    """Asked back by then at the end of the access."""
    elsewhere: bool
    """At, or on its way to, a place that the order was amended away from."""


class AccessView(BaseModel):
    wanted: tuple[Technology, ...]
    offer: OfferView | None
    uses: tuple[Use, ...]
    """What the pair or socket serves, as the customer and the operators say."""
    quote: QuoteView | None
    """The one that waits for an answer."""
    saturation: SaturationView | None
    fees: tuple[FeeView, ...]
    equipment: tuple[PieceView, ...]
    central: bool
    """Every other line of the order is put into service after it."""
    held_until: AwareDatetime | None
    """Suspended on request until then."""
    waits_for: tuple[int, ...]
    """Lines of its order that are put into service before it, and are not yet."""
    works: WorksView | None
    """Works, visits and the opening, once there is something to say."""


def access_view(document: LineDocument) -> AccessView | None:
    """None for what is no access."""
    state = document.state
    if isinstance(state, Closed):
        return _closed(state, works_view(document))
    if not isinstance(state, Access):
        return None
    return AccessView(
        wanted=state.wanted,
        offer=_offer(state),
        uses=state.uses,
        quote=_quote(state),
        saturation=_saturation(state),
        fees=_fees(state),
        equipment=_equipment(state),
        central=state.terms.central,
        held_until=None if state.hold is None else state.hold.until,
        waits_for=state.waits_for,
        works=works_view(document),
    )


def _closed(state: Closed, works: WorksView | None) -> AccessView:
    return AccessView(
        wanted=state.terms.wanted,
        offer=_offer(state),
        uses=state.terms.uses,
        quote=None,
        saturation=None,
        fees=tuple(_fee(fee, consented=True) for fee in state.fees),
        equipment=_equipment(state),
        central=state.terms.central,
        held_until=None,
        waits_for=(),
        works=works,
    )


def _offer(state: Access | Closed) -> OfferView | None:
    chosen = state.chosen
    if chosen is None:
        return None
    return OfferView(
        operator=chosen.offer.operator,
        technology=chosen.offer.technology,
        down_kbps=chosen.offer.down_kbps,
        up_kbps=chosen.offer.up_kbps,
        lead_days=chosen.offer.lead_days,
        because=chosen.because,
    )


def _quote(state: Access) -> QuoteView | None:
    if not isinstance(state, Quoted):
        return None
    given = state.quote
    return QuoteView(
        reference=given.quote.reference,
        lines=given.quote.lines,
        total=given.quote.total,
        until=given.until,
        told_on=None if state.told is None else state.told.on,
        answer=given.answer,
        source=given.source,
    )


def _saturation(state: Access) -> SaturationView | None:
    found = state.saturated
    if found is None:
        return None
    return SaturationView(mode=found.mode, estimate=found.estimate, said=found.said)


def _fees(state: Access) -> tuple[FeeView, ...]:
    """Once it is given back, what is settled, and the risks beside it."""
    if not isinstance(state, GivingBack):
        return tuple(_fee(one.fee, consented=one.consented) for one in state.owed)
    risks = (_fee(one.fee, consented=False) for one in state.owed if not one.consented)
    return (*risks, *(_fee(fee, consented=True) for fee in state.fees))


def _equipment(state: Access | Closed) -> tuple[PieceView, ...]:
    asked = state.asked_back if isinstance(state, GivingBack) else {}
    return tuple(
        PieceView(
            name=piece.name,
            state=piece.state,
            since=piece.since,
            serial=piece.serial,
            bought=piece.bought,
            monthly=piece.monthly,
            once=piece.once,
            billed_from=piece.billed_from,
            with_reserves=piece.reserves is not None,
            back_by=asked[piece.name].until if piece.name in asked else None,
            elsewhere=piece.elsewhere,
        )
        for piece in state.pieces.values()
    )


def _fee(fee: Fee, *, consented: bool) -> FeeView:
    return FeeView(
        head=fee.head,
        euros=fee.euros,
        tax=fee.tax,
        said=fee.said,
        source=fee.source,
        consented=consented,
    )
