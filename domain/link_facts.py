"""What an access records of the lines of its order that it waits for, or that wait for it."""

from pydantic import AwareDatetime

from domain.event import Event
from domain.port_in_facts import Outcome


class LinesAwaited(Event):
    """All is there for it to be put into service, but for these lines of its order."""

    lines: tuple[int, ...]
    """By their numbers in the order."""
    until: AwareDatetime
    """Until when, before a person is asked."""


class LineBeforeServed(Event):
    """A line it waits for is in service."""

    line: int
    started_at: AwareDatetime


class LineBeforeEnded(Event):
    """A line it waits for has ended without service."""

    line: int
    outcome: Outcome


class LinesLeft(Event):
    """It goes on without them: a person has said so."""

    lines: tuple[int, ...]
    by: str
    reason: str


class LinesTold(Event):
    """The lines that wait for this one are told that it is in service."""

    lines: tuple[int, ...]


LinkEvent = LinesAwaited | LineBeforeServed | LineBeforeEnded | LinesLeft | LinesTold
