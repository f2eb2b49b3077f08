"""How operators behave with a number: well, unless a script or a scenario says otherwise."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from simulators.scenarios import GOOD, Scenario


@dataclass
class Script:
    """For each subject, what to do the next times; then well again."""

    moves: dict[str, list[str]] = field(default_factory=dict)

    def next(self, subject: str) -> str:
        waiting = self.moves.get(subject)
        return waiting.pop(0) if waiting else GOOD


@dataclass
class Scripts:
    by_number: dict[str, Script] = field(default_factory=lambda: defaultdict(Script))
    scenario: Scenario = field(default_factory=Scenario)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def learn(self, body: dict[str, Any]) -> None:
        """`{"msisdn": "06…", "prepare": ["lose-reply"], "donor": ["R123", "accept"]}`."""
        number = str(body["msisdn"])
        moves = {name: [str(m) for m in m_] for name, m_ in body.items() if name != "msisdn"}
        self.by_number[number] = Script(moves=moves)

    def play(self, scenario: Scenario) -> None:
        """From here on, by that story: what was counted and scripted before is forgotten."""
        self.scenario = scenario
        self.asked.clear()
        self.by_number.clear()
        for number, moves in scenario.numbers.items():
            self.learn({"msisdn": number, **moves})

    def of(self, number: str) -> Script:
        return self.by_number[number]

    def move(self, host: str, subject: str, number: str, *, line: str = "") -> str:
        """What is scripted for the number comes first; a line without one goes by its own name."""
        who = number or line
        self.asked[host, subject, who] += 1
        scripted = self.of(number).next(subject)
        if scripted != GOOD:
            return scripted
        return self.scenario.drawn(host, subject, who, time=self.asked[host, subject, who])
