"""Which lines a host has, and on which it differed: read from the facts, without documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from activities.differences import belief_in, state_of
from domain.differences import Calm
from domain.identity import LineId, StreamId
from domain.port_in_facts import HostNetwork
from tests.fakes.ledger import FakeLedger


@dataclass(frozen=True)
class FakeHostBooks:
    ledger: FakeLedger

    def _streams(self, kind: str) -> list[StreamId]:
        return sorted({r.stream_id for r in self.ledger.rows if r.stream_id.startswith(f"{kind}/")})

    async def of_host(
        self, host: HostNetwork, *, after: LineId | None, limit: int
    ) -> Sequence[LineId]:
        found = []
        for stream in self._streams("line"):
            belief = belief_in(await self.ledger.read(stream))
            if belief is not None and belief.host is host:
                found.append(LineId(UUID(stream.partition("/")[2])))
        ordered = sorted(found, key=str)
        return [one for one in ordered if after is None or str(one) > str(after)][:limit]

    async def watched(self, host: HostNetwork) -> frozenset[LineId]:
        states = [state_of(await self.ledger.read(s)) for s in self._streams("difference")]
        known = [state.difference for state in states if not isinstance(state, Calm)]
        return frozenset(one.line_id for one in known if one.host is host)
