"""What every ledger keeps, the fake one included."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from domain.identity import CommandId, StreamId, SubjectId
from ledger.append import (
    CommandReusedError,
    MessageSettledError,
    OutboxMessage,
    StreamMovedError,
)
from ledger.messages import InboxRow, IncomingMessage, Receipt
from ledger.ports import Ledger
from ledger.sealing import SubjectKeys
from ledger.subscription import BEGINNING, EventReader
from tests.builders import NOON, append, at, line_opened, message, on_stream, received
from tests.conftest import Database
from tests.fakes.keys import FakeSubjectKeys
from tests.fakes.ledger import FakeLedger


class InboxUnderTest(Protocol):
    async def receive(self, message: IncomingMessage) -> Receipt: ...

    async def first_waiting(self, correlation: str, *, received_upto: datetime) -> int | None: ...

    async def read(self, number: int) -> InboxRow: ...


BLANK = {"customer": None, "contact": None}


@dataclass(frozen=True)
class Implementation:
    ledger: Ledger
    reader: EventReader
    inbox: InboxUnderTest
    keys: SubjectKeys


@pytest.fixture(params=["fake", "postgres"])
async def kept(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Implementation]:
    if request.param == "fake":
        keys = FakeSubjectKeys()
        ledger = FakeLedger(keys)
        yield Implementation(ledger=ledger, reader=ledger, inbox=ledger.inbox, keys=keys)
        return
    async with database.store() as store:
        yield Implementation(
            ledger=store.ledger, reader=store.reader, inbox=store.inbox, keys=store.keys
        )


async def test_what_was_appended_is_read_back_in_order(kept: Implementation) -> None:
    first, second = received(), line_opened()
    await kept.ledger.append(append("one", on_stream("order/a", first, second)))

    envelopes = await kept.ledger.read(StreamId("order/a"))

    assert [e.event for e in envelopes] == [first, second]
    assert [e.version for e in envelopes] == [1, 2]
    assert {e.actor for e in envelopes} == {"test"}


async def test_a_stream_nobody_wrote_to_is_empty(kept: Implementation) -> None:
    assert await kept.ledger.read(StreamId("order/none")) == ()


async def test_a_repeated_command_returns_what_the_first_one_kept(kept: Implementation) -> None:
    asked = append("one", on_stream("order/a", received(), line_opened()))
    first = await kept.ledger.append(asked)
    again = await kept.ledger.append(asked)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.envelopes == first.envelopes
    assert len(await kept.ledger.read(StreamId("order/a"))) == 2


async def test_a_repeat_is_recognised_after_the_stream_went_on(kept: Implementation) -> None:
    asked = append("one", on_stream("order/a", received()))
    first = await kept.ledger.append(asked)
    await kept.ledger.append(append("two", on_stream("order/a", line_opened(), expected=at(1))))

    assert (await kept.ledger.append(asked)).envelopes == first.envelopes


async def test_the_same_command_with_another_payload_is_refused(kept: Implementation) -> None:
    await kept.ledger.append(append("one", payload=b"first"))

    with pytest.raises(CommandReusedError, match="already used with another payload"):
        await kept.ledger.append(append("one", payload=b"second"))


@pytest.mark.parametrize("expected", [at(1), at(7)])
async def test_a_stream_that_does_not_exist_is_not_at_a_version(
    kept: Implementation, expected: object
) -> None:
    stream = on_stream("order/a", expected=expected)  # type: ignore[arg-type]  # parametrised

    with pytest.raises(StreamMovedError) as refused:
        await kept.ledger.append(append("one", stream))

    assert refused.value.actual_version == 0


async def test_a_stream_that_exists_is_not_new(kept: Implementation) -> None:
    await kept.ledger.append(append("one", on_stream("order/a", received())))

    with pytest.raises(StreamMovedError, match="stands at version 1"):
        await kept.ledger.append(append("two", on_stream("order/a")))


@pytest.mark.parametrize("version", [1, 3])
async def test_an_append_neither_behind_nor_ahead_of_the_stream(
    kept: Implementation, version: int
) -> None:
    await kept.ledger.append(append("one", on_stream("order/a", received(), line_opened())))

    with pytest.raises(StreamMovedError) as refused:
        await kept.ledger.append(append("two", on_stream("order/a", expected=at(version))))

    assert refused.value.actual_version == 2


async def test_several_streams_are_all_kept_or_none(kept: Implementation) -> None:
    await kept.ledger.append(append("one", on_stream("order/b", received())))

    with pytest.raises(StreamMovedError):
        await kept.ledger.append(append("two", on_stream("order/a"), on_stream("order/b")))

    assert await kept.ledger.read(StreamId("order/a")) == ()


async def test_several_streams_are_each_numbered_on_their_own(kept: Implementation) -> None:
    appended = await kept.ledger.append(
        append("one", on_stream("order/b", received(), line_opened()), on_stream("order/a"))
    )

    assert [(e.stream_id, e.version) for e in appended.envelopes] == [
        ("order/a", 1),
        ("order/b", 1),
        ("order/b", 2),
    ]


async def test_what_a_command_caused_can_be_found(kept: Implementation) -> None:
    appended = await kept.ledger.append(append("one", on_stream("order/a", received())))

    assert await kept.ledger.caused_by(appended.envelopes[0].command_id) == appended.envelopes
    assert await kept.ledger.caused_by(CommandId(received().order_id)) == ()


async def test_a_message_is_settled_by_one_fact_only(kept: Implementation) -> None:
    await kept.inbox.receive(message())
    await kept.ledger.append(append("one", on_stream("order/a"), settles=1))

    with pytest.raises(MessageSettledError, match="settled by another command"):
        await kept.ledger.append(append("two", on_stream("order/b"), settles=1))

    assert await kept.ledger.read(StreamId("order/b")) == ()


async def test_a_message_nobody_sent_cannot_be_settled(kept: Implementation) -> None:
    with pytest.raises(MessageSettledError):
        await kept.ledger.append(append("one", settles=99))


async def test_a_message_is_kept_once_under_its_key(kept: Implementation) -> None:
    assert await kept.inbox.receive(message(body="first")) is Receipt.STORED
    assert await kept.inbox.receive(message(body="first")) is Receipt.DUPLICATE
    assert await kept.inbox.receive(message(body="other")) is Receipt.CONFLICT
    assert (await kept.inbox.read(1)).body == "first"


async def test_the_same_words_for_another_order_are_another_message(kept: Implementation) -> None:
    assert await kept.inbox.receive(message(correlation="order-a")) is Receipt.STORED
    assert await kept.inbox.receive(message(correlation="order-b")) is Receipt.CONFLICT


async def test_the_oldest_message_received_in_time_is_found_until_it_is_settled(
    kept: Implementation,
) -> None:
    await kept.inbox.receive(message("m-1", correlation="order-a"))
    await kept.inbox.receive(message("m-2", correlation="order-a"))
    too_early = NOON - timedelta(seconds=1)

    assert await kept.inbox.first_waiting("order-a", received_upto=NOON) == 1
    assert await kept.inbox.first_waiting("order-a", received_upto=too_early) is None
    assert await kept.inbox.first_waiting("order-b", received_upto=NOON) is None
    await kept.ledger.append(append("one", settles=1))
    assert await kept.inbox.first_waiting("order-a", received_upto=NOON) == 2


async def test_a_message_that_does_not_exist_cannot_be_read(kept: Implementation) -> None:
    with pytest.raises(KeyError):
        await kept.inbox.read(5)


async def test_readers_go_on_from_their_checkpoint(kept: Implementation) -> None:
    for number in range(5):
        await kept.ledger.append(
            append(
                f"c{number}",
                on_stream(f"order/{number}"),
                outbox=(OutboxMessage(kind="k", payload="p"),),
            )
        )
    first = await kept.reader.after(BEGINNING, limit=3)
    rest = await kept.reader.after(first.checkpoint, limit=3)
    end = await kept.reader.after(rest.checkpoint, limit=3)

    streams = [e.stream_id for e in first.envelopes + rest.envelopes]
    assert streams == [f"order/{number}" for number in range(5)]
    assert (end.envelopes, end.checkpoint) == ((), rest.checkpoint)


async def test_personal_data_is_found_by_its_keyed_hash_until_it_is_forgotten(
    kept: Implementation,
) -> None:
    await kept.ledger.append(append("one", on_stream("order/a", received())))
    await kept.ledger.append(append("two", on_stream("order/b", received(), received())))
    await kept.ledger.append(append("three", on_stream("order/c", received(subject="other"))))

    assert await kept.ledger.streams_about("  camille   MARTIN ") == (
        "order/a",
        "order/b",
        "order/c",
    )
    assert await kept.ledger.streams_about("Camille") == ()
    await kept.keys.forget(SubjectId("customer-1"))
    assert await kept.ledger.streams_about("Camille Martin") == ("order/c",)


async def test_a_forgotten_subject_reads_as_forgotten_and_its_history_stands(
    kept: Implementation,
) -> None:
    await kept.ledger.append(append("one", on_stream("order/a", received())))
    await kept.keys.forget(SubjectId("customer-1"))

    (envelope,) = await kept.ledger.read(StreamId("order/a"))

    assert envelope.event.model_copy(update=BLANK) == received().model_copy(update=BLANK)
    assert getattr(envelope.event, "contact").forgotten  # noqa: B009  the event's own field


async def test_a_stream_can_be_read_from_a_version_on(kept: Implementation) -> None:
    ledger = kept.ledger
    await ledger.append(append("one", on_stream("order/a", line_opened("m-1"), line_opened("m-2"))))

    newer = await ledger.read(StreamId("order/a"), after=1)

    assert [envelope.version for envelope in newer] == [2]
    assert await ledger.read(StreamId("order/a"), after=2) == ()
