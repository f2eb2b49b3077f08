"""An access that took another customer's line: told, looked at by a person, put back."""

from datetime import timedelta

import pytest

from domain import access_commands as told
from domain.access import decide
from domain.access_facts import (
    AccessEnded,
    LinePutBack,
    Teller,
    WrongOverwritingTold,
)
from domain.access_stages import Access, AccessStage, AccessState, Closed, GivingBack
from domain.attention import DecisionRefusedError
from domain.port_in_facts import HeldDocument, MessageSetAside, Outcome, Step
from tests import accesses as of
from tests.accesses import BOTH, SIGNED_ON
from tests.porting import STORY

OVERWRITTEN = told.ReportOverwritten(
    **BOTH, source="orange", message_key="o", code="WRONG-LINE", told_at=STORY
)
ABOUT = "wrong-overwriting"


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _told(state: AccessState | None = None) -> AccessState:
    return of.when(of.ready() if state is None else state, OVERWRITTEN)


def _giving_back(state: AccessState) -> GivingBack:
    assert isinstance(state, GivingBack)
    return state


def _put_back(state: AccessState) -> AccessState:
    state = of.asked(state, Step.PUT_BACK)
    key = of.key_asked(state, Step.PUT_BACK)
    answer = told.ReportPutBack(
        **BOTH, source="orange", message_key="p", key=key, put_back_at=STORY
    )
    return of.when(state, answer, told.EndAccess(**BOTH))


def test_what_the_operator_tells_is_a_fact_and_a_question_and_nothing_goes_on() -> None:
    (fact, _) = decide(OVERWRITTEN, of.ready())
    state = _told()

    assert fact == WrongOverwritingTold(
        told_by=Teller.OPERATOR, by="orange", operator=of.ORANGE, code="WRONG-LINE", told_at=STORY
    )
    question = _open(state).attentions[-1]
    assert (of.codes(state), _open(state).blocked) == ([ABOUT], True)
    assert [str(one) for one in question.allowed] == ["agree", "refuse"]
    assert question.what.en.startswith(
        "the operator says that the access took another customer's line (WRONG-LINE): check"
    )
    assert "a default of ours" in question.what.en


def test_it_is_asked_about_once_and_of_whoever_serves() -> None:
    elsewhere = OVERWRITTEN.model_copy(update={"source": "sfr"})

    for command, state in (
        (OVERWRITTEN, _told()),
        (elsewhere, of.ready()),
        (OVERWRITTEN, of.checking()),
    ):
        assert [type(event) for event in decide(command, state)] == [MessageSetAside]


def test_a_line_that_was_taken_is_put_back_and_our_order_ends_without_charge() -> None:
    state = of.reserving()
    settled = of.settled_saturation(fees=(of.fee(),))
    state = of.asked(of.when(state, of.saturated(state, settled)), Step.DESATURATE)
    state = of.asked(of.when(state, of.desaturated(state)), Step.RESERVE_ACCESS)
    state = of.when(state, of.reserved(state))
    assert _open(state).charged

    agreed = of.when(_told(state), of.answer("agree", ABOUT))

    assert (_giving_back(agreed).left, _giving_back(agreed).fees) == ((Step.PUT_BACK,), ())
    ended = _put_back(agreed)
    assert isinstance(ended, Closed)
    assert (ended.ended.outcome, ended.ended.fees) == (Outcome.REFUSED, ())
    assert "took another" not in ended.ended.why.en
    assert "had taken another customer's line" in ended.ended.why.en


def test_a_complaint_that_is_not_so_lets_the_order_go_on() -> None:
    refused = of.when(_told(), of.answer("refuse", ABOUT))

    assert (of.codes(refused), of.stage(refused)) == ([], AccessStage.READY)
    assert of.codes(of.when(refused, OVERWRITTEN)) == [ABOUT]


def test_a_person_tells_from_whom_it_comes_when_and_by_what() -> None:
    complaint = HeldDocument(name="complaint", on=SIGNED_ON)
    said = of.answer(
        "dispute",
        told_by=Teller.OTHER_OPERATOR,
        begins=STORY - timedelta(days=1),
        documents=(complaint,),
    )

    taken, fact, _ = decide(said, of.ready())

    assert fact == WrongOverwritingTold(
        told_by=Teller.OTHER_OPERATOR,
        by="a colleague",
        operator=of.ORANGE,
        told_at=STORY - timedelta(days=1),
        papers=(complaint,),
    )
    assert getattr(taken, "given", {})["from"] == "other-operator"
    asked = of.when(of.ready(), of.answer("dispute"))
    assert of.codes(asked) == [ABOUT]
    assert _open(asked).attentions[-1].what.fr.startswith("un collègue dit que l'accès")
    with pytest.raises(DecisionRefusedError, match="asked about already"):
        decide(of.answer("dispute"), asked)
    with pytest.raises(DecisionRefusedError, match="has not come yet"):
        decide(of.answer("dispute", begins=STORY + timedelta(days=1)), of.ready())


def test_nothing_is_put_into_service_on_another_customers_line() -> None:
    nobody = told.HearNobody(**BOTH, step=Step.COMMISSION_ACCESS)
    state = of.when(of.opening(), OVERWRITTEN, nobody)

    with pytest.raises(DecisionRefusedError, match="say first whether"):
        decide(of.answer("agree", "answer-by-hand", start=of.start()), state)
    assert of.codes(of.when(state, of.commissioned(state, of.start()))) == of.codes(state)


def test_supply_that_is_taken_back_leaves_the_other_customers_line_to_be_answered_for() -> None:
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="w", code="GONE", told_at=STORY
    )
    state = of.when(_told(), withdrawn)

    assert of.codes(state) == [ABOUT, "supply-withdrawn"]
    with pytest.raises(DecisionRefusedError, match="say first whether"):
        decide(of.answer("retry", "supply-withdrawn"), state)
    agreed = of.when(state, of.answer("agree", ABOUT))
    assert (_giving_back(agreed).left, agreed.host) == ((Step.PUT_BACK,), of.ORANGE)  # type: ignore[union-attr]  # open


def test_a_cancellation_while_it_is_asked_puts_the_line_back_all_the_same() -> None:
    cancelled = _giving_back(of.when(_told(), of.cancellation()))

    assert (cancelled.outcome, cancelled.left) == (Outcome.CANCELLED, (Step.PUT_BACK,))


def test_what_is_being_given_back_is_put_back_in_its_place_and_costs_nothing() -> None:
    cancelled = of.when(of.ready(), of.cancellation())
    assert _giving_back(cancelled).fees

    told_late = of.when(cancelled, OVERWRITTEN)
    agreed = _giving_back(of.when(told_late, of.answer("agree", ABOUT)))

    assert _open(told_late).blocked
    assert (agreed.outcome, agreed.why.en) == (Outcome.CANCELLED, "cancelled by the customer")
    assert (agreed.left, agreed.fees) == ((Step.PUT_BACK,), ())


def test_a_person_puts_it_back_where_the_operator_has_no_interface() -> None:
    state = of.asked(of.when(_told(), of.answer("agree", ABOUT)), Step.PUT_BACK)
    by_hand = of.when(state, told.HearNobody(**BOTH, step=Step.PUT_BACK))

    question = _open(by_hand).attentions[0]
    agreed = decide(of.answer("agree", "answer-by-hand"), by_hand)

    assert [str(one) for one in question.allowed] == ["agree", "skip", "cancel"]
    assert "putting the other customer's line back" in question.what.en
    assert LinePutBack(put_back_at=STORY) in agreed
    without = _giving_back(of.when(by_hand, of.answer("skip", "answer-by-hand")))
    assert without.left == ()


def test_once_it_works_a_person_is_told_what_to_do_instead() -> None:
    works = of.in_service()
    closed = of.when(works, told.EndAccess(**BOTH))
    cancelled = of.when(of.checking(), of.cancellation(), told.EndAccess(**BOTH))

    said = [decide(OVERWRITTEN, state)[0] for state in (works, closed, cancelled)]

    whys = [event.why for event in said if isinstance(event, MessageSetAside)]
    assert [why.startswith("no process is left to ask for it") for why in whys] == [
        True,
        True,
        False,
    ]


def test_an_end_says_that_nothing_is_charged_because_we_chose_so() -> None:
    agreed = of.when(_told(), of.answer("agree", ABOUT))

    (ended,) = [
        event
        for event in decide(
            told.EndAccess(**BOTH), _giving_back(agreed).model_copy(update={"left": ()})
        )
        if isinstance(event, AccessEnded)
    ]

    assert ended.why.fr.endswith("rien n'est facturé (règle de notre part)")
