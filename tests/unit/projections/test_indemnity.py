"""An indemnity as people read it: its aggregate's own state, and every fact in words."""

from decimal import Decimal

import pytest

from domain import indemnity_facts as facts
from domain.event import Event
from domain.indemnity_facts import Ending, Givens, indemnity_stream
from domain.indemnity_states import Closed, Payable
from projections.indemnity import INDEMNITIES, IndemnityDocument
from projections.projection import fold
from projections.telling import told_by
from tests.builders import NOON, line_opened
from tests.indemnities import (
    AT_STAGE,
    WHY,
    assessed,
    assessment,
    opened,
    question,
    requested,
    terms,
)
from tests.unit.projections.test_exchange import told

STREAM = indemnity_stream(terms().indemnity_id)
PAID = facts.IndemnityPaid(on=NOON.date(), amount=Decimal("7.96"), reference="CN-1", by="finance")
CLOSED = facts.IndemnityClosed(ending=Ending.PAID, why=WHY)
GIVEN = facts.IndemnityDataGiven(givens=Givens(), by="ops", reason="report 12")
REVERSED = facts.IndemnityReversed(amount=Decimal("-7.96"), reason="report 12", by="finance")
HANDED = facts.EvidenceHandedOver(on=NOON.date(), how="email", by="ops")


def document(*events: Event) -> IndemnityDocument:
    (found,) = fold(INDEMNITIES, {}, told(STREAM, opened(), *events)).values()
    return found


def test_it_is_open_until_it_is_closed_and_says_what_may_be_paid() -> None:
    payable = document(*AT_STAGE["payable"])
    closed = document(*AT_STAGE["payable"], PAID, CLOSED)

    assert (payable.open, payable.payable, payable.version) == (True, Decimal("7.96"), 3)
    assert isinstance(payable.state, Payable)
    assert (closed.open, closed.payable) == (False, None)
    assert isinstance(closed.state, Closed)
    assert [entry.event for entry in closed.timeline][-1] == "IndemnityClosed"
    assert (payable.order_id, payable.line_id) == (terms().order_id, terms().line_id)


def test_what_nobody_signed_or_asked_for_may_not_be_paid() -> None:
    unsigned = document(assessed(assessment(may_be_paid=False)), requested())

    assert unsigned.payable is None
    assert document(assessed()).payable is None
    assert document(*AT_STAGE["payable"], PAID).payable is None


def test_what_is_asked_and_awaited_is_shown() -> None:
    asking = document(question())

    assert [a.code for a in asking.attentions] == ["responsible-unknown"]
    assert asking.awaited is not None
    assert document().awaited is None


def test_other_streams_and_other_facts_are_none_of_its() -> None:
    assert fold(INDEMNITIES, {}, told("line/1", line_opened())) == {}
    assert fold(INDEMNITIES, {}, told(STREAM, line_opened())) == {}
    assert fold(INDEMNITIES, {}, told(STREAM, CLOSED)) == {}
    assert document(line_opened()).version == 1


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (opened(), "the port was late"),
        (assessed(), "7.96 € (001:168)"),
        (REVERSED, "-7.96 €: report 12"),
        (GIVEN, "report 12"),
        (requested(), "Monday 8 February 2027"),
        (HANDED, "Monday 23 November 2026"),
        (PAID, "7.96 €"),
        (CLOSED, "the port was late"),
    ],
)
def test_each_fact_says_itself(event: Event, words: str) -> None:
    said = told_by(event)

    assert said is not None
    assert said.en == words
