"""A booking that is on its way while something becomes of the visit it was to move: nobody comes
whom nobody knows of. And a day before copper closes, in the stead of one after."""

from datetime import timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import works_commands as works
from domain import works_facts as fields
from domain.access import AccessRefusedError, decide
from domain.access_awaited import awaited_by
from domain.access_facts import SaturationMode
from domain.access_stages import AccessStage, AccessState, GivingBack
from domain.event import Event
from domain.port_in_facts import MessageSetAside, OperatorRefused, Step
from domain.visit_rules import visit_gone
from domain.works_facts import After, FieldFailure, Party
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY

THIRD = "V-3"


def moving() -> AccessState:
    """Another day is chosen, and being booked; the former visit stands meanwhile."""
    return at_site.chosen(at_site.offered(at_site.other_days(late=True)), number=3)


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


@pytest.mark.parametrize(
    ("report", "codes"),
    [
        (at_site.visit_missed(), []),
        (at_site.visit_failed(After.VISIT), []),
        (at_site.visit_failed(After.VISIT_ONCE_READY), ["site-not-ready"]),
        (at_site.visit_failed(After.PERSON, FieldFailure.OTHER), ["field-failure"]),
    ],
)
def test_a_booking_on_its_way_answers_where_somebody_comes_again_all_the_same(
    report: object, codes: list[str]
) -> None:
    asked = moving()
    answer = at_site.slot_booked(asked, at_site.OTHER)

    state = of.when(asked, report)  # type: ignore[arg-type]  # each is a command

    access = at_site.open_access(state)
    assert (access.stage, access.step, access.opening.visit) == (
        *(AccessStage.BOOKING, Step.BOOK_VISIT),
        None,
    )
    assert of.key_asked(state, Step.BOOK_VISIT) == answer.key
    assert of.codes(state) == codes
    found = decide(answer, state)
    assert _names(found) == ["VisitBooked", "DeliveryPlanned"]
    booked = at_site.open_access(of.when(state, answer))
    assert (booked.stage, booked.owed) == (AccessStage.AWAITING_VISIT, ())


def test_a_question_about_that_booking_stays_where_it_is_still_awaited() -> None:
    silent = told.HearNothing(**BOTH, step=Step.BOOK_VISIT)
    asked = of.when(moving(), silent)

    assert of.codes(of.when(asked, at_site.visit_missed())) == ["operator-silent"]
    assert of.codes(of.when(asked, at_site.visit_failed(After.STUDY))) == []


def test_a_booking_that_is_refused_after_all_has_others_offered() -> None:
    state = of.when(moving(), at_site.visit_missed())
    refused = told.HearRefused(**BOTH, step=Step.BOOK_VISIT, code="visit-over")

    assert OperatorRefused(step=Step.BOOK_VISIT, code="visit-over") in decide(refused, state)
    assert at_site.open_access(of.when(state, refused)).step is Step.OFFER_VISITS


def _overtaken(after: After = After.STUDY) -> tuple[AccessState, works.ReportVisitBooked]:
    """Something else follows; and the answer that comes for what was asked before."""
    asked = moving()
    more: dict[str, Any] = {}
    if after is After.DESATURATION:
        more = {"saturation": of.settled_saturation(SaturationMode.NOW)}
    report = at_site.visit_failed(after, FieldFailure.OTHER, **more)
    return of.when(asked, report), at_site.slot_booked(asked, at_site.OTHER)


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (After.STUDY, AccessStage.STUDYING),
        (After.NETWORK_CHECK, AccessStage.READY),
        (After.DESATURATION, AccessStage.DESATURATING),
    ],
)
def test_a_booking_that_something_else_overtakes_is_known_and_asked_about(
    after: After, stage: AccessStage
) -> None:
    state, answer = _overtaken(after)

    state = of.when(state, answer)

    access = at_site.open_access(state)
    assert (access.stage, of.codes(state)) == (stage, ["visit-unwanted"])
    assert not access.blocked
    assert at_site.visit(state).unwanted
    asked = at_site.question(state, "visit-unwanted")
    assert "(V-2), and nobody waits for it any more" in asked.what.en
    assert visit_gone(RULES, access, STORY, moved=False) is None
    assert isinstance(decide(answer, state)[0], MessageSetAside)


def test_a_technician_who_comes_all_the_same_leaves_a_booking_to_be_called_off() -> None:
    asked = moving()
    state = of.when(asked, at_site.visit_kept(), at_site.slot_booked(asked, at_site.OTHER))

    assert (of.stage(state), of.codes(state)) == (AccessStage.COMMISSIONING, ["visit-unwanted"])


@pytest.mark.parametrize("decision", ["agree", "skip"])
def test_a_visit_that_nobody_waits_for_ends_cancelled_once_a_person_says_so(decision: str) -> None:
    state, answer = _overtaken()
    state = of.when(state, answer)

    found = decide(of.answer(decision, "visit-unwanted"), state)

    gone = found[-1]
    assert isinstance(gone, fields.VisitLetGo)
    assert (gone.reference, gone.by) == (at_site.OTHER, Party.PROVIDER)
    after = at_site.open_access(of.when(state, of.answer(decision, "visit-unwanted")))
    assert (after.stage, after.opening.visit) == (AccessStage.STUDYING, None)


def test_what_its_operator_tells_of_it_ends_it_and_the_question() -> None:
    state, answer = _overtaken()
    state = of.when(state, answer)

    for report in (at_site.visit_kept(at_site.OTHER), at_site.visit_missed(at_site.OTHER)):
        over = of.when(state, report)
        access = at_site.open_access(over)
        assert (access.stage, access.opening.visit) == (AccessStage.STUDYING, None)
        assert of.codes(over) == []
    moved = of.when(state, at_site.visit_moved(at_site.OTHER))
    assert at_site.visit(moved).unwanted
    assert of.codes(moved) == ["visit-unwanted"]


def test_the_next_visit_that_is_booked_takes_its_place() -> None:
    state, answer = _overtaken(After.NETWORK_CHECK)
    state = at_site.built(of.when(state, answer))
    access = at_site.open_access(state)
    assert awaited_by(access) is not None
    assert access.stage is AccessStage.BOOKING
    state = at_site.chosen(at_site.offered(state), number=2)

    found = decide(at_site.slot_booked(state, THIRD), state)

    assert _names(found) == ["AttentionCleared", "VisitLetGo", "VisitBooked", "DeliveryPlanned"]
    gone = found[1]
    assert isinstance(gone, fields.VisitLetGo)
    assert (gone.reference, gone.by) == (at_site.OTHER, Party.PROVIDER)
    assert gone.because.en == "nobody waited for it any more: another day was chosen"
    booked = at_site.booked(state, THIRD)
    assert (of.stage(booked), of.codes(booked)) == (AccessStage.AWAITING_VISIT, [])


def test_a_visit_nobody_waited_for_leaves_an_absence_the_customers() -> None:
    """Given an absence and such a visit, when the next is booked, then nobody else lost a day."""
    state, answer = _overtaken(After.NETWORK_CHECK)
    state = at_site.chosen(at_site.offered(at_site.built(of.when(state, answer))), number=2)
    before = at_site.open_access(state)
    absent = before.model_copy(update={"on_its_account": (Step.OFFER_VISITS,)})

    after = at_site.open_access(of.when(absent, at_site.slot_booked(state, THIRD)))

    assert (after.days_lost, after.on_its_account) == (before.days_lost, ())
    assert at_site.visit(after).reference == THIRD


def test_the_technician_who_comes_again_after_failed_tests_takes_its_place_too() -> None:
    asked = moving()
    state = of.when(asked, at_site.visit_kept(), at_site.slot_booked(asked, at_site.OTHER))
    state = of.asked(state, Step.COMMISSION_ACCESS)
    state = of.when(state, of.commissioned(state, None), of.answer("postpone", "tests-failed"))
    state = at_site.chosen(at_site.offered(of.asked(state, Step.OFFER_VISITS)), number=2)

    booked = at_site.booked(state, THIRD)

    assert (of.stage(booked), of.codes(booked)) == (AccessStage.AWAITING_VISIT, [])
    assert at_site.visit(booked).reference == THIRD


def test_nobody_is_reminded_of_a_visit_that_is_to_be_called_off() -> None:
    state, answer = _overtaken(After.NETWORK_CHECK)
    state = at_site.built(of.when(state, answer))

    assert "VisitReminded" not in _names(decide(at_site.passed(at_site.REMIND_AT), state))


def test_a_booking_told_beside_another_visit_is_called_off_by_a_person_too() -> None:
    state, answer = _overtaken(After.NETWORK_CHECK)
    state = at_site.booked(at_site.chosen(at_site.offered(at_site.built(state))), THIRD)

    found = decide(answer, state)

    assert _names(found) == ["AttentionRaised"]
    asked = of.when(state, answer)
    assert at_site.visit(asked).reference == THIRD
    agreed = of.when(asked, of.answer("agree", "visit-unwanted"))
    assert at_site.visit(agreed).reference == THIRD
    assert of.codes(agreed) == []


def test_a_booking_of_an_operator_that_has_withdrawn_is_set_aside() -> None:
    state, answer = _overtaken()
    withdrawn = of.when(state, at_site.withdrawn())

    assert _names(decide(answer, withdrawn)) == ["MessageSetAside"]


def test_an_end_has_it_cancelled_by_the_operator_and_costs_the_customer_nothing() -> None:
    state, answer = _overtaken()
    state = of.when(state, answer, of.cancellation())
    access = at_site.open_access(state)
    assert (access.step, of.codes(state)) == (Step.CANCEL_VISIT, ["visit-unwanted"])
    state = of.asked(state, Step.CANCEL_VISIT)

    found = decide(at_site.visit_cancelled(state), state)

    assert _names(found) == ["AttentionCleared", "VisitLetGo"]
    gone = found[1]
    assert isinstance(gone, fields.VisitLetGo)
    assert gone.by is Party.PROVIDER


def test_a_booking_that_comes_at_an_end_is_let_go_although_the_visit_it_moves_is_over() -> None:
    asked = moving()
    ended = of.asked(of.when(asked, of.cancellation()), Step.CANCEL_VISIT)
    over = of.when(ended, at_site.visit_cancelled(ended))
    assert at_site.open_access(over).opening.visit is None

    after = of.when(over, at_site.slot_booked(asked, at_site.OTHER))

    assert isinstance(after, GivingBack)
    assert after.left == (Step.CANCEL_VISIT, Step.RELEASE_ACCESS)
    assert at_site.visit(after).reference == at_site.OTHER
    unknown = at_site.slot_booked(asked, THIRD).model_copy(update={"key": "another"})
    assert _names(decide(unknown, over)) == ["MessageSetAside"]


def test_an_access_in_service_is_not_closed_while_somebody_is_still_to_be_called_off() -> None:
    asked = moving()
    state = of.when(asked, at_site.visit_kept(), at_site.slot_booked(asked, at_site.OTHER))
    state = of.asked(state, Step.COMMISSION_ACCESS)

    served = of.when(state, of.commissioned(state, of.start()))

    assert (of.stage(served), of.codes(served)) == (AccessStage.IN_SERVICE, ["visit-unwanted"])
    with pytest.raises(AccessRefusedError, match="EndAccess does not fit"):
        decide(told.EndAccess(**BOTH), served)
    called_off = of.when(served, of.answer("agree", "visit-unwanted"))
    assert of.stage(of.when(called_off, told.EndAccess(**BOTH))) == AccessStage.CLOSED


def test_slots_told_under_the_key_of_a_booking_are_set_aside() -> None:
    """They answer nothing that was asked: the one that was chosen is being booked."""
    state = at_site.chosen()
    offered = works.ReportVisitsOffered(
        **at_site.told_of(state, Step.BOOK_VISIT), slots=at_site.SLOTS
    )

    assert _names(decide(offered, state)) == ["MessageSetAside"]


# copper


def _after_closure() -> AccessState:
    """Booked on a day on which copper is closed."""
    state = at_site.chosen()
    late = at_site.slot_booked(state).model_copy(update={"closing": SAID})
    return of.when(state, late)


def test_a_day_before_copper_closes_answers_the_question_about_one_after_it() -> None:
    state = _after_closure()
    assert of.codes(state) == ["copper-closing"]

    sooner = at_site.visit_moved(to=at_site.slot(at_site.DAY - timedelta(days=2)))

    assert of.codes(of.when(state, sooner)) == []
    later = at_site.visit_moved().model_copy(update={"closing": SAID})
    assert of.codes(of.when(state, later)) == ["copper-closing"]


def test_a_visit_booked_before_it_in_its_stead_answers_it_too() -> None:
    """The operator had moved the one that is being moved beyond the closure."""
    asked = moving()
    late = at_site.visit_moved().model_copy(update={"closing": SAID})
    state = of.when(asked, late)
    assert of.codes(state) == ["copper-closing"]

    by_operator = of.when(state, at_site.slot_booked(asked, at_site.OTHER))
    state = of.when(state, told.HearNobody(**BOTH, step=Step.BOOK_VISIT))
    by_telephone = of.answer(
        "agree", "answer-by-hand", told_slot=at_site.slot(), visit=at_site.visit_settled()
    )

    assert of.codes(by_operator) == []
    assert of.codes(of.when(state, by_telephone)) == []
