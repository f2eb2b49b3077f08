"""What really happened: every effect, by its key, so that a test can count them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Books:
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    requests: int = 0

    def known(self, key: str) -> dict[str, Any] | None:
        return self.effects.get(key)

    def enter(self, key: str, effect: dict[str, Any]) -> None:
        """The same key twice is counted twice: that is what a test looks for."""
        self.counted[key] = self.counted.get(key, 0) + 1
        self.effects[key] = effect

    def shown(self) -> list[dict[str, Any]]:
        return [
            {**effect, "key": key, "times": self.counted[key]}
            for key, effect in self.effects.items()
        ]
