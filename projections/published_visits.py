"""What others are told of the visits to a site: each is booked, and then ends in one way."""

from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import works_facts as works
from domain.access_facts import Tax
from domain.event import Event
from domain.said import Said
from domain.visit_facts import CameOf, VisitEndCorrected, came_of
from domain.works_facts import FieldFailure, Half, Party
from projections.published import Published


class VisitBookedV1(Published):
    TYPE = "visit.booked"
    MEANING = "Somebody comes to the site; until when it is moved or cancelled free of charge."
    visit: str
    day: date
    half: Half
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    free_until: AwareDatetime | None
    because: tuple[Said, ...]


class VisitMovedV1(Published):
    TYPE = "visit.moved"
    MEANING = "Nobody comes that day: the visit is on another one, under its own name or another."
    visit: str
    by: Party
    code: str | None
    because: Said
    to: VisitBookedV1


class VisitCancelledV1(Published):
    TYPE = "visit.cancelled"
    MEANING = "Nobody comes: the visit was let go before it began."
    visit: str
    by: Party
    because: Said


class VisitKeptV1(Published):
    TYPE = "visit.kept"
    MEANING = "Somebody came, and did what was to be done."
    visit: str
    done_at: AwareDatetime


class VisitFailedV1(Published):
    TYPE = "visit.failed"
    MEANING = "Somebody came and could not do it: what went wrong, on whose side, what follows."
    visit: str
    failure: FieldFailure
    code: str
    by: Party | None
    because: Said


class VisitMissedV1(Published):
    TYPE = "visit.missed"
    MEANING = "Nobody came: on whose side, and what is owed for that, or that nothing is."
    visit: str
    code: str
    by: Party
    because: Said


class FeeNotOwed(BaseModel):
    """A sum that was told as owed for a visit, or None where none was known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    euros: Decimal | None
    tax: Tax
    clause: str


class VisitCorrectedV1(Published):
    TYPE = "visit.corrected"
    MEANING = (
        "The visit ended in another way than was told before: in which, on whose side, and why. "
        "Billing: what was owed for the wrong end, and is not any more; whether it may have "
        "had billing begin before service, and whether it was in service, its billing told."
    )
    visit: str
    was: CameOf
    ended: CameOf
    failure: FieldFailure | None
    by: Party | None
    because: Said
    not_owed: tuple[FeeNotOwed, ...]
    billed_early: bool
    """By the wrong end."""
    in_service: bool
    """Billing was told already: whatever it took from the wrong end is to be given back."""


def of_a_visit(event: Event) -> Published | None:
    told: Published | None = None
    match event:
        case works.VisitBooked():
            told = _booked(event)
        case works.VisitMoved(reference=visit, by=by, code=code, because=because, to=to):
            told = VisitMovedV1(visit=visit, by=by, code=code, because=because, to=_booked(to))
        case works.VisitLetGo(reference=visit, by=by, because=because):
            told = VisitCancelledV1(visit=visit, by=by, because=because)
        case works.VisitKept(reference=visit, report=report):
            told = VisitKeptV1(visit=visit, done_at=report.done_at)
        case works.VisitFailed(reference=visit, failure=failure, code=code):
            told = VisitFailedV1(
                visit=visit, failure=failure, code=code, by=event.by, because=event.because
            )
        case works.VisitMissed(reference=visit, code=code, by=by, because=because):
            told = VisitMissedV1(visit=visit, code=code, by=by, because=because)
        case VisitEndCorrected():
            told = _corrected(event)
    return told


def _booked(visit: works.VisitBooked) -> VisitBookedV1:
    slot = visit.slot
    return VisitBookedV1(
        visit=visit.reference,
        day=slot.day,
        half=slot.half,
        begins_at=slot.begins,
        ends_at=slot.ends,
        free_until=visit.free_until,
        because=visit.said,
    )


def _corrected(event: VisitEndCorrected) -> VisitCorrectedV1:
    end = event.to
    return VisitCorrectedV1(
        visit=event.reference,
        was=event.was,
        ended=came_of(end),
        failure=end.failure if isinstance(end, works.VisitFailed) else None,
        by=None if isinstance(end, works.VisitKept) else end.by,
        because=event.because if isinstance(end, works.VisitKept) else end.because,
        not_owed=tuple(
            FeeNotOwed(head=fee.head, euros=fee.euros, tax=fee.tax, clause=fee.source)
            for fee in event.fees
        ),
        billed_early=event.had_it_billed,
        in_service=event.in_service,
    )
