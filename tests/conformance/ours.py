"""Our own adapters held against the suite, on real sockets, each in front of its simulator."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.gateway import BouyguesGateway, read_webhook
from adapters.bouygues.signing import Signing
from adapters.orange.door import OrangeDoor
from adapters.orange.gateway import OrangeGateway, http_session, read_notification
from adapters.orange.messages import Token
from adapters.sfr.client import SfrClient
from adapters.sfr.feed import SfrFeed
from adapters.sfr.gateway import SfrGateway, read_change
from adapters.sfr.oauth import Credentials, Tokens
from domain.operators import Activity, Delivery, Door, NumberActive, NumberInactive, Refused
from domain.port_in_facts import Step
from simulators.answers import GARBAGE
from simulators.main import build
from tests.conformance.host import HostUnderTest
from tests.dialects import Heard, check_dialect
from tests.fakes.ledger import FakeInbox
from tests.fakes.operators import FakeHost, FakeMail, Habit, read
from tests.porting import STORY
from tests.waiting import until_async

USER, SECRET = "raccord", "conformance"
TOKEN = Token(username=USER, password=SECRET)
SIGNING = Signing(account=USER, secret=SECRET)
DOORS: Mapping[str, Door] = {
    "orange": OrangeDoor(token=TOKEN),
    "bouygues": BouyguesDoor(signing=SIGNING),
}
SHORT = aiohttp.ClientTimeout(total=0.5, connect=0.5, sock_connect=0.5, sock_read=0.5)


def wall_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class OurSide:
    """Our side of the wire, reduced to what it hears; a month later than anything is asked."""

    deliveries: list[Delivery] = field(default_factory=list)
    exchanges: list[Heard] = field(default_factory=list)
    """Everything that went over the wire, to be held against the dialect."""

    async def called_back(self, request: web.Request) -> web.Response:
        operator = request.match_info["operator"]
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.deliveries.append(DOORS[operator].receive(body, headers, now=wall_now()))
        self.exchanges.append(Heard(operator=operator, webhook=True, sent=body))
        return web.Response(status=202)

    async def clock(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "wall_origin": wall_now().isoformat(),
                "business_origin": (STORY + timedelta(days=30)).isoformat(),
                "scale": 1,
            }
        )

    @property
    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/callbacks/{operator}", self.called_back)
        app.router.add_get("/clock", self.clock)
        return app

    def listening(self) -> Any:  # noqa: ANN401  aiohttp's own type of a middleware
        """Overhears what the adapters ask and what the simulators answer."""

        @web.middleware
        async def overhear(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            sent = await request.read()
            response = await handler(request)
            operator = request.path.split("/")[1]
            if isinstance(response, web.Response) and operator != "admin":
                answer = response.body if isinstance(response.body, bytes) else b""
                if answer != GARBAGE.encode():
                    self.exchanges.append(
                        Heard(
                            operator=operator,
                            method=request.method,
                            path=request.rel_url.raw_path_qs.removeprefix(f"/{operator}"),
                            sent=sent,
                            status=response.status,
                            answered=answer,
                        )
                    )
            return response

        return overhear


@dataclass
class World:
    """The simulators in front of us, and the hands on them."""

    host: str
    side: OurSide
    session: aiohttp.ClientSession
    them: str

    @property
    def url(self) -> str:
        return f"{self.them}/{self.host}"

    async def misbehave(self, number: str, moves: dict[str, list[str]]) -> None:
        await self.session.post(f"{self.them}/admin/scripts", json={"msisdn": number, **moves})

    async def at_site(self, text: str, moves: dict[str, list[str]]) -> None:
        body = {"site": text, **moves}
        async with self.session.post(f"{self.them}/admin/scripts", json=body) as response:
            assert response.ok, await response.text()

    async def ground(self) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.them}/admin/sites") as response:
            boxes: dict[str, list[dict[str, Any]]] = await response.json()
        return boxes[self.host]

    async def visits(self) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.them}/admin/visits") as response:
            half_days: dict[str, list[dict[str, Any]]] = await response.json()
        return half_days[self.host]

    async def set_host(self, condition: dict[str, Any]) -> None:
        body = {"host": self.host, **condition}
        await self.session.post(f"{self.them}/admin/hosts", json=body)

    async def times(self, key: str) -> int:
        async with self.session.get(f"{self.them}/admin/books") as response:
            books: dict[str, list[dict[str, Any]]] = await response.json()
        return sum(effect["times"] for effect in books[self.host] if effect["key"] == key)

    async def told(self, key: str) -> list[Delivery]:
        async def heard() -> bool:
            return any(key in delivery.body for delivery in self.side.deliveries)

        await until_async(heard, what="a notification")
        return [delivery for delivery in self.side.deliveries if key in delivery.body]


@asynccontextmanager
async def _world(host: str) -> AsyncIterator[World]:
    """What went over the wire is held against the dialect at the end."""
    side = OurSide()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        us = await stack.enter_async_context(TestServer(side.application))
        app = build(session, api=_url(us), username=USER, password=SECRET)
        app.middlewares.append(side.listening())
        them = await stack.enter_async_context(TestServer(app))
        yield World(host=host, side=side, session=session, them=_url(them))
    for exchange in side.exchanges:
        check_dialect(exchange)


def _url(server: BaseTestServer) -> str:
    return str(server.make_url("")).rstrip("/")


@asynccontextmanager
async def orange() -> AsyncIterator[HostUnderTest]:
    async with _world("orange") as world, http_session() as session, http_session(SHORT) as short:
        gateway = OrangeGateway(session=session, url=world.url, token=TOKEN)
        impatient = OrangeGateway(session=short, url=world.url, token=TOKEN)
        yield HostUnderTest(
            name="orange",
            gateway=gateway,
            impatient=impatient,
            access=gateway,
            impatient_access=impatient,
            at_site=world.at_site,
            ground=world.ground,
            visits=world.visits,
            reader=read_notification,
            misbehave=world.misbehave,
            times=world.times,
            told=world.told,
            set_host=world.set_host,
            not_offered=frozenset({"token-expiry"}),
        )


@asynccontextmanager
async def bouygues() -> AsyncIterator[HostUnderTest]:
    async with _world("bouygues") as world, http_session() as session, http_session(SHORT) as short:

        def gateway(session: aiohttp.ClientSession) -> BouyguesGateway:
            return BouyguesGateway(
                session=session, url=world.url, signing=SIGNING, wall_now=wall_now
            )

        patient, impatient = gateway(session), gateway(short)
        yield HostUnderTest(
            name="bouygues",
            gateway=patient,
            impatient=impatient,
            access=patient,
            impatient_access=impatient,
            at_site=world.at_site,
            ground=world.ground,
            visits=world.visits,
            reader=read_webhook,
            misbehave=world.misbehave,
            times=world.times,
            told=world.told,
            set_host=world.set_host,
            not_offered=frozenset({"token-expiry"}),
        )


@dataclass
class Seconds:
    """The seconds an adapter counts, and waits for without waiting."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now

    async def elapse(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Polled:
    """What the feed has given so far."""

    feed: SfrFeed
    side: OurSide
    mark: str = ""

    async def turn(self) -> None:
        page = await self.feed.after(self.mark)
        self.side.deliveries += page.deliveries
        self.mark = page.mark


@asynccontextmanager
async def sfr() -> AsyncIterator[HostUnderTest]:
    async with _world("sfr") as world, http_session() as session, http_session(SHORT) as short:
        seconds = Seconds()

        def client(session: aiohttp.ClientSession) -> SfrClient:
            return SfrClient(
                session=session,
                url=world.url,
                tokens=Tokens(
                    session=session,
                    url=world.url,
                    credentials=Credentials(client_id=USER, client_secret=SECRET),
                    monotonic=seconds.monotonic,
                ),
                monotonic=seconds.monotonic,
                pause=seconds.elapse,
            )

        mine = client(session)
        polled = Polled(SfrFeed(client=mine), world.side)

        async def told(key: str) -> list[Delivery]:
            async def heard() -> bool:
                await polled.turn()
                return any(key in delivery.body for delivery in world.side.deliveries)

            await until_async(heard, what="a change in the feed")
            return [delivery for delivery in world.side.deliveries if key in delivery.body]

        gateway, impatient = SfrGateway(client=mine), SfrGateway(client=client(short))
        yield HostUnderTest(
            name="sfr",
            gateway=gateway,
            impatient=impatient,
            access=gateway,
            impatient_access=impatient,
            at_site=world.at_site,
            ground=world.ground,
            visits=world.visits,
            reader=read_change,
            misbehave=world.misbehave,
            times=world.times,
            told=told,
            set_host=world.set_host,
            elapse=seconds.elapse,
        )


_HABITS = {
    "mute": Habit.MUTE,
    "idle": Habit.IDLE,
    "lose-reply": Habit.LOST_REPLY,
    "timeout": Habit.LOST_REPLY,
    "garbage": Habit.LOST_REPLY,
    "error-500": Habit.DEAF,
}
_STEPS = {
    "prepare": Step.PREPARE_LINE,
    "switch": Step.SWITCH_LINE,
    "give": Step.GIVE_NUMBER,
    "release": Step.RELEASE_LINE,
}
_ACTIVITIES: dict[str, Activity] = {
    "suspended": NumberActive(suspended=True),
    "inactive": NumberInactive(),
}
FAKED = frozenset(
    {"throttling", "maintenance", "token-expiry", "refused-later", "disorder", "duplicates"}
)


def _teach(host: FakeHost, subject: str, words: list[str]) -> None:
    habits = [_HABITS.get(word, word.partition(":")[2]) for word in words]
    if subject == "activity":
        host.activity = [_ACTIVITIES[word] for word in words]
    elif subject == "test":
        host.checks = [Refused(code=word.partition(":")[2]) for word in words]
    elif subject in _STEPS:
        host.habits[_STEPS[subject]] = habits
    else:
        host.change_habits[subject] = habits


@asynccontextmanager
async def fake() -> AsyncIterator[HostUnderTest]:
    async def nobody(*_: object) -> None:
        await asyncio.sleep(0)

    inbox = FakeInbox()
    host = FakeHost(mail=FakeMail(inbox=inbox, tell=nobody))

    async def misbehave(_number: str, moves: dict[str, list[str]]) -> None:
        for subject, words in moves.items():
            _teach(host, subject, words)

    async def times(key: str) -> int:
        return host.books.effects[key]

    async def told(key: str) -> list[Delivery]:
        body = json.dumps(json.loads(await host.look_up(key) or "null"))
        rows = [row for row in inbox.rows.values() if json.dumps(json.loads(row.body)) == body]
        return [
            Delivery(
                source="fake", message_key=r.message_key, correlation=r.correlation, body=r.body
            )
            for r in rows
        ]

    async def nothing_to_set(_condition: dict[str, Any]) -> None:
        await asyncio.sleep(0)

    yield HostUnderTest(
        name="fake",
        gateway=host,
        reader=read,
        misbehave=misbehave,
        times=times,
        told=told,
        set_host=nothing_to_set,
        not_offered=FAKED,
    )
