"""What people read of work that nobody here could do."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.parked import ParkedEvent, ParkedWork, WorkParked
from ledger.envelope import Envelope
from projections.projection import Projection


class ParkedDocument(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    open: bool
    work: ParkedWork
    last_at: AwareDatetime


def _evolve(document: ParkedDocument | None, envelope: Envelope) -> ParkedDocument | None:
    event = envelope.event
    at = {"version": envelope.version, "last_at": envelope.business_at}
    if isinstance(event, WorkParked):
        return ParkedDocument(open=True, work=event.work, **at)
    if document is None or not isinstance(event, ParkedEvent):
        return document
    return document.model_copy(update={**at, "open": False})


PARKED: Projection[ParkedDocument] = Projection(
    name="parked",
    document=ParkedDocument,
    kind="parked",
    version_of=lambda document: document.version,
    evolve=_evolve,
)
