"""Changing an access that runs: what it takes, what begins again, what stays."""

from datetime import date, timedelta

import pytest

from domain import access_amendment_rules as rules
from domain import access_commands as told
from domain.access import AccessRefusedError, decide
from domain.access_amending import anew_for, why_not_amended
from domain.access_awaited import wakes_by
from domain.access_changes import AccessAmended, AccessAmendmentLapsed, AccessChange, Anew, Place
from domain.access_facts import CUTS_PAPER, Locator, SaturationMode, Site, Use
from domain.access_sites import DESCRIPTION
from domain.access_stages import Access, AccessStage, AccessState, ClaimingSite
from domain.attention import AttentionCleared, DecisionRefusedError
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Gate, GateKind, HeldDocument, Step
from tests import accesses as of
from tests.accesses import BOTH, CONSENT, SAID
from tests.porting import ORDER_ID, RULES, STORY, shelf

ELSEWHERE = Site(
    commune="37261",
    address=Personal(subject=order_subject(ORDER_ID), value="3 place Jean Jaurès"),
    locator=Locator.SOCKET,
    name=Personal(subject=order_subject(ORDER_ID), value="FI-1111-2222"),
)
THERE = Place(site=ELSEWHERE, site_digest="e" * 64)
FORM = HeldDocument(name="signed-order-form", on=of.SIGNED_ON)
MOVED = AccessChange(place=THERE)
FASTER = AccessChange(down_kbps=2_000_000)
SLOWER = AccessChange(down_kbps=500_000)
LATER = AccessChange(wished=date(2027, 6, 1))
OVERWRITTEN = told.ReportOverwritten(
    **BOTH, source="orange", message_key="m", code="WRONG_LINE", told_at=STORY
)
LONG_AFTER = STORY + timedelta(days=60)
DATA = ("oksio", "data")


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _amend(change: AccessChange, *, signed: bool = False) -> told.AmendAccess:
    needs = SAID if signed else None
    return told.AmendAccess(
        **BOTH, by="the customer", change=change, needs=needs, needs_until=LONG_AFTER
    )


def _amended(events: tuple[Event, ...]) -> AccessAmended:
    (amended,) = [event for event in events if isinstance(event, AccessAmended)]
    return amended


# what begins again


def test_another_day_changes_the_wish_and_nothing_else() -> None:
    before = of.ready()

    after = of.when(before, _amend(LATER))

    assert _open(after).terms.wished == date(2027, 6, 1)
    assert (of.stage(after), of.codes(after)) == (AccessStage.READY, [])


def test_a_rate_the_chosen_offer_has_already_asks_nobody_anything() -> None:
    after = of.when(of.ready(), _amend(SLOWER))

    assert _open(after).terms.down_kbps == 500_000
    assert of.stage(after) == AccessStage.READY


def test_a_rate_it_has_not_begins_with_the_operators_once_what_was_kept_is_given_back() -> None:
    state = of.when(of.ready(), _amend(FASTER))

    assert (of.stage(state), _open(state).step) == (AccessStage.CHANGING, Step.RELEASE_ACCESS)
    assert of.codes(state) == []
    state = of.asked(state, Step.RELEASE_ACCESS)
    state = of.when(state, of.released(state))

    assert (of.stage(state), _open(state).chosen) == (AccessStage.CHECKING, None)
    assert _open(state).reserved is None
    assert _open(state).epoch(Step.RELEASE_ACCESS) == 1
    assert _open(state).epoch(Step.CHECK_ELIGIBILITY) == 2


def test_before_anybody_is_asked_another_rate_is_only_what_will_be_asked() -> None:
    gates = (Gate(kind=GateKind.MANDATE, needs=("m",), until=LONG_AFTER, said=SAID, source="s"),)
    state = of.checking(gates=gates)

    after = of.when(state, _amend(FASTER))

    assert (of.stage(after), of.codes(after)) == (AccessStage.GATHERING, ["gates"])
    assert anew_for(FASTER, _open(of.opened())) is None


def test_while_operators_are_asked_another_rate_asks_them_anew_under_another_key() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    first = of.key_asked(state, Step.CHECK_ELIGIBILITY)

    state = of.asked(of.when(state, _amend(FASTER)), Step.CHECK_ELIGIBILITY)

    assert of.stage(state) == AccessStage.CHECKING
    assert of.key_asked(state, Step.CHECK_ELIGIBILITY) != first


def test_another_place_is_claimed_before_the_one_before_is_let_go() -> None:
    state = _open(of.when(of.agreeing(), _amend(MOVED)))

    assert isinstance(state, ClaimingSite)
    assert (state.terms.site, state.terms.site_digest) == (ELSEWHERE, "e" * 64)
    assert [one.site_digest for one in state.left_places] == ["d" * 64]
    claimed = _open(of.when(state, told.NoteSiteClaimed(**BOTH)))
    assert (of.stage(claimed), claimed.left_places) == (AccessStage.GATHERING, ())


def test_two_moves_in_a_row_let_go_of_both_places() -> None:
    state = of.when(of.agreeing(), _amend(MOVED))

    there = THERE.model_copy(update={"site_digest": "f" * 64})
    again = _open(of.when(state, _amend(AccessChange(place=there))))

    assert [one.site_digest for one in again.left_places] == ["d" * 64, "e" * 64]


def test_a_reserved_access_is_given_back_before_another_place_is_claimed() -> None:
    state = of.asked(of.when(of.ready(), _amend(MOVED)), Step.RELEASE_ACCESS)

    after = of.when(state, of.released(state))

    assert of.stage(after) == AccessStage.CLAIMING


def test_consent_to_cuts_is_asked_again_at_the_other_place() -> None:
    held = of.agreeing(held=(CONSENT,), terms_uses=(Use.TELEPHONE,), uses=(Use.TELEPHONE,))

    moved = _open(of.when(held, _amend(MOVED)))

    assert not moved.holds(CUTS_PAPER)
    assert moved.terms.held == ()


def test_the_description_of_the_old_premises_is_not_one_of_the_others() -> None:
    # « un descriptif détaillé de son site » (002:2351-2352), of its premises (000:369-370)
    described = HeldDocument(name=DESCRIPTION, on=of.SIGNED_ON)
    held = of.agreeing(held=(described, FORM))

    moved = _open(of.when(held, _amend(MOVED)))

    assert _open(held).holds(DESCRIPTION)
    assert not moved.holds(DESCRIPTION)
    assert moved.terms.held == moved.documents == (FORM,)


def test_what_was_carried_out_for_the_order_as_it_was_is_still_owed() -> None:
    state = of.desaturating(mode=SaturationMode.LATER, fees=(of.fee(),))
    state = of.when(state, of.desaturated(state))

    after = _open(of.when(state, _amend(MOVED)))

    assert [str(one.fee.euros) for one in after.owed] == ["750.00"]


def test_a_question_of_the_round_that_is_given_up_is_closed() -> None:
    events = decide(_amend(MOVED), of.quoted())

    assert events[1:] == (AttentionCleared(code="quote"),)


def test_a_release_that_was_given_up_goes_on_all_the_same() -> None:
    state = of.asked(of.when(of.ready(), _amend(FASTER)), Step.RELEASE_ACCESS)
    state = of.when(state, told.HearNothing(**BOTH, step=Step.RELEASE_ACCESS))

    after = of.when(state, of.answer("skip"))

    assert of.stage(after) == AccessStage.CHECKING


def test_supply_withdrawn_while_it_is_given_back_changes_nothing() -> None:
    state = of.when(of.ready(), _amend(FASTER))
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="m", code="W", told_at=STORY
    )

    (aside,) = decide(withdrawn, state)

    assert type(aside).__name__ == "MessageSetAside"


# what it takes


def test_an_agreement_that_is_needed_is_waited_for_and_nothing_begins_meanwhile() -> None:
    state = _open(of.when(of.agreeing(), _amend(MOVED, signed=True)))

    (asked,) = state.attentions
    assert (asked.code, asked.until, state.blocked) == ("amendment-agreement", LONG_AFTER, True)
    assert of.stage(state) == AccessStage.AGREEING
    with pytest.raises(AccessRefusedError):
        decide(of.cuts(), state)


def test_once_it_is_given_the_order_is_amended() -> None:
    state = of.when(of.agreeing(), _amend(MOVED, signed=True))

    events = decide(of.answer("agree"), state)

    amended = _amended(events)
    assert (amended.anew, amended.gives_back, amended.by) == (Anew.SITE, False, "the customer")
    assert amended.because[0].en == "said; given, said by a colleague"
    assert of.stage(of.when(state, of.answer("agree"))) == AccessStage.CLAIMING


def test_refused_the_order_stays_as_it_is() -> None:
    state = of.when(of.agreeing(), _amend(MOVED, signed=True))

    after = _open(of.when(state, of.answer("refuse")))

    assert (of.stage(after), after.amendment, after.terms.site_digest) == (
        AccessStage.AGREEING,
        None,
        "d" * 64,
    )


def test_left_without_an_agreement_the_order_stays_as_it_is() -> None:
    state = of.when(of.agreeing(), _amend(MOVED, signed=True))
    late = told.PassTime(decided_at=LONG_AFTER, answer_by=LONG_AFTER)

    events = decide(late, state)

    lapsed, cleared = events
    assert isinstance(lapsed, AccessAmendmentLapsed)
    assert isinstance(cleared, AttentionCleared)
    assert _open(of.when(state, late)).amendment is None


def test_nobody_puts_off_the_day_it_lapses() -> None:
    state = of.when(of.agreeing(), _amend(MOVED, signed=True))
    snooze = of.answer("snooze", until=LONG_AFTER + timedelta(days=9))

    (moved,) = _open(of.when(state, snooze)).attentions

    assert moved.until == LONG_AFTER


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (of.when(of.agreeing(), of.cancellation(SAID)), "cancellation has been asked for"),
        (of.when(of.agreeing(), of.cancellation()), "given back"),
        (of.when(of.agreeing(), _amend(MOVED, signed=True)), "waits for an agreement"),
        (of.when(of.ready(), _amend(FASTER)), "being carried out"),
        (of.when(of.ready(), OVERWRITTEN), "took another customer's line"),
        (of.in_service(), "another order"),
    ],
)
def test_what_cannot_be_amended_says_why(state: AccessState, why: str) -> None:
    with pytest.raises(DecisionRefusedError, match=why):
        decide(_amend(LATER), state)


def test_an_agreement_does_not_overtake_a_cancellation() -> None:
    state = of.when(of.agreeing(), _amend(MOVED, signed=True), of.cancellation(SAID))

    with pytest.raises(DecisionRefusedError, match="cancellation"):
        decide(of.answer("agree", "amendment-agreement"), state)


# what is said before anything moves


def test_oksio_takes_an_agreement_signed_by_both_and_technicophone_none() -> None:
    oksio = RULES.contract(_open(of.opened(under=DATA)).terms.pin)
    technicophone = RULES.contract(_open(of.opened()).terms.pin)

    needs = rules.amendment_needs(oksio)

    assert needs is not None
    assert needs.en == ("a written agreement signed by both parties is needed (000:345-346)")
    assert rules.amendment_needs(technicophone) is None


def test_a_wish_says_what_the_operator_takes() -> None:
    access = _open(of.agreeing())
    contract = RULES.contract(access.terms.pin)

    early = rules.effect_of_day(contract, access, date(2027, 1, 15), STORY)
    late = rules.effect_of_day(contract, access, date(2027, 6, 1), STORY)
    before = rules.effect_of_day(contract, _open(of.checking()), date(2027, 6, 1), STORY)

    assert early.en.endswith("at the earliest, after that wish")
    assert "15 working days" in late.en
    assert late.en.endswith("at the earliest")
    assert before.en.startswith("the day wished for, which is the promised day, changes")


def test_a_day_that_is_over_cannot_be_wished_for() -> None:
    contract = RULES.contract(_open(of.opened()).terms.pin)

    with pytest.raises(DecisionRefusedError, match="is over: wish for a day from"):
        rules.check_wish(contract, date(2020, 1, 1), STORY)
    rules.check_wish(contract, None, STORY)


def test_a_rate_says_whether_operators_are_asked_again_and_that_no_commitment_begins() -> None:
    contract = RULES.contract(_open(of.opened()).terms.pin)

    stands = rules.effect_of_rate(contract, _open(of.agreeing()), SLOWER)
    first = rules.effect_of_rate(contract, _open(of.opened()), FASTER)
    again = rules.effect_of_rate(contract, _open(of.ready()), FASTER)

    assert stands.en.startswith("the offer that was chosen is enough")
    assert first.en.startswith("the operators are asked for that rate")
    assert again.en.startswith(
        "every operator is asked anew, and what follows is done again; what the operator keeps "
        "for it is given back first"
    )
    assert "(002:210-212, our reading)" in again.en


def test_a_place_says_what_is_done_again_and_what_stays_owed() -> None:
    state = of.desaturating(mode=SaturationMode.LATER, fees=(of.fee(),), consent_needed=False)
    state = of.when(state, of.desaturated(state))
    contract = RULES.contract(_open(of.opened(under=DATA)).terms.pin)

    effect = rules.effect_of_place(contract, _open(state))

    assert effect.en.startswith("the other site is claimed for this order")
    assert "still owed: said (002:2274)" in effect.en
    assert effect.en.endswith("(000:345-346)")


def test_an_intention_that_was_not_taken_is_given_back_too() -> None:
    state = of.reserving()

    amended = _amended(decide(_amend(FASTER), state))

    assert isinstance(_open(state).asks[Step.RESERVE_ACCESS].key, str)
    assert amended.gives_back
    assert why_not_amended(_open(state)) is None


def test_an_amendment_of_nothing_is_refused_with_what_could_be_said() -> None:
    with pytest.raises(DecisionRefusedError, match="a day, a rate, or another place"):
        decide(_amend(AccessChange(), signed=True), of.ready())


def test_supply_withdrawn_leaves_an_amendment_to_its_agreement() -> None:
    state = of.when(of.ready(), _amend(LATER, signed=True))
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="m", code="W", told_at=STORY
    )

    after = _open(of.when(state, withdrawn))

    assert of.codes(after) == ["amendment-agreement", "supply-withdrawn"]
    assert after.amendment is not None


def test_consent_to_what_was_done_is_asked_whatever_the_order_becomes() -> None:
    state = of.desaturating(mode=SaturationMode.LATER, fees=(of.fee(),), consent_needed=True)
    state = of.when(state, of.desaturated(state))

    after = of.when(state, _amend(MOVED))

    assert of.codes(after) == ["fee-consent"]


def test_nothing_is_let_go_while_it_may_be_another_customers_line() -> None:
    state = of.asked(of.when(of.ready(), _amend(FASTER)), Step.RELEASE_ACCESS)
    state = of.when(state, OVERWRITTEN)

    after = of.when(state, of.released(state))

    assert of.stage(after) == AccessStage.CHANGING
    with pytest.raises(DecisionRefusedError, match="another customer's line"):
        decide(
            of.answer("skip", "operator-silent"),
            of.when(state, told.HearNothing(**BOTH, step=Step.RELEASE_ACCESS)),
        )


def test_an_amendment_waits_for_what_is_asked_about_another_customers_line() -> None:
    state = of.when(of.ready(), _amend(LATER, signed=True), OVERWRITTEN)

    with pytest.raises(DecisionRefusedError, match="answer that first"):
        decide(of.answer("agree", "amendment-agreement"), state)


def test_what_is_kept_is_where_it_was_ordered_before() -> None:
    moved = _open(of.when(of.ready(), _amend(MOVED)))

    assert moved.kept_site.commune == of.COMMUNE
    assert moved.terms.site.commune == "37261"


def test_what_was_said_of_the_old_place_is_not_said_of_the_new_one() -> None:
    state = of.agreeing(known=("line-group",), coaxial_metres=45, terms_uses=(Use.ALARM,))

    terms = _open(of.when(state, _amend(MOVED))).terms

    assert (terms.known, terms.coaxial_metres, terms.uses) == ((), None, ())


def test_another_building_or_another_key_of_an_address_is_another_place() -> None:
    building = THERE.model_copy(
        update={
            "site": ELSEWHERE.model_copy(
                update={"name": Personal(subject=order_subject(ORDER_ID), value="FI-9999-9999")}
            )
        }
    )

    assert not THERE.is_same(building)
    assert THERE.is_same(THERE)


def test_copper_that_closes_before_the_day_that_is_wished_for_now_is_asked_about() -> None:
    after = _open(of.when(of.ready(), _amend(LATER).model_copy(update={"closing": SAID})))

    assert of.codes(after) == ["copper-closing"]


def test_an_agreement_handed_up_lapses_all_the_same() -> None:
    state = of.when(of.ready(), _amend(LATER, signed=True))

    up = _open(of.when(state, of.answer("reassign", "amendment-agreement", turn="supervisor")))

    waking = wakes_by(up)
    assert waking is not None
    assert waking.until <= LONG_AFTER


def test_a_contract_without_such_a_clause_says_nothing_of_a_commitment() -> None:
    contract = RULES.contract(shelf().pin("oksio", "mobile", of.SIGNED_ON))

    assert rules.commitment_said(contract) == ()
