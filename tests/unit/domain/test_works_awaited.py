"""What a booked visit awaits: a word to the customer before it, and what became of it after."""

from datetime import timedelta

from domain import access_commands as told
from domain.access import decide
from domain.access_awaited import awaited_by, due_of, wakes_by
from domain.access_stages import AccessState
from domain.attention import Turn
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH
from tests.porting import STORY

MONTHS_ON = STORY + timedelta(days=90)


def _wakes(state: AccessState) -> object:
    awaited = wakes_by(at_site.open_access(state))
    return None if awaited is None else awaited.until


def test_a_booked_visit_wakes_for_its_reminder_and_then_for_its_report() -> None:
    state = at_site.booked()
    assert _wakes(state) == at_site.REMIND_AT

    state = of.when(state, at_site.passed(at_site.REMIND_AT))

    assert _wakes(state) == at_site.REPORT_BY
    awaited = awaited_by(at_site.open_access(state))
    assert awaited is not None
    assert "what became of Wednesday 20 January 2027" in awaited.what.en


def test_an_unreported_visit_is_asked_about_once_and_goes_up_like_any_question() -> None:
    state = at_site.unreported()
    until = at_site.question(state, "visit-unreported").until
    assert _wakes(state) == until

    state = of.when(state, at_site.passed(until))

    asked = at_site.question(state, "visit-unreported")
    assert asked.turn is Turn.SUPERVISOR
    assert asked.detail == at_site.VISIT
    assert _wakes(state) is None


def test_the_visit_that_is_booked_is_awaited_while_another_is_searched() -> None:
    state = at_site.other_days()

    found = decide(at_site.passed(at_site.REMIND_AT), state)

    assert [type(event).__name__ for event in found] == ["VisitReminded"]


def test_a_visit_that_is_to_be_cancelled_awaits_nothing_of_its_own() -> None:
    state = of.when(at_site.booked(), of.cancellation())

    assert _wakes(state) is None
    assert decide(at_site.passed(at_site.AFTER_IT), state) == ()


def test_a_visit_that_went_with_its_supply_is_not_reminded_of() -> None:
    state = of.when(at_site.booked(), at_site.withdrawn())

    later = decide(at_site.passed(at_site.REMIND_AT), state)

    assert [type(event).__name__ for event in later] == ["AttentionMoved"]


def test_a_suspended_order_awaits_the_end_of_its_pause_and_its_visit() -> None:
    hold = told.HoldAccess(**BOTH, by="x", reason="moving", until=MONTHS_ON)
    state = of.when(at_site.booked(), hold)

    due = due_of(at_site.open_access(state))

    assert due is not None
    assert due.until == MONTHS_ON
    assert _wakes(state) == at_site.REMIND_AT
    state = of.when(state, at_site.passed(at_site.REMIND_AT), at_site.passed(at_site.AFTER_IT))
    assert of.codes(state) == ["visit-unreported"]


def test_slots_that_are_offered_are_chosen_from_although_the_order_was_suspended() -> None:
    hold = told.HoldAccess(**BOTH, by="x", reason="moving", until=MONTHS_ON)

    state = of.when(at_site.offered(), hold, at_site.choice(1))

    access = at_site.open_access(state)
    assert access.opening.picked == at_site.SLOTS[0]
    assert access.held
