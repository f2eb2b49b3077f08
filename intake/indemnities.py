"""What people do about an indemnity: each a fact of its own, then its process is told to look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from activities.indemnity_opening import start_of
from domain import indemnities
from domain.contract_questions import as_duration
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import OrderId, step_command
from domain.indemnities import IndemnityCommand, IndemnityRefusedError
from domain.indemnity_facts import IndemnityId, IndemnityTerms, MissedVisit, indemnity_stream
from domain.indemnity_states import fold
from domain.policies import ANSWER_WAIT, NEW_VISIT_WAIT, PAYMENT_WAIT
from domain.port_rules import PortRules
from domain.said import Said, day_said
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.indemnity import IndemnityBrief, IndemnityDocument


class IndemnityReader(Protocol):
    async def find(self, indemnity_id: IndemnityId) -> IndemnityDocument | None: ...

    async def many(
        self, ids: Collection[IndemnityId]
    ) -> Mapping[IndemnityId, IndemnityDocument]: ...

    async def all(self, *, order_id: OrderId | None = None) -> Sequence[IndemnityBrief]: ...

    async def waiting(self, *, order_id: OrderId | None = None) -> Sequence[IndemnityBrief]: ...

    async def due(
        self, by: datetime, *, order_id: OrderId | None = None
    ) -> Sequence[IndemnityBrief]: ...


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does it, under which key, at which business instant; `content` tells two acts apart."""

    order_id: OrderId
    by: str
    key: str
    at: datetime
    content: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a request that came on a day is to be paid, and the clause that says so."""

    on: date
    until: datetime
    source: str


@dataclass(frozen=True, kw_only=True)
class IndemnityDesk:
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules

    def answer_by(self, at: datetime) -> datetime:
        return self.rules.after(at, ANSWER_WAIT)

    def check_past(self, on: date, *, pin: Pin, at: datetime) -> None:
        """What is recorded has happened."""
        today = self.rules.contract(pin).reckoning.instant_of(at).date()
        if on > today:
            raise IndemnityRefusedError(
                f"{day_said(on).en} has not come yet: give the day on which it happened"
            )

    def due(self, on: date, *, pin: Pin) -> Due:
        """Thirty calendar days after the customer's request, unless the profile says otherwise."""
        contract = self.rules.contract(pin)
        value = contract.duration("indemnity.payment")
        wait = PAYMENT_WAIT if value is None else as_duration(value)
        moment = contract.reckoning.add(on, wait)
        return Due(
            on=date(moment.year, moment.month, moment.day),
            until=contract.reckoning.ends_at(moment),
            source=contract.source("indemnity.payment") or "ours: decision 37",
        )

    def opening(self, terms: IndemnityTerms, missed: MissedVisit, at: datetime) -> IndemnityCommand:
        """A visit that did not take place, recorded by hand."""
        on = day_said(missed.missed_on)
        return indemnities.OpenIndemnity(
            decided_at=at,
            answer_by=self.answer_by(at),
            terms=terms,
            shown_by=Said(
                fr=f"rendez-vous du {on.fr} qui n'a pas eu lieu",
                en=f"the appointment of {on.en} did not take place",
            ),
            look_until=self.rules.after(at, NEW_VISIT_WAIT),
        )

    async def act(self, indemnity_id: IndemnityId, command: IndemnityCommand, act: Act) -> None:
        """IndemnityRefusedError, DecisionRefusedError: what can be done instead."""

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return indemnities.decide(command, fold(events))

        digest = self.keyed_hash.digest(purpose="command", content=act.content.encode())
        command_id = step_command(indemnity_id, step=f"asked/{act.key}")
        await decide_once(
            self.ledger,
            Decision(
                stream_id=indemnity_stream(indemnity_id),
                stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                decide=decide,
                business_at=act.at,
                actor=act.by,
                correlation=str(act.order_id),
                outbox=(start_of(indemnity_id),),
            ),
        )
