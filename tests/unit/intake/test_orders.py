"""Orders as they come in: kept with their start, or every mistake in them at once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.identity import order_stream
from domain.orders import OrderReceived
from domain.port_in_facts import GateKind, HostNetwork
from intake.faults import OrderRefusedError
from intake.orders import OrderIntake, Submission
from intake.requests import OrderRequest
from ledger.append import CommandReusedError
from ledger.messages import START_ORDER
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.porting import MANDATE, STORY, body, ordered_line, reader, request, rio_of

REQUEST = request()


def _submission(
    asked: OrderRequest = REQUEST, *, key: str = "k-1", client: str = "crm", days: int = 0
) -> Submission:
    return Submission(
        request=asked,
        client=client,
        actor=client,
        idempotency_key=key,
        business_now=STORY + timedelta(days=days),
    )


def _intake() -> tuple[OrderIntake, FakeLedger]:
    ledger = FakeLedger(FakeSubjectKeys())
    return OrderIntake(ledger=ledger, keyed_hash=fake_hash(), lines=reader()), ledger


async def test_an_order_and_its_start_are_kept_together() -> None:
    intake, ledger = _intake()

    submitted = await intake.submit(_submission())

    (received,) = await ledger.read(order_stream(submitted.order_id))
    assert (received.actor, received.business_at) == ("crm", STORY)
    (start,) = ledger.outbox
    assert start.kind == START_ORDER
    assert json.loads(start.payload) == {"order_id": str(submitted.order_id)}


async def test_an_order_pins_the_contract_it_was_signed_under() -> None:
    intake, ledger = _intake()
    submitted = await intake.submit(_submission())

    (received,) = await ledger.read(order_stream(submitted.order_id))

    assert isinstance(received.event, OrderReceived)
    (line,) = received.event.lines
    assert (line.terms.pin.provider, str(line.terms.pin.signed_on)) == ("axantis", "2027-01-08")
    assert all(document.digest for document in line.terms.pin.documents)


async def test_a_retry_is_the_same_order_whenever_it_comes() -> None:
    """Even once the day it wished for can no longer be."""
    intake, ledger = _intake()
    asked = request(line={"wish": "2027-01-20"})
    first = await intake.submit(_submission(asked))

    again = await intake.submit(_submission(asked, days=60))

    assert (again.order_id, first.repeated, again.repeated) == (first.order_id, False, True)
    assert len(ledger.outbox) == 1


async def test_the_same_key_with_another_body_is_refused_and_nothing_is_lost() -> None:
    intake, ledger = _intake()
    await intake.submit(_submission())

    with pytest.raises(CommandReusedError):
        await intake.submit(_submission(request(reference="R-2")))
    assert len(ledger.outbox) == 1


async def test_two_clients_may_use_the_same_key() -> None:
    intake, ledger = _intake()

    first = await intake.submit(_submission(client="crm"))
    second = await intake.submit(_submission(client="portal"))

    assert first.order_id != second.order_id
    assert len(ledger.outbox) == 2


@pytest.mark.parametrize("part", ["reference", "customer", "lines"])
def test_an_order_without_what_it_needs_is_no_order(part: str) -> None:
    whole = body()
    del whole[part]

    with pytest.raises(ValidationError):
        OrderRequest.model_validate(whole)


def _problems(provider: str = "axantis", **changes: Any) -> dict[str, str]:  # noqa: ANN401
    with pytest.raises(OrderRefusedError) as refused:
        ordered_line(provider, **changes)
    return {problem.pointer: problem.sentence for problem in refused.value.problems}


def test_every_mistake_is_named_at_once_with_what_to_do() -> None:
    problems = _problems(
        customer={"kind": "natural-person"},
        line={"msisdn": "0140000000", "host": "bouygues", "sim": "esim"},
    )

    assert set(problems) == {
        "/customer/kind",
        "/lines/0/msisdn",
        "/lines/0/host",
        "/lines/0/sim",
    }
    assert "does not contract with natural persons (003:15)" in problems["/customer/kind"]
    assert "goes through no mobile exchange" in problems["/lines/0/msisdn"]
    assert "does not offer bouygues (003:63): say one of orange." in problems["/lines/0/host"]
    assert "has no eSIM" in problems["/lines/0/sim"]


def test_a_rio_of_the_neighbours_number_is_refused_at_order_time() -> None:
    problems = _problems(line={"rio": rio_of("0612345679")})

    assert "the key does not go with this number" in problems["/lines/0/rio"]


@pytest.mark.parametrize(
    ("changes", "pointer", "sentence"),
    [
        ({"line": {"msisdn": "06123"}}, "/lines/0/msisdn", "has 5 digits"),
        ({"line": {"rio": "01P"}}, "/lines/0/rio", "12 characters"),
        ({"line": {"rio": None}}, "/lines/0/rio", "ask for it at 3179"),
        ({"line": {"host": "sfr"}}, "/lines/0/host", "no interface with sfr yet"),
        ({"signed_on": "2027-01-10"}, "/signed_on", "has not come yet"),
        ({"line": {"wish": "2027-01-11"}}, "/lines/0/wish", "the first day that can be is 2027-01"),
        ({"line": {"wish": "2027-01-24"}}, "/lines/0/wish", "Sunday"),
    ],
)
def test_each_mistake_says_what_to_write_instead(
    changes: dict[str, Any], pointer: str, sentence: str
) -> None:
    assert sentence in _problems(**changes)[pointer]


def test_a_provider_nobody_knows_is_answered_with_those_there_are() -> None:
    asked = request().model_copy(update={"provider": "acme"})

    with pytest.raises(OrderRefusedError, match="write one of axantis"):
        reader().read(asked, order_id=ordered_line().terms.order_id, now=STORY)


def test_where_the_customer_chooses_the_network_it_must_be_said() -> None:
    assert "say one of orange" in _problems("onecom", line={"host": None})["/lines/0/host"]


def test_where_the_provider_chooses_it_need_not_be() -> None:
    assert ordered_line("oksio", line={"host": None}).terms.host is HostNetwork.ORANGE


def test_a_number_of_an_exchange_whose_codes_nobody_knows_is_refused() -> None:
    number = "0692000001"
    problems = _problems(line={"msisdn": number, "rio": rio_of(number)})

    assert "name one in the profile, under port-in.operator-code" in problems["/lines/0/host"]


def test_a_day_far_ahead_is_kept() -> None:
    assert str(ordered_line(line={"wish": "2027-06-15"}).terms.wished) == "2027-06-15"


def test_oksio_lets_the_rio_come_within_fifteen_calendar_days() -> None:
    line = ordered_line("oksio", line={"rio": None})

    (gate,) = line.gates
    assert (gate.kind, gate.falls_back) == (GateKind.RIO, True)
    assert gate.until.isoformat() == "2027-01-24T00:00:00+01:00"  # 23 January at 24:00
    assert gate.source.startswith("000:1056-1057")


def test_oksio_takes_the_request_for_the_mandate_and_says_so() -> None:
    said = [one.en for one in ordered_line("oksio").stated]

    assert any(one.startswith("mandate: the request is the mandate (000:909") for one in said)
    assert any("never sent before the port" in one for one in said)


def test_deliveries_are_held_after_eight_ouvrables_of_arrears() -> None:
    held = ordered_line("oksio", customer={"unpaid_since": "2026-12-28"})
    not_yet = ordered_line("oksio", customer={"unpaid_since": "2027-01-05"})
    elsewhere = ordered_line("axantis", customer={"unpaid_since": "2026-01-05"})

    assert [gate.kind for gate in held.gates] == [GateKind.ARREARS]
    assert (not_yet.gates, elsewhere.gates) == ((), ())


@pytest.mark.parametrize(
    ("customer", "gates"),
    [
        ({"headcount": 5, "off_premises": True, "within_main_activity": False}, ["withdrawal"]),
        ({"headcount": 6, "off_premises": True, "within_main_activity": False}, []),
        ({"headcount": 5, "off_premises": False, "within_main_activity": False}, []),
        ({"headcount": 5, "off_premises": True, "within_main_activity": True}, []),
        (
            {
                "headcount": 5,
                "off_premises": True,
                "within_main_activity": False,
                "start_now": True,
            },
            [],
        ),
    ],
)
def test_the_right_of_withdrawal_closes_a_gate_only_where_the_law_gives_it(
    customer: dict[str, object], gates: list[str]
) -> None:
    assert [gate.kind for gate in ordered_line(customer=customer).gates] == gates


def test_a_right_of_withdrawal_that_has_run_out_closes_nothing() -> None:
    small = {"headcount": 2, "off_premises": True, "within_main_activity": False}

    assert ordered_line(customer=small, signed_on="2026-12-20").gates == ()


def test_the_dossier_is_due_thirty_days_from_signature_and_before_the_port() -> None:
    papers = ordered_line("oksio", documents=[{"name": "identity", "on": "2027-01-08"}])
    wished = ordered_line(
        "oksio",
        documents=[{"name": "identity", "on": "2027-01-08"}],
        line={"wish": "2027-02-26"},
    )

    (gate,) = papers.gates
    assert gate.needs == (
        "contract-copies",
        "three-last-invoices",
        "termination-letter",
        "porting-form",
    )
    assert gate.until.isoformat() == "2027-02-08T00:00:00+01:00"  # 7 February at 24:00
    assert wished.gates[0].until.isoformat() == "2027-01-28T00:00:00+01:00"


def test_a_contract_that_is_silent_about_identity_says_so() -> None:
    said = [one.en for one in ordered_line("onecom", documents=[MANDATE]).stated]

    assert "identity: the contract is silent, no further check" in said


def test_identity_is_asked_of_whoever_the_contract_says() -> None:
    ours = ordered_line("oksio", documents=[]).gates
    reseller = ordered_line("nexis", documents=[MANDATE]).gates

    assert any("to be checked by us" in gate.said.en for gate in ours)
    assert any("to be checked by the reseller" in gate.said.en for gate in reseller)
