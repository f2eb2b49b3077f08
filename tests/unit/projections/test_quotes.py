"""What was said something would cost: accepted, in force, or dropped."""

from datetime import UTC, datetime

from domain.event import Event
from domain.port_in_facts import (
    CancellationAsked,
    CancellationLapsed,
    GatesPassed,
    Outcome,
    UndoingBegun,
)
from domain.said import Said
from projections.quotes import Quote, QuoteStands, after

SAID = Said(fr="rien", en="nothing")
ASKED = CancellationAsked(
    by="crm", asked_at=datetime(2027, 1, 9, tzinfo=UTC), needs=None, cost=(SAID,)
)
UNDOING = UndoingBegun(outcome=Outcome.CANCELLED, why=SAID, steps=())
LAPSED = CancellationLapsed(why=SAID)


def _after(*events: Event) -> tuple[Quote, ...]:
    quotes: tuple[Quote, ...] = ()
    for event in events:
        quotes = after(quotes, event)
    return quotes


def test_a_quote_is_accepted_with_who_and_when() -> None:
    (quote,) = _after(ASKED)

    assert (quote.accepted_by, quote.accepted_at) == ("crm", ASKED.asked_at)
    assert (quote.readings, quote.stands) == ((SAID,), QuoteStands.ACCEPTED)


def test_it_comes_into_force_or_is_dropped_with_what_it_was_for() -> None:
    assert _after(ASKED, UNDOING)[0].stands is QuoteStands.IN_FORCE
    refused = UNDOING.model_copy(update={"outcome": Outcome.REFUSED})
    assert _after(ASKED, refused)[0].stands is QuoteStands.DROPPED
    assert _after(ASKED, LAPSED)[0].stands is QuoteStands.DROPPED
    assert [q.stands for q in _after(ASKED, LAPSED, ASKED)] == [
        QuoteStands.DROPPED,
        QuoteStands.ACCEPTED,
    ]


def test_a_quote_that_was_settled_moves_no_more_and_other_facts_bring_none() -> None:
    assert _after(ASKED, LAPSED, UNDOING)[0].stands is QuoteStands.DROPPED
    assert _after(UNDOING, LAPSED, GatesPassed()) == ()
