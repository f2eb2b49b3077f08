"""What a message from outside can become when nobody is waiting for it."""

from domain.event import Event


class MessageUnmatched(Event):
    """A message was kept, and no open order was waiting for it."""

    source: str
    message_key: str
    reason: str
