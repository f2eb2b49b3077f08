"""One order as people read it."""

from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.identity import OrderId
from domain.personal import Personal
from domain.walking_order import (
    AcknowledgementAwaited,
    OrderAcknowledged,
    OrderLapsed,
    OrderReceived,
    WalkingOrderEvent,
)
from ledger.envelope import Envelope
from projections.projection import Projection


class OrderStage(StrEnum):
    RECEIVED = "received"
    """Kept; its process starts as soon as Temporal answers."""
    AWAITING_ACKNOWLEDGEMENT = "awaiting-acknowledgement"
    """Waiting, until a date, for one message from outside."""
    ACKNOWLEDGED = "acknowledged"
    """Ended: the message came."""
    LAPSED = "lapsed"
    """Ended: the date passed without a message."""


class TimelineEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    event: str
    business_at: AwareDatetime
    recorded_at: AwareDatetime
    actor: str


class OrderDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: OrderId
    version: int
    stage: OrderStage
    reference: str
    contact: Personal
    received_at: AwareDatetime
    awaited_until: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    timeline: tuple[TimelineEntry, ...]


def _entry(envelope: Envelope) -> TimelineEntry:
    return TimelineEntry(
        version=envelope.version,
        event=type(envelope.event).__name__,
        business_at=envelope.business_at,
        recorded_at=envelope.recorded_at,
        actor=envelope.actor,
    )


def evolve(document: OrderDocument | None, envelope: Envelope) -> OrderDocument | None:
    match envelope.event:
        case OrderReceived() as received:
            return OrderDocument(
                order_id=received.order_id,
                version=envelope.version,
                stage=OrderStage.RECEIVED,
                reference=received.reference,
                contact=received.contact,
                received_at=envelope.business_at,
                timeline=(_entry(envelope),),
            )
        case AcknowledgementAwaited() | OrderAcknowledged() | OrderLapsed() as event if document:
            return document.model_copy(
                update={
                    "version": envelope.version,
                    "timeline": (*document.timeline, _entry(envelope)),
                    **_change(event, envelope),
                }
            )
        case _:
            return document


def _change(
    event: AcknowledgementAwaited | OrderAcknowledged | OrderLapsed, envelope: Envelope
) -> dict[str, object]:
    match event:
        case AcknowledgementAwaited(until=until):
            return {"stage": OrderStage.AWAITING_ACKNOWLEDGEMENT, "awaited_until": until}
        case OrderAcknowledged():
            return {"stage": OrderStage.ACKNOWLEDGED, "ended_at": envelope.business_at}
        case OrderLapsed():
            return {"stage": OrderStage.LAPSED, "ended_at": envelope.business_at}
        case _:
            assert_never(event)


def key_of(envelope: Envelope) -> str | None:
    event = envelope.event
    return str(event.order_id) if isinstance(event, WalkingOrderEvent) else None


ORDERS: Projection[OrderDocument] = Projection(
    name="orders",
    document=OrderDocument,
    key_of=key_of,
    version_of=lambda document: document.version,
    evolve=evolve,
)
