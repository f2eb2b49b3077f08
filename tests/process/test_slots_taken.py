"""A slot that was taken meanwhile: others are asked for by the row of the operator's policy."""

from domain.attention import AttentionRaised
from domain.port_in_facts import Outcome, RetryPlanned, Step
from domain.works_facts import VisitBooked
from tests.accesses import ORANGE, offer
from tests.failing import book, retry, row
from tests.process.conftest import World
from tests.process.sites import comes_of_the_visit, kept, site_opened

TAKEN = row("slot-taken", "SLOT-TAKEN", step="book-visit", retry=retry("1 clock-hour"))


async def test_a_slot_taken_by_another_has_other_slots_offered_and_nobody_of_ours_asked(
    world: World,
) -> None:
    world.failures = book("orange", TAKEN)
    orange = world.accesses[ORANGE]
    orange.offers = (offer(),)
    orange.habits[Step.BOOK_VISIT] = ["SLOT-TAKEN"]
    line = await site_opened(world)

    await world.asks(line, "visit-slots")
    await world.decide(line, "provide", given={"slot": "1"})
    await world.until(line, "VisitsOffered", times=2)
    await world.asks(line, "visit-slots")
    await world.decide(line, "provide", given={"slot": "2"})
    await world.until(line, "VisitBooked")
    (visit,) = [e for e in await world.events(line) if isinstance(e, VisitBooked)]
    await comes_of_the_visit(world, line, kept(visit.reference))

    assert (await world.end_of(line)).outcome is Outcome.DELIVERED
    events = await world.events(line)
    (planned,) = [e for e in events if isinstance(e, RetryPlanned)]
    assert (planned.step, planned.row.name) == (Step.BOOK_VISIT, "slot-taken")
    asked = [e.attention.code for e in events if isinstance(e, AttentionRaised)]
    assert asked == ["visit-slots", "visit-slots"]
