"""docs/contracts.md: what every contract answers, side by side, with the line it stands at."""

from collections.abc import Iterator, Sequence
from datetime import date

from domain.contract_resolution import Answer, Pin, Shelf
from domain.contract_terms import Term
from domain.contract_values import value_said

_AS_OF = date(2026, 11, 21)
_INTRODUCTION = """# What the contracts say

Made by `raccord contracts table` from `contracts/`; change the profiles, not this page.
Orders signed on {day:%-d %B %Y}. Every value is followed by where it stands: a document and its
lines, a law, an exchange, or *ours*.
`(to be signed)`: shown, and not charged or enforced until somebody signs it in the profile.
Where several readings stand, the one in force is first.
"""

_WIDEST = 6
"""Columns a page of paper can hold."""

_Column = tuple[str, str]


def contract_page(shelf: Shelf) -> str:
    parts = [_INTRODUCTION.format(day=_AS_OF)]
    for title, columns in _sections(shelf):
        pins = [shelf.pin(provider, service, _AS_OF) for provider, service in columns]
        parts.append(f"## {title}\n\n" + "\n".join(_table(shelf, pins)) + "\n")
    return "\n".join(parts)


def _sections(shelf: Shelf) -> Iterator[tuple[str, list[_Column]]]:
    """Mobile side by side, then each provider's other services, then the exchanges."""
    providers = {p: shelf.services_on(p, _AS_OF) for p in shelf.providers()}
    mobile = [(p, "mobile") for p, services in providers.items() if "mobile" in services]
    yield from _pages("Mobile", mobile)
    for provider, services in providers.items():
        others = [(provider, service) for service in sorted(services) if service != "mobile"]
        yield from _pages(provider.capitalize(), others)
    yield from _pages("Exchanges", [(group, "exchange") for group in shelf.exchanges()])


def _pages(title: str, columns: list[_Column]) -> Iterator[tuple[str, list[_Column]]]:
    for start in range(0, len(columns), _WIDEST):
        number = "" if len(columns) <= _WIDEST else f", {start // _WIDEST + 1}"
        yield f"{title}{number}", columns[start : start + _WIDEST]


def _table(shelf: Shelf, pins: Sequence[Pin]) -> Iterator[str]:
    heads = [f"{pin.provider} {pin.service}" for pin in pins]
    yield "| question | " + " | ".join(heads) + " |"
    yield "|---" * (len(heads) + 1) + "|"
    for term in _terms(shelf, pins):
        cells = [_cell(shelf, pin, term) for pin in pins]
        yield f"| `{term.name}` {term.en} | " + " | ".join(cells) + " |"


def _terms(shelf: Shelf, pins: Sequence[Pin]) -> Iterator[Term]:
    services = {pin.service for pin in pins}
    for term in shelf.catalogue.terms.values():
        if any(term.is_for(service) for service in services):
            yield term


def _cell(shelf: Shelf, pin: Pin, term: Term) -> str:
    if not term.is_for(pin.service):
        return ""
    answer = shelf.answer(pin, term.name)
    if answer.entry is None:
        return "" if answer.stated is None else f"*{answer.stated.said.en}*"
    return "<br>".join(_readings(answer)).replace("|", "/")


def _readings(answer: Answer) -> Iterator[str]:
    entry = answer.entry
    if entry is None:
        return
    mark = "" if entry.may_be_charged else " (to be signed)"
    current = entry.current
    yield f"{value_said(current.value)}{mark} ({current.source})"
    for reading in entry.readings:
        if reading.name != entry.in_force:
            yield f"*or* {value_said(reading.value)} ({reading.source})"
