"""A question nobody answers goes up once, and then it is late and in sight until it is answered.

What a contract makes of silence follows all the same, whoever was to answer.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import access_awaited, access_people, port_in_awaited
from domain import access_commands as of_access
from domain import new_numbers as numbers
from domain import works_commands as works
from domain.access import decide
from domain.access_stages import Access, AccessState
from domain.attention import Attention, AttentionMoved, DecisionKind, Turn
from domain.port_in_facts import CancellationLapsed, ConfirmationsMissing, Step
from domain.port_in_states import Undoing
from domain.said import Said
from domain.works_facts import Half
from projections.line import wakes_by
from tests import accesses as of
from tests.accesses import SOON
from tests.fakes.works import slot_of
from tests.porting import STORY
from tests.unit.domain import test_new_numbers as number_tests
from tests.unit.domain.port_in_story import Story

WEEK = timedelta(days=7)
LETTER = Said(fr="une lettre", en="a letter")


def _site(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _later(weeks: int, **more: Any) -> of_access.PassTime:  # noqa: ANN401  a quote
    at = STORY + weeks * WEEK
    return of_access.PassTime(decided_at=at, answer_by=at + timedelta(days=2), **more)


def _asked(attentions: tuple[Attention, ...]) -> list[tuple[str, Turn]]:
    return [(one.code, one.turn) for one in attentions]


# ports


def test_a_question_of_a_port_goes_up_once_and_is_late_from_then_on() -> None:
    story = Story("nexis", {"documents": []}).gathered()
    story.pass_time(story.going.attentions[0].until)
    (asked,) = story.going.attentions
    assert asked.turn is Turn.SUPERVISOR

    for _ in range(10):
        assert story.pass_time(story.now + WEEK) == ()

    assert story.going.attentions == (asked,)
    late = port_in_awaited.awaited_by(story.going)
    assert late is not None
    assert late.until == asked.until < story.now
    assert port_in_awaited.wakes_by(story.going) is None


def test_a_rio_that_never_comes_gives_a_new_number_although_its_question_went_up() -> None:
    """Handed to the supervisor, or gone up before its own last day: the contract stands."""
    story = Story("oksio", {"line": {"rio": None}}).gathered()
    last = story.going.attentions[0].until
    story.decide(DecisionKind.REASSIGN, turn=Turn.SUPERVISOR, until=story.now + WEEK)

    wakes = port_in_awaited.wakes_by(story.going)
    assert wakes is not None
    assert wakes.until == last
    story.pass_time(last, replaces=True)

    assert isinstance(story.state, Undoing)


def test_a_letter_that_never_comes_lets_a_cancellation_lapse_whoever_asks_for_it() -> None:
    story = Story("nexis", {"documents": []}).gathered()
    story.cancel(needs=LETTER)
    story.decide(DecisionKind.REASSIGN, code="cancellation-paper", turn=Turn.SUPERVISOR)
    asked = {one.code: one.until for one in story.going.attentions}

    facts = story.pass_time(asked["cancellation-paper"])

    assert any(isinstance(fact, CancellationLapsed) for fact in facts)


def test_papers_of_a_port_that_is_being_cancelled_have_no_silence_of_their_own() -> None:
    story = Story("oksio", {"line": {"rio": None}}).gathered()
    story.decide(DecisionKind.REASSIGN, turn=Turn.SUPERVISOR, until=story.now + WEEK)
    papers = story.going.attentions[0]
    story.cancel(needs=LETTER)

    assert port_in_awaited.moves_at(papers, story.going) is None


def test_confirmations_that_never_come_are_given_up_whoever_was_to_ask_for_them() -> None:
    story = Story().verified()
    story.pass_time(story.going.planned.confirmations_until)  # type: ignore[union-attr]  # it was planned
    story.decide(DecisionKind.REASSIGN, turn=Turn.SUPERVISOR, until=story.now + WEEK)

    wakes = port_in_awaited.wakes_by(story.going)
    assert wakes is not None
    assert wakes.until == story.now + WEEK
    facts = story.pass_time(wakes.until)

    assert isinstance(facts[0], ConfirmationsMissing)
    assert story.waits_for == []


# accesses


def _offered() -> AccessState:
    state = of.asked(of.ready(), Step.BUILD_ACCESS)
    state = of.asked(of.when(state, of.built(state, visit=True)), Step.OFFER_VISITS)
    key = of.key_asked(state, Step.OFFER_VISITS)
    fields = {"source": "orange", "message_key": "m", "key": key}
    slots = (slot_of(date(2027, 1, 20), Half.MORNING),)
    return of.when(state, works.ReportVisitsOffered(**of.BOTH, **fields, slots=slots))


def test_a_question_of_an_access_goes_up_once_and_is_late_from_then_on() -> None:
    state = _offered()
    (moved,) = decide(_later(1), state)
    assert isinstance(moved, AttentionMoved)
    state = _site(of.when(state, _later(1)))
    assert _asked(state.attentions) == [("visit-slots", Turn.SUPERVISOR)]

    assert [decide(_later(week), state) for week in range(2, 12)] == [()] * 10

    late = access_awaited.awaited_by(state)
    assert late is not None
    assert late.until == moved.until
    assert access_awaited.wakes_by(state) is None


def test_an_operators_answer_is_still_waited_for_beside_a_question_that_went_up() -> None:
    """The fee is asked about, and holds nothing up."""
    state = of.desaturating(fees=(of.fee(),), consent_needed=True)
    assert "fee-consent" in of.codes(state)
    state = _site(of.when(state, _later(1)))

    wakes = access_awaited.wakes_by(state)

    assert wakes is not None
    assert (wakes.until, state.asks[Step.DESATURATE].until) == (SOON, SOON)


@pytest.mark.parametrize("handed_on", [False, True])
def test_a_quote_left_without_an_answer_is_refused_whoever_was_to_answer(
    *, handed_on: bool
) -> None:
    state = of.quoted()
    if handed_on:
        state = of.when(state, of.answer("reassign", "quote", turn=Turn.SUPERVISOR))

    wakes = access_awaited.wakes_by(_site(state))
    assert wakes is not None
    assert wakes.until == of.QUOTE_TERMS.until
    state = of.when(state, _later(2, quote=of.QUOTE_TERMS))

    assert of.stage(state) == "giving-back"


def test_a_quote_whose_silence_says_nothing_goes_up_once() -> None:
    terms = of.QUOTE_TERMS.model_copy(update={"silence_refuses": False})
    state = of.quoted(terms)
    state = of.when(state, _later(2, quote=terms))

    assert _asked(_site(state).attentions) == [("quote", Turn.SUPERVISOR)]
    assert decide(_later(3, quote=terms), state) == ()


def test_a_letter_that_never_comes_lets_an_access_go_on() -> None:
    state = of.when(of.ready(), of.cancellation(LETTER))
    reassigned = of.answer("reassign", "cancellation-paper", turn=Turn.SUPERVISOR)
    facts = access_people.decide_for_person(reassigned, _site(state))
    assert isinstance(facts[-1], AttentionMoved)
    state = of.when(state, reassigned)

    state = of.when(state, _later(1))

    assert _site(state).cancellation is None


# new numbers


def test_a_question_about_a_new_number_goes_up_once_and_not_before_its_date() -> None:
    common = number_tests.COMMON
    late = {"decided_at": number_tests.LATER, "answer_by": number_tests.LATER + WEEK}
    heard = (number_tests.KEPT, number_tests.ASK, numbers.HearHost(**common))
    state = number_tests.after(*heard)
    assert numbers.decide(numbers.PassTime(**common), state) == ()
    assert getattr(wakes_by(state), "until", None) == number_tests.LATER

    state = number_tests.after(*heard, numbers.PassTime(**late))

    assert isinstance(state, numbers.AwaitingNumber)
    assert _asked(state.attentions) == [("operator-silent", Turn.SUPERVISOR)]
    later = {"decided_at": number_tests.LATER + 5 * WEEK, "answer_by": number_tests.LATER}
    assert numbers.decide(numbers.PassTime(**later), state) == ()
    assert wakes_by(state) is None
