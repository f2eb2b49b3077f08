"""Works, visits and tests as Bouygues Telecom writes them: one webhook for each."""

from datetime import UTC, datetime
from typing import Any, assert_never

from simulators.technicians import Slot
from simulators.works import (
    LATE,
    BuildStopped,
    Built,
    Commissioned,
    Done,
    Measurement,
    Milestone,
    SlotsOffered,
    VisitBooked,
    VisitCancelled,
    VisitFailed,
    VisitKept,
    VisitMissed,
    VisitMoved,
)

EFFECTS = {
    "BUILD": "build",
    "LIST_SLOTS": "offer",
    "BOOK_VISIT": "book",
    "CANCEL_VISIT": "cancel-visit",
    "COMMISSION": "commission",
}
STAGES = {
    "permits-asked": "PERMITS_SUBMITTED",
    "permits-granted": "PERMITS_GRANTED",
    "civil-works": "CIVIL_ENGINEERING",
    "cabling": "CABLE_PULLING",
    "connected": "CONNECTED",
}
PERIODS = {"morning": "morning", "afternoon": "afternoon"}
CODES = {
    "box-full": "PBO_FULL",
    "box-not-found": "PBO_NOT_LOCATED",
    "wrong-route": "WRONG_OPTICAL_ROUTE",
    "no-continuity": "NO_OPTICAL_CONTINUITY",
    "too-long": "LINEAR_EXCEEDED",
    "customer-absent": "CUSTOMER_NOT_PRESENT",
    "no-access": "NO_SITE_ACCESS",
    "site-not-ready": "PREREQUISITES_MISSING",
    "no-permit": "PERMIT_DENIED",
    "material-missing": "WAITING_FOR_MATERIAL",
}
CHECKS = {
    "synchronisation": "SYNCHRONISATION",
    "throughput-down": "DOWNLOAD",
    "throughput-up": "UPLOAD",
    "loss": "PACKET_LOSS",
    "call-in": "INCOMING_CALL",
    "call-out": "OUTGOING_CALL",
}
DELAYED, POSTPONED, NO_SHOW = "WORKS_DELAYED", "VISIT_POSTPONED", "TECHNICIAN_NO_SHOW"
Json = dict[str, Any]


def told(done: Done, at: datetime) -> tuple[str, Json]:
    """Its kind, and its details."""
    told: tuple[str, Json]
    match done:
        case Milestone():
            told = "access.milestone_reached", _milestone(done)
        case Built(visit=visit):
            told = "access.built", {"visit_required": visit}
        case BuildStopped(failure=failure):
            told = "access.build_stopped", {"failure": {"code": CODES.get(failure, failure)}}
        case SlotsOffered(slots=slots):
            told = "visit.slots_listed", {"slots": [_slot(slot) for slot in slots]}
        case Commissioned(tests=tests):
            told = "access.commissioned", {"checks": [_checked(test) for test in tests]}
        case _:
            kind, besides = _of_visit(done, at)
            told = kind, {"visit": {"id": done.visit}, **besides}
    return told


def _of_visit(
    done: VisitBooked | VisitCancelled | VisitMoved | VisitKept | VisitFailed | VisitMissed,
    at: datetime,
) -> tuple[str, Json]:
    told: tuple[str, Json]
    match done:
        case VisitBooked(slot=slot):
            told = "visit.booked", {"slot": _slot(slot)}
        case VisitCancelled():
            told = "visit.cancelled", {}
        case VisitMoved(slot=slot, code=code):
            reason = {"code": code or POSTPONED}
            told = "visit.moved", {"slot": _slot(slot), "reason": reason}
        case VisitKept():
            told = "visit.completed", {"report": _report(done, at)}
        case VisitFailed(failure=failure):
            told = "visit.failed", {"failure": {"code": CODES.get(failure, failure)}}
        case VisitMissed(code=code):
            told = "visit.missed", {"reason": {"code": code or NO_SHOW}}
        case _:
            assert_never(done)
    return told


def _milestone(passed: Milestone) -> Json:
    written: Json = {
        "milestone": STAGES[passed.name],
        "expected_completion": passed.expected.isoformat(),
    }
    if passed.code:
        written["delay"] = {"code": DELAYED if passed.code == LATE else passed.code}
    return written


def _slot(slot: Slot) -> Json:
    return {
        "id": slot.name,
        "date": slot.day.isoformat(),
        "period": PERIODS[slot.half],
        "starts_at": rfc3339(slot.begins),
        "ends_at": rfc3339(slot.ends),
    }


def _report(kept: VisitKept, at: datetime) -> Json:
    return {
        "completed_at": rfc3339(at),
        "otp": kept.socket,
        "equipment": [{"serial_number": serial} for serial in kept.serials],
        "photos": [{"id": photograph} for photograph in kept.photographs],
    }


def _checked(test: Measurement) -> Json:
    written: Json = {"name": CHECKS[test.name], "outcome": "passed" if test.passed else "failed"}
    return written if test.measured is None else {**written, "value": str(test.measured)}


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
