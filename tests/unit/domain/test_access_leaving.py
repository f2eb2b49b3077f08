"""A delivery that takes too long: from which day on the customer may leave is a fact of its own."""

from datetime import date, timedelta
from decimal import Decimal

from domain import access_commands as told
from domain.access import decide
from domain.access_awaited import awaited_by, due_of, wakes_by
from domain.access_delays import right_to_leave
from domain.access_stages import Access, AccessState
from domain.contract_values import ChoiceValue, ContractUnit, DurationValue
from domain.delay_facts import MayLeave, RightToLeaveArose
from domain.port_in_facts import Step
from tests import accesses as of
from tests.access_contracts import data, internet, ordered_with
from tests.accesses import BOTH, SAID
from tests.porting import STORY, paris

SINCE = paris("2027-04-04T00:00:00")  # twelve weeks of Saturday 9 January (000:430)
MAY_LEAVE = MayLeave(since=SINCE, source="000:430", said=(SAID,))
LATER = SINCE + timedelta(minutes=1)


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _waiting() -> AccessState:
    """Built for, and its operator says nothing."""
    return of.asked(of.ready(may_leave=MAY_LEAVE), Step.BUILD_ACCESS, at=STORY)


def _passes(**changes: object) -> told.PassTime:
    return told.PassTime.model_validate({"decided_at": LATER, "answer_by": LATER, **changes})


def test_its_day_comes_with_the_order_where_the_contract_counts_it_from_there() -> None:
    # « si ce délai excède douze (12) semaines » (000:430), for any delivery (decision 41)
    right = right_to_leave(data(), date(2027, 1, 9))

    assert right is not None
    assert (right.since, right.source) == (SINCE, "000:430")
    assert "(000:428-430)" in " ".join(one.en for one in right.said)
    assert right_to_leave(internet(), date(2027, 1, 9)) is None


def test_a_right_for_migrations_or_from_another_day_comes_with_no_order() -> None:
    narrow = ordered_with(data(), cancel_long__delay__scope=ChoiceValue(value="migration-only"))
    planned = DurationValue(amount=Decimal(12), unit=ContractUnit.WEEK, anchor="planned-delivery")
    moving = ordered_with(data(), cancel_long__delay=planned)

    assert right_to_leave(narrow, date(2027, 1, 9)) is None
    assert right_to_leave(moving, date(2027, 1, 9)) is None


def test_its_day_is_awaited_beside_what_is_waited_for_and_makes_nobody_late() -> None:
    alone = of.checking(may_leave=MAY_LEAVE)

    awaited = awaited_by(_open(alone))

    assert awaited is not None
    assert (awaited.until, awaited.appointment) == (SINCE, False)
    assert awaited.what.en == "the day from which the customer may leave (000:430)"
    assert wakes_by(_open(alone)) == awaited
    assert due_of(_open(alone)) is None


def test_on_that_day_it_is_a_fact_once_and_nothing_stands_still() -> None:
    state = _waiting()

    assert decide(_passes(decided_at=SINCE - timedelta(minutes=1)), state) == ()
    assert decide(_passes(), state) == (RightToLeaveArose(since=SINCE, said=(SAID,)),)
    after = _open(of.when(state, _passes()))
    assert (after.leave_open, after.blocked, after.attentions) == (True, False, ())
    assert decide(_passes(), after) == ()


def test_it_arises_while_the_order_is_suspended() -> None:
    until = LATER + timedelta(days=9)
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=until)

    found = decide(_passes(), of.when(_waiting(), hold))

    assert found == (RightToLeaveArose(since=SINCE, said=(SAID,)),)


def test_what_works_or_is_given_back_gives_no_right_any_more() -> None:
    works = of.in_service(of.ready(may_leave=MAY_LEAVE))
    back = of.when(_waiting(), of.cancellation())

    for state in (works, back, of.asked(of.ready(), Step.BUILD_ACCESS, at=STORY)):
        assert decide(_passes(), state) == ()
        assert not _open(state).leave_open
