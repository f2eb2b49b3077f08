import asyncio
from datetime import timedelta

import pytest

from domain.clock import Technical
from ledger.availability import LedgerUnavailableError
from runtime.processes.loop import keep_turning

NOW = Technical(timedelta(0))


async def test_a_loop_survives_what_it_was_told_to_and_stops_when_asked() -> None:
    stop = asyncio.Event()
    turns: list[int] = []

    async def turn() -> int:
        turns.append(1)
        if len(turns) == 1:
            raise LedgerUnavailableError("the database is stopping or starting")
        if len(turns) == 4:
            stop.set()
        return 1

    await keep_turning(turn, name="test", stop=stop, idle=NOW, survives=(LedgerUnavailableError,))

    assert len(turns) == 4


async def test_what_it_was_not_told_to_survive_ends_it() -> None:
    async def turn() -> int:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await keep_turning(turn, name="test", stop=asyncio.Event(), idle=NOW, survives=())
