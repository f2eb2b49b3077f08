"""What depends on the customer being told, time skipped: a quote's days, and a site undecided."""

from typing import Any

from domain.access_facts import DeliveryPutOff, QuoteKind, Technology, ToTell
from domain.access_stages import Quoted
from domain.attention import AttentionMoved, AttentionRaised, Turn
from domain.port_in_facts import HostNetwork, Step
from tests.accesses import QUOTE, offer
from tests.fakes.operators import Habit
from tests.porting import paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import is_full

ORANGE = HostNetwork.ORANGE
SDSL = offer(technology=Technology.SDSL, down_kbps=8_000, up_kbps=8_000)
DSL: dict[str, Any] = {"wanted": (Technology.SDSL,)}
DESATURATION = QUOTE.model_copy(update={"kind": QuoteKind.DESATURATION})


async def test_a_quote_nobody_was_told_of_is_never_refused_by_silence(world: World) -> None:
    world.accesses[ORANGE].offers = (SDSL,)
    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [is_full(quote=DESATURATION)]
    line = await sites.site_opened(world, **DSL)
    await world.until(line, "AttentionMoved")

    await world.passes(line, days=40)

    moved = [e for e in await world.events(line) if isinstance(e, AttentionMoved)]
    assert {one.turn for one in moved} == {Turn.SUPERVISOR}
    state = await sites.site_state(world, line)
    assert isinstance(state, Quoted)


async def test_a_site_nobody_decided_about_is_asked_about_once_and_put_off(world: World) -> None:
    world.accesses[ORANGE].habits[Step.CHECK_ELIGIBILITY] = [Habit.IDLE]
    to_tell = ToTell(
        by=paris("2027-01-25T00:00:00"), ask_at=paris("2027-01-21T00:00:00"), source="000:429"
    )
    line = await sites.site_opened(world, under=("oksio", "data"), refusal_told=to_tell)
    await world.asks(line, "refusal-due")

    ruled = await world.decide(line, "agree", about="refusal-due")
    await world.passes(line, days=20)

    assert ruled.taken, ruled.why
    happened = await world.events(line)
    raised = [e.attention for e in happened if isinstance(e, AttentionRaised)]
    assert [(a.until, a.blocks) for a in raised if a.code == "refusal-due"] == [(to_tell.by, False)]
    assert len([e for e in happened if isinstance(e, DeliveryPutOff)]) == 1
