"""Work that nobody here could do: a row of the outbox set aside, until a person says what becomes
of it. One stream for each row.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import QUEUE
from domain.event import Command, Event
from domain.identity import StreamId
from domain.said import Said

# errors


class ParkedRefusedError(Exception):
    """It cannot be decided so; the message says what can."""


# what is parked


class ParkedDecision(StrEnum):
    """What a person may do about it."""

    TRY_AGAIN = "try-again"
    """Put it due once more, once its cause is mended."""
    SETTLE = "settle"
    """It is dealt with, or needs nothing; a reason is required."""


class ParkedWork(BaseModel):
    """Which row, and why; ids only, whatever its payload holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    kind: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    why: str = Field(max_length=300)
    about: Mapping[str, str] = {}
    """The ids in its payload: an order, a line, a transfer."""
    attempts: int
    since: AwareDatetime
    until: AwareDatetime
    queue: str = Field(pattern=QUEUE)

    @property
    def what(self) -> Said:
        named = ", ".join(f"{name} {value}" for name, value in self.about.items())
        where = f" ({named})" if named else ""
        return Said(
            fr=f"« {self.kind} »{where} n'a pas pu être fait : {self.why}",
            en=f"'{self.kind}'{where} could not be done: {self.why}",
        )


def parked_stream(number: int) -> StreamId:
    return StreamId(f"parked/{number}")


# commands


class ParkWork(Command):
    work: ParkedWork


class DecideParked(Command):
    decision: ParkedDecision
    by: str
    reason: str


ParkedCommand = ParkWork | DecideParked

# events


class WorkParked(Event):
    work: ParkedWork


class ParkedWorkDecided(Event):
    decision: ParkedDecision
    by: str
    reason: str


ParkedEvent = WorkParked | ParkedWorkDecided

# decide, evolve

ParkedState = ParkedWork | None
"""None while nothing is parked there, or no longer."""


def decide(command: ParkedCommand, state: ParkedState) -> tuple[ParkedEvent, ...]:
    if isinstance(command, ParkWork):
        return (WorkParked(work=command.work),) if state is None else ()
    if state is None:
        raise ParkedRefusedError("it is decided already; see 'raccord parked list' for what waits")
    if command.decision is ParkedDecision.SETTLE and not command.reason.strip():
        raise ParkedRefusedError("say why it is settled: a reason is required")
    return (ParkedWorkDecided(decision=command.decision, by=command.by, reason=command.reason),)


def evolve(state: ParkedState, event: ParkedEvent) -> ParkedState:
    del state
    return event.work if isinstance(event, WorkParked) else None


def fold(events: Iterable[Event]) -> ParkedState:
    state: ParkedState = None
    for event in events:
        if isinstance(event, ParkedEvent):
            state = evolve(state, event)
    return state
