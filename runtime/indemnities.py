"""Indemnities as the API reads them: documents, and the facts the projector has not read yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.indemnity_facts import IndemnityId, indemnity_stream
from ledger.ports import Ledger
from projections.indemnity import INDEMNITIES, IndemnityDocument
from projections.projection import fold
from runtime.projecting import ProjectionRunner
from runtime.store import Store


def indemnity_runner(store: Store) -> ProjectionRunner[IndemnityDocument]:
    return ProjectionRunner(
        projection=INDEMNITIES, reader=store.reader, documents=store.documents, keys=store.keys
    )


@dataclass(frozen=True, kw_only=True)
class IndemnityDocuments:
    runner: ProjectionRunner[IndemnityDocument]
    ledger: Ledger

    async def find(self, indemnity_id: IndemnityId) -> IndemnityDocument | None:
        """Straight from the facts: there are few of them."""
        history = await self.ledger.read(indemnity_stream(indemnity_id))
        return fold(INDEMNITIES, {}, history).get(str(indemnity_id))

    async def all(self) -> Sequence[IndemnityDocument]:
        keys = await self.runner.documents.every_key(INDEMNITIES.stored_as)
        return tuple((await self.runner.load(keys)).values())

    async def still_open(self) -> Sequence[IndemnityDocument]:
        keys = await self.runner.documents.open_keys(INDEMNITIES.stored_as)
        return tuple((await self.runner.load(keys)).values())
