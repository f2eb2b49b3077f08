import json

import pytest
from pydantic import ValidationError

from domain.identity import order_stream
from intake.orders import OrderIntake, OrderRequest, Submission
from ledger.append import CommandReusedError
from ledger.messages import START_WALKING_ORDER
from tests.builders import NOON
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger

REQUEST = OrderRequest(reference="R-1", contact="Camille Martin")


def _submission(
    request: OrderRequest = REQUEST, *, key: str = "k-1", client: str = "crm", hour: int = 12
) -> Submission:
    return Submission(
        request=request,
        client=client,
        idempotency_key=key,
        business_now=NOON.replace(hour=hour),
    )


def _intake() -> tuple[OrderIntake, FakeLedger]:
    ledger = FakeLedger(FakeSubjectKeys())
    return OrderIntake(ledger=ledger, keyed_hash=fake_hash()), ledger


async def test_an_order_and_its_start_are_kept_together() -> None:
    intake, ledger = _intake()

    submitted = await intake.submit(_submission())

    (received,) = await ledger.read(order_stream(submitted.order_id))
    assert (received.actor, received.business_at) == ("crm", NOON)
    (start,) = ledger.outbox
    assert start.kind == START_WALKING_ORDER
    assert json.loads(start.payload) == {"order_id": str(submitted.order_id)}


async def test_a_retry_is_the_same_order_whenever_it_comes() -> None:
    intake, ledger = _intake()
    first = await intake.submit(_submission())

    again = await intake.submit(_submission(hour=18))

    assert (again.order_id, first.repeated, again.repeated) == (first.order_id, False, True)
    assert len(ledger.outbox) == 1


async def test_the_same_key_with_another_body_is_refused_and_nothing_is_lost() -> None:
    intake, ledger = _intake()
    await intake.submit(_submission())

    other = OrderRequest(reference="R-1", contact="Lou Bernard")
    with pytest.raises(CommandReusedError):
        await intake.submit(_submission(other))

    assert len(ledger.rows) == 1


async def test_two_clients_may_use_the_same_key() -> None:
    intake, _ = _intake()

    ours = await intake.submit(_submission())
    theirs = await intake.submit(_submission(client="portal"))

    assert ours.order_id != theirs.order_id


async def test_the_start_holds_no_personal_data() -> None:
    intake, ledger = _intake()
    await intake.submit(_submission())

    assert "Camille" not in ledger.outbox[0].payload


@pytest.mark.parametrize(
    "body",
    [
        {"reference": "R-1"},
        {"reference": "", "contact": "x"},
        {"reference": "   ", "contact": "x"},
        {"reference": "x" * 121, "contact": "x"},
        {"reference": 7, "contact": "x"},
        {"reference": "R-1", "contact": "x", "extra": 1},
    ],
)
def test_a_request_is_parsed_once_and_strictly(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OrderRequest.model_validate(body)
