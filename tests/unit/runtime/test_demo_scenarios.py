"""The demo's stories do not get in each other's way."""

from collections import Counter

from runtime.demo_accesses import ACCESSES
from runtime.demo_fleet import MOVES, number_of
from runtime.demo_returns import ALL_SCENARIOS


def test_only_the_story_of_a_double_uses_a_number_of_another() -> None:
    numbers = Counter(scenario.number for scenario in ALL_SCENARIOS)
    fleet = {number_of(place) for place in range(1, 61)}

    lines = [scenario for scenario in ALL_SCENARIOS if scenario.number]
    twice = [scenario.name for scenario in lines if numbers[scenario.number] > 1]

    assert twice == ["a card, nothing in the way", "the same number ordered twice"]
    assert not fleet & numbers.keys()


def test_every_access_lies_in_a_street_of_its_own() -> None:
    streets = Counter(scenario.site["address"] for scenario in ACCESSES)

    assert set(streets.values()) == {1}
    assert all(scenario.misbehaviour["site"] in scenario.site["address"] for scenario in ACCESSES)


def test_a_story_is_known_by_its_name() -> None:
    names = Counter(scenario.name for scenario in ALL_SCENARIOS)

    assert [name for name, count in names.items() if count > 1] == []


def test_a_move_waits_for_the_end_of_the_one_before_about_the_same_lines() -> None:
    cancelled, agreed = (move for move in MOVES if move.on == "fleet")

    assert (cancelled.is_due(25), cancelled.is_due(24)) == (True, False)
    assert (agreed.is_due(25), agreed.is_due(23)) == (False, True)
