"""The opening of an access: its tests, and what starts with the service."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_commands as works
from domain import works_facts as fields
from domain.access import decide
from domain.access_changes import AccessChange
from domain.access_stages import AccessStage, AccessState, Closed, InService
from domain.attention import DecisionRefusedError
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Outcome, Step
from domain.works_facts import Party
from domain.works_settled import Judged, Start
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import ORDER_ID, STORY

TODAY: dict[str, Any] = {"today": STORY.date()}


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


def _tested(state: AccessState, begun: Start | None) -> works.ReportCommissioned:
    return works.ReportCommissioned(
        **at_site.told_of(state, Step.COMMISSION_ACCESS),
        tested_at=STORY,
        tests=at_site.results(passed=begun is not None),
        judged=Judged(because=SAID, start=begun),
    )


def _accepting() -> AccessState:
    """It works, and the order form has the customer say so."""
    state = at_site.commissioning()
    begun = of.start(acceptance=fields.AcceptanceAsked(because=SAID))
    return of.when(state, _tested(state, begun))


def test_tests_that_pass_start_service_billing_and_commitment_each_as_a_fact() -> None:
    state = at_site.commissioning()

    found = decide(_tested(state, of.start()), state)

    assert _names(found) == [
        "Commissioned",
        "ServiceStarted",
        "BillingStarted",
        "CommitmentStarted",
    ]
    state = of.when(state, _tested(state, of.start()))
    assert of.stage(state) == AccessStage.IN_SERVICE
    ended = of.when(state, told.EndAccess(**BOTH))
    assert isinstance(ended, Closed)
    assert ended.ended.outcome is Outcome.DELIVERED


def test_how_late_it_is_stands_beside_what_starts() -> None:
    late = fields.LatenessJudged(
        planned=date(2027, 1, 4), started=date(2027, 1, 9), days=5, owed=(), said=(SAID,)
    )
    state = at_site.commissioning()

    found = decide(_tested(state, of.start(lateness=late)), state)

    assert late in found


def test_results_told_twice_start_it_once() -> None:
    state = at_site.commissioning()
    report = _tested(state, of.start())

    assert _names(decide(report, of.when(state, report))) == ["MessageSetAside"]


def _failed() -> AccessState:
    state = at_site.commissioning()
    return of.when(state, _tested(state, None))


def test_tests_that_fail_start_nothing_and_are_a_question() -> None:
    state = _failed()

    access = at_site.open_access(state)
    assert of.stage(state) == AccessStage.COMMISSIONING
    assert of.codes(state) == ["tests-failed"]
    assert access.opening.tested is not None
    assert not access.opening.tested.passed


def test_it_is_tested_again_as_another_intention() -> None:
    state = of.when(_failed(), of.answer("retry"))

    assert of.codes(state) == []
    asked = of.asked(state, Step.COMMISSION_ACCESS)
    assert at_site.open_access(asked).epoch(Step.COMMISSION_ACCESS) == 1


def test_a_technician_comes_once_more_where_tests_failed() -> None:
    state = of.when(_failed(), of.answer("postpone", day=at_site.DAY, **TODAY))

    access = at_site.open_access(state)
    assert (access.stage, access.step) == (AccessStage.BOOKING, Step.OFFER_VISITS)
    assert access.opening.other_days is not None
    assert access.opening.other_days.by is Party.OPERATOR
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))
    state = at_site.booked(at_site.chosen(state), at_site.OTHER)
    assert of.stage(of.when(state, at_site.visit_kept(at_site.OTHER))) == "commissioning"


def test_an_access_that_never_works_is_given_back() -> None:
    state = of.when(_failed(), of.answer("end"))

    assert at_site.open_access(state).step is Step.RELEASE_ACCESS


# acceptance


def test_service_does_not_wait_for_the_customers_acceptance() -> None:
    state = _accepting()

    assert isinstance(state, InService)
    assert of.codes(state) == ["acceptance"]
    assert state.started.started_at == STORY


def test_an_acceptance_is_said_on_its_day() -> None:
    state = _accepting()

    found = decide(of.answer("agree", **TODAY), state)

    assert fields.ServiceAccepted(on=STORY.date(), by="a colleague") in found
    assert of.codes(of.when(state, of.answer("agree", **TODAY))) == []
    with pytest.raises(DecisionRefusedError, match="not come yet"):
        decide(of.answer("agree", day=STORY.date() + timedelta(days=1), **TODAY), state)


def test_reserves_are_lifted_afterwards() -> None:
    state = _accepting()

    state = of.when(state, of.answer("refuse", **TODAY))

    assert of.codes(state) == ["acceptance-reserves"]
    assert "because" in at_site.question(state, "acceptance-reserves").what.en
    lifted = decide(of.answer("agree", **TODAY), state)
    assert fields.ReservesLifted(on=STORY.date(), by="a colleague") in lifted
    assert of.codes(of.when(state, of.answer("agree", **TODAY))) == []


def test_an_acceptance_that_never_comes_is_left() -> None:
    state = of.when(_accepting(), of.answer("skip"))

    assert of.codes(state) == []
    assert isinstance(of.when(state, told.EndAccess(**BOTH)), Closed)


# what stands in the way


def test_what_was_asked_for_and_not_confirmed_lapses_once_it_works() -> None:
    state = of.when(at_site.commissioning(), of.cancellation(SAID))
    change = AccessChange(wished=date(2027, 2, 1))
    amend = told.AmendAccess(**BOTH, by="x", change=change, needs=SAID, needs_until=of.SOON)
    amended = of.when(at_site.commissioning(), amend)

    found = decide(_tested(state, of.start()), state)

    assert _names(found)[:3] == ["Commissioned", "CancellationLapsed", "ServiceStarted"]
    lapsed = decide(_tested(amended, of.start()), amended)
    assert _names(lapsed)[:3] == ["Commissioned", "AccessAmendmentLapsed", "ServiceStarted"]


def test_nothing_starts_over_another_customers_line() -> None:
    state = of.when(at_site.commissioning(), at_site.overwritten())

    found = decide(_tested(state, of.start()), state)

    assert _names(found) == ["MessageSetAside"]
    goes_on = of.when(state, of.answer("refuse"))
    assert "ServiceStarted" in _names(decide(_tested(goes_on, of.start()), goes_on))


def test_a_visit_is_kept_while_it_is_asked_whose_line_it_is_and_opened_only_then() -> None:
    state = of.when(at_site.booked(), at_site.overwritten(), at_site.visit_kept())

    access = at_site.open_access(state)
    assert (access.stage, access.held) == (AccessStage.COMMISSIONING, True)
    wrong = of.when(state, of.answer("agree"))
    assert at_site.open_access(wrong).step is Step.PUT_BACK


def test_another_customers_line_is_put_back_once_nobody_comes_any_more() -> None:
    state = of.when(at_site.booked(), at_site.overwritten(), of.answer("agree"))
    assert at_site.open_access(state).step is Step.CANCEL_VISIT

    state = of.asked(state, Step.CANCEL_VISIT)
    state = of.when(state, at_site.visit_cancelled(state))

    assert at_site.open_access(state).step is Step.PUT_BACK


# supply withdrawn


@pytest.mark.parametrize("state", [at_site.booked(), at_site.offered(at_site.other_days())])
def test_a_supply_that_is_withdrawn_takes_the_visit_with_it(state: AccessState) -> None:
    found = decide(at_site.withdrawn(), state)

    gone = next(event for event in found if isinstance(event, fields.VisitLetGo))
    assert gone.by is Party.OPERATOR
    state = of.when(state, at_site.withdrawn())
    assert of.codes(state) == ["supply-withdrawn"]
    assert _names(decide(at_site.visit_kept(), state)) == ["MessageSetAside"]


def test_a_visit_that_went_with_its_supply_is_not_moved() -> None:
    state = of.when(at_site.booked(), at_site.withdrawn())

    with pytest.raises(DecisionRefusedError, match="supply-withdrawn"):
        decide(of.answer("postpone"), state)


def test_a_supply_that_is_withdrawn_has_the_others_asked_and_nothing_given_back() -> None:
    state = of.when(at_site.booked(), at_site.withdrawn(), of.answer("retry"))

    access = at_site.open_access(state)
    assert of.stage(state) == AccessStage.CHECKING
    assert access.passed_over == (of.ORANGE,)
    assert access.opening.visit is None


# amended


@pytest.mark.parametrize("state", [at_site.booked(), at_site.other_days()])
def test_an_amendment_that_begins_anew_cancels_the_visit_first(state: AccessState) -> None:
    change = _change(down_kbps=2_000_000)
    state = of.when(state, change)
    assert of.stage(state) == AccessStage.CHANGING

    state = of.asked(state, Step.CANCEL_VISIT)
    state = of.when(state, at_site.visit_cancelled(state))
    state = of.asked(state, Step.RELEASE_ACCESS)
    state = of.when(state, of.released(state))

    assert of.stage(state) == AccessStage.CHECKING
    assert at_site.open_access(state).opening.visit is None


def _change(**changes: object) -> told.AmendAccess:
    change = AccessChange.model_validate(changes)
    return told.AmendAccess(**BOTH, by="x", change=change, needs=None, needs_until=of.SOON)


@pytest.mark.parametrize("report", [at_site.visit_kept(), at_site.visit_missed()])
def test_a_visit_that_is_over_while_it_is_changed_needs_no_cancelling(report: object) -> None:
    state = of.asked(of.when(at_site.booked(), _change(down_kbps=2_000_000)), Step.CANCEL_VISIT)
    state = of.when(state, told.HearNothing(**BOTH, step=Step.CANCEL_VISIT))

    state = of.when(state, report)  # type: ignore[arg-type]  # each is a command

    access = at_site.open_access(state)
    assert (of.codes(state), access.step) == ([], Step.RELEASE_ACCESS)
    assert Step.CANCEL_VISIT not in access.asks


def test_a_day_that_is_wished_no_later_leaves_the_visit_booked() -> None:
    state = of.when(at_site.booked(), _change(wished=at_site.DAY))

    assert at_site.visit(state).reference == at_site.VISIT
    assert of.stage(state) == AccessStage.AWAITING_VISIT


def test_a_visit_given_up_while_it_is_changed_is_over_for_us() -> None:
    state = of.asked(of.when(at_site.booked(), _change(down_kbps=2_000_000)), Step.CANCEL_VISIT)
    state = of.when(state, told.HearRefused(**BOTH, step=Step.CANCEL_VISIT, code="NO"))

    found = decide(of.answer("skip"), state)

    assert "VisitLetGo" in _names(found)
    state = of.when(state, of.answer("skip"))
    assert at_site.open_access(state).step is Step.RELEASE_ACCESS
    assert not any(isinstance(event, facts.AccessEnded) for event in found)


def test_the_number_of_a_socket_that_was_put_there_is_sealed_under_its_order() -> None:
    found = decide(at_site.visit_kept(), at_site.booked())

    (kept,) = [event for event in found if isinstance(event, fields.VisitKept)]
    assert kept.report.socket == Personal(subject=order_subject(ORDER_ID), value="FI-0001")
    assert "FI-0001" not in repr((at_site.visit_kept(), kept))
