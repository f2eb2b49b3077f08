"""Words for tests about what customers are told of works, visits and openings."""

from datetime import date, datetime
from typing import Any

from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_facts import Fee, Plan, Technology
from domain.event import Event
from domain.notice_around import Around
from domain.notice_sites import SITE_FACTS, SiteTold, may_tell, site_told
from domain.port_in_facts import GatesPassed, Outcome, Step, UndoingBegun
from domain.said import Said
from domain.works_facts import After, FieldFailure, Half, Milestone, Party, Slot, VisitBooked
from tests.accesses import SAID, offer, site_terms
from tests.porting import RULES, paris

AT = paris("2027-01-15T09:30:00")
NOT_OURS = ("STORM", "SICK", "ND-17", "Camille", "SLOT-", "RDV-")
"""An operator's own words and names, and a person's: none of them is ever told."""


def opened(
    technology: Technology = Technology.FTTH,
    **changes: Any,  # noqa: ANN401
) -> tuple[Event, ...]:
    """Until it is ready for works."""
    one = offer(technology=technology)
    return (
        facts.AccessOpened(terms=site_terms(wanted=(technology,), **changes), gates=()),
        facts.SiteClaimed(),
        GatesPassed(),
        facts.OfferChosen(offer=one, because=(SAID,)),
        facts.NothingInTheWay(study=False, because=SAID),
        facts.AccessReserved(reference="OA-1", reserved_at=AT),
        facts.AccessReady(ready_at=AT),
    )


def slot(day: str = "2027-01-20", half: Half = Half.MORNING) -> Slot:
    begins, ends = ("08:00", "13:00") if half is Half.MORNING else ("13:00", "18:00")
    return Slot(
        day=date.fromisoformat(day),
        half=half,
        begins=paris(f"{day}T{begins}:00"),
        ends=paris(f"{day}T{ends}:00"),
        reference=f"SLOT-{day}",
    )


def visit(one: Slot | None = None, free_until: datetime | None = None) -> VisitBooked:
    # two jours ouvrés before it (002:2540)
    said = Said(fr="sans frais jusque-là (002:2540)", en="free until then (002:2540)")
    return VisitBooked(
        reference="RDV-7",
        slot=one or slot(),
        free_until=free_until,
        remind_at=paris("2027-01-19T09:00:00"),
        report_by=paris("2027-01-22T00:00:00"),
        said=(said,),
    )


READY = opened()
BUILT = (*READY, fields.WorksFinished(done_at=AT, visit=True))
AWAITED = (*BUILT, visit())
ENDS = UndoingBegun(outcome=Outcome.CANCELLED, why=SAID, steps=(Step.CANCEL_VISIT,))


def told(
    event: Event, *before: Event, after: tuple[Event, ...] = (), at: datetime = AT
) -> SiteTold:
    found = maybe(event, *before, after=after, at=at)
    assert found is not None
    assert may_tell(event)
    assert set(found.facts) == SITE_FACTS[found.purpose]
    words = " ".join(f"{said.fr} {said.en}" for said in found.facts.values())
    assert not [word for word in (*NOT_OURS, "002:", "000:", "default") if word in words]
    return found


def maybe(
    event: Event,
    *before: Event,
    after: tuple[Event, ...] = (),
    beside: tuple[Event, ...] = (),
    at: datetime = AT,
) -> SiteTold | None:
    """`beside` is what came with it, before it."""
    every = (*before, *beside)
    return site_told(event, Around(before=every, after=after, at=at, rules=RULES, beside=beside))


def english(found: SiteTold) -> dict[str, str]:
    return {name: said.en for name, said in found.facts.items()}


def missed(*owed: Fee, by: Party = Party.OPERATOR) -> fields.VisitMissed:
    return fields.VisitMissed(
        reference="RDV-7", by=by, code="SICK", told_at=AT, owed=owed, because=SAID
    )


def failed(failure: FieldFailure, after: After, by: Party | None) -> fields.VisitFailed:
    return fields.VisitFailed(
        reference="RDV-7",
        failure=failure,
        code="ND-17",
        failed_at=AT,
        after=after,
        by=by,
        because=SAID,
    )


def planned(day: str, source: str = "OfferChosen") -> facts.DeliveryPlanned:
    plan = Plan(on=date.fromisoformat(day), said=SAID, source=source, binds=False)
    return facts.DeliveryPlanned(plan=plan)


def passed(expected: str | None) -> fields.MilestonePassed:
    return fields.MilestonePassed(
        milestone=Milestone.CIVIL_WORKS,
        passed_at=AT,
        expected=None if expected is None else date.fromisoformat(expected),
        code="STORM",
        until=AT,
    )


def stopped(failure: FieldFailure, after: After) -> fields.WorksStopped:
    return fields.WorksStopped(
        failure=failure, code="ND-17", stopped_at=AT, after=after, by=None, because=SAID
    )


STARTED = facts.ServiceStarted(
    started_at=AT, said=Said(fr="en service (002:2133)", en="in service (002:2133)")
)
BILLING = fields.BillingStarted(
    on=date(2027, 1, 15),
    because=Said(
        fr="facturé depuis la mise en service, vendredi 15 janvier 2027 (002:2741) ; premier mois "
        "au prorata (a default of ours)",
        en="billed from service start, Friday 15 January 2027 (002:2741); the first month pro rata "
        "(a default of ours)",
    ),
    source="002:2741",
)
COMMITMENT = fields.CommitmentStarted(
    on=date(2027, 1, 15),
    until=date(2030, 1, 15),
    because=Said(
        fr="engagé depuis la mise en service (002:2678-2679)",
        en="committed from service start (002:2678-2679)",
    ),
)


def late(days: int, *owed: Fee) -> fields.LatenessJudged:
    return fields.LatenessJudged(
        planned=date(2027, 1, 8),
        started=date(2027, 1, 15),
        days=days,
        owed=owed,
        said=(Said(fr="aucune indemnité (002:2420-2421)", en="no indemnity (002:2420-2421)"),),
    )
