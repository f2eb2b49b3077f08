"""Photographs of a visit, time skipped: asked for with the fact that it was kept, each once."""

import json
from datetime import date, datetime
from typing import Any

from domain.access_stages import Access
from domain.identity import LineId
from domain.port_in_facts import Step
from domain.works_facts import VisitKept, VisitReport
from domain.works_told import VisitKeptTold
from ledger.messages import FETCH_PHOTOGRAPH
from tests.fakes.operators import Habit
from tests.porting import paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.visits import all_of, booked_line, orange_of

DONE_AT = paris("2027-01-08T10:00:00")


def _kept(reference: str, *photographs: str) -> VisitKeptTold:
    report = VisitReport(done_at=DONE_AT, photographs=photographs)
    return VisitKeptTold(reference=reference, report=report)


def _asked(world: World) -> list[dict[str, Any]]:
    return [json.loads(row.payload) for row in world.ledger.outbox if row.kind == FETCH_PHOTOGRAPH]


async def _held(world: World) -> tuple[LineId, str]:
    """It stays where it is once the visit is over."""
    orange_of(world).habits[Step.COMMISSION_ACCESS] = [Habit.IDLE]
    return await booked_line(world)


async def test_each_photograph_of_a_visit_that_is_kept_is_asked_for_on_its_own(
    world: World,
) -> None:
    line, reference = await _held(world)

    await sites.comes_of_the_visit(world, line, _kept(reference, "PH-1", "PH-2", "PH-1"))
    await world.until(line, "VisitKept")

    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    about = {
        "order_id": str(state.terms.order_id),
        "line_id": str(line),
        "line": 1,
        "host": "orange",
        "on": "2027-01-08",
    }
    rows = _asked(world)
    assert [row.pop("reference") for row in rows] == ["PH-1", "PH-2"]
    ends = [datetime.fromisoformat(row.pop("until")).date() for row in rows]
    assert ends == [date(2027, 1, 22)] * 2
    assert rows == [about, about]


async def test_what_is_told_again_or_of_another_visit_asks_for_no_photograph(
    world: World,
) -> None:
    line, reference = await _held(world)

    await sites.comes_of_the_visit(world, line, _kept("V-nobody", "PH-9"))
    await world.until(line, "MessageSetAside")
    await sites.comes_of_the_visit(world, line, _kept(reference, "PH-1"))
    await world.until(line, "VisitKept")
    await sites.comes_of_the_visit(world, line, _kept(reference, "PH-1", "PH-2"))
    await world.until(line, "MessageSetAside", times=2)

    assert [row["reference"] for row in _asked(world)] == ["PH-1"]
    assert len(await all_of(world, line, VisitKept)) == 1


async def test_a_visit_without_photographs_asks_for_none(world: World) -> None:
    line, reference = await _held(world)

    await sites.comes_of_the_visit(world, line, _kept(reference))
    await world.until(line, "VisitKept")

    assert _asked(world) == []
