"""What is filed with an order, and the day a letter takes effect, by its contract."""

from datetime import date
from uuid import UUID

import pytest

from domain.contract_questions import Contract
from domain.identity import DocumentId, NoticeId
from domain.order_file import (
    Came,
    Channel,
    DocumentFiled,
    FiledDocument,
    MediaType,
    Notice,
    NoticeFiled,
    OrderFile,
    Purpose,
    check_order_of,
    fold,
    taking_effect,
)
from domain.orders import OrderClosed, OrderOutcome
from domain.parsed import BadValueError
from tests.porting import RULES, ordered_line

SENT, PRESENTED, RECEIVED = date(2027, 1, 7), date(2027, 1, 8), date(2027, 1, 11)
WHOLE = Came(sent_on=SENT, presented_on=PRESENTED, received_on=RECEIVED)


def _contract(provider: str) -> Contract:
    return RULES.contract(ordered_line(provider).terms.pin)


@pytest.mark.parametrize(
    ("provider", "channel", "day", "source"),
    [
        ("oksio", Channel.REGISTERED_LETTER, RECEIVED, "000:124-125"),
        ("technicophone", Channel.REGISTERED_LETTER, PRESENTED, "002:107"),
        ("axantis", Channel.REGISTERED_LETTER, PRESENTED, "decision 8"),
        ("technicophone", Channel.EMAIL, SENT, "002:103"),
        ("onecom", Channel.EMAIL, SENT, "decision 8"),
        ("nexis", Channel.LETTER, RECEIVED, "a default of ours"),
    ],
)
def test_a_notice_takes_effect_on_the_day_its_contract_says(
    provider: str, channel: Channel, day: date, source: str
) -> None:
    found, rule = taking_effect(_contract(provider), channel, WHOLE)

    assert found == day
    assert source in rule.en
    assert str(day.year) in rule.fr


@pytest.mark.parametrize(
    ("provider", "channel", "missing"),
    [
        ("oksio", Channel.REGISTERED_LETTER, "received_on is missing"),
        ("axantis", Channel.REGISTERED_LETTER, "presented_on is missing"),
        ("axantis", Channel.HAND_DELIVERY, "received_on is missing"),
    ],
)
def test_the_date_that_counts_has_to_be_there(
    provider: str, channel: Channel, missing: str
) -> None:
    with pytest.raises(BadValueError, match=missing):
        taking_effect(_contract(provider), channel, Came(sent_on=SENT))


class _Answers:
    """A contract that answers one question in a way no shipped one does."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def choice(self, _question: str) -> str:
        return self.answer

    def source(self, _question: str) -> str:
        return "900:1"


def test_an_email_may_count_from_its_acknowledgement_or_never() -> None:
    acknowledged, never = _Answers("acknowledged"), _Answers("never")

    day, rule = taking_effect(acknowledged, Channel.EMAIL, WHOLE)  # type: ignore[arg-type]  # what is asked of it is there

    assert (day, "acknowledged (900:1)" in rule.en) == (RECEIVED, True)
    with pytest.raises(BadValueError, match="takes no notice by email"):
        taking_effect(never, Channel.EMAIL, WHOLE)  # type: ignore[arg-type]  # likewise


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (Came(sent_on=date(2027, 2, 1)), "sent_on has not come yet"),
        (Came(sent_on=SENT, received_on=date(2027, 2, 1)), "received_on has not come yet"),
        (Came(sent_on=PRESENTED, presented_on=SENT), "presented_on is before sent_on"),
        (Came(sent_on=SENT, presented_on=RECEIVED, received_on=PRESENTED), "received_on is before"),
    ],
)
def test_days_that_cannot_be_are_named(came: Came, words: str) -> None:
    with pytest.raises(BadValueError, match=words):
        check_order_of(came, today=date(2027, 1, 12))


def test_days_in_order_and_past_are_as_they_should_be() -> None:
    assert check_order_of(WHOLE, today=RECEIVED) is None  # type: ignore[func-returns-value]  # that it returns is the point


def _document(number: int, name: str = "mandate", line: int | None = None) -> FiledDocument:
    return FiledDocument(
        document_id=DocumentId(UUID(int=number)),
        name=name,
        on=SENT,
        line=line,
        media_type=MediaType.PDF,
        size=1,
        digest="00",
    )


def test_the_newest_paper_of_a_name_counts_for_its_line() -> None:
    all_lines, first, second = _document(1), _document(2, line=1), _document(3, line=2)
    file = fold(DocumentFiled(document=d) for d in (all_lines, first, second))

    assert file.named("mandate", line=1) == first
    assert file.named("mandate", line=2) == second
    assert file.named("mandate", line=3) == all_lines
    assert file.named("identity", line=1) is None
    assert file.document(second.document_id) == second
    assert file.document(DocumentId(UUID(int=9))) is None


def test_letters_are_filed_beside_documents_and_other_facts_are_not() -> None:
    day, rule = taking_effect(_contract("oksio"), Channel.REGISTERED_LETTER, WHOLE)
    notice = Notice(
        notice_id=NoticeId(UUID(int=7)),
        purpose=Purpose.CANCELLATION,
        channel=Channel.REGISTERED_LETTER,
        came=WHOLE,
        takes_effect_on=day,
        rule=rule,
        line=None,
        document_id=None,
    )

    file = fold((NoticeFiled(notice=notice), OrderClosed(outcome=OrderOutcome.COMPLETED)))

    assert file.notices == (notice,)
    assert fold(()) == OrderFile()
