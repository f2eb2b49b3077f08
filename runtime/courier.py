"""The courier: tells each subscriber, in order for each order, until it has taken it or is dead."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.postgres.subscriptions import PostgresSubscriptions
from adapters.webhooks.sender import Answered, Silent, WebhookSender
from domain.identity import SubscriptionId
from domain.subscriptions import ATTEMPTS_MAX, DueDelivery, delay_after
from ledger.availability import LedgerUnavailableError

OF_EACH = 4
"""Attempts at once for one subscription: a slow receiver slows nobody but itself."""

log = structlog.get_logger("courier")


@dataclass(kw_only=True)
class Courier:
    subscriptions: PostgresSubscriptions
    sender: WebhookSender
    wall_now: Callable[[], datetime]
    attempts_max: int = ATTEMPTS_MAX
    delay: Callable[[int], timedelta] = delay_after
    _running: dict[SubscriptionId, asyncio.Task[None]] = field(default_factory=dict)

    async def turn(self) -> int:
        """Start what is due, for every subscription that has nothing under way."""
        self._forget_finished()
        leased = await self.subscriptions.lease(busy=self._running.keys(), of_each=OF_EACH)
        each: dict[SubscriptionId, list[DueDelivery]] = defaultdict(list)
        for due in leased:
            each[due.subscription_id].append(due)
        for subscription_id, dues in each.items():
            self._running[subscription_id] = asyncio.create_task(self._deliver(dues))
        return len(leased)

    async def rest(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._running.values())
        self._forget_finished()

    def _forget_finished(self) -> None:
        """A task that failed says so here."""
        finished = {one: task for one, task in self._running.items() if task.done()}
        for subscription_id, task in finished.items():
            del self._running[subscription_id]
            failure = task.exception()
            if failure is not None:
                raise failure

    async def _deliver(self, dues: list[DueDelivery]) -> None:
        async with asyncio.TaskGroup() as group:
            for due in dues:
                group.create_task(self._attempt(due))

    async def _attempt(self, due: DueDelivery) -> None:
        """What cannot be settled comes back when its lease ends: at least once, never lost."""
        with suppress(LedgerUnavailableError):
            await self._send_and_settle(due)

    async def _send_and_settle(self, due: DueDelivery) -> None:
        answer = await self.sender.send(due, wall=self.wall_now())
        if isinstance(answer, Answered) and answer.taken:
            await self.subscriptions.done(due, answered=answer.status)
            return
        answered = answer.status if isinstance(answer, Answered) else None
        why = answer.why if isinstance(answer, Silent) else f"it answered {answered}"
        bound = log.bind(subscription=str(due.subscription_id), number=due.number, why=why)
        if due.attempts >= self.attempts_max:
            await self.subscriptions.give_up(due, answered=answered, why=why)
            bound.error("webhook.dead", attempts=due.attempts)
            return
        await self.subscriptions.later(
            due, answered=answered, why=why, after=self._after(due, answer)
        )
        bound.warning("webhook.later", attempts=due.attempts)

    def _after(self, due: DueDelivery, answer: Answered | Silent) -> timedelta:
        asked = answer.retry_after if isinstance(answer, Answered) else None
        own = self.delay(due.attempts - 1)
        return own if asked is None else max(own, timedelta(seconds=asked))
