"""Requests of several lines: those of one order, donor and day that leave with the same session.

What leaves together is known when the session's file is made, and not before: a line that is not
ready then asks with a later one, and holds nobody (decision 22).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from adapters.pnm.tickets import REQUESTS, Code, PnmTicket


@dataclass(frozen=True, kw_only=True)
class LinesAtMost:
    """Of one request."""

    consumer: int
    enterprise: int


def multiple_id(*, order: str, receiver: str, donor: str, port_day: str, code: str) -> str:
    """One name for all that an order asks of a donor for a day: it protects nothing either."""
    return _md5(f"{order}{receiver}{donor}{port_day}{code}")


def in_requests(
    tickets: Sequence[PnmTicket], at_most: LinesAtMost, *, session: str
) -> list[PnmTicket]:
    """Those of a request side by side, each saying how many it has; the others as they were.

    What leaves with another session is another request, and bears another name.
    """
    groups: dict[object, list[PnmTicket]] = {}
    for place, ticket in enumerate(tickets):
        together = ticket.more.get("multiple_id") if ticket.code in REQUESTS else None
        groups.setdefault(together or place, []).append(ticket)
    return [ticket for group in groups.values() for ticket in _in_parts(group, at_most, session)]


def _in_parts(group: list[PnmTicket], at_most: LinesAtMost, session: str) -> Iterable[PnmTicket]:
    """An enterprise's fleet is several requests under one name; a consumer's have one each."""
    first = group[0]
    name = first.more.get("multiple_id")
    if name is None:
        return group
    if len(group) == 1:
        return [_of_a_request(first, lines=1, name=None)]
    named: list[tuple[list[PnmTicket], str | None]]
    if first.code is Code.REQUEST_ENTERPRISE:
        fleet = _md5(f"{name}{session}")
        named = [(part, fleet) for part in _cut(group, at_most.enterprise)]
    else:
        parts = enumerate(_cut(group, at_most.consumer))
        named = [
            (part, _md5(f"{name}{session}{place}") if len(part) > 1 else None)
            for place, part in parts
        ]
    return [
        _of_a_request(ticket, lines=len(part), name=together)
        for part, together in named
        for ticket in part
    ]


def _cut(group: list[PnmTicket], limit: int) -> list[list[PnmTicket]]:
    return [group[start : start + limit] for start in range(0, len(group), limit)]


def _of_a_request(ticket: PnmTicket, *, lines: int, name: str | None) -> PnmTicket:
    more = {**ticket.more, "lines": f"{lines:03d}", "multiple_id": name or ""}
    return replace(ticket, more={field: value for field, value in more.items() if value})


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
