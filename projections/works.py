"""The works, visits and opening of a site as people read them: what the state itself lets go of."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import visit_facts as ends
from domain import works_facts as fields
from domain.access_changes import AccessAmended
from domain.access_events import WorksEvent
from domain.access_facts import EligibilityAskedAgain, Fee
from domain.event import Event
from domain.said import Said


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VisitEnd(StrEnum):
    """How an appointment ends: in one way."""

    KEPT = "kept"
    FAILED = "failed"
    """Somebody came, and could not do it."""
    MISSED = "missed"
    """Nobody came."""
    MOVED = "moved"
    CANCELLED = "cancelled"


class VisitRecord(_Record):
    visit: fields.VisitBooked
    ended: VisitEnd | None = None
    """None while it is awaited."""
    by: fields.Party | None = None
    code: str | None = None
    because: Said | None = None
    owed: tuple[Fee, ...] = ()
    """To the customer."""
    report: fields.KeptReport | None = None
    by_hand: bool = False
    """A person said so, and not its operator."""
    corrected_from: VisitEnd | None = None
    """What was said before, where its operator was right about another end."""


class Acceptance(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    WITH_RESERVES = "accepted-with-reserves"
    LIFTED = "reserves-lifted"


class Accepted(_Record):
    """Nothing waits for it."""

    stands: Acceptance
    on: date | None = None


class Works(_Record):
    milestones: tuple[fields.MilestonePassed, ...] = ()
    ends_on: date | None = None
    """When the operator thinks that its works are over; None once they are, or stopped."""
    finished_at: AwareDatetime | None = None
    visits: tuple[VisitRecord, ...] = ()
    """Each that was ever booked, in its order."""
    tested: fields.Commissioned | None = None
    """Its last tests."""
    billing: fields.BillingStarted | None = None
    commitment: fields.CommitmentStarted | None = None
    lateness: fields.LatenessJudged | None = None
    acceptance: Accepted | None = None
    readiness: fields.SiteReadinessAsked | None = None
    ready_on: date | None = None
    not_ready: tuple[fields.SiteNotReady, ...] = ()


def after(works: Works | None, event: Event) -> Works | None:
    """None until there is something to say."""
    if isinstance(event, WorksEvent):
        known = works or Works()
        changed = _changed(known, event)
        return known.model_copy(update=changed) if changed else works
    if works is not None and _begins_anew(event):
        return works.model_copy(update={"milestones": (), "ends_on": None, "finished_at": None})
    return works


def _begins_anew(event: Event) -> bool:
    """What was built is not what will be; visits that were booked stay known."""
    if isinstance(event, AccessAmended):
        return event.anew is not None
    return isinstance(event, EligibilityAskedAgain)


def _changed(works: Works, event: WorksEvent) -> dict[str, object]:
    return (
        _of_works(works, event)
        or _of_a_booking(works, event)
        or _of_a_visit(works, event)
        or _of_what_was_said(works, event)
        or _of_the_opening(event)
        or _of_the_site(works, event)
    )


def _of_works(works: Works, event: WorksEvent) -> dict[str, object]:
    match event:
        case fields.MilestonePassed(expected=expected):
            passed = (*works.milestones, event)
            return {"milestones": passed, "ends_on": expected or works.ends_on}
        case fields.WorksFinished(done_at=done_at):
            return {"finished_at": done_at, "ends_on": None}
        case fields.WorksStopped():
            return {"finished_at": None, "ends_on": None}
        case _:
            return {}


# visits


def _of_a_booking(works: Works, event: WorksEvent) -> dict[str, object]:
    match event:
        case fields.VisitBooked():
            return {"visits": (*works.visits, VisitRecord(visit=event))}
        case fields.VisitMoved(by=by, code=code, because=because, to=to):
            over = _over(works, VisitEnd.MOVED, by=by, code=code, because=because)
            return {"visits": (*over, VisitRecord(visit=to))}
        case fields.VisitLetGo(by=by, because=because):
            return {"visits": _over(works, VisitEnd.CANCELLED, by=by, because=because)}
        case _:
            return {}


def _of_a_visit(works: Works, event: WorksEvent) -> dict[str, object]:
    match event:
        case fields.VisitKept(report=report):
            return {"visits": _over(works, VisitEnd.KEPT, report=report)}
        case fields.VisitFailed():
            return {"visits": _lost(works, VisitEnd.FAILED, event)}
        case fields.VisitMissed():
            return {"visits": _lost(works, VisitEnd.MISSED, event)}
        case _:
            return {}


def _lost(
    works: Works, ended: VisitEnd, event: fields.VisitFailed | fields.VisitMissed
) -> tuple[VisitRecord, ...]:
    return _over(works, ended, by=event.by, code=event.code, because=event.because, owed=event.owed)


def _over(works: Works, ended: VisitEnd, **how: object) -> tuple[VisitRecord, ...]:
    """The last that was booked: it ends before another one begins."""
    *before, last = works.visits
    return (*before, last.model_copy(update={"ended": ended, **how}))


def _of_what_was_said(works: Works, event: WorksEvent) -> dict[str, object]:
    """What is known now of one that is over already."""
    match event:
        case ends.VisitEndSaid(visit=visit):
            return {"visits": _known(works, visit.reference, by_hand=True)}
        case ends.VisitReportCompleted(reference=reference, report=report):
            return {"visits": _known(works, reference, report=report, by_hand=False)}
        case ends.VisitEndCorrected(reference=reference, not_ready=wrong):
            left = tuple(one for one in works.not_ready if one != wrong)
            return {"visits": _known(works, reference, **_as_corrected(event)), "not_ready": left}
        case _:
            return {}


def _as_corrected(event: ends.VisitEndCorrected) -> dict[str, object]:
    end = event.to
    found: dict[str, object] = {
        "ended": VisitEnd(ends.came_of(end)),
        "corrected_from": VisitEnd(event.was),
        "by_hand": False,
    }
    if isinstance(end, fields.VisitKept):
        return {**found, **_NOT_LOST, "report": end.report}
    lost = {"by": end.by, "code": end.code, "because": end.because, "owed": end.owed}
    return {**found, **lost, "report": None}


_NOT_LOST: dict[str, object] = {"by": None, "code": None, "because": None, "owed": ()}


def _known(works: Works, reference: str, **how: object) -> tuple[VisitRecord, ...]:
    """The last of that name: an operator moves a visit under its own."""
    of_it = (n for n, one in enumerate(works.visits) if one.visit.reference == reference)
    at = max(of_it, default=-1)
    return tuple(
        one.model_copy(update=how) if n == at else one for n, one in enumerate(works.visits)
    )


# the opening


def _of_the_opening(event: WorksEvent) -> dict[str, object]:
    match event:
        case fields.Commissioned():
            return {"tested": event}
        case fields.BillingStarted():
            return {"billing": event}
        case fields.CommitmentStarted():
            return {"commitment": event}
        case fields.LatenessJudged():
            return {"lateness": event}
        case _:
            accepted = _accepted(event)
            return {} if accepted is None else {"acceptance": accepted}


def _accepted(event: WorksEvent) -> Accepted | None:
    match event:
        case fields.AcceptanceAsked():
            return Accepted(stands=Acceptance.ASKED)
        case fields.ServiceAccepted(on=on, with_reserves=with_reserves):
            reserves = Acceptance.WITH_RESERVES if with_reserves else Acceptance.ACCEPTED
            return Accepted(stands=reserves, on=on)
        case fields.ReservesLifted(on=on):
            return Accepted(stands=Acceptance.LIFTED, on=on)
        case _:
            return None


# the site


def _of_the_site(works: Works, event: WorksEvent) -> dict[str, object]:
    match event:
        case fields.SiteReadinessAsked():
            return {"readiness": event}
        case fields.SiteReady(on=on):
            return {"ready_on": on}
        case fields.SiteNotReady():
            return {"not_ready": (*works.not_ready, event), "ready_on": None}
        case _:
            return {}
