"""What is only told when asked for: one poller for the exchange, from its answers to our inbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.exchange_stand_in.gateway import ExchangeSilentError, ExchangeStandIn
from domain.ports import Clocks
from ledger.messages import Inbox, IncomingMessage
from workflows.identity import EXCHANGE

log = structlog.get_logger("poller")


@dataclass(kw_only=True)
class ExchangePoller:
    """What was seen before is kept once anyway: the cursor only spares the reading of it."""

    exchange: ExchangeStandIn
    inbox: Inbox
    clocks: Clocks
    wall_now: Callable[[], datetime]
    seen: int = 0

    async def turn(self) -> int:
        try:
            answers = await self.exchange.answers_after(self.seen)
        except ExchangeSilentError:
            self.seen = 0
            raise
        clock = await self.clocks.in_force()
        for answer in answers:
            await self.inbox.receive(
                IncomingMessage(
                    source=EXCHANGE,
                    message_key=answer.id,
                    correlation=str(answer.line),
                    body=answer.body,
                    received_at=clock.business_at(self.wall_now()),
                )
            )
            self.seen = max(self.seen, answer.number)
        if answers:
            log.info("poller.answers", exchange=EXCHANGE, answers=len(answers))
        return len(answers)
