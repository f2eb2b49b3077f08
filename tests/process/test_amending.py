"""A port that is amended while it runs, on the real server with time skipped."""

from datetime import date, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import port_in_facts as facts
from domain.corrections import CorrectionKept
from domain.identity import correction_id_for, correction_stream, order_subject
from domain.personal import Personal
from domain.port_in_facts import Outcome, Step
from domain.port_in_states import Ended
from ledger.append import Append, CommandStamp, NoStream, StreamAppend
from tests.builders import command_id
from tests.porting import ORDER_ID, STORY, rio_of
from tests.process.conftest import World

WITHIN_A_MONTH: dict[str, Any] = {"line": {"wish": "2027-02-03"}}


async def test_a_day_that_moves_while_all_is_ready_is_the_day_of_the_port(world: World) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "LineReady")

    ruled = await world.amend(line, day="2027-01-20")
    await world.until(line, "PortPlanned", times=2)
    await world.passes(line, days=30)

    assert ruled.taken
    assert (await world.end_of(line)).outcome is Outcome.PORTED
    state = await world.state(line)
    assert isinstance(state, Ended)
    assert state.planned is not None
    assert state.planned.plan.port_day == date(2027, 1, 20)
    plans = [e for e in await world.events(line) if isinstance(e, facts.PortPlanned)]
    assert [plan.moved_from for plan in plans] == [None, date(2027, 2, 3)]
    assert world.host.books.steps.count(Step.PREPARE_LINE) == 1


async def test_a_day_that_moves_while_the_card_travels_needs_no_second_card(world: World) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "OperatorAsked")

    ruled = await world.amend(line, day="2027-01-27")
    await world.passes(line, days=40)

    assert ruled.taken
    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert world.host.books.steps.count(Step.PREPARE_LINE) == 1
    assert world.exchange.tickets[0].port_day == date(2027, 1, 27)


async def test_another_rio_is_what_the_request_carries(world: World) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "PortPlanned")
    rio = rio_of(prefix="03E123456")
    correction = correction_id_for(line, key="k")
    await world.ledger.append(
        Append(
            command=CommandStamp(command_id=command_id("kept"), fingerprint=b""),
            business_at=STORY,
            actor="test",
            correlation=str(ORDER_ID),
            streams=(
                StreamAppend(
                    stream_id=correction_stream(correction),
                    expected=NoStream(),
                    events=(
                        CorrectionKept(rio=Personal(subject=order_subject(ORDER_ID), value=rio)),
                    ),
                ),
            ),
        )
    )

    ruled = await world.amend(line, correction=correction)
    await world.passes(line, days=40)

    assert ruled.taken
    assert (await world.end_of(line)).outcome is Outcome.PORTED
    assert world.exchange.tickets[0].donor == "03"


async def test_under_a_request_that_has_left_nothing_is_amended(world: World) -> None:
    line = await world.opened(skips=False)
    await world.until(line, "LineReady")
    await world.passes(line, days=4, hours=12)
    await world.until(line, "PortAccepted")

    ruled = await world.amend(line, day="2027-02-03")

    assert not ruled.taken
    assert ruled.why is not None
    assert "its request has left" in ruled.why


async def test_a_correction_nobody_kept_is_answered_with_a_sentence(world: World) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "PortPlanned")

    ruled = await world.amend(line, correction=correction_id_for(line, key="never"))

    assert not ruled.taken
    assert ruled.why == "no such correction was kept; send the decision again"
    await world.passes(line, seconds=timedelta(days=40).total_seconds())


async def test_a_name_that_would_drive_a_terminal_is_refused_before_it_is_kept(
    world: World,
) -> None:
    line = await world.opened(skips=False, **WITHIN_A_MONTH)
    await world.until(line, "PortPlanned")
    handle = world.handles[line]

    with pytest.raises(WorkflowUpdateFailedError):
        await handle.execute_update("amend", {"by": "a\x1b[31m"})
