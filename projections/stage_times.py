"""How long lines stood at each stage, measured from their own facts, in commit order.

Only stages whose end no date says are measured, and only lines that have left one because what it
was for was done: who gave up, or chose another day meanwhile, says nothing of how long it takes.
How long a visit is waited for, once it is booked, is measured for the sites that have none yet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from domain import access_outlook
from domain.access_stages import Access, AccessStage
from domain.port_in_facts import Gate
from domain.port_in_states import Going, PortStage
from domain.port_outlook import gates_before_the_request, whose_time_of
from domain.stage_times import StageKey, StageTimes
from ledger.envelope import Envelope
from projections.line import LineState, state_after

NAME = "stage-times"
_SHAPE = sha256(str(StageTimes.model_json_schema()).encode()).hexdigest()[:12]
STORED_AS = f"{NAME}@{_SHAPE}"


_DONE: Mapping[str, frozenset[str]] = {
    PortStage.CLAIMING: frozenset({PortStage.GATHERING}),
    PortStage.GATHERING: frozenset({PortStage.DATING}),
    PortStage.DATING: frozenset({PortStage.PREPARING, PortStage.WAITING}),
    PortStage.PREPARING: frozenset({PortStage.WAITING}),
    PortStage.AWAITING_DONOR: frozenset({PortStage.ACCEPTED, PortStage.REFUSED}),
    PortStage.REFUSED: frozenset({PortStage.DATING}),
    AccessStage.CLAIMING: frozenset({AccessStage.GATHERING}),
    AccessStage.GATHERING: frozenset({AccessStage.CHECKING}),
    AccessStage.CHECKING: frozenset({AccessStage.AGREEING}),
    AccessStage.AGREEING: frozenset({AccessStage.STUDYING, AccessStage.RESERVING}),
    AccessStage.STUDYING: frozenset({AccessStage.RESERVING, AccessStage.QUOTED, AccessStage.READY}),
    AccessStage.RESERVING: frozenset(
        {AccessStage.READY, AccessStage.DESATURATING, AccessStage.QUOTED}
    ),
    AccessStage.DESATURATING: frozenset({AccessStage.RESERVING, AccessStage.READY}),
    AccessStage.READY: frozenset({AccessStage.BOOKING, AccessStage.COMMISSIONING}),
    AccessStage.BOOKING: frozenset({AccessStage.AWAITING_VISIT}),
    AccessStage.AWAITING_VISIT: frozenset({AccessStage.COMMISSIONING}),
    AccessStage.COMMISSIONING: frozenset({AccessStage.IN_SERVICE}),
    AccessStage.CHANGING: frozenset({AccessStage.CLAIMING, AccessStage.CHECKING}),
}
"""Where a line goes from a stage that is measured, once what the stage is for is done."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a line stands after a fact, since when, and how it came there."""

    version: int
    state: LineState
    entered: LineState
    """As it was when it came to its stage: whose time it is does not change while it runs."""
    since: datetime
    tried_again: bool
    """Waited, or waits, for a next try of its row."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A line has left a stage."""

    key: StageKey
    going: Going | Access
    since: datetime
    until: datetime


HoursOf = Callable[[Passage], int | None]
"""None where its calendar cannot be read: it is left out."""


def moved(before: Standing | None, envelope: Envelope) -> tuple[Standing | None, Passage | None]:
    """Where a fact leads, and the stage it ends: of lines whose dates are promised."""
    state = state_after(None if before is None else before.state, envelope.event)
    if state is None:
        return None, None
    stays = before is not None and state.stage == before.state.stage
    tried_again = isinstance(state, Going | Access) and state.retry is not None
    if before is not None and stays:
        after = replace(
            before,
            version=envelope.version,
            state=state,
            tried_again=before.tried_again or tried_again,
        )
        return after, None
    after = Standing(
        version=envelope.version,
        state=state,
        entered=state,
        since=envelope.business_at,
        tried_again=tried_again,
    )
    return after, None if before is None else _passage(before, state.stage, envelope.business_at)


def _passage(before: Standing, to: str, until: datetime) -> Passage | None:
    entered = before.entered
    if not isinstance(entered, Going | Access) or to not in _DONE.get(entered.stage, ()):
        return None
    if isinstance(entered, Access):
        reckoned, key = _is_reckoned_of_a_site(entered), access_outlook.whose_time_of(entered)
    else:
        reckoned = _is_reckoned(entered, tried_again=before.tried_again)
        key = whose_time_of(entered)
    if not reckoned:
        return None
    return Passage(key=key, going=entered, since=before.since, until=until)


def _is_reckoned(entered: Going, *, tried_again: bool) -> bool:
    """Its usual time is asked for where papers are missing and where a refusal is a person's: a
    term that runs, or the instant of a next try, is a date."""
    if entered.stage is PortStage.GATHERING:
        return _papers_alone(gates_before_the_request(entered))
    return not (entered.stage is PortStage.REFUSED and tried_again)


def _is_reckoned_of_a_site(entered: Access) -> bool:
    """Where papers or a consent are missing; a desaturation with an estimate ends by it."""
    if entered.stage is AccessStage.GATHERING:
        return _papers_alone(entered.gates)
    if entered.stage is AccessStage.AGREEING:
        return access_outlook.awaits_consent(entered)
    saturated = entered.saturated
    estimated = saturated is not None and saturated.estimate is not None
    return not (entered.stage is AccessStage.DESATURATING and estimated)


def _papers_alone(gates: Sequence[Gate]) -> bool:
    return bool(gates) and not any(gate.opens_by_itself for gate in gates)


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
