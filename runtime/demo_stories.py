"""What a story of the demo is made of: what is sent in, what people do, how each line must end."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a person does, once: when something waits under a code, or a stage is reached."""

    on: str
    decide: Json = field(default_factory=dict)
    amends: Json = field(default_factory=dict)
    equipment: Json = field(default_factory=dict)
    """What is said of one piece of a site's equipment."""
    cancels: bool = False
    is_refused: bool = False
    refusal: tuple[str, ...] = ()
    """Words that its refusal must say."""
    far_side: Json = field(default_factory=dict)
    """What somebody at another operator has done before, and where they are told to."""
    line: int | None = None
    """Of an order of several."""
    stage: str = ""
    """Where the line must stand too."""
    asks: str = ""
    """What its question must say."""
    not_before: datetime | None = None
    """What is said of a day is said once it has come."""
    holds_until: str = ""
    """Suspended until that day."""


Piece = tuple[str, str, str | None]
"""Equipment: its name, where it is in the end, and from which day it is billed."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """How the first line ends. `None`: no such figure for this end."""

    outcome: str
    port_day: str | None = None
    service_started_at: str | None = None
    served_on: str | None = None
    """The day a technician comes, whose works are opened within hours: on a slow machine, within
    two days."""
    facts: tuple[str, ...] = ()
    """Facts that must be in its timeline."""
    fees: tuple[tuple[str, str | None], ...] | None = None
    """What is charged for a site, head and euros without VAT; None for an amount nobody states."""
    operator: str | None = None
    """Whose network serves a site, where it matters."""
    billed_early: tuple[str, str] | None = None
    """The day from which it is billed before service, and the clause that allows it."""
    pieces: tuple[Piece, ...] | None = None
    in_turn: tuple[int, ...] = ()
    """Lines of the order, in the order in which their service starts."""
    says: tuple[str, ...] = ()
    """Words that its timeline says: dates, euros, lines of the source."""
    order: str = "completed"
    because: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Another site of the same order, and how its line ends."""

    site: Json
    misbehaviour: Json
    outcome: str
    served_on: str | None = None
    says: tuple[str, ...] = ()
    fees: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What a late port comes to, once it is over, and the day finance settles it."""

    head: str
    amount: str
    asked_on: str


@dataclass(frozen=True, kw_only=True)
class Scenario:
    name: str
    provider: str
    expected: Expected
    number: str = ""
    """Of a mobile line."""
    site: Json = field(default_factory=dict)
    """Of a fixed access."""
    beside: tuple[Beside, ...] = ()
    instead_of: str | None = None
    """The order whose refused site this one is signed in place of; sent in once that has ended."""
    line: Json = field(default_factory=dict)
    customer: Json = field(default_factory=dict)
    documents: tuple[Json, ...] | None = None
    misbehaviour: Json = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    owed: Owed | None = None
    after: str | None = None
    """Sent in once the order of that name waits for what it must."""
    is_meddled_with: bool = False
    """Once it has ended, its host changes the line behind our back."""
    goes_back: str | None = None
    """The incident after which its initial donor wants the number back, once the order is over."""
