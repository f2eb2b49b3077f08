"""A reverse port from its demand to its end, on the real server with time skipped."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from activities.reverse_book import ReverseBook, Written
from activities.reverse_ports import ReverseProgress
from domain.attention import DecisionKind
from domain.claims import Free
from domain.claims import fold as fold_claims
from domain.event import Event
from domain.identity import LineId, line_stream, number_stream
from domain.operators import ReleasedTold
from domain.port_in_facts import Step
from domain.reverse_port_facts import Incident, ReversePortId, reverse_port_id_for
from domain.reverse_port_states import KnownReversePort, NotOpened
from domain.reverse_port_tickets import tickets_owed
from domain.reverse_ports import NoteAnnounced
from intake.reverse_ports import Decision, Doing, ReversePortDesk
from ledger.append import CommandStamp
from ledger.messages import FOLLOW_REVERSE_PORT, WaitingMessage
from runtime.relay import Done, Outcome
from runtime.reverse_ports import ReverseTaker
from tests.builders import command_id
from tests.fakes.keys import fake_hash
from tests.fakes.operators import Habit, read
from tests.porting import RULES, paris
from tests.process.conftest import World
from tests.waiting import until_async
from workflows.identity import FACTS_MOVED, reverse_port_workflow_id
from workflows.reverse_port import ReversePort, StartReversePort

DEMANDED_AT = paris("2027-01-18T10:00:00")
"""A Monday: the number came on Friday 15 January."""


@dataclass
class WayBack:
    """The reverse port of a line of a world, and its process."""

    world: World
    line_id: LineId
    handle: WorkflowHandle[ReversePort, ReverseProgress] = field(init=False)
    said: int = 0

    def __post_init__(self) -> None:
        self.book = ReverseBook(ledger=self.world.ledger, keyed_hash=fake_hash(), rules=RULES)
        self.world.mail.tell = self._taken
        self.taker = ReverseTaker(
            book=self.book,
            inbox=self.world.ledger.inbox,
            readers={"orange": read},
            for_a_person=_nobody,
        )

    @property
    def id(self) -> ReversePortId:
        return reverse_port_id_for(self.line_id)

    async def demanded(self, at: datetime = DEMANDED_AT) -> "WayBack":
        desk = ReversePortDesk(book=self.book)
        doing = Doing(by="ops", key="demand", at=at)
        await desk.demand(self.line_id, Incident.FRAUD, "their mail", doing)
        return await self.start()

    async def start(self, attempt: int = 0) -> "WayBack":
        with self.world.env.with_time_skipping_disabled():
            self.handle = await self.world.env.client.start_workflow(
                ReversePort.run,
                StartReversePort(reverse_port_id=self.id, clock=self.world.clock),
                id=f"{reverse_port_workflow_id(self.id)}-{id(self)}-{attempt}",
                task_queue=self.world.queue,
            )
        await self.passes(seconds=(DEMANDED_AT - await self.now()).total_seconds())
        return self

    async def state(self) -> KnownReversePort:
        state = await self.book.state(self.id)
        assert not isinstance(state, NotOpened)
        return state

    async def facts(self) -> list[str]:
        return [type(e.event).__name__ for e in await self.book.read(self.id)]

    async def until(self, fact: str, *, times: int = 1) -> None:
        async def happened() -> bool:
            return (await self.facts()).count(fact) >= times

        await until_async(happened, what=fact)

    async def decide(self, decision: str, **more: Any) -> None:  # noqa: ANN401
        self.said += 1
        given = {"about": None, "reason": "because", "until": None, "turn": None, **more}
        doing = Doing(by="ops", key=str(self.said), at=await self.now())
        made = Decision(decision=DecisionKind(decision), **given)
        await ReversePortDesk(book=self.book).decide(self.id, made, doing)
        await self.tell()

    async def announced(self, port_day: date) -> None:
        """2410, as the relay puts it to the book."""
        self.said += 1
        at = await self.now()
        terms = await self.book.terms(self.line_id)
        command = NoteAnnounced(
            decided_at=at,
            answer_by=at + timedelta(days=2),
            terms=terms,
            port_day=port_day,
            announced_at=at,
            hand_back_at=self.book.hand_back_at(terms.group, port_day, at),
            dates=self.book.dates(terms.group, at),
        )
        stamp = CommandStamp(command_id=command_id(f"{id(self)}-{self.said}"), fingerprint=b"f")
        await self.book.obey(self.id, command, Written(stamp=stamp, actor="pnm"))
        await self.tell()

    async def now(self) -> datetime:
        wall = await self.world.env.get_current_time(self.handle)
        return self.world.clock.business_at(wall)

    async def tell(self) -> None:
        with suppress(RPCError):
            await self.handle.signal(FACTS_MOVED)

    async def passes(self, **span: float) -> None:
        with suppress(RPCError):
            await self.world.env.fast_forward(self.handle, timedelta(**span))

    async def end(self) -> ReverseProgress:
        await self.passes(days=1)
        return await asyncio.wait_for(self.handle.result(), 30)

    async def _taken(self, line_id: LineId, number: int) -> None:
        """As the relay hands over what comes about a line that has ended."""
        row = await self.world.ledger.inbox.read(number)
        message = WaitingMessage(
            number=number,
            source=row.source,
            message_key=row.message_key,
            correlation=str(line_id),
        )
        assert await self.taker.take_word_of_a_host(message) == Done()
        await self.tell()


async def _nobody(_message: WaitingMessage) -> Outcome:
    raise AssertionError


async def ported(world: World) -> LineId:
    line_id = await world.opened("onecom")
    await world.end_of(line_id)
    return line_id


async def agreed(world: World) -> WayBack:
    """Asked at once of time: the process wakes at the instant of the demand."""
    way = await WayBack(world, await ported(world)).demanded()
    await way.decide("agree")
    await way.until("ReversePortAgreed")
    return way


async def line_facts(way: WayBack) -> list[Event]:
    history = await way.world.ledger.read(line_stream(way.line_id))
    return [envelope.event for envelope in history]


async def test_a_number_goes_back_and_its_line_knows(world: World) -> None:
    way = await agreed(world)
    await way.announced(date(2027, 1, 19))

    end = await way.end()

    assert end.outcome == "handed-back"
    assert world.host.books.steps[-1] is Step.RELEASE_LINE
    assert [t.ticket for t in tickets_owed(await way.state())] == ["2400", "2420", "2430"]
    told = (await line_facts(way))[-1]
    state = await way.state()
    assert state.handed_back is not None
    assert getattr(told, "service_ended_at") == state.handed_back.handed_back_at  # noqa: B009
    numbers = await world.ledger.read(number_stream(state.terms.number_digest))
    assert isinstance(fold_claims(e.event for e in numbers), Free)
    rows = [row for row in world.ledger.outbox if row.kind == FOLLOW_REVERSE_PORT]
    assert len(rows) == 4


async def test_a_demand_nobody_answers_goes_up_and_its_process_waits_on(world: World) -> None:
    way = await WayBack(world, await ported(world)).demanded()

    await way.passes(hours=8)
    await way.until("AttentionMoved")
    await way.decide("refuse", reason="the holder confirms the port")

    assert (await way.end()).outcome == "refused"
    assert Step.RELEASE_LINE not in world.host.books.steps


async def test_data_that_never_come_are_asked_after_and_given_up(world: World) -> None:
    way = await agreed(world)

    await way.passes(days=4)
    await way.until("AttentionRaised", times=2)
    await way.passes(days=2)
    await way.until("AttentionMoved")
    await way.decide("end")

    assert (await way.end()).outcome == "given-up"


async def test_a_host_that_refuses_waits_for_a_person_and_is_asked_once_more(world: World) -> None:
    world.host.habits[Step.RELEASE_LINE] = ["LINE-BUSY"]
    way = await agreed(world)
    await way.announced(date(2027, 1, 18))
    await way.until("HandBackRefused")

    await way.decide("retry")

    assert (await way.end()).outcome == "handed-back"
    keys = {one.key for one in world.host.asked if one.step is Step.RELEASE_LINE}
    assert len(keys) == 2


async def test_a_host_that_never_answers_is_a_persons_affair(world: World) -> None:
    world.host.habits[Step.RELEASE_LINE] = [Habit.DEAF] * 5
    way = await agreed(world)
    await way.announced(date(2027, 1, 18))
    await way.until("AttentionRaised", times=2)

    await way.decide("skip", reason="ended on their portal")

    assert (await way.end()).outcome == "handed-back"
    state = await way.state()
    assert state.handed_back is not None
    assert state.handed_back.by_hand == "ended on their portal"


async def test_a_host_that_did_it_and_never_said_so_is_looked_up(world: World) -> None:
    world.host.habits[Step.RELEASE_LINE] = [Habit.MUTE]
    way = await agreed(world)
    await way.announced(date(2027, 1, 18))
    await way.until("HandBackTaken")

    await way.passes(days=4)
    await until_async(lambda: _looked_up(way), what="a look-up")
    number = max(world.ledger.inbox.rows)
    await way._taken(way.line_id, number)  # noqa: SLF001  as the relay does

    assert (await way.end()).outcome == "handed-back"
    assert set(world.host.books.effects.values()) == {1}


async def _looked_up(way: WayBack) -> bool:
    rows = way.world.ledger.inbox.rows.values()
    return any(row.message_key.startswith("looked-up-") for row in rows)


async def test_a_host_that_takes_it_and_does_nothing_is_asked_about(world: World) -> None:
    world.host.habits[Step.RELEASE_LINE] = [Habit.IDLE]
    way = await agreed(world)
    await way.announced(date(2027, 1, 18))
    await way.until("HandBackTaken")

    await way.passes(days=4)
    await way.until("AttentionRaised", times=2)
    report = ReleasedTold(released_at=await way.now())
    await world.mail.send(way.line_id, "orange", report, at=await way.now())

    assert (await way.end()).outcome == "handed-back"


async def test_one_that_is_over_is_over_at_once_when_it_is_started_again(world: World) -> None:
    way = await WayBack(world, await ported(world)).demanded()
    await way.decide("refuse")
    await way.end()

    await way.start(attempt=1)

    assert (await way.end()).outcome == "refused"


async def test_one_that_was_lost_goes_on_from_its_facts(world: World) -> None:
    way = await agreed(world)
    await way.handle.terminate("Temporal is wiped")

    await way.start(attempt=1)
    await way.announced(date(2027, 1, 18))

    assert (await way.end()).outcome == "handed-back"
    assert set(world.host.books.effects.values()) == {1}
