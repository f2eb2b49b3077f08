"""An access that took another customer's line, time skipped: put back, and ended without charge."""

from datetime import timedelta

from domain.access_facts import AccessEnded, Teller, WrongOverwritingTold
from domain.access_told import OverwrittenTold
from domain.attention import AttentionMoved, Turn
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Outcome, Step
from tests.accesses import offer
from tests.fakes.accesses import written
from tests.fakes.operators import Habit
from tests.porting import STORY
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE
ABOUT = "wrong-overwriting"


async def _at_work(world: World) -> LineId:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "works-by-hand")
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
    assert (ended.outcome, ended.fees) == (Outcome.REFUSED, ())
    assert world.accesses[ORANGE].books.steps[-2:] == [Step.RESERVE_ACCESS, Step.PUT_BACK]
    assert (await world.facts(line))[-2:] == ["LinePutBack", "AccessEnded"]
    assert set(world.accesses[ORANGE].books.effects.values()) == {1}


async def test_a_complaint_nobody_looks_at_goes_up_after_a_working_day(world: World) -> None:
    line = await _at_work(world)
    await _told(world, line)

    await world.until(line, "AttentionMoved")

    moved = [e for e in await world.events(line) if isinstance(e, AttentionMoved)]
    assert (moved[0].code, moved[0].turn) == (ABOUT, Turn.SUPERVISOR)


async def test_another_operators_complaint_comes_by_a_person_and_is_found_untrue(
    world: World,
) -> None:
    line = await _at_work(world)
    told = {"from": "other-operator", "document": "complaint", "on": "2027-01-08"}

    disputed = await world.decide(line, "dispute", about="works-by-hand", given=told)
    await world.asks(line, ABOUT)
    early = await world.decide(line, "agree", about="works-by-hand", given={"day": "2027-01-09"})
    await world.decide(line, "refuse", about=ABOUT)
    works = await world.decide(line, "agree", about="works-by-hand", given={"day": "2027-01-09"})

    assert disputed.taken, disputed.why
    assert not early.taken
    assert works.taken, works.why
    (fact,) = [e for e in await world.events(line) if isinstance(e, WrongOverwritingTold)]
    assert (fact.told_by, fact.by) == (Teller.OTHER_OPERATOR, "a colleague")
    assert (await _ended(world, line)).outcome is Outcome.DELIVERED


async def test_putting_back_is_looked_up_when_its_reply_is_lost(world: World) -> None:
    world.accesses[ORANGE].habits[Step.PUT_BACK] = [Habit.LOST_REPLY]
    line = await _at_work(world)
    await _told(world, line)

    await world.decide(line, "agree", about=ABOUT)

    assert (await _ended(world, line)).outcome is Outcome.REFUSED
    assert set(world.accesses[ORANGE].books.effects.values()) == {1}
