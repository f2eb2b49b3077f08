"""A new number on a line: asked of the host, given, and who decides when it is not."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.attention import (
    DecisionKind,
    DecisionRefusedError,
    DecisionTaken,
    PolicyRow,
    Turn,
)
from domain.event import Event
from domain.failure_policy import Treatment
from domain.identity import LineId
from domain.new_numbers import (
    Activated,
    AskHost,
    AwaitingLine,
    AwaitingNumber,
    DecideNewNumber,
    HearHost,
    NewNumberCommand,
    NewNumberEvent,
    NewNumberRefusedError,
    NewNumberState,
    NewNumberTerms,
    NoteLineReady,
    NoteNumberGiven,
    NotOpened,
    OpenNewNumber,
    PassTime,
    SetAside,
    decide,
    evolve,
    fold,
)
from domain.port_in_facts import MessageSetAside, OperatorAsked, Outcome, Step
from tests.builders import NOON, line_opened
from tests.porting import number_terms, ordered_line

PORT = number_terms(ordered_line("oksio"))
LATER = NOON + timedelta(days=2)
COMMON = {"decided_at": NOON, "answer_by": LATER}


def terms(host_line: str | None = None) -> NewNumberTerms:
    return NewNumberTerms(
        line_id=LineId(UUID(int=2)),
        order_id=PORT.order_id,
        replaces=PORT.line_id,
        pin=PORT.pin,
        host=PORT.host,
        sim=PORT.sim,
        host_line=host_line,
        asked_at=NOON,
    )


def after(*commands: NewNumberCommand) -> NewNumberState:
    state: NewNumberState = NotOpened()
    for command in commands:
        for event in decide(command, state):
            assert isinstance(event, NewNumberEvent)
            state = evolve(state, event)
    return state


OPEN = OpenNewNumber(**COMMON, terms=terms())
KEPT = OpenNewNumber(**COMMON, terms=terms("OL-1"))
ASK = AskHost(**COMMON, key="k-1", until=LATER)
RETRY = DecideNewNumber(**COMMON, decision=DecisionKind.RETRY, reason="again", by="Ops")


def names(events: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_line_that_was_ready_is_kept_and_only_needs_a_number() -> None:
    assert isinstance(after(OPEN), AwaitingLine)
    assert isinstance(after(KEPT), AwaitingNumber)


def test_what_is_asked_is_asked_once() -> None:
    (asked,) = decide(ASK, after(OPEN))

    assert isinstance(asked, OperatorAsked)
    assert (asked.step, asked.key) == (Step.PREPARE_LINE, "k-1")
    assert decide(ASK, after(OPEN, ASK)) == ()


def test_the_number_given_ends_it_and_starts_service() -> None:
    given = NoteNumberGiven(**COMMON, number=PORT.msisdn, given_at=LATER)

    state = after(KEPT, ASK, HearHost(**COMMON, reference="r"), given)

    assert isinstance(state, Activated)
    assert state.ended is not None
    assert (state.ended.outcome, state.ended.service_started_at) == (Outcome.ACTIVATED, LATER)
    with pytest.raises(NewNumberRefusedError, match="AskHost does not fit: the line is activated"):
        decide(ASK, state)


def test_a_line_made_ready_needs_its_number_next() -> None:
    ready = NoteLineReady(**COMMON, ready_at=NOON, host_line="OL-2")

    state = after(OPEN, ASK, ready)

    assert isinstance(state, AwaitingNumber)
    assert (state.host_line, state.ask, state.step) == ("OL-2", None, Step.GIVE_NUMBER)
    assert decide(ready, state) == ()


def test_an_operator_that_takes_it_twice_is_noted_once() -> None:
    took = HearHost(**COMMON, reference="r")

    assert decide(took, after(KEPT)) == ()
    assert decide(took, after(KEPT, ASK, took)) == ()


def test_a_refusal_is_asked_again_under_another_key() -> None:
    refused = HearHost(**COMMON, code="NO-NUMBER")
    state = after(KEPT, ASK, refused)

    assert isinstance(state, AwaitingNumber)
    assert (state.ask, state.epoch, state.attentions[0].code) == (None, 1, "operator-refused")
    assert names(decide(RETRY, state)) == ["DecisionTaken", "AttentionCleared"]


def test_silence_is_asked_again_under_the_same_key() -> None:
    state = after(KEPT, ASK, HearHost(**COMMON))

    (_, _, again) = decide(RETRY, state)

    assert isinstance(again, OperatorAsked)
    assert (again.key, again.until) == ("k-1", LATER)


def test_the_number_stays_owed_whatever_is_decided() -> None:
    state = after(KEPT, ASK, HearHost(**COMMON))
    later = RETRY.model_copy(update={"decision": DecisionKind.SNOOZE})

    with pytest.raises(DecisionRefusedError, match="it stays owed"):
        decide(later, state)


def test_a_question_nobody_answers_goes_up() -> None:
    late = PassTime(decided_at=LATER, answer_by=LATER)

    state = after(KEPT, ASK, HearHost(**COMMON), late)

    assert isinstance(state, AwaitingNumber)
    assert state.attentions[0].turn is Turn.SUPERVISOR


def test_what_does_not_fit_is_set_aside_or_changes_nothing() -> None:
    aside = SetAside(**COMMON, source="orange", message_key="m", why="late")

    (fact,) = decide(aside, after(KEPT))
    assert fact == MessageSetAside(source="orange", message_key="m", why="late")
    assert after(KEPT, aside) == after(KEPT)
    assert evolve(NotOpened(), fact) == NotOpened()
    assert fold([line_opened()]) == NotOpened()
    given = NoteNumberGiven(**COMMON, number=PORT.msisdn, given_at=LATER)
    assert decide(given, after(OPEN)) == ()


def test_a_fact_after_its_end_changes_nothing() -> None:
    given = NoteNumberGiven(**COMMON, number=PORT.msisdn, given_at=LATER)
    state = after(KEPT, given)
    fact = MessageSetAside(source="orange", message_key="m", why="late")

    assert evolve(state, fact) == state


ROW = PolicyRow(policy="orange", version=1, name="busy", since=date(2026, 1, 1))
AGAIN = NOON + timedelta(hours=4)


def _treated(**more: Any) -> Treatment:  # noqa: ANN401
    usual = {"row": ROW, "queue": "hosts", "owner": Turn.OPERATIONS, "at_most": 1}
    return Treatment(**{**usual, "retry_at": AGAIN, **more})


def test_a_refusal_with_a_next_try_waits_for_it_and_is_asked_again_under_another_key() -> None:
    refused = HearHost(**COMMON, code="NO-NUMBER", treatment=_treated())
    state = after(KEPT, ASK, refused)
    assert isinstance(state, AwaitingNumber)
    assert state.retry is not None
    assert (state.ask, state.epoch, state.retry.until, state.attentions) == (None, 1, AGAIN, ())
    assert decide(ASK, state) == ()
    assert decide(PassTime(**COMMON), state) == ()

    due = PassTime(decided_at=AGAIN, answer_by=LATER)

    assert names(decide(due, state)) == ["RetryBegun"]
    begun = after(KEPT, ASK, refused, due)
    assert names(decide(ASK, begun)) == ["OperatorAsked"]
    assert decide(due, begun) == ()


def test_with_no_try_left_a_person_is_asked_with_the_row() -> None:
    silent = HearHost(**COMMON, treatment=_treated())
    due = PassTime(decided_at=AGAIN, answer_by=LATER)
    state = after(KEPT, ASK, silent, due, silent)

    assert isinstance(state, AwaitingNumber)
    (asked,) = state.attentions
    assert (asked.code, asked.queue, asked.row) == ("operator-silent", "hosts", ROW)
    assert asked.allowed == (DecisionKind.RETRY,)
    taken = decide(RETRY, state)[0]
    assert isinstance(taken, DecisionTaken)
    assert taken.row == ROW
    assert names(decide(silent, after(KEPT, ASK, silent, due, silent, RETRY))) == ["RetryPlanned"]


def test_what_the_host_takes_meanwhile_needs_no_next_try() -> None:
    took = HearHost(**COMMON, reference="r")

    state = after(KEPT, ASK, HearHost(**COMMON, treatment=_treated()), took)

    assert isinstance(state, AwaitingNumber)
    assert state.retry is None


def test_a_refusal_that_comes_meanwhile_takes_the_place_of_the_next_try() -> None:
    refused = HearHost(**COMMON, code="NO-NUMBER")

    state = after(KEPT, ASK, HearHost(**COMMON, treatment=_treated()), refused)

    assert isinstance(state, AwaitingNumber)
    assert state.retry is None
    assert [attention.code for attention in state.attentions] == ["operator-refused"]
