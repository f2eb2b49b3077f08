"""What an operator in memory answers about works, visits and openings, when no test says more.

What becomes of a visit comes unasked: a test sends it.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.access_operators import AccessRequest
from domain.port_in_facts import Step
from domain.works_facts import Half, Slot, Test, TestResult
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

KINDS = (
    MilestoneTold,
    WorksDoneTold,
    WorksFailedTold,
    VisitsOfferedTold,
    VisitBookedTold,
    VisitCancelledTold,
    VisitMovedTold,
    VisitKeptTold,
    VisitFailedTold,
    VisitMissedTold,
    CommissionedTold,
)
PARIS = ZoneInfo("Europe/Paris")
HOURS = {Half.MORNING: (time(8), time(13)), Half.AFTERNOON: (time(13), time(18))}
AHEAD = timedelta(days=2)
RATES = {Test.THROUGHPUT_DOWN: Decimal(950_000), Test.THROUGHPUT_UP: Decimal(650_000)}


def slot_of(day: date, half: Half) -> Slot:
    """Its name says which it is."""
    begins, ends = (datetime.combine(day, hour, tzinfo=PARIS) for hour in HOURS[half])
    reference = f"S/{day.isoformat()}/{half}"
    return Slot(day=day, half=half, begins=begins, ends=ends, reference=reference)


def usual_works(request: AccessRequest, at: datetime) -> WorksTold | None:
    """Works done and a visit needed; three days of slots; the one that was asked for; all passed.
    None for what is about something else."""
    told: WorksTold | None
    match request.step:
        case Step.BUILD_ACCESS:
            told = WorksDoneTold(key=request.key, done_at=at, visit=True)
        case Step.OFFER_VISITS:
            told = VisitsOfferedTold(key=request.key, slots=_slots(request, at), offered_at=at)
        case Step.BOOK_VISIT:
            told = _booked(request, at)
        case Step.CANCEL_VISIT:
            told = VisitCancelledTold(key=request.key, cancelled_at=at)
        case Step.COMMISSION_ACCESS:
            tests = (TestResult(test=one, passed=True, measured=RATES.get(one)) for one in Test)
            told = CommissionedTold(key=request.key, tested_at=at, tests=tuple(tests))
        case _:
            told = None
    return told


def _slots(request: AccessRequest, at: datetime) -> tuple[Slot, ...]:
    soon = (at + AHEAD).date()
    since = max(soon, request.not_before or soon)
    days = (since + timedelta(days=number) for number in range(3))
    return tuple(slot_of(day, half) for day in days for half in Half)


def _booked(request: AccessRequest, at: datetime) -> VisitBookedTold:
    _, day, half = (request.slot or "S/2000-01-01/morning").split("/")
    return VisitBookedTold(
        key=request.key,
        reference=f"V-{request.key[:8]}",
        slot=slot_of(date.fromisoformat(day), Half(half)),
        booked_at=at,
    )
