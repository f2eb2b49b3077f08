"""Copper that closes while an access is on its way, time skipped: a person has the dates."""

from typing import Any

from domain.access_facts import AccessEnded, SaturationFound, Technology
from domain.access_told import ReservedTold
from domain.copper_closures import Closure, Closures
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Outcome, Step
from tests.accesses import COMMUNE, offer, study
from tests.fakes.accesses import Make
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import is_full, studies

ORANGE = HostNetwork.ORANGE
SDSL = offer(technology=Technology.SDSL, down_kbps=8_000, up_kbps=8_000)
"""Fifteen jours ouvrés after Saturday 9 January 2027: Friday 29 January."""


def _closed(technical: str) -> Closures:
    closure = {
        "name": "lot-3",
        "commune": COMMUNE,
        "technical": technical,
        "source": "the network's notice",
    }
    return Closures(closures=(Closure.model_validate(closure),))


async def _opened(world: World, technical: str, **offered: Any) -> LineId:  # noqa: ANN401
    world.closures = _closed(technical)
    world.accesses[ORANGE].offers = (SDSL.model_copy(update=offered),)
    return await sites.site_opened(world, wanted=(Technology.SDSL,))


async def _said(world: World, line: LineId) -> str:
    state = await sites.site_state(world, line)
    return next(a.what.en for a in state.attentions if a.code == "copper-closing")  # type: ignore[union-attr]  # open: it asks


async def _ended(world: World, line: LineId) -> AccessEnded:
    await world.decide(line, "end", about="copper-closing")
    await world.end_of(line)
    (ended,) = [e for e in await world.events(line) if isinstance(e, AccessEnded)]
    return ended


async def test_copper_that_cannot_be_delivered_in_time_is_not_ordered(world: World) -> None:
    line = await _opened(world, "2027-01-29")

    await world.asks(line, "copper-closing")

    assert "to be delivered on Friday 29 January 2027" in await _said(world, line)
    assert world.accesses[ORANGE].books.steps == [Step.CHECK_ELIGIBILITY]
    assert (await _ended(world, line)).outcome is Outcome.REFUSED


async def test_a_study_that_takes_it_past_the_closure_orders_nothing(world: World) -> None:
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [studies(study(lead_days=16))]
    line = await _opened(world, "2027-02-01", study=True)

    await world.asks(line, "copper-closing")

    assert "Monday 1 February 2027 (16 working days)" in await _said(world, line)
    assert world.accesses[ORANGE].books.steps[-1] is Step.STUDY_SITE
    assert (await _ended(world, line)).fees == ()


async def test_a_desaturation_that_takes_it_past_the_closure_is_not_begun(world: World) -> None:
    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [is_full()]
    line = await _opened(world, "2027-03-01")

    await world.asks(line, "copper-closing")

    (found,) = [e for e in await world.events(line) if isinstance(e, SaturationFound)]
    assert str(found.estimate) == "2027-02-20"  # about six weeks: 002:2264
    assert Step.DESATURATE not in world.accesses[ORANGE].books.steps
    assert (await _ended(world, line)).outcome is Outcome.REFUSED


async def test_a_closure_that_is_brought_forward_is_seen_when_a_pair_is_kept(
    world: World,
) -> None:
    def kept(world: World) -> Make:
        def made(request: Any) -> ReservedTold:  # noqa: ANN401
            world.closures = _closed("2027-01-29")
            return ReservedTold(key=request.key, reference="OA-1", reserved_at=request.asked_at)

        return made

    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [kept(world)]
    line = await _opened(world, "2027-06-01")
    await world.asks(line, "copper-closing")

    ended = await _ended(world, line)

    assert ended.outcome is Outcome.REFUSED
    assert world.accesses[ORANGE].books.steps[-1] is Step.RELEASE_ACCESS
