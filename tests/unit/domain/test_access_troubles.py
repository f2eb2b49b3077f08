"""What operators refuse or tell too late about an access; cancelling it, and suspending it."""

from datetime import timedelta

import pytest

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import AccessRefusedError, decide
from domain.access_facts import SaturationMode, Use, Verdict
from domain.access_stages import Access, AccessStage, Closed, GivingBack, NotOpened
from domain.attention import AttentionRaised, DecisionRefusedError, DecisionTaken, PolicyRow, Turn
from domain.failure_policy import Treatment
from domain.port_in_facts import (
    CancellationLapsed,
    Gate,
    GateKind,
    MessageSetAside,
    OperatorRefused,
    OperatorTook,
    Outcome,
    RetryBegun,
    RetryPlanned,
    Step,
)
from domain.said import Said
from tests import accesses as of
from tests.accesses import BOTH, SAID
from tests.porting import STORY

LATER = STORY + timedelta(days=30)


def _gate(kind: GateKind, *needs: str, days: int = 5) -> Gate:
    until = STORY + timedelta(days=days)
    return Gate(kind=kind, needs=needs, until=until, said=SAID, source="002:2229")


def _open(state: object) -> Access:
    assert isinstance(state, Access)
    return state


def test_an_operator_takes_a_request_once() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    took = told.HearTook(**BOTH, step=Step.CHECK_ELIGIBILITY, reference="R-1")

    assert decide(took, state) == (OperatorTook(step=Step.CHECK_ELIGIBILITY, reference="R-1"),)
    assert decide(took, of.when(state, took)) == ()
    assert decide(took.model_copy(update={"step": Step.STUDY_SITE}), state) == ()


def _treatment(*, at_most: int = 1) -> Treatment:
    row = PolicyRow(policy="orange", version=1, name="later", since=STORY.date())
    return Treatment(
        row=row,
        queue="operations",
        owner=Turn.OPERATIONS,
        allowed=(),
        said=None,
        ends=False,
        at_most=at_most,
        retry_at=STORY + timedelta(hours=2),
        too_late=None,
    )


def test_a_refusal_is_tried_again_as_the_policy_has_it_and_then_asked() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    refused = told.HearRefused(
        **BOTH, step=Step.CHECK_ELIGIBILITY, code="BUSY", treatment=_treatment()
    )

    first, planned = decide(refused, state)
    assert first == OperatorRefused(step=Step.CHECK_ELIGIBILITY, code="BUSY")
    assert isinstance(planned, RetryPlanned)
    state = of.when(state, refused)
    early = told.PassTime(**BOTH)
    assert decide(early, state) == ()
    due = told.PassTime(decided_at=LATER, answer_by=LATER)
    assert decide(due, state) == (RetryBegun(step=Step.CHECK_ELIGIBILITY),)
    state = of.asked(of.when(state, due), Step.CHECK_ELIGIBILITY)
    _, asked = decide(refused, state)
    assert isinstance(asked, AttentionRaised)
    assert asked.attention.code == "operator-refused"


def test_silence_is_asked_about_and_an_answer_after_all_clears_the_question() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    state = of.when(state, told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY))
    assert of.codes(state) == ["operator-silent"]

    state = of.when(state, of.eligibility(state, of.offer()))

    assert of.codes(state) == []
    assert _open(state).offers == (of.offer(),)


def test_an_operator_that_will_not_say_is_passed_over() -> None:
    state = of.asked(of.checking(candidates=(of.ORANGE, of.SFR)), Step.CHECK_ELIGIBILITY)
    state = of.when(state, told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY))

    state = of.when(state, of.answer("skip"))

    assert _open(state).passed_over == (of.ORANGE,)
    assert _open(state).host is of.SFR


def test_a_step_refused_later_asks_a_person_or_plans_the_next_try() -> None:
    state = of.reserving()
    refused = told.ReportStepRefused(
        **BOTH,
        source="orange",
        message_key="m-9",
        key=of.key_asked(state, Step.RESERVE_ACCESS),
        step=Step.RESERVE_ACCESS,
        code="SITE-GONE",
    )

    state = of.when(state, refused)

    assert of.codes(state) == ["operator-refused"]
    assert _open(state).attentions[0].detail == "reserve-access:SITE-GONE"
    again = of.when(state, of.answer("retry"))
    assert _open(again).epoch(Step.RESERVE_ACCESS) == 1
    other = refused.model_copy(update={"step": Step.STUDY_SITE})
    (aside,) = decide(other, of.reserving())
    assert isinstance(aside, MessageSetAside)


def test_retry_waits_anew_for_what_was_asked() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    state = of.when(state, told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY))

    state = of.when(state, of.answer("retry", answer_by=LATER))

    assert _open(state).asks[Step.CHECK_ELIGIBILITY].until == LATER
    assert of.codes(state) == []


def test_what_does_not_fit_is_set_aside_with_the_reason() -> None:
    state = of.reserving()
    late = of.reserved(state).model_copy(update={"key": "another"})
    unreadable = told.ReportUnreadable(**BOTH, source="sfr", message_key="m", why="no JSON")

    assert decide(late, state) == (
        MessageSetAside(
            source="orange", message_key=late.message_key, why="already known, or too late"
        ),
    )
    assert decide(unreadable, NotOpened()) == (
        MessageSetAside(source="sfr", message_key="m", why="no JSON"),
    )
    assert decide(unreadable, state) == (
        MessageSetAside(source="sfr", message_key="m", why="no JSON"),
    )


def test_a_report_about_another_step_changes_nothing() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    key = of.key_asked(state, Step.CHECK_ELIGIBILITY)
    stray = told.ReportReserved(
        **BOTH, source="orange", message_key="m", key=key, reference="x", reserved_at=STORY
    )

    (aside,) = decide(stray, state)

    assert isinstance(aside, MessageSetAside)


def test_a_supplier_that_withdraws_is_asked_about_once_something_stands_on_it() -> None:
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="w", code="END-OF-SALE", told_at=STORY
    )
    assert isinstance(decide(withdrawn, of.checking())[0], MessageSetAside)

    state = of.when(of.ready(candidates=(of.ORANGE,)), withdrawn)

    assert of.codes(state) == ["supply-withdrawn"]
    assert _open(state).reserved is None
    again = of.when(state, of.answer("retry", "supply-withdrawn"))
    assert of.stage(again) == AccessStage.CHECKING
    assert _open(again).passed_over == (of.ORANGE,)
    assert _open(again).attentions == ()


def test_a_withdrawal_is_believed_from_the_operator_that_serves() -> None:
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="sfr", message_key="w", code="END-OF-SALE", told_at=STORY
    )

    assert isinstance(decide(withdrawn, of.ready())[0], MessageSetAside)


def test_what_is_heard_after_a_withdrawal_waits_for_what_a_person_says() -> None:
    withdrawn = told.ReportSupplyWithdrawn(
        **BOTH, source="orange", message_key="w", code="END-OF-SALE", told_at=STORY
    )
    state = of.reserving()

    late = decide(of.reserved(state), of.when(state, withdrawn))

    assert [type(event) for event in late] == [MessageSetAside]


def test_a_question_that_has_a_last_day_is_not_put_off() -> None:
    state = of.quoted()

    put_off = of.when(state, of.answer("snooze", until=LATER))
    handed = of.when(state, of.answer("reassign", turn=Turn.OPERATIONS))

    assert [_open(one).attentions[0].until for one in (put_off, handed)] == [
        of.QUOTE_TERMS.until,
        of.QUOTE_TERMS.until,
    ]
    for wrong, words in (
        (of.answer("snooze"), "until when"),
        (of.answer("snooze", until=STORY), "has passed"),
        (of.answer("reassign"), "whose turn"),
    ):
        with pytest.raises(DecisionRefusedError, match=words):
            decide(wrong, state)
    letter = Said(fr="lettre", en="a registered letter")
    cancelling = of.when(of.checking(), of.cancellation(letter))
    later = of.when(cancelling, of.answer("snooze", until=LATER))
    assert _open(later).attentions[0].until == of.SOON


def test_what_came_with_a_decision_is_on_record() -> None:
    letter = Said(fr="lettre", en="a registered letter")
    state = of.when(of.checking(), of.cancellation(letter))

    taken = decide(of.answer("provide", documents=(of.CONSENT,)), state)[0]

    assert isinstance(taken, DecisionTaken)
    assert taken.given == {"document": "cuts-consent@2027-01-08"}
    ahead = of.answer("provide", documents=(of.CONSENT,), today=of.SIGNED_ON.replace(day=7))
    with pytest.raises(DecisionRefusedError, match="has not come"):
        decide(ahead, state)


def test_what_works_is_neither_held_nor_cancelled() -> None:
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=LATER)
    state = of.in_service()

    assert not _open(state).blocked
    for late in (hold, of.cancellation()):
        with pytest.raises(DecisionRefusedError, match="works"):
            decide(late, state)


def test_a_question_asked_again_has_a_key_of_its_own() -> None:
    state = of.studying()
    state = of.when(state, of.studied(state, of.study(Verdict.NEGATIVE)))

    again = _open(of.when(state, of.answer("retry")))

    assert again.epoch(Step.STUDY_SITE) > 0


def test_a_fee_is_charged_for_works_that_were_done_and_once() -> None:
    agreed = of.answer("provide", documents=(of.FEE_CONSENT,))
    state = of.desaturating(mode=SaturationMode.LATER, fees=(of.fee(),), consent_needed=True)
    state = of.when(state, agreed)
    assert _open(state).charged == ()

    done = of.when(state, of.desaturated(state))
    assert _open(done).charged == (of.fee(),)
    reserving = of.asked(done, Step.RESERVE_ACCESS)
    second = of.settled_saturation(SaturationMode.LATER, fees=(of.fee(),), consent_needed=True)
    twice = of.when(reserving, of.saturated(reserving, second), agreed)
    assert [one.consented for one in _open(twice).owed] == [True, True]
    given_up = of.when(twice, of.cancellation(end=told.EndTerms()))
    assert isinstance(given_up, GivingBack)
    assert given_up.fees == (of.fee(),)


def test_what_nobody_can_put_a_figure_on_is_not_charged() -> None:
    unknown = of.fee(euros=None).model_copy(update={"chargeable": False})
    state = of.desaturating(fees=(unknown,))

    assert _open(of.when(state, of.desaturated(state))).charged == ()


# cancelling


def test_before_anything_is_reserved_cancelling_gives_nothing_back() -> None:
    state = of.when(of.checking(), of.cancellation(), told.EndAccess(**BOTH))

    assert isinstance(state, Closed)
    assert state.ended.outcome is Outcome.CANCELLED
    assert [one.head for one in state.ended.fees] == ["cancellation"]


def test_what_was_kept_is_given_back_before_it_ends() -> None:
    state = of.when(of.ready(), of.cancellation())
    assert of.stage(state) == AccessStage.GIVING_BACK
    with pytest.raises(AccessRefusedError):
        decide(told.EndAccess(**BOTH), state)

    state = of.asked(state, Step.RELEASE_ACCESS)
    state = of.when(state, of.released(state), told.EndAccess(**BOTH))

    assert isinstance(state, Closed)


def test_a_release_that_fails_can_be_gone_on_without() -> None:
    state = of.asked(of.when(of.ready(), of.cancellation()), Step.RELEASE_ACCESS)
    state = of.when(state, told.HearRefused(**BOTH, step=Step.RELEASE_ACCESS, code="GONE"))

    state = of.when(state, of.answer("skip"))

    assert isinstance(state, GivingBack)
    assert state.left == ()


def test_a_cancellation_takes_effect_on_the_paper_the_contract_asks_for() -> None:
    letter = Said(fr="lettre", en="a registered letter")
    state = of.when(of.checking(), of.cancellation(letter))
    assert of.codes(state) == ["cancellation-paper"]
    end = told.EndTerms(fees=(of.fee("cancellation", "300.00"),))

    state = of.when(state, of.answer("provide", documents=(of.CONSENT,), end=end))

    assert isinstance(state, GivingBack)
    assert state.outcome is Outcome.CANCELLED
    assert [one.head for one in state.fees] == ["cancellation"]


def test_a_paper_that_does_not_come_lets_the_order_go_on() -> None:
    letter = Said(fr="lettre", en="a registered letter")
    state = of.when(of.checking(), of.cancellation(letter))
    late = told.PassTime(decided_at=LATER, answer_by=LATER)

    assert isinstance(decide(late, state)[0], CancellationLapsed)
    state = of.when(state, late)
    assert _open(state).cancellation is None


def test_an_agreement_is_given_or_refused_by_who_may_bind_the_provider() -> None:
    needs = Said(fr="accord", en="agreement")
    state = of.when(of.checking(), of.cancellation(needs, needs_agreement=True))
    assert of.codes(state) == ["cancellation-agreement"]

    assert isinstance(of.when(state, of.answer("agree")), GivingBack)
    assert _open(of.when(state, of.answer("refuse"))).cancellation is None


# suspended


def test_a_suspended_order_begins_nothing_until_it_is_taken_up() -> None:
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=LATER)
    state = of.when(of.checking(), hold)

    assert _open(state).blocked
    with pytest.raises(AccessRefusedError):
        of.asked(state, Step.CHECK_ELIGIBILITY)
    again = of.when(state, told.TakeUpAccess(**BOTH, by="the customer"))
    assert not _open(again).blocked
    due = told.PassTime(decided_at=LATER, answer_by=LATER)
    assert decide(due, state) == (facts.AccessTakenUp(),)


def test_a_silence_nobody_explains_is_raised_once() -> None:
    silence = told.RaiseSilence(**BOTH)

    state = of.when(of.checking(), silence)

    assert of.codes(state) == ["nothing-moves"]
    with pytest.raises(AccessRefusedError):
        decide(silence, state)


def test_a_closed_access_takes_no_command() -> None:
    closed = of.when(of.checking(), of.cancellation(), told.EndAccess(**BOTH))

    with pytest.raises(AccessRefusedError):
        decide(told.RaiseSilence(**BOTH), closed)
    assert isinstance(closed, Closed)
    assert of.given(facts.SiteClaimed()) == NotOpened()


def test_what_is_not_suspended_cannot_be_taken_up_nor_suspended_into_the_past() -> None:
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=STORY)

    with pytest.raises(DecisionRefusedError, match="not suspended"):
        decide(told.TakeUpAccess(**BOTH, by="the customer"), of.checking())
    with pytest.raises(DecisionRefusedError, match="has passed"):
        decide(hold, of.checking())
    given_back = of.when(of.ready(), of.cancellation())
    with pytest.raises(DecisionRefusedError, match="given back"):
        decide(hold.model_copy(update={"until": LATER}), given_back)


def test_a_gate_can_be_gone_on_without_and_its_papers_are_named_when_they_are_wrong() -> None:
    gates = (_gate(GateKind.MANDATE, "mandate"), _gate(GateKind.PAYMENT, "order-payment"))
    state = of.checking(gates=(*gates, _gate(GateKind.WITHDRAWAL)))
    paper = of.CONSENT.model_copy(update={"name": "mandate"})

    with pytest.raises(DecisionRefusedError, match="hand in mandate, order-payment"):
        decide(of.answer("provide"), state)
    one = of.when(state, of.answer("provide", gate=GateKind.MANDATE, documents=(paper,)))
    assert [gate.kind for gate in _open(one).gates] == [GateKind.PAYMENT, GateKind.WITHDRAWAL]
    both = of.when(state, of.answer("skip"))
    assert [gate.kind for gate in _open(both).gates] == [GateKind.WITHDRAWAL]
    named = of.when(state, of.answer("skip", gate=GateKind.PAYMENT))
    assert len(_open(named).gates) == 2


def test_a_consent_bears_the_name_and_the_day_of_its_paper() -> None:
    state = of.when(of.agreeing(uses=(Use.BROADBAND,)), of.cuts())

    with pytest.raises(DecisionRefusedError, match="say which paper"):
        decide(of.answer("provide"), state)


def test_a_question_can_be_put_off_or_handed_over() -> None:
    state = of.when(of.agreeing(uses=(Use.BROADBAND,)), of.cuts())

    put_off = of.when(state, of.answer("snooze", until=LATER))
    handed = of.when(state, of.answer("reassign", turn=Turn.OPERATIONS))

    assert _open(put_off).attentions[0].until == LATER
    assert _open(handed).attentions[0].turn is Turn.OPERATIONS


def test_cancelling_as_a_decision_takes_what_the_contract_asks_for() -> None:
    state = of.when(of.agreeing(uses=(Use.BROADBAND,)), of.cuts())

    cancelled = of.when(state, of.answer("cancel", cancellation=of.cancellation()))

    assert isinstance(cancelled, GivingBack)
    with pytest.raises(DecisionRefusedError, match="not known"):
        decide(of.answer("cancel"), state)
    with pytest.raises(DecisionRefusedError, match="given back already"):
        decide(of.cancellation(), cancelled)


def test_a_cancellation_is_asked_for_once_and_its_paper_may_be_done_without() -> None:
    letter = Said(fr="lettre", en="a registered letter")
    state = of.when(of.checking(), of.cancellation(letter))

    with pytest.raises(DecisionRefusedError, match="asked for already"):
        decide(of.cancellation(letter), state)
    assert isinstance(of.when(state, of.answer("skip")), GivingBack)


def test_a_decision_ends_the_wait_for_a_next_try() -> None:
    state = of.asked(of.checking(), Step.CHECK_ELIGIBILITY)
    busy = told.HearNothing(**BOTH, step=Step.CHECK_ELIGIBILITY, treatment=_treatment())
    state = of.when(state, told.RaiseSilence(**BOTH), busy)
    assert _open(state).retry is not None

    state = of.when(state, of.answer("retry"))

    assert _open(state).retry is None
    assert of.codes(state) == []


def test_a_question_with_nothing_asked_is_simply_over() -> None:
    state = of.when(of.agreeing(), told.RaiseSilence(**BOTH), of.answer("retry"))

    assert of.codes(state) == []


def test_what_was_set_aside_moves_nothing() -> None:
    state = of.reserving()
    late = of.reserved(state).model_copy(update={"key": "another"})

    assert of.when(state, late) == state


def test_it_can_be_cancelled_once_and_before_it_works() -> None:
    letter = Said(fr="lettre", en="a registered letter")

    assert _open(of.checking()).may_be_cancelled
    assert not _open(of.when(of.checking(), of.cancellation(letter))).may_be_cancelled
    assert not _open(of.in_service()).may_be_cancelled
    assert not _open(of.when(of.ready(), of.cancellation())).may_be_cancelled
