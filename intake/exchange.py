"""What people do about the exchanges: settle a trouble, answer as donor. Each is one command."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain import exchange_troubles, transfers
from domain.claims import lines_that_asked
from domain.event import Event
from domain.exchange_troubles import (
    SettleTrouble,
    TroubleDecision,
    trouble_stream,
)
from domain.identity import (
    CommandId,
    LineId,
    StreamId,
    line_stream,
    number_stream,
    step_command,
)
from domain.territories import ExchangeGroup, time_zone_of
from domain.transfer_evidence import (
    OurNumber,
    Service,
    service_of,
    why_not_accepted,
    why_not_reactivated,
    why_not_said,
)
from domain.transfers import (
    Answer,
    AnswerTransfer,
    ReplyTicket,
    TransferTerms,
    ticket_for,
    transfer_stream,
)
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Decide, Decision, decide_once
from ledger.exchange_post import ReceivedFile, SentFile
from ledger.messages import DO_AGAIN, SEND_REPLY
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.exchange import TransferDocument, TroubleDocument


class ExchangeReader(Protocol):
    async def troubles(self) -> Sequence[TroubleDocument]:
        """Those that wait for somebody."""

    async def trouble(self, trouble_id: UUID) -> TroubleDocument | None: ...

    async def transfers(self) -> Sequence[TransferDocument]:
        """Those that are not over."""

    async def transfer(self, transfer_id: UUID) -> TransferDocument | None: ...

    async def sent(self, *, limit: int) -> Sequence[SentFile]: ...

    async def received(self, *, limit: int) -> Sequence[ReceivedFile]: ...


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks, under which key, at which business instant."""

    by: str
    reason: str
    key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ExchangeDesk:
    ledger: Ledger
    keyed_hash: KeyedHash

    async def settle(self, trouble_id: UUID, decision: TroubleDecision, asked: Asked) -> None:
        """TroubleRefusedError says what can be decided instead."""
        command = SettleTrouble(
            decided_at=asked.at, decision=decision, by=asked.by, reason=asked.reason
        )

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return exchange_troubles.decide(command, exchange_troubles.fold(events))

        again = json.dumps({"trouble_id": str(trouble_id), "decision": decision.value})
        outbox = () if decision is TroubleDecision.SETTLE else (again,)
        await self._append(
            trouble_stream(trouble_id),
            trouble_id,
            asked,
            decide=decide,
            content=command.model_dump_json(exclude={"decided_at"}),
            outbox=tuple(OutboxMessage(kind=DO_AGAIN, payload=payload) for payload in outbox),
        )

    async def answer(self, transfer_id: UUID, command: AnswerTransfer, asked: Asked) -> None:
        """The fact, and the ticket it leaves as, in one transaction. TransferRefusedError when it
        does not answer what was asked."""
        stream = transfer_stream(transfer_id)
        history = await self.ledger.read(stream)
        command_id = _command_id(transfer_id, asked)
        state = transfers.fold(envelope.event for envelope in history)
        command = await self._checked(None if state is None else state.terms, command)
        if any(envelope.command_id == command_id for envelope in history):
            planned = None
        else:
            planned = _reply(command, tuple(envelope.event for envelope in history))

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            if _reply(command, events) != planned:
                raise transfers.TransferRefusedError("it has moved meanwhile: look at it again")
            return transfers.decide(command, transfers.fold(events))

        outbox: tuple[OutboxMessage, ...] = ()
        if planned is not None:
            ticket = planned.model_dump()
            step = f"reply/{asked.key}"
            ticket |= {"transfer_id": str(transfer_id), "at": asked.at.isoformat()}
            ticket |= {"key": str(step_command(transfer_id, step=step))}
            outbox = (OutboxMessage(kind=SEND_REPLY, payload=json.dumps(ticket)),)
        await self._append(
            stream,
            transfer_id,
            asked,
            decide=decide,
            content=command.model_dump_json(exclude={"decided_at", "untrue"}),
            outbox=outbox,
        )

    async def our_number(self, terms: TransferTerms) -> OurNumber | None:
        """What we know of the number, by the last line of ours that served it; None when none did,
        or nothing of the number may be read any more."""
        if terms.number.forgotten:
            return None
        content = terms.number.reveal().encode()
        digest = self.keyed_hash.digest(purpose="number", content=content).hex()
        history = await self.ledger.read(number_stream(digest))
        for line_id in lines_that_asked(envelope.event for envelope in history):
            line = await self.ledger.read(line_stream(line_id))
            service = service_of(envelope.event for envelope in line)
            if service is not None:
                return _served(line_id, service, terms.group)
        return None

    async def _checked(
        self, terms: TransferTerms | None, command: AnswerTransfer
    ) -> AnswerTransfer:
        """An answer that would not be true of the number is refused, and says what would be."""
        if terms is None:
            return command
        ours = await self.our_number(terms)
        today = command.decided_at.astimezone(time_zone_of(terms.group)).date()
        return command.model_copy(update={"untrue": _untrue(command, ours, today)})

    async def _append(
        self,
        stream: StreamId,
        owner: UUID,
        asked: Asked,
        *,
        decide: Decide,
        content: str,
        outbox: tuple[OutboxMessage, ...],
    ) -> None:
        digest = self.keyed_hash.digest(purpose="command", content=content.encode())
        await decide_once(
            self.ledger,
            Decision(
                stream_id=stream,
                stamp=CommandStamp(command_id=_command_id(owner, asked), fingerprint=digest),
                decide=decide,
                business_at=asked.at,
                actor=asked.by,
                correlation=str(owner),
                outbox=outbox,
            ),
        )


def _served(line_id: LineId, service: Service, group: ExchangeGroup) -> OurNumber:
    ended_at = service.ended_at
    ended_on = None if ended_at is None else ended_at.astimezone(time_zone_of(group)).date()
    return OurNumber(
        line_id=line_id, ended_at=ended_at, ended_on=ended_on, went_back=service.went_back
    )


def _untrue(command: AnswerTransfer, ours: OurNumber | None, today: date) -> str | None:
    match command.answer:
        case Answer.ACCEPT:
            return why_not_accepted(ours)
        case Answer.REACTIVATE:
            return why_not_reactivated(ours, today)
        case _:
            return why_not_said((command.code or "").strip().upper(), ours, today)


def _command_id(owner: UUID, asked: Asked) -> CommandId:
    return step_command(owner, step=f"asked/{asked.key}")


def _reply(command: AnswerTransfer, events: tuple[Event, ...]) -> ReplyTicket | None:
    before = transfers.fold(events)
    (event,) = transfers.decide(command, before)
    return ticket_for(event, before)
