"""What we know of a number that is asked of us, and which refusals would not be true of it."""

from datetime import date

import pytest

from domain.identity import LineId
from domain.indemnity_facts import Party
from domain.port_in_facts import Outcome, PortEnded
from domain.reverse_port_facts import Incident, LineHandedBack
from domain.said import Said
from domain.transfer_evidence import OurNumber, service_of, why_not_said
from tests.builders import line_opened
from tests.porting import paris
from tests.reverse_ports import ID, LINE

TODAY = date(2027, 1, 20)
WHY = Said(fr="un motif", en="a reason")
BACK = LineHandedBack(
    reverse_port_id=ID,
    service_ended_at=paris("2027-01-19T12:30:00"),
    incident=Incident.FRAUD,
    fault=Party.NOBODY,
    why=WHY,
)


def ended(on: str | None) -> OurNumber:
    at = None if on is None else paris(f"{on}T12:00:00")
    day = None if on is None else date.fromisoformat(on)
    return OurNumber(line_id=LineId(LINE), ended_at=at, ended_on=day)


def test_a_line_served_its_number_from_its_port_until_it_went_back() -> None:
    ported, refused = (PortEnded(outcome=o, why=WHY) for o in (Outcome.PORTED, Outcome.REFUSED))

    assert service_of([line_opened(), refused]) == (False, None)
    assert service_of([ported]) == (True, None)
    assert service_of([ported, BACK]) == (True, BACK.service_ended_at)


@pytest.mark.parametrize("code", ["R322", "R323", "C003"])
def test_a_number_that_lives_has_not_ended_even_when_it_is_suspended(code: str) -> None:
    # porting-and-access:118, a temporary suspension is not "inactive" (2007-0193 § 2.3)
    why = why_not_said(code, ended(None), TODAY)

    assert why is not None
    assert "a suspension is no end" in why


@pytest.mark.parametrize(
    ("on", "code", "right"),
    [
        # porting-and-access:115, R323 "terminated < 10 days"
        ("2027-01-11", "R323", None),
        ("2027-01-11", "R322", "say R323, or activate it again"),
        ("2027-01-10", "R323", "say R322"),
        ("2027-01-10", "C003", "say R322"),
        ("2027-01-10", "R322", None),
        ("2027-01-10", "R123", None),
    ],
)
def test_the_day_it_ended_says_which_code_is_true(on: str, code: str, right: str | None) -> None:
    why = why_not_said(code, ended(on), TODAY)

    assert why is None if right is None else right in str(why)


def test_nothing_is_known_of_a_number_no_line_of_ours_moved() -> None:
    assert why_not_said("R323", None, TODAY) is None
