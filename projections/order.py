"""One order as people read it: what was signed, and how its lines stand."""

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import amendments, order_file
from domain.amendments import AmendmentEvent, AmendmentExecuted, Standing
from domain.identity import LineId, OrderId
from domain.order_file import DocumentFiled, FileEvent, NoticeFiled, OrderFile
from domain.orders import (
    LineEnded,
    LineKind,
    LineOpened,
    LotEnded,
    LotOpened,
    OrderClosed,
    OrderOutcome,
    OrderReceived,
)
from domain.personal import Personal
from domain.port_in_facts import Outcome
from ledger.envelope import Envelope
from projections.projection import Projection
from projections.timeline import TimelineEntry, entry_of


class OrderStage(StrEnum):
    RECEIVED = "received"
    """Kept; its process starts as soon as Temporal answers."""
    RUNNING = "running"
    """Its lines have processes of their own."""
    CLOSED = "closed"
    """Every line has ended."""


class LineOfOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: LineId
    number: int
    kind: LineKind
    replaces: LineId | None
    outcome: Outcome | None = None


class LotOfOrder(BaseModel):
    """A hundred lines of a large order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lot: int
    lines: int
    opened: bool = False
    outcomes: Mapping[Outcome, int] | None = None
    """How its lines ended, once all have."""


class OrderDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: OrderId
    version: int
    stage: OrderStage
    client: str
    reference: str
    provider: str
    service: str
    customer: Personal
    contact: Personal
    received_at: AwareDatetime
    lines: tuple[LineOfOrder, ...] = ()
    """Those the order keeps itself; those of a large order lie in its lots."""
    lots: tuple[LotOfOrder, ...] = ()
    line_count: int = 0
    outcome: OrderOutcome | None = None
    ended_at: AwareDatetime | None = None
    file: OrderFile = OrderFile()
    amendments: tuple[Standing, ...] = ()
    timeline: tuple[TimelineEntry, ...]


_Changes = LineOpened | LineEnded | LotOpened | LotEnded | OrderClosed | FileEvent | AmendmentEvent


def evolve(document: OrderDocument | None, envelope: Envelope) -> OrderDocument | None:
    event = envelope.event
    if isinstance(event, OrderReceived):
        return OrderDocument(
            order_id=event.order_id,
            version=envelope.version,
            stage=OrderStage.RECEIVED,
            client=event.client,
            reference=event.reference,
            provider=event.provider,
            service=event.service,
            customer=event.customer,
            contact=event.contact,
            received_at=envelope.business_at,
            lots=tuple(LotOfOrder(lot=n, lines=size) for n, size in enumerate(event.lots, 1)),
            line_count=event.line_count,
            timeline=(entry_of(envelope),),
        )
    if document is None or not isinstance(event, _Changes):
        return document
    return document.model_copy(
        update={
            "version": envelope.version,
            "timeline": (*document.timeline, entry_of(envelope)),
            **_change(document, event, envelope),
        }
    )


def _change(document: OrderDocument, event: _Changes, envelope: Envelope) -> Mapping[str, object]:
    if isinstance(event, AmendmentEvent):
        return _amended(document, event)
    if isinstance(event, LotOpened | LotEnded):
        return _of_lot(document, event)
    match event:
        case DocumentFiled() | NoticeFiled():
            return {"file": order_file.evolve(document.file, event)}
        case LineOpened(line_id=line_id, number=number, kind=kind, replaces=replaces):
            line = LineOfOrder(line_id=line_id, number=number, kind=kind, replaces=replaces)
            return {"stage": OrderStage.RUNNING, "lines": (*document.lines, line)}
        case LineEnded(line_id=ended, outcome=outcome):
            return {
                "lines": tuple(
                    line.model_copy(update={"outcome": outcome}) if line.line_id == ended else line
                    for line in document.lines
                )
            }
        case OrderClosed(outcome=closed):
            return {
                "stage": OrderStage.CLOSED,
                "outcome": closed,
                "ended_at": envelope.business_at,
            }
        case _:
            assert_never(event)


def _of_lot(document: OrderDocument, event: LotOpened | LotEnded) -> Mapping[str, object]:
    change = {"outcomes": event.outcomes} if isinstance(event, LotEnded) else {"opened": True}
    lots = tuple(
        one.model_copy(update=change) if one.lot == event.lot else one for one in document.lots
    )
    return {"stage": OrderStage.RUNNING, "lots": lots}


def _amended(document: OrderDocument, event: AmendmentEvent) -> Mapping[str, object]:
    """What an execution changes of the order itself, once its lines have answered."""
    changes: dict[str, object] = {"amendments": amendments.evolve(document.amendments, event)}
    if isinstance(event, AmendmentExecuted):
        changes["customer"] = event.customer or document.customer
        changes["contact"] = event.contact or document.contact
    return changes


ORDERS: Projection[OrderDocument] = Projection(
    name="orders",
    document=OrderDocument,
    kind="order",
    version_of=lambda document: document.version,
    evolve=evolve,
)
