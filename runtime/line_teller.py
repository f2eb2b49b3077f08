"""What one line of an order tells another, from the outbox to the other's inbox: once."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.identity import LineId, line_stream
from domain.line_words import LINES
from ledger.messages import Inbox, IncomingMessage
from ledger.ports import Ledger
from projections.lines import LINES as LINES_OF
from projections.projection import fold
from runtime.relay import Done, Later, Outcome, Park


@dataclass(frozen=True, kw_only=True)
class LineTeller:
    """A line that has ended waits for nobody any more."""

    ledger: Ledger
    inbox: Inbox

    async def tell(self, payload: str) -> Outcome:
        try:
            told = json.loads(payload)
            line_id, at = LineId(UUID(told["line_id"])), datetime.fromisoformat(told["at"])
            word, teller = str(told["word"]), UUID(told["from"])
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no line, or nothing to tell it")
        history = await self.ledger.read(line_stream(line_id))
        document = fold(LINES_OF, {}, history).get(str(line_id))
        if document is None:
            return Later("the line is not opened yet")
        if not document.open:
            return Done()
        await self.inbox.receive(
            IncomingMessage(
                source=LINES,
                message_key=f"{teller}/{line_id}",
                correlation=str(line_id),
                body=word,
                received_at=at,
            )
        )
        return Done()
