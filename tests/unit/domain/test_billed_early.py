"""Billed before service: by a named clause alone, and never for days that the operator lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_changes import AccessAmended, AccessChange
from domain.attention import DecisionKind
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed
from domain.event import Event
from domain.works_facts import After, Party
from tests import works as at_site
from tests.porting import RULES
from tests.unit.domain.test_access_properties import FORWARD
from tests.works_walks import (
    ASK,
    CHOSEN,
    TO_SERVICE,
    Make,
    absent,
    booked,
    commissioned,
    decision,
    delayed,
    failed,
    late_at_site,
    moved_on,
    offered_after,
    slipped,
    stopped,
    stories,
    story_of,
    visit_of,
)

RUN = settings(max_examples=120, deadline=None)


Named = fields.SiteNotReady | CustomerDelayAgreed | CustomerDelayMissed


def _since(history: list[Event]) -> set[tuple[date, str]]:
    """By each clause that was named, the day it has it billed from; or the latest its operator put
    it off to, by works or a visit it moved."""
    named = [one for one in history if isinstance(one, Named)]
    slipped = date.min
    for event, after in zip(history, [*history[1:], None], strict=True):
        match event:
            case AccessAmended(change=AccessChange(place=place)) if place is not None:
                slipped = date.min
            case fields.MilestonePassed(expected=expected) if expected is not None:
                slipped = max(slipped, expected)
            case fields.VisitMoved(by=Party.OPERATOR, to=to):
                planned = isinstance(after, facts.DeliveryPlanned)
                slipped = max(slipped, to.slot.day) if planned else slipped
            case _:
                pass
    return {
        (max(one.billed_from, slipped), one.source)
        for one in named
        if one.billed_from is not None and one.source is not None
    }


def _billed(history: list[Event]) -> fields.BillingStarted | None:
    """Service, billing and commitment begin once, and together."""
    started = [e for e in history if isinstance(e, facts.ServiceStarted)]
    billed = [e for e in history if isinstance(e, fields.BillingStarted)]
    committed = [e for e in history if isinstance(e, fields.CommitmentStarted)]
    assert len(started) == len(billed) == len(committed) <= 1
    for service, one in zip(started, billed, strict=True):
        assert one.before_service is (one.on < RULES.local(service.started_at).date())
    return next(iter(billed), None)


BOOKED = TO_SERVICE[: len(FORWARD) + 7]
AGAIN: tuple[Make, ...] = (ASK, offered_after(0), CHOSEN, ASK, booked(as_chosen=True))
SERVED: tuple[Make, ...] = (
    lambda state: at_site.visit_kept(visit_of(state)),
    ASK,
    commissioned(passed=True),
)
AT_WORKS = len(FORWARD) + 1
DURING_WORKS: tuple[tuple[Make, ...], ...] = (
    (slipped(20),),
    (slipped(-5),),
    (delayed(10, in_time=True),),
    (delayed(30, in_time=False),),
    (stopped(After.NETWORK_CHECK), ASK),
)
DURING_VISITS: tuple[tuple[Make, ...], ...] = (
    (moved_on(14),),
    (absent, *AGAIN),
    (lambda state: at_site.visit_missed(visit_of(state)), *AGAIN),
    (delayed(10, in_time=True), *AGAIN),
    (delayed(30, in_time=False), *AGAIN),
    (failed(After.VISIT_ONCE_READY), decision(DecisionKind.AGREE), *AGAIN),
)
served_late = st.builds(
    lambda works_on, visits: [
        *TO_SERVICE[:AT_WORKS],
        *(one for chunk in works_on for one in chunk),
        *BOOKED[AT_WORKS:],
        *(one for chunk in visits for one in chunk),
        *SERVED,
    ],
    st.lists(st.sampled_from(DURING_WORKS), max_size=3),
    st.lists(st.sampled_from(DURING_VISITS), max_size=4),
)
"""Days that move, whoever moves them, on the way to service."""


@given(stories | served_late)
@RUN
def test_nobody_is_billed_before_service_but_by_a_named_clause_nor_for_days_the_operator_lost(
    makes: list[Make],
) -> None:
    history = story_of(makes).history

    one = _billed(history)

    since = _since(history)
    if one is not None and one.before_service:
        assert any(one.on >= day and one.source == source for day, source in since)


@pytest.mark.parametrize(
    ("makes", "billed", "source"),
    [
        # its site was not ready: FIRST_DAY, but nobody could come before Wednesday 20 January
        ((), date(2027, 1, 20), "000:1017-1020"),
        # planned for 20 January, put off too late to 19 February
        ((delayed(30, in_time=False), *AGAIN), date(2027, 1, 20), "002:2392-2396"),
        # to 19 February, where its operator moves it to 5 March
        (
            (delayed(30, in_time=False), *AGAIN, moved_on(14)),
            date(2027, 3, 5),
            "002:2392-2396",
        ),
        # in time to 30 January, and nobody is there on it
        (
            (delayed(10, in_time=True), *AGAIN, absent, *AGAIN),
            date(2027, 2, 4),
            "002:2390-2392",
        ),
    ],
)
def test_the_walks_come_to_what_each_clause_bills_before_service(
    makes: tuple[Make, ...], billed: date, source: str
) -> None:
    late = (late_at_site,) if not makes else ()

    history = story_of([*BOOKED, *late, *makes, *SERVED]).history

    one = _billed(history)
    assert one is not None
    assert (one.on, one.before_service, one.source) == (billed, True, source)
