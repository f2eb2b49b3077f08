"""Lines of one order that wait for each other: until when, for what, and what a person decides."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_commands as told
from domain import link_commands as links
from domain.access import decide
from domain.access_awaited import awaited_by, wakes_by
from domain.access_changes import AccessChange
from domain.access_stages import Access, AccessState, InService
from domain.attention import AttentionCleared, AttentionRaised, DecisionRefusedError
from domain.link_facts import (
    LineBeforeEnded,
    LineBeforeServed,
    LinesAwaited,
    LinesLeft,
    LinesTold,
)
from domain.port_in_facts import MessageSetAside, Outcome, Step
from domain.works_commands import ReportWorksDone
from tests.accesses import (
    BOTH,
    answer,
    asked,
    cancellation,
    codes,
    in_service,
    key_asked,
    ready,
    stage,
    when,
)
from tests.porting import STORY

UNTIL = STORY + timedelta(days=14)
AFTER = UNTIL + timedelta(minutes=1)
AWAIT = links.AwaitLines(**BOTH, until=UNTIL)


def _built(*after: int) -> AccessState:
    """Built, with nobody to come: it could be opened but for the lines it waits for."""
    state = asked(ready(after=after), Step.BUILD_ACCESS)
    fields = {**_message("done"), "key": key_asked(state, Step.BUILD_ACCESS)}
    return when(state, ReportWorksDone(**fields, done_at=STORY, visit=False))


def _message(key: str) -> dict[str, Any]:
    return {**BOTH, "source": "lines", "message_key": key}


def _served(line: int) -> links.ReportLineServed:
    return links.ReportLineServed(**_message(f"served-{line}"), line=line, started_at=STORY)


def _ended(line: int, outcome: Outcome = Outcome.REFUSED) -> links.ReportLineEnded:
    return links.ReportLineEnded(**_message(f"ended-{line}"), line=line, outcome=outcome)


def _passed(**changes: Any) -> told.PassTime:  # noqa: ANN401
    return told.PassTime(**{"decided_at": AFTER, "answer_by": AFTER + timedelta(days=2), **changes})


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def test_a_line_is_built_and_not_opened_before_the_one_it_waits_for() -> None:
    waiting, alone = _open(_built(1)), _open(_built())

    assert (stage(waiting), waiting.step, waiting.waits_for) == ("commissioning", None, (1,))
    assert alone.step is Step.COMMISSION_ACCESS


def test_it_is_said_what_is_awaited_and_until_when_once() -> None:
    state = _built(1, 2)

    assert decide(AWAIT, state) == (LinesAwaited(lines=(1, 2), until=UNTIL),)
    after = _open(when(state, AWAIT))
    awaited = awaited_by(after)
    assert awaited is not None
    assert (awaited.until, awaited.what.en) == (UNTIL, "lines 1, 2 in service")
    assert decide(AWAIT, after) == ()
    assert decide(AWAIT, _built()) == ()
    assert decide(AWAIT, ready(after=(1,))) == ()


def test_another_wish_has_it_said_anew_until_when_it_waits_unless_a_person_is_asked() -> None:
    """Given a line that waits, when the customer wishes another day, then the wait is said anew."""
    state = when(_built(1), AWAIT)
    change = AccessChange(wished=date(2027, 6, 1))
    wish = told.AmendAccess(**BOTH, by="x", change=change, needs=None, needs_until=UNTIL)
    later = links.AwaitLines(**BOTH, until=UNTIL + timedelta(days=90))

    after = when(state, wish)

    assert decide(later, after) == (LinesAwaited(lines=(1,), until=later.until),)
    asked_already = when(state, _passed(), wish)
    assert codes(asked_already) == ["lines-before"]
    assert decide(later, asked_already) == ()


def test_a_line_in_service_lets_it_be_opened() -> None:
    state = when(_built(1), AWAIT)

    assert decide(_served(1), state) == (LineBeforeServed(line=1, started_at=STORY),)
    after = _open(when(state, _served(1)))
    assert after.step is Step.COMMISSION_ACCESS
    assert awaited_by(after) is None


def test_every_line_it_waits_for_is_waited_for() -> None:
    state = _open(when(_built(1, 2), _served(2)))

    assert (state.waits_for, state.step) == ((1,), None)
    awaited = awaited_by(when(state, AWAIT))  # type: ignore[arg-type]  # an open access
    assert awaited is not None
    assert awaited.what.fr == "la mise en service de la ligne 1"


def test_a_word_that_comes_long_before_is_kept() -> None:
    state = when(ready(after=(1,)), _served(1))

    assert _open(state).waits_for == ()


def test_a_word_that_is_known_or_about_another_line_is_set_aside() -> None:
    known = when(_built(1), _served(1))

    assert isinstance(decide(_served(1), known)[0], MessageSetAside)
    assert isinstance(decide(_served(3), known)[0], MessageSetAside)
    assert isinstance(decide(_ended(1), known)[0], MessageSetAside)
    gone = when(_built(1), _ended(1))
    assert isinstance(decide(_ended(1), gone)[0], MessageSetAside)
    back = when(_built(1), cancellation())
    assert isinstance(decide(_served(1), back)[0], MessageSetAside)


# nobody comes into service


def test_past_its_day_a_person_is_asked_once() -> None:
    state = when(_built(1), AWAIT)

    assert decide(_passed(decided_at=UNTIL - timedelta(hours=1)), state) == ()
    (raised,) = decide(_passed(), state)
    assert isinstance(raised, AttentionRaised)
    assert [str(one) for one in raised.attention.allowed] == ["retry", "skip", "cancel"]
    assert raised.attention.blocks
    after = when(state, _passed())
    assert decide(_passed(), after) == ()
    wakes = wakes_by(_open(after))
    assert wakes is not None
    assert wakes.until == AFTER + timedelta(days=2)


def test_it_may_be_waited_for_until_another_day() -> None:
    state = when(_built(1), AWAIT, _passed())
    later = AFTER + timedelta(days=30)

    named = decide(answer("retry", until=later), state)
    usual = decide(answer("retry", lines_until=later), state)
    short = decide(answer("retry", answer_by=later), state)

    again = LinesAwaited(lines=(1,), until=later)
    assert [found[-1] for found in (named, usual, short)] == [again] * 3


def test_it_may_go_on_without() -> None:
    state = when(_built(1, 2), AWAIT, _passed())

    found = decide(answer("skip"), state)

    assert found[1:] == (
        AttentionCleared(code="lines-before"),
        LinesLeft(lines=(1, 2), by="a colleague", reason="because"),
    )
    assert _open(when(state, answer("skip"))).step is Step.COMMISSION_ACCESS


def test_it_may_be_cancelled() -> None:
    state = when(_built(1), AWAIT, _passed(), answer("cancel", cancellation=cancellation()))

    assert stage(state) == "giving-back"


def test_a_line_that_comes_into_service_after_all_answers_the_question() -> None:
    state = when(_built(1, 2), AWAIT, _passed())

    assert codes(when(state, _served(1))) == ["lines-before"]
    assert codes(when(state, _served(1), _served(2))) == []


def test_a_line_that_ends_without_service_is_asked_about_at_once() -> None:
    state = ready(after=(1, 2))

    found = decide(_ended(1, Outcome.CANCELLED), state)

    assert found[0] == LineBeforeEnded(line=1, outcome=Outcome.CANCELLED)
    after = _open(when(state, _ended(1, Outcome.CANCELLED)))
    (question,) = after.attentions
    assert (question.detail, after.blocked) == ("1", True)
    assert "ended without service (cancelled)" in question.what.en
    with pytest.raises(DecisionRefusedError, match="'retry' is not what is asked"):
        decide(answer("retry"), after)
    gone_on = _open(when(after, answer("skip")))
    assert (gone_on.waits_for, gone_on.attentions) == ((2,), ())


def test_two_lines_that_end_are_one_question() -> None:
    state = when(_built(1, 2), AWAIT, _passed(), _ended(1), _ended(2))

    (question,) = _open(state).attentions
    assert question.detail == "1,2"
    assert _open(when(state, answer("skip"))).waits_for == ()


def test_what_it_goes_on_without_is_not_asked_about_again() -> None:
    state = when(_built(1, 2), _ended(1), answer("skip"), _ended(2))

    assert _open(state).attentions[0].detail == "2"


# the line that is waited for


def test_whoever_waits_for_it_is_told_once_that_it_works() -> None:
    state = in_service(ready(before=(2, 3)))
    tell = links.TellLines(**BOTH)

    assert decide(tell, state) == (LinesTold(lines=(2, 3)),)
    after = when(state, tell)
    assert isinstance(after, InService)
    assert after.lines_told
    assert decide(tell, after) == ()
    assert decide(tell, ready(before=(2,))) == ()
