"""A session killed after each of its steps: no ticket is sent twice, none is lost."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.port_in_facts import Step
from runtime.keys import new_key
from runtime.settings import load_settings
from runtime.store import open_store
from tests.conftest import Database
from tests.e2e.conftest import clean_environment
from tests.exchange_house import (
    SESSION,
    House,
    accepts,
    file,
    line_of,
    number_of,
    opened_house,
    tickets_in,
)

ASKED = ("one", "two", "three")
COMMITTED = "four"


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    environment = clean_environment(
        DATABASE_URL=database.url, RACCORD_MASTER_KEY=new_key(), RACCORD_SEAL_KEY=new_key()
    )
    settings = load_settings({k: v for k, v in environment.items() if _is_ours(k)})
    async with open_store(settings) as store, opened_house(store, tmp_path) as house:
        exchange = {
            "RACCORD_EXCHANGE_URL": house.settings.exchange_url,
            "RACCORD_EXCHANGE_PASSWORD": "exchange",
            "RACCORD_EXCHANGE_HOST_KEY": house.settings.exchange_host_key,
            "RACCORD_EXCHANGE_CODES": "01",
        }
        house.environment = {**environment, **{k: str(v) for k, v in exchange.items()}}
        yield house


def _is_ours(name: str) -> bool:
    return name.startswith(("RACCORD_", "DATABASE_"))


async def _carry_away(house: House, done: asyncio.Event) -> None:
    """As the exchange does: whatever bears its own name is gone at once, and is acknowledged."""
    while not done.is_set():
        for name in house.carried():
            if not name.endswith((".ACR", ".ERR")):
                house.acknowledge(name)
        await asyncio.sleep(0.002)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_session_killed_after_each_step_sends_every_ticket_once(
    house: House, tmp_path: Path
) -> None:
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    for name in ASKED:
        await house.ask(name)
    await house.ask(COMMITTED, Step.COMMIT_PORT)
    house.drop(*file(accepts("one"), accepts("two"), accepts("one")))
    house.drop(*file(accepts("three"), sequence=2, at="20270111102500"))
    done = asyncio.Event()
    carrying = asyncio.create_task(_carry_away(house, done))

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.mortal_session",
        str(deaths),
        SESSION.isoformat(),
        env=house.environment,
    )
    assert await process.wait() == 0
    done.set()
    await carrying

    steps = {died.name.rpartition("-")[0] for died in deaths.iterdir()}
    assert steps >= STEPS
    assert _sent_once(house) == {
        **{("1120", "02", number_of(name)): 1 for name in ASKED},
        **{("1410", to, number_of(COMMITTED)): 1 for to in ("02", "03", "04")},
    }
    assert await house.heard() == sorted(("1210", str(line_of(name))) for name in ASKED)
    assert {f.answer for f in await house.store.outgoing.sent(limit=9)} == {"E000"}
    assert {f.verdict for f in await house.store.incoming.received(limit=9)} == {"E000"}
    assert (house.waiting(), await house.codes()) == ([], [])


STEPS = {
    "outgoing-waiting",
    "outgoing-make",
    "outgoing-to_deposit",
    "outgoing-content",
    "mailbox-upload",
    "outgoing-uploaded",
    "mailbox-is_there",
    "mailbox-rename",
    "outgoing-deposited",
    "mailbox-waiting",
    "mailbox-read",
    "outgoing-answered",
    "incoming-receive",
    "incoming-last_sequence",
    "tray-owners",
    "inbox-receive",
    "incoming-judge",
    "incoming-answer_deposited",
    "mailbox-remove",
}
"""Of a session, each of which the loop has died after."""


def _sent_once(house: House) -> Counter[tuple[str, str, str]]:
    """Every ticket of every file that was carried away, however often it was."""
    sent: Counter[tuple[str, str, str]] = Counter()
    for name, content in house.taken:
        if not name.endswith((".ACR", ".ERR")):
            for line in tickets_in(content.decode()):
                sent[line.code.value, name.split(".")[2], line.msisdn] += 1
    return sent
