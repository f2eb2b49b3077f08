"""What an access can be told: by its own process, by an operator, or by a person.

Everything a contract decides comes in with the command, worked out beforehand; what is left to the
aggregate is whether it fits where the access stands.
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.access_changes import AccessChange
from domain.access_facts import (
    AccessTerms,
    Barrier,
    Fee,
    Offer,
    Plan,
    Quote,
    SaturationMode,
    StudyResult,
    Teller,
    Use,
)
from domain.attention import DecisionKind, Turn
from domain.delay_facts import CustomerDelayMissed, DelaySettled
from domain.event import Command
from domain.failure_bounds import NO_ANSWER
from domain.failure_policy import Treatment
from domain.identity import NoticeId, OrderId
from domain.port_in_facts import Gate, GateKind, HeldDocument, HostNetwork, Step
from domain.said import Said
from domain.works_facts import (
    EquipmentBilled,
    EquipmentMoved,
    FieldFailure,
    Half,
    Slot,
    TestResult,
)
from domain.works_settled import (
    Judged,
    Lead,
    Lost,
    SiteTerms,
    Start,
    VisitGone,
    VisitKeptSettled,
    VisitSettled,
)


class AccessCommand(Command):
    answer_by: AwareDatetime
    """Until when a person should answer, should this raise attention."""
    closing: Said | None = None
    """The dates, where this would have copper delivered after it is closed for good."""


class Failed(AccessCommand):
    """Something went wrong, and what the policy says of it."""

    treatment: Treatment | None = None


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# what a contract says, worked out beforehand


class QuoteTerms(_Value):
    """Until when a quote stands, what silence means, and what refusing it costs."""

    until: AwareDatetime | None
    silence_refuses: bool
    refusal: tuple[Fee, ...]
    """What refusing it is said to cost, in the reading in force."""
    charged: bool
    """False: shown, and not charged until somebody has signed that reading (decision 13)."""
    source: str
    answer: Said | None = None
    """Within which time of being told it may be answered, or that there is none."""
    silence: Said | None = None
    cost: tuple[Said, ...] = ()
    """What refusing it costs, in every reading."""


class StudySettled(_Value):
    """What a study's result means under the contract."""

    offer: Offer
    """As the study has it."""
    binding: tuple[Said, ...]
    """Changes the contract makes binding, each with its clause."""
    consent: tuple[Said, ...]
    """Changes that need the customer's consent."""
    quote: QuoteTerms | None
    """When there is a quote."""
    plan: Plan | None = None
    """When it would be delivered, as the study has it."""


class SaturationSettled(_Value):
    mode: SaturationMode
    estimate: date | None
    tell_by: AwareDatetime | None
    tell_source: str | None = None
    said: tuple[Said, ...]
    fees: tuple[Fee, ...]
    consent_needed: bool
    quote: QuoteTerms | None
    plan: Plan | None = None
    """When it would be delivered, where the contract estimates how long the saturation lasts."""


class FailureSettled(_Value):
    """What it comes to that somebody came in vain."""

    lead: Lead
    saturation: SaturationSettled | None = None
    """As the contract has it, where it is a box that is full."""
    lost: Lost | None
    """None where it is nobody's doing."""
    missed_again: CustomerDelayMissed | None = None
    """Where it was on the day the customer had asked for."""


class EndTerms(_Value):
    """What an end costs in the reading in force, and every reading as it is shown."""

    fees: tuple[Fee, ...] = ()
    cost: tuple[Said, ...] = ()


# its own process


class OpenAccess(AccessCommand):
    terms: AccessTerms
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...]


class NoteSiteClaimed(AccessCommand):
    pass


class NoteSiteTaken(AccessCommand):
    order_id: OrderId
    by_address: bool = False
    """They have the address in common, and one of the two names nothing else."""


class LookAtGates(AccessCommand):
    """What has opened by now, and whether anything is still in the way."""


class AskOperator(AccessCommand):
    step: Step
    key: str
    epoch: int
    until: AwareDatetime
    site: SiteTerms | None = None
    """What is asked of the customer at the site, where works are begun."""


class AwaitDay(AccessCommand):
    """The customer wants it on a day to come: it is not opened before."""

    day: date
    until: AwareDatetime


class ChooseOffer(AccessCommand):
    """The best of what was answered, as the contract and the wishes have it."""

    offer: Offer | None
    because: tuple[Said, ...]
    certain: bool
    """Whether no offer is a definite answer: nothing unsure, no operator silent."""
    plan: Plan | None = None
    """When it would be delivered; None while a study has to say so."""
    fees: tuple[Fee, ...] = ()
    """What a site that cannot be served costs: by most contracts nothing."""
    cost: tuple[Said, ...] = ()
    """And the clause that says so."""
    reasons: tuple[Said, ...] = ()
    """Why nobody can serve it, in words for the customer."""


class LookAtCuts(AccessCommand):
    study: bool
    because: Said
    """Why the site is studied first, or is not."""


class PassTime(Failed):
    """The deadline awaited has passed without what it was for."""

    quote: QuoteTerms | None = None
    """Of the quote that waits for an answer, if one does."""
    site: SiteTerms | None = None
    """What is asked of the customer at the site, by the day that is planned now."""


class EndAccess(AccessCommand):
    pass


class RaiseSilence(AccessCommand):
    """Nothing moved although a deadline passed: seen from the ledger alone (design § 10.5)."""


OwnCommand = (
    OpenAccess
    | NoteSiteClaimed
    | NoteSiteTaken
    | LookAtGates
    | AskOperator
    | AwaitDay
    | ChooseOffer
    | LookAtCuts
    | PassTime
    | EndAccess
    | RaiseSilence
)

# operators, asked


class HearTook(AccessCommand):
    step: Step
    reference: str


class HearRefused(Failed):
    step: Step
    code: str


class HearNothing(Failed):
    step: Step
    code: str = NO_ANSWER


class HearNobody(AccessCommand):
    """There is no interface with this operator: a person asks it, and answers in its place."""

    step: Step


AnswerCommand = HearTook | HearRefused | HearNothing | HearNobody

# operators, on their own


class Report(AccessCommand):
    """Something an operator tells us; what does not fit is set aside, with the reason."""

    source: str
    message_key: str


class Keyed(Report):
    key: str
    """Of the request it answers."""


class ReportEligibility(Keyed):
    operator: HostNetwork
    offers: tuple[Offer, ...]
    barriers: tuple[Barrier, ...]
    uses: tuple[Use, ...]
    checked_at: AwareDatetime


class ReportStudy(Keyed):
    result: StudyResult
    studied_at: AwareDatetime
    settled: StudySettled | None = None
    """None where the study says no, or asks for another order."""


class ReportReserved(Keyed):
    reference: str
    reserved_at: AwareDatetime


class ReportSaturated(Keyed):
    event_at: AwareDatetime
    at_customer: bool
    quote: Quote | None
    settled: SaturationSettled


class ReportDesaturated(Keyed):
    done_at: AwareDatetime


class ReportReleased(Keyed):
    released_at: AwareDatetime


class ReportStepRefused(Keyed, Failed):
    step: Step
    code: str


class ReportSupplyWithdrawn(Report):
    code: str
    told_at: AwareDatetime


class ReportOverwritten(Report):
    code: str
    told_at: AwareDatetime


class ReportPutBack(Keyed):
    put_back_at: AwareDatetime


class ReportQuoteTold(Report):
    """The notice of a quote has taken effect."""

    reference: str
    notice_id: NoticeId
    channel: str
    on: date
    rule: Said
    terms: QuoteTerms | None = None
    """Of the quote that waits, counted from that day."""


class ReportUnreadable(Report):
    why: str


ReportCommand = (
    ReportEligibility
    | ReportStudy
    | ReportReserved
    | ReportSaturated
    | ReportDesaturated
    | ReportReleased
    | ReportStepRefused
    | ReportSupplyWithdrawn
    | ReportOverwritten
    | ReportPutBack
    | ReportQuoteTold
    | ReportUnreadable
)

# people


class RequestCancellation(AccessCommand):
    by: str
    needs: Said | None
    needs_agreement: bool
    needs_until: AwareDatetime
    end: EndTerms


class TakeDecision(AccessCommand):
    decision: DecisionKind
    code: str | None
    """Which attention it answers; needed only when several allow it."""
    reason: str
    by: str
    today: date | None = None
    """In the hours of the contract."""
    gate: GateKind | None = None
    documents: tuple[HeldDocument, ...] = ()
    day: date | None = None
    begins: AwareDatetime | None = None
    """That day, from its first instant."""
    until: AwareDatetime | None = None
    turn: Turn | None = None
    speed: tuple[int, int] | None = None
    """Kilobits a second, down and up, as an operator without an interface says."""
    lead_days: int | None = None
    told_by: Teller | None = None
    """From whom it comes that the access took another customer's line."""
    end: EndTerms = EndTerms()
    """What ending it now would cost."""
    unserved: EndTerms = EndTerms()
    """What a site that cannot be served costs."""
    quote: QuoteTerms | None = None
    """Of the quote that waits for an answer, if one does."""
    plan: Plan | None = None
    """When it would be delivered, as a study that is agreed to now has it."""
    slot: int | None = None
    """Its place among the slots that were offered, from 1."""
    half: Half | None = None
    told_slot: Slot | None = None
    """When a technician comes, as an operator without an interface says."""
    visit: VisitSettled | None = None
    """What the visit comes to that a person books by telephone."""
    gone: VisitGone | None = None
    """What letting the visit go now comes to, where one is booked."""
    lost: Lost | None = None
    """What a visit comes to for which nobody came."""
    kept: VisitKeptSettled | None = None
    """What it comes to that one took place, where nobody reported it."""
    no_visit: Said | None = None
    """Why nobody can come at `told_slot`."""
    saturation: SaturationSettled | None = None
    """As the contract has it now, where a box was found full too often to follow by itself."""
    serials: tuple[str, ...] = ()
    """Of what a visit put up."""
    failure: FieldFailure | None = None
    """What went wrong at a visit, where somebody came."""
    failed: FailureSettled | None = None
    """And what that comes to."""
    failed_late: FailureSettled | None = None
    """Likewise, of the failure that an operator told after a person had said another end."""
    installed: tuple[EquipmentMoved | EquipmentBilled, ...] = ()
    """What its operator says was put up at a visit that a person said was lost."""
    delay: DelaySettled | None = None
    """Of the later day that is given; or of the amendment that waits for an agreement, as of when
    it was asked for."""
    lines_until: AwareDatetime | None = None
    """Until when a line that is not in service is waited for again."""
    start: Start | None = None
    """What starts with the service, on the day a person gives."""
    tests: tuple[TestResult, ...] = ()
    """What a person says was measured."""
    judged: Judged | None = None
    """What that comes to; None where no rate is guaranteed and none is given."""
    cancellation: RequestCancellation | None = None


class AmendAccess(AccessCommand):
    """Another day, rate or place."""

    by: str
    change: AccessChange
    needs: Said | None
    needs_until: AwareDatetime
    because: tuple[Said, ...] = ()
    delay: DelaySettled | None = None
    """Where it is a later day, and the contract has a clause about that."""
    gone: VisitGone | None = None
    """What letting the visit go now comes to, where one is booked."""


class HoldAccess(AccessCommand):
    """Suspended on request, for a while."""

    by: str
    reason: str
    until: AwareDatetime


class TakeUpAccess(AccessCommand):
    by: str


PersonCommand = TakeDecision | RequestCancellation | AmendAccess | HoldAccess | TakeUpAccess

AnyCommand = OwnCommand | AnswerCommand | ReportCommand | PersonCommand
