"""Another customer's line, told of once our access works: kept beside it, and put to a person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from activities.access_messages import AccessMessages
from activities.lines import MessageStep
from activities.reading import read_message
from domain.access_overwriting import NO_PROCESS_LEFT, is_left_to_a_person
from domain.access_states import fold
from domain.access_told import OverwrittenTold
from domain.identity import LineId
from domain.ports import Clocks
from ledger.messages import WaitingMessage
from runtime.relay import Done, Outcome, Park


@dataclass(frozen=True, kw_only=True)
class ComplaintTaker:
    """Its process is over: what an operator tells of it goes to the line's own stream."""

    messages: AccessMessages
    clocks: Clocks
    wall_now: Callable[[], datetime]
    otherwise: Callable[[WaitingMessage], Awaitable[Outcome | None]]
    """Whoever may wait for any other message about a line that has ended."""

    async def take(self, message: WaitingMessage) -> Outcome | None:
        line_id = LineId(UUID(message.correlation))
        row = await self.messages.inbox.read(message.number)
        told = read_message(self.messages.readers, row)
        history = await self.messages.lines.read(line_id)
        events = tuple(envelope.event for envelope in history)
        if not isinstance(told, OverwrittenTold) or not is_left_to_a_person(events, fold(events)):
            return await self.otherwise(message)
        clock = await self.clocks.in_force()
        at = clock.business_at(self.wall_now())
        step = MessageStep(line_id=line_id, at=at, message_number=message.number)
        await self.messages.take_access_message(step)
        return Done()


async def put_back_by_hand(_payload: str) -> Outcome:
    """No process is left to ask the operator: a person does, and settles it."""
    return Park(NO_PROCESS_LEFT)
