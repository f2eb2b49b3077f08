"""The relay: does what the outbox says, hands over what the inbox holds. At least once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from ledger.availability import LedgerUnavailableError
from ledger.messages import OutboxRow, WaitingMessage

TURN = 50
"""Rows taken at once: enough to keep Temporal busy, few enough for one lease."""

_FIRST_DELAY = timedelta(seconds=0.5)
_LONGEST_DELAY = timedelta(seconds=30)

log = structlog.get_logger("relay")


@dataclass(frozen=True)
class Done:
    """It happened, now or before."""


@dataclass(frozen=True)
class Later:
    """The other side did not answer: the row stays due."""

    why: str


@dataclass(frozen=True)
class Park:
    """Nobody here can do it: the row waits for a person."""

    why: str


Outcome = Done | Later | Park
Perform = Callable[[str], Awaitable[Outcome]]


class Outbox(Protocol):
    async def lease(self, *, limit: int) -> tuple[OutboxRow, ...]: ...

    async def done(self, number: int) -> None: ...

    async def later(self, number: int, *, after: timedelta, error: str) -> None: ...

    async def park(self, number: int, *, error: str) -> None: ...


class LeasedInbox(Protocol):
    async def lease(self, *, limit: int) -> tuple[WaitingMessage, ...]: ...


def delay_after(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts, 10)
    return min(_FIRST_DELAY * doubled, _LONGEST_DELAY)


async def _each(works: Iterable[Coroutine[None, None, None]]) -> None:
    """All of them, whatever one of them does: a row that fails comes back when its lease ends."""
    results = await asyncio.gather(*works, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        log.error("relay.row.failed", error=type(failure).__name__, why=str(failure))
    for failure in failures:
        if not isinstance(failure, Exception) or isinstance(failure, LedgerUnavailableError):
            raise failure


@dataclass(frozen=True, kw_only=True)
class Relay:
    outbox: Outbox
    inbox: LeasedInbox
    verbs: Mapping[str, Perform]
    hand_over: Callable[[WaitingMessage], Awaitable[Outcome]]
    tell_parked: Callable[[OutboxRow, str], Awaitable[None]]

    async def turn(self) -> int:
        """One pass over both queues; how many rows there were."""
        rows = await self.outbox.lease(limit=TURN)
        await _each(self._send(row) for row in rows)
        messages = await self.inbox.lease(limit=TURN)
        await _each(self._deliver(message) for message in messages)
        return len(rows) + len(messages)

    async def _send(self, row: OutboxRow) -> None:
        verb = self.verbs.get(row.kind)
        outcome = await verb(row.payload) if verb else Park(f"nobody knows how to {row.kind}")
        match outcome:
            case Done():
                await self.outbox.done(row.number)
                log.info("relay.row.done", row=row.number, kind=row.kind)
            case Later(why=why):
                delay = delay_after(row.attempts)
                await self.outbox.later(row.number, after=delay, error=why)
                log.warning("relay.row.later", row=row.number, kind=row.kind, why=why)
            case Park(why=why):
                await self.tell_parked(row, why)
                await self.outbox.park(row.number, error=why)
                log.error("relay.row.parked", row=row.number, kind=row.kind, why=why)

    async def _deliver(self, message: WaitingMessage) -> None:
        """Nothing is marked here: only the fact a message causes settles it."""
        outcome = await self.hand_over(message)
        log.info("relay.message", message=message.number, outcome=type(outcome).__name__.lower())
