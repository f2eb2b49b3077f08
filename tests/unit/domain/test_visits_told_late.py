"""What an operator tells of a visit after a person has said how it ended: completed, or asked
about, and corrected with what it cost."""

from datetime import date
from typing import Any

import pytest

from domain import access_commands as told
from domain import visit_facts as ends
from domain import works_facts as fields
from domain import works_rules
from domain.access import AccessRefusedError, decide
from domain.access_facts import EligibilityAskedAgain, FeeOwed
from domain.access_stages import Access, AccessStage, AccessState, GivingBack
from domain.access_states import evolve
from domain.attention import DecisionRefusedError
from domain.delay_facts import CustomerDelayAgreed
from domain.event import Event
from domain.given import read_given
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import MessageSetAside, Step
from domain.visit_facts import CameOf
from domain.works_facts import After, EquipmentMoved, EquipmentState, FieldFailure, Party
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import ORDER_ID, RULES, STORY
from tests.unit.domain.test_visits_by_hand import (
    LATE_FEE,
    MISSED_AGAIN,
    NOT_READY,
    in_vain,
    settled,
)

NOTHING = read_given({}, RULES.contract(of.site_terms().pin).reckoning)
LATE = "visit-told-late"
BOX = EquipmentMoved(
    name="fibre-box", to=EquipmentState.INSTALLED, on=date(2027, 1, 20), serial="SN-1"
)


def said_missed() -> AccessState:
    return of.when(
        at_site.unreported(), of.answer("refuse", "visit-unreported", lost=at_site.lost())
    )


def said_kept() -> AccessState:
    return of.when(at_site.unreported(), of.answer("agree", "visit-unreported"))


def said_failed(
    failure: FieldFailure = FieldFailure.CUSTOMER_ABSENT,
    found: told.FailureSettled | None = None,
) -> AccessState:
    return of.when(at_site.unreported(), in_vain(failure, found))


def right(**more: Any) -> told.TakeDecision:  # noqa: ANN401
    """The operator is."""
    return of.answer("agree", LATE, **{"failed_late": settled(), **more})


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


def _only(found: tuple[Event, ...], kind: type[Event]) -> Any:  # noqa: ANN401  of that kind
    (one,) = [event for event in found if isinstance(event, kind)]
    return one


# the same, or more of it


def test_a_report_after_a_person_said_it_took_place_completes_what_is_known() -> None:
    report = at_site.visit_kept().model_copy(update={"installed": (BOX,)})

    found = decide(report, said_kept())

    assert _names(found) == ["VisitReportCompleted", "EquipmentMoved"]
    assert _only(found, ends.VisitReportCompleted).report.socket == Personal(
        subject=order_subject(ORDER_ID), value="FI-0001"
    )
    state = of.when(said_kept(), report)
    assert (of.stage(state), of.codes(state)) == (AccessStage.COMMISSIONING, [])
    assert at_site.open_access(state).pieces["fibre-box"].serial == "SN-1"
    assert isinstance(decide(report, state)[0], MessageSetAside)


@pytest.mark.parametrize(
    ("state", "report"),
    [
        (said_missed(), at_site.visit_missed()),
        (said_failed(), at_site.visit_failed()),
    ],
)
def test_the_same_end_told_again_changes_nothing(state: AccessState, report: Any) -> None:  # noqa: ANN401
    assert isinstance(decide(report, state)[0], MessageSetAside)


def test_nothing_is_asked_any_more_once_the_operator_agrees_after_all() -> None:
    for state, after_all in (
        (said_missed(), at_site.visit_missed()),
        (said_kept(), at_site.visit_kept()),
    ):
        asked = of.when(state, at_site.visit_failed())
        assert of.codes(asked) == [LATE]

        assert of.codes(of.when(asked, after_all)) == []


def test_a_visit_moved_after_a_person_said_nobody_came_is_to_be_called_off() -> None:
    state = of.when(said_missed(), at_site.visit_moved())

    assert of.codes(state) == ["visit-unwanted"]
    assert "27 January 2027" in at_site.question(state, "visit-unwanted").what.en


# asked about


def test_another_end_is_kept_as_it_was_told_and_asked_about_while_the_rest_goes_on() -> None:
    found = decide(at_site.visit_kept(), said_missed())

    late = _only(found, ends.VisitToldLate)
    assert late.told == fields.VisitKept(
        reference=at_site.VISIT,
        report=fields.kept_report(at_site.visit_kept().report, order_subject(ORDER_ID)),
    )
    assert late.source == "orange"
    state = of.when(said_missed(), at_site.visit_kept())
    access = at_site.open_access(state)
    assert (access.stage, access.step, access.blocked) == (
        *(AccessStage.BOOKING, Step.OFFER_VISITS),
        False,
    )
    asked = at_site.question(state, LATE).what.en
    assert "we said that nobody came, the operator now says that it took place" in asked
    assert "the access goes on from what it says" in asked
    both = at_site.question(
        of.when(said_failed(), at_site.visit_failed(After.STUDY, FieldFailure.TOO_LONG)), LATE
    )
    assert "somebody came in vain (customer-absent), the operator now says" in both.what.en
    assert "somebody came in vain (too-long)" in both.what.en


def test_what_was_said_stands_where_a_person_says_so_and_nothing_is_asked_again() -> None:
    state = of.when(said_missed(), at_site.visit_kept())

    found = decide(of.answer("refuse", LATE), state)

    assert _names(found) == ["DecisionTaken", "AttentionCleared"]
    state = of.when(state, of.answer("refuse", LATE))
    assert isinstance(decide(at_site.visit_kept(), state)[0], MessageSetAside)


# corrected


def test_a_visit_that_was_kept_after_all_leads_to_the_opening() -> None:
    state = of.when(said_missed(), at_site.visit_kept())

    found = decide(right(installed=(BOX,)), state)

    correction = _only(found, ends.VisitEndCorrected)
    assert (correction.was, correction.by) == (CameOf.MISSED, "a colleague")
    assert isinstance(correction.to, fields.VisitKept)
    state = of.when(state, right(installed=(BOX,)))
    access = at_site.open_access(state)
    assert (access.stage, access.step) == (AccessStage.COMMISSIONING, Step.COMMISSION_ACCESS)
    assert (of.codes(state), access.pieces["fibre-box"].serial) == ([], "SN-1")
    assert isinstance(decide(at_site.visit_kept(), state)[0], MessageSetAside)


def _searching(upto: str) -> AccessState:
    """After nobody came, as a person said: slots are offered, one is being booked, or is."""
    state = at_site.offered(of.asked(said_missed(), Step.OFFER_VISITS))
    if upto == "offered":
        return state
    state = at_site.chosen(state)
    return state if upto == "chosen" else at_site.booked(state, at_site.OTHER)


@pytest.mark.parametrize(
    ("upto", "codes"),
    [("offered", []), ("chosen", []), ("booked", ["visit-unwanted"])],
)
def test_the_search_for_another_visit_ends_with_it(upto: str, codes: list[str]) -> None:
    state = of.when(_searching(upto), at_site.visit_kept(), right())

    access = at_site.open_access(state)
    assert (access.stage, of.codes(state)) == (AccessStage.COMMISSIONING, codes)
    assert not {Step.OFFER_VISITS, Step.BOOK_VISIT} & set(access.asks)


def test_a_booking_on_its_way_is_called_off_once_it_comes() -> None:
    asked = _searching("chosen")
    answer = at_site.slot_booked(asked, at_site.OTHER)

    state = of.when(asked, at_site.visit_kept(), right(), answer)

    assert (of.stage(state), of.codes(state)) == (AccessStage.COMMISSIONING, ["visit-unwanted"])


def test_one_to_be_called_off_already_is_not_asked_about_twice() -> None:
    """What it was to move is corrected, while the operator searches its network."""
    asked = _searching("chosen")
    answer = at_site.slot_booked(asked, at_site.OTHER)
    state = of.when(asked, at_site.visit_kept(), right(), answer)
    back = of.when(state, of.answer("skip", "visit-unwanted"))

    assert of.codes(back) == []


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (After.STUDY, AccessStage.STUDYING),
        (After.VISIT, AccessStage.BOOKING),
        (After.PERSON, AccessStage.BOOKING),
    ],
)
def test_a_visit_in_vain_after_all_goes_on_from_where_it_leads(
    after: After, stage: AccessStage
) -> None:
    report = at_site.visit_failed(after, FieldFailure.OTHER)
    state = of.when(said_missed(), report)

    found = decide(right(failed_late=settled(after)), state)

    correction = _only(found, ends.VisitEndCorrected)
    assert isinstance(correction.to, fields.VisitFailed)
    assert (correction.to.code, correction.to.after) == ("OTHER", after)
    assert _only(found, FeeOwed).fee == LATE_FEE
    state = of.when(state, right(failed_late=settled(after)))
    assert of.stage(state) == stage
    assert of.codes(state) == (["field-failure"] if after is After.PERSON else [])


@pytest.mark.parametrize("after", [After.VISIT, After.STUDY])
def test_another_visit_that_is_booked_stands_where_somebody_comes_again(after: After) -> None:
    report = at_site.visit_failed(after, FieldFailure.OTHER)
    state = of.when(_searching("booked"), report, right(failed_late=settled(after)))

    access = at_site.open_access(state)
    again = after is After.VISIT
    assert access.stage is (AccessStage.AWAITING_VISIT if again else AccessStage.STUDYING)
    assert at_site.visit(state).unwanted is not again
    assert of.codes(state) == ([] if again else ["visit-unwanted"])


@pytest.mark.parametrize(
    "report", [at_site.visit_missed(), at_site.visit_failed(After.PERSON, FieldFailure.OTHER)]
)
def test_an_access_being_opened_goes_back_where_nobody_had_done_it(report: Any) -> None:  # noqa: ANN401
    state = of.asked(said_kept(), Step.COMMISSION_ACCESS)
    silent = told.HearNothing(**BOTH, step=Step.COMMISSION_ACCESS)
    state = of.when(state, silent, report)

    after = of.when(state, right(failed_late=settled(After.PERSON)))

    access = at_site.open_access(after)
    assert (access.stage, access.opening.tested) == (AccessStage.BOOKING, None)
    assert Step.COMMISSION_ACCESS not in access.asks
    expected = [] if isinstance(report, type(at_site.visit_missed())) else ["field-failure"]
    assert of.codes(after) == expected


def test_what_a_wrong_end_cost_and_had_billed_goes_with_it() -> None:
    found = settled(After.VISIT_ONCE_READY, not_ready=NOT_READY, missed_again=MISSED_AGAIN)
    state = said_failed(FieldFailure.SITE_NOT_READY, found)
    access = at_site.open_access(state)
    assert [one.fee for one in access.owed] == [LATE_FEE]
    assert (access.delays_missed, access.opening.not_ready) == ((MISSED_AGAIN,), (NOT_READY,))
    assert of.codes(state) == ["site-not-ready"]

    state = of.when(state, at_site.visit_kept(), right())

    access = at_site.open_access(state)
    assert (access.owed, access.delays_missed, access.opening.not_ready) == ((), (), ())
    assert (access.stage, of.codes(state)) == (AccessStage.COMMISSIONING, [])


def test_what_was_owed_beside_it_stays() -> None:
    """Before its saturation was found, and after."""
    access = at_site.open_access(of.when(said_failed(), at_site.visit_kept()))
    other, wrong = (FeeOwed(fee=one, consented=True) for one in (of.fee(), LATE_FEE))
    early = access.model_copy(update={"owed": (wrong, other), "owed_before": 2})
    late = access.model_copy(update={"owed": (other, wrong), "owed_before": 1})

    for state in (early, late):
        after = at_site.open_access(of.when(state, right()))
        assert (after.owed, after.owed_before) == ((other,), 1)


def test_the_end_of_an_access_waits_for_the_answer_and_charges_what_is_right() -> None:
    ended = of.when(said_failed(), of.cancellation(), at_site.visit_kept())
    assert isinstance(ended, GivingBack)
    assert LATE_FEE in ended.fees
    ended = of.asked(ended, Step.RELEASE_ACCESS)
    ended = of.when(ended, of.released(ended))
    with pytest.raises(AccessRefusedError):
        decide(told.EndAccess(**BOTH), ended)
    assert "the order goes on as it does" in at_site.question(ended, LATE).what.en

    corrected = of.when(ended, right())

    assert isinstance(corrected, GivingBack)
    assert LATE_FEE not in corrected.fees
    assert of.stage(of.when(corrected, told.EndAccess(**BOTH))) == AccessStage.CLOSED


def test_a_failure_told_at_an_end_costs_what_was_said_no_more_and_nothing_new() -> None:
    ended = of.when(said_missed(), of.cancellation(), at_site.visit_failed())

    found = decide(right(), ended)

    assert _names(found) == ["DecisionTaken", "AttentionCleared", "VisitEndCorrected"]


def test_a_question_that_is_asked_stays_whatever_becomes_of_the_access() -> None:
    state = of.when(said_kept(), at_site.visit_missed())
    serving = of.asked(state, Step.COMMISSION_ACCESS)
    served = of.when(serving, of.commissioned(serving, of.start()))
    asked_anew = evolve(state, EligibilityAskedAgain(why=SAID))
    given_back = of.when(state, of.cancellation())

    for one in (served, asked_anew, given_back):
        assert of.codes(one) == [LATE]
        assert _names(decide(right(), one))[-1] == "VisitEndCorrected"
        assert of.stage(of.when(one, right())) == of.stage(one)


def test_a_visit_opened_by_another_is_not_undone_by_what_is_told_of_the_first() -> None:
    state = at_site.booked(_searching("chosen"), at_site.OTHER)
    state = of.when(state, at_site.visit_kept(at_site.OTHER), at_site.visit_failed(After.STUDY))

    after = of.when(state, right(failed_late=settled(After.STUDY)))

    assert of.stage(after) == AccessStage.COMMISSIONING


# what it comes to


def _access(state: AccessState) -> Access:
    return at_site.open_access(state)


def test_what_the_operator_told_comes_to_what_its_contract_says_as_if_nothing_had_been_said() -> (
    None
):
    none = works_rules.decided(RULES, _access(said_missed()), NOTHING, STORY)
    kept = of.when(said_missed(), at_site.visit_kept())
    failed = of.when(said_missed(), at_site.visit_failed())
    missed = of.when(said_kept(), at_site.visit_missed())

    put_up = works_rules.decided(RULES, _access(kept), NOTHING, STORY)["installed"]
    in_vain_ = works_rules.decided(RULES, _access(failed), NOTHING, STORY)["failed_late"]

    assert none == {}
    assert isinstance(put_up, tuple)
    assert [one.serial for one in put_up] == ["SN-1"]
    assert isinstance(in_vain_, told.FailureSettled)
    assert (in_vain_.lead.after, in_vain_.lead.by) == (After.VISIT, Party.CUSTOMER)
    assert works_rules.decided(RULES, _access(missed), NOTHING, STORY) == {}


def test_a_day_that_was_missed_again_is_missed_by_the_right_end_once() -> None:
    agreed = CustomerDelayAgreed(
        was=date(2027, 1, 4),
        day=at_site.DAY,
        first=date(2027, 1, 4),
        in_time=True,
        because=SAID,
    )
    state = said_failed(found=settled(missed_again=MISSED_AGAIN))
    access = _access(of.when(state, at_site.visit_failed(failure=FieldFailure.NO_ACCESS)))
    access = access.model_copy(update={"delays": (agreed,)})
    assert access.delays_missed == (MISSED_AGAIN,)

    found = works_rules.decided(RULES, access, NOTHING, STORY)["failed_late"]

    assert isinstance(found, told.FailureSettled)
    assert found.missed_again is not None
    assert found.missed_again.day == at_site.DAY


def test_another_end_is_not_said_while_it_is_asked_which_of_two_stands() -> None:
    state = at_site.booked(at_site.chosen(_searching("offered")), at_site.OTHER)
    passed = (at_site.passed(at) for at in (*[at_site.REMIND_AT] * 2, *[at_site.AFTER_IT] * 2))
    state = of.when(state, at_site.visit_kept(), *passed)
    assert of.codes(state) == [LATE, "visit-unreported"]

    for answer in ("agree", "refuse"):
        word = of.answer(answer, "visit-unreported", lost=at_site.lost())
        with pytest.raises(DecisionRefusedError, match="about visit-told-late first"):
            decide(word, state)


def test_two_visits_nobody_waits_for_are_asked_about_in_one_question() -> None:
    asked = _searching("chosen")
    answer = at_site.slot_booked(asked, at_site.OTHER)
    state = of.when(asked, at_site.visit_missed("none"), at_site.visit_moved())
    assert at_site.question(state, "visit-unwanted").detail == at_site.VISIT

    both = of.when(state, at_site.visit_kept(), right(), answer)

    question = at_site.question(both, "visit-unwanted")
    assert question.detail == at_site.OTHER
    assert "(V-1), and nobody waits" in question.what.en
    assert "(V-2), and nobody waits" in question.what.en
    again = of.when(both, at_site.visit_moved(at_site.OTHER))
    assert at_site.question(again, "visit-unwanted").detail == at_site.OTHER


def test_a_correction_that_nothing_was_worked_out_for_is_looked_at_again() -> None:
    state = of.when(said_missed(), at_site.visit_failed())

    with pytest.raises(DecisionRefusedError, match="was told just now: look again"):
        decide(right(failed_late=None), state)
