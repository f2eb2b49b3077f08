"""An amendment that was begun is put to its lines, and what each of them says is kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import amendments, orders
from domain.access_facts import AccessEnded
from domain.amendments import AmendmentStands, LineAnswer, LineChange, NoteAmendmentExecuted
from domain.identity import AmendmentId, OrderId, line_stream, order_stream, step_command
from domain.port_in_facts import PortEnded
from domain.ports import Clocks
from intake.faults import ProcessUnavailableError
from intake.steering import Processes
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from runtime.relay import Done, Later, Outcome, Park
from workflows.messages import AmendRequest


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What the outbox names."""

    order_id: OrderId
    amendment_id: AmendmentId
    by: str


@dataclass(frozen=True, kw_only=True)
class AmendmentApplier:
    ledger: Ledger
    keyed_hash: KeyedHash
    processes: Processes
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def apply(self, payload: str) -> Outcome:
        begun = _read(payload)
        if begun is None:
            return Park("the payload names no amendment of an order")
        history = await self.ledger.read(order_stream(begun.order_id))
        events = tuple(envelope.event for envelope in history)
        order = orders.fold(events)
        if isinstance(order, orders.Received):
            return Later("the lines of the order have no process yet")
        standing = amendments.named(amendments.fold(events), begun.amendment_id)
        if standing.stands is not AmendmentStands.EXECUTING:
            return Done()
        try:
            answers = [await self._put(change, begun) for change in standing.amendment.lines]
        except ProcessUnavailableError as exc:
            return Later(str(exc))
        await self._note(begun, tuple(answers))
        return Done()

    async def _put(self, change: LineChange, begun: Begun) -> LineAnswer:
        history = await self.ledger.read(line_stream(change.line_id))
        if any(isinstance(envelope.event, PortEnded | AccessEnded) for envelope in history):
            return LineAnswer(line=change.line, taken=False, why="the line has ended")
        request = AmendRequest(
            by=begun.by,
            day=change.wish,
            correction=change.correction_id,
            down_kbps=change.down_kbps,
            asked_on=change.asked_on,
        )
        key = f"amend/{begun.amendment_id}"
        ruled = await self.processes.amend(change.line_id, request, key=key)
        return LineAnswer(line=change.line, taken=ruled.taken, why=ruled.why)

    async def _note(self, begun: Begun, answers: tuple[LineAnswer, ...]) -> None:
        clock = await self.clocks.in_force()
        at = clock.business_at(self.wall_now())
        command = NoteAmendmentExecuted(
            decided_at=at, amendment_id=begun.amendment_id, answers=answers
        )
        step = f"executed/{begun.amendment_id}"
        digest = self.keyed_hash.digest(purpose="command", content=step.encode())
        await decide_once(
            self.ledger,
            Decision(
                stream_id=order_stream(begun.order_id),
                stamp=CommandStamp(
                    command_id=step_command(begun.order_id, step=step), fingerprint=digest
                ),
                decide=lambda events: amendments.decide(command, amendments.fold(events)),
                business_at=at,
                actor=begun.by,
                correlation=str(begun.order_id),
            ),
        )


def _read(payload: str) -> Begun | None:
    try:
        content = json.loads(payload)
        return Begun(
            order_id=OrderId(UUID(content["order_id"])),
            amendment_id=AmendmentId(UUID(content["amendment_id"])),
            by=str(content["by"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
