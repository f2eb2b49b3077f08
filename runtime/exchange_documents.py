"""What the API reads of the exchanges: documents with the facts the projector has not read yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.exchange_troubles import trouble_stream
from domain.identity import StreamId
from domain.transfers import transfer_stream
from ledger.exchange_post import Incoming, Outgoing, ReceivedFile, SentFile
from ledger.ports import Ledger
from projections.exchange import TRANSFERS, TROUBLES, TransferDocument, TroubleDocument
from projections.projection import DocumentT, Projection, fold
from runtime.projecting import ProjectionRunner


@dataclass(frozen=True, kw_only=True)
class ExchangeDocuments:
    ledger: Ledger
    trouble_runner: ProjectionRunner[TroubleDocument]
    transfer_runner: ProjectionRunner[TransferDocument]
    outgoing: Outgoing
    incoming: Incoming

    async def troubles(self) -> Sequence[TroubleDocument]:
        keys = await self.trouble_runner.documents.open_keys(TROUBLES.stored_as)
        return tuple((await self.trouble_runner.load(keys)).values())

    async def trouble(self, trouble_id: UUID) -> TroubleDocument | None:
        return await self._find(TROUBLES, trouble_stream(trouble_id), str(trouble_id))

    async def transfers(self) -> Sequence[TransferDocument]:
        keys = await self.transfer_runner.documents.open_keys(TRANSFERS.stored_as)
        return tuple((await self.transfer_runner.load(keys)).values())

    async def transfer(self, transfer_id: UUID) -> TransferDocument | None:
        return await self._find(TRANSFERS, transfer_stream(transfer_id), str(transfer_id))

    async def _find(
        self, projection: Projection[DocumentT], stream: StreamId, key: str
    ) -> DocumentT | None:
        """Straight from the facts: one of them is short."""
        return fold(projection, {}, await self.ledger.read(stream)).get(key)

    async def sent(self, *, limit: int) -> Sequence[SentFile]:
        return await self.outgoing.sent(limit=limit)

    async def received(self, *, limit: int) -> Sequence[ReceivedFile]:
        return await self.incoming.received(limit=limit)
