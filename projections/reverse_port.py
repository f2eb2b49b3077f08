"""One reverse port as people read it: where it stands, what is awaited, until when."""

from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.attention import Attention
from domain.identity import LineId, OrderId
from domain.port_in_awaited import Awaited
from domain.reverse_port_facts import (
    ReversePortDemanded,
    ReversePortEvent,
    ReversePortId,
)
from domain.reverse_port_states import Closed, KnownReversePort, NotOpened, awaited_by, evolve
from ledger.envelope import Envelope
from projections.projection import Projection
from projections.timeline import TimelineEntry, entry_of


class ReversePortDocument(BaseModel):
    """The state is the aggregate's own, folded by its own hand: a document cannot disagree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reverse_port_id: ReversePortId
    version: int
    open: bool
    state: KnownReversePort
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


def _evolve(document: ReversePortDocument | None, envelope: Envelope) -> ReversePortDocument | None:
    event = envelope.event
    if not isinstance(event, ReversePortEvent):
        return document
    if document is None and not isinstance(event, ReversePortDemanded):
        return None
    before = NotOpened() if document is None else document.state
    state = cast("KnownReversePort", evolve(before, event))
    return ReversePortDocument(
        reverse_port_id=state.terms.reverse_port_id,
        version=envelope.version,
        open=not isinstance(state, Closed),
        state=state,
        last_at=envelope.business_at,
        timeline=(*(() if document is None else document.timeline), entry_of(envelope)),
    )


REVERSE_PORTS: Projection[ReversePortDocument] = Projection(
    name="reverse-ports",
    document=ReversePortDocument,
    kind="reverse-port",
    version_of=lambda document: document.version,
    evolve=_evolve,
)
