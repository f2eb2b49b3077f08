"""Runs projections: reads in commit order, folds, saves documents and checkpoint together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from adapters.postgres.documents import PostgresDocuments, Saved
from adapters.postgres.orders import PostgresOrders
from domain.identity import OrderId, order_stream
from ledger.codec import sealed_text, subjects_in, subjects_in_text, unsealing_context
from ledger.ports import Ledger
from ledger.sealing import SubjectKeys
from ledger.subscription import EventReader
from projections.listing import OrderPlace, OrdersAsked
from projections.order import ORDERS, OrderDocument
from projections.projection import DocumentT, Projection, fold, keys_of

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Step:
    """A batch that was gone past: how many events it had, and whether a document changed."""

    read: int
    changed: bool


@dataclass(frozen=True, kw_only=True)
class ProjectionRunner(Generic[DocumentT]):
    projection: Projection[DocumentT]
    reader: EventReader
    documents: PostgresDocuments
    keys: SubjectKeys

    async def turn(self) -> int:
        """One batch; how many events it had."""
        return (await self.step()).read

    async def step(self) -> Step:
        before = await self.documents.checkpoint(self.projection.stored_as)
        kinds = frozenset({self.projection.kind})
        batch = await self.reader.after(before, limit=BATCH, kinds=kinds)
        if not batch.read:
            return Step(read=0, changed=False)
        known = await self.load(keys_of(self.projection, batch.envelopes))
        changed = fold(self.projection, known, batch.envelopes)
        await self.documents.save(
            self.projection.stored_as,
            await self._saved(changed),
            from_checkpoint=before,
            to_checkpoint=batch.checkpoint,
        )
        return Step(read=batch.read, changed=bool(changed))

    async def load(self, keys: frozenset[str]) -> dict[str, DocumentT]:
        if not keys:
            return {}
        bodies = await self.documents.bodies(self.projection.stored_as, keys)
        subjects = frozenset().union(*(subjects_in_text(body) for body in bodies.values()))
        context = unsealing_context(await self.keys.for_reading(subjects) if subjects else {})
        return {
            key: self.projection.document.model_validate_json(body, context=context)
            for key, body in bodies.items()
        }

    async def _saved(self, documents: dict[str, DocumentT]) -> dict[str, Saved]:
        subjects = frozenset().union(*(subjects_in(document) for document in documents.values()))
        ciphers = await self.keys.for_reading(subjects) if subjects else {}
        return {
            key: Saved(body=sealed_text(document, ciphers), brief=self._brief(document))
            for key, document in documents.items()
        }

    def _brief(self, document: DocumentT) -> str | None:
        brief_of = self.projection.brief_of
        return None if brief_of is None else brief_of(document).model_dump_json()


@dataclass(frozen=True, kw_only=True)
class OrderDocuments:
    """Orders as they stand: the document, and whatever facts the projector has not read yet."""

    runner: ProjectionRunner[OrderDocument]
    ledger: Ledger
    index: PostgresOrders

    async def find(self, order_id: OrderId) -> OrderDocument | None:
        key = str(order_id)
        known = await self.runner.load(frozenset({key}))
        version = known[key].version if key in known else 0
        newer = await self.ledger.read(order_stream(order_id), after=version)
        return {**known, **fold(ORDERS, known, newer)}.get(key)

    async def many(self, order_ids: frozenset[OrderId]) -> Mapping[OrderId, OrderDocument]:
        loaded = await self.runner.load(frozenset(str(order_id) for order_id in order_ids))
        found = {document.order_id: document for document in loaded.values()}
        for order_id in order_ids - found.keys():
            if (document := await self.find(order_id)) is not None:
                found[order_id] = document
        return found

    async def listed(self, asked: OrdersAsked) -> tuple[OrderPlace, ...]:
        places = await self.index.listed(asked)
        return tuple(OrderPlace(order_id=order_id, place=place) for order_id, place in places)
