"""What follows a failure by its policy's row, on the real server with time skipped."""

from datetime import date, datetime, timedelta
from typing import Any

from domain import port_in_facts as facts
from domain.attention import Attention, AttentionRaised, DecisionTaken
from domain.identity import LineId
from domain.port_in_facts import Outcome, RetryPlanned, Step
from domain.port_in_states import Ended
from tests.failing import book, retry, row
from tests.fakes.operators import Habit
from tests.porting import STORY
from tests.process.conftest import World

WITHIN_A_MONTH: dict[str, Any] = {"line": {"wish": "2027-02-03"}}
NO_STOCK = row("no-stock", "NO-STOCK", step="prepare-line", retry=retry("4 clock-hour"))


async def _planned(world: World, line: LineId) -> list[RetryPlanned]:
    return [e for e in await world.events(line) if isinstance(e, RetryPlanned)]


async def _asked(world: World, line: LineId) -> list[Attention]:
    return [e.attention for e in await world.events(line) if isinstance(e, AttentionRaised)]


async def _day(world: World, line: LineId) -> date:
    state = await world.state(line)
    assert isinstance(state, Ended)
    assert state.planned is not None
    return state.planned.plan.port_day


async def test_a_refusal_is_tried_again_under_another_key_and_nobody_is_asked(world: World) -> None:
    world.failures = book("orange", NO_STOCK)
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    (planned,) = await _planned(world, line)
    assert (planned.attempt, planned.at_most, planned.row.name) == (1, 2, "no-stock")
    assert planned.until - STORY < timedelta(hours=4, minutes=1)
    assert await _asked(world, line) == []
    first, second = world.host.asked[:2]
    assert first.key != second.key
    assert second.asked_at == planned.until


async def test_when_no_try_is_left_a_person_is_asked_with_the_row(world: World) -> None:
    world.failures = book("orange", NO_STOCK)
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"] * 3
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, hours=9)
    await world.asks(line, "operator-refused")

    assert [one.attempt for one in await _planned(world, line)] == [1, 2]
    (asked,) = await _asked(world, line)
    assert asked.row is not None
    assert (asked.row.policy, asked.row.name, asked.row.version) == ("orange", "no-stock", 2)

    await world.decide(line, "retry")
    await world.passes(line, days=35)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    (taken,) = [e for e in await world.events(line) if isinstance(e, DecisionTaken)]
    assert taken.row == asked.row


async def test_after_a_person_decided_it_is_tried_as_often_as_before(world: World) -> None:
    world.failures = book("orange", NO_STOCK)
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"] * 4
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, hours=9)
    await world.asks(line, "operator-refused")

    await world.decide(line, "retry")
    await world.passes(line, days=35)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert [one.attempt for one in await _planned(world, line)] == [1, 2, 1]


async def test_silence_is_tried_again_under_the_same_key(world: World) -> None:
    world.failures = book(
        "orange", row("patient", "no-answer", step="prepare-line", retry=retry("2 clock-hour"))
    )
    world.host.habits[Step.PREPARE_LINE] = [Habit.DEAF] * 5
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert [one.code for one in await _planned(world, line)] == ["no-answer"]
    assert len({one.key for one in world.host.asked if one.step is Step.PREPARE_LINE}) == 1
    assert await _asked(world, line) == []


async def test_the_instant_an_operator_asks_for_is_a_date_of_the_process(world: World) -> None:
    world.host.busy = [timedelta(hours=3)]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    (planned,) = await _planned(world, line)
    assert planned.code == "come-back-later"
    assert timedelta(0) <= planned.until - STORY - timedelta(hours=3) < timedelta(minutes=1)
    assert len({one.key for one in world.host.asked[:2]}) == 1


async def test_an_operator_away_for_longer_than_the_row_waits_is_a_persons(world: World) -> None:
    world.host.busy = [timedelta(hours=13)]
    line = await world.opened(skips=False)
    await world.asks(line, "operator-silent")

    (asked,) = await _asked(world, line)
    assert "is not to be called again before" in asked.what.en
    assert asked.row is not None
    assert asked.row.name == "come-back-later"


async def test_a_short_wait_is_waited_for_at_once(world: World) -> None:
    world.host.busy = [timedelta(seconds=3)]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert await _planned(world, line) == []


R220 = row("r220", "R220", step="send-request", retry=retry("2 ouvre"), **{"from": "2026-06-01"})


async def test_a_donors_refusal_that_passes_by_itself_is_sent_again(world: World) -> None:
    world.failures = book("gpm", R220)
    world.exchange.donors = ["R220"]
    line = await world.opened(**WITHIN_A_MONTH)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert await _day(world, line) == date(2027, 2, 3)
    assert await _asked(world, line) == []
    assert world.exchange.books.steps.count(Step.SEND_REQUEST) == 2
    sent = [one for one in world.exchange.tickets if one.step is Step.SEND_REQUEST]
    (planned,) = await _planned(world, line)
    assert sent[1].session >= planned.until


async def test_a_donors_refusal_that_would_cost_the_day_is_a_persons(world: World) -> None:
    world.failures = book("gpm", R220)
    world.exchange.donors = ["R220"]
    line = await world.opened(skips=False)
    await world.passes(line, days=6)
    await world.asks(line, "donor-refused")

    (asked,) = await _asked(world, line)
    assert asked.what.en.endswith("would come too late")
    assert await _planned(world, line) == []


async def test_a_port_is_cancelled_while_its_next_try_is_awaited(world: World) -> None:
    world.failures = book("gpm", R220)
    world.exchange.donors = ["R220"]
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, days=4, hours=16)
    await world.until(line, "RetryPlanned")

    ruled = await world.cancel(line)
    refused = await world.cancel(line)
    await world.passes(line, days=20)

    assert ruled.taken
    assert not refused.taken
    assert "RetryBegun" not in await world.facts(line)
    assert world.exchange.books.steps.count(Step.SEND_REQUEST) == 1


async def test_what_is_changed_while_a_next_try_is_awaited_goes_with_it(world: World) -> None:
    world.failures = book("gpm", R220)
    world.exchange.donors = ["R220"]
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.passes(line, days=4, hours=16)
    await world.until(line, "RetryPlanned")

    ruled = await world.amend(line, day=date(2027, 2, 10))
    await world.passes(line, days=40)

    assert ruled.taken, ruled.why
    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert await _day(world, line) == date(2027, 2, 10)
    assert "RetryBegun" not in await world.facts(line)


async def test_a_reason_that_leaves_nothing_to_try_may_end_by_its_row(world: World) -> None:
    world.failures = book(
        "gpm", row("r340", "R340", step="send-request", then="end", **{"from": "2026-06-01"})
    )
    world.exchange.donors = ["R340"]
    line = await world.opened()

    assert (await world.end_of(line)).outcome is Outcome.REFUSED
    (begun,) = [e for e in await world.events(line) if isinstance(e, facts.UndoingBegun)]
    assert begun.row is not None
    assert begun.row.name == "r340"
    assert await _asked(world, line) == []


async def test_a_policy_changed_on_the_way_counts_from_its_day_and_for_what_comes_after(
    world: World,
) -> None:
    world.failures = book("orange", NO_STOCK)
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"] * 2
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "RetryPlanned")
    before = await _planned(world, line)

    sooner = row(
        "no-stock",
        "NO-STOCK",
        step="prepare-line",
        retry=retry("1 clock-hour", at_most=5),
        **{"from": "2027-01-09"},
    )
    world.failures = book("orange", NO_STOCK, sooner, version=3)
    await world.passes(line, hours=4, minutes=1)
    await world.until(line, "RetryPlanned", times=2)
    after = await _planned(world, line)

    assert after[0] == before[0]
    assert after[0].row.version == 2
    assert (after[1].attempt, after[1].at_most) == (2, 5)
    assert (after[1].row.version, after[1].row.since) == (3, date(2027, 1, 9))
    assert after[1].until - after[0].until < timedelta(hours=1, minutes=1)


async def test_a_process_taken_up_again_waits_what_is_left_of_its_next_try(world: World) -> None:
    world.failures = book("orange", NO_STOCK)
    world.host.habits[Step.PREPARE_LINE] = ["NO-STOCK"]
    line = await world.opened(skips=False)
    await world.until(line, "RetryPlanned")
    await world.handles[line].terminate("lost with Temporal's database")

    await world.start(line, attempt=1)

    assert (await world.end_of(line)).outcome is Outcome.PORTED
    (planned,) = await _planned(world, line)
    asked: datetime = world.host.asked[1].asked_at
    assert asked == planned.until
