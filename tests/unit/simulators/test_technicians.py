"""Half-days of technicians, as a simulated network has them: never more booked than can come."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators import territories
from simulators.access import Accesses, GivenBack, Impossible, Outcome, PutBack, SiteOrder
from simulators.geography import Geography, Place
from simulators.network import Event, Network, Order
from simulators.scenarios import Scenario
from simulators.scripts import Scripts
from simulators.technicians import Slot
from simulators.works import (
    SlotsOffered,
    VisitBooked,
    VisitCancelled,
    VisitFailed,
    VisitKept,
    VisitMissed,
    VisitMoved,
)

AT = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)
"""A Thursday."""
PLACE = Place(commune="59350", address="1 rue des Lilas")


def network(*words: str, seed: str = "") -> Accesses:
    scripts = Scripts(scenario=Scenario(seed=seed))
    scripts.learn({"site": "Lilas", "is": list(words)})
    return Accesses(geography=Geography(operator="orange", scripts=scripts), prefix="OL-S")


def order(place: Place = PLACE, **more: Any) -> SiteOrder:  # noqa: ANN401  what else it says
    return SiteOrder(place=place, technologies=("ftth",), **more)


def done(
    accesses: Accesses, effect: str, asked: SiteOrder, *, key: str = "k", move: str = "good"
) -> Outcome | Impossible:
    return accesses.carry_out(effect, asked, key=key, line=f"line of {key}", at=AT, move=move)


def slots(accesses: Accesses, **more: Any) -> tuple[Slot, ...]:  # noqa: ANN401
    found = done(accesses, "offer", order(**more))
    assert isinstance(found, SlotsOffered)
    return found.slots


def booked(accesses: Accesses, slot: Slot, *, key: str = "k", visit: str = "") -> VisitBooked:
    outcome = done(accesses, "book", order(slot=slot.name, visit=visit), key=key)
    assert isinstance(outcome, VisitBooked)
    return outcome


def became(accesses: Accesses, visit: str) -> list[Outcome | None]:
    told = []
    while (coming := accesses.follow(visit)) is not None:
        told.append(accesses.happen(visit, coming))
    return told


@pytest.mark.parametrize(
    ("commune", "day", "worked"),
    [
        ("59350", date(2027, 1, 8), True),
        ("59350", date(2027, 1, 9), False),
        ("59350", date(2027, 7, 14), False),
        ("59350", date(2028, 12, 26), True),
        ("57463", date(2028, 12, 26), False),
        ("67482", date(2027, 3, 26), False),
        ("59350", date(2027, 3, 26), True),
        ("97411", date(2027, 12, 20), False),
        ("97105", date(2027, 5, 27), False),
        ("2A004", date(2027, 12, 20), True),
    ],
)
def test_technicians_work_on_the_days_of_the_place(commune: str, day: date, worked: bool) -> None:  # noqa: FBT001  a table
    assert territories.works_on(commune, day) is worked


def test_half_days_are_in_the_time_of_the_place() -> None:
    here, there = (
        done(network(), "offer", order(Place(commune=commune, address="x"), not_before=day))
        for commune, day in (("59350", date(2027, 7, 20)), ("97411", date(2027, 7, 20)))
    )

    assert isinstance(here, SlotsOffered)
    assert isinstance(there, SlotsOffered)
    assert {slot.begins.astimezone(UTC).hour for slot in here.slots} == {6, 11}
    assert {slot.begins.astimezone(UTC).hour for slot in there.slots} == {4, 9}


def test_the_first_half_day_is_two_worked_days_away_unless_it_is_to_be_later() -> None:
    soon = slots(network("technicians:1"), not_before=date(2027, 1, 1))
    later = slots(network("technicians:1"), not_before=date(2027, 2, 6))

    assert [soon[0].day, later[0].day] == [date(2027, 1, 11), date(2027, 2, 8)]
    assert len(soon) == 8


def test_the_same_seed_has_the_same_half_days_whatever_was_asked_before() -> None:
    names = [
        [slot.name for slot in slots(accesses, not_before=date(2027, 3, 1))]
        for accesses in (network(seed="winter"), network(seed="winter"), network(seed="summer"))
    ]

    assert names[0] == names[1] != names[2]


@given(
    room=st.integers(0, 3),
    moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.booleans()), max_size=12),
)
def test_no_more_visits_are_booked_in_a_half_day_than_can_come(
    room: int, moves: list[tuple[int, int, bool]]
) -> None:
    accesses = network(f"technicians:{room}")
    offered = slots(network("technicians:9"))
    visits = [""] * 6
    for number, (which, whose, cancels) in enumerate(moves):
        asked = order(slot=offered[which].name, visit=visits[whose])
        effect = "cancel-visit" if cancels else "book"
        outcome = done(accesses, effect, asked, key=str(number))
        if isinstance(outcome, VisitBooked):
            visits[whose] = outcome.visit

    shown = accesses.technicians.shown()
    assert all(one["booked"] <= room for one in shown)
    standings = [standing for one in shown for standing in one["visits"].values()]
    assert set(standings) <= {"booked", "moved", "cancelled"}


def test_the_same_order_done_twice_books_two() -> None:
    accesses = network("technicians:2")
    slot, *_ = slots(accesses)

    first, second = booked(accesses, slot), booked(accesses, slot)

    assert first.visit != second.visit
    assert [one["booked"] for one in accesses.technicians.shown()] == [2]


def test_a_visit_can_be_moved_within_a_half_day_that_is_full() -> None:
    accesses = network("technicians:1")
    slot, *_ = slots(accesses)
    first = booked(accesses, slot)

    second = booked(accesses, slot, key="l", visit=first.visit)

    assert second.slot == slot
    assert done(accesses, "book", order(slot=slot.name), key="m") == Impossible(word="slot-taken")
    assert done(accesses, "book", order(slot=slot.name, visit=first.visit)) == Impossible(
        word="visit-over"
    )


@pytest.mark.parametrize(
    ("effect", "more", "why"),
    [
        ("book", {"slot": "nobody"}, "unknown-slot"),
        ("book", {"slot": "OL-SC20270111M-0000"}, "unknown-slot"),
        ("book", {"slot": "OL-SC20279911M-0000"}, "unknown-slot"),
        ("cancel-visit", {"visit": "nobody"}, "unknown-visit"),
        ("cancel-visit", {}, "unknown-visit"),
        ("build", {"access": "nobody"}, "unknown-access"),
        ("commission", {"access": "nobody"}, "unknown-access"),
        ("build", {"access": "OL-S0123ABCD"}, None),
        ("offer", {}, None),
    ],
)
def test_what_is_not_there_is_said_at_once(
    effect: str, more: dict[str, Any], why: str | None
) -> None:
    assert network().impossible(effect, "one", order(**more)) == why


def test_what_was_cancelled_meanwhile_is_found_out_when_it_is_done() -> None:
    accesses = network("technicians:1")
    visit = booked(accesses, slots(accesses)[0]).visit
    cancelled = order(visit=visit)

    first, second = (done(accesses, "cancel-visit", cancelled) for _ in range(2))

    assert first == VisitCancelled(visit=visit)
    assert second == Impossible(word="visit-over")
    assert done(accesses, "book", order(slot="odd")) == Impossible(word="unknown-slot")


@pytest.mark.parametrize(("effect", "told"), [("give-back", GivenBack()), ("put-back", PutBack())])
def test_nobody_comes_to_an_access_that_was_given_back(
    effect: str, told: GivenBack | PutBack
) -> None:
    accesses = network("technicians:1")
    visit = booked(accesses, slots(accesses)[0]).visit

    assert done(accesses, effect, order()) == told
    assert accesses.follow(visit) is None


# what becomes of visits


def test_a_visit_is_kept_in_its_half_day_unless_it_is_told_otherwise() -> None:
    accesses = network("technicians:1")
    visit = booked(accesses, slots(accesses)[0])
    coming = accesses.follow(visit.visit)

    (kept,) = became(accesses, visit.visit)

    assert coming is not None
    assert visit.slot.begins < coming.at < visit.slot.ends
    assert isinstance(kept, VisitKept)
    assert kept.socket.startswith("OO-")
    assert len(set(kept.serials)) == len(set(kept.photographs)) == 2


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        ("visit:missed", [VisitMissed]),
        ("visit:failed=box-full", [VisitFailed]),
        ("visit:moved=3", [VisitMoved, VisitKept]),
        ("visit:moved=3=SNOW+moved=1+failed=BEES", [VisitMoved, VisitMoved, VisitFailed]),
        ("visit:moved=1+missed=SICK", [VisitMoved, VisitMissed]),
    ],
)
def test_a_visit_becomes_what_its_story_says(story: str, kinds: list[type]) -> None:
    accesses = network("technicians:1", story)
    visit = booked(accesses, slots(accesses)[0]).visit

    assert [type(one) for one in became(accesses, visit)] == kinds
    assert [one["booked"] for one in accesses.technicians.shown()] == [0]


def test_a_visit_is_moved_by_its_days_to_where_there_is_room() -> None:
    accesses = network("technicians:1", "visit:moved=1=SNOW")
    first, second, third, *_ = slots(accesses)
    visit = booked(accesses, first).visit
    booked(accesses, third, key="somebody")

    moved, *_ = became(accesses, visit)

    assert isinstance(moved, VisitMoved)
    assert (moved.code, moved.slot.day, moved.slot.half) == ("SNOW", third.day, "afternoon")
    assert second.day == first.day != third.day


def test_what_was_to_become_of_a_visit_does_not_when_it_was_moved_meanwhile() -> None:
    accesses = network("technicians:1")
    first, second, *_ = slots(accesses)
    visit = booked(accesses, first).visit
    coming = accesses.follow(visit)
    booked(accesses, second, key="l", visit=visit)

    assert coming is not None
    assert accesses.happen(visit, coming) is None


# over a restart


class Clock:
    async def wait_for(self, _business: datetime) -> timedelta:
        await asyncio.sleep(0)
        return timedelta(0)


async def test_a_restart_loses_no_visit_and_goes_on_with_it(tmp_path: Path) -> None:
    told: list[Event] = []

    async def tell(event: Event) -> None:
        told.append(event)
        await asyncio.sleep(0)

    def opened() -> Network:
        made = Network(
            name="orange",
            clock=Clock(),  # type: ignore[arg-type]  # all that is asked of it
            scripts=Scripts(),
            tell=tell,
            codes={},
            line_prefix="OL-",
            number_prefix="07560",
            rio_prefix="01",
        )
        made.accesses.kept = tmp_path / "sites.json"
        made.accesses.recall()
        return made

    before = opened()
    slot, *_ = slots(before.accesses)
    visit = before.accesses.technicians.visits[booked(before.accesses, slot).visit]
    visit.asked = {"key": "k", "shown": "BOOK_SLOT"}
    before.accesses.keep()
    after = opened()

    after.resume()
    await asyncio.gather(*after.tasks.values())

    (event,) = told
    assert isinstance(event.outcome, VisitKept)
    assert (event.order.key, event.order.shown, event.order.line) == ("k", "BOOK_SLOT", "line of k")
    assert "Lilas" not in (tmp_path / "sites.json").read_text()
    assert json.loads((tmp_path / "sites.json").read_text())["visits"][0]["standing"] == "kept"
    assert isinstance(event.order, Order)
