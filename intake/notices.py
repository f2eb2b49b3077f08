"""What is done with a notice: each command is one decision on its stream, and the same repeated.

People record the dates of letters, and say how a notice goes on that did not leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain import notices, order_file
from domain.event import Event
from domain.identity import NoticeId, OrderId, order_subject, step_command
from domain.notice_channels import effect_of
from domain.notice_texts import Text
from domain.notices import (
    InEffect,
    KnownNotice,
    NoticeCommand,
    NoticeDecision,
    NoticeRefusedError,
    NoticeState,
    RecordDates,
    Sent,
    SettleNotice,
    notice_stream,
)
from domain.order_file import Came, Channel
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.policies import LETTER_DATES_WAIT, LETTER_WAIT
from domain.port_rules import PortRules
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.notices import NoticeDocument


@dataclass(frozen=True, kw_only=True)
class ToldText:
    """A notice's text as it is made again, and whether it is what was sent."""

    text: Text
    as_sent: bool | None
    """None before it was written."""


class NoticeReader(Protocol):
    async def waiting(self) -> Sequence[NoticeDocument]:
        """Those that wait for somebody."""

    async def find(self, notice_id: NoticeId) -> NoticeDocument | None: ...

    async def of_order(self, order_id: OrderId) -> Sequence[NoticeDocument]:
        """What the customer was told of an order, and is about to be, in the order of its facts."""

    async def text(self, state: KnownNotice) -> ToldText | None:
        """None when its template is no longer there."""


@dataclass(frozen=True, kw_only=True)
class NoticeBook:
    """The ledger, as notices are written to it."""

    ledger: Ledger
    keyed_hash: KeyedHash

    async def state(self, notice_id: NoticeId) -> NoticeState:
        history = await self.ledger.read(notice_stream(notice_id))
        return notices.fold(envelope.event for envelope in history)

    async def obey(
        self,
        notice_id: NoticeId,
        command: NoticeCommand,
        *,
        step: str,
        actor: str,
        order_id: OrderId,
        content: str = "",
    ) -> tuple[Envelope, ...]:
        """The whole stream afterwards. NoticeRefusedError says what can be done instead."""
        stream = notice_stream(notice_id)
        said = f"{type(command).__name__} {notice_id} {step} {content}".encode()
        before = await self.ledger.read(stream)
        return await decide_once(
            self.ledger,
            Decision(
                stream_id=stream,
                stamp=CommandStamp(
                    command_id=step_command(notice_id, step=step),
                    fingerprint=self.keyed_hash.digest(purpose="command", content=said),
                ),
                decide=lambda events: _decided(command, events),
                business_at=max([command.decided_at, *(e.business_at for e in before[-1:])]),
                actor=actor,
                correlation=str(order_id),
            ),
        )


def _decided(command: NoticeCommand, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return notices.decide(command, notices.fold(events))


@dataclass(frozen=True, kw_only=True)
class By:
    """Who does it, under which key of theirs, at which business instant."""

    actor: str
    key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What somebody knows of a letter now; what was known before stays."""

    sent_on: date | None = None
    presented_on: date | None = None
    received_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Settled:
    decision: NoticeDecision
    reason: str
    address: str | None
    channel: Channel | None


@dataclass(frozen=True, kw_only=True)
class NoticeDesk:
    book: NoticeBook
    rules: PortRules

    async def record(self, notice_id: NoticeId, dates: Dates, by: By) -> None:
        """BadValueError names the date that cannot be; it takes effect on the contract's day."""
        state = await self._known(notice_id)
        came = _known_now(state, dates)
        order_file.check_order_of(came, today=self.rules.local(by.at).date())
        contract = self.rules.contract(state.terms.pin)
        command = RecordDates(
            decided_at=by.at,
            came=came,
            by=by.actor,
            effect=effect_of(contract, _channel_of(state), came),
            until=self.rules.after(by.at, LETTER_DATES_WAIT),
        )
        await self._obey(state, command, by, content=came.model_dump_json())

    async def settle(self, notice_id: NoticeId, settled: Settled, by: By) -> None:
        state = await self._known(notice_id)
        subject = order_subject(state.terms.order_id)
        address = settled.address
        if address is not None and self._takes_no_email(state):
            raise BadValueError("this contract takes no notice by email: decide other-channel")
        command = SettleNotice(
            decided_at=by.at,
            decision=settled.decision,
            by=by.actor,
            reason=settled.reason,
            to=None if address is None else Personal(subject=subject, value=address),
            channel=settled.channel,
            until=self.rules.after(by.at, LETTER_WAIT),
        )
        content = f"{settled.decision} {settled.reason} {address} {settled.channel}"
        await self._obey(state, command, by, content=content)

    def _takes_no_email(self, state: KnownNotice) -> bool:
        contract = self.rules.contract(state.terms.pin)
        return contract.choice("notice.email-effective") == "never"

    async def _known(self, notice_id: NoticeId) -> KnownNotice:
        state = await self.book.state(notice_id)
        if state is None:
            raise NoticeRefusedError("there is no such notice")
        return state

    async def _obey(
        self, state: KnownNotice, command: RecordDates | SettleNotice, by: By, *, content: str
    ) -> None:
        await self.book.obey(
            state.terms.notice_id,
            command,
            step=f"asked/{by.key}",
            actor=by.actor,
            order_id=state.terms.order_id,
            content=content,
        )


def _channel_of(state: KnownNotice) -> Channel:
    composed = getattr(state, "composed", None)
    return Channel.LETTER if composed is None else composed.channel


def _known_now(state: KnownNotice, dates: Dates) -> Came:
    before = state.came if isinstance(state, Sent | InEffect) else None
    sent_on = dates.sent_on or (None if before is None else before.sent_on)
    if sent_on is None:
        raise BadValueError("sent_on is missing: give the day it was sent")
    return Came(
        sent_on=sent_on,
        presented_on=dates.presented_on or (before.presented_on if before else None),
        received_on=dates.received_on or (before.received_on if before else None),
    )
