"""The API on a real socket and a real database: what is answered, and how a refusal reads."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from temporalio.client import Client as Temporal

from adapters.bouygues.signing import Signing
from adapters.orange.messages import Element, Token, envelope
from runtime.ports import PortWish, choose_ports, listening_socket
from runtime.processes.api import api_ports, build_api, serve
from runtime.store import Store
from tests.conftest import Database
from tests.integration.conftest import ORDER, SETTINGS, SIGNING, TOKEN, Answer, Client
from tests.porting import rio_of


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
    assert shown.body["contact"].startswith("Camille Martin")
    assert [entry["event"] for entry in shown.body["timeline"]] == ["OrderReceived"]


async def test_a_line_is_shown_with_where_it_stands(api: Client) -> None:
    order, line = await api.ordered()

    (shown,) = (await api("GET", f"/orders/{order}")).body["lines"]

    assert (shown["line_id"], shown["stage"], shown["version"]) == (str(line), "claiming", 1)
    assert (shown["provider"], shown["host"]) == ("axantis", "orange")
    assert (shown["msisdn"], shown["outcome"], shown["attention"]) == ("0612345678", None, [])


async def test_a_key_with_another_body_is_a_conflict_and_the_first_order_stands(
    api: Client,
) -> None:
    accepted = await api("POST", "/orders", ORDER)

    refused = await api("POST", "/orders", {**ORDER, "reference": "R-2"})

    assert refused.status == 409
    assert refused.body["type"] == "idempotency-key-reused"
    assert "use a new key" in refused.body["detail"]
    shown = await api("GET", accepted.headers["Location"])
    assert shown.body["reference"] == "R-1"


def _line(**changes: object) -> dict[str, Any]:
    return {**ORDER, "lines": [{**ORDER["lines"][0], **changes}]}


def _paper(**changes: object) -> dict[str, Any]:
    return {**ORDER, "documents": [{"name": "mandate", "on": "2027-01-08", **changes}]}


def _customer(**changes: object) -> dict[str, Any]:
    return {**ORDER, "customer": {**ORDER["customer"], **changes}}


UNPAID = "/customer/unpaid_since"
REQUIRED = ("/reference", "/provider", "/signed_on", "/customer", "/lines")
MISTAKES: list[tuple[str, object, dict[str, str]]] = [
    ("nothing", {}, dict.fromkeys(REQUIRED, "required")),
    ("an unknown field", {**ORDER, "colour": "red"}, {"/colour": "not a field we know"}),
    ("a number", {**ORDER, "reference": 7}, {"/reference": "must be text"}),
    ("an empty text", {**ORDER, "provider": "  "}, {"/provider": "is empty"}),
    ("a long text", {**ORDER, "reference": "x" * 121}, {"/reference": "at most 120 characters"}),
    ("a NUL", {**ORDER, "reference": "a\x00b"}, {"/reference": "control characters"}),
    ("an escape", {**ORDER, "reference": "a\x1b[31m"}, {"/reference": "control characters"}),
    ("a year", {**ORDER, "signed_on": "0207-01-08"}, {"/signed_on": "check the year".capitalize()}),
    ("a far year", _line(wish="9999-12-31"), {"/lines/0/wish": "between 2000 and 2100"}),
    ("a paper", _paper(name="passport"), {"/documents/0/name": "say one of"}),
    ("a paper's name", _paper(name="Mandat signé"), {"/documents/0/name": "like mandate"}),
    ("a paper to come", _paper(on="2027-11-20"), {"/documents/0/on": "not come yet"}),
    ("an arrear to come", _customer(unpaid_since="2030-01-01"), {UNPAID: "not come yet"}),
    ("a crowd", _customer(headcount=10**30), {"/customer/headcount": "or less"}),
    ("a name alone", {**ORDER, "customer": "Bob"}, {"/customer": "between braces"}),
    ("a number for a day", {**ORDER, "signed_on": 5}, {"/signed_on": "write it like 2027-01-20"}),
    ("a list", [ORDER], {"/": "one JSON object"}),
    ("a text", "order", {"/": "one JSON object"}),
    ("no day", {**ORDER, "signed_on": "tomorrow"}, {"/signed_on": "write it like 2027-01-20"}),
    ("a kind", {**ORDER, "customer": {**ORDER["customer"], "kind": "x"}}, {"/customer/kind": "co"}),
    ("no line", {**ORDER, "lines": []}, {"/lines": "add it"}),
    ("a double", {**ORDER, "lines": ORDER["lines"] * 2}, {"/lines/1/msisdn": "on line 1 already"}),
    ("a network", _line(host="free"), {"/lines/0/host": "orange"}),
    ("a wish", _line(wish="soon"), {"/lines/0/wish": "write it like 2027-01-20"}),
    ("an amount", _line(monthly_ttc="dear"), {"/lines/0/monthly_ttc": "an amount"}),
    ("a RIO", _line(rio="01P"), {"/lines/0/rio": "12 characters"}),
    ("a neighbour's RIO", _line(rio=rio_of("0612345679")), {"/lines/0/rio": "does not go"}),
    ("a provider", {**ORDER, "provider": "acme"}, {"/provider": "write one of axantis"}),
]


@pytest.mark.parametrize(
    ("asked", "expected"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
async def test_every_mistake_in_a_body_names_the_field_and_what_to_do(
    api: Client, asked: object, expected: dict[str, str]
) -> None:
    refused = await api("POST", "/orders", asked)

    assert refused.status in {400, 422}
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
        headers={
            **api.shown_by("test"),
            "Idempotency-Key": "k",
            "Content-Type": "application/json",
        },
    ) as response:
        answered = await response.json(content_type=None)

    assert response.status == 400
    assert answered["errors"][0]["sentence"] == "Send one JSON object as the body."


@pytest.mark.parametrize("key", [None, "", "two words", "k" * 201])
async def test_a_key_is_required_and_has_a_form(api: Client, key: str | None) -> None:
    headers = api.shown_by("test") | ({} if key is None else {"Idempotency-Key": key})
    async with api.session.post(f"{api.address}/orders", json=ORDER, headers=headers) as response:
        answered = await response.json(content_type=None)

    assert response.status in {400, 422}
    assert [error["pointer"] for error in answered["errors"]] == ["idempotency-key"]


async def test_an_order_nobody_knows_is_a_sentence(api: Client) -> None:
    unknown = uuid4()

    refused = await api("GET", f"/orders/{unknown}")
    misspelt = await api("GET", "/orders/seven")
    elsewhere = await api("GET", "/nowhere")

    assert (refused.status, refused.body["type"]) == (404, "order-unknown")
    assert misspelt.status == 400
    assert "not an order id" in misspelt.body["errors"][0]["sentence"]
    assert (elsewhere.status, elsewhere.body["type"]) == (404, "not-found")


async def test_the_orders_of_a_contact_are_found(api: Client) -> None:
    order = (await api("POST", "/orders", ORDER)).body["order_id"]
    other = {**ORDER, "customer": {**ORDER["customer"], "contact": "Lou Bernard"}}
    await api("POST", "/orders", other, key="k-2")

    found = await api("POST", "/search/orders", {"contact": "camille martin, CAMILLE@example.fr"})
    nobody = await api("POST", "/search/orders", {"contact": "Sacha Petit"})

    assert found.body == {"order_ids": [order]}
    assert nobody.body == {"order_ids": []}


async def test_the_lists_people_work_from_are_there(api: Client) -> None:
    order, _ = await api.ordered()

    timeline = await api("GET", f"/orders/{order}/timeline")
    attention = await api("GET", "/attention")
    deadlines = await api("GET", "/deadlines?within_hours=24")
    refused = await api("GET", "/deadlines?within_hours=-1")

    facts = [(one["line"], one["entry"]["event"]) for one in timeline.body["entries"]]
    assert facts == [(None, "OrderReceived"), (None, "LineOpened"), (1, "PortOpened")]
    assert attention.body == {"attention": [], "late": 0, "next": None}
    assert deadlines.body["deadlines"] == []
    assert refused.status == 400


async def test_the_clock_of_the_stack_is_told(api: Client) -> None:
    told = (await api("GET", "/clock", key=None)).body

    assert (told["scale"], told["business_origin"]) == (1, "2027-01-08T23:00:00Z")


# operators at the door


def _notification(line: object = None, *, key: str = "n-1", token: Token = TOKEN) -> bytes:
    fields = {
        "notificationId": key,
        "orderKey": "o-1",
        "customerReference": str(line or uuid4()),
        "event": "READY",
        "at": "2027-01-10T00:00:00+01:00",
        "hostLine": "OL-1",
    }
    return envelope(Element(name="LineNotification", fields=fields), token)


async def _told(api: Client, document: bytes) -> Answer:
    async with api.session.post(
        f"{api.address}/callbacks/orange", data=document, headers={"Content-Type": "text/xml"}
    ) as response:
        return Answer(response.status, await response.json(content_type=None), {})


async def test_a_notification_is_kept_once_and_acknowledged(api: Client) -> None:
    line = uuid4()

    first = await _told(api, _notification(line))
    again = await _told(api, _notification(line))
    other = await _told(api, _notification())

    assert (first.status, first.body["receipt"]) == (202, "stored")
    assert (again.status, again.body["receipt"]) == (202, "duplicate")
    assert (other.status, other.body["type"]) == (409, "notification-refused")


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (_notification(token=Token(username="raccord", password="guessed")), 401),
        (_notification(token=Token(username="stranger", password=TOKEN.password)), 401),
        (b"<nonsense", 422),
        (b"", 422),
        (envelope(Element(name="LineNotification", fields={}), TOKEN), 422),
        (_notification("not-a-line"), 422),
        (b"<!DOCTYPE x [<!ENTITY e 'boom'>]>" + _notification(), 422),
        (b" " * (64 * 1024 + 1), 413),
    ],
    ids=["password", "username", "not XML", "empty", "no fields", "no line", "entities", "large"],
)
async def test_what_is_no_notification_of_oranges_is_not_kept(
    api: Client, document: bytes, status: int
) -> None:
    refused = await _told(api, document)

    assert refused.status == status
    assert refused.body["type"] in {"notification-refused", "too-large"}
    assert await api.store.inbox.lease(limit=10) == ()


def _webhook(line: object = None, *, kind: str = "line.reserved") -> bytes:
    return json.dumps(
        {
            "event": {"id": "evt_1", "kind": kind, "occurred_at": "2027-01-10T00:00:00Z"},
            "operation": {"id": "op_1", "idempotency_key": "o-1", "intent": "reserve"},
            "line": {"id": "bt-1", "partner_line": str(line or uuid4())},
            "details": {},
        }
    ).encode()


async def _told_signed(
    api: Client, document: bytes, *, signing: Signing = SIGNING, seconds: int = 0
) -> Answer:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    headers = {
        "Content-Type": "application/json",
        "X-Signature": signing.webhook_header(document, at=at),
    }
    url = f"{api.address}/callbacks/bouygues"
    async with api.session.post(url, data=document, headers=headers) as response:
        return Answer(response.status, await response.json(content_type=None), {})


async def test_a_webhook_is_kept_once_and_acknowledged(api: Client) -> None:
    line = uuid4()

    first = await _told_signed(api, _webhook(line))
    again = await _told_signed(api, _webhook(line), seconds=-60)
    other = await _told_signed(api, _webhook(line, kind="line.terminated"))

    assert (first.status, first.body["receipt"]) == (202, "stored")
    assert (again.status, again.body["receipt"]) == (202, "duplicate")
    assert (other.status, other.body["type"]) == (409, "notification-refused")


@pytest.mark.parametrize(
    ("document", "seconds", "signing", "status"),
    [
        (_webhook(), 0, Signing(account="raccord", secret="guessed"), 401),
        (_webhook(), -400, SIGNING, 401),
        (_webhook(), 400, SIGNING, 401),
        (b"nonsense", 0, SIGNING, 422),
        (_webhook("not-a-line"), 0, SIGNING, 422),
        (b" " * (64 * 1024 + 1), 0, SIGNING, 413),
    ],
    ids=["secret", "old", "ahead", "not JSON", "no line", "large"],
)
async def test_what_is_no_webhook_of_bouygues_is_not_kept(
    api: Client, document: bytes, seconds: int, signing: Signing, status: int
) -> None:
    refused = await _told_signed(api, document, signing=signing, seconds=seconds)

    assert refused.status == status
    assert refused.body["type"] in {"notification-refused", "too-large"}
    assert await api.store.inbox.lease(limit=10) == ()


async def test_an_operator_that_is_not_connected_is_told_so(store: Store) -> None:
    temporal = await Temporal.connect("127.0.0.1:1", lazy=True)
    app = build_api(replace(api_ports(store, SETTINGS, temporal), doors={}))
    port = choose_ports((PortWish(name="api", setting="-", configured=None),), {})["api"]
    stop = asyncio.Event()
    with listening_socket("127.0.0.1", port, "-") as listener:
        serving = asyncio.create_task(serve(app, listener, stop))
        url = f"http://127.0.0.1:{port}/callbacks/bouygues"
        async with aiohttp.ClientSession() as session, session.post(url, data=b"{}") as answer:
            refused = await answer.json(content_type=None)
        stop.set()
        await serving

    assert (answer.status, refused["type"]) == (503, "notification-refused")
    assert refused["detail"] == "bouygues is not connected here: nothing of its is kept."


# the database, the document


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

    refusals = {"400", "401", "403", "409", "413", "422", "429", "503"}
    assert set(described["/orders"]["post"]["responses"]) == {"201", "200", *refusals}
    for status in sorted(refusals):
        content = described["/orders"]["post"]["responses"][status]["content"]
        assert list(content) == ["application/problem+json"]
