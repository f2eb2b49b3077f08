"""Visits: offered, chosen, booked, moved, reminded, and what becomes of each of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_facts as fields
from domain.access import decide
from domain.access_awaited import awaited_by, wakes_by
from domain.access_facts import SaturationMode
from domain.access_stages import AccessStage, AccessState
from domain.attention import DecisionRefusedError
from domain.event import Event
from domain.port_in_facts import MessageSetAside, OperatorRefused, Step
from domain.works_facts import After, FieldFailure, Half, Party
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH
from tests.porting import STORY

NAMES = list[str]


def _names(found: tuple[Event, ...]) -> NAMES:
    return [type(event).__name__ for event in found]


# offered and chosen


def test_slots_that_are_offered_wait_for_the_customers_choice() -> None:
    state = at_site.offered()

    access = at_site.open_access(state)
    assert of.codes(state) == ["visit-slots"]
    assert (access.step, access.opening.slots) == (None, at_site.SLOTS)
    asked = at_site.question(state, "visit-slots").what
    assert "1: Wednesday 20 January 2027, in the morning" in asked.en


@pytest.mark.parametrize(
    ("named", "slot"),
    [
        ({"slot": 2}, at_site.SLOTS[1]),
        ({"day": at_site.DAY, "half": Half.AFTERNOON}, at_site.SLOTS[1]),
        ({"day": at_site.DAY + timedelta(days=1)}, at_site.SLOTS[2]),
    ],
)
def test_a_slot_is_chosen_by_its_number_or_its_day_and_half(
    named: dict[str, Any], slot: fields.Slot
) -> None:
    state = of.when(at_site.offered(), of.answer("provide", **named))

    access = at_site.open_access(state)
    assert access.opening.picked == slot
    assert access.step is Step.BOOK_VISIT
    assert of.codes(state) == []


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"slot": 4},
        {"slot": 4, "day": at_site.DAY + timedelta(days=1)},
        {"day": at_site.DAY},
        {"day": date(2027, 2, 1)},
    ],
)
def test_what_was_not_offered_is_not_chosen(named: dict[str, Any]) -> None:
    with pytest.raises(DecisionRefusedError, match="slot=1, or its day= and half="):
        decide(of.answer("provide", **named), at_site.offered())


def test_other_days_are_asked_for_where_none_suits() -> None:
    later = date(2027, 2, 1)
    again = of.answer("retry", day=later, today=STORY.date())

    state = of.when(at_site.offered(), again)

    access = at_site.open_access(state)
    assert (access.step, access.opening.not_before) == (Step.OFFER_VISITS, later)
    assert of.codes(state) == []
    with pytest.raises(DecisionRefusedError, match="passed already"):
        decide(of.answer("retry", day=date(2027, 1, 1), today=STORY.date()), at_site.offered())


def test_an_operator_without_slots_is_asked_again_or_left() -> None:
    state = at_site.built()
    state = of.when(state, at_site.slots_told(state))
    assert of.codes(state) == ["no-visit-slots"]

    again = of.when(state, of.answer("retry"))

    assert at_site.open_access(again).step is Step.OFFER_VISITS
    assert of.stage(of.when(state, of.answer("end"))) == AccessStage.GIVING_BACK


def test_a_slot_that_is_taken_meanwhile_is_chosen_from_others() -> None:
    state = at_site.chosen()
    taken = told.HearRefused(**BOTH, step=Step.BOOK_VISIT, code="SLOT-TAKEN")

    state = of.when(state, taken)

    access = at_site.open_access(state)
    assert access.opening.picked is None
    assert access.step is Step.OFFER_VISITS
    assert of.codes(of.when(state, of.answer("retry"))) == []


# booked


def test_a_booked_slot_is_awaited_on_its_day() -> None:
    state = at_site.booked()

    access = at_site.open_access(state)
    assert access.stage is AccessStage.AWAITING_VISIT
    assert at_site.visit(state).slot == at_site.SLOTS[0]
    assert access.plan is not None
    assert access.plan.on == at_site.DAY
    awaited = awaited_by(access)
    assert awaited is not None
    assert awaited.until == at_site.REMIND_AT
    assert "reminding of Wednesday 20 January 2027" in awaited.what.en


def test_a_slot_nobody_chose_is_not_booked_whatever_the_operator_says() -> None:
    state = at_site.chosen()
    elsewhere = at_site.slot(date(2027, 3, 1))

    (aside,) = decide(at_site.slot_booked(state, slot=elsewhere), state)

    assert isinstance(aside, MessageSetAside)
    by_another_name = at_site.SLOTS[0].model_copy(update={"reference": "RDV/1"})
    booked = of.when(state, at_site.slot_booked(state, slot=by_another_name))
    assert of.stage(booked) == AccessStage.AWAITING_VISIT


def test_a_booking_told_twice_is_set_aside() -> None:
    state = at_site.chosen()
    report = at_site.slot_booked(state)

    found = decide(report, of.when(state, report))

    assert _names(found) == ["MessageSetAside"]


def test_a_customer_is_reminded_once_and_silence_after_it_is_a_question() -> None:
    state = at_site.booked()
    assert decide(at_site.passed(at_site.REMIND_AT - timedelta(hours=1)), state) == ()

    state = of.when(state, at_site.passed(at_site.REMIND_AT))

    access = at_site.open_access(state)
    assert access.opening.reminded
    wakes = wakes_by(access)
    assert wakes is not None
    assert wakes.until == at_site.REPORT_BY
    assert decide(at_site.passed(at_site.REMIND_AT), state) == ()
    state = of.when(state, at_site.passed(at_site.AFTER_IT))
    assert of.codes(state) == ["visit-unreported"]
    assert "visit-unreported" not in _names(decide(at_site.passed(at_site.AFTER_IT), state))


def test_a_reminder_comes_although_the_order_is_suspended() -> None:
    hold = told.HoldAccess(
        **BOTH, by="x", reason="moving", until=at_site.AFTER_IT + timedelta(days=30)
    )
    state = of.when(at_site.booked(), hold)

    found = decide(at_site.passed(at_site.REMIND_AT), state)

    assert _names(found) == ["VisitReminded"]


# what becomes of it


def test_a_visit_that_is_kept_leads_to_the_opening() -> None:
    state = of.when(at_site.booked(), at_site.visit_kept())

    access = at_site.open_access(state)
    assert (access.stage, access.opening.visit) == (AccessStage.COMMISSIONING, None)


@pytest.mark.parametrize(
    ("after", "stage", "codes"),
    [
        (After.VISIT, AccessStage.BOOKING, []),
        (After.VISIT_ONCE_READY, AccessStage.BOOKING, ["site-not-ready"]),
        (After.STUDY, AccessStage.STUDYING, []),
        (After.NETWORK_CHECK, AccessStage.READY, []),
        (After.DESATURATION, AccessStage.READY, []),
        (After.PERSON, AccessStage.BOOKING, ["field-failure"]),
    ],
)
def test_a_visit_that_fails_goes_on_from_where_the_failure_leads(
    after: After, stage: AccessStage, codes: NAMES
) -> None:
    state = of.when(at_site.booked(), at_site.visit_failed(after))

    access = at_site.open_access(state)
    assert (access.stage, access.opening.visit) == (stage, None)
    assert of.codes(state) == codes
    assert access.reserved is not None


def test_a_box_found_full_at_the_visit_is_desaturated_and_never_reserved_twice() -> None:
    full = at_site.visit_failed(
        After.DESATURATION,
        FieldFailure.BOX_FULL,
        saturation=of.settled_saturation(SaturationMode.NOW, fees=(of.fee(),)),
    )
    state = of.asked(of.when(at_site.booked(), full), Step.DESATURATE)

    state = of.when(state, of.desaturated(state))

    access = at_site.open_access(state)
    assert (access.stage, access.step) == (AccessStage.READY, Step.BUILD_ACCESS)
    assert [one.fee for one in access.owed] == [of.fee()]


def test_a_site_that_is_said_to_be_ready_is_visited_again() -> None:
    state = of.when(at_site.booked(), at_site.visit_failed(After.VISIT_ONCE_READY))
    assert at_site.open_access(state).held

    found = decide(of.answer("agree", day=STORY.date(), today=STORY.date()), state)

    assert "SiteReady" in _names(found)
    ready = of.when(state, of.answer("agree", today=STORY.date()))
    assert at_site.open_access(ready).step is Step.OFFER_VISITS
    assert not at_site.open_access(ready).held


def test_whoever_was_absent_owes_what_the_contract_says_and_is_owed_what_it_says() -> None:
    absent = at_site.visit_failed(
        lost=at_site.lost(Party.CUSTOMER, fees=(at_site.visit_fee(),), owed=(of.fee("x"),))
    )

    failed, owed = decide(absent, at_site.booked())

    assert isinstance(failed, fields.VisitFailed)
    assert failed.owed == (of.fee("x"),)
    assert owed == facts.FeeOwed(fee=at_site.visit_fee(), consented=True)


def test_a_visit_nobody_came_for_is_missed_and_another_one_booked() -> None:
    state = of.when(at_site.booked(), at_site.visit_missed())

    access = at_site.open_access(state)
    assert (access.stage, access.step) == (AccessStage.BOOKING, Step.OFFER_VISITS)
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))
    again = at_site.booked(at_site.chosen(state), at_site.OTHER)
    assert at_site.visit(again).reference == at_site.OTHER


@pytest.mark.parametrize(
    "report",
    [
        at_site.visit_kept(at_site.OTHER),
        at_site.visit_failed(reference=at_site.OTHER),
        at_site.visit_missed(at_site.OTHER),
        at_site.visit_moved(at_site.OTHER),
    ],
)
def test_what_is_said_of_another_visit_is_set_aside(report: object) -> None:
    (aside,) = decide(report, at_site.booked())  # type: ignore[arg-type]  # each is a command

    assert isinstance(aside, MessageSetAside)


def test_what_is_said_of_a_visit_that_is_over_is_set_aside() -> None:
    state = of.when(at_site.booked(), at_site.visit_missed())

    assert _names(decide(at_site.visit_kept(), state)) == ["MessageSetAside"]


def test_a_person_says_that_an_unreported_visit_took_place() -> None:
    state = of.when(at_site.unreported(), of.answer("agree"))

    assert of.stage(state) == AccessStage.COMMISSIONING
    assert of.codes(state) == []


def test_a_visit_that_took_place_leaves_nothing_to_have_ready_at_the_site() -> None:
    for came in (of.answer("agree", "visit-unreported"), at_site.visit_kept()):
        state = of.when(at_site.unreported(readiness=True), came)

        assert of.codes(state) == []


def test_a_person_says_that_nobody_came() -> None:
    nobody = of.answer("refuse", lost=at_site.lost(owed=(of.fee("missed-visit", None),)))

    found = decide(nobody, at_site.unreported())

    missed = next(event for event in found if isinstance(event, fields.VisitMissed))
    assert (missed.by, missed.code) == (Party.OPERATOR, "by-hand")
    assert missed.owed == (of.fee("missed-visit", None),)
    state = of.when(at_site.unreported(), nobody)
    assert of.stage(state) == AccessStage.BOOKING


def test_a_report_that_comes_late_answers_the_question_about_it() -> None:
    for report in (at_site.visit_kept(), at_site.visit_moved()):
        state = of.when(at_site.unreported(), report)

        assert of.codes(state) == []


# moved


def test_an_operator_moves_a_visit_under_its_own_name() -> None:
    state = of.when(at_site.booked(), at_site.passed(at_site.REMIND_AT), at_site.visit_moved())

    access = at_site.open_access(state)
    assert access.stage is AccessStage.AWAITING_VISIT
    assert at_site.visit(state).slot.day == at_site.DAY + timedelta(days=7)
    assert not access.opening.reminded
    assert access.plan is not None
    assert access.plan.on == at_site.DAY + timedelta(days=7)


def test_a_customer_moves_a_visit_and_it_stays_until_another_takes_its_place() -> None:
    state = at_site.other_days()
    assert at_site.visit(state).reference == at_site.VISIT

    state = at_site.chosen(at_site.offered(state), number=3)
    found = decide(at_site.slot_booked(state, at_site.OTHER), state)

    moved = found[0]
    assert isinstance(moved, fields.VisitMoved)
    assert (moved.reference, moved.to.reference) == (at_site.VISIT, at_site.OTHER)
    assert moved.by is Party.CUSTOMER
    state = at_site.booked(state, at_site.OTHER)
    assert of.stage(state) == AccessStage.AWAITING_VISIT
    assert at_site.open_access(state).opening.other_days is None


def test_moving_it_too_late_costs_what_was_settled_even_if_other_days_are_asked_for_twice() -> None:
    state = at_site.offered(at_site.other_days(late=True))
    state = of.asked(of.when(state, of.answer("retry")), Step.OFFER_VISITS)
    state = at_site.booked(at_site.chosen(at_site.offered(state)), at_site.OTHER)

    owed = at_site.open_access(state).owed

    assert [(one.fee, one.consented) for one in owed] == [(at_site.visit_fee(), True)]


def test_moving_a_visit_needs_a_day_that_is_still_to_come() -> None:
    past = of.answer("postpone", day=date(2027, 1, 1), today=STORY.date(), gone=at_site.gone())

    with pytest.raises(DecisionRefusedError, match="passed already"):
        decide(past, at_site.booked())


def test_a_visit_whose_day_has_passed_is_not_moved_before_it_is_known_what_became_of_it() -> None:
    with pytest.raises(DecisionRefusedError, match="visit-unreported: agree, refuse"):
        decide(of.answer("postpone", gone=at_site.gone()), at_site.unreported())


def test_an_operator_that_moves_the_visit_meanwhile_leaves_the_search_for_other_days() -> None:
    state = of.when(at_site.offered(at_site.other_days()), at_site.visit_moved())

    assert of.stage(state) == AccessStage.BOOKING
    assert of.codes(state) == ["visit-slots"]
    assert at_site.visit(state).slot.day == at_site.DAY + timedelta(days=7)


def test_other_days_asked_for_again_are_asked_for_under_another_key() -> None:
    """Nobody came, before the operator said which slots it had."""
    state = at_site.other_days()
    first = of.key_asked(state, Step.OFFER_VISITS)

    state = of.asked(of.when(state, at_site.visit_missed()), Step.OFFER_VISITS)

    assert of.key_asked(state, Step.OFFER_VISITS) != first


def test_a_slot_being_booked_takes_the_place_of_the_visit_wherever_the_operator_moved_it() -> None:
    state = at_site.chosen(at_site.offered(at_site.other_days(late=True)))

    state = of.when(state, at_site.visit_moved())

    assert of.stage(state) == AccessStage.BOOKING
    assert at_site.visit(state).slot.day == at_site.DAY + timedelta(days=7)
    state = at_site.booked(state, at_site.OTHER)
    assert at_site.visit(state).reference == at_site.OTHER
    assert len(at_site.open_access(state).owed) == 1


# what becomes of it while other days are asked for


def test_a_technician_who_comes_all_the_same_ends_the_search_for_other_days() -> None:
    for state in (
        at_site.other_days(),
        at_site.offered(at_site.other_days()),
        at_site.chosen(at_site.offered(at_site.other_days())),
    ):
        kept = of.when(state, at_site.visit_kept())

        access = at_site.open_access(kept)
        assert (access.stage, access.step) == (AccessStage.COMMISSIONING, Step.COMMISSION_ACCESS)
        assert of.codes(kept) == []
        assert not {Step.OFFER_VISITS, Step.BOOK_VISIT} & set(access.asks)


def test_a_question_about_slots_is_not_left_to_be_answered_for_the_opening() -> None:
    """A person was asked in the operator's place, or about its silence."""
    nobody = told.HearNobody(**BOTH, step=Step.OFFER_VISITS)
    silent = told.HearNothing(**BOTH, step=Step.OFFER_VISITS)
    for asked in (nobody, silent):
        state = of.when(at_site.other_days(), asked)
        assert len(of.codes(state)) == 1

        assert of.codes(of.when(state, at_site.visit_kept())) == []


def test_silence_about_a_visit_is_asked_about_although_other_days_are_searched() -> None:
    state = of.when(at_site.other_days(), at_site.passed(at_site.REMIND_AT))
    state = of.when(at_site.offered(state), *(at_site.passed(at_site.AFTER_IT) for _ in range(2)))
    assert of.codes(state) == ["visit-slots", "visit-unreported"]

    kept = of.when(state, of.answer("agree"))
    missed = of.when(state, of.answer("refuse", lost=at_site.lost()))

    assert (of.stage(kept), of.codes(kept)) == (AccessStage.COMMISSIONING, [])
    assert (of.stage(missed), of.codes(missed)) == (AccessStage.BOOKING, [])
    assert at_site.open_access(missed).step is Step.OFFER_VISITS


# no more needed


@pytest.mark.parametrize("state", [at_site.booked(), at_site.other_days()])
def test_an_end_cancels_the_visit_before_what_it_was_for_is_given_back(
    state: AccessState,
) -> None:
    state = of.when(state, of.cancellation())
    assert at_site.open_access(state).step is Step.CANCEL_VISIT

    state = of.asked(state, Step.CANCEL_VISIT)
    found = decide(at_site.visit_cancelled(state), state)

    (gone,) = found
    assert isinstance(gone, fields.VisitLetGo)
    assert gone.by is Party.CUSTOMER
    state = of.when(state, at_site.visit_cancelled(state))
    assert at_site.open_access(state).step is Step.RELEASE_ACCESS


def test_a_cancellation_told_twice_is_set_aside() -> None:
    state = of.asked(of.when(at_site.booked(), of.cancellation()), Step.CANCEL_VISIT)
    cancelled = at_site.visit_cancelled(state)

    assert _names(decide(cancelled, of.when(state, cancelled))) == ["MessageSetAside"]


@pytest.mark.parametrize(
    "report",
    [at_site.visit_kept(), at_site.visit_missed(), at_site.visit_failed()],
)
def test_what_becomes_of_a_visit_at_an_end_leaves_nothing_of_it_to_cancel(report: object) -> None:
    state = of.asked(of.when(at_site.booked(), of.cancellation()), Step.CANCEL_VISIT)
    refused = told.ReportStepRefused(
        **at_site.told_of(state, Step.CANCEL_VISIT), step=Step.CANCEL_VISIT, code="visit-over"
    )
    state = of.when(state, refused)
    assert of.codes(state) == ["operator-refused"]

    state = of.when(state, report)  # type: ignore[arg-type]  # each is a command

    assert of.codes(state) == []
    assert at_site.open_access(state).step is Step.RELEASE_ACCESS


def test_a_visit_the_operator_moves_at_an_end_is_cancelled_all_the_same() -> None:
    state = of.asked(of.when(at_site.booked(), of.cancellation()), Step.CANCEL_VISIT)

    found = decide(at_site.visit_moved(), state)

    assert _names(found) == ["VisitMoved"]
    state = of.when(state, at_site.visit_moved())
    assert at_site.open_access(state).step is Step.CANCEL_VISIT
    state = of.when(state, at_site.visit_cancelled(state))
    assert at_site.open_access(state).opening.visit is None


def test_a_visit_an_operator_will_not_cancel_is_over_once_a_person_goes_on_without() -> None:
    state = of.asked(of.when(at_site.booked(), of.cancellation()), Step.CANCEL_VISIT)
    refused = told.HearRefused(**BOTH, step=Step.CANCEL_VISIT, code="visit-over")
    assert OperatorRefused(step=Step.CANCEL_VISIT, code="visit-over") in decide(refused, state)

    found = decide(of.answer("skip"), of.when(state, refused))

    assert _names(found) == ["DecisionTaken", "AttentionCleared", "VisitLetGo", "StepGivenUp"]
    left = of.when(of.when(state, refused), of.answer("skip"))
    assert at_site.open_access(left).step is Step.RELEASE_ACCESS
