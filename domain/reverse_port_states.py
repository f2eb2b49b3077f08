"""Where one reverse port stands, and how each fact moves it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Discriminator

from domain import reverse_port_facts as facts
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    open_after,
)
from domain.event import Event
from domain.port_in_awaited import Awaited, first_awaited
from domain.reverse_port_facts import ReversePortEvent, ReversePortTerms
from domain.said import Said


class ReverseStage(StrEnum):
    DEMANDED = "demanded"
    """A person says whether we agree."""
    AGREED = "agreed"
    """The initial donor's data are awaited."""
    ANNOUNCED = "announced"
    """The number moves on the day they say."""
    HANDING_BACK = "handing-back"
    """The host is ending the line."""
    CLOSED = "closed"


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NotOpened(_State):
    """No fact yet."""


class Opened(_State):
    """What every reverse port has, whatever its stage."""

    stage: ReverseStage
    demanded: facts.ReversePortDemanded
    agreed: facts.ReversePortAgreed | None = None
    announced: facts.ReversePortAnnounced | None = None
    epoch: int = 0
    handed_back: facts.NumberHandedBack | None = None
    attentions: tuple[Attention, ...] = ()
    closed: facts.ReversePortClosed | None = None

    @property
    def terms(self) -> ReversePortTerms:
        return self.demanded.terms

    @property
    def blocked(self) -> bool:
        return any(attention.blocks for attention in self.attentions)

    @property
    def gone(self) -> bool:
        """The number is its initial donor's again."""
        return self.handed_back is not None

    def asks(self, code: str) -> bool:
        return any(attention.code == code for attention in self.attentions)


class Demanded(Opened):
    stage: Literal[ReverseStage.DEMANDED] = ReverseStage.DEMANDED


class Agreed(Opened):
    stage: Literal[ReverseStage.AGREED] = ReverseStage.AGREED
    agreed: facts.ReversePortAgreed


class Announced(Opened):
    stage: Literal[ReverseStage.ANNOUNCED] = ReverseStage.ANNOUNCED
    agreed: facts.ReversePortAgreed
    announced: facts.ReversePortAnnounced


class HandingBack(Opened):
    stage: Literal[ReverseStage.HANDING_BACK] = ReverseStage.HANDING_BACK
    agreed: facts.ReversePortAgreed
    announced: facts.ReversePortAnnounced
    asked: facts.HandBackAsked
    taken: bool = False
    """Whether the host surely has it."""


class Closed(Opened):
    stage: Literal[ReverseStage.CLOSED] = ReverseStage.CLOSED
    closed: facts.ReversePortClosed


KnownReversePort = Annotated[
    Demanded | Agreed | Announced | HandingBack | Closed, Discriminator("stage")
]
ReversePortState = NotOpened | Demanded | Agreed | Announced | HandingBack | Closed

OpenedT = TypeVar("OpenedT", bound=Opened)

DATA_MISSING = "reverse-data-missing"


def due_of(state: ReversePortState) -> datetime | None:
    """The process's own next date; none while a person is asked for what it waits for."""
    due: datetime | None = None
    match state:
        case NotOpened():
            pass
        case _ if state.blocked:
            pass
        case Agreed() if not state.asks(DATA_MISSING):
            due = state.demanded.dates.back_by
        case Announced(announced=announced):
            due = announced.hand_back_at
        case HandingBack(asked=asked):
            due = asked.until
    return due


def awaited_by(state: ReversePortState) -> Awaited | None:
    """The first of what is awaited, of people or of the process."""
    if isinstance(state, NotOpened):
        return None
    due = due_of(state)
    own = [] if due is None else [Awaited(until=due, what=_AWAITED[state.stage])]
    return first_awaited(state.attentions, own)


_AWAITED = {
    ReverseStage.AGREED: Said(
        fr="les données du donneur initial (2410)", en="the initial donor's data (2410)"
    ),
    ReverseStage.ANNOUNCED: Said(
        fr="le moment de rendre le numéro", en="the moment to hand the number back"
    ),
    ReverseStage.HANDING_BACK: Said(fr="le compte rendu de l'hôte", en="the host's report"),
}


def evolve(state: ReversePortState, event: ReversePortEvent) -> ReversePortState:
    if isinstance(event, facts.ReversePortDemanded):
        return _demanded(state, event)
    if isinstance(state, NotOpened):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return _with(state, attentions=open_after(state.attentions, event))
    return _moved(state, event)


def _demanded(state: ReversePortState, event: facts.ReversePortDemanded) -> Demanded:
    """Demanded anew after it was refused or given up: nothing of before counts but its keys."""
    epoch = 0 if isinstance(state, NotOpened) else state.epoch + 1
    return Demanded(demanded=event, epoch=epoch)


def _moved(state: KnownReversePort, event: ReversePortEvent) -> KnownReversePort:
    after: KnownReversePort = state
    match event:
        case facts.ReversePortAgreed():
            agreed = _with(state, agreed=event)
            after = _to(Agreed, agreed) if state.announced is None else _to(Announced, agreed)
        case facts.ReversePortAnnounced():
            announced = _with(state, announced=event)
            after = announced if state.agreed is None else _to(Announced, announced)
        case facts.HandBackAsked():
            after = _to(HandingBack, state, asked=event, taken=False)
        case facts.HandBackTaken():
            after = _with(state, taken=True)
        case facts.HandBackRefused():
            after = _to(Announced, state, epoch=state.epoch + 1)
        case facts.NumberHandedBack():
            after = _with(state, handed_back=event)
        case facts.ReversePortClosed():
            after = _to(Closed, state, closed=event, attentions=())
    return after


def _to(kind: type[OpenedT], state: Opened, **more: object) -> OpenedT:
    """The next stage: what the stages share is carried over."""
    shared = {k: v for k, v in state if k in kind.model_fields and k != "stage"}
    return kind(**{**shared, **more})


def _with(state: OpenedT, **changes: object) -> OpenedT:
    return state.model_copy(update=changes)


def fold(events: Iterable[Event]) -> ReversePortState:
    state: ReversePortState = NotOpened()
    for event in events:
        if isinstance(event, ReversePortEvent):
            state = evolve(state, event)
    return state
