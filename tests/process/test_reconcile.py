"""Business nights on the real server with time skipped: three hosts, each with books of its own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from activities.reconciling import Finding, FindingsStep, ReconcileActivities
from domain.attention import Turn
from domain.clock import BusinessClock
from domain.differences import (
    Calm,
    DifferenceDecision,
    DifferenceGone,
    DifferenceRaised,
    Open,
    difference_stream,
)
from domain.host_nights import (
    Counts,
    HostNotReconciled,
    HostReconciled,
    host_nights_stream,
)
from domain.operators import Standing
from domain.port_in_facts import HostNetwork, Step
from domain.reconciling import DifferenceKind
from ledger.messages import START_DIFFERENCE
from tests.builders import append, on_stream
from tests.porting import RULES, STORY, paris
from tests.reconcile_house import House
from tests.reconciled import (
    active_facts,
    asked,
    difference,
    handed_back,
    host_line,
    released_facts,
    reserved_facts,
    their_side,
)
from tests.waiting import until_async
from workflows.identity import (
    CLOCK_MOVED,
    RUN_ASKED_FOR,
)

MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 12)
"""The story begins on a Saturday: its first business night is Monday's."""


async def test_a_host_that_says_what_we_believe_differs_on_nothing(house: House) -> None:
    await house.has(1, active_facts(1), Standing.ACTIVE)
    await house.has(2, reserved_facts(2), Standing.RESERVED)
    await house.has(3, released_facts(3), None)
    await house.has(4, (*active_facts(4), handed_back(4)), Standing.ENDED)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert isinstance(night, HostReconciled)
    assert night.began_at == paris("2027-01-11T22:00:00")
    assert (night.counts.lines, night.counts.compared, night.counts.raised) == (4, 4, 0)
    assert [row for row in house.ledger.outbox if row.kind == START_DIFFERENCE] == []


async def test_a_differing_host_is_found_once_with_both_sides(house: House) -> None:
    line_id = await house.has(1, active_facts(1), Standing.SUSPENDED)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    night = await house.night_of(MONDAY)
    await house.next_night(handle, TUESDAY)

    found = await house.differing(line_id)

    assert list(found) == [DifferenceKind.SUSPENDED_THERE]
    state = found[DifferenceKind.SUSPENDED_THERE]
    assert isinstance(state, Open)
    assert (night.counts.raised, state.seen) == (1, 2)
    assert state.difference.ours.standing is Standing.ACTIVE
    assert [fact.event for fact in state.difference.ours.evidence][-2:] == [
        "OperatorAsked",
        "LineSwitched",
    ]
    assert state.difference.theirs.standing is Standing.SUSPENDED
    assert state.difference.allowed[0] == DifferenceDecision.RESUME
    # two jours ouvrés after Monday night, at the same hour
    assert state.until == paris("2027-01-13T22:00:00")
    rows = [row for row in house.ledger.outbox if row.kind == START_DIFFERENCE]
    assert len(rows) == 1


async def test_what_is_under_way_or_done_a_moment_ago_is_not_compared(house: House) -> None:
    await house.has(1, (*reserved_facts(1), asked(Step.SWITCH_LINE)), Standing.ACTIVE)
    await house.has(2, active_facts(2), Standing.RESERVED, at=paris("2027-01-11T21:00:00"))
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert (night.counts.lines, night.counts.compared) == (2, 0)
    assert house.orange.questions == 0


async def test_a_silent_host_is_said_to_be_and_the_others_go_on(house: House) -> None:
    house.orange.silent = True
    await house.has(1, active_facts(1), Standing.ACTIVE)
    sfr_line = await house.has(2, active_facts(2, HostNetwork.SFR), None, HostNetwork.SFR)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    unheard = await house.night_of(MONDAY)
    heard = await house.night_of(MONDAY, HostNetwork.SFR)

    assert isinstance(unheard, HostNotReconciled)
    assert unheard.why == "in maintenance"
    assert isinstance(heard, HostReconciled)
    assert list(await house.differing(sfr_line)) == [DifferenceKind.UNKNOWN_THERE]
    assert house.orange.questions == 3  # one a try


async def test_after_three_silent_nights_a_person_is_asked_until_it_is_heard(house: House) -> None:
    house.orange.silent = True
    await house.has(1, active_facts(1), Standing.ACTIVE)
    before = [
        HostNotReconciled(night=date(2027, 1, day), began_at=STORY, counts=Counts(), why="silent")
        for day in (7, 8)
    ]
    stream = on_stream(host_nights_stream(HostNetwork.ORANGE), *before)
    await house.ledger.append(append("two nights", stream))
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    attention = (await house.nights()).attention
    assert attention is not None
    assert (attention.code, attention.turn) == ("host-silent", Turn.OPERATIONS)

    house.orange.silent = False
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    async def heard() -> bool:
        return (await house.nights()).attention is None

    await until_async(heard, what="the host is heard again")
    assert (await house.nights()).unheard == 0


async def test_one_line_that_is_not_answered_about_holds_up_no_other(house: House) -> None:
    for place in (1, 2, 3, 4):
        await house.has(place, active_facts(place), Standing.ACTIVE)
    house.orange.silent_about = frozenset({host_line(2)})
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert isinstance(night, HostReconciled)
    assert (night.counts.compared, night.counts.unanswered) == (3, 1)


async def test_a_night_of_many_lines_goes_on_in_another_run(house: House) -> None:
    for place in range(1, 6):
        await house.has(place, active_facts(place), Standing.ACTIVE)
    lost = await house.has(6, active_facts(6), Standing.ENDED)
    handle = await house.start(page=2, pages=1)
    await house.env.fast_forward(handle, timedelta(days=3))

    night = await house.night_of(MONDAY)

    assert (night.counts.lines, night.counts.compared, night.counts.raised) == (6, 6, 1)
    assert list(await house.differing(lost)) == [DifferenceKind.ENDED_THERE]
    runs = [run async for run in house.env.client.list_workflows(f"WorkflowId = '{handle.id}'")]
    assert len(runs) >= 4


async def test_somebody_who_asks_does_not_wait_for_the_night(house: House) -> None:
    line_id = await house.has(1, released_facts(1), Standing.RESERVED)
    handle = await house.start()

    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    night = await house.night_of(date(2027, 1, 9))
    assert night.counts.raised == 1
    assert list(await house.differing(line_id)) == [DifferenceKind.LEFT_THERE]
    assert (await house.nights(HostNetwork.SFR)).last is None


async def test_another_clock_brings_another_night(house: House) -> None:
    handle = await house.start()
    soon = paris("2027-01-12T21:59:57")
    clock = BusinessClock(wall_origin=datetime.now(UTC), business_origin=soon, scale=1)

    await handle.signal(CLOCK_MOVED, clock)

    night = await house.night_of(TUESDAY)
    assert isinstance(night, HostReconciled)


async def test_a_host_that_differs_widely_is_looked_at_before_its_lines(house: House) -> None:
    for place in range(1, 54):
        await house.has(place, active_facts(place), Standing.ENDED)
    handle = await house.start()
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    night = await house.night_of(date(2027, 1, 9))

    assert (night.counts.raised, night.counts.beyond) == (50, 3)
    attention = (await house.nights()).attention
    assert attention is not None
    assert attention.code == "host-differs-widely"


async def test_a_difference_that_is_gone_the_next_night_is_over(house: House) -> None:
    line_id = await house.has(1, active_facts(1), Standing.SUSPENDED)
    handle = await house.start()
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    house.orange.standings[host_line(1)] = Standing.ENDED
    await house.next_night(handle, TUESDAY)

    assert list(await house.differing(line_id)) == [DifferenceKind.ENDED_THERE]
    state = await house.difference(line_id, DifferenceKind.SUSPENDED_THERE)
    assert isinstance(state, Calm)


async def test_what_a_host_said_before_it_was_put_right_raises_nothing_anew(house: House) -> None:
    line_id = await house.has(1, active_facts(1), Standing.ACTIVE)
    found = difference().model_copy(update={"line_id": line_id})
    gone = DifferenceGone(theirs=their_side(Standing.ACTIVE))
    raised = DifferenceRaised(difference=found, until=STORY)
    stream = on_stream(difference_stream(found.difference_id), raised, gone)
    later = STORY + timedelta(minutes=3)
    await house.ledger.append(replace(append("put right", stream), business_at=later))
    stale = Finding(line_id=line_id, standing=Standing.SUSPENDED, code=None, asked_at=STORY)
    night = ReconcileActivities(book=house.book, rules=RULES)

    told = await night.note_findings(FindingsStep(at=STORY, findings=(stale,), room=9))

    assert told == Counts()
    assert await house.differing(line_id) == {}
