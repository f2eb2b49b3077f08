"""Who may do what: every operation and role, partners, keys that end, limits; each use noted."""

import io
import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi.routing import APIRoute

from domain.clients import Role
from intake.clients import Clients
from intake.permissions import OPEN, PERMISSIONS
from runtime.local_client import moment_of
from tests.integration.conftest import ORDER, Client

UNKNOWN = "6f7e1a8e-0000-5000-8000-000000000000"


def _operations(api: Client) -> dict[str, tuple[str, str]]:
    """Every operation there is: its method and its path."""
    return {
        route.name: (min(route.methods or ()), route.path)
        for route in api.app.routes
        if isinstance(route, APIRoute)
    }


def test_every_operation_has_its_place_among_the_permissions(api: Client) -> None:
    assert set(_operations(api)) == set(PERMISSIONS) | OPEN


@pytest.mark.parametrize("operation", sorted(PERMISSIONS))
async def test_an_operation_is_refused_to_whoever_has_none_of_its_roles(
    api: Client, operation: str
) -> None:
    """Every role but those of the table, and no key at all; the others get past the door."""
    method, path = _operations(api)[operation]
    path = re.sub("{number}", "1", path)
    path = re.sub("{[a-z_]+}", UNKNOWN, path)

    nobody = await api(method, path, caller=None)
    assert (nobody.status, nobody.body["type"]) == (401, "caller-unknown")
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    for role in Role:
        await api.register(f"only-{role}", role)
        answered = await api(method, path, {}, caller=f"only-{role}")
        allowed = role in PERMISSIONS[operation]
        assert (answered.status != 403) is allowed, (role, answered)
        assert answered.status != 401


async def test_a_stranger_learns_nothing_of_how_to_write_a_request(api: Client) -> None:
    async with api.session.post(f"{api.address}/orders", data="{nonsense") as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("", "send your key with every call"),
        ("Basic abc", "send your key with every call"),
        ("Bearer", "send your key with every call"),
        ("Bearer rcd_half", "copy the whole of it"),
        (f"Bearer rcd_nobody_00000000_{'0' * 48}", "is unknown, has ended or was revoked"),
        (f"Bearer rcd_test_00000000_{'0' * 48}", "is unknown, has ended or was revoked"),
        ("Bearer eyJhbGciOiJub25lIn0.e30.", "only keys of Raccord's"),
    ],
)
async def test_what_is_no_key_is_refused_with_what_to_send(
    api: Client, shown: str, words: str
) -> None:
    refused = await api("GET", "/me", caller=None, headers={"Authorization": shown})

    assert (refused.status, refused.body["type"]) == (401, "caller-unknown")
    assert words in refused.body["detail"]


# partners


async def test_a_partner_sees_its_own_orders_and_no_others_on_every_endpoint(api: Client) -> None:
    await api.register("acme", partner=True)
    await api.register("other", partner=True)
    order, _ = await api.ordered(caller="acme")

    for operation, (method, template) in _operations(api).items():
        if "{order_id}" not in template:
            continue
        path = template.replace("{order_id}", order).replace("{document_id}", UNKNOWN)
        theirs = await api(method, path, {}, caller="other")
        mine = await api(method, path, {}, caller="acme")
        assert (mine.body or {}).get("type") != "order-unknown", operation
        if theirs.status != 400:  # an empty body is told to anybody
            assert (theirs.status, theirs.body["type"]) == (404, "order-unknown"), operation


async def test_a_decision_or_cancellation_on_anothers_order_is_about_no_order(api: Client) -> None:
    await api.register("acme", partner=True)
    order, _ = await api.ordered()

    for path, body in (
        ("decisions", {"decision": "retry"}),
        ("cancellations", {"accept_cost": True}),
    ):
        refused = await api("POST", f"/orders/{order}/{path}", body, caller="acme")
        assert (refused.status, refused.body["type"]) == (404, "order-unknown")
    assert api.processes.asked == []


async def test_lists_and_searches_show_a_partner_its_own(api: Client) -> None:
    await api.register("acme", partner=True)
    theirs = (await api("POST", "/orders", ORDER)).body["order_id"]
    mine = (await api("POST", "/orders", ORDER, caller="acme")).body["order_id"]
    assert theirs != mine, "two clients may use the same key"

    async def listed(caller: str) -> list[str]:
        page = await api("GET", "/orders", caller=caller)
        return [order["order_id"] for order in page.body["orders"]]

    assert await listed("acme") == [mine]
    assert await listed("test") == [mine, theirs]
    for search in ({"contact": ORDER["customer"]["contact"]}, {"number": "06 12 34 56 78"}):
        found = await api("POST", "/search/orders", search, caller="acme")
        assert found.body == {"order_ids": [mine]}


# intake answers for its customer only


async def test_intake_may_not_decide_what_is_for_operations(api: Client) -> None:
    await api.register("crm", Role.INTAKE)
    order, _ = await api.ordered()

    refused = await api("POST", f"/orders/{order}/decisions", {"decision": "retry"}, caller="crm")

    assert (refused.status, refused.body["type"]) == (403, "not-allowed")
    assert "operations" in refused.body["detail"]
    assert api.processes.asked == []


# keys


async def test_a_key_is_replaced_by_its_holder_and_both_open_meanwhile(api: Client) -> None:
    made = await api("POST", "/me/keys")
    assert made.status == 201
    first, api.keys["second"] = api.keys["test"], made.body["key"]

    told = await api("GET", "/me", caller="second")

    assert told.body["name"] == "test"
    assert [key["ends_at"] is None for key in told.body["keys"]] == [False, True]
    assert (await api("GET", "/me")).status == 200
    assert first not in str(told.body)
    assert made.body["key"] not in str(told.body)


async def test_a_revoked_key_no_longer_opens(api: Client) -> None:
    await api.register("crm", Role.INTAKE)
    clients = Clients(ledger=api.store.ledger, keyed_hash=api.store.keyed_hash)
    at = await moment_of(api.store)
    await clients.revoke("crm", None, reason="lost", at=at, by="test")

    refused = await api("GET", "/me", caller="crm")

    assert (refused.status, refused.body["type"]) == (401, "caller-unknown")


async def test_no_key_is_kept_anywhere(api: Client) -> None:
    rows = await api.store.pool.fetch("SELECT data FROM event WHERE type LIKE 'Client%'")

    assert rows
    assert not any(api.keys["test"].rpartition("_")[2] in row["data"] for row in rows)


# limits


async def test_a_client_that_calls_too_often_is_told_when_to_come_back(api: Client) -> None:
    await api.register("eager", per_minute=3)

    answers = [await api("GET", "/me", caller="eager") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].body["type"] == "too-many-requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (await api("GET", "/me")).status == 200, "the others are not kept waiting"


async def test_an_address_that_guesses_is_not_listened_to(api: Client) -> None:
    answers = [await api("GET", "/me", caller=None) for _ in range(61)]

    assert {answer.status for answer in answers[:60]} == {401}
    assert answers[-1].status == 429


async def test_a_body_that_is_too_large_is_refused_however_it_comes(api: Client) -> None:
    large = b'{"reference": "' + b"x" * 8 * 1024 * 1024 + b'"}'

    async def streamed() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    for data in (io.BytesIO(large), streamed()):
        async with api.session.post(
            f"{api.address}/orders", data=data, headers=api.shown_by("test")
        ) as response:
            assert response.status == 413
            assert (await response.json())["type"] == "too-large"


# the record of uses


async def test_uses_and_refusals_are_recorded_with_who_and_what(api: Client) -> None:
    await api.register("crm", Role.INTAKE)
    order, _ = await api.ordered()
    await api("GET", f"/orders/{order}", caller="crm")
    await api("GET", "/me", caller=None)
    await api("POST", f"/orders/{UNKNOWN}/decisions", {"decision": "x"}, caller="crm")
    await api.store.uses.turn()

    kept = await api.store.uses.newest(caller=None, refused_only=False, limit=3)
    refused = await api.store.uses.newest(caller=None, refused_only=True, limit=9)

    told = [(use["caller"], use["operation"], use["about"], use["status"]) for use in kept]
    assert told == [
        ("crm", "decide", UNKNOWN, 400),
        (None, "whoami", None, 401),
        ("crm", "show_order", order, 200),
    ]
    assert [use["status"] for use in refused] == [401]


async def test_what_a_stranger_types_is_not_kept_and_ends_nothing(api: Client) -> None:
    for path in ("/orders/%00", "/orders/0612345678", "/orders/" + "x" * 5000):
        assert (await api("GET", path, caller=None)).status == 401

    await api.store.uses.turn()

    kept = await api.store.uses.newest(caller=None, refused_only=True, limit=9)
    assert [use["about"] for use in kept] == [None, None, None]


async def test_rights_over_the_record_are_to_add_and_to_read(api: Client) -> None:
    for statement in ("DELETE FROM use", "UPDATE use SET status = 200"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await api.store.pool.execute(statement)
