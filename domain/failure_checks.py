"""What is wrong with a failure policy: rows that never win, or ask for what cannot be."""

from collections.abc import Iterator, Sequence

from domain.attention import DecisionKind
from domain.exchange_codes import EXCHANGE_CODES, CodeOutcome
from domain.failure_bounds import NO_DONOR_ANSWER, TICKETS, WORDS, ever_allowed, may_end
from domain.failure_policy import Failure, FailurePolicy, Row, Then
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN
from domain.port_in_facts import HostNetwork, Step
from domain.rio_prefixes import MOBILE_HOLDERS

HOSTS = frozenset(host.value for host in HostNetwork)
EXCHANGES = frozenset(group.value.lower() for group in MOBILE_HOLDERS)
OPERATORS = tuple(sorted(HOSTS | EXCHANGES))

_TO_BE_FORESEEN = frozenset(
    {CodeOutcome.REFUSED, CodeOutcome.LOST, CodeOutcome.TICKET_REFUSED, CodeOutcome.PERSON}
)

FaultOf = tuple[int | None, str]
"""The place of the row in its file, from 0, or None for the whole; and what is wrong."""


def steps_of(operator: str) -> frozenset[Step]:
    """What is ever asked of it."""
    return frozenset(TICKETS) if operator in EXCHANGES else frozenset(Step) - TICKETS


def faults_of(policy: FailurePolicy) -> Iterator[FaultOf]:
    if policy.operator not in OPERATORS:
        yield None, f"{policy.operator} is no operator; write one of {', '.join(OPERATORS)}"
        return
    yield from _last_row(policy.rows)
    yield from _shadowed(policy.rows)
    for place, row in enumerate(policy.rows):
        for what in _of_a_row(row, policy.operator):
            yield place, f"{row.name}: {what}"
    if policy.operator in EXCHANGES:
        yield from _not_foreseen(policy)


def _last_row(rows: Sequence[Row]) -> Iterator[FaultOf]:
    last = [row for row in rows if row.is_last]
    if not last:
        yield None, "has no last row: add one for any interface, step and code, which asks a person"
        return
    first_day = min(row.since for row in rows)
    if min(row.since for row in last) > first_day:
        yield None, f"its last row begins after other rows do: let it begin on {first_day}"


def _shadowed(rows: Sequence[Row]) -> Iterator[FaultOf]:
    named: dict[str, Row] = {}
    days: set[tuple[object, ...]] = set()
    for place, row in enumerate(rows):
        known = named.setdefault(row.name, row)
        if known.case != row.case:
            yield place, f"{row.name}: the name is another case's; one name for one case"
        if (*row.case, row.since) in days:
            yield place, f"{row.name}: never wins, another row of its case begins the same day"
        days.add((*row.case, row.since))


def _of_a_row(row: Row, operator: str) -> Iterator[str]:
    steps = steps_of(operator)
    if row.step is not None and row.step not in steps:
        asked = ", ".join(sorted(steps))
        yield f"{row.step} is never asked of {operator}; write one of {asked}"
        return
    if not FIRST_YEAR_TAKEN <= row.since.year <= LAST_YEAR_TAKEN:
        yield f"{row.since} is a slip of the pen; correct the day it begins"
    if len(set(row.allowed)) != len(row.allowed):
        yield "allows one decision twice; keep one"
    bound = _bound(row, steps)
    if strangers := [kind for kind in row.allowed if kind not in bound]:
        could = ", ".join(sorted(bound))
        yield f"{', '.join(strangers)} cannot be decided there; only {could} can"
    if row.retry is not None and DecisionKind.RETRY not in bound:
        yield "it cannot be tried again: take the retry out"
    if row.retry is not None and row.code.lower() == NO_DONOR_ANSWER:
        yield "a donor is reminded by the exchange's hours, then asked about: take the retry out"
    if row.then is Then.END and not _ends_everywhere(row):
        yield "only a donor's reason that leaves nothing to try ends a port by itself: let it ask"


def _bound(row: Row, steps: frozenset[Step]) -> frozenset[DecisionKind]:
    """What could be decided in any case the row is about; a pattern may be about a word of ours."""
    asked = steps if row.step is None else frozenset({row.step})
    codes = [row.code, *(word for word in WORDS if _is_about(row, word))]
    return frozenset(kind for step in asked for code in codes for kind in ever_allowed(step, code))


def _is_about(row: Row, code: str) -> bool:
    step = row.step or Step.PREPARE_LINE
    return row.is_about(Failure(operator="", interface="", step=step, code=code))


def _ends_everywhere(row: Row) -> bool:
    return row.is_exact and row.step is Step.SEND_REQUEST and may_end(row.step, row.code)


def _not_foreseen(policy: FailurePolicy) -> Iterator[FaultOf]:
    """Every code of the exchange has words of its own for whoever decides."""
    rows = [row for row in policy.rows if not row.is_last]
    for code in EXCHANGE_CODES.values():
        if code.outcome not in _TO_BE_FORESEEN:
            continue
        failure = Failure(
            operator=policy.operator, interface="", step=Step.SEND_REQUEST, code=code.code
        )
        if not any(_foresees(row, failure) for row in rows):
            yield None, f"{code.code} ({code.meaning.en}) is foreseen by no row but the last"


def _foresees(row: Row, failure: Failure) -> bool:
    anyhow = row.model_copy(update={"interface": "*"})
    return anyhow.is_about(failure)
