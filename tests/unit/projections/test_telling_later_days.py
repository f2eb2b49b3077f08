"""A timeline says what a later day comes to, and what a right to leave rests on."""

from datetime import date

import pytest

from domain.delay_facts import (
    CustomerDelayAgreed,
    CustomerDelayMissed,
    RightToLeaveArose,
    ServiceDayAwaited,
    ServiceDayCome,
)
from domain.event import Event
from projections.telling import told_by
from tests.accesses import SAID
from tests.porting import STORY

DAY = date(2027, 4, 12)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            CustomerDelayAgreed(was=DAY, day=DAY, first=DAY, in_time=True, because=SAID),
            "as the customer asked, for Monday 12 April 2027; said",
        ),
        (CustomerDelayMissed(day=DAY, billed_from=None, source=None, because=SAID), "said"),
        (RightToLeaveArose(since=STORY, said=(SAID, SAID)), "said; said"),
        (
            ServiceDayAwaited(day=DAY, until=STORY),
            "as the customer wants it, opened from Monday 12 April 2027",
        ),
        (ServiceDayCome(day=DAY), "may be opened, wanted for Monday 12 April 2027"),
    ],
)
def test_it_says_in_words_what_the_fact_is_about(event: Event, said: str) -> None:
    told = told_by(event)

    assert told is not None
    assert told.en == said
