"""The watchdog reads documents only, and resume starts again what is open: on a real database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.line_ends import LotBook
from activities.orders import OrderActivities, OrderStep
from domain.clock import BusinessClock
from domain.differences import DifferenceId
from domain.event import Event
from domain.identity import LineId, OrderId, StreamId, line_id_for, line_stream, step_command
from domain.indemnity_facts import Ending, Head, IndemnityClosed, IndemnityId, indemnity_stream
from domain.new_numbers import NewNumberOpened, NewNumberTerms
from domain.port_in_facts import HostNetwork, Outcome, PortEnded, SimKind
from intake.orders import OrderIntake, Submission
from ledger.append import CommandStamp
from ledger.deciding import Decision, decide_once
from ledger.messages import WaitingMessage
from projections.line import LineDocument
from runtime.indemnities import IndemnityWatchdog, indemnity_documents, indemnity_runner
from runtime.lines import LineDocuments
from runtime.processes.projector import line_documents, line_runner
from runtime.reconciling import difference_runner, reconcile_documents
from runtime.relay import Done, Later, Park
from runtime.resuming import Resumed, Resumption
from runtime.reverse_ports import reverse_port_documents
from runtime.starting import (
    MessageHandOver,
    OrderTeller,
    ProcessStarter,
    ReconcileKeeper,
    difference_verb,
    indemnity_verb,
    line_verb,
    order_verb,
    reconcile_verb,
)
from runtime.store import Store
from runtime.watching import Watchdog
from runtime.wiring import reverse_book
from tests.builders import command_id, message
from tests.indemnities import WHY, indemnity_in, opened, terms
from tests.porting import RULES, STORY, reader, request
from tests.reconciled import difference_in

WALL = datetime(2027, 1, 9, 12, 0, tzinfo=UTC)


async def _opened(store: Store, key: str = "k-1") -> tuple[OrderId, LineId]:
    """An order whose line is open and has no process: nothing will ever move it."""
    intake = OrderIntake(ledger=store.ledger, keyed_hash=store.keyed_hash, lines=reader())
    submitted = await intake.submit(
        Submission(
            request=request(),
            client="test",
            actor="test",
            idempotency_key=key,
            business_now=STORY,
        )
    )
    activities = OrderActivities(ledger=store.ledger, keyed_hash=store.keyed_hash)
    await activities.open_lines(OrderStep(order_id=submitted.order_id, at=STORY))
    await line_runner(store).turn()
    return submitted.order_id, line_id_for(submitted.order_id, number=1)


def _lines(store: Store) -> LineDocuments:
    return line_documents(store)


async def _open(store: Store) -> tuple[LineDocument, ...]:
    lines = _lines(store)
    return tuple((await lines.many(await lines.still_open())).values())


def _watchdog(store: Store, wall: datetime) -> Watchdog:
    return Watchdog(
        lines=_lines(store),
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=RULES,
        clocks=store.clock,
        wall_now=lambda: wall,
    )


@pytest.fixture
async def story(store: Store) -> Store:
    await store.clock.begin(BusinessClock(wall_origin=WALL, business_origin=STORY, scale=1))
    return store


async def test_a_line_nobody_moves_is_raised_once_to_a_person(story: Store) -> None:
    _, line = await _opened(story)

    assert await _watchdog(story, WALL + timedelta(minutes=4, seconds=59)).turn() == 0
    assert await _watchdog(story, WALL + timedelta(minutes=6)).turn() == 1
    await line_runner(story).turn()
    assert await _watchdog(story, WALL + timedelta(minutes=9)).turn() == 0

    raised = (await story.ledger.read(line_stream(line)))[-1]
    assert (raised.actor, type(raised.event).__name__) == ("watchdog", "AttentionRaised")
    (document,) = await _open(story)
    assert [attention.code for attention in document.attentions] == ["nothing-moves"]


async def test_a_watchdog_that_was_overtaken_raises_nothing(story: Store) -> None:
    await _opened(story)
    await _watchdog(story, WALL + timedelta(minutes=6)).turn()

    assert await _watchdog(story, WALL + timedelta(minutes=7)).turn() == 1
    document = await _lines(story).find(line_id_for(OrderId(UUID(int=1)), number=1))
    assert document is None
    (shown,) = await _open(story)
    assert shown.version == 1


async def test_a_new_number_nobody_moves_is_raised_too(story: Store) -> None:
    order, ported = await _opened(story)
    (document,) = await _open(story)
    line = line_id_for(order, number=2)
    terms = NewNumberTerms(
        line_id=line,
        order_id=order,
        replaces=ported,
        pin=document.state.terms.pin,
        host=document.host,
        sim=SimKind.SIM,
        host_line=None,
        asked_at=STORY,
    )
    await decide_once(
        story.ledger,
        Decision(
            stream_id=line_stream(line),
            stamp=CommandStamp(command_id=step_command(line, step="open"), fingerprint=b"f"),
            decide=lambda _: (NewNumberOpened(terms=terms),),
            business_at=STORY,
            actor="test",
            correlation=str(order),
        ),
    )
    await line_runner(story).turn()

    assert await _watchdog(story, WALL + timedelta(minutes=6)).turn() == 2
    await line_runner(story).turn()

    codes = {line.state.stage: line.attentions[0].code for line in await _open(story)}
    assert codes == {"claiming": "nothing-moves", "awaiting-line": "operator-silent"}


async def test_an_indemnity_nobody_moves_is_raised_once(story: Store) -> None:
    order, line = await _opened(story)
    indemnity = await indemnity_in(story, str(order), line)
    await indemnity_runner(story).turn()
    watchdog = IndemnityWatchdog(
        indemnities=indemnity_documents(story),
        ledger=story.ledger,
        keyed_hash=story.keyed_hash,
        rules=RULES,
        clocks=story.clock,
        wall_now=lambda: WALL + timedelta(days=40),
    )

    assert await watchdog.turn() == 1
    await indemnity_runner(story).turn()
    assert await watchdog.turn() == 0
    found = await watchdog.indemnities.find(indemnity)
    assert found is not None
    assert [a.code for a in found.attentions] == ["nothing-moves"]


async def _noted(store: Store, stream: StreamId, event: Event) -> None:
    await decide_once(
        store.ledger,
        Decision(
            stream_id=stream,
            stamp=CommandStamp(command_id=command_id(f"{stream} {event}"), fingerprint=b"f"),
            decide=lambda _: (event,),
            business_at=STORY,
            actor="test",
            correlation=str(stream),
        ),
    )


async def _raised_after(store: Store, **span: float) -> int:
    """By a watchdog that looks so long after the story began, at all that is projected."""
    await line_runner(store).turn()
    await indemnity_runner(store).turn()
    return await IndemnityWatchdog(
        indemnities=indemnity_documents(store),
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=RULES,
        clocks=store.clock,
        wall_now=lambda: WALL + timedelta(**span),
    ).turn()


async def test_an_indemnity_not_worked_out_once_its_port_is_over_is_raised(story: Store) -> None:
    order, line = await _opened(story)
    await indemnity_in(story, str(order), line, "counting")
    assert await _raised_after(story, days=40) == 0  # the port runs

    await _noted(story, line_stream(line), PortEnded(outcome=Outcome.REFUSED, why=WHY))

    assert await _raised_after(story, minutes=4) == 0
    assert await _raised_after(story, minutes=6) == 1
    assert await _raised_after(story, minutes=6) == 0


async def test_an_indemnity_that_waits_for_a_loss_is_not_raised_before_it(story: Store) -> None:
    order, line = await _opened(story)
    await indemnity_in(story, str(order), line, "counting")
    loss = terms(Head.LOSS, order_id=order, line_id=line)
    stream = indemnity_stream(loss.indemnity_id)
    await _noted(story, stream, opened(loss))
    await _noted(story, line_stream(line), PortEnded(outcome=Outcome.REFUSED, why=WHY))

    assert await _raised_after(story, minutes=6) == 1  # the loss
    await _noted(story, stream, IndemnityClosed(ending=Ending.NOTHING, why=WHY))
    assert await _raised_after(story, minutes=6) == 0
    assert await _raised_after(story, days=2) == 1


async def test_a_visit_waits_for_no_port_once_its_day_is_given(story: Store) -> None:
    order, line = await _opened(story)
    visit = terms(Head.APPOINTMENT, order_id=order, line_id=line)
    await _noted(story, indemnity_stream(visit.indemnity_id), opened(visit))

    assert await _raised_after(story, minutes=4) == 0
    assert await _raised_after(story, minutes=6) == 1


class StarterThatOnlyNotes(ProcessStarter):
    started: list[str]

    async def order(self, order_id: OrderId, *, reuse: WorkflowIDReusePolicy) -> None:
        self.started.append(f"order {order_id} {reuse.name}")

    async def port_in(self, line_id: LineId, *, reuse: WorkflowIDReusePolicy) -> None:
        self.started.append(f"port {line_id} {reuse.name}")

    async def indemnity(self, indemnity_id: IndemnityId) -> None:
        self.started.append(f"indemnity {indemnity_id}")

    async def difference(self, difference_id: DifferenceId) -> None:
        self.started.append(f"difference {difference_id}")

    async def reconcile(self, *, asked: tuple[HostNetwork, ...] = ()) -> None:
        self.started.append(f"reconcile {asked}")


async def _nowhere() -> Client:
    return await Client.connect("127.0.0.1:1", lazy=True, data_converter=pydantic_data_converter)


async def test_what_is_open_is_started_again_whatever_temporal_remembers(story: Store) -> None:
    order, line = await _opened(story)
    starter = StarterThatOnlyNotes(client=await _nowhere(), clocks=story.clock)
    object.__setattr__(starter, "started", [])
    indemnity = await indemnity_in(story, str(order), line)
    await indemnity_runner(story).turn()
    differing = await difference_in(story)
    await difference_runner(story).turn()
    resumption = Resumption(
        starter=starter,
        lines=_lines(story),
        indemnities=indemnity_documents(story),
        reverse_ports=reverse_port_documents(story, reverse_book(story, RULES)),
        differences=reconcile_documents(story),
        ledger=story.ledger,
    )

    resumed = await resumption.resume((order,))

    assert resumed == Resumed(orders=1, lines=1, indemnities=1, reverse_ports=0)
    assert starter.started == [
        f"order {order} ALLOW_DUPLICATE",
        f"port {line} ALLOW_DUPLICATE",
        f"difference {differing}",
        "reconcile ()",
        f"indemnity {indemnity}",
    ]


async def test_a_temporal_that_is_down_leaves_the_row_due_and_nonsense_is_parked(
    story: Store,
) -> None:
    order, line = await _opened(story)
    client = await _nowhere()
    starter = ProcessStarter(client=client, clocks=story.clock)
    teller = OrderTeller(
        client=client, lots=LotBook(ledger=story.ledger, keyed_hash=story.keyed_hash)
    )
    hand_over = MessageHandOver(
        client=client,
        ledger=story.ledger,
        keyed_hash=story.keyed_hash,
        clocks=story.clock,
        wall_now=lambda: WALL,
    )
    waiting = WaitingMessage(number=1, source="orange", message_key="m", correlation=str(line))

    assert await order_verb(starter)('{"line_id": 1}') == Park("the payload names no order")
    assert await line_verb(starter.port_in)("nonsense") == Park("the payload names no line")
    assert isinstance(await teller.tell("{}"), Park)
    assert isinstance(await order_verb(starter)(f'{{"order_id": "{order}"}}'), Later)
    assert isinstance(await line_verb(starter.port_in)(f'{{"line_id": "{line}"}}'), Later)
    told = f'{{"order_id": "{order}", "line_id": "{line}"}}'
    assert isinstance(await teller.tell(told), Later)
    assert isinstance(await hand_over.hand_over(waiting), Later)
    settle = indemnity_verb(starter, story.ledger)
    indemnity = await indemnity_in(story, str(order), line)
    assert await settle("{}") == Park("the payload names no indemnity")
    assert await settle(f'{{"indemnity_id": "{line}"}}') == Done()
    assert isinstance(await settle(f'{{"indemnity_id": "{indemnity}"}}'), Later)


async def test_hosts_that_differ_wait_for_a_temporal_that_is_down(story: Store) -> None:
    starter = ProcessStarter(client=await _nowhere(), clocks=story.clock)
    put_right, run = difference_verb(starter, story.ledger), reconcile_verb(starter)
    found = await difference_in(story)

    assert await put_right("{}") == Park("the payload names no difference")
    assert await put_right(f'{{"difference_id": "{UUID(int=4)}"}}') == Done()
    assert isinstance(await put_right(f'{{"difference_id": "{found}"}}'), Later)
    assert await run('{"hosts": ["free"]}') == Park("the payload names no hosts")
    assert await run("nonsense") == Park("the payload names no hosts")
    assert isinstance(await run('{"hosts": ["sfr"]}'), Later)


async def test_the_process_of_the_nights_is_told_of_a_clock_once_and_of_another(
    story: Store,
) -> None:
    starter = StarterThatOnlyNotes(client=await _nowhere(), clocks=story.clock)
    object.__setattr__(starter, "started", [])
    keeper = ReconcileKeeper(starter=starter)

    for _ in range(3):
        await keeper.turn()
    await story.clock.rescale(at_wall=WALL, scale=2)
    await keeper.turn()

    assert starter.started == ["reconcile ()", "reconcile ()"]


async def test_a_message_for_no_open_line_is_recorded_and_settled(story: Store) -> None:
    stranger = UUID(int=5)
    await story.inbox.receive(message("m-1", correlation=str(stranger)))
    (waiting,) = await story.inbox.lease(limit=5)
    hand_over = MessageHandOver(
        client=await _nowhere(),
        ledger=story.ledger,
        keyed_hash=story.keyed_hash,
        clocks=story.clock,
        wall_now=lambda: WALL,
    )

    assert await hand_over.hand_over(waiting) == Done()
    assert await hand_over.hand_over(waiting) == Done()
    (kept,) = await story.ledger.read(f"unmatched/{waiting.number}")  # type: ignore[arg-type]  # a stream id
    assert type(kept.event).__name__ == "MessageUnmatched"
