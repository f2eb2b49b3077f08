"""A site as the API shows it and `raccord order show` tells it: works, visits, opening."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain import works_facts as fields
from domain.access_facts import AccessEnded, ServiceStarted
from domain.event import Event
from domain.identity import line_stream
from domain.port_in_facts import Outcome, Step
from domain.said import Said
from domain.works_facts import Milestone, Party
from intake.access_views import access_view
from runtime.cli.languages import Language
from runtime.cli.works import works_lines
from tests import accesses as of
from tests.accesses import SAID, fee, site_terms
from tests.porting import paris
from tests.unit.projections.test_line import folded
from tests.unit.projections.test_site_times import Told
from tests.visits import BOOKED, SLOT, SOCKET

DAY = date(2027, 1, 20)
AT = paris("2027-01-20T10:00")
CLAUSE = Said(fr="la clause (002:2353-2355)", en="the clause (002:2353-2355)")
WHOSE = Said(
    fr="5 jours de retard : 3 du fait du client, 2 du fait de personne en particulier",
    en="5 days late: 3 the customer's doing, 2 nobody's by name",
)
REPORT = fields.KeptReport(done_at=AT, socket=SOCKET, serials=("RTR-1",), photographs=("P-1",))
SLIPPED = fields.MilestonePassed(
    milestone=Milestone.CABLING, passed_at=AT, expected=date(2027, 2, 18), code="FLOOD", until=AT
)
FINISHED = fields.WorksFinished(done_at=AT, visit=True)
OPENED = fields.WorksFinished(done_at=AT, visit=False)
STARTED = (
    ServiceStarted(started_at=AT, said=SAID),
    fields.BillingStarted(
        on=date(2027, 1, 15), because=CLAUSE, before_service=True, source="002:2353-2355"
    ),
    fields.CommitmentStarted(on=DAY, until=None, because=SAID),
    fields.LatenessJudged(
        planned=date(2027, 1, 15),
        started=DAY,
        days=5,
        owed=(fee("late"),),
        said=(SAID, WHOSE, CLAUSE),
        shares=(
            fields.LateDays(by=Party.CUSTOMER, days=3),
            fields.LateDays(by=None, days=2),
        ),
    ),
)


def building() -> list[Event]:
    """Up to where its operator is asked to build."""
    site = Told().chosen().ask(Step.RESERVE_ACCESS)
    return site.tell(of.reserved(site.state)).ask(Step.BUILD_ACCESS).facts


def shown(*events: Event) -> dict[str, Any]:
    """As it leaves, in JSON."""
    document = folded([*building(), *events], stream=line_stream(site_terms().line_id))
    view = access_view(document)
    assert view is not None
    return view.model_dump(mode="json")


def lines(works: dict[str, Any] | None) -> list[str]:
    return works_lines(works, Language.EN)


def test_before_the_works_there_is_nothing_to_show() -> None:
    assert shown()["works"] is None
    assert lines(None) == []


def test_works_show_their_last_milestone_and_when_they_end_and_why_then() -> None:
    works = shown(SLIPPED)["works"]

    assert works["expected_end"] == "2027-02-18"
    assert works["milestones"] == [
        {
            "milestone": "cabling",
            "passed_at": AT.isoformat(),
            "expected_end": "2027-02-18",
            "code": "FLOOD",
        }
    ]
    assert lines(works) == [
        f"  works: cabling on {AT.isoformat()}, their end expected on 2027-02-18 (FLOOD)"
    ]
    plain = SLIPPED.model_copy(update={"expected": None, "code": None})
    assert lines(shown(plain)["works"]) == [f"  works: cabling on {AT.isoformat()}"]


def test_slots_are_shown_by_number_and_the_visit_until_when_it_is_free_of_charge() -> None:
    offered = shown(FINISHED, fields.VisitsOffered(slots=(SLOT,)))["works"]
    booked = shown(FINISHED, BOOKED)["works"]

    assert offered["slots"][0]["number"] == 1
    over = f"  works: over since {AT.isoformat()}"
    assert lines(offered) == [over, "  slot 1: 2027-01-21, morning"]
    (visit,) = booked["visits"]
    assert (visit["day"], visit["half"], visit["ended"]) == ("2027-01-21", "morning", None)
    assert visit["terms"] == [{"fr": "sans frais", "en": "free of charge"}]
    free = visit["free_until"]
    assert lines(booked)[1:] == [
        f"  visit OV-1: 2027-01-21, morning, booked, free of charge until {free}"
    ]
    silent = BOOKED.model_copy(update={"free_until": None})
    assert lines(shown(FINISHED, silent)["works"])[1:] == [
        "  visit OV-1: 2027-01-21, morning, booked"
    ]


def test_each_visit_shows_its_end_who_pays_and_what_was_done() -> None:
    missed = fields.VisitMissed(
        reference="OV-1",
        by=Party.OPERATOR,
        code="NO_SHOW",
        told_at=AT,
        owed=(fee("missed-visit"), fee("missed-visit", None)),
        because=CLAUSE,
    )
    again = BOOKED.model_copy(update={"reference": "OV-2"})
    kept = fields.VisitKept(reference="OV-2", report=REPORT)

    works = shown(FINISHED, BOOKED, missed, again, kept)["works"]

    assert [visit["ended"] for visit in works["visits"]] == ["missed", "kept"]
    assert lines(works)[1:] == [
        "  visit OV-1: 2027-01-21, morning, missed (operator, NO_SHOW)",
        "    the clause (002:2353-2355)",
        "    missed-visit: 750.00 € HT, said (002:2274)",
        "    missed-visit: no known amount, said (002:2274)",
        "  visit OV-2: 2027-01-21, morning, kept",
        "    socket OO-1A2B-3C4D; serial numbers RTR-1; photographs P-1",
    ]
    bare = fields.VisitKept(reference="OV-1", report=fields.KeptReport(done_at=AT))
    assert len(lines(shown(FINISHED, BOOKED, bare)["works"])) == 2


def test_a_start_shows_its_tests_and_each_day_with_its_clause() -> None:
    result = fields.TestResult(
        test=fields.Test.THROUGHPUT_DOWN, passed=True, measured=Decimal(950000)
    )
    sync = fields.TestResult(test=fields.Test.SYNCHRONISATION, passed=False)
    tested = fields.Commissioned(tested_at=AT, tests=(result, sync), passed=True, because=CLAUSE)
    works = shown(OPENED, tested, *STARTED)["works"]

    assert works["service_started_at"] == AT.isoformat()
    assert works["billing"]["before_service"]
    assert works["billing"]["clause"] == "002:2353-2355"
    assert works["lateness"]["days"] == 5
    assert works["lateness"]["shares"] == [
        {"by": "customer", "days": 3},
        {"by": None, "days": 2},
    ]
    assert lines(works)[1:] == [
        f"  tests: good, {AT.isoformat()}",
        "    throughput-down 950000: good",
        "    synchronisation: failed",
        "    the clause (002:2353-2355)",
        f"  in service since {AT.isoformat()}",
        "  billed from 2027-01-15, before service: the clause (002:2353-2355)",
        "  committed 2027-01-20 to ?: said",
        "  said",
        "  5 days late: 3 the customer's doing, 2 nobody's by name",
        "  the clause (002:2353-2355)",
    ]
    failed = tested.model_copy(update={"passed": False, "tests": ()})
    assert lines(shown(OPENED, failed)["works"])[1] == f"  tests: failed, {AT.isoformat()}"


def test_once_it_is_over_all_of_it_is_still_shown() -> None:
    ended = AccessEnded(outcome=Outcome.DELIVERED, why=SAID, service_started_at=AT)
    lifted = fields.ReservesLifted(on=DAY, by="c")

    works = shown(OPENED, *STARTED, lifted, ended)["works"]

    assert works["service_started_at"] == AT.isoformat()
    assert works["acceptance"] == {"stands": "reserves-lifted", "on": "2027-01-20"}
    assert "  acceptance: reserves-lifted on 2027-01-20" in lines(works)
    asked = shown(OPENED, fields.AcceptanceAsked(because=SAID))["works"]
    assert "  acceptance: asked" in lines(asked)


def test_a_site_shows_what_the_customer_has_to_have_ready() -> None:
    asked = fields.SiteReadinessAsked(needs=("power",), until=AT, said=(SAID,))
    late = fields.SiteNotReady(missing=("power",), billed_from=None, source=None, because=CLAUSE)

    works = shown(asked, late)["works"]

    assert lines(works) == [
        "  site: not said to be ready",
        "    said",
        "    the clause (002:2353-2355)",
    ]
    ready = shown(fields.SiteReady(by="c", on=DAY))["works"]
    assert ready["readiness"] == {
        "needs": [],
        "until": None,
        "said": [],
        "ready_on": "2027-01-20",
    }
    assert lines(ready) == ["  site: ready on 2027-01-20"]
