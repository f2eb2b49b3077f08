"""Three hosts with books of their own, our facts of their lines, and the processes that compare."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
from domain.clock import BusinessClock
from domain.differences import (
    Calm,
    DecideDifference,
    DifferenceDecision,
    DifferenceState,
    Open,
    difference_id_for,
    difference_stream,
)
from domain.event import Event
from domain.host_nights import (
    HostNights,
    HostNotReconciled,
    HostReconciled,
    fold,
    host_nights_stream,
)
from domain.identity import LineId, line_stream
from domain.operators import Answer, LineChange, LineStanding, Standing, Unanswered
from domain.port_in_facts import HostNetwork
from domain.reconciling import DifferenceKind
from runtime.processes.sandbox import workflow_runner
from runtime.wiring import verbs_of
from tests.builders import append, on_stream
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.fakes.operators import FakeHost, FakeMail
from tests.fakes.reconciling import FakeHostBooks
from tests.porting import RULES, STORY
from tests.reconciled import host_line, line_at
from tests.waiting import until_async
from workflows.identity import (
    FACTS_MOVED,
    TASK_QUEUE,
    difference_workflow_id,
    operator_task_queue,
)
from workflows.put_right import PutRight, StartDifference
from workflows.reconcile import Reconcile, StartReconcile


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

    async def next_night(self, handle: WorkflowHandle[Reconcile, None], day: date) -> None:
        await self.env.fast_forward(handle, timedelta(days=1))
        await self.night_of(day)

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


@asynccontextmanager
async def opened_house(skipping: WorkflowEnvironment) -> AsyncIterator[House]:
    ledger = FakeLedger(FakeSubjectKeys())
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=1)
    hosts = {
        host: AskedHost(mail=FakeMail(inbox=ledger.inbox, tell=_nobody), source=host)
        for host in HostNetwork
    }
    house = House(env=skipping, ledger=ledger, hosts=hosts, clock=clock)
    lines, books = LineLedger(ledger=ledger, keyed_hash=fake_hash()), FakeHostBooks(ledger)
    own = [
        *verbs_of(ReconcileActivities(book=house.book, rules=RULES)),
        *verbs_of(DifferenceActivities(book=house.book, rules=RULES)),
    ]
    asking = [
        *verbs_of(HostComparison(lines=lines, hosts=hosts, pages=books, differences=books)),
        *verbs_of(DifferenceQuestions(lines=lines, hosts=hosts)),
    ]
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
