"""What waits for a person: what, since when, until when, whose turn, and what may be decided.

Every process raises attention the same way, so that one list shows all of it. A decision is allowed
when an open attention lists it; the rules of the process stay in its own `decide`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.event import Event
from domain.said import Said


class Turn(StrEnum):
    """Whose answer is awaited."""

    OPERATIONS = "operations"
    """Our own back office."""
    CUSTOMER = "customer"
    """The customer, or the reseller who speaks for them."""
    PROVIDER = "provider"
    """Somebody who may bind the provider: an agreement is theirs to give."""
    SUPERVISOR = "supervisor"
    """Nobody answered in time: it has gone up."""


class DecisionKind(StrEnum):
    """What a person may decide."""

    RETRY = "retry"
    """Do the same again."""
    CORRECT = "correct"
    """Correct the data, then do it again."""
    SKIP = "skip"
    """Go on without it; a reason is required."""
    PROVIDE = "provide"
    """Hand in what is missing."""
    POSTPONE = "postpone"
    """Choose another day."""
    AGREE = "agree"
    """Give the agreement that is asked for."""
    REFUSE = "refuse"
    """Refuse the agreement that is asked for."""
    CANCEL = "cancel"
    """Cancel the line; what was done is undone."""
    END = "end"
    """Accept that it cannot be done; the contract says what follows."""
    DISPUTE = "dispute"
    """Say that somebody tells it is wrong; whether it is, is asked then."""
    SNOOZE = "snooze"
    """Ask again later."""
    REASSIGN = "reassign"
    """It is somebody else's turn."""


ALWAYS = (DecisionKind.SNOOZE, DecisionKind.REASSIGN)
"""What may be decided about any attention: it does not move the process."""


class PolicyRow(BaseModel):
    """The row of a failure policy that led to something: its name, its edition, its first day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str
    version: int
    name: str
    since: date

    def __str__(self) -> str:
        return f"{self.policy}/{self.name} (version {self.version}, from {self.since})"


FIRST_QUEUE = "operations"
"""Who looks after what no policy gives to somebody else."""
QUEUE = r"^[a-z][a-z0-9-]{0,39}$"


class Attention(BaseModel):
    """One thing that waits for a person. At most one of a code at a time on a stream."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9-]+$")
    what: Said
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn
    allowed: tuple[DecisionKind, ...]
    detail: str | None = None
    """A code or a name the decision turns on: a refusal code, a step, an operator."""
    blocks: bool = True
    """Whether the process stands still meanwhile."""
    queue: str = Field(default=FIRST_QUEUE, pattern=QUEUE)
    """The team that looks after it."""
    row: PolicyRow | None = None
    """The row of the failure policy that asks."""

    def allows(self, kind: DecisionKind) -> bool:
        return kind in self.allowed or kind in ALWAYS


class AttentionRaised(Event):
    attention: Attention


class AttentionMoved(Event):
    """Snoozed, handed to somebody else, or gone up because nobody answered."""

    code: str
    until: AwareDatetime
    turn: Turn
    why: Said


class AttentionCleared(Event):
    """Answered, or overtaken by what happened."""

    code: str


class DecisionTaken(Event):
    """Who decided what, and why; the facts that follow from it come after it."""

    code: str
    decision: DecisionKind
    reason: str
    by: str
    given: Mapping[str, str] = {}
    row: PolicyRow | None = None
    """The row of the failure policy that asked."""


class DecisionNotTaken(Event):
    """Somebody asked for what could not be decided; what they were told instead."""

    decision: str
    by: str
    reason: str
    why: str


AttentionEvent = AttentionRaised | AttentionMoved | AttentionCleared


class DecisionRefusedError(Exception):
    """The decision cannot be taken now; the message says what can."""


def open_after(attentions: tuple[Attention, ...], event: AttentionEvent) -> tuple[Attention, ...]:
    """What is still open after a fact."""
    match event:
        case AttentionRaised(attention=raised):
            return (*_others(attentions, raised.code), raised)
        case AttentionMoved(code=code, until=until, turn=turn):
            return tuple(
                a.model_copy(update={"until": until, "turn": turn}) if a.code == code else a
                for a in attentions
            )
        case AttentionCleared(code=code):
            return tuple(_others(attentions, code))
        case _:
            assert_never(event)


def _others(attentions: Iterable[Attention], code: str) -> Iterable[Attention]:
    return (attention for attention in attentions if attention.code != code)


def going_up(attentions: Iterable[Attention]) -> tuple[Attention, ...]:
    """Questions that go up when nobody answers: once, and then they stay late and in sight."""
    return tuple(a for a in attentions if a.turn is not Turn.SUPERVISOR)


def gone_up(attention: Attention, *, until: datetime) -> AttentionMoved:
    """To the supervisor, who has an answer to give by then; after that it is late, and stays so."""
    return AttentionMoved(
        code=attention.code, until=until, turn=Turn.SUPERVISOR, why=_NOBODY_ANSWERED
    )


_NOBODY_ANSWERED = Said(
    fr="personne n'a répondu à temps : l'affaire remonte",
    en="nobody answered in time: it has gone up",
)


def answered_by(
    attentions: tuple[Attention, ...], kind: DecisionKind, code: str | None
) -> Attention:
    """Which open attention a decision answers; DecisionRefusedError says what may be decided."""
    named = [a for a in attentions if code is None or a.code == code]
    able = [a for a in named if a.allows(kind)]
    if len(able) == 1:
        return able[0]
    if not attentions:
        raise DecisionRefusedError("nothing waits for a decision here; look at its timeline")
    if able:
        codes = ", ".join(a.code for a in able)
        raise DecisionRefusedError(f"several things wait for '{kind}': say which of {codes}")
    offers = "; ".join(f"{a.code}: {', '.join((*a.allowed, *ALWAYS))}" for a in named or attentions)
    raise DecisionRefusedError(f"'{kind}' is not what is asked; decide one of: {offers}")
