from dataclasses import replace

import pytest

from domain.event import Event
from domain.identity import StreamId
from ledger.append import Append, Appended, CommandReusedError, CommandStamp, StreamMovedError
from ledger.deciding import RACES, Also, Decision, decide_once
from ledger.envelope import Envelope
from tests.builders import NOON, append, at, command_id, line_opened, on_stream, received
from tests.fakes.keys import FakeSubjectKeys
from tests.fakes.ledger import FakeLedger

STREAM = StreamId("order/a")


def _decision(name: str, *events: Event, payload: bytes = b"payload") -> Decision:
    return Decision(
        stream_id=STREAM,
        stamp=CommandStamp(command_id=command_id(name), fingerprint=payload),
        decide=lambda _history: events,
        business_at=NOON,
        actor="test",
        correlation="c",
    )


class RacedLedger(FakeLedger):
    """Somebody else appends just before each of our first appends."""

    def __init__(self, races: int) -> None:
        super().__init__(FakeSubjectKeys())
        self.races = races

    async def append(self, append_: Append) -> Appended:
        if self.races:
            self.races -= 1
            version = len(self.rows)
            expected = at(version) if version else None
            other = append(f"other-{version}", on_stream(STREAM, line_opened(), expected=expected))
            await super().append(other)
        return await super().append(append_)


class CountingLedger(FakeLedger):
    def __init__(self) -> None:
        super().__init__(FakeSubjectKeys())
        self.reads = 0

    async def read(self, stream_id: StreamId, *, after: int = 0) -> tuple[Envelope, ...]:
        self.reads += 1
        return await super().read(stream_id, after=after)


async def test_a_command_becomes_facts_and_the_whole_stream_comes_back() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    await decide_once(ledger, _decision("one", received()))

    history = await decide_once(ledger, _decision("two", line_opened()))

    assert [e.event for e in history] == [received(), line_opened()]


async def test_what_was_just_read_is_not_read_again() -> None:
    ledger = CountingLedger()
    known = await decide_once(ledger, _decision("one", received()))
    before = ledger.reads

    history = await decide_once(ledger, _decision("two", line_opened()), known=known)

    assert [e.event for e in history] == [received(), line_opened()]
    assert ledger.reads == before


async def test_what_has_moved_since_it_was_read_is_read_again() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    known = await decide_once(ledger, _decision("one", received()))
    await decide_once(ledger, _decision("other", line_opened()))

    history = await decide_once(ledger, _decision("two", line_opened("mine")), known=known)

    assert [e.version for e in history] == [1, 2, 3]


async def test_a_repeat_decided_on_what_was_read_before_it_appends_nothing() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    known = await decide_once(ledger, _decision("one", received()))
    first = await decide_once(ledger, _decision("two", line_opened()), known=known)

    again = await decide_once(ledger, _decision("two", line_opened()), known=known)

    assert again == first
    assert len(ledger.rows) == 2


async def test_a_repeat_does_not_decide_again() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    first = await decide_once(ledger, _decision("one", received()))

    again = await decide_once(ledger, _decision("one", line_opened()))

    assert again == first


async def test_another_payload_under_the_same_id_is_refused() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    await decide_once(ledger, _decision("one", received()))

    with pytest.raises(CommandReusedError):
        await decide_once(ledger, _decision("one", received(), payload=b"another"))


async def test_a_decision_for_nothing_keeps_nothing() -> None:
    ledger = FakeLedger(FakeSubjectKeys())

    assert await decide_once(ledger, _decision("one")) == ()
    assert ledger.rows == []


async def test_a_lost_race_is_decided_again_on_what_the_winner_wrote() -> None:
    ledger = RacedLedger(races=2)

    history = await decide_once(ledger, _decision("one", line_opened("mine")))

    assert len(history) == 3
    assert history[-1].event == line_opened("mine")


async def test_endless_races_end_as_an_error_and_not_as_a_loop() -> None:
    ledger = RacedLedger(races=RACES + 1)

    with pytest.raises(StreamMovedError):
        await decide_once(ledger, _decision("one", line_opened("mine")))


async def test_another_stream_is_decided_in_the_same_transaction_or_left_alone() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    beside, silent = StreamId("order/b"), StreamId("order/c")
    decision = replace(
        _decision("one", received()),
        also=(
            Also(stream_id=beside, decide=lambda _history: (line_opened("m-2"),)),
            Also(stream_id=silent, decide=lambda _history: ()),
        ),
    )

    history = await decide_once(ledger, decision)

    assert [e.event for e in history] == [received()]
    assert [e.event for e in await ledger.read(beside)] == [line_opened("m-2")]
    assert await ledger.read(silent) == ()
    assert {e.command_id for e in await ledger.read(beside)} == {command_id("one")}
