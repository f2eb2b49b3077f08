"""Bouygues Telecom's dialect: what is signed, what is believed, and what is no answer."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.gateway import BouyguesGateway, http_session, read_webhook
from adapters.bouygues.mapping import line_change, line_order, order_withdrawal
from adapters.bouygues.messages import UnreadableAnswerError
from adapters.bouygues.signing import Signing
from domain.operators import (
    Change,
    ChangeRefusedTold,
    LineChangedTold,
    LineReadyTold,
    NotANotificationError,
    NumberGivenTold,
    Refused,
    ReleasedTold,
    StepRefusedTold,
    StrangerError,
    SwitchedTold,
    Took,
    Unanswered,
    Unreadable,
    WithdrawnTold,
)
from domain.port_in_facts import Step
from tests.conformance.host import NUMBER, change, request, withdrawal
from tests.unit.adapters.wire import Wire, open_wire

NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
SIGNING = Signing(account="raccord", secret="s3cret")
DOOR = BouyguesDoor(signing=SIGNING)
ASKED = request("one", number=NUMBER)
BY_KEY = f"/operations/{ASKED.key}"
UNKNOWN = b'{"error": {"code": "unknown_operation"}}'
KEPT = json.dumps(
    {"operation": {"id": "op_1", "idempotency_key": ASKED.key, "state": "accepted"}}
).encode()
AT = "2027-01-10T00:00:00Z"
Json = dict[str, object]


@dataclass
class Bouygues:
    wire: Wire
    gateway: BouyguesGateway


@pytest.fixture
async def bouygues() -> AsyncIterator[Bouygues]:
    async with open_wire() as wire, http_session() as session:
        gateway = BouyguesGateway(
            session=session, url=wire.url, signing=SIGNING, wall_now=lambda: NOW
        )
        yield Bouygues(wire, gateway)


def webhook(kind: str = "line.reserved", intent: str = "reserve", **details: object) -> Json:
    return {
        "event": {"id": "evt_1", "kind": kind, "occurred_at": AT},
        "operation": {"id": "op_1", "idempotency_key": "k-1", "intent": intent},
        "line": {"id": "bt-1", "partner_line": str(ASKED.line_id)},
        "details": details,
    }


def signed(body: bytes, *, at: datetime = NOW) -> dict[str, str]:
    return {"x-signature": SIGNING.webhook_header(body, at=at)}


BODY = json.dumps(webhook()).encode()


# what we ask


async def test_every_request_is_signed_and_every_effect_bears_its_key(bouygues: Bouygues) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will("/lines", 201, KEPT)

    assert await bouygues.gateway.ask(ASKED) == Took(reference="op_1")
    looked, posted = bouygues.wire.heard

    assert (looked.method, "idempotency-key" in looked.headers) == ("GET", False)
    assert posted.headers["idempotency-key"] == ASKED.key
    for heard in (looked, posted):
        content = b"1799582400." + f"{heard.method}.{heard.path}.".encode() + heard.body
        expected = hmac.new(b"s3cret", content, hashlib.sha256).hexdigest()
        assert heard.headers["x-signature"] == f"t=1799582400,v1={expected}"
        assert heard.headers["x-account"] == "raccord"


def test_effects_are_written_in_their_words() -> None:
    switched = line_order(request("switch", Step.SWITCH_LINE, number=NUMBER))
    given = line_order(request("give", Step.GIVE_NUMBER, number=None))
    barred = line_change(change("bar", Change.SUSPEND, "bt-1"))
    cancelled = order_withdrawal(withdrawal("w", "k-0"))

    assert line_order(ASKED).path == "/lines"
    assert switched.path == "/lines/OL-1/activation"
    assert switched.body["number"] == {"origin": "ported", "value": NUMBER}
    assert given.body["number"] == {"origin": "new"}
    assert (barred.path, barred.body["reason"]) == ("/lines/bt-1/barring", {"code": "unpaid"})
    assert cancelled.body["cancelled"] == {"idempotency_key": "k-0"}
    assert NUMBER not in repr(switched)


@pytest.mark.parametrize("name", ["../numbers", "a/b", "", "ligne é", "x" * 61])
async def test_a_name_that_is_none_of_theirs_goes_into_no_address(
    bouygues: Bouygues, name: str
) -> None:
    answers = [
        await bouygues.gateway.rio_of(name),
        await bouygues.gateway.change_line(change("c", Change.SUSPEND, name)),
    ]

    assert all(isinstance(answer, Unanswered) for answer in answers)
    assert bouygues.wire.heard == []


# answers that are none


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<html>no such page</html>"),
        (404, b'{"error": {"code": "unknown_line"}}'),
        (200, b"{}"),
        (200, b'{"operation": 3}'),
        (200, b"[" * 60_000),
        (200, b" " * 70_000),
        (200, KEPT.replace(ASKED.key.encode(), b"another")),
        (200, KEPT.replace(b"accepted", b"refused")),
        (302, b""),
        (401, UNKNOWN),
        (429, UNKNOWN),
        (503, UNKNOWN),
    ],
)
async def test_nothing_is_ordered_while_they_do_not_say_what_they_have(
    bouygues: Bouygues, status: int, body: bytes
) -> None:
    bouygues.wire.will("*", status, body, {"Location": "/elsewhere"})

    assert isinstance(await bouygues.gateway.ask(ASKED), Unanswered)
    assert [heard.path for heard in bouygues.wire.heard] == [BY_KEY]
    assert await bouygues.gateway.look_up(ASKED.key) is None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "waits"),
    [("600", timedelta(minutes=10)), ("", None), ("soon", None), ("9" * 400, timedelta(days=366))],
)
async def test_how_long_they_ask_to_be_left_alone_is_said(
    bouygues: Bouygues, status: int, said: str, waits: timedelta | None
) -> None:
    bouygues.wire.will("*", status, UNKNOWN, {"Retry-After": said})

    answer = await bouygues.gateway.ask(ASKED)

    assert isinstance(answer, Unanswered)
    assert answer.retry_after == waits


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (400, b'{"error": {"code": "x"}}'),
        (404, b"not found"),
        (422, b'{"error": {"code": "with space"}}'),
        (500, b'{"error": {"code": "x"}}'),
        (201, KEPT.replace(ASKED.key.encode(), b"another")),
    ],
)
async def test_an_effect_is_only_taken_or_refused_by_an_answer_that_says_so(
    bouygues: Bouygues, status: int, body: bytes
) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will("/lines", status, body)

    assert isinstance(await bouygues.gateway.ask(ASKED), Unanswered)


async def test_a_refusal_is_in_their_own_code(bouygues: Bouygues) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will("/lines", 422, b'{"error": {"code": "no_stock", "message": "none left"}}')

    assert await bouygues.gateway.ask(ASKED) == Refused(code="no_stock")


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("in_progress", {}, Took(reference="op_1")),
        ("completed", {}, Took(reference="op_1")),
        ("refused", {"refusal": {"code": "no_stock"}}, Refused(code="no_stock")),
        ("cancelled", {}, Refused(code="cancelled")),
    ],
)
async def test_what_an_earlier_attempt_came_to_is_the_answer(
    bouygues: Bouygues, state: str, more: Json, expected: object
) -> None:
    operation = {"id": "op_1", "idempotency_key": ASKED.key, "state": state, **more}
    bouygues.wire.will(BY_KEY, 200, json.dumps({"operation": operation}).encode())

    assert await bouygues.gateway.ask(ASKED) == expected
    assert len(bouygues.wire.heard) == 1


# webhooks at the door


def test_a_signed_webhook_is_kept_under_its_own_id_and_our_line() -> None:
    delivery = DOOR.receive(BODY, signed(BODY), now=NOW)

    assert (delivery.source, delivery.message_key) == ("bouygues", "evt_1")
    assert delivery.correlation == str(ASKED.line_id)
    assert delivery.body.encode() == BODY


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_a_signature_is_good_for_five_minutes_either_way(minutes: int) -> None:
    headers = signed(BODY, at=NOW + timedelta(minutes=minutes))

    assert DOOR.receive(BODY, headers, now=NOW).message_key == "evt_1"


GOOD = signed(BODY)["x-signature"]
OTHERS = Signing(account="raccord", secret="other").webhook_header(BODY, at=NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        OTHERS,
        GOOD.replace("t=", "t=1"),
        GOOD.replace("v1=", "v0="),
        GOOD.upper(),
        GOOD[:-1],
        f"{GOOD},t=1799582400",
        "t=,v1=",
        "t=abc,v1=abc",
        "t=1799582400",
        "é" * 50,
        signed(BODY, at=NOW + timedelta(minutes=5, seconds=1))["x-signature"],
        signed(BODY, at=NOW - timedelta(minutes=5, seconds=1))["x-signature"],
        signed(BODY + b" ")["x-signature"],
    ],
)
def test_whoever_cannot_sign_is_a_stranger(header: str) -> None:
    with pytest.raises(StrangerError):
        DOOR.receive(BODY, {"x-signature": header}, now=NOW)


def test_one_good_signature_among_several_is_enough() -> None:
    header = f"{GOOD}, v1={'0' * 64}"

    assert DOOR.receive(BODY, {"x-signature": header}, now=NOW).message_key == "evt_1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b" " * 70_000,
        BODY.replace(b"evt_1", b"with space"),
        BODY.replace(b"partner_line", b"line"),
        BODY.replace(str(ASKED.line_id).encode(), b"not-a-line"),
    ],
)
def test_what_is_no_webhook_is_said_to_be_none_without_repeating_it(body: bytes) -> None:
    with pytest.raises(NotANotificationError, match="send a"):
        DOOR.receive(body, signed(body), now=NOW)


def test_no_secret_is_shown_by_what_holds_it() -> None:
    assert "s3cret" not in repr(DOOR)


# what they tell


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (webhook(), LineReadyTold),
        (
            webhook("line.switched", outage={"starts_at": AT, "ends_at": AT}, sim_activated_at=AT),
            SwitchedTold,
        ),
        (webhook("number.assigned", number={"value": "0756200001"}), NumberGivenTold),
        (webhook("line.terminated"), ReleasedTold),
        (webhook("line.barred"), LineChangedTold),
        (webhook("line.unbarred"), LineChangedTold),
        (webhook("operation.cancelled", cancelled={"idempotency_key": "k-0"}), WithdrawnTold),
        (webhook("operation.refused", "reserve", refusal={"code": "x"}), StepRefusedTold),
        (webhook("operation.refused", "cancel", refusal={"code": "x"}), ChangeRefusedTold),
        (webhook("operation.refused", "dance", refusal={"code": "x"}), Unreadable),
        (webhook("line.danced"), Unreadable),
        (webhook("line.switched"), Unreadable),
        (webhook("number.assigned", number={"value": "+33612345678"}), Unreadable),
        ({**webhook(), "line": {"partner_line": str(ASKED.line_id)}}, Unreadable),
        (
            {**webhook(), "event": {"id": "e", "kind": "line.barred", "occurred_at": 1799582400}},
            Unreadable,
        ),
    ],
)
def test_every_webhook_becomes_one_of_our_words_or_is_unreadable(told: Json, kind: type) -> None:
    read = read_webhook(json.dumps(told))

    assert isinstance(read, kind)
    assert NUMBER not in repr(read)


def test_a_line_without_a_name_of_theirs_goes_by_ours() -> None:
    released = request("release", Step.RELEASE_LINE, number=None)
    nameless = type(released)(**{**released.__dict__, "host_line": None})

    assert line_order(nameless).path == f"/lines/partner:{released.line_id}/termination"
    with pytest.raises(UnreadableAnswerError):
        line_change(change("c", Change.SUSPEND, "a b"))
