"""Between our words of works, visits and tests and Orange's: pure, one payload at a time.

A notification of a visit that took place:

    <o:AccessNotification xmlns:o="urn:raccord:orange:lines:1">
      <o:notificationId>7f0c…</o:notificationId>
      <o:orderKey>9d1e… (of its booking)</o:orderKey>
      <o:customerReference>4a6b… (our line)</o:customerReference>
      <o:event>VISIT_KEPT</o:event>
      <o:at>2027-01-21T09:40:00+00:00</o:at>
      <o:visitReference>OL-SV9D1E0C44</o:visitReference>
      <o:report>
        <o:doneAt>2027-01-21T09:40:00+00:00</o:doneAt>
        <o:socket>OO-1A2B-3C4D</o:socket>
        <o:serials>ONT-9D1E0C44</o:serials>
        <o:photographs>PH-1 PH-2</o:photographs>
      </o:report>
    </o:AccessNotification>
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from adapters.orange.messages import (
    TRUTHS,
    Element,
    UnreadableDocumentError,
    day_of,
    field_of,
    instant_of,
    looked_up,
    part_of,
    parts_of,
    word_of,
)
from domain.access_operators import AccessRequest
from domain.port_in_facts import Step
from domain.works_facts import (
    FieldFailure,
    Half,
    Milestone,
    Slot,
    Test,
    TestResult,
    VisitReport,
)
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

EFFECTS = {
    Step.BUILD_ACCESS: "BUILD",
    Step.OFFER_VISITS: "OFFER_SLOTS",
    Step.BOOK_VISIT: "BOOK_SLOT",
    Step.CANCEL_VISIT: "CANCEL_VISIT",
    Step.COMMISSION_ACCESS: "COMMISSION",
}
MILESTONES = {
    "PERMITS_REQUESTED": Milestone.PERMITS_ASKED,
    "PERMITS_OBTAINED": Milestone.PERMITS_GRANTED,
    "CIVIL_WORKS": Milestone.CIVIL_WORKS,
    "CABLING": Milestone.CABLING,
    "SITE_CONNECTED": Milestone.CONNECTED,
}
HALVES = {"AM": Half.MORNING, "PM": Half.AFTERNOON}
FAILURES: Mapping[str, FieldFailure] = {
    "PBO_SATURATED": FieldFailure.BOX_FULL,
    "PBO_NOT_FOUND": FieldFailure.BOX_NOT_FOUND,
    "ROUTE_MISMATCH": FieldFailure.WRONG_ROUTE,
    "NO_CONTINUITY": FieldFailure.NO_CONTINUITY,
    "LENGTH_EXCEEDED": FieldFailure.TOO_LONG,
    "CUSTOMER_ABSENT": FieldFailure.CUSTOMER_ABSENT,
    "CUSTOMER_UNREACHABLE": FieldFailure.CUSTOMER_ABSENT,
    "ACCESS_IMPOSSIBLE": FieldFailure.NO_ACCESS,
    "SITE_NOT_READY": FieldFailure.SITE_NOT_READY,
    "PERMIT_REFUSED": FieldFailure.NO_PERMIT,
    "AWAITING_MATERIAL": FieldFailure.MATERIAL_MISSING,
}
"""Any other code is kept as it is, and read by a person."""
TESTS = {
    "SYNC": Test.SYNCHRONISATION,
    "RATE_DOWN": Test.THROUGHPUT_DOWN,
    "RATE_UP": Test.THROUGHPUT_UP,
    "PACKET_LOSS": Test.LOSS,
    "CALL_IN": Test.CALL_IN,
    "CALL_OUT": Test.CALL_OUT,
}
RESULTS = {"PASSED": True, "FAILED": False}
TOLD_FIELDS = ("milestone", "expectedOn", "visitNeeded", "visitReference")
TOLD_PARTS = ("slots", "slot", "report", "tests")
LIST_MAX = 50
_SERIAL = re.compile(r"[A-Za-z0-9/._-]{1,60}")
_WORD = re.compile(r"[!-~]{1,100}")
_FIGURE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,3})?")


def asked_besides(request: AccessRequest) -> Mapping[str, str]:
    """What an order about works or visits says beside what every order about a site says."""
    fields = {"slotReference": request.slot, "visitReference": request.visit}
    if request.not_before is not None:
        fields["notBefore"] = request.not_before.isoformat()
    return {name: value for name, value in fields.items() if value is not None}


def _milestone(element: Element) -> WorksTold:
    has = element.fields
    return MilestoneTold(
        key=word_of(element, "orderKey"),
        milestone=looked_up(MILESTONES, element, "milestone"),
        passed_at=instant_of(element),
        expected=day_of(element, "expectedOn") if "expectedOn" in has else None,
        why=word_of(element, "code") if "code" in has else None,
    )


def _built(element: Element) -> WorksTold:
    return WorksDoneTold(
        key=word_of(element, "orderKey"),
        done_at=instant_of(element),
        visit=looked_up(TRUTHS, element, "visitNeeded"),
    )


def _stopped(element: Element) -> WorksTold:
    code = word_of(element, "code")
    return WorksFailedTold(
        key=word_of(element, "orderKey"),
        failure=FAILURES.get(code, FieldFailure.OTHER),
        code=code,
        failed_at=instant_of(element),
    )


def _offered(element: Element) -> WorksTold:
    slots = parts_of(element, "slots", "slot")
    if len(slots) > LIST_MAX:
        raise UnreadableDocumentError(f"more than {LIST_MAX} slots")
    return VisitsOfferedTold(
        key=word_of(element, "orderKey"),
        slots=tuple(map(_slot, slots)),
        offered_at=instant_of(element),
    )


def _booked(element: Element) -> WorksTold:
    return VisitBookedTold(
        key=word_of(element, "orderKey"),
        reference=word_of(element, "visitReference"),
        slot=_slot(part_of(element, "slot")),
        booked_at=instant_of(element),
    )


def _cancelled(element: Element) -> WorksTold:
    return VisitCancelledTold(key=word_of(element, "orderKey"), cancelled_at=instant_of(element))


def _moved(element: Element) -> WorksTold:
    return VisitMovedTold(
        reference=word_of(element, "visitReference"),
        slot=_slot(part_of(element, "slot")),
        code=word_of(element, "code"),
        told_at=instant_of(element),
    )


def _kept(element: Element) -> WorksTold:
    return VisitKeptTold(
        reference=word_of(element, "visitReference"),
        report=_report(part_of(element, "report")),
        told_at=instant_of(element),
    )


def _failed(element: Element) -> WorksTold:
    code = word_of(element, "code")
    return VisitFailedTold(
        reference=word_of(element, "visitReference"),
        failure=FAILURES.get(code, FieldFailure.OTHER),
        code=code,
        failed_at=instant_of(element),
    )


def _missed(element: Element) -> WorksTold:
    return VisitMissedTold(
        reference=word_of(element, "visitReference"),
        code=word_of(element, "code"),
        told_at=instant_of(element),
    )


def _commissioned(element: Element) -> WorksTold:
    tests = parts_of(element, "tests", "test")
    if not 0 < len(tests) <= LIST_MAX:
        raise UnreadableDocumentError(f"a commissioning has 1 to {LIST_MAX} tests")
    return CommissionedTold(
        key=word_of(element, "orderKey"),
        tested_at=instant_of(element),
        tests=tuple(map(_test, tests)),
    )


def _slot(element: Element) -> Slot:
    return Slot(
        day=day_of(element, "day"),
        half=looked_up(HALVES, element, "half"),
        begins=instant_of(element, "begins"),
        ends=instant_of(element, "ends"),
        reference=word_of(element, "slotReference"),
    )


def _report(element: Element) -> VisitReport:
    return VisitReport(
        done_at=instant_of(element, "doneAt"),
        socket=word_of(element, "socket") if "socket" in element.fields else None,
        serials=_words(element, "serials", _SERIAL),
        photographs=_words(element, "photographs", _WORD),
    )


def _words(element: Element, name: str, form: re.Pattern[str]) -> tuple[str, ...]:
    words = tuple(element.fields.get(name, "").split())
    if len(words) > LIST_MAX or any(form.fullmatch(word) is None for word in words):
        raise UnreadableDocumentError(f"{name} are no {LIST_MAX} words of their form at most")
    return words


def _test(element: Element) -> TestResult:
    return TestResult(
        test=looked_up(TESTS, element, "name"),
        passed=looked_up(RESULTS, element, "result"),
        measured=_figure(element, "value") if "value" in element.fields else None,
    )


def _figure(element: Element, name: str) -> Decimal:
    text = field_of(element, name)
    if _FIGURE.fullmatch(text) is None:
        raise UnreadableDocumentError(f"{name} is no figure")
    return Decimal(text)


EVENTS: Mapping[str, Callable[[Element], WorksTold]] = {
    "MILESTONE": _milestone,
    "BUILT": _built,
    "BUILD_STOPPED": _stopped,
    "SLOTS": _offered,
    "VISIT_BOOKED": _booked,
    "VISIT_CANCELLED": _cancelled,
    "VISIT_MOVED": _moved,
    "VISIT_KEPT": _kept,
    "VISIT_FAILED": _failed,
    "VISIT_MISSED": _missed,
    "COMMISSIONED": _commissioned,
}
