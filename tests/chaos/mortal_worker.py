"""A worker that is killed (SIGKILL) right after it has appended a fact, before anybody hears of it.

python -m tests.chaos.mortal_worker FOLDER: a file there for each command it has died after, so that
the next worker, which follows at once, gets one command further.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from domain.identity import CommandId, StreamId
from ledger.append import Append, Appended
from ledger.envelope import Envelope
from ledger.ports import Ledger
from runtime.leaving import leave
from runtime.processes.worker import working
from runtime.settings import Settings, load_settings
from runtime.store import Store, open_store
from runtime.wiring import connect_temporal


@dataclass(frozen=True)
class MortalLedger:
    """The real one; the process dies of every new append about an order or a line, once it is
    committed. Not of what every business night records: each death takes as long as a night, and
    the next night would be its next death."""

    ledger: Ledger
    deaths: Path

    async def append(self, append: Append) -> Appended:
        appended = await self.ledger.append(append)
        died = self.deaths / str(append.command.command_id)
        if _is_of_an_order(append) and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return appended

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        return await self.ledger.read(stream_id, after=after)

    async def streams_about(self, value: str) -> tuple[StreamId, ...]:
        return await self.ledger.streams_about(value)

    async def caused_by(self, command_id: CommandId) -> tuple[Envelope, ...]:
        return await self.ledger.caused_by(command_id)


def _is_of_an_order(append: Append) -> bool:
    return any(one.stream_id.startswith(("line/", "order/")) for one in append.streams)


@asynccontextmanager
async def _mortal_store(settings: Settings, deaths: Path) -> AsyncIterator[Store]:
    async with open_store(settings) as store:
        mortal = MortalLedger(ledger=store.ledger, deaths=deaths)
        yield replace(store, ledger=mortal)  # type: ignore[arg-type]  # the same port


async def main(deaths: Path) -> None:
    settings = load_settings(os.environ)
    client = await connect_temporal(settings, lazy=False)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with (
        _mortal_store(settings, deaths) as store,
        working(client, store, settings),
    ):
        await stop.wait()


@dataclass
class Nursery:
    """Imports are done once, here: whoever dies is replaced by a copy of this process, at once."""

    deaths: Path
    worker: int = 0
    stopping: bool = False

    def keep(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        while not self.stopping:
            self.worker = os.fork()
            if self.worker == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                asyncio.run(main(self.deaths))
                leave(0)
            if self.stopping:
                os.kill(self.worker, signal.SIGTERM)
            os.waitpid(self.worker, 0)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.worker:
            os.kill(self.worker, signal.SIGTERM)


if __name__ == "__main__":
    Nursery(Path(sys.argv[1])).keep()
