"""The facts of an access from its works to its service, and the values they are made of."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.access_facts import Fee
from domain.event import Event
from domain.port_in_facts import HeldDocument
from domain.said import Said


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


class MilestonePassed(Event):
    """Told by the operator; what it expects from there on comes with it."""

    milestone: Milestone
    passed_at: AwareDatetime
    expected: date | None = None
    """When the works are thought to be over."""
    why: str | None = None
    """The operator's own code, where it expects another day than before."""


class WorksDone(Event):
    """Nothing is left to build up to the site."""

    done_at: AwareDatetime
    visit: bool
    """Whether somebody has to come: not where all that is needed is there."""


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


class WorksFailed(Event):
    """The works stopped for that reason; what follows is decided with it on record."""

    failure: FieldFailure
    code: str
    failed_at: AwareDatetime


# the day of service


class DayMovedBy(StrEnum):
    """Who makes the expected day another one."""

    OPERATOR = "operator"
    CUSTOMER = "customer"
    PROVIDER = "provider"


class ServiceDayPlanned(Event):
    """The day service is expected; the first that was said stays beside it for ever."""

    day: date
    because: Said
    by: DayMovedBy | None = None
    """None for the first."""


class CustomerDelayed(Event):
    """The customer asks for a later day (002:2375-2396): in time or not, and what that costs."""

    asked_at: AwareDatetime
    was: date
    day: date
    in_time: bool | None
    """None where the contract has no such term."""
    said: tuple[Said, ...]


# the site


class SiteReadinessAsked(Event):
    """What the customer has to have done at the site, by when (002:2357-2372, 000:369-374)."""

    needs: tuple[str, ...]
    """The papers or statements that say so."""
    until: AwareDatetime
    said: Said


class SiteReady(Event):
    papers: tuple[HeldDocument, ...] = ()


class SiteNotReady(Event):
    """Its day has passed: what the contract has follow."""

    said: Said
    billed_from: date | None = None
    """Where the contract bills from the first day all the same (002:2353-2355)."""


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


class VisitsOffered(Event):
    slots: tuple[Slot, ...]


class VisitChosen(Event):
    """By the customer, or by whoever speaks for them."""

    slot: Slot
    by: str


class VisitBooked(Event):
    """The operator holds the slot for us."""

    reference: str
    slot: Slot
    booked_at: AwareDatetime


class VisitConfirmed(Event):
    """The customer said that somebody will be there."""

    reference: str
    by: str


class VisitReminded(Event):
    reference: str


class VisitMoved(Event):
    """It ends without having taken place, and another is booked in its stead."""

    reference: str
    by: Party
    said: Said
    fees: tuple[Fee, ...] = ()


class VisitCancelled(Event):
    reference: str
    by: Party
    said: Said
    fees: tuple[Fee, ...] = ()
    """Cancelled too late, it may be invoiced (002:2539-2541)."""


class VisitMissed(Event):
    """Nobody came: the operator's doing, or ours."""

    reference: str
    by: Party
    said: Said
    """Who pays and who is owed what; nothing is explained too."""


class VisitFailed(Event):
    """Somebody came, and could not do it."""

    reference: str
    failure: FieldFailure
    code: str
    failed_at: AwareDatetime
    said: Said
    fees: tuple[Fee, ...] = ()


class VisitReport(_Value):
    """What was done at the site."""

    done_at: AwareDatetime
    socket: str | None = None
    """The number on the socket that was put there; it names a place, not a person."""
    serials: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9/._-]{1,60}$")], ...] = ()
    photographs: tuple[str, ...] = ()
    """The operator's own references of them; a picture itself is a document."""


class VisitKept(Event):
    reference: str
    report: VisitReport


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


class Commissioned(Event):
    """The tests and what they gave; below a rate the contract guarantees, it is no start."""

    tests: tuple[TestResult, ...]
    tested_at: AwareDatetime
    passed: bool
    said: Said


class BillingStarted(Event):
    """A fact of its own, with its own day and clause; it waits for nobody's acceptance."""

    on: date
    because: Said


class CommitmentStarted(Event):
    on: date
    until: date | None
    because: Said


class AcceptanceAsked(Event):
    """Only where the order form asks for one (decision 43)."""

    until: AwareDatetime
    said: Said


class AccessAccepted(Event):
    """With reserves, or without any."""

    by: str
    reserves: tuple[str, ...] = ()
    by_silence: bool = False


class ReservesLifted(Event):
    by: str


class LatenessJudged(Event):
    """How late it is against what was first said, and what is owed for that: none, and the clause,
    where there is none."""

    planned: date
    started: date
    days: int
    said: tuple[Said, ...]


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
    reserves: str | None = None
    """Written on the delivery slip, precise and motivated (000:1172-1176)."""
    fees: tuple[Fee, ...] = ()
