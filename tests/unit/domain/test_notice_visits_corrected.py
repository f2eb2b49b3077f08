"""What a customer is told where a visit ended in another way than was told; and of a visit that
nobody waits for any more."""

import pytest

from domain import access_facts as facts
from domain import visit_facts as ends
from domain import works_facts as fields
from domain.event import Event
from domain.port_in_facts import OperatorAsked, Step
from domain.said import Said
from domain.visit_facts import CameOf
from domain.works_facts import After, FieldFailure, Party
from tests.accesses import SAID, SOON, fee
from tests.noticed_visits import (
    AT,
    AWAITED,
    ENDS,
    english,
    failed,
    maybe,
    missed,
    slot,
    told,
    visit,
)
from tests.porting import STORY

SAID_MISSED = (missed(), ends.VisitEndSaid(visit=visit(), end=CameOf.MISSED, by="Camille"))
SAID_KEPT = (
    fields.VisitKept(reference="RDV-7", report=fields.KeptReport(done_at=AT)),
    ends.VisitEndSaid(visit=visit(), end=CameOf.KEPT, by="Camille"),
)
KEPT = fields.VisitKept(reference="RDV-7", report=fields.KeptReport(done_at=AT, serials=("S",)))
WHEN = "Wednesday 20 January 2027, in the morning (between 08:00 and 13:00)"
LATER = slot("2027-01-25")
CHOSEN = (
    fields.VisitsOffered(slots=(LATER,)),
    fields.VisitChosen(slot=LATER, by="Camille"),
    OperatorAsked(step=Step.BOOK_VISIT, key="k", epoch=0, asked_at=STORY, until=SOON),
)
AGAIN = visit(LATER).model_copy(update={"reference": "RDV-8"})


def right(to: ends.Ending, was: CameOf = CameOf.MISSED) -> ends.VisitEndCorrected:
    return ends.VisitEndCorrected(was=was, to=to, by="Camille", because=SAID)


def test_a_visit_that_took_place_after_all_takes_the_place_of_what_was_told() -> None:
    found = told(right(KEPT), *AWAITED, *SAID_MISSED)

    assert found.purpose == "site-visit-corrected"
    assert english(found) == {
        "when": WHEN,
        "why": "it did take place: the operator gives us its report",
        "cost": "no fee for you",
        "owed": "nothing",
        "next": "you have no slot to choose any more: the operator puts the access into service",
    }


def test_a_visit_in_vain_after_all_says_what_it_costs_and_by_which_clause() -> None:
    clause = Said(fr="dû par le client (002:2540-2541)", en="owed by the customer (002:2540-2541)")
    absent = failed(FieldFailure.CUSTOMER_ABSENT, After.VISIT, Party.CUSTOMER).model_copy(
        update={"because": clause}
    )
    owed = facts.FeeOwed(fee=fee("missed-visit", "30.00"), consented=True)

    found = told(right(absent), *AWAITED, *SAID_MISSED, after=(owed,))

    assert english(found)["why"] == "nobody was there to let the technician in"
    assert english(found)["cost"] == "said"
    assert english(found)["next"] == "we offer you other slots"
    assert "002:2540-2541" in found.sources


@pytest.mark.parametrize(
    ("before", "to", "follows"),
    [
        ((*SAID_MISSED, *CHOSEN), After.VISIT, "the slot you chose is being booked"),
        ((*SAID_MISSED, *CHOSEN, AGAIN), After.VISIT, "the visit booked since then stands"),
        (
            (*SAID_MISSED, *CHOSEN, AGAIN),
            After.STUDY,
            "the operator studies the site again",
        ),
        (SAID_KEPT, After.NETWORK_CHECK, "the operator checks its network first"),
        ((*SAID_MISSED, ENDS), After.VISIT, "nothing else changes"),
    ],
)
def test_what_follows_is_said_as_it_stands_now(
    before: tuple[Event, ...], to: After, follows: str
) -> None:
    found = told(right(failed(FieldFailure.OTHER, to, Party.OPERATOR)), *AWAITED, *before)

    assert english(found)["next"] == follows


def test_a_visit_nobody_came_for_after_all_says_whose_doing_it_was() -> None:
    found = told(right(missed(), CameOf.KEPT), *AWAITED, *SAID_KEPT)

    assert english(found)["why"] == "nobody came, which is the operator's doing"
    assert english(found)["owed"] == "nothing, your contract has no indemnity"


def test_a_correction_of_a_visit_nobody_knows_the_day_of_still_tells_what_became_of_it() -> None:
    found = told(right(KEPT), *AWAITED)

    assert english(found)["when"] == "the day it was planned for"


def test_whoever_has_chosen_another_day_is_not_told_to_choose_again() -> None:
    moving = (
        fields.VisitsAskedAgain(not_before=None, by=Party.CUSTOMER, because=SAID),
        *CHOSEN,
    )

    found = told(missed(), *AWAITED, *moving)

    assert english(found)["next"] == "the slot you chose is being booked"
    study = told(failed(FieldFailure.TOO_LONG, After.STUDY, None), *AWAITED, *moving)
    assert english(study)["next"] == "the operator studies the site again"


def test_a_visit_that_is_to_be_called_off_is_not_told_to_be_booked() -> None:
    unwanted = AGAIN.model_copy(update={"unwanted": True})
    gone = fields.VisitLetGo(reference="RDV-8", by=Party.PROVIDER, at=AT, because=SAID)
    study = failed(FieldFailure.TOO_LONG, After.STUDY, None)

    assert maybe(unwanted, *AWAITED, study) is None
    found = told(gone, *AWAITED, study, unwanted)
    assert found.purpose == "site-visit-cancelled"
    assert isinstance(found.facts["when"], Said)


def test_the_next_visit_is_told_as_booked_to_whoever_was_never_told_of_the_one_before() -> None:
    """Given a visit the customer never heard of, when another takes its place, then only that one
    is news; one that had been told of is told to be cancelled first."""
    study = failed(FieldFailure.TOO_LONG, After.STUDY, None)
    unwanted = AGAIN.model_copy(update={"unwanted": True})
    gone = fields.VisitLetGo(reference="RDV-8", by=Party.PROVIDER, at=AT, because=SAID)
    third = visit(LATER).model_copy(update={"reference": "RDV-9"})

    never = (*AWAITED, study, unwanted)
    assert maybe(gone, *never, after=(third,)) is None
    assert told(third, *never, gone).purpose == "site-visit-booked"
    moved = fields.VisitMoved(reference="RDV-7", by=Party.CUSTOMER, to=AGAIN, because=SAID)
    heard = (*AWAITED, moved)
    assert told(gone, *heard, after=(third,)).purpose == "site-visit-cancelled"
