"""Works, visits and openings of an operator without an interface: a person answers in its place."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import works_facts as fields
from domain.access import decide
from domain.access_stages import AccessStage, AccessState
from domain.attention import DecisionRefusedError
from domain.event import Event
from domain.port_in_facts import OperatorRefused, Step
from domain.works_facts import After, FieldFailure, Party
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import STORY

BY_HAND = "by-hand"


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


def _asked_of_a_person(state: AccessState, step: Step) -> AccessState:
    return of.when(of.asked(state, step), told.HearNobody(**BOTH, step=step))


def _building() -> AccessState:
    return _asked_of_a_person(of.ready(), Step.BUILD_ACCESS)


def _a_visit(day: date = at_site.DAY) -> dict[str, Any]:
    """As it comes with a day and a half."""
    return {
        "day": day,
        "half": "morning",
        "told_slot": at_site.slot(day),
        "visit": at_site.visit_settled(day),
    }


def _booked() -> AccessState:
    return of.when(_building(), of.answer("agree", **_a_visit()))


def test_works_that_are_done_need_nobody_unless_a_day_is_given() -> None:
    alone = of.when(_building(), of.answer("agree"))

    assert of.stage(alone) == AccessStage.COMMISSIONING
    assert of.stage(_booked()) == AccessStage.AWAITING_VISIT
    assert at_site.visit(_booked()).slot == at_site.slot()


def test_a_day_without_its_half_is_no_visit() -> None:
    with pytest.raises(DecisionRefusedError, match="half=morning or afternoon"):
        decide(of.answer("agree", day=at_site.DAY), _building())


def test_works_that_cannot_be_done_are_a_persons() -> None:
    found = decide(of.answer("refuse"), _building())

    stopped = next(event for event in found if isinstance(event, fields.WorksStopped))
    assert (stopped.failure, stopped.after) == (FieldFailure.OTHER, After.PERSON)
    assert "says a colleague: because" in stopped.because.en
    state = of.when(_building(), of.answer("refuse"))
    assert of.codes(state) == ["field-failure"]
    assert of.stage(state) == AccessStage.READY


def _booking() -> AccessState:
    """A visit that was missed: another is asked for by telephone."""
    state = _booked()
    state = of.when(state, at_site.visit_missed(at_site.visit(state).reference))
    return _asked_of_a_person(state, Step.OFFER_VISITS)


def test_a_slot_by_telephone_is_offered_chosen_and_booked_at_once() -> None:
    found = decide(of.answer("agree", **_a_visit()), _booking())

    assert _names(found)[2:] == ["VisitsOffered", "VisitChosen", "VisitBooked", "DeliveryPlanned"]
    with pytest.raises(DecisionRefusedError, match="give day=2027-01-20 and half="):
        decide(of.answer("agree"), _booking())


def test_a_slot_by_telephone_after_copper_has_closed_is_asked_about() -> None:
    state = of.when(_booking(), of.answer("agree", **_a_visit(), closing=of.SAID))

    assert of.stage(state) == AccessStage.AWAITING_VISIT
    assert of.codes(state) == ["copper-closing"]


def test_half_a_day_without_its_day_is_no_visit_either() -> None:
    with pytest.raises(DecisionRefusedError, match="give day=2027-01-20 and half="):
        decide(of.answer("agree", half="morning"), _building())


def test_no_slot_by_telephone_is_asked_about_like_any_other() -> None:
    assert of.codes(of.when(_booking(), of.answer("refuse"))) == ["no-visit-slots"]


def test_a_visit_moved_by_telephone_takes_the_place_of_the_one_before() -> None:
    state = of.when(_booked(), of.answer("postpone", gone=at_site.gone(late=True)))
    state = _asked_of_a_person(state, Step.OFFER_VISITS)

    later = at_site.DAY + timedelta(days=5)
    found = decide(of.answer("agree", **_a_visit(later)), state)

    assert _names(found)[4:] == ["VisitMoved", "FeeOwed", "DeliveryPlanned"]
    state = of.when(state, of.answer("agree", **_a_visit(later)))
    access = at_site.open_access(state)
    assert of.stage(state) == AccessStage.AWAITING_VISIT
    assert at_site.visit(state).slot.day == later
    assert access.opening.other_days is None
    assert not {Step.OFFER_VISITS, Step.BOOK_VISIT} & set(access.asks)


def test_a_slot_the_operator_will_not_book_by_telephone_is_refused() -> None:
    state = of.when(at_site.chosen(), told.HearNobody(**BOTH, step=Step.BOOK_VISIT))

    found = decide(of.answer("refuse"), state)

    assert OperatorRefused(step=Step.BOOK_VISIT, code=BY_HAND) in found


def _opening() -> AccessState:
    state = of.when(_building(), of.answer("agree"))
    return _asked_of_a_person(state, Step.COMMISSION_ACCESS)


def test_a_person_says_since_when_it_works() -> None:
    works = of.answer("agree", start=of.start(STORY))

    found = decide(works, _opening())

    assert "ServiceStarted" in _names(found)
    assert of.stage(of.when(_opening(), works)) == AccessStage.IN_SERVICE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "say the day service started"),
        ({"start": of.start(STORY + timedelta(days=1))}, "has not come yet"),
        ({"start": of.start(STORY), "closing": SAID}, "have the closure put off"),
    ],
)
def test_a_day_on_which_it_cannot_have_started_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(DecisionRefusedError, match=said):
        decide(of.answer("agree", **given), _opening())


def test_a_person_says_that_the_tests_failed() -> None:
    state = of.when(_opening(), of.answer("refuse"))

    assert of.codes(state) == ["tests-failed"]
    assert of.stage(state) == AccessStage.COMMISSIONING


def test_nothing_is_said_to_work_over_another_customers_line() -> None:
    state = of.when(_opening(), at_site.overwritten())

    with pytest.raises(DecisionRefusedError, match="wrong-overwriting: agree or refuse"):
        decide(of.answer("agree", "answer-by-hand", start=of.start(STORY)), state)


def test_a_visit_is_cancelled_by_telephone_or_left() -> None:
    state = of.when(_booked(), of.cancellation())
    state = _asked_of_a_person(state, Step.CANCEL_VISIT)

    told_so = decide(of.answer("agree"), state)
    left = decide(of.answer("skip"), state)

    for found in (told_so, left):
        gone = next(event for event in found if isinstance(event, fields.VisitLetGo))
        assert gone.by is Party.CUSTOMER
    for answer in ("agree", "skip"):
        assert at_site.open_access(of.when(state, of.answer(answer))).step is Step.RELEASE_ACCESS


def test_a_visit_cancelled_for_a_site_that_cannot_be_served_is_our_own_doing() -> None:
    state = of.when(at_site.booked(), at_site.overwritten(), of.answer("agree"))
    state = _asked_of_a_person(state, Step.CANCEL_VISIT)

    found = decide(of.answer("agree"), state)

    gone = next(event for event in found if isinstance(event, fields.VisitLetGo))
    assert gone.by is Party.PROVIDER


def test_an_access_kept_by_telephone_is_left_without_anything_of_a_visit() -> None:
    state = _asked_of_a_person(of.when(of.ready(), of.cancellation()), Step.RELEASE_ACCESS)

    found = decide(of.answer("skip"), state)

    assert _names(found) == ["DecisionTaken", "AttentionCleared", "StepGivenUp"]
