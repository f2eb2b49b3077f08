"""What is kept beside the ledger for exchanges: tickets that wait, files sent and received.

A ticket is a row with a unique key; a session's file is made once from the tickets that wait, and
its bytes are kept before anything is put down. What came in is kept before anything is answered.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from domain.territories import ExchangeGroup


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """A ticket for one operator, before any file has it."""

    key: str
    group: ExchangeGroup
    emitter: str
    recipient: str
    due_at: datetime
    """The session it is for, or a later one."""
    transfer: str
    """A keyed hash of the exchange's own name of the transfer, which would give the number away."""
    owner: UUID
    """The line, or the transfer, whose life it is part of."""
    code: str
    number: str
    """A keyed hash of the number it is about."""
    body: str

    def __repr__(self) -> str:
        return f"NewTicket({self.code}, {self.key}, {self.recipient})"


@dataclass(frozen=True, kw_only=True)
class WaitingTicket:
    number: int
    emitter: str
    recipient: str
    body: str

    def __repr__(self) -> str:
        return f"WaitingTicket({self.number})"


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A file to be made: whose, for whom, of which session. Its number in the row is not ours."""

    group: ExchangeGroup
    kind: str
    emitter: str
    recipient: str
    session: datetime


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"MadeFile({self.name})"


Write = Callable[[int], MadeFile]
"""The file of a sequence number: the same number gives the same bytes."""


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file of ours, wherever it stands."""

    number: int
    group: ExchangeGroup
    name: str
    kind: str
    emitter: str
    recipient: str
    session: datetime
    uploaded: bool
    """Its bytes are there under the temporary name, or already under its own."""
    deposited_at: datetime | None
    answer_due_at: datetime | None
    answer: str | None
    answered_at: datetime | None
    tickets: int


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file of somebody else's, as it was kept."""

    number: int
    group: ExchangeGroup
    name: str
    emitter: str
    recipient: str
    received_at: datetime
    verdict: str | None
    """What we answered, or will: None while it is not judged."""
    judged_at: datetime | None
    lines: int
    answered: bool
    """Our answer has been put down."""


class Arrival(Enum):
    """What became of a file at the door."""

    NEW = auto()
    """Kept for the first time, or again after it was refused."""
    SAME = auto()
    """The same name with the same bytes was kept before."""
    OTHER = auto()
    """The same name with other bytes was kept before; the first one stands."""


class Tray(Protocol):
    """Tickets that wait for a session."""

    async def put(self, tickets: Sequence[NewTicket]) -> None:
        """Once for each key and recipient: what is there already stays as it is."""

    async def owners(self, transfers: Collection[str]) -> Mapping[str, UUID]:
        """Whose transfers they are, of those any ticket of ours was about."""

    async def ported(self, numbers: Collection[str]) -> Mapping[str, datetime]:
        """Of those numbers, by their hash, the ones whose porting ticket we sent, and when last."""


class Outgoing(Protocol):
    """Files of ours, from the tray to the acknowledgement."""

    async def waiting(self, group: ExchangeGroup, *, due_by: datetime) -> tuple[WaitingTicket, ...]:
        """Tickets that no file has yet, the oldest first."""

    async def make(self, new: NewFile, *, tickets: Sequence[int], write: Write) -> str | None:
        """Number it, write it, keep it and mark its tickets, in one transaction; its name, or None
        when the session has its file already or somebody else took the tickets."""

    async def to_deposit(self, group: ExchangeGroup) -> tuple[SentFile, ...]:
        """Made and not put down yet, in the order of their making."""

    async def content(self, number: int) -> bytes:
        """The bytes that were kept; SubjectForgottenError when they may no longer be read."""

    async def uploaded(self, number: int) -> None:
        """From here on its bytes are on the other side."""

    async def deposited(self, number: int, *, at: datetime, answer_due_at: datetime) -> None:
        """It bears its own name on the other side."""

    async def answered(
        self, group: ExchangeGroup, name: str, *, code: str, at: datetime
    ) -> SentFile | None:
        """The file that was answered; None when we never put down such a file."""

    async def unanswered(self, group: ExchangeGroup, *, due_by: datetime) -> tuple[SentFile, ...]:
        """Put down, and not acknowledged in time."""

    async def deposit_again(self, group: ExchangeGroup, name: str) -> bool:
        """A person has the same bytes put down once more; whether there is such a file."""

    async def ported(
        self, group: ExchangeGroup, *, emitter: str, since: datetime, until: datetime
    ) -> tuple[str, ...]:
        """Bodies of the porting tickets an operator has sent in a span, one for each transfer."""

    async def sent(self, *, limit: int) -> tuple[SentFile, ...]:
        """The latest first."""


class Incoming(Protocol):
    """Files of others, from the door to our answer."""

    async def receive(
        self, group: ExchangeGroup, name: str, content: bytes, *, at: datetime
    ) -> tuple[Arrival, ReceivedFile]: ...

    async def last_sequence(
        self, group: ExchangeGroup, *, kind: str, emitter: str, recipient: str
    ) -> int | None:
        """Of the last file that was taken from them; None before the first."""

    async def judge(self, number: int, *, verdict: str, at: datetime, lines: int) -> None:
        """What is answered about it, from now on whenever it is asked."""

    async def answer_deposited(self, number: int) -> None: ...

    async def named(self, group: ExchangeGroup, name: str) -> ReceivedFile | None:
        """The file of that name, if one was kept."""

    async def content(self, number: int) -> bytes: ...

    async def received(self, *, limit: int) -> tuple[ReceivedFile, ...]:
        """The latest first."""
