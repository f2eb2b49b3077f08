"""Whose days an access is late by, where a visit ended in another way than a person had said, and
where a day was promised for later than it is planned."""

from datetime import date

import pytest

from domain import visit_facts as ends
from domain import works_facts as fields
from domain.event import Event
from domain.works_facts import Party
from tests.accesses import SAID
from tests.porting import STORY
from tests.unit.domain.test_lateness_shares import (
    CUSTOMER,
    FROM_THE_OFFER,
    OPERATOR,
    _amended,
    _failed,
    _missed,
    _moved,
    _offered,
    _planned,
    _shares,
    _visit_on,
)
from tests.visits import BOOKED

KEPT = fields.VisitKept(reference="V-1", report=fields.KeptReport(done_at=STORY))
SAID_SO = ends.VisitEndSaid(visit=BOOKED, end=ends.CameOf.MISSED, by="Camille")


def _right(to: ends.Ending) -> ends.VisitEndCorrected:
    return ends.VisitEndCorrected(was=ends.CameOf.MISSED, to=to, by="Camille", because=SAID)


@pytest.mark.parametrize(
    ("said", "told", "whose"),
    [
        (_failed(CUSTOMER), _missed(OPERATOR), {OPERATOR: 14}),
        (_missed(OPERATOR), _failed(CUSTOMER), {CUSTOMER: 14}),
        (_failed(CUSTOMER), _failed(None), {None: 14}),
        (_failed(CUSTOMER), KEPT, {None: 14}),
    ],
)
def test_days_after_a_visit_are_put_down_as_it_ended_and_not_as_a_person_had_said(
    said: Event, told: ends.Ending, whose: dict[Party | None, int]
) -> None:
    """Given a person's word, when its operator's is agreed to, then whose days they are is its."""
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-29", said),
        ("2027-01-29", SAID_SO),
        ("2027-02-01", _right(told)),
        started="2027-02-12",
    )

    assert found == whose


def test_slots_offered_in_between_are_chosen_from_all_the_same() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-29", _failed(CUSTOMER)),
        ("2027-01-29", SAID_SO),
        ("2027-01-30", _offered("2027-02-05", "2027-02-12")),
        ("2027-02-01", _right(_missed(OPERATOR))),
        ("2027-02-02", _visit_on("2027-02-12")),
        started="2027-02-12",
    )

    assert found == {OPERATOR: 7, CUSTOMER: 7}


def test_a_day_that_was_planned_in_between_stays_with_whom_it_was_put_down_to() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-29", _failed(CUSTOMER)),
        ("2027-01-29", SAID_SO),
        ("2027-01-30", _visit_on("2027-02-12")),
        ("2027-02-01", _right(_missed(OPERATOR))),
        started="2027-02-13",
    )

    assert found == {CUSTOMER: 14, None: 1}


def test_a_visit_nobody_waits_for_puts_nothing_off_whoever_moves_it() -> None:
    unwanted = BOOKED.model_copy(update={"unwanted": True})
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-29", _failed(CUSTOMER)),
        ("2027-01-30", _moved(OPERATOR).model_copy(update={"to": unwanted})),
        ("2027-01-31", _visit_on("2027-02-12")),
        started="2027-02-12",
    )

    assert found == {CUSTOMER: 14}


# a day that was promised for later than it is planned


def test_another_wish_is_counted_from_the_day_promised_where_that_is_later_than_planned() -> None:
    """Told for 29 January, promised for 20 February, planned for the 10th, wished for 1 March: nine
    days are asked for, and it counts from 7 February."""
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-11", _planned("2027-02-20", "ChangesBinding", binds=True)),
        ("2027-01-12", _planned("2027-02-10", "MilestonePassed")),
        ("2027-01-22", _amended(wished=date(2027, 3, 1))),
        started="2027-02-19",
        first=date(2027, 2, 7),
    )

    assert found == {OPERATOR: 12}
