"""Operators in memory: they keep books of every effect by key, and misbehave as they are told."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import cast

from pydantic import TypeAdapter

from domain import operators as told
from domain.identity import LineId
from domain.operators import (
    Activity,
    Answer,
    Check,
    LineRequest,
    NumberActive,
    Refused,
    Ticket,
    Told,
    Took,
    Unanswered,
    Unreadable,
    Works,
)
from domain.port_in_facts import Step
from ledger.messages import Inbox, IncomingMessage

KINDS = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        told.LineReadyTold,
        told.SwitchedTold,
        told.ReleasedTold,
        told.NumberGivenTold,
        told.StepRefusedTold,
        told.AcceptedTold,
        told.RefusedTold,
        told.EligibilityLostTold,
        told.RequestCancelledTold,
        told.ConfirmedTold,
    )
}


def written(report: Told) -> str:
    """How a fake writes what it tells."""
    name = type(report).__name__
    return json.dumps({"kind": name, "told": KINDS[name].dump_python(report, mode="json")})


def read(body: str) -> Told:
    try:
        content = json.loads(body)
        told_of = KINDS[content["kind"]]
        return cast("Told", told_of.validate_python(content["told"]))
    except (ValueError, KeyError, TypeError) as exc:
        return Unreadable(why=f"not a report: {type(exc).__name__}")


class Habit(Enum):
    """What a fake does with a request."""

    GOOD = auto()
    """Takes it, does it, says so."""
    MUTE = auto()
    """Takes it, does it, never says so; a look-up finds it."""
    IDLE = auto()
    """Takes it and never does it."""
    LOST_REPLY = auto()
    """Does it, and the reply is lost the first time."""
    DEAF = auto()
    """Does not answer at all."""


@dataclass
class Books:
    """Every effect, by key: how many times each really happened."""

    effects: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)

    def enter(self, step: Step, key: str) -> bool:
        """Whether it is new."""
        if self.effects[key]:
            return False
        self.effects[key] += 1
        self.steps.append(step)
        return True


Tell = Callable[[LineId, int], Awaitable[None]]


@dataclass
class FakeMail:
    """What comes in from outside: kept, then handed over as the relay would."""

    inbox: Inbox
    tell: Tell
    count: int = 0

    async def send(self, line_id: LineId, source: str, report: Told | str, *, at: datetime) -> int:
        self.count += 1
        body = report if isinstance(report, str) else written(report)
        await self.inbox.receive(
            IncomingMessage(
                source=source,
                message_key=f"m-{self.count}",
                correlation=str(line_id),
                body=body,
                received_at=at,
            )
        )
        number = len(self.inbox.rows)  # type: ignore[attr-defined]  # the fake inbox's own book
        await self.tell(line_id, number)
        return number


OUTAGE = timedelta(minutes=45)


@dataclass
class FakeHost:
    mail: FakeMail
    source: str = "orange"
    books: Books = field(default_factory=Books)
    habits: dict[Step, list[Habit | str]] = field(default_factory=dict)
    """For each step, what is done with each request in turn; a text is a refusal's code."""
    activity: list[Activity] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    outage: timedelta = OUTAGE
    done: dict[str, Told] = field(default_factory=dict)
    asked: list[LineRequest] = field(default_factory=list)

    async def ask(self, request: LineRequest) -> Answer:
        self.asked.append(request)
        if self.books.effects[request.key]:
            return Took(reference=f"ref-{request.key[:8]}")
        habit = _next(self.habits, request.step)
        if isinstance(habit, str):
            return Refused(code=habit)
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        self.books.enter(request.step, request.key)
        report = self._report(request)
        if habit is not Habit.IDLE:
            self.done[request.key] = report
        if habit is Habit.LOST_REPLY:
            return Unanswered(why="the reply was lost")
        if habit is Habit.GOOD:
            await self.mail.send(request.line_id, self.source, report, at=request.asked_at)
        return Took(reference=f"ref-{request.key[:8]}")

    def _report(self, request: LineRequest) -> Told:
        at = request.asked_at
        match request.step:
            case Step.PREPARE_LINE:
                return told.LineReadyTold(ready_at=at, host_line=f"line-{request.key[:8]}")
            case Step.SWITCH_LINE:
                return told.SwitchedTold(
                    outage_from=at, outage_to=at + self.outage, sim_activated_at=at
                )
            case Step.GIVE_NUMBER:
                return told.NumberGivenTold(
                    number="0612349999", given_at=at, host_line=request.host_line or ""
                )
            case _:
                return told.ReleasedTold(released_at=at)

    def does_it_after_all(self) -> None:
        """What was left undone is done, and still not told."""
        self.done |= {request.key: self._report(request) for request in self.asked}

    async def look_up(self, key: str) -> str | None:
        report = self.done.get(key)
        return None if report is None else written(report)

    async def number_activity(self, number: str) -> Activity:
        del number
        return self.activity.pop(0) if self.activity else NumberActive(suspended=False)

    async def verify_line(self, host_line: str) -> Check:
        return self.checks.pop(0) if self.checks else Works(reference=f"test-{host_line}")


@dataclass
class FakeExchange:
    mail: FakeMail
    books: Books = field(default_factory=Books)
    habits: dict[Step, list[Habit | str]] = field(default_factory=dict)
    donors: list[str] = field(default_factory=list)
    """How the donor answers each request in turn: accept, silence, lose, or a refusal's code."""
    confirmers: tuple[str, ...] = ("02", "03", "04")
    tickets: list[Ticket] = field(default_factory=list)

    async def hand_in(self, ticket: Ticket) -> Answer:
        self.tickets.append(ticket)
        if self.books.effects[ticket.key]:
            return Took(reference=f"ticket-{ticket.key[:8]}")
        habit = _next(self.habits, ticket.step)
        if isinstance(habit, str):
            return Refused(code=habit)
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        self.books.enter(ticket.step, ticket.key)
        if habit is Habit.LOST_REPLY:
            return Unanswered(why="the reply was lost")
        if habit is not Habit.MUTE:
            for report in self._reports(ticket):
                await self.mail.send(ticket.line_id, "pnm", report, at=ticket.session)
        return Took(reference=f"ticket-{ticket.key[:8]}")

    def _reports(self, ticket: Ticket) -> list[Told]:
        at = ticket.session
        match ticket.step:
            case Step.SEND_REQUEST:
                return self._donor(at)
            case Step.CANCEL_REQUEST:
                return [told.RequestCancelledTold(cancelled_at=at)]
            case _:
                return [told.ConfirmedTold(operator=c, confirmed_at=at) for c in self.confirmers]

    def _donor(self, at: datetime) -> list[Told]:
        answer = self.donors.pop(0) if self.donors else "accept"
        accepted = told.AcceptedTold(accepted_at=at + timedelta(hours=4))
        if answer == "silence":
            return []
        if answer == "accept":
            return [accepted]
        if answer == "lose":
            return [accepted, told.EligibilityLostTold(code="C002", lost_at=at)]
        return [told.RefusedTold(code=answer, refused_at=at)]


def _next(habits: dict[Step, list[Habit | str]], step: Step) -> Habit | str:
    waiting = habits.get(step)
    return waiting.pop(0) if waiting else Habit.GOOD
