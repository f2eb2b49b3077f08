"""Questions nobody answers for weeks, time skipped: one fact, and the process goes on waiting."""

from domain.attention import AttentionMoved, Turn
from domain.port_in_facts import HostNetwork, Step
from tests.accesses import offer
from tests.fakes.operators import Habit
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE


async def test_slots_nobody_chooses_from_go_up_once_and_are_answered_weeks_later(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")

    await world.passes(line, days=90)

    moved = [e for e in await world.events(line) if isinstance(e, AttentionMoved)]
    assert [one.turn for one in moved] == [Turn.SUPERVISOR]
    await sites.visited(world, line)
    await world.end_of(line)


async def test_a_port_whose_host_is_silent_goes_up_once(world: World) -> None:
    world.host.habits[Step.PREPARE_LINE] = [Habit.IDLE]
    line = await world.opened()
    await world.asks(line, "operator-silent")

    await world.passes(line, days=60)

    facts = await world.facts(line)
    assert facts.count("AttentionMoved") == 1
