"""Until when a contract has the customer told: asked in time, once, and a quote's days counted."""

from datetime import date, datetime, timedelta

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import decide
from domain.access_awaited import awaited_by, due_of, wakes_by
from domain.access_facts import SaturationMode, ToTell
from domain.access_stages import Access, AccessState, Quoted
from domain.access_telling import undecided
from domain.attention import AttentionCleared, AttentionMoved, Turn
from domain.identity import NoticeId
from domain.notices import NoticePurpose, notice_id_of
from domain.port_in_facts import Step
from tests import accesses as of
from tests.accesses import BOTH, QUOTE_TERMS, SAID, SOON, answer
from tests.porting import ORDER_ID, STORY, paris

BY = paris("2027-01-25T00:00:00")  # fifteen days of Saturday 9 January (000:429)
ASK_AT = paris("2027-01-21T00:00:00")
TO_TELL = ToTell(by=BY, ask_at=ASK_AT, source="000:429")
NOTICE: NoticeId = notice_id_of(ORDER_ID, NoticePurpose.SITE_QUOTE, round_=0)
NOT_TOLD = QUOTE_TERMS.model_copy(update={"until": None})


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _checking() -> AccessState:
    return of.asked(of.checking(refusal_told=TO_TELL), Step.CHECK_ELIGIBILITY, at=STORY)


def _passes(at: datetime = ASK_AT) -> told.PassTime:
    return told.PassTime(decided_at=at, answer_by=ASK_AT + timedelta(days=2))


def _asked_about() -> AccessState:
    return of.when(_checking(), _passes())


# a site nobody has decided about


def test_the_day_a_person_is_asked_is_awaited_whatever_else_is_waited_for() -> None:
    state = _open(of.checking(refusal_told=TO_TELL))

    awaited = awaited_by(state)

    assert awaited is not None
    assert (awaited.until, awaited.appointment) == (ASK_AT, False)
    assert "000:429" in awaited.what.en
    assert due_of(state) is None  # no operator is late by it
    assert wakes_by(state) == awaited


def test_a_person_is_asked_in_time_and_once_and_nothing_stands_still() -> None:
    state = _open(_asked_about())

    (attention,) = state.attentions
    assert (attention.code, attention.until, attention.blocks) == ("refusal-due", BY, False)
    assert "(000:429)" in attention.what.fr
    assert undecided(state) is None
    assert decide(_passes(ASK_AT + timedelta(hours=1)), state) == ()
    assert decide(_passes(ASK_AT - timedelta(hours=1)), _checking()) == ()


def test_found_too_late_it_is_asked_all_the_same() -> None:
    late = BY + timedelta(days=1)
    state = _open(of.when(_checking(), told.PassTime(decided_at=late, answer_by=SOON)))

    assert [a.until for a in state.attentions] == [SOON]


def test_a_person_says_that_it_is_put_off_or_that_it_is_not() -> None:
    asked = _asked_about()
    put_off = decide(answer("agree", "refusal-due"), asked)
    skipped = decide(answer("skip", "refusal-due"), asked)

    assert [type(event).__name__ for event in put_off] == [
        "DecisionTaken",
        "AttentionCleared",
        "DeliveryPutOff",
    ]
    assert [type(event).__name__ for event in skipped] == ["DecisionTaken", "AttentionCleared"]
    for decision in ("agree", "skip"):
        settled = _open(of.when(asked, answer(decision, "refusal-due")))
        assert settled.deferral_settled
        assert undecided(settled) is None


def test_asking_again_later_settles_nothing() -> None:
    snoozed = answer("snooze", "refusal-due", until=BY - timedelta(hours=1))
    state = _open(of.when(_asked_about(), snoozed))

    assert not state.deferral_settled
    assert [a.code for a in state.attentions] == ["refusal-due"]


def test_what_is_kept_or_put_off_by_a_saturation_need_not_be_asked_any_more() -> None:
    reserving = of.asked(of.reserving(refusal_told=TO_TELL), Step.RESERVE_ACCESS)
    asked = of.when(reserving, _passes())
    later = of.settled_saturation(SaturationMode.LATER)
    refused = of.settled_saturation(SaturationMode.REFUSED)

    kept = decide(of.reserved(asked), asked)
    saturated = decide(of.saturated(asked, later), asked)
    undone = decide(of.saturated(asked, refused), asked)

    assert AttentionCleared(code="refusal-due") in kept
    assert AttentionCleared(code="refusal-due") in saturated
    assert AttentionCleared(code="refusal-due") not in undone
    assert _open(of.when(asked, of.saturated(asked, later))).deferral_settled
    assert decide(of.reserved(reserving), reserving) == tuple(
        event for event in kept if event != AttentionCleared(code="refusal-due")
    )


def test_nobody_is_asked_while_it_is_suspended_or_being_cancelled_or_once_it_is_kept() -> None:
    hold = told.HoldAccess(**BOTH, by="the customer", reason="moving", until=BY)

    assert undecided(_open(of.when(_checking(), hold))) is None
    assert undecided(_open(of.when(_checking(), of.cancellation(SAID)))) is None
    assert undecided(_open(of.ready(refusal_told=TO_TELL))) is None
    assert undecided(_open(_checking())) == TO_TELL
    assert undecided(_open(of.checking())) is None


# a quote


def _notified(
    reference: str = "Q-1", terms: told.QuoteTerms | None = QUOTE_TERMS
) -> told.ReportQuoteTold:
    return told.ReportQuoteTold(
        **BOTH,
        source="notices",
        message_key="n-1",
        reference=reference,
        notice_id=NOTICE,
        channel="email",
        on=date(2027, 1, 9),
        rule=SAID,
        terms=terms,
    )


def test_a_quotes_days_run_from_its_notice_and_silence_refuses_it_then() -> None:
    state = of.quoted(NOT_TOLD)
    assert isinstance(state, Quoted)
    assert state.quote.until is None

    found = decide(_notified(), state)
    after = of.when(state, _notified())

    assert isinstance(found[0], facts.QuoteTold)
    assert (found[0].on, found[0].until) == (date(2027, 1, 9), QUOTE_TERMS.until)
    assert isinstance(found[1], AttentionMoved)
    assert (found[1].until, found[1].turn) == (QUOTE_TERMS.until, Turn.CUSTOMER)
    assert "002:2280-2281" in found[1].why.fr
    assert isinstance(after, Quoted)
    assert after.quote.until == QUOTE_TERMS.until
    silent = told.PassTime(decided_at=STORY + timedelta(days=10), answer_by=SOON, quote=QUOTE_TERMS)
    assert isinstance(decide(silent, after)[0], facts.QuoteRefused)


def test_a_quote_nobody_was_told_of_goes_up_and_is_not_refused_by_silence() -> None:
    state = of.quoted(NOT_TOLD)
    silent = told.PassTime(decided_at=SOON, answer_by=SOON + timedelta(days=2), quote=NOT_TOLD)

    (moved,) = decide(silent, state)

    assert isinstance(moved, AttentionMoved)
    assert moved.turn is Turn.SUPERVISOR


def test_a_quote_without_a_limit_is_told_and_keeps_its_question() -> None:
    state = of.quoted(NOT_TOLD)

    found = decide(_notified(terms=NOT_TOLD), state)

    assert [type(event).__name__ for event in found] == ["QuoteTold"]


def test_word_of_another_quote_of_none_or_a_second_time_is_set_aside() -> None:
    state = of.quoted(NOT_TOLD)
    twice = of.when(state, _notified())
    for word, where in (
        (_notified(reference="Q-2"), state),
        (_notified(terms=None), state),
        (_notified(), twice),
        (_notified(), of.checking()),
    ):
        (aside,) = decide(word, where)
        assert type(aside).__name__ == "MessageSetAside"
