"""What the works, the visits, the tests and the equipment of an access are made of."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.access_facts import Fee
from domain.event import Event
from domain.personal import Personal


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# construction


class Milestone(StrEnum):
    """How far the works up to the site have come."""

    PERMITS_ASKED = "permits-asked"
    """Roads, poles, the co-owners: others have to allow it."""
    PERMITS_GRANTED = "permits-granted"
    CIVIL_WORKS = "civil-works"
    CABLING = "cabling"
    CONNECTED = "connected"
    """The network reaches the site: what is left is inside it."""


class FieldFailure(StrEnum):
    """What went wrong at the site or on the way to it, whatever the operator's word."""

    BOX_FULL = "box-full"
    """The optical box has no fibre left (PBO saturé): desaturation follows."""
    BOX_NOT_FOUND = "box-not-found"
    WRONG_ROUTE = "wrong-route"
    """The optical route in the files is not the one in the field."""
    NO_CONTINUITY = "no-continuity"
    TOO_LONG = "too-long"
    """Length exceeded: a study follows."""
    CUSTOMER_ABSENT = "customer-absent"
    NO_ACCESS = "no-access"
    """The room, the shaft or the roof could not be entered."""
    SITE_NOT_READY = "site-not-ready"
    """No power, no duct, no room."""
    NO_PERMIT = "no-permit"
    MATERIAL_MISSING = "material-missing"
    OTHER = "other"
    """A code we do not know: a person reads it."""


# visits


class Half(StrEnum):
    """Technicians come in the morning or in the afternoon."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Slot(_Value):
    """When a technician can come; `reference` is the operator's own name of it."""

    day: date
    half: Half
    begins: AwareDatetime
    ends: AwareDatetime
    reference: str


class Party(StrEnum):
    """On whose side it is that a visit did not take place as booked."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    PROVIDER = "provider"


class VisitReport(_Value):
    """What was done at the site."""

    done_at: AwareDatetime
    socket: str | None = None
    """The number on the socket that was put there; it names a place, not a person."""
    serials: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9/._-]{1,60}$")], ...] = ()
    photographs: tuple[str, ...] = ()
    """The operator's own references of them; a picture itself is a document."""


# commissioning


class Test(StrEnum):
    __test__ = False  # not a test of pytest's
    SYNCHRONISATION = "synchronisation"
    THROUGHPUT_DOWN = "throughput-down"
    THROUGHPUT_UP = "throughput-up"
    LOSS = "loss"
    CALL_IN = "call-in"
    CALL_OUT = "call-out"


class TestResult(_Value):
    __test__ = False
    test: Test
    passed: bool
    measured: Decimal | None = None
    """Kilobits a second, or per cent of what was lost."""


# equipment


class EquipmentState(StrEnum):
    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    INSTALLED = "installed"
    RETURNED = "returned"
    INVOICED = "invoiced"
    """Kept beyond the day it was to be back."""
    CANCELLED = "cancelled"
    """Taken back before it was sent."""


class EquipmentMoved(Event):
    """One piece, from one state to the next; it is in exactly one."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    """router, modem, fibre-box."""
    to: EquipmentState
    on: date
    serial: str | None = None
    reserves: Personal | None = None
    """Written on the delivery slip, precise and motivated (000:1172-1176): free text, so sealed."""
    fees: tuple[Fee, ...] = ()
