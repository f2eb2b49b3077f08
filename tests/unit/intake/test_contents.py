"""What a document is made of: good ones pass, each bad one says what to send instead."""

import pytest

from domain.order_file import MediaType
from domain.parsed import BadValueError
from intake.contents import check_content
from tests.papers import (
    image,
    locked_pdf,
    pdf,
    pdf_that_launches,
    pdf_with_a_file_inside,
    pdf_with_a_program,
)

PDF, PNG, JPEG = MediaType.PDF, MediaType.PNG, MediaType.JPEG


@pytest.mark.parametrize(
    ("media_type", "content"),
    [(PDF, pdf()), (PDF, pdf(3)), (PNG, image()), (JPEG, image("JPEG"))],
    ids=["pdf", "three pages", "png", "jpeg"],
)
def test_a_plain_document_is_taken(media_type: MediaType, content: bytes) -> None:
    assert check_content(media_type, content) is None  # type: ignore[func-returns-value]  # that it returns is the point


@pytest.mark.parametrize(
    ("media_type", "content", "words"),
    [
        (PDF, b"", "is empty"),
        (PDF, image(), "is no application/pdf"),
        (PNG, pdf(), "is no image/png"),
        (JPEG, image("PNG"), "is no image/jpeg"),
        (PDF, b"%PDF-1.7\nnonsense", "cannot be read"),
        (PDF, pdf()[:200], "cannot be read"),
        (PDF, locked_pdf(), "without a password"),
        (PDF, pdf(0), "has 0 pages"),
        (PDF, pdf_with_a_program(), "carries something that runs"),
        (PDF, pdf_that_launches(), "carries something that runs"),
        (PDF, pdf_with_a_file_inside(), "another file"),
        (PNG, image()[:40], "cannot be read"),
        (PNG, image(size=(9000, 9000)), "too large"),
        (PNG, image(size=(20_000, 20_000)), "cannot be read"),
        (JPEG, image("JPEG", (300, 300))[:-2], "cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else None,
)
def test_what_cannot_be_kept_says_what_to_send(
    media_type: MediaType, content: bytes, words: str
) -> None:
    with pytest.raises(BadValueError, match=words):
        check_content(media_type, content)
