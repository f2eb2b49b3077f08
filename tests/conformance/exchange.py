"""What any adapter of an inter-operator exchange must keep, whatever the other operators do.

Point it at an adapter of your own: see the README beside this file.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid5

from domain.identity import LineId
from domain.operators import Delivery, Exchange, Reader, Ticket, Told
from domain.port_in_facts import Step
from tests.exchange_house import ticket

_SPACE = UUID("00000000-0000-5000-8000-00000000e5c0")


@dataclass(frozen=True, kw_only=True)
class ExchangeUnderTest:
    """An adapter, and the hands on the other side of its wire."""

    name: str
    exchange: Exchange
    reader: Reader
    misbehave: Callable[[str, dict[str, list[str]]], Awaitable[None]]
    """What others do with a number, or an operator with its files: see the README for the words."""
    sessions: Callable[[], Awaitable[None]]
    """Let the next session pass: what was handed in travels, what is answered comes back."""
    times: Callable[[Ticket], Awaitable[int]]
    """How many times a ticket reached its recipients."""
    told: Callable[[LineId], Awaitable[list[Delivery]]]
    """What has come for a line so far, each message once."""
    cut: Callable[[], Awaitable[None]]
    """From here on nobody can reach the exchange."""
    mend: Callable[[], Awaitable[None]]
    """Everybody can again."""
    not_offered: frozenset[str] = field(default=frozenset())

    async def all_told(self, asked: Ticket) -> list[Told]:
        return [self.reader(delivery.body) for delivery in await self.told(asked.line_id)]


def handed_in(name: str, step: Step = Step.SEND_REQUEST) -> Ticket:
    """A ticket about a number of its own; the same name is the same transfer."""
    return replace(ticket(name, step), line_id=LineId(uuid5(_SPACE, name)))


def later(asked: Ticket, **span: float) -> Ticket:
    """The same ticket, for a session that comes after."""
    return replace(asked, session=asked.session + timedelta(**span))
