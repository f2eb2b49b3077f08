"""Troubles of an exchange as facts: raised once each, over by themselves or settled by a person."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain import exchange_troubles
from domain.event import Command, Event
from domain.exchange_troubles import (
    EndTrouble,
    RaiseTrouble,
    Trouble,
    TroubleCommand,
    TroubleKind,
    trouble_stream,
)
from domain.identity import step_command
from domain.policies import ANSWER_WAIT
from domain.port_rules import PortRules
from domain.said import Said
from domain.territories import ExchangeGroup
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

ACTOR = "exchange"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was met, and since when it is so."""

    kind: TroubleKind
    group: ExchangeGroup
    file: str
    code: str
    since: datetime
    partner: str = ""
    place: int | None = None
    owner: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TroubleBook:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    known: set[tuple[UUID, datetime]] = field(default_factory=set)
    """What was raised a moment ago: it only spares the asking."""

    async def raise_(self, finding: Finding) -> None:
        """The same trouble since the same instant is one fact, however often it is met."""
        trouble = self._trouble(finding)
        mark = (trouble.trouble_id, finding.since)
        if mark in self.known:
            return
        since = finding.since
        command = RaiseTrouble(decided_at=since, trouble=trouble)
        await self.tell(trouble.trouble_id, command, step=f"raise@{since.isoformat()}", at=since)
        self.known.add(mark)

    async def over(self, finding: Finding, why: Said) -> None:
        """Nothing when there was none."""
        trouble_id, at = self._trouble(finding).trouble_id, finding.since
        command = EndTrouble(decided_at=at, why=why)
        await self.tell(trouble_id, command, step=f"over@{at.isoformat()}", at=at)

    def _trouble(self, finding: Finding) -> Trouble:
        return Trouble(**vars(finding), until=self.rules.after(finding.since, ANSWER_WAIT))

    async def tell(
        self,
        trouble_id: UUID,
        command: TroubleCommand,
        *,
        step: str,
        at: datetime,
        actor: str = ACTOR,
        outbox: tuple[OutboxMessage, ...] = (),
    ) -> None:
        stream = trouble_stream(trouble_id)
        history = await self.ledger.read(stream)
        latest = max([at, *(envelope.business_at for envelope in history[-1:])])
        await decide_once(
            self.ledger,
            Decision(
                stream_id=stream,
                stamp=self._stamp(trouble_id, command, step),
                decide=lambda events: _decided(command, events),
                business_at=latest,
                actor=actor,
                correlation=str(trouble_id),
                outbox=outbox,
            ),
        )

    def _stamp(self, trouble_id: UUID, command: Command, step: str) -> CommandStamp:
        content = f"{type(command).__name__} {trouble_id} {step}".encode()
        return CommandStamp(
            command_id=step_command(trouble_id, step=step),
            fingerprint=self.keyed_hash.digest(purpose="command", content=content),
        )


def _decided(command: TroubleCommand, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return exchange_troubles.decide(command, exchange_troubles.fold(events))
