"""What a person has said of a visit's end, and what its operator tells of it afterwards."""

from datetime import date
from enum import StrEnum

from domain.access_facts import Fee
from domain.event import Event
from domain.said import Said
from domain.works_facts import (
    After,
    FieldFailure,
    KeptReport,
    SiteNotReady,
    VisitBooked,
    VisitFailed,
    VisitKept,
    VisitMissed,
)

TOLD_LATE = "visit-told-late"
UNWANTED = "visit-unwanted"
"""Questions that an end of the access leaves open: what they are about took place all the same."""

Ending = VisitKept | VisitFailed | VisitMissed


class CameOf(StrEnum):
    """What became of a visit on its day."""

    KEPT = "kept"
    FAILED = "failed"
    MISSED = "missed"


class VisitEndSaid(Event):
    """How a visit ended is a person's word so far, and what went with it."""

    visit: VisitBooked
    end: CameOf
    failure: FieldFailure | None = None
    by: str
    fees: tuple[Fee, ...] = ()
    """Of the customer's."""
    missed_again: date | None = None
    """The day the customer had asked for, where it was missed too."""
    not_ready: SiteNotReady | None = None
    counted: bool = False
    """As a setback: the operator is asked again for it."""


class VisitReportCompleted(Event):
    """It took place, as a person said: its operator's report comes after that."""

    reference: str
    report: KeptReport


class VisitToldLate(Event):
    """Its operator tells another end than a person has said: what it tells is kept until somebody
    has looked at both."""

    told: Ending
    source: str


class VisitEndCorrected(Event):
    """Its operator was right. The visit ended once, and in another way than was said; what went
    with the wrong end goes with it."""

    was: CameOf
    to: Ending
    by: str
    """Who has decided it."""
    because: Said
    fees: tuple[Fee, ...] = ()
    """Owed by the customer for the wrong end, and not any more."""
    missed_again: date | None = None
    not_ready: SiteNotReady | None = None
    """Likewise, what had it billed before service."""
    counted: bool = False
    """The wrong end was a setback, and is none."""
    in_service: bool = False
    """It worked already, and its billing had been told."""

    @property
    def reference(self) -> str:
        return self.to.reference

    @property
    def had_it_billed(self) -> bool:
        """The wrong end, before service."""
        return self.not_ready is not None or self.missed_again is not None


def came_of(ending: Ending) -> CameOf:
    if isinstance(ending, VisitKept):
        return CameOf.KEPT
    return CameOf.FAILED if isinstance(ending, VisitFailed) else CameOf.MISSED


def is_same(said: VisitEndSaid, told: Ending) -> bool:
    """Whoever said it, and in whatever words."""
    if isinstance(told, VisitFailed):
        return said.failure is told.failure
    return said.end is came_of(told)


def leads_to(end: Ending) -> After | None:
    """From where it goes on; None where it took place."""
    if isinstance(end, VisitKept):
        return None
    return end.after if isinstance(end, VisitFailed) else After.VISIT
