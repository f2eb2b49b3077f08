"""Whose doing it is that an access is late, day by day: a default of ours, no contract says.

It was first told for Friday 29 January 2027.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_changes import AccessAmended, AccessChange, Anew, Place
from domain.access_facts import Plan, Site
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    Turn,
)
from domain.event import Event
from domain.lateness_shares import whose_days
from domain.personal import Personal
from domain.port_in_facts import OperatorRefused, Step
from domain.works_facts import After, FieldFailure, Party
from tests.access_contracts import internet
from tests.accesses import ADDRESS, COMMUNE, ORANGE, SAID, site_terms
from tests.porting import STORY, paris
from tests.visits import BOOKED, SLOT

FIRST = date(2027, 1, 29)
CUSTOMER, OPERATOR, PROVIDER = Party.CUSTOMER, Party.OPERATOR, Party.PROVIDER
Told = tuple[str, Event]


def _opened(wished: date | None = None) -> Told:
    return "2027-01-09", facts.AccessOpened(terms=site_terms(wished=wished), gates=())


def _planned(on: str, source: str = "OfferChosen", *, binds: bool = False) -> facts.DeliveryPlanned:
    plan = Plan(on=date.fromisoformat(on), said=SAID, source=source, binds=binds)
    return facts.DeliveryPlanned(plan=plan)


def _visit_on(day: str) -> facts.DeliveryPlanned:
    return _planned(day, "VisitBooked")


FROM_THE_OFFER: tuple[Told, ...] = (_opened(), ("2027-01-10", _planned("2027-01-29")))


def _shares(*told: Told, started: str, first: date = FIRST) -> dict[Party | None, int]:
    found = whose_days(
        [(paris(f"{day}T10:00"), event) for day, event in told],
        first=first,
        started=date.fromisoformat(started),
        local=internet().reckoning.instant_of,
    )
    assert sum(one.days for one in found) == max(0, (date.fromisoformat(started) - first).days)
    return {one.by: one.days for one in found}


def _failed(by: Party | None) -> fields.VisitFailed:
    return fields.VisitFailed(
        reference="V-1",
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
        after=After.VISIT,
        by=by,
        because=SAID,
    )


def _missed(by: Party) -> fields.VisitMissed:
    return fields.VisitMissed(reference="V-1", by=by, code="X", told_at=STORY, because=SAID)


def _moved(by: Party) -> fields.VisitMoved:
    return fields.VisitMoved(reference="V-1", by=by, to=BOOKED, because=SAID)


def _stopped(by: Party | None) -> fields.WorksStopped:
    return fields.WorksStopped(
        failure=FieldFailure.OTHER,
        code="X",
        stopped_at=STORY,
        after=After.STUDY,
        by=by,
        because=SAID,
    )


def _other_days(by: Party = CUSTOMER, not_before: date | None = None) -> fields.VisitsAskedAgain:
    return fields.VisitsAskedAgain(not_before=not_before, by=by, because=SAID)


def _offered(*days: str) -> fields.VisitsOffered:
    slots = (SLOT.model_copy(update={"day": date.fromisoformat(day)}) for day in days)
    return fields.VisitsOffered(slots=tuple(slots))


def _tested(*, passed: bool) -> fields.Commissioned:
    return fields.Commissioned(tested_at=STORY, tests=(), passed=passed, because=SAID)


def _held() -> facts.AccessHeld:
    return facts.AccessHeld(until=paris("2027-03-01T00:00"), by="b", reason="r")


def _raised(code: str, turn: Turn = Turn.CUSTOMER, *, blocks: bool = True) -> AttentionRaised:
    attention = Attention(
        code=code, what=SAID, since=STORY, until=STORY, turn=turn, allowed=(), blocks=blocks
    )
    return AttentionRaised(attention=attention)


def _gone_up(code: str) -> AttentionMoved:
    return AttentionMoved(code=code, until=STORY, turn=Turn.SUPERVISOR, why=SAID)


def _amended(**changes: Any) -> AccessAmended:  # noqa: ANN401
    anew = changes.pop("anew", None)
    change = AccessChange(**changes)
    return AccessAmended(by="b", change=change, anew=anew, gives_back=False)


def _elsewhere() -> Place:
    address = Personal(subject=site_terms().site.address.subject, value=ADDRESS)
    return Place(site=Site(commune=COMMUNE, address=address), site_digest="e" * 64)


WITHDREW = facts.SupplierWithdrew(operator=ORANGE, code="END", told_at=STORY)

# in time, or nothing known


def test_an_access_in_time_has_no_days_to_put_down() -> None:
    assert _shares(*FROM_THE_OFFER, started="2027-01-29") == {}
    assert _shares(*FROM_THE_OFFER, started="2027-01-20") == {}


def test_days_nobody_had_it_put_off_by_are_nobodys_by_name() -> None:
    assert _shares(*FROM_THE_OFFER, started="2027-02-03") == {None: 5}
    assert _shares(started="2027-02-03") == {None: 5}


# a revision is put down to whoever caused it


@pytest.mark.parametrize(
    ("because", "planned", "whose"),
    [
        ((), _planned("2027-02-05", "MilestonePassed"), OPERATOR),
        ((), _planned("2027-02-05", "ChangesBinding"), OPERATOR),
        ((), _planned("2027-02-05", "002:2264"), OPERATOR),
        ((), _visit_on("2027-02-05"), OPERATOR),
        ((), _planned("2027-02-05"), None),
        ((WITHDREW,), _planned("2027-02-05"), OPERATOR),
        ((_failed(CUSTOMER),), _visit_on("2027-02-05"), CUSTOMER),
        ((_failed(OPERATOR),), _visit_on("2027-02-05"), OPERATOR),
        ((_missed(OPERATOR),), _visit_on("2027-02-05"), OPERATOR),
        ((_missed(PROVIDER),), _visit_on("2027-02-05"), PROVIDER),
        ((_moved(OPERATOR),), _visit_on("2027-02-05"), OPERATOR),
        ((_other_days(), _moved(CUSTOMER)), _visit_on("2027-02-05"), CUSTOMER),
        ((_other_days(OPERATOR),), _visit_on("2027-02-05"), OPERATOR),
        ((_stopped(CUSTOMER),), _visit_on("2027-02-05"), CUSTOMER),
        ((_stopped(None),), _planned("2027-02-05", "ChangesBinding"), None),
        (
            (_amended(down_kbps=1, anew=Anew.ELIGIBILITY),),
            _planned("2027-02-05"),
            CUSTOMER,
        ),
    ],
)
def test_a_day_that_is_put_off_is_put_down_to_whoever_had_it_put_off(
    because: tuple[Event, ...], planned: Event, whose: Party | None
) -> None:
    happened = [("2027-01-20", event) for event in (*because, planned)]

    assert _shares(*FROM_THE_OFFER, *happened, started="2027-02-05") == {whose: 7}


def test_each_revision_has_its_own_cause_and_what_follows_the_last_is_nobodys() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-20", _planned("2027-02-10", "MilestonePassed")),
        ("2027-02-10", _failed(CUSTOMER)),
        ("2027-02-10", _visit_on("2027-02-15")),
        ("2027-02-15", _missed(PROVIDER)),
        ("2027-02-15", _visit_on("2027-02-17")),
        started="2027-02-20",
    )

    assert found == {OPERATOR: 12, CUSTOMER: 5, PROVIDER: 2, None: 3}


def test_what_fails_after_the_last_plan_is_put_down_too() -> None:
    tested = ("2027-01-29", _tested(passed=False))

    assert _shares(*FROM_THE_OFFER, tested, started="2027-02-02") == {OPERATOR: 4}
    passed = ("2027-01-29", _tested(passed=True))
    assert _shares(*FROM_THE_OFFER, passed, started="2027-02-02") == {None: 4}


def test_a_wish_nobody_could_keep_is_late_by_nobodys_doing() -> None:
    wished = date(2027, 1, 15)

    found = _shares(
        _opened(wished), ("2027-01-10", _planned("2027-01-29")), started="2027-01-29", first=wished
    )

    assert found == {None: 14}


def test_days_lost_before_the_day_first_told_are_no_days_late() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-11", _visit_on("2027-01-20")),
        ("2027-01-20", _failed(CUSTOMER)),
        ("2027-01-20", _visit_on("2027-01-27")),
        ("2027-01-27", _missed(OPERATOR)),
        ("2027-01-27", _visit_on("2027-02-01")),
        started="2027-02-01",
    )

    assert found == {OPERATOR: 3}


def test_what_a_sooner_plan_takes_back_is_nobodys_any_more() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", _planned("2027-02-18", "MilestonePassed")),
        ("2027-01-14", _planned("2027-02-03", "MilestonePassed")),
        ("2027-02-03", _failed(CUSTOMER)),
        ("2027-02-03", _visit_on("2027-02-08")),
        started="2027-02-08",
    )

    assert found == {OPERATOR: 5, CUSTOMER: 5}


def test_what_was_put_off_further_than_it_started_counts_up_to_the_start() -> None:
    later = ("2027-01-12", _planned("2027-03-01", "MilestonePassed"))

    assert _shares(*FROM_THE_OFFER, later, started="2027-02-01") == {OPERATOR: 3}


def test_what_comes_after_the_day_it_works_changes_nothing() -> None:
    """A person says later since when."""
    after = (
        ("2027-02-03", _failed(CUSTOMER)),
        ("2027-02-03", _visit_on("2027-02-10")),
    )

    assert _shares(*FROM_THE_OFFER, *after, started="2027-02-01") == {None: 3}


# days for which the customer, or we, were waited for


def test_a_suspension_on_request_comes_first_and_the_operator_has_the_rest() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", _held()),
        ("2027-01-22", facts.AccessTakenUp()),
        ("2027-01-25", _visit_on("2027-02-12")),
        started="2027-02-12",
    )

    assert found == {CUSTOMER: 10, OPERATOR: 4}


@pytest.mark.parametrize(
    "question",
    [
        _raised("gates", blocks=False),
        _raised("cuts"),
        _raised("study-changes"),
        _raised("quote"),
        _raised("site-not-ready"),
    ],
)
def test_papers_consents_quotes_and_a_site_to_be_ready_are_waited_for_at_the_customers(
    question: AttentionRaised,
) -> None:
    code = question.attention.code
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", question),
        ("2027-01-14", _gone_up(code)),
        ("2027-01-17", AttentionCleared(code=code)),
        ("2027-01-17", _planned("2027-02-05", "ChangesBinding")),
        started="2027-02-05",
    )

    assert found == {CUSTOMER: 5, OPERATOR: 2}


@pytest.mark.parametrize(
    "question",
    [
        _raised("visit-slots"),
        _raised("site-readiness", blocks=False),
        _raised("operator-silent", Turn.OPERATIONS),
        _raised("refusal-due", Turn.SUPERVISOR, blocks=False),
    ],
)
def test_a_question_that_holds_nothing_up_or_is_in_its_time_is_put_down_to_nobody(
    question: AttentionRaised,
) -> None:
    found = _shares(*FROM_THE_OFFER, ("2027-01-12", question), started="2027-02-05")

    assert found == {None: 7}


def test_days_that_wait_twice_are_counted_once() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", _held()),
        ("2027-01-14", _raised("quote")),
        ("2027-01-14", _raised("field-failure", Turn.SUPERVISOR)),
        ("2027-01-16", facts.AccessTakenUp()),
        ("2027-01-18", AttentionCleared(code="quote")),
        ("2027-01-19", AttentionCleared(code="field-failure")),
        ("2027-01-20", _planned("2027-02-08", "ChangesBinding")),
        started="2027-02-08",
    )

    assert found == {CUSTOMER: 6, PROVIDER: 1, OPERATOR: 3}


def test_a_question_of_ours_counts_from_the_day_it_went_up_unanswered() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-29", _raised("field-failure", Turn.OPERATIONS)),
        ("2027-02-01", _gone_up("field-failure")),
        started="2027-02-04",
    )

    assert found == {PROVIDER: 3, None: 3}


def test_what_waited_before_a_plan_that_still_holds_has_put_nothing_off() -> None:
    found = _shares(
        _opened(),
        ("2027-01-09", _raised("gates", blocks=False)),
        ("2027-01-19", AttentionCleared(code="gates")),
        ("2027-01-19", _planned("2027-01-29")),
        ("2027-01-20", _planned("2027-02-05", "MilestonePassed")),
        started="2027-02-05",
    )

    assert found == {OPERATOR: 7}


def test_nobody_is_waited_for_longer_than_it_was_put_off() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", _held()),
        ("2027-01-28", facts.AccessTakenUp()),
        ("2027-01-28", _visit_on("2027-02-02")),
        started="2027-02-02",
    )

    assert found == {CUSTOMER: 4}


# slots


def test_a_slot_later_than_the_soonest_is_the_customers_choice() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-20", _offered("2027-02-01", "2027-02-02")),
        ("2027-01-21", _other_days(not_before=date(2027, 2, 8))),
        ("2027-01-22", _offered("2027-02-09")),
        ("2027-01-23", _visit_on("2027-02-09")),
        started="2027-02-09",
    )

    assert found == {OPERATOR: 3, CUSTOMER: 8}


def test_an_operator_without_a_slot_is_not_the_customers_doing_whoever_asks_again() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-20", _offered()),
        ("2027-01-21", _other_days(not_before=date(2027, 2, 1))),
        ("2027-01-22", _offered("2027-02-05")),
        ("2027-01-23", _visit_on("2027-02-05")),
        started="2027-02-05",
    )

    assert found == {OPERATOR: 7}


def test_a_slot_its_operator_refuses_was_never_to_be_had() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-20", _offered("2027-01-29")),
        ("2027-01-21", OperatorRefused(step=Step.BOOK_VISIT, code="TAKEN")),
        ("2027-01-22", _offered("2027-02-03")),
        ("2027-01-23", _visit_on("2027-02-03")),
        started="2027-02-03",
    )

    assert found == {OPERATOR: 5}


def test_slots_nobody_chooses_from_in_time_are_the_customers_from_then_on() -> None:
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-20", _offered("2027-01-27")),
        ("2027-01-20", _raised("visit-slots")),
        ("2027-01-24", _gone_up("visit-slots")),
        ("2027-01-27", AttentionCleared(code="visit-slots")),
        ("2027-01-27", _other_days()),
        ("2027-01-27", _offered("2027-02-05")),
        ("2027-01-28", _visit_on("2027-02-05")),
        started="2027-02-05",
    )

    assert found == {CUSTOMER: 7}


# another wish, another place


def test_another_wish_is_the_day_first_told_and_what_was_lost_before_is_not_of_it() -> None:
    wished = date(2027, 3, 1)
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-12", _held()),
        ("2027-01-22", facts.AccessTakenUp()),
        ("2027-01-22", _amended(wished=wished)),
        ("2027-01-22", _planned("2027-03-03", "MilestonePassed")),
        started="2027-03-04",
        first=wished,
    )

    assert found == {OPERATOR: 2, None: 1}


def test_whoever_asked_for_a_later_day_in_time_is_not_late_by_it() -> None:
    """The visit is moved to the day that was agreed, or after it: that is the operator's day."""
    wished = date(2027, 3, 1)
    found = _shares(
        *FROM_THE_OFFER,
        ("2027-01-22", _amended(wished=wished)),
        ("2027-01-22", _other_days(not_before=wished)),
        ("2027-01-23", _offered("2027-03-03", "2027-03-04")),
        ("2027-01-24", _moved(CUSTOMER)),
        ("2027-01-24", _visit_on("2027-03-03")),
        started="2027-03-03",
        first=wished,
    )

    assert found == {OPERATOR: 2}


def test_another_place_is_late_by_its_own_days() -> None:
    wished = date(2027, 1, 29)
    found = _shares(
        _opened(wished),
        ("2027-01-10", _planned("2027-02-05", "MilestonePassed")),
        ("2027-01-12", _amended(place=_elsewhere(), anew=Anew.SITE)),
        ("2027-01-13", _planned("2027-02-03")),
        started="2027-02-04",
    )

    assert found == {CUSTOMER: 5, None: 1}


# whatever happens

DAYS = st.dates(date(2027, 1, 9), date(2027, 4, 30))
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        _planned,
        DAYS.map(str),
        st.sampled_from(("OfferChosen", "MilestonePassed", "VisitBooked", "ChangesBinding")),
    ),
    st.sampled_from(
        (
            *(_failed(by) for by in (*Party, None)),
            *(_moved(by) for by in Party),
            *(_other_days(by) for by in Party),
            *(_raised(code, turn) for code in ("quote", "visit-slots") for turn in Turn),
            *(AttentionCleared(code=code) for code in ("quote", "visit-slots")),
            _stopped(None),
            _tested(passed=False),
            _held(),
            facts.AccessTakenUp(),
            WITHDREW,
            _amended(place=_elsewhere(), anew=Anew.SITE),
        )
    ),
    st.builds(_offered, DAYS.map(str)),
    st.builds(lambda day: _amended(wished=day), DAYS),
)


@given(
    happened=st.lists(st.tuples(st.integers(0, 9), EVENTS), max_size=25),
    first=DAYS,
    started=DAYS,
    wished=st.none() | DAYS,
)
@settings(max_examples=300, deadline=None)
def test_days_late_are_put_down_once_each_whatever_happens(
    happened: list[tuple[int, Event]], first: date, started: date, wished: date | None
) -> None:
    at: datetime = STORY
    history: list[tuple[datetime, Event]] = [(at, _opened(wished)[1])]
    for after, event in happened:
        at += timedelta(days=after)
        history.append((at, event))

    found = whose_days(history, first=first, started=started, local=internet().reckoning.instant_of)

    assert sum(one.days for one in found) == max(0, (started - first).days)
    assert len({one.by for one in found}) == len(found)
    assert all(one.days > 0 for one in found)
