"""Who is told of events, where, and how each delivery stands."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.clock import Technical
from domain.identity import OrderId, SubjectId, SubscriptionId

FIRST_DELAY = Technical(timedelta(seconds=1))
LONGEST_DELAY = Technical(timedelta(hours=1))
ATTEMPTS_MAX = 24
"""With the delays between them half a day; then it is a dead letter. A default of ours."""
SECRET_OVERLAP = Technical(timedelta(hours=24))
"""How long both secrets sign once there is a newer one. A default of ours."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    """To be sent, or to be sent again."""
    DONE = "done"
    """The receiver took it."""
    DEAD = "dead"
    """Given up after many attempts; it holds back what follows of its order."""
    SKIPPED = "skipped"
    """Somebody let it go, so that what follows can be sent."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Subscription(_Value):
    subscription_id: SubscriptionId
    client: str
    own_orders_only: bool
    url: str
    types: tuple[str, ...]
    """Every type when empty."""
    made_at: AwareDatetime
    paused_at: AwareDatetime | None


class Delivery(_Value):
    number: int
    publication_id: UUID
    order_id: OrderId
    type: str
    state: DeliveryState
    attempts: int
    due_at: AwareDatetime
    answered: int | None
    """What the receiver answered last; None when it did not."""
    why: str | None
    settled_at: AwareDatetime | None


class DueDelivery(_Value):
    """One attempt to make."""

    subscription_id: SubscriptionId
    number: int
    publication_id: UUID
    url: str
    secrets: tuple[str, ...]
    body: str
    attempts: int


def subscription_subject(subscription_id: SubscriptionId) -> SubjectId:
    """Secrets lie sealed like everything else that must not be read."""
    return SubjectId(f"subscription/{subscription_id}")


def delay_after(attempts: int) -> timedelta:
    """Twice as long each time, up to the longest."""
    doubled: int = 2 ** min(attempts, 20)
    return min(FIRST_DELAY.span * doubled, LONGEST_DELAY.span)
