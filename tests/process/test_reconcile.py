"""Business nights on the real server with time skipped: three hosts, each with books of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.difference_questions import DifferenceQuestions
from activities.differences import (
    DifferenceActivities,
    DifferenceBook,
    DifferenceProgress,
    Told,
    state_of,
)
from activities.lines import LineLedger
from activities.reconciling import HostComparison, ReconcileActivities
from domain.attention import Turn
from domain.clock import BusinessClock
from domain.differences import (
    Accepted,
    Calm,
    DecideDifference,
    DifferenceDecision,
    DifferenceState,
    Open,
    Remedying,
    difference_id_for,
    difference_stream,
)
from domain.event import Event
from domain.host_nights import (
    Counts,
    HostNights,
    HostNotReconciled,
    HostReconciled,
    fold,
    host_nights_stream,
)
from domain.identity import LineId, line_stream
from domain.operators import Answer, LineChange, LineStanding, Standing, Unanswered
from domain.port_in_facts import HostNetwork, Step
from domain.reconciling import DifferenceKind
from ledger.append import At
from ledger.messages import START_DIFFERENCE
from runtime.processes.sandbox import workflow_runner
from tests.builders import append, on_stream
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.fakes.operators import FakeHost, FakeMail, Habit
from tests.fakes.reconciling import FakeHostBooks
from tests.porting import RULES, STORY, paris
from tests.process.conftest import verbs
from tests.reconciled import active_facts, asked, host_line, line_at, released_facts, reserved_facts
from tests.waiting import until_async
from workflows.identity import (
    CLOCK_MOVED,
    FACTS_MOVED,
    RUN_ASKED_FOR,
    TASK_QUEUE,
    difference_workflow_id,
    operator_task_queue,
)
from workflows.put_right import PutRight, StartDifference
from workflows.reconcile import Reconcile, StartReconcile

MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 12)
"""The story begins on a Saturday: its first business night is Monday's."""


class AskedHost(FakeHost):
    """One that counts questions, and may be silent about some lines or all."""

    questions: int = 0
    silent: bool = False
    silent_about: frozenset[str] = frozenset()
    forgets: bool = False
    """Takes a change, and does not do it."""

    async def line_standing(self, host_line: str) -> LineStanding:
        self.questions += 1
        if self.silent or host_line in self.silent_about:
            return Unanswered(why="in maintenance")
        return await super().line_standing(host_line)

    async def change_line(self, change: LineChange) -> Answer:
        before = self.standings.get(change.host_line)
        answer = await super().change_line(change)
        if self.forgets and before is not None:
            self.standings[change.host_line] = before
        return answer


@dataclass
class House:
    env: WorkflowEnvironment
    ledger: FakeLedger
    hosts: dict[HostNetwork, AskedHost]
    clock: BusinessClock
    started: list[WorkflowHandle[Any, Any]] = field(default_factory=list)

    @property
    def queue(self) -> str:
        return f"{TASK_QUEUE}-{id(self)}"

    @property
    def orange(self) -> AskedHost:
        return self.hosts[HostNetwork.ORANGE]

    @property
    def book(self) -> DifferenceBook:
        return DifferenceBook(lines=LineLedger(ledger=self.ledger, keyed_hash=fake_hash()))

    async def has(
        self,
        place: int,
        facts: tuple[Event, ...],
        standing: Standing | None,
        host: HostNetwork = HostNetwork.ORANGE,
        *,
        at: datetime = STORY - timedelta(days=4),
    ) -> LineId:
        """A line by our facts, and as its host has it."""
        line_id = line_at(place).terms.line_id
        stream = on_stream(line_stream(line_id), *facts)
        await self.ledger.append(replace(append(f"line-{place}", stream), business_at=at))
        if standing is not None:
            self.hosts[host].standings[host_line(place)] = standing
        return line_id

    async def start(self, **more: Any) -> WorkflowHandle[Reconcile, None]:  # noqa: ANN401
        with self.env.with_time_skipping_disabled():
            handle = await self.env.client.start_workflow(
                Reconcile.run,
                StartReconcile(**{"clock": self.clock, **more}),
                id=f"reconcile-{id(self)}-{len(self.started)}",
                task_queue=self.queue,
            )
        self.started.append(handle)
        return handle

    async def nights(self, host: HostNetwork = HostNetwork.ORANGE) -> HostNights:
        history = await self.ledger.read(host_nights_stream(host))
        return fold(envelope.event for envelope in history)

    async def night_of(
        self, day: date, host: HostNetwork = HostNetwork.ORANGE
    ) -> HostReconciled | HostNotReconciled:
        async def told() -> bool:
            last = (await self.nights(host)).last
            return last is not None and last.night == day

        await until_async(told, what=f"the night of {day}")
        last = (await self.nights(host)).last
        assert last is not None
        return last

    async def difference(self, line_id: LineId, kind: DifferenceKind) -> DifferenceState:
        stream = difference_stream(difference_id_for(line_id, kind))
        return state_of(await self.ledger.read(stream))

    async def put_right(self, line_id: LineId, kind: DifferenceKind) -> "Repair":
        """The process of a difference, as the relay starts it."""
        difference_id = difference_id_for(line_id, kind)
        with self.env.with_time_skipping_disabled():
            handle = await self.env.client.start_workflow(
                PutRight.run,
                StartDifference(difference_id=difference_id, clock=self.clock),
                id=f"{difference_workflow_id(difference_id)}-{id(self)}",
                task_queue=self.queue,
            )
        self.started.append(handle)
        return Repair(self, line_id, kind, handle)

    async def differing(self, line_id: LineId) -> dict[DifferenceKind, DifferenceState]:
        found = {kind: await self.difference(line_id, kind) for kind in DifferenceKind}
        return {kind: state for kind, state in found.items() if not isinstance(state, Calm)}


@dataclass
class Repair:
    """One difference of a house, and its process."""

    house: House
    line_id: LineId
    kind: DifferenceKind
    handle: WorkflowHandle[PutRight, DifferenceProgress]

    async def state(self) -> DifferenceState:
        return await self.house.difference(self.line_id, self.kind)

    async def facts(self) -> list[str]:
        stream = difference_stream(difference_id_for(self.line_id, self.kind))
        return [type(e.event).__name__ for e in await self.house.ledger.read(stream)]

    async def until(self, fact: str, *, times: int = 1) -> None:
        async def happened() -> bool:
            return (await self.facts()).count(fact) >= times

        await until_async(happened, what=fact)

    async def decide(self, decision: str, *, key: str, reason: str = "because") -> None:
        """As a person through the API: the fact first, then the process is told to look."""
        at = self.house.clock.business_at(await self.house.env.get_current_time(self.handle))
        command = DecideDifference(
            decided_at=at,
            decision=DifferenceDecision(decision),
            reason=reason,
            by="a colleague",
            remedied_by=at + timedelta(days=1),
        )
        state = await self.state()
        assert isinstance(state, Open)
        told = Told(command=command, step=f"asked/{key}", order_id=state.difference.order_id)
        await self.house.book.tell(difference_id_for(self.line_id, self.kind), told)
        await self.handle.signal(FACTS_MOVED)

    async def passes(self, **span: float) -> None:
        with suppress(RPCError):
            await self.house.env.fast_forward(self.handle, timedelta(**span))


@pytest.fixture
async def house(skipping: WorkflowEnvironment) -> AsyncIterator[House]:
    ledger = FakeLedger(FakeSubjectKeys())
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=1)
    hosts = {
        host: AskedHost(mail=FakeMail(inbox=ledger.inbox, tell=_nobody), source=host)
        for host in HostNetwork
    }
    house = House(env=skipping, ledger=ledger, hosts=hosts, clock=clock)
    lines, books = LineLedger(ledger=ledger, keyed_hash=fake_hash()), FakeHostBooks(ledger)
    own = verbs(
        ReconcileActivities(book=house.book, rules=RULES),
        DifferenceActivities(book=house.book, rules=RULES),
    )
    asking = verbs(
        HostComparison(lines=lines, hosts=hosts, pages=books, differences=books),
        DifferenceQuestions(lines=lines, hosts=hosts),
    )
    client = skipping.client
    async with AsyncExitStack() as stack:
        worker = Worker(
            client,
            task_queue=house.queue,
            workflows=[Reconcile, PutRight],
            activities=own,
            workflow_runner=workflow_runner(),
        )
        await stack.enter_async_context(worker)
        for host in HostNetwork:
            queue = operator_task_queue(host, beside=house.queue)
            asked = Worker(client, task_queue=queue, activities=asking)
            await stack.enter_async_context(asked)
        yield house
        for handle in house.started:
            with suppress(RPCError):
                await handle.terminate("the test is over")


async def _nobody(_line_id: LineId, _number: int) -> None:
    """Nothing is handed over here."""


async def test_a_host_that_says_what_we_believe_differs_on_nothing(house: House) -> None:
    await house.has(1, active_facts(1), Standing.ACTIVE)
    await house.has(2, reserved_facts(2), Standing.RESERVED)
    await house.has(3, released_facts(3), None)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert isinstance(night, HostReconciled)
    assert night.began_at == paris("2027-01-11T22:00:00")
    assert (night.counts.lines, night.counts.compared, night.counts.raised) == (3, 3, 0)
    assert [row for row in house.ledger.outbox if row.kind == START_DIFFERENCE] == []


async def _next(house: House, handle: WorkflowHandle[Reconcile, None], day: date) -> None:
    await house.env.fast_forward(handle, timedelta(days=1))
    await house.night_of(day)


async def test_a_differing_host_is_found_once_with_both_sides(house: House) -> None:
    line_id = await house.has(1, active_facts(1), Standing.SUSPENDED)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    night = await house.night_of(MONDAY)
    await _next(house, handle, TUESDAY)

    found = await house.differing(line_id)

    assert list(found) == [DifferenceKind.SUSPENDED_THERE]
    state = found[DifferenceKind.SUSPENDED_THERE]
    assert isinstance(state, Open)
    assert (night.counts.raised, state.seen) == (1, 2)
    assert state.difference.ours.standing is Standing.ACTIVE
    assert [fact.event for fact in state.difference.ours.evidence][-2:] == [
        "OperatorAsked",
        "LineSwitched",
    ]
    assert state.difference.theirs.standing is Standing.SUSPENDED
    assert state.difference.allowed[0] == DifferenceDecision.RESUME
    # two jours ouvrés after Monday night, at the same hour
    assert state.until == paris("2027-01-13T22:00:00")
    rows = [row for row in house.ledger.outbox if row.kind == START_DIFFERENCE]
    assert len(rows) == 1


async def test_what_is_under_way_or_done_a_moment_ago_is_not_compared(house: House) -> None:
    await house.has(1, (*reserved_facts(1), asked(Step.SWITCH_LINE)), Standing.ACTIVE)
    await house.has(2, active_facts(2), Standing.RESERVED, at=paris("2027-01-11T21:00:00"))
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert (night.counts.lines, night.counts.compared) == (2, 0)
    assert house.orange.questions == 0


async def test_a_silent_host_is_said_to_be_and_the_others_go_on(house: House) -> None:
    house.orange.silent = True
    await house.has(1, active_facts(1), Standing.ACTIVE)
    sfr_line = await house.has(2, active_facts(2, HostNetwork.SFR), None, HostNetwork.SFR)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    unheard = await house.night_of(MONDAY)
    heard = await house.night_of(MONDAY, HostNetwork.SFR)

    assert isinstance(unheard, HostNotReconciled)
    assert unheard.why == "in maintenance"
    assert isinstance(heard, HostReconciled)
    assert list(await house.differing(sfr_line)) == [DifferenceKind.UNKNOWN_THERE]
    assert house.orange.questions == 3  # one a try


async def test_after_three_silent_nights_a_person_is_asked_until_it_is_heard(house: House) -> None:
    house.orange.silent = True
    await house.has(1, active_facts(1), Standing.ACTIVE)
    before = [
        HostNotReconciled(night=date(2027, 1, day), began_at=STORY, counts=Counts(), why="silent")
        for day in (7, 8)
    ]
    stream = on_stream(host_nights_stream(HostNetwork.ORANGE), *before)
    await house.ledger.append(append("two nights", stream))
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    attention = (await house.nights()).attention
    assert attention is not None
    assert (attention.code, attention.turn) == ("host-silent", Turn.OPERATIONS)

    house.orange.silent = False
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    async def heard() -> bool:
        return (await house.nights()).attention is None

    await until_async(heard, what="the host is heard again")
    assert (await house.nights()).unheard == 0


async def test_one_line_that_is_not_answered_about_holds_up_no_other(house: House) -> None:
    for place in (1, 2, 3, 4):
        await house.has(place, active_facts(place), Standing.ACTIVE)
    house.orange.silent_about = frozenset({host_line(2)})
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert isinstance(night, HostReconciled)
    assert (night.counts.compared, night.counts.unanswered) == (3, 1)


async def test_a_night_of_many_lines_goes_on_in_another_run(house: House) -> None:
    for place in range(1, 6):
        await house.has(place, active_facts(place), Standing.ACTIVE)
    lost = await house.has(6, active_facts(6), Standing.ENDED)
    handle = await house.start(page=2, pages=1)
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert (night.counts.lines, night.counts.compared, night.counts.raised) == (6, 6, 1)
    assert list(await house.differing(lost)) == [DifferenceKind.ENDED_THERE]
    runs = [run async for run in house.env.client.list_workflows(f"WorkflowId = '{handle.id}'")]
    assert len(runs) >= 4


async def test_somebody_who_asks_does_not_wait_for_the_night(house: House) -> None:
    line_id = await house.has(1, released_facts(1), Standing.RESERVED)
    handle = await house.start()

    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    night = await house.night_of(date(2027, 1, 9))
    assert night.counts.raised == 1
    assert list(await house.differing(line_id)) == [DifferenceKind.LEFT_THERE]
    assert (await house.nights(HostNetwork.SFR)).last is None


async def test_another_clock_brings_another_night(house: House) -> None:
    handle = await house.start()
    soon = paris("2027-01-12T21:59:57")
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=soon, scale=1)

    await handle.signal(CLOCK_MOVED, clock)

    night = await house.night_of(TUESDAY)
    assert isinstance(night, HostReconciled)


async def test_a_host_that_differs_widely_is_looked_at_before_its_lines(house: House) -> None:
    for place in range(1, 54):
        await house.has(place, active_facts(place), Standing.ENDED)
    handle = await house.start()
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    night = await house.night_of(date(2027, 1, 9))

    assert (night.counts.raised, night.counts.beyond) == (50, 3)
    attention = (await house.nights()).attention
    assert attention is not None
    assert attention.code == "host-differs-widely"


async def test_a_difference_that_is_gone_the_next_night_is_over(house: House) -> None:
    line_id = await house.has(1, active_facts(1), Standing.SUSPENDED)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    house.orange.standings[host_line(1)] = Standing.ENDED
    await _next(house, handle, TUESDAY)

    assert list(await house.differing(line_id)) == [DifferenceKind.ENDED_THERE]
    state = await house.difference(line_id, DifferenceKind.SUSPENDED_THERE)
    assert isinstance(state, Calm)


# putting it right


async def _found(house: House, place: int = 1, **more: Any) -> Repair:  # noqa: ANN401
    """A line suspended behind our back, found by a run somebody asked for."""
    facts = more.get("facts", active_facts(place))
    line_id = await house.has(place, facts, more.get("standing", Standing.SUSPENDED))
    handle = await house.start()
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))
    await house.night_of(date(2027, 1, 9))
    return await house.put_right(line_id, more.get("kind", DifferenceKind.SUSPENDED_THERE))


async def test_a_line_suspended_there_is_put_back_and_the_host_then_says_so(house: House) -> None:
    repair = await _found(house)
    await repair.decide("resume", key="k-1")

    await repair.until("RemedyTaken")
    await repair.passes(hours=3)

    assert (await repair.handle.result()).ended
    assert await repair.facts() == [
        "DifferenceRaised",
        "RemedyDecided",
        "RemedyTaken",
        "DifferenceGone",
    ]
    assert len(house.orange.changed) == 1


async def test_a_line_left_there_is_given_back_once(house: House) -> None:
    repair = await _found(
        house,
        facts=released_facts(1),
        standing=Standing.ACTIVE,
        kind=DifferenceKind.LEFT_THERE,
    )
    house.orange.habits = {Step.RELEASE_LINE: [Habit.LOST_REPLY]}
    await repair.decide("release", key="k-1")

    await repair.until("RemedyTaken")
    await repair.passes(hours=3)

    assert (await repair.handle.result()).ended
    assert len(house.orange.asked) == 2  # the reply to the first was lost
    assert sum(house.orange.books.effects.values()) == 1


async def test_a_remedy_the_host_refuses_comes_back_to_a_person(house: House) -> None:
    repair = await _found(house)
    house.orange.change_habits = {"resume": ["LINE-BLOCKED"]}
    await repair.decide("resume", key="k-1")

    await repair.until("RemedyRefused")

    state = await repair.state()
    assert isinstance(state, Open)
    assert state.came_of_it is not None
    assert "LINE-BLOCKED" in state.came_of_it.en
    await repair.decide("resume", key="k-2")
    await repair.until("RemedyTaken")
    assert len({change.key for change in house.orange.changed}) == 2


async def test_a_remedy_nobody_answered_is_asked_again_under_its_key(house: House) -> None:
    repair = await _found(house)
    house.orange.change_habits = {"resume": [Habit.DEAF] * 5}
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyUnanswered")

    await repair.decide("resume", key="k-2")

    await repair.until("RemedyTaken")
    assert len({change.key for change in house.orange.changed}) == 1


async def test_a_remedy_that_was_taken_and_not_done_comes_back_too(house: House) -> None:
    repair = await _found(house)
    house.orange.forgets = True
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyTaken")

    await repair.passes(days=1, hours=3)

    await repair.until("RemedyMissed")
    assert isinstance(await repair.state(), Open)


async def test_a_line_that_has_moved_on_is_not_touched(house: House) -> None:
    repair = await _found(house)
    stream = line_stream(repair.line_id)
    version = len(await house.ledger.read(stream))
    moved = on_stream(stream, asked(Step.RELEASE_LINE), expected=At(version))
    await house.ledger.append(append("moved-on", moved))

    await repair.decide("resume", key="k-1")

    await repair.until("RemedyRefused")
    assert house.orange.changed == []


async def test_a_question_asked_at_once_is_answered_at_once(house: House) -> None:
    repair = await _found(house)
    await repair.decide("ask-host-again", key="k-1")
    await repair.until("DifferenceSeenAgain")
    house.orange.silent = True
    await repair.decide("ask-host-again", key="k-2")
    await repair.until("HostSaidNothing")
    house.orange.silent, house.orange.standings[host_line(1)] = False, Standing.ACTIVE

    await repair.decide("ask-host-again", key="k-3")

    assert (await repair.handle.result()).ended
    assert isinstance(await repair.state(), Calm)


async def test_what_was_accepted_is_not_raised_again_until_a_side_changes(house: House) -> None:
    repair = await _found(house)
    await repair.decide("settle", key="k-1", reason="the customer did not pay")
    assert (await repair.handle.result()).ended
    (handle,) = [one for one in house.started if one is not repair.handle]
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    assert isinstance(await repair.state(), Accepted)

    house.orange.standings[host_line(1)] = Standing.ACTIVE
    await _next(house, handle, TUESDAY)

    assert isinstance(await repair.state(), Calm)


async def test_a_difference_nobody_decides_goes_up(house: House) -> None:
    repair = await _found(house)

    await repair.passes(days=5)

    await repair.until("DifferenceWentUp")
    state = await repair.state()
    assert isinstance(state, Open)
    assert state.turn is Turn.SUPERVISOR


async def test_while_a_remedy_is_carried_out_it_is_not_raised_again(house: House) -> None:
    repair = await _found(house)
    house.orange.forgets = True
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyTaken")
    await house.started[0].signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    async def asked_again() -> bool:
        return house.orange.questions >= 2

    await until_async(asked_again, what="another run")
    assert isinstance(await repair.state(), Remedying)
