"""A fleet that will be late, on a real database: few facts, one row, cleared when it is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.clients import Role
from domain.clock import BusinessClock
from domain.contract_resolution import Shelf
from domain.event import Event
from domain.identity import OrderId, StreamId, line_stream
from domain.jeopardy import jeopardy_stream
from domain.parsed import BadValueError
from domain.port_in_facts import DayChosen
from domain.ports import Clocks
from ledger.append import expected_after
from ledger.subscription import BEGINNING
from projections.stage_times import STORED_AS
from runtime.jeopardy import JeopardyWatch
from runtime.processes.projector import (
    build_jeopardy_watch,
    build_publisher,
    build_stage_timer,
    jeopardy_runner,
)
from runtime.stage_timing import usual_times
from runtime.store import Store
from tests.builders import append, on_stream
from tests.integration.conftest import SETTINGS, Client
from tests.integration.fleets import Fleet, fleet_json
from tests.porting import RULES, STORY, paris

WALL = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
WISHED = "2027-01-20"
"""Its papers are there and nobody gives the go-ahead: forty-five working hours from Saturday 9 end
on Friday 15, a card two days later (Tuesday 19, 18 h), session of 19 h, port on Thursday 21."""


async def fleet_of(api: Client, lines: int) -> Fleet:
    """Opened; nothing has looked at them yet."""
    asked = fleet_json(lines)
    for line in asked["lines"]:
        line["wish"] = WISHED
    answer = await api("POST", "/orders", asked)
    assert answer.status == 201, answer.body
    made = Fleet(api, OrderId(UUID(answer.body["order_id"])))
    await made.opened()
    return made


async def gathered(api: Client) -> Fleet:
    """More lines than one request takes, each asking for its go-ahead."""
    fleet = await fleet_of(api, 22)
    await fleet.gathers(*range(1, 23))
    return fleet


def watch(store: Store, at: datetime) -> JeopardyWatch:
    """One that looks at a business instant."""
    wall = WALL + timedelta(minutes=2)
    clock = BusinessClock(wall_origin=WALL, business_origin=at, scale=1)
    return JeopardyWatch(
        briefs=store.briefs,
        documents=store.documents,
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        rules=RULES,
        clocks=FixedClock(clock),
        wall_now=lambda: wall,
    )


class FixedClock(Clocks):
    def __init__(self, clock: BusinessClock) -> None:
        self._clock = clock

    async def in_force(self) -> BusinessClock:
        return self._clock


async def told(store: Store, fleet: Fleet) -> list[tuple[str, int]]:
    history = await store.ledger.read(jeopardy_stream(fleet.order_id))
    return [(type(e.event).__name__, len(e.event.lines)) for e in history]  # type: ignore[attr-defined]  # all have lines


async def looked(api: Client, at: str) -> list[int]:
    """Turns until nothing is told: how many lines each of them told of."""
    watching = watch(api.store, paris(at))
    turns = []
    while count := await watching.turn():
        turns.append(count)
    while await jeopardy_runner(api.store).turn():
        pass
    return turns


@pytest.mark.timeout(180)
async def test_three_hundred_lines_late_together_are_three_facts_and_one_row(api: Client) -> None:
    fleet = await fleet_of(api, 300)

    assert await looked(api, "2027-01-09T02:00") == [100, 100, 100]
    assert await looked(api, "2027-01-14T02:00") == []
    assert await told(api.store, fleet) == [("LinesAtRisk", 100)] * 3
    (row,) = (await api("GET", "/jeopardy")).body["jeopardy"]
    assert (row["verdict"], row["lines"], row["code"], row["waits_for"], row["whom"]) == (
        "at-risk",
        300,
        "too-little-time",
        "us",
        "",
    )
    assert (row["promised_on"], row["expected_on"], row["days_late"]) == (WISHED, "2027-01-21", 1)
    assert (await api("GET", "/jeopardy?late=true")).body["jeopardy"] == []

    assert await looked(api, "2027-01-20T23:00") == []
    assert await looked(api, "2027-01-21T01:00") == [100, 100, 100]
    assert await looked(api, "2027-01-22T01:00") == []
    (late,) = (await api("GET", "/jeopardy?late=true")).body["jeopardy"]
    assert (late["lines"], late["verdict"]) == (300, "late")
    assert len(await told(api.store, fleet)) == 6

    for number in (7, 8):
        await fleet.ends(number)
    assert await looked(api, "2027-01-22T02:00") == [2]
    assert (await told(api.store, fleet))[-1] == ("LinesSafe", 2)
    shown = (await api("GET", fleet.path("/jeopardy?limit=200"))).body
    assert (shown["late"], shown["at_risk"], len(shown["lines"])) == (298, 0, 200)
    rest = (await api("GET", fleet.path(f"/jeopardy?limit=200&cursor={shown['next']}"))).body
    assert [one["line"] for one in (*shown["lines"], *rest["lines"])] == [
        number for number in range(1, 301) if number not in {7, 8}
    ]


async def _noted(store: Store, stream: StreamId, event: Event) -> None:
    version = len(await store.ledger.read(stream))
    whole = on_stream(stream, event, expected=expected_after(version))
    await store.ledger.append(append(f"{stream} {version}", whole))


async def test_another_day_that_is_agreed_clears_a_line_and_the_same_is_not_told_again(
    api: Client,
) -> None:
    """From the 20th to the 27th, which leaves time enough."""
    fleet = await gathered(api)
    assert await looked(api, "2027-01-09T02:00") == [22]

    await _noted(api.store, line_stream(fleet.line(3)), DayChosen(day=date(2027, 1, 27)))
    await fleet.projected()

    assert await looked(api, "2027-01-09T03:00") == [1]
    assert await looked(api, "2027-01-09T04:00") == []
    safe = (await api.store.ledger.read(jeopardy_stream(fleet.order_id)))[-1].event
    assert safe.lines[0].model_dump(include={"number", "because"}) == {  # type: ignore[attr-defined]  # has lines
        "number": 3,
        "because": "agreed-anew",
    }


async def test_a_runner_that_was_overtaken_tells_nothing_twice(api: Client) -> None:
    fleet = await gathered(api)
    slow, quick = (watch(api.store, paris("2027-01-09T02:00")) for _ in range(2))
    await slow._known_of(fleet.order_id)  # noqa: SLF001  it has read the stream, and then stalls

    assert await quick.turn() == 22
    assert await slow.turn() == 22
    assert await slow.turn() == 0
    assert await told(api.store, fleet) == [("LinesAtRisk", 22)]


async def test_a_runner_that_takes_over_knows_what_was_told(api: Client) -> None:
    """An order is told of once a business hour."""
    fleet = await gathered(api)
    await looked(api, "2027-01-09T02:00")
    await fleet.ends(5)

    assert await looked(api, "2027-01-09T02:30") == []
    assert await looked(api, "2027-01-09T03:30") == [1]
    assert await told(api.store, fleet) == [("LinesAtRisk", 22), ("LinesSafe", 1)]


async def test_partners_see_their_own_and_anybody_a_line_explained(api: Client) -> None:
    await api.register("reseller", Role.INTAKE, partner=True)
    fleet = await gathered(api)
    await looked(api, "2027-01-09T02:00")
    path = f"/lines/{fleet.line(3)}/outlook"

    explained = (await api("GET", path)).body
    assert (explained["line"], explained["stage"]) == (3, "gathering")
    outlook: dict[str, Any] = explained["outlook"]
    assert (outlook["verdict"], outlook["expected_on"]) == ("at-risk", "2027-01-21")
    assert outlook["left"][0]["explanation"]["duration"] == {"amount": 45, "unit": "working-hour"}
    assert outlook["because"][0]["en"].startswith("promised for Wednesday 20 January 2027")

    assert (await api("GET", "/jeopardy", caller="reseller")).body["jeopardy"] == []
    strange = await api("GET", path, caller="reseller")
    assert (strange.status, strange.body["type"]) == (404, "line-unknown")
    assert str(fleet.order_id) not in str(strange.body)
    assert (await api("GET", fleet.path("/jeopardy"), caller="reseller")).status == 404
    assert (await api("GET", f"/lines/{fleet.order_id}/outlook")).status == 404
    await fleet.ends(3)
    assert (await api("GET", path)).body["outlook"] is None


async def test_an_order_with_nothing_late_says_so(api: Client) -> None:
    order, _ = await api.ordered()

    found = (await api("GET", f"/orders/{order}/jeopardy")).body

    assert (found["late"], found["at_risk"], found["lines"]) == (0, 0, [])


async def test_subscribers_hear_of_it_once_a_fact(api: Client) -> None:
    await gathered(api)
    await looked(api, "2027-01-09T02:00")
    while await build_publisher(api.store, SETTINGS).turn():
        pass

    found = (await api("GET", "/events?limit=200")).body["events"]
    (one,) = [event for event in found if event["type"] == "order.lines-at-risk"]
    assert len(one["data"]["lines"]) == 22


async def test_stage_times_are_measured_once_and_the_same_when_made_again(api: Client) -> None:
    """Claimed and looked at within the hour of Saturday 1 h: no working hour."""
    await gathered(api)
    await _measured(api.store)
    first = await usual_times(api.store.documents)
    await api.store.documents.clear("stage-times")
    assert (await usual_times(api.store.documents)).measured == {}
    await _measured(api.store)

    assert await usual_times(api.store.documents) == first
    assert {name: len(times.hours) for name, times in first.measured.items()} == {
        "port-in-mobile/claiming/axantis/orange": 22
    }
    assert first.measured["port-in-mobile/claiming/axantis/orange"].hours == (0,) * 22
    assert await api.store.documents.checkpoint(STORED_AS) != BEGINNING


async def _measured(store: Store) -> None:
    timer = build_stage_timer(store, SETTINGS)
    while await timer.turn():
        pass


async def test_rules_that_cannot_be_read_stop_nothing(api: Client) -> None:
    """It is looked at again an hour later."""

    def unreadable() -> Shelf:
        raise BadValueError("the exchange has no profile")

    await gathered(api)
    rules = replace(RULES, shelf=unreadable)
    watching = watch(api.store, paris("2027-01-09T02:00"))
    watching.rules = rules
    timer = build_stage_timer(api.store, SETTINGS)
    timer.rules = rules

    assert await watching.turn() == 0
    assert await timer.turn() > 0
    assert (await usual_times(api.store.documents)).measured == {}
    assert await looked(api, "2027-01-09T03:00") == [22]


async def test_the_projector_wires_it_on_the_stacks_own_clock(api: Client) -> None:
    fleet = await gathered(api)

    assert await build_jeopardy_watch(api.store, SETTINGS).turn() == 22
    history = await api.store.ledger.read(jeopardy_stream(fleet.order_id))
    assert history[-1].business_at >= STORY
