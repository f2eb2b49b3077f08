"""What the API reads of notices: those that wait, one of them, and all of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from domain.identity import NoticeId, OrderId
from domain.notices import KnownNotice, NoticePurpose, notice_id_of, notice_stream
from intake.notices import ToldText
from ledger.ports import Ledger
from projections.notices import WAITING, NoticeDocument
from projections.projection import fold
from runtime.notice_texts import NoticeTexts
from runtime.projecting import ProjectionRunner


@dataclass(frozen=True, kw_only=True)
class NoticeDocuments:
    ledger: Ledger
    waiting_runner: ProjectionRunner[NoticeDocument]
    texts: NoticeTexts

    async def waiting(self) -> Sequence[NoticeDocument]:
        keys = await self.waiting_runner.documents.open_keys(WAITING.stored_as)
        return tuple((await self.waiting_runner.load(keys)).values())

    async def find(self, notice_id: NoticeId) -> NoticeDocument | None:
        """Straight from the facts: they are few."""
        history = await self.ledger.read(notice_stream(notice_id))
        return fold(WAITING, {}, history).get(str(notice_id))

    async def of_order(self, order_id: OrderId) -> Sequence[NoticeDocument]:
        """Its notices are numbered for each purpose: they are looked for until there is none."""
        found: list[NoticeDocument] = []
        for purpose in NoticePurpose:
            for round_ in count():
                one = await self.find(notice_id_of(order_id, purpose, round_=round_))
                if one is None:
                    break
                found.append(one)
        return sorted(found, key=lambda one: (one.due_at, one.began_at))

    async def text(self, state: KnownNotice) -> ToldText | None:
        return await self.texts.again(state)
