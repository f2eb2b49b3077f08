"""What was said something would cost, before anybody decided it; and what became of it."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.event import Event
from domain.port_in_facts import CancellationAsked, CancellationLapsed, Outcome, UndoingBegun
from domain.said import Said


class QuoteFor(StrEnum):
    CANCELLATION = "cancellation"
    """What cancelling the line would cost."""


class QuoteStands(StrEnum):
    ACCEPTED = "accepted"
    """Somebody read it and went on; what it was for waits for its form."""
    IN_FORCE = "in-force"
    """What it was for has taken effect."""
    DROPPED = "dropped"
    """What it was for did not come about: nothing is owed."""


class Quote(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    of: QuoteFor
    readings: tuple[Said, ...]
    accepted_by: str
    accepted_at: AwareDatetime
    stands: QuoteStands


def after(quotes: tuple[Quote, ...], event: Event) -> tuple[Quote, ...]:
    """The quotes of a line after a fact; only the last one can still move."""
    match event:
        case CancellationAsked(cost=cost, by=by, asked_at=asked_at):
            quote = Quote(
                of=QuoteFor.CANCELLATION,
                readings=cost,
                accepted_by=by,
                accepted_at=asked_at,
                stands=QuoteStands.ACCEPTED,
            )
            return (*quotes, quote)
        case CancellationLapsed():
            return _standing(quotes, QuoteStands.DROPPED)
        case UndoingBegun(outcome=outcome):
            cancelled = outcome is Outcome.CANCELLED
            return _standing(quotes, QuoteStands.IN_FORCE if cancelled else QuoteStands.DROPPED)
        case _:
            return quotes


def _standing(quotes: tuple[Quote, ...], stands: QuoteStands) -> tuple[Quote, ...]:
    if not quotes or quotes[-1].stands is not QuoteStands.ACCEPTED:
        return quotes
    return (*quotes[:-1], quotes[-1].model_copy(update={"stands": stands}))
