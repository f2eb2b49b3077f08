"""One indemnity as people read it: where it stands, what is owed, what is awaited, until when."""

from decimal import Decimal
from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.attention import Attention
from domain.identity import LineId, OrderId
from domain.indemnity_facts import (
    Head,
    IndemnityEvent,
    IndemnityId,
    IndemnityOpened,
)
from domain.indemnity_states import (
    Closed,
    KnownIndemnity,
    NotOpened,
    Payable,
    awaited_by,
    evolve,
)
from domain.port_in_awaited import Awaited
from ledger.envelope import Envelope
from projections.lines import Cause, causes_of
from projections.projection import Projection
from projections.timeline import TimelineEntry, entry_of


class IndemnityDocument(BaseModel):
    """The state is the aggregate's own, folded by its own hand: a document cannot disagree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indemnity_id: IndemnityId
    version: int
    open: bool
    state: KnownIndemnity
    last_at: AwareDatetime
    timeline: tuple[TimelineEntry, ...]

    @property
    def order_id(self) -> OrderId:
        return self.state.terms.order_id

    @property
    def line_id(self) -> LineId:
        return self.state.terms.line_id

    @property
    def attentions(self) -> tuple[Attention, ...]:
        return self.state.attentions

    @property
    def awaited(self) -> Awaited | None:
        return awaited_by(self.state)

    @property
    def payable(self) -> Decimal | None:
        """What finance may pay now; None while it may not."""
        state = self.state
        signed = isinstance(state, Payable) and state.assessed.assessment.may_be_paid
        return state.balance if signed and state.balance > 0 else None


class IndemnityBrief(BaseModel):
    """An indemnity in a few words, kept beside its document: a fleet may have thousands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indemnity_id: IndemnityId
    order_id: OrderId
    line_id: LineId
    number: int
    head: Head
    stage: str
    open: bool
    payable: bool
    version: int
    last_at: AwareDatetime
    until: AwareDatetime | None
    """The first of what is awaited; None where nothing has a date."""
    causes: tuple[Cause, ...]


def _brief_of(document: IndemnityDocument) -> IndemnityBrief:
    terms, awaited = document.state.terms, document.awaited
    return IndemnityBrief(
        indemnity_id=document.indemnity_id,
        order_id=document.order_id,
        line_id=document.line_id,
        number=terms.number,
        head=terms.head,
        stage=document.state.stage,
        open=document.open,
        payable=document.payable is not None,
        version=document.version,
        last_at=document.last_at,
        until=None if awaited is None else awaited.until,
        causes=causes_of(document.attentions),
    )


def _evolve(document: IndemnityDocument | None, envelope: Envelope) -> IndemnityDocument | None:
    event = envelope.event
    if not isinstance(event, IndemnityEvent):
        return document
    if document is None and not isinstance(event, IndemnityOpened):
        return None
    before = NotOpened() if document is None else document.state
    state = cast("KnownIndemnity", evolve(before, event))
    return IndemnityDocument(
        indemnity_id=state.terms.indemnity_id,
        version=envelope.version,
        open=not isinstance(state, Closed),
        state=state,
        last_at=envelope.business_at,
        timeline=(*(() if document is None else document.timeline), entry_of(envelope)),
    )


INDEMNITIES: Projection[IndemnityDocument] = Projection(
    name="indemnities",
    document=IndemnityDocument,
    kind="indemnity",
    version_of=lambda document: document.version,
    evolve=_evolve,
    brief=IndemnityBrief,
    brief_of=_brief_of,
)
