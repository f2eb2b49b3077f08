"""Two tries of one request under one key are never under way at once."""

from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError

from activities.lines import LineStep
from activities.operators import ASKING, SETTLE, answered
from domain.identity import LineId
from domain.operators import Unanswered
from domain.port_in_facts import Step
from tests.porting import STORY
from workflows.technical import OPERATOR_ALL, OPERATOR_RETRY, OPERATOR_TIMEOUT

STEP = LineStep(line_id=LineId(UUID(int=1)), at=STORY)


def test_an_operator_is_given_up_before_another_try_can_begin() -> None:
    assert ASKING.span < OPERATOR_TIMEOUT.span


def test_every_try_and_its_wait_fit_into_the_time_of_all() -> None:
    tries = OPERATOR_RETRY.maximum_attempts

    assert tries * (ASKING.span + SETTLE.span) <= OPERATOR_ALL.span + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("asked_for", "sent", "waited"),
    [(15, True, 15), (1, True, 2), (None, True, 2), (15, False, 15), (None, False, None)],
)
def test_an_operator_is_left_alone_for_as_long_as_it_asks_whether_or_not_it_may_have_it(
    asked_for: int | None,
    waited: int | None,
    sent: bool,  # noqa: FBT001  a case
) -> None:
    after = None if asked_for is None else timedelta(seconds=asked_for)
    answer = Unanswered(why="slow down", sent=sent, retry_after=after)

    with pytest.raises(ApplicationError) as raised:
        answered(STEP, Step.PREPARE_LINE, answer)

    expected = None if waited is None else timedelta(seconds=waited)
    assert raised.value.next_retry_delay == expected
