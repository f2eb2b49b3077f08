"""What people do about hosts that differ: decide a difference, ask for a run. Each one command."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID, uuid5

from activities.differences import DifferenceBook, Told
from domain import host_nights
from domain.differences import DecideDifference, DifferenceDecision, DifferenceId
from domain.event import Event
from domain.host_nights import AskForRun, host_nights_stream
from domain.identity import step_command
from domain.policies import NIGHT_SLACK, REMEDY_WAIT
from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from intake.exchange import Asked
from ledger.append import OutboxMessage
from ledger.deciding import Decision, decide_once
from ledger.messages import RUN_RECONCILE
from projections.reconciling import DifferenceDocument, HostNightsDocument

_RUNS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0d")


class ReconcileReader(Protocol):
    async def differences(self) -> Sequence[DifferenceDocument]:
        """Those that are not over; among them those that were accepted."""

    async def difference(self, difference_id: UUID) -> DifferenceDocument | None: ...

    async def hosts(self) -> Sequence[HostNightsDocument]:
        """Every host that was ever compared, or asked to be: with the facts of a moment ago."""


@dataclass(frozen=True, kw_only=True)
class ReconcileDesk:
    book: DifferenceBook
    rules: PortRules

    async def decide(
        self, document: DifferenceDocument, decision: DifferenceDecision, asked: Asked
    ) -> None:
        """DifferenceRefusedError says what can be decided instead."""
        command = DecideDifference(
            decided_at=asked.at,
            decision=decision,
            reason=asked.reason,
            by=asked.by,
            remedied_by=self.rules.after(asked.at, REMEDY_WAIT),
        )
        told = Told(
            command=command,
            step=f"asked/{asked.key}",
            order_id=document.order_id,
            actor=asked.by,
            wakes=True,
            content=f"{decision} {asked.by} {asked.reason}",
        )
        await self.book.tell(DifferenceId(document.difference_id), told)

    def overdue(self, night: date | None, now: datetime) -> bool:
        """A business night has gone by without a word of it; one never taken is not missed."""
        return night is not None and self.rules.night(now, done=night).at + NIGHT_SLACK.span < now

    async def run(self, hosts: Collection[HostNetwork], asked: Asked) -> None:
        """A fact of each host, and one word to the process."""
        for host in hosts:
            await self._ask(host, asked)

    async def _ask(self, host: HostNetwork, asked: Asked) -> None:
        stream, lines = host_nights_stream(host), self.book.lines
        command = AskForRun(decided_at=asked.at, by=asked.by, reason=asked.reason)

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return host_nights.decide(command, host_nights.fold(events))

        command_id = step_command(uuid5(_RUNS, host), step=f"asked/{asked.key}")
        payload = json.dumps({"hosts": [host]})
        await decide_once(
            lines.ledger,
            Decision(
                stream_id=stream,
                stamp=lines.stamp(command_id, f"{asked.by} {asked.reason}"),
                decide=decide,
                business_at=await self._latest(host, asked.at),
                actor=asked.by,
                correlation=stream,
                outbox=(OutboxMessage(kind=RUN_RECONCILE, payload=payload),),
            ),
        )

    async def _latest(self, host: HostNetwork, at: datetime) -> datetime:
        history = await self.book.lines.ledger.read(host_nights_stream(host))
        return max([at, *(envelope.business_at for envelope in history[-1:])])
