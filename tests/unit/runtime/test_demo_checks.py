"""What the demo's closing table finds that is not as a story says."""

from dataclasses import replace
from typing import Any

from runtime.demo_checks import differences, out_of_turn, served_on
from runtime.demo_stories import Beside, Expected, Scenario

STARTED = "2027-02-04T12:00:00+01:00"
STORY = Scenario(
    name="a site",
    provider="technicophone",
    site={"address": "1 rue des Saules"},
    expected=Expected(outcome="delivered", because="a test"),
)


def _line(number: int = 1, **more: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    return {
        "number": number,
        "outcome": "delivered",
        "plan": None,
        "service_started_at": STARTED,
        "timeline": [],
        "access": {"fees": [], "works": None, "equipment": []},
        **more,
    }


def _found(scenario: Scenario, *lines: dict[str, Any]) -> list[str]:
    ended = {"stage": "closed", "outcome": "completed", "lines": list(lines)}
    return list(differences(scenario, ended, 0))


def _expecting(**more: Any) -> Scenario:  # noqa: ANN401  any figure
    return replace(STORY, expected=replace(STORY.expected, **more))


def test_a_day_of_service_is_kept_within_two_days_and_not_before() -> None:
    def served(at: str | None) -> str | None:
        return served_on("2027-01-25", {"service_started_at": at})

    assert served("2027-01-25T10:30:00+01:00") == "2027-01-25"
    assert served("2027-01-27T23:00:00Z") == "2027-01-27T23:00:00Z"
    assert served("2027-01-24T22:59:00Z") == "2027-01-24T22:59:00Z"
    assert served(None) is None


def test_a_story_that_ends_as_it_says_has_no_differences() -> None:
    assert _found(STORY, _line()) == []
    assert _found(STORY, _line(outcome="refused")) == ["outcome: refused, not delivered"]


def test_a_line_that_stands_in_for_another_is_none_of_those_that_were_ordered() -> None:
    assert _found(STORY, _line(), _line(2, outcome="given")) == []


def test_lines_are_put_into_service_in_the_order_the_story_says() -> None:
    first, second = _line(1, service_started_at="2027-02-04T13:00:00+01:00"), _line(2)
    never = _line(1, service_started_at=None)

    assert out_of_turn((2, 1), [first, second]) == []
    assert out_of_turn((1, 2), [first, second]) == [
        (
            "line 2 in service at 2027-02-04T12:00:00+01:00, not after line 1 at "
            "2027-02-04T13:00:00+01:00"
        )
    ]
    assert out_of_turn((2, 1), [_line(1), _line(2)]) != []
    assert out_of_turn((2, 1), [never, second]) != []
    assert out_of_turn((), [first, second]) == []


def test_what_is_billed_before_service_names_its_day_and_its_clause() -> None:
    story = _expecting(billed_early=("2027-02-01", "002:2392-2396"))
    billing = {"billed_from": "2027-02-01", "clause": "002:2392-2396", "before_service": True}
    early, later = (
        _line(access={"works": {"billing": {**billing, "before_service": before}}})
        for before in (True, False)
    )

    assert _found(story, early) == []
    assert _found(story, later) == [
        "billed before service: None, not ('2027-02-01', '002:2392-2396')"
    ]
    assert _found(story, _line()) == _found(story, later)


def test_equipment_is_where_the_story_leaves_it_and_billed_from_the_day_it_says() -> None:
    story = _expecting(pieces=(("router", "installed", "2027-01-14"), ("fibre-box", "lost", None)))
    pieces = [
        {"name": "router", "state": "installed", "billed_from": "2027-01-14", "serial": "RTR-1"},
        {"name": "fibre-box", "state": "lost", "billed_from": None, "serial": None},
    ]

    assert _found(story, _line(access={"equipment": pieces})) == []
    assert _found(story, _line(access={"equipment": pieces[:1]})) != []
    assert _found(_expecting(pieces=()), _line()) == []


def test_another_site_of_the_order_is_held_to_its_own_day() -> None:
    beside = Beside(site={}, misbehaviour={}, outcome="delivered", served_on="2027-02-04")
    story = replace(STORY, beside=(beside,))
    late = _line(2, service_started_at="2027-02-09T09:00:00+01:00")

    assert _found(story, _line(), _line(2)) == []
    assert _found(story, _line(), late) == [
        "line 2: in service on 2027-02-09T09:00:00+01:00, not 2027-02-04"
    ]
