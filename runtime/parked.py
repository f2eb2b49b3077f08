"""Parked rows as facts: raised when the relay sets one aside, done again as a person decides."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.postgres.queues import PostgresOutbox
from domain import parked
from domain.event import Event
from domain.identity import CommandId, step_command
from domain.parked import ParkedDecision, ParkedWork, ParkWork, parked_stream
from domain.policies import ANSWER_WAIT
from domain.port_rules import PortRules
from domain.ports import Clocks
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.messages import DO_AGAIN, SEND_REPLY, OutboxRow
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.parked import PARKED, ParkedDocument
from projections.projection import fold
from runtime.projecting import ProjectionRunner
from runtime.relay import Done, Outcome, Park
from runtime.store import Store

ACTOR = "relay"
WHY_MAX = 300
_OF_THE_EXCHANGES = {SEND_REPLY, DO_AGAIN}
_ROWS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0b")


@dataclass(frozen=True, kw_only=True)
class ParkedBook:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def raise_(self, row: OutboxRow, why: str) -> None:
        """Before the row is set aside: a relay that dies between the two says it once more."""
        clock = await self.clocks.in_force()
        at = clock.business_at(self.wall_now())
        stream = parked_stream(row.number)
        history = await self.ledger.read(stream)
        at = max([at, *(envelope.business_at for envelope in history[-1:])])
        command = ParkWork(decided_at=at, work=self._work(row, why, at))

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return parked.decide(command, parked.fold(events))

        command_id = parked_command(row.number, f"parked@{row.attempts}")
        digest = self.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        await decide_once(
            self.ledger,
            Decision(
                stream_id=stream,
                stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                decide=decide,
                business_at=at,
                actor=ACTOR,
                correlation=f"outbox/{row.number}",
            ),
        )

    async def raise_all(self, rows: Sequence[tuple[OutboxRow, str]]) -> None:
        """Rows that were set aside before anybody was told."""
        for row, why in rows:
            await self.raise_(row, why)

    def _work(self, row: OutboxRow, why: str, at: datetime) -> ParkedWork:
        return ParkedWork(
            number=row.number,
            kind=row.kind,
            why=why[:WHY_MAX],
            about=ids_in(row.payload),
            attempts=row.attempts,
            since=at,
            until=self.rules.after(at, ANSWER_WAIT),
            queue="exchange-desk" if row.kind in _OF_THE_EXCHANGES else "operations",
        )


def parked_command(number: int, step: str) -> CommandId:
    return step_command(_ROWS, step=f"{number}/{step}")


def ids_in(payload: str) -> dict[str, str]:
    """What a person may look it up by; nothing else of a payload is shown."""
    try:
        content = json.loads(payload)
    except ValueError:
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {str(name): str(value) for name, value in found if _is_id(name, value)}


def _is_id(name: str, value: object) -> bool:
    try:
        return name.endswith("_id") and str(UUID(str(value))) == value
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class ParkedDoer:
    """What a person decided about a row, done to it."""

    outbox: PostgresOutbox

    async def do(self, payload: str) -> Outcome:
        try:
            asked = json.loads(payload)
            number, decision = int(asked["number"]), ParkedDecision(asked["decision"])
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no parked row")
        if decision is ParkedDecision.TRY_AGAIN:
            await self.outbox.put_due(number)
        else:
            await self.outbox.settle(number)
        return Done()


@dataclass(frozen=True, kw_only=True)
class ParkedDocuments:
    ledger: Ledger
    runner: ProjectionRunner[ParkedDocument]

    async def waiting(self) -> Sequence[ParkedDocument]:
        keys = await self.runner.documents.open_keys(PARKED.stored_as)
        found = (await self.runner.load(keys)).values()
        return tuple(document for document in found if document.open)

    async def find(self, number: int) -> ParkedDocument | None:
        """Straight from the facts: one of them is short."""
        return fold(PARKED, {}, await self.ledger.read(parked_stream(number))).get(str(number))


def parked_runner(store: Store) -> ProjectionRunner[ParkedDocument]:
    return ProjectionRunner(
        projection=PARKED, reader=store.feed, documents=store.documents, keys=store.keys
    )


def parked_documents(store: Store) -> ParkedDocuments:
    return ParkedDocuments(ledger=store.ledger, runner=parked_runner(store))
