"""What one line of an order tells another: into its inbox once, or nowhere where it has ended."""

import json
from uuid import UUID

import pytest

from activities.line_words import words_to_lines
from domain.access_facts import AccessEnded, AccessOpened
from domain.access_stages import GivingBack
from domain.access_told import LineEndedTold, LineServedTold
from domain.identity import line_id_for, line_stream
from domain.line_words import LINES, ended_word, read_line_word, served_word
from domain.link_commands import TellLines
from domain.operators import Unreadable
from domain.port_in_facts import Outcome
from ledger.append import OutboxMessage
from ledger.messages import TELL_LINE
from runtime.line_teller import LineTeller
from runtime.relay import Done, Later, Park
from tests.accesses import BOTH, SAID, cancellation, in_service, ready, site_terms, when
from tests.builders import append, on_stream
from tests.fakes.keys import FakeSubjectKeys
from tests.fakes.ledger import FakeLedger
from tests.porting import ORDER_ID, STORY

SECOND = line_id_for(ORDER_ID, number=2)


def _words() -> tuple[OutboxMessage, ...]:
    return words_to_lines(in_service(ready(before=(2, 3))), STORY)


async def _teller(*, ended: bool = False) -> tuple[FakeLedger, LineTeller]:
    ledger = FakeLedger(FakeSubjectKeys())
    terms = site_terms(line_id=SECOND, number=2)
    facts = [AccessOpened(terms=terms, gates=())]
    over = [AccessEnded(outcome=Outcome.CANCELLED, why=SAID)] if ended else []
    stream = on_stream(line_stream(SECOND), *facts, *over)
    await ledger.append(append("open", stream))
    return ledger, LineTeller(ledger=ledger, inbox=ledger.inbox)


def test_a_line_in_service_has_a_word_for_each_that_waits_for_it() -> None:
    words = _words()

    assert [word.kind for word in words] == [TELL_LINE, TELL_LINE]
    told = json.loads(words[0].payload)
    assert (told["line_id"], told["at"]) == (str(SECOND), STORY.isoformat())
    assert read_line_word(told["word"]) == LineServedTold(line=1, started_at=STORY)


def test_a_line_that_ends_without_service_says_how() -> None:
    back = when(ready(before=(2,)), cancellation())
    assert isinstance(back, GivingBack)

    (word,) = words_to_lines(back, STORY)

    told = json.loads(word.payload)
    assert read_line_word(told["word"]) == LineEndedTold(line=1, outcome=Outcome.CANCELLED)


def test_there_is_nothing_to_tell_before_that_nor_once_it_is_told() -> None:
    told = when(in_service(ready(before=(2,))), TellLines(**BOTH))

    assert words_to_lines(ready(before=(2,)), STORY) == ()
    assert words_to_lines(told, STORY) == ()
    assert words_to_lines(in_service(), STORY) == ()


@pytest.mark.parametrize("body", ["", "{}", '{"line": 1}', '{"line": 1, "outcome": "lost"}'])
def test_what_is_no_word_is_said_to_be_none(body: str) -> None:
    read = read_line_word(body)

    assert isinstance(read, Unreadable)
    assert read.why.startswith("no word of a line")


def test_words_are_read_as_they_were_written() -> None:
    assert read_line_word(served_word(4, STORY)) == LineServedTold(line=4, started_at=STORY)
    ended = ended_word(4, Outcome.REFUSED)
    assert read_line_word(ended) == LineEndedTold(line=4, outcome=Outcome.REFUSED)


async def test_a_word_is_kept_in_the_inbox_once_however_often_it_is_sent() -> None:
    ledger, teller = await _teller()
    word = _words()[0]

    first = await teller.tell(word.payload)
    second = await teller.tell(word.payload)

    assert (first, second) == (Done(), Done())
    (row,) = ledger.inbox.rows.values()
    assert (row.source, row.correlation) == (LINES, str(SECOND))
    assert row.received_at == STORY


async def test_a_line_that_has_ended_is_told_nothing_and_one_to_come_is_told_later() -> None:
    ledger, teller = await _teller(ended=True)
    empty = FakeLedger(FakeSubjectKeys())

    over = await teller.tell(_words()[0].payload)
    unknown = await LineTeller(ledger=empty, inbox=empty.inbox).tell(_words()[0].payload)

    assert over == Done()
    assert unknown == Later("the line is not opened yet")
    assert not ledger.inbox.rows
    assert not empty.inbox.rows


@pytest.mark.parametrize("payload", ["", "{}", json.dumps({"line_id": str(UUID(int=7))})])
async def test_a_row_that_names_no_line_waits_for_a_person(payload: str) -> None:
    _, teller = await _teller()

    assert isinstance(await teller.tell(payload), Park)
