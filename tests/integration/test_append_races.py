"""Many writers, one truth."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import StreamId
from ledger.append import CommandReusedError, OutboxMessage, StreamMovedError
from runtime.store import Store
from tests.builders import append, at, line_opened, message, on_stream, received
from tests.conftest import Database

_COUNTER = iter(range(1_000_000))


async def test_of_many_first_appends_to_a_stream_one_wins(store: Store) -> None:
    async def try_one(number: int) -> str:
        try:
            await store.ledger.append(append(f"c{number}", on_stream("order/a", received())))
        except StreamMovedError:
            return "moved"
        return "kept"

    outcomes = await asyncio.gather(*(try_one(number) for number in range(16)))

    assert sorted(outcomes) == ["kept"] + ["moved"] * 15
    assert len(await store.ledger.read(StreamId("order/a"))) == 1


async def test_of_many_repeats_at_once_one_is_kept_and_all_get_it(store: Store) -> None:
    asked = append("one", on_stream("order/a", received(), line_opened()))

    answers = await asyncio.gather(*(store.ledger.append(asked) for _ in range(12)))

    assert sum(not answer.repeated for answer in answers) == 1
    assert {answer.envelopes for answer in answers} == {answers[0].envelopes}


async def test_a_repeat_that_meets_the_first_one_committing_is_still_a_repeat(
    database: Database, store: Store
) -> None:
    """The first commits after the second has looked for the command, and before it looks for the
    stream: each statement of a function sees what is committed when it begins."""
    await database.cluster.execute_in(
        database.name,
        """CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$""",
        "CREATE TRIGGER slow BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION slow()",
    )
    asked = append(
        "one", on_stream("order/a", received()), outbox=(OutboxMessage(kind="k", payload="p"),)
    )

    answers = await asyncio.gather(*(store.ledger.append(asked) for _ in range(6)))

    assert sum(not answer.repeated for answer in answers) == 1
    assert {answer.envelopes for answer in answers} == {answers[0].envelopes}


async def test_a_message_settled_by_the_same_command_at_once_is_a_repeat(store: Store) -> None:
    await store.inbox.receive(message())
    asked = append("one", on_stream("order/a"), settles=1)

    answers = await asyncio.gather(*(store.ledger.append(asked) for _ in range(12)))

    assert sum(not answer.repeated for answer in answers) == 1


async def test_of_two_payloads_under_one_id_at_once_one_is_refused(store: Store) -> None:
    outcomes = await asyncio.gather(
        store.ledger.append(append("one", on_stream("order/a"), payload=b"a")),
        store.ledger.append(append("one", on_stream("order/b"), payload=b"b")),
        return_exceptions=True,
    )

    assert [type(o) for o in outcomes].count(CommandReusedError) == 1


async def test_appends_over_the_same_streams_never_wait_in_a_ring(store: Store) -> None:
    async def both_ways(number: int) -> None:
        names = ("order/x", "order/y") if number % 2 else ("order/y", "order/x")
        for _ in range(40):
            x, y = [len(await store.ledger.read(StreamId(n))) for n in ("order/x", "order/y")]
            streams = {
                n: on_stream(n, line_opened(), expected=at(v) if v else None)
                for n, v in (("order/x", x), ("order/y", y))
            }
            try:
                await store.ledger.append(append(f"c{number}", *(streams[n] for n in names)))
            except StreamMovedError:
                continue
            return
        pytest.fail("a writer lost forty races in a row")

    await asyncio.gather(*(both_ways(number) for number in range(8)))

    assert len(await store.ledger.read(StreamId("order/x"))) == 8
    assert len(await store.ledger.read(StreamId("order/y"))) == 8


@settings(max_examples=25)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
        min_size=1,
        max_size=6,
    )
)
async def test_whatever_is_appended_is_read_back(store: Store, texts: list[str]) -> None:
    name = f"round-{next(_COUNTER)}"
    events = tuple(received(text, subject=name) for text in texts)

    await store.ledger.append(append(name, on_stream(name, *events)))

    assert tuple(e.event for e in await store.ledger.read(StreamId(name))) == events
