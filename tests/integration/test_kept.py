"""Accepted means kept: whatever clients and the database do to each other, nothing is lost or
doubled.

Random clients send random orders; each attempt may be cut before it arrives, fail before it is
kept, or be kept without an answer. They retry as the contract says: the same body, the same key.
"""

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import CommandId, StreamId, order_of_stream
from intake.faults import OrderRefusedError
from intake.orders import OrderIntake, Submission
from ledger.append import Append, Appended, CommandReusedError
from ledger.availability import LedgerUnavailableError
from ledger.envelope import Envelope
from ledger.messages import START_ORDER
from runtime.store import Store
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.integration.conftest import ORDER, Client
from tests.porting import STORY, reader, request

FATES = ("arrives", "arrives", "never-arrives", "fails", "kept-unanswered")


@dataclass
class UncertainLedger:
    """A ledger behind a wire that fails: before anything is kept, or after everything is."""

    ledger: FakeLedger
    fates: list[str] = field(default_factory=list)

    async def append(self, append: Append) -> Appended:
        fate = self.fates.pop(0) if self.fates else "arrives"
        if fate == "fails":
            raise LedgerUnavailableError("lost before")
        appended = await self.ledger.append(append)
        if fate == "kept-unanswered":
            raise LedgerUnavailableError("lost after")
        return appended

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        return await self.ledger.read(stream_id, after=after)

    async def streams_about(self, value: str) -> tuple[StreamId, ...]:
        return await self.ledger.streams_about(value)

    async def caused_by(self, command_id: CommandId) -> tuple[Envelope, ...]:
        return await self.ledger.caused_by(command_id)


Attempt = tuple[int, int, int, str, int]
"""Which client, which key, which body, what becomes of it, how many days later."""

ATTEMPTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 3),
        st.integers(0, 1),
        st.sampled_from(FATES),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60)
@given(attempts=ATTEMPTS)
async def test_whatever_is_lost_on_the_way_an_accepted_order_is_there_once(
    attempts: list[Attempt],
) -> None:
    kept = FakeLedger(FakeSubjectKeys())
    uncertain = UncertainLedger(kept)
    intake = OrderIntake(ledger=uncertain, keyed_hash=fake_hash(), lines=reader())
    acknowledged: dict[tuple[int, int], tuple[str, int]] = {}
    first_body: dict[tuple[int, int], int] = {}

    for client, key, body, fate, days in attempts:
        if fate == "never-arrives":
            continue
        uncertain.fates = [fate]
        submission = Submission(
            request=request(reference=f"R-{body}", line={"wish": "2027-02-03"}),
            client=f"client-{client}",
            actor=f"client-{client}",
            idempotency_key=f"key-{key}",
            business_now=STORY + timedelta(days=days),
        )
        try:
            submitted = await intake.submit(submission)
        except LedgerUnavailableError:
            if fate == "kept-unanswered":
                first_body.setdefault((client, key), body)
            continue
        except CommandReusedError:
            assert first_body[client, key] != body
            continue
        except OrderRefusedError:
            assert (client, key) not in first_body, "the day wished for is over"
            continue
        known = acknowledged.setdefault((client, key), (str(submitted.order_id), body))
        first_body.setdefault((client, key), body)
        assert known == (str(submitted.order_id), body)

    orders = [row for row in kept.rows if row.type == "OrderReceived"]
    starts = [json.loads(m.payload)["order_id"] for m in kept.outbox if m.kind == START_ORDER]
    ids = [str(order_of_stream(row.stream_id)) for row in orders]
    assert sorted(ids) == sorted(starts), "an order and its start are kept together"
    assert len(set(ids)) == len(ids), "nothing is there twice"
    assert {order for order, _ in acknowledged.values()} <= set(ids), "nothing accepted is lost"
    assert len(ids) == len(first_body)


@pytest.mark.parametrize("seed", range(3))
async def test_clients_that_race_and_hang_up_on_the_real_server_double_nothing(
    api: Client, seed: int
) -> None:
    """Every key is sent many times at once; some senders hang up before they hear the answer."""
    chance = random.Random(seed)  # noqa: S311  a seed, no secret
    keys = [f"k-{seed}-{n}" for n in range(8)]
    answers: dict[str, set[str]] = {key: set() for key in keys}

    async def send(key: str) -> None:
        sending = asyncio.ensure_future(
            api("POST", "/orders", {**ORDER, "reference": key}, key=key)
        )
        if chance.random() < 0.4:
            await asyncio.sleep(0)
            sending.cancel()
        try:
            answer = await sending
        except asyncio.CancelledError:
            return
        assert answer.status in {200, 201}
        answers[key].add(answer.body["order_id"])

    attempts = [key for key in keys for _ in range(6)]
    chance.shuffle(attempts)
    await asyncio.gather(*(send(key) for key in attempts))
    await asyncio.gather(
        *(api("POST", "/orders", {**ORDER, "reference": key}, key=key) for key in keys)
    )

    assert all(len(found) <= 1 for found in answers.values())
    assert await _counted(api.store, "event WHERE type = 'OrderReceived'") == len(keys)
    assert await _counted(api.store, f"outbox WHERE kind = '{START_ORDER}'") == len(keys)


async def _counted(store: Store, rows: str) -> int:
    count: int = await store.pool.fetchval(f"SELECT count(*) FROM {rows}")
    return count
