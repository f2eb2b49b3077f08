"""What comes with a decision, read in the contract's own time."""

from datetime import date
from uuid import UUID

import pytest

from domain.attention import DecisionRefusedError, Turn
from domain.given import read_given
from domain.identity import LineId
from domain.operators import LineRequest, NumberGivenTold, Ticket
from domain.port_in_awaited import awaited_by
from domain.port_in_facts import GateKind, HeldDocument, SimKind, Step
from domain.territories import ExchangeGroup, Territory, territory_of
from domain.works_facts import Half
from tests.porting import RULES, STORY, ordered_line
from tests.unit.domain.port_in_story import Story

RECKONING = RULES.contract(ordered_line().terms.pin).reckoning


def test_everything_that_can_come_is_read() -> None:
    given = read_given(
        {
            "day": "2027-01-20",
            "until": "2027-01-20T09:00",
            "turn": " Customer ",
            "gate": "mandate",
            "document": "mandate, identity",
            "on": "2027-01-09",
            "correction": str(UUID(int=7)),
        },
        RECKONING,
    )

    assert given.day == date(2027, 1, 20)
    assert given.until is not None
    assert given.until.isoformat() == "2027-01-20T09:00:00+01:00"
    assert (given.turn, given.gate) == (Turn.CUSTOMER, GateKind.MANDATE)
    assert given.documents == (
        HeldDocument(name="mandate", on=date(2027, 1, 9)),
        HeldDocument(name="identity", on=date(2027, 1, 9)),
    )
    assert given.correction_id == UUID(int=7)


def test_a_day_is_over_at_midnight_and_nothing_is_nothing() -> None:
    until = read_given({"until": "2027-01-20"}, RECKONING).until
    nothing = read_given({}, RECKONING)

    assert until is not None
    assert until.isoformat() == "2027-01-21T00:00:00+01:00"
    assert (nothing.day, nothing.until, nothing.documents) == (None, None, ())


def test_what_is_not_taken_is_named() -> None:
    with pytest.raises(DecisionRefusedError, match="'colour' is not something a decision takes"):
        read_given({"colour": "red"}, RECKONING)


@pytest.mark.parametrize(
    "given", [{"day": "2145-12-31"}, {"until": "1995-01-01"}, {"document": "m", "on": "1999-01-01"}]
)
def test_a_slip_in_a_year_is_asked_about(given: dict[str, str]) -> None:
    with pytest.raises(DecisionRefusedError, match="check the year"):
        read_given(given, RECKONING)


def test_a_rio_is_never_taken_among_what_is_kept_in_clear() -> None:
    with pytest.raises(DecisionRefusedError, match="in the field rio of the API"):
        read_given({"Rio": "01PEROY4P4TR"}, RECKONING)


def test_a_gate_that_time_opens_is_an_appointment() -> None:
    small = {"headcount": 5, "off_premises": True, "within_main_activity": False}
    story = Story("axantis", {"customer": small}).gathered()

    awaited = awaited_by(story.going)

    assert awaited is not None
    assert awaited.appointment
    assert awaited.until.isoformat() == "2027-01-23T00:00:00+01:00"


def test_a_number_is_shown_by_nothing_that_carries_it() -> None:
    number = "0612345678"
    line = LineId(UUID(int=1))
    carriers = (
        LineRequest(
            step=Step.PREPARE_LINE,
            key="k",
            line_id=line,
            asked_at=STORY,
            sim=SimKind.SIM,
            host_line=None,
            number=number,
        ),
        NumberGivenTold(number=number, given_at=STORY, host_line="OL-1"),
        Ticket(
            step=Step.SEND_REQUEST,
            key="k",
            line_id=line,
            group=ExchangeGroup.GPM,
            receiver="01",
            donor="02",
            number=number,
            rio="x",
            enterprise=True,
            port_day=STORY.date(),
            session=STORY,
            subscribed_at=STORY,
        ),
    )

    assert not any(number in repr(carrier) for carrier in carriers)


def test_what_an_operator_said_it_can_deliver_is_read_in_kilobits_and_days() -> None:
    given = read_given({"speed": "100000/20000", "lead": "15"}, RECKONING)

    assert (given.speed, given.lead_days) == ((100_000, 20_000), 15)
    for wrong in ({"speed": "100 Mb"}, {"speed": "0/1"}, {"lead": "soon"}, {"lead": "-1"}):
        with pytest.raises(DecisionRefusedError, match="write"):
            read_given(wrong, RECKONING)


def test_a_visit_is_given_by_its_number_in_the_list_or_its_half_day() -> None:
    given = read_given({"slot": " 2 ", "day": "2027-01-20", "half": "Afternoon"}, RECKONING)

    assert (given.slot, given.day, given.half) == (2, date(2027, 1, 20), Half.AFTERNOON)
    assert given.serials == ()


def test_what_was_put_up_is_given_by_its_serial_numbers() -> None:
    given = read_given({"serials": "SN-1, 4K/77.A ,SN-1"}, RECKONING)

    assert given.serials == ("SN-1", "4K/77.A")
    for wrong in ("", "SN-1,", "une box", "x" * 61):
        with pytest.raises(DecisionRefusedError, match="is no serial number"):
            read_given({"serials": wrong}, RECKONING)
    nothing = read_given({}, RECKONING)
    assert (nothing.slot, nothing.half) == (None, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"slot": "0"}, "write slot=1 for the first"),
        ({"slot": "first"}, "write slot=1 for the first"),
        ({"slot": "1000"}, "write slot=1 for the first"),
        ({"half": "noon"}, "write one of morning, afternoon"),
    ],
)
def test_a_visit_that_cannot_be_read_says_how_it_is_written(
    given: dict[str, str], said: str
) -> None:
    with pytest.raises(DecisionRefusedError, match=said):
        read_given(given, RECKONING)


@pytest.mark.parametrize(
    ("commune", "territory"),
    [
        ("37203", Territory.METROPOLE),
        ("2A004", Territory.METROPOLE),
        ("57463", Territory.MOSELLE),
        ("67482", Territory.BAS_RHIN),
        ("68066", Territory.HAUT_RHIN),
        ("97105", Territory.GUADELOUPE),
        ("97411", Territory.REUNION),
        ("97502", Territory.SAINT_PIERRE_ET_MIQUELON),
        ("97611", Territory.MAYOTTE),
        ("97701", Territory.SAINT_BARTHELEMY),
        ("97801", Territory.SAINT_MARTIN),
        ("98818", Territory.METROPOLE),
    ],
)
def test_a_commune_is_in_the_territory_whose_holidays_it_keeps(
    commune: str, territory: Territory
) -> None:
    assert territory_of(commune) is territory
