"""The business clock of the stack under test, asked of it over the wire."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

FRESH_SECONDS = 0.5
_UNREAD = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class StackClock:
    """What it says is kept for half a second: a demo changes its pace now and then."""

    session: aiohttp.ClientSession
    url: str
    _read_at: float = field(default=float("-inf"))
    _wall: datetime = field(default=_UNREAD)
    _business: datetime = field(default=_UNREAD)
    _scale: int = 1

    async def now(self) -> datetime:
        await self._look()
        return self._business + (datetime.now(UTC) - self._wall) * self._scale

    async def wait_for(self, business: datetime) -> timedelta:
        """How long, by the wall, until a business instant."""
        left = (business - await self.now()) / self._scale
        return max(left, timedelta(0))

    async def _look(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        async with self.session.get(f"{self.url}/clock") as response:
            said = await response.json()
        self._wall = datetime.fromisoformat(said["wall_origin"])
        self._business = datetime.fromisoformat(said["business_origin"])
        self._scale = int(said["scale"])
        self._read_at = time.monotonic()
