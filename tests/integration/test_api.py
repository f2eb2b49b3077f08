"""The API on a real socket and a real database: what is answered, and how a refusal reads."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from intake.api import build_api
from runtime.ports import PortWish, choose_ports, listening_socket
from runtime.processes.api import api_ports, serve
from runtime.store import Store
from tests.conftest import Database

ORDER = {"reference": "R-1", "contact": "Camille Martin"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Client:
    address: str
    session: aiohttp.ClientSession

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = "k-1",
        **more: Any,  # noqa: ANN401
    ) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        async with self.session.request(
            method, self.address + path, json=body, headers=headers, **more
        ) as response:
            content = await response.json(content_type=None)
            return Answer(response.status, content, dict(response.headers))


@pytest.fixture
async def api(store: Store) -> AsyncIterator[Client]:
    port = choose_ports((PortWish(name="api", setting="-", configured=None),), {})["api"]
    stop = asyncio.Event()
    with listening_socket("127.0.0.1", port, "-") as listener:
        serving = asyncio.create_task(serve(build_api(api_ports(store)), listener, stop))
        async with aiohttp.ClientSession() as session:
            yield Client(f"http://127.0.0.1:{port}", session)
        stop.set()
        await serving


async def test_an_order_is_created_once_and_repeated_as_often_as_one_likes(api: Client) -> None:
    first = await api("POST", "/orders", ORDER)
    again = await api("POST", "/orders", ORDER)

    assert (first.status, again.status) == (201, 200)
    assert first.body["order_id"] == again.body["order_id"]
    assert (first.body["repeated"], again.body["repeated"]) == (False, True)
    assert first.headers["Location"] == f"/orders/{first.body['order_id']}"


async def test_what_was_accepted_can_be_read_at_once(api: Client) -> None:
    accepted = await api("POST", "/orders", ORDER)

    shown = await api("GET", accepted.headers["Location"])

    assert (shown.status, shown.body["stage"]) == (200, "received")
    assert shown.body["contact"] == "Camille Martin"
    assert [entry["event"] for entry in shown.body["timeline"]] == ["OrderReceived"]


async def test_a_key_with_another_body_is_a_conflict_and_the_first_order_stands(
    api: Client,
) -> None:
    accepted = await api("POST", "/orders", ORDER)

    refused = await api("POST", "/orders", {**ORDER, "contact": "Lou Bernard"})

    assert refused.status == 409
    assert refused.body["type"] == "idempotency-key-reused"
    assert "use a new key" in refused.body["detail"]
    shown = await api("GET", accepted.headers["Location"])
    assert shown.body["contact"] == "Camille Martin"


MISTAKES: list[tuple[str, object, dict[str, str]]] = [
    ("nothing", {}, {"/reference": "required", "/contact": "required"}),
    ("an unknown field", {**ORDER, "colour": "red"}, {"/colour": "not a field we know"}),
    ("a number", {**ORDER, "reference": 7}, {"/reference": "must be text"}),
    ("an empty text", {**ORDER, "contact": "  "}, {"/contact": "is empty"}),
    ("a long text", {**ORDER, "contact": "x" * 121}, {"/contact": "at most 120"}),
    ("a list", [ORDER], {"/": "one JSON object"}),
    ("a text", "order", {"/": "one JSON object"}),
]


@pytest.mark.parametrize(
    ("body", "expected"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
async def test_every_mistake_in_a_body_names_the_field_and_what_to_do(
    api: Client, body: object, expected: dict[str, str]
) -> None:
    refused = await api("POST", "/orders", body)

    assert refused.status == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    told = {error["pointer"]: error["sentence"] for error in refused.body["errors"]}
    assert set(told) == set(expected)
    for pointer, words in expected.items():
        assert words in told[pointer]
    assert "Camille" not in str(refused.body)


async def test_a_body_that_is_not_json_is_a_sentence(api: Client) -> None:
    async with api.session.post(
        f"{api.address}/orders",
        data="{nonsense",
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    ) as response:
        body = await response.json(content_type=None)

    assert response.status == 422
    assert body["errors"][0]["sentence"] == "Send one JSON object as the body."


@pytest.mark.parametrize("key", [None, "", "two words", "k" * 201])
async def test_a_key_is_required_and_has_a_form(api: Client, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    async with api.session.post(f"{api.address}/orders", json=ORDER, headers=headers) as response:
        body = await response.json(content_type=None)

    assert response.status == 422
    assert [error["pointer"] for error in body["errors"]] == ["idempotency-key"]


async def test_an_order_nobody_knows_is_a_sentence(api: Client) -> None:
    unknown = uuid4()

    refused = await api("GET", f"/orders/{unknown}")
    misspelt = await api("GET", "/orders/seven")
    elsewhere = await api("GET", "/nowhere")

    assert (refused.status, refused.body["type"]) == (404, "order-unknown")
    assert misspelt.status == 422
    assert "not an order id" in misspelt.body["errors"][0]["sentence"]
    assert (elsewhere.status, elsewhere.body["type"]) == (404, "not-found")


async def test_the_orders_of_a_contact_are_found(api: Client) -> None:
    order = (await api("POST", "/orders", ORDER)).body["order_id"]
    await api("POST", "/orders", {**ORDER, "contact": "Lou Bernard"}, key="k-2")

    found = await api("POST", "/orders/find", {"contact": "camille martin"})
    nobody = await api("POST", "/orders/find", {"contact": "Sacha Petit"})

    assert found.body == {"order_ids": [order]}
    assert nobody.body == {"order_ids": []}


async def test_a_message_is_kept_once_and_its_key_cannot_carry_another(api: Client) -> None:
    order = (await api("POST", "/orders", ORDER)).body["order_id"]
    path = f"/orders/{order}/acknowledgements"

    first = await api("POST", path, {"text": "received"}, key="m-1")
    again = await api("POST", path, {"text": "received"}, key="m-1")
    other = await api("POST", path, {"text": "something else"}, key="m-1")

    assert (first.status, first.body["receipt"]) == (202, "stored")
    assert (again.status, again.body["receipt"]) == (202, "duplicate")
    assert (other.status, other.body["type"]) == (409, "idempotency-key-reused")


async def test_a_message_for_an_order_nobody_knows_is_refused(api: Client) -> None:
    refused = await api("POST", f"/orders/{uuid4()}/acknowledgements", {"text": "x"})

    assert (refused.status, refused.body["type"]) == (404, "order-unknown")


async def test_a_database_that_is_gone_is_said_to_be_and_nothing_is_confirmed(
    api: Client, database: Database
) -> None:
    assert (await api("GET", "/health/ready")).status == 200
    await database.cluster.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
    await database.cluster.execute(
        f"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '{database.name}'"""
    )

    refused = await api("POST", "/orders", ORDER)
    ready = await api("GET", "/health/ready")
    live = await api("GET", "/health/live")
    await database.cluster.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS true")

    assert (refused.status, refused.body["type"]) == (503, "ledger-unavailable")
    assert "same request with the same key" in refused.body["detail"]
    assert (ready.status, live.status) == (503, 200)
    assert (await api("POST", "/orders", ORDER)).status == 201


async def test_the_document_describes_every_refusal(api: Client) -> None:
    described = (await api("GET", "/openapi.json")).body["paths"]

    assert set(described["/orders"]["post"]["responses"]) == {"201", "200", "409", "422", "503"}
    for status in ("409", "422", "503"):
        content = described["/orders"]["post"]["responses"][status]["content"]
        assert list(content) == ["application/problem+json"]
