"""A technician's photograph on Orange's wire: asked for in an envelope, and given in one.

<o:VisitPhotographResult xmlns:o="urn:raccord:orange:lines:1">
  <o:photographReference>PH-9D1E0C-1</o:photographReference>
  <o:mediaType>image/jpeg</o:mediaType>
  <o:content>/9j/4AAQSkZJRg… (base64)</o:content>
</o:VisitPhotographResult>
"""

import base64

from adapters.orange.messages import (
    BYTES_MAX,
    FAULT,
    Element,
    UnreadableDocumentError,
    field_of,
    word_of,
)
from domain.operators import Refused
from domain.order_file import CONTENT_MAX
from domain.photographs import NO_PICTURE, PICTURES, PhotographAnswer, photograph_of

ENVELOPE_MAX = CONTENT_MAX * 3 // 2 + BYTES_MAX
"""Of the largest picture that is taken: base64 makes four characters of three bytes, and may break
its lines."""
_ANY_PICTURE = "image/"


def photograph_query(reference: str) -> Element:
    return Element(name="VisitPhotograph", fields={"photographReference": reference})


def photograph_answer(answer: Element, reference: str) -> PhotographAnswer:
    if answer.name == FAULT:
        return Refused(code=word_of(answer, "code"))
    if answer.name != "VisitPhotographResult":
        raise UnreadableDocumentError("a VisitPhotographResult is expected")
    if field_of(answer, "photographReference") != reference:
        raise UnreadableDocumentError("it answers about another photograph")
    media_type = field_of(answer, "mediaType").lower()
    if not media_type.startswith(_ANY_PICTURE):
        raise UnreadableDocumentError("mediaType is none of a picture")
    if media_type not in PICTURES:
        return NO_PICTURE
    return photograph_of(media_type, _content(answer))


def _content(answer: Element) -> bytes:
    text = "".join(field_of(answer, "content").split())
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as exc:
        raise UnreadableDocumentError("content is no base64") from exc
