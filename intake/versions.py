"""Which version of an order somebody has read: its tag, and requests that only hold for it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Header

from domain.identity import LineId
from intake.problems import Problem, ProblemError
from projections.line import LineDocument
from projections.order import OrderDocument

IfMatch = Annotated[
    str | None,
    Header(
        max_length=400,
        description="ETag of the order as it was read: refused with 412 if it has moved since.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(max_length=400, description="ETag of the order as it was read: 304 if it still is."),
]


def tag_of(order: OrderDocument, lines: Mapping[LineId, LineDocument]) -> str:
    """Of the order and of each of its lines: whatever moves one of them makes it another."""
    versions = [lines[line.line_id].version for line in order.lines if line.line_id in lines]
    return '"' + ".".join(str(version) for version in (order.version, *versions)) + '"'


def names(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in (part.strip() for part in header.split(","))


def check_unmoved(if_match: str | None, tag: str) -> None:
    if if_match is not None and not names(if_match, tag):
        raise ProblemError(
            Problem(
                type="order-moved",
                title="The order has moved",
                status=412,
                detail=f"It is at {tag} now: read it again, then send what you still want.",
            ),
            headers={"ETag": tag},
        )
