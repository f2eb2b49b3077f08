"""The treatment of one failure: its row, worked out against the calendar and a line's dates."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.failure_bounds import TICKETS
from domain.failure_policy import Failure, Row, Then, Treatment
from domain.hours import local_instant
from domain.port_dates import DateRefusedError
from domain.port_in_facts import LineTerms, Step
from domain.port_in_states import Going, Waiting
from domain.port_planning import plan_as_it_stands
from domain.port_rules import PortRules
from domain.said import Said, moment_said

InTime = Callable[[datetime], bool]


def treatment_of(
    rules: PortRules,
    failure: Failure,
    *,
    at: datetime,
    in_time: InTime,
    asked_for: datetime | None = None,
) -> Treatment:
    """As of the day it happened; `asked_for` is when the operator asks to be called again."""
    row, named = rules.failures().row_for(failure, rules.local(at).date())
    retry_at = _retry_at(rules, row, at, asked_for)
    too_late: Said | None = None
    if retry_at is not None and not _near_enough(rules, row, at, retry_at):
        too_late = _too_far(retry_at)
    elif retry_at is not None and not in_time(retry_at):
        too_late = _too_late(retry_at)
    return Treatment(
        row=named,
        queue=row.queue,
        owner=row.owner,
        allowed=row.allowed,
        said=row.said,
        ends=row.then is Then.END,
        at_most=0 if row.retry is None else row.retry.at_most,
        retry_at=retry_at if too_late is None else None,
        too_late=too_late,
    )


def _retry_at(
    rules: PortRules, row: Row, at: datetime, asked_for: datetime | None
) -> datetime | None:
    """The operator's own word goes before the row's delay."""
    if row.retry is None:
        return None
    return rules.after(at, row.retry.after) if asked_for is None else max(asked_for, at)


def _near_enough(rules: PortRules, row: Row, at: datetime, retry_at: datetime) -> bool:
    longest = None if row.retry is None else row.retry.longest
    return longest is None or retry_at <= rules.after(at, longest)


def _too_far(retry_at: datetime) -> Said:
    until = moment_said(retry_at)
    return Said(
        fr=f"l'opérateur ne veut pas être rappelé avant le {until.fr} : c'est trop loin",
        en=f"the operator is not to be called again before {until.en}: that is too far off",
    )


def _too_late(retry_at: datetime) -> Said:
    then = moment_said(retry_at)
    return Said(
        fr=f"le prochain essai, le {then.fr}, viendrait trop tard",
        en=f"the next try, on {then.en}, would come too late",
    )


def operator_of(terms: LineTerms, step: Step) -> str:
    """Who is asked: the exchange of the number, or the host of the line."""
    return terms.group.value.lower() if step in TICKETS else terms.host.value


def treated(
    rules: PortRules,
    state: Going,
    step: Step,
    code: str,
    *,
    at: datetime,
    asked_for: datetime | None = None,
) -> Treatment:
    """Of a port that runs, where no next try may cost it its day."""
    failure = rules.failures().failure(operator_of(state.terms, step), step, code)
    in_time = _before_it_matters(rules, state, step)
    return treatment_of(rules, failure, at=at, in_time=in_time, asked_for=asked_for)


def treated_by(
    rules: PortRules,
    failure: Failure,
    *,
    last: datetime | None,
    at: datetime,
    asked_for: datetime | None = None,
) -> Treatment:
    """A next try keeps to the deadline of what was asked, where there is one."""

    def in_time(instant: datetime) -> bool:
        return last is None or instant < last

    return treatment_of(rules, failure, at=at, in_time=in_time, asked_for=asked_for)


def _before_it_matters(rules: PortRules, state: Going, step: Step) -> InTime:
    """Sent again, a request keeps its port day, and a porting ticket has a session before it;
    anything else keeps to its own deadline."""
    if step is Step.SEND_REQUEST or isinstance(state, Waiting):
        return lambda instant: _keeps_its_day(rules, state, instant)
    last = _last_moment(rules, state, step)
    if step is Step.COMMIT_PORT:
        sent_at = rules.calendar_for(state.terms).next_session
        return lambda instant: last is None or sent_at(instant) < last
    return lambda instant: last is None or instant < last


def _keeps_its_day(rules: PortRules, state: Going, instant: datetime) -> bool:
    planned = state.planned
    if planned is None or instant >= planned.switch_from:
        return False
    day = planned.plan.port_day
    try:
        again = plan_as_it_stands(rules, state, wished=day, at=instant)
    except DateRefusedError:
        return False
    return again.plan.port_day == day


def _last_moment(rules: PortRules, state: Going, step: Step) -> datetime | None:
    planned, ask = state.planned, state.asks.get(step)
    moments = [] if ask is None else [ask.until]
    if planned is None:
        return min(moments, default=None)
    if step in {Step.CHECK_ACTIVE, Step.SWITCH_LINE}:
        zone = rules.calendar_for(state.terms).exchange.time_zone
        moments.append(local_instant(planned.plan.port_day + timedelta(days=1), 0, zone))
    if step is Step.COMMIT_PORT:
        moments.append(planned.switch_from)
    if step is Step.VERIFY_LINE:
        moments.append(planned.confirmations_until)
    if step is Step.CANCEL_REQUEST:
        moments.append(planned.plan.zones[-1].ends_at)
    return min(moments, default=None)
