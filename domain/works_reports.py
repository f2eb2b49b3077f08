"""What operators tell of works, visits and openings, and which facts follow."""

from datetime import datetime
from typing import assert_never

from domain import access_facts as facts
from domain import equipment_back, visit_told_late
from domain import works_attention as asking
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_changes import AccessAmendmentLapsed
from domain.access_commands import AccessCommand
from domain.access_later_days import put_off
from domain.access_overwriting import is_open
from domain.access_promises import planned
from domain.access_reports import as_awaited, closing_by_day
from domain.access_stages import (
    Access,
    AwaitingVisit,
    Booking,
    Changing,
    Commissioning,
    GivingBack,
    Ready,
)
from domain.attention import AttentionRaised, DecisionKind
from domain.event import Event
from domain.port_in_attention import cleared
from domain.port_in_facts import CancellationLapsed, Step
from domain.said import Said
from domain.visit_ends import asked_no_more, failed, kept, missed, no_more_unwanted, owed, then
from domain.works_facts import After, Party
from domain.works_settled import Start

Facts = tuple[Event, ...]


def reported(command: works.WorksReport, state: Access) -> Facts:
    if isinstance(command, works.OfVisits):
        return _of_the_visit(command, state)
    if isinstance(command, works.ReportVisitBooked) and isinstance(state, GivingBack | Changing):
        return _booked_all_the_same(command, state)
    if isinstance(command, works.ReportVisitBooked) and command.key in state.opening.left:
        return visit_told_late.booked_late(command, state)
    return as_awaited(command, state, _answered(command, state))


# about what was asked


def _answered(command: works.OfOpening, state: Access) -> Facts:
    """Nothing where it does not fit."""
    found: Facts = ()
    match command, state:
        case works.ReportMilestone(), Ready():
            found = _passed(command)
        case works.ReportWorksDone(), Ready():
            found = (fields.WorksFinished(done_at=command.done_at, visit=command.visit),)
        case works.ReportWorksFailed(), Ready():
            found = _stopped(command)
        case works.ReportVisitsOffered(), Booking() if state.step is Step.OFFER_VISITS:
            found = offered(command, command.slots)
        case works.ReportVisitBooked(), Booking() if _was_chosen(command.slot, state):
            found = _booked(command, state)
        case works.ReportVisitCancelled(), GivingBack() | Changing():
            found = let_go(state, at=command.cancelled_at, because=_GIVEN_BACK)
        case works.ReportCommissioned(), Commissioning() if not is_open(state):
            found = _tested(command, state)
    return found


def _passed(command: works.ReportMilestone) -> Facts:
    passed = fields.MilestonePassed(
        milestone=command.milestone,
        passed_at=command.passed_at,
        expected=command.expected,
        code=command.why,
        until=command.until,
    )
    return (passed, *planned(command.plan))


def _stopped(command: works.ReportWorksFailed) -> Facts:
    lead = command.lead
    fact = fields.WorksStopped(
        failure=command.failure,
        code=command.code,
        stopped_at=command.failed_at,
        after=lead.after,
        by=lead.by,
        usual=lead.usual,
        because=lead.because,
    )
    return (fact, *then(command, lead))


def offered(command: AccessCommand, slots: tuple[fields.Slot, ...]) -> Facts:
    asked = asking.slots(command, slots) if slots else asking.no_slots(command)
    return (fields.VisitsOffered(slots=slots), AttentionRaised(attention=asked))


def _was_chosen(slot: fields.Slot, state: Booking) -> bool:
    """By whatever name the operator has for it: nobody comes when the customer did not say."""
    picked = state.opening.picked
    return picked is not None and (picked.day, picked.half) == (slot.day, slot.half)


def _booked(command: works.ReportVisitBooked, state: Booking) -> Facts:
    visit = command.settled.booked(command.reference, command.slot)
    if other_days := put_off(visit.slot, state):
        return (*in_its_stead(state, visit), *other_days)
    return (*in_its_stead(state, visit), *planned(command.settled.plan), *_by_day(command, state))


def _by_day(command: AccessCommand, state: Access) -> Facts:
    return closing_by_day(command, state, DecisionKind.AGREE)


def _booked_all_the_same(command: works.ReportVisitBooked, state: Access) -> Facts:
    """It was asked for before the access was given up: it is known, so that it can be let go."""
    ask = state.asks.get(Step.BOOK_VISIT)
    left = command.key in state.opening.left and state.opening.visit is None
    if not left and (ask is None or ask.key != command.key):
        return ()
    return in_its_stead(state, command.settled.booked(command.reference, command.slot))


def in_its_stead(state: Access, visit: fields.VisitBooked) -> Facts:
    """Of the one before, where there was one: that one is over. One that nobody waited for is let
    go as of when another was asked for, and nobody's day is moved by that."""
    before, other = state.opening.visit, state.opening.other_days
    if before is None:
        return (visit,)
    if other is None or before.unwanted:
        at = max((ask.asked_at for ask in state.asks.values()), default=state.terms.asked_at)
        return (*let_go(state, at=at, because=_NOT_WAITED_FOR), visit)
    moved = fields.VisitMoved(
        reference=before.reference, by=other.by, to=visit, because=other.because
    )
    return (moved, *owed(other.fees))


_NOT_WAITED_FOR = Said(
    fr="il n'était plus attendu : un autre jour a été choisi",
    en="nobody waited for it any more: another day was chosen",
)


def let_go(state: Access, *, at: datetime, because: Said) -> Facts:
    """By whoever gives the access up."""
    visit = state.opening.visit
    if visit is None:
        return ()
    theirs = state.cancellation is not None and not visit.unwanted
    by = Party.CUSTOMER if theirs else Party.PROVIDER
    gone = fields.VisitLetGo(reference=visit.reference, by=by, at=at, because=because)
    return (*no_more_unwanted(state), gone)


_GIVEN_BACK = Said(
    fr="l'accès est rendu : personne ne vient", en="the access is given back: nobody comes"
)


# about the visit that is booked


def _of_the_visit(command: works.OfVisits, state: Access) -> Facts:
    """Wherever it stands, as long as it is not over; once it is, where a person said how it
    ended."""
    visit = state.opening.visit
    if visit is None or visit.reference != command.reference:
        return visit_told_late.told_of_one_that_is_over(command, state)
    found: Facts
    after: After | None = None
    match command:
        case works.ReportVisitMoved():
            return (*cleared(state, asking.UNREPORTED), *_moved(command, state))
        case works.ReportVisitKept():
            found = kept(command, state)
        case works.ReportVisitFailed(lead=lead):
            found, after = failed(command, state), lead.after
        case works.ReportVisitMissed():
            found, after = missed(command, command.lost, visit.reference, command.code), After.VISIT
        case _:
            assert_never(command)
    asked = (*cleared(state, asking.UNREPORTED), *no_more_unwanted(state))
    return (*asked, *asked_no_more(state, after), *found)


def _moved(command: works.ReportVisitMoved, state: Access) -> Facts:
    to = command.settled.booked(command.reference, command.slot)
    before = state.opening.visit
    moved = fields.VisitMoved(
        reference=command.reference,
        by=Party.OPERATOR,
        code=command.code,
        to=to.model_copy(update={"unwanted": before is not None and before.unwanted}),
        because=_BY_OPERATOR,
    )
    if not isinstance(state, Booking | AwaitingVisit) or moved.to.unwanted:
        return (moved,)
    return (moved, *planned(command.settled.plan), *_by_day(command, state))


_BY_OPERATOR = Said(
    fr="déplacé par l'opérateur, sans frais", en="moved by the operator, at no cost"
)


# the opening


def _tested(command: works.ReportCommissioned, state: Access) -> Facts:
    """Service starts by the tests, and waits for nobody's acceptance (decision 43)."""
    judged = command.judged
    fact = fields.Commissioned(
        tested_at=command.tested_at,
        tests=command.tests,
        passed=judged.start is not None,
        because=judged.because,
    )
    if judged.start is None:
        asked = asking.tests_failed(command, judged.because)
        return (fact, AttentionRaised(attention=asked))
    return (fact, *started(command, judged.start, state))


def started(command: AccessCommand, start: Start, state: Access) -> Facts:
    """Service, billing and commitment, each a fact of its own; what was asked for before, and is
    not confirmed yet, lapses."""
    accepted: Facts = ()
    if start.acceptance is not None:
        asked = asking.acceptance(command, start.acceptance.because)
        accepted = (start.acceptance, AttentionRaised(attention=asked))
    late = () if start.lateness is None else (start.lateness,)
    arriving: Facts = ()
    if start.on_the_way:
        asked = equipment_back.arrivals(command, start.on_the_way)
        arriving = (AttentionRaised(attention=asked),)
    return (
        *_lapsed(state),
        facts.ServiceStarted(started_at=start.started_at, said=start.said),
        start.billing,
        *start.equipment,
        start.commitment,
        *late,
        *accepted,
        *arriving,
    )


def _lapsed(state: Access) -> Facts:
    cancelled = () if state.cancellation is None else (CancellationLapsed(why=_IT_WORKS),)
    amended = () if state.amendment is None else (AccessAmendmentLapsed(why=_IT_WORKS),)
    return (*cancelled, *amended)


_IT_WORKS = Said(
    fr="l'accès est en service avant que ce qu'il fallait ne soit venu",
    en="the access works before what it needed came",
)
