"""What operators tell about the works, the visits and the opening of an access, in our words."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.works_facts import (
    FieldFailure,
    Milestone,
    Slot,
    TestResult,
    VisitReport,
)


@dataclass(frozen=True, kw_only=True)
class MilestoneTold:
    """It answers nothing: the works go on."""

    key: str
    milestone: Milestone
    passed_at: datetime
    expected: date | None = None
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorksDoneTold:
    key: str
    done_at: datetime
    visit: bool


@dataclass(frozen=True, kw_only=True)
class WorksFailedTold:
    key: str
    failure: FieldFailure
    code: str
    failed_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitsOfferedTold:
    key: str
    slots: tuple[Slot, ...]
    offered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VisitBookedTold:
    """The slot is ours under the operator's own reference of the visit."""

    key: str
    reference: str
    slot: Slot
    booked_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitCancelledTold:
    """As we asked."""

    key: str
    cancelled_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitMovedTold:
    """By the operator, on its own: another slot in the place of the one that was booked."""

    reference: str
    slot: Slot
    code: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitKeptTold:
    reference: str
    report: VisitReport
    told_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VisitFailedTold:
    """Somebody came, and could not do it."""

    reference: str
    failure: FieldFailure
    code: str
    failed_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitMissedTold:
    """Nobody came: it says so itself."""

    reference: str
    code: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class CommissionedTold:
    key: str
    tested_at: datetime
    tests: tuple[TestResult, ...] = field(default=())


WorksTold = (
    MilestoneTold
    | WorksDoneTold
    | WorksFailedTold
    | VisitsOfferedTold
    | VisitBookedTold
    | VisitCancelledTold
    | VisitMovedTold
    | VisitKeptTold
    | VisitFailedTold
    | VisitMissedTold
    | CommissionedTold
)
