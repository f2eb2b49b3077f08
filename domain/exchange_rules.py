"""What an exchange group rules about the dates of a port, read from its profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.calendars import WorkingWeek
from domain.contract_resolution import Pin, Shelf
from domain.contract_values import (
    ChoicesValue,
    ChoiceValue,
    ContractValue,
    DurationValue,
    HoursValue,
    NumberValue,
    TextValue,
)
from domain.hours import Window, parse_cut_off
from domain.territories import ExchangeGroup

V = TypeVar("V", bound=ContractValue)


@dataclass(frozen=True, kw_only=True)
class ExchangeRules:
    """One group, as its profile was on a day. Hours are local, in minutes since midnight."""

    group: ExchangeGroup
    sessions: tuple[Window, ...]
    session_week: WorkingWeek
    port_week: WorkingWeek
    earliest_ouvres: int
    """Days between the request and the earliest port."""
    horizon_days: int
    """Calendar days between the request and the latest port."""
    cancellation_ouvres: int
    """Days before a chosen port on which the exchange closes cancellation."""
    cancellation_minute: int
    """The hour at which it does: of that day, or of the request day for an earliest port."""
    answer_ouvres: int
    """Days a donor has to answer a request for the earliest port."""
    answer_later_ouvres: int
    """Days it has when another day was chosen."""
    answer_minute: int
    """The hour by which it answers."""
    switch: Window
    """When numbers move on the port day."""
    confirmations: Window
    """When every operator confirms on the port day."""
    acknowledgement_minutes: int
    """How long a file waits for its acknowledgement."""
    acknowledges_on_sync: frozenset[str]
    """Operators known to acknowledge with the weekly synchronisation only."""
    sync: str
    """The weekly synchronisation: a day of the week and its hours."""
    lines_consumer: int
    """Lines of one consumer request, at most."""
    lines_enterprise: int
    """Lines of one enterprise request, at most."""
    sources: Mapping[str, str]
    """Where each of them stands, by its question."""


def rules_of(shelf: Shelf, group: ExchangeGroup, day: date) -> ExchangeRules:
    asked = _Asked(shelf, shelf.pin(group.value.lower(), "exchange", day))
    return ExchangeRules(
        group=group,
        sessions=tuple(_session(word) for word in asked.value("sessions", ChoicesValue).value),
        session_week=WorkingWeek(asked.value("session-days", ChoiceValue).value),
        port_week=WorkingWeek(asked.value("port-days", ChoiceValue).value),
        earliest_ouvres=int(asked.value("earliest-port", DurationValue).amount),
        horizon_days=int(asked.value("horizon", DurationValue).amount),
        cancellation_ouvres=int(asked.value("cancellation", DurationValue).amount),
        cancellation_minute=parse_cut_off(asked.value("cancellation-hour", TextValue).value),
        answer_ouvres=int(asked.value("answer", DurationValue).amount),
        answer_later_ouvres=int(asked.value("answer-later", DurationValue).amount),
        answer_minute=parse_cut_off(asked.value("answer-hour", TextValue).value),
        switch=asked.value("switch", HoursValue).hours.windows[0],
        confirmations=asked.value("confirmations", HoursValue).hours.windows[0],
        acknowledgement_minutes=int(asked.value("acknowledgement", DurationValue).amount),
        acknowledges_on_sync=asked.operators("acknowledges-on-sync"),
        sync=asked.value("sync", TextValue).value,
        lines_consumer=int(asked.value("lines-consumer", NumberValue).number),
        lines_enterprise=int(asked.value("lines-enterprise", NumberValue).number),
        sources=asked.sources,
    )


class _Asked:
    """Questions of one exchange, and where each answer stood."""

    def __init__(self, shelf: Shelf, pin: Pin) -> None:
        self._shelf = shelf
        self._pin = pin
        self.sources: dict[str, str] = {}

    def value(self, question: str, kind: type[V]) -> V:
        answer = self._shelf.answer(self._pin, f"exchange.{question}")
        if answer.entry is None or not isinstance(answer.entry.current.value, kind):
            raise LookupError(f"{self._pin.provider} does not answer exchange.{question}")
        self.sources[question] = str(answer.entry.current.source)
        return answer.entry.current.value

    def operators(self, question: str) -> frozenset[str]:
        """Codes of operators, `o04` for 04; nobody where the profile is silent."""
        entry = self._shelf.answer(self._pin, f"exchange.{question}").entry
        value = None if entry is None else entry.current.value
        if not isinstance(value, ChoicesValue):
            return frozenset()
        return frozenset(word.removeprefix("o") for word in value.value)


def _session(word: str) -> Window:
    """`s10-11`: from ten to eleven."""
    start, end = word.removeprefix("s").split("-")
    return Window(int(start) * 60, int(end) * 60)
