"""Two tries of one request under one key are never under way at once."""

from datetime import timedelta

from activities.operators import ASKING, SETTLE
from workflows.technical import OPERATOR_ALL, OPERATOR_RETRY, OPERATOR_TIMEOUT


def test_an_operator_is_given_up_before_another_try_can_begin() -> None:
    assert ASKING.span < OPERATOR_TIMEOUT.span


def test_every_try_and_its_wait_fit_into_the_time_of_all() -> None:
    tries = OPERATOR_RETRY.maximum_attempts

    assert tries * (ASKING.span + SETTLE.span) <= OPERATOR_ALL.span + timedelta(seconds=5)
