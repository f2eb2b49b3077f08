"""Works, visits and tests in our words, as each operator's examples are to be read."""

from datetime import UTC, date, datetime
from decimal import Decimal

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
from tests.unit.adapters.accesses import KEY

AT = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)
BEGINS = datetime(2027, 1, 21, 7, 0, tzinfo=UTC)
ENDS = datetime(2027, 1, 21, 12, 0, tzinfo=UTC)
DONE_AT = datetime(2027, 1, 21, 9, 40, tzinfo=UTC)
VISIT = "V-1"
MORNING = Slot(day=date(2027, 1, 21), half=Half.MORNING, begins=BEGINS, ends=ENDS, reference="S-1")
AFTERNOON = Slot(
    day=date(2027, 1, 21),
    half=Half.AFTERNOON,
    begins=ENDS,
    ends=datetime(2027, 1, 21, 17, 0, tzinfo=UTC),
    reference="S-2",
)


def told(*, stopped: str, failed: str) -> dict[str, WorksTold]:
    """By what happens in each; with an operator's own codes of a permit and of a code unknown."""
    return {
        "milestone": MilestoneTold(key=KEY, milestone=Milestone.CABLING, passed_at=AT),
        "late": MilestoneTold(
            key=KEY,
            milestone=Milestone.CIVIL_WORKS,
            passed_at=AT,
            expected=date(2027, 2, 18),
            why="FLOOD",
        ),
        "built": WorksDoneTold(key=KEY, done_at=AT, visit=True),
        "built alone": WorksDoneTold(key=KEY, done_at=AT, visit=False),
        "stopped": WorksFailedTold(
            key=KEY, failure=FieldFailure.NO_PERMIT, code=stopped, failed_at=AT
        ),
        "offered": VisitsOfferedTold(key=KEY, slots=(MORNING, AFTERNOON), offered_at=AT),
        "nothing offered": VisitsOfferedTold(key=KEY, slots=(), offered_at=AT),
        "booked": VisitBookedTold(key=KEY, reference=VISIT, slot=MORNING, booked_at=AT),
        "cancelled": VisitCancelledTold(key=KEY, cancelled_at=AT),
        "moved": VisitMovedTold(reference=VISIT, slot=AFTERNOON, code="STORM", told_at=AT),
        "kept": VisitKeptTold(
            reference=VISIT,
            report=VisitReport(
                done_at=DONE_AT,
                socket="OO-1A2B-3C4D",
                serials=("ONT-1", "RTR-1"),
                photographs=("PH-1",),
            ),
            told_at=AT,
        ),
        "kept in silence": VisitKeptTold(
            reference=VISIT, report=VisitReport(done_at=DONE_AT), told_at=AT
        ),
        "failed": VisitFailedTold(
            reference=VISIT, failure=FieldFailure.OTHER, code=failed, failed_at=AT
        ),
        "missed": VisitMissedTold(reference=VISIT, code="SICK", told_at=AT),
        "opened": CommissionedTold(
            key=KEY,
            tested_at=AT,
            tests=(
                TestResult(test=Test.SYNCHRONISATION, passed=True),
                TestResult(test=Test.THROUGHPUT_DOWN, passed=False, measured=Decimal(400_000)),
                TestResult(test=Test.LOSS, passed=True, measured=Decimal("0.10")),
            ),
        ),
    }
