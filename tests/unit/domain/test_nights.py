"""Business nights: the evening of each jour ouvré, by metropolitan time."""

from datetime import date

import pytest

from tests.porting import RULES, paris

# 2027-01-09 is a Saturday; 2027-05-06 is Ascension Day, a Thursday (code du travail L3133-1)


@pytest.mark.parametrize(
    ("now", "done", "day", "at"),
    [
        ("2027-01-11T09:00", None, "2027-01-11", "2027-01-11T22:00"),
        ("2027-01-11T22:00", None, "2027-01-12", "2027-01-12T22:00"),
        ("2027-01-09T12:00", None, "2027-01-11", "2027-01-11T22:00"),
        ("2027-05-06T12:00", None, "2027-05-07", "2027-05-07T22:00"),
        ("2027-07-12T12:00", None, "2027-07-12", "2027-07-12T22:00"),
        ("2027-01-12T09:00", "2027-01-08", "2027-01-11", "2027-01-11T22:00"),
        ("2027-01-15T23:00", "2027-01-11", "2027-01-15", "2027-01-15T22:00"),
        ("2027-01-12T09:00", "2027-01-11", "2027-01-12", "2027-01-12T22:00"),
        ("2027-01-12T09:00", "2029-01-01", "2027-01-12", "2027-01-12T22:00"),
    ],
    ids=[
        "this evening",
        "not the one that has begun",
        "not in a weekend",
        "not on a holiday",
        "by summer time",
        "one that was slept through",
        "of several only the last",
        "not the same twice",
        "one of another time says nothing",
    ],
)
def test_the_next_night_is(now: str, done: str | None, day: str, at: str) -> None:
    last = None if done is None else date.fromisoformat(done)

    night = RULES.night(paris(now), done=last)

    assert (night.day, night.at) == (date.fromisoformat(day), paris(at))
