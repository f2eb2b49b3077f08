"""One fact as a timeline tells it: what, when, by whom, and in words where it has some."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.said import Said
from ledger.envelope import Envelope
from projections.telling import told_by


class TimelineEntry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    event: str
    business_at: AwareDatetime
    recorded_at: AwareDatetime
    actor: str
    said: Said | None = None


def entry_of(envelope: Envelope) -> TimelineEntry:
    return TimelineEntry(
        version=envelope.version,
        event=type(envelope.event).__name__,
        business_at=envelope.business_at,
        recorded_at=envelope.recorded_at,
        actor=envelope.actor,
        said=told_by(envelope.event),
    )
