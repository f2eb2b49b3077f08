"""What is done on a business night: hosts asked page by page, and what differs is kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict
from temporalio import activity

from activities.difference_questions import side_of, unheard
from activities.differences import DifferenceBook, Told, belief_in, difference_of, state_of
from activities.lines import ACTOR, LineLedger
from domain import host_nights
from domain.differences import (
    Calm,
    DifferenceGone,
    DifferenceId,
    DifferenceRaised,
    DifferenceSeenAgain,
    NoteStanding,
    Open,
    difference_id_for,
)
from domain.event import Event
from domain.host_nights import Counts, NoteNight, host_nights_stream
from domain.identity import LineId, OrderId, step_command
from domain.nights import Night
from domain.operators import HostGateway, Standing, Unanswered
from domain.policies import ANSWER_WAIT
from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from domain.reconciling import Belief, DifferenceKind, TheirSide, compared
from ledger.deciding import Decision, decide_once

AT_ONCE = 4
"""Questions to one host at the same time. A default of ours."""

SILENT_AFTER = 3
"""Lines of one page a host does not answer about before it is left alone. A default of ours."""


class NightStep(BaseModel):
    """The last night that was taken; None when none was."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    done: date | None = None


class PageStep(BaseModel):
    """Some lines of a host, after one of them."""

    model_config = ConfigDict(frozen=True)

    host: HostNetwork
    after: LineId | None
    limit: int
    at: AwareDatetime


class Finding(BaseModel):
    """What a host says of a line that differs, or that did."""

    model_config = ConfigDict(frozen=True)

    line_id: LineId
    standing: Standing | None
    code: str | None
    asked_at: AwareDatetime

    @property
    def theirs(self) -> TheirSide:
        return TheirSide(standing=self.standing, code=self.code, asked_at=self.asked_at)


class PageCompared(BaseModel):
    model_config = ConfigDict(frozen=True)

    after: LineId | None
    """The last line of the page; None when it was the last page."""
    counts: Counts
    findings: tuple[Finding, ...]


class FindingsStep(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    findings: tuple[Finding, ...]
    room: int
    """How many more may be raised on this host tonight."""


class HostNightStep(BaseModel):
    """The end of a host's part; `why` where it fell silent. No night: somebody asked for it."""

    model_config = ConfigDict(frozen=True)

    host: HostNetwork
    night: date | None
    began_at: AwareDatetime
    at: AwareDatetime
    counts: Counts
    why: str | None = None


class LinesOfHosts(Protocol):
    async def of_host(
        self, host: HostNetwork, *, after: LineId | None, limit: int
    ) -> Sequence[LineId]:
        """In one order always, from after a line on."""


class WatchedDifferences(Protocol):
    async def watched(self, host: HostNetwork) -> frozenset[LineId]:
        """Lines on which the host differed when it was last asked."""


@dataclass
class _Heard:
    """What one page came to so far; past enough silence nobody is asked any more."""

    compared: int = 0
    silent: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def given_up(self) -> bool:
        return len(self.silent) >= SILENT_AFTER


@dataclass(frozen=True, kw_only=True)
class HostComparison:
    """Reads our side, asks theirs: on the host's own queue."""

    lines: LineLedger
    hosts: Mapping[HostNetwork, HostGateway]
    pages: LinesOfHosts
    differences: WatchedDifferences

    @activity.defn
    async def compare_page(self, step: PageStep) -> PageCompared:
        """Only what differs, or did, leaves here. A host that falls silent is asked again later."""
        page = await self.pages.of_host(step.host, after=step.after, limit=step.limit)
        watched = await self.differences.watched(step.host)
        heard, turns = _Heard(), asyncio.Semaphore(AT_ONCE)

        async def one(line_id: LineId) -> None:
            async with turns:
                if not heard.given_up:
                    await self._compare(step, line_id, watched, heard)
                    activity.heartbeat()

        await asyncio.gather(*(one(line_id) for line_id in page))
        if heard.given_up or (heard.silent and not heard.compared):
            raise unheard(heard.silent[-1])
        counts = Counts(lines=len(page), compared=heard.compared, unanswered=len(heard.silent))
        return PageCompared(
            after=page[-1] if len(page) == step.limit else None,
            counts=counts,
            findings=tuple(sorted(heard.findings, key=lambda finding: str(finding.line_id))),
        )

    async def _compare(
        self, step: PageStep, line_id: LineId, watched: frozenset[LineId], heard: _Heard
    ) -> None:
        belief = belief_in(await self.lines.read(line_id))
        if belief is None or belief.host_line is None or not belief.comparable(step.at):
            return
        theirs = await side_of(self.hosts[step.host], belief.host_line, step.at)
        if isinstance(theirs, Unanswered):
            heard.silent.append(theirs.why)
            return
        heard.compared += 1
        if line_id in watched or compared(belief.ours.standing, theirs) is not None:
            heard.findings.append(Finding(line_id=line_id, **theirs.model_dump()))


@dataclass(frozen=True, kw_only=True)
class ReconcileActivities:
    """The ledger's side of a night."""

    book: DifferenceBook
    rules: PortRules

    @activity.defn
    async def next_night(self, step: NightStep) -> Night:
        return self.rules.night(step.at, done=step.done)

    @activity.defn
    async def note_findings(self, step: FindingsStep) -> Counts:
        """Held against the facts as they are now: what has moved on meanwhile is left alone."""
        counts = Counts()
        for finding in step.findings:
            belief = belief_in(await self.book.lines.read(finding.line_id))
            if belief is not None and belief.comparable(finding.asked_at):
                room = step.room - counts.raised
                counts = counts.plus(await self._tell(belief, finding, step.at, room))
        return counts

    async def _tell(self, belief: Belief, finding: Finding, at: datetime, room: int) -> Counts:
        """To the difference of each kind: one at most is raised, and the others are over."""
        found = difference_of(belief, finding.theirs)
        counts = Counts()
        for kind in DifferenceKind:
            difference_id = difference_id_for(belief.line_id, kind)
            mine = found if found is not None and found.kind is kind else None
            history = await self.book.read(difference_id)
            if any(envelope.business_at > finding.asked_at for envelope in history[-1:]):
                continue  # somebody has asked, or decided, since the host said so
            calm = isinstance(state_of(history), Calm)
            if calm and (mine is None or room <= 0):
                counts = counts.plus(Counts(beyond=0 if mine is None else 1))
                continue
            command = NoteStanding(
                decided_at=finding.asked_at,
                answer_by=self.rules.after(at, ANSWER_WAIT),
                difference=mine,
                theirs=finding.theirs,
            )
            counts = counts.plus(await self._told(difference_id, command, belief.order_id))
        return counts

    async def _told(
        self, difference_id: DifferenceId, command: NoteStanding, order_id: OrderId
    ) -> Counts:
        """Its process is told of all but that it is seen again."""
        name = f"night/{command.decided_at.isoformat()}"
        before = state_of(await self.book.read(difference_id))
        again = isinstance(before, Open) and command.difference is not None
        told = Told(command=command, step=name, order_id=order_id, wakes=not again)
        after = await self.book.tell(difference_id, told)
        mine = told.command_id(difference_id)
        events = [envelope.event for envelope in after if envelope.command_id == mine]
        return Counts(
            raised=_count(events, DifferenceRaised),
            seen_again=_count(events, DifferenceSeenAgain),
            gone=_count(events, DifferenceGone),
        )

    @activity.defn
    async def end_host_night(self, step: HostNightStep) -> None:
        stream = host_nights_stream(step.host)
        history = await self.book.lines.ledger.read(stream)
        command = NoteNight(
            decided_at=step.at,
            answer_by=self.rules.after(step.at, ANSWER_WAIT),
            night=step.night or self.rules.local(step.began_at).date(),
            began_at=step.began_at,
            counts=step.counts,
            why=step.why,
        )
        name = f"night/{step.host}/{step.began_at.isoformat()}"
        command_id = step_command(_NIGHTS, step=name)

        def decide(events: tuple[Event, ...]) -> tuple[Event, ...]:
            return host_nights.decide(command, host_nights.fold(events))

        await decide_once(
            self.book.lines.ledger,
            Decision(
                stream_id=stream,
                stamp=self.book.lines.stamp(command_id, name),
                decide=decide,
                business_at=max([step.at, *(e.business_at for e in history[-1:])]),
                actor=ACTOR,
                correlation=stream,
            ),
            known=history,
        )


_NIGHTS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0c")


def _count(events: Sequence[Event], kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in events)
