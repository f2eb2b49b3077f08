"""What one line of an order tells those that wait for it, through the outbox."""

import json
from datetime import datetime

from domain.access_stages import AccessState, GivingBack, InService
from domain.identity import line_id_for
from domain.line_words import ended_word, served_word
from ledger.append import OutboxMessage
from ledger.messages import TELL_LINE


def words_to_lines(state: AccessState, at: datetime) -> tuple[OutboxMessage, ...]:
    """One to each line that waits for it; none where they know."""
    if isinstance(state, InService) and not state.lines_told:
        word = served_word(state.terms.number, state.started.started_at)
    elif isinstance(state, GivingBack):
        word = ended_word(state.terms.number, state.outcome)
    else:
        return ()
    order_id, own = state.terms.order_id, str(state.terms.line_id)
    return tuple(
        OutboxMessage(
            kind=TELL_LINE,
            payload=json.dumps(
                {
                    "line_id": str(line_id_for(order_id, number=number)),
                    "from": own,
                    "word": word,
                    "at": at.isoformat(),
                }
            ),
        )
        for number in state.terms.before
    )
