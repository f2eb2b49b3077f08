"""What operators tell of works, visits and openings, with what the contract makes of it."""

from datetime import date

from pydantic import AwareDatetime

from domain import works_facts as fields
from domain.access_commands import Keyed, Report, SaturationSettled
from domain.access_facts import Plan
from domain.delay_facts import CustomerDelayMissed
from domain.works_settled import Judged, Lead, Lost, VisitSettled


class ReportMilestone(Keyed):
    milestone: fields.Milestone
    passed_at: AwareDatetime
    expected: date | None = None
    why: str | None = None
    until: AwareDatetime
    plan: Plan | None = None


class ReportWorksDone(Keyed):
    done_at: AwareDatetime
    visit: bool


class ReportWorksFailed(Keyed):
    failure: fields.FieldFailure
    code: str
    failed_at: AwareDatetime
    lead: Lead
    saturation: SaturationSettled | None = None
    """As the contract has it, where it is a box that is full."""


class ReportVisitsOffered(Keyed):
    slots: tuple[fields.Slot, ...]


class ReportVisitBooked(Keyed):
    reference: str
    slot: fields.Slot
    settled: VisitSettled


class ReportVisitCancelled(Keyed):
    cancelled_at: AwareDatetime


class ReportVisitMoved(Report):
    reference: str
    slot: fields.Slot
    code: str
    settled: VisitSettled


class ReportVisitKept(Report):
    reference: str
    report: fields.VisitReport
    installed: tuple[fields.EquipmentMoved | fields.EquipmentBilled, ...] = ()
    """What was put up, piece by piece."""


class ReportVisitFailed(Report):
    reference: str
    failure: fields.FieldFailure
    code: str
    failed_at: AwareDatetime
    lead: Lead
    saturation: SaturationSettled | None = None
    """As the contract has it, where it is a box that is full."""
    lost: Lost | None
    """None where it is nobody's doing."""
    missed_again: CustomerDelayMissed | None = None
    """Where it was on the day the customer had asked for."""


class ReportVisitMissed(Report):
    reference: str
    code: str
    told_at: AwareDatetime
    lost: Lost


class ReportCommissioned(Keyed):
    tested_at: AwareDatetime
    tests: tuple[fields.TestResult, ...]
    judged: Judged


OfVisits = ReportVisitMoved | ReportVisitKept | ReportVisitFailed | ReportVisitMissed
"""About the visit that is booked, by its reference, wherever the access stands."""
OfOpening = (
    ReportMilestone
    | ReportWorksDone
    | ReportWorksFailed
    | ReportVisitsOffered
    | ReportVisitBooked
    | ReportVisitCancelled
    | ReportCommissioned
)
WorksReport = OfVisits | OfOpening
