"""One fixed access: what may be decided where it stands, and which facts follow."""

from datetime import timedelta

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import AccessRefusedError, decide
from domain.access_facts import Reason, SaturationMode, Use, Verdict
from domain.access_stages import Access, AccessStage, Closed, GivingBack, NotOpened
from domain.attention import AttentionMoved, DecisionRefusedError, Turn
from domain.identity import OrderId
from domain.port_in_facts import (
    Gate,
    GateKind,
    GateOpened,
    GatesPassed,
    Outcome,
    Step,
)
from domain.said import Said
from tests import accesses as of
from tests.accesses import BOTH, SAID
from tests.porting import ORDER_ID, STORY

LATER = STORY + timedelta(days=30)


def _gate(kind: GateKind, *needs: str, days: int = 5) -> Gate:
    until = STORY + timedelta(days=days)
    return Gate(kind=kind, needs=needs, until=until, said=SAID, source="002:2229")


def _open(state: object) -> Access:
    assert isinstance(state, Access)
    return state


def test_an_order_opens_one_access_and_only_once() -> None:
    terms = of.site_terms()
    command = told.OpenAccess(**BOTH, terms=terms, gates=(), stated=(SAID,))

    assert decide(command, NotOpened()) == (
        facts.AccessOpened(terms=terms, gates=(), stated=(SAID,)),
    )
    with pytest.raises(AccessRefusedError, match="does not fit"):
        decide(command, of.opened())


def test_a_socket_another_order_is_open_on_is_asked_about() -> None:
    taken = told.NoteSiteTaken(**BOTH, order_id=OrderId(ORDER_ID))

    state = of.when(of.opened(), taken)

    assert of.codes(state) == ["site-taken"]
    assert of.stage(of.when(state, of.answer("retry"))) == AccessStage.CLAIMING


def test_a_site_that_has_an_address_in_common_may_be_told_apart_by_a_person() -> None:
    taken = told.NoteSiteTaken(**BOTH, order_id=OrderId(ORDER_ID), by_address=True)
    state = of.when(of.opened(), taken)

    found = decide(of.answer("skip"), state)

    apart = next(event for event in found if isinstance(event, facts.SitesToldApart))
    assert apart.why.en == "another site, says a colleague: because"
    told_apart = of.when(state, of.answer("skip"))
    assert of.codes(told_apart) == []
    assert of.stage(of.when(told_apart, told.NoteSiteClaimed(**BOTH))) == "gathering-papers"


def test_without_gates_the_operators_are_asked_at_once() -> None:
    state = of.checking()

    assert of.stage(state) == AccessStage.CHECKING
    assert _open(state).step is Step.CHECK_ELIGIBILITY


def test_papers_that_are_missing_are_asked_for_once_in_one_question() -> None:
    gates = (_gate(GateKind.MANDATE, "dsl-written-mandate"), _gate(GateKind.PAYMENT, "payment"))
    state = of.checking(gates=gates)

    assert of.codes(state) == ["gates"]
    assert decide(told.LookAtGates(**BOTH), state) == ()


def test_time_alone_opens_a_withdrawal_period() -> None:
    state = of.when(of.opened(gates=(_gate(GateKind.WITHDRAWAL),)), told.NoteSiteClaimed(**BOTH))

    assert decide(told.LookAtGates(**BOTH), state) == ()
    later = told.LookAtGates(decided_at=LATER, answer_by=LATER)
    assert decide(later, state) == (GateOpened(kind=GateKind.WITHDRAWAL), GatesPassed())


def test_operators_are_asked_one_after_the_other() -> None:
    state = of.checking(candidates=(of.ORANGE, of.SFR))
    assert _open(state).host is of.ORANGE

    state = of.heard(state, of.offer())

    assert _open(state).host is of.SFR
    state = of.heard(state, operator=of.SFR, barriers=(of.barrier(Reason.NOT_DEPLOYED),))
    assert _open(state).step is None
    assert _open(state).host is of.SFR
    assert [one for _, one in _open(state).barriers] == [of.barrier(Reason.NOT_DEPLOYED)]


def test_the_same_question_is_intended_once() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    again = told.AskOperator(
        **BOTH,
        step=Step.CHECK_ELIGIBILITY,
        key=of.key_asked(state, Step.CHECK_ELIGIBILITY),
        epoch=0,
        until=STORY,
    )

    assert decide(again, state) == ()
    with pytest.raises(AccessRefusedError):
        decide(again.model_copy(update={"step": Step.STUDY_SITE}), state)


def test_an_offer_is_chosen_once_everybody_has_answered() -> None:
    early = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    with pytest.raises(AccessRefusedError):
        decide(of.chosen(of.offer()), early)

    state = of.heard(of.checking(), of.offer())

    assert decide(of.chosen(of.offer()), state) == (
        facts.OfferChosen(offer=of.offer(), because=(SAID,)),
    )


def test_a_site_nobody_can_serve_is_closed_alone() -> None:
    state = of.heard(of.checking(), barriers=(of.barrier(Reason.NOT_DEPLOYED),))

    state = of.when(state, of.chosen(None), told.EndAccess(**BOTH))

    assert isinstance(state, Closed)
    assert state.ended.outcome is Outcome.REFUSED
    assert state.ended.fees == ()
    assert state.host is of.ORANGE


def test_an_unsure_answer_is_a_persons_to_judge() -> None:
    state = of.heard(of.checking(), barriers=(of.barrier(Reason.UNCERTAIN),))

    state = of.when(state, of.chosen(None, certain=False))

    assert of.codes(state) == ["eligibility-unsure"]
    again = of.when(state, of.answer("retry"))
    assert _open(again).heard == ()
    assert _open(again).epoch(Step.CHECK_ELIGIBILITY) == 2
    ended = of.when(state, of.answer("end"), told.EndAccess(**BOTH))
    assert isinstance(ended, Closed)


def test_nothing_on_the_line_needs_no_consent() -> None:
    state = of.agreeing()

    listed, clear = decide(of.cuts(), state)

    assert isinstance(listed, facts.CutsListed)
    assert listed.uses == ()
    assert clear == facts.NothingInTheWay(study=False, because=SAID)


def test_what_the_order_cuts_waits_for_the_customers_written_consent() -> None:
    state = of.when(of.agreeing(uses=(Use.BROADBAND, Use.ALARM)), of.cuts())

    (asked,) = _open(state).attentions
    assert (asked.code, asked.turn, asked.blocks) == ("cuts", Turn.CUSTOMER, True)
    assert "an internet access; an alarm" in asked.what.en
    with pytest.raises(AccessRefusedError):
        decide(of.cuts(), state)
    paper = of.CONSENT.model_copy(update={"name": "letter"})
    state = of.when(state, of.answer("provide", documents=(paper,)))
    assert [type(e) for e in decide(of.cuts(), state)] == [
        facts.CutsListed,
        facts.NothingInTheWay,
    ]


def test_consent_that_came_with_the_order_is_recorded() -> None:
    known = (Use.TELEPHONE,)
    state = of.when(
        of.heard(of.checking(held=(of.CONSENT,), terms_uses=known), of.offer(), uses=known),
        of.chosen(of.offer()),
    )

    _, agreed, clear = decide(of.cuts(study=True), state)

    assert agreed == facts.CutsAgreed(paper=of.CONSENT)
    assert isinstance(clear, facts.NothingInTheWay)


def test_consent_that_came_with_the_order_covers_no_more_than_the_order_named() -> None:
    state = of.agreeing(uses=(Use.ALARM,), held=(of.CONSENT,))

    assert of.codes(of.when(state, of.cuts())) == ["cuts"]


def test_numbers_to_keep_are_said_even_when_nothing_else_is_seen() -> None:
    number = of.site_terms().site.address
    state = of.when(of.agreeing(keeps=(number,)), of.cuts())

    (asked,) = _open(state).attentions
    assert "1 number(s) to keep: ported first, or else lost" in asked.what.en


def test_a_positive_study_leads_to_the_reservation_with_what_binds() -> None:
    state = of.studying()
    faster = of.offer(lead_days=40)
    settled = of.settled_study(offer=faster, binding=(SAID,))

    state = of.when(state, of.studied(state, settled=settled))

    assert of.stage(state) == AccessStage.RESERVING
    assert _open(state).chosen == facts.OfferChosen(offer=faster, because=(SAID,))


@pytest.mark.parametrize("verdict", [Verdict.NEGATIVE, Verdict.REDEFINE])
def test_a_study_that_says_no_is_a_decision_for_a_person(verdict: Verdict) -> None:
    state = of.studying()

    state = of.when(state, of.studied(state, of.study(verdict, code="GC-1")))

    assert of.codes(state) == ["study-refused"]
    assert _open(state).attentions[0].detail == "GC-1"
    again = of.when(state, of.answer("retry"))
    assert of.stage(again) == AccessStage.CHECKING
    assert _open(again).epoch(Step.CHECK_ELIGIBILITY) == 2


def test_changes_that_need_consent_wait_for_it() -> None:
    state = of.studying()
    slower = of.offer(lead_days=60)
    settled = of.settled_study(offer=slower, consent=(SAID,))

    state = of.when(state, of.studied(state, of.study(lead_days=60), settled))

    assert of.codes(state) == ["study-changes"]
    agreed = Said(fr="accepté par le client", en="agreed to by the customer")
    state = of.when(state, of.answer("agree"))
    assert of.stage(state) == AccessStage.RESERVING
    assert _open(state).chosen == facts.OfferChosen(offer=slower, because=(agreed,))


def test_a_quote_is_told_with_its_items_its_limit_and_what_silence_means() -> None:
    state = of.quoted()

    assert of.stage(state) == AccessStage.QUOTED
    (asked,) = _open(state).attentions
    assert asked.until == of.QUOTE_TERMS.until
    assert "1280.50" in asked.what.fr
    assert "sans réponse, refusé" in asked.what.fr
    state = of.when(state, of.answer("agree"))
    assert of.stage(state) == AccessStage.RESERVING
    assert _open(state).quotes == ("Q-1",)


def test_a_quote_left_without_an_answer_is_refused_where_the_contract_says_so() -> None:
    state = of.quoted()
    late = told.PassTime(decided_at=LATER, answer_by=LATER, quote=of.QUOTE_TERMS)

    facts_of = decide(late, state)

    refused = facts_of[0]
    assert isinstance(refused, facts.QuoteRefused)
    assert (refused.by_silence, refused.fees) == (True, of.QUOTE_TERMS.refusal)
    state = of.when(of.when(state, late), told.EndAccess(**BOTH))
    assert isinstance(state, Closed)
    assert (state.ended.outcome, state.ended.fees) == (
        Outcome.CANCELLED,
        of.QUOTE_TERMS.refusal,
    )


def test_a_quote_without_a_limit_goes_up_instead() -> None:
    state = of.quoted(of.NO_LIMIT)
    late = told.PassTime(decided_at=LATER, answer_by=LATER, quote=of.NO_LIMIT)

    (moved,) = decide(late, state)

    assert isinstance(moved, AttentionMoved)
    assert moved.turn is Turn.SUPERVISOR


def test_a_refused_quote_costs_what_its_contract_says() -> None:
    unsigned = of.QUOTE_TERMS.model_copy(update={"charged": False})
    state = of.when(of.quoted(), of.answer("refuse", quote=of.QUOTE_TERMS))
    shown = of.when(of.quoted(), of.answer("refuse", quote=unsigned))

    assert of.stage(state) == AccessStage.GIVING_BACK
    assert isinstance(state, GivingBack)
    assert state.left == ()
    assert state.fees == of.QUOTE_TERMS.refusal
    assert isinstance(shown, GivingBack)
    assert shown.fees == ()


def test_a_pair_that_is_kept_makes_the_site_ready_for_works() -> None:
    state = of.ready()

    assert of.stage(state) == AccessStage.READY
    assert of.codes(state) == []
    assert _open(state).step is Step.BUILD_ACCESS
    started = STORY - timedelta(days=1)
    state = of.in_service(state, started)
    assert of.stage(state) == AccessStage.IN_SERVICE
    state = of.when(state, told.EndAccess(**BOTH))
    assert isinstance(state, Closed)
    assert state.ended.outcome is Outcome.DELIVERED
    assert state.ended.service_started_at == started
    assert state.host is of.ORANGE


def test_a_deferred_desaturation_is_waited_for_and_the_reservation_asked_anew() -> None:
    state = of.desaturating()
    assert of.stage(state) == AccessStage.DESATURATING

    state = of.when(state, of.desaturated(state))

    assert of.stage(state) == AccessStage.RESERVING
    assert _open(state).epoch(Step.RESERVE_ACCESS) == 1
    state = of.asked(state, Step.RESERVE_ACCESS)
    assert of.stage(of.when(state, of.reserved(state))) == AccessStage.READY


def test_a_fee_nobody_asked_about_is_a_risk_until_consent_is_on_record() -> None:
    state = of.desaturating(mode=SaturationMode.NOW, fees=(of.fee(),), consent_needed=True)

    assert of.codes(state) == ["fee-consent"]
    assert [one.consented for one in _open(state).owed] == [False]
    with pytest.raises(DecisionRefusedError, match="fee-consent"):
        decide(of.answer("provide", documents=(of.CONSENT,)), state)
    agreed = of.when(state, of.answer("provide", documents=(of.FEE_CONSENT,)))
    assert [one.consented for one in _open(agreed).owed] == [True]
    without = of.when(state, of.answer("skip"))
    assert [one.consented for one in _open(without).owed] == [False]


def test_a_fee_that_needs_no_consent_is_owed_at_once() -> None:
    state = of.desaturating(fees=(of.fee(),))

    assert of.codes(state) == []
    assert [one.consented for one in _open(state).owed] == [True]


def test_an_exceptional_desaturation_waits_for_its_quote() -> None:
    state = of.reserving()
    settled = of.settled_saturation(SaturationMode.EXCEPTIONAL, quote=of.QUOTE_TERMS)

    state = of.when(state, of.saturated(state, settled, of.QUOTE))

    assert of.stage(state) == AccessStage.QUOTED
    state = of.when(state, of.answer("agree"))
    assert of.stage(state) == AccessStage.DESATURATING


def test_a_saturation_the_contract_has_no_answer_for_is_a_persons() -> None:
    state = of.reserving()

    state = of.when(state, of.saturated(state, of.settled_saturation(SaturationMode.REFUSED)))

    assert of.codes(state) == ["not-desaturated"]
    again = of.when(state, of.answer("retry"))
    assert of.stage(again) == AccessStage.CHECKING
