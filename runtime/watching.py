"""The watchdog: reads only the ledger's documents, and raises what nobody moves (design § 10.5).

A process that is stuck, by a fault of ours or because Temporal lost it, writes no fact. Any open
line whose date has passed without one is raised to a person, who may have it taken up again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from domain import access, access_states, new_numbers, port_in
from domain.access import AccessRefusedError
from domain.access_commands import RaiseSilence as AccessSilence
from domain.access_stages import Access
from domain.clock import BusinessClock, Technical
from domain.event import Event
from domain.identity import OrderId, line_stream, step_command
from domain.policies import ANSWER_WAIT
from domain.port_in import PortRefusedError
from domain.port_in_commands import RaiseSilence
from domain.port_in_states import Going, fold
from domain.port_rules import PortRules
from domain.ports import Clocks
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.lines import LineBrief
from runtime.lines import LineDocuments

PATIENCE = Technical(timedelta(minutes=5))
"""How long, by the wall, a passed date may stay without a fact before it is raised."""

log = structlog.get_logger("watchdog")


@dataclass(frozen=True, kw_only=True)
class Watchdog:
    lines: LineDocuments
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def turn(self) -> int:
        """How many lines were raised."""
        clock = await self.clocks.in_force()
        now = clock.business_at(self.wall_now())
        found = [line for line in await self.lines.silent(now) if self._silent(line, clock)]
        for line in found:
            await self._raise(line, now)
        return len(found)

    def _silent(self, line: LineBrief, clock: BusinessClock) -> bool:
        """A date that a person let pass goes up by itself; nothing here is about those."""
        due = line.last_at if line.until is None else line.until
        return clock.wall_at(max(due, line.last_at)) + PATIENCE.span < self.wall_now()

    async def _raise(self, line: LineBrief, now: datetime) -> None:
        command_id = step_command(line.line_id, step=f"watchdog@{line.version}")
        digest = self.keyed_hash.digest(purpose="command", content=str(command_id).encode())
        answer_by = self.rules.after(now, ANSWER_WAIT)
        command = RaiseSilence(decided_at=now, answer_by=answer_by)
        silence = AccessSilence(decided_at=now, answer_by=answer_by)
        unheard = new_numbers.HearHost(decided_at=now, answer_by=answer_by)

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            state = fold(events)
            if isinstance(state, Going):
                return port_in.decide(command, state)
            site = access_states.fold(events)
            if isinstance(site, Access):
                return access.decide(silence, site)
            other = new_numbers.fold(events)
            waits = isinstance(other, new_numbers.AwaitingHost)
            return new_numbers.decide(unheard, other) if waits else ()

        try:
            await decide_once(
                self.ledger,
                Decision(
                    stream_id=line_stream(line.line_id),
                    stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                    decide=decide,
                    business_at=now,
                    actor="watchdog",
                    correlation=str(OrderId(line.order_id)),
                ),
            )
        except (PortRefusedError, AccessRefusedError):
            return
        log.warning("watchdog.raised", line=str(line.line_id), stage=line.stage)
