"""Works and tests, as a simulated network carries them out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from simulators.geography import Geography, Place
from simulators.scenarios import Scenario
from simulators.scripts import Scripts
from simulators.site_words import TECHNOLOGIES, is_word
from simulators.works import (
    PAPERWORK,
    BuildStopped,
    Built,
    Commissioned,
    Course,
    course_of,
    measured,
)

AT = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)
"""A Thursday."""
PLACE = Place(commune="59350", address="1 rue des Lilas")
THERE = Place(commune="59350", address="1 rue des Lilas", locator="socket", name="OO-1234-5678")
DIGGING = ["permits-asked", "permits-granted", "civil-works", "cabling", "connected"]


def ground(*words: str, seed: str = "") -> Geography:
    scripts = Scripts(scenario=Scenario(seed=seed))
    scripts.learn({"site": "Lilas", "is": list(words)})
    return Geography(operator="orange", scripts=scripts)


def works(*words: str, technology: str = "dedicated-fibre", place: Place = PLACE) -> Course:
    return course_of(ground(*words), place, technology, asked_at=AT)


@pytest.mark.parametrize(
    ("technology", "names"),
    [
        ("dedicated-fibre", DIGGING),
        ("leased-line", DIGGING),
        ("microwave", ["permits-asked", "permits-granted", "cabling", "connected"]),
        ("ftth", ["cabling", "connected"]),
        ("vdsl", ["cabling", "connected"]),
        ("mobile-radio", []),
    ],
)
def test_each_technology_has_its_milestones(technology: str, names: list[str]) -> None:
    course = works(technology=technology)

    assert [milestone.name for _, milestone in course.on_the_way] == names
    passed = [at for at, _ in course.on_the_way]
    assert passed == sorted(passed)
    assert passed[-1:] in ([], [course.ends_at - PAPERWORK])


def test_works_take_working_days_and_say_what_is_expected() -> None:
    course = works("works-days:5")

    assert course.ends_at == AT + timedelta(days=7)
    assert {milestone.expected for _, milestone in course.on_the_way} == {date(2027, 1, 14)}
    assert course.outcome == Built(visit=True)


def test_no_works_are_over_on_a_holiday_of_the_place() -> None:
    friday = datetime(2027, 3, 25, 9, 0, tzinfo=UTC)
    places = (Place(commune=commune, address="x") for commune in ("59350", "57463"))

    ends = [
        course_of(ground(seed="a"), place, "ftth", asked_at=friday, once="works-days:1").ends_at
        for place in places
    ]

    assert [end.date() for end in ends] == [date(2027, 3, 26), date(2027, 3, 30)]


def test_late_works_say_so_at_the_cabling_and_why_only_once() -> None:
    course = works("works-days:5", "works:late=2=FLOOD")

    days = [milestone.expected.day for _, milestone in course.on_the_way]
    assert days == [14, 14, 14, 18, 18]
    assert [one.code for _, one in course.on_the_way] == ["", "", "", "FLOOD", ""]
    assert course.ends_at.date() == date(2027, 1, 18)
    assert works("works:late=2").on_the_way[3][1].code == "late"


def test_works_that_stop_pass_no_more_milestones() -> None:
    course = works("works-days:10", "works:late=5+failed=no-permit")

    assert [milestone.name for _, milestone in course.on_the_way] == DIGGING[:3]
    assert course.outcome == BuildStopped(failure="no-permit")
    assert course.ends_at < AT + timedelta(days=21)
    radio = works("works:failed=BEES", technology="mobile-radio")
    assert (radio.on_the_way, radio.outcome) == ((), BuildStopped(failure="BEES"))


@pytest.mark.parametrize(
    ("words", "technology", "place", "needed", "visit"),
    [
        ((), "ftth", THERE, False, False),
        (("visit",), "ftth", THERE, True, True),
        (("built",), "ftth", PLACE, False, True),
        (("built", "no-visit"), "ftth", PLACE, False, False),
        (("no-visit",), "ftth", PLACE, True, False),
        ((), "mobile-radio", PLACE, True, False),
        ((), "vdsl", PLACE, True, True),
    ],
)
def test_works_are_not_needed_everywhere_and_neither_is_a_visit(
    words: tuple[str, ...],
    technology: str,
    place: Place,
    needed: bool,  # noqa: FBT001  a table
    visit: bool,  # noqa: FBT001  a table
) -> None:
    course = works(*words, technology=technology, place=place)

    assert course.outcome == Built(visit=visit)
    assert (course.ends_at > AT + timedelta(hours=4)) is needed


def test_the_same_seed_builds_and_measures_the_same() -> None:
    stories = [
        [
            (
                course_of(geography, PLACE, technology, asked_at=AT),
                measured(geography, PLACE, technology, down_kbps=None),
            )
            for technology in technologies
        ]
        for geography, technologies in (
            (ground(seed="winter"), TECHNOLOGIES),
            (ground(seed="winter"), TECHNOLOGIES[::-1]),
            (ground(seed="summer"), TECHNOLOGIES),
        )
    ]

    assert stories[0] == stories[1][::-1]
    assert stories[0] != stories[2]


# tests


def opened_with(*words: str, down_kbps: int | None = None) -> Commissioned:
    return measured(ground(*words), PLACE, "ftth", down_kbps=down_kbps)


def test_what_is_measured_is_of_the_rate_that_the_network_has_there() -> None:
    opened = opened_with("rate:8000/1000", "tests:slow=90+loss=0.5")

    figures = {one.name: one.measured for one in opened.tests}
    assert figures == {
        "synchronisation": None,
        "throughput-down": Decimal(7200),
        "throughput-up": Decimal(900),
        "loss": Decimal("0.5"),
        "call-in": None,
        "call-out": None,
    }
    assert all(one.passed for one in opened.tests)


@pytest.mark.parametrize(
    ("words", "down_kbps", "failed"),
    [
        ((), None, []),
        (("tests:slow=79",), None, ["throughput-down", "throughput-up"]),
        (("rate:8000", "tests:slow=90"), 8000, []),
        (("tests:loss=2.5",), None, ["loss"]),
        (("tests:no-call-in+no-call-out",), None, ["call-in", "call-out"]),
    ],
)
def test_a_test_fails_well_below_the_rate_there_not_below_what_was_ordered(
    words: tuple[str, ...], down_kbps: int | None, failed: list[str]
) -> None:
    opened = opened_with(*words, down_kbps=down_kbps)

    assert [one.name for one in opened.tests if not one.passed] == failed


def test_nothing_is_measured_where_it_does_not_synchronise() -> None:
    opened = opened_with("tests:no-sync")

    assert len(opened.tests) == 6
    assert not any(one.passed or one.measured for one in opened.tests)


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("works:late=5", True),
        ("works:late=5=FLOOD+failed=no-permit", True),
        ("works:failed=no-permit+late=5", False),
        ("visit:moved=1+moved=2+missed", True),
        ("visit:missed+moved=1", False),
        ("visit:failed=somehow", False),
        ("tests:slow=40+no-sync", True),
        ("tests:fast=40", False),
        ("technicians:2", True),
        ("technicians:many", False),
    ],
)
def test_stories_are_told_in_words_that_there_are(word: str, is_one: bool) -> None:  # noqa: FBT001  a table
    assert is_word(word) is is_one
