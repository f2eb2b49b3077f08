"""What a customer has to have ready at a site, time skipped: told in time, or not told at all."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.access_facts import CablingJob, Technology
from domain.access_stages import Access
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Step
from domain.works_facts import BillingStarted, SiteNotReady, SiteReadinessAsked
from tests.accesses import offer, study
from tests.fakes.operators import Habit
from tests.porting import paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import studies

ORANGE = HostNetwork.ORANGE
FIBRE: dict[str, Any] = {"wanted": (Technology.DEDICATED_FIBRE,)}
PAPER = {"document": "premises-description", "on": "2027-01-08"}


async def _at_works(world: World, *, idle: bool = False, **changes: Any) -> LineId:  # noqa: ANN401
    """A dedicated fibre, studied, whose works are asked for."""
    world.accesses[ORANGE].offers = (
        offer(technology=Technology.DEDICATED_FIBRE, study=True, lead_days=15),
    )
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [studies(study(lead_days=15))]
    if idle:
        world.accesses[ORANGE].habits[Step.BUILD_ACCESS] = [Habit.IDLE]
    line = await sites.site_opened(world, held=idle, **{**FIBRE, **changes})
    await world.until(line, "SiteReadinessAsked")
    return line


async def test_a_site_is_described_and_said_to_be_ready_while_works_go_on(world: World) -> None:
    line = await _at_works(world)
    (asked,) = [e for e in await world.events(line) if isinstance(e, SiteReadinessAsked)]
    assert "002:2351-2371" in asked.said[0].en

    described = await world.decide(line, "provide", about="site-readiness", given=PAPER)
    ready = await world.decide(line, "agree", about="site-readiness", given={"day": "2027-01-09"})

    assert described.taken, described.why
    assert ready.taken, ready.why
    await sites.visited(world, line)
    await world.end_of(line)
    facts = await world.facts(line)
    assert "SiteReady" in facts
    assert "SiteNotReady" not in facts


async def test_a_site_nobody_describes_is_billed_from_the_day_first_planned(world: World) -> None:
    line = await _at_works(world, idle=True)

    await world.passes(line, days=32)
    await world.until(line, "SiteNotReady")

    (late,) = [e for e in await world.events(line) if isinstance(e, SiteNotReady)]
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.promised_first is not None
    # « facturé à compter de la Date de Mise en Service initialement prévue » (002:2353-2355)
    assert (late.billed_from, late.source) == (state.promised_first.on, "002:2353-2355")
    assert [(a.code, a.detail) for a in state.attentions if a.code == "site-readiness"] == [
        ("site-readiness", "late")
    ]
    assert (await world.facts(line)).count("SiteNotReady") == 1


async def test_an_access_without_such_a_clause_asks_nothing_of_its_site(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)

    await sites.visited(world, line)

    await world.end_of(line)
    assert "SiteReadinessAsked" not in await world.facts(line)


async def test_cabling_the_order_names_is_asked_of_the_customer(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, cabling=CablingJob(cable=Decimal(120)))

    await world.asks(line, "site-readiness")

    (asked,) = [e for e in await world.events(line) if isinstance(e, SiteReadinessAsked)]
    assert asked.needs == ("internal-cabling",)
    assert "002:2448-2449" in asked.said[-1].en
    assert asked.until > paris("2027-01-12T00:00:00")
    assert date(2027, 1, 8) < asked.until.date()
    assert BillingStarted.__name__ not in await world.facts(line)
