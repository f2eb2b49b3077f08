"""An end of a visit that is corrected once the access has gone on: after another visit, at another
place, before the day the customer wants, and where something had happened too often."""

from datetime import date
from typing import Any

import pytest

from domain import access_commands as told
from domain import visit_facts as ends
from domain.access import decide
from domain.access_stages import AccessStage, AccessState
from domain.port_in_facts import Step
from domain.works_facts import After, EquipmentMoved, EquipmentState, FieldFailure, Party
from domain.works_settled import Lead
from tests import accesses as of
from tests import equipment as eq
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.unit.domain.test_bookings_overtaken import moving
from tests.unit.domain.test_visits_by_hand import NOT_READY, in_vain, settled

LATE, FIELD = "visit-told-late", "field-failure"
BOX = EquipmentMoved(
    name="fibre-box", to=EquipmentState.INSTALLED, on=date(2027, 1, 20), serial="SN-1"
)
TOO_OFTEN = Lead(after=After.PERSON, by=Party.OPERATOR, usual=After.NETWORK_CHECK, because=SAID)


def _missed() -> AccessState:
    """By a person's word."""
    return of.when(
        at_site.unreported(), of.answer("refuse", "visit-unreported", lost=at_site.lost())
    )


def _kept() -> AccessState:
    return of.when(at_site.unreported(), of.answer("agree", "visit-unreported"))


def _failed(found: told.FailureSettled, failure: FieldFailure) -> AccessState:
    return of.when(at_site.unreported(), in_vain(failure, found))


def _right(**more: Any) -> told.TakeDecision:  # noqa: ANN401
    return of.answer("agree", LATE, **{"failed_late": settled(), **more})


def _searching(state: AccessState) -> AccessState:
    """For the visit after it: a slot is being booked."""
    return at_site.chosen(at_site.offered(of.asked(state, Step.OFFER_VISITS)))


def _at_another_place(state: AccessState) -> AccessState:
    """Given back, then claimed, found and kept there."""
    state = of.asked(eq.amended(state), Step.RELEASE_ACCESS)
    state = of.when(state, of.released(state))
    state = of.when(state, told.NoteSiteClaimed(**BOTH), told.LookAtGates(**BOTH))
    state = of.when(of.heard(state, of.offer()), of.chosen(of.offer()), of.cuts())
    state = of.asked(state, Step.RESERVE_ACCESS)
    return of.when(state, of.reserved(state))


# another round


def test_a_visit_kept_at_the_place_before_opens_nothing_at_the_other_one() -> None:
    asked = of.when(_missed(), at_site.visit_kept())
    there = at_site.built(_at_another_place(asked))
    assert (of.stage(there), of.codes(there)) == (AccessStage.BOOKING, [LATE])

    state = at_site.open_access(of.when(there, _right(installed=(BOX,))))

    assert (state.stage, state.step) == (AccessStage.BOOKING, Step.OFFER_VISITS)
    assert state.opening.opened_by is None
    box = state.pieces["fibre-box"]
    assert (box.serial, box.elsewhere) == ("SN-1", True)
    assert state.opening.said_elsewhere is False


def test_equipment_of_a_report_that_comes_after_the_move_is_at_the_place_before() -> None:
    there = _at_another_place(_kept())
    report = at_site.visit_kept().model_copy(update={"installed": (BOX,)})

    state = at_site.open_access(of.when(there, report))

    assert state.pieces["fibre-box"].elsewhere
    assert (state.opening.said, state.stage) == (None, AccessStage.READY)


def test_an_end_said_while_the_place_before_is_given_back_is_of_that_place() -> None:
    state = eq.amended(at_site.booked())
    said = ends.VisitEndSaid(visit=at_site.visit(state), end=ends.CameOf.KEPT, by="a colleague")

    assert at_site.open_access(eq.evolved(state, said)).opening.said_elsewhere


def test_a_search_begun_after_another_visit_goes_on_whatever_is_told_of_the_first() -> None:
    state = at_site.booked(_searching(_missed()), at_site.OTHER)
    state = of.when(state, at_site.visit_kept(), at_site.visit_kept(at_site.OTHER))
    opening = of.asked(state, Step.COMMISSION_ACCESS)
    again = of.when(opening, of.commissioned(opening, None), of.answer("postpone", "tests-failed"))
    assert (of.stage(again), of.codes(again)) == (AccessStage.BOOKING, [LATE])

    state = at_site.open_access(of.when(again, _right()))

    assert (state.stage, state.step) == (AccessStage.BOOKING, Step.OFFER_VISITS)
    assert state.opening.opened_by == at_site.OTHER


@pytest.mark.parametrize(
    "second",
    [
        at_site.visit_missed(at_site.OTHER),
        at_site.visit_failed(reference=at_site.OTHER),
    ],
)
def test_what_is_told_of_the_first_moves_nothing_once_the_second_came_to_nothing(
    second: Any,  # noqa: ANN401
) -> None:
    state = of.when(at_site.booked(_searching(_missed()), at_site.OTHER), second)

    state = of.when(state, at_site.visit_kept())

    assert "the order goes on as it does" in at_site.question(state, LATE).what.en
    assert of.stage(of.when(state, _right())) is AccessStage.BOOKING


def test_what_a_person_says_next_may_be_corrected_in_its_turn() -> None:
    state = at_site.booked(_searching(_missed()), at_site.OTHER)
    passed = (at_site.passed(at) for at in (*[at_site.REMIND_AT] * 2, *[at_site.AFTER_IT] * 2))
    state = of.when(state, *passed)
    state = of.when(state, of.answer("refuse", "visit-unreported", lost=at_site.lost()))

    state = of.when(state, at_site.visit_kept(at_site.OTHER), _right())

    assert of.stage(state) is AccessStage.COMMISSIONING


# waiting for a day


def test_an_access_that_waits_for_its_day_goes_back_where_nobody_had_done_it() -> None:
    wait = told.AwaitDay(**BOTH, day=date(2027, 2, 1), until=of.SOON)
    state = of.when(_kept(), wait, at_site.visit_failed())
    assert of.stage(state) is AccessStage.AWAITING_DAY
    assert "the access goes on from what it says" in at_site.question(state, LATE).what.en

    state = of.when(state, _right())

    assert (of.stage(state), of.codes(state)) == (AccessStage.BOOKING, [])


# what happens too often


def _once_more(state: AccessState) -> AccessState:
    """A third time, while another day is being booked."""
    return of.when(state, at_site.visit_failed(failure=FieldFailure.OTHER, lead=TOO_OFTEN))


def test_a_booking_on_its_way_is_called_off_where_a_person_has_the_rule_followed() -> None:
    asked = _once_more(moving())
    answer = at_site.slot_booked(asked, at_site.OTHER)

    state = of.when(asked, of.answer("retry", FIELD))
    assert (of.stage(state), of.codes(state)) == (AccessStage.READY, [])
    assert Step.BOOK_VISIT not in at_site.open_access(state).asks

    assert of.codes(of.when(state, answer)) == [ends.UNWANTED]


def test_a_visit_booked_meanwhile_is_called_off_where_a_person_has_the_rule_followed() -> None:
    state = at_site.booked(_once_more(moving()), at_site.OTHER)

    state = of.when(state, of.answer("retry", FIELD))

    assert (of.stage(state), of.codes(state)) == (AccessStage.READY, [ends.UNWANTED])
    assert at_site.visit(state).unwanted
    assert at_site.question(state, ends.UNWANTED).detail == at_site.OTHER


def test_a_corrected_end_that_happens_too_often_has_its_rule_followed() -> None:
    report = at_site.visit_failed(After.PERSON, FieldFailure.OTHER)
    state = of.when(_missed(), report, _right(failed_late=settled(lead=TOO_OFTEN)))
    usual = at_site.open_access(state).opening.usual
    assert (of.codes(state), usual is not None) == ([FIELD], True)

    state = of.when(state, of.answer("retry", FIELD))

    assert (of.stage(state), of.codes(state)) == (AccessStage.READY, [])


def test_what_would_have_followed_a_wrong_end_by_rule_does_not() -> None:
    state = _failed(settled(lead=TOO_OFTEN), FieldFailure.OTHER)
    assert at_site.open_access(state).opening.usual is not None

    state = of.when(state, at_site.visit_missed(), _right())

    assert (at_site.open_access(state).opening.usual, of.codes(state)) == (None, [])


def _setbacks(state: AccessState) -> int:
    return at_site.open_access(state).opening.setbacks


def test_a_wrong_end_is_no_setback() -> None:
    counted = _failed(settled(After.NETWORK_CHECK), FieldFailure.OTHER)
    followed = _failed(settled(lead=TOO_OFTEN), FieldFailure.OTHER)
    followed = of.when(followed, of.answer("retry", FIELD))
    absent = _failed(settled(), FieldFailure.CUSTOMER_ABSENT)

    for state, before in ((counted, 1), (followed, 1), (absent, 0)):
        asked = of.when(state, at_site.visit_kept())
        found = decide(_right(), asked)
        assert _setbacks(asked) == before
        (correction,) = (one for one in found if isinstance(one, ends.VisitEndCorrected))
        assert correction.counted is (before == 1)
        assert _setbacks(of.when(asked, _right())) == 0


def test_a_setback_of_before_is_none_of_what_begins_anew() -> None:
    there = _at_another_place(_failed(settled(After.NETWORK_CHECK), FieldFailure.OTHER))
    there = of.asked(there, Step.BUILD_ACCESS)
    lead = at_site.lead(After.NETWORK_CHECK)
    there = of.when(there, at_site.works_failed(there, FieldFailure.OTHER, lead))
    assert _setbacks(there) == 1

    state = of.when(there, at_site.visit_kept(), _right())

    assert _setbacks(state) == 1


# once in service


def test_a_correction_in_service_says_that_billing_was_told_already() -> None:
    found = settled(After.VISIT_ONCE_READY, not_ready=NOT_READY)
    state = of.when(_failed(found, FieldFailure.SITE_NOT_READY), at_site.visit_kept())
    before = decide(_right(), state)
    served = at_site.open_access(of.in_service()).model_copy(
        update={
            "opening": at_site.open_access(state).opening,
            "attentions": at_site.open_access(state).attentions,
        }
    )

    after = decide(_right(), served)

    for facts, in_service in ((before, False), (after, True)):
        (correction,) = (one for one in facts if isinstance(one, ends.VisitEndCorrected))
        assert (correction.had_it_billed, correction.in_service) == (True, in_service)
