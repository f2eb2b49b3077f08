"""What is asked of operators and of the exchange, and the named outcomes of asking.

One small port by capability, as no operator offers everything. Whatever happens on the wire ends as
one of these outcomes; nothing of an operator's own vocabulary comes further in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.access_told import AccessTold
from domain.identity import LineId, OrderId
from domain.port_in_facts import SimKind, Step
from domain.territories import ExchangeGroup
from domain.works_told import WorksTold

# outcomes of asking


@dataclass(frozen=True, kw_only=True)
class Took:
    """The operator has it, now or since an earlier attempt under the same key."""

    reference: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A definite no, in the operator's own code."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """Whether it was received is not known: look it up before sending it again."""

    why: str
    sent: bool = False
    """It has left us and may be under way yet: an operator that does not know it now may soon."""
    retry_after: timedelta | None = None
    """How long, by the wall, it asks to be left alone, where it says so."""


Answer = Took | Refused | Unanswered


@dataclass(frozen=True, kw_only=True)
class NumberActive:
    suspended: bool


@dataclass(frozen=True, kw_only=True)
class NumberInactive:
    pass


Activity = NumberActive | NumberInactive | Unanswered


@dataclass(frozen=True, kw_only=True)
class Works:
    reference: str


Check = Works | Refused | Unanswered


@dataclass(frozen=True, kw_only=True)
class RioGiven:
    """The identity of a line at its operator, for whoever wants to take the number away."""

    rio: str

    def __repr__(self) -> str:
        return "RioGiven(…)"


RioAnswer = RioGiven | Refused | Unanswered


class Standing(StrEnum):
    """Where a line of ours is at its host."""

    RESERVED = "reserved"
    """Its SIM is there, without a number."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Barred, and still active in the sense of the law."""
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Stands:
    standing: Standing


LineStanding = Stands | Refused | Unanswered

# what is asked of a host


@dataclass(frozen=True, kw_only=True)
class LineRequest:
    """One effect on one line, under its key. The number is shown to nobody by accident."""

    step: Step
    key: str
    line_id: LineId
    asked_at: datetime
    sim: SimKind
    host_line: str | None
    """The host's own name of the line, once it has one."""
    number: str | None
    """Ten figures; None for a new number, which the host gives."""

    def __repr__(self) -> str:
        return f"LineRequest({self.step}, {self.key})"


class Change(StrEnum):
    """What can be done to a line that lives."""

    SUSPEND = "suspend"
    """Bar it whole, for a reason; its number stays its own."""
    RESUME = "resume"
    """Put back what it had."""


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """One change to one line, under its key."""

    change: Change
    key: str
    line_id: LineId
    asked_at: datetime
    host_line: str
    reason: str
    """Why, in a word of ours: unpaid, lost, stolen, asked."""


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """An earlier request, under its key, is no longer wanted; under a key of its own."""

    key: str
    of: str
    line_id: LineId
    asked_at: datetime


# what operators tell us


@dataclass(frozen=True, kw_only=True)
class LineReadyTold:
    ready_at: datetime
    host_line: str


@dataclass(frozen=True, kw_only=True)
class SwitchedTold:
    outage_from: datetime
    outage_to: datetime
    sim_activated_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReleasedTold:
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class NumberGivenTold:
    """A new number, on a line that was ready."""

    number: str
    given_at: datetime
    host_line: str

    def __repr__(self) -> str:
        return f"NumberGivenTold({self.host_line})"


@dataclass(frozen=True, kw_only=True)
class LineChangedTold:
    """A line was suspended, or put back."""

    change: Change
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawnTold:
    """A request was withdrawn before it was carried out."""

    key: str
    withdrawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeRefusedTold:
    """A change or a withdrawal was taken, and refused later."""

    key: str
    code: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True)
class StepRefusedTold:
    step: Step
    key: str
    code: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True)
class AcceptedTold:
    accepted_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefusedTold:
    code: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True)
class EligibilityLostTold:
    code: str
    lost_at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestCancelledTold:
    cancelled_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmedTold:
    operator: str
    confirmed_at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketKnownTold:
    """They had the ticket before: the first one counts, and this changes nothing."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Not something of this dialect; kept, and said to be unreadable."""

    why: str


HostTold = (
    LineReadyTold
    | SwitchedTold
    | ReleasedTold
    | NumberGivenTold
    | LineChangedTold
    | WithdrawnTold
    | ChangeRefusedTold
    | StepRefusedTold
)
ExchangeTold = (
    AcceptedTold
    | RefusedTold
    | EligibilityLostTold
    | RequestCancelledTold
    | ConfirmedTold
    | TicketKnownTold
)
Told = HostTold | ExchangeTold | AccessTold | WorksTold | Unreadable


class HostGateway(Protocol):
    """A host network, as far as one mobile line goes."""

    async def ask(self, request: LineRequest) -> Answer:
        """Have a line readied, switched or released: once for each key, whatever is lost."""

    async def look_up(self, key: str) -> str | None:
        """What became of a request, as the host would have told it; None while nothing has."""

    async def number_activity(self, number: str) -> Activity:
        """Whether the number is active at its operator. A suspended one is."""

    async def verify_line(self, host_line: str) -> Check:
        """Whether the line works with its number."""

    async def change_line(self, change: LineChange) -> Answer:
        """Have a living line suspended or put back: once for each key."""

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        """Call back a request that is not carried out yet: once for each key."""

    async def rio_of(self, host_line: str) -> RioAnswer:
        """The RIO of a line, on demand; a suspended line has one too (decision 35)."""

    async def line_standing(self, host_line: str) -> LineStanding:
        """Where the host says the line is."""


# what is asked of the exchange


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A request, a porting ticket or a cancellation, for one session."""

    step: Step
    key: str
    line_id: LineId
    group: ExchangeGroup
    receiver: str
    donor: str
    number: str
    rio: str
    enterprise: bool
    port_day: date
    session: datetime
    subscribed_at: datetime
    """When the request was made: the transfer is known by it, in every ticket of its life."""
    order: OrderId | None = None
    """Lines of one order, donor and day go in one request where they leave together."""

    def __repr__(self) -> str:
        return f"Ticket({self.step}, {self.key})"


@dataclass(frozen=True, kw_only=True)
class TransferReply:
    """What a person answered about a transfer that another operator leads."""

    group: ExchangeGroup
    ticket: str
    """The exchange's code of the ticket it leaves as."""
    reason: str | None
    key: str
    transfer: UUID
    receiver: str
    donor: str
    ours: str
    number: str
    subscribed_at: datetime
    at: datetime
    port_day: date | None = None
    """Of an agreement to a reverse port."""

    def __repr__(self) -> str:
        return f"TransferReply({self.ticket}, {self.key})"


class Exchange(Protocol):
    """The inter-operator exchange of a number's group."""

    async def hand_in(self, ticket: Ticket) -> Answer:
        """Put a ticket into its session: once for each key."""


# what comes in


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What can be kept of a message before anybody understands it."""

    source: str
    message_key: str
    correlation: str
    body: str

    def __repr__(self) -> str:
        return f"Delivery({self.source})"


class StrangerError(Exception):
    """Whoever sends it cannot show that it is the operator: nothing is kept."""


class NotANotificationError(ValueError):
    """It cannot be told which message this is: the sender is told so, and keeps it."""


class Door(Protocol):
    """Where an operator tells us things by itself."""

    def receive(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Delivery:
        """Who sends it, and under which key; StrangerError or NotANotificationError otherwise.

        Names of headers are in small letters; `now` is the wall's, for signatures that age.
        """


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """What has come since a mark, and the mark to ask from next."""

    deliveries: tuple[Delivery, ...]
    mark: str


class FeedSilentError(Exception):
    """The operator does not say what has come: it is asked again, ever more slowly."""


class Feed(Protocol):
    """An operator that tells only when it is asked."""

    async def after(self, mark: str) -> FeedPage:
        """From the beginning when the mark is empty; FeedSilentError when nobody answers."""


class Reader(Protocol):
    """Reads what a source sent us, as it was kept: `Unreadable` rather than an error."""

    def __call__(self, body: str) -> Told: ...
