"""How long a stage usually takes: four of five lines, of the last hundred, in working hours."""

from datetime import datetime

import pytest

from domain.durations import Unit
from domain.hours import exchange_hours
from domain.orders import LineKind
from domain.reckoning import Reckoning
from domain.stage_times import StageKey, StageTimes, Usual, UsualTimes, working_hours
from domain.territories import ExchangeGroup
from tests.porting import RULES, STORY, paris

KEY = StageKey(kind=LineKind.PORT_IN_MOBILE, stage="preparing", provider="axantis", whom="orange")
METROPOLE = Reckoning(
    calendar=RULES.calendar(ExchangeGroup.GPM, STORY.date()).exchange,
    hours=exchange_hours(ExchangeGroup.GPM),
)


def usual(*hours: int) -> Usual:
    times = UsualTimes(measured={KEY.name: StageTimes(key=KEY, hours=hours)})
    return times.of(KEY)


def test_it_is_named_by_kind_stage_contract_and_operator() -> None:
    assert KEY.name == "port-in-mobile/preparing/axantis/orange"


def test_four_of_five_lines_took_no_longer() -> None:
    """Of 1 to 20 hours, sixteen lines took 16 at most."""
    found = usual(*range(20, 0, -1))

    assert (found.hours, found.lines, found.duration.unit) == (16, 20, Unit.WORKING_HOUR)


def test_below_twenty_lines_our_own_figure_stands() -> None:
    found = usual(*range(1, 20))

    assert (found.hours, found.lines) == (18, 0)
    assert UsualTimes().of(KEY) == found


def test_the_last_hundred_lines_are_kept() -> None:
    times = StageTimes(key=KEY)
    for hours in range(130):
        times = times.with_one_more(hours)

    assert times.hours == tuple(range(30, 130))


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        # Friday 15 January 17 h to Monday 18 at 10 h: an hour, and an hour
        (paris("2027-01-15T17:00"), paris("2027-01-18T10:00"), 2),
        # an hour begun counts
        (paris("2027-01-15T17:00"), paris("2027-01-18T10:01"), 3),
        # the weekend counts for nothing
        (paris("2027-01-16T08:00"), paris("2027-01-17T20:00"), 0),
        # an instant stated before the line came there
        (paris("2027-01-15T17:00"), paris("2027-01-15T10:00"), 0),
    ],
)
def test_time_is_counted_in_the_exchanges_hours(
    since: datetime, until: datetime, hours: int
) -> None:
    assert working_hours(METROPOLE, since, until) == hours
