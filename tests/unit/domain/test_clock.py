from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.clock import SCALE_MAX, Business, BusinessClock

WALL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NEAR = st.timedeltas(min_value=timedelta(days=-5), max_value=timedelta(days=5))


def test_a_real_clock_shows_wall_time() -> None:
    clock = BusinessClock.real(since=WALL)

    assert clock.business_at(WALL + timedelta(hours=3)) == WALL + timedelta(hours=3)


def test_a_demo_lives_one_business_day_in_five_seconds() -> None:
    clock = BusinessClock(wall_origin=WALL, business_origin=WALL, scale=17_280)

    assert clock.business_at(WALL + timedelta(seconds=5)) == WALL + timedelta(days=1)
    assert clock.wall_span(Business(timedelta(days=2))) == timedelta(seconds=10)


def test_changing_the_pace_does_not_move_business_time() -> None:
    clock = BusinessClock(wall_origin=WALL, business_origin=WALL, scale=100)
    later = WALL + timedelta(minutes=7)

    slowed = clock.rescaled(at_wall=later, scale=1)

    assert slowed.business_at(later) == clock.business_at(later)
    assert slowed.business_at(later + timedelta(hours=1)) == clock.business_at(later) + timedelta(
        hours=1
    )


@given(since=NEAR, scale=st.integers(1, SCALE_MAX))
def test_business_time_leads_back_to_the_wall(since: timedelta, scale: int) -> None:
    wall = WALL + since
    clock = BusinessClock(wall_origin=WALL, business_origin=WALL, scale=scale)

    assert abs(clock.wall_at(clock.business_at(wall)) - wall) <= timedelta(microseconds=1)


@given(first=NEAR, second=NEAR, scale=st.integers(1, SCALE_MAX))
def test_business_time_never_runs_backwards(
    first: timedelta, second: timedelta, scale: int
) -> None:
    clock = BusinessClock(wall_origin=WALL, business_origin=WALL, scale=scale)
    early, late = sorted((first, second))

    assert clock.business_at(WALL + early) <= clock.business_at(WALL + late)


@pytest.mark.parametrize("scale", [0, -1, 1.5, SCALE_MAX + 1])
def test_time_does_not_stand_still_run_back_or_in_fractions(scale: float) -> None:
    with pytest.raises(ValidationError):
        BusinessClock(wall_origin=WALL, business_origin=WALL, scale=scale)


def test_a_clock_needs_a_time_zone() -> None:
    with pytest.raises(ValidationError):
        BusinessClock(wall_origin=datetime(2026, 1, 1), business_origin=WALL, scale=1)  # noqa: DTZ001
