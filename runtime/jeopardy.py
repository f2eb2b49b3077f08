"""Looks at lines that may miss their day and tells of them once: a few facts a turn."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import structlog

from adapters.postgres.briefs import PostgresBriefs
from adapters.postgres.documents import PostgresDocuments
from domain import access_outlook, jeopardy, port_outlook
from domain.access_outlook import AccessCourse
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import OrderId, step_command
from domain.jeopardy import (
    AssessLines,
    Jeopardy,
    JeopardyEvent,
    LineInJeopardy,
    LineSafe,
    Relief,
    is_news,
    jeopardy_stream,
    relief_of,
)
from domain.outlooks import Outlook, Verdict
from domain.parsed import BadValueError
from domain.policies import JEOPARDY_LINES
from domain.port_dates import PortCalendar
from domain.port_rules import PortRules
from domain.ports import Clocks
from domain.stage_times import UsualTimes
from domain.territories import ExchangeGroup
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.envelope import Envelope, current_version
from ledger.ports import Ledger
from ledger.sealing import KeyedHash
from projections.jeopardy import JEOPARDIES, JeopardyBrief, JeopardyDocument
from projections.line import LineCourse, LineDocument
from projections.lines import LINES, LineBrief
from runtime.projecting import ProjectionRunner
from runtime.stage_timing import usual_times
from workflows.technical import PUNCTUAL

LOOKS_A_TURN = 1_000
"""Lines looked at in one turn, at most: the next one takes more. A default of ours."""

ORDERS_A_TURN = 50
"""Orders something is told of in one turn, at most: three facts each. A default of ours."""

ACTOR = "jeopardy"

log = structlog.get_logger("jeopardy")


@dataclass(frozen=True, kw_only=True)
class Outlooks:
    """The outlook of any line that has a course; calendars are made once for many lines."""

    rules: PortRules
    times: UsualTimes
    now: datetime
    _calendars: dict[tuple[ExchangeGroup, date], PortCalendar] = field(default_factory=dict)
    _contracts: dict[Pin, Contract] = field(default_factory=dict)

    def of(self, course: LineCourse, *, explained: bool = False) -> Outlook:
        if isinstance(course, AccessCourse):
            contract = self._contract(course.pin)
            return access_outlook.outlook_of(
                course, contract, self.times, self.now, explained=explained
            )
        key = (course.group, course.asked_on)
        if key not in self._calendars:
            self._calendars[key] = self.rules.calendar(*key)
        calendar = self._calendars[key]
        return port_outlook.outlook_of(course, calendar, self.times, self.now, explained=explained)

    def _contract(self, pin: Pin) -> Contract:
        if pin not in self._contracts:
            self._contracts[pin] = self.rules.contract(pin)
        return self._contracts[pin]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was told of an order, and at which version of its stream."""

    version: int = 0
    state: Jeopardy = field(default_factory=Jeopardy)
    told_at: datetime | None = None
    full: bool = False
    """What was told last had room for no more lines."""

    def rests(self, now: datetime) -> bool:
        """Told of in this business hour: what is found meanwhile is told of in the next one."""
        return self.told_at is not None and _hour(self.told_at) == _hour(now) and not self.full


def known_from(history: Sequence[Envelope]) -> Known:
    if not history:
        return Known()
    last = [one.event for one in history if one.command_id == history[-1].command_id]
    return Known(
        version=current_version(history),
        state=jeopardy.fold(envelope.event for envelope in history),
        told_at=history[-1].business_at,
        full=any(
            isinstance(event, JeopardyEvent) and len(event.lines) == JEOPARDY_LINES
            for event in last
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    """What looking at a line has shown; nothing where it is as it was told, or cannot be read."""

    brief: LineBrief
    verdict: Verdict | None = None
    line: LineInJeopardy | None = None
    relief: Relief | None = None


@dataclass(kw_only=True)
class JeopardyWatch:
    briefs: PostgresBriefs
    documents: PostgresDocuments
    ledger: Ledger
    keyed_hash: KeyedHash
    rules: PortRules
    clocks: Clocks
    wall_now: Callable[[], datetime]
    _known: dict[OrderId, Known] = field(default_factory=dict)
    _looked: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """At which version and in which business hour a line was looked at: it only spares looking."""

    async def turn(self) -> int:
        """How many lines were told of; more than none, too, while some were not looked at.

        It looks at the instant of two wall minutes ago: what is done until then bears the instant
        it was due at, and is not late (ADR 14).
        """
        clock = await self.clocks.in_force()
        wall = self.wall_now()
        now = clock.business_at(wall - PUNCTUAL.span)
        await self._take_up()
        wanted, left = await self._wanted(now)
        found = await self._found(wanted, now)
        told = 0
        at = clock.business_at(wall)
        news = {order: ones for order, ones in found.items() if not self._rests(order, ones, at)}
        for order_id, ones in list(news.items())[:ORDERS_A_TURN]:
            told += await self._tell(order_id, ones, at, hour=_hour(now))
        self._known = {order: one for order, one in self._known.items() if one.state.raised}
        return told + left

    async def _take_up(self) -> None:
        """Orders something was told of by whoever ran before."""
        for key in await self.documents.open_keys(JEOPARDIES.stored_as):
            await self._known_of(OrderId(UUID(key)))

    async def _known_of(self, order_id: OrderId) -> Known:
        if order_id not in self._known:
            history = await self.ledger.read(jeopardy_stream(order_id))
            self._known[order_id] = known_from(history)
        return self._known[order_id]

    async def _wanted(self, now: datetime) -> tuple[list[str], int]:
        """Which lines to look at, and how many are left for the next turn."""
        raised = [str(line) for one in self._known.values() for line in one.state.raised]
        today = self.rules.local(now).date()
        lines = await self.briefs.endangered(LINES.stored_as, today=today, now=now, also=raised)
        self._looked = {key: mark for key, mark in self._looked.items() if key in lines}
        hour = _hour(now)
        fresh = [key for key, version in lines.items() if self._looked.get(key) != (version, hour)]
        return fresh[:LOOKS_A_TURN], len(fresh[LOOKS_A_TURN:])

    async def _found(self, keys: Sequence[str], now: datetime) -> Mapping[OrderId, list[Found]]:
        found: dict[OrderId, list[Found]] = defaultdict(list)
        if not keys:
            return found
        outlooks = Outlooks(rules=self.rules, times=await usual_times(self.documents), now=now)
        for text in await self.briefs.of_keys(LINES.stored_as, keys):
            brief = LineBrief.model_validate_json(text)
            known = await self._known_of(brief.order_id)
            try:
                one = self._look(brief, known, outlooks)
            except BadValueError as exc:
                log.warning("jeopardy.unreadable", line=str(brief.line_id), why=str(exc))
                one = Found(brief=brief)
            if one.line is None and one.relief is None:
                self._mark(brief, _hour(now))
            else:
                found[brief.order_id].append(one)
        return found

    def _look(self, brief: LineBrief, known: Known, outlooks: Outlooks) -> Found:
        told = known.state.raised.get(brief.line_id)
        course = brief.course
        if course is None:
            return Found(brief=brief, relief=None if told is None else Relief.OVER)
        outlook = outlooks.of(course)
        line = in_jeopardy(brief, outlook)
        if line is not None and is_news(line, outlook.verdict, known.state):
            return Found(brief=brief, verdict=outlook.verdict, line=line)
        if told is None:
            return Found(brief=brief)
        steady = course.steady(outlooks.now)
        return Found(brief=brief, relief=relief_of(told, course, outlook, steady=steady))

    def _rests(self, order_id: OrderId, found: Iterable[Found], now: datetime) -> bool:
        if not self._known[order_id].rests(now):
            return False
        for one in found:
            self._mark(one.brief, _hour(now))
        return True

    def _mark(self, brief: LineBrief, hour: datetime) -> None:
        self._looked[str(brief.line_id)] = (brief.version, hour)

    async def _tell(
        self, order_id: OrderId, found: list[Found], now: datetime, *, hour: datetime
    ) -> int:
        known = self._known[order_id]
        at = max(now, known.told_at or now)
        command = _command(found, at)
        command_id = step_command(order_id, step=f"jeopardy@{known.version}")
        digest = self.keyed_hash.digest(purpose="command", content=str(command_id).encode())

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return jeopardy.decide(command, jeopardy.fold(events))

        history = await decide_once(
            self.ledger,
            Decision(
                stream_id=jeopardy_stream(order_id),
                stamp=CommandStamp(command_id=command_id, fingerprint=digest),
                decide=decide,
                business_at=at,
                actor=ACTOR,
                correlation=str(order_id),
            ),
        )
        after = known_from(history)
        self._known[order_id] = after
        done = [one for one in found if _is_told(one, after.state)]
        for one in done:
            self._mark(one.brief, hour)
        log.info("jeopardy.told", order=str(order_id), lines=len(done), found=len(found))
        return len(done)


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def in_jeopardy(brief: LineBrief, outlook: Outlook) -> LineInJeopardy | None:
    if outlook.cause is None or outlook.promised is None or outlook.expected_on is None:
        return None
    return LineInJeopardy(
        line_id=brief.line_id,
        number=brief.number,
        stage=brief.stage,
        promised_on=outlook.promised.on,
        expected_on=outlook.expected_on,
        cause=outlook.cause,
    )


def _command(found: Iterable[Found], at: datetime) -> AssessLines:
    ones = sorted(found, key=lambda one: (one.brief.number or 0, str(one.brief.line_id)))
    raised = {
        verdict: tuple(one.line for one in ones if one.line and one.verdict is verdict)
        for verdict in (Verdict.AT_RISK, Verdict.LATE)
    }
    return AssessLines(
        decided_at=at,
        at_risk=raised[Verdict.AT_RISK],
        late=raised[Verdict.LATE],
        safe=tuple(
            LineSafe(line_id=one.brief.line_id, number=one.brief.number, because=one.relief)
            for one in ones
            if one.relief
        ),
    )


def _is_told(one: Found, state: Jeopardy) -> bool:
    if one.line is not None and one.verdict is not None:
        return not is_news(one.line, one.verdict, state)
    return one.brief.line_id not in state.raised


@dataclass(frozen=True, kw_only=True)
class JeopardyDocuments:
    """What the API reads: as the projector has it."""

    runner: ProjectionRunner[JeopardyDocument]
    briefs: PostgresBriefs
    rules: PortRules

    async def orders(self) -> Sequence[JeopardyBrief]:
        """Orders with lines in jeopardy."""
        found = await self.briefs.still_open(JEOPARDIES.stored_as)
        return tuple(JeopardyBrief.model_validate_json(brief) for brief in found)

    async def of_order(self, order_id: OrderId) -> JeopardyDocument | None:
        key = str(order_id)
        return (await self.runner.load(frozenset({key}))).get(key)

    async def outlook(self, line: LineDocument, now: datetime) -> Outlook | None:
        """As it is now; None for a line that has ended, or whose kind promises no day."""
        course = line.course
        if course is None:
            return None
        times = await usual_times(self.runner.documents)
        return Outlooks(rules=self.rules, times=times, now=now).of(course, explained=True)
