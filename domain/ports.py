"""What the house asks of the world, in its own words."""

from typing import Protocol

from domain.clock import BusinessClock


class Clocks(Protocol):
    """Where the stack's one business clock is kept."""

    async def in_force(self) -> BusinessClock: ...
