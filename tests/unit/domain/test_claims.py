"""A number is moved by one line at a time."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claims import (
    Claimed,
    ClaimNumber,
    Free,
    NumberClaimed,
    NumberReleased,
    NumberTakenError,
    ReleaseNumber,
    decide,
    evolve,
    fold,
    lines_that_asked,
)
from domain.identity import LineId, OrderId
from tests.builders import NOON, line_opened

LINE, OTHER = LineId(UUID(int=1)), LineId(UUID(int=2))
ORDER = OrderId(UUID(int=9))


def claim(line: LineId) -> ClaimNumber:
    return ClaimNumber(decided_at=NOON, line_id=line, order_id=ORDER)


def release(line: LineId) -> ReleaseNumber:
    return ReleaseNumber(decided_at=NOON, line_id=line)


def test_a_free_number_is_claimed_and_a_claimed_one_is_not() -> None:
    held = Claimed(line_id=LINE, order_id=ORDER)

    assert decide(claim(LINE), Free()) == (NumberClaimed(line_id=LINE, order_id=ORDER),)
    assert decide(claim(LINE), held) == ()
    with pytest.raises(NumberTakenError, match=f"being moved by order {ORDER}"):
        decide(claim(OTHER), held)


def test_only_whoever_holds_it_lets_it_go() -> None:
    held = Claimed(line_id=LINE, order_id=ORDER)

    assert decide(release(LINE), held) == (NumberReleased(line_id=LINE),)
    assert decide(release(OTHER), held) == ()
    assert decide(release(LINE), Free()) == ()
    assert fold([NumberClaimed(line_id=LINE, order_id=ORDER), line_opened()]) == held


@given(st.lists(st.tuples(st.booleans(), st.sampled_from((LINE, OTHER))), max_size=20))
def test_whatever_is_asked_it_is_never_held_by_two(asked: list[tuple[bool, LineId]]) -> None:
    state: Free | Claimed = Free()
    holders: set[LineId] = set()
    for claims, line in asked:
        try:
            events = decide(claim(line) if claims else release(line), state)
        except NumberTakenError:
            continue
        for event in events:
            state = evolve(state, event)
            if isinstance(event, NumberClaimed):
                holders.add(event.line_id)
            else:
                holders.discard(event.line_id)
        assert len(holders) <= 1


def test_lines_that_asked_for_a_number_are_told_the_last_one_first_and_once() -> None:
    claimed, other = (NumberClaimed(line_id=line, order_id=ORDER) for line in (LINE, OTHER))
    released = NumberReleased(line_id=LINE)

    assert lines_that_asked([claimed, released, other, claimed]) == (LINE, OTHER)
    assert lines_that_asked([line_opened()]) == ()
