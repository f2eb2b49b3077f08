"""The stack's business clock: one row in force, the earlier ones kept."""

from datetime import datetime

from adapters.postgres.errors import translated
from adapters.postgres.pool import Pool
from domain.clock import BusinessClock

_IN_FORCE = """
SELECT wall_origin, business_origin, scale FROM business_clock ORDER BY number DESC LIMIT 1
"""
_FIRST = """
INSERT INTO business_clock (wall_origin, business_origin, scale)
SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM business_clock)
"""
_NEXT = "INSERT INTO business_clock (wall_origin, business_origin, scale) VALUES ($1, $2, $3)"


class PostgresClock:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def in_force(self) -> BusinessClock:
        with translated():
            row = await self._pool.fetchrow(_IN_FORCE)
        if row is None:
            raise LookupError("this database has no business clock; run 'raccord migrate'")
        return BusinessClock(**dict(row))

    async def wind_up(self, clock: BusinessClock) -> None:
        """Set the first clock of a new database; leave one that is already going alone."""
        with translated():
            await self._pool.execute(_FIRST, clock.wall_origin, clock.business_origin, clock.scale)

    async def begin(self, clock: BusinessClock) -> None:
        """Another time altogether: for a stack in which nothing is open."""
        with translated():
            await self._pool.execute(_NEXT, clock.wall_origin, clock.business_origin, clock.scale)

    async def rescale(self, *, at_wall: datetime, scale: int) -> BusinessClock:
        clock = (await self.in_force()).rescaled(at_wall=at_wall, scale=scale)
        await self.begin(clock)
        return clock
