"""Templates say exactly what their purpose says, in both languages, of one number or of several."""

import re

import pytest

from adapters.notice_files.reader import Templates
from domain.notice_causes import FACTS
from domain.notice_post import Mail, email_address
from domain.notice_texts import (
    WHOLE_ORDER,
    NoticeTemplate,
    Particulars,
    Row,
    TemplateFaultError,
    Text,
    faults_of,
    written,
)
from domain.notices import NoticePurpose
from domain.parsed import BadValueError
from domain.said import Language, Said
from runtime.notice_wiring import SHIPPED, templates_in
from tests.notice_facts import cause, terms
from tests.porting import STORY


def template(**changes: str) -> NoticeTemplate:
    found = templates_in(SHIPPED).newest(NoticePurpose.PORT_PLANNED, Language.EN)
    return found.model_copy(update=changes)


def told(count: int, *, listed: int | None = None) -> Particulars:
    rows = [Row(number="06 12 34 56 78", cause=cause(n)) for n in range(listed or count)]
    return Particulars(
        provider="Axantis", customer="A & B", reference="R-1", rows=rows, count=count
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("purpose", list(NoticePurpose))
def test_every_purpose_has_a_template_that_fills_to_the_last_word(
    purpose: NoticePurpose, language: Language
) -> None:
    found = templates_in(SHIPPED).newest(purpose, language)
    facts = {name: Said(fr=f"<{name}>", en=f"<{name}>") for name in FACTS[purpose]}
    for count in (1, 3):
        rows = [Row(number="<number>", cause=cause(n, **facts)) for n in range(count)]
        text = written(
            found,
            Particulars(
                provider="<provider>",
                customer="<customer>",
                reference="<reference>",
                rows=rows,
                count=count,
            ),
        )

        assert faults_of(found) == ()
        assert "$" not in text.subject + text.body
        said = {*facts, "provider", "customer", "reference"}
        said |= set() if purpose in WHOLE_ORDER else {"number"}
        assert all(f"<{word}>" in text.body for word in said)
        assert "<reference>" in text.subject
        ours = re.search(r"\braccord\b", text.subject + text.body, re.IGNORECASE)
        assert ours is None  # raccorder is a word of the trade


@pytest.mark.parametrize("purpose", list(NoticePurpose))
def test_no_notice_sends_the_donor_anything_or_tells_to_end_the_contract(
    purpose: NoticePurpose,
) -> None:
    """Decision 10: a number that is inactive on the day cannot be ported."""
    french = templates_in(SHIPPED).newest(purpose, Language.FR)
    text = f"{french.subject} {french.one} {french.body}".lower()

    assert "lettre de résiliation" not in text
    assert "résiliez" not in text.replace("ne résiliez pas", "")


def test_one_number_and_several_are_spoken_of_as_such() -> None:
    one, several = written(template(), told(1)), written(template(), told(3))

    assert "Your number will move:\n\n- 06 12 34 56 78: on Friday 15 January 2027\n" in one.body
    assert "Your 3 numbers will move:" in several.body
    assert several.body.count("- 06 12 34 56 78:") == 3


def test_what_a_digest_is_of_tells_a_subject_from_a_body() -> None:
    assert Text(subject="a", body="b").content == b"a\x1fb"


def test_more_than_can_be_listed_is_counted() -> None:
    text = written(template(), told(60, listed=50))

    assert text.body.count("- 06 12 34 56 78:") == 50
    assert "- and 10 more\n" in text.body


def test_a_forgotten_number_is_said_to_be() -> None:
    rows = (Row(number=None, cause=cause()),)
    text = written(
        template(),
        Particulars(provider="P", customer="C", reference="R", rows=rows, count=1),
    )

    assert "- (number forgotten): on Friday" in text.body


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"row": "- ${number}"}, "row: ${port_day} is missing"),
        ({"row": "- ${number} ${port_day} ${until}"}, "row: ${until} is no word of it"),
        ({"subject": "hello ${reference} ${number}"}, "subject: ${number} is no word of it"),
        ({"body": "${heading} ${rows}"}, "body: ${customer} is missing"),
        ({"more": "and $ more"}, "more: ${$} is no word of it"),
    ],
)
def test_a_template_that_says_more_or_less_is_found_out(
    changes: dict[str, str], fault: str
) -> None:
    assert fault in faults_of(template(**changes))


def test_a_template_that_was_superseded_may_say_less_and_never_more() -> None:
    """It only makes again what was sent: its purpose may say more by now."""
    less, more = template(row="- ${number}"), template(row="- ${number} ${until}")

    assert faults_of(less, newest=False) == ()
    assert faults_of(more, newest=False) == ("row: ${until} is no word of it",)


@pytest.mark.parametrize("row", ["- ${number} ${never}", "- $"])
def test_a_template_that_cannot_be_filled_is_an_error_by_name(row: str) -> None:
    with pytest.raises(TemplateFaultError, match="asks for what is not there"):
        written(template(row=row), told(1))


def test_both_languages_say_the_same_facts() -> None:
    shipped: Templates = templates_in(SHIPPED)

    assert {(p, v) for p, language, v in shipped.kept if language is Language.FR} == {
        (p, v) for p, language, v in shipped.kept if language is Language.EN
    }


@pytest.mark.parametrize(
    "text", ["camille@example.fr", " C.M+x@a-b.example.org ", "o'neil_{1}@x.fr"]
)
def test_an_address_is_taken_as_it_is_written(text: str) -> None:
    assert email_address(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camille",
        "@example.fr",
        "a@b",
        "a@b..fr",
        "a@-b.fr",
        "a@b-.fr",
        "a@.fr",
        "a b@c.fr",
        "a..b@c.fr",
        ".a@c.fr",
        "a@c.fr\nBcc: x@y.fr",
        "a@c.fr,d@e.fr",
        "Camille <a@c.fr>",
        "é@c.fr",
        "a@é.fr",
        "a" * 65 + "@c.fr",
        "a@" + "b" * 64 + ".fr",
        "a@" + "b." * 130 + "fr",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadValueError, match=r"camille@example\.fr"):
        email_address(text)


def test_a_mail_shows_nobodys_address_or_words() -> None:
    known = terms()
    mail = Mail(
        key="k",
        notice_id=known.notice_id,
        order_id=known.order_id,
        purpose=known.purpose,
        language=known.language,
        at=STORY,
        reference="R-1",
        sender="Axantis",
        to="camille@example.fr",
        subject="a subject",
        body="a body",
        wants_receipt=False,
    )
    shown = repr(mail) + repr(written(template(), told(1))) + repr(told(1))

    assert not [w for w in ("camille", "a subject", "06 12", "A & B") if w in shown]
