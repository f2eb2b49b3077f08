"""What people do about a reverse port: record a demand, answer what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.reverse_book import ReverseBook, Written
from domain.attention import DecisionKind, Turn
from domain.claims import lines_that_asked
from domain.identity import LineId, line_stream, number_stream, step_command
from domain.numbers import FrenchNumber
from domain.policies import ANSWER_WAIT
from domain.reverse_port_facts import Incident, ReversePortId, reverse_port_id_for
from domain.reverse_ports import AnswerReverse, DemandReverse, ReverseCommand
from domain.transfer_evidence import service_of
from ledger.append import CommandStamp
from projections.reverse_port import ReversePortDocument


class ReversePortReader(Protocol):
    async def find(self, reverse_port_id: ReversePortId) -> ReversePortDocument | None: ...

    async def all(self) -> Sequence[ReversePortDocument]: ...

    async def still_open(self) -> Sequence[ReversePortDocument]: ...


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who does it, under which key, at which business instant."""

    by: str
    key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    decision: DecisionKind
    about: str | None
    reason: str
    until: datetime | None
    turn: Turn | None


@dataclass(frozen=True, kw_only=True)
class ReversePortDesk:
    book: ReverseBook

    async def line_of(self, number: FrenchNumber) -> LineId | None:
        """The last line that brought a number to us; where none did, the last that meant to."""
        digest = self.book.keyed_hash.digest(purpose="number", content=number.national.encode())
        history = await self.book.ledger.read(number_stream(digest.hex()))
        lines = lines_that_asked(envelope.event for envelope in history)
        for line_id in lines:
            line = await self.book.ledger.read(line_stream(line_id))
            if service_of(envelope.event for envelope in line) is not None:
                return line_id
        return next(iter(lines), None)

    async def demand(
        self, line_id: LineId, incident: Incident, evidence: str, doing: Doing
    ) -> ReversePortId:
        """ReversePortRefusedError, NumberTakenError: why it cannot be."""
        terms = await self.book.terms(line_id)
        command = DemandReverse(
            decided_at=doing.at,
            answer_by=self._answer_by(doing.at),
            terms=terms,
            incident=incident,
            evidence=evidence,
            dates=self.book.dates(terms.group, doing.at),
            by=doing.by,
        )
        content = f"{incident}\x1f{evidence}"
        await self._obey(reverse_port_id_for(line_id), command, doing, content=content)
        return terms.reverse_port_id

    async def decide(
        self, reverse_port_id: ReversePortId, decision: Decision, doing: Doing
    ) -> None:
        """ReversePortRefusedError, DecisionRefusedError: what can be decided instead."""
        command = AnswerReverse(
            decided_at=doing.at,
            answer_by=self._answer_by(doing.at),
            by=doing.by,
            **vars(decision),
        )
        content = command.model_dump_json(exclude={"decided_at", "answer_by"})
        await self._obey(reverse_port_id, command, doing, content=content)

    def _answer_by(self, at: datetime) -> datetime:
        return self.book.rules.after(at, ANSWER_WAIT)

    async def _obey(
        self, reverse_port_id: ReversePortId, command: ReverseCommand, doing: Doing, *, content: str
    ) -> None:
        digest = self.book.keyed_hash.digest(purpose="command", content=content.encode())
        command_id = step_command(reverse_port_id, step=f"asked/{doing.key}")
        stamp = CommandStamp(command_id=command_id, fingerprint=digest)
        await self.book.obey(reverse_port_id, command, Written(stamp=stamp, actor=doing.by))
