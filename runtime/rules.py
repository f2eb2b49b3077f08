"""The rules orders are read and run under: profiles, closed days, published numbers."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

from domain.clock import Technical
from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from intake.lines import LineReader, Numbering
from ledger.sealing import KeyedHash
from runtime.contracts import contracts_folder, open_shelf
from runtime.failures import LastGood, own_folder
from runtime.home import Home
from runtime.reference import Reference
from runtime.settings import Settings

CONNECTED = frozenset(HostNetwork)
"""The host networks there is an adapter for."""


LOOKED_AT_FOR = Technical(timedelta(seconds=1))

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was read a moment ago, without asking the files again. A default of ours."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._kept: tuple[float, T] | None = None

    def __call__(self) -> T:
        now = time.monotonic()
        if self._kept is None or now - self._kept[0] > LOOKED_AT_FOR.span.total_seconds():
            self._kept = (now, self._read())
        return self._kept[1]


def port_rules(settings: Settings) -> PortRules:
    """Profiles may be edited while orders run: files are looked at again every second."""
    folder = contracts_folder(settings)
    reference = Reference(Home(settings.home).reference)
    shelf = Remembered(lambda: open_shelf(folder))
    failures = Remembered(LastGood(own_folder(settings)))
    return PortRules(shelf=shelf, changes=reference.calendar_changes, failures=failures)


def line_reader(settings: Settings, keyed_hash: KeyedHash) -> LineReader:
    reference = Reference(Home(settings.home).reference)
    return LineReader(
        rules=port_rules(settings),
        numbering=Numbering(blocks=reference.blocks, prefixes=reference.rio_directory),
        keyed_hash=keyed_hash,
        connected=CONNECTED,
    )
