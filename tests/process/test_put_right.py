"""One difference with a host, until the host says what we believe: time skipped, fakes."""

from datetime import date, timedelta
from typing import Any

from domain.attention import Turn
from domain.differences import (
    Accepted,
    Calm,
    Open,
    Remedying,
)
from domain.identity import line_stream
from domain.operators import Standing
from domain.port_in_facts import HostNetwork, Outcome, Step
from domain.reconciling import DifferenceKind
from ledger.append import At
from tests.builders import append, on_stream
from tests.fakes.operators import Habit
from tests.reconcile_house import House, Repair
from tests.reconciled import (
    active_facts,
    asked,
    ended,
    handed_back,
    host_line,
    released_facts,
    reserved_facts,
)
from tests.waiting import until_async
from workflows.identity import (
    RUN_ASKED_FOR,
)

MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 12)
"""The story begins on a Saturday: its first business night is Monday's."""


async def _found(house: House, place: int = 1, **more: Any) -> Repair:  # noqa: ANN401
    """A line suspended behind our back, found by a run somebody asked for."""
    facts = more.get("facts", active_facts(place))
    line_id = await house.has(place, facts, more.get("standing", Standing.SUSPENDED))
    handle = await house.start()
    await handle.signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))
    await house.night_of(date(2027, 1, 9))
    return await house.put_right(line_id, more.get("kind", DifferenceKind.SUSPENDED_THERE))


async def test_a_line_suspended_there_is_put_back_and_the_host_then_says_so(house: House) -> None:
    repair = await _found(house)
    await repair.decide("resume", key="k-1")

    await repair.until("RemedyTaken")
    await repair.passes(hours=3)

    assert (await repair.handle.result()).ended
    assert await repair.facts() == [
        "DifferenceRaised",
        "RemedyDecided",
        "RemedyTaken",
        "DifferenceGone",
    ]
    assert len(house.orange.changed) == 1


async def test_a_line_left_there_is_given_back_once(house: House) -> None:
    repair = await _found(
        house,
        facts=released_facts(1),
        standing=Standing.ACTIVE,
        kind=DifferenceKind.LEFT_THERE,
    )
    house.orange.habits = {Step.RELEASE_LINE: [Habit.LOST_REPLY]}
    await repair.decide("release", key="k-1")

    await repair.until("RemedyTaken")
    await repair.passes(hours=3)

    assert (await repair.handle.result()).ended
    assert len(house.orange.asked) == 2  # the reply to the first was lost
    assert sum(house.orange.books.effects.values()) == 1


async def test_a_remedy_the_host_refuses_comes_back_to_a_person(house: House) -> None:
    repair = await _found(house)
    house.orange.change_habits = {"resume": ["LINE-BLOCKED"]}
    await repair.decide("resume", key="k-1")

    await repair.until("RemedyRefused")

    state = await repair.state()
    assert isinstance(state, Open)
    assert state.came_of_it is not None
    assert "LINE-BLOCKED" in state.came_of_it.en
    await repair.decide("resume", key="k-2")
    await repair.until("RemedyTaken")
    assert len({change.key for change in house.orange.changed}) == 2


async def test_a_remedy_nobody_answered_is_asked_again_under_its_key(house: House) -> None:
    repair = await _found(house)
    house.orange.change_habits = {"resume": [Habit.DEAF] * 5}
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyUnanswered")

    await repair.decide("resume", key="k-2")

    await repair.until("RemedyTaken")
    assert len({change.key for change in house.orange.changed}) == 1


async def test_a_remedy_that_was_taken_and_not_done_comes_back_too(house: House) -> None:
    repair = await _found(house)
    house.orange.forgets = True
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyTaken")

    await repair.passes(days=1, hours=3)

    await repair.until("RemedyMissed")
    assert isinstance(await repair.state(), Open)


async def test_a_line_that_has_moved_on_is_not_touched(house: House) -> None:
    repair = await _found(house)
    stream = line_stream(repair.line_id)
    version = len(await house.ledger.read(stream))
    moved = on_stream(stream, asked(Step.RELEASE_LINE), expected=At(version))
    await house.ledger.append(append("moved-on", moved))

    await repair.decide("resume", key="k-1")

    await repair.until("RemedyRefused")
    assert house.orange.changed == []


async def test_a_line_whose_number_has_gone_back_is_not_put_back_in_service(house: House) -> None:
    repair = await _found(house)
    stream = line_stream(repair.line_id)
    version = len(await house.ledger.read(stream))
    gone = on_stream(stream, handed_back(1), expected=At(version))
    await house.ledger.append(append("gone-back", gone))

    await repair.decide("resume", key="k-1")

    await repair.until("RemedyRefused")
    assert house.orange.changed == []


async def test_a_line_another_has_taken_the_place_of_differs_no_more(house: House) -> None:
    repair = await _found(house, facts=reserved_facts(1), kind=DifferenceKind.ACTIVE_THERE)
    stream = line_stream(repair.line_id)
    version = len(await house.ledger.read(stream))
    replaced = on_stream(stream, ended(Outcome.REPLACED), expected=At(version))
    await house.ledger.append(append("replaced", replaced))

    await repair.decide("ask-host-again", key="k-1")

    assert (await repair.handle.result()).ended
    assert isinstance(await repair.state(), Calm)


async def test_a_question_asked_at_once_is_answered_at_once(house: House) -> None:
    repair = await _found(house)
    await repair.decide("ask-host-again", key="k-1")
    await repair.until("DifferenceSeenAgain")
    house.orange.silent = True
    await repair.decide("ask-host-again", key="k-2")
    await repair.until("HostSaidNothing")
    house.orange.silent, house.orange.standings[host_line(1)] = False, Standing.ACTIVE

    await repair.decide("ask-host-again", key="k-3")

    assert (await repair.handle.result()).ended
    assert isinstance(await repair.state(), Calm)


async def test_what_was_accepted_is_not_raised_again_until_a_side_changes(house: House) -> None:
    repair = await _found(house)
    await repair.decide("settle", key="k-1", reason="the customer did not pay")
    assert (await repair.handle.result()).ended
    (handle,) = [one for one in house.started if one is not repair.handle]
    await house.env.fast_forward(handle, timedelta(days=3))
    await house.night_of(MONDAY)
    assert isinstance(await repair.state(), Accepted)

    house.orange.standings[host_line(1)] = Standing.ACTIVE
    await house.next_night(handle, TUESDAY)

    assert isinstance(await repair.state(), Calm)


async def test_a_difference_nobody_decides_goes_up_once(house: House) -> None:
    repair = await _found(house)

    await repair.passes(days=5)
    await repair.until("DifferenceWentUp")
    await repair.passes(days=30)

    state = await repair.state()
    assert isinstance(state, Open)
    assert state.turn is Turn.SUPERVISOR
    assert (await repair.facts()).count("DifferenceWentUp") == 1


async def test_while_a_remedy_is_carried_out_it_is_not_raised_again(house: House) -> None:
    repair = await _found(house)
    house.orange.forgets = True
    await repair.decide("resume", key="k-1")
    await repair.until("RemedyTaken")
    await house.started[0].signal(RUN_ASKED_FOR, (HostNetwork.ORANGE,))

    async def asked_again() -> bool:
        return house.orange.questions >= 2

    await until_async(asked_again, what="another run")
    assert isinstance(await repair.state(), Remedying)
