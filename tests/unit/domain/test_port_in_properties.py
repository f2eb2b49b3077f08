"""Whatever is told a port, in whatever order: what must never happen does not."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import port_in_commands as told
from domain.attention import DecisionKind, DecisionRefusedError
from domain.port_in import PortRefusedError, ReportTooSoonError
from domain.port_in_facts import (
    OperatorAsked,
    OperatorRefused,
    PortCommitted,
    PortEnded,
    PortRefused,
    RequestCancelled,
    Step,
    UndoingBegun,
)
from domain.port_in_states import Ended, Going, NotOpened, fold
from domain.port_rules import confirmers_of
from tests.unit.domain.port_in_story import WHY, Story

MOVES = st.lists(st.integers(0, 19), min_size=5, max_size=60)


def _moves(story: Story) -> list[Any]:
    """Everything that can be told a port, from which an index chooses."""
    now = story.now
    later = now + timedelta(hours=1)
    return [
        lambda: story.tell(told.NoteNumberClaimed),
        lambda: story.tell(told.LookAtGates),
        story.plan,
        lambda: story.ask(Step.PREPARE_LINE),
        lambda: story.report(told.ReportLineReady, ready_at=now, host_line="OL-1"),
        lambda: story.ask(Step.SEND_REQUEST),
        story.accept,
        lambda: story.report(told.ReportRefused, code="R123", refused_at=now),
        lambda: story.ask(Step.COMMIT_PORT),
        lambda: story.tell(
            told.CommitPort, reference="T", confirmers=confirmers_of(story.going.terms)
        ),
        lambda: story.tell(told.HearActive, suspended=False),
        lambda: story.ask(Step.SWITCH_LINE),
        lambda: story.report(
            told.ReportSwitched,
            outage_from=now,
            outage_to=later,
            sim_activated_at=now,
            settled_at=later,
            judged=(WHY,),
            too_long=False,
        ),
        lambda: story.tell(told.HearWorking, reference="T"),
        story.cancel,
        lambda: story.decide(DecisionKind.RETRY),
        lambda: story.decide(DecisionKind.CANCEL),
        lambda: story.report(told.ReportRequestCancelled, cancelled_at=now),
        lambda: story.report(told.ReportLineReleased, released_at=now),
        lambda: story.tell(told.EndPort, why=WHY),
    ]


def _told(moves: list[int]) -> Story:
    story = Story().opened()
    for move in moves:
        if not isinstance(story.state, Going):
            break
        try:
            _moves(story)[move]()
        except (PortRefusedError, ReportTooSoonError, DecisionRefusedError, AttributeError):
            story.now += timedelta(minutes=10)
    return story


@settings(max_examples=150)
@given(MOVES)
def test_no_key_is_ever_asked_of_two_intentions(moves: list[int]) -> None:
    asked = [event for event in _told(moves).facts if isinstance(event, OperatorAsked)]

    assert len({(event.step, event.epoch) for event in asked}) == len({e.key for e in asked})


@settings(max_examples=150)
@given(MOVES)
def test_nothing_is_asked_again_under_another_key_without_an_end_of_the_first(
    moves: list[int],
) -> None:
    live: dict[Step, str] = {}
    for event in _told(moves).facts:
        if isinstance(event, OperatorAsked):
            assert live.get(event.step, event.key) == event.key
            live[event.step] = event.key
        elif isinstance(event, OperatorRefused):
            live.pop(event.step, None)
        elif isinstance(event, PortRefused | RequestCancelled):
            live.pop(Step.SEND_REQUEST, None)


@settings(max_examples=150)
@given(MOVES)
def test_what_is_final_is_not_undone_and_what_is_undone_does_not_become_final(
    moves: list[int],
) -> None:
    facts = _told(moves).facts
    committed = [n for n, event in enumerate(facts) if isinstance(event, PortCommitted)]
    undone = [n for n, event in enumerate(facts) if isinstance(event, UndoingBegun)]

    assert not (committed and undone)
    assert len(committed) <= 1
    assert len(undone) <= 1


@settings(max_examples=150)
@given(MOVES)
def test_facts_always_lead_to_the_same_state_and_an_end_is_the_last_one(moves: list[int]) -> None:
    story = _told(moves)

    assert fold(story.facts) == story.state
    assert not isinstance(story.state, NotOpened)
    ends = [n for n, event in enumerate(story.facts) if isinstance(event, PortEnded)]
    assert ends in ([], [len(story.facts) - 1])
    assert isinstance(story.state, Ended) is bool(ends)
