"""What people read of an exchange: troubles that need somebody, and transfers others ask of us."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import transfers
from domain.exchange_troubles import (
    ExchangeTroubleRaised,
    ExchangeTroubleSettled,
    Trouble,
    TroubleEvent,
)
from domain.transfers import KnownTransfer, TransferEvent
from ledger.envelope import Envelope
from projections.projection import Projection
from projections.timeline import TimelineEntry, entry_of


class TroubleDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    trouble: Trouble
    last_at: AwareDatetime
    settled_by: str | None = None


class TransferDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    state: KnownTransfer | None
    """None while all that came was nothing to go by."""
    last_at: AwareDatetime
    timeline: tuple[TimelineEntry, ...]


def _trouble(document: TroubleDocument | None, envelope: Envelope) -> TroubleDocument | None:
    event = envelope.event
    if isinstance(event, ExchangeTroubleRaised):
        return TroubleDocument(
            version=envelope.version,
            open=True,
            trouble=event.trouble,
            last_at=envelope.business_at,
        )
    if document is None or not isinstance(event, TroubleEvent):
        return document
    settled_by = event.by if isinstance(event, ExchangeTroubleSettled) else None
    changes = {
        "version": envelope.version,
        "open": False,
        "last_at": envelope.business_at,
        "settled_by": settled_by,
    }
    return document.model_copy(update=changes)


def _transfer(document: TransferDocument | None, envelope: Envelope) -> TransferDocument | None:
    event = envelope.event
    if not isinstance(event, TransferEvent):
        return document
    state = transfers.evolve(None if document is None else document.state, event)
    before = () if document is None else document.timeline
    return TransferDocument(
        version=envelope.version,
        open=state is not None and not isinstance(state, transfers.Over),
        state=state,
        last_at=envelope.business_at,
        timeline=(*before, entry_of(envelope)),
    )


TROUBLES: Projection[TroubleDocument] = Projection(
    name="exchange-troubles",
    document=TroubleDocument,
    kind="exchange-trouble",
    version_of=lambda document: document.version,
    evolve=_trouble,
)

TRANSFERS: Projection[TransferDocument] = Projection(
    name="transfers",
    document=TransferDocument,
    kind="transfer",
    version_of=lambda document: document.version,
    evolve=_transfer,
)
