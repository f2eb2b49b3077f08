"""The works, the visits, the opening and the equipment of an access: facts, and their values."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.access_facts import Fee
from domain.event import Event
from domain.identity import SubjectId
from domain.personal import Personal
from domain.port_in_facts import HeldDocument
from domain.said import Said


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Euros = Annotated[Decimal, Field(ge=0, decimal_places=2)]


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


class Party(StrEnum):
    """On whose side it is that a visit did not take place as booked."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    PROVIDER = "provider"


class After(StrEnum):
    """What follows a failure in the field."""

    VISIT = "visit"
    """Somebody comes again."""
    VISIT_ONCE_READY = "visit-once-ready"
    """Likewise, once the customer has the site ready."""
    DESATURATION = "desaturation"
    STUDY = "study"
    NETWORK_CHECK = "network-check"
    """The operator looks at its files and its network again, before anybody comes."""
    PERSON = "person"


BY_THE_OPERATOR = frozenset({After.STUDY, After.NETWORK_CHECK, After.DESATURATION})
"""What would be asked of it again with nobody looking on."""


class MilestonePassed(Event):
    milestone: Milestone
    passed_at: AwareDatetime
    expected: date | None = None
    """When the operator thinks that the works are over."""
    code: str | None = None
    """Why another day than before, in its own word."""
    until: AwareDatetime
    """Until when their end is awaited now."""


class WorksFinished(Event):
    """The network is there; where it needs a technician at the site, a visit follows."""

    done_at: AwareDatetime
    visit: bool


class WorksStopped(Event):
    """They cannot be done as they were begun; what follows, and whose doing it is."""

    failure: FieldFailure
    code: str
    stopped_at: AwareDatetime
    after: After
    by: Party | None
    usual: After | None = None
    """What follows by rule, where a person decides because it has happened too often."""
    because: Said


class LeadFollowed(Event):
    """A person has what follows by rule begun all the same, however often it has happened."""

    after: After
    by: str


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


SERIAL = r"^[A-Za-z0-9/._-]{1,60}$"


class WorkDone(_Value):
    """What was done at the site."""

    done_at: AwareDatetime
    serials: tuple[Annotated[str, Field(pattern=SERIAL)], ...] = ()
    photographs: tuple[str, ...] = ()
    """The operator's own references of them; each picture becomes a document of the order."""


class VisitReport(WorkDone):
    """As it is told."""

    socket: str | None = None
    """The number on the socket that was put there."""

    def __repr__(self) -> str:
        return f"VisitReport({self.done_at})"


class KeptReport(WorkDone):
    """As it is kept."""

    socket: Personal | None = None
    """By its number a socket names a customer's site, as in the order."""


def kept_report(report: VisitReport, subject: SubjectId) -> KeptReport:
    told = report.model_dump(exclude={"socket"})
    socket = None if report.socket is None else Personal(subject=subject, value=report.socket)
    return KeptReport(**told, socket=socket)


class VisitsOffered(Event):
    slots: tuple[Slot, ...]


class VisitChosen(Event):
    """The customer's choice of what was offered."""

    slot: Slot
    by: str


class VisitsAskedAgain(Event):
    """Other days are asked for; a visit that is booked stays until another takes its place."""

    not_before: date | None
    by: Party
    late: bool = False
    """Too late to be let go free of charge."""
    fees: tuple[Fee, ...] = ()
    because: Said


class VisitBooked(Event):
    reference: str
    slot: Slot
    free_until: AwareDatetime | None
    """Until when it is let go free of charge; None where no contract gives a limit."""
    remind_at: AwareDatetime
    report_by: AwareDatetime
    """By when what became of it is to be told."""
    said: tuple[Said, ...] = ()
    imposed: bool = False
    """Its day is the operator's own, and never was the customer's choice."""
    unwanted: bool = False
    """Booked after something else followed: nobody waits for it any more, and it is to be called
    off."""


class VisitMoved(Event):
    """It is over, and another is booked in its stead: under its own name by the operator, under
    another one on request."""

    reference: str
    by: Party
    code: str | None = None
    to: VisitBooked
    because: Said


class VisitLetGo(Event):
    """Cancelled: nobody comes."""

    reference: str
    by: Party
    at: AwareDatetime
    because: Said


class VisitReminded(Event):
    """The customer is reminded of it: somebody is to be there."""

    reference: str
    slot: Slot


class VisitKept(Event):
    reference: str
    report: KeptReport


class VisitFailed(Event):
    """Somebody came, and could not do it."""

    reference: str
    failure: FieldFailure
    code: str
    failed_at: AwareDatetime
    after: After
    by: Party | None
    usual: After | None = None
    """As of works that stopped."""
    owed: tuple[Fee, ...] = ()
    """To the customer; what the customer owes is a fee of its own."""
    because: Said


class VisitMissed(Event):
    """Nobody came."""

    reference: str
    by: Party
    code: str
    told_at: AwareDatetime
    owed: tuple[Fee, ...] = ()
    because: Said


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
    """What the tests came to; without `passed` it is no start."""

    tested_at: AwareDatetime
    tests: tuple[TestResult, ...]
    passed: bool
    because: Said


class BillingStarted(Event):
    on: date
    because: Said
    before_service: bool = False
    """Only a named clause has it begin before service."""
    source: str = ""


class CommitmentStarted(Event):
    """None where the contract leaves it to the order form."""

    on: date | None
    until: date | None
    because: Said


class LateDays(_Value):
    """Of the days an access is late, those that are put down to one party."""

    by: Party | None
    """None: to nobody by name."""
    days: Annotated[int, Field(ge=1)]


class LatenessJudged(Event):
    """How late it is, and what that comes to; none, and the clause, where there is none."""

    planned: date
    started: date
    days: int
    owed: tuple[Fee, ...]
    """To the customer."""
    said: tuple[Said, ...]
    shares: tuple[LateDays, ...] = ()
    """Whose doing they are, each day once; none where nobody looked yet."""


class AcceptanceAsked(Event):
    """Where the order form asks for it; nothing waits for it (decision 43)."""

    because: Said


class ServiceAccepted(Event):
    """By the customer; with reserves, they are to be lifted."""

    on: date
    by: str
    with_reserves: bool = False


class ReservesLifted(Event):
    on: date
    by: str


# the site


class SiteReadinessAsked(Event):
    """What the customer has to have done at the site, and by when."""

    needs: tuple[str, ...]
    until: AwareDatetime
    said: tuple[Said, ...]


class SiteDescribed(Event):
    """The description of the premises, handed in since it was asked for."""

    paper: HeldDocument
    by: str


class SiteReady(Event):
    by: str
    on: date


class SiteNotReady(Event):
    """Another day follows; where a named clause says so, it is billed from the first one."""

    missing: tuple[str, ...]
    billed_from: date | None
    source: str | None
    because: Said
    found_there: bool = False
    """By somebody who came; otherwise nobody had said by its day that it was ready."""


ALONE = (
    BillingStarted,
    CommitmentStarted,
    LatenessJudged,
    AcceptanceAsked,
    ServiceAccepted,
    ReservesLifted,
)
"""Facts that move nothing by themselves."""


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
    GIVEN_UP = "given-up"
    """Left where it is, at an end or where its access leaves a place, by a person who says why."""


class EquipmentMoved(Event):
    """One piece, from one state to the next; it is in exactly one."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    """router, modem, fibre-box."""
    to: EquipmentState
    on: date
    serial: str | None = None
    reserves: Personal | None = None
    """Written on the delivery slip, precise and motivated (000:1172-1176): free text, so sealed."""
    bought: bool = False
    """Sold by the order form: nothing of it is asked back."""
    monthly: _Euros | None = None
    """The order form's own price of one that is ordered: euros a month, without VAT."""
    once: _Euros | None = None
    """Likewise, for its set-up or its sale."""
    fees: tuple[Fee, ...] = ()
    """Of one that was not returned."""
    given_back: tuple[Fee, ...] = ()
    """Of one that is returned after its invoice."""
    said: tuple[Said, ...] = ()
    """Of a delivery: what its contract makes of reserves, and until when a claim is heard. Of a
    return after its invoice: what becomes of that."""
    elsewhere: bool = False
    """Put up at a place that its access was amended away from since."""


class EquipmentBilled(Event):
    """From when a piece that was ordered is billed: the day its contract counts from has come."""

    name: str
    on: date
    because: Said
    before_service: bool = False
    """Only a named clause has it begin before service."""
    source: str = ""
    monthly: _Euros | None = None
    once: _Euros | None = None
    """None where the order form's price of it was not told."""


class EquipmentAskedBack(Event):
    """At the end of an access: one piece that is at the customer, or on its way there."""

    name: str
    until: AwareDatetime | None
    """None where no contract gives a limit, or it is not asked back at all."""
    fee: Fee | None
    """Of one that is not back by then; None where the contract has none."""
    said: tuple[Said, ...]
