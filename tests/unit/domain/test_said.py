from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.said import day_said, hours_said, moment_said, weekday_said


def test_a_date_is_said_as_people_say_it() -> None:
    assert day_said(date(2026, 4, 1)).fr == "mercredi 1er avril 2026"
    assert day_said(date(2026, 4, 1)).en == "Wednesday 1 April 2026"
    assert day_said(date(2026, 8, 12)).fr == "mercredi 12 août 2026"
    assert weekday_said(date(2026, 8, 12)).en == "Wednesday"


def test_an_instant_is_said_with_its_hour() -> None:
    assert moment_said(date(2026, 4, 1)).fr == "mercredi 1er avril 2026"
    assert moment_said(datetime(2026, 4, 1, 8, 30, tzinfo=UTC)).fr == (
        "mercredi 1er avril 2026 à 8 h 30"
    )
    assert moment_said(datetime(2026, 4, 1, 8, 30, 5, tzinfo=UTC)).en == (
        "Wednesday 1 April 2026 at 08:30:05"
    )


@pytest.mark.parametrize(
    ("hours", "said"), [("9", "9"), ("4.5000", "4.5"), ("0.25", "0.25"), ("100", "100"), ("0", "0")]
)
def test_hours_have_as_few_decimals_as_they_need(hours: str, said: str) -> None:
    assert hours_said(Decimal(hours)) == said
