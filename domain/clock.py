"""Business time and wall time, which differ whenever a demo compresses weeks into minutes.

Two kinds of duration, two types, so that one can never be passed for the other:
`Technical` is wall time and never scaled, `Business` always goes through the clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

SCALE_MAX = 100_000
"""A business day in less than a second. A default of ours: more would outrun every machine."""


@dataclass(frozen=True)
class Technical:
    """Wall time: timeouts, heartbeats, transport retries. Never scaled."""

    span: timedelta


@dataclass(frozen=True)
class Business:
    """Business time: windows, delays, deadlines. Always taken through the clock."""

    span: timedelta


class BusinessClock(BaseModel):
    """The one mapping between wall and business time that a stack agrees on.

    The scale is a whole number, so that wall to business is exact and a replay cannot drift.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_origin: AwareDatetime
    business_origin: AwareDatetime
    scale: int = Field(ge=1, le=SCALE_MAX)

    @classmethod
    def real(cls, *, since: datetime) -> Self:
        return cls(wall_origin=since, business_origin=since, scale=1)

    def business_at(self, wall: datetime) -> datetime:
        return self.business_origin + (wall - self.wall_origin) * self.scale

    def wall_at(self, business: datetime) -> datetime:
        return self.wall_origin + (business - self.business_origin) / self.scale

    def wall_span(self, duration: Business) -> timedelta:
        return duration.span / self.scale

    def rescaled(self, *, at_wall: datetime, scale: int) -> "BusinessClock":
        """Change the pace from `at_wall` on; business time itself does not jump."""
        return BusinessClock(
            wall_origin=at_wall, business_origin=self.business_at(at_wall), scale=scale
        )
