"""Tickets: one line of an exchange file, each code with its fields (porting-and-access § 2.3).

    1210|01|02|02|01|20260612142743|0696301129|2edf2f024ad3bd81a8add0ef9de3a97d|0001|A001|20260612145429||

The nine first fields are the same for all. What follows them is public for the requests and for the
donor's answer; for the others the layout is ours, and said to be in `dialect.md`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from adapters.pnm.names import INSTANT
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN

EVERYBODY = "00"
"""The destination of what every operator must know."""


class Code(StrEnum):
    """What a ticket does."""

    REQUEST_CONSUMER = "1110"
    """Request of a private person."""
    REQUEST_ENTERPRISE = "1120"
    """Request of a legal person."""
    ACCEPTANCE = "1210"
    """The donor agrees."""
    REFUSAL = "1220"
    """The donor does not."""
    PORTING = "1410"
    """Porting data, to everybody: the receiver's point of no return."""
    CONFIRMATION = "1430"
    """An operator has taken it in."""
    CANCELLATION = "1510"
    """The receiver gives it up, before the porting data."""
    LOSS = "1520"
    """The donor takes its agreement back."""
    CANCELLED = "1530"
    """The cancellation is confirmed."""
    REVERSE_AGREEMENT = "2400"
    """The initial receiver agrees to hand the number back."""
    REVERSE_PORTING = "2410"
    """Porting data of a reverse port, from the initial donor to everybody."""
    REVERSE_ACKNOWLEDGED = "2420"
    """The initial receiver has the data. Whose ticket it is, is a default of ours."""
    REVERSE_CONFIRMED = "2430"
    """An operator has taken it in."""
    RESTITUTION = "3400"
    """A terminated number is offered back to the holder of its block."""
    RESTITUTION_ANSWER = "3410"
    """The holder answers."""
    RESTITUTION_DATA = "3420"
    """Where the number goes back to, to everybody."""
    RESTITUTION_CONFIRMED = "3430"
    """An operator has taken it in."""
    ERROR = "7000"
    """A ticket was not taken: the code, its place, the ticket it was."""


REQUESTS = frozenset({Code.REQUEST_CONSUMER, Code.REQUEST_ENTERPRISE})
TO_EVERYBODY = frozenset({Code.PORTING, Code.REVERSE_PORTING, Code.RESTITUTION_DATA})
TO_THE_INITIAL_DONOR = frozenset(
    {Code.REVERSE_AGREEMENT, Code.REVERSE_ACKNOWLEDGED, Code.REVERSE_CONFIRMED}
)
"""It leads a reverse port: what others say of one is said to it. A default of ours."""
RECEIVERS_OWN = REQUESTS | {
    Code.PORTING,
    Code.CANCELLATION,
    Code.REVERSE_AGREEMENT,
    Code.REVERSE_ACKNOWLEDGED,
}
"""What only the receiver of a transfer may send; of a reverse port, the initial one."""
DONORS_OWN = frozenset(
    {Code.ACCEPTANCE, Code.REFUSAL, Code.LOSS, Code.CANCELLED, Code.REVERSE_PORTING}
)
"""What only the donor may send; of a reverse port, the initial one (§ 2.3)."""


class Kind(StrEnum):
    """What a field holds."""

    CODE = "[0-9]{4}"
    OPERATOR = "[0-9]{2}"
    INSTANT = "[0-9]{14}"
    DAY = "[0-9]{8}"
    NUMBER = "0[0-9]{9}|0[0-9]{13}"
    TRANSFER = "[0-9a-f]{32}"
    LINE = "[0-9]{4}"
    COUNT = "[0-9]{3}"
    RIO = "[A-Z0-9+]{12}"
    REASON = "[A-Z][0-9]{3}"
    POSTAL_CODE = "[0-9]{5}"
    TEXT = r"[^\x00-\x1f\x7f-\x9f|]{0,150}"


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    kind: Kind
    length: int
    optional: bool = False


def _fields(*texts: str) -> tuple[Field, ...]:
    """`name:KIND`, with a question mark where it may be empty."""
    made = []
    for text in texts:
        name, _, kind = text.rstrip("?").partition(":")
        shape = Kind[kind]
        made.append(
            Field(name=name, kind=shape, length=_LENGTHS[shape], optional=text.endswith("?"))
        )
    return tuple(made)


_LENGTHS = {
    Kind.CODE: 4,
    Kind.OPERATOR: 2,
    Kind.INSTANT: 14,
    Kind.DAY: 8,
    Kind.NUMBER: 14,
    Kind.TRANSFER: 32,
    Kind.LINE: 4,
    Kind.COUNT: 3,
    Kind.RIO: 12,
    Kind.REASON: 4,
    Kind.POSTAL_CODE: 5,
    Kind.TEXT: 150,
}

COMMON = _fields(
    "code:CODE",
    "origin:OPERATOR",
    "destination:OPERATOR",
    "receiver:OPERATOR",
    "donor:OPERATOR",
    "subscribed_at:INSTANT",
    "msisdn:NUMBER",
    "transfer_id:TRANSFER",
    "line:LINE",
)
_REQUEST = _fields(
    "rio:RIO",
    "made_at:INSTANT",
    "port_day:DAY",
    "multiple_id:TRANSFER?",
    "lines:COUNT",
    "postal_code:POSTAL_CODE?",
    "asked_on:DAY",
)
_REASONED = _fields("reason:REASON", "made_at:INSTANT", "comment:TEXT?", "reserved:TEXT?")
_DATED = _fields("made_at:INSTANT", "port_day:DAY")
_PLAIN = _fields("made_at:INSTANT")
_ENDED = _fields("made_at:INSTANT", "ended_on:DAY")

LAYOUTS: Mapping[Code, tuple[Field, ...]] = {
    Code.REQUEST_CONSUMER: _REQUEST,
    Code.REQUEST_ENTERPRISE: _REQUEST,
    Code.ACCEPTANCE: _REASONED,
    Code.REFUSAL: _REASONED,
    Code.PORTING: _DATED,
    Code.CONFIRMATION: _PLAIN,
    Code.CANCELLATION: _REASONED,
    Code.LOSS: _REASONED,
    Code.CANCELLED: _REASONED,
    Code.REVERSE_AGREEMENT: _DATED,
    Code.REVERSE_PORTING: _DATED,
    Code.REVERSE_ACKNOWLEDGED: _PLAIN,
    Code.REVERSE_CONFIRMED: _PLAIN,
    Code.RESTITUTION: _ENDED,
    Code.RESTITUTION_ANSWER: _REASONED,
    Code.RESTITUTION_DATA: _DATED,
    Code.RESTITUTION_CONFIRMED: _PLAIN,
    Code.ERROR: _fields(
        "error:REASON", "position:LINE", "original:CODE", "made_at:INSTANT", "comment:TEXT?"
    ),
}


class TicketFaultError(ValueError):
    """A ticket that is not written as the exchange writes them, and the code that says how."""

    def __init__(self, code: str, *, position: int, why: str) -> None:
        self.code = code
        self.position = position
        super().__init__(f"{why} (field {position})")


@dataclass(frozen=True, kw_only=True)
class PnmTicket:
    """One ticket. Its number and its RIO are shown to nobody by accident."""

    code: Code
    origin: str
    destination: str
    receiver: str
    donor: str
    subscribed_at: str
    msisdn: str
    transfer_id: str
    line: int = 0
    """Its place among the tickets of its file; nought until it has one."""
    more: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"PnmTicket({self.code}, {self.origin}, {self.destination})"


def transfer_id(*, receiver: str, donor: str, subscribed_at: str, msisdn: str) -> str:
    """The exchange's own name of a transfer: an MD5, which protects nothing and is not meant to."""
    whole = f"{receiver}{donor}{subscribed_at}{msisdn}".encode()
    return hashlib.md5(whole, usedforsecurity=False).hexdigest()


def write_ticket(ticket: PnmTicket) -> str:
    """TicketFaultError when it could not be read back: nothing wrong leaves this house."""
    common = (
        ticket.code.value,
        ticket.origin,
        ticket.destination,
        ticket.receiver,
        ticket.donor,
        ticket.subscribed_at,
        ticket.msisdn,
        ticket.transfer_id,
        f"{ticket.line:04d}",
    )
    line = "|".join((*common, *(ticket.more.get(f.name, "") for f in LAYOUTS[ticket.code])))
    read_ticket(line)
    return line


def read_ticket(line: str) -> PnmTicket:
    values = line.split("|")
    try:
        code = Code(values[0])
    except ValueError as exc:
        raise TicketFaultError("E201", position=1, why="no ticket has this code") from exc
    layout = (*COMMON, *LAYOUTS[code])
    if len(values) != len(layout):
        why = f"a {code} has {len(layout)} fields, not {len(values)}"
        raise TicketFaultError("E206", position=min(len(values), len(layout)), why=why)
    for position, (kept, value) in enumerate(zip(layout, values, strict=True), start=1):
        _check(kept, value, position)
    named = {kept.name: value for kept, value in zip(layout, values, strict=True)}
    common = {f.name: named.pop(f.name) for f in COMMON if f.name not in {"code", "line"}}
    line_number = int(named.pop("line"))
    del named["code"]
    more = {name: value for name, value in named.items() if value}
    return PnmTicket(code=code, line=line_number, more=more, **common)


def _check(kept: Field, value: str, position: int) -> None:
    if not value:
        if kept.optional:
            return
        raise TicketFaultError("E205", position=position, why=f"{kept.name} is missing")
    if len(value) > kept.length:
        raise TicketFaultError("E203", position=position, why=f"{kept.name} is too long")
    if re.fullmatch(kept.kind.value, value) is None or not _is_date(kept.kind, value):
        raise TicketFaultError("E204", position=position, why=f"{kept.name} is of another type")


def _is_date(kind: Kind, value: str) -> bool:
    if kind not in {Kind.INSTANT, Kind.DAY}:
        return True
    try:
        moment = datetime.strptime(value.ljust(14, "0"), INSTANT)  # noqa: DTZ007  local to a group
    except ValueError:
        return False
    return FIRST_YEAR_TAKEN <= moment.year <= LAST_YEAR_TAKEN
