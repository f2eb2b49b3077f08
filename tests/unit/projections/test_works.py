"""The works, visits and opening of a site, as its document keeps them."""

from datetime import date
from decimal import Decimal

import pytest

from domain import works_facts as fields
from domain.access_changes import AccessAmended, AccessChange, Anew
from domain.access_facts import AccessOpened, CutsAgreed, EligibilityAskedAgain, SiteClaimed
from domain.event import Event
from domain.identity import line_stream
from domain.works_facts import After, FieldFailure, Milestone, Party
from projections.works import Acceptance, Accepted, VisitEnd, Works, after
from tests.accesses import CONSENT, SAID, fee, site_terms
from tests.porting import paris
from tests.unit.projections.test_line import folded
from tests.visits import BOOKED, SOCKET

DAY = date(2027, 1, 20)
AT = paris("2027-01-20T10:00")
PASSED = fields.MilestonePassed(
    milestone=Milestone.CABLING, passed_at=AT, expected=date(2027, 1, 18), until=AT
)
FINISHED = fields.WorksFinished(done_at=AT, visit=True)
ANOTHER = BOOKED.model_copy(update={"reference": "OV-2"})


def kept_of(*events: Event) -> Works:
    works: Works | None = None
    for event in events:
        works = after(works, event)
    assert works is not None
    return works


def ends(*events: Event) -> list[VisitEnd | None]:
    return [one.ended for one in kept_of(*events).visits]


def test_nothing_is_kept_before_the_works() -> None:
    assert after(None, SiteClaimed()) is None
    assert after(None, EligibilityAskedAgain(why=SAID)) is None


def test_a_site_s_document_keeps_its_works_and_a_port_s_none() -> None:
    opened = AccessOpened(terms=site_terms(), gates=())
    asked = fields.SiteReadinessAsked(needs=("power",), until=AT, said=(SAID,))

    document = folded([opened, asked], stream=line_stream(opened.terms.line_id))

    assert document.works == Works(readiness=asked)
    assert document.course is not None


def test_milestones_say_when_works_end_until_they_do() -> None:
    quiet = PASSED.model_copy(update={"expected": None})

    assert kept_of(PASSED, quiet).ends_on == date(2027, 1, 18)
    over = kept_of(PASSED, quiet, FINISHED)
    assert (over.milestones, over.ends_on, over.finished_at) == ((PASSED, quiet), None, AT)
    stopped = fields.WorksStopped(
        failure=FieldFailure.NO_PERMIT,
        code="NO_PERMIT",
        stopped_at=AT,
        after=After.PERSON,
        by=None,
        because=SAID,
    )
    assert kept_of(PASSED, FINISHED, stopped).finished_at is None


@pytest.mark.parametrize(
    "anew",
    [
        EligibilityAskedAgain(why=SAID),
        AccessAmended(
            by="c", change=AccessChange(), anew=Anew.SITE, gives_back=False, because=(SAID,)
        ),
    ],
)
def test_works_that_begin_anew_have_no_milestone_yet_and_the_visits_stay(anew: Event) -> None:
    works = kept_of(PASSED, FINISHED, BOOKED, anew)

    assert (works.milestones, works.finished_at) == ((), None)
    assert [one.visit for one in works.visits] == [BOOKED]


def test_an_amendment_that_begins_nothing_anew_changes_nothing() -> None:
    amended = AccessAmended(
        by="c", change=AccessChange(), anew=None, gives_back=False, because=(SAID,)
    )

    assert kept_of(PASSED, amended, CutsAgreed(paper=CONSENT)) == kept_of(PASSED)


def test_every_visit_is_kept_with_its_one_end() -> None:
    moved = fields.VisitMoved(
        reference="OV-1", by=Party.CUSTOMER, code=None, to=ANOTHER, because=SAID
    )
    report = fields.KeptReport(done_at=AT, socket=SOCKET, serials=("RTR-1",))
    kept = fields.VisitKept(reference="OV-2", report=report)

    works = kept_of(BOOKED, fields.VisitReminded(reference="OV-1", slot=BOOKED.slot), moved, kept)

    first, second = works.visits
    assert (first.visit, first.ended, first.by) == (BOOKED, VisitEnd.MOVED, Party.CUSTOMER)
    assert (second.visit, second.ended, second.report) == (ANOTHER, VisitEnd.KEPT, report)


def test_a_visit_that_was_lost_says_on_whose_side_and_what_is_owed() -> None:
    failed = fields.VisitFailed(
        reference="OV-1",
        failure=FieldFailure.NO_ACCESS,
        code="LOCKED",
        failed_at=AT,
        after=After.VISIT,
        by=Party.CUSTOMER,
        because=SAID,
    )
    missed = fields.VisitMissed(
        reference="OV-2",
        by=Party.OPERATOR,
        code="NO_SHOW",
        told_at=AT,
        owed=(fee("missed-visit"),),
        because=SAID,
    )
    gone = fields.VisitLetGo(reference="OV-1", by=Party.PROVIDER, at=AT, because=SAID)

    works = kept_of(BOOKED, failed, ANOTHER, missed)

    assert [(one.ended, one.by, one.code) for one in works.visits] == [
        (VisitEnd.FAILED, Party.CUSTOMER, "LOCKED"),
        (VisitEnd.MISSED, Party.OPERATOR, "NO_SHOW"),
    ]
    assert works.visits[1].owed == (fee("missed-visit"),)
    assert ends(BOOKED, gone) == [VisitEnd.CANCELLED]
    assert ends(BOOKED) == [None]


def test_tests_billing_commitment_and_lateness_are_kept_each_with_its_own_day() -> None:
    tested = fields.Commissioned(
        tested_at=AT,
        tests=(
            fields.TestResult(
                test=fields.Test.THROUGHPUT_DOWN, passed=True, measured=Decimal(950000)
            ),
        ),
        passed=True,
        because=SAID,
    )
    billing = fields.BillingStarted(on=DAY, because=SAID)
    commitment = fields.CommitmentStarted(on=DAY, until=None, because=SAID)
    lateness = fields.LatenessJudged(planned=DAY, started=DAY, days=0, owed=(), said=(SAID,))

    works = kept_of(tested, billing, commitment, lateness)

    assert (works.tested, works.billing, works.commitment, works.lateness) == (
        tested,
        billing,
        commitment,
        lateness,
    )


def test_acceptance_stands_where_its_last_fact_says() -> None:
    asked = fields.AcceptanceAsked(because=SAID)
    reserves = fields.ServiceAccepted(on=DAY, by="c", with_reserves=True)
    lifted = fields.ReservesLifted(on=date(2027, 1, 27), by="c")

    assert kept_of(asked).acceptance == Accepted(stands=Acceptance.ASKED)
    assert kept_of(asked, reserves).acceptance == Accepted(stands=Acceptance.WITH_RESERVES, on=DAY)
    assert kept_of(asked, reserves, lifted).acceptance == Accepted(
        stands=Acceptance.LIFTED, on=date(2027, 1, 27)
    )
    plain = fields.ServiceAccepted(on=DAY, by="c")
    assert kept_of(asked, plain).acceptance == Accepted(stands=Acceptance.ACCEPTED, on=DAY)


def test_a_site_is_ready_until_it_turns_out_not_to_be() -> None:
    ready = fields.SiteReady(by="c", on=DAY)
    late = fields.SiteNotReady(missing=("power",), billed_from=None, source=None, because=SAID)

    assert kept_of(ready).ready_on == DAY
    assert kept_of(ready, late).ready_on is None
    assert kept_of(ready, late, ready).not_ready == (late,)


def test_facts_without_a_record_of_their_own_change_nothing() -> None:
    assert kept_of(
        BOOKED,
        fields.VisitsOffered(slots=()),
        fields.VisitChosen(slot=BOOKED.slot, by="c"),
        fields.VisitsAskedAgain(not_before=None, by=Party.CUSTOMER, because=SAID),
    ) == kept_of(BOOKED)
