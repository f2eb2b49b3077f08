"""A row nobody could do, from the relay to a person and back, on a real database."""

import json
from typing import Any
from uuid import UUID

import pytest

from domain.clients import Role
from ledger.append import OutboxMessage
from ledger.messages import DO_PARKED, SEND_REPLY, WaitingMessage
from runtime.parked import ParkedDoer, parked_runner
from runtime.relay import Done, Outcome, Park, Relay
from tests.builders import append, on_stream
from tests.integration.conftest import Client
from tests.parked import parked_book

TRANSFER = str(UUID(int=7))
PAYLOAD = json.dumps({"transfer_id": TRANSFER, "reason": "06 12 34 56 78"})


async def _nobody(_message: WaitingMessage) -> Outcome:
    return Done()


def _relay(api: Client, *outcomes: Outcome) -> Relay:
    left = list(outcomes)

    async def reply(_payload: str) -> Outcome:
        return left.pop(0)

    verbs = {SEND_REPLY: reply, DO_PARKED: ParkedDoer(outbox=api.store.outbox).do}
    return Relay(
        outbox=api.store.outbox,
        inbox=api.store.inbox,
        verbs=verbs,
        hand_over=_nobody,
        tell_parked=parked_book(api.store).raise_,
    )


async def _asked(api: Client, payload: str = PAYLOAD) -> None:
    outbox = (OutboxMessage(kind=SEND_REPLY, payload=payload),)
    await api.store.ledger.append(append("reply", on_stream("transfer/x"), outbox=outbox))


async def _listed(api: Client, query: str = "") -> list[dict[str, Any]]:
    """Once the projector has read what there is."""
    await parked_runner(api.store).turn()
    listed: list[dict[str, Any]] = (await api("GET", f"/parked{query}")).body["parked"]
    return listed


async def test_a_parked_row_is_seen_tried_again_and_done(api: Client) -> None:
    await _asked(api)
    relay = _relay(api, Park("the exchange takes none"), Done())
    await relay.turn()

    (parked,) = await _listed(api)
    assert (parked["kind"], parked["why"], parked["queue"]) == (
        SEND_REPLY, "the exchange takes none", "exchange-desk"
    )  # fmt: skip
    assert parked["about"] == {"transfer_id": TRANSFER}
    assert parked["allowed"] == ["try-again", "settle"]
    assert await relay.turn() == 0

    path = f"/parked/{parked['number']}/decisions"
    decided = await api("POST", path, {"decision": "try-again", "reason": "the code is set"})
    again = await api("POST", path, {"decision": "try-again", "reason": "the code is set"})

    assert (decided.status, decided.body["open"]) == (200, False)
    assert again.body == decided.body
    assert await _listed(api) == []
    assert [await relay.turn() for _ in range(3)] == [1, 1, 0]
    assert await api.store.outbox.parked() == ()


async def test_what_fails_again_is_raised_again(api: Client) -> None:
    await _asked(api)
    relay = _relay(api, Park("no"), Park("still no"))
    await relay.turn()
    (first,) = await _listed(api)
    await api("POST", f"/parked/{first['number']}/decisions", {"decision": "try-again"})
    await relay.turn()
    await relay.turn()

    (second,) = await _listed(api)

    assert (second["number"], second["why"]) == (first["number"], "still no")
    assert second["attempts"] == 2


async def test_a_parked_row_is_settled_with_a_reason_and_never_done(api: Client) -> None:
    await _asked(api)
    relay = _relay(api, Park("no"))
    await relay.turn()
    (parked,) = await _listed(api, "?queue=exchange-desk")
    path = f"/parked/{parked['number']}/decisions"

    refused = await api("POST", path, {"decision": "settle"}, key="none")
    settled = await api("POST", path, {"decision": "settle", "reason": "told by telephone"})
    late = await api("POST", path, {"decision": "try-again"}, key="late")

    assert (refused.status, "reason is required" in refused.body["detail"]) == (409, True)
    assert (settled.status, settled.body["allowed"]) == (200, [])
    assert (late.status, "decided already" in late.body["detail"]) == (409, True)
    assert [await relay.turn() for _ in range(2)] == [1, 0]
    assert await api.store.outbox.parked() == ()


async def test_rows_parked_before_anybody_was_told_are_raised_once(api: Client) -> None:
    await _asked(api, "not even JSON")
    (row,) = await api.store.outbox.lease(limit=9)
    await api.store.outbox.park(row.number, error="in the log only")

    for _ in range(2):
        await parked_book(api.store).raise_all(await api.store.outbox.parked())

    (parked,) = await _listed(api)
    assert (parked["why"], parked["about"]) == ("in the log only", {})
    assert await _listed(api, "?queue=operations") == []


async def test_what_nobody_knows_and_what_is_not_theirs_is_refused(api: Client) -> None:
    await api.register("partner", Role.OPERATIONS, partner=True)
    unknown = await api("POST", "/parked/404/decisions", {"decision": "settle"})

    assert unknown.status == 404
    assert "lists what waits" in unknown.body["detail"]
    assert (await api("GET", "/parked", caller="partner")).status == 403


@pytest.mark.parametrize("payload", ["", "[]", '{"number": 1}', '{"number": 1, "decision": "x"}'])
async def test_a_decision_that_names_no_row_is_itself_parked(api: Client, payload: str) -> None:
    outcome = await ParkedDoer(outbox=api.store.outbox).do(payload)

    assert outcome == Park("the payload names no parked row")
