"""Two hands, one set of facts: what is ours to send, and what waits for a person."""

from domain.event import Event
from domain.notices import (
    NoticeComposed,
    NoticeDue,
    NoticeInEffect,
    NoticeJoined,
    NoticeSent,
    NoticeUndelivered,
    notice_stream,
)
from domain.order_file import Channel
from ledger.envelope import Envelope
from projections.notices import TO_SEND, WAITING, NoticeDocument
from projections.projection import fold
from tests.builders import NOON, command_id, line_opened
from tests.notice_facts import CAME, EFFECT, SOON, cause, composed, terms

DUE = NoticeDue(terms=terms(), causes=(cause(),))
EMAIL = NoticeComposed(composed=composed(), until=SOON)
LETTER = NoticeComposed(composed=composed(Channel.LETTER), until=SOON)
IN_EFFECT = NoticeInEffect(purpose=terms().purpose, channel=Channel.EMAIL, effect=EFFECT)
STREAM = notice_stream(terms().notice_id)


def envelopes(*events: Event) -> list[Envelope]:
    return [
        Envelope(
            position=n,
            stream_id=STREAM,
            version=n,
            business_at=NOON,
            recorded_at=NOON,
            actor="test",
            cause=None,
            correlation="c",
            command_id=command_id(str(n)),
            fingerprint=b"",
            event=event,
        )
        for n, event in enumerate(events, start=1)
    ]


def open_in(*events: Event) -> tuple[bool, bool]:
    """For us, and for a person."""
    key = str(terms().notice_id)
    facts = envelopes(*events)
    return fold(TO_SEND, {}, facts)[key].open, fold(WAITING, {}, facts)[key].open


def test_it_is_ours_until_it_has_left() -> None:
    assert open_in(DUE) == (True, False)
    assert open_in(DUE, NoticeJoined(causes=(cause(2),))) == (True, False)
    assert open_in(DUE, EMAIL) == (True, False)


def test_it_is_a_persons_while_something_is_missing() -> None:
    sent = NoticeSent(came=CAME, via="smtp", reference="r", until=SOON)

    assert open_in(DUE, LETTER) == (False, True)
    assert open_in(DUE, EMAIL, NoticeUndelivered(why="no", until=SOON)) == (False, True)
    assert open_in(DUE, EMAIL, sent) == (False, True)
    assert open_in(DUE, EMAIL, sent, IN_EFFECT) == (False, False)


def test_what_is_no_notice_is_none_of_its_business() -> None:
    other = envelopes(line_opened())

    assert fold(TO_SEND, {}, other) == {}
    assert fold(TO_SEND, {}, envelopes(EMAIL)) == {}
    elsewhere = Envelope(**{**vars(other[0]), "stream_id": "line/a"})
    assert TO_SEND.key_of(elsewhere) is None


def test_a_document_remembers_when_it_began() -> None:
    document: NoticeDocument = fold(WAITING, {}, envelopes(DUE, EMAIL))[str(terms().notice_id)]

    assert (document.due_at, document.began_at, document.last_at) == (NOON, NOON, NOON)
    assert WAITING.version_of(document) == 2
