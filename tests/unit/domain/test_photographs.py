"""What can be taken of a photograph, and the day it bears."""

from datetime import date, timedelta

import pytest

from domain.order_file import CONTENT_MAX, MediaType
from domain.photographs import NO_PICTURE, TOO_LARGE, Photograph, Unfit, photograph_of
from domain.visit_rules import day_of_report
from domain.works_facts import KeptReport
from tests import accesses as of
from tests.porting import RULES, STORY, paris
from tests.works import open_access


@pytest.mark.parametrize(
    ("media_type", "size", "found"),
    [
        ("image/jpeg", CONTENT_MAX + 1, TOO_LARGE),
        ("image/webp", 4, NO_PICTURE),
        ("application/pdf", 4, NO_PICTURE),
    ],
)
def test_what_is_no_photograph_says_why(media_type: str, size: int, found: Unfit) -> None:
    assert photograph_of(media_type, b"x" * size) == found


@pytest.mark.parametrize("media_type", [MediaType.JPEG, MediaType.PNG])
def test_a_picture_as_large_as_may_be_is_taken_and_shown_to_nobody(media_type: MediaType) -> None:
    found = photograph_of(media_type.value, b"x" * CONTENT_MAX)

    assert isinstance(found, Photograph)
    assert found.media_type is media_type
    assert len(found.content) == CONTENT_MAX
    assert "xx" not in repr(found)


@pytest.mark.parametrize(
    ("commune", "done_at", "day"),
    [
        ("69389", "2027-01-08T23:30:00", date(2027, 1, 8)),
        ("97411", "2027-01-07T23:30:00", date(2027, 1, 8)),
        ("97411", "2027-01-08T23:30:00", date(2027, 1, 9)),
        ("69389", "2027-02-01T10:00:00", date(2027, 1, 9)),
    ],
    ids=["here", "in Réunion", "tomorrow there and here", "a slip of the pen"],
)
def test_a_report_bears_the_day_of_its_site_and_none_that_is_to_come(
    commune: str, done_at: str, day: date
) -> None:
    site = of.site_terms().site.model_copy(update={"commune": commune})
    access = open_access(of.ready(site=site))
    report = KeptReport(done_at=paris(done_at))

    assert day_of_report(RULES, access, report, STORY + timedelta(hours=1)) == day
