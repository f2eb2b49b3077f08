"""A timeline says of works, visits and openings what was done, who pays, and by which clause."""

from datetime import date
from decimal import Decimal

import pytest

from domain import link_facts as links
from domain import works_facts as fields
from domain.equipment_moves import STATES_FR
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import HeldDocument, Outcome
from domain.said import Said
from domain.works_facts import After, EquipmentState, FieldFailure, Half, Milestone, Party, Test
from projections.telling import told_by
from projections.telling_works import MILESTONES_SAID, TESTS_SAID
from tests.accesses import SAID, fee
from tests.porting import ORDER_ID, paris
from tests.visits import BOOKED, SLOT, SOCKET

DAY = date(2027, 1, 20)
AT = paris("2027-01-21T00:30")
CLAUSE = Said(fr="la clause (002:2353-2355)", en="the clause (002:2353-2355)")
RESERVES = Personal(subject=order_subject(ORDER_ID), value="the box is dented")
SLIPPED = fields.MilestonePassed(
    milestone=Milestone.CIVIL_WORKS,
    passed_at=AT,
    expected=date(2027, 2, 18),
    code="FLOOD",
    until=AT,
)
BILLED = fields.BillingStarted(on=DAY, because=SAID, source="002:2741")


def _said(event: Event) -> Said:
    said = told_by(event)
    assert said is not None
    return said


def test_a_milestone_says_its_day_at_the_site_and_why_the_works_end_on_another() -> None:
    assert _said(SLIPPED) == Said(
        fr="génie civil, le jeudi 21 janvier 2027 ; fin des travaux attendue le jeudi 18 février "
        "2027 (FLOOD)",
        en="civil works, on Thursday 21 January 2027; the end of the works is expected on Thursday "
        "18 February 2027 (FLOOD)",
    )
    in_time = SLIPPED.model_copy(update={"code": None})
    assert _said(in_time).en.endswith("on Thursday 18 February 2027")
    assert _said(SLIPPED.model_copy(update={"expected": None})).en == (
        "civil works, on Thursday 21 January 2027"
    )


def test_a_booked_visit_says_when_and_until_when_it_is_moved_free_of_charge() -> None:
    assert _said(BOOKED) == Said(
        fr="jeudi 21 janvier 2027, le matin (OV-1) ; sans frais",
        en="Thursday 21 January 2027, in the morning (OV-1); free of charge",
    )


def test_a_visit_that_is_moved_says_by_whom_and_to_when() -> None:
    moved = fields.VisitMoved(
        reference="OV-0", by=Party.OPERATOR, code="STAFF", to=BOOKED, because=CLAUSE
    )

    assert _said(moved).en == (
        "the operator's doing; the clause (002:2353-2355); STAFF; Thursday 21 January 2027, in the "
        "morning (OV-1); free of charge"
    )
    assert "STAFF" not in _said(moved.model_copy(update={"code": None})).fr


def test_a_report_says_what_was_done_and_not_the_number_of_the_socket() -> None:
    report = fields.KeptReport(
        done_at=AT, socket=SOCKET, serials=("RTR-1",), photographs=("P-1", "P-2")
    )

    said = _said(fields.VisitKept(reference="OV-1", report=report))

    assert said == Said(
        fr="une prise est posée ; numéros de série : RTR-1 ; photographies : P-1, P-2",
        en="a socket was put there; serial numbers: RTR-1; photographs: P-1, P-2",
    )
    nothing = fields.VisitKept(reference="OV-1", report=fields.KeptReport(done_at=AT))
    assert told_by(nothing) is None


def test_tests_are_said_one_by_one_with_what_was_measured() -> None:
    results = (
        fields.TestResult(test=Test.SYNCHRONISATION, passed=True),
        fields.TestResult(test=Test.THROUGHPUT_DOWN, passed=False, measured=Decimal(94000)),
        fields.TestResult(test=Test.LOSS, passed=True, measured=Decimal("0.1")),
    )
    tested = fields.Commissioned(tested_at=AT, tests=results, passed=False, because=CLAUSE)

    assert _said(tested) == Said(
        fr="synchronisation : succès ; débit descendant : 94000 kbit/s échec ; perte : 0.1 % "
        "succès ; la clause (002:2353-2355)",
        en="synchronisation: good; rate down: 94000 kbit/s failed; loss: 0.1 % good; the clause "
        "(002:2353-2355)",
    )


def test_what_is_billed_before_service_names_its_clause() -> None:
    early = BILLED.model_copy(
        update={"before_service": True, "because": CLAUSE, "source": "002:2353-2355"}
    )

    assert _said(early) == Said(
        fr="facturé à partir du mercredi 20 janvier 2027 ; avant la mise en service ; la clause "
        "(002:2353-2355)",
        en="billed from Wednesday 20 January 2027; before service; the clause (002:2353-2355)",
    )
    assert _said(BILLED).en == "billed from Wednesday 20 January 2027; said; 002:2741"
    dated = Said(fr="le mercredi 20 janvier 2027", en="Wednesday 20 January 2027 (002:2741)")
    assert _said(BILLED.model_copy(update={"because": dated})) == dated


def test_a_commitment_that_the_order_form_sets_says_so_without_a_day() -> None:
    committed = fields.CommitmentStarted(on=DAY, until=date(2030, 1, 20), because=CLAUSE)

    assert _said(committed).en == (
        "committed from Wednesday 20 January 2027; until Sunday 20 January 2030; the clause "
        "(002:2353-2355)"
    )
    left_open = committed.model_copy(update={"on": None, "until": None})
    assert _said(left_open) == CLAUSE


def test_equipment_says_where_it_is_and_that_there_are_reserves_without_repeating_them() -> None:
    moved = fields.EquipmentMoved(
        name="router",
        to=EquipmentState.DELIVERED,
        on=DAY,
        serial="RTR-1",
        reserves=RESERVES,
        fees=(fee("equipment"),),
    )

    assert _said(moved) == Said(
        fr="router RTR-1 : livré le mercredi 20 janvier 2027 ; des réserves sur le bon de "
        "livraison ; dit (002:2274)",
        en="router RTR-1: delivered on Wednesday 20 January 2027; reserves on the delivery slip; "
        "said (002:2274)",
    )
    plain = moved.model_copy(update={"serial": None, "reserves": None, "fees": ()})
    assert _said(plain).en == "router: delivered on Wednesday 20 January 2027"


def test_a_piece_says_its_own_price_where_it_was_told_with_its_order() -> None:
    ordered = fields.EquipmentMoved(
        name="router", to=EquipmentState.ORDERED, on=DAY, monthly=Decimal("12.00")
    )
    once = ordered.model_copy(update={"monthly": None, "once": Decimal("89.00")})

    assert _said(ordered) == Said(
        fr="router : commandé le mercredi 20 janvier 2027 ; 12.00 € HT par mois",
        en="router: ordered on Wednesday 20 January 2027; 12.00 € HT a month",
    )
    assert _said(once).en.endswith("; 89.00 € HT once")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (fields.WorksFinished(done_at=AT, visit=True), "a technician has to come to the site"),
        (fields.WorksFinished(done_at=AT, visit=False), "nobody has to come to the site"),
        (
            fields.WorksStopped(
                failure=FieldFailure.BOX_FULL,
                code="PBO_FULL",
                stopped_at=AT,
                after=After.DESATURATION,
                by=Party.OPERATOR,
                because=CLAUSE,
            ),
            "the clause (002:2353-2355); PBO_FULL",
        ),
        (fields.LeadFollowed(after=After.STUDY, by="c"), "a study follows"),
        (fields.VisitsOffered(slots=(SLOT,)), "Thursday 21 January 2027, in the morning"),
        (fields.VisitsOffered(slots=()), "no slot"),
        (
            fields.VisitChosen(slot=SLOT.model_copy(update={"half": Half.AFTERNOON}), by="c"),
            "Thursday 21 January 2027, in the afternoon",
        ),
        (
            fields.VisitReminded(reference="OV-1", slot=SLOT),
            "Thursday 21 January 2027, in the morning",
        ),
        (fields.VisitsAskedAgain(not_before=None, by=Party.CUSTOMER, because=SAID), "said"),
        (
            fields.VisitsAskedAgain(not_before=DAY, by=Party.CUSTOMER, because=SAID),
            "not before Wednesday 20 January 2027; said",
        ),
        (
            fields.VisitLetGo(reference="OV-1", by=Party.PROVIDER, at=AT, because=SAID),
            "OV-1; our own doing; said",
        ),
        (
            fields.VisitFailed(
                reference="OV-1",
                failure=FieldFailure.CUSTOMER_ABSENT,
                code="ABSENT",
                failed_at=AT,
                after=After.VISIT,
                by=Party.CUSTOMER,
                because=CLAUSE,
            ),
            "the clause (002:2353-2355); ABSENT",
        ),
        (
            fields.VisitMissed(
                reference="OV-1", by=Party.OPERATOR, code="NO_SHOW", told_at=AT, because=CLAUSE
            ),
            "the clause (002:2353-2355); NO_SHOW",
        ),
        (
            fields.LatenessJudged(planned=DAY, started=DAY, days=0, owed=(), said=(SAID, CLAUSE)),
            "said; the clause (002:2353-2355)",
        ),
        (fields.AcceptanceAsked(because=CLAUSE), "the clause (002:2353-2355)"),
        (fields.ServiceAccepted(on=DAY, by="c"), "accepted on Wednesday 20 January 2027"),
        (
            fields.ServiceAccepted(on=DAY, by="c", with_reserves=True),
            "accepted with reserves on Wednesday 20 January 2027",
        ),
        (fields.ReservesLifted(on=DAY, by="c"), "reserves lifted on Wednesday 20 January 2027"),
        (fields.SiteReadinessAsked(needs=("power",), until=AT, said=(CLAUSE,)), CLAUSE.en),
        (
            fields.SiteDescribed(paper=HeldDocument(name="premises-description", on=DAY), by="c"),
            "premises-description Wednesday 20 January 2027",
        ),
        (
            links.LinesAwaited(lines=(1, 2), until=AT),
            "lines 1, 2, awaited until Thursday 21 January 2027",
        ),
        (links.LineBeforeServed(line=1, started_at=AT), "line 1, in service"),
        (
            links.LineBeforeEnded(line=1, outcome=Outcome.REFUSED),
            "line 1, ended without service (refused)",
        ),
        (links.LinesLeft(lines=(1,), by="c", reason="not needed"), "line 1, without: not needed"),
        (links.LinesTold(lines=(2,)), "line 2"),
        (fields.SiteReady(by="c", on=DAY), "ready on Wednesday 20 January 2027"),
        (
            fields.SiteNotReady(missing=("power",), billed_from=DAY, source="002", because=CLAUSE),
            CLAUSE.en,
        ),
    ],
)
def test_a_fact_of_works_says_what_its_name_does_not(event: Event, words: str) -> None:
    assert _said(event).en == words


def test_every_milestone_test_and_state_has_its_words() -> None:
    assert set(MILESTONES_SAID) == set(Milestone)
    assert set(TESTS_SAID) == set(Test)
    assert set(STATES_FR) == set(EquipmentState)


def test_equipment_says_from_when_it_is_billed_and_what_its_end_asks_back() -> None:
    billed = fields.EquipmentBilled(name="router", on=date(2027, 1, 20), because=SAID)
    asked = fields.EquipmentAskedBack(name="fibre-box", until=None, fee=None, said=(SAID, SAID))
    delivered = fields.EquipmentMoved(
        name="router", to=EquipmentState.DELIVERED, on=date(2027, 1, 20), said=(SAID,)
    )

    assert _said(billed).fr == "router : dit"
    assert _said(asked).en == "fibre-box: said; fibre-box: said"
    assert _said(delivered).en == "router: delivered on Wednesday 20 January 2027; said"
