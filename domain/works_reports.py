"""What operators tell of works, visits and openings, and which facts follow."""

from datetime import datetime
from typing import assert_never

from domain import access_facts as facts
from domain import equipment_back
from domain import works_attention as asking
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_attention import BY_HAND
from domain.access_changes import AccessAmendmentLapsed
from domain.access_commands import AccessCommand, ReportSaturated, SaturationSettled
from domain.access_overwriting import is_open
from domain.access_promises import planned
from domain.access_reports import as_awaited, closing, saturated
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
from domain.port_in_attention import OPERATOR_REFUSED, OPERATOR_SILENT, cleared
from domain.port_in_facts import CancellationLapsed, Step
from domain.said import Said, joined
from domain.works_facts import After, Party
from domain.works_settled import Lead, Lost, Start

Facts = tuple[Event, ...]


def reported(command: works.WorksReport, state: Access) -> Facts:
    if isinstance(command, works.OfVisits):
        return _of_the_visit(command, state)
    if isinstance(command, works.ReportVisitBooked) and isinstance(state, GivingBack | Changing):
        return _booked_all_the_same(command, state)
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
        because=lead.because,
    )
    return (fact, *_then(command, lead))


def _then(command: works.ReportWorksFailed | works.ReportVisitFailed, lead: Lead) -> Facts:
    """What is asked of people, or follows by the contract, besides going back to where it goes on
    from."""
    match lead.after:
        case After.DESATURATION if command.saturation is not None:
            return _desaturated_first(command, command.saturation)
        case After.VISIT_ONCE_READY:
            asked = asking.site_not_ready(command, lead.because)
            late = () if lead.not_ready is None else (lead.not_ready,)
            return (*late, AttentionRaised(attention=asked))
        case After.PERSON:
            asked = asking.field_failure(command, command.failure, command.code, lead.because)
            return (AttentionRaised(attention=asked),)
        case _:
            return ()


def _desaturated_first(
    command: works.ReportWorksFailed | works.ReportVisitFailed, settled: SaturationSettled
) -> Facts:
    """As if the operator had said so when it was asked to keep a pair."""
    said = ReportSaturated(
        decided_at=command.decided_at,
        answer_by=command.answer_by,
        source=command.source,
        message_key=command.message_key,
        key="",
        event_at=command.failed_at,
        at_customer=False,
        quote=None,
        settled=settled,
    )
    return saturated(said)


def offered(command: AccessCommand, slots: tuple[fields.Slot, ...]) -> Facts:
    asked = asking.slots(command, slots) if slots else asking.no_slots(command)
    return (fields.VisitsOffered(slots=slots), AttentionRaised(attention=asked))


def _was_chosen(slot: fields.Slot, state: Booking) -> bool:
    """By whatever name the operator has for it: nobody comes when the customer did not say."""
    picked = state.opening.picked
    return picked is not None and (picked.day, picked.half) == (slot.day, slot.half)


def _booked(command: works.ReportVisitBooked, state: Booking) -> Facts:
    visit = command.settled.booked(command.reference, command.slot)
    late = closing(command, DecisionKind.AGREE)
    return (*in_its_stead(state, visit), *planned(command.settled.plan), *late)


def _booked_all_the_same(command: works.ReportVisitBooked, state: Access) -> Facts:
    """It was asked for before the access was given up: it is known, so that it can be let go."""
    ask = state.asks.get(Step.BOOK_VISIT)
    if ask is None or ask.key != command.key:
        return ()
    return in_its_stead(state, command.settled.booked(command.reference, command.slot))


def in_its_stead(state: Access, visit: fields.VisitBooked) -> Facts:
    """Of the one before, where there was one: that one is over."""
    before, other = state.opening.visit, state.opening.other_days
    if before is None or other is None:
        return (visit,)
    moved = fields.VisitMoved(
        reference=before.reference, by=other.by, to=visit, because=other.because
    )
    return (moved, *owed(other.fees))


def owed(fees: tuple[facts.Fee, ...]) -> Facts:
    """What the contract has the customer pay: nothing of it waits for a consent."""
    return tuple(facts.FeeOwed(fee=fee, consented=True) for fee in fees)


def let_go(state: Access, *, at: datetime, because: Said) -> Facts:
    """By whoever gives the access up."""
    visit = state.opening.visit
    if visit is None:
        return ()
    by = Party.CUSTOMER if state.cancellation is not None else Party.PROVIDER
    return (fields.VisitLetGo(reference=visit.reference, by=by, at=at, because=because),)


_GIVEN_BACK = Said(
    fr="l'accès est rendu : personne ne vient", en="the access is given back: nobody comes"
)


# about the visit that is booked


def _of_the_visit(command: works.OfVisits, state: Access) -> Facts:
    """Wherever it stands, as long as it is not over."""
    visit = state.opening.visit
    if visit is None or visit.reference != command.reference:
        return ()
    found: Facts
    match command:
        case works.ReportVisitMoved():
            return (*cleared(state, asking.UNREPORTED), *_moved(command, state))
        case works.ReportVisitKept(report=report):
            kept = fields.VisitKept(reference=visit.reference, report=report)
            found = (*cleared(state, asking.READINESS), kept, *command.installed)
        case works.ReportVisitFailed():
            found = _failed(command, state)
        case works.ReportVisitMissed():
            found = missed(command, command.lost, visit.reference, command.code)
        case _:
            assert_never(command)
    return (*cleared(state, asking.UNREPORTED), *asked_no_more(state), *found)


def asked_no_more(state: Access) -> Facts:
    """What became of it is known: nobody is asked about another one, nor to cancel it."""
    codes: tuple[str, ...] = (asking.SLOTS, asking.NO_SLOTS)
    if state.step in {Step.OFFER_VISITS, Step.BOOK_VISIT, Step.CANCEL_VISIT}:
        codes = (*codes, OPERATOR_SILENT, OPERATOR_REFUSED, BY_HAND)
    return tuple(event for code in codes for event in cleared(state, code))


def _moved(command: works.ReportVisitMoved, state: Access) -> Facts:
    moved = fields.VisitMoved(
        reference=command.reference,
        by=Party.OPERATOR,
        code=command.code,
        to=command.settled.booked(command.reference, command.slot),
        because=_BY_OPERATOR,
    )
    if not isinstance(state, Booking | AwaitingVisit):
        return (moved,)
    return (moved, *planned(command.settled.plan), *closing(command, DecisionKind.AGREE))


_BY_OPERATOR = Said(
    fr="déplacé par l'opérateur, sans frais", en="moved by the operator, at no cost"
)


def _failed(command: works.ReportVisitFailed, state: Access) -> Facts:
    lead, lost = command.lead, command.lost
    fact = fields.VisitFailed(
        reference=command.reference,
        failure=command.failure,
        code=command.code,
        failed_at=command.failed_at,
        after=lead.after,
        by=lead.by,
        owed=() if lost is None else lost.owed,
        because=lead.because if lost is None else joined((lead.because, lost.because)),
    )
    if not isinstance(state, Booking | AwaitingVisit):
        return (fact,)
    fees = () if lost is None else lost.fees
    again = () if command.missed_again is None else (command.missed_again,)
    return (fact, *again, *owed(fees), *_then(command, lead))


def missed(command: AccessCommand, lost: Lost, reference: str, code: str) -> Facts:
    fact = fields.VisitMissed(
        reference=reference,
        by=lost.by,
        code=code,
        told_at=command.decided_at,
        owed=lost.owed,
        because=lost.because,
    )
    return (fact, *owed(lost.fees))


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
