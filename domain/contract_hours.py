"""The working hours of a provider, as its contract has them."""

from datetime import date

from domain.contract_resolution import NoSuchContractError, Shelf
from domain.contract_values import HoursValue
from domain.hours import Hours

_QUESTIONS = ("hours.working", "hours.support")
"""Heures ouvrées, or where a contract does not define them the hours of its desk (decision 3)."""


def provider_of(shelf: Shelf, text: str) -> str:
    """The provider a name means, whatever its case."""
    name = text.strip().lower()
    known = shelf.providers()
    if name not in known:
        raise NoSuchContractError(
            f"'{text}' is no provider we know; write one of {', '.join(known)}"
        )
    return name


def hours_of(shelf: Shelf, provider: str, day: date) -> Hours | None:
    """None where no contract of the provider in force that day says so."""
    pins = [shelf.pin(provider, service, day) for service in shelf.services_on(provider, day)]
    for question in _QUESTIONS:
        for pin in pins:
            answer = shelf.answer(pin, question)
            value = None if answer.entry is None else answer.entry.current.value
            if answer.entry is not None and isinstance(value, HoursValue):
                return Hours(windows=value.hours.windows, source=str(answer.entry.current.source))
    return None
