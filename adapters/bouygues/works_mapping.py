"""Between our words of works, visits and tests and Bouygues Telecom's: pure, one payload at a time.

The details of a webhook that a visit took place (`visit.completed`):

    {"visit": {"id": "bt-SV9D1E0C44"},
     "report": {"completed_at": "2027-01-21T09:40:00Z", "otp": "OO-1A2B-3C4D",
                "equipment": [{"serial_number": "ONT-9D1E0C44"}], "photos": [{"id": "PH-1"}]}}
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from adapters.bouygues.access_messages import AccessWebhook, Command, WorksKind
from adapters.bouygues.works_messages import (
    BookedDetails,
    BuiltDetails,
    Checked,
    CheckName,
    CommissionedDetails,
    CompletedDetails,
    FailedDetails,
    MilestoneDetails,
    MissedDetails,
    MovedDetails,
    Period,
    Report,
    SlotListed,
    SlotsDetails,
    Stage,
    StoppedDetails,
    VisitDetails,
)
from domain.access_operators import AccessRequest
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half, Milestone, Slot, Test, TestResult, VisitReport
from domain.works_told import (
    CommissionedTold,
    MilestoneTold,
    VisitBookedTold,
    VisitCancelledTold,
    VisitFailedTold,
    VisitKeptTold,
    VisitMissedTold,
    VisitMovedTold,
    VisitsOfferedTold,
    WorksDoneTold,
    WorksFailedTold,
    WorksTold,
)

COMMANDS: Mapping[Step, Command] = {
    Step.BUILD_ACCESS: Command.BUILD,
    Step.OFFER_VISITS: Command.LIST_SLOTS,
    Step.BOOK_VISIT: Command.BOOK_VISIT,
    Step.CANCEL_VISIT: Command.CANCEL_VISIT,
    Step.COMMISSION_ACCESS: Command.COMMISSION,
}
MILESTONES = {
    Stage.PERMITS_SUBMITTED: Milestone.PERMITS_ASKED,
    Stage.PERMITS_GRANTED: Milestone.PERMITS_GRANTED,
    Stage.CIVIL_ENGINEERING: Milestone.CIVIL_WORKS,
    Stage.CABLE_PULLING: Milestone.CABLING,
    Stage.CONNECTED: Milestone.CONNECTED,
}
HALVES = {Period.MORNING: Half.MORNING, Period.AFTERNOON: Half.AFTERNOON}
FAILURES: Mapping[str, FieldFailure] = {
    "PBO_FULL": FieldFailure.BOX_FULL,
    "PBO_NOT_LOCATED": FieldFailure.BOX_NOT_FOUND,
    "WRONG_OPTICAL_ROUTE": FieldFailure.WRONG_ROUTE,
    "NO_OPTICAL_CONTINUITY": FieldFailure.NO_CONTINUITY,
    "LINEAR_EXCEEDED": FieldFailure.TOO_LONG,
    "CUSTOMER_NOT_PRESENT": FieldFailure.CUSTOMER_ABSENT,
    "CUSTOMER_NOT_REACHABLE": FieldFailure.CUSTOMER_ABSENT,
    "NO_SITE_ACCESS": FieldFailure.NO_ACCESS,
    "PREREQUISITES_MISSING": FieldFailure.SITE_NOT_READY,
    "PERMIT_DENIED": FieldFailure.NO_PERMIT,
    "WAITING_FOR_MATERIAL": FieldFailure.MATERIAL_MISSING,
}
TESTS = {
    CheckName.SYNCHRONISATION: Test.SYNCHRONISATION,
    CheckName.DOWNLOAD: Test.THROUGHPUT_DOWN,
    CheckName.UPLOAD: Test.THROUGHPUT_UP,
    CheckName.PACKET_LOSS: Test.LOSS,
    CheckName.INCOMING_CALL: Test.CALL_IN,
    CheckName.OUTGOING_CALL: Test.CALL_OUT,
}
_PASSED = "passed"


def asked_besides(request: AccessRequest) -> dict[str, Any]:
    """What a command about works or visits says beside what every command says."""
    body: dict[str, Any] = {}
    if request.not_before is not None:
        body["earliest_date"] = request.not_before.isoformat()
    if request.slot is not None:
        body["slot"] = {"id": request.slot}
    if request.visit is not None:
        body["visit"] = {"id": request.visit}
    return body


def told_of(webhook: AccessWebhook, kind: WorksKind) -> WorksTold:
    """ValidationError or UnreadableAnswerError when the details are not what they should be."""
    return _KINDS[kind](webhook)


def _milestone(webhook: AccessWebhook) -> WorksTold:
    details = MilestoneDetails.model_validate(webhook.details)
    return MilestoneTold(
        key=webhook.asked.idempotency_key,
        milestone=MILESTONES[details.milestone],
        passed_at=webhook.event.occurred_at,
        expected=details.expected_completion,
        why=None if details.delay is None else details.delay.code,
    )


def _built(webhook: AccessWebhook) -> WorksTold:
    return WorksDoneTold(
        key=webhook.asked.idempotency_key,
        done_at=webhook.event.occurred_at,
        visit=BuiltDetails.model_validate(webhook.details).visit_required,
    )


def _stopped(webhook: AccessWebhook) -> WorksTold:
    code = StoppedDetails.model_validate(webhook.details).failure.code
    return WorksFailedTold(
        key=webhook.asked.idempotency_key,
        failure=_failure(code),
        code=code,
        failed_at=webhook.event.occurred_at,
    )


def _listed(webhook: AccessWebhook) -> WorksTold:
    slots = SlotsDetails.model_validate(webhook.details).slots
    return VisitsOfferedTold(
        key=webhook.asked.idempotency_key,
        slots=tuple(map(_slot, slots)),
        offered_at=webhook.event.occurred_at,
    )


def _booked(webhook: AccessWebhook) -> WorksTold:
    details = BookedDetails.model_validate(webhook.details)
    return VisitBookedTold(
        key=webhook.asked.idempotency_key,
        reference=details.visit.id,
        slot=_slot(details.slot),
        booked_at=webhook.event.occurred_at,
    )


def _cancelled(webhook: AccessWebhook) -> WorksTold:
    VisitDetails.model_validate(webhook.details)
    return VisitCancelledTold(
        key=webhook.asked.idempotency_key, cancelled_at=webhook.event.occurred_at
    )


def _moved(webhook: AccessWebhook) -> WorksTold:
    details = MovedDetails.model_validate(webhook.details)
    return VisitMovedTold(
        reference=details.visit.id,
        slot=_slot(details.slot),
        code=details.reason.code,
        told_at=webhook.event.occurred_at,
    )


def _completed(webhook: AccessWebhook) -> WorksTold:
    details = CompletedDetails.model_validate(webhook.details)
    return VisitKeptTold(
        reference=details.visit.id,
        report=_report(details.report),
        told_at=webhook.event.occurred_at,
    )


def _failed(webhook: AccessWebhook) -> WorksTold:
    details = FailedDetails.model_validate(webhook.details)
    return VisitFailedTold(
        reference=details.visit.id,
        failure=_failure(details.failure.code),
        code=details.failure.code,
        failed_at=webhook.event.occurred_at,
    )


def _missed(webhook: AccessWebhook) -> WorksTold:
    details = MissedDetails.model_validate(webhook.details)
    return VisitMissedTold(
        reference=details.visit.id,
        code=details.reason.code,
        told_at=webhook.event.occurred_at,
    )


def _commissioned(webhook: AccessWebhook) -> WorksTold:
    checks = CommissionedDetails.model_validate(webhook.details).checks
    return CommissionedTold(
        key=webhook.asked.idempotency_key,
        tested_at=webhook.event.occurred_at,
        tests=tuple(map(_test, checks)),
    )


def _failure(code: str) -> FieldFailure:
    """A code that we do not know is kept beside it, for a person to read."""
    return FAILURES.get(code, FieldFailure.OTHER)


def _slot(slot: SlotListed) -> Slot:
    return Slot(
        day=slot.date,
        half=HALVES[slot.period],
        begins=slot.starts_at,
        ends=slot.ends_at,
        reference=slot.id,
    )


def _report(report: Report) -> VisitReport:
    return VisitReport(
        done_at=report.completed_at,
        socket=report.otp,
        serials=tuple(piece.serial_number for piece in report.equipment),
        photographs=tuple(photo.id for photo in report.photos),
    )


def _test(checked: Checked) -> TestResult:
    return TestResult(
        test=TESTS[checked.name],
        passed=checked.outcome == _PASSED,
        measured=None if checked.value is None else Decimal(checked.value),
    )


_KINDS: Mapping[WorksKind, Callable[[AccessWebhook], WorksTold]] = {
    WorksKind.MILESTONE_REACHED: _milestone,
    WorksKind.BUILT: _built,
    WorksKind.BUILD_STOPPED: _stopped,
    WorksKind.SLOTS_LISTED: _listed,
    WorksKind.VISIT_BOOKED: _booked,
    WorksKind.VISIT_CANCELLED: _cancelled,
    WorksKind.VISIT_MOVED: _moved,
    WorksKind.VISIT_COMPLETED: _completed,
    WorksKind.VISIT_FAILED: _failed,
    WorksKind.VISIT_MISSED: _missed,
    WorksKind.COMMISSIONED: _commissioned,
}
