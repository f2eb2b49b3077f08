"""An exchange's loop that is killed (SIGKILL) right after each step, one step further each time.

python -m tests.chaos.mortal_session FOLDER NOW: ends when a whole session has got through.

One process imports everything and forks the ones that die: what is tried is the loop, not Python.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from runtime.exchange_turns import ExchangeOffice
from runtime.exchange_wiring import exchange_office
from runtime.settings import Settings, load_settings
from runtime.store import Store, open_store
from tests.exchange_house import GPM
from tests.porting import RULES

TURNS = 4
ATTEMPTS_MAX = 400
TIMES = 2
"""How often it dies of the same step in one run: the first time, and once others went well."""


@dataclass
class Mortal:
    """Does what the real one does; the process dies of each step it has not died of before."""

    real: Any
    name: str
    deaths: Path
    steps: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401  whatever the real one has
        found = getattr(self.real, method)
        return self._step(method, found) if asyncio.iscoroutinefunction(found) else found

    def _step(
        self, method: str, do: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def step(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            answer = await do(*args, **named)
            self.steps[method] += 1
            died = self.deaths / f"{self.name}-{method}-{self.steps[method]}"
            if self.steps[method] <= TIMES and not died.exists():
                died.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return step


@dataclass(kw_only=True)
class MortalOffice(ExchangeOffice):
    deaths: Path

    async def _reached(self) -> Any:  # noqa: ANN401  a mailbox, for all it shows
        fresh = self._mailbox is None
        mailbox = await super()._reached()
        if fresh:
            self._mailbox = Mortal(mailbox, "mailbox", self.deaths)  # type: ignore[assignment]  # it does what one does
        return self._mailbox


def _mortal(store: Store, deaths: Path) -> Store:
    parts = ("outgoing", "incoming", "inbox", "tray")
    mortal: dict[str, Any] = {name: Mortal(getattr(store, name), name, deaths) for name in parts}
    return replace(store, **mortal)


async def _attempt(settings: Settings, deaths: Path, now: datetime) -> None:
    async with open_store(settings) as store:
        office = exchange_office(GPM, _mortal(store, deaths), settings, RULES)
        mortal = MortalOffice(**{**vars(office), "wall_now": lambda: now, "deaths": deaths})
        for _ in range(TURNS):
            await mortal.turn()
        await mortal.close()


def main(deaths: Path, now: datetime) -> int:
    settings = load_settings(os.environ)
    for _ in range(ATTEMPTS_MAX):
        child = os.fork()
        if child == 0:
            asyncio.run(_attempt(settings, deaths, now))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
