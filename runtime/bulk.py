"""A part of a bulk is put to its lines, and what each of them says is kept."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
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
from intake.bulk import ASKS_SOMETHING_ELSE
from intake.faults import ProcessUnavailableError
from intake.steering import Processes
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.line import LineDocument
from runtime.lines import LineDocuments
from runtime.relay import Done, Later, Outcome, Park
from workflows.messages import AmendRequest, CancelRequest, DecisionRequest, Ruled

AT_ONCE = 10
"""Lines asked side by side, of all bulks: quick enough, and room is left for others."""


@dataclass(frozen=True, kw_only=True)
class BulkDoer:
    ledger: Ledger
    keyed_hash: KeyedHash
    lines: LineDocuments
    processes: Processes
    clocks: Clocks
    wall_now: Callable[[], datetime]
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def do(self, payload: str) -> Outcome:
        """What lines have said is kept at once; those that say nothing yet are asked again."""
        named = _read(payload)
        if named is None:
            return Park("the payload names no part of a bulk")
        bulk_id, number = named
        history = await self.ledger.read(part_stream(bulk_id, number))
        state = bulks.fold(envelope.event for envelope in history)
        if not isinstance(state, Begun) or not state.unanswered:
            return Done()
        told = await asyncio.gather(
            *(self._asked(line, state.part) for line in state.unanswered), return_exceptions=True
        )
        answers = tuple(one for one in told if isinstance(one, LineAnswered))
        if answers:
            await self._note(state, answers)
        for failure in told:
            if isinstance(failure, ProcessUnavailableError):
                return Later(str(failure))
            if isinstance(failure, BaseException):
                raise failure
        return Done()

    async def _asked(self, line: BulkLine, part: BulkPartBegun) -> LineAnswered:
        async with self.room:
            why = await self._refused(line, part)
            if why is not None:
                return LineAnswered(line_id=line.line_id, taken=False, why=why)
            ruled = await self._put(line, part.asked, key=f"bulk/{part.bulk_id}")
            return LineAnswered(line_id=line.line_id, taken=ruled.taken, why=ruled.why)

    async def _refused(self, line: BulkLine, part: BulkPartBegun) -> str | None:
        """What it took before is taken, however the line stands now."""
        taken = f"{_KEPT_AS[part.asked.action]}/bulk/{part.bulk_id}"
        if await self.ledger.caused_by(step_command(line.line_id, step=taken)):
            return None
        document = await self.lines.find(line.line_id)
        if document is None or not document.open:
            return "the line has ended"
        return None if _still_asks(document, part.asked) else ASKS_SOMETHING_ELSE

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

    async def _note(self, state: Begun, answers: tuple[LineAnswered, ...]) -> None:
        part = state.part
        clock = await self.clocks.in_force()
        at = clock.business_at(self.wall_now())
        command = NoteAnswers(decided_at=at, answers=answers)
        step = f"answered/{part.part}/{len(state.answers)}"
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


def _still_asks(document: LineDocument, asked: BulkAsked) -> bool:
    """A decision answers the question that was shown, and no other that came since."""
    if asked.action is not BulkAction.DECIDE:
        return True
    return any(
        attention.code == asked.about and asked.detail in {None, attention.detail}
        for attention in document.attentions
    )


_KEPT_AS = {BulkAction.DECIDE: "decision", BulkAction.CANCEL: "cancel", BulkAction.MOVE: "amend"}
"""How a line's own stream names what it took."""


def _read(payload: str) -> tuple[UUID, int] | None:
    try:
        content = json.loads(payload)
        return UUID(content["bulk_id"]), int(content["part"])
    except (ValueError, KeyError, TypeError):
        return None
