"""Notices through HTTP: every mistake told where it is, every repeat the same answer."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.clients import Role
from domain.clock import Technical
from runtime.notice_office import Pace
from runtime.notice_wiring import notice_office
from tests.integration.conftest import SETTINGS, Client
from tests.porting import RULES, body

UNKNOWN = UUID(int=404)


async def _letter(api: Client, caller: str = "test") -> str:
    """One that a person has to send."""
    await api.ordered(caller=caller)
    office = notice_office(
        api.store, SETTINGS, RULES, messenger=None, pace=Pace(quiet=Technical(timedelta(0)))
    )
    for _ in range(4):
        await office.turn()
        await office.rest()
    (waiting,) = (await api("GET", "/notices")).body["notices"]
    path: str = f"/notices/{waiting['notice_id']}"
    return path


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", f"/notices/{UNKNOWN}", None),
        ("POST", f"/notices/{UNKNOWN}/dates", {"sent_on": "2027-01-08"}),
        ("POST", f"/notices/{UNKNOWN}/decisions", {"decision": "send-again"}),
        ("GET", f"/orders/{UNKNOWN}/told", None),
    ],
)
async def test_what_nobody_knows_is_not_found(
    api: Client, method: str, path: str, sent: dict[str, str] | None
) -> None:
    assert (await api(method, path, sent)).status == 404


@pytest.mark.parametrize(
    ("rest", "sent", "status", "words"),
    [
        ("dates", {}, 422, "at least one of"),
        ("dates", {"sent_on": "2027-01-10"}, 422, "has not come yet"),
        ("dates", {"presented_on": "2027-01-08"}, 422, "sent_on is missing"),
        (
            "dates",
            {"sent_on": "2027-01-08", "presented_on": "2027-01-07"},
            422,
            "presented_on is before sent_on",
        ),
        ("dates", {"sent_on": "yesterday"}, 400, "/sent_on"),
        ("decisions", {"decision": "send-again"}, 409, "decide one of"),
        ("decisions", {"decision": "give-up"}, 409, "a reason is required"),
        ("decisions", {"decision": "other-address", "address": "x"}, 422, "/address"),
        ("decisions", {"decision": "explode"}, 400, "/decision"),
        ("decisions", {"decision": "other-channel", "channel": "email"}, 409, "other-address"),
    ],
)
async def test_every_mistake_is_a_sentence(
    api: Client, rest: str, sent: dict[str, str], status: int, words: str
) -> None:
    path = await _letter(api)

    answer = await api("POST", f"{path}/{rest}", sent)

    assert answer.status == status
    assert words in answer.body["detail"] + str(answer.body["errors"])


async def test_a_repeat_is_the_same_answer_and_another_body_a_conflict(api: Client) -> None:
    path = await _letter(api)
    sent = {"sent_on": "2027-01-08", "received_on": "2027-01-08"}

    first = await api("POST", f"{path}/dates", sent)
    again = await api("POST", f"{path}/dates", sent)
    other = await api("POST", f"{path}/dates", {"sent_on": "2027-01-07"})

    assert (first.status, first.body["in_effect_on"]) == (200, "2027-01-08")
    assert again.body == first.body
    assert (other.status, other.body["type"]) == (409, "idempotency-key-reused")


async def test_a_notice_that_is_given_up_says_why(api: Client) -> None:
    path = await _letter(api)

    answer = await api(
        "POST", f"{path}/decisions", {"decision": "give-up", "reason": "told on the phone"}
    )

    assert (answer.body["stage"], answer.body["why"]) == ("given-up", "told on the phone")
    assert (await api("GET", path)).body["allowed"] == []


async def test_whoever_may_not_read_what_is_personal_sees_no_text(api: Client) -> None:
    path = await _letter(api)
    await api.register("money", Role.FINANCE)

    assert (await api("GET", "/notices", caller="money")).status == 200
    assert (await api("GET", path, caller="money")).status == 403
    assert (await api("POST", f"{path}/dates", {}, caller="money")).status == 403


@pytest.mark.parametrize(
    ("rest", "sent"),
    [
        ("dates", {"sent_on": "2027-01-08"}),
        ("decisions", {"decision": "give-up", "reason": "told on the phone"}),
    ],
)
async def test_a_partner_reads_its_notices_and_neither_dates_nor_settles_them(
    api: Client, rest: str, sent: dict[str, str]
) -> None:
    await api.register("partner", partner=True)
    path = await _letter(api, caller="partner")
    before = await api("GET", path, caller="partner")

    answer = await api("POST", f"{path}/{rest}", sent, caller="partner")

    assert (answer.status, answer.body["type"]) == (403, "not-allowed")
    assert (before.status, (await api("GET", path)).body) == (200, before.body)


@pytest.mark.parametrize("email", ["camille", "a@b.fr\nBcc: c@d.fr", "a@b", ""])
async def test_an_order_with_no_address_for_an_address_is_refused(api: Client, email: str) -> None:
    answer = await api("POST", "/orders", body(customer={"email": email}))

    assert answer.status == 422
    (error,) = answer.body["errors"]
    assert error["pointer"] == "/customer/email"
    assert "camille@example.fr" in error["sentence"]


async def test_an_order_in_a_language_nobody_writes_is_refused(api: Client) -> None:
    answer = await api("POST", "/orders", body(customer={"language": "de"}))

    assert answer.status == 400
    assert "/customer/language" in answer.body["detail"]
