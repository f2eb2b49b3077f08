"""What became of a host's nightly comparison: what was compared, and what could not be.

One stream for each host. A night that a host does not answer is said to be one; after several of
them, or when it differs on more lines than anybody can look at one by one, a person is asked.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import Turn
from domain.event import Command, Event
from domain.identity import StreamId
from domain.policies import NIGHTS_UNHEARD
from domain.port_in_facts import HostNetwork
from domain.said import Said


def host_nights_stream(host: HostNetwork) -> StreamId:
    return StreamId(f"host-nights/{host}")


class Counts(BaseModel):
    """Lines of one host on one night."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: int = Field(default=0, ge=0)
    """All that there are."""
    compared: int = Field(default=0, ge=0)
    """Asked about, and answered."""
    unanswered: int = Field(default=0, ge=0)
    """Asked about, and not answered; the host was heard on others."""
    raised: int = Field(default=0, ge=0)
    seen_again: int = Field(default=0, ge=0)
    gone: int = Field(default=0, ge=0)
    beyond: int = Field(default=0, ge=0)
    """Differing too, and not raised: there were too many of them."""

    def plus(self, other: "Counts") -> "Counts":
        sums = {name: getattr(self, name) + getattr(other, name) for name in Counts.model_fields}
        return Counts(**sums)


class HostAttention(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn = Turn.OPERATIONS


# commands


class AskForRun(Command):
    by: str
    reason: str


class NoteNight(Command):
    """`why` where the host could not be asked to the end."""

    answer_by: AwareDatetime
    night: date
    began_at: AwareDatetime
    counts: Counts
    why: str | None = None


HostNightsCommand = AskForRun | NoteNight

# events


class RunAskedFor(Event):
    """Somebody wants a host compared now."""

    by: str
    reason: str


class HostReconciled(Event):
    night: date
    began_at: AwareDatetime
    counts: Counts


class HostNotReconciled(Event):
    """What was compared before it fell silent counts all the same."""

    night: date
    began_at: AwareDatetime
    counts: Counts
    why: str


class HostAttentionRaised(Event):
    attention: HostAttention


class HostAttentionWentUp(Event):
    until: AwareDatetime


HostNightsEvent = (
    RunAskedFor | HostReconciled | HostNotReconciled | HostAttentionRaised | HostAttentionWentUp
)

# state


class HostNights(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    last: HostReconciled | HostNotReconciled | None = None
    last_heard: HostReconciled | None = None
    unheard: int = 0
    """Nights on end."""
    attention: HostAttention | None = None


# decide


def decide(command: HostNightsCommand, state: HostNights) -> tuple[HostNightsEvent, ...]:
    match command:
        case AskForRun(by=by, reason=reason):
            return (RunAskedFor(by=by, reason=reason),)
        case NoteNight():
            return _night(command, state)
        case _:
            assert_never(command)


def _night(command: NoteNight, state: HostNights) -> tuple[HostNightsEvent, ...]:
    shared = {"night": command.night, "began_at": command.began_at, "counts": command.counts}
    if command.why is None:
        heard = HostReconciled(**shared)
        wide = command.counts.beyond > 0
        return (heard, _attention(command, "host-differs-widely")) if wide else (heard,)
    unheard = HostNotReconciled(**shared, why=command.why)
    if state.attention is not None and state.attention.code == "host-silent":
        late = command.decided_at >= state.attention.until
        late = late and state.attention.turn is not Turn.SUPERVISOR  # it goes up once
        return (unheard, HostAttentionWentUp(until=command.answer_by)) if late else (unheard,)
    again = state.last is not None and state.last.night == command.night
    nights = state.unheard + (0 if again else 1)
    if nights >= NIGHTS_UNHEARD:
        return (unheard, _attention(command, "host-silent"))
    return (unheard,)


_WORDS = {
    "host-silent": Said(
        fr="n'a pas répondu au rapprochement plusieurs nuits de suite : l'appeler, puis relancer",
        en="has not answered the reconciliation for several nights: call it, then run it again",
    ),
    "host-differs-widely": Said(
        fr="diffère sur trop de lignes pour une seule nuit : regarder l'hôte avant les lignes",
        en="differs on too many lines for one night: look at the host before the lines",
    ),
}


def _attention(command: NoteNight, code: str) -> HostAttentionRaised:
    attention = HostAttention(
        code=code, what=_WORDS[code], since=command.decided_at, until=command.answer_by
    )
    return HostAttentionRaised(attention=attention)


# evolve


def evolve(state: HostNights, event: HostNightsEvent) -> HostNights:
    match event:
        case RunAskedFor():
            return state
        case HostReconciled():
            return HostNights(last=event, last_heard=event)
        case HostNotReconciled(night=night):
            again = state.last is not None and state.last.night == night
            nights = state.unheard + (0 if again else 1)
            return state.model_copy(update={"last": event, "unheard": nights})
        case HostAttentionRaised(attention=raised):
            return state.model_copy(update={"attention": raised})
        case HostAttentionWentUp(until=until):
            return state.model_copy(update={"attention": _gone_up(state.attention, until)})
        case _:
            assert_never(event)


def _gone_up(attention: HostAttention | None, until: datetime) -> HostAttention | None:
    if attention is None:
        return None
    return attention.model_copy(update={"until": until, "turn": Turn.SUPERVISOR})


def fold(events: Iterable[Event]) -> HostNights:
    state = HostNights()
    for event in events:
        if isinstance(event, HostNightsEvent):
            state = evolve(state, event)
    return state
