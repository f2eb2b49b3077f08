"""A reverse port as people read it, and what its end tells its line's customer and billing."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.event import Event
from domain.identity import line_stream
from domain.indemnity_facts import Party
from domain.notice_causes import told_of
from domain.notices import NoticePurpose
from domain.reverse_port_facts import (
    HandBackRefused,
    Incident,
    LineHandedBack,
    ReverseTicketIgnored,
    reverse_port_stream,
)
from domain.said import Said
from ledger.envelope import Envelope
from projections.projection import fold
from projections.publications import About, published
from projections.reverse_port import REVERSE_PORTS, ReversePortDocument
from projections.telling import told_by
from tests.builders import line_opened
from tests.porting import ORDER_ID, STORY, paris
from tests.reverse_ports import ID, LINE, Story
from tests.unit.projections.test_exchange import told

BACK = LineHandedBack(
    reverse_port_id=ID,
    service_ended_at=paris("2027-01-19T12:30:00"),
    incident=Incident.FRAUD,
    fault=Party.NOBODY,
    why=Said(fr="le numéro est rendu", en="the number is back"),
)


def document(*events: Event) -> ReversePortDocument:
    (found,) = fold(REVERSE_PORTS, {}, told(reverse_port_stream(ID), *events)).values()
    return found


def test_it_is_open_until_the_number_is_back() -> None:
    waiting = document(*Story().demanded().facts)
    over = document(*Story().handed_back().facts)

    assert (waiting.open, [a.code for a in waiting.attentions]) == (True, ["reverse-demanded"])
    assert waiting.awaited is not None
    assert (waiting.order_id, waiting.line_id) == (ORDER_ID, LINE)
    assert (over.open, over.awaited, over.version) == (False, None, len(over.timeline))


def test_other_facts_make_no_document_of_it() -> None:
    stream = reverse_port_stream(ID)

    assert fold(REVERSE_PORTS, {}, told(stream, line_opened())) == {}
    assert fold(REVERSE_PORTS, {}, told(stream, HandBackRefused(code="X"))) == {}
    assert fold(REVERSE_PORTS, {}, told(line_stream(LINE), line_opened())) == {}
    known = document(*Story().demanded().facts, line_opened())
    assert known.version == 2


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (BACK, "the number is back"),
        (Story().demanded().facts[0], "fraud; the initial receiver's agreement: Monday 18 January"),
        (Story().announced().facts[-1], "Tuesday 19 January 2027"),
        (HandBackRefused(code="LINE-BUSY"), "LINE-BUSY"),
        (ReverseTicketIgnored(what="2410", why="it came before"), "2410: it came before"),
        (Story().handed_back().facts[-1], "back with its initial donor"),
    ],
)
def test_each_fact_says_what_is_worth_reading(event: Event, words: str) -> None:
    said = told_by(event)

    assert said is not None
    assert words in said.en


def test_the_customer_is_told_since_when_and_why() -> None:
    told_customer = told_of(BACK, lambda at: at)

    assert told_customer is not None
    purpose, words = told_customer
    assert purpose is NoticePurpose.NUMBER_HANDED_BACK
    assert words["since"].fr == "mardi 19 janvier 2027 à 12 h 30"
    assert words["why"].fr == "le numéro avait été porté sans droit"


@pytest.mark.parametrize("incident", list(Incident))
def test_every_incident_has_words_for_the_customer(incident: Incident) -> None:
    found = told_of(BACK.model_copy(update={"incident": incident}), lambda at: at)

    assert found is not None
    assert found[1]["why"].fr


def test_billing_hears_that_the_service_ended_with_the_number() -> None:
    envelope: Envelope = told(line_stream(LINE), BACK)[0]
    about = About(
        order_id=ORDER_ID,
        client="crm",
        reference="R-1",
        ordered_at=STORY,
        line_id=LINE,
        line=1,
    )

    ended, back = published(envelope, about, lambda _: None)

    assert (ended.type, ended.data["whose"]) == ("service.ended", "ours")
    when = datetime.fromisoformat(str(ended.data["ended_at"]))
    assert when.astimezone(UTC) == datetime(2027, 1, 19, 11, 30, tzinfo=UTC)
    assert (back.type, back.data["incident"]) == ("line.handed-back", "fraud")
    assert isinstance(back.id, UUID)
