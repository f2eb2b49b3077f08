"""What a port-in can be told: by its own process, by an operator, or by a person.

Everything a contract or a calendar decides comes in with the command, worked out beforehand; what
is left to the aggregate is whether it fits where the port stands.
"""

from datetime import date

from pydantic import AwareDatetime

from domain.attention import DecisionKind, Turn
from domain.event import Command
from domain.failure_bounds import NO_ANSWER
from domain.failure_policy import Treatment
from domain.identity import CorrectionId, LineId, OrderId
from domain.personal import Personal
from domain.port_dates import PortPlan
from domain.port_in_facts import Gate, GateKind, HeldDocument, LineTerms, Step
from domain.reactivation import ReactivationWindow
from domain.said import Said


class Failed(Command):
    """Something went wrong, and what the policy says of it."""

    treatment: Treatment | None = None


class PortCommand(Command):
    answer_by: AwareDatetime
    """Until when a person should answer, should this raise attention."""


# its own process


class OpenPort(PortCommand):
    terms: LineTerms
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...]


class NoteNumberClaimed(PortCommand):
    pass


class NoteNumberTaken(PortCommand):
    order_id: OrderId


class LookAtGates(PortCommand):
    """What has opened by now, and whether anything is still in the way."""


class SettleDates(PortCommand):
    plan: PortPlan
    answer_until: AwareDatetime
    switch_from: AwareDatetime
    confirmations_until: AwareDatetime


class RefuseDates(PortCommand):
    wished: date
    first: date
    why: Said


class AskOperator(PortCommand):
    step: Step
    key: str
    epoch: int
    until: AwareDatetime


class AcceptInternally(PortCommand):
    """Donor and receiver are one operator: there is nobody to ask, and no ticket."""

    commit_at: AwareDatetime


class CommitPort(PortCommand):
    reference: str | None
    """Of the porting ticket; None for an internal transfer, which has none."""
    confirmers: tuple[str, ...]


class PassTime(PortCommand, Failed):
    """The deadline awaited has passed without what it was for."""

    remind_until: AwareDatetime
    """Until when a donor that is reminded should answer."""
    replaces: bool
    """Whether the contract gives a new number when this one cannot be ported."""


class EndPort(PortCommand):
    why: Said
    replaced_by: LineId | None = None
    service_started_at: AwareDatetime | None = None
    service_start_source: str | None = None


class RaiseSilence(PortCommand):
    """Nothing moved although a deadline passed: seen from the ledger alone (design § 10.5)."""


OwnCommand = (
    OpenPort
    | NoteNumberClaimed
    | NoteNumberTaken
    | LookAtGates
    | SettleDates
    | RefuseDates
    | AskOperator
    | AcceptInternally
    | CommitPort
    | PassTime
    | EndPort
    | RaiseSilence
)

# operators, asked


class HearTook(PortCommand):
    step: Step
    reference: str


class HearRefused(PortCommand, Failed):
    step: Step
    code: str


class HearNothing(PortCommand, Failed):
    step: Step
    code: str = NO_ANSWER


class HearActive(PortCommand):
    suspended: bool


class HearInactive(PortCommand, Failed):
    pass


class HearWorking(PortCommand):
    reference: str


class HearNotWorking(PortCommand, Failed):
    code: str


AnswerCommand = (
    HearTook | HearRefused | HearNothing | HearActive | HearInactive | HearWorking | HearNotWorking
)

# operators, on their own


class Report(PortCommand):
    """Something an operator tells us; what does not fit is set aside, with the reason."""

    source: str
    message_key: str


class ReportLineReady(Report):
    ready_at: AwareDatetime
    host_line: str


class ReportOperatorRefused(Report, Failed):
    step: Step
    key: str
    """Of the request that is refused."""
    code: str


class ReportAccepted(Report):
    accepted_at: AwareDatetime
    commit_at: AwareDatetime | None
    """None when there are no dates yet to be final about."""


class ReportRefused(Report, Failed):
    code: str
    refused_at: AwareDatetime
    replaces: bool = False
    """Whether the contract gives a new number when this one cannot be ported."""


class ReportEligibilityLost(Report, Failed):
    code: str
    lost_at: AwareDatetime


class ReportConfirmed(Report):
    operator: str


class ReportSwitched(Report):
    outage_from: AwareDatetime
    outage_to: AwareDatetime
    sim_activated_at: AwareDatetime
    settled_at: AwareDatetime
    judged: tuple[Said, ...]
    too_long: bool


class ReportRequestCancelled(Report):
    cancelled_at: AwareDatetime


class ReportLineReleased(Report):
    released_at: AwareDatetime


class ReportUnreadable(Report):
    why: str


ReportCommand = (
    ReportLineReady
    | ReportOperatorRefused
    | ReportAccepted
    | ReportRefused
    | ReportEligibilityLost
    | ReportConfirmed
    | ReportSwitched
    | ReportRequestCancelled
    | ReportLineReleased
    | ReportUnreadable
)

# people


class RequestCancellation(PortCommand):
    by: str
    needs: Said | None
    """What the contract asks for before it takes effect; None when nothing."""
    needs_agreement: bool
    """Whether that is the provider's agreement, and not a paper of the customer's."""
    needs_until: AwareDatetime
    cost: tuple[Said, ...]
    keeps_number: bool


class TakeDecision(PortCommand):
    decision: DecisionKind
    code: str | None
    """Which attention it answers; needed only when several allow it."""
    reason: str
    by: str
    today: date
    """In the hours of the contract."""
    replaces: bool
    """Whether the contract gives a new number when this one cannot be ported."""
    keeps_number: bool
    """Whether a cancelled line is kept with a new number (decision 25)."""
    gate: GateKind | None = None
    documents: tuple[HeldDocument, ...] = ()
    day: date | None = None
    until: AwareDatetime | None = None
    turn: Turn | None = None
    rio: Personal | None = None
    donor: str | None = None
    correction_id: CorrectionId | None = None
    cancellation: RequestCancellation | None = None
    """What cancelling takes by the contract, when that is what is decided."""
    reactivation: ReactivationWindow | None = None
    """Until when the donor can activate the number again, when a paper is handed in for that."""


class AmendPort(PortCommand):
    """Another day or another RIO, asked for while the port runs."""

    by: str
    day: date | None = None
    rio: Personal | None = None
    donor: str | None = None
    correction_id: CorrectionId | None = None


PersonCommand = TakeDecision | RequestCancellation | AmendPort

PortInCommand = OwnCommand | AnswerCommand | ReportCommand | PersonCommand
