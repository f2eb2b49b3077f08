"""What waits for a person: raised, moved, cleared, and answered by name."""

from datetime import timedelta

import pytest

from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    Turn,
    answered_by,
    open_after,
)
from domain.said import Said
from tests.builders import NOON

SAID = Said(fr="un motif", en="a reason")


def waits(code: str, *allowed: DecisionKind) -> Attention:
    return Attention(
        code=code,
        what=SAID,
        since=NOON,
        until=NOON + timedelta(days=1),
        turn=Turn.OPERATIONS,
        allowed=allowed,
    )


DATE = waits("date", DecisionKind.POSTPONE)
GATES = waits("gates", DecisionKind.PROVIDE)


def test_one_of_a_code_is_open_at_a_time() -> None:
    again = DATE.model_copy(update={"until": NOON})

    assert open_after((DATE, GATES), AttentionRaised(attention=again)) == (GATES, again)


def test_what_is_moved_keeps_everything_but_its_turn_and_its_deadline() -> None:
    moved = AttentionMoved(code="date", until=NOON, turn=Turn.SUPERVISOR, why=SAID)

    after, other = open_after((DATE, GATES), moved)

    assert after == DATE.model_copy(update={"until": NOON, "turn": Turn.SUPERVISOR})
    assert other == GATES


def test_what_is_cleared_is_gone() -> None:
    assert open_after((DATE, GATES), AttentionCleared(code="date")) == (GATES,)


def test_a_decision_finds_what_it_answers() -> None:
    assert answered_by((DATE, GATES), DecisionKind.PROVIDE, None) == GATES
    assert answered_by((DATE, GATES), DecisionKind.SNOOZE, "date") == DATE


@pytest.mark.parametrize(
    ("open_ones", "kind", "code", "why"),
    [
        ((), DecisionKind.RETRY, None, "nothing waits for a decision here"),
        ((DATE, GATES), DecisionKind.SNOOZE, None, "say which of date, gates"),
        ((DATE,), DecisionKind.RETRY, None, "date: postpone, snooze, reassign"),
        ((DATE,), DecisionKind.POSTPONE, "gates", "date: postpone, snooze, reassign"),
    ],
)
def test_a_decision_that_answers_nothing_is_told_what_could_be(
    open_ones: tuple[Attention, ...], kind: DecisionKind, code: str | None, why: str
) -> None:
    with pytest.raises(DecisionRefusedError, match=why):
        answered_by(open_ones, kind, code)
