"""Who is calling: recognised by a key of ours or by somebody else's token.

CallerUnknownError       nobody we know, or no longer: 401
CallersUnavailableError  whoever vouches for them does not answer: 503
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.clients import Role


class CallerUnknownError(Exception):
    """The message says what to send instead; never what was sent."""


class CallersUnavailableError(Exception):
    """Nothing is known of the caller either way: try again."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    name: str
    """As the ledger and the record of uses know them."""
    client: str
    """On whose behalf: whose orders, and whose idempotency keys."""
    roles: frozenset[Role]
    own_orders_only: bool
    per_minute: int

    def sees(self, client: str) -> bool:
        """Whether an order brought in by a client is theirs to see."""
        return not self.own_orders_only or client == self.client

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


class Tokens(Protocol):
    async def holder(self, token: str, *, wall: datetime) -> Caller:
        """Who holds a token that was signed for us. CallerUnknownError, CallersUnavailableError."""
