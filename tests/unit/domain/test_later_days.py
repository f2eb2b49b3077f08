"""A later day asked by the customer of dedicated fibre: in time or not, too late, missed again."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import access_commands as told
from domain import works_commands as works
from domain.access import decide
from domain.access_amendment_rules import effect_of_day
from domain.access_changes import AccessAmended, AccessChange
from domain.access_facts import AccessPrices, OfferChosen, Plan, Technology
from domain.access_stages import Access, AccessState, DaysLost
from domain.access_states import evolve
from domain.attention import DecisionRefusedError
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed, DelaySettled
from domain.delay_rules import delay_missed, delay_settled
from domain.works_facts import (
    After,
    FieldFailure,
    Half,
    Party,
    Slot,
    VisitBooked,
    VisitFailed,
    VisitsAskedAgain,
    WorksFinished,
)
from domain.works_rules import start_of
from domain.works_settled import Lead, VisitGone
from tests.access_contracts import PARIS, data, internet
from tests.accesses import BOTH, SAID, answer, offer, ready, stage, when
from tests.porting import RULES, STORY

PLANNED = date(2027, 3, 22)
"""A Monday."""
LATER = date(2027, 4, 12)
PLAN = Plan(on=PLANNED, said=SAID, source="OfferChosen", binds=False)
IN_TIME = datetime(2027, 3, 11, 12, tzinfo=PARIS)
TOO_LATE = datetime(2027, 3, 12, 12, tzinfo=PARIS)
AGREED = CustomerDelayAgreed(was=PLANNED, day=LATER, first=PLANNED, in_time=True, because=SAID)
PRICES = AccessPrices(access_fee=Decimal("150.00"), monthly=Decimal("89.90"))


def _access(technology: Technology = Technology.DEDICATED_FIBRE, **changes: Any) -> Access:  # noqa: ANN401
    access = ready(wanted=(technology,), prices=PRICES)
    assert isinstance(access, Access)
    more: dict[str, Any] = {"plan": PLAN, "promise": PLAN, "promised_first": PLAN}
    more["chosen"] = OfferChosen(offer=offer(technology=technology), because=(SAID,))
    return access.model_copy(update={**more, **changes})


def _settled(wished: date = LATER, at: datetime = IN_TIME, **changes: Any) -> DelaySettled:  # noqa: ANN401
    found = delay_settled(internet(), _access(**changes), wished, at)
    assert found is not None
    return found


# what the contract says


def test_who_warns_in_time_has_another_day_at_no_cost() -> None:
    # « au moins sept (7) jours avant » (002:2376-2379): Thursday 11 March for Monday 22
    agreed = _settled().agreed

    assert agreed is not None
    assert (agreed.was, agreed.day, agreed.first, agreed.in_time) == (PLANNED, LATER, PLANNED, True)
    assert (agreed.billed_from, agreed.source) == (None, None)
    assert "002:2378" in agreed.because.en


def test_who_warns_too_late_is_billed_from_the_day_first_agreed() -> None:
    # « A défaut d'avoir averti … redevance mensuelle … initialement convenue » (002:2392-2396)
    agreed = _settled(at=TOO_LATE).agreed

    assert agreed is not None
    assert (agreed.in_time, agreed.billed_from, agreed.source) == (False, PLANNED, "002:2392-2396")


def test_of_a_further_delay_told_too_late_nothing_is_billed_that_was_told_in_time() -> None:
    moved = PLAN.model_copy(update={"on": LATER})
    more: dict[str, Any] = {"delays": (AGREED,), "promise": moved, "plan": moved}

    # « initialement convenue » (002:2395-2396), in the reading kinder to the customer
    agreed = _settled(date(2027, 4, 19), datetime(2027, 4, 8, 12, tzinfo=PARIS), **more).agreed

    assert agreed is not None
    assert (agreed.was, agreed.first, agreed.in_time) == (LATER, PLANNED, False)
    assert (agreed.billed_from, agreed.source) == (LATER, "002:2392-2396")
    assert "kept, less kind to the customer: from Monday 22 March 2027" in agreed.because.en


def test_beyond_two_months_the_order_is_cancelled_at_a_cost_that_is_shown() -> None:
    # « ne pouvant excéder de deux (2) mois » … « frais de résiliation anticipée » (002:2382-2387)
    delay = _settled(date(2027, 9, 1))

    assert delay.agreed is None
    assert any("002:2385-2387" in said.en for said in delay.said)


def test_two_months_are_counted_from_the_day_agreed_before_any_delay() -> None:
    moved = PLAN.model_copy(update={"on": LATER})
    more: dict[str, Any] = {"delays": (AGREED,), "promise": moved, "plan": moved}

    # 22 March and two months: 22 May (002:2382-2384)
    last = _settled(date(2027, 5, 22), **more).agreed

    assert last is not None
    assert (last.was, last.first) == (LATER, PLANNED)
    assert _settled(date(2027, 5, 23), **more).agreed is None


@pytest.mark.parametrize(
    ("wished", "changes"),
    [
        (None, {}),
        (PLANNED, {}),
        (date(2027, 3, 1), {}),
        (LATER, {"plan": None}),
        (LATER, {"promise": PLAN.model_copy(update={"on": LATER})}),
    ],
)
def test_no_later_day_than_the_one_agreed_is_no_delay(
    wished: date | None, changes: dict[str, Any]
) -> None:
    assert delay_settled(internet(), _access(**changes), wished, IN_TIME) is None


def test_a_plan_nobody_promised_is_delayed_like_any_other() -> None:
    agreed = _settled(promise=None).agreed

    assert agreed is not None
    assert agreed.was == PLANNED


def test_elsewhere_it_is_a_wish_like_any_other() -> None:
    # decision 42: Technicophone's dedicated fibre alone
    assert delay_settled(internet(), _access(Technology.FTTH), LATER, TOO_LATE) is None
    assert delay_settled(data(), _access(), LATER, TOO_LATE) is None


def test_the_plan_of_an_amendment_says_what_a_later_day_comes_to() -> None:
    agreed = effect_of_day(internet(), _access(), LATER, TOO_LATE)
    elsewhere = effect_of_day(internet(), _access(Technology.FTTH), LATER, TOO_LATE)

    assert "the monthly fee runs from the day first agreed" in agreed.en
    with pytest.raises(DecisionRefusedError, match=r"longest delay.*002:2385-2387.*or cancel"):
        effect_of_day(internet(), _access(), date(2027, 9, 1), IN_TIME)
    assert "monthly fee" not in elsewhere.en


# what follows


GONE = VisitGone(late=True, fees=(), because=SAID)


def _amend(delay: DelaySettled | None, **changes: Any) -> told.AmendAccess:  # noqa: ANN401
    fields: dict[str, Any] = {
        **BOTH,
        "by": "the customer",
        "change": AccessChange(wished=LATER),
        "needs": None,
        "needs_until": STORY + timedelta(days=7),
        "delay": delay,
        "gone": GONE,
    }
    return told.AmendAccess(**{**fields, **changes})


def _visited(on: date = PLANNED) -> AccessState:
    state: AccessState = _access()
    slot = Slot(day=on, half=Half.MORNING, begins=STORY, ends=STORY, reference="S-1")
    booked = VisitBooked(
        reference="V-1", slot=slot, free_until=None, remind_at=STORY, report_by=STORY
    )
    for event in (WorksFinished(done_at=STORY, visit=True), booked):
        state = evolve(state, event)
    return state


DELAY = DelaySettled(agreed=AGREED, said=(SAID,))
OVER = DelaySettled(agreed=None, said=(SAID,))


def test_a_later_day_is_agreed_beside_the_amendment() -> None:
    found = decide(_amend(DELAY), _access())

    assert [type(event) for event in found] == [AccessAmended, CustomerDelayAgreed]
    after = when(_access(), _amend(DELAY))
    assert isinstance(after, Access)
    assert (after.delays, after.terms.wished) == ((AGREED,), LATER)


def test_whoever_was_to_come_before_it_comes_on_another_day() -> None:
    found = decide(_amend(DELAY), _visited())

    again = found[-1]
    assert isinstance(again, VisitsAskedAgain)
    assert (again.not_before, again.by, again.late) == (LATER, Party.CUSTOMER, True)
    assert stage(when(_visited(), _amend(DELAY))) == "booking-visit"


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (_visited(LATER), {}),
        (_visited(), {"gone": None}),
        (_visited(), {"change": AccessChange(wished=LATER, down_kbps=2_000_000)}),
    ],
)
def test_a_visit_that_may_stay_or_goes_otherwise_is_left_alone(
    state: AccessState, changes: dict[str, Any]
) -> None:
    found = decide(_amend(DELAY, **changes), state)

    assert not any(isinstance(event, VisitsAskedAgain) for event in found)
    assert AGREED in found


def test_a_day_later_than_the_contract_lets_it_be_is_refused_with_what_is_left() -> None:
    with pytest.raises(DecisionRefusedError, match="ask for a day until then, or cancel"):
        decide(_amend(OVER), _access())


def test_where_an_agreement_is_needed_it_follows_from_that() -> None:
    waiting = when(_access(), _amend(DELAY, needs=SAID))

    agreed = decide(answer("agree", delay=DELAY), waiting)

    assert agreed[-1] == AGREED
    with pytest.raises(DecisionRefusedError, match="or cancel"):
        decide(answer("agree", delay=OVER), waiting)


# missed again


def test_who_is_not_there_on_the_new_day_is_billed_from_five_days_after_it() -> None:
    # « En cas de non-respect de la nouvelle Date … cinq (5) jours calendaires suivant »
    # (002:2389-2392)
    access = _visited(LATER)
    assert isinstance(access, Access)
    delayed = access.model_copy(update={"delays": (AGREED,)})

    missed = delay_missed(internet(), delayed, Party.CUSTOMER)

    assert missed is not None
    assert (missed.day, missed.billed_from, missed.source) == (
        LATER,
        date(2027, 4, 17),
        "002:2390-2392",
    )
    again = delayed.model_copy(update={"delays_missed": (missed,)})
    assert delay_missed(internet(), again, Party.CUSTOMER) is None
    assert delay_missed(internet(), delayed, Party.OPERATOR) is None
    assert delay_missed(internet(), access, Party.CUSTOMER) is None
    early = _visited()
    assert isinstance(early, Access)
    before = early.model_copy(update={"delays": (AGREED,)})
    assert delay_missed(internet(), before, Party.CUSTOMER) is None


def _put_off(upto: date) -> DaysLost:
    return DaysLost(upto=upto, said=SAID)


def test_who_could_not_keep_the_new_day_because_of_others_is_not_billed_for_it() -> None:
    access = _visited(date(2027, 5, 3))
    assert isinstance(access, Access)
    delayed = access.model_copy(update={"delays": (AGREED,), "days_lost": _put_off(LATER)})

    slipped = delayed.model_copy(update={"days_lost": _put_off(date(2027, 5, 3))})

    assert delay_missed(internet(), slipped, Party.CUSTOMER) is None
    assert delay_missed(internet(), delayed, Party.CUSTOMER) is not None


def test_it_is_counted_from_the_day_somebody_came_and_said_once() -> None:
    # « dans un délai de cinq (5) jours calendaires suivant la nouvelle date » (002:2390-2392)
    access = _visited(date(2027, 4, 14))
    assert isinstance(access, Access)
    delayed = access.model_copy(update={"delays": (AGREED,)})

    missed = delay_missed(internet(), delayed, Party.CUSTOMER)

    assert missed is not None
    assert (missed.day, missed.billed_from) == (date(2027, 4, 14), date(2027, 4, 19))
    again = delayed.model_copy(update={"delays_missed": (missed,)})
    assert delay_missed(internet(), again, Party.CUSTOMER) is None


def test_it_is_a_fact_beside_the_visit_that_failed_and_bills_before_service() -> None:
    missed = CustomerDelayMissed(
        day=LATER, billed_from=date(2027, 4, 17), source="002:2390-2392", because=SAID
    )
    failed = works.ReportVisitFailed(
        **BOTH,
        source="orange",
        message_key="m-1",
        reference="V-1",
        failure=FieldFailure.CUSTOMER_ABSENT,
        code="ABSENT",
        failed_at=STORY,
        lead=Lead(after=After.VISIT, by=Party.CUSTOMER, because=SAID),
        lost=None,
        missed_again=missed,
    )

    found = decide(failed, _visited(LATER))
    state = when(_visited(LATER), failed)

    assert [type(event) for event in found] == [VisitFailed, CustomerDelayMissed]
    assert isinstance(state, Access)
    start = start_of(RULES, state, datetime(2027, 5, 3, 10, tzinfo=PARIS))
    assert (start.billing.on, start.billing.before_service, start.billing.source) == (
        date(2027, 4, 17),
        True,
        "002:2390-2392",
    )


def test_of_a_delay_told_too_late_it_is_billed_from_the_first_day_and_no_sooner() -> None:
    late = _settled(at=TOO_LATE)
    state = when(_access(), _amend(late))

    assert isinstance(state, Access)
    start = start_of(RULES, state, datetime(2027, 4, 12, 10, tzinfo=PARIS))
    assert (start.billing.on, start.billing.source) == (PLANNED, "002:2392-2396")
    in_time = when(_access(), _amend(_settled()))
    assert isinstance(in_time, Access)
    usual = start_of(RULES, in_time, datetime(2027, 4, 12, 10, tzinfo=PARIS))
    assert not usual.billing.before_service
