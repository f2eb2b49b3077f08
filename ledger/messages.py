"""The two queues beside the ledger: what is to be done outside, and what came in from there."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

START_ORDER = "start-order"
START_PORT_IN = "start-port-in"
START_NEW_NUMBER = "start-new-number"
START_ACCESS = "start-access"
TELL_ORDER = "tell-order"
TELL_LINE = "tell-line"
PUT_BACK_BY_HAND = "put-back-by-hand"
PROVIDE_PAPER = "provide-paper"
APPLY_AMENDMENT = "apply-amendment"
SEND_REPLY = "send-reply"
DO_AGAIN = "do-again"
DO_PART = "do-part"
DO_PARKED = "do-parked"
START_INDEMNITY = "start-indemnity"
START_DIFFERENCE = "start-difference"
RUN_RECONCILE = "run-reconcile"
FOLLOW_REVERSE_PORT = "follow-reverse-port"
FETCH_PHOTOGRAPH = "fetch-photograph"


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    number: int
    kind: str
    payload: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """What somebody sent us, before anyone has understood it. `received_at` is business time."""

    source: str
    message_key: str
    correlation: str
    body: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingMessage:
    """A message no fact was recorded for yet; what it says stays sealed until it is read."""

    number: int
    source: str
    message_key: str
    correlation: str


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    number: int
    source: str
    message_key: str
    correlation: str
    body: str
    received_at: datetime


class Receipt(Enum):
    """What became of a message at the door."""

    STORED = auto()
    """Kept for the first time."""
    DUPLICATE = auto()
    """The same message under the same key was kept before."""
    CONFLICT = auto()
    """Another body under a key that was used before; the first one stands."""


class Inbox(Protocol):
    async def receive(self, message: IncomingMessage) -> Receipt:
        """Keep a message under its unique key, before anything is answered."""

    async def first_waiting(self, correlation: str, *, received_upto: datetime) -> int | None:
        """The oldest unsettled message for somebody, received by then; None when there is none."""

    async def read(self, number: int) -> InboxRow:
        """One message, with its body; KeyError when there is none."""
