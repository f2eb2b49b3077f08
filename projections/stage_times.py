"""How long lines stood at each stage, measured from their own facts, in commit order.

Only stages whose end no date of the exchange says are measured.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.policies import USUAL_HOURS
from domain.port_in_states import Going
from domain.port_outlook import whose_time_of
from domain.stage_times import StageKey, StageTimes
from ledger.envelope import Envelope
from projections.line import LineState, state_after

NAME = "stage-times"
_SHAPE = sha256(str(StageTimes.model_json_schema()).encode()).hexdigest()[:12]
STORED_AS = f"{NAME}@{_SHAPE}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a line stands after a fact, and since when."""

    version: int
    state: LineState
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A line has left a stage."""

    key: StageKey
    going: Going
    since: datetime
    until: datetime


HoursOf = Callable[[Passage], int | None]
"""None where its calendar cannot be read: it is left out."""


def moved(before: Standing | None, envelope: Envelope) -> tuple[Standing | None, Passage | None]:
    """Where a fact leads, and the stage it ends: of lines whose dates are promised."""
    state = state_after(None if before is None else before.state, envelope.event)
    if state is None:
        return None, None
    if before is None or state.stage == before.state.stage:
        since = envelope.business_at if before is None else before.since
        return Standing(version=envelope.version, state=state, since=since), None
    after = Standing(version=envelope.version, state=state, since=envelope.business_at)
    return after, _passage(before, envelope.business_at)


def _passage(before: Standing, until: datetime) -> Passage | None:
    state = before.state
    if not isinstance(state, Going) or state.stage not in USUAL_HOURS:
        return None
    return Passage(key=whose_time_of(state), going=state, since=before.since, until=until)


def measured(
    known: Mapping[str, StageTimes], passages: Iterable[Passage], hours_of: HoursOf
) -> dict[str, StageTimes]:
    """The figures a batch changed."""
    changed: dict[str, StageTimes] = {}
    for passage in passages:
        name, hours = passage.key.name, hours_of(passage)
        if hours is not None:
            times = changed.get(name) or known.get(name) or StageTimes(key=passage.key)
            changed[name] = times.with_one_more(hours)
    return changed
