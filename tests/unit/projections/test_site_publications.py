"""What others are told of a site: its visits, and what starts with its service, each once."""

from datetime import date
from decimal import Decimal

from domain import works_facts as fields
from domain.access_facts import AccessEnded, AccessOpened, ServiceStarted
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Outcome
from domain.said import Said
from domain.works_facts import After, EquipmentState, FieldFailure, Milestone, Party
from projections.publications import About, Publication, published
from tests.accesses import ADDRESS, SAID, fee, site_terms
from tests.builders import ORDER
from tests.porting import ORDER_ID, STORY, paris
from tests.unit.projections.test_order import envelope
from tests.visits import BOOKED, SOCKET

ABOUT = About(order_id=ORDER, client="crm", reference="R-1", ordered_at=STORY, line=1)
DAY = date(2027, 1, 20)
AT = paris("2027-01-20T10:00")
CLAUSE = Said(fr="la clause (002:2353-2355)", en="the clause (002:2353-2355)")
SHARES = (fields.LateDays(by=Party.CUSTOMER, days=3), fields.LateDays(by=None, days=2))


def _of(*events: Event) -> tuple[Publication, ...]:
    return tuple(
        one
        for version, event in enumerate(events, start=1)
        for one in published(envelope(event, version), ABOUT, lambda _: None)
    )


def test_a_site_tells_its_start_its_billing_and_its_commitment_each_once() -> None:
    told = _of(
        AccessOpened(terms=site_terms(), gates=()),
        fields.WorksFinished(done_at=AT, visit=False),
        fields.MilestonePassed(milestone=Milestone.CONNECTED, passed_at=AT, until=AT),
        fields.Commissioned(tested_at=AT, tests=(), passed=True, because=SAID),
        ServiceStarted(started_at=AT, said=SAID),
        fields.BillingStarted(
            on=date(2027, 1, 15), because=CLAUSE, before_service=True, source="002:2353-2355"
        ),
        fields.CommitmentStarted(on=DAY, until=date(2030, 1, 20), because=SAID),
        fields.LatenessJudged(
            planned=date(2027, 1, 15),
            started=DAY,
            days=5,
            owed=(),
            said=(SAID, CLAUSE),
            shares=SHARES,
        ),
        AccessEnded(outcome=Outcome.DELIVERED, why=SAID, service_started_at=AT),
    )

    assert [one.type for one in told] == [
        "line.opened",
        "service.started",
        "billing.started",
        "commitment.started",
        "lateness.judged",
        "line.ended",
    ]
    opened, started, billed, committed, late, ended = (one.data for one in told)
    assert opened == {"host": "orange"}
    assert (started["started_at"], started["billed_from"]) == (AT.isoformat(), None)
    assert billed == {
        "billed_from": "2027-01-15",
        "before_service": True,
        "clause": "002:2353-2355",
        "because": CLAUSE.model_dump(),
    }
    assert (committed["committed_from"], committed["committed_until"]) == (
        "2027-01-20",
        "2030-01-20",
    )
    assert (late["days"], late["owed"]) == (5, False)
    assert late["shares"] == [{"by": "customer", "days": 3}, {"by": None, "days": 2}]
    assert (ended["outcome"], ended["replaced_by"]) == ("delivered", None)


def test_what_is_owed_for_being_late_is_said_to_be() -> None:
    (told,) = _of(
        fields.LatenessJudged(
            planned=date(2027, 1, 15), started=DAY, days=5, owed=(fee("late"),), said=(SAID,)
        )
    )

    assert told.data["owed"] is True


def test_a_visit_is_booked_and_ends_in_one_way() -> None:
    reference = BOOKED.reference
    told = _of(
        fields.VisitsOffered(slots=(BOOKED.slot,)),
        fields.VisitChosen(slot=BOOKED.slot, by="c"),
        BOOKED,
        fields.VisitMoved(
            reference="OV-0", by=Party.OPERATOR, code="STAFF", to=BOOKED, because=SAID
        ),
        fields.VisitReminded(reference=reference, slot=BOOKED.slot),
        fields.VisitKept(reference=reference, report=fields.KeptReport(done_at=AT, socket=SOCKET)),
        fields.VisitFailed(
            reference=reference,
            failure=FieldFailure.CUSTOMER_ABSENT,
            code="ABSENT",
            failed_at=AT,
            after=After.VISIT,
            by=Party.CUSTOMER,
            because=CLAUSE,
        ),
        fields.VisitMissed(
            reference=reference, by=Party.OPERATOR, code="NO_SHOW", told_at=AT, because=CLAUSE
        ),
        fields.VisitLetGo(reference=reference, by=Party.PROVIDER, at=AT, because=SAID),
    )

    assert [one.type for one in told] == [
        "visit.booked",
        "visit.moved",
        "visit.kept",
        "visit.failed",
        "visit.missed",
        "visit.cancelled",
    ]
    booked, moved, kept, failed, missed, cancelled = (one.data for one in told)
    assert (booked["visit"], booked["day"], booked["half"]) == ("OV-1", "2027-01-21", "morning")
    assert (moved["visit"], moved["by"], moved["to"]) == ("OV-0", "operator", booked)
    assert kept == {"visit": "OV-1", "done_at": AT.isoformat()}
    assert (failed["failure"], failed["by"]) == ("customer-absent", "customer")
    assert (missed["code"], missed["by"]) == ("NO_SHOW", "operator")
    assert cancelled["by"] == "provider"


def test_a_piece_tells_where_it_is_from_when_it_is_billed_and_what_its_invoice_becomes() -> None:
    owed = fee("equipment", "89.00")
    unknown = owed.model_copy(update={"euros": None, "chargeable": False})
    told = _of(
        fields.EquipmentMoved(name="router", to=EquipmentState.ORDERED, on=DAY, bought=True),
        fields.EquipmentBilled(
            name="router",
            on=DAY,
            because=CLAUSE,
            before_service=True,
            source="002:2476",
            monthly=Decimal("12.00"),
        ),
        fields.EquipmentAskedBack(name="router", until=None, fee=owed, said=(SAID,)),
        fields.EquipmentMoved(name="router", to=EquipmentState.INVOICED, on=DAY, fees=(owed,)),
        fields.EquipmentMoved(
            name="router", to=EquipmentState.RETURNED, on=DAY, given_back=(owed,), said=(SAID,)
        ),
        fields.EquipmentMoved(
            name="modem", to=EquipmentState.RETURNED, on=DAY, given_back=(unknown,)
        ),
    )

    assert [one.type for one in told] == [
        "equipment.moved",
        "equipment.billed",
        *("equipment.moved", "equipment.invoiced"),
        *("equipment.moved", "equipment.credited") * 2,
    ]
    moved, billed, _, invoiced, _, credited, _, nothing = (one.data for one in told)
    assert (moved["piece"], moved["to"], moved["on"], moved["bought"]) == (
        *("router", "ordered", "2027-01-20"),
        True,
    )
    assert billed == {
        "piece": "router",
        "billed_from": "2027-01-20",
        "before_service": True,
        "clause": "002:2476",
        "monthly_ht": "12.00",
        "once_ht": None,
        "because": CLAUSE.model_dump(),
    }
    assert (invoiced["euros_ht"], invoiced["chargeable"], invoiced["clause"]) == (
        *("89.00", True),
        "002:2274",
    )
    assert (credited["euros_ht"], credited["because"]) == ("89.00", [SAID.model_dump()])
    assert nothing["euros_ht"] is None


def test_what_is_written_on_a_delivery_slip_does_not_leave() -> None:
    written = Personal(subject=order_subject(ORDER_ID), value="carton enfoncé, pied cassé")
    (told,) = _of(
        fields.EquipmentMoved(
            name="router", to=EquipmentState.DELIVERED, on=DAY, serial="RTR-1", reserves=written
        )
    )

    assert (told.data["with_reserves"], told.data["serial"]) == (True, "RTR-1")
    assert "carton" not in told.model_dump_json()


def test_nothing_personal_of_a_site_leaves() -> None:
    told = _of(AccessOpened(terms=site_terms(), gates=()), BOOKED)

    assert ADDRESS not in " ".join(one.model_dump_json() for one in told)
