"""What we know of a number that is asked of us, and which refusals would not be true of it."""

from datetime import date

import pytest

from domain.identity import LineId
from domain.indemnity_facts import Party
from domain.port_in_facts import Outcome, PortEnded
from domain.reverse_port_facts import Incident, LineHandedBack
from domain.said import Said
from domain.transfer_evidence import (
    OurNumber,
    Service,
    service_of,
    why_not_accepted,
    why_not_reactivated,
    why_not_said,
)
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


def ended(on: str | None, *, went_back: bool = False) -> OurNumber:
    at = None if on is None else paris(f"{on}T12:00:00")
    day = None if on is None else date.fromisoformat(on)
    return OurNumber(line_id=LineId(LINE), ended_at=at, ended_on=day, went_back=went_back)


def test_a_line_served_its_number_from_its_port_until_it_went_back() -> None:
    ported, refused = (PortEnded(outcome=o, why=WHY) for o in (Outcome.PORTED, Outcome.REFUSED))

    assert service_of([line_opened(), refused]) is None
    assert service_of([ported]) == Service()
    assert service_of([ported, BACK]) == Service(ended_at=BACK.service_ended_at, went_back=True)


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


@pytest.mark.parametrize("code", ["R322", "R323", "C003"])
def test_a_number_that_went_back_has_not_ended_it_is_another_operators(code: str) -> None:
    gone = ended("2027-01-19", went_back=True)
    # porting-and-access:115, R222 "recipient is not the OPD of the number"
    for why in (
        why_not_said(code, gone, TODAY),
        why_not_accepted(gone),
        why_not_reactivated(gone, TODAY),
    ):
        assert why is not None
        assert "say R222" in why
    assert why_not_said("R222", gone, TODAY) is None


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (None, "there is nothing to activate"),
        ("2027-01-11", None),
        ("2027-01-10", "too long ago: say R322"),
    ],
)
def test_only_what_ended_lately_is_activated_again(on: str | None, why: str | None) -> None:
    # decision 28, "a number ended less than 10 days ago: the donor re-activates it"
    found = why_not_reactivated(ended(on), TODAY)

    assert found is None if why is None else why in str(found)


def test_what_lives_here_or_is_not_known_may_be_accepted() -> None:
    assert why_not_accepted(None) is None
    assert why_not_accepted(ended(None)) is None
    assert why_not_accepted(ended("2027-01-19")) is None
    assert why_not_reactivated(None, TODAY) is None
