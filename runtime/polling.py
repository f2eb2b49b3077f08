"""What is only told when asked for: one poller for each such operator, feed to inbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from domain.operators import Feed
from domain.ports import Clocks
from ledger.messages import Inbox, IncomingMessage

log = structlog.get_logger("poller")


@dataclass(kw_only=True)
class FeedPoller:
    """What was seen before is kept once anyway: the mark only spares the reading of it, and is
    begun anew with the process. Silence leaves it where it is."""

    feed: Feed
    inbox: Inbox
    clocks: Clocks
    wall_now: Callable[[], datetime]
    mark: str = ""

    async def turn(self) -> int:
        page = await self.feed.after(self.mark)
        clock = await self.clocks.in_force()
        for delivery in page.deliveries:
            await self.inbox.receive(
                IncomingMessage(
                    source=delivery.source,
                    message_key=delivery.message_key,
                    correlation=delivery.correlation,
                    body=delivery.body,
                    received_at=clock.business_at(self.wall_now()),
                )
            )
        self.mark = page.mark
        if page.deliveries:
            log.info("poller.messages", messages=len(page.deliveries))
        return len(page.deliveries)
