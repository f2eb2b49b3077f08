"""How operators behave with a number: well, unless a script or a scenario says otherwise."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.scenarios import GOOD, Scenario, checked


@dataclass
class Script:
    """For each subject, what to do the next times; then well again."""

    moves: dict[str, list[str]] = field(default_factory=dict)

    def next(self, subject: str) -> str:
        waiting = self.moves.get(subject)
        return waiting.pop(0) if waiting else GOOD


@dataclass(frozen=True)
class Pin:
    """What is so at every site that bears a text, for one operator: words of `geography`."""

    text: str
    words: tuple[str, ...]


@dataclass
class Scripts:
    by_number: dict[str, Script] = field(default_factory=lambda: defaultdict(Script))
    sites: dict[str, Script] = field(default_factory=dict)
    scenario: Scenario = field(default_factory=Scenario)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def learn(self, body: dict[str, Any]) -> None:
        """`{"msisdn": "06…", "prepare": ["lose-reply"], "donor": ["R123", "accept"]}`, or of sites:
        `{"site": "12 rue", "is": ["only:vdsl"], "sfr": ["not-yet"], "check": ["lose-reply"]}`."""
        if "site" in body:
            self._learn_of_sites(str(body["site"]), body)
            return
        number = str(body["msisdn"])
        moves = {name: [str(m) for m in m_] for name, m_ in body.items() if name != "msisdn"}
        self.by_number[number] = Script(moves=moves)

    def play(self, scenario: Scenario) -> None:
        """From here on, by that story: what was counted and scripted before is forgotten."""
        self.scenario = scenario
        self.asked.clear()
        self.by_number.clear()
        self.sites.clear()
        for text, words in scenario.sites.items():
            self.learn({"site": text, **words})
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

    # sites, by a text they bear

    def _learn_of_sites(self, text: str, body: dict[str, Any]) -> None:
        """What is learnt of other steps stays."""
        moves = {name: [str(m) for m in m_] for name, m_ in body.items() if name != "site"}
        self.sites.setdefault(text, Script()).moves.update(checked(moves))

    def pins(self, host: str, bears: Callable[[str], bool]) -> list[Pin]:
        """The longest text first; what is for one operator before what is for all."""
        return [
            Pin(text, tuple(words))
            for text in self._texts(bears)
            if (
                words := [
                    *self.sites[text].moves.get(host, ()),
                    *self.sites[text].moves.get("is", ()),
                ]
            )
        ]

    def move_at(self, host: str, subject: str, bears: Callable[[str], bool], *, line: str) -> str:
        """Likewise to `move`, of a site."""
        self.asked[host, subject, line] += 1
        for text in self._texts(bears):
            scripted = self.sites[text].next(subject)
            if scripted != GOOD:
                return scripted
        return self.scenario.drawn(host, subject, line, time=self.asked[host, subject, line])

    def _texts(self, bears: Callable[[str], bool]) -> list[str]:
        return sorted(filter(bears, self.sites), key=len, reverse=True)
