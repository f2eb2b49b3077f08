"""The relay decides nothing: each outcome of the other side has its own place in the queue."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from ledger.messages import OutboxRow, WaitingMessage
from runtime.relay import Done, Later, Outcome, Park, Perform, Relay, delay_after


@dataclass
class FakeOutbox:
    rows: list[OutboxRow]
    done_rows: list[int] = field(default_factory=list)
    put_off: dict[int, tuple[timedelta, str]] = field(default_factory=dict)
    parked: dict[int, str] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)

    async def lease(self, *, limit: int) -> tuple[OutboxRow, ...]:
        return tuple(self.rows[:limit])

    async def done(self, number: int) -> None:
        self.done_rows.append(number)

    async def later(self, number: int, *, after: timedelta, error: str) -> None:
        self.put_off[number] = (after, error)

    async def park(self, number: int, *, error: str) -> None:
        assert number in self.told, "a person is told before it is set aside"
        self.parked[number] = error

    async def told_of(self, row: OutboxRow, why: str) -> None:
        self.told[row.number] = why


@dataclass
class FakeLeasedInbox:
    rows: list[WaitingMessage] = field(default_factory=list)

    async def lease(self, *, limit: int) -> tuple[WaitingMessage, ...]:
        return tuple(self.rows[:limit])


def _row(number: int, kind: str = "start", attempts: int = 1) -> OutboxRow:
    return OutboxRow(number=number, kind=kind, payload=str(number), attempts=attempts)


def _relay(outbox: FakeOutbox, **verbs: Perform) -> Relay:
    return Relay(
        outbox=outbox,
        inbox=FakeLeasedInbox(),
        verbs=verbs,
        hand_over=_nobody,
        tell_parked=outbox.told_of,
    )


async def _nobody(_message: WaitingMessage) -> Outcome:
    return Done()


async def test_each_outcome_has_its_place() -> None:
    outcomes: dict[str, Outcome] = {
        "1": Done(),
        "2": Later("Temporal answered UNAVAILABLE"),
        "3": Park("no order"),
    }

    async def start(payload: str) -> Outcome:
        return outcomes[payload]

    outbox = FakeOutbox([_row(1), _row(2, attempts=3), _row(3)])
    relay = _relay(outbox, start=start)

    assert await relay.turn() == 3
    assert outbox.done_rows == [1]
    assert outbox.put_off == {2: (timedelta(seconds=4), "Temporal answered UNAVAILABLE")}
    assert outbox.parked == {3: "no order"}


async def test_a_verb_nobody_knows_waits_for_a_person_and_holds_nobody_up() -> None:
    async def start(_payload: str) -> Outcome:
        return Done()

    outbox = FakeOutbox([_row(1, kind="teleport"), _row(2)])
    relay = _relay(outbox, start=start)
    await relay.turn()

    assert outbox.parked == {1: "nobody knows how to teleport"}
    assert outbox.done_rows == [2]


async def test_messages_are_handed_over_as_they_came() -> None:
    handed: list[int] = []

    async def hand_over(row: WaitingMessage) -> Outcome:
        handed.append(row.number)
        return Later("its process has not started yet")

    rows = [
        WaitingMessage(number=n, source="test", message_key=f"m{n}", correlation="c")
        for n in (1, 2)
    ]
    relay = Relay(
        outbox=FakeOutbox([]),
        inbox=FakeLeasedInbox(rows),
        verbs={},
        hand_over=hand_over,
        tell_parked=FakeOutbox([]).told_of,
    )

    assert await relay.turn() == 2
    assert handed == [1, 2]


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0.5), (1, 1), (2, 2), (5, 16), (6, 30), (5000, 30)]
)
def test_patience_grows_and_has_a_limit(attempts: int, seconds: float) -> None:
    assert delay_after(attempts) == timedelta(seconds=seconds)
