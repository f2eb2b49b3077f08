"""Word from the office to a line: what its notice told of, and from which day."""

from datetime import date
from uuid import UUID

from domain.identity import LineId
from domain.notice_told import quote_word, read_word
from domain.notices import Cause, NoticeInEffect, NoticePurpose, notice_id_of
from domain.operators import Unreadable
from domain.order_file import Channel
from tests.notice_facts import EFFECT
from tests.porting import ORDER_ID

NOTICE = notice_id_of(ORDER_ID, NoticePurpose.SITE_QUOTE, round_=0)
TOLD = NoticeInEffect(purpose=NoticePurpose.SITE_QUOTE, channel=Channel.EMAIL, effect=EFFECT)


def _cause(line_id: LineId | None, about: str | None) -> Cause:
    return Cause(cause_id=UUID(int=1), line_id=line_id, facts={}, about=about)


def test_word_of_a_quote_is_read_as_it_was_written() -> None:
    word = quote_word(_cause(LineId(UUID(int=2)), "Q-1"), NOTICE, TOLD)
    assert word is not None

    read = read_word(word)

    assert not isinstance(read, Unreadable)
    assert (read.reference, read.notice_id, read.channel) == ("Q-1", NOTICE, "email")
    assert (read.on, read.rule) == (date(2027, 1, 9), EFFECT.rule)


def test_of_what_waits_for_no_day_there_is_no_word() -> None:
    assert quote_word(_cause(LineId(UUID(int=2)), None), NOTICE, TOLD) is None
    assert quote_word(_cause(None, "Q-1"), NOTICE, TOLD) is None


def test_what_is_no_word_is_said_to_be_unreadable() -> None:
    assert read_word("{}") == Unreadable(why="no word of a notice: 5 faults")
