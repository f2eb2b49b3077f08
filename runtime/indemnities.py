"""Indemnities as the API reads them, and the watchdog that raises those nobody moves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from adapters.postgres.briefs import PostgresBriefs
from domain import indemnities
from domain.clock import BusinessClock
from domain.event import Event
from domain.identity import OrderId, line_stream, step_command
from domain.indemnities import RaiseSilence
from domain.indemnity_facts import Head, IndemnityId, indemnity_id_for, indemnity_stream
from domain.indemnity_states import Counting
from domain.indemnity_states import fold as fold_state
from domain.policies import ANSWER_WAIT, LOOK_AGAIN
from domain.port_in_facts import PortEnded
from domain.port_rules import PortRules
from domain.ports import Clocks
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.indemnity import INDEMNITIES, IndemnityBrief, IndemnityDocument
from projections.lines import LINES
from projections.projection import fold
from runtime.projecting import ProjectionRunner
from runtime.store import Store
from runtime.watching import PATIENCE

log = structlog.get_logger("watchdog")


def indemnity_runner(store: Store) -> ProjectionRunner[IndemnityDocument]:
    return ProjectionRunner(
        projection=INDEMNITIES, reader=store.feed, documents=store.documents, keys=store.keys
    )


@dataclass(frozen=True, kw_only=True)
class IndemnityDocuments:
    """One from its facts; lists from the few words kept beside the documents."""

    runner: ProjectionRunner[IndemnityDocument]
    ledger: Ledger
    briefs: PostgresBriefs

    async def find(self, indemnity_id: IndemnityId) -> IndemnityDocument | None:
        """Straight from the facts: there are few of them."""
        history = await self.ledger.read(indemnity_stream(indemnity_id))
        return fold(INDEMNITIES, {}, history).get(str(indemnity_id))

    async def many(self, ids: Collection[IndemnityId]) -> Mapping[IndemnityId, IndemnityDocument]:
        loaded = await self.runner.load(frozenset(str(one) for one in ids))
        return {document.indemnity_id: document for document in loaded.values()}

    async def all(self, *, order_id: OrderId | None = None) -> Sequence[IndemnityBrief]:
        return _read(await self.briefs.all(INDEMNITIES.stored_as, order_id=order_id))

    async def waiting(self, *, order_id: OrderId | None = None) -> Sequence[IndemnityBrief]:
        return _read(await self.briefs.waiting(INDEMNITIES.stored_as, order_id=order_id))

    async def due(
        self, by: datetime, *, order_id: OrderId | None = None
    ) -> Sequence[IndemnityBrief]:
        return _read(await self.briefs.due(INDEMNITIES.stored_as, by=by, order_id=order_id))

    async def silent(self, by: datetime) -> Sequence[IndemnityBrief]:
        return _read(await self.briefs.silent(INDEMNITIES.stored_as, by=by))

    async def still_open(self) -> frozenset[IndemnityId]:
        keys = await self.runner.documents.open_keys(INDEMNITIES.stored_as)
        return frozenset(IndemnityId(UUID(key)) for key in keys)

    async def running_lines(self) -> frozenset[str]:
        return await self.runner.documents.open_keys(LINES.stored_as)

    async def port_ended(self, one: IndemnityBrief) -> datetime | None:
        """When the port it is counted for was over; None while it runs."""
        history = await self.ledger.read(line_stream(one.line_id))
        return next((e.business_at for e in history if isinstance(e.event, PortEnded)), None)


def indemnity_documents(store: Store) -> IndemnityDocuments:
    return IndemnityDocuments(
        runner=indemnity_runner(store), ledger=store.ledger, briefs=PostgresBriefs(store.pool)
    )


def _read(briefs: tuple[str, ...]) -> tuple[IndemnityBrief, ...]:
    return tuple(IndemnityBrief.model_validate_json(brief) for brief in briefs)


@dataclass(frozen=True, kw_only=True)
class IndemnityWatchdog:
    """One whose date has passed without a fact is raised to a person, who has it taken up again."""

    indemnities: IndemnityDocuments
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def turn(self) -> int:
        """How many were raised."""
        clock = await self.clocks.in_force()
        now = clock.business_at(self.wall_now())
        past = await self.indemnities.silent(now)
        running = await self.indemnities.running_lines() if past else frozenset()
        silent = [one for one in past if await self._silent(one, clock, running)]
        for one in silent:
            await self._raise(one, now)
        return len(silent)

    async def _silent(
        self, one: IndemnityBrief, clock: BusinessClock, running: frozenset[str]
    ) -> bool:
        due = await self._due(one, running)
        return due is not None and clock.wall_at(due) + PATIENCE.span < self.wall_now()

    async def _due(self, one: IndemnityBrief, running: frozenset[str]) -> datetime | None:
        """Until when a fact should have come; None while it rightly waits for its port."""
        if one.until is not None:
            return max(one.until, one.last_at)
        if one.head is Head.APPOINTMENT:
            return await self._after_the_loss(one, one.last_at)
        if str(one.line_id) in running:
            return None
        ended_at = await self.indemnities.port_ended(one)
        if ended_at is None:
            return None
        due = max(ended_at, one.last_at)
        return due if one.head is Head.LOSS else await self._after_the_loss(one, due)

    async def _after_the_loss(self, one: IndemnityBrief, due: datetime) -> datetime | None:
        """A loss of the same line comes first, and is seen at the process's next look."""
        loss = await self.indemnities.find(indemnity_id_for(one.line_id, Head.LOSS))
        if loss is None:
            return due
        counting = isinstance(loss.state, Counting)
        return None if counting else max(due, loss.last_at + LOOK_AGAIN.span)

    async def _raise(self, one: IndemnityBrief, now: datetime) -> None:
        command_id = step_command(one.indemnity_id, step=f"watchdog@{one.version}")
        digest = self.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        command = RaiseSilence(decided_at=now, answer_by=self.rules.after(now, ANSWER_WAIT))

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return indemnities.decide(command, fold_state(events))

        await decide_once(
            self.ledger,
            Decision(
                stream_id=indemnity_stream(one.indemnity_id),
                stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                decide=decide,
                business_at=now,
                actor="watchdog",
                correlation=str(one.order_id),
            ),
        )
        log.warning("watchdog.indemnity.raised", indemnity=str(one.indemnity_id))
