"""What is asked of operators and of the exchange, and the named outcomes of asking.

One small port by capability, as no operator offers everything. Whatever happens on the wire ends as
one of these outcomes; nothing of an operator's own vocabulary comes further in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.identity import LineId
from domain.port_in_facts import SimKind, Step
from domain.territories import ExchangeGroup

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
class Unreadable:
    """Not something of this dialect; kept, and said to be unreadable."""

    why: str


HostTold = LineReadyTold | SwitchedTold | ReleasedTold | NumberGivenTold | StepRefusedTold
ExchangeTold = (
    AcceptedTold | RefusedTold | EligibilityLostTold | RequestCancelledTold | ConfirmedTold
)
Told = HostTold | ExchangeTold | Unreadable


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

    def __repr__(self) -> str:
        return f"Ticket({self.step}, {self.key})"


class Exchange(Protocol):
    """The inter-operator exchange of a number's group."""

    async def hand_in(self, ticket: Ticket) -> Answer:
        """Put a ticket into its session: once for each key."""


class Reader(Protocol):
    """Reads what a source sent us, as it was kept: `Unreadable` rather than an error."""

    def __call__(self, body: str) -> Told: ...
