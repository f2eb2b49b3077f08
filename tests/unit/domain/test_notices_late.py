"""What a contract has told by a day: who waits has no longer, and having told late is a fact."""

from datetime import date, timedelta

from domain import notices
from domain.event import Event
from domain.notices import (
    Cause,
    Effect,
    HearRefused,
    HearSent,
    InEffect,
    NoticeComposed,
    NoticeDecision,
    NoticeInEffect,
    NoticeUndelivered,
    RecordDates,
    SettleNotice,
    Tell,
    TellBy,
    in_time,
    told_late,
)
from domain.order_file import Came, Channel
from tests.notice_facts import CAME, EFFECT, SOON, cause, compose, terms
from tests.porting import STORY, paris

BY = TellBy(by=paris("2027-01-10T00:00:00"), last=date(2027, 1, 9), source="000:406-407")
BOUND = cause().model_copy(update={"tell_by": BY})
SOONER = BY.by
RULE = EFFECT.rule


def _happened(*commands: notices.NoticeCommand) -> tuple[Event, ...]:
    events: tuple[Event, ...] = ()
    for command in commands:
        events += notices.decide(command, notices.fold(events))
    return events


def _tell(*causes: Cause) -> Tell:
    return Tell(decided_at=STORY, terms=terms(), causes=causes)


def test_a_letter_waits_for_a_person_no_longer_than_the_contract_gives() -> None:
    far = compose(Channel.REGISTERED_LETTER)
    assert SOON > SOONER

    bound = _happened(_tell(BOUND, cause(2)), far)[-1]
    free = _happened(_tell(cause(2)), far)[-1]

    assert isinstance(bound, NoticeComposed)
    assert isinstance(free, NoticeComposed)
    assert (bound.until, free.until) == (SOONER, SOON)
    assert in_time((BOUND,), STORY) == STORY


def test_nor_does_what_did_not_leave_or_what_somebody_settles() -> None:
    refused = HearRefused(decided_at=STORY, why="550", until=SOON)
    again = SettleNotice(
        decided_at=STORY, decision=NoticeDecision.SEND_AGAIN, by="ops", reason="", until=SOON
    )

    happened = _happened(_tell(BOUND), compose(), refused, again)

    assert isinstance(happened[-2], NoticeUndelivered)
    assert [getattr(event, "until", None) for event in happened[-2:]] == [SOONER, SOONER]


def test_an_email_sent_in_time_is_in_time() -> None:
    sent = HearSent(
        decided_at=STORY, came=CAME, via="smtp", reference="<k>", effect=EFFECT, until=SOON
    )

    told = _happened(_tell(BOUND), compose(), sent)[-1]

    assert isinstance(told, NoticeInEffect)
    assert told.late == ()


def test_a_letter_first_presented_too_late_is_a_breach_on_record_once_and_says_by_how_much() -> (
    None
):
    # 000:406-407: fifteen days; here until Saturday 9 January
    came = Came(sent_on=date(2027, 1, 9), presented_on=date(2027, 1, 12))
    effect = Effect(on=date(2027, 1, 12), rule=RULE)
    dated = RecordDates(decided_at=STORY, came=came, by="ops", effect=effect, until=SOON)
    signed = dated.model_copy(
        update={"came": came.model_copy(update={"received_on": date(2027, 1, 14)})}
    )

    happened = _happened(_tell(BOUND, cause(2)), compose(Channel.REGISTERED_LETTER), dated, signed)

    told = [event for event in happened if isinstance(event, NoticeInEffect)]
    assert [len(event.late) for event in told] == [1]
    (late,) = told[0].late
    assert (late.line_id, late.last, late.source) == (BOUND.line_id, BY.last, "000:406-407")
    assert late.said.fr == (
        "prévenu le mardi 12 janvier 2027, 3 jours après le dernier jour, le samedi 9 janvier 2027 "
        "(000:406-407) ; le contrat n'en tire aucune conséquence"
    )
    state = notices.fold(happened)
    assert isinstance(state, InEffect)
    assert state.late == told[0].late


def test_one_day_late_is_one_day() -> None:
    (late,) = told_late((BOUND,), BY.last + timedelta(days=1))

    assert "1 day after the last day" in late.said.en
    assert "1 jour après" in late.said.fr
