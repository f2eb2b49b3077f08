"""The two kinds of words an aggregate speaks: commands in, events out."""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Event(BaseModel):
    """A past fact, in business words; what surrounds it is the envelope's business."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Command(BaseModel):
    """An order given to one aggregate; refused as a whole or turned into events.

    `decided_at` is the business instant of the decision. It is no part of what was asked: the same
    command repeated later is still the same command.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decided_at: AwareDatetime
