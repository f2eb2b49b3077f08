"""What an access claims of its site, and leaves at its end: each name of it that is known."""

from collections.abc import Iterable
from datetime import datetime

from domain.access_facts import AccessTerms, SitesToldApart
from domain.claims import claiming, releasing
from domain.event import Event
from domain.identity import site_stream
from domain.site_claims import AtAddress, holding, leaving
from ledger.deciding import Also


def claims_of(terms: AccessTerms, history: Iterable[Event], at: datetime) -> tuple[Also, ...]:
    """All of them or none: they lie in one transaction with the line's own fact."""
    site = AtAddress(
        line_id=terms.line_id,
        order_id=terms.order_id,
        named=terms.site.is_named,
        apart=any(isinstance(event, SitesToldApart) for event in history),
    )
    own = claiming(line_id=terms.line_id, order_id=terms.order_id, at=at)
    named = (Also(stream_id=site_stream(terms.site_digest), decide=own),)
    address = (
        Also(stream_id=site_stream(digest), decide=holding(site, at=at))
        for digest in _addresses(terms)
    )
    return (*(named if terms.site.is_named else ()), *address)


def left_by(terms: AccessTerms, at: datetime) -> tuple[Also, ...]:
    own = releasing(line_id=terms.line_id, at=at)
    named = (Also(stream_id=site_stream(terms.site_digest), decide=own),)
    address = (
        Also(stream_id=site_stream(digest), decide=leaving(line_id=terms.line_id, at=at))
        for digest in _addresses(terms)
    )
    return (*(named if terms.site.is_named else ()), *address)


def _addresses(terms: AccessTerms) -> tuple[str, ...]:
    """An order of before addresses were shared holds its socket or line alone."""
    if not terms.site.is_named:
        return (terms.site_digest,)
    return () if terms.address_digest is None else (terms.address_digest,)
