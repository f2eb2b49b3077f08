"""Corrected data, kept before anybody is told of it: a decision carries only its id."""

from domain.access_changes import Place
from domain.event import Event
from domain.personal import Personal


class CorrectionKept(Event):
    rio: Personal


class ReservesKept(Event):
    """Written on a delivery slip."""

    reserves: Personal


class SiteKept(Event):
    """Another place for an access."""

    place: Place
