"""Visits to a site in a world of fakes: booked on a Wednesday, and what is told of them."""

from datetime import date, timedelta
from typing import Any, TypeVar

from domain.access_operators import AccessRequest
from domain.access_stages import Access, AccessStage
from domain.event import Event
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, Step
from domain.works_facts import (
    Half,
    VisitBooked,
    VisitFailed,
    VisitKept,
    VisitLetGo,
    VisitMissed,
    VisitMoved,
)
from domain.works_told import VisitsOfferedTold
from tests.accesses import offer
from tests.fakes.accesses import FakeAccesses, Make
from tests.fakes.works import slot_of
from tests.process import sites
from tests.process.conftest import World

ORANGE = HostNetwork.ORANGE
BUILD, OFFER, BOOK = Step.BUILD_ACCESS, Step.OFFER_VISITS, Step.BOOK_VISIT
WEDNESDAY = {"slot": "5"}
"""20 January in the morning."""
EventT = TypeVar("EventT", bound=Event)


def orange_of(world: World, **says: list[Make]) -> FakeAccesses:
    """It serves the site, and offers slots from 18 January on."""
    orange = world.accesses[ORANGE]
    orange.offers = (offer(),)
    said = {Step(step.replace("_", "-")): list(made) for step, made in says.items()}
    orange.says = {OFFER: [_offered] * 4, **said}
    return orange


def _offered(request: AccessRequest) -> VisitsOfferedTold:
    """Three days, from Monday 18 January at the soonest."""
    monday = date(2027, 1, 18)
    since = max(monday, request.not_before or monday)
    days = (since + timedelta(days=number) for number in range(3))
    slots = tuple(slot_of(day, half) for day in days for half in Half)
    return VisitsOfferedTold(key=request.key, slots=slots)


async def booked_line(world: World, **changes: Any) -> tuple[LineId, str]:  # noqa: ANN401
    """On Wednesday morning, and no time passes before a test says so."""
    line = await sites.site_opened(world, held=True, **changes)
    return line, await sites.booked(world, line, **WEDNESDAY)


async def all_of(world: World, line: LineId, kind: type[EventT]) -> list[EventT]:
    return [e for e in await world.events(line) if isinstance(e, kind)]


async def one_of(world: World, line: LineId, kind: type[EventT]) -> EventT:
    await world.until(line, kind.__name__)
    (found,) = await all_of(world, line, kind)
    return found


async def stands(world: World, line: LineId, stage: AccessStage) -> Access:
    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.stage is stage
    return state


async def how_they_ended(world: World, line: LineId) -> tuple[list[str], list[str]]:
    """The visits that were booked and those that ended, each by its name: every one of them ends
    once."""
    booked, ended = [], []
    for event in await world.events(line):
        if isinstance(event, VisitBooked):
            booked.append(event.reference)
        if isinstance(event, VisitMoved):
            booked.append(event.to.reference)
        if isinstance(event, VisitKept | VisitMissed | VisitFailed | VisitMoved | VisitLetGo):
            ended.append(event.reference)
    return sorted(booked), sorted(ended)
