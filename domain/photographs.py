"""What an operator gives of a technician's photographs, each asked for by the operator's reference.

A picture may show people and where they live: its content is shown to nobody by accident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.operators import Refused, Unanswered
from domain.order_file import CONTENT_MAX, MediaType

PHOTOGRAPH = "photograph"
"""The paper it is, among the documents of its order."""
PICTURES: Mapping[str, MediaType] = {
    media_type.value: media_type for media_type in (MediaType.JPEG, MediaType.PNG)
}
"""By their names on a wire."""


@dataclass(frozen=True, kw_only=True)
class Photograph:
    media_type: MediaType
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """There is a picture, and it is none we take: asking again would change nothing."""

    why: str


PhotographAnswer = Photograph | Unfit | Refused | Unanswered

TOO_LARGE = Unfit(why=f"it is larger than {CONTENT_MAX // 2**20} MiB")
NO_PICTURE = Unfit(why="it is neither a JPEG nor a PNG")


def photograph_of(media_type: str, content: bytes) -> Photograph | Unfit:
    """As it came over a wire, read to a little more than is taken at most."""
    known = PICTURES.get(media_type)
    if known is None:
        return NO_PICTURE
    if len(content) > CONTENT_MAX:
        return TOO_LARGE
    return Photograph(media_type=known, content=content)
