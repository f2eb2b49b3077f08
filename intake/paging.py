"""Lists read a page at a time: a cursor says where the last one ended, and nothing else."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

from fastapi import Query

from intake.faults import FieldProblem
from intake.problems import Problem, ProblemError

ItemT = TypeVar("ItemT")
Place = tuple[int | str, ...]

CursorText = Annotated[
    str | None,
    Query(max_length=400, description="`next` of the page before; nothing to start."),
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
PAGE = 50
ALL_AT_ONCE = 200
_PLACES = 2**63
"""More than the database can count."""


def cursor_after(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, shape: tuple[type, ...]) -> Place | None:
    """Where to go on; a cursor that is none of ours is refused by name."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as exc:
        raise _bad_cursor() from exc
    if not isinstance(place, list) or [type(part) for part in place] != list(shape):
        raise _bad_cursor()
    if any(isinstance(part, int) and not 0 <= part < _PLACES for part in place):
        raise _bad_cursor()
    return tuple(place)


def _bad_cursor() -> ProblemError:
    sentence = "This is no cursor of this list: copy next of the page before, or leave it out."
    return ProblemError(
        Problem(
            type="invalid-request",
            title="The request cannot be taken",
            status=422,
            detail="Correct cursor as said under errors, and send it again.",
            errors=(FieldProblem(pointer="cursor", sentence=sentence),),
        )
    )


def page_of(
    items: Iterable[ItemT],
    *,
    place: Callable[[ItemT], Place],
    after: Place | None,
    limit: int,
) -> tuple[tuple[ItemT, ...], str | None]:
    """The items after a place, in its order, and the cursor of the next page if there is one."""
    ordered = sorted(items, key=place)
    rest = [item for item in ordered if after is None or place(item) > after]
    page = tuple(rest[:limit])
    return page, cursor_after(place(page[-1])) if len(rest) > limit else None
