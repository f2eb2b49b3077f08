"""Orange's dialect about works, visits and tests: what is written, read, and not guessed at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.orange import works_mapping
from adapters.orange.access_mapping import access_order, notification_of
from adapters.orange.gateway import read_notification
from adapters.orange.messages import Element, Token, envelope
from domain.operators import StepRefusedTold, Unreadable
from domain.port_in_facts import Step
from domain.works_facts import FieldFailure, Half, Milestone, Test
from domain.works_told import VisitFailedTold, WorksTold
from simulators import orange_works as theirs
from simulators.orange_works import Fields
from simulators.site_words import FAILURES
from simulators.technicians import Slot
from simulators.works import (
    BuildStopped,
    Built,
    Commissioned,
    Done,
    Measurement,
    SlotsOffered,
    VisitBooked,
    VisitCancelled,
    VisitFailed,
    VisitKept,
    VisitMissed,
    VisitMoved,
)
from simulators.works import Milestone as TheirMilestone
from tests.dialects import orange_errors
from tests.unit.adapters import works
from tests.unit.adapters.accesses import KEY, LINE, asked

TOKEN = Token(username="raccord", password="p")
AT = "2027-01-09T00:00:00+01:00"


def part(kind: str, /, *parts: Element, **fields: str) -> Element:
    return Element(name=kind, fields=fields, parts=parts)


def notification(event: str, *parts: Element, **fields: str) -> Element:
    common = {"notificationId": "n", "orderKey": KEY, "customerReference": LINE, "at": AT}
    return part("AccessNotification", *parts, **{**common, "event": event, **fields})


def slot(name: str, half: str, begins: str, ends: str) -> Element:
    return part(
        "slot",
        slotReference=name,
        day="2027-01-21",
        half=half,
        begins=f"2027-01-21T{begins}+01:00",
        ends=f"2027-01-21T{ends}+01:00",
    )


MORNING = slot("S-1", "AM", "08:00:00", "13:00:00")
AFTERNOON = slot("S-2", "PM", "13:00:00", "18:00:00")
DONE = "2027-01-21T10:40:00+01:00"
NOTIFICATIONS = {
    "milestone": notification("MILESTONE", milestone="CABLING"),
    "late": notification(
        "MILESTONE", milestone="CIVIL_WORKS", expectedOn="2027-02-18", code="FLOOD"
    ),
    "built": notification("BUILT", visitNeeded="true"),
    "built alone": notification("BUILT", visitNeeded="0"),
    "stopped": notification("BUILD_STOPPED", code="PERMIT_REFUSED"),
    "offered": notification("SLOTS", part("slots", MORNING, AFTERNOON)),
    "nothing offered": notification("SLOTS"),
    "booked": notification("VISIT_BOOKED", MORNING, visitReference="V-1"),
    "cancelled": notification("VISIT_CANCELLED", visitReference="V-1"),
    "moved": notification("VISIT_MOVED", AFTERNOON, visitReference="V-1", code="STORM"),
    "kept": notification(
        "VISIT_KEPT",
        part(
            "report",
            doneAt=DONE,
            socket="OO-1A2B-3C4D",
            serials="ONT-1 RTR-1",
            photographs="PH-1",
        ),
        visitReference="V-1",
    ),
    "kept in silence": notification(
        "VISIT_KEPT", part("report", doneAt=DONE), visitReference="V-1"
    ),
    "failed": notification("VISIT_FAILED", visitReference="V-1", code="BEES"),
    "missed": notification("VISIT_MISSED", visitReference="V-1", code="SICK"),
    "opened": notification(
        "COMMISSIONED",
        part(
            "tests",
            part("test", name="SYNC", result="PASSED"),
            part("test", name="RATE_DOWN", result="FAILED", value="400000"),
            part("test", name="PACKET_LOSS", result="PASSED", value="0.10"),
        ),
    ),
}
TOLD = works.told(stopped="PERMIT_REFUSED", failed="BEES")


def read(element: Element) -> object:
    return read_notification(envelope(element, TOKEN).decode())


@pytest.mark.parametrize("what", TOLD)
def test_every_notification_of_works_and_visits_is_told_in_our_words(what: str) -> None:
    assert read(NOTIFICATIONS[what]) == TOLD[what]
    assert isinstance(TOLD[what], WorksTold)
    assert orange_errors(envelope(NOTIFICATIONS[what], TOKEN)) == []


@pytest.mark.parametrize("what", TOLD)
def test_whatever_is_looked_up_of_it_is_read_the_same(what: str) -> None:
    told = NOTIFICATIONS[what]
    status = replace(
        told,
        name="OrderStatusResult",
        fields={**told.fields, "state": "DONE", "reference": "R-1"},
    )

    found = notification_of(status, KEY)

    assert orange_errors(envelope(status, TOKEN)) == []
    assert found == told


def test_every_word_of_ours_has_one_of_theirs() -> None:
    assert set(works_mapping.MILESTONES.values()) == set(Milestone)
    assert set(works_mapping.HALVES.values()) == set(Half)
    assert set(works_mapping.TESTS.values()) == set(Test)
    assert set(works_mapping.FAILURES.values()) == set(FieldFailure) - {FieldFailure.OTHER}


@pytest.mark.parametrize(("code", "failure"), works_mapping.FAILURES.items())
def test_every_code_of_theirs_has_a_failure_of_ours(code: str, failure: FieldFailure) -> None:
    told = read(notification("VISIT_FAILED", visitReference="V-1", code=code))

    assert isinstance(told, VisitFailedTold)
    assert (told.failure, told.code) == (failure, code)


# what we ask


@pytest.mark.parametrize(
    ("step", "effect"),
    [
        (Step.BUILD_ACCESS, "BUILD"),
        (Step.OFFER_VISITS, "OFFER_SLOTS"),
        (Step.BOOK_VISIT, "BOOK_SLOT"),
        (Step.CANCEL_VISIT, "CANCEL_VISIT"),
        (Step.COMMISSION_ACCESS, "COMMISSION"),
    ],
)
def test_each_step_is_an_order_with_its_effect(step: Step, effect: str) -> None:
    order = access_order(asked(step, not_before=date(2027, 1, 18), slot="S-1", visit="V-1"))
    bare = access_order(asked(step))

    told = read(notification("REJECTED", effect=effect, code="SLOT-TAKEN"))

    assert order.fields["effect"] == effect
    besides = ("notBefore", "slotReference", "visitReference")
    assert [order.fields[name] for name in besides] == ["2027-01-18", "S-1", "V-1"]
    assert set(besides).isdisjoint(bare.fields)
    assert told == StepRefusedTold(step=step, key=KEY, code="SLOT-TAKEN", refused_at=works.AT)


# what cannot be read

FREE = {"expectedOn", "socket", "serials", "photographs", "value"}
UNREAD = {"notificationId", "customerReference"}
NOT_NEEDED = {
    ("cancelled", "visitReference"),
    *((what, "orderKey") for what in ("moved", "kept", "kept in silence", "failed", "missed")),
}
"""A cancellation is known by its key, what becomes of a visit by the visit's name."""


def _spoilt(element: Element, value: str | None, free: set[str]) -> Iterator[tuple[str, Element]]:
    """With one field of it, or of its parts, another or none."""
    for name in element.fields:
        if name in UNREAD | free:
            continue
        fields = {one: text for one, text in element.fields.items() if one != name}
        yield name, replace(element, fields=fields if value is None else {**fields, name: value})
    for number, one in enumerate(element.parts):
        for name, worse in _spoilt(one, value, free):
            parts = (*element.parts[:number], worse, *element.parts[number + 1 :])
            yield name, replace(element, parts=parts)


def _read(value: str | None, free: set[str]) -> set[tuple[str, str]]:
    return {
        (what, name)
        for what, told in NOTIFICATIONS.items()
        for name, worse in _spoilt(told, value, free)
        if not isinstance(read(worse), Unreadable)
    }


def test_a_notification_without_what_it_must_say_is_unreadable() -> None:
    assert _read(None, FREE) - NOT_NEEDED == {("late", "code")}


@pytest.mark.parametrize("value", ["x y\u00e9", "é", "9" * 5000])
def test_a_value_of_another_kind_makes_a_notification_unreadable(value: str) -> None:
    assert _read(value, set()) == NOT_NEEDED


@pytest.mark.parametrize(
    "told",
    [
        notification("MILESTONE", milestone="PARTY"),
        notification("MILESTONE", milestone="CABLING", expectedOn="2027-02-30"),
        notification("MILESTONE", milestone="CABLING", expectedOn="20270218"),
        notification("MILESTONE", milestone="CABLING", expectedOn="1926-02-18"),
        notification("BUILT", visitNeeded="yes"),
        notification("SLOTS", part("slots", part("slit", a="b"))),
        notification("SLOTS", part("slots", *[MORNING] * 51)),
        notification("VISIT_BOOKED", visitReference="V-1"),
        notification("VISIT_KEPT", visitReference="V-1"),
        notification(
            "VISIT_KEPT", part("report", doneAt=DONE, serials="(1)"), visitReference="V-1"
        ),
        notification(
            "VISIT_KEPT", part("report", doneAt=DONE, serials="A " * 51), visitReference="V-1"
        ),
        notification("COMMISSIONED"),
        notification("COMMISSIONED", part("tests", part("test", name="SYNC", result="MAYBE"))),
        notification(
            "COMMISSIONED",
            part("tests", part("test", name="RATE_UP", result="PASSED", value="NaN")),
        ),
        notification("COMMISSIONED", part("tests", part("test", name="X", result="PASSED"))),
    ],
)
def test_what_is_not_in_the_dialect_is_not_guessed_at(told: Element) -> None:
    assert isinstance(read(told), Unreadable)


# whatever Orange writes is read

WORDS = st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True)
SLOTS = st.builds(
    Slot,
    name=WORDS,
    commune=st.sampled_from(["59350", "97411"]),
    day=st.dates(date(2020, 1, 1), date(2190, 1, 1)),
    half=st.sampled_from(["morning", "afternoon"]),
)
DONES: st.SearchStrategy[Done] = st.one_of(
    st.builds(
        TheirMilestone,
        name=st.sampled_from(sorted(theirs.MILESTONES)),
        expected=st.dates(date(2020, 1, 1), date(2190, 1, 1)),
        code=st.sampled_from(["", "late"]) | WORDS,
    ),
    st.builds(Built, visit=st.booleans()),
    st.builds(BuildStopped, failure=st.sampled_from(FAILURES) | WORDS),
    st.builds(SlotsOffered, slots=st.lists(SLOTS, max_size=3).map(tuple)),
    st.builds(VisitBooked, visit=WORDS, slot=SLOTS),
    st.builds(VisitCancelled, visit=WORDS),
    st.builds(VisitMoved, visit=WORDS, slot=SLOTS, code=st.just("") | WORDS),
    st.builds(
        VisitKept,
        visit=WORDS,
        socket=WORDS,
        serials=st.lists(WORDS, max_size=3).map(tuple),
        photographs=st.lists(WORDS, max_size=3).map(tuple),
    ),
    st.builds(VisitFailed, visit=WORDS, failure=st.sampled_from(FAILURES) | WORDS),
    st.builds(VisitMissed, visit=WORDS, code=st.just("") | WORDS),
    st.builds(
        Commissioned,
        tests=st.lists(
            st.builds(
                Measurement,
                name=st.sampled_from(sorted(theirs.TESTS)),
                passed=st.booleans(),
                measured=st.none() | st.decimals(0, 10**9, places=1),
            ),
            min_size=1,
            max_size=6,
        ).map(tuple),
    ),
)


def _element_of(name: str, told: Fields) -> Element:
    fields = {one: value for one, value in told if isinstance(value, str)}
    parts = (_element_of(one, value) for one, value in told if not isinstance(value, str))
    return Element(name=name, fields=fields, parts=tuple(parts))


@given(DONES, st.datetimes(datetime(2020, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  hypothesis adds it
def test_whatever_comes_of_works_and_visits_is_of_the_schema_and_read(
    done: Done, at: datetime
) -> None:
    common = [*notification("?").fields.items()]
    told = theirs.told_of(done, at.isoformat())
    element = _element_of("AccessNotification", [*common, *told])

    assert orange_errors(envelope(element, TOKEN)) == []
    assert not isinstance(read(element), Unreadable)
