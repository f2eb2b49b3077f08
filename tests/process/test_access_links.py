"""Sites of one order that wait for each other, time skipped; words go as the relay takes them."""

import json
from uuid import UUID, uuid5

from domain.access_facts import AccessEnded, Reason
from domain.identity import LineId, OrderId, line_id_for
from domain.line_words import LINES
from domain.link_facts import LinesAwaited, LinesLeft
from domain.port_in_facts import HostNetwork, Outcome, Step
from ledger.messages import TELL_LINE
from tests.accesses import offer
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import refused_for, says_no

ORANGE = HostNetwork.ORANGE
_SPACE = UUID("00000000-0000-5000-8000-0000000011f0")


class Order:
    """Of several sites, each at its own pace."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.order_id = OrderId(uuid5(_SPACE, str(id(world))))
        self.told = 0
        world.accesses[ORANGE].offers = (offer(),)

    def line(self, number: int) -> LineId:
        return line_id_for(self.order_id, number=number)

    async def opened(
        self, number: int, *, after: tuple[int, ...] = (), before: tuple[int, ...] = ()
    ) -> LineId:
        return await sites.site_opened(
            self.world,
            order_id=self.order_id,
            line_id=self.line(number),
            number=number,
            site_digest=str(number) * 64,
            after=after,
            before=before,
        )

    async def relayed(self) -> list[LineId]:
        """Every word that is new, to the line it is for."""
        rows = [row for row in self.world.ledger.outbox if row.kind == TELL_LINE]
        new = [json.loads(row.payload) for row in rows[self.told :]]
        self.told = len(rows)
        for one in new:
            at = self.world.clock.business_origin
            line = LineId(UUID(one["line_id"]))
            await self.world.mail.send(line, LINES, one["word"], at=at)
        return [LineId(UUID(one["line_id"])) for one in new]


async def _outcome(world: World, line: LineId) -> Outcome:
    (ended,) = [e for e in await world.events(line) if isinstance(e, AccessEnded)]
    return ended.outcome


async def test_a_site_waits_for_the_central_one_and_goes_on_when_that_works(world: World) -> None:
    order = Order(world)
    central = await order.opened(1, before=(2,))
    branch = await order.opened(2, after=(1,))
    await sites.visited(world, branch)
    await world.until(branch, "LinesAwaited")
    assert "Commissioned" not in await world.facts(branch)

    await sites.visited(world, central)
    await world.end_of(central)
    told = await order.relayed()

    await world.end_of(branch)
    assert told == [branch]
    facts = await world.facts(branch)
    assert facts.index("LinesAwaited") < facts.index("LineBeforeServed")
    assert facts.index("LineBeforeServed") < facts.index("ServiceStarted")
    assert (await world.facts(central)).count("LinesTold") == 1


async def test_lines_that_wait_for_nobody_go_at_their_own_pace(world: World) -> None:
    order = Order(world)
    first, second = await order.opened(1), await order.opened(2)

    await sites.visited(world, second)
    await world.end_of(second)

    await world.asks(first, "visit-slots")
    assert await order.relayed() == []
    assert "LinesTold" not in await world.facts(second)


async def test_a_line_that_is_not_there_in_time_is_a_persons_decision(world: World) -> None:
    order = Order(world)
    branch = await order.opened(2, after=(1,))
    await sites.visited(world, branch)
    await world.asks(branch, "lines-before")

    waited = await world.decide(branch, "retry", about="lines-before")
    await world.asks(branch, "lines-before")
    await world.decide(branch, "skip", about="lines-before")

    await world.end_of(branch)
    assert waited.taken
    events = await world.events(branch)
    assert len([e for e in events if isinstance(e, LinesAwaited)]) == 2
    assert [e.lines for e in events if isinstance(e, LinesLeft)] == [(1,)]


async def test_a_line_that_ends_without_service_is_told_and_asked_about(world: World) -> None:
    order = Order(world)
    branch = await order.opened(2, after=(1,))
    await world.asks(branch, "visit-slots")
    world.accesses[ORANGE].says[Step.CHECK_ELIGIBILITY] = [
        says_no(ORANGE, refused_for(Reason.NOT_DEPLOYED))
    ]
    central = await order.opened(1, before=(2,))
    await world.end_of(central)

    assert await order.relayed() == [branch]
    await world.asks(branch, "lines-before")
    await world.decide(branch, "skip", about="lines-before")

    await sites.visited(world, branch)
    await world.end_of(branch)
    assert await _outcome(world, central) is Outcome.REFUSED
    assert await _outcome(world, branch) is Outcome.DELIVERED


async def test_a_line_that_waits_goes_on_from_its_facts_in_another_process(world: World) -> None:
    order = Order(world)
    central = await order.opened(1, before=(2,))
    branch = await order.opened(2, after=(1,))
    await sites.visited(world, branch)
    await world.until(branch, "LinesAwaited")
    await world.handles[branch].terminate("lost")

    await sites.visited(world, central)
    await world.end_of(central)
    await sites.site_started(world, branch, attempt=1)
    await order.relayed()

    await world.end_of(branch)
    assert (await world.facts(branch)).count("LinesAwaited") == 1
