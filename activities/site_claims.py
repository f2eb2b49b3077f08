"""What an access claims of its site, and leaves at its end: each name of it that is known."""

from collections.abc import Iterable
from datetime import datetime

from domain.access_changes import AccessAmended, Place
from domain.access_facts import SitesToldApart
from domain.access_stages import Access
from domain.claims import claiming, releasing
from domain.event import Event
from domain.identity import LineId, site_stream
from domain.site_claims import AtAddress, holding, leaving
from ledger.deciding import Also


def claims_of(access: Access, history: Iterable[Event], at: datetime) -> tuple[Also, ...]:
    """All of them or none, in one transaction with the line's own fact; with them goes the place it
    was ordered for before."""
    terms, place = access.terms, Place.of(access.terms)
    site = AtAddress(
        line_id=terms.line_id,
        order_id=terms.order_id,
        named=place.site.is_named,
        apart=_told_apart(history),
    )
    own = claiming(line_id=terms.line_id, order_id=terms.order_id, at=at)
    claims = (
        *(Also(stream_id=site_stream(one), decide=own) for one in _names(place)),
        *(
            Also(stream_id=site_stream(one), decide=holding(site, at=at))
            for one in _addresses(place)
        ),
    )
    return (*claims, *_left(access.left_places, terms.line_id, at, but=claims))


def _told_apart(history: Iterable[Event]) -> bool:
    """Of the place it is ordered for now: another place is another question."""
    apart = False
    for event in history:
        if isinstance(event, SitesToldApart):
            apart = True
        elif isinstance(event, AccessAmended) and event.change.place is not None:
            apart = False
    return apart


def left_by(access: Access, at: datetime) -> tuple[Also, ...]:
    """Every place it was ordered for."""
    return _left((*access.left_places, Place.of(access.terms)), access.terms.line_id, at)


def _left(
    places: Iterable[Place], line_id: LineId, at: datetime, *, but: tuple[Also, ...] = ()
) -> tuple[Also, ...]:
    """Each stream once: one that is claimed anew is not left."""
    own, shared = releasing(line_id=line_id, at=at), leaving(line_id=line_id, at=at)
    found = {also.stream_id: also for also in but}
    for place in places:
        for name in _names(place):
            found.setdefault(site_stream(name), Also(stream_id=site_stream(name), decide=own))
        for one in _addresses(place):
            found.setdefault(site_stream(one), Also(stream_id=site_stream(one), decide=shared))
    return tuple(found.values())[len(but) :]


def _names(place: Place) -> tuple[str, ...]:
    return (place.site_digest,) if place.site.is_named else ()


def _addresses(place: Place) -> tuple[str, ...]:
    """An order of before addresses were shared holds its socket or line alone."""
    if not place.site.is_named:
        return (place.site_digest,)
    return () if place.address_digest is None else (place.address_digest,)
