"""What people read of the nightly comparison: each difference, and each host's last nights."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import differences, host_nights
from domain.differences import (
    Calm,
    Difference,
    DifferenceEvent,
    DifferenceId,
    DifferenceRaised,
    DifferenceState,
)
from domain.host_nights import HostNights, HostNightsEvent
from domain.identity import OrderId
from domain.port_in_facts import HostNetwork
from ledger.envelope import Envelope
from projections.projection import Projection
from projections.timeline import TimelineEntry, entry_of


class DifferenceDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    """Until the host says what we believe: what was accepted is still looked at."""
    difference: Difference
    """As it was last seen."""
    state: DifferenceState
    last_at: AwareDatetime
    timeline: tuple[TimelineEntry, ...]

    @property
    def difference_id(self) -> DifferenceId:
        return self.difference.difference_id

    @property
    def order_id(self) -> OrderId:
        return self.difference.order_id


class HostNightsDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    """Whether a person is asked about the host."""
    host: HostNetwork
    nights: HostNights


def _difference(
    document: DifferenceDocument | None, envelope: Envelope
) -> DifferenceDocument | None:
    event = envelope.event
    if not isinstance(event, DifferenceEvent):
        return document
    if document is None and not isinstance(event, DifferenceRaised):
        return None
    before = Calm() if document is None else document.state
    state = differences.evolve(before, event, envelope.business_at)
    known = event.difference if isinstance(event, DifferenceRaised) else None
    if known is None and document is not None:
        known = document.difference if isinstance(state, Calm) else state.difference
    return DifferenceDocument(
        version=envelope.version,
        open=not isinstance(state, Calm),
        difference=known,
        state=state,
        last_at=envelope.business_at,
        timeline=(*(() if document is None else document.timeline), entry_of(envelope)),
    )


def _host_nights(
    document: HostNightsDocument | None, envelope: Envelope
) -> HostNightsDocument | None:
    event = envelope.event
    if not isinstance(event, HostNightsEvent):
        return document
    before = HostNights() if document is None else document.nights
    nights = host_nights.evolve(before, event)
    return HostNightsDocument(
        version=envelope.version,
        open=nights.attention is not None,
        host=HostNetwork(envelope.stream_id.partition("/")[2]),
        nights=nights,
    )


DIFFERENCES: Projection[DifferenceDocument] = Projection(
    name="differences",
    document=DifferenceDocument,
    kind="difference",
    version_of=lambda document: document.version,
    evolve=_difference,
)

HOST_NIGHTS: Projection[HostNightsDocument] = Projection(
    name="host-nights",
    document=HostNightsDocument,
    kind="host-nights",
    version_of=lambda document: document.version,
    evolve=_host_nights,
)
