"""What others are told of each fact: in words of theirs, with nothing personal, and why."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.amendments import AmendmentExecuted
from domain.attention import DecisionKind
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import AmendmentId, DocumentId, NoticeId
from domain.jeopardy import LinesAtRisk, LinesLate, LinesSafe, Relief
from domain.new_numbers import NewNumberEnded, NewNumberOpened
from domain.notices import NoticeInEffect, NoticePurpose
from domain.order_file import (
    Came,
    Channel,
    DocumentFiled,
    FiledDocument,
    MediaType,
    Notice,
    NoticeFiled,
    Purpose,
)
from domain.orders import OrderClosed, OrderOutcome
from domain.port_in_facts import (
    CancellationLapsed,
    EligibilityLost,
    GatesPassed,
    Outcome,
    PortEnded,
    UndoingBegun,
)
from domain.said import Said
from projections.publications import CATALOGUE, TYPES, About, Publication, published
from tests.builders import NOON, ORDER, received
from tests.indemnities import assessed, requested
from tests.indemnities import terms as indemnity_terms
from tests.notice_facts import EFFECT
from tests.porting import NUMBER, RULES, STORY, number_terms
from tests.unit.domain.port_in_story import Story
from tests.unit.domain.test_jeopardy import line, safe
from tests.unit.domain.test_new_numbers import terms
from tests.unit.projections.test_indemnity import CLOSED, GIVEN, REVERSED
from tests.unit.projections.test_order import envelope

ABOUT = About(order_id=ORDER, client="crm", reference="R-1", ordered_at=STORY)


def _of(*events: Event, pin: Pin | None = None, readable: bool = True) -> tuple[Publication, ...]:
    about = About(order_id=ORDER, client="crm", reference="R-1", ordered_at=STORY, line=1, pin=pin)

    def contract_of(pinned: Pin) -> Contract | None:
        return RULES.contract(pinned) if readable else None

    return tuple(
        one
        for version, event in enumerate(events, start=1)
        for one in published(envelope(event, version), about, contract_of)
    )


def _types(*events: Event, pin: Pin | None = None) -> list[str]:
    return [one.type for one in _of(*events, pin=pin)]


def test_a_port_is_told_step_by_step() -> None:
    story = Story().verified()

    assert _types(*story.facts) == [
        "line.opened",
        "line.planned",
        "line.requested",
        "line.accepted",
        "line.committed",
        "line.switched",
    ]


def test_what_will_be_late_is_told_once_with_what_holds_it_and_nothing_personal() -> None:
    told = _of(
        LinesAtRisk(lines=(line(1), line(2))),
        LinesLate(lines=(line(1),)),
        LinesSafe(lines=(safe(1, Relief.DELIVERED),)),
    )

    assert [one.type for one in told] == [
        "order.lines-at-risk",
        "order.lines-late",
        "order.lines-safe",
    ]
    assert told[1].data["lines"] == [
        {
            "line": 1,
            "line_id": "00000000-0000-0000-0000-000000000001",
            "promised_on": "2027-01-15",
            "expected_on": "2027-01-18",
            "because": "donor-silent",
            "waits_for": "person",
            "reason": None,
        }
    ]
    assert told[2].data["lines"] == [
        {"line": 1, "line_id": "00000000-0000-0000-0000-000000000001", "because": "delivered"}
    ]


def test_an_order_is_told_from_its_first_fact_to_its_last() -> None:
    document = FiledDocument(
        document_id=DocumentId(UUID(int=1)),
        name="mandate",
        on=date(2027, 1, 8),
        line=None,
        media_type=MediaType.PDF,
        size=1,
        digest="00",
    )
    notice = Notice(
        notice_id=NoticeId(UUID(int=2)),
        purpose=Purpose.CLAIM,
        channel=Channel.EMAIL,
        came=Came(sent_on=date(2027, 1, 8)),
        takes_effect_on=date(2027, 1, 8),
        rule=Said(fr="r", en="r"),
        line=None,
        document_id=None,
    )
    facts = (
        received(),
        DocumentFiled(document=document),
        NoticeFiled(notice=notice),
        NoticeInEffect(purpose=NoticePurpose.PORT_PLANNED, channel=Channel.EMAIL, effect=EFFECT),
        AmendmentExecuted(
            amendment_id=AmendmentId(UUID(int=3)), customer=None, contact=None, answers=()
        ),
        OrderClosed(outcome=OrderOutcome.COMPLETED),
    )

    assert _types(*facts) == [
        "order.received",
        "order.document-filed",
        "order.notice-filed",
        "customer.told",
        "order.amended",
        "order.closed",
    ]


def test_questions_and_answers_are_told() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    raised = _of(*story.facts)[-1]

    assert (raised.type, raised.data["code"]) == ("attention.raised", "gates")
    assert raised.data["turn"] == "customer"
    story = Story().refused()
    story.decide(DecisionKind.RETRY)
    assert _types(*story.facts)[-3:] == ["line.refused", "attention.raised", "attention.cleared"]
    assert _types(EligibilityLost(code="C002", lost_at=NOON)) == ["line.refused"]


def test_billing_is_told_what_starts_when_and_by_which_clause() -> None:
    line = Story("technicophone").line
    ended = PortEnded(
        outcome=Outcome.PORTED,
        why=Said(fr="porté", en="ported"),
        service_started_at=STORY,
        service_start_source="decision 27",
        donor_contract_ended_at=STORY,
    )

    started, committed, donor, end = _of(ended, pin=line.terms.pin)

    assert [one.type for one in (started, committed, donor, end)] == [
        "service.started",
        "commitment.started",
        "service.ended",
        "line.ended",
    ]
    assert donor.data["whose"] == "donor"
    assert "for this number only (CPCE L. 44-4)" in str(donor.data["because"])
    assert started.data["billed_from"] == "2027-01-09"
    assert "002:7037" in str(started.data["because"])
    assert committed.data["committed_until"] == "2030-01-09"
    assert "002:6985" in str(committed.data["because"])
    assert (started.data["source"], end.data["outcome"]) == ("decision 27", "ported")


def test_a_line_that_never_was_in_service_starts_nothing() -> None:
    ended = PortEnded(outcome=Outcome.CANCELLED, why=Said(fr="annulé", en="cancelled"))

    assert _types(ended, pin=Story().line.terms.pin) == ["line.ended"]


def test_a_contract_that_cannot_be_read_is_said_and_holds_nothing_back() -> None:
    ended = PortEnded(
        outcome=Outcome.PORTED, why=Said(fr="porté", en="ported"), service_started_at=STORY
    )

    started, end = _of(ended, pin=Story().line.terms.pin, readable=False)

    assert (started.type, started.data["billed_from"]) == ("service.started", None)
    assert "contracts check" in str(started.data["because"])
    assert end.type == "line.ended"


def test_a_new_number_starts_service_too() -> None:
    opened = NewNumberOpened(terms=terms())
    ended = NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=STORY)

    assert _types(opened, ended, pin=terms().pin) == [
        "line.opened",
        "service.started",
        "commitment.started",
        "line.ended",
    ]


@pytest.mark.parametrize(("provider", "chargeable"), [("technicophone", False)])
def test_what_cancelling_would_cost_is_told_and_whether_it_may_be_charged(
    provider: str, chargeable: object
) -> None:
    story = Story(provider).planned()
    asked = story.cancel(cost=(Said(fr="frais", en="fees"),))

    fee = _of(*asked, pin=story.line.terms.pin)[0]

    assert (fee.type, fee.data["what"]) == ("fee.quoted", "cancellation")
    assert fee.data["chargeable"] is chargeable
    assert _of(*asked)[0].data["chargeable"] is False


def test_a_fee_comes_into_force_or_is_dropped_with_what_it_was_for() -> None:
    why = Said(fr="sans suite", en="dropped")
    taken = UndoingBegun(outcome=Outcome.CANCELLED, why=why, steps=())
    refused = UndoingBegun(outcome=Outcome.REFUSED, why=why, steps=())

    in_force, dropped = _of(taken, CancellationLapsed(why=why), refused)

    assert (in_force.type, in_force.data["in_force"]) == ("fee.settled", True)
    assert (dropped.type, dropped.data["in_force"]) == ("fee.settled", False)


def test_facts_of_ours_alone_are_told_to_nobody() -> None:
    assert _of(GatesPassed()) == ()


def test_billing_is_told_what_is_owed_undone_asked_for_and_over() -> None:
    facts = (assessed(), REVERSED, requested(), CLOSED, GIVEN)
    about = replace(ABOUT, indemnity_id=indemnity_terms().indemnity_id)

    told = [
        one
        for version, event in enumerate(facts, start=1)
        for one in published(envelope(event, version), about, lambda _: None)
    ]

    assert [one.type for one in told] == [
        "indemnity.assessed",
        "indemnity.reversed",
        "indemnity.requested",
        "indemnity.closed",
    ]
    assert (told[0].data["owed"], told[0].data["may_be_paid"]) == ("7.96", True)
    assert _types(assessed()) == []


def test_the_same_fact_is_the_same_event_whenever_it_is_published() -> None:
    first, again = _of(received()), _of(received())
    other = published(envelope(received(), 2), ABOUT, lambda _: None)

    assert first == again
    assert first[0].id != other[0].id


def test_nothing_personal_leaves() -> None:
    story = Story().verified()

    told_others = " ".join(one.model_dump_json() for one in _of(received(), *story.facts))

    for personal in (NUMBER, "Camille", "Martin", number_terms(story.line).rio.reveal()):  # type: ignore[union-attr]  # it has one
        assert personal not in told_others


def test_every_type_has_a_name_a_version_a_meaning_and_a_schema_of_its_own() -> None:
    names = [(kind.TYPE, kind.VERSION) for kind in CATALOGUE]

    assert len(set(names)) == len(CATALOGUE)
    assert {name for name, _ in names} == TYPES
    for kind in CATALOGUE:
        assert kind.MEANING.endswith(".")
        assert kind.model_json_schema()["additionalProperties"] is False
