"""What the benchmark of accesses sends in, and what it answers nobody for."""

import json
from datetime import UTC, datetime

import pytest

from domain.access_facts import Technology
from runtime.benched_access import GROUND, SLOTS, is_unforeseen, request_of
from simulators.access import Accesses, Impossible, Outcome, SiteOrder
from simulators.geography import Geography, Place
from simulators.scripts import Scripts
from simulators.works import Built, SlotsOffered, VisitBooked
from tests.porting import ORDER_ID, STORY
from tests.sites import site_reader, terms_of

AT = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
MORE_THAN_ARE_DRAWN = 9


def _network(operator: str) -> Accesses:
    scripts = Scripts()
    scripts.learn(GROUND)
    return Accesses(geography=Geography(operator=operator, scripts=scripts), prefix="OL-S")


def _site(number: int, slot: str = "") -> SiteOrder:
    (asked,) = request_of(number).sites
    assert asked.address is not None
    place = Place(commune="37203", address=asked.address)
    return SiteOrder(place=place, technologies=("ftth",), slot=slot)


def _done(network: Accesses, effect: str, number: int, slot: str = "") -> Outcome | Impossible:
    key = f"k{number}"
    site = _site(number, slot)
    return network.carry_out(effect, site, key=key, line=key, at=AT, move="good")


@pytest.mark.parametrize(("code", "unforeseen"), [(SLOTS, False), ("visit-unreported", True)])
def test_nobody_answers_anything_but_which_visit(code: str, *, unforeseen: bool) -> None:
    raised = json.dumps({"attention": {"code": code}})

    assert is_unforeseen(raised) is unforeseen


def test_an_order_of_the_benchmark_has_nothing_at_its_gates() -> None:
    (line,) = site_reader().read(request_of(1), order_id=ORDER_ID, now=STORY)

    assert terms_of(line).wanted == (Technology.FTTH,)
    assert line.gates == ()


def test_one_operator_of_three_has_every_site_with_works_and_a_visit() -> None:
    found = {
        operator: _network(operator).geography.check(_site(1).place, ("ftth",), None)
        for operator in ("orange", "sfr", "bouygues")
    }
    course = _network("orange").course(_site(1), AT, "good")

    assert {name for name, one in found.items() if one.offers} == {"orange"}
    assert course.outcome == Built(visit=True)
    assert [milestone.name for _, milestone in course.on_the_way] == ["cabling", "connected"]


def test_one_half_day_of_the_commune_has_room_for_every_site() -> None:
    network = _network("orange")
    booked: list[VisitBooked] = []

    for number in range(MORE_THAN_ARE_DRAWN):
        offered = _done(network, "offer", number)
        assert isinstance(offered, SlotsOffered)
        visit = _done(network, "book", number, offered.slots[0].name)
        assert isinstance(visit, VisitBooked)
        booked.append(visit)

    assert len({visit.slot for visit in booked}) == 1
