"""Equipment of a site in a world of fakes: told of while its process runs, and after its end."""

from activities.access_people import AccessPeople
from activities.lines import LineLedger
from domain.access_facts import AccessEnded
from domain.access_stages import Access, Closed
from domain.copper_closures import Closures
from domain.equipment_moves import Piece
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Step
from runtime.equipment import EquipmentAfterTheEnd
from tests.accesses import offer
from tests.fakes.keys import fake_hash
from tests.fakes.operators import Habit
from tests.porting import RULES, STORY
from tests.process import sites
from tests.process.conftest import World
from workflows.messages import EquipmentRequest, Ruled

ORANGE = HostNetwork.ORANGE


async def building(world: World) -> LineId:
    """Kept at its operator, which has not said a word about its works."""
    world.accesses[ORANGE].offers = (offer(),)
    world.accesses[ORANGE].habits = {Step.BUILD_ACCESS: [Habit.IDLE]}
    line = await sites.site_opened(world, held=True)
    await world.until(line, "AccessReady")
    return line


async def at_its_slots(world: World) -> LineId:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")
    return line


async def told_of(world: World, line: LineId, *ways: str, **told: object) -> None:
    for to in ways:
        ruled = await world.equipment(line, to, **told)
        assert ruled.taken, ruled.why


async def told_late(world: World, line: LineId, to: str, *, key: str, **told: object) -> Ruled:
    """As the API does of a line that has ended."""
    lines = LineLedger(ledger=world.ledger, keyed_hash=fake_hash())
    taker = EquipmentAfterTheEnd(people=AccessPeople(lines=lines, rules=RULES, closures=Closures))
    request = EquipmentRequest.model_validate(
        {"by": "a colleague", "name": "router", "to": to, **told}
    )
    return await taker.move_equipment(line, request, key=key, at=STORY)


async def cancelled(world: World, line: LineId) -> None:
    ruled = await world.cancel(line)
    assert ruled.taken
    await world.asks(line, "cancellation-paper")
    letter = {"document": "cancellation-letter", "on": "2027-01-08"}
    ruled = await world.decide(line, "provide", about="cancellation-paper", given=letter)
    assert ruled.taken, ruled.why


async def pieces(world: World, line: LineId) -> list[Piece]:
    state = await sites.site_state(world, line)
    assert isinstance(state, Access | Closed)
    return list(state.pieces.values())


async def end(world: World, line: LineId) -> AccessEnded:
    await world.end_of(line)
    (ended,) = [one for one in await world.events(line) if isinstance(one, AccessEnded)]
    return ended
