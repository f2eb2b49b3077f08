"""Stories that tell themselves the same way again: chances drawn from a seed, scripts by number.

    seed: winter
    numbers:
      "0612345678": {prepare: [lose-reply], donor: [R123, accept]}
    sites:
      "rue des Lilas": {is: ["saturated:deferred"], sfr: [not-deployed], check: [lose-reply]}
    chances:
      sfr.prepare: {lose-reply: 0.1, "busy:2": 0.05}
      orange.site: {"not-deployed:ftth": 0.2}

What is drawn depends on the seed, the host, the step, the number and how many times it was asked:
never on what else happened in between.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simulators.site_words import HOSTS, is_word

GOOD = "good"
_FINE = 10**6
_PARTS = {"seed", "numbers", "sites", "chances"}


class ScenarioError(ValueError):
    """It cannot be played as it is written; the message says what to write instead."""


@dataclass(frozen=True)
class Scenario:
    seed: str = ""
    numbers: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    chances: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    sites: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    """By a text that their address, their name or their commune contains."""

    def drawn(self, host: str, step: str, number: str, *, time: int) -> str:
        chances = self.chances.get(f"{host}.{step}")
        if not chances:
            return GOOD
        content = "\n".join((self.seed, host, step, number, str(time)))
        digest = hashlib.sha256(content.encode()).digest()
        point = int.from_bytes(digest[:8], "big") % _FINE / _FINE
        for move, chance in chances.items():
            if point < chance:
                return move
            point -= chance
        return GOOD


def scenario_of(content: Any) -> Scenario:  # noqa: ANN401  any JSON
    if not isinstance(content, dict) or not set(content) <= _PARTS:
        raise ScenarioError("a scenario is an object of seed, numbers, sites and chances")
    return Scenario(
        seed=str(content.get("seed", "")),
        numbers=_scripts(content, "numbers"),
        sites={who: checked(script) for who, script in _scripts(content, "sites").items()},
        chances={
            str(step): _chances(str(step), moves)
            for step, moves in _object(content, "chances").items()
        },
    )


def read_scenario(path: Path) -> Scenario:
    """JSON is YAML too."""
    try:
        return scenario_of(yaml.safe_load(path.read_text()))
    except (OSError, yaml.YAMLError) as exc:
        raise ScenarioError(f"{path} cannot be read: {type(exc).__name__}") from exc


def checked(script: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is said of sites, in words that there are."""
    for word in (word for host in HOSTS & set(script) for word in script[host]):
        if not is_word(word):
            raise ScenarioError(f"{word} is no word of a site: see simulators/site_words.py")
    return script


def _scripts(content: dict[str, Any], name: str) -> dict[str, dict[str, list[str]]]:
    return {
        str(who): {str(step): [str(move) for move in moves] for step, moves in script.items()}
        for who, script in _object(content, name).items()
    }


def _object(content: dict[str, Any], name: str) -> dict[Any, dict[Any, Any]]:
    found = content.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ScenarioError(f"{name} is an object of objects")
    return found


def _chances(step: str, moves: dict[Any, Any]) -> dict[str, float]:
    if "." not in step:
        raise ScenarioError(f"{step}: write host.step, sfr.prepare for one")
    try:
        chances = {str(move): float(chance) for move, chance in moves.items()}
    except (TypeError, ValueError) as exc:
        raise ScenarioError(f"{step}: a chance is a number between 0 and 1") from exc
    if any(not 0 <= chance <= 1 for chance in chances.values()) or sum(chances.values()) > 1:
        raise ScenarioError(f"{step}: chances are between 0 and 1, and so is their sum")
    return chances
