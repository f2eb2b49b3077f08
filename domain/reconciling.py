"""What we believe of a line at its host, what the host says of it, and whether the two agree.

Read from the line's own facts, each time anew: nothing here is kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import port_in_facts as facts
from domain.event import Event
from domain.identity import LineId, OrderId
from domain.new_numbers import NewNumberEnded, NewNumberOpened, NumberGiven
from domain.operators import Standing
from domain.policies import ENDED_COMPARED_FOR, RECONCILE_GRACE
from domain.port_in_facts import HostNetwork, Outcome, Step
from domain.reverse_port_facts import LineHandedBack

EVIDENCE_MAX = 4
"""Facts named as our side's evidence: the last ones. A default of ours."""

AT_THE_HOST = frozenset({Step.PREPARE_LINE, Step.SWITCH_LINE, Step.RELEASE_LINE, Step.GIVE_NUMBER})
"""What changes a line there: while one of them is under way, nothing is compared."""


class DifferenceKind(StrEnum):
    """How a host may say otherwise than our facts; a line has one of a kind at a time."""

    ENDED_THERE = "ended-there"
    """The host has ended it; by our facts it is there."""
    UNKNOWN_THERE = "unknown-there"
    """The host does not know it; by our facts it is there."""
    LEFT_THERE = "left-there"
    """By our facts it was given back; the host still has it, and bills it for nothing."""
    SUSPENDED_THERE = "suspended-there"
    """The host has barred it, and nobody asked for it."""
    NOT_ACTIVE_THERE = "not-active-there"
    """By our facts it works with its number; the host has it without one."""
    ACTIVE_THERE = "active-there"
    """By our facts it waits for its number; the host has it in service."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Value):
    """A fact of the line, by its name and place."""

    event: str
    version: int
    at: AwareDatetime
    detail: str | None = None


class OurSide(_Value):
    standing: Standing
    since: AwareDatetime
    evidence: tuple[Evidence, ...]


class TheirSide(_Value):
    """What the host answered: where the line is, or the code it refuses to say it with."""

    standing: Standing | None
    code: str | None
    asked_at: AwareDatetime

    def says_as(self, other: "TheirSide") -> bool:
        return (self.standing, self.code) == (other.standing, other.code)


class Belief(_Value):
    """Where the facts of a line put it at its host."""

    line_id: LineId
    order_id: OrderId
    provider: str
    host: HostNetwork
    since: AwareDatetime
    standing: Standing | None = None
    """None while nothing is expected there yet."""
    host_line: str | None = None
    under_way: Step | None = None
    handed_over: bool = False
    """Another line of ours has taken its place at the host."""
    evidence: tuple[Evidence, ...] = ()

    def comparable(self, at: datetime) -> bool:
        """Whether the host is asked about it: nothing under way, nor done a moment ago."""
        if self.standing is None or self.host_line is None:
            return False
        if self.under_way is not None or self.handed_over:
            return False
        age = at - self.since
        long_ended = self.standing is Standing.ENDED and age > ENDED_COMPARED_FOR.span
        return age >= RECONCILE_GRACE.span and not long_ended

    @property
    def ours(self) -> OurSide:
        if self.standing is None:
            raise ValueError("nothing is expected of this line at its host: ask comparable() first")
        return OurSide(standing=self.standing, since=self.since, evidence=self.evidence)


_OTHERWISE: Mapping[Standing, Mapping[Standing, DifferenceKind]] = {
    Standing.RESERVED: {
        Standing.ACTIVE: DifferenceKind.ACTIVE_THERE,
        Standing.SUSPENDED: DifferenceKind.ACTIVE_THERE,
        Standing.ENDED: DifferenceKind.ENDED_THERE,
    },
    Standing.ACTIVE: {
        Standing.RESERVED: DifferenceKind.NOT_ACTIVE_THERE,
        Standing.SUSPENDED: DifferenceKind.SUSPENDED_THERE,
        Standing.ENDED: DifferenceKind.ENDED_THERE,
    },
    Standing.ENDED: {
        Standing.RESERVED: DifferenceKind.LEFT_THERE,
        Standing.ACTIVE: DifferenceKind.LEFT_THERE,
        Standing.SUSPENDED: DifferenceKind.LEFT_THERE,
    },
}
"""What we believe, what they say. No process of ours suspends a line yet."""


def compared(ours: Standing, theirs: TheirSide) -> DifferenceKind | None:
    """None when both sides say the same. A line that is gone may well be unknown."""
    if theirs.standing is None:
        return None if ours is Standing.ENDED else DifferenceKind.UNKNOWN_THERE
    return _OTHERWISE[ours].get(theirs.standing)


# what the facts of a line come to

Fact = tuple[int, datetime, Event]
"""Its version, its business instant, and what happened."""


def belief_of(history: Iterable[Fact]) -> Belief | None:
    """None for a stream that is no line's."""
    belief: Belief | None = None
    for version, at, event in history:
        belief = _opened(event, at) if belief is None else _after(belief, version, at, event)
    return belief


def _opened(event: Event, at: datetime) -> Belief | None:
    if not isinstance(event, facts.PortOpened | NewNumberOpened):
        return None
    terms = event.terms
    host_line = event.terms.host_line if isinstance(event, NewNumberOpened) else None
    return Belief(
        line_id=terms.line_id,
        order_id=terms.order_id,
        provider=terms.pin.provider,
        host=terms.host,
        since=at,
        host_line=host_line,
        standing=None if host_line is None else Standing.RESERVED,
    )


def _after(belief: Belief, version: int, at: datetime, event: Event) -> Belief:
    """A fact that says nothing of the host leaves all as it was, since when too."""
    changes = _changes(belief, event)
    if not changes:
        return belief
    fact = Evidence(event=type(event).__name__, version=version, at=at, detail=_detail(event))
    kept = (*belief.evidence, fact)[-EVIDENCE_MAX:]
    return belief.model_copy(update={"since": at, **changes, "evidence": kept})


def _detail(event: Event) -> str | None:
    match event:
        case facts.OperatorAsked(step=step, key=key):
            return f"{step} {key}"
        case facts.OperatorRefused(step=step, code=code):
            return f"{step} {code}"
        case facts.StepGivenUp(step=step):
            return step
        case facts.PortEnded(outcome=outcome):
            return outcome
        case _:
            return None


def _changes(belief: Belief, event: Event) -> Mapping[str, object]:
    changes: dict[str, object] = {}
    match event:
        case facts.OperatorAsked(step=step) if step in AT_THE_HOST:
            changes = {"under_way": step}
        case facts.StepGivenUp(step=Step.RELEASE_LINE):
            changes = {"under_way": None, "standing": Standing.ENDED}  # we want it to be gone
        case facts.OperatorRefused(step=step) | facts.StepGivenUp(step=step):
            changes = {"under_way": None} if step is belief.under_way else {}
        case facts.LineReady(host_line=name):
            changes = {"under_way": None, "standing": Standing.RESERVED, "host_line": name}
        case facts.LineSwitched() | NumberGiven():
            changes = {"under_way": None, "standing": Standing.ACTIVE}
        case facts.LineReleased() | LineHandedBack():
            changes = {"under_way": None, "standing": Standing.ENDED}
        case facts.PortEnded() | NewNumberEnded():
            changes = _over(belief, event)
    return changes


def _over(belief: Belief, event: facts.PortEnded | NewNumberEnded) -> dict[str, object]:
    """What was under way is over with it; a new number keeps the line that was ready."""
    kept = event.outcome is Outcome.REPLACED and belief.standing is Standing.RESERVED
    return {"under_way": None, "handed_over": kept} if kept or belief.under_way else {}
