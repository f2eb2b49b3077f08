"""Words for tests about works, visits and openings: from a pair that is kept to the service."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain import access_commands as told
from domain import works_commands as works
from domain import works_facts as fields
from domain.access_facts import Fee, Plan
from domain.access_stages import Access, AccessState, AwaitingVisit
from domain.attention import Attention
from domain.port_in_facts import Step
from domain.works_facts import After, FieldFailure, Half, Party
from domain.works_settled import Lead, Lost, SiteTerms, VisitGone, VisitSettled
from tests import accesses as of
from tests.accesses import BOTH, SAID
from tests.porting import STORY

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2027, 1, 20)
"""A Wednesday."""
VISIT, OTHER = "V-1", "V-2"
REMIND_AT = datetime(2027, 1, 19, 8, tzinfo=UTC)
REPORT_BY = datetime(2027, 1, 21, 23, tzinfo=UTC)
AFTER_IT = REPORT_BY + timedelta(hours=1)
HOURS = {Half.MORNING: (time(8), time(13)), Half.AFTERNOON: (time(13), time(18))}
FROM_ORANGE = {**BOTH, "source": "orange", "message_key": "m"}


def slot(day: date = DAY, half: Half = Half.MORNING) -> fields.Slot:
    begins, ends = (datetime.combine(day, hour, tzinfo=PARIS) for hour in HOURS[half])
    return fields.Slot(day=day, half=half, begins=begins, ends=ends, reference=f"S/{day}/{half}")


SLOTS = (slot(), slot(half=Half.AFTERNOON), slot(DAY + timedelta(days=1)))


def visit_settled(day: date = DAY) -> VisitSettled:
    return VisitSettled(
        free_until=None,
        remind_at=REMIND_AT,
        report_by=REPORT_BY,
        said=(SAID,),
        plan=Plan(on=day, said=SAID, source="VisitBooked", binds=False),
    )


def told_of(state: AccessState, step: Step) -> dict[str, Any]:
    return {**FROM_ORANGE, "key": of.key_asked(state, step)}


def open_access(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def visit(state: AccessState) -> fields.VisitBooked:
    """The one that is booked."""
    booked_one = open_access(state).opening.visit
    assert booked_one is not None
    return booked_one


def question(state: AccessState, code: str) -> Attention:
    return next(one for one in open_access(state).attentions if one.code == code)


# works


def building(**changes: Any) -> AccessState:  # noqa: ANN401
    return of.asked(of.ready(**changes), Step.BUILD_ACCESS)


def works_done(state: AccessState, *, visit: bool = True) -> works.ReportWorksDone:
    return works.ReportWorksDone(**told_of(state, Step.BUILD_ACCESS), done_at=STORY, visit=visit)


def works_failed(
    state: AccessState,
    failure: FieldFailure,
    found: Lead,
    **more: Any,  # noqa: ANN401
) -> works.ReportWorksFailed:
    return works.ReportWorksFailed(
        **told_of(state, Step.BUILD_ACCESS),
        failure=failure,
        code=failure.upper(),
        failed_at=STORY,
        lead=found,
        **more,
    )


def lead(after: After, by: Party | None = Party.OPERATOR, **more: Any) -> Lead:  # noqa: ANN401
    return Lead(after=after, by=by, because=SAID, **more)


def built(state: AccessState | None = None, *, visit: bool = True) -> AccessState:
    """The network is there; where a visit is needed, its slots are asked for."""
    state = building() if state is None else of.asked(state, Step.BUILD_ACCESS)
    state = of.when(state, works_done(state, visit=visit))
    return of.asked(state, Step.OFFER_VISITS if visit else Step.COMMISSION_ACCESS)


# visits


def slots_told(state: AccessState, *slots: fields.Slot) -> works.ReportVisitsOffered:
    return works.ReportVisitsOffered(**told_of(state, Step.OFFER_VISITS), slots=slots)


def offered(state: AccessState | None = None, *slots: fields.Slot) -> AccessState:
    """Slots are there to be chosen from."""
    state = built() if state is None else state
    return of.when(state, slots_told(state, *(slots or SLOTS)))


def chosen(state: AccessState | None = None, *, number: int = 1) -> AccessState:
    """One is chosen, and the operator asked for it."""
    state = offered() if state is None else state
    return of.asked(of.when(state, choice(number)), Step.BOOK_VISIT)


def choice(number: int) -> told.TakeDecision:
    return of.answer("provide", "visit-slots", slot=number)


def slot_booked(
    state: AccessState, reference: str = VISIT, slot: fields.Slot | None = None
) -> works.ReportVisitBooked:
    """The one that was chosen, unless another is given."""
    taken = slot or open_access(state).opening.picked
    assert taken is not None
    return works.ReportVisitBooked(
        **told_of(state, Step.BOOK_VISIT),
        reference=reference,
        slot=taken,
        settled=visit_settled(taken.day),
    )


def booked(state: AccessState | None = None, reference: str = VISIT) -> AccessState:
    """Somebody comes on the day that was chosen."""
    state = chosen() if state is None else state
    return of.when(state, slot_booked(state, reference))


def gone(*, late: bool = False) -> VisitGone:
    owed = (visit_fee(),) if late else ()
    return VisitGone(late=late, fees=owed, because=SAID)


def visit_fee() -> Fee:
    return of.fee("installation", "120.00")


def other_days(state: AccessState | None = None, *, late: bool = False) -> AccessState:
    """The customer cannot be there: other days are asked for, the visit stays meanwhile."""
    state = booked() if state is None else state
    postponed = of.answer("postpone", gone=gone(late=late))
    return of.asked(of.when(state, postponed), Step.OFFER_VISITS)


def lost(by: Party = Party.OPERATOR, **more: Any) -> Lost:  # noqa: ANN401
    return Lost(by=by, because=SAID, **more)


# what becomes of a visit


def visit_moved(reference: str = VISIT, to: fields.Slot | None = None) -> works.ReportVisitMoved:
    return works.ReportVisitMoved(
        **FROM_ORANGE,
        reference=reference,
        slot=to or slot(DAY + timedelta(days=7)),
        code="SICK",
        settled=visit_settled(DAY + timedelta(days=7)),
    )


def visit_kept(reference: str = VISIT) -> works.ReportVisitKept:
    report = fields.VisitReport(done_at=STORY, socket="FI-0001", serials=("SN-1",))
    return works.ReportVisitKept(**FROM_ORANGE, reference=reference, report=report)


def visit_failed(
    after: After = After.VISIT,
    failure: FieldFailure = FieldFailure.CUSTOMER_ABSENT,
    *,
    reference: str = VISIT,
    **more: Any,  # noqa: ANN401
) -> works.ReportVisitFailed:
    found = more.pop("lead", None) or lead(after, Party.CUSTOMER)
    return works.ReportVisitFailed(
        **FROM_ORANGE,
        reference=reference,
        failure=failure,
        code=failure.upper(),
        failed_at=STORY,
        lead=found,
        **{"lost": None, **more},
    )


def visit_missed(reference: str = VISIT, lost_by: Lost | None = None) -> works.ReportVisitMissed:
    return works.ReportVisitMissed(
        **FROM_ORANGE,
        reference=reference,
        code="NO-SHOW",
        told_at=STORY,
        lost=lost_by or lost(),
    )


def visit_cancelled(state: AccessState) -> works.ReportVisitCancelled:
    return works.ReportVisitCancelled(**told_of(state, Step.CANCEL_VISIT), cancelled_at=STORY)


def site_terms() -> SiteTerms:
    """What the customer has to have ready, long after the visit."""
    missing = fields.SiteNotReady(missing=(), billed_from=None, source=None, because=SAID)
    return SiteTerms(
        needs=("power-and-circuits",),
        missing=("power-and-circuits",),
        until=AFTER_IT + timedelta(days=30),
        said=(SAID,),
        to_answer=True,
        not_ready=missing,
    )


def unreported(*, readiness: bool = False) -> AccessState:
    """The customer was reminded, and nobody said what became of the visit."""
    state = of.ready()
    step = Step.BUILD_ACCESS
    ask = told.AskOperator(
        **BOTH,
        step=step,
        key="key-build-access-0",
        epoch=0,
        until=of.SOON,
        site=site_terms() if readiness else None,
    )
    state = of.when(state, ask)
    state = of.asked(of.when(state, works_done(state)), Step.OFFER_VISITS)
    state = booked(chosen(offered(state)))
    state = of.when(state, passed(REMIND_AT), passed(AFTER_IT))
    assert isinstance(state, AwaitingVisit)
    return state


def passed(at: datetime) -> told.PassTime:
    return told.PassTime(decided_at=at, answer_by=at + timedelta(days=1))


# opening


def commissioning() -> AccessState:
    """The technician came, and the operator is asked to open it."""
    return of.asked(of.when(booked(), visit_kept()), Step.COMMISSION_ACCESS)


def results(*, passed: bool = True) -> tuple[fields.TestResult, ...]:
    return (
        fields.TestResult(test=fields.Test.SYNCHRONISATION, passed=passed),
        fields.TestResult(
            test=fields.Test.THROUGHPUT_DOWN, passed=passed, measured=Decimal(950_000)
        ),
    )


def withdrawn() -> told.ReportSupplyWithdrawn:
    return told.ReportSupplyWithdrawn(**FROM_ORANGE, code="END", told_at=STORY)


def overwritten() -> told.ReportOverwritten:
    return told.ReportOverwritten(**FROM_ORANGE, code="WRONG", told_at=STORY)
