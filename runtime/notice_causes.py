"""From facts to notices that are due: read in commit order, each cause once, whatever restarts.

The notices of an order for one purpose are numbered, and each holds its causes: what is read again
is looked for through all of them, and what one of them holds is left out. Which is the last is
remembered for as long as nothing is read twice.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from adapters.postgres.documents import PostgresDocuments
from domain import notices
from domain.access_facts import AccessOpened
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import (
    LineId,
    NoticeId,
    OrderId,
    StreamId,
    line_of_stream,
    order_of_stream,
    order_stream,
    step_command,
)
from domain.new_numbers import NewNumberOpened
from domain.notice_around import Around
from domain.notice_causes import asks_nothing, told_of
from domain.notice_sites import SiteTold, may_tell, site_told
from domain.notice_told import NOTICES, quote_word
from domain.notices import (
    Cause,
    NoticeInEffect,
    NoticePurpose,
    NoticeRefusedError,
    NoticeTerms,
    Tell,
    cause_id,
    notice_id_of,
    notice_of_stream,
    notice_stream,
)
from domain.orders import OrderReceived
from domain.policies import NOTICE_CAUSES_MAX
from domain.port_in_facts import (
    CancellationLapsed,
    EligibilityLost,
    PortEnded,
    PortOpened,
    PortPlanned,
    PortRefused,
)
from domain.port_rules import PortRules
from domain.said import Language
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope
from ledger.messages import Inbox, IncomingMessage
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from ledger.subscription import Checkpoint, EventReader

BATCH = 500
KINDS = frozenset({"order", "lot", "jeopardy", "line", "notice"})
"""The streams customers are told from; and notices, whose taking effect lines are told of."""
REMEMBERED_MAX = 5_000
CHECKPOINT = "notices"
ACTOR = "notices"


@dataclass(frozen=True, kw_only=True)
class _Tellable:
    """What of an order its notices are made under; nothing personal is remembered."""

    order_id: OrderId
    client: str
    reference: str
    pin: Pin
    language: Language


@dataclass(frozen=True, kw_only=True)
class _Group:
    """What one order is told for one purpose, and when the last of it happened."""

    order: _Tellable
    purpose: NoticePurpose
    causes: list[Cause] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)


@dataclass(kw_only=True)
class NoticeCauses:
    reader: EventReader
    ledger: Ledger
    documents: PostgresDocuments
    keyed_hash: KeyedHash
    rules: PortRules
    inbox: Inbox
    _orders: OrderedDict[OrderId, _Tellable | None] = field(default_factory=OrderedDict)
    _histories: dict[StreamId, tuple[Envelope, ...]] = field(default_factory=dict)
    """Of the batch that is being read: with what is personal in it, and so for no longer."""
    _reached: Checkpoint | None = None
    """Up to where this reader knows what it told; anything else is looked up again."""
    _rounds: OrderedDict[tuple[OrderId, NoticePurpose], int] = field(default_factory=OrderedDict)

    async def turn(self) -> int:
        """One batch; how many events it had."""
        before = await self.documents.checkpoint(CHECKPOINT)
        batch = await self.reader.after(before, limit=BATCH, kinds=KINDS)
        if not batch.read:
            return 0
        if before != self._reached:
            self._rounds.clear()
        self._reached = None
        groups = await self._groups(batch.envelopes)
        self._histories.clear()
        for group in groups.values():
            await self._tell(group)
        await self._tell_lines(batch.envelopes)
        await self.documents.save(
            CHECKPOINT, {}, from_checkpoint=before, to_checkpoint=batch.checkpoint
        )
        self._reached = batch.checkpoint
        return batch.read

    async def _groups(
        self, envelopes: Sequence[Envelope]
    ) -> dict[tuple[OrderId, NoticePurpose], _Group]:
        groups: dict[tuple[OrderId, NoticePurpose], _Group] = {}
        self._histories.clear()
        for envelope in envelopes:
            told = await self._told(envelope)
            if told is None:
                continue
            order, line_id = await self._order_of(envelope)
            if order is None or await self._is_no_news(envelope):
                continue
            group = groups.setdefault(
                (order.order_id, told.purpose), _Group(order=order, purpose=told.purpose)
            )
            group.causes.append(
                Cause(
                    cause_id=cause_id(envelope.stream_id, version=envelope.version),
                    line_id=line_id,
                    facts=told.facts,
                    about=told.about,
                    sources=told.sources,
                    tell_by=told.tell_by,
                )
            )
            group.envelopes.append(envelope)
        return groups

    async def _told(self, envelope: Envelope) -> SiteTold | None:
        """Some facts are told of a site in words of its own, and of a number in others."""
        event = envelope.event
        if line_of_stream(envelope.stream_id) is not None and may_tell(event):
            history = await self._history(envelope.stream_id)
            if history and isinstance(history[0].event, AccessOpened):
                return site_told(event, self._around(envelope, history))
        told = told_of(event, self.rules.local, await self._before(envelope))
        return None if told is None else SiteTold(purpose=told[0], facts=told[1])

    def _around(self, envelope: Envelope, history: tuple[Envelope, ...]) -> Around:
        return Around(
            before=tuple(e.event for e in history if e.version < envelope.version),
            after=tuple(
                e.event
                for e in history
                if e.version > envelope.version and e.command_id == envelope.command_id
            ),
            at=envelope.business_at,
            rules=self.rules,
            beside=tuple(
                e.event
                for e in history
                if e.version < envelope.version and e.command_id == envelope.command_id
            ),
        )

    async def _tell_lines(self, envelopes: Sequence[Envelope]) -> None:
        """Those whose days run from when a notice takes effect: kept once, however often read."""
        for envelope in envelopes:
            notice_id, event = notice_of_stream(envelope.stream_id), envelope.event
            if notice_id is None or not isinstance(event, NoticeInEffect):
                continue
            history = await self.ledger.read(envelope.stream_id)
            state = notices.fold(one.event for one in history)
            for cause in () if state is None else state.causes:
                word = quote_word(cause, notice_id, event)
                if word is not None:
                    await self.inbox.receive(
                        IncomingMessage(
                            source=NOTICES,
                            message_key=f"{notice_id}/{cause.cause_id}",
                            correlation=str(cause.line_id),
                            body=word,
                            received_at=envelope.business_at,
                        )
                    )

    async def _before(self, envelope: Envelope) -> tuple[Event, ...]:
        """What led to it, of the facts that are told by what led to them."""
        if not isinstance(envelope.event, CancellationLapsed | PortEnded):
            return ()
        history = await self._history(envelope.stream_id)
        return tuple(e.event for e in history if e.version < envelope.version)

    async def _history(self, stream_id: StreamId) -> tuple[Envelope, ...]:
        """Once for each stream of a batch, whose facts were all committed before it was read."""
        if stream_id not in self._histories:
            self._histories[stream_id] = await self.ledger.read(stream_id)
        return self._histories[stream_id]

    async def _order_of(self, envelope: Envelope) -> tuple[_Tellable | None, LineId | None]:
        """None for whatever belongs to no order, or to one of before customers were told."""
        line_id = line_of_stream(envelope.stream_id)
        if line_id is not None:
            return await self._order(await self._owner(envelope.stream_id)), line_id
        return await self._order(order_of_stream(envelope.stream_id)), None

    async def _owner(self, stream_id: StreamId) -> OrderId | None:
        history = await self._history(stream_id)
        first = history[0].event if history else None
        if not isinstance(first, PortOpened | NewNumberOpened | AccessOpened):
            return None
        return first.terms.order_id

    async def _order(self, order_id: OrderId | None) -> _Tellable | None:
        if order_id is None:
            return None
        if order_id not in self._orders:
            self._orders[order_id] = await self._received(order_id)
            if len(self._orders) > REMEMBERED_MAX:
                self._orders.popitem(last=False)
        return self._orders[order_id]

    async def _received(self, order_id: OrderId) -> _Tellable | None:
        history = await self.ledger.read(order_stream(order_id))
        found = (e.event for e in history if isinstance(e.event, OrderReceived))
        received = next(found, None)
        if received is None or received.language is None:
            return None
        return _Tellable(
            order_id=order_id,
            client=received.client,
            reference=received.reference,
            pin=received.under,
            language=received.language,
        )

    async def _is_no_news(self, envelope: Envelope) -> bool:
        """The same day settled once more, and a refusal that is tried again by itself."""
        event = envelope.event
        if isinstance(event, PortRefused | EligibilityLost):
            history = await self._history(envelope.stream_id)
            beside = [e.event for e in history if e.command_id == envelope.command_id]
            return asks_nothing(event, beside)
        if not isinstance(event, PortPlanned) or event.moved_from is not None:
            return False
        history = await self._history(envelope.stream_id)
        return any(
            isinstance(e.event, PortPlanned) for e in history if e.version < envelope.version
        )

    async def _tell(self, group: _Group) -> None:
        """Into the notice that still gathers and has room, else into the next of its purpose."""
        place = (group.order.order_id, group.purpose)
        causes = tuple(group.causes)
        for round_ in count(self._rounds.get(place, 0)):
            self._rounds[place] = round_
            if len(self._rounds) > REMEMBERED_MAX:
                self._rounds.popitem(last=False)
            terms = _terms(group, round_)
            held = await self._held(terms.notice_id)
            causes = tuple(cause for cause in causes if cause.cause_id not in held)
            taken = causes[: max(0, NOTICE_CAUSES_MAX - len(held))]
            if taken and await self._appended(terms, group, taken):
                causes = causes[len(taken) :]
            if not causes:
                return

    async def _held(self, notice_id: NoticeId) -> frozenset[UUID]:
        history = await self.ledger.read(notice_stream(notice_id))
        state = notices.fold(envelope.event for envelope in history)
        return frozenset(() if state is None else (cause.cause_id for cause in state.causes))

    async def _appended(self, terms: NoticeTerms, group: _Group, causes: tuple[Cause, ...]) -> bool:
        """False once it is written: it takes no more."""
        at = max(envelope.business_at for envelope in group.envelopes)
        command = Tell(decided_at=at, terms=terms, causes=causes)
        command_id = step_command(causes[0].cause_id, step="tell")
        said = f"Tell {terms.notice_id} {command_id}".encode()
        try:
            await decide_once(
                self.ledger,
                Decision(
                    stream_id=notice_stream(terms.notice_id),
                    stamp=CommandStamp(
                        command_id=command_id,
                        fingerprint=self.keyed_hash.digest(purpose="command", content=said),
                    ),
                    decide=lambda events: notices.decide(command, notices.fold(events)),
                    business_at=at,
                    actor=ACTOR,
                    correlation=str(terms.order_id),
                    cause=str(group.envelopes[0].command_id),
                ),
            )
        except NoticeRefusedError:
            return False
        return True


def _terms(group: _Group, round_: int) -> NoticeTerms:
    order = group.order
    return NoticeTerms(
        notice_id=notice_id_of(order.order_id, group.purpose, round_=round_),
        order_id=order.order_id,
        client=order.client,
        reference=order.reference,
        pin=order.pin,
        purpose=group.purpose,
        language=order.language,
    )
