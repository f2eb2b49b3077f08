"""How many calls a minute anybody has left, in this process: counted, never stored."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class MinuteAllowance:
    """A window that moves with the clock: exact, for the price of an instant kept for each call."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def seconds_to_wait(self, who: str, *, per_minute: int) -> int:
        item = RateLimitItemPerMinute(per_minute)
        if await self._limiter.hit(item, who):
            return 0
        stats = await self._limiter.get_window_stats(item, who)
        return max(1, math.ceil(stats.reset_time - time.time()))
