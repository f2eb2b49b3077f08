"""When a port is expected, and what was promised: from where it stands and how long stages last.

What was promised is the day the customer chose last, or else the first day planned. The law's delay
(`port-in.legal-delay`) is no promise here: it runs from papers that are complete, and by then there
is a planned day. What is owed for days that were lost is an indemnity's matter, and other rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from pydantic import AwareDatetime

from domain import port_in_states as states
from domain.hours import exchange_hours
from domain.orders import LineKind
from domain.outlook_walks import Walk
from domain.outlooks import (
    Course,
    Expected,
    Outlook,
    Promised,
    Question,
    Waiting,
    Waits,
    cause_of,
    judged,
    when_delivered,
    without_promise,
)
from domain.policies import USUAL_HOURS
from domain.port_dates import PortCalendar
from domain.port_in_awaited import due_of
from domain.port_in_facts import Gate, GateKind, HostNetwork, SimKind
from domain.port_in_states import Going, PortStage
from domain.reckoning import Reckoning
from domain.said import Said, day_said
from domain.stage_times import StageKey, Usual, UsualTimes
from domain.territories import ExchangeGroup


class PortCourse(Course):
    """Where a port stands, without anything personal: what its outlook is reckoned from."""

    kind: Literal[LineKind.PORT_IN_MOBILE] = LineKind.PORT_IN_MOBILE
    group: ExchangeGroup
    asked_on: date
    """The exchange's rules are those of that day."""
    provider: str
    host: HostNetwork
    donor: str | None
    esim: bool
    papers: bool
    """Papers of the customer, or a go-ahead, are awaited before its request."""
    opens_at: AwareDatetime | None
    """When what time alone opens is open."""
    ready: bool
    send_at: AwareDatetime | None
    answer_until: AwareDatetime | None
    reminded: bool
    closes_at: AwareDatetime | None
    """When the exchange takes no cancellation any more."""
    commit_at: AwareDatetime | None
    switch_from: AwareDatetime | None


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """What a port's state does not keep."""

    since: datetime
    planned_at: datetime | None
    first_day: date | None


def gates_before_the_request(state: Going) -> tuple[Gate, ...]:
    """Presence is asked for later, before it becomes final."""
    return tuple(gate for gate in state.gates if gate.kind is not GateKind.PRESENCE)


def course_of(state: Going, passed: Milestones) -> PortCourse:
    terms, planned = state.terms, state.planned
    gates = gates_before_the_request(state)
    plan = None if planned is None else planned.plan
    awaiting = state if isinstance(state, states.AwaitingDonor) else None
    return PortCourse(
        promised=_promised(state, passed.first_day),
        settled_on=None if plan is None or state.stage in _UNSETTLED else plan.port_day,
        delivered_at=state.switched.outage_to if isinstance(state, states.Moved) else None,
        given_up=_given_up(state),
        stage=state.stage,
        since=passed.since,
        estimated=state.stage in USUAL_HOURS,
        due=None if (due := due_of(state)) is None else due.until,
        question=_question(state),
        group=terms.group,
        asked_on=terms.asked_at.date(),
        provider=terms.pin.provider,
        host=terms.host,
        donor=state.donor,
        esim=terms.sim is SimKind.ESIM,
        papers=any(not gate.opens_by_itself for gate in gates),
        opens_at=max((gate.until for gate in gates if gate.opens_by_itself), default=None),
        ready=state.ready is not None,
        send_at=None if plan is None else plan.send_at,
        answer_until=None if awaiting is None else awaiting.answer_until,
        reminded=awaiting is not None and awaiting.reminders > 0,
        closes_at=None if plan is None else plan.zones[-1].ends_at,
        commit_at=state.accepted.commit_at if isinstance(state, states.Accepted) else None,
        switch_from=None if planned is None else planned.switch_from,
        planned_at=passed.planned_at,
        next_try=None if state.retry is None else state.retry.until,
    )


_UNSETTLED = {
    PortStage.CLAIMING,
    PortStage.GATHERING,
    PortStage.DATING,
    PortStage.REFUSED,
    PortStage.UNDOING,
}
"""Where a day that was planned holds no more."""


def _given_up(state: Going) -> bool:
    """A customer who asks to cancel is let down by no date; one that lapses is promised again."""
    return isinstance(state, states.Undoing) or state.cancellation is not None


def _promised(state: Going, first_day: date | None) -> Promised | None:
    if _given_up(state):
        return None
    if state.wished is not None:
        ordered = state.wished == state.terms.wished
        said = Said(fr="le jour choisi pour le client", en="the day chosen for the customer")
        source = "PortOpened" if ordered else "DayChosen"
        return Promised(on=state.wished, said=said, source=source)
    if first_day is None:
        return None
    said = Said(fr="le premier jour planifié", en="the first day planned")
    return Promised(on=first_day, said=said, source="PortPlanned")


def _question(state: Going) -> Question | None:
    """The one that holds it; while papers are gathered, the one that asks for them."""
    asked = [a for a in state.attentions if a.blocks or state.stage is PortStage.GATHERING]
    if not asked:
        return None
    one = min(asked, key=lambda a: (not a.blocks, a.since))
    return Question(
        code=one.code, since=one.since, until=one.until, turn=one.turn, blocks=one.blocks
    )


def outlook_of(
    course: PortCourse,
    calendar: PortCalendar,
    times: UsualTimes,
    now: datetime,
    *,
    explained: bool = False,
) -> Outlook:
    """Explained, each usual time is counted out day by day."""
    local = Reckoning(calendar=calendar.contract).instant_of
    if course.promised is None:
        return without_promise(course)
    if course.delivered_at is not None:
        return when_delivered(course.promised, local(course.delivered_at).date())
    walk = _Walk(
        course=course,
        calendar=calendar,
        times=times,
        hours=Reckoning(calendar=calendar.exchange, hours=exchange_hours(calendar.rules.group)),
        local=local,
        now=now,
        at=max(now, course.since),
        explained=explained,
    )
    day = _WAYS.get(PortStage(course.stage), _before_the_request)(walk)
    today = local(now).date()
    expected = Expected(on=max(day, today), left=tuple(walk.left))
    cause = cause_of(course, _waiting(course), now, local)
    return judged(course.promised, expected, cause, today=today)


# why it is late


_WAITS = {
    PortStage.CLAIMING: Waits.US,
    PortStage.GATHERING: Waits.CUSTOMER,
    PortStage.DATING: Waits.US,
    PortStage.PREPARING: Waits.HOST,
    PortStage.WAITING: Waits.US,
    PortStage.AWAITING_DONOR: Waits.DONOR,
    PortStage.REFUSED: Waits.PERSON,
    PortStage.ACCEPTED: Waits.US,
    PortStage.COMMITTED: Waits.HOST,
    PortStage.SWITCHED: Waits.HOST,
    PortStage.VERIFIED: Waits.DONOR,
    PortStage.UNDOING: Waits.HOST,
}


def _waiting(course: PortCourse) -> Waiting:
    asked = "" if course.question is None else course.question.code
    return Waiting(
        waits_for=_waits(course), whom=_whom(course), asked_about=_asked_about(course, asked)
    )


def _waits(course: PortCourse) -> Waits:
    """A donor's refusal that is sent again by its row is nobody's to decide."""
    again = course.stage == PortStage.REFUSED and course.next_try is not None
    return Waits.US if again else _WAITS[PortStage(course.stage)]


_OF_THE_DONOR = frozenset({PortStage.AWAITING_DONOR, PortStage.REFUSED, PortStage.VERIFIED})
_ABOUT_THE_DONOR = frozenset(
    {"donor-silent", "donor-refused", "eligibility-lost", "number-inactive", "fleet"}
)


def _whom(course: PortCourse) -> str:
    if _WAITS[PortStage(course.stage)] is Waits.US:
        return ""
    donors = PortStage(course.stage) in _OF_THE_DONOR
    return (course.donor or "") if donors else course.host


def _asked_about(course: PortCourse, code: str) -> str:
    return (course.donor or "") if code in _ABOUT_THE_DONOR else _whom(course)


# when it is expected

PREPARING_ESIM = "preparing-esim"


def whose_time(
    stage: PortStage, *, provider: str, host: HostNetwork, donor: str | None, esim: bool
) -> StageKey:
    """Of whom it depends how long a stage lasts: the donor, or the host. No card travels for an
    eSIM: it is another time."""
    whom = (donor or "") if stage in _OF_THE_DONOR else host
    named = PREPARING_ESIM if esim and stage is PortStage.PREPARING else stage
    return StageKey(kind=LineKind.PORT_IN_MOBILE, stage=named, provider=provider, whom=whom)


def whose_time_of(state: Going) -> StageKey:
    terms = state.terms
    return whose_time(
        state.stage,
        provider=terms.pin.provider,
        host=terms.host,
        donor=state.donor,
        esim=terms.sim is SimKind.ESIM,
    )


@dataclass(kw_only=True)
class _Walk(Walk):
    course: PortCourse
    calendar: PortCalendar
    times: UsualTimes

    def usually(self, stage: PortStage, *, since: datetime) -> None:
        self.for_usual(stage, self.usual(stage), since=since)

    def usual(self, stage: PortStage) -> Usual:
        course = self.course
        key = whose_time(
            stage,
            provider=course.provider,
            host=course.host,
            donor=course.donor,
            esim=course.esim,
        )
        return self.times.of(key)

    def requested(self) -> date:
        """The first day the exchange ports on, when the request can leave from here; a day that was
        settled or chosen is never brought forward."""
        send_at = self.calendar.next_session(self.at)
        self.until(PortStage.WAITING, send_at, _SESSION)
        answer = self.calendar.earliest_port(send_at.date()).answer
        return max(date(answer.year, answer.month, answer.day), *self._days())

    def in_time_for(self, moment: datetime | None) -> bool:
        return moment is not None and self.at <= moment

    @property
    def settled(self) -> date:
        return cast("date", self.course.settled_on)

    def _days(self) -> tuple[date, ...]:
        promised, settled = self.course.promised, self.course.settled_on
        return tuple(d for d in (settled, promised.on if promised else None) if d is not None)


_SESSION = Said(fr="à la prochaine vacation", en="at the next session")
_OPENS = Said(fr="un délai court", en="a term is running")
_ANSWER = Said(
    fr="réponse du donneur, par l'heure de l'échange", en="the donor's answer, by the exchange"
)
_TICKET = Said(fr="à la vacation du ticket de portage", en="at the porting ticket's session")

_BEFORE = (PortStage.CLAIMING, PortStage.GATHERING, PortStage.DATING, PortStage.PREPARING)


def _before_the_request(walk: _Walk) -> date:
    """Papers, dates, the line: then the session; the day holds if it leaves with its own."""
    course, stage = walk.course, PortStage(walk.course.stage)
    walk.asked()
    if stage in _BEFORE:
        anew = course.blocked or course.next_try is not None
        _before(walk, stage, since=walk.at if anew else course.since)
    _made_ready(walk, after=stage)
    return _sent(walk)


def _made_ready(walk: _Walk, *, after: PortStage) -> None:
    """What is left before the request."""
    passed = _BEFORE.index(after) + 1 if after in _BEFORE else len(_BEFORE)
    for stage in _BEFORE[passed:]:
        _before(walk, stage, since=walk.at)


def _before(walk: _Walk, stage: PortStage, *, since: datetime) -> None:
    """Papers take time where some are missing, a line where it is not ready."""
    course = walk.course
    done = course.ready if stage is PortStage.PREPARING else not course.papers
    if stage in {PortStage.GATHERING, PortStage.PREPARING}:
        if not done:
            walk.usually(stage, since=since)
        if stage is PortStage.GATHERING and course.opens_at is not None:
            walk.until(stage, course.opens_at, _OPENS)
    else:
        walk.usually(stage, since=since)


def _sent(walk: _Walk) -> date:
    if walk.course.settled_on is not None and walk.in_time_for(walk.course.send_at):
        walk.until(PortStage.WAITING, cast("datetime", walk.course.send_at), _SESSION)
        return walk.settled
    return walk.requested()


def _after_the_request(walk: _Walk) -> date:
    course = walk.course
    known = walk.usual(PortStage.AWAITING_DONOR).lines > 0
    walk.asked()
    if not course.blocked:
        if known or course.reminded or course.overdue(walk.now):
            walk.usually(PortStage.AWAITING_DONOR, since=course.since)
        else:
            walk.until(PortStage.AWAITING_DONOR, cast("datetime", course.answer_until), _ANSWER)
    return _made_final(walk, cast("datetime", course.closes_at))


def _once_accepted(walk: _Walk) -> date:
    walk.asked()
    return _made_final(walk, cast("datetime", walk.course.commit_at))


def _made_final(walk: _Walk, not_before: datetime) -> date:
    """The ticket's session has to come before the switch; after it the day is missed."""
    session = walk.calendar.next_session(max(walk.at, not_before))
    if session < cast("datetime", walk.course.switch_from):
        walk.until(PortStage.ACCEPTED, session, _TICKET)
        return walk.settled
    walk.usually(PortStage.REFUSED, since=walk.at)
    return walk.requested()


def _once_refused(walk: _Walk) -> date:
    """By its row the request is made again at its instant; otherwise a person takes their time."""
    if walk.course.next_try is not None and not walk.course.blocked:
        walk.asked()
    else:
        walk.usually(PortStage.REFUSED, since=walk.course.since)
    _made_ready(walk, after=PortStage.DATING)
    return walk.requested()


def _once_final(walk: _Walk) -> date:
    """Nothing is sent any more: the day itself, or the first port day after what holds it."""
    walk.asked()
    on = Reckoning(calendar=walk.calendar.exchange).instant_of(walk.at).date()
    if on <= walk.settled:
        why = Said(
            fr=f"bascule le {day_said(walk.settled).fr}",
            en=f"switch on {day_said(walk.settled).en}",
        )
        walk.until(PortStage.COMMITTED, cast("datetime", walk.course.switch_from), why)
        return walk.settled
    return walk.calendar.exchange.next_worked(on, walk.calendar.rules.port_week)


_WAYS: dict[PortStage, Callable[[_Walk], date]] = {
    PortStage.AWAITING_DONOR: _after_the_request,
    PortStage.REFUSED: _once_refused,
    PortStage.ACCEPTED: _once_accepted,
    PortStage.COMMITTED: _once_final,
}
