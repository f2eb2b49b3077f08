"""The facts of one mobile number that comes in, and the small values they are made of."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import (
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionTaken,
    PolicyRow,
)
from domain.contract_resolution import Pin
from domain.event import Event
from domain.identity import CorrectionId, LineId, OrderId
from domain.personal import Personal
from domain.port_dates import PortPlan
from domain.reactivation import ReactivationWindow
from domain.said import Said
from domain.territories import ExchangeGroup


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HostNetwork(StrEnum):
    """Whose radio network the line is on."""

    ORANGE = "orange"
    SFR = "sfr"
    BOUYGUES = "bouygues"


class SimKind(StrEnum):
    SIM = "sim"
    """A card, delivered before the port day."""
    ESIM = "esim"
    """A profile, downloaded with a code."""


class GateKind(StrEnum):
    """What must be there before a step is taken."""

    RIO = "rio"
    """The RIO, where the contract lets it come after the order."""
    MANDATE = "mandate"
    """The mandate, signed: to port a number, or to build DSL on a line."""
    IDENTITY = "identity"
    """The identity of the holder, checked by whoever the contract says."""
    DOSSIER = "dossier"
    """The other documents the contract asks for."""
    WITHDRAWAL = "withdrawal"
    """The customer's right of withdrawal has run out."""
    ARREARS = "arrears"
    """Deliveries are held while invoices are unpaid."""
    PRESENCE = "presence"
    """The customer is in France on the port day."""
    GO_AHEAD = "go-ahead"
    """More lines for one donor and day than one request takes: a person lets them go."""
    PAYMENT = "payment"
    """What the contract makes due at the order, or in advance, is paid."""
    DEPOSIT = "deposit"
    """The guarantee that was asked for."""


class Gate(_Value):
    """One of them, still closed: what opens it, until when, and the clause that asks for it."""

    kind: GateKind
    needs: tuple[str, ...] = ()
    """The documents or statements that open it; none when time alone does."""
    until: AwareDatetime
    said: Said
    source: str
    falls_back: bool = False
    """Left closed, the contract gives a new number instead (OKSIO)."""

    @property
    def opens_by_itself(self) -> bool:
        return not self.needs


PAPER = r"^[a-z0-9-]{1,60}$"


class HeldDocument(_Value):
    """Something the customer has handed in or stated, and its date."""

    name: Annotated[str, Field(pattern=PAPER)]
    on: date


class Step(StrEnum):
    """What is asked of an operator or the exchange, once for each epoch."""

    PREPARE_LINE = "prepare-line"
    """The host gets a SIM ready."""
    SEND_REQUEST = "send-request"
    """The request to the donor (1110, 1120)."""
    COMMIT_PORT = "commit-port"
    """The porting ticket to everybody (1410): the point of no return."""
    CHECK_ACTIVE = "check-active"
    """Is the number still active, on the day?"""
    SWITCH_LINE = "switch-line"
    """The host puts the number on the new SIM."""
    VERIFY_LINE = "verify-line"
    """The host says the line works with the number."""
    CANCEL_REQUEST = "cancel-request"
    """The receiver's cancellation to the donor (1510)."""
    RELEASE_LINE = "release-line"
    """The host takes back the SIM."""
    GIVE_NUMBER = "give-number"
    """The host puts a new number of its own on the SIM."""
    CHECK_ELIGIBILITY = "check-eligibility"
    """Can this operator serve the site, how, and what is on its pair or socket?"""
    STUDY_SITE = "study-site"
    """The operator studies how the site can be reached, at what cost."""
    RESERVE_ACCESS = "reserve-access"
    """The operator keeps a pair or a port for us."""
    DESATURATE = "desaturate"
    """The operator adds what is missing in its network."""
    BUILD_ACCESS = "build-access"
    """The operator builds up to the site; milestones are told as they pass."""
    OFFER_VISITS = "offer-visits"
    """When can a technician come?"""
    BOOK_VISIT = "book-visit"
    """The operator holds a slot for us; another one takes the place of the one before."""
    CANCEL_VISIT = "cancel-visit"
    """The operator lets the slot go."""
    COMMISSION_ACCESS = "commission-access"
    """The operator opens the access and tests it."""
    RELEASE_ACCESS = "release-access"
    """The operator takes the pair or the port back."""
    PUT_BACK = "put-back"
    """The operator puts back the line of another customer that the access took wrongly."""


TO_SERVICE = (
    Step.STUDY_SITE,
    Step.RESERVE_ACCESS,
    Step.DESATURATE,
    Step.BUILD_ACCESS,
    Step.OFFER_VISITS,
    Step.BOOK_VISIT,
    Step.COMMISSION_ACCESS,
)
"""What an operator that was chosen does before the site is in service."""


class Outcome(StrEnum):
    """How a line ends."""

    PORTED = "ported"
    """The number works on the new SIM; the donor's contract has ended for it."""
    ACTIVATED = "activated"
    """A new number works on the new SIM."""
    CANCELLED = "cancelled"
    """Given up on request; what was done is undone."""
    REFUSED = "refused"
    """It cannot be ported: the customer stays with the donor."""
    REPLACED = "replaced"
    """It cannot be ported: a new number is given instead, under another line of the order."""
    DELIVERED = "delivered"
    """The access works at its site."""


class LineTerms(_Value):
    """What was ordered for one line, and under which contract."""

    line_id: LineId
    order_id: OrderId
    number: int
    """Its place in the order, from 1."""
    pin: Pin
    msisdn: Personal
    number_digest: str
    """The keyed hash its own stream is named by."""
    group: ExchangeGroup
    rio: Personal | None
    donor: str | None
    """The operator code of the RIO, once there is one."""
    host: HostNetwork
    receiver: str
    """The operator code used in the exchange for us."""
    sim: SimKind
    wished: date | None
    monthly_ttc: Decimal | None = Field(default=None, ge=0)
    asked_at: AwareDatetime
    held: tuple[HeldDocument, ...] = ()
    lot: int | None = None
    """The lot of a large order that keeps it; None where the order itself does."""


class NumberTakenBy(_Value):
    order_id: OrderId


class PortOpened(Event):
    terms: LineTerms
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...] = ()
    """Gates the contract does not close, or that were open already, and why."""


class PortNumberClaimed(Event):
    """The number's own stream says it is ours to move."""


class GateOpened(Event):
    kind: GateKind
    by: tuple[HeldDocument, ...] = ()
    skipped: str | None = None
    """The reason, when somebody went on without it."""


class GatesPassed(Event):
    """Nothing stands between the line and its request any more."""


class PortPlanned(Event):
    """The dates. A second plan says which day it moves, and why: dates never move silently."""

    plan: PortPlan
    answer_until: AwareDatetime
    switch_from: AwareDatetime
    confirmations_until: AwareDatetime
    moved_from: date | None = None
    because: Said | None = None


class DataCorrected(Event):
    """What the customer corrected; the old value stays in the facts before it."""

    rio: Personal | None = None
    donor: str | None = None
    correction_id: CorrectionId | None = None


class DayChosen(Event):
    """Another port day, chosen by the customer or for them."""

    day: date


class OperatorAsked(Event):
    """The intent, before the call: an operator is asked once for each key."""

    step: Step
    key: str
    epoch: int
    asked_at: AwareDatetime
    until: AwareDatetime


class OperatorTook(Event):
    """The operator has the request; its effect is told later, or is told at once."""

    step: Step
    reference: str


class OperatorRefused(Event):
    """A definite no: asking again takes a decision, and a new key."""

    step: Step
    code: str


class RetryPlanned(Event):
    """It will be tried again at this instant: the row says when, and how many times."""

    step: Step
    code: str
    attempt: int
    at_most: int
    until: AwareDatetime
    row: PolicyRow


class RetryBegun(Event):
    """The instant planned has come: the step is taken again."""

    step: Step


class LineReady(Event):
    """SIM or eSIM in the customer's hands."""

    ready_at: AwareDatetime
    host_line: str


class DonorReminded(Event):
    """No answer in time: asked again, with another deadline."""

    until: AwareDatetime


class PortAccepted(Event):
    """The donor agrees (A001), or there is none to ask: the transfer is internal."""

    accepted_at: AwareDatetime
    commit_at: AwareDatetime
    internal: bool = False


class PortRefused(Event):
    """The donor refuses (Rnnn)."""

    code: str
    refused_at: AwareDatetime


class EligibilityLost(Event):
    """The donor takes its agreement back before the port (C002, C003)."""

    code: str
    lost_at: AwareDatetime


class ReactivationAsked(Event):
    """The donor is asked, by other means than a ticket, to activate the number again."""

    justified_by: HeldDocument
    code: str
    """What it refused with, or took its agreement back with."""
    window: ReactivationWindow


class DayMissed(Event):
    """The port day came before the port could become final: nothing was moved."""

    day: date


class PortReopened(Event):
    """A refused request will be made again: its dates are settled anew."""


class PortCommitted(Event):
    """The porting ticket is out: nobody can cancel any more."""

    confirmers: tuple[str, ...]
    """The operators whose confirmation is expected."""


class NumberFoundActive(Event):
    """Checked on the day. A suspended number is active (2007-0193 § 2.3)."""

    suspended: bool


class LineSwitched(Event):
    """The number works on the new SIM; the instants are the host's own."""

    outage_from: AwareDatetime
    outage_to: AwareDatetime
    sim_activated_at: AwareDatetime
    settled_at: AwareDatetime
    """When the contract's transition is over."""
    judged: tuple[Said, ...]
    """The outage against the contract, and against the law."""
    too_long: bool


class LineVerified(Event):
    reference: str


class ConfirmationReceived(Event):
    """An operator routes the number to us (1430)."""

    operator: str


class ConfirmationsMissing(Event):
    """The day is over and these never came: noted, and the port goes on without them."""

    operators: tuple[str, ...]


class CancellationAsked(Event):
    """A request to cancel: it takes effect on the fact the contract asks for (decision 9)."""

    by: str
    asked_at: AwareDatetime
    needs: Said | None
    """What makes it take effect; None when it does at once."""
    cost: tuple[Said, ...]
    """What was said it would cost, in every reading the contract has."""


class CancellationLapsed(Event):
    """What would have made it take effect did not come, or was refused: the port goes on."""

    why: Said


class UndoingBegun(Event):
    """The line will end like this, once what was done is undone."""

    outcome: Outcome
    why: Said
    steps: tuple[Step, ...]
    row: PolicyRow | None = None
    """The row of the failure policy that ends it, where no person does."""


class RequestCancelled(Event):
    """The donor has confirmed the cancellation (1530)."""

    cancelled_at: AwareDatetime


class LineReleased(Event):
    released_at: AwareDatetime


class StepGivenUp(Event):
    """A person went on without it."""

    step: Step
    reason: str


class MessageSetAside(Event):
    """A message changed nothing, and this is why; it is kept, and settled."""

    source: str
    message_key: str
    why: str


class PortEnded(Event):
    outcome: Outcome
    why: Said
    replaced_by: LineId | None = None
    service_started_at: AwareDatetime | None = None
    service_start_source: str | None = None
    donor_contract_ended_at: AwareDatetime | None = None
    """For this number only: the port ends nothing else at the donor."""


PortEvent = (
    PortOpened
    | PortNumberClaimed
    | GateOpened
    | GatesPassed
    | PortPlanned
    | DataCorrected
    | DayChosen
    | OperatorAsked
    | OperatorTook
    | OperatorRefused
    | RetryPlanned
    | RetryBegun
    | LineReady
    | DonorReminded
    | PortAccepted
    | PortRefused
    | EligibilityLost
    | ReactivationAsked
    | DayMissed
    | PortReopened
    | PortCommitted
    | NumberFoundActive
    | LineSwitched
    | LineVerified
    | ConfirmationReceived
    | ConfirmationsMissing
    | CancellationAsked
    | CancellationLapsed
    | UndoingBegun
    | RequestCancelled
    | LineReleased
    | StepGivenUp
    | MessageSetAside
    | PortEnded
    | AttentionRaised
    | AttentionMoved
    | AttentionCleared
    | DecisionTaken
)

Given = Mapping[str, str]
