"""Stages are measured as lines leave them, by what their own facts say."""

from datetime import date, timedelta

from domain import port_in_commands as told
from domain.attention import DecisionKind
from domain.event import Event
from domain.new_numbers import NewNumberOpened
from domain.port_in_facts import HeldDocument, LineReady, Step
from domain.stage_times import StageTimes
from ledger.envelope import Envelope
from projections.stage_times import Passage, Standing, measured, moved
from tests.builders import NOON, line_opened
from tests.porting import MANDATE, STORY
from tests.unit.domain.port_in_story import Story
from tests.unit.domain.test_new_numbers import terms
from tests.unit.domain.test_port_in_failures import treatment
from tests.unit.projections.test_line import PORT
from tests.unit.projections.test_order import envelope


def passages(events: list[Event]) -> list[Passage]:
    """Each fact an hour after the one before."""
    kept: list[Envelope] = [
        envelope(event, n, stream=PORT) for n, event in enumerate(events, start=1)
    ]
    standing: Standing | None = None
    found = []
    for one in kept:
        standing, passage = moved(standing, one)
        found += [] if passage is None else [passage]
    return found


def hours(passage: Passage) -> int:
    return (passage.until - passage.since) // timedelta(hours=1)


def test_each_stage_a_port_has_left_is_measured_with_whom_it_waited_for() -> None:
    """Stages whose end is a date of the exchange's are not: waiting, accepted."""
    story = _papers_given(Story(changes={"documents": [MANDATE]}))
    story.plan()
    story.ask(Step.PREPARE_LINE)
    story.report(told.ReportLineReady, ready_at=story.now, host_line="OL-1")
    planned = story.going.planned
    assert planned is not None
    story.now = planned.plan.send_at
    story.ask(Step.SEND_REQUEST)
    story.accept()
    found = passages(story.facts)

    assert [(one.key.stage, one.key.whom) for one in found] == [
        ("claiming", "orange"),
        ("gathering", "orange"),
        ("dating", "orange"),
        ("preparing", "orange"),
        ("awaiting-donor", "02"),
    ]
    assert {one.key.provider for one in found} == {"axantis"}


def _papers_given(story: Story) -> Story:
    story.gathered()
    for gate in story.going.gates:
        papers = tuple(HeldDocument(name=name, on=story.now.date()) for name in gate.needs)
        story.decide(DecisionKind.PROVIDE, gate=gate.kind, documents=papers)
    story.tell(told.LookAtGates)
    return story


def _stages(story: Story) -> list[str]:
    return [one.key.stage for one in passages(story.facts)]


def test_papers_are_timed_where_some_were_missing_and_no_term_was_running() -> None:
    """Nothing was missing: it says nothing of how long papers take. A right of withdrawal that ran
    ends by its date, whenever the papers came."""
    consumer = {"off_premises": True, "within_main_activity": False, "headcount": 3}
    running = Story(changes={"documents": [MANDATE], "customer": consumer}).gathered()
    running.now = max(gate.until for gate in running.going.gates if gate.opens_by_itself)

    assert "gathering" not in _stages(Story().planned())
    assert "gathering" in _stages(_papers_given(Story(changes={"documents": [MANDATE]})))
    passed = moved_on(running)
    assert "GatesPassed" in passed.names()
    assert "gathering" not in _stages(passed)


def moved_on(story: Story) -> Story:
    for gate in story.going.gates:
        if gate.needs:
            papers = tuple(HeldDocument(name=name, on=STORY.date()) for name in gate.needs)
            story.decide(DecisionKind.PROVIDE, gate=gate.kind, documents=papers)
    story.tell(told.LookAtGates)
    return story


def test_an_esim_is_timed_apart_from_cards() -> None:
    story = Story("onecom", {"line": {"sim": "esim"}}).prepared()

    assert _stages(story)[-1] == "preparing-esim"


def test_a_stage_that_was_given_up_says_nothing_of_how_long_it_takes() -> None:
    """Cancelled, or another day chosen, before the card was there."""
    cancelled, moved_day = Story().planned(), Story().planned()
    for story in (cancelled, moved_day):
        story.ask(Step.PREPARE_LINE)
    cancelled.cancel()
    moved_day.tell(told.AmendPort, by="the customer", day=date(2027, 2, 10))

    assert _stages(cancelled) == _stages(moved_day) == ["claiming", "dating"]


def test_a_refusal_is_the_donors_who_refused_whoever_is_asked_next() -> None:
    story = Story().refused("R210")
    story.decide(DecisionKind.CORRECT, rio=story.going.terms.rio, donor="03")

    assert passages(story.facts)[-1].key.whom == "02"


def test_the_wait_for_a_next_try_is_a_date_and_no_persons_time() -> None:
    story = Story().requested()
    until = story.now + timedelta(hours=4)
    report = {"code": "R220", "refused_at": story.now}
    story.report(told.ReportRefused, treatment=treatment(until), **report)
    story.pass_time(until)

    assert story.names()[-1] == "PortReopened"
    assert _stages(story)[-1] == "awaiting-donor"


def test_the_time_a_decision_was_awaited_counts_where_the_line_stood() -> None:
    """Refused; the question, the decision and what follows are each an hour later."""
    story = Story().refused()
    story.decide(DecisionKind.RETRY)
    names = story.names()

    found = passages(story.facts)

    assert (found[-1].key.stage, found[-1].key.whom) == ("refused", "02")
    assert hours(found[-1]) == names.index("PortReopened") - names.index("PortRefused")


def test_figures_follow_in_the_order_of_the_facts_and_leave_the_others_alone() -> None:
    preparing, awaiting = passages(Story().committed().facts)[-2:]
    name = preparing.key.name
    known = {name: StageTimes(key=preparing.key, hours=(4,))}

    changed = measured(known, [preparing, preparing, awaiting], hours)

    assert sorted(changed) == sorted({name, awaiting.key.name})
    assert changed[name].hours == (4, hours(preparing), hours(preparing))
    assert measured(known, [], hours) == {}


def test_a_stage_whose_calendar_cannot_be_read_is_left_out() -> None:
    assert measured({}, passages(Story().committed().facts), lambda _passage: None) == {}


def test_lines_that_promise_no_day_and_facts_of_no_line_are_not_measured() -> None:
    stray = envelope(line_opened(), 1, stream=PORT)

    assert moved(None, stray) == (None, None)
    number: list[Event] = [NewNumberOpened(terms=terms())]
    number.append(LineReady(ready_at=NOON, host_line="OL-1"))
    assert passages(number) == []
