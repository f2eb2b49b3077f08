"""Stages are measured as lines leave them, by what their own facts say."""

from datetime import timedelta

from domain.attention import DecisionKind
from domain.event import Event
from domain.new_numbers import NewNumberOpened
from domain.port_in_facts import LineReady
from domain.stage_times import StageTimes
from ledger.envelope import Envelope
from projections.stage_times import Passage, Standing, measured, moved
from tests.builders import NOON, line_opened
from tests.unit.domain.port_in_story import Story
from tests.unit.domain.test_new_numbers import terms
from tests.unit.projections.test_line import PORT
from tests.unit.projections.test_order import envelope


def passages(events: list[Event]) -> list[Passage]:
    """Each fact an hour after the one before."""
    told: list[Envelope] = [
        envelope(event, n, stream=PORT) for n, event in enumerate(events, start=1)
    ]
    standing: Standing | None = None
    found = []
    for one in told:
        standing, passage = moved(standing, one)
        found += [] if passage is None else [passage]
    return found


def hours(passage: Passage) -> int:
    return (passage.until - passage.since) // timedelta(hours=1)


def test_each_stage_a_port_has_left_is_measured_with_whom_it_waited_for() -> None:
    """Stages whose end is a date of the exchange's are not: waiting, accepted."""
    found = passages(Story().committed().facts)

    assert [(one.key.stage, one.key.whom) for one in found] == [
        ("claiming", "orange"),
        ("gathering", "orange"),
        ("dating", "orange"),
        ("preparing", "orange"),
        ("awaiting-donor", "02"),
    ]
    assert {one.key.provider for one in found} == {"axantis"}


def test_the_time_a_decision_was_awaited_counts_where_the_line_stood() -> None:
    """Refused; the question, the decision and what follows are each an hour later."""
    story = Story().refused()
    story.decide(DecisionKind.RETRY)
    names = story.names()

    found = passages(story.facts)

    assert (found[-1].key.stage, found[-1].key.whom) == ("refused", "02")
    assert hours(found[-1]) == names.index("PortReopened") - names.index("PortRefused")


def test_figures_follow_in_the_order_of_the_facts_and_leave_the_others_alone() -> None:
    found = passages(Story().committed().facts)
    name = found[3].key.name
    known = {name: StageTimes(key=found[3].key, hours=(4,))}

    changed = measured(known, [found[3], found[3], found[4]], hours)

    assert sorted(changed) == sorted({name, found[4].key.name})
    assert changed[name].hours == (4, hours(found[3]), hours(found[3]))
    assert measured(known, [], hours) == {}


def test_a_stage_whose_calendar_cannot_be_read_is_left_out() -> None:
    assert measured({}, passages(Story().committed().facts), lambda _passage: None) == {}


def test_lines_that_promise_no_day_and_facts_of_no_line_are_not_measured() -> None:
    stray = envelope(line_opened(), 1, stream=PORT)

    assert moved(None, stray) == (None, None)
    number: list[Event] = [NewNumberOpened(terms=terms())]
    number.append(LineReady(ready_at=NOON, host_line="OL-1"))
    assert passages(number) == []
