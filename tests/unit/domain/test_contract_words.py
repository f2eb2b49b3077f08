"""What cancelling takes and costs, and how an outage is judged, in the contracts' own readings."""

from datetime import datetime, timedelta

import pytest

from domain.cancellations import cancellation_terms
from domain.contract_questions import Contract
from domain.identity import LineId, line_of_stream, line_stream, order_of_stream
from domain.outages import judge_outage
from tests.porting import PARIS, RULES, STORY, ordered_line

PORT_DAY = datetime(2027, 1, 15, 8, 30, tzinfo=PARIS)


def contract(provider: str) -> Contract:
    return RULES.contract(ordered_line(provider).terms.pin)


def test_oksio_asks_for_its_agreement_and_shows_both_its_prices() -> None:
    terms = cancellation_terms(contract("oksio"), asked_at=STORY, closes_at=None)

    assert terms.needs is not None
    assert terms.needs_agreement
    assert "000:58" in terms.needs.en
    assert [cost.en.split(" (")[0] for cost in terms.cost] == [
        "the costs incurred",
        "the whole amount of the order",
    ]
    assert all("not chargeable until a reading is signed" in cost.en for cost in terms.cost)


def test_technicophone_asks_for_a_letter_and_shows_both_its_prices() -> None:
    terms = cancellation_terms(contract("technicophone"), asked_at=STORY, closes_at=None)

    assert terms.needs is not None
    assert not terms.needs_agreement
    assert "002:227" in terms.needs.en
    assert [cost.fr.split(" (")[0] for cost in terms.cost] == [
        "un multiple des frais d'accès x 2",
        "les mois restant à courir",
    ]
    assert terms.needs_until.isoformat() == "2027-01-16T00:00:00+01:00"


@pytest.mark.parametrize("provider", ["onecom", "axantis", "nexis"])
def test_a_contract_that_names_no_fee_says_so(provider: str) -> None:
    closes = STORY + timedelta(days=1)

    terms = cancellation_terms(contract(provider), asked_at=STORY, closes_at=closes)

    assert (terms.needs, terms.needs_agreement) == (None, False)
    assert [cost.en for cost in terms.cost] == [
        "the contract names no fee for cancelling before service"
    ]
    assert terms.needs_until == closes


def test_a_contract_that_announces_no_outage_is_judged_by_law_alone() -> None:
    judged = judge_outage(contract("onecom"), PORT_DAY, PORT_DAY + timedelta(hours=5))

    assert judged.too_long
    (by_law,) = judged.judged
    assert by_law.fr.startswith("coupure de 5 h, au-delà de 4 heures (")
    assert judged.settled_at == PORT_DAY + timedelta(hours=5)


def test_an_outage_of_exactly_the_limit_is_within_it() -> None:
    judged = judge_outage(contract("axantis"), PORT_DAY, PORT_DAY + timedelta(hours=4))

    assert not judged.too_long
    assert judged.settled_at == PORT_DAY + timedelta(hours=6)  # about 2 h of transition, 003:174


def test_what_a_contract_does_not_answer_is_nothing() -> None:
    silent = contract("onecom")

    assert silent.choice("port-in.fallback") is None
    assert silent.choices("rio.channels") == ()
    assert silent.flag("port-in.suspended-counts-active") is None
    assert silent.number("port-in.lines-consumer") == 3
    assert silent.number("usage.unlimited-hours") is None
    assert silent.day_after("port-in.dossier-before-port", STORY.date()) is None
    assert silent.before("port-in.dossier-before-port", STORY) is None
    assert silent.source("port-in.fallback") == ""


def test_a_streams_id_says_whose_it_is() -> None:
    line = ordered_line().terms.line_id

    assert line_of_stream(line_stream(line)) == line
    assert line_of_stream(line_stream(line).replace("line", "order")) is None  # type: ignore[arg-type]  # a stream id
    assert order_of_stream(line_stream(line)) is None
    assert LineId(line) == line
