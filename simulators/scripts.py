"""How operators behave with a number: well, unless a script says otherwise, step by step."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

GOOD = "good"


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

    def learn(self, body: dict[str, Any]) -> None:
        """`{"msisdn": "06…", "prepare": ["lose-reply"], "donor": ["R123", "accept"]}`."""
        number = str(body["msisdn"])
        moves = {name: [str(m) for m in m_] for name, m_ in body.items() if name != "msisdn"}
        self.by_number[number] = Script(moves=moves)

    def of(self, number: str) -> Script:
        return self.by_number[number]
