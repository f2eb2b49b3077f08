"""Words for tests about porting: orders of the five providers, read against the real contracts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendar_changes import CHANGES
from domain.contract_resolution import Shelf
from domain.failure_policy import FailureBook
from domain.identity import OrderId
from domain.number_blocks import BlockDirectory
from domain.orders import OrderedLine
from domain.port_in_facts import HostNetwork, LineTerms
from domain.port_rules import PortRules
from domain.rio import key_of
from domain.rio_prefixes import RioDirectory
from intake.lines import LineReader, Numbering
from intake.requests import OrderRequest
from runtime.contracts import SHIPPED, open_shelf
from runtime.failures import open_book
from tests.fakes.keys import fake_hash

PARIS = ZoneInfo("Europe/Paris")
STORY = datetime(2027, 1, 9, 0, 0, tzinfo=PARIS).astimezone(UTC)
"""A Saturday: everything asked for in the weekend leaves with the sessions of the week."""
SIGNED = "2027-01-08"
NUMBER = "0612345678"
ORDER_ID = OrderId(UUID("00000000-0000-5000-8000-0000000000aa"))


@cache
def shelf() -> Shelf:
    return open_shelf(SHIPPED)


@cache
def failures() -> FailureBook:
    return open_book(None)


RULES = PortRules(shelf=shelf, changes=lambda: CHANGES, failures=failures)

MANDATE = {"name": "mandate", "on": SIGNED}
IDENTITY = {"name": "identity", "on": SIGNED}
PRESENCE = {"name": "presence", "on": SIGNED}
OKSIO_DOSSIER = [
    {"name": name, "on": SIGNED}
    for name in ("contract-copies", "three-last-invoices", "termination-letter", "porting-form")
]

DOCUMENTS: Mapping[str, list[dict[str, str]]] = {
    "oksio": [IDENTITY, *OKSIO_DOSSIER],
    "onecom": [MANDATE, PRESENCE],
    "axantis": [MANDATE, IDENTITY],
    "nexis": [MANDATE, IDENTITY],
    "technicophone": [MANDATE, PRESENCE],
}
"""What opens every gate of a provider's contract on the day of the order."""


def rio_of(number: str = NUMBER, *, prefix: str = "02E123456") -> str:
    return prefix + key_of(prefix, number)


def body(provider: str = "axantis", **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """An order with nothing in its way; `line` and `customer` change those parts.

    Its papers bear the day of signature.
    """
    signed_on = changes.pop("signed_on", SIGNED)
    line = {"msisdn": NUMBER, "rio": rio_of(), "host": "orange", **changes.pop("line", {})}
    customer = {
        "name": "Etablissements Martin",
        "contact": "Camille Martin, camille@example.fr",
        "kind": "company",
        **changes.pop("customer", {}),
    }
    return {
        "reference": "R-1",
        "provider": provider,
        "signed_on": signed_on,
        "customer": customer,
        "documents": [{**paper, "on": signed_on} for paper in DOCUMENTS[provider]],
        "lines": [{name: value for name, value in line.items() if value is not None}],
        **changes,
    }


def request(provider: str = "axantis", **changes: Any) -> OrderRequest:  # noqa: ANN401  any JSON
    return OrderRequest.model_validate(body(provider, **changes))


def reader() -> LineReader:
    return LineReader(
        rules=RULES,
        numbering=Numbering(blocks=BlockDirectory, prefixes=RioDirectory),
        keyed_hash=fake_hash(),
        connected=frozenset({HostNetwork.ORANGE}),
    )


def ordered_line(
    provider: str = "axantis",
    *,
    order_id: OrderId = ORDER_ID,
    now: datetime = STORY,
    **changes: Any,  # noqa: ANN401  any JSON
) -> OrderedLine:
    (line,) = reader().read(request(provider, **changes), order_id=order_id, now=now)
    return line


def number_terms(line: OrderedLine) -> LineTerms:
    """Of a line that is a number, and no site."""
    assert isinstance(line.terms, LineTerms)
    return line.terms


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def day(text: str) -> date:
    return date.fromisoformat(text)


def fleet(
    lines: int,
    provider: str = "axantis",
    *,
    prefix: str = "02E1234",
    numbers: str = "06124",
    **changes: Any,  # noqa: ANN401  any JSON
) -> OrderRequest:
    """An order of many lines, each with a number and a RIO of its own, all from one donor."""
    asked = []
    for place in range(lines):
        number = f"{numbers}{place:05d}"
        reference = f"{prefix}{place % 100:02d}"
        asked.append({"msisdn": number, "rio": rio_of(number, prefix=reference), "host": "orange"})
    return OrderRequest.model_validate(body(provider, lines=asked, **changes))
