"""A later day asked by the customer: what is agreed, what was missed, and what it comes from; and
the right to leave that comes of a delivery that takes too long."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.event import Event
from domain.said import Said


class CustomerDelayAgreed(Event):
    """Another day of service, asked by the customer; billed from the one agreed first only where a
    named clause has it so."""

    was: date
    day: date
    first: date
    """The day agreed before any delay: the longest one is counted from it."""
    in_time: bool | None
    """Whether the customer warned in time; None where the contract gives no such time."""
    billed_from: date | None = None
    source: str | None = None
    because: Said


class CustomerDelayMissed(Event):
    """The new day was missed too, by the customer."""

    day: date
    billed_from: date | None
    source: str | None
    because: Said


DelayEvent = CustomerDelayAgreed | CustomerDelayMissed


# the day it is wanted for


class ServiceDayAwaited(Event):
    """All is there for it to be put into service, and the customer wants it on a day to come."""

    day: date
    until: AwareDatetime
    """That day, from its first instant."""


class ServiceDayCome(Event):
    """The day it is wanted for is there: it may be opened."""

    day: date


DayEvent = ServiceDayAwaited | ServiceDayCome


class DelaySettled(BaseModel):
    """What a later day comes to under the contract, worked out before it is agreed to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agreed: CustomerDelayAgreed | None
    """None where it is later than the contract lets it be."""
    said: tuple[Said, ...]


class MayLeave(BaseModel):
    """From when the customer may leave because delivery takes too long (decision 41)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: AwareDatetime
    source: Annotated[str, Field(min_length=1)]
    said: tuple[Said, ...]
    """Every reading of what is counted, and of what deliveries it is for."""


class RightToLeaveArose(Event):
    """It is not in service, and the customer may leave from now on."""

    since: AwareDatetime
    said: tuple[Said, ...]
