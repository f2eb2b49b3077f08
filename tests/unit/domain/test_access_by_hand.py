"""An operator without an interface: a person answers in its place, and the process is the same."""

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import decide
from domain.access_facts import Offer, Reason, Technology
from domain.access_stages import Access, AccessStage, AccessState, GivingBack
from domain.attention import DecisionRefusedError
from domain.port_in_facts import OperatorRefused, Step
from tests import accesses as of
from tests.accesses import BOTH


def _by_hand(state: AccessState, step: Step) -> AccessState:
    """Asked of a person, as there is nobody else to ask."""
    return of.when(state, told.HearNobody(**BOTH, step=step))


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _checked(**changes: object) -> AccessState:
    state = of.asked(of.checking(**changes), Step.CHECK_ELIGIBILITY)
    return _by_hand(state, Step.CHECK_ELIGIBILITY)


def test_the_question_is_put_to_a_person_once() -> None:
    state = _checked()

    assert of.codes(state) == ["answer-by-hand"]
    assert "orange has no interface" in _open(state).attentions[0].what.en
    assert decide(told.HearNobody(**BOTH, step=Step.CHECK_ELIGIBILITY), state) == ()


def test_what_it_can_deliver_is_an_offer_like_any_other() -> None:
    state = of.when(_checked(), of.answer("agree", speed=(100_000, 20_000), lead_days=12))

    assert _open(state).offers == (
        Offer(
            operator=of.ORANGE,
            technology=Technology.FTTH,
            down_kbps=100_000,
            up_kbps=20_000,
            lead_days=12,
        ),
    )
    with pytest.raises(DecisionRefusedError, match="speed=100000/20000"):
        decide(of.answer("agree"), _checked())


def test_a_no_on_the_telephone_is_a_barrier() -> None:
    state = of.when(_checked(), of.answer("refuse"))

    ((operator, barrier),) = _open(state).barriers
    assert (operator, barrier.reason) == (of.ORANGE, Reason.REFUSED)


def test_a_study_by_mail_may_change_the_lead_time() -> None:
    state = _by_hand(of.studying(), Step.STUDY_SITE)

    longer = of.when(state, of.answer("agree", lead_days=70))
    as_ordered = of.when(state, of.answer("agree"))

    assert of.stage(longer) == AccessStage.RESERVING
    assert _open(longer).chosen is not None
    assert [_open(s).chosen.offer.lead_days for s in (longer, as_ordered)] == [70, 15]  # type: ignore[union-attr]  # chosen above


def test_a_study_refused_by_mail_is_a_decision() -> None:
    state = _by_hand(of.studying(), Step.STUDY_SITE)

    assert of.codes(of.when(state, of.answer("refuse"))) == ["study-refused"]


def test_a_pair_kept_by_telephone_makes_it_ready() -> None:
    state = _by_hand(of.reserving(), Step.RESERVE_ACCESS)

    assert of.stage(of.when(state, of.answer("agree"))) == AccessStage.READY
    refused = decide(of.answer("refuse"), state)
    assert OperatorRefused(step=Step.RESERVE_ACCESS, code="by-hand") in refused


def test_a_desaturation_is_done_when_somebody_says_so() -> None:
    state = _by_hand(of.desaturating(), Step.DESATURATE)

    state = of.when(state, of.answer("agree"))

    assert of.stage(state) == AccessStage.RESERVING


def test_an_access_is_given_back_by_telephone_or_left() -> None:
    state = of.asked(of.when(of.ready(), of.cancellation()), Step.RELEASE_ACCESS)
    state = _by_hand(state, Step.RELEASE_ACCESS)

    given_back = of.when(state, of.answer("agree"))
    left = of.when(state, of.answer("skip"))

    assert isinstance(given_back, GivingBack)
    assert isinstance(left, GivingBack)
    assert given_back.left == left.left == ()


def test_an_offer_by_hand_is_chosen_like_any_other() -> None:
    state = of.when(_checked(), of.answer("agree", speed=(8_000, 8_000)))

    chosen = of.when(state, of.chosen(_open(state).offers[0]))

    assert of.stage(chosen) == AccessStage.AGREEING
    assert isinstance(_open(chosen).chosen, facts.OfferChosen)
