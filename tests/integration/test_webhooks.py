"""Events out, to a receiver on a real socket: down, slow, wrong, then back; in order."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from aiohttp import web

from adapters.webhooks.sender import (
    PrivateAddressError,
    PublicResolver,
    Silent,
    WebhookSender,
    webhook_session,
)
from domain.clients import Role
from domain.identity import SubscriptionId
from domain.subscriptions import LONGEST_DELAY, DueDelivery, delay_after
from runtime.courier import Courier
from runtime.processes.projector import build_publisher
from tests.clusters import free_port
from tests.integration.conftest import ORDER, SETTINGS, Client
from tests.waiting import until_async

AT_ONCE = timedelta(0)


@dataclass
class Receiver:
    """A subscriber's end: takes, refuses, or lets us wait, as it is told."""

    url: str
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    attempts: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.attempts += 1
        await self.gate.wait()
        body = await request.text()
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            self.got.append((dict(request.headers), json.loads(body)))
        headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
        headers |= {"Retry-After": "7"} if status == 503 else {}
        return web.Response(status=status, headers=headers)

    async def has_some(self) -> bool:
        return bool(self.got)

    @property
    def types(self) -> list[str]:
        return [body["type"] for _, body in self.got]


@asynccontextmanager
async def _listening() -> AsyncIterator[Receiver]:
    port = free_port()
    receiver = Receiver(url=f"http://127.0.0.1:{port}/events")
    receiver.gate.set()
    app = web.Application()
    app.router.add_post("/events", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield receiver
    receiver.gate.set()
    await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with _listening() as receiver:
        yield receiver


@dataclass(frozen=True)
class Way:
    """What carries events out, turned by hand."""

    api: Client
    courier: Courier

    async def publish(self) -> None:
        publisher = build_publisher(self.api.store, SETTINGS)
        while await publisher.turn():
            pass

    async def deliver(self, turns: int = 40) -> None:
        """Until nothing is due any more."""
        await self.publish()
        for _ in range(turns):
            leased = await self.courier.turn()
            await self.courier.rest()
            if not leased:
                return

    async def subscribe(self, url: str, *, caller: str = "test", **more: Any) -> dict[str, Any]:  # noqa: ANN401
        made = await self.api("POST", "/subscriptions", {"url": url, **more}, caller=caller)
        assert made.status in {200, 201}, made.body
        return {**made.body["subscription"], "secret": made.body["secret"]}


@pytest.fixture
async def way(api: Client) -> AsyncIterator[Way]:
    async with webhook_session(public_only=False) as session:
        courier = Courier(
            subscriptions=api.store.subscriptions,
            sender=WebhookSender(session=session, public_only=False),
            wall_now=lambda: datetime.now(UTC),
            attempts_max=3,
            delay=lambda _: AT_ONCE,
        )
        yield Way(api, courier)


def _signature(secret: str, headers: dict[str, str], body: str) -> str:
    """As the receiver works it out, from what the convention says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


async def test_events_arrive_signed_in_order_and_once(way: Way, receiver: Receiver) -> None:
    subscription = await way.subscribe(receiver.url)
    order, _ = await way.api.ordered()

    await way.deliver()
    await way.deliver()

    assert receiver.types == ["order.received", "line.opened"]
    headers, body = receiver.got[0]
    assert (body["order_id"], body["reference"], body["line"]) == (order, "R-1", None)
    assert headers["webhook-id"] == body["id"]
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    assert headers["webhook-signature"] == _signature(subscription["secret"], headers, text)
    assert receiver.got[1][1]["line"] == 1


async def test_a_receiver_that_is_wrong_and_then_right_loses_nothing(
    way: Way, receiver: Receiver
) -> None:
    await way.subscribe(receiver.url)
    receiver.answers = [500, 302]
    await way.api.ordered()

    await way.deliver()

    assert receiver.types == ["order.received", "line.opened"]
    assert receiver.attempts == 4


async def test_a_receiver_that_is_down_is_asked_again_until_it_is_given_up(way: Way) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/"
    subscription = await way.subscribe(nowhere)
    await way.api.ordered()
    await way.deliver(turns=2)
    path = f"/subscriptions/{subscription['subscription_id']}/deliveries"
    first, second = (await way.api("GET", path)).body["deliveries"]
    assert (first["state"], first["attempts"], first["answered"]) == ("waiting", 2, None)
    assert "cannot be reached" in first["why"]
    assert (second["state"], second["attempts"]) == ("waiting", 0), "it waits for the first"

    await way.deliver()

    (dead, held) = (await way.api("GET", path)).body["deliveries"]
    assert (dead["state"], held["state"]) == ("dead", "waiting")


async def test_a_dead_letter_holds_back_its_order_only_and_can_be_sent_again(
    way: Way, receiver: Receiver
) -> None:
    subscription = await way.subscribe(receiver.url)
    path = f"/subscriptions/{subscription['subscription_id']}"
    receiver.answers = [500, 500, 500]
    await way.api.ordered()
    await way.deliver()
    await way.api("POST", "/orders", {**ORDER, "reference": "R-2"}, key="k-2")
    await way.deliver()
    assert [(b["type"], b["reference"]) for _, b in receiver.got] == [("order.received", "R-2")]
    (dead,) = (await way.api("GET", f"{path}/deliveries?state=dead")).body["deliveries"]
    assert (dead["type"], dead["answered"], dead["attempts"]) == ("order.received", 500, 3)

    again = await way.api("POST", f"{path}/replays", {})
    await way.deliver()

    assert again.body == {"sent_again": 1}
    assert [b["type"] for _, b in receiver.got if b["reference"] == "R-1"] == [
        "order.received",
        "line.opened",
    ]
    assert (await way.api("GET", f"{path}/deliveries?state=dead")).body["deliveries"] == []


async def test_a_dead_letter_can_be_let_go(way: Way, receiver: Receiver) -> None:
    subscription = await way.subscribe(receiver.url)
    path = f"/subscriptions/{subscription['subscription_id']}"
    receiver.answers = [400, 400, 400]
    await way.api.ordered()
    await way.deliver()
    (dead,) = (await way.api("GET", f"{path}/deliveries?state=dead")).body["deliveries"]

    skipped = await way.api("POST", f"{path}/deliveries/{dead['number']}/skip")
    twice = await way.api("POST", f"{path}/deliveries/{dead['number']}/skip")
    await way.deliver()

    assert (skipped.status, twice.status, twice.body["type"]) == (200, 409, "nothing-to-skip")
    assert receiver.types == ["line.opened"]


async def test_everything_since_an_event_can_be_sent_again_in_its_order(
    way: Way, receiver: Receiver
) -> None:
    subscription = await way.subscribe(receiver.url)
    path = f"/subscriptions/{subscription['subscription_id']}"
    await way.api.ordered()
    await way.deliver()

    both = await way.api("POST", f"{path}/replays", {"number": 1, "since": 1})
    again = await way.api("POST", f"{path}/replays", {"since": 1})
    await way.deliver()

    assert (both.status, again.body) == (409, {"sent_again": 2})
    assert receiver.types == ["order.received", "line.opened"] * 2


async def test_a_slow_receiver_keeps_nobody_else_waiting(way: Way, receiver: Receiver) -> None:
    await way.subscribe(receiver.url, types=["order.received"])
    receiver.gate.clear()
    await way.api.ordered()
    await way.publish()
    await way.courier.turn()

    async with _listening() as quick:
        await way.api("POST", "/subscriptions", {"url": quick.url}, key="quick")
        await way.api("POST", "/orders", {**ORDER, "reference": "R-2"}, key="k-2")
        await way.publish()
        await way.courier.turn()
        await until_async(quick.has_some, what="the quick one is told")

    assert quick.types == ["order.received"]
    assert receiver.got == [], "the slow one has not answered yet"
    receiver.gate.set()
    await way.courier.rest()
    assert receiver.types == ["order.received"]


async def test_a_receiver_says_when_to_come_back(way: Way, receiver: Receiver) -> None:
    subscription = await way.subscribe(receiver.url)
    receiver.answers = [503]
    await way.api("POST", "/orders", ORDER)

    await way.deliver()

    path = f"/subscriptions/{subscription['subscription_id']}/deliveries"
    (waiting,) = (await way.api("GET", path)).body["deliveries"]
    due = datetime.fromisoformat(waiting["due_at"]) - datetime.now(UTC)
    assert timedelta(seconds=3) < due < timedelta(seconds=8)
    assert receiver.attempts == 1


async def test_a_paused_subscription_keeps_everything_for_later(
    way: Way, receiver: Receiver
) -> None:
    subscription = await way.subscribe(receiver.url)
    path = f"/subscriptions/{subscription['subscription_id']}"
    paused = await way.api("POST", f"{path}/pause", {"paused": True})
    await way.api.ordered()
    await way.deliver()
    assert (paused.body["paused_at"] is not None, receiver.types) == (True, [])

    await way.api("POST", f"{path}/pause", {"paused": False})
    await way.deliver()

    assert receiver.types == ["order.received", "line.opened"]


async def test_only_the_types_one_asks_for_arrive_and_none_once_one_has_left(
    way: Way, receiver: Receiver
) -> None:
    subscription = await way.subscribe(receiver.url, types=["line.opened"])
    await way.api.ordered()
    await way.deliver()
    assert receiver.types == ["line.opened"]

    left = await way.api("DELETE", f"/subscriptions/{subscription['subscription_id']}")
    await way.api("POST", "/orders", {**ORDER, "reference": "R-2"}, key="k-2")
    await way.deliver()

    gone = await way.api("GET", f"/subscriptions/{subscription['subscription_id']}")
    again = await way.api("POST", "/subscriptions", {"url": receiver.url, "types": ["line.opened"]})
    assert (again.status, again.body["type"]) == (409, "subscription-ended")
    assert (left.status, gone.status) == (204, 404)
    assert receiver.types == ["line.opened"]


async def test_a_partner_is_told_of_its_own_orders_only(way: Way, receiver: Receiver) -> None:
    await way.api.register("acme", Role.INTAKE, partner=True)
    await way.subscribe(receiver.url, caller="acme")
    await way.api.ordered()
    mine, _ = await way.api.ordered(caller="acme")

    await way.deliver()

    assert {body["order_id"] for _, body in receiver.got} == {mine}
    asked = await way.api("GET", "/events", caller="acme")
    assert {event["order_id"] for event in asked.body["events"]} == {mine}


async def test_subscriptions_are_ones_own_and_operations_looks_after_all(way: Way) -> None:
    await way.api.register("books", Role.FINANCE)
    await way.api.register("other", Role.FINANCE)
    subscription = await way.subscribe("https://books.example.fr/", caller="books")
    path = f"/subscriptions/{subscription['subscription_id']}"

    assert (await way.api("GET", path, caller="books")).status == 200
    assert (await way.api("GET", path, caller="other")).status == 404
    assert (await way.api("GET", path)).status == 200
    assert (await way.api("GET", "/subscriptions", caller="other")).body == {"subscriptions": []}
    assert len((await way.api("GET", "/subscriptions")).body["subscriptions"]) == 1


async def test_a_secret_is_turned_over_and_both_sign_meanwhile(
    way: Way, receiver: Receiver
) -> None:
    subscription = await way.subscribe(receiver.url)
    path = f"/subscriptions/{subscription['subscription_id']}"
    newer = (await way.api("POST", f"{path}/secret")).body["secret"]
    await way.api("POST", "/orders", ORDER)

    await way.deliver()

    headers, body = receiver.got[0]
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    signatures = headers["webhook-signature"].split()
    assert signatures == [
        _signature(secret, headers, text) for secret in (newer, subscription["secret"])
    ]


async def test_the_same_subscription_asked_for_twice_is_one(way: Way, receiver: Receiver) -> None:
    first = await way.subscribe(receiver.url)
    again = await way.subscribe(receiver.url)
    other = await way.api("POST", "/subscriptions", {"url": receiver.url + "/elsewhere"})

    assert (first["subscription_id"], first["secret"]) == (
        again["subscription_id"],
        again["secret"],
    )
    assert (other.status, other.body["type"]) == (409, "idempotency-key-reused")


async def test_secrets_lie_sealed(way: Way, receiver: Receiver) -> None:
    subscription = await way.subscribe(receiver.url)

    kept = await way.api.store.pool.fetchval("SELECT secret FROM subscription")

    assert subscription["secret"] not in kept
    listed = await way.api("GET", "/subscriptions")
    assert subscription["secret"] not in str(listed.body)


@pytest.mark.parametrize(
    "url",
    [
        "crm.example.fr",
        "ftp://crm.example.fr",
        "https://",
        "https://u:p@crm.example.fr",
        "http://x:y/",
    ],
)
async def test_what_is_no_address_is_refused(api: Client, url: str) -> None:
    refused = await api("POST", "/subscriptions", {"url": url})

    assert (refused.status, refused.body["type"]) == (422, "bad-value")


async def test_a_type_nobody_publishes_is_refused_with_where_to_look(api: Client) -> None:
    body = {"url": "https://crm.example.fr", "types": ["line.teleported"]}

    refused = await api("POST", "/subscriptions", body)

    assert refused.status == 422
    assert "GET /event-types" in refused.body["detail"]


async def test_the_catalogue_says_what_each_type_means_and_holds(api: Client) -> None:
    types = (await api("GET", "/event-types")).body["types"]

    named = {one["type"]: one for one in types}
    assert "by which clause" in named["service.started"]["meaning"]
    assert "billed_from" in named["service.started"]["data"]["properties"]


async def test_events_can_be_asked_for_instead_and_none_is_missed(way: Way) -> None:
    order, _ = await way.api.ordered()
    await way.publish()
    first = (await way.api("GET", "/events?limit=1")).body
    second = (await way.api("GET", f"/events?cursor={first['next']}")).body
    nothing = (await way.api("GET", f"/events?cursor={second['next']}")).body

    assert [e["type"] for e in first["events"] + second["events"]] == [
        "order.received",
        "line.opened",
    ]
    assert (nothing["events"], nothing["next"]) == ([], second["next"])
    assert len((await way.api("GET", f"/events?order_id={order}")).body["events"]) == 2


async def test_publishing_twice_over_tells_nothing_twice(way: Way) -> None:
    await way.api.ordered()
    await way.publish()
    before = await way.api.store.pool.fetchval("SELECT count(*) FROM publication")
    await way.api.store.documents.clear("publications")

    await way.publish()

    assert await way.api.store.pool.fetchval("SELECT count(*) FROM publication") == before == 2


# where we may be sent


async def test_a_subscriber_cannot_have_us_look_around_our_network() -> None:
    with pytest.raises(PrivateAddressError):
        await PublicResolver().resolve("localhost")
    async with webhook_session(public_only=True) as session:
        sender = WebhookSender(session=session, public_only=True)
        for url in (
            "http://127.0.0.1:1/",
            "http://[::1]/",
            "http://169.254.169.254/",
            "http://[64:ff9b::7f00:1]/",
            "http://\uff11\uff12\uff17.0.0.1/",
            "http://2130706433/",
            "http://127.1/",
        ):
            answer = await sender.send(_due(url), wall=datetime.now(UTC))
            assert isinstance(answer, Silent)
            assert "inside a network" in answer.why
        named = await sender.send(_due("http://localhost:1/"), wall=datetime.now(UTC))
        assert isinstance(named, Silent)


async def test_what_a_client_is_told_follows_its_rights(way: Way, receiver: Receiver) -> None:
    await way.api.register("acme", Role.INTAKE)
    await way.subscribe(receiver.url, caller="acme")
    await way.api.store.subscriptions.follow_rights("acme", own_orders_only=True)
    await way.api.ordered()
    await way.deliver()
    assert receiver.types == []

    await way.api("POST", "/orders", ORDER, caller="acme")
    await way.api.store.subscriptions.pause_all("acme")
    await way.deliver()

    assert receiver.types == []
    (mine,) = (await way.api("GET", "/subscriptions", caller="acme")).body["subscriptions"]
    assert mine["paused_at"] is not None


async def test_a_client_has_so_many_subscriptions_and_no_more(way: Way) -> None:
    for n in range(20):
        made = await way.api("POST", "/subscriptions", {"url": "https://a.example/"}, key=f"s{n}")
        assert made.status == 201

    refused = await way.api("POST", "/subscriptions", {"url": "https://a.example/"}, key="more")

    assert refused.status == 422
    assert "end one of them first" in refused.body["detail"]


async def test_a_secret_is_held_by_its_own_client_and_renewed_once_a_day(way: Way) -> None:
    await way.api.register("books", Role.FINANCE)
    made = await way.subscribe("https://books.example.fr/", caller="books")
    path = f"/subscriptions/{made['subscription_id']}/secret"

    assert (await way.api("POST", path)).status == 409
    assert (await way.api("POST", path, caller="books")).status == 200
    again = await way.api("POST", path, caller="books")
    assert (again.status, again.body["type"]) == (409, "secret-just-renewed")


def _due(url: str) -> DueDelivery:
    return DueDelivery(
        subscription_id=SubscriptionId(UUID(int=1)),
        number=1,
        publication_id=UUID(int=2),
        url=url,
        secrets=("whsec_AAAA",),
        body="{}",
        attempts=1,
    )


def test_attempts_are_made_ever_more_slowly_up_to_a_bound() -> None:
    assert [delay_after(n).total_seconds() for n in (0, 1, 2, 5)] == [1, 2, 4, 32]
    assert delay_after(30) == LONGEST_DELAY.span


async def test_a_client_session_of_ours_keeps_no_cookies() -> None:
    async with webhook_session(public_only=False) as session:
        assert isinstance(session.cookie_jar, aiohttp.DummyCookieJar)
