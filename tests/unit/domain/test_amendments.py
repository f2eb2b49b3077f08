"""Changes to an order that runs: one at a time, planned, then executed, withdrawn or lapsed."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.amendments import (
    Amendment,
    AmendmentCommand,
    AmendmentEvent,
    AmendmentExecuted,
    AmendmentLapsed,
    AmendmentPlanned,
    AmendmentRefusedError,
    Amendments,
    AmendmentStands,
    ExecuteAmendment,
    LineAnswer,
    NoteAmendmentExecuted,
    PlanAmendment,
    WithdrawAmendment,
    decide,
    evolve,
    fold,
    open_among,
)
from domain.identity import AmendmentId, SubjectId
from domain.personal import Personal
from tests.builders import NOON, line_opened

FIRST, SECOND = AmendmentId(UUID(int=1)), AmendmentId(UUID(int=2))
CONTACT = Personal(subject=SubjectId("s"), value="Lou Bernard")
LATER = NOON + timedelta(days=8)


def amendment(amendment_id: AmendmentId = FIRST, number: int = 1) -> Amendment:
    return Amendment(
        amendment_id=amendment_id,
        number=number,
        customer=None,
        contact=CONTACT,
        lines=(),
        differences=(),
        valid_until=NOON + timedelta(days=7),
    )


PLAN = PlanAmendment(decided_at=NOON, amendment=amendment())
EXECUTE = ExecuteAmendment(decided_at=NOON, amendment_id=FIRST)
WITHDRAW = WithdrawAmendment(decided_at=NOON, amendment_id=FIRST)
DONE = NoteAmendmentExecuted(
    decided_at=NOON, amendment_id=FIRST, answers=(LineAnswer(line=1, taken=True),)
)


def _after(*commands: AmendmentCommand) -> Amendments:
    amendments: Amendments = ()
    for command in commands:
        for event in decide(command, amendments):
            amendments = evolve(amendments, event)
    return amendments


def _stands(*commands: AmendmentCommand) -> list[AmendmentStands]:
    return [one.stands for one in _after(*commands)]


def test_a_plan_is_executed_and_keeps_what_each_line_said() -> None:
    assert _stands(PLAN) == [AmendmentStands.PLANNED]
    assert _stands(PLAN, EXECUTE) == [AmendmentStands.EXECUTING]
    (done,) = _after(PLAN, EXECUTE, DONE)
    assert (done.stands, done.answers) == (AmendmentStands.EXECUTED, DONE.answers)
    assert open_among((done,)) is None


def test_what_was_planned_for_the_order_itself_comes_with_the_execution() -> None:
    (executed,) = decide(DONE, _after(PLAN, EXECUTE))

    assert isinstance(executed, AmendmentExecuted)
    assert executed.contact == CONTACT


def test_another_is_planned_only_when_the_first_is_settled() -> None:
    another = PlanAmendment(decided_at=NOON, amendment=amendment(SECOND, 2))

    for settled in ((PLAN, WITHDRAW), (PLAN, EXECUTE, DONE)):
        assert _stands(*settled, another)[-1] is AmendmentStands.PLANNED
    for going in ((PLAN,), (PLAN, EXECUTE)):
        with pytest.raises(AmendmentRefusedError, match="before another is planned"):
            decide(another, _after(*going))


def test_a_plan_nobody_executed_in_time_lapses_when_another_is_made() -> None:
    another = PlanAmendment(decided_at=LATER, amendment=amendment(SECOND, 2))

    facts = decide(another, _after(PLAN))

    assert facts == (
        AmendmentLapsed(amendment_id=FIRST),
        AmendmentPlanned(amendment=another.amendment),
    )
    assert _stands(PLAN, another) == [AmendmentStands.LAPSED, AmendmentStands.PLANNED]
    with pytest.raises(AmendmentRefusedError, match="is executing"):
        decide(another, _after(PLAN, EXECUTE))


def test_a_plan_that_no_longer_holds_is_not_executed() -> None:
    late = ExecuteAmendment(decided_at=LATER, amendment_id=FIRST)

    with pytest.raises(AmendmentRefusedError, match="plan the same change again"):
        decide(late, _after(PLAN))


def test_only_a_plan_can_be_executed_or_withdrawn() -> None:
    with pytest.raises(AmendmentRefusedError, match="is withdrawn already"):
        decide(EXECUTE, _after(PLAN, WITHDRAW))
    with pytest.raises(AmendmentRefusedError, match="only a plan can be withdrawn"):
        decide(WITHDRAW, _after(PLAN, EXECUTE))


def test_an_amendment_nobody_planned_is_unknown() -> None:
    with pytest.raises(AmendmentRefusedError, match="the order has no amendment"):
        decide(EXECUTE, ())


def test_what_the_lines_said_is_noted_once() -> None:
    assert decide(DONE, _after(PLAN, EXECUTE, DONE)) == ()


def test_amendments_are_read_among_the_other_facts_of_an_order() -> None:
    planned = AmendmentPlanned(amendment=amendment())
    events: tuple[AmendmentEvent, ...] = (planned,)

    assert fold((line_opened(), *events)) == _after(PLAN)
    settled = evolve(_after(PLAN), AmendmentPlanned(amendment=amendment(SECOND, 2)))
    assert [one.amendment.amendment_id for one in settled] == [FIRST, SECOND]
