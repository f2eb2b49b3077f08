"""Which facts of works, visits and openings a customer is told of, and in which words.

An operator's own codes are never told: each of them is said in words of ours. What comes beside a
fact is told with it, so that each is told once: what a visit plans, what a start begins.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, TypeVar

from domain import access_facts as facts
from domain import delay_facts as delays
from domain import link_facts as links
from domain import notice_equipment, notice_opening, works_attention
from domain import works_facts as fields
from domain.access_clauses import sourced
from domain.access_facts import Fee
from domain.access_promises import BY_MILESTONE
from domain.access_sites import CABLING, site_readiness
from domain.access_stages import Access, AwaitingVisit, Booking, Desaturating, GivingBack
from domain.attention import AttentionRaised
from domain.event import Event
from domain.notice_around import Around, Told
from domain.notice_visit_words import (
    ACCEPT,
    AS_CONTRACTED,
    BECAUSE,
    BEING_BOOKED,
    BY_CONTRACT,
    CALLED_OFF,
    ENDS,
    FAILURES,
    GO_ON,
    KEPT_AFTER_ALL,
    LOOKED_AT_ANEW,
    MISSED_BY,
    MOVED_BY,
    NEXT,
    NO_DAY_BEFORE,
    NOBODY_COMES,
    NOT_ACCEPTED,
    NOT_HEARD,
    NOT_SERVED,
    NOTHING,
    NOTHING_CHANGES,
    NOTHING_TO_PREPARE,
    OPENED_NEXT,
    OTHERWISE,
    SAID_READY,
    STAYS_BOOKED,
    THE_DAY,
    before_said,
    billed_said,
    committed_said,
    cost_said,
    free_said,
    late_said,
    lateness_said,
    missed_again_billed_said,
    not_ready_billed_said,
    not_ready_said,
    otherwise_said,
    owed_said,
    ready_said,
    slot_hours_said,
    slots_said,
    still_to_prepare_said,
    was_planned_said,
    works_until_said,
)
from domain.notice_words import clauses
from domain.notices import NoticePurpose
from domain.parsed import BadValueError
from domain.port_in_facts import Outcome, StepGivenUp
from domain.said import Said, day_said
from domain.site_rules import initially_planned, site_terms
from domain.visit_facts import Ending, VisitEndCorrected, leads_to
from domain.visit_rules import there
from domain.works_facts import After, Party
from domain.works_states import goes_on_booking, is_moved_by, stays_at

VISIT_FACTS: Mapping[NoticePurpose, frozenset[str]] = {
    NoticePurpose.SITE_PLANNED: frozenset({"day", "was", "why"}),
    NoticePurpose.SITE_WORKS_LATE: frozenset({"why", "expected", "planned", "next", "cost"}),
    NoticePurpose.SITE_READINESS: frozenset({"ready", "otherwise"}),
    NoticePurpose.SITE_VISIT_OFFERED: frozenset({"slots", "until"}),
    NoticePurpose.SITE_VISIT_BOOKED: frozenset({"when", "free", "ready"}),
    NoticePurpose.SITE_VISIT_MOVED: frozenset({"when", "was", "why", "cost", "free", "ready"}),
    NoticePurpose.SITE_VISIT_REMINDED: frozenset({"when", "ready"}),
    NoticePurpose.SITE_VISIT_CANCELLED: frozenset({"when", "why"}),
    NoticePurpose.SITE_VISIT_LOST: frozenset({"when", "why", "cost", "owed", "next"}),
    NoticePurpose.SITE_VISIT_CORRECTED: frozenset({"when", "why", "cost", "owed", "next"}),
    NoticePurpose.SITE_IN_SERVICE: frozenset(
        {"since", "billing", "commitment", "lateness", "acceptance"}
    ),
    **notice_opening.OPENING_FACTS,
    **notice_equipment.EQUIPMENT_FACTS,
}

EventT = TypeVar("EventT", bound=Event)
Tell = Callable[[Any, Access, Around], Told | None]


def visit_told(event: Event, state: Access, around: Around) -> Told | None:
    """None of what is no news, and of what is told by another fact."""
    return _TOLD[type(event)](event, state, around) if type(event) in _TOLD else None


def visit_clauses(event: Event, around: Around) -> tuple[str, ...]:
    """The lines of what came with it, which its words leave out."""
    beside = (event, *(one for one in around.after if isinstance(one, _WITH_CLAUSES)))
    return clauses(_reasons(beside)) if type(event) in _TOLD else ()


def _reasons(beside: tuple[Event, ...]) -> Iterator[Said]:
    for one in beside:
        match one:
            case fields.VisitMoved(to=to, because=why):
                yield from (why, *to.said)
            case fields.VisitBooked(said=said):
                yield from said
            case VisitEndCorrected(
                to=fields.VisitFailed(because=why) | fields.VisitMissed(because=why)
            ):
                yield why
            case facts.ServiceStarted(said=why):
                yield why
            case fields.LatenessJudged(said=said) | fields.SiteReadinessAsked(said=said):
                yield from said
            case _ if isinstance(one, _BECAUSE):
                yield one.because
            case _:
                pass


_WITH_CLAUSES = (
    fields.SiteNotReady,
    delays.CustomerDelayMissed,
    fields.BillingStarted,
    fields.CommitmentStarted,
    fields.LatenessJudged,
    fields.AcceptanceAsked,
)
_BECAUSE = (
    fields.VisitFailed,
    fields.VisitMissed,
    fields.WorksStopped,
    fields.SiteNotReady,
    delays.CustomerDelayMissed,
    fields.BillingStarted,
    fields.CommitmentStarted,
    fields.AcceptanceAsked,
)


# works, and the planned day


def _planned(event: facts.DeliveryPlanned, state: Access, around: Around) -> Told | None:
    """Another day than the last one that was planned, where nothing else tells it: a milestone
    tells the later day it plans, and no sooner one."""
    plan = event.plan
    before = [one.plan for one in around.before if isinstance(one, facts.DeliveryPlanned)]
    if not before or before[-1].on == plan.on or isinstance(state, Desaturating):
        return None
    later = plan.on > before[-1].on
    if plan.source == "VisitBooked" or (later and plan.source == BY_MILESTONE):
        return None
    words = {
        "day": day_said(plan.on),
        "was": before_said(before[-1].on),
        "why": BECAUSE.get(plan.source, OTHERWISE),
    }
    return NoticePurpose.SITE_PLANNED, words


def _finished(event: fields.WorksFinished, state: Access, around: Around) -> Told | None:
    """With nobody to come, the first day that was planned is told here: nothing else has said it.
    Another day has been told already; one that is over, or waits for another site, is none."""
    plans = [one.plan for one in around.before if isinstance(one, facts.DeliveryPlanned)]
    if event.visit or state.waits_for or len(plans) != 1 or plans[0].source == "VisitBooked":
        return None
    day = max(plans[0].on, state.terms.wished or plans[0].on)
    if day < around.today():
        return None
    words = {"day": day_said(day), "was": NO_DAY_BEFORE, "why": NOBODY_COMES}
    return NoticePurpose.SITE_PLANNED, words


def _passed(event: fields.MilestonePassed, state: Access, _around: Around) -> Told | None:
    """Told where it puts off the day that was planned; as planned, or earlier, is no news."""
    expected, plan = event.expected, state.plan
    if expected is None or plan is None or expected <= plan.on:
        return None
    words = {
        "why": late_said(event.milestone),
        "expected": works_until_said(expected),
        "planned": was_planned_said(plan),
        "next": GO_ON,
        "cost": cost_said(()),
    }
    return NoticePurpose.SITE_WORKS_LATE, words


def _stopped(event: fields.WorksStopped, state: Access, around: Around) -> Told | None:
    """A box that is full is told as any saturation."""
    if event.after is After.DESATURATION:
        return None
    words = {
        "why": FAILURES[event.failure],
        "expected": works_until_said(None),
        "planned": was_planned_said(state.plan),
        "next": NEXT[event.after],
        "cost": _cost(around),
    }
    return NoticePurpose.SITE_WORKS_LATE, words


# the site


def _readiness_asked(
    event: fields.SiteReadinessAsked, state: Access, around: Around
) -> Told | None:
    """What has come with a paper already is not asked for; nothing where nothing is."""
    if not _asks_about(works_attention.READINESS, around):
        return None
    last = _last_day(event.until, state, around)
    words = {
        "ready": ready_said(_missing(event.needs, state), last, today=around.today()),
        "otherwise": otherwise_said(_should_it_not_be(state, around)),
    }
    return NoticePurpose.SITE_READINESS, words


def _not_ready(event: fields.SiteNotReady, _state: Access, around: Around) -> Told | None:
    """Past its day; found by somebody who came, it is told with the visit or the works."""
    if not _asks_about(works_attention.READINESS, around):
        return None
    words = {
        "ready": still_to_prepare_said(event.missing),
        "otherwise": not_ready_said(event.billed_from),
    }
    return NoticePurpose.SITE_READINESS, words


def _asks_about(code: str, around: Around) -> bool:
    raised = (one for one in around.after if isinstance(one, AttentionRaised))
    return any(one.attention.code == code for one in raised)


def _should_it_not_be(state: Access, around: Around) -> Said:
    try:
        terms = site_terms(around.rules, state, unplanned=around.at)
    except BadValueError:
        return BY_CONTRACT
    return not_ready_said(None if terms is None else terms.not_ready.billed_from)


def _missing(needs: tuple[str, ...], state: Access) -> tuple[str, ...]:
    return tuple(need for need in needs if not state.holds(need))


def _last_day(until: datetime, state: Access, around: Around) -> date:
    """A day ends at 24:00, which is the first instant of the next."""
    return (around.on_site(state).instant_of(until) - timedelta(microseconds=1)).date()


def _ready(slot: fields.Slot, state: Access, around: Around) -> Said:
    """By the day of the visit, with its clauses; under a contract that cannot be read as it was
    pinned, it is not listed."""
    if state.opening.site_ready is not None:
        return SAID_READY
    try:
        found = site_readiness(there(around.rules, state), state.technology, planned=slot.day)
    except BadValueError:
        return AS_CONTRACTED
    asked = state.opening.readiness
    left = () if asked is None else tuple(need for need in asked.needs if need == CABLING)
    missing, last = _missing(found.needs, state), _last_day(found.until, state, around)
    to_prepare = bool(missing or left) or (found.asked and not found.needs)
    said = NOTHING_TO_PREPARE
    if to_prepare:
        said = ready_said((*missing, *left), last, today=around.today())
    places = ", ".join(clauses(found.said))
    return sourced(said, places) if places else said


# visits


def offered_told(state: Access, until: Said, around: Around) -> Told:
    """What it is to be chosen from, until when."""
    slots = slots_said(state.opening.slots, around.on_site(state))
    return NoticePurpose.SITE_VISIT_OFFERED, {"slots": slots, "until": until}


def _booked(event: fields.VisitBooked, state: Access, around: Around) -> Told | None:
    """Of one that is to be called off, the customer is told that nobody comes."""
    if event.unwanted:
        return None
    return NoticePurpose.SITE_VISIT_BOOKED, _visit(event, state, around)


def _visit(visit: fields.VisitBooked, state: Access, around: Around) -> dict[str, Said]:
    there_ = around.on_site(state)
    return {
        "when": slot_hours_said(visit.slot, there_),
        "free": free_said(visit, there_, at=around.at),
        "ready": _ready(visit.slot, state, around),
    }


def _moved(event: fields.VisitMoved, state: Access, around: Around) -> Told | None:
    """What is given back is not told to be booked anew, nor one that is to be called off."""
    if not _goes_on(state) or event.to.unwanted:
        return None
    words = {
        **_visit(event.to, state, around),
        "was": _when(state, around),
        "why": MOVED_BY[event.by],
        "cost": _cost(around),
    }
    return NoticePurpose.SITE_VISIT_MOVED, words


def _reminded(event: fields.VisitReminded, state: Access, around: Around) -> Told:
    words = {
        "when": slot_hours_said(event.slot, around.on_site(state)),
        "ready": _ready(event.slot, state, around),
    }
    return NoticePurpose.SITE_VISIT_REMINDED, words


def _let_go(event: fields.VisitLetGo, state: Access, around: Around) -> Told | None:
    """No news where another comes in its stead, to whoever was never told of it."""
    if _beside(around, fields.VisitBooked) is not None and not _was_told(event.reference, around):
        return None
    why = LOOKED_AT_ANEW
    if isinstance(state, GivingBack):
        why = NOT_SERVED if state.outcome is Outcome.REFUSED else CALLED_OFF
    if any(isinstance(one, StepGivenUp) for one in around.after):
        why = NOT_HEARD
    return NoticePurpose.SITE_VISIT_CANCELLED, {"when": _when(state, around), "why": why}


def _was_told(reference: str, around: Around) -> bool:
    known = (one.to if isinstance(one, fields.VisitMoved) else one for one in around.before)
    booked = (one for one in known if isinstance(one, fields.VisitBooked))
    return any(one.reference == reference and not one.unwanted for one in booked)


def _failed(event: fields.VisitFailed, state: Access, around: Around) -> Told:
    return _lost(FAILURES[event.failure], event.after, event, state, around)


def _missed(event: fields.VisitMissed, state: Access, around: Around) -> Told:
    return _lost(MISSED_BY[event.by], After.VISIT, event, state, around)


def _lost(
    why: Said,
    after: After,
    event: fields.VisitFailed | fields.VisitMissed,
    state: Access,
    around: Around,
) -> Told:
    """Who pays, and what is owed to the customer, or that nothing is."""
    words = {
        "when": _when(state, around),
        "why": why,
        "cost": _cost(around),
        "owed": _owed_for(event),
        "next": _next(after, state) if _goes_on(state) else ENDS,
    }
    return NoticePurpose.SITE_VISIT_LOST, words


def _owed_for(event: fields.VisitFailed | fields.VisitMissed) -> Said:
    theirs = event.by is Party.CUSTOMER and not event.owed
    return NOTHING if theirs else owed_said(event.owed)


def _next(after: After, state: Access) -> Said:
    """Whoever has chosen another day already has it."""
    return BEING_BOOKED if goes_on_booking(state, after) and after is After.VISIT else NEXT[after]


def _corrected(event: VisitEndCorrected, state: Access, around: Around) -> Told:
    """It takes the place of what was told of that visit, its cost included."""
    said, end = state.opening.said, event.to
    slot = None if said is None else said.visit.slot
    words = {
        "when": THE_DAY if slot is None else slot_hours_said(slot, around.on_site(state)),
        "why": _became(end),
        "cost": _cost(around),
        "owed": NOTHING if isinstance(end, fields.VisitKept) else _owed_for(end),
        "next": _follows_from(event, state),
    }
    return NoticePurpose.SITE_VISIT_CORRECTED, words


def _became(end: Ending) -> Said:
    if isinstance(end, fields.VisitKept):
        return KEPT_AFTER_ALL
    return FAILURES[end.failure] if isinstance(end, fields.VisitFailed) else MISSED_BY[end.by]


def _follows_from(event: VisitEndCorrected, state: Access) -> Said:
    after = leads_to(event.to)
    if not is_moved_by(state, event.reference):
        return NOTHING_CHANGES
    if after is None:
        return OPENED_NEXT
    if isinstance(state, AwaitingVisit) and after in stays_at(state):
        return STAYS_BOOKED
    return _next(after, state)


def _when(state: Access, around: Around) -> Said:
    """Of the visit that is over."""
    visit = state.opening.visit
    return THE_DAY if visit is None else slot_hours_said(visit.slot, around.on_site(state))


def _goes_on(state: Access) -> bool:
    """While it is given back, what becomes of a visit changes nothing more."""
    return isinstance(state, Booking | AwaitingVisit)


def _cost(around: Around) -> Said:
    """Of the fact alone: what a saturation costs comes after it, and is told with it."""
    beside = (one for one in around.after if not isinstance(one, delays.CustomerDelayMissed))
    own = takewhile(lambda one: isinstance(one, facts.FeeOwed), beside)
    fees: list[Fee] = [one.fee for one in own if isinstance(one, facts.FeeOwed)]
    late, again = _beside(around, fields.SiteNotReady), _beside(around, delays.CustomerDelayMissed)
    billed = []
    if late is not None and late.billed_from is not None:
        billed.append(not_ready_billed_said(late.billed_from))
    if again is not None and again.billed_from is not None:
        billed.append(missed_again_billed_said(again.billed_from))
    return cost_said(fees, *billed)


# the opening


def _started(event: facts.ServiceStarted, state: Access, around: Around) -> Told:
    """Service, billing and commitment are told together, each with its own day."""
    asked, billing = _beside(around, fields.AcceptanceAsked), _beside(around, fields.BillingStarted)
    on = None if billing is None else billing.on
    named = (one.billed_from == on for one in state.opening.not_ready if one.billed_from)
    not_ready = on == initially_planned(state) and any(named)
    words = {
        "since": around.day(event.started_at),
        "billing": billed_said(billing, not_ready=not_ready),
        "commitment": committed_said(_beside(around, fields.CommitmentStarted)),
        "lateness": lateness_said(_beside(around, fields.LatenessJudged)),
        "acceptance": NOT_ACCEPTED if asked is None else ACCEPT,
    }
    return NoticePurpose.SITE_IN_SERVICE, words


def _beside(around: Around, kind: type[EventT]) -> EventT | None:
    return next((one for one in around.after if isinstance(one, kind)), None)


_TOLD: Mapping[type[Event], Tell] = {
    facts.DeliveryPlanned: _planned,
    fields.MilestonePassed: _passed,
    fields.WorksFinished: _finished,
    fields.WorksStopped: _stopped,
    fields.SiteReadinessAsked: _readiness_asked,
    fields.SiteNotReady: _not_ready,
    fields.VisitBooked: _booked,
    fields.VisitMoved: _moved,
    fields.VisitReminded: _reminded,
    fields.VisitLetGo: _let_go,
    fields.VisitFailed: _failed,
    fields.VisitMissed: _missed,
    VisitEndCorrected: _corrected,
    facts.ServiceStarted: _started,
    links.LinesAwaited: notice_opening.awaits,
    links.LineBeforeServed: notice_opening.served_before,
    links.LineBeforeEnded: notice_opening.ended_before,
    links.LinesLeft: notice_opening.left_out,
    delays.RightToLeaveArose: notice_opening.may_leave,
    fields.EquipmentMoved: notice_equipment.moved_told,
    fields.EquipmentAskedBack: notice_equipment.back_told,
}
VISIT_KINDS: tuple[type[Event], ...] = tuple(_TOLD)
"""Facts that may be told: what led to them is then read."""
