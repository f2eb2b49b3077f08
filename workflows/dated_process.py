"""What a process is made of whose facts others write: people, an exchange, another process.

It keeps the dates, and looks again when it is told that something is new. Its stages are its own.
"""

from abc import abstractmethod
from datetime import datetime
from typing import ClassVar, Generic, Protocol, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.clock import BusinessClock
    from domain.said import Said
    from workflows.pace import Pace


class DatedProgress(Protocol):
    """What such a process branches on, whatever it is about."""

    @property
    def version(self) -> int: ...

    @property
    def last_at(self) -> datetime: ...

    @property
    def until(self) -> datetime | None: ...

    @property
    def awaited(self) -> Said | None: ...

    @property
    def ended(self) -> bool: ...


ProgressT = TypeVar("ProgressT", bound=DatedProgress)


class DatedProcess(Generic[ProgressT]):
    awaits: ClassVar[str] = "what comes next"
    """What it waits for while it has no date of its own."""

    def __init__(self, clock: BusinessClock) -> None:
        self._pace = Pace(clock)
        self._facts: ProgressT | None = None
        self._woken: datetime | None = None
        self._told = False
        self._looked: int | None = None

    @workflow.signal(description="A fact of this, or of its line, is new: look again.")
    def facts_moved(self) -> None:
        self._told = True

    @abstractmethod
    async def _load(self) -> None:
        """Where it stands, from its facts."""

    @property
    def _progress(self) -> ProgressT:
        if self._facts is None:
            raise RuntimeError("the process has not been taken up")
        return self._facts

    @property
    def _version(self) -> int:
        return self._facts.version if self._facts else 0

    @property
    def _goes_on(self) -> bool:
        """A word that came as it ended is looked at too."""
        return self._told or not self._progress.ended

    async def _take_up(self) -> None:
        """A process begins at the instant of its last fact, however long the way to it took."""
        await self._load()
        self._woken = self._progress.last_at

    async def _wait_for_what_comes(self) -> None:
        """A word that a fact is new, or the next date; without one, a look now and then."""
        progress = self._progress
        if not self._goes_on:
            return
        looked = self._looked == progress.version  # this date has passed and moved nothing
        told = await self._pace.wait(
            lambda: self._told,
            until=None if looked else progress.until,
            what=progress.awaited.en if progress.awaited else self.awaits,
        )
        self._told = False
        self._looked = self._looked if told else progress.version
        self._woken = self._pace.instant(progress.until)
        await self._load()
