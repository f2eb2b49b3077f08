"""Our exchange on a real SFTP server in front of its simulated population, and the fake."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from adapters.pnm.mailbox import ExchangeSilentError
from adapters.pnm.mapping import read_kept, ticket_of
from domain.identity import LineId
from domain.operators import Delivery, Ticket
from runtime.store import Store
from simulators.pnm.hub import Hub
from simulators.pnm.population import Population
from simulators.scripts import Scripts
from tests.conformance.exchange import ExchangeUnderTest
from tests.exchange_house import SESSION, House, opened_house
from tests.fakes.ledger import FakeInbox
from tests.fakes.operators import FakeExchange, FakeMail, read
from tests.waiting import until_async

SESSIONS = (timedelta(0), timedelta(hours=4), timedelta(hours=9), timedelta(hours=24))
LOOKS = 12
"""Turns of the loop for each session: files go there, answers come back."""


@dataclass
class AtOnce:
    """A clock by which everything is due."""

    async def wait_for(self, business: datetime) -> timedelta:
        del business
        return timedelta(0)


@dataclass
class PnmHands:
    house: House
    hub: Hub
    instants: Iterator[timedelta] = field(default_factory=lambda: iter(SESSIONS))
    kept: dict[str, Delivery] = field(default_factory=dict)

    async def misbehave(self, number: str, moves: dict[str, list[str]]) -> None:
        self.hub.population.scripts.learn({"msisdn": number, **moves})

    async def sessions(self) -> None:
        self.house.now = SESSION + next(self.instants)
        for _ in range(LOOKS):
            with suppress(ExchangeSilentError):
                await self.house.turn()
            self.hub.look()
            await until_async(self._quiet, what="the population has said what it says at once")
        await self._keep()

    async def _quiet(self) -> bool:
        return not self.hub.population.tasks

    async def _keep(self) -> None:
        for row in await self.house.store.inbox.lease(limit=500):
            body = (await self.house.store.inbox.read(row.number)).body
            self.kept[row.message_key] = Delivery(
                source=row.source,
                message_key=row.message_key,
                correlation=row.correlation,
                body=body,
            )

    async def times(self, asked: Ticket) -> int:
        made = ticket_of(asked)
        start = f"{made.code}/{made.transfer_id}/"
        tickets = self.hub.population.tickets
        return sum(times for key, times in tickets.items() if key.startswith(start))

    async def told(self, line_id: LineId) -> list[Delivery]:
        return [one for one in self.kept.values() if one.correlation == str(line_id)]

    async def cut(self) -> None:
        await self._reach(1)

    async def mend(self) -> None:
        await self._reach(int(str(self.house.settings.exchange_url).rpartition(":")[2]))

    async def _reach(self, port: int) -> None:
        await self.house.office.close()
        account = replace(self.house.office.account, port=port)
        self.house.office = replace(self.house.office, account=account)


@asynccontextmanager
async def pnm(store: Store, folder: Path) -> AsyncIterator[ExchangeUnderTest]:
    async with opened_house(store, folder) as house:
        population = Population(
            clock=AtOnce(),  # type: ignore[arg-type]  # all that is asked of one
            scripts=Scripts(),
            mailboxes=house.mailboxes,
            state=folder / "sequences.json",
        )
        hands = PnmHands(house, Hub(mailboxes=house.mailboxes, population=population))
        yield ExchangeUnderTest(
            name="pnm",
            exchange=house.exchange,
            reader=read_kept,
            misbehave=hands.misbehave,
            sessions=hands.sessions,
            times=hands.times,
            told=hands.told,
            cut=hands.cut,
            mend=hands.mend,
        )


@asynccontextmanager
async def fake(_store: Store, _folder: Path) -> AsyncIterator[ExchangeUnderTest]:
    inbox = FakeInbox()

    async def nobody(*_: object) -> None:
        await asyncio.sleep(0)

    exchange = FakeExchange(mail=FakeMail(inbox=inbox, tell=nobody))

    async def misbehave(_number: str, moves: dict[str, list[str]]) -> None:
        exchange.donors += [move.partition(":")[0] for move in moves.get("donor", [])]

    async def times(asked: Ticket) -> int:
        return exchange.books.effects[asked.key]

    async def told(line_id: LineId) -> list[Delivery]:
        return [
            Delivery(
                source=row.source,
                message_key=row.message_key,
                correlation=row.correlation,
                body=row.body,
            )
            for row in inbox.rows.values()
            if row.correlation == str(line_id)
        ]

    yield ExchangeUnderTest(
        name="fake exchange",
        exchange=exchange,
        reader=read,
        misbehave=misbehave,
        sessions=_at_once,
        times=times,
        told=told,
        cut=_at_once,
        mend=_at_once,
        not_offered=frozenset(
            {"exchange-cut", "exchange-careless", "exchange-doubles", "exchange-stranger"}
        ),
    )


async def _at_once() -> None:
    await asyncio.sleep(0)
