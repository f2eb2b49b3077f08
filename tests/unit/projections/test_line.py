"""A line's document is folded by its aggregate's own hand, whatever kind of line it is."""

from datetime import date, timedelta

import pytest

from domain import port_in_commands as told
from domain import port_in_facts as facts
from domain.access_facts import (
    AccessEnded,
    AccessHeld,
    AccessOpened,
    DeliveryPlanned,
    Plan,
    SiteClaimed,
)
from domain.access_outlook import AccessCourse
from domain.attention import DecisionKind, PolicyRow, Turn
from domain.event import Event
from domain.failure_policy import Treatment
from domain.identity import SubjectId
from domain.new_numbers import HearHost, NewNumberEnded, NewNumberOpened, NumberGiven, decide
from domain.orders import LineKind
from domain.personal import PERSONAL_MARKER, Personal
from domain.port_in_facts import (
    GatesPassed,
    MessageSetAside,
    OperatorAsked,
    Outcome,
    RetryBegun,
    Step,
)
from domain.said import Said
from ledger.envelope import Envelope
from projections.line import LineDocument, awaited_of
from projections.lines import LINES, LineBrief, brief_of
from projections.projection import fold
from projections.telling import told_by
from tests.accesses import SAID, site_terms
from tests.builders import NOON, line_opened
from tests.unit.domain.port_in_story import Story
from tests.unit.domain.test_new_numbers import ASK, COMMON, KEPT, after, terms
from tests.unit.projections.test_order import envelope

NUMBER = Personal(subject=SubjectId("customer-1"), value="0612345678")
PORT = f"line/{Story().line.terms.line_id}"


def folded(events: list[Event], *, stream: str = PORT) -> LineDocument:
    envelopes: list[Envelope] = [
        envelope(event, n, stream=stream) for n, event in enumerate(events, start=1)
    ]
    (document,) = fold(LINES, {}, envelopes).values()
    return document


def test_a_port_is_shown_where_its_facts_say() -> None:
    story = Story().requested()

    document = folded(story.facts)

    assert document.state == story.state
    assert (document.stage, document.provider, document.host) == (
        "awaiting-donor",
        "axantis",
        "orange",
    )
    assert document.open
    assert document.awaited is not None
    assert document.awaited.what.en == "the donor's answer"
    assert [entry.event for entry in document.timeline] == story.names()


def test_a_port_that_has_ended_is_open_no_more() -> None:
    story = Story().planned()
    story.cancel()
    story.tell(told.EndPort, why=story.going.cancellation.cost[0])  # type: ignore[union-attr]  # just asked

    document = folded(story.facts)

    assert (document.open, document.stage, document.awaited) == (False, "ended", None)
    assert document.attentions == ()


def test_a_document_read_back_is_the_same() -> None:
    document = folded(Story("nexis", {"documents": []}).gathered().facts)
    seals = {"seal": lambda _subject, text: text}
    unseals = {"unseal": lambda _subject, text: text}

    text = document.model_dump_json(context=seals)

    assert LineDocument.model_validate_json(text, context=unseals) == document
    assert [attention.code for attention in document.attentions] == ["gates"]


def test_a_new_number_is_shown_too() -> None:
    stream = f"line/{terms().line_id}"
    told_so_far: list[Event] = [NewNumberOpened(terms=terms("OL-1"))]
    assert folded(told_so_far, stream=stream).awaited is None

    told_so_far += decide(ASK, after(KEPT))
    waiting = folded(told_so_far, stream=stream)
    assert waiting.awaited is not None
    assert waiting.awaited.what.en == "the host's report"

    told_so_far += decide(HearHost(**COMMON), after(KEPT, ASK))
    raised = folded(told_so_far, stream=stream)
    assert raised.awaited is not None
    assert raised.awaited.until == NOON + timedelta(days=2)
    assert [attention.code for attention in raised.attentions] == ["operator-silent"]


def test_a_fact_of_another_kind_of_line_changes_nothing() -> None:
    asked = OperatorAsked(step=Step.GIVE_NUMBER, key="k", epoch=0, asked_at=NOON, until=NOON)
    number = folded([NewNumberOpened(terms=terms("OL-1"))], stream=f"line/{terms().line_id}")
    port = folded(Story().opened().facts)

    for document in (number, port):
        after_it = LINES.evolve(document, envelope(line_opened(), 2))
        assert after_it is not None
        assert after_it.state == document.state
    assert LINES.evolve(None, envelope(asked, 2)) is None
    assert LINES.key_of(envelope(asked, 2)) is None
    assert awaited_of(folded(Story().opened().facts)) is None


def test_a_fact_with_nothing_more_to_say_is_told_by_its_name() -> None:
    assert told_by(line_opened()) is None
    late = told_by(MessageSetAside(source="orange", message_key="m", why="late"))
    assert late is not None
    assert late.en == "late"


ROW = PolicyRow(policy="orange", version=2, name="busy", since=NOON.date())
AGAIN = NOON + timedelta(hours=4)


def test_a_next_try_is_what_is_awaited_and_is_told_with_its_row() -> None:
    treatment = Treatment(row=ROW, queue="hosts", owner=Turn.OPERATIONS, at_most=3, retry_at=AGAIN)
    stream = f"line/{terms().line_id}"
    facts: list[Event] = [NewNumberOpened(terms=terms("OL-1")), *decide(ASK, after(KEPT))]
    facts += decide(HearHost(**COMMON, treatment=treatment), after(KEPT, ASK))

    document = folded(facts, stream=stream)

    assert document.awaited is not None
    assert (document.awaited.until, document.awaited.appointment) == (AGAIN, True)
    said = told_by(facts[-1])
    assert said is not None
    assert said.en == ("give-number: no-answer, 1/3, orange/busy (version 2, from 2026-11-23)")
    begun = told_by(RetryBegun(step=Step.GIVE_NUMBER))
    assert begun is not None
    assert begun.en == "give-number"


def test_a_line_is_told_in_a_few_words() -> None:
    story = Story("nexis", {"documents": []}).gathered()

    brief = brief_of(folded(story.facts))

    assert (brief.number, brief.stage, brief.open, brief.outcome) == (1, "gathering", True, None)
    assert (brief.kind, brief.replaces) == (LineKind.PORT_IN_MOBILE, None)
    ((code, turn, allowed),) = [(c.code, c.turn, c.allowed) for c in brief.causes]
    assert (code, turn) == ("gates", Turn.CUSTOMER)
    assert DecisionKind.PROVIDE in allowed
    assert brief.until == brief.causes[0].until


def test_a_brief_carries_what_its_outlook_is_reckoned_from_and_nothing_personal() -> None:
    """Each fact is an hour after the one before; the third plan is not the first day's."""
    story = Story().planned()
    story.tell(told.AmendPort, by="the customer", day=date(2027, 1, 20))
    story.plan()

    document = folded(story.facts)
    course = brief_of(document).course

    assert course is not None
    assert (document.first_day, course.settled_on) == (date(2027, 1, 15), date(2027, 1, 20))
    assert course.promised is not None
    assert course.promised.on == date(2027, 1, 20)
    last = len(story.facts)
    assert (document.since, document.planned_at) == (NOON + timedelta(hours=last),) * 2
    assert PERSONAL_MARKER not in str(type(course).model_json_schema())


def test_a_line_that_has_ended_or_promises_no_day_has_no_course() -> None:
    number = folded([NewNumberOpened(terms=terms())], stream=f"line/{terms().line_id}")

    assert number.course is None


def test_how_a_line_ended_is_among_them() -> None:
    story = Story().planned()
    story.cancel()
    story.tell(told.EndPort, why=story.going.cancellation.cost[0])  # type: ignore[union-attr]  # just asked

    brief = brief_of(folded(story.facts))

    assert (brief.open, brief.outcome, brief.until, brief.causes) == (
        False,
        Outcome.CANCELLED,
        None,
        (),
    )


def test_a_line_with_a_new_number_says_whose_place_it_takes() -> None:
    stream = f"line/{terms().line_id}"
    told_so_far: list[Event] = [NewNumberOpened(terms=terms("OL-1"))]
    opened = brief_of(folded(told_so_far, stream=stream))
    given = NumberGiven(number=NUMBER, given_at=NOON)
    between = brief_of(folded([*told_so_far, given], stream=stream))
    over = NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=NOON)
    ended = brief_of(folded([*told_so_far, given, over], stream=stream))

    assert (opened.kind, opened.replaces) == (LineKind.NEW_NUMBER, terms().replaces)
    assert [brief.outcome for brief in (opened, between, ended)] == [None, None, Outcome.ACTIVATED]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (facts.PortRefused(code="R123", refused_at=NOON), "R123"),
        (facts.EligibilityLost(code="C002", lost_at=NOON), "C002"),
        (facts.OperatorRefused(step=Step.SWITCH_LINE, code="NO"), "switch-line: NO"),
        (facts.OperatorTook(step=Step.SWITCH_LINE, reference="r"), "switch-line"),
        (facts.GateOpened(kind=facts.GateKind.MANDATE), "mandate"),
        (facts.GateOpened(kind=facts.GateKind.MANDATE, skipped="seen"), "mandate: seen"),
        (facts.ConfirmationReceived(operator="04"), "04"),
        (facts.ConfirmationsMissing(operators=("03", "04")), "03, 04"),
        (facts.PortAccepted(accepted_at=NOON, commit_at=NOON), "Monday 23 November 2026 at 12:00"),
        (MessageSetAside(source="pnm", message_key="k", why="too late"), "too late"),
        (
            facts.LineSwitched(
                outage_from=NOON,
                outage_to=NOON,
                sim_activated_at=NOON,
                settled_at=NOON,
                judged=(Said(fr="court", en="short"),),
                too_long=False,
            ),
            "short",
        ),
    ],
)
def test_a_fact_with_a_code_or_a_date_says_it(event: Event, said: str) -> None:
    words = told_by(event)

    assert words is not None
    assert words.en == said


def test_an_access_is_a_line_like_any_other() -> None:
    opened = AccessOpened(terms=site_terms(), gates=())
    stray = NumberGiven(number=NUMBER, given_at=NOON)

    document = folded([opened, SiteClaimed(), GatesPassed(), stray])

    assert (document.stage, document.host, document.provider) == (
        "checking-eligibility",
        "orange",
        "technicophone",
    )
    assert brief_of(document).kind is LineKind.ACCESS
    assert document.course is not None
    assert (document.course.promised, document.course.stage) == (None, "checking-eligibility")
    assert (document.attentions, document.awaited, document.open) == ((), None, True)


def test_a_brief_of_an_access_carries_its_promise_and_when_it_was_planned_and_suspended() -> None:
    """Each fact is an hour after the one before."""
    plan = Plan(on=date(2027, 1, 29), said=SAID, source="OfferChosen", binds=False)
    held = AccessHeld(until=NOON + timedelta(days=9), by="them", reason="moving")
    opened = AccessOpened(terms=site_terms(), gates=())

    document = folded([opened, SiteClaimed(), DeliveryPlanned(plan=plan), held])
    text = brief_of(document).model_dump_json()
    course = LineBrief.model_validate_json(text).course

    assert isinstance(course, AccessCourse)
    assert course.promised is not None
    assert course.promised.on == course.settled_on == date(2027, 1, 29)
    assert course.planned_at == NOON + timedelta(hours=3)
    assert course.question is not None
    assert (course.question.code, course.question.since) == ("held", NOON + timedelta(hours=4))
    assert PERSONAL_MARKER not in str(AccessCourse.model_json_schema())
    assert document.timeline[2].said is not None
    assert document.timeline[2].said.en == "Friday 29 January 2027; said"


def test_an_access_that_works_is_known_to_have_kept_its_promise() -> None:
    plan = Plan(on=date(2027, 1, 29), said=SAID, source="OfferChosen", binds=False)
    opened = AccessOpened(terms=site_terms(), gates=())
    ended = AccessEnded(outcome=Outcome.DELIVERED, why=SAID, service_started_at=NOON)

    document = folded([opened, SiteClaimed(), DeliveryPlanned(plan=plan), ended])

    assert document.course is not None
    assert (document.course.delivered_at, document.open) == (NOON, False)


def test_an_access_that_has_ended_is_closed_with_its_outcome() -> None:
    opened = AccessOpened(terms=site_terms(), gates=())
    why = Said(fr="fini", en="over")
    ended = AccessEnded(outcome=Outcome.DELIVERED, why=why)

    document = folded([opened, SiteClaimed(), ended])

    assert (document.open, brief_of(document).outcome) == (False, Outcome.DELIVERED)
