"""Corrected data, kept before anybody is told of it: a decision carries only its id."""

from domain.event import Event
from domain.personal import Personal


class CorrectionKept(Event):
    rio: Personal
