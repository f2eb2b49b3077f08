"""Transfers others lead: what they tell becomes facts, what a person answers becomes a ticket."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from adapters.pnm.gateway import PnmExchange
from adapters.pnm.mapping import KeptTicket, day, instant, opened
from adapters.pnm.tickets import REQUESTS, Code
from domain import port_moments, transfers
from domain.event import Event
from domain.identity import step_command
from domain.operators import Took, TransferReply
from domain.personal import Personal
from domain.port_dates import PortCalendar
from domain.port_rules import PortRules
from domain.ports import Clocks
from domain.transfers import (
    NoteCancellation,
    NoteOther,
    NotePorting,
    NoteRequest,
    TransferCommand,
    TransferTerms,
    transfer_stream,
    transfer_subject,
)
from ledger.append import CommandStamp, MessageSettledError
from ledger.deciding import Decision, decide_once
from ledger.messages import Inbox, WaitingMessage
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from runtime.exchange_reading import REVERSE_PORTS, TRANSFERS
from runtime.relay import Done, Later, Outcome, Park

OVERTAKES_FOR = timedelta(days=1)
"""How long a cancellation waits for the request it cancels, in business time. Ours."""


@dataclass(frozen=True, kw_only=True)
class TransferTaker:
    """A ticket about no line of ours, from the inbox to its transfer's stream."""

    inbox: Inbox
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    clocks: Clocks
    wall_now: Callable[[], datetime]

    async def take(self, message: WaitingMessage) -> Outcome:
        row = await self.inbox.read(message.number)
        kept = opened(row.body)
        transfer_id = UUID(row.correlation)
        clock = await self.clocks.in_force()
        now = clock.business_at(self.wall_now())
        command = self._command(transfer_id, kept, row.received_at)
        stamp = CommandStamp(
            command_id=step_command(transfer_id, step=f"message/{message.number}"),
            fingerprint=self.keyed_hash.digest(purpose="command", content=row.body.encode()),
        )
        if await self._overtakes(transfer_id, command, row.received_at, now):
            return Later("a cancellation that comes before its request waits for it")
        with suppress(MessageSettledError):
            await decide_once(
                self.ledger,
                Decision(
                    stream_id=transfer_stream(transfer_id),
                    stamp=stamp,
                    decide=lambda events: _decided(command, events),
                    business_at=now,
                    actor=row.source,
                    correlation=str(transfer_id),
                    settles=message.number,
                ),
            )
        return Done()

    async def _overtakes(
        self, transfer_id: UUID, command: TransferCommand, received: datetime, now: datetime
    ) -> bool:
        """Both may be in one file, and are handed over side by side."""
        if not isinstance(command, NoteCancellation) or now > received + OVERTAKES_FOR:
            return False
        return not await self.ledger.read(transfer_stream(transfer_id))

    def _command(self, transfer_id: UUID, kept: KeptTicket, at: datetime) -> TransferCommand:
        ticket = kept.ticket
        calendar = self.rules.calendar(kept.group, at.date())
        remind = port_moments.next_reminder(calendar, at)
        if ticket.code is Code.CANCELLATION:
            return NoteCancellation(decided_at=at, code=ticket.more["reason"], until=remind)
        terms = _terms(transfer_id, kept)
        if ticket.code in REQUESTS:
            until = _answers_by(calendar, terms, at)
            return NoteRequest(decided_at=at, terms=terms, until=until)
        if _announces(kept) and terms.port_day is not None:
            until = port_moments.confirmations_until(calendar, terms.port_day)
            reverse = ticket.code is Code.REVERSE_PORTING
            return NotePorting(decided_at=at, terms=terms, until=until, reverse=reverse)
        return NoteOther(decided_at=at, terms=terms, ticket=ticket.code.value, until=remind)


def _announces(kept: KeptTicket) -> bool:
    """A reverse port between two others; one of ours that nobody knows is for a person."""
    ticket = kept.ticket
    others = kept.ours not in {ticket.receiver, ticket.donor}
    return ticket.code is Code.PORTING or (ticket.code is Code.REVERSE_PORTING and others)


def _terms(transfer_id: UUID, kept: KeptTicket) -> TransferTerms:
    ticket, group = kept.ticket, kept.group
    subject = transfer_subject(transfer_id)
    rio = ticket.more.get("rio")
    port_day = ticket.more.get("port_day")
    asked = ticket.code in REQUESTS
    return TransferTerms(
        transfer_id=transfer_id,
        group=group,
        receiver=ticket.receiver,
        donor=ticket.donor,
        ours=kept.ours,
        subscribed_at=instant(ticket.subscribed_at, group),
        number=Personal(subject=subject, value=ticket.msisdn),
        rio=None if rio is None else Personal(subject=subject, value=rio),
        enterprise=ticket.code is Code.REQUEST_ENTERPRISE if asked else None,
        port_day=None if port_day is None else day(port_day),
    )


def _answers_by(calendar: PortCalendar, terms: TransferTerms, at: datetime) -> datetime:
    local = at.astimezone(calendar.exchange.time_zone).date()
    return port_moments.donor_answers_by(calendar, local, terms.port_day or local)


def _decided(command: TransferCommand, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return transfers.decide(command, transfers.fold(events))


HandOver = Callable[[WaitingMessage], Awaitable[Outcome]]


def by_source(*, lines: HandOver, transfers: HandOver, reverse_ports: HandOver) -> HandOver:
    """Messages about lines go to their processes, the others to what they are about."""
    named = {TRANSFERS: transfers, REVERSE_PORTS: reverse_ports}

    async def hand_over(message: WaitingMessage) -> Outcome:
        return await named.get(message.source, lines)(message)

    return hand_over


@dataclass(frozen=True, kw_only=True)
class TransferReplier:
    """A person's answer, from the outbox to the tray of the next session."""

    ledger: Ledger
    exchange: PnmExchange

    async def send(self, payload: str) -> Outcome:
        try:
            asked = json.loads(payload)
            transfer_id, at = UUID(asked["transfer_id"]), datetime.fromisoformat(asked["at"])
            ticket, reason, key = str(asked["ticket"]), asked["reason"], str(asked["key"])
        except (ValueError, KeyError, TypeError):
            return Park("the payload names no answer")
        history = await self.ledger.read(transfer_stream(transfer_id))
        state = transfers.fold(envelope.event for envelope in history)
        if state is None:
            return Park("there is no such transfer")
        terms = state.terms
        answer = await self.exchange.reply(
            TransferReply(
                group=terms.group,
                ticket=ticket,
                reason=reason,
                key=key,
                transfer=transfer_id,
                receiver=terms.receiver,
                donor=terms.donor,
                ours=terms.ours,
                number=terms.number.reveal(),
                subscribed_at=terms.subscribed_at,
                at=at,
            )
        )
        return Done() if isinstance(answer, Took) else Park(f"the exchange takes none: {answer}")
