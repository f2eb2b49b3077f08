"""The works, visits and opening of a site as the API shows them: days, clauses, and who pays."""

from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel

from domain.access_facts import Fee, Tax
from domain.access_stages import Access, Closed, InService
from domain.personal import revealed
from domain.said import Said
from domain.works_facts import (
    Commissioned,
    Half,
    KeptReport,
    LateDays,
    Milestone,
    Party,
    Slot,
    Test,
)
from projections.line import LineDocument
from projections.works import Acceptance, VisitEnd, VisitRecord, Works


class SumView(BaseModel):
    head: str
    euros: Decimal | None
    """None where no text and no price of the order gives an amount."""
    tax: Tax
    said: Said
    source: str
    chargeable: bool
    """False: shown only, until its amount is known and its reading signed."""


class MilestoneView(BaseModel):
    milestone: Milestone
    passed_at: AwareDatetime
    expected_end: date | None
    code: str | None
    """Why on another day than before, in the operator's own word."""


class SlotView(BaseModel):
    """One that is offered: `slot=` names it by its number."""

    number: int
    day: date
    half: Half
    begins_at: AwareDatetime
    ends_at: AwareDatetime


class ReportView(BaseModel):
    """What was done at the site."""

    done_at: AwareDatetime
    socket: str | None
    """None as well once the order's personal data is forgotten."""
    serials: tuple[str, ...]
    photographs: tuple[str, ...]
    """The operator's own references of them."""


class VisitView(BaseModel):
    reference: str
    day: date
    half: Half
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    free_until: AwareDatetime | None
    """Moved or cancelled free of charge until then; None where no contract gives a limit."""
    report_due: AwareDatetime
    terms: tuple[Said, ...]
    ended: VisitEnd | None
    """None while somebody is to come."""
    by: Party | None
    code: str | None
    because: Said | None
    owed: tuple[SumView, ...]
    """To the customer."""
    report: ReportView | None
    by_hand: bool
    """A person said so, and not its operator."""
    corrected_from: VisitEnd | None
    """What was said before, where its operator was right about another end."""


class TestView(BaseModel):
    __test__ = False  # not a test of pytest's
    test: Test
    passed: bool
    measured: Decimal | None


class TestsView(BaseModel):
    __test__ = False
    tested_at: AwareDatetime
    passed: bool
    tests: tuple[TestView, ...]
    because: Said


class BillingView(BaseModel):
    billed_from: date
    before_service: bool
    clause: str
    because: Said


class CommitmentView(BaseModel):
    committed_from: date | None
    """None where the contract leaves it to the order form."""
    committed_until: date | None
    because: Said


class LatenessView(BaseModel):
    planned_on: date
    """The day first told."""
    started_on: date
    days: int
    shares: tuple[LateDays, ...]
    """Whose doing they are, each day once."""
    owed: tuple[SumView, ...]
    """To the customer; where there is none, `said` has the clause, or that there is none."""
    said: tuple[Said, ...]


class AcceptanceView(BaseModel):
    stands: Acceptance
    on: date | None


class ReadinessView(BaseModel):
    """What the customer has to have done at the site."""

    needs: tuple[str, ...]
    until: AwareDatetime | None
    said: tuple[Said, ...]
    ready_on: date | None


class WorksView(BaseModel):
    milestones: tuple[MilestoneView, ...]
    expected_end: date | None
    finished_at: AwareDatetime | None
    slots: tuple[SlotView, ...]
    visits: tuple[VisitView, ...]
    """Each that was ever booked; at most the last of them is still to come."""
    tests: TestsView | None
    service_started_at: AwareDatetime | None
    billing: BillingView | None
    commitment: CommitmentView | None
    lateness: LatenessView | None
    acceptance: AcceptanceView | None
    readiness: ReadinessView | None


def works_view(document: LineDocument) -> WorksView | None:
    """None until works or a visit has been told of."""
    works = document.works
    if works is None:
        return None
    return WorksView(
        milestones=_milestones(works),
        expected_end=works.ends_on,
        finished_at=works.finished_at,
        slots=_slots(document),
        visits=tuple(_visit(one) for one in works.visits),
        tests=None if works.tested is None else _tests(works.tested),
        service_started_at=_started_at(document),
        billing=_billing(works),
        commitment=_commitment(works),
        lateness=_lateness(works),
        acceptance=_acceptance(works),
        readiness=_readiness(works),
    )


def _milestones(works: Works) -> tuple[MilestoneView, ...]:
    return tuple(
        MilestoneView(
            milestone=one.milestone,
            passed_at=one.passed_at,
            expected_end=one.expected,
            code=one.code,
        )
        for one in works.milestones
    )


def _slots(document: LineDocument) -> tuple[SlotView, ...]:
    state = document.state
    offered: tuple[Slot, ...] = state.opening.slots if isinstance(state, Access) else ()
    return tuple(
        SlotView(number=number, day=one.day, half=one.half, begins_at=one.begins, ends_at=one.ends)
        for number, one in enumerate(offered, start=1)
    )


def _visit(record: VisitRecord) -> VisitView:
    visit, slot = record.visit, record.visit.slot
    return VisitView(
        reference=visit.reference,
        day=slot.day,
        half=slot.half,
        begins_at=slot.begins,
        ends_at=slot.ends,
        free_until=visit.free_until,
        report_due=visit.report_by,
        terms=visit.said,
        ended=record.ended,
        by=record.by,
        code=record.code,
        because=record.because,
        owed=_sums(record.owed),
        report=None if record.report is None else _report(record.report),
        by_hand=record.by_hand,
        corrected_from=record.corrected_from,
    )


def _report(kept: KeptReport) -> ReportView:
    return ReportView(
        done_at=kept.done_at,
        socket=None if kept.socket is None else revealed(kept.socket),
        serials=kept.serials,
        photographs=kept.photographs,
    )


def _tests(tested: Commissioned) -> TestsView:
    return TestsView(
        tested_at=tested.tested_at,
        passed=tested.passed,
        tests=tuple(
            TestView(test=one.test, passed=one.passed, measured=one.measured)
            for one in tested.tests
        ),
        because=tested.because,
    )


def _started_at(document: LineDocument) -> AwareDatetime | None:
    state = document.state
    if isinstance(state, InService):
        return state.started.started_at
    return state.ended.service_started_at if isinstance(state, Closed) else None


def _billing(works: Works) -> BillingView | None:
    found = works.billing
    if found is None:
        return None
    return BillingView(
        billed_from=found.on,
        before_service=found.before_service,
        clause=found.source,
        because=found.because,
    )


def _commitment(works: Works) -> CommitmentView | None:
    found = works.commitment
    if found is None:
        return None
    return CommitmentView(
        committed_from=found.on, committed_until=found.until, because=found.because
    )


def _lateness(works: Works) -> LatenessView | None:
    found = works.lateness
    if found is None:
        return None
    return LatenessView(
        planned_on=found.planned,
        started_on=found.started,
        days=found.days,
        shares=found.shares,
        owed=_sums(found.owed),
        said=found.said,
    )


def _acceptance(works: Works) -> AcceptanceView | None:
    found = works.acceptance
    return None if found is None else AcceptanceView(stands=found.stands, on=found.on)


def _readiness(works: Works) -> ReadinessView | None:
    asked = works.readiness
    not_ready = tuple(one.because for one in works.not_ready)
    if asked is None and works.ready_on is None and not not_ready:
        return None
    return ReadinessView(
        needs=() if asked is None else asked.needs,
        until=None if asked is None else asked.until,
        said=(*(() if asked is None else asked.said), *not_ready),
        ready_on=works.ready_on,
    )


def _sums(fees: tuple[Fee, ...]) -> tuple[SumView, ...]:
    return tuple(
        SumView(
            head=fee.head,
            euros=fee.euros,
            tax=fee.tax,
            said=fee.said,
            source=fee.source,
            chargeable=fee.chargeable,
        )
        for fee in fees
    )
