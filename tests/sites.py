"""Words for tests about sites: orders of accesses, read against the real contracts."""

from datetime import datetime
from typing import Any

from domain.access_facts import AccessTerms
from domain.identity import OrderId
from domain.number_blocks import BlockDirectory
from domain.orders import OrderedLine
from domain.port_in_facts import HostNetwork
from domain.rio_prefixes import RioDirectory
from intake.lines import LineReader, Numbering
from intake.requests import OrderRequest
from tests.fakes.keys import fake_hash
from tests.porting import ORDER_ID, RULES, SIGNED, STORY

ADDRESS = "12 rue des Tanneurs, bâtiment B, 69009 Lyon"
LYON_9 = "69389"
SOCKET = "OO-1234-5678"

PAPERS = {
    "oksio": ("premises-description", "sepa-mandate", "order-payment"),
    "technicophone": ("signed-order-form", "dsl-written-mandate", "order-payment"),
}
"""What opens every gate of a provider's contract on the day of the order."""
SERVICES = {"oksio": "data", "technicophone": "internet"}


def site(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """A site with nothing wrong in it; None takes a field out."""
    whole = {"address": ADDRESS, "commune": LYON_9, "socket": SOCKET, "wanted": ["ftth"], **changes}
    return {name: value for name, value in whole.items() if value is not None}


def sites_body(
    provider: str = "technicophone",
    *sites: dict[str, Any],
    **changes: Any,  # noqa: ANN401  any JSON
) -> dict[str, Any]:
    """An order of accesses with nothing in its way; `customer` changes that part."""
    customer = {
        "name": "Etablissements Martin",
        "contact": "Camille Martin, camille@example.fr",
        "kind": "company",
        **changes.pop("customer", {}),
    }
    return {
        "reference": "S-1",
        "provider": provider,
        "service": SERVICES[provider],
        "signed_on": SIGNED,
        "customer": customer,
        "documents": [{"name": name, "on": SIGNED} for name in PAPERS[provider]],
        "sites": list(sites or (site(),)),
        **changes,
    }


def sites_request(
    provider: str = "technicophone",
    *sites: dict[str, Any],
    **changes: Any,  # noqa: ANN401  any JSON
) -> OrderRequest:
    return OrderRequest.model_validate(sites_body(provider, *sites, **changes))


def site_reader(*connected: HostNetwork) -> LineReader:
    """All three operators, unless some are named."""
    return LineReader(
        rules=RULES,
        numbering=Numbering(blocks=BlockDirectory, prefixes=RioDirectory),
        keyed_hash=fake_hash(),
        connected=frozenset(connected or HostNetwork),
    )


def ordered_sites(
    provider: str = "technicophone",
    *sites: dict[str, Any],
    order_id: OrderId = ORDER_ID,
    now: datetime = STORY,
    **changes: Any,  # noqa: ANN401  any JSON
) -> tuple[OrderedLine, ...]:
    request = sites_request(provider, *sites, **changes)
    return site_reader().read(request, order_id=order_id, now=now)


def terms_of(line: OrderedLine) -> AccessTerms:
    assert isinstance(line.terms, AccessTerms)
    return line.terms


def site_terms(provider: str = "technicophone", **changes: Any) -> AccessTerms:  # noqa: ANN401
    """Of an order of one site, with these changes to it."""
    (line,) = ordered_sites(provider, site(**changes))
    return terms_of(line)
