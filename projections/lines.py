"""A line in a few words, kept beside its document: what lists and counts read, of any fleet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import new_numbers
from domain.access_stages import Access, Closed
from domain.attention import FIRST_QUEUE, Attention, DecisionKind, Turn
from domain.identity import LineId, OrderId
from domain.orders import LineKind
from domain.port_in_facts import HostNetwork, Outcome
from domain.port_in_states import Ended, Going
from projections.line import LineCourse, LineDocument, evolve
from projections.projection import Projection


class Cause(BaseModel):
    """Why a line, or an indemnity, waits for a person: the question, and the code it turns on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    detail: str | None
    until: AwareDatetime
    turn: Turn
    allowed: tuple[DecisionKind, ...]
    queue: str = FIRST_QUEUE


class LineBrief(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: LineId
    order_id: OrderId
    number: int | None
    kind: LineKind
    replaces: LineId | None
    version: int
    open: bool
    stage: str
    provider: str
    host: HostNetwork
    outcome: Outcome | None
    last_at: AwareDatetime
    until: AwareDatetime | None
    """The first of what is awaited; None where nothing has a date."""
    causes: tuple[Cause, ...]
    course: LineCourse | None
    """What its outlook is reckoned from; None for what has ended or promises no day."""


@dataclass(frozen=True, kw_only=True)
class BriefsAsked:
    """Which lines of an order a list is about, by their place in it."""

    after: int = 0
    limit: int
    stage: str | None = None
    outcome: str | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many lines of an order stand where."""

    lines: int
    versions: int
    """The sum of their versions: it moves whenever one of them does."""
    stages: Mapping[str, int]
    """Of those that are open."""
    outcomes: Mapping[str, int]
    """Of those that have ended."""
    waiting: Mapping[str, int]
    """Of those that wait for a person, by question."""


def brief_of(document: LineDocument) -> LineBrief:
    awaited = document.awaited
    return LineBrief(
        line_id=document.line_id,
        order_id=document.order_id,
        number=document.state.terms.number,
        kind=kind_of(document),
        replaces=replaced_by(document),
        version=document.version,
        open=document.open,
        stage=document.stage,
        provider=document.provider,
        host=document.host,
        outcome=outcome_of(document),
        last_at=document.last_at,
        until=None if awaited is None else awaited.until,
        causes=causes_of(document.attentions),
        course=document.course,
    )


def causes_of(attentions: Iterable[Attention]) -> tuple[Cause, ...]:
    return tuple(
        Cause(
            code=a.code,
            detail=a.detail,
            until=a.until,
            turn=a.turn,
            allowed=a.allowed,
            queue=a.queue,
        )
        for a in attentions
    )


def kind_of(document: LineDocument) -> LineKind:
    if isinstance(document.state, Access | Closed):
        return LineKind.ACCESS
    ported = isinstance(document.state, Going | Ended)
    return LineKind.PORT_IN_MOBILE if ported else LineKind.NEW_NUMBER


def replaced_by(document: LineDocument) -> LineId | None:
    """The line it stands in for."""
    state = document.state
    if isinstance(state, new_numbers.AwaitingHost | new_numbers.Activated):
        return state.terms.replaces
    return None


def outcome_of(document: LineDocument) -> Outcome | None:
    state = document.state
    if isinstance(state, Ended | Closed):
        return state.ended.outcome
    if isinstance(state, new_numbers.Activated) and state.ended is not None:
        return state.ended.outcome
    return None


LINES: Projection[LineDocument] = Projection(
    name="lines",
    document=LineDocument,
    kind="line",
    version_of=lambda document: document.version,
    evolve=evolve,
    brief=LineBrief,
    brief_of=brief_of,
)
