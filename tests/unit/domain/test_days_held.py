"""A day the customer wants it on: nobody comes before it, and nothing is opened before it."""

from datetime import date, datetime, timedelta

import pytest

from domain import access_commands as told
from domain.access import AccessRefusedError, decide
from domain.access_amendment_rules import effect_of_day
from domain.access_awaited import awaited_by, due_of, wakes_by
from domain.access_changes import AccessChange
from domain.access_stages import Access, AccessState, AwaitingDay, Commissioning
from domain.attention import DecisionRefusedError
from domain.delay_facts import ServiceDayAwaited, ServiceDayCome
from domain.event import Event
from domain.port_in_facts import Step
from domain.works_facts import Half, Party, VisitsAskedAgain
from tests import accesses as of
from tests import works as at_site
from tests.access_contracts import data
from tests.accesses import BOTH
from tests.porting import STORY, paris

DAY = date(2027, 2, 15)
BEGINS = paris("2027-02-15T00:00:00")
WAIT = told.AwaitDay(**BOTH, day=DAY, until=BEGINS)
LATER = at_site.slot(DAY)


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


def _wish(day: date = DAY, *, gone: bool = True, **changes: object) -> told.AmendAccess:
    change = AccessChange.model_validate({"wished": day, **changes})
    costs = at_site.gone(late=True) if gone else None
    return told.AmendAccess(
        **BOTH, by="x", change=change, needs=None, needs_until=of.SOON, gone=costs
    )


def _built(**changes: object) -> AccessState:
    state = of.asked(of.ready(**changes), Step.BUILD_ACCESS)
    return of.when(state, of.built(state))


def _waiting() -> AwaitingDay:
    state = of.when(_built(wished=DAY), WAIT)
    assert isinstance(state, AwaitingDay)
    return state


def _other_days(found: tuple[Event, ...]) -> VisitsAskedAgain:
    (asked,) = [event for event in found if isinstance(event, VisitsAskedAgain)]
    return asked


# nothing is opened before it


def test_what_is_built_before_the_day_it_is_wanted_on_waits_for_that_day() -> None:
    state = _waiting()

    assert decide(WAIT, _built(wished=DAY)) == (ServiceDayAwaited(day=DAY, until=BEGINS),)
    assert (of.stage(state), state.step) == ("awaiting-day", None)
    for awaited in (awaited_by(state), wakes_by(state), due_of(state)):
        assert awaited is not None
        assert (awaited.until, awaited.appointment) == (BEGINS, False)
        assert awaited.what.en == "the day it is wanted for, Monday 15 February 2027"


def test_on_that_day_it_is_opened_and_not_before() -> None:
    state = _waiting()

    assert decide(at_site.passed(BEGINS - timedelta(minutes=1)), state) == ()
    assert decide(at_site.passed(BEGINS), state) == (ServiceDayCome(day=DAY),)
    come = at_site.open_access(of.when(state, at_site.passed(BEGINS)))
    assert come.step is Step.COMMISSION_ACCESS


def test_an_order_that_is_suspended_on_that_day_is_opened_once_it_is_taken_up() -> None:
    until = BEGINS + timedelta(days=5)
    hold = told.HoldAccess(**BOTH, by="x", reason="moving", until=until)
    state = of.when(_waiting(), hold)

    assert decide(at_site.passed(BEGINS), state) == ()
    after = of.when(state, at_site.passed(until), at_site.passed(until))
    assert isinstance(after, Commissioning)


def test_what_is_asked_of_the_operator_is_not_taken_back() -> None:
    opening = of.opening(of.ready(wished=DAY))

    for state in (opening, of.ready(wished=DAY), _built(wished=DAY, after=(2,))):
        with pytest.raises(AccessRefusedError):
            decide(WAIT, state)
    with pytest.raises(DecisionRefusedError, match="asked to open it already"):
        decide(_wish(DAY + timedelta(days=7)), opening)
    with pytest.raises(DecisionRefusedError, match="asked to open it already"):
        effect_of_day(data(), at_site.open_access(opening), DAY + timedelta(days=7), STORY)
    assert "AccessAmended" in _names(decide(_wish(DAY), opening))


def test_another_day_is_waited_for_anew() -> None:
    sooner = of.when(_waiting(), _wish(date(2027, 1, 20)))

    assert isinstance(sooner, Commissioning)
    assert sooner.step is Step.COMMISSION_ACCESS
    assert isinstance(of.when(_waiting(), _cheaper()), AwaitingDay)


def _cheaper() -> told.AmendAccess:
    change = AccessChange(down_kbps=1_000)
    return told.AmendAccess(**BOTH, by="x", change=change, needs=None, needs_until=of.SOON)


def test_what_is_waited_for_can_be_cancelled() -> None:
    state = of.when(_waiting(), of.cancellation())

    assert at_site.open_access(state).step is Step.RELEASE_ACCESS


def test_nobody_says_that_it_works_since_before_that_day() -> None:
    state = of.when(_waiting(), at_site.passed(BEGINS))
    state = of.asked(state, Step.COMMISSION_ACCESS)
    state = of.when(state, told.HearNobody(**BOTH, step=Step.COMMISSION_ACCESS))
    at = BEGINS + timedelta(hours=12)

    with pytest.raises(DecisionRefusedError, match="wants it from 2027-02-15 on"):
        decide(of.answer("agree", day=date(2027, 2, 14), start=of.start(STORY)), state)
    works = of.answer("agree", day=DAY, start=of.start(BEGINS), decided_at=at)
    assert "ServiceStarted" in _names(decide(works, state))


# nobody comes before it


@pytest.mark.parametrize("gone", [True, False])
def test_a_visit_before_a_later_day_is_moved_whatever_the_contract_unless_it_has_begun(
    gone: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    found = decide(_wish(gone=gone), at_site.booked())

    if not gone:
        assert _names(found) == ["AccessAmended"]
        return
    asked = _other_days(found)
    assert (asked.not_before, asked.by, asked.late) == (DAY, Party.CUSTOMER, True)
    assert asked.fees == (at_site.visit_fee(),)
    assert asked.because.en.startswith("the customer asks for service on Monday 15 February 2027")
    after = at_site.open_access(of.when(at_site.booked(), _wish()))
    assert (of.stage(after), after.step) == ("booking-visit", Step.OFFER_VISITS)
    assert after.opening.visit is not None


@pytest.mark.parametrize(
    "command",
    [_wish(at_site.DAY), _wish(date(2027, 1, 11)), _wish(down_kbps=2_000_000), _cheaper()],
)
def test_a_wish_that_is_no_later_leaves_the_visit_where_it_is(command: told.AmendAccess) -> None:
    assert not [e for e in decide(command, at_site.booked()) if isinstance(e, VisitsAskedAgain)]


def test_slots_before_it_are_asked_for_anew_and_those_after_it_stay() -> None:
    found = decide(_wish(), at_site.offered())
    late = decide(_wish(), at_site.offered(None, LATER))

    assert _names(found) == ["AccessAmended", "AttentionCleared", "VisitsAskedAgain"]
    assert _names(late) == ["AccessAmended"]
    after = at_site.open_access(of.when(at_site.offered(), _wish()))
    assert (after.opening.slots, after.step) == ((), Step.OFFER_VISITS)


def test_slots_that_are_on_their_way_or_that_nobody_has_are_asked_for_from_it() -> None:
    asked = at_site.built()
    none = of.when(asked, at_site.slots_told(asked))

    assert _names(decide(_wish(), asked)) == ["AccessAmended", "VisitsAskedAgain"]
    assert _names(decide(_wish(), none)) == [
        *("AccessAmended", "AttentionCleared", "VisitsAskedAgain")
    ]
    after = of.when(asked, _wish())
    late = at_site.slots_told(asked, *at_site.SLOTS)
    assert _names(decide(late, after)) == ["MessageSetAside"]
    again = of.asked(after, Step.OFFER_VISITS)
    assert _names(decide(_wish(date(2027, 2, 1)), again)) == ["AccessAmended"]


def test_a_slot_that_is_chosen_and_not_asked_for_yet_is_left() -> None:
    chosen = of.when(at_site.offered(), at_site.choice(1))

    asked = _other_days(decide(_wish(), chosen))

    assert (asked.late, asked.fees) == (False, ())
    assert at_site.open_access(of.when(chosen, _wish())).opening.picked is None


def test_other_days_that_were_asked_for_before_keep_what_they_cost_and_the_later_day() -> None:
    state = of.when(
        at_site.booked(),
        of.answer(
            "postpone", gone=at_site.gone(late=True), day=date(2027, 3, 1), today=STORY.date()
        ),
    )
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))

    asked = _other_days(decide(_wish(), state))

    assert (asked.not_before, asked.late, len(asked.fees)) == (date(2027, 3, 1), True, 1)


def test_a_slot_that_is_being_booked_is_moved_at_no_cost_once_it_is() -> None:
    asked = at_site.chosen()
    amended = of.when(asked, _wish())
    booked = at_site.slot_booked(asked)

    assert _names(decide(_wish(), asked)) == ["AccessAmended"]
    found = decide(booked, amended)
    assert _names(found) == ["VisitBooked", "VisitsAskedAgain"]
    moved = _other_days(found)
    assert (moved.not_before, moved.late, moved.fees) == (DAY, False, ())
    after = at_site.open_access(of.when(amended, booked))
    assert (of.stage(after), after.opening.put_off) == ("booking-visit", False)


def test_a_slot_that_is_booked_by_telephone_meanwhile_is_moved_too_unless_it_is_late_enough() -> (
    None
):
    state = of.when(at_site.chosen(), _wish())
    state = of.when(state, told.HearNobody(**BOTH, step=Step.BOOK_VISIT))

    for day, moved in ((at_site.DAY, True), (DAY, False)):
        agreed = of.answer(
            "agree",
            day=day,
            half=Half.MORNING,
            told_slot=at_site.slot(day),
            visit=at_site.visit_settled(day),
        )
        assert ("VisitsAskedAgain" in _names(decide(agreed, state))) is moved


def test_a_slot_that_was_refused_meanwhile_is_offered_from_that_day() -> None:
    state = of.when(at_site.chosen(), _wish())
    state = of.when(state, told.HearRefused(**BOTH, step=Step.BOOK_VISIT, code="TAKEN"))

    assert not at_site.open_access(state).opening.put_off


def test_the_plan_of_an_amendment_says_that_the_technician_comes_on_another_day() -> None:
    booked = at_site.open_access(at_site.booked())
    contract = data()

    later = effect_of_day(contract, booked, DAY, STORY)
    begun = effect_of_day(contract, booked, DAY, _begins(booked))

    assert "who was to come on Wednesday 20 January 2027 comes on another day" in later.en
    assert "nothing is put into service before it" in later.en
    assert "another day" not in begun.en
    assert "another day" not in effect_of_day(contract, booked, at_site.DAY, STORY).en


def _begins(access: Access) -> datetime:
    return at_site.visit(access).slot.begins


def test_a_slot_that_is_late_enough_for_a_third_wish_is_left() -> None:
    state = of.when(at_site.chosen(), _wish())

    assert at_site.open_access(state).opening.put_off
    assert not at_site.open_access(of.when(state, _wish(at_site.DAY))).opening.put_off
