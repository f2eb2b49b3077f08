"""The same seed tells the same story, whatever else is asked in between."""

import json
from pathlib import Path

import pytest

from simulators.scenarios import Scenario, ScenarioError, read_scenario, scenario_of
from simulators.scripts import Scripts

STORY = {
    "seed": "winter",
    "numbers": {"0612345678": {"prepare": ["lose-reply"]}},
    "chances": {"sfr.prepare": {"lose-reply": 0.3, "busy:2": 0.3}},
}
NUMBERS = [f"06123456{place:02d}" for place in range(60)]


def _told(scenario: Scenario, numbers: list[str]) -> dict[str, list[str]]:
    scripts = Scripts()
    scripts.play(scenario)
    told: dict[str, list[str]] = {}
    for _ in range(3):
        for number in numbers:
            told.setdefault(number, []).append(scripts.move("sfr", "prepare", number))
    return told


def test_the_order_of_requests_changes_nothing() -> None:
    scenario = scenario_of(STORY)

    assert _told(scenario, NUMBERS) == _told(scenario, NUMBERS[::-1])
    assert _told(scenario, NUMBERS[:3]).items() <= _told(scenario, NUMBERS).items()


def test_another_seed_tells_another_story() -> None:
    assert _told(scenario_of(STORY), NUMBERS) != _told(
        scenario_of({**STORY, "seed": "summer"}), NUMBERS
    )


def test_moves_come_about_as_often_as_their_chance() -> None:
    moves = [move for told in _told(scenario_of(STORY), NUMBERS).values() for move in told]

    assert set(moves) == {"good", "lose-reply", "busy:2"}
    assert 0.2 < moves.count("lose-reply") / len(moves) < 0.4


def test_only_the_step_that_is_named_is_drawn_and_scripts_come_first() -> None:
    scripts = Scripts()
    scripts.play(scenario_of(STORY))

    assert scripts.move("sfr", "prepare", "0612345678") == "lose-reply"
    assert {scripts.move("orange", "prepare", number) for number in NUMBERS} == {"good"}
    assert scripts.of("0698765432").next("donor") == "good"


def test_a_story_is_read_from_yaml_or_json(tmp_path: Path) -> None:
    for name, text in (
        ("story.json", json.dumps(STORY)),
        ("story.yaml", "seed: winter\nnumbers: {'0612345678': {prepare: [lose-reply]}}\n"),
    ):
        (tmp_path / name).write_text(text)
        assert read_scenario(tmp_path / name).numbers["0612345678"] == {"prepare": ["lose-reply"]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([], "an object of seed"),
        ({"sed": 1}, "an object of seed"),
        ({"numbers": []}, "numbers is an object"),
        ({"chances": {"sfr.prepare": 3}}, "chances is an object"),
        ({"chances": {"prepare": {}}}, "write host.step"),
        ({"chances": {"sfr.prepare": {"idle": "often"}}}, "a number between"),
        ({"chances": {"sfr.prepare": {"idle": 0.7, "mute": 0.7}}}, "so is their sum"),
        ({"chances": {"sfr.prepare": {"idle": -1}}}, "so is their sum"),
    ],
)
def test_a_story_that_cannot_be_played_says_what_to_write(content: object, why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        scenario_of(content)


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text("a: [")

    with pytest.raises(ScenarioError, match=r"story\.yaml"):
        read_scenario(tmp_path / "story.yaml")
    with pytest.raises(ScenarioError, match="nowhere"):
        read_scenario(tmp_path / "nowhere")
