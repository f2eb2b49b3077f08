"""A host's nights: what was compared, what was not, and when a person is asked about the host."""

from datetime import date, timedelta

from domain.attention import Turn
from domain.event import Event
from domain.host_nights import (
    AskForRun,
    Counts,
    HostAttentionRaised,
    HostAttentionWentUp,
    HostNights,
    HostNightsEvent,
    HostNotReconciled,
    HostReconciled,
    NoteNight,
    RunAskedFor,
    decide,
    fold,
    host_nights_stream,
)
from domain.port_in_facts import HostNetwork
from tests.builders import line_opened
from tests.porting import STORY

MONDAY = date(2027, 1, 11)
LATER = STORY + timedelta(days=2)


def night(
    day: int, *, why: str | None = None, decided: timedelta = timedelta(0), **counts: int
) -> NoteNight:
    return NoteNight(
        decided_at=STORY + decided,
        answer_by=LATER,
        night=date(2027, 1, day),
        began_at=STORY,
        counts=Counts(**counts),
        why=why,
    )


def after(*commands: NoteNight | AskForRun) -> tuple[list[HostNightsEvent], HostNights]:
    events: list[Event] = [line_opened()]
    for command in commands:
        events += decide(command, fold(events))
    return [e for e in events if isinstance(e, HostNightsEvent)], fold(events)


def test_a_night_says_what_was_compared() -> None:
    events, state = after(night(11, lines=9, compared=8))

    (heard,) = events
    assert isinstance(heard, HostReconciled)
    assert (state.last, state.last_heard, state.attention) == (heard, heard, None)
    assert (heard.counts.lines, heard.counts.compared) == (9, 8)


def test_a_run_somebody_asked_for_is_kept_with_who_asked() -> None:
    asked = AskForRun(decided_at=STORY, by="a colleague", reason="a doubt")

    events, state = after(asked)

    assert events == [RunAskedFor(by="a colleague", reason="a doubt")]
    assert state == HostNights()


def test_two_silent_nights_are_said_to_be_and_nobody_is_asked() -> None:
    events, state = after(night(11, why="down"), night(12, why="down"))

    assert [type(event) for event in events] == [HostNotReconciled, HostNotReconciled]
    assert (state.unheard, state.attention) == (2, None)


def test_the_same_night_tried_twice_is_one_silent_night() -> None:
    _, state = after(*(night(11, why="down") for _ in range(4)))

    assert (state.unheard, state.attention) == (1, None)


def test_the_third_silent_night_asks_a_person_once() -> None:
    events, state = after(*(night(day, why="down") for day in (11, 12, 13, 14)))

    assert sum(isinstance(event, HostAttentionRaised) for event in events) == 1
    assert state.attention is not None
    assert (state.attention.code, state.attention.turn) == ("host-silent", Turn.OPERATIONS)
    assert "several nights" in state.attention.what.en


def test_silence_nobody_sees_to_goes_up() -> None:
    silent = [night(day, why="down") for day in (11, 12, 13)]
    late = night(14, why="down", decided=timedelta(days=2))

    events, state = after(*silent, late)

    assert events[-1] == HostAttentionWentUp(until=LATER)
    assert state.attention is not None
    assert state.attention.turn is Turn.SUPERVISOR


def test_silence_that_went_up_does_not_go_up_again() -> None:
    silent = [night(day, why="down") for day in (11, 12, 13)]
    late = [night(day, why="down", decided=timedelta(days=day)) for day in (14, 17, 20, 23)]

    events, _ = after(*silent, *late)

    assert sum(isinstance(event, HostAttentionWentUp) for event in events) == 1


def test_a_host_that_is_heard_again_asks_nobody_any_more() -> None:
    _, state = after(*(night(day, why="down") for day in (11, 12, 13)), night(14))

    assert (state.unheard, state.attention) == (0, None)


def test_what_was_heard_last_is_known_while_it_is_silent() -> None:
    _, state = after(night(11, lines=3), night(12, why="down"))

    assert state.last_heard is not None
    assert state.last_heard.night == MONDAY
    assert isinstance(state.last, HostNotReconciled)


def test_a_host_that_differs_too_widely_is_looked_at_as_a_whole() -> None:
    _, state = after(night(11, raised=50, beyond=3))

    assert state.attention is not None
    assert state.attention.code == "host-differs-widely"


def test_one_that_goes_up_after_it_was_over_moves_nothing() -> None:
    assert fold([HostAttentionWentUp(until=LATER)]) == HostNights()


def test_counts_are_added_one_by_one() -> None:
    assert Counts(lines=2, gone=1).plus(Counts(lines=3, raised=1)) == Counts(
        lines=5, gone=1, raised=1
    )


def test_each_host_has_a_stream() -> None:
    assert host_nights_stream(HostNetwork.SFR) == "host-nights/sfr"
