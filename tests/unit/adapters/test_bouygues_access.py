"""Bouygues Telecom's dialect about fixed accesses: what is commanded, and what comes in."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from adapters.bouygues.access_mapping import PRODUCTS, access_command
from adapters.bouygues.door import BouyguesDoor
from adapters.bouygues.gateway import BouyguesGateway, http_session, read_webhook
from adapters.bouygues.signing import Signing
from domain.access_facts import Locator, Technology
from domain.access_operators import ACCESS_STEPS
from domain.access_told import SaturatedTold
from domain.operators import NotANotificationError, Refused, Took, Unanswered
from domain.port_in_facts import Step
from tests.unit.adapters.accesses import ADDRESS, KEY, LINE, NDI, SECRETS, SOCKET, asked
from tests.unit.adapters.bouygues_webhooks import CHECKED, SATURATED, WITHDRAWN, Json
from tests.unit.adapters.spoiling import replaced, without
from tests.unit.adapters.wire import Wire, open_wire

NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
SIGNING = Signing(account="raccord", secret="s3cret")
DOOR = BouyguesDoor(signing=SIGNING)
BY_KEY = f"/operations/{KEY}"
BY_OURS = f"/accesses/partner:{LINE}/commands"
UNKNOWN = b'{"error": {"code": "unknown_operation"}}'
KEPT = json.dumps(
    {"operation": {"id": "op_1", "idempotency_key": KEY, "state": "accepted"}}
).encode()


# what we ask


@pytest.mark.parametrize(
    ("step", "command"),
    [
        (Step.CHECK_ELIGIBILITY, "CHECK"),
        (Step.STUDY_SITE, "STUDY"),
        (Step.RESERVE_ACCESS, "RESERVE"),
        (Step.DESATURATE, "DESATURATE"),
        (Step.RELEASE_ACCESS, "GIVE_BACK"),
        (Step.PUT_BACK, "PUT_BACK"),
    ],
)
def test_each_step_is_a_command_to_one_resource(step: Step, command: str) -> None:
    posted = access_command(asked(step))

    assert (posted.path, posted.body["command"]) == (BY_OURS, command)
    assert posted.body["partner_access"] == LINE
    assert posted.body["requested_at"] == "2027-01-06T23:00:00Z"


def test_all_products_are_asked_about_and_one_is_commanded() -> None:
    checked = access_command(asked(down_kbps=100_000)).body
    ordered = access_command(asked(Step.RESERVE_ACCESS, quote="Q-1")).body

    assert checked["products"] == ["FTTH", "VDSL2"]
    assert checked["minimum"] == {"download_kbps": 100_000}
    assert checked["location"] == {"insee_code": "57463", "address": {"text": ADDRESS}}
    assert (ordered["product"], ordered["accepted_quote"]) == ("FTTH", {"id": "Q-1"})


def test_an_access_is_given_back_by_its_name() -> None:
    posted = access_command(asked(Step.RELEASE_ACCESS, technologies=(), reference="bt-S1"))

    assert posted.path == "/accesses/bt-S1/commands"
    assert "product" not in posted.body


@pytest.mark.parametrize(
    ("locator", "name", "kind"),
    [
        (Locator.BUILDING, "IMB/57463/A1B2", "BUILDING_CODE"),
        (Locator.SOCKET, SOCKET, "OTP"),
        (Locator.LINE, NDI, "LINE_NUMBER"),
    ],
)
def test_a_site_is_found_by_what_it_is_named_by(locator: Locator, name: str, kind: str) -> None:
    posted = access_command(asked(locator=locator, name=name))

    assert posted.body["location"]["identifier"] == {"kind": kind, "value": name}
    assert name not in repr(posted)
    assert ADDRESS not in repr(posted)


def test_every_step_and_technology_has_its_word() -> None:
    bodies = [access_command(asked(step, technologies=tuple(Technology))) for step in ACCESS_STEPS]

    assert set(PRODUCTS) == set(Technology)
    assert len(set(PRODUCTS.values())) == len(PRODUCTS)
    assert all(bodies)


# on the wire


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


async def test_a_command_is_looked_up_and_then_sent_once_under_its_key(bouygues: Bouygues) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will(BY_KEY, 200, KEPT)
    bouygues.wire.will(BY_OURS, 202, KEPT)

    answers = [await bouygues.gateway.ask_access(asked()) for _ in range(2)]

    assert answers == [Took(reference="op_1")] * 2
    assert [heard.path for heard in bouygues.wire.heard] == [BY_KEY, BY_OURS, BY_KEY]
    assert bouygues.wire.asked(BY_OURS)[0].headers["idempotency-key"] == KEY


@pytest.mark.parametrize("name", ["../lines", "a/b", "", "accès", "x" * 61])
async def test_a_name_that_is_none_of_theirs_goes_into_no_address(
    bouygues: Bouygues, name: str
) -> None:
    answer = await bouygues.gateway.ask_access(asked(Step.RELEASE_ACCESS, reference=name))

    assert isinstance(answer, Unanswered)
    assert bouygues.wire.heard == []


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"{}"), (404, b"not found"), (409, b"{}"), (500, KEPT), (503, b"")]
)
async def test_an_answer_that_says_nothing_is_none_and_the_command_may_be_under_way(
    bouygues: Bouygues, status: int, body: bytes
) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will("*", status, body)

    answer = await bouygues.gateway.ask_access(asked(Step.RESERVE_ACCESS))

    assert isinstance(answer, Unanswered)
    assert answer.sent


async def test_nothing_is_commanded_while_they_do_not_say_what_they_have(
    bouygues: Bouygues,
) -> None:
    bouygues.wire.will("*", 500, b"{}")

    answer = await bouygues.gateway.ask_access(asked())

    assert isinstance(answer, Unanswered)
    assert not answer.sent
    assert [heard.path for heard in bouygues.wire.heard] == [BY_KEY]
    assert await bouygues.gateway.look_up_access(KEY) is None


async def test_a_refusal_is_in_their_own_code(bouygues: Bouygues) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will(BY_OURS, 422, b'{"error": {"code": "QUOTE_NOT_ACCEPTED"}}')

    answer = await bouygues.gateway.ask_access(asked(Step.RESERVE_ACCESS))

    assert answer == Refused(code="QUOTE_NOT_ACCEPTED")


async def test_what_became_of_a_command_is_found_as_it_would_have_been_told(
    bouygues: Bouygues,
) -> None:
    operation = {"id": "op_1", "idempotency_key": KEY, "state": "completed", "event": SATURATED}
    bouygues.wire.will(BY_KEY, 200, json.dumps({"operation": operation}).encode())

    found = await bouygues.gateway.look_up_access(KEY)

    assert found is not None
    assert isinstance(read_webhook(found), SaturatedTold)
    assert await bouygues.gateway.ask_access(asked()) == Took(reference="op_1")


async def test_where_a_site_is_goes_into_bodies_alone(bouygues: Bouygues) -> None:
    bouygues.wire.will(BY_KEY, 404, UNKNOWN)
    bouygues.wire.will("*", 500, b"{}")
    requests = [
        asked(step, locator=locator, name=name)
        for step in ACCESS_STEPS
        for locator, name in ((Locator.SOCKET, SOCKET), (Locator.LINE, NDI))
    ]

    with capture_logs() as logs:
        answers = [await bouygues.gateway.ask_access(request) for request in requests]

    addresses = [heard.path + heard.query + str(heard.headers) for heard in bouygues.wire.heard]
    shown = repr((addresses, requests, answers, logs, bouygues.gateway))
    assert not any(secret in shown for secret in SECRETS)
    assert any(NDI.encode() in heard.body for heard in bouygues.wire.heard)


# at the door


@pytest.mark.parametrize("told", [CHECKED, WITHDRAWN])
def test_a_webhook_about_an_access_is_kept_under_its_id_and_our_line(told: Json) -> None:
    body = json.dumps(told).encode()
    headers = {"x-signature": SIGNING.webhook_header(body, at=NOW)}

    delivery = DOOR.receive(body, headers, now=NOW)

    assert (delivery.source, delivery.message_key, delivery.correlation) == (
        "bouygues",
        "evt_1",
        LINE,
    )
    assert delivery.body.encode() == body


@pytest.mark.parametrize(
    "told",
    [
        without(CHECKED, ("access",)),
        without(CHECKED, ("access", "partner_access")),
        replaced(CHECKED, ("access", "partner_access"), ADDRESS),
        without(CHECKED, ("event", "id")),
    ],
)
def test_what_names_no_line_of_ours_is_said_to_be_no_webhook(told: Json) -> None:
    body = json.dumps(told).encode()
    headers = {"x-signature": SIGNING.webhook_header(body, at=NOW)}

    with pytest.raises(NotANotificationError, match=r"access\.partner_access") as caught:
        DOOR.receive(body, headers, now=NOW)

    assert ADDRESS not in repr(caught.value)
