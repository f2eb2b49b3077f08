"""The facts of one reverse port: a number that came to us goes back to its initial donor.

The two operators decide together after an incident, nothing is checked, and the initial donor leads
(porting-and-access § 2.3, decision 31). Ours is the part of the initial receiver.
"""

from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.attention import AttentionCleared, AttentionMoved, AttentionRaised, DecisionTaken
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import LineId, OrderId, StreamId
from domain.indemnity_facts import Party
from domain.personal import Personal
from domain.port_in_facts import HostNetwork, SimKind
from domain.said import Said
from domain.territories import ExchangeGroup

ReversePortId = NewType("ReversePortId", UUID)
_REVERSE_PORTS = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d28")


def reverse_port_id_for(line_id: LineId) -> ReversePortId:
    """A line goes back once: whatever is demanded of it is one reverse port."""
    return ReversePortId(uuid5(_REVERSE_PORTS, str(line_id)))


def reverse_port_stream(reverse_port_id: ReversePortId) -> StreamId:
    return StreamId(f"reverse-port/{reverse_port_id}")


def reverse_port_of_stream(stream_id: StreamId) -> ReversePortId | None:
    kind, _, identity = stream_id.partition("/")
    return ReversePortId(UUID(identity)) if kind == "reverse-port" else None


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Incident(StrEnum):
    """Why the number is to go back."""

    FRAUD = "fraud"
    """Somebody without any right to the number had it ported."""
    MISTAKE_OF_THEIRS = "mistake-of-theirs"
    """An information system of the initial donor was wrong."""
    MISTAKE_OF_OURS = "mistake-of-ours"
    """One of ours was."""
    CUSTOMER_ERROR = "customer-error"
    """The customer had the wrong line ported."""
    UNSTATED = "unstated"
    """The exchange's ticket came before anybody had said why."""


FAULT = {
    Incident.FRAUD: Party.NOBODY,
    Incident.MISTAKE_OF_THEIRS: Party.DONOR,
    Incident.MISTAKE_OF_OURS: Party.US,
    Incident.CUSTOMER_ERROR: Party.CUSTOMER,
    Incident.UNSTATED: Party.UNKNOWN,
}
"""Who answers for it, as it is told; an indemnity is worked out apart, and may find otherwise."""


class ReversePortTerms(_Value):
    """The port that is undone: the exchange still knows it by its receiver, donor and instant."""

    reverse_port_id: ReversePortId
    line_id: LineId
    order_id: OrderId
    line: int
    """Its place in the order."""
    pin: Pin
    group: ExchangeGroup
    receiver: str
    donor: str
    subscribed_at: AwareDatetime
    msisdn: Personal
    number_digest: str
    host: HostNetwork
    host_line: str
    sim: SimKind
    ported_at: AwareDatetime


class ReverseDates(_Value):
    """Working hours of the exchange from the demand: what is usual, and what is the most."""

    agree_by: AwareDatetime
    agree_at_most: AwareDatetime
    back_by: AwareDatetime
    back_at_most: AwareDatetime
    because: tuple[Said, ...]


class Ending(StrEnum):
    """How it ends."""

    HANDED_BACK = "handed-back"
    """The number is its initial donor's again."""
    REFUSED = "refused"
    """We do not agree: the number stays."""
    GIVEN_UP = "given-up"
    """Agreed, and the initial donor never sent its data: the number stays."""


class ReversePortDemanded(Event):
    """The initial donor wants the number back, and says why."""

    terms: ReversePortTerms
    incident: Incident
    fault: Party
    evidence: str
    """Where what shows it is kept: a reference, nothing personal."""
    dates: ReverseDates
    by: str


class ReversePortAgreed(Event):
    """Our agreement leaves with the next session (2400)."""

    agreed_at: AwareDatetime
    reason: str
    by: str


class ReversePortRefused(Event):
    """The exchange has no ticket for it: the initial donor is told by other means."""

    reason: str
    by: str


class ReversePortAnnounced(Event):
    """The initial donor's data (2410): on which day the number moves."""

    port_day: date
    announced_at: AwareDatetime
    received_at: AwareDatetime
    hand_back_at: AwareDatetime
    """When its switch begins that day, or at once where that has passed."""


class HandBackAsked(Event):
    """The host is asked to end the line: once for each key."""

    key: str
    epoch: int
    asked_at: AwareDatetime
    until: AwareDatetime


class HandBackTaken(Event):
    reference: str


class HandBackRefused(Event):
    """A definite no: asking again takes a decision, and a new key."""

    code: str


class NumberHandedBack(Event):
    """The line has ended at its host, or a person saw to it; our confirmation leaves (2430)."""

    handed_back_at: AwareDatetime
    by_hand: str | None = None
    """The reason, when a person went on without the host's word."""


class ReverseTicketIgnored(Event):
    """What came changes nothing, and this is why: a double, or one that comes too late."""

    what: str
    why: str


class ReversePortClosed(Event):
    ending: Ending
    why: Said


class LineHandedBack(Event):
    """On the line's own stream: its service ended when its number went back."""

    reverse_port_id: ReversePortId
    service_ended_at: AwareDatetime
    incident: Incident
    fault: Party
    why: Said


ReversePortEvent = (
    ReversePortDemanded
    | ReversePortAgreed
    | ReversePortRefused
    | ReversePortAnnounced
    | HandBackAsked
    | HandBackTaken
    | HandBackRefused
    | NumberHandedBack
    | ReverseTicketIgnored
    | ReversePortClosed
    | AttentionRaised
    | AttentionMoved
    | AttentionCleared
    | DecisionTaken
)
