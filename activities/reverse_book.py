"""How a reverse port is written: one command, with what it does to its line and to its number."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain import claims, reverse_ports
from domain.claims import ClaimNumber, ReleaseNumber
from domain.event import Event
from domain.identity import LineId, OrderId, line_stream, number_stream
from domain.port_rules import PortRules
from domain.reverse_port_dates import dates_of, hand_back_at
from domain.reverse_port_facts import (
    LineHandedBack,
    NumberHandedBack,
    ReverseDates,
    ReversePortClosed,
    ReversePortDemanded,
    ReversePortId,
    ReversePortTerms,
    reverse_port_stream,
)
from domain.reverse_port_opening import reverse_terms_of
from domain.reverse_port_states import KnownReversePort, NotOpened, ReversePortState, evolve, fold
from domain.reverse_ports import NoteAnnounced, ReverseCommand, ReversePortRefusedError
from domain.said import Said
from domain.territories import ExchangeGroup
from ledger.append import CommandStamp, OutboxMessage
from ledger.deciding import Also, Decision, decide_once
from ledger.envelope import Envelope
from ledger.messages import FOLLOW_REVERSE_PORT
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

RACES = 5


class _MovedMeanwhileError(Exception):
    """Somebody wrote in between: what goes beside it is worked out anew."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One intention: who, under which stamp, and what goes with it."""

    stamp: CommandStamp
    actor: str
    settles: int | None = None
    follow: bool = True
    """Whether its process is to look, and its tickets to leave; not for what the process did."""


@dataclass(frozen=True, kw_only=True)
class ReverseBook:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules

    async def read(self, reverse_port_id: ReversePortId) -> tuple[Envelope, ...]:
        return await self.ledger.read(reverse_port_stream(reverse_port_id))

    async def state(self, reverse_port_id: ReversePortId) -> ReversePortState:
        return fold(envelope.event for envelope in await self.read(reverse_port_id))

    async def terms(self, line_id: LineId) -> ReversePortTerms:
        """ReversePortRefusedError when there is no port of it to undo."""
        history = await self.ledger.read(line_stream(line_id))
        return reverse_terms_of(envelope.event for envelope in history)

    def dates(self, group: ExchangeGroup, at: datetime) -> ReverseDates:
        return dates_of(self.rules.shelf(), self.rules.calendar(group, at.date()), at)

    def hand_back_at(self, group: ExchangeGroup, port_day: date, at: datetime) -> datetime:
        return hand_back_at(self.rules.calendar(group, at.date()), port_day, at)

    async def obey(
        self, reverse_port_id: ReversePortId, command: ReverseCommand, written: Written
    ) -> tuple[Envelope, ...]:
        """The whole stream afterwards; a repeat finds what the first attempt appended.

        ReversePortRefusedError, DecisionRefusedError: what can be done instead; NumberTakenError
        when somebody demands what another order is moving.
        """
        for _ in range(RACES):
            try:
                return await self._obeyed(reverse_port_id, command, written)
            except _MovedMeanwhileError:
                continue
        raise ReversePortRefusedError("several people answer at once: look at it, then try again")

    async def _obeyed(
        self, reverse_port_id: ReversePortId, command: ReverseCommand, written: Written
    ) -> tuple[Envelope, ...]:
        history = await self.read(reverse_port_id)
        at = max([command.decided_at, *(e.business_at for e in history[-1:])])
        command = command.model_copy(update={"decided_at": at})
        known = any(e.command_id == written.stamp.command_id for e in history)
        state = fold(envelope.event for envelope in history)
        events = () if known else reverse_ports.decide(command, state)
        outbox = (follow(reverse_port_id),) if written.follow else ()

        def decide(read: tuple[Event, ...]) -> tuple[Event, ...]:
            if len(read) != len(history):
                raise _MovedMeanwhileError
            return events

        decision = Decision(
            stream_id=reverse_port_stream(reverse_port_id),
            stamp=written.stamp,
            decide=decide,
            business_at=at,
            actor=written.actor,
            correlation=str(_order_of(state, events)),
            settles=written.settles,
            also=tuple(await self._beside(state, events, command)),
            outbox=outbox,
        )
        return await decide_once(self.ledger, decision, known=history)

    async def _beside(
        self, state: ReversePortState, events: Iterable[Event], command: ReverseCommand
    ) -> list[Also]:
        """While it runs nobody else moves the number; once it is over, anybody may order it."""
        beside: list[Also] = []
        after = state
        for event in events:
            after = evolve(after, event)  # type: ignore[arg-type]  # of a reverse port
            if isinstance(after, NotOpened):
                continue
            terms = after.terms
            if isinstance(event, ReversePortDemanded) and await self._may_claim(terms, command):
                claim = ClaimNumber(
                    decided_at=command.decided_at, line_id=terms.line_id, order_id=terms.order_id
                )
                beside.append(_of_the_number(terms, claim))
            if isinstance(event, NumberHandedBack):
                beside.append(_on_the_line(after, event))
            if isinstance(event, ReversePortClosed):
                release = ReleaseNumber(decided_at=command.decided_at, line_id=terms.line_id)
                beside.append(_of_the_number(terms, release))
        return beside

    async def _may_claim(self, terms: ReversePortTerms, command: ReverseCommand) -> bool:
        """What the exchange tells us of is true, whoever else is moving the number here."""
        if not isinstance(command, NoteAnnounced):
            return True
        history = await self.ledger.read(number_stream(terms.number_digest))
        return not isinstance(claims.fold(e.event for e in history), claims.Claimed)


def follow(reverse_port_id: ReversePortId) -> OutboxMessage:
    """Its tickets leave, and its process is started or told to look."""
    payload = json.dumps({"reverse_port_id": str(reverse_port_id)})
    return OutboxMessage(kind=FOLLOW_REVERSE_PORT, payload=payload)


def _order_of(state: ReversePortState, events: Iterable[Event]) -> OrderId | None:
    """Everything about it is told under its line's order."""
    if not isinstance(state, NotOpened):
        return state.terms.order_id
    return next((e.terms.order_id for e in events if isinstance(e, ReversePortDemanded)), None)


def _of_the_number(terms: ReversePortTerms, command: claims.NumberCommand) -> Also:
    return Also(
        stream_id=number_stream(terms.number_digest),
        decide=lambda events: claims.decide(command, claims.fold(events)),
    )


def _on_the_line(state: KnownReversePort, event: NumberHandedBack) -> Also:
    """What its customer, its billing and its timeline have to know."""
    terms, demanded = state.terms, state.demanded
    handed_back = LineHandedBack(
        reverse_port_id=terms.reverse_port_id,
        service_ended_at=event.handed_back_at,
        incident=demanded.incident,
        fault=demanded.fault,
        why=_BACK,
    )

    def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
        told = any(isinstance(event, LineHandedBack) for event in events)
        return () if told else (handed_back,)

    return Also(stream_id=line_stream(terms.line_id), decide=decide)


_BACK = Said(
    fr="le numéro est rendu à son donneur initial : le service de la ligne a pris fin avec lui "
    "(décision 31)",
    en="the number is back with its initial donor: the service of the line ended with it "
    "(decision 31)",
)
