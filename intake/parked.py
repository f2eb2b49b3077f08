"""What people do about work that nobody here could do: each is one command."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain import parked
from domain.event import Event
from domain.identity import step_command
from domain.parked import DecideParked, ParkedDecision, parked_stream
from intake.exchange import Asked
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.messages import DO_PARKED
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.parked import ParkedDocument

_ASKED = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0c")


class ParkedReader(Protocol):
    async def waiting(self) -> Sequence[ParkedDocument]:
        """Those that wait for somebody."""

    async def find(self, number: int) -> ParkedDocument | None: ...


@dataclass(frozen=True, kw_only=True)
class ParkedDesk:
    ledger: Ledger
    keyed_hash: KeyedHash

    async def decide(self, number: int, decision: ParkedDecision, asked: Asked) -> None:
        """The fact, and what becomes of the row, in one transaction. ParkedRefusedError says what
        can be decided instead."""
        command = DecideParked(
            decided_at=asked.at, decision=decision, by=asked.by, reason=asked.reason
        )

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return parked.decide(command, parked.fold(events))

        payload = json.dumps({"number": number, "decision": decision.value})
        content = command.model_dump_json(exclude={"decided_at"}).encode()
        await decide_once(
            self.ledger,
            Decision(
                stream_id=parked_stream(number),
                stamp=CommandStamp(
                    command_id=step_command(_ASKED, step=f"{number}/{asked.key}"),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=content),
                ),
                decide=decide,
                business_at=asked.at,
                actor=asked.by,
                correlation=f"outbox/{number}",
                outbox=(OutboxMessage(kind=DO_PARKED, payload=payload),),
            ),
        )
