"""Lines in jeopardy are told once for each promise and cause, a hundred a fact, and cleared."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.event import Event
from domain.identity import LineId, order_of_stream
from domain.jeopardy import (
    AssessLines,
    Jeopardy,
    JeopardyEvent,
    LineInJeopardy,
    LineSafe,
    LinesAtRisk,
    LinesLate,
    LinesSafe,
    Relief,
    decide,
    evolve,
    fold,
    jeopardy_stream,
    relief_of,
)
from domain.outlooks import Cause, Course, Outlook, Promised, Verdict, Waits
from domain.said import Said
from tests.builders import ORDER, line_opened

AT = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)
PROMISED, LATER = date(2027, 1, 15), date(2027, 1, 18)
SAID = Said(fr="annoncé", en="promised")


def line(
    number: int = 1,
    *,
    code: str = "donor-silent",
    since: datetime = AT,
    promised: date = PROMISED,
) -> LineInJeopardy:
    return LineInJeopardy(
        line_id=LineId(UUID(int=number)),
        number=number,
        stage="awaiting-donor",
        promised_on=promised,
        expected_on=promised + timedelta(days=3),
        cause=Cause(code=code, waits_for=Waits.PERSON, whom="02", since=since),
    )


def safe(number: int = 1, because: Relief = Relief.BACK_IN_TIME) -> LineSafe:
    return LineSafe(line_id=LineId(UUID(int=number)), number=number, because=because)


def told(
    given_events: Iterable[Event],
    *,
    at_risk: Iterable[LineInJeopardy] = (),
    late: Iterable[LineInJeopardy] = (),
    safe: Iterable[LineSafe] = (),
) -> tuple[JeopardyEvent, ...]:
    command = AssessLines(decided_at=AT, at_risk=tuple(at_risk), late=tuple(late), safe=tuple(safe))
    return decide(command, fold(given_events))


def test_lines_that_will_be_late_for_one_cause_are_one_fact() -> None:
    lines = [line(number) for number in range(1, 61)]

    (event,) = told((), at_risk=lines)

    assert event == LinesAtRisk(lines=tuple(lines))


def test_a_promise_and_a_cause_are_told_once_however_the_expected_day_moves() -> None:
    moved = line().model_copy(update={"expected_on": date(2027, 1, 25), "stage": "refused"})

    assert told([LinesAtRisk(lines=(line(),))], at_risk=[moved]) == ()


@pytest.mark.parametrize(
    "again",
    [
        line(code="operator-silent"),
        line(since=AT + timedelta(hours=1)),
        line(promised=date(2027, 1, 16)),
    ],
    ids=["another cause", "the same cause anew", "another promise"],
)
def test_another_promise_or_cause_is_told(again: LineInJeopardy) -> None:
    assert told([LinesAtRisk(lines=(line(),))], at_risk=[again]) == (LinesAtRisk(lines=(again,)),)


def test_a_line_at_risk_that_becomes_late_is_one_more_fact_and_never_at_risk_again() -> None:
    before = [LinesAtRisk(lines=(line(),))]

    assert told(before, late=[line()]) == (LinesLate(lines=(line(),)),)
    late = [*before, LinesLate(lines=(line(),))]
    assert told(late, late=[line()]) == ()
    assert told(late, at_risk=[line(code="operator-silent")]) == ()
    assert told(late, at_risk=[line(promised=LATER)]) == (
        LinesAtRisk(lines=(line(promised=LATER),)),
    )


def test_what_was_raised_is_cleared_once() -> None:
    before = [LinesAtRisk(lines=(line(1), line(2)))]

    assert told(before, safe=[safe(1), safe(3)]) == (LinesSafe(lines=(safe(1),)),)
    assert told([*before, LinesSafe(lines=(safe(1),))], safe=[safe(1)]) == ()


def test_a_line_that_was_cleared_is_not_raised_again_for_the_same_cause_but_when_late() -> None:
    before = [LinesAtRisk(lines=(line(),)), LinesSafe(lines=(safe(),))]

    assert told(before, at_risk=[line()]) == ()
    assert told(before, late=[line()]) == (LinesLate(lines=(line(),)),)


@pytest.mark.parametrize("because", [Relief.DELIVERED, Relief.OVER])
def test_lines_that_are_over_are_forgotten(because: Relief) -> None:
    state = fold([LinesAtRisk(lines=(line(),)), LinesSafe(lines=(safe(because=because),))])

    assert state == Jeopardy()


def test_a_line_nobody_was_told_of_is_cleared_without_a_trace() -> None:
    assert fold([LinesSafe(lines=(safe(),)), line_opened()]) == Jeopardy()


def test_each_order_has_a_stream_of_its_own() -> None:
    assert order_of_stream(jeopardy_stream(ORDER)) == ORDER


def test_a_fact_names_a_hundred_lines_and_the_next_turn_the_others() -> None:
    lines = [line(number) for number in range(1, 251)]
    first = told((), late=lines)
    second = told(first, late=lines)
    third = told([*first, *second], late=lines)

    assert [len(event.lines) for event in (*first, *second, *third)] == [100, 100, 50]
    assert told([*first, *second, *third], late=lines) == ()


FOUND = st.tuples(
    st.sampled_from(["at-risk", "late", "safe"]),
    st.integers(1, 4),
    st.sampled_from(["donor-silent", "overdue"]),
    st.sampled_from([PROMISED, LATER]),
    st.sampled_from(list(Relief)),
)


def _decided(turn: list[tuple[str, int, str, date, Relief]], state: Jeopardy) -> list[Event]:
    """A turn finds one thing of each line."""
    by_line = {
        number: (what, line(number, code=code, promised=promised), safe(number, because))
        for what, number, code, promised, because in turn
    }
    command = AssessLines(
        decided_at=AT,
        at_risk=tuple(one for what, one, _ in by_line.values() if what == "at-risk"),
        late=tuple(one for what, one, _ in by_line.values() if what == "late"),
        safe=tuple(one for what, _, one in by_line.values() if what == "safe"),
    )
    return list(decide(command, state))


@given(st.lists(st.lists(FOUND, max_size=6), max_size=25))
@settings(max_examples=150)
def test_nothing_is_told_twice_of_a_promise_and_a_cause_before_the_line_is_over(
    turns: list[list[tuple[str, int, str, date, Relief]]],
) -> None:
    state = Jeopardy()
    said: dict[LineId, list[tuple[str, date, str]]] = {}
    for turn in turns:
        events = _decided(turn, state)
        assert len(events) <= 3
        for event in events:
            assert isinstance(event, JeopardyEvent)
            _no_repeat(event, said)
            state = evolve(state, event)
        assert _decided(turn, state) == []
    assert set(state.raised) <= set(said)


def _no_repeat(event: JeopardyEvent, said: dict[LineId, list[tuple[str, date, str]]]) -> None:
    """Of one promise; another one, and an end, begin anew."""
    for one in event.lines:
        known = said.setdefault(one.line_id, [])
        if isinstance(one, LineSafe):
            assert known
            if one.because in {Relief.DELIVERED, Relief.OVER}:
                known.clear()
            continue
        mark = (type(event).__name__, one.promised_on, one.cause.mark)
        if known and known[-1][1] != one.promised_on:
            known.clear()
        assert mark not in known
        known.append(mark)


# when a line is safe again


def _course(*, delivered: bool = False) -> Course:
    promised = Promised(on=PROMISED, said=SAID, source="PortPlanned")
    return Course(
        promised=promised,
        settled_on=PROMISED,
        delivered_at=AT if delivered else None,
        given_up=False,
        stage="committed",
        since=AT,
        estimated=False,
        due=None,
        question=None,
    )


def _outlook(verdict: Verdict, promised: date | None = PROMISED) -> Outlook:
    return Outlook(
        verdict=verdict,
        promised=None if promised is None else Promised(on=promised, said=SAID, source="x"),
        expected_on=promised,
        days_late=0,
        cause=None,
        left=(),
        because=(),
    )


@pytest.mark.parametrize(
    ("outlook", "delivered", "steady", "relief"),
    [
        (_outlook(Verdict.SAFE), False, True, Relief.BACK_IN_TIME),
        (_outlook(Verdict.SAFE), False, False, None),
        (_outlook(Verdict.AT_RISK), False, False, None),
        (_outlook(Verdict.SAFE, LATER), False, False, Relief.AGREED_ANEW),
        (_outlook(Verdict.AT_RISK, LATER), False, False, None),
        (_outlook(Verdict.DELIVERED_LATE), True, False, Relief.DELIVERED),
        (_outlook(Verdict.NOTHING_PROMISED, None), False, False, Relief.OVER),
    ],
)
def test_only_facts_clear_a_line(
    *, outlook: Outlook, delivered: bool, steady: bool, relief: Relief | None
) -> None:
    state = fold([LinesAtRisk(lines=(line(),))])
    known = state.lines[LineId(UUID(int=1))]

    assert relief_of(known, _course(delivered=delivered), outlook, steady=steady) is relief
