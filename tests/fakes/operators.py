"""Operators in memory: they keep books of every effect by key, and misbehave as they are told."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TypeVar, cast

from pydantic import TypeAdapter

from domain import operators as told
from domain.identity import LineId
from domain.operators import (
    Activity,
    Answer,
    Change,
    Check,
    LineChange,
    LineRequest,
    LineStanding,
    NumberActive,
    Refused,
    RioAnswer,
    RioGiven,
    Standing,
    Stands,
    Ticket,
    Told,
    Took,
    Unanswered,
    Unreadable,
    Withdrawal,
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
        told.LineChangedTold,
        told.WithdrawnTold,
        told.ChangeRefusedTold,
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
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
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


RIO_GIVEN = "01P4AB678XYZ"


@dataclass
class FakeHost:
    mail: FakeMail
    source: str = "orange"
    books: Books = field(default_factory=Books)
    habits: dict[Step, list[Habit | str]] = field(default_factory=dict)
    """For each step, what is done with each request in turn; a text is a refusal's code."""
    busy: list[timedelta] = field(default_factory=list)
    """How long each request in turn is asked to come back after, before anything else."""
    change_habits: dict[str, list[Habit | str]] = field(default_factory=dict)
    """Likewise for suspend, resume and withdraw."""
    activity: list[Activity] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    rios: list[RioAnswer] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    """Where each line is, by its name; one that is not there is unknown."""
    outage: timedelta = OUTAGE
    done: dict[str, Told] = field(default_factory=dict)
    asked: list[LineRequest] = field(default_factory=list)
    changed: list[LineChange] = field(default_factory=list)
    withdrawn: list[Withdrawal] = field(default_factory=list)

    async def ask(self, request: LineRequest) -> Answer:
        self.asked.append(request)
        if self.books.effects[request.key]:
            return self._known(request.key)
        if self.busy:
            return Unanswered(why="called too often", retry_after=self.busy.pop(0))
        habit = _next(self.habits, request.step)
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        if isinstance(habit, str):
            return Refused(code=habit)
        self.books.enter(request.step, request.key)
        report = self._report(request)
        if habit is not Habit.IDLE:
            self._stands(request.step, request.host_line, report)
        return await self._carried_out(habit, request, report)

    async def _carried_out(
        self, habit: Habit, asked: LineRequest | LineChange | Withdrawal, report: Told
    ) -> Answer:
        if habit is not Habit.IDLE:
            self.done[asked.key] = report
        if habit is Habit.LOST_REPLY:
            return Unanswered(why="the reply was lost", sent=True)
        if habit is Habit.GOOD:
            await self.mail.send(asked.line_id, self.source, report, at=asked.asked_at)
        return Took(reference=f"ref-{asked.key[:8]}")

    def _known(self, key: str) -> Answer:
        if isinstance(self.done.get(key), told.WithdrawnTold) and not self._withdraws(key):
            return Refused(code="WITHDRAWN")
        return Took(reference=f"ref-{key[:8]}")

    def _withdraws(self, key: str) -> bool:
        return any(withdrawal.key == key for withdrawal in self.withdrawn)

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

    def _stands(self, step: Step, host_line: str | None, report: Told) -> None:
        if isinstance(report, told.LineReadyTold):
            self.standings[report.host_line] = Standing.RESERVED
        elif host_line is not None:
            ended = step is Step.RELEASE_LINE
            self.standings[host_line] = Standing.ENDED if ended else Standing.ACTIVE

    def does_it_after_all(self) -> None:
        """What was left undone is done, and still not told."""
        self.done |= {request.key: self._report(request) for request in self.asked}

    async def change_line(self, change: LineChange) -> Answer:
        self.changed.append(change)
        if self.books.effects[change.key]:
            return self._known(change.key)
        habit = _next(self.change_habits, change.change.value)
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        if isinstance(habit, str):
            return Refused(code=habit)
        impossible = self._against(change)
        if impossible is not None:
            return Refused(code=impossible)
        self.books.effects[change.key] += 1
        suspended = change.change is Change.SUSPEND
        self.standings[change.host_line] = Standing.SUSPENDED if suspended else Standing.ACTIVE
        report = told.LineChangedTold(change=change.change, changed_at=change.asked_at)
        return await self._carried_out(habit, change, report)

    def _against(self, change: LineChange) -> str | None:
        standing = self.standings.get(change.host_line)
        expected = Standing.ACTIVE if change.change is Change.SUSPEND else Standing.SUSPENDED
        if standing is None:
            return "UNKNOWN-LINE"
        return None if standing is expected else f"LINE-IS-{standing.name}"

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        if self.books.effects[withdrawal.key]:
            return self._known(withdrawal.key)
        habit = _next(self.change_habits, "withdraw")
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        if isinstance(habit, str):
            return Refused(code=habit)
        if not self.books.effects[withdrawal.of]:
            return Refused(code="UNKNOWN-ORDER")
        if withdrawal.of in self.done:
            return Refused(code="TOO-LATE")
        self.withdrawn.append(withdrawal)
        self.books.effects[withdrawal.key] += 1
        report = told.WithdrawnTold(key=withdrawal.of, withdrawn_at=withdrawal.asked_at)
        self.done[withdrawal.of] = report
        return await self._carried_out(habit, withdrawal, report)

    async def look_up(self, key: str) -> str | None:
        report = self.done.get(key)
        return None if report is None else written(report)

    async def number_activity(self, number: str) -> Activity:
        del number
        return self.activity.pop(0) if self.activity else NumberActive(suspended=False)

    async def verify_line(self, host_line: str) -> Check:
        return self.checks.pop(0) if self.checks else Works(reference=f"test-{host_line}")

    async def rio_of(self, host_line: str) -> RioAnswer:
        if self.rios:
            return self.rios.pop(0)
        known = host_line in self.standings
        return RioGiven(rio=RIO_GIVEN) if known else Refused(code="UNKNOWN-LINE")

    async def line_standing(self, host_line: str) -> LineStanding:
        standing = self.standings.get(host_line)
        return Refused(code="UNKNOWN-LINE") if standing is None else Stands(standing=standing)


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
            return Unanswered(why="the reply was lost", sent=True)
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


Asked = TypeVar("Asked", bound=str)


def _next(habits: dict[Asked, list[Habit | str]], step: Asked) -> Habit | str:
    waiting = habits.get(step)
    return waiting.pop(0) if waiting else Habit.GOOD
