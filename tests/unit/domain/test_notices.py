"""Notices that go out: gathered, written, sent or posted, in effect; each with a way on."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import notices
from domain.event import Event
from domain.identity import StreamId
from domain.notices import (
    Gathering,
    GivenUp,
    HearRefused,
    HearSent,
    HearUnanswered,
    InEffect,
    KnownNotice,
    Leaving,
    NoticeCommand,
    NoticeComposed,
    NoticeDated,
    NoticeDecision,
    NoticeDue,
    NoticeInEffect,
    NoticeJoined,
    NoticePurpose,
    NoticeRefusedError,
    NoticeSent,
    NoticeSettled,
    NoticeUnanswered,
    NoticeUndelivered,
    RecordDates,
    Sent,
    SettleNotice,
    ToBeSent,
    Undelivered,
    cause_id,
    notice_id_of,
    notice_of_stream,
    notice_stream,
)
from domain.order_file import Came, Channel
from tests.builders import line_opened
from tests.notice_facts import (
    ADDRESS,
    CAME,
    DAY,
    EFFECT,
    SOON,
    cause,
    compose,
    composed,
    tell,
    terms,
)
from tests.porting import ORDER_ID, STORY

DUE = NoticeDue(terms=terms(), causes=(cause(),))
EMAIL = NoticeComposed(composed=composed(), until=SOON)
LETTER = NoticeComposed(composed=composed(Channel.REGISTERED_LETTER), until=SOON)
SENT = NoticeSent(came=CAME, via="smtp", reference="<k@h>", until=SOON)
HEAR_SENT = HearSent(
    decided_at=STORY, came=CAME, via="smtp", reference="<k@h>", effect=EFFECT, until=SOON
)
IN_EFFECT = NoticeInEffect(purpose=NoticePurpose.PORT_PLANNED, channel=Channel.EMAIL, effect=EFFECT)
BY_LETTER = IN_EFFECT.model_copy(update={"channel": Channel.REGISTERED_LETTER})
UNDELIVERED = NoticeUndelivered(why="refused (550)", until=SOON)
UNANSWERED = HearUnanswered(decided_at=STORY, why="451", tries=3, until=SOON)


def when(command: NoticeCommand, *given: Event) -> tuple[Event, ...]:
    return notices.decide(command, notices.fold(given))


def known(*given: Event) -> KnownNotice:
    state = notices.fold(given)
    assert state is not None
    return state


def settle(decision: NoticeDecision, **more: object) -> SettleNotice:
    return SettleNotice(
        decided_at=STORY, decision=decision, by="ops", until=SOON, **{"reason": "", **more}
    )


def dates(came: Came, *, effect: bool = False) -> RecordDates:
    return RecordDates(
        decided_at=STORY, came=came, by="ops", effect=EFFECT if effect else None, until=SOON
    )


def test_the_same_question_gives_the_same_notice() -> None:
    one = notice_id_of(ORDER_ID, NoticePurpose.CANCELLED, round_=0)

    assert notice_stream(one) == f"notice/{one}"
    assert notice_of_stream(notice_stream(one)) == one
    assert notice_of_stream(StreamId("line/a")) is None
    assert one != notice_id_of(ORDER_ID, NoticePurpose.CANCELLED, round_=1)
    assert cause_id(StreamId("line/a"), version=1) != cause_id(StreamId("line/a"), version=2)


def test_a_cause_is_told_once_and_others_join_it() -> None:
    assert when(tell()) == (DUE,)
    assert when(tell(), DUE) == ()
    assert when(tell(cause(), cause(2)), DUE) == (NoticeJoined(causes=(cause(2),)),)
    joined = known(DUE, NoticeJoined(causes=(cause(2),)))
    assert isinstance(joined, Gathering)
    assert [one.cause_id for one in joined.causes] == [cause().cause_id, cause(2).cause_id]


def test_once_it_is_written_nothing_joins_it_any_more() -> None:
    assert when(tell(), DUE, EMAIL) == ()
    with pytest.raises(NoticeRefusedError, match="in another notice"):
        when(tell(cause(2)), DUE, EMAIL)


def test_a_notice_takes_as_many_causes_as_it_names_lines() -> None:
    forty_nine = [cause(number) for number in range(2, 51)]
    whole = when(tell(cause(), *forty_nine), DUE)
    assert whole == (NoticeJoined(causes=tuple(forty_nine)),)
    with pytest.raises(NoticeRefusedError, match="full: tell of this in another notice"):
        when(tell(cause(51)), DUE, *whole)


def test_an_email_is_ours_to_send_and_a_letter_is_a_persons() -> None:
    assert when(compose(), DUE) == (EMAIL,)
    assert when(compose(), DUE, EMAIL) == ()
    assert isinstance(known(DUE, EMAIL), Leaving)
    letter = known(DUE, LETTER)
    assert isinstance(letter, ToBeSent)
    assert letter.until == SOON


def test_an_email_takes_effect_as_it_is_sent() -> None:
    assert when(HEAR_SENT, DUE, EMAIL) == (SENT, IN_EFFECT)
    after = known(DUE, EMAIL, SENT, IN_EFFECT)
    assert isinstance(after, InEffect)
    assert (after.effect.on, after.came) == (DAY, CAME)
    assert after.allowed == ()


def test_where_a_receipt_counts_it_waits_for_its_date() -> None:
    unknown = HEAR_SENT.model_copy(update={"effect": None})

    assert when(unknown, DUE, EMAIL) == (SENT,)
    waits = known(DUE, EMAIL, SENT)
    assert isinstance(waits, Sent)
    assert waits.until == SOON


def test_a_silent_server_is_tried_again_then_left_to_a_person() -> None:
    silent = NoticeUnanswered(why="451")

    assert when(UNANSWERED, DUE, EMAIL) == (silent,)
    assert when(UNANSWERED, DUE, EMAIL, silent) == (silent,)
    assert when(UNANSWERED, DUE, EMAIL, silent, silent) == (
        silent,
        NoticeUndelivered(why="451", until=SOON),
    )
    assert isinstance(known(DUE, EMAIL, silent), Leaving)


def test_a_refusal_for_good_is_a_persons_turn_at_once() -> None:
    refused = HearRefused(decided_at=STORY, why="refused (550)", until=SOON)

    assert when(refused, DUE, EMAIL) == (UNDELIVERED,)
    waits = known(DUE, EMAIL, UNDELIVERED)
    assert isinstance(waits, Undelivered)
    assert (waits.why, waits.until) == ("refused (550)", SOON)
    assert waits.allowed == tuple(NoticeDecision)


def test_what_is_heard_of_a_notice_that_has_left_changes_nothing() -> None:
    assert when(HEAR_SENT, DUE, EMAIL, UNDELIVERED) == ()
    assert when(HEAR_SENT, DUE) == ()


def test_a_letter_is_dated_as_its_days_become_known() -> None:
    presented = Came(sent_on=DAY, presented_on=date(2027, 1, 11))
    first = NoticeDated(came=CAME, by="ops", until=SOON)
    second = NoticeDated(came=presented, by="ops", until=SOON)

    assert when(dates(CAME), DUE, LETTER) == (first,)
    assert when(dates(CAME), DUE, LETTER, first) == ()
    assert when(dates(presented, effect=True), DUE, LETTER, first) == (
        second,
        BY_LETTER,
    )
    assert isinstance(known(DUE, LETTER, first), Sent)


def test_a_day_learnt_later_is_kept_and_moves_no_effect() -> None:
    dated = NoticeDated(came=CAME, by="ops", until=SOON)
    in_effect = (DUE, LETTER, dated, IN_EFFECT)
    received = Came(sent_on=DAY, received_on=date(2027, 1, 12))
    learnt = NoticeDated(came=received, by="ops", until=SOON)

    assert when(dates(received, effect=True), *in_effect) == (learnt,)
    after = known(*in_effect, learnt)
    assert isinstance(after, InEffect)
    assert (after.came.received_on, after.effect) == (date(2027, 1, 12), EFFECT)


def test_what_was_recorded_stands() -> None:
    dated = NoticeDated(came=CAME, by="ops", until=SOON)

    with pytest.raises(NoticeRefusedError, match="sent_on was recorded as 2027-01-09"):
        when(dates(Came(sent_on=date(2027, 1, 8))), DUE, LETTER, dated)
    with pytest.raises(NoticeRefusedError, match="no dates to record"):
        when(dates(CAME), DUE, EMAIL)


@pytest.mark.parametrize(
    ("decision", "more", "stage", "channel"),
    [
        (NoticeDecision.SEND_AGAIN, {}, Leaving, Channel.EMAIL),
        (NoticeDecision.OTHER_ADDRESS, {"to": ADDRESS}, Leaving, Channel.EMAIL),
        (NoticeDecision.OTHER_CHANNEL, {"channel": Channel.LETTER}, ToBeSent, Channel.LETTER),
        (NoticeDecision.GIVE_UP, {"reason": "told on the phone"}, GivenUp, Channel.EMAIL),
    ],
)
def test_a_person_says_how_it_goes_on(
    decision: NoticeDecision, more: dict[str, object], stage: type, channel: Channel
) -> None:
    facts = when(settle(decision, **more), DUE, EMAIL, UNDELIVERED)

    after = known(DUE, EMAIL, UNDELIVERED, *facts)
    assert isinstance(after, stage)
    assert isinstance(facts[0], NoticeSettled)
    assert not isinstance(after, Gathering)
    assert after.composed.channel is channel
    if isinstance(after, Leaving | ToBeSent):
        assert after.epoch == 1
    if isinstance(after, GivenUp):
        assert (after.reason, after.allowed) == ("told on the phone", ())


@pytest.mark.parametrize(
    ("decision", "more", "why"),
    [
        (NoticeDecision.OTHER_ADDRESS, {}, "the address is missing"),
        (NoticeDecision.OTHER_CHANNEL, {}, "the channel is missing"),
        (NoticeDecision.OTHER_CHANNEL, {"channel": Channel.EMAIL}, "decide other-address"),
        (NoticeDecision.GIVE_UP, {}, "a reason is required"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(
    decision: NoticeDecision, more: dict[str, object], why: str
) -> None:
    with pytest.raises(NoticeRefusedError, match=why):
        when(settle(decision, **more), DUE, EMAIL, UNDELIVERED)


def test_a_letter_nobody_has_sent_is_not_sent_again() -> None:
    with pytest.raises(NoticeRefusedError, match="one of: other-address, other-channel, give-up"):
        when(settle(NoticeDecision.SEND_AGAIN), DUE, LETTER)
    with pytest.raises(NoticeRefusedError, match="it waits for nobody"):
        when(settle(NoticeDecision.SEND_AGAIN), DUE)
    with pytest.raises(NoticeRefusedError, match="it waits for nobody"):
        when(settle(NoticeDecision.SEND_AGAIN))


EVERY_FACT: tuple[Event, ...] = (
    DUE,
    NoticeJoined(causes=(cause(2),)),
    EMAIL,
    LETTER,
    NoticeUnanswered(why="451"),
    UNDELIVERED,
    SENT,
    NoticeDated(came=CAME, by="ops", until=SOON),
    IN_EFFECT,
    NoticeSettled(decision=NoticeDecision.SEND_AGAIN, by="ops", reason="", until=SOON),
    line_opened(),
)
EVERY_COMMAND: tuple[NoticeCommand, ...] = (
    tell(),
    tell(cause(3)),
    compose(),
    compose(Channel.LETTER),
    HEAR_SENT,
    UNANSWERED,
    HearRefused(decided_at=STORY, why="no", until=SOON),
    dates(CAME),
    settle(NoticeDecision.SEND_AGAIN),
    settle(NoticeDecision.GIVE_UP, reason="enough"),
    settle(NoticeDecision.OTHER_CHANNEL, channel=Channel.LETTER),
)


def _obeyed(commands: Iterable[NoticeCommand]) -> tuple[Event, ...]:
    facts: tuple[Event, ...] = ()
    for command in commands:
        try:
            facts += notices.decide(command, notices.fold(facts))
        except NoticeRefusedError:
            continue
    return facts


@given(st.lists(st.sampled_from(EVERY_COMMAND), max_size=12))
def test_whatever_is_commanded_it_waits_with_a_deadline_or_is_over(
    commands: list[NoticeCommand],
) -> None:
    state = notices.fold(_obeyed(commands))

    waits = isinstance(state, ToBeSent | Undelivered | Sent)
    assert state is None or waits == bool(state.allowed)
    assert not waits or getattr(state, "until", None) is not None


@given(st.lists(st.sampled_from(EVERY_COMMAND), max_size=12))
def test_no_cause_is_ever_told_twice_and_no_effect_is_ever_moved(
    commands: list[NoticeCommand],
) -> None:
    facts = _obeyed(commands)

    told = [c.cause_id for f in facts if isinstance(f, NoticeDue | NoticeJoined) for c in f.causes]
    assert len(told) == len(set(told))
    assert sum(isinstance(fact, NoticeInEffect) for fact in facts) <= 1


@given(st.lists(st.sampled_from(EVERY_FACT), max_size=8))
def test_facts_in_any_order_lead_somewhere(facts: list[Event]) -> None:
    state = notices.fold(facts)

    assert state is None or DUE in facts
