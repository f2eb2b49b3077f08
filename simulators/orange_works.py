"""Works, visits and tests on Orange's wire: how what came of them is told."""

from typing import assert_never

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
    "OFFER_SLOTS": "offer",
    "BOOK_SLOT": "book",
    "CANCEL_VISIT": "cancel-visit",
    "COMMISSION": "commission",
}
MILESTONES = {
    "permits-asked": "PERMITS_REQUESTED",
    "permits-granted": "PERMITS_OBTAINED",
    "civil-works": "CIVIL_WORKS",
    "cabling": "CABLING",
    "connected": "SITE_CONNECTED",
}
HALVES = {"morning": "AM", "afternoon": "PM"}
FAILURES = {
    "box-full": "PBO_SATURATED",
    "box-not-found": "PBO_NOT_FOUND",
    "wrong-route": "ROUTE_MISMATCH",
    "no-continuity": "NO_CONTINUITY",
    "too-long": "LENGTH_EXCEEDED",
    "customer-absent": "CUSTOMER_ABSENT",
    "no-access": "ACCESS_IMPOSSIBLE",
    "site-not-ready": "SITE_NOT_READY",
    "no-permit": "PERMIT_REFUSED",
    "material-missing": "AWAITING_MATERIAL",
}
TESTS = {
    "synchronisation": "SYNC",
    "throughput-down": "RATE_DOWN",
    "throughput-up": "RATE_UP",
    "loss": "PACKET_LOSS",
    "call-in": "CALL_IN",
    "call-out": "CALL_OUT",
}
DELAYED, RESCHEDULED, ABSENT = "WORKS_DELAYED", "RESCHEDULED", "TECHNICIAN_ABSENT"
Fields = list[tuple[str, "str | Fields"]]
"""Elements in their order, each a text or elements again."""


def told_of(done: Done, at: str) -> Fields:
    """The event, and what it says besides."""
    told: Fields
    match done:
        case Milestone():
            told = [("event", "MILESTONE"), *_milestone(done)]
        case Built(visit=visit):
            told = [("event", "BUILT"), ("visitNeeded", "true" if visit else "false")]
        case BuildStopped(failure=failure):
            told = [("event", "BUILD_STOPPED"), ("code", FAILURES.get(failure, failure))]
        case SlotsOffered(slots=slots):
            told = [("event", "SLOTS")]
            if slots:
                told.append(("slots", [("slot", _slot(slot)) for slot in slots]))
        case Commissioned(tests=tests):
            results: Fields = [("test", _tested(test)) for test in tests]
            told = [("event", "COMMISSIONED"), ("tests", results)]
        case _:
            told = _of_visit(done, at)
    return told


def _of_visit(
    done: VisitBooked | VisitCancelled | VisitMoved | VisitKept | VisitFailed | VisitMissed, at: str
) -> Fields:
    event: str
    besides: Fields
    match done:
        case VisitBooked(slot=slot):
            event, besides = "VISIT_BOOKED", [("slot", _slot(slot))]
        case VisitCancelled():
            event, besides = "VISIT_CANCELLED", []
        case VisitMoved(slot=slot, code=code):
            event = "VISIT_MOVED"
            besides = [("slot", _slot(slot)), ("code", code or RESCHEDULED)]
        case VisitKept():
            event, besides = "VISIT_KEPT", [("report", _report(done, at))]
        case VisitFailed(failure=failure):
            event, besides = "VISIT_FAILED", [("code", FAILURES.get(failure, failure))]
        case VisitMissed(code=code):
            event, besides = "VISIT_MISSED", [("code", code or ABSENT)]
        case _:
            assert_never(done)
    return [("event", event), ("visitReference", done.visit), *besides]


def _milestone(passed: Milestone) -> Fields:
    told: Fields = [
        ("milestone", MILESTONES[passed.name]),
        ("expectedOn", passed.expected.isoformat()),
    ]
    if passed.code:
        told.append(("code", DELAYED if passed.code == LATE else passed.code))
    return told


def _slot(slot: Slot) -> Fields:
    return [
        ("slotReference", slot.name),
        ("day", slot.day.isoformat()),
        ("half", HALVES[slot.half]),
        ("begins", slot.begins.isoformat()),
        ("ends", slot.ends.isoformat()),
    ]


def _report(kept: VisitKept, at: str) -> Fields:
    return [
        ("doneAt", at),
        ("socket", kept.socket),
        ("serials", " ".join(kept.serials)),
        ("photographs", " ".join(kept.photographs)),
    ]


def _tested(test: Measurement) -> Fields:
    told: Fields = [("name", TESTS[test.name]), ("result", "PASSED" if test.passed else "FAILED")]
    return told if test.measured is None else [*told, ("value", str(test.measured))]
