"""The publisher: facts, in commit order, become what others are told. One runner at a time."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from adapters.postgres.publications import PostgresPublications
from domain import new_numbers
from domain import port_in_facts as port
from domain.access_facts import AccessOpened
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import (
    LineId,
    OrderId,
    StreamId,
    line_of_stream,
    line_stream,
    order_of_stream,
    order_stream,
)
from domain.indemnity_facts import IndemnityOpened, indemnity_of_stream
from domain.notices import NoticeDue, notice_of_stream
from domain.orders import LineOpened, OrderReceived
from domain.parsed import BadValueError
from domain.port_rules import PortRules
from ledger.envelope import Envelope
from ledger.ports import Ledger
from ledger.subscription import EventReader
from projections.publications import About, Publication, published

BATCH = 500
KINDS = frozenset({"order", "lot", "jeopardy", "indemnity", "line", "notice"})
"""The streams that belong to an order."""
REMEMBERED_MAX = 5_000

log = structlog.get_logger("publisher")


@dataclass(frozen=True, kw_only=True)
class ToPublish:
    publication_id: UUID
    order_id: UUID
    client: str
    type: str
    body: str


@dataclass(kw_only=True)
class Publisher:
    reader: EventReader
    ledger: Ledger
    publications: PostgresPublications
    rules: PortRules
    _abouts: OrderedDict[StreamId, About] = field(default_factory=OrderedDict)

    async def turn(self) -> int:
        """One batch; how many events it had."""
        before = await self.publications.checkpoint()
        batch = await self.reader.after(before, limit=BATCH, kinds=KINDS)
        if batch.read:
            told = [one for e in batch.envelopes for one in await self._told(e)]
            await self.publications.publish(told, before=before, after=batch.checkpoint)
        return batch.read

    async def _told(self, envelope: Envelope) -> list[ToPublish]:
        about = await self._about(envelope)
        if about is None:
            return []
        return [_to_publish(one, about) for one in published(envelope, about, self._contract_of)]

    def _contract_of(self, pin: Pin) -> Contract | None:
        try:
            return self.rules.contract(pin)
        except BadValueError as exc:
            log.warning("publisher.contract.unreadable", provider=pin.provider, why=str(exc))
            return None

    async def _about(self, envelope: Envelope) -> About | None:
        """What the stream is about: from its first fact, and remembered."""
        stream_id = envelope.stream_id
        known = self._abouts.get(stream_id)
        if known is None:
            known = await self._looked_up(stream_id)
        if known is not None:
            self._abouts[stream_id] = known
            self._abouts.move_to_end(stream_id)
            if len(self._abouts) > REMEMBERED_MAX:
                self._abouts.popitem(last=False)
        return known

    async def _looked_up(self, stream_id: StreamId) -> About | None:
        order_id, line_id = order_of_stream(stream_id), line_of_stream(stream_id)
        if order_id is not None:
            return await self._about_order(order_id)
        if indemnity_of_stream(stream_id) is not None:
            return await self._about_indemnity(stream_id)
        if line_id is None and notice_of_stream(stream_id) is None:
            return None
        history = await self.ledger.read(stream_id)
        first = history[0].event if history else None
        if isinstance(first, NoticeDue):
            return await self._about_order(first.terms.order_id)
        return await self._about_line(line_id, first) if line_id and first else None

    async def _about_indemnity(self, stream_id: StreamId) -> About | None:
        """What its line is about, under a name of its own."""
        (first, *_) = await self.ledger.read(stream_id)
        if not isinstance(first.event, IndemnityOpened):
            return None
        terms = first.event.terms
        line = await self.ledger.read(line_stream(terms.line_id))
        about = await self._about_line(terms.line_id, line[0].event) if line else None
        return None if about is None else replace(about, indemnity_id=terms.indemnity_id)

    async def _about_order(self, order_id: OrderId) -> About | None:
        for envelope in await self.ledger.read(order_stream(order_id)):
            if isinstance(envelope.event, OrderReceived):
                return About(
                    order_id=order_id,
                    client=envelope.event.client,
                    reference=envelope.event.reference,
                    ordered_at=envelope.business_at,
                )
        return None

    async def _about_line(self, line_id: LineId, first: Event) -> About | None:
        if not isinstance(first, port.PortOpened | new_numbers.NewNumberOpened | AccessOpened):
            return None
        terms = first.terms
        order = await self._about_order(terms.order_id)
        if order is None:
            return None
        return About(
            order_id=order.order_id,
            client=order.client,
            reference=order.reference,
            ordered_at=order.ordered_at,
            line_id=line_id,
            line=terms.number or await self._number_of(order.order_id, line_id),
            pin=terms.pin,
            monthly_ttc=terms.monthly_ttc if isinstance(terms, port.LineTerms) else None,
        )

    async def _number_of(self, order_id: OrderId, line_id: LineId) -> int | None:
        for envelope in await self.ledger.read(order_stream(order_id)):
            if isinstance(envelope.event, LineOpened) and envelope.event.line_id == line_id:
                return envelope.event.number
        return None


def _to_publish(one: Publication, about: About) -> ToPublish:
    return ToPublish(
        publication_id=one.id,
        order_id=about.order_id,
        client=about.client,
        type=one.type,
        body=one.model_dump_json(),
    )
