"""When a site is expected to be in service, and what was promised: from where its access stands and
how long stages last.

What was promised is the day the customer wished, or else the first day planned: an operator's lead
from the choice of its offer, or what a study says. A later day takes its place where it binds: a
study's changed delay by the contract's clause or the customer's consent, an estimate of a
saturation. Another operator, or a step that takes longer, moves no promise: works that an operator
says end later than promised put the site at risk from that word on, with its reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import access_attention as asking
from domain import access_links, works_attention
from domain.access_awaited import due_of
from domain.access_facts import CUTS_PAPER, Technology
from domain.access_stages import (
    Access,
    AccessStage,
    AwaitingDay,
    AwaitingVisit,
    Closed,
    GivingBack,
    InService,
)
from domain.attention import Attention, Turn
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.hours import exchange_hours
from domain.orders import LineKind
from domain.outlook_walks import Walk
from domain.outlooks import (
    Cause,
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
from domain.port_in_facts import HostNetwork
from domain.reckoning import Reckoning
from domain.said import Said
from domain.stage_times import StageKey, UsualTimes
from domain.territories import ExchangeGroup
from domain.works_facts import MilestonePassed

HELD = "held"
"""What a suspension on request is called among what holds a line."""
WORKS_LATER = "works-later"
"""The operator says that its works end after the promised day."""
_RECKONED = frozenset({"planned-later", "too-little-time"})


class Slip(BaseModel):
    """The word that works end later than promised, and why in the operator's own code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: AwareDatetime
    code: str


class AccessCourse(Course):
    """Where an access stands, without anything personal: what its outlook is reckoned from."""

    kind: Literal[LineKind.ACCESS] = LineKind.ACCESS
    pin: Pin
    host: HostNetwork
    technology: Technology
    papers: bool
    """Papers or payments are awaited."""
    opens_at: AwareDatetime | None
    """When what time alone opens is open."""
    consent: bool
    """Something would be cut, and its consent is not there."""
    study: bool
    """The site is studied, or is going to be."""
    saturated: bool
    estimate: date | None
    """When the saturation is thought to be over, by its contract."""
    works_end: date | None = None
    """When the operator thinks that its works are over."""
    visit_ends: AwareDatetime | None = None
    """When the slot that was chosen is over."""
    slipped: Slip | None = None
    """Works that end later than promised."""
    wanted_from: AwareDatetime | None = None
    """When the day comes that the customer wants it on: all is there but that."""
    lines_until: AwareDatetime | None = None
    """Until when other lines of its order are waited for: they come first."""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What the state of an access does not keep."""

    since: datetime
    planned_at: datetime | None
    held_at: datetime | None
    milestones: tuple[MilestonePassed, ...] = ()
    works_end: date | None = None


def course_of(state: Access, passed: Passed) -> AccessCourse:
    terms, saturated = state.terms, state.saturated
    delivered = state.started.started_at if isinstance(state, InService) else None
    due = due_of(state)
    return AccessCourse(
        promised=_promised(state),
        settled_on=None if state.plan is None else state.plan.on,
        delivered_at=delivered,
        given_up=_given_up(state),
        stage=state.stage,
        since=passed.since,
        estimated=state.stage in USUAL_HOURS,
        due=None if due is None else due.until,
        question=_question(state, passed),
        planned_at=passed.planned_at,
        next_try=None if state.retry is None else state.retry.until,
        pin=terms.pin,
        host=state.host,
        technology=state.technology,
        papers=any(not gate.opens_by_itself for gate in state.gates),
        opens_at=max((gate.until for gate in state.gates if gate.opens_by_itself), default=None),
        consent=awaits_consent(state),
        study=_is_studied(state),
        saturated=saturated is not None,
        estimate=None if saturated is None else saturated.estimate,
        works_end=passed.works_end,
        visit_ends=_visit_ends(state),
        slipped=_slip(state, passed.milestones),
        wanted_from=state.day.until if isinstance(state, AwaitingDay) else None,
        lines_until=_lines_until(state),
    )


def _visit_ends(state: Access) -> datetime | None:
    """While other days are asked for, the one that is booked is not when it is done."""
    slot = state.opening.picked
    if isinstance(state, AwaitingVisit) and state.opening.visit is not None:
        slot = state.opening.visit.slot
    return None if slot is None else slot.ends


def _lines_until(state: Access) -> datetime | None:
    awaited = state.lines_awaited
    return None if awaited is None or not state.waits_for else awaited.until


def _slip(state: Access, milestones: tuple[MilestonePassed, ...]) -> Slip | None:
    """The one that put it off last; none once it is in time again. What is made up of it, and is
    late still, is no other slip."""
    promise, slipped = state.promise, None
    if promise is None:
        return None
    last = promise.on
    for one in milestones:
        if one.expected is None:
            continue
        if one.expected <= promise.on:
            slipped = None
        elif one.expected > last:
            slipped = one
        last = one.expected
    return None if slipped is None else Slip(since=slipped.passed_at, code=slipped.code or "")


def course_of_closed(state: Closed, since: datetime) -> AccessCourse | None:
    """Of one that is in service; whatever ended otherwise has none."""
    started = state.ended.service_started_at
    if started is None or state.promise is None:
        return None
    return AccessCourse(
        promised=_as_promised(state),
        settled_on=None,
        delivered_at=started,
        given_up=False,
        stage=state.stage,
        since=since,
        estimated=False,
        due=None,
        question=None,
        pin=state.terms.pin,
        host=state.host,
        technology=_technology(state),
        papers=False,
        opens_at=None,
        consent=False,
        study=False,
        saturated=False,
        estimate=None,
    )


def _technology(state: Closed) -> Technology:
    return state.terms.wanted[0] if state.chosen is None else state.chosen.offer.technology


def _given_up(state: Access) -> bool:
    """A customer who asks to cancel is let down by no date; one that lapses is promised again."""
    return isinstance(state, GivingBack) or state.cancellation is not None


def _promised(state: Access) -> Promised | None:
    return None if _given_up(state) else _as_promised(state)


def _as_promised(state: Access | Closed) -> Promised | None:
    promise = state.promise
    if promise is None:
        return None
    return Promised(on=promise.on, said=promise.said, source=promise.source)


def _question(state: Access, passed: Passed) -> Question | None:
    """The one that holds it; while papers are gathered, the one that asks for them. A suspension
    that was asked for is the customer's."""
    asked = [_asked(a) for a in state.attentions if a.blocks or state.stage is _GATHERING]
    if state.hold is not None:
        since = passed.held_at or passed.since
        until = state.hold.until
        held = Question(code=HELD, since=since, until=until, turn=Turn.CUSTOMER, blocks=True)
        asked = [held, *asked]
    return min(asked, key=lambda one: (not one.blocks, one.since), default=None)


def _asked(one: Attention) -> Question:
    return Question(
        code=one.code, since=one.since, until=one.until, turn=one.turn, blocks=one.blocks
    )


def awaits_consent(state: Access) -> bool:
    """To what would be cut, as long as nobody has given it."""
    cuts = bool(state.uses or state.terms.keeps)
    return cuts and not any(one.name == CUTS_PAPER for one in state.documents)


def _is_studied(state: Access) -> bool:
    """Without a study an offer with a delay is planned as soon as it is chosen."""
    chosen = state.chosen
    if chosen is None or state.studied is not None:
        return False
    unplanned = state.plan is None and chosen.offer.lead_days > 0
    return chosen.offer.study or unplanned or state.stage is AccessStage.STUDYING


def counted_by(contract: Contract) -> Reckoning:
    """The hours of the provider; of the exchange where its contracts have none."""
    hours = contract.hours or exchange_hours(ExchangeGroup.GPM)
    return Reckoning(calendar=contract.calendar, hours=hours)


def outlook_of(
    course: AccessCourse,
    contract: Contract,
    times: UsualTimes,
    now: datetime,
    *,
    explained: bool = False,
) -> Outlook:
    """Explained, each usual time is counted out day by day."""
    hours = counted_by(contract)
    local = hours.instant_of
    if course.promised is None:
        return without_promise(course)
    if course.delivered_at is not None:
        return when_delivered(course.promised, local(course.delivered_at).date())
    walk = _Walk(
        course=course,
        times=times,
        hours=hours,
        local=local,
        now=now,
        at=max(now, course.since),
        explained=explained,
    )
    walk.to_its_end()
    today = local(now).date()
    days = [local(walk.at).date(), today, course.promised.on]
    settled = () if course.settled_on is None else (course.settled_on,)
    expected = Expected(on=max(*days, *settled), left=tuple(walk.left))
    return judged(course.promised, expected, _cause(course, now, local), today=today)


def _cause(course: AccessCourse, now: datetime, local: Callable[[datetime], datetime]) -> Cause:
    """Works that slipped are why it is planned later, whatever was planned since; what a person is
    asked, and a step that is overdue, come first."""
    found = cause_of(course, _waiting(course), now, local)
    slipped = course.slipped
    if slipped is None or found.code not in _RECKONED:
        return found
    since = local(slipped.since)
    return Cause(
        code=WORKS_LATER, waits_for=Waits.HOST, whom=course.host, since=since, reason=slipped.code
    )


# whom it waits for

_GATHERING = AccessStage.GATHERING
_WAITS: Mapping[AccessStage, Waits] = {
    AccessStage.CLAIMING: Waits.US,
    AccessStage.GATHERING: Waits.CUSTOMER,
    AccessStage.CHECKING: Waits.HOST,
    AccessStage.AGREEING: Waits.CUSTOMER,
    AccessStage.STUDYING: Waits.HOST,
    AccessStage.QUOTED: Waits.CUSTOMER,
    AccessStage.RESERVING: Waits.HOST,
    AccessStage.DESATURATING: Waits.HOST,
    AccessStage.READY: Waits.HOST,
    AccessStage.BOOKING: Waits.HOST,
    AccessStage.AWAITING_VISIT: Waits.HOST,
    AccessStage.AWAITING_DAY: Waits.CUSTOMER,
    AccessStage.COMMISSIONING: Waits.HOST,
    AccessStage.CHANGING: Waits.HOST,
}
_ABOUT_NOBODY = frozenset(
    {asking.SITE_TAKEN, asking.UNSURE, asking.CUTS, asking.AMENDMENT, access_links.LINES}
)


def _waiting(course: AccessCourse) -> Waiting:
    needless = course.stage == AccessStage.AGREEING and not course.consent
    ours = needless or course.lines_until is not None
    waits = Waits.US if ours else _WAITS[AccessStage(course.stage)]
    asked = "" if course.question is None else course.question.code
    return Waiting(
        waits_for=waits,
        whom=course.host if waits is Waits.HOST else "",
        asked_about="" if asked in _ABOUT_NOBODY else course.host,
    )


# how long its stages last

_THEN: Mapping[AccessStage, AccessStage] = {
    AccessStage.CLAIMING: AccessStage.GATHERING,
    AccessStage.GATHERING: AccessStage.CHECKING,
    AccessStage.CHECKING: AccessStage.AGREEING,
    AccessStage.AGREEING: AccessStage.STUDYING,
    AccessStage.STUDYING: AccessStage.RESERVING,
    AccessStage.QUOTED: AccessStage.RESERVING,
    AccessStage.DESATURATING: AccessStage.RESERVING,
    AccessStage.RESERVING: AccessStage.READY,
    AccessStage.READY: AccessStage.BOOKING,
    AccessStage.BOOKING: AccessStage.AWAITING_VISIT,
    AccessStage.AWAITING_VISIT: AccessStage.COMMISSIONING,
    AccessStage.AWAITING_DAY: AccessStage.COMMISSIONING,
    AccessStage.CHANGING: AccessStage.CLAIMING,
}
"""What comes next when all goes well; the last of them is followed by service. Until works are over
nobody says whether a technician comes: a visit is reckoned with. Ours."""
_OPERATORS = frozenset(
    {
        AccessStage.STUDYING,
        AccessStage.RESERVING,
        AccessStage.DESATURATING,
        AccessStage.READY,
        AccessStage.BOOKING,
        AccessStage.AWAITING_VISIT,
        AccessStage.COMMISSIONING,
        AccessStage.CHANGING,
    }
)
"""Stages that last as long as the operator that was chosen takes, for one technology."""
_ANSWERED = frozenset(
    {
        asking.BY_HAND,
        asking.CUTS,
        asking.CHANGES,
        asking.QUOTE,
        asking.STUDY_REFUSED,
        works_attention.UNREPORTED,
    }
)
"""Questions whose answer ends the stage they are asked in."""


def whose_time(
    stage: AccessStage, *, provider: str, host: HostNetwork, technology: Technology
) -> StageKey:
    theirs = stage in _OPERATORS
    return StageKey(
        kind=LineKind.ACCESS,
        stage=stage,
        provider=provider,
        whom=host if theirs else "",
        what=technology if theirs else "",
    )


def whose_time_of(state: Access) -> StageKey:
    return whose_time(
        state.stage,
        provider=state.terms.pin.provider,
        host=state.host,
        technology=state.technology,
    )


@dataclass(kw_only=True)
class _Walk(Walk):
    course: AccessCourse
    times: UsualTimes

    def to_its_end(self) -> None:
        course = self.course
        question = course.question if course.blocked else None
        if question is not None and question.code == HELD:
            self.until(course.stage, question.until, _TAKEN_UP)
        else:
            self.asked()
        stage: AccessStage | None = AccessStage(course.stage)
        answered = question is not None and question.code in _ANSWERED
        anew = course.blocked or course.next_try is not None
        since = self.at if anew else course.since
        while stage is not None:
            if not answered:
                self._through(stage, since=since)
            stage, since, answered = self._after(stage), self.at, False

    def _after(self, stage: AccessStage) -> AccessStage | None:
        if stage is AccessStage.QUOTED and self.course.saturated:
            return AccessStage.DESATURATING
        return _THEN.get(stage)

    def _through(self, stage: AccessStage, *, since: datetime) -> None:
        """Papers and consents take time where some are missing, a study where there is one."""
        course = self.course
        needless = {
            AccessStage.GATHERING: not course.papers,
            AccessStage.AGREEING: not course.consent,
            AccessStage.STUDYING: not course.study,
            AccessStage.QUOTED: True,
        }
        if stage is AccessStage.COMMISSIONING and course.lines_until is not None:
            self.until(stage, course.lines_until, _LINES_FIRST)
            since = self.at
        dated = self._dated(stage)
        if dated is not None:
            self.until(stage, *dated)
        elif not needless.get(stage, False):
            self.for_usual(stage, self.times.of(self._whose(stage)), since=since)
        if stage is AccessStage.GATHERING and course.opens_at is not None:
            self.until(stage, course.opens_at, _OPENS)

    def _dated(self, stage: AccessStage) -> tuple[datetime, Said] | None:
        """Of a stage that ends by what its contract, its operator or its appointment says."""
        course, ends_at = self.course, self.hours.ends_at
        if stage is AccessStage.DESATURATING and course.estimate is not None:
            return ends_at(course.estimate), _ESTIMATED
        if stage is AccessStage.READY and course.works_end is not None:
            return ends_at(course.works_end), _WORKS_END
        if stage is AccessStage.AWAITING_VISIT and course.visit_ends is not None:
            return course.visit_ends, _SLOT_ENDS
        if course.wanted_from is not None and stage is AccessStage.AWAITING_DAY:
            return course.wanted_from, _WANTED
        return None

    def _whose(self, stage: AccessStage) -> StageKey:
        course = self.course
        return whose_time(
            stage, provider=course.pin.provider, host=course.host, technology=course.technology
        )


_TAKEN_UP = Said(fr="suspendue à la demande, reprise", en="suspended on request, taken up")
_ESTIMATED = Said(fr="estimation du contrat", en="the contract's estimate")
_WORKS_END = Said(fr="fin des travaux selon l'opérateur", en="the operator's end of the works")
_LINES_FIRST = Said(
    fr="d'autres lignes de la commande d'abord", en="other lines of its order first"
)
_SLOT_ENDS = Said(fr="fin du créneau réservé", en="the booked slot is over")
_WANTED = Said(fr="le jour voulu par le client", en="the day the customer wants it")
_OPENS = Said(fr="un délai court", en="a term is running")
