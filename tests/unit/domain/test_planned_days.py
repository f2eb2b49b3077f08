"""The planned day of a site by its works: put off, and brought forward again; never without why.

It was planned for Friday 29 January 2027 before any milestone.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import works_commands as works
from domain import works_rules
from domain.access_changes import AccessAmended, AccessChange
from domain.access_facts import DeliveryPlanned, Plan
from domain.access_promises import BY_MILESTONE
from domain.access_stages import Access, Opening
from domain.access_states import evolve
from domain.port_in_facts import Step
from domain.said import Said
from domain.works_facts import Milestone
from tests import accesses as of
from tests import works as at_site
from tests.accesses import SAID
from tests.porting import STORY

BEFORE = date(2027, 1, 29)
LATE, LESS_LATE = date(2027, 2, 18), date(2027, 2, 3)


def _planned(access: Access, on: date, source: str = "OfferChosen") -> Access:
    plan = Plan(on=on, said=SAID, source=source, binds=False)
    return at_site.open_access(evolve(access, DeliveryPlanned(plan=plan)))


def _building(before: date | None = BEFORE, wished: date | None = None) -> Access:
    access = at_site.open_access(at_site.building(wished=wished))
    return access if before is None else _planned(access, before)


def _told(access: Access, expected: date | None) -> Access:
    """Where the operator's word about its works leads."""
    milestone = works.ReportMilestone(
        **at_site.told_of(access, Step.BUILD_ACCESS),
        milestone=Milestone.CABLING,
        passed_at=STORY,
        expected=expected,
        until=at_site.AFTER_IT,
        plan=works_rules.milestone_plan(access, expected),
    )
    return at_site.open_access(of.when(access, milestone))


def _plan(access: Access) -> Plan:
    assert access.plan is not None
    return access.plan


def test_a_plan_that_a_milestone_put_off_comes_forward_with_the_end_of_the_works() -> None:
    access = _told(_told(_building(), LATE), LESS_LATE)

    plan = _plan(access)
    assert (plan.on, plan.source, plan.binds) == (LESS_LATE, BY_MILESTONE, False)
    assert plan.said == Said(
        fr="la fin des travaux, plus tôt que l'opérateur ne l'avait dit",
        en="the end of the works, sooner than the operator had said",
    )


def test_it_comes_forward_no_further_than_the_day_that_was_planned_before() -> None:
    access = _told(_told(_building(), LATE), date(2027, 1, 18))

    assert _plan(access).on == BEFORE
    assert _plan(access).said.en == (
        "the works end sooner than the operator had said: the day of before stands again"
    )
    assert _told(access, date(2027, 1, 12)).plan == _plan(access)


def test_it_comes_forward_no_further_than_the_day_the_customer_wished() -> None:
    wished = date(2027, 2, 10)

    access = _told(_told(_building(wished=wished), LATE), LESS_LATE)

    assert _plan(access).on == wished
    assert _plan(access).said.en == (
        "the works end sooner than the operator had said: the day first told"
    )


def test_what_was_planned_before_is_known_through_several_milestones() -> None:
    later = _told(_told(_building(), LESS_LATE), LATE)

    assert later.opening.put_off_from == _plan(_building())
    assert _plan(_told(later, date(2027, 1, 15))).on == BEFORE


def test_a_site_first_planned_by_its_works_keeps_the_day_it_was_told() -> None:
    access = _told(_told(_building(None), LATE), LESS_LATE)

    assert (_plan(access).on, access.opening.put_off_from) == (LATE, None)


@pytest.mark.parametrize("source", ["OfferChosen", "ChangesBinding", "VisitBooked", "002:2264"])
def test_a_day_that_something_else_planned_is_not_brought_forward(source: str) -> None:
    access = _planned(_told(_building(), LATE), LATE, source)

    assert access.opening.put_off_from is None
    assert works_rules.milestone_plan(access, LESS_LATE) is None


def test_a_visit_that_is_booked_keeps_its_day() -> None:
    late = _told(_building(), LATE)
    visit = at_site.visit(at_site.booked())
    booked = late.model_copy(
        update={"opening": Opening(visit=visit, put_off_from=late.opening.put_off_from)}
    )

    assert works_rules.milestone_plan(booked, LESS_LATE) is None
    assert works_rules.milestone_plan(late, LESS_LATE) is not None


ENDS = st.none() | st.dates(date(2027, 1, 10), date(2027, 6, 30))


@given(
    told=st.lists(ENDS, max_size=12),
    before=st.none() | st.just(BEFORE),
    wished=st.none() | st.dates(date(2027, 1, 10), date(2027, 4, 30)),
)
@settings(max_examples=150, deadline=None)
def test_no_day_is_revised_without_a_reason_nor_before_the_works_or_the_day_first_told(
    told: list[date | None], before: date | None, wished: date | None
) -> None:
    access = _building(before, wished)
    for expected in told:
        was, access = access, _told(access, expected)
        plan = access.plan
        if plan == was.plan:
            continue
        assert plan is not None
        assert expected is not None
        assert all((plan.said.fr, plan.said.en, plan.source))
        assert plan.on >= expected
        sooner = was.plan is not None and plan.on < was.plan.on
        stood = [day for day in (wished, before) if day is not None]
        assert not sooner or plan.on >= max(stood, default=plan.on)


def test_it_comes_forward_no_further_than_a_wish_that_is_later_than_the_day_first_told() -> None:
    """Given a later wish, when works end long before it, then the day planned is the day wished:
    nothing opens sooner."""
    wished = date(2027, 6, 1)
    late = _told(_building(), date(2027, 5, 1))
    change = AccessChange(wished=wished)
    asked = AccessAmended(by="x", change=change, anew=None, gives_back=False, because=())
    later = _told(at_site.open_access(evolve(late, asked)), date(2027, 7, 1))
    assert later.promised_first is not None
    assert later.promised_first.on == date(2027, 3, 1)

    plan = _plan(_told(later, date(2027, 3, 10)))

    assert plan.on == wished
    assert plan.said.en == (
        "the works end sooner than the operator had said: the day the customer wishes"
    )
