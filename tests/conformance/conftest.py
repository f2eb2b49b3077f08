"""What is held against the suite: Orange's adapter on a real socket, and the fake."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.orange.door import OrangeDoor
from adapters.orange.gateway import OrangeGateway, http_session, read_notification
from adapters.orange.messages import Token
from domain.operators import Activity, NumberActive, NumberInactive, Refused
from domain.port_in_facts import Step
from runtime.ports import PortWish, choose_ports
from simulators.main import build
from tests.conformance.host import HostUnderTest
from tests.fakes.ledger import FakeInbox
from tests.fakes.operators import FakeHost, FakeMail, Habit, read
from tests.porting import STORY
from tests.waiting import until_async

TOKEN = Token(username="raccord", password="conformance")


@dataclass
class Callbacks:
    """Our side of the wire, reduced to what it hears; a month later than anything is asked."""

    door: OrangeDoor
    heard: list[str] = field(default_factory=list)
    refuse: int = 0

    async def orange(self, request: web.Request) -> web.Response:
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503)
        self.heard.append(self.door.receive(await request.read()).body)
        return web.Response(status=202)

    async def clock(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "wall_origin": datetime.now(UTC).isoformat(),
                "business_origin": (STORY + timedelta(days=30)).isoformat(),
                "scale": 1,
            }
        )


async def _served(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


@pytest.fixture
async def orange() -> AsyncIterator[HostUnderTest]:
    wishes = tuple(PortWish(name=n, setting=n, configured=None) for n in ("us", "them"))
    ports = choose_ports(wishes, {})
    callbacks = Callbacks(OrangeDoor(token=TOKEN))
    ours = web.Application()
    ours.router.add_post("/callbacks/orange", callbacks.orange)
    ours.router.add_get("/clock", callbacks.clock)
    us = f"http://127.0.0.1:{ports['us']}"
    them = f"http://127.0.0.1:{ports['them']}"
    async with aiohttp.ClientSession() as session, http_session() as gateway_session:
        simulator = build(session, api=us, username=TOKEN.username, password=TOKEN.password)
        runners = [await _served(ours, ports["us"]), await _served(simulator, ports["them"])]

        async def misbehave(number: str, moves: dict[str, list[str]]) -> None:
            await session.post(f"{them}/admin/scripts", json={"msisdn": number, **moves})

        async def times(key: str) -> int:
            async with session.get(f"{them}/admin/books") as response:
                books: dict[str, list[dict[str, Any]]] = await response.json()
            return sum(effect["times"] for effect in books["orange"] if effect["key"] == key)

        async def told(key: str) -> list[str]:
            async def heard() -> bool:
                return any(key in body for body in callbacks.heard)

            await until_async(heard, what="a notification")
            return [body for body in callbacks.heard if key in body]

        yield HostUnderTest(
            name="orange",
            gateway=OrangeGateway(session=gateway_session, url=f"{them}/orange", token=TOKEN),
            reader=read_notification,
            misbehave=misbehave,
            times=times,
            told=told,
        )
        for runner in runners:
            await runner.cleanup()


_HABITS = {"mute": Habit.MUTE, "idle": Habit.IDLE, "lose-reply": Habit.LOST_REPLY}
_STEPS = {"prepare": Step.PREPARE_LINE, "switch": Step.SWITCH_LINE}
_ACTIVITIES: dict[str, Activity] = {
    "suspended": NumberActive(suspended=True),
    "inactive": NumberInactive(),
}


@pytest.fixture
def fake() -> HostUnderTest:
    async def nobody(*_: object) -> None:
        await asyncio.sleep(0)

    inbox = FakeInbox()
    host = FakeHost(mail=FakeMail(inbox=inbox, tell=nobody))

    async def misbehave(_number: str, moves: dict[str, list[str]]) -> None:
        for subject, words in moves.items():
            if subject == "activity":
                host.activity = [_ACTIVITIES[word] for word in words]
            elif subject == "test":
                host.checks = [Refused(code=word.partition(":")[2]) for word in words]
            else:
                host.habits[_STEPS[subject]] = [
                    _HABITS.get(word, word.partition(":")[2]) for word in words
                ]

    async def times(key: str) -> int:
        return host.books.effects[key]

    async def told(_key: str) -> list[str]:
        return [row.body for row in inbox.rows.values()]

    return HostUnderTest(
        name="fake", gateway=host, reader=read, misbehave=misbehave, times=times, told=told
    )


@pytest.fixture(params=["orange", "fake"])
def host(request: pytest.FixtureRequest) -> HostUnderTest:
    found: HostUnderTest = request.getfixturevalue(request.param)
    return found
