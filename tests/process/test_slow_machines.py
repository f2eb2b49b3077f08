"""What a machine does that is slower than the clock it goes by."""

from datetime import timedelta

from domain import port_in_facts as facts
from domain.port_in_facts import Outcome, Step
from tests.porting import rio_of
from tests.process.conftest import World


async def test_what_waits_for_its_date_bears_it_on_a_machine_slower_than_its_clock(
    world: World,
) -> None:
    """A business day lasts a second, and each of its dates has passed before it is looked at."""
    began = world.clock.wall_origin - timedelta(seconds=20)
    world.clock = world.clock.model_copy(update={"scale": 86_400, "wall_origin": began})

    line = await world.opened(line={"rio": rio_of(prefix="01E123456")})

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    (asked,) = [
        event
        for event in await world.events(line)
        if isinstance(event, facts.OperatorAsked) and event.step is Step.SWITCH_LINE
    ]
    assert asked.asked_at.isoformat() == "2026-11-30T08:30:00+01:00"
