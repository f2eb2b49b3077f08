"""A part of a bulk is put to its lines, and what each of them says is kept."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import bulks
from domain.bulks import (
    Begun,
    BulkAction,
    BulkAsked,
    BulkLine,
    BulkPartBegun,
    LineAnswered,
    NoteAnswers,
    part_stream,
)
from domain.identity import step_command
from domain.ports import Clocks
from intake.faults import ProcessUnavailableError
from intake.steering import Processes
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from runtime.lines import LineDocuments
from runtime.relay import Done, Later, Outcome, Park
from workflows.messages import AmendRequest, CancelRequest, DecisionRequest, Ruled

AT_ONCE = 10
"""Lines asked side by side: enough to be quick, few enough to leave room for others."""


@dataclass(frozen=True, kw_only=True)
class BulkDoer:
    ledger: Ledger
    keyed_hash: KeyedHash
    lines: LineDocuments
    processes: Processes
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def do(self, payload: str) -> Outcome:
        named = _read(payload)
        if named is None:
            return Park("the payload names no part of a bulk")
        bulk_id, number = named
        history = await self.ledger.read(part_stream(bulk_id, number))
        state = bulks.fold(envelope.event for envelope in history)
        if not isinstance(state, Begun):
            return Done()
        room = asyncio.Semaphore(AT_ONCE)
        try:
            answers = await asyncio.gather(
                *(self._asked(line, state.part, room) for line in state.part.lines)
            )
        except ProcessUnavailableError as exc:
            return Later(str(exc))
        await self._note(state.part, tuple(answers))
        return Done()

    async def _asked(
        self, line: BulkLine, part: BulkPartBegun, room: asyncio.Semaphore
    ) -> LineAnswered:
        async with room:
            document = await self.lines.find(line.line_id)
            if document is None or not document.open:
                why = "the line has ended"
                return LineAnswered(line_id=line.line_id, taken=False, why=why)
            ruled = await self._put(line, part.asked, key=f"bulk/{part.bulk_id}")
            return LineAnswered(line_id=line.line_id, taken=ruled.taken, why=ruled.why)

    async def _put(self, line: BulkLine, asked: BulkAsked, *, key: str) -> Ruled:
        match asked.action:
            case BulkAction.CANCEL:
                request = CancelRequest(by=asked.by)
                return await self.processes.cancel(line.line_id, request, key=key)
            case BulkAction.MOVE:
                change = AmendRequest(by=asked.by, day=asked.day, correction=None)
                return await self.processes.amend(line.line_id, change, key=key)
            case BulkAction.DECIDE:
                decision = DecisionRequest(
                    decision=str(asked.decision),
                    about=asked.about,
                    reason=asked.reason,
                    by=asked.by,
                    given=asked.given,
                )
                return await self.processes.decide(line.line_id, decision, key=key)

    async def _note(self, part: BulkPartBegun, answers: tuple[LineAnswered, ...]) -> None:
        clock = await self.clocks.in_force()
        at = clock.business_at(self.wall_now())
        command = NoteAnswers(decided_at=at, answers=answers)
        step = f"answered/{part.part}"
        await decide_once(
            self.ledger,
            Decision(
                stream_id=part_stream(part.bulk_id, part.part),
                stamp=CommandStamp(
                    command_id=step_command(part.bulk_id, step=step),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=step.encode()),
                ),
                decide=lambda events: bulks.decide(command, bulks.fold(events)),
                business_at=at,
                actor=part.asked.by,
                correlation=str(part.bulk_id),
            ),
        )


def _read(payload: str) -> tuple[UUID, int] | None:
    try:
        content = json.loads(payload)
        return UUID(content["bulk_id"]), int(content["part"])
    except (ValueError, KeyError, TypeError):
        return None
