"""Bouygues Telecom's dialect: what is read of its answers and of its webhooks.

A stand-in of ours, documented in `dialect.yaml`: the operator's own interface is not public. Fields
we do not know are the operator's own business; those we know are what they should be.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

BYTES_MAX = 64 * 1024
"""More than any document of this dialect needs. A default of ours."""
LINE_NAME = r"^[A-Za-z0-9_-]{1,60}$"
_YEARS = range(2000, 2200)


class UnreadableAnswerError(ValueError):
    """Not an answer of this dialect."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was answered, unread: it may hold a number."""

    status: int
    content: bytes = field(repr=False)
    media_type: str = ""


def _of_our_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("in no year of ours")
    return moment


def _written(value: object) -> object:
    """A bare number is a time to pydantic: it is none here."""
    if not isinstance(value, str) or "T" not in value:
        raise ValueError("no instant as it is written here")
    return value


Word = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
LineName = Annotated[str, StringConstraints(pattern=LINE_NAME)]
OurLine = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]


class Read(BaseModel):
    """What they send is never shown: a number or a RIO may be in it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Fault(Read):
    code: Word


class Refusal(Read):
    """A definite no."""

    error: Fault


class _NoSuchOperation(Read):
    code: Literal["unknown_operation"]


class NoSuchOperation(Read):
    """They say that they have no operation under this key: nothing else says so."""

    error: _NoSuchOperation


class Intent(StrEnum):
    """What an operation is for."""

    RESERVE = "reserve"
    ACTIVATE_PORTED = "activate_ported"
    ACTIVATE_NEW = "activate_new"
    TERMINATE = "terminate"
    BAR = "bar"
    UNBAR = "unbar"
    CANCEL = "cancel"


class OperationState(StrEnum):
    """Where an operation is."""

    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Operation(Read):
    id: Word
    idempotency_key: Word
    state: OperationState
    refusal: Fault | None = None
    event: dict[str, Any] | None = None


class Operated(Read):
    operation: Operation


# about numbers and lines


class NumberState(Read):
    state: Literal["active", "barred", "inactive"]


class NumberAnswer(Read):
    number: NumberState


class LineState(Read):
    state: Literal["reserved", "active", "barred", "terminated"]


class LineAnswer(Read):
    line: LineState


class Passed(Read):
    outcome: Literal["passed"]
    id: Word


class Failed(Read):
    outcome: Literal["failed"]
    fault: Fault


class CheckAnswer(Read):
    check: Annotated[Passed | Failed, Field(discriminator="outcome")]


class Rio(Read):
    value: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[PE][A-Z0-9]{6}[A-Z0-9+]{3}$")]


class RioGivenAnswer(Read):
    rio: Rio


# what they tell us


class Kind(StrEnum):
    """What a webhook is about."""

    RESERVED = "line.reserved"
    SWITCHED = "line.switched"
    ASSIGNED = "number.assigned"
    TERMINATED = "line.terminated"
    BARRED = "line.barred"
    UNBARRED = "line.unbarred"
    CANCELLED = "operation.cancelled"
    REFUSED = "operation.refused"


class Happened(Read):
    id: Word
    kind: Kind
    occurred_at: Instant


class OperationNamed(Read):
    idempotency_key: Word
    intent: Intent


class LineNamed(Read):
    partner_line: OurLine
    id: LineName | None = None


class Webhook(Read):
    event: Happened
    operation: OperationNamed
    line: LineNamed
    details: dict[str, Any] = {}


class EventNamed(Read):
    id: Word


class Envelope(Read):
    """As much of a webhook about a mobile line as is needed to keep it."""

    event: EventNamed
    line: LineNamed

    @property
    def ours(self) -> str:
        return self.line.partner_line


class Outage(Read):
    starts_at: Instant
    ends_at: Instant


class SwitchDetails(Read):
    outage: Outage
    sim_activated_at: Instant


class NumberValue(Read):
    value: Annotated[str, StringConstraints(pattern=r"^0[0-9]{9}$")]


class NumberDetails(Read):
    number: NumberValue


class CancelledOperation(Read):
    idempotency_key: Word


class CancelledDetails(Read):
    cancelled: CancelledOperation


class RefusedDetails(Read):
    refusal: Fault
