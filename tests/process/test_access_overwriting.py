"""An access that took another customer's line, time skipped: put back, and ended without charge."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from activities.access_messages import AccessMessages
from activities.lines import LineLedger
from domain.access_facts import AccessEnded, Teller, WrongOverwritingTold
from domain.access_overwriting import NO_PROCESS_LEFT
from domain.access_told import OverwrittenTold
from domain.attention import AttentionMoved, Turn
from domain.clock import BusinessClock
from domain.copper_closures import Closures
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, MessageSetAside, Step
from domain.port_in_facts import Outcome as End
from domain.ports import Clocks
from ledger.messages import PUT_BACK_BY_HAND, IncomingMessage, WaitingMessage
from runtime.complaints import ComplaintTaker, put_back_by_hand
from runtime.relay import Done, Later, Outcome, Park
from tests.accesses import offer
from tests.fakes.accesses import read, written
from tests.fakes.keys import fake_hash
from tests.fakes.operators import Habit
from tests.porting import RULES, STORY
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE
ABOUT = "wrong-overwriting"


@dataclass(frozen=True, kw_only=True)
class _Clocks(Clocks):
    clock: BusinessClock

    async def in_force(self) -> BusinessClock:
        return self.clock


async def _at_work(world: World) -> LineId:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")
    return line


async def _told(world: World, line: LineId) -> None:
    """By the operator, unasked."""
    at = STORY + timedelta(hours=1)
    report = written(OverwrittenTold(code="WRONG-LINE", told_at=at))
    await world.accesses[ORANGE].mail.send(line, ORANGE, report, at=at)
    await world.asks(line, ABOUT)


async def _ended(world: World, line: LineId) -> AccessEnded:
    await world.end_of(line)
    (ended,) = [e for e in await world.events(line) if isinstance(e, AccessEnded)]
    return ended


async def test_a_line_that_was_taken_is_put_back_and_the_site_ends_without_charge(
    world: World,
) -> None:
    line = await _at_work(world)
    await _told(world, line)

    ruled = await world.decide(line, "agree", about=ABOUT)

    assert ruled.taken, ruled.why
    ended = await _ended(world, line)
    assert (ended.outcome, ended.fees) == (End.REFUSED, ())
    assert world.accesses[ORANGE].books.steps[-2:] == [Step.OFFER_VISITS, Step.PUT_BACK]
    assert (await world.facts(line))[-2:] == ["LinePutBack", "AccessEnded"]
    assert set(world.accesses[ORANGE].books.effects.values()) == {1}


async def test_a_complaint_nobody_looks_at_goes_up_after_a_working_day(world: World) -> None:
    line = await _at_work(world)
    await _told(world, line)

    await world.until(line, "AttentionMoved", times=2)

    moved = [e for e in await world.events(line) if isinstance(e, AttentionMoved)]
    assert {(one.code, one.turn) for one in moved} == {
        (ABOUT, Turn.SUPERVISOR),
        ("visit-slots", Turn.SUPERVISOR),
    }


async def test_another_operators_complaint_comes_by_a_person_and_is_found_untrue(
    world: World,
) -> None:
    line = await _at_work(world)
    told = {"from": "other-operator", "document": "complaint", "on": "2027-01-08"}

    disputed = await world.decide(line, "dispute", given=told)
    await world.asks(line, ABOUT)
    again = await world.decide(line, "dispute", given=told)
    await world.decide(line, "refuse", about=ABOUT)
    await sites.visited(world, line)

    assert disputed.taken, disputed.why
    assert not again.taken
    (fact,) = [e for e in await world.events(line) if isinstance(e, WrongOverwritingTold)]
    assert (fact.told_by, fact.by) == (Teller.OTHER_OPERATOR, "a colleague")
    assert (await _ended(world, line)).outcome is End.DELIVERED


async def test_putting_back_is_looked_up_when_its_reply_is_lost(world: World) -> None:
    world.accesses[ORANGE].habits[Step.PUT_BACK] = [Habit.LOST_REPLY]
    line = await _at_work(world)
    await _told(world, line)

    await world.decide(line, "agree", about=ABOUT)

    assert (await _ended(world, line)).outcome is End.REFUSED
    assert set(world.accesses[ORANGE].books.effects.values()) == {1}


async def test_what_is_told_of_an_access_that_works_is_kept_and_put_to_a_person(
    world: World,
) -> None:
    line = await _at_work(world)
    await sites.visited(world, line)
    await world.end_of(line)
    other = await _at_work(world)

    taken = [await _told_late(world, line), await _told_late(world, other)]

    (aside,) = [e for e in await world.events(line) if isinstance(e, MessageSetAside)]
    (row,) = [one for one in world.ledger.outbox if one.kind == PUT_BACK_BY_HAND]
    assert taken == [Done(), Later(why="asked of whoever else waits")]
    assert aside.why == NO_PROCESS_LEFT
    assert str(line) in row.payload
    assert await put_back_by_hand(row.payload) == Park(NO_PROCESS_LEFT)


async def _told_late(world: World, line: LineId) -> Outcome | None:
    """As the relay hands over what comes about a line that has ended."""
    report = written(OverwrittenTold(code="WRONG-LINE", told_at=STORY))
    message = IncomingMessage(
        source="orange",
        message_key=f"late-{line}",
        correlation=str(line),
        body=report,
        received_at=STORY,
    )
    await world.ledger.inbox.receive(message)
    waiting = WaitingMessage(
        number=len(world.ledger.inbox.rows),
        source="orange",
        message_key=message.message_key,
        correlation=str(line),
    )
    taker = ComplaintTaker(
        messages=AccessMessages(
            lines=LineLedger(ledger=world.ledger, keyed_hash=fake_hash()),
            rules=RULES,
            inbox=world.ledger.inbox,
            readers={"orange": read},
            closures=Closures,
        ),
        clocks=_Clocks(clock=world.clock),
        wall_now=lambda: datetime.now(UTC),
        otherwise=_someone_else,
    )
    return await taker.take(waiting)


async def _someone_else(_message: WaitingMessage) -> Outcome:
    return Later(why="asked of whoever else waits")
