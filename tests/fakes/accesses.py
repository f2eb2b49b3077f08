"""Operators of fixed accesses in memory: their answers are given, their effects kept by key."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from pydantic import TypeAdapter

from domain import access_told as told
from domain import operators
from domain.access_facts import Offer
from domain.access_operators import AccessRequest
from domain.access_told import AccessTold
from domain.operators import (
    Answer,
    Refused,
    StepRefusedTold,
    Told,
    Took,
    Unanswered,
    Unreadable,
    Withdrawal,
)
from domain.photographs import PhotographAnswer
from domain.port_in_facts import HostNetwork, Step
from domain.works_told import WorksTold
from tests.fakes import works
from tests.fakes.operators import Books, FakeMail, Habit

KINDS = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        told.EligibilityTold,
        told.StudyTold,
        told.ReservedTold,
        told.SaturatedTold,
        told.DesaturatedTold,
        told.AccessReleasedTold,
        told.SupplyWithdrawnTold,
        told.OverwrittenTold,
        told.PutBackTold,
        operators.StepRefusedTold,
        *works.KINDS,
    )
}

Report = AccessTold | WorksTold | StepRefusedTold
Make = Callable[[AccessRequest], Report]


def written(report: Report) -> str:
    name = type(report).__name__
    return json.dumps({"kind": name, "told": KINDS[name].dump_python(report, mode="json")})


def read(body: str) -> Told:
    try:
        content = json.loads(body)
        return cast("Told", KINDS[content["kind"]].validate_python(content["told"]))
    except (ValueError, KeyError, TypeError) as exc:
        return Unreadable(why=f"not a report: {type(exc).__name__}")


@dataclass
class FakeAccesses:
    """One operator: what it says of each step in turn, the usual thing once that is used up."""

    mail: FakeMail
    operator: HostNetwork
    offers: tuple[Offer, ...] = ()
    books: Books = field(default_factory=Books)
    habits: dict[Step, list[Habit | str]] = field(default_factory=dict)
    says: dict[Step, list[Make]] = field(default_factory=dict)
    takes: dict[Step, timedelta] = field(default_factory=dict)
    asked: list[AccessRequest] = field(default_factory=list)
    done: dict[str, Report] = field(default_factory=dict)
    pictures: list[PhotographAnswer] = field(default_factory=list)
    """What it gives of photographs, in turn; the last one stands."""
    pictured: list[str] = field(default_factory=list)
    """The photographs it was asked for."""
    slow: asyncio.Event | None = None
    """It gives none before that."""

    async def ask_access(self, request: AccessRequest) -> Answer:
        self.asked.append(request)
        if self.books.effects[request.key]:
            return Took(reference=f"ref-{request.key[:8]}")
        planned = self.habits.get(request.step, [])
        habit = planned.pop(0) if planned else Habit.GOOD
        if habit is Habit.DEAF:
            return Unanswered(why="nobody answers")
        if isinstance(habit, str):
            return Refused(code=habit)
        self.books.enter(request.step, request.key)
        if habit is Habit.IDLE:
            return Took(reference=f"ref-{request.key[:8]}")
        report = self._report(request)
        self.done[request.key] = report
        if habit is Habit.LOST_REPLY:
            return Unanswered(why="the reply was lost", sent=True)
        if habit is Habit.GOOD:
            at = request.asked_at + self.takes.get(request.step, timedelta())
            await self.mail.send(request.line_id, self.operator, written(report), at=at)
        return Took(reference=f"ref-{request.key[:8]}")

    async def look_up_access(self, key: str) -> str | None:
        report = self.done.get(key)
        return None if report is None else written(report)

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        return Refused(code=f"NOT-KNOWN-{withdrawal.of[:4]}")

    async def photograph(self, reference: str) -> PhotographAnswer:
        self.pictured.append(reference)
        if self.slow is not None:
            await self.slow.wait()
        if not self.pictures:
            return Refused(code="NO-PHOTOGRAPH")
        return self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]

    def _report(self, request: AccessRequest) -> Report:
        planned = self.says.get(request.step, [])
        return planned.pop(0)(request) if planned else self._usual(request)

    def _usual(self, request: AccessRequest) -> Report:
        at, key = request.asked_at + self.takes.get(request.step, timedelta()), request.key
        match request.step:
            case Step.CHECK_ELIGIBILITY:
                return told.EligibilityTold(
                    key=key,
                    operator=self.operator,
                    offers=self.offers,
                    barriers=(),
                    uses=(),
                    checked_at=at,
                )
            case Step.RESERVE_ACCESS:
                return told.ReservedTold(key=key, reference=f"OA-{key[:6]}", reserved_at=at)
            case Step.DESATURATE:
                return told.DesaturatedTold(key=key, done_at=at)
            case Step.RELEASE_ACCESS:
                return told.AccessReleasedTold(key=key, released_at=at)
            case Step.PUT_BACK:
                return told.PutBackTold(key=key, put_back_at=at)
            case _:
                no = StepRefusedTold(step=request.step, key=key, code="NO-STUDY", refused_at=at)
                return works.usual_works(request, at) or no
