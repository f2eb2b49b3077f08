"""What is read to compare hosts: their lines, what is watched, and documents for the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from adapters.postgres.briefs import PostgresBriefs
from domain.differences import difference_stream
from domain.host_nights import host_nights_stream
from domain.identity import LineId
from domain.port_in_facts import HostNetwork
from ledger.ports import Ledger
from projections.lines import LINES
from projections.projection import fold
from projections.reconciling import (
    DIFFERENCES,
    HOST_NIGHTS,
    DifferenceDocument,
    HostNightsDocument,
)
from runtime.projecting import ProjectionRunner
from runtime.store import Store


def difference_runner(store: Store) -> ProjectionRunner[DifferenceDocument]:
    return ProjectionRunner(
        projection=DIFFERENCES, reader=store.feed, documents=store.documents, keys=store.keys
    )


def host_nights_runner(store: Store) -> ProjectionRunner[HostNightsDocument]:
    return ProjectionRunner(
        projection=HOST_NIGHTS, reader=store.feed, documents=store.documents, keys=store.keys
    )


@dataclass(frozen=True, kw_only=True)
class ReconcileDocuments:
    ledger: Ledger
    briefs: PostgresBriefs
    difference_runner: ProjectionRunner[DifferenceDocument]
    host_runner: ProjectionRunner[HostNightsDocument]

    async def differences(self) -> Sequence[DifferenceDocument]:
        keys = await self.difference_runner.documents.open_keys(DIFFERENCES.stored_as)
        return tuple((await self.difference_runner.load(keys)).values())

    async def difference(self, difference_id: UUID) -> DifferenceDocument | None:
        """Straight from the facts: one of them is short."""
        history = await self.ledger.read(difference_stream(difference_id))
        return fold(DIFFERENCES, {}, history).get(str(difference_id))

    async def hosts(self) -> Sequence[HostNightsDocument]:
        known = await self.host_runner.load(frozenset(HostNetwork))
        for host in HostNetwork:
            version = known[host].version if host in known else 0
            newer = await self.ledger.read(host_nights_stream(host), after=version)
            known = {**known, **fold(HOST_NIGHTS, known, newer)}
        return tuple(known.values())

    async def of_host(
        self, host: HostNetwork, *, after: LineId | None, limit: int
    ) -> Sequence[LineId]:
        """As the projector has them: a line of a moment ago is not compared anyway."""
        mark = "" if after is None else str(after)
        keys = await self.briefs.of_host(LINES.stored_as, host, after=mark, limit=limit)
        return tuple(LineId(UUID(key)) for key in keys)

    async def watched(self, host: HostNetwork) -> frozenset[LineId]:
        found = (document.difference for document in await self.differences())
        return frozenset(one.line_id for one in found if one.host is host)


def reconcile_documents(store: Store) -> ReconcileDocuments:
    return ReconcileDocuments(
        ledger=store.ledger,
        briefs=store.briefs,
        difference_runner=difference_runner(store),
        host_runner=host_nights_runner(store),
    )
