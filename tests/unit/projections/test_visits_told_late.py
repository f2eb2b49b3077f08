"""A visit that a person has said the end of, as it is kept, told in its timeline and published."""

from datetime import date

import pytest

from domain import visit_facts as ends
from domain import works_facts as fields
from domain.event import Event
from domain.said import Said
from domain.visit_facts import CameOf
from domain.works_facts import After, FieldFailure, Party
from projections.publications import About, published
from projections.telling import told_by
from projections.works import VisitEnd, VisitRecord, Works, after
from runtime.cli.languages import Language
from runtime.cli.works import works_lines
from tests.accesses import SAID, fee
from tests.builders import ORDER
from tests.porting import STORY, paris
from tests.unit.intake.test_works_views import lines, shown
from tests.unit.projections.test_order import envelope
from tests.visits import BOOKED, SOCKET

AT = paris("2027-01-21T10:00")
CLAUSE = Said(fr="la clause (002:2353-2355)", en="the clause (002:2353-2355)")
MISSED = fields.VisitMissed(
    reference="OV-1",
    by=Party.OPERATOR,
    code="by-hand",
    told_at=AT,
    owed=(fee("missed-visit"),),
    because=CLAUSE,
)
FAILED = fields.VisitFailed(
    reference="OV-1",
    failure=FieldFailure.SITE_NOT_READY,
    code="ND-17",
    failed_at=AT,
    after=After.VISIT_ONCE_READY,
    by=Party.CUSTOMER,
    because=CLAUSE,
)
KEPT = fields.VisitKept(reference="OV-1", report=fields.KeptReport(done_at=AT, serials=("RTR-1",)))
NOT_READY = fields.SiteNotReady(
    missing=("power",), billed_from=date(2027, 1, 4), source="002:2353-2355", because=SAID
)


def said(end: CameOf, **more: object) -> ends.VisitEndSaid:
    return ends.VisitEndSaid.model_validate({"visit": BOOKED, "end": end, "by": "Camille", **more})


def corrected(was: CameOf, to: ends.Ending, **more: object) -> ends.VisitEndCorrected:
    given = {"was": was, "to": to, "by": "Camille", "because": SAID, **more}
    return ends.VisitEndCorrected.model_validate(given)


def _kept_of(*events: Event) -> Works:
    works: Works | None = None
    for event in events:
        works = after(works, event)
    assert works is not None
    return works


def _only(works: Works) -> VisitRecord:
    (record,) = works.visits
    return record


# kept


def test_a_persons_word_is_known_to_be_one_until_its_operator_has_told() -> None:
    word, report = said(CameOf.KEPT), fields.KeptReport(done_at=AT, socket=SOCKET)
    kept = fields.VisitKept(reference="OV-1", report=fields.KeptReport(done_at=AT))

    by_hand = _only(_kept_of(BOOKED, kept, word))
    completed = _kept_of(
        BOOKED, kept, word, ends.VisitReportCompleted(reference="OV-1", report=report)
    )

    assert (by_hand.ended, by_hand.by_hand) == (VisitEnd.KEPT, True)
    assert (_only(completed).report, _only(completed).by_hand) == (report, False)


@pytest.mark.parametrize(
    ("to", "ended", "by", "owed"),
    [
        (KEPT, VisitEnd.KEPT, None, ()),
        (FAILED, VisitEnd.FAILED, Party.CUSTOMER, ()),
    ],
)
def test_a_corrected_end_takes_the_place_of_the_wrong_one_with_what_it_owed(
    to: ends.Ending, ended: VisitEnd, by: Party | None, owed: tuple[object, ...]
) -> None:
    record = _only(_kept_of(BOOKED, MISSED, said(CameOf.MISSED), corrected(CameOf.MISSED, to)))

    assert (record.ended, record.corrected_from) == (ended, VisitEnd.MISSED)
    assert (record.by, record.owed, record.by_hand) == (by, owed, False)


def test_a_site_that_was_ready_after_all_is_not_kept_as_not_ready() -> None:
    works = _kept_of(
        BOOKED,
        FAILED,
        NOT_READY,
        said(CameOf.FAILED, not_ready=NOT_READY),
        corrected(CameOf.FAILED, KEPT, not_ready=NOT_READY),
    )

    assert works.not_ready == ()


def test_a_visit_that_was_moved_under_its_own_name_stays_moved() -> None:
    moved = fields.VisitMoved(
        reference="OV-1", by=Party.OPERATOR, code="SICK", to=BOOKED, because=SAID
    )

    works = _kept_of(BOOKED, moved, MISSED, corrected(CameOf.MISSED, KEPT))

    assert [one.ended for one in works.visits] == [VisitEnd.MOVED, VisitEnd.KEPT]


# told


def _told(event: Event) -> str:
    found = told_by(event)
    assert found is not None
    return found.en


def test_a_timeline_says_whose_word_it_is_and_what_takes_its_place() -> None:
    word = said(CameOf.FAILED, failure=FieldFailure.NO_ACCESS)

    assert _told(word) == (
        "Thursday 21 January 2027, in the morning (OV-1); somebody came in vain; no-access; "
        "a person's word"
    )
    assert _told(ends.VisitReportCompleted(reference="OV-1", report=KEPT.report)) == (
        "the operator's report; serial numbers: RTR-1"
    )
    assert _told(ends.VisitToldLate(told=FAILED, source="orange")) == (
        "orange; somebody came in vain; the clause (002:2353-2355); ND-17"
    )
    assert _told(corrected(CameOf.MISSED, KEPT)) == (
        "it took place; instead of: nobody came; said; serial numbers: RTR-1"
    )


def test_a_timeline_says_what_is_owed_and_billed_no_more() -> None:
    undone = _told(corrected(CameOf.FAILED, KEPT, fees=(fee("missed-visit"),), not_ready=NOT_READY))

    assert undone.endswith(
        "not owed any more: said (002:2274); what was billed before service for it is not any more"
    )


def test_a_timeline_says_that_billing_told_already_is_to_be_given_back() -> None:
    undone = corrected(CameOf.FAILED, KEPT, missed_again=date(2027, 1, 21), in_service=True)

    assert _told(undone).endswith(
        "what was billed before service for it is to be given back: billing was told already"
    )


# published and shown


def test_others_are_told_of_the_right_end() -> None:
    about = About(order_id=ORDER, client="crm", reference="R-1", ordered_at=STORY, line=1)
    events = (
        said(CameOf.MISSED),
        corrected(CameOf.MISSED, KEPT),
        corrected(CameOf.KEPT, FAILED),
        corrected(CameOf.KEPT, MISSED),
    )

    kept, failed, missed = (
        one.data
        for version, event in enumerate(events, start=1)
        for one in published(envelope(event, version), about, lambda _: None)
    )

    assert (kept["visit"], kept["was"], kept["ended"]) == ("OV-1", "missed", "kept")
    assert (kept["by"], kept["because"]) == (None, SAID.model_dump())
    assert (failed["ended"], failed["failure"], failed["by"]) == (
        *("failed", "site-not-ready"),
        "customer",
    )
    assert (missed["ended"], missed["by"], missed["because"]) == (
        *("missed", "operator"),
        CLAUSE.model_dump(),
    )


def test_whoever_invoices_is_told_what_a_wrong_end_had_cost() -> None:
    about = About(order_id=ORDER, client="crm", reference="R-1", ordered_at=STORY, line=1)
    undone = corrected(
        CameOf.FAILED, KEPT, fees=(fee("missed-visit"),), not_ready=NOT_READY, in_service=True
    )

    (found,) = published(envelope(undone, 1), about, lambda _: None)
    (nothing,) = published(envelope(corrected(CameOf.MISSED, KEPT), 1), about, lambda _: None)

    assert found.data["not_owed"] == [
        {"head": "missed-visit", "euros": "750.00", "tax": "HT", "clause": "002:2274"}
    ]
    assert (found.data["billed_early"], found.data["in_service"]) == (True, True)
    assert (nothing.data["not_owed"], nothing.data["billed_early"]) == ([], False)


def test_whoever_reads_the_site_sees_whose_word_it_is_and_what_was_said_before() -> None:
    finished = fields.WorksFinished(done_at=AT, visit=True)
    word, right = said(CameOf.MISSED), corrected(CameOf.MISSED, KEPT)

    by_hand = shown(finished, BOOKED, MISSED, word)["works"]
    after_all = shown(finished, BOOKED, MISSED, word, right)["works"]

    assert (by_hand["visits"][0]["by_hand"], after_all["visits"][0]["by_hand"]) == (True, False)
    assert "missed (operator, by-hand, said by hand)" in " ".join(lines(by_hand))
    assert "kept (first said to be missed)" in " ".join(works_lines(after_all, Language.FR))
