"""The failure policies in use: those shipped, or a folder of the operator's own."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog

from adapters.bouygues.gateway import INTERFACE as BOUYGUES_INTERFACE
from adapters.failure_files.reader import Policies, read_policies
from adapters.orange.gateway import INTERFACE as ORANGE_INTERFACE
from adapters.pnm.gateway import INTERFACE as EXCHANGE_INTERFACE
from adapters.sfr.gateway import INTERFACE as SFR_INTERFACE
from domain.failure_checks import EXCHANGES
from domain.failure_policy import FailureBook
from domain.port_in_facts import HostNetwork
from runtime.errors import BadInputError
from runtime.settings import Settings

SHIPPED = Path(__file__).parents[1] / "failures"

log = structlog.get_logger("failures")

INTERFACES = {
    HostNetwork.ORANGE.value: ORANGE_INTERFACE,
    HostNetwork.SFR.value: SFR_INTERFACE,
    HostNetwork.BOUYGUES.value: BOUYGUES_INTERFACE,
    **dict.fromkeys(EXCHANGES, EXCHANGE_INTERFACE),
}
"""The version of each operator's dialect that we speak."""


def own_folder(settings: Settings) -> Path | None:
    """Files there stand in place of those shipped, operator by operator."""
    return settings.failures


def open_policies(own: Path | None) -> Policies:
    if own is None:
        return read_policies(SHIPPED)
    if not own.is_dir():
        raise BadInputError(
            f"{own} is no folder of failure policies; copy a file there from the one 'raccord "
            "failures folder' names"
        )
    return read_policies(SHIPPED, own)


def open_book(own: Path | None) -> FailureBook:
    """Policies to work with: none may have a fault. Read again only when a file changed."""
    folders = (SHIPPED,) if own is None else (SHIPPED, own)
    files = sorted(file for folder in folders for file in folder.glob("*.y*ml"))
    return _book_of(own, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _book_of(own: Path | None, files: tuple[tuple[Path, int], ...]) -> FailureBook:
    del files  # what the answer depends on, besides the folder's name
    read = open_policies(own)
    if read.faults:
        raise BadInputError(
            f"{own or SHIPPED} has {len(read.faults)} faults, the first: {read.faults[0]}; see "
            "'raccord failures check'"
        )
    return FailureBook(policies=read.kept, interfaces=INTERFACES)


@dataclass
class LastGood:
    """A file that is being edited stops nobody: what was read before it stands, and it is said."""

    own: Path | None
    _kept: FailureBook | None = None
    _said: str = ""

    def __call__(self) -> FailureBook:
        try:
            self._kept = open_book(self.own)
        except BadInputError as exc:
            if self._kept is None:
                raise
            self._say(str(exc))
        return self._kept

    def _say(self, why: str) -> None:
        """Once for each fault, however often the files are looked at."""
        if why != self._said:
            log.error("failures.unreadable", why=why)
        self._said = why
