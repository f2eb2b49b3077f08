"""What carries files between members, and gives everybody else's to the population."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simulators.pnm.mailboxes import Account, Mailboxes
from simulators.pnm.population import Population
from simulators.pnm.wire import name_in

LOOK_SECONDS = 0.05


@dataclass
class Hub:
    mailboxes: Mailboxes
    population: Population

    async def run(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Everything that was put down, once."""
        for account, group, path in self.mailboxes.put_down():
            self._carry(account, group, path)

    def _carry(self, account: Account, group: str, path: Path) -> None:
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            path.unlink()
            name = name_in(path.name)
            if name is None:
                self.population.odd.append(path.name)
                return
            to = name.emitter if name.suffix else name.recipient
            member = self.mailboxes.holder_of(to, besides=account.name)
            if member is not None:
                self.mailboxes.deliver(member, group, path.name, content)
            elif name.suffix:
                self.population.hear_answer(name, content)
            else:
                self.population.take(account, group, name, content)
