"""A donor that says the number ended lately, on the real server with time skipped."""

import pytest

from domain.port_in_facts import Outcome, Step
from tests.process.conftest import World

JUSTIFIED = {"document": "justification", "on": "2027-01-08", "day": "2027-01-07"}


async def test_a_number_that_is_activated_again_is_asked_for_again(world: World) -> None:
    world.exchange.donors = ["R323", "accept"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    ruled = await world.decide(line, "provide", given=JUSTIFIED)
    assert ruled.taken, ruled.why
    await world.asks(line, "reactivation")
    await world.decide(line, "retry")
    await world.passes(line, days=9)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    keys = {t.key for t in world.exchange.tickets if t.step is Step.SEND_REQUEST}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("provider", "outcome"), [("axantis", Outcome.REFUSED), ("oksio", Outcome.REPLACED)]
)
async def test_a_number_nobody_activates_again_is_lost_by_itself(
    world: World, provider: str, outcome: Outcome
) -> None:
    world.exchange.donors = ["R323"]
    line = await world.opened(provider, skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    ruled = await world.decide(line, "provide", given=JUSTIFIED)
    assert ruled.taken, ruled.why
    await world.passes(line, days=9)

    assert (await world.end_of(line)).outcome is outcome
