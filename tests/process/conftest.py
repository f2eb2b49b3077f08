"""The real dev server with time skipped, and a worker with fakes behind the product's own code."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.access import AccessActivities
from activities.access_messages import AccessMessages
from activities.access_people import AccessPeople
from activities.indemnities import IndemnityActivities
from activities.line_progress import LineProgress
from activities.lines import LineLedger
from activities.new_numbers import NewNumberActivities
from activities.operators import OperatorActivities
from activities.orders import OrderActivities, OrderProgress
from activities.port_in import PortInActivities
from activities.port_in_messages import PortInMessages
from activities.port_in_people import PortInPeople
from activities.reverse_book import ReverseBook
from activities.reverse_ports import HandBackActivities, ReversePortActivities
from domain.clock import BusinessClock
from domain.copper_closures import Closures
from domain.event import Event
from domain.failure_policy import FailureBook
from domain.identity import LineId, OrderId, line_stream
from domain.line_words import LINES, read_line_word
from domain.notice_told import NOTICES, read_word
from domain.port_in import decide
from domain.port_in_commands import OpenPort
from domain.port_in_facts import HostNetwork, LineTerms
from domain.port_in_states import NotOpened, PortState, fold
from intake.orders import OrderIntake, Submission
from intake.requests import OrderRequest
from projections.line import attentions_of, state_after
from runtime.binaries import find_temporal
from runtime.processes.sandbox import workflow_runner
from runtime.temporal_server import FAST_PROFILE
from tests.builders import append, on_stream
from tests.fakes.accesses import FakeAccesses
from tests.fakes.accesses import read as read_access
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.fakes.operators import FakeExchange, FakeHost, FakeMail, read
from tests.porting import RULES, STORY, failures, number_terms, ordered_line, reader, request
from tests.reconcile_house import House, opened_house
from tests.waiting import until_async
from workflows import search_attributes
from workflows.deliver_access import DeliverAccess
from workflows.fulfil_order import FulfilOrder, StartOrder
from workflows.identity import (
    AMEND,
    CANCEL,
    DECIDE,
    EQUIPMENT,
    MESSAGE_RECEIVED,
    TASK_QUEUE,
    line_workflow_id,
    operator_task_queue,
    order_workflow_id,
)
from workflows.line_process import StartLine
from workflows.messages import (
    AmendRequest,
    CancelRequest,
    DecisionRequest,
    EquipmentRequest,
    Ruled,
    unlike,
)
from workflows.new_number import NewNumber
from workflows.port_in_mobile import PortInMobile
from workflows.reverse_port import ReversePort
from workflows.settle_indemnity import SettleIndemnity

SKIPPING = (*FAST_PROFILE, "frontend.WorkflowTimeSkippingEnabled=true")
_SPACE = UUID("00000000-0000-5000-8000-00000000beef")


@pytest.fixture(scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    arguments = [word for value in SKIPPING for word in ("--dynamic-config-value", value)]
    env = await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(find_temporal(None)),
        dev_server_extra_args=arguments,
        search_attributes=search_attributes.ALL,
    )
    async with env:
        yield env


@dataclass
class World:
    """One worker of a test's own: its ledger, its operators, its lines."""

    env: WorkflowEnvironment
    ledger: FakeLedger
    clock: BusinessClock
    failures: FailureBook = field(default_factory=failures)
    closures: Closures = field(default_factory=Closures)
    handles: dict[LineId, WorkflowHandle[Any, LineProgress]] = field(default_factory=dict)
    orders: int = 0

    def __post_init__(self) -> None:
        mail = FakeMail(inbox=self.ledger.inbox, tell=self._tell)
        self.mail = mail
        self.host = FakeHost(mail=mail)
        self.exchange = FakeExchange(mail=mail)
        self.accesses = {host: FakeAccesses(mail=mail, operator=host) for host in HostNetwork}
        self.by_hand: set[str] = set()

    async def _tell(self, line_id: LineId, number: int) -> None:
        handle = self.handles.get(line_id)
        if handle is not None:
            await handle.signal(MESSAGE_RECEIVED, number)

    async def opened(
        self,
        provider: str = "axantis",
        *,
        skips: bool = True,
        **changes: Any,  # noqa: ANN401
    ) -> LineId:
        """A line of an order of its own, with its process started; unless it skips, time waits."""
        self.orders += 1
        order_id = OrderId(uuid5(_SPACE, f"{id(self)}-{self.orders}"))
        line = ordered_line(provider, order_id=order_id, now=self.clock.business_origin, **changes)
        command = OpenPort(
            decided_at=self.clock.business_origin,
            answer_by=self.clock.business_origin,
            terms=number_terms(line),
            gates=line.gates,
            stated=line.stated,
        )
        line_id = line.terms.line_id
        events: tuple[Event, ...] = decide(command, NotOpened())
        await self.ledger.append(append(str(line_id), on_stream(line_stream(line_id), *events)))
        if skips:
            await self.start(line_id)
        else:
            with self.env.with_time_skipping_disabled():
                await self.start(line_id)
        return line_id

    async def passes(self, line_id: LineId, **span: float) -> None:
        """Less of it when the line ends before."""
        with suppress(RPCError):
            await self.env.fast_forward(self.handles[line_id], timedelta(**span))

    async def start(
        self, line_id: LineId, attempt: int = 0
    ) -> WorkflowHandle[PortInMobile, LineProgress]:
        handle = await self.env.client.start_workflow(
            PortInMobile.run,
            StartLine(line_id=line_id, clock=self.clock, shown_at_rest=True),
            id=f"{line_workflow_id(line_id)}-{id(self)}-{attempt}",
            task_queue=self.queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        self.handles[line_id] = handle
        return handle

    async def ordered(self, provider: str = "axantis", **changes: Any) -> OrderId:  # noqa: ANN401
        """A whole order, as intake keeps it; its process starts those of its lines by hand."""
        return await self.submitted(request(provider, **changes))

    async def submitted(self, asked: OrderRequest) -> OrderId:
        self.orders += 1
        submitted = await OrderIntake(
            ledger=self.ledger, keyed_hash=fake_hash(), lines=reader()
        ).submit(
            Submission(
                actor="test",
                request=asked,
                client="test",
                idempotency_key=f"{id(self)}-{self.orders}",
                business_now=self.clock.business_origin,
            )
        )
        return submitted.order_id

    async def start_order(
        self, order_id: OrderId, attempt: int = 0
    ) -> WorkflowHandle[FulfilOrder, OrderProgress]:
        with self.env.with_time_skipping_disabled():
            return await self.env.client.start_workflow(
                FulfilOrder.run,
                StartOrder(order_id=order_id, clock=self.clock),
                id=f"{order_workflow_id(order_id)}-{id(self)}-{attempt}",
                task_queue=self.queue,
            )

    async def start_new_number(
        self, line_id: LineId, attempt: int = 0
    ) -> WorkflowHandle[NewNumber, LineProgress]:
        handle = await self.env.client.start_workflow(
            NewNumber.run,
            StartLine(line_id=line_id, clock=self.clock, shown_at_rest=True),
            id=f"{line_workflow_id(line_id)}-{id(self)}-{attempt}",
            task_queue=self.queue,
        )
        self.handles[line_id] = handle
        return handle

    @property
    def queue(self) -> str:
        return f"{TASK_QUEUE}-{id(self)}"

    async def end_of(self, line_id: LineId) -> LineProgress:
        return await asyncio.wait_for(self.handles[line_id].result(), 30)

    async def state(self, line_id: LineId) -> PortState:
        return fold(e.event for e in await self.ledger.read(line_stream(line_id)))

    async def events(self, line_id: LineId) -> list[Event]:
        return [e.event for e in await self.ledger.read(line_stream(line_id))]

    async def facts(self, line_id: LineId) -> list[str]:
        return [type(event).__name__ for event in await self.events(line_id)]

    async def until(self, line_id: LineId, fact: str, *, times: int = 1) -> None:
        async def happened() -> bool:
            return (await self.facts(line_id)).count(fact) >= times

        await until_async(happened, what=fact)

    async def asks(self, line_id: LineId, code: str) -> None:
        """Until a person is asked for a decision of that code."""

        async def asked() -> bool:
            state = None
            for event in await self.events(line_id):
                state = state_after(state, event)
            return state is not None and any(a.code == code for a in attentions_of(state))

        await until_async(asked, what=code)

    async def decide(
        self,
        line_id: LineId,
        decision: str,
        *,
        key: str | None = None,
        **more: Any,  # noqa: ANN401
    ) -> Ruled:
        request = DecisionRequest(
            decision=decision, by="a colleague", **{"reason": "because", **more}
        )
        ruled: Ruled = await self.handles[line_id].execute_update(
            DECIDE, request, id=unlike(key, request) if key else None, result_type=Ruled
        )
        return ruled

    async def cancel(self, line_id: LineId, *, by: str = "the customer") -> Ruled:
        request = CancelRequest(by=by)
        ruled: Ruled = await self.handles[line_id].execute_update(
            CANCEL, request, result_type=Ruled
        )
        return ruled

    async def amend(self, line_id: LineId, **asked: Any) -> Ruled:  # noqa: ANN401
        request = AmendRequest(by="the customer", **asked)
        ruled: Ruled = await self.handles[line_id].execute_update(AMEND, request, result_type=Ruled)
        return ruled

    async def equipment(self, line_id: LineId, to: str, **told: Any) -> Ruled:  # noqa: ANN401
        key = told.pop("key", None)
        request = EquipmentRequest(by="a colleague", to=to, **{"name": "router", **told})
        ruled: Ruled = await self.handles[line_id].execute_update(
            EQUIPMENT, request, id=unlike(key, request) if key else None, result_type=Ruled
        )
        return ruled

    def terms_of(self, state: PortState) -> LineTerms:
        assert not isinstance(state, NotOpened)
        return state.terms


def activities_of(world: World) -> tuple[list[Any], list[Any]]:
    """The policies of failures may change while the lines of a world run."""
    rules = replace(RULES, failures=lambda: world.failures)
    lines = LineLedger(ledger=world.ledger, keyed_hash=fake_hash())
    own = PortInActivities(lines=lines, rules=rules)
    messages = PortInMessages(
        lines=lines,
        rules=rules,
        inbox=world.ledger.inbox,
        readers={"orange": read, "pnm": read},
    )
    people = PortInPeople(lines=lines, rules=rules)
    orders = OrderActivities(ledger=world.ledger, keyed_hash=fake_hash())
    numbers = NewNumberActivities(
        lines=lines,
        rules=rules,
        inbox=world.ledger.inbox,
        readers={"orange": read, "pnm": read},
    )
    operators = OperatorActivities(
        lines=lines,
        hosts={HostNetwork.ORANGE: world.host},
        exchange=world.exchange,
        inbox=world.ledger.inbox,
        accesses=world.accesses,
        by_hand=world.by_hand,
    )
    indemnities = IndemnityActivities(lines=lines, rules=rules)
    book = ReverseBook(ledger=world.ledger, keyed_hash=fake_hash(), rules=rules)
    back = ReversePortActivities(book=book)
    hand_backs = HandBackActivities(
        book=book, hosts={HostNetwork.ORANGE: world.host}, inbox=world.ledger.inbox
    )
    sites = (
        AccessActivities(lines=lines, rules=rules, closures=lambda: world.closures),
        AccessMessages(
            lines=lines,
            rules=rules,
            inbox=world.ledger.inbox,
            readers={
                **dict.fromkeys(HostNetwork, read_access),
                NOTICES: read_word,
                LINES: read_line_word,
            },
            closures=lambda: world.closures,
        ),
        AccessPeople(lines=lines, rules=rules, closures=lambda: world.closures),
    )
    own_verbs = verbs(own, messages, people, orders, numbers, indemnities, back, *sites)
    return own_verbs, verbs(operators, hand_backs)


def verbs(*holders: object) -> list[Any]:
    found = []
    for holder in holders:
        for name in dir(type(holder)):
            method = getattr(holder, name)
            if hasattr(method, "__temporal_activity_definition"):
                found.append(method)
    return found


@pytest.fixture
async def world(skipping: WorkflowEnvironment) -> AsyncIterator[World]:
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=STORY, scale=1)
    world = World(env=skipping, ledger=FakeLedger(FakeSubjectKeys()), clock=clock)
    ledger_verbs, operator_verbs = activities_of(world)
    client: Client = skipping.client
    runner = workflow_runner()
    async with (
        Worker(
            client,
            task_queue=world.queue,
            workflows=[
                PortInMobile,
                NewNumber,
                DeliverAccess,
                FulfilOrder,
                SettleIndemnity,
                ReversePort,
            ],
            activities=ledger_verbs,
            workflow_runner=runner,
        ),
        Worker(
            client,
            task_queue=operator_task_queue("orange", beside=world.queue),
            activities=operator_verbs,
        ),
        Worker(
            client,
            task_queue=operator_task_queue("pnm", beside=world.queue),
            activities=operator_verbs,
        ),
        Worker(
            client,
            task_queue=operator_task_queue("sfr", beside=world.queue),
            activities=operator_verbs,
        ),
    ):
        yield world
        for handle in world.handles.values():
            await _terminated(handle)


async def _terminated(handle: WorkflowHandle[Any, LineProgress]) -> None:
    described = await handle.describe()
    if described.close_time is None:
        await handle.terminate("the test is over")


@pytest.fixture
async def house(skipping: WorkflowEnvironment) -> AsyncIterator[House]:
    async with opened_house(skipping) as house:
        yield house
