"""The exchanges through HTTP: what waits, what may be decided, and what leaves as a ticket."""

from uuid import UUID

import pytest

from domain.clients import Role
from domain.exchange_troubles import TroubleKind
from ledger.messages import DO_AGAIN, SEND_REPLY
from runtime.relay import Done, Park
from runtime.transfers import TransferReplier
from runtime.wiring import exchange_of
from tests.exchange_facts import request, told, told_again, trouble_in
from tests.exchange_house import GPM, SESSION, about, later, number_of, rio_of
from tests.integration.conftest import SETTINGS, Client
from tests.porting import body
from tests.porting import rio_of as rio_at_donor
from tests.reverse_ports import moved_in_vain, ported_in

UNKNOWN = UUID(int=404)
OUR_RIO = rio_at_donor(number_of("one"))


async def test_a_trouble_is_listed_settled_and_gone(api: Client) -> None:
    trouble = await trouble_in(api.store)
    (listed,) = (await api("GET", "/exchange/troubles")).body["troubles"]
    assert (listed["trouble_id"], listed["kind"], listed["code"]) == (
        str(trouble),
        "unanswered",
        "E011",
    )
    assert listed["allowed"] == ["settle", "deposit-again"]
    path = f"/exchange/troubles/{trouble}/decisions"

    settled = await api("POST", path, {"decision": "settle", "reason": "they were called"})
    again = await api("POST", path, {"decision": "settle", "reason": "they were called"})

    assert (settled.status, settled.body["open"], settled.body["allowed"]) == (200, False, [])
    assert again.body == settled.body
    assert await api.store.outbox.lease(limit=9) == ()
    other = await api("POST", path, {"decision": "settle"}, key="another")
    assert (other.status, other.body["type"]) == (409, "decision-refused")
    assert "settled already" in other.body["detail"]


async def test_what_a_person_has_done_again_leaves_through_the_outbox(api: Client) -> None:
    trouble = await trouble_in(api.store, TroubleKind.TICKET_SET_ASIDE)
    path = f"/exchange/troubles/{trouble}/decisions"

    refused = await api("POST", path, {"decision": "deposit-again"})
    taken = await api("POST", path, {"decision": "read-again"}, key="read")

    assert "settle, read-again" in refused.body["detail"]
    assert taken.status == 200
    (row,) = await api.store.outbox.lease(limit=9)
    assert (row.kind, str(trouble) in row.payload) == (DO_AGAIN, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/exchange/troubles/{UNKNOWN}/decisions", {"decision": "settle"}),
        (f"/exchange/transfers/{UNKNOWN}/answers", {"answer": "accept"}),
    ],
)
async def test_what_nobody_knows_is_not_found(api: Client, path: str, body: dict[str, str]) -> None:
    answer = await api("POST", path, body)

    assert answer.status == 404
    assert "lists those that wait" in answer.body["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decision"),
        ({"decision": "explode"}, "/decision"),
        ({"decision": "settle", "reason": 3}, "/reason"),
        ({"decision": "settle", "by": ""}, "/by"),
        ({"decision": "settle", "more": "x"}, "/more"),
    ],
)
async def test_every_mistake_in_a_decision_is_told_where_it_is(
    api: Client, body: dict[str, object], pointer: str
) -> None:
    trouble = await trouble_in(api.store)

    answer = await api("POST", f"/exchange/troubles/{trouble}/decisions", body)

    assert answer.status in {400, 422}
    assert [error["pointer"] for error in answer.body["errors"]] == [pointer]


async def test_a_request_of_another_operator_is_answered_by_a_person(api: Client) -> None:
    transfer = await told(api.store, request("one"))
    (listed,) = (await api("GET", "/exchange/transfers")).body["transfers"]
    number = number_of("one")
    assert (listed["msisdn"], listed["rio"], listed["stage"]) == (number, rio_of(number), "asked")
    assert listed["until"] == "2027-01-13T11:00:00+01:00"
    path = f"/exchange/transfers/{transfer}/answers"

    wrong = await api("POST", path, {"answer": "refuse", "code": "R999"})
    refused = await api("POST", path, {"answer": "refuse", "code": "R123"}, key="refused")
    again = await api("POST", path, {"answer": "refuse", "code": "R123"}, key="refused")

    assert (wrong.status, "such as R123" in wrong.body["detail"]) == (409, True)
    assert (refused.status, refused.body["stage"]) == (200, "over")
    assert again.body == refused.body
    late = await api("POST", path, {"answer": "accept"}, key="late")
    assert "nothing: it is over" in late.body["detail"]
    (row,) = await api.store.outbox.lease(limit=9)
    assert row.kind == SEND_REPLY
    assert number not in row.payload


async def test_an_answer_leaves_as_one_ticket_whatever_is_repeated(api: Client) -> None:
    transfer = await told(api.store, request("one"))
    await api("POST", f"/exchange/transfers/{transfer}/answers", {"answer": "accept"})
    (row,) = await api.store.outbox.lease(limit=9)
    replier = TransferReplier(ledger=api.store.ledger, exchange=exchange_of(api.store, SETTINGS))

    assert await replier.send(row.payload) == Done()
    assert await replier.send(row.payload) == Done()

    (ticket,) = await api.store.outgoing.waiting(GPM, due_by=later(days=9))
    assert (ticket.emitter, ticket.recipient) == ("02", "01")
    assert ticket.body.startswith("1210|02|01|01|02|")
    for payload in ("nonsense", "{}", row.payload.replace(str(transfer), str(UNKNOWN))):
        assert isinstance(await replier.send(payload), Park)


async def test_tickets_that_follow_move_the_transfer_and_doubles_do_not(api: Client) -> None:
    transfer = await told(api.store, request("one"))
    await told(api.store, request("one"))
    await api("POST", f"/exchange/transfers/{transfer}/answers", {"answer": "accept"})
    porting = about("one", "1410", "20270113105000", "20270115", by="01", to="00")
    await told(api.store, porting)
    announced = (await api("GET", f"/exchange/transfers/{transfer}")).body

    assert (announced["stage"], announced["allowed"]) == ("announced", ["confirm"])
    assert announced["until"] == "2027-01-15T20:00:00+01:00"
    confirm = {"answer": "confirm", "reason": "routing changed", "by": "Lou"}
    confirmed = await api("POST", f"/exchange/transfers/{transfer}/answers", confirm, key="c")
    assert confirmed.body["stage"] == "over"
    assert [entry["event"] for entry in confirmed.body["timeline"]] == [
        "TransferRequested",
        "TransferAccepted",
        "TransferAnnounced",
        "TransferConfirmed",
    ]


async def test_a_cancellation_and_a_reverse_port_wait_for_a_person(api: Client) -> None:
    await told(api.store, request("one"))
    given_up = await told(
        api.store, about("one", "1510", "C001", "20270111105000", "", "", by="01", to="02")
    )
    reverse = about("two", "2410", "20270111105000", "20270118", by="01", to="00")
    elsewhere = await told(api.store, reverse)

    stages = {
        t["transfer_id"]: (t["stage"], t["allowed"])
        for t in (await api("GET", "/exchange/transfers")).body["transfers"]
    }
    assert stages == {
        str(given_up): ("given-up", ["confirm"]),
        str(elsewhere): ("elsewhere", ["settle"]),
    }


async def test_a_cancellation_that_overtakes_its_request_waits_for_it(api: Client) -> None:
    """Both stand in one file, and are handed over side by side."""
    cancelled = about("one", "1510", "C001", "20270111105000", "", "", by="01", to="02")
    transfer = await told(api.store, cancelled)
    assert (await api("GET", f"/exchange/transfers/{transfer}")).status == 404

    await told(api.store, request("one"))
    await told_again(api.store)

    assert (await api("GET", f"/exchange/transfers/{transfer}")).body["stage"] == "given-up"


async def test_the_exchanges_are_the_houses_own(api: Client) -> None:
    await api.register("acme", Role.OPERATIONS, partner=True)
    trouble = await trouble_in(api.store)

    for method, path in (
        ("GET", "/exchange/files"),
        ("GET", "/exchange/troubles"),
        ("GET", "/exchange/transfers"),
        ("POST", f"/exchange/troubles/{trouble}/decisions"),
    ):
        body = {"decision": "settle"} if method == "POST" else None
        answer = await api(method, path, body, caller="acme")
        assert (answer.status, answer.body["type"]) == (403, "not-allowed")


async def test_files_are_listed_without_what_is_in_them(api: Client) -> None:
    await api.store.incoming.receive(GPM, "PNMDATA.02.01.20270111102000.001", b"x", at=SESSION)

    (received,) = (await api("GET", "/exchange/files")).body["received"]

    assert received == {
        "name": "PNMDATA.02.01.20270111102000.001",
        "group": "GPM",
        "emitter": "02",
        "lines": 0,
        "received_at": "2027-01-11T09:50:02Z",
        "answer": None,
        "answered": False,
    }


async def test_a_number_of_ours_that_lives_is_not_refused_as_ended(api: Client) -> None:
    order, line = await api.ordered(body(line={"msisdn": number_of("one"), "rio": OUR_RIO}))
    await ported_in(api.store, line, order=order)
    transfer = await told(api.store, request("one"))
    path = f"/exchange/transfers/{transfer}"

    shown = (await api("GET", path)).body
    refused = await api("POST", f"{path}/answers", {"answer": "refuse", "code": "R323"}, key="r")
    again = await api("POST", f"{path}/answers", {"answer": "reactivate", "reason": "x"}, key="a")

    assert shown["our_line"] == {
        "line_id": str(line),
        "ended_at": None,
        "ended_on": None,
        "went_back": False,
    }
    assert (refused.status, "a suspension is no end" in refused.body["detail"]) == (409, True)
    assert (again.status, "nothing to activate" in again.body["detail"]) == (409, True)


async def test_a_number_of_ours_stays_so_whoever_else_asked_for_it_since(api: Client) -> None:
    order, line = await api.ordered(body(line={"msisdn": number_of("one"), "rio": OUR_RIO}))
    await ported_in(api.store, line, order=order)
    await moved_in_vain(api.store, line, order=order)
    path = f"/exchange/transfers/{await told(api.store, request('one'))}"

    refused = await api("POST", f"{path}/answers", {"answer": "refuse", "code": "R322"}, key="r")

    assert (await api("GET", path)).body["our_line"]["line_id"] == str(line)
    assert (refused.status, "a suspension is no end" in refused.body["detail"]) == (409, True)


async def test_a_number_is_activated_again_on_a_justified_request(api: Client) -> None:
    transfer = await told(api.store, request("one"))
    path = f"/exchange/transfers/{transfer}"
    again = {"answer": "reactivate", "reason": "their customer's mail, filed as 12"}

    done = await api("POST", f"{path}/answers", again, key="again")
    refused = await api("POST", f"{path}/answers", {"answer": "refuse", "code": "R323"}, key="r")
    accepted = await api("POST", f"{path}/answers", {"answer": "accept"}, key="a")

    assert (done.body["stage"], done.body["our_line"]) == ("asked", None)
    assert "activated again" in refused.body["detail"]
    assert accepted.body["stage"] == "agreed"
