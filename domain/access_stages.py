"""Where one fixed access can stand, and what is known of it there."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain import access_changes as changes
from domain import access_facts as facts
from domain import works_facts as fields
from domain.access_facts import (
    AccessTerms,
    Barrier,
    Fee,
    Offer,
    Technology,
    Use,
)
from domain.attention import (
    Attention,
)
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed, ServiceDayAwaited
from domain.equipment_moves import Piece, fees_left
from domain.link_facts import LinesAwaited
from domain.port_in_facts import (
    CancellationAsked,
    Gate,
    HeldDocument,
    HostNetwork,
    Outcome,
    RetryPlanned,
    Step,
)
from domain.port_in_states import Ask
from domain.said import Said
from domain.visit_facts import VisitEndSaid, VisitToldLate


class AccessStage(StrEnum):
    CLAIMING = "claiming-site"
    """The socket or the installation number is to be claimed."""
    GATHERING = "gathering-papers"
    """Documents, payments and statements are awaited."""
    CHECKING = "checking-eligibility"
    """The operators are asked, one after the other, how the site can be served."""
    AGREEING = "agreeing-cuts"
    """An offer is chosen; what it would cut is listed and agreed to."""
    STUDYING = "studying-site"
    """The operator studies the site."""
    QUOTED = "quoted"
    """A quote waits for the customer's answer."""
    RESERVING = "reserving"
    """The operator is asked to keep a pair or a port."""
    DESATURATING = "desaturating"
    """The operator adds what is missing."""
    READY = "ready-for-works"
    """Nothing stands between the site and its works: the operator builds up to it."""
    BOOKING = "booking-visit"
    """A technician is to come: slots are asked for, chosen, booked."""
    AWAITING_VISIT = "awaiting-visit"
    """Somebody comes on the day that was booked."""
    AWAITING_DAY = "awaiting-day"
    """All is there, and the customer wants it on a day to come."""
    COMMISSIONING = "commissioning"
    """The operator opens the access and tests it."""
    IN_SERVICE = "in-service"
    """It works at its site."""
    CHANGING = "changing"
    """It was amended: what an operator keeps for it is given back, then it begins anew."""
    GIVING_BACK = "giving-back"
    """What was reserved is given back."""
    CLOSED = "closed"


BY_ITSELF = {facts.SaturationMode.NOW, facts.SaturationMode.LATER}
"""Saturations that are dealt with before anybody answers anything."""


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NotOpened(_State):
    """No fact yet."""


class Usual(_State):
    """What would have followed a failure in the field."""

    after: fields.After
    failed_at: AwareDatetime


class Opening(_State):
    """How far works, visits and tests have come since an operator keeps something for it."""

    milestone: fields.MilestonePassed | None = None
    put_off_from: facts.Plan | None = None
    """What was planned before milestones put it off."""
    slots: tuple[fields.Slot, ...] = ()
    """What was offered, and is not chosen yet."""
    picked: fields.Slot | None = None
    visit: fields.VisitBooked | None = None
    """The one appointment there is: it ends before another one begins."""
    reminded: bool = False
    other_days: fields.VisitsAskedAgain | None = None
    """Asked for in the stead of the visit that is booked, or that was."""
    readiness: fields.SiteReadinessAsked | None = None
    """What the customer was asked to have done at the site."""
    site_ready: fields.SiteReady | None = None
    not_ready: tuple[fields.SiteNotReady, ...] = ()
    tested: fields.Commissioned | None = None
    setbacks: int = 0
    """How often works stopped or a visit failed for what the operator alone would do again."""
    usual: Usual | None = None
    """What follows by rule, where a person was asked because it has happened too often."""
    put_off: bool = False
    """The slot that is being booked is before a day the customer wishes since."""
    again: Said | None = None
    """Why another visit is booked than the one there was."""
    opened_by: str | None = None
    """The last visit that took place, by its reference."""
    left: tuple[str, ...] = ()
    """Keys of bookings that were on their way when something else followed: a technician may come
    for them all the same."""
    said: VisitEndSaid | None = None
    """How the last visit ended that a person has told of, as long as its operator has not."""
    told_late: VisitToldLate | None = None
    """What its operator told of that one."""
    said_is_over: bool = False
    """Another visit has ended since, or all began anew: what is known of that one moves nothing."""
    said_elsewhere: bool = False
    """It was at a place that the access was amended away from since."""

    @property
    def not_before(self) -> date | None:
        return None if self.other_days is None else self.other_days.not_before


class DaysLost(_State):
    """By others than the customer: nobody is billed for them."""

    upto: date
    said: Said
    """By what."""


class Access(_State):
    """What every open access has, whatever its stage."""

    stage: AccessStage
    terms: AccessTerms
    gates: tuple[Gate, ...]
    attentions: tuple[Attention, ...] = ()
    asks: Mapping[Step, Ask] = {}
    epochs: Mapping[Step, int] = {}
    heard: tuple[facts.EligibilityFound, ...] = ()
    passed_over: tuple[HostNetwork, ...] = ()
    chosen: facts.OfferChosen | None = None
    reserved: facts.AccessReserved | None = None
    studied: facts.StudyHeard | None = None
    quotes: tuple[str, ...] = ()
    """References of the quotes that were accepted."""
    owed: tuple[facts.FeeOwed, ...] = ()
    owed_before: int = 0
    """How many fees were owed when its saturation was found."""
    saturated: facts.SaturationFound | None = None
    cancellation: CancellationAsked | None = None
    documents: tuple[HeldDocument, ...] = ()
    retry: RetryPlanned | None = None
    """The next try, while it is waited for."""
    tries: Mapping[str, int] = {}
    hold: facts.AccessHeld | None = None
    """Suspended on request: nothing new is begun."""
    deferral_settled: bool = False
    """Whether it is put off is known: it need not be asked any more (decision 16)."""
    plan: facts.Plan | None = None
    """When it is to be in service, as long as what it follows from stands."""
    promise: facts.Plan | None = None
    """What the customer was promised: the day wished, or else the first one planned, until a day
    that binds takes its place."""
    promised_first: facts.Plan | None = None
    """The day first told: what it became since changes nothing to how late it is, but for days the
    customer asked for."""
    planned_first: facts.Plan | None = None
    """The first day its operator or we planned, whatever was wished."""
    days_lost: DaysLost | None = None
    """The latest day to which it was put off otherwise than by its customer."""
    on_its_account: tuple[Step, ...] = ()
    """What is asked once more because of the customer: what it puts off is no day others lost."""
    opening: Opening = Opening()
    delays: tuple[CustomerDelayAgreed, ...] = ()
    """Later days the customer asked for, under a clause about them."""
    delays_missed: tuple[CustomerDelayMissed, ...] = ()
    leave_open: bool = False
    """It has taken so long that the customer may leave, and that is said."""
    lines_awaited: LinesAwaited | None = None
    lines_settled: tuple[int, ...] = ()
    """Of those it waits for, the ones in service and the ones it goes on without."""
    lines_ended: tuple[int, ...] = ()
    """Likewise, those that ended without service."""
    lines_told: bool = False
    """Whoever waits for it knows that it is in service."""
    pieces: Mapping[str, Piece] = {}
    """Equipment, each in one state."""
    amendment: changes.AccessAmendmentAsked | None = None
    """Asked for, and not agreed to yet."""
    left_places: tuple[changes.Place, ...] = ()
    """Places it was ordered for before: let go once the other one is claimed."""

    @property
    def wanted(self) -> tuple[Technology, ...]:
        return self.terms.wanted

    @property
    def blocked(self) -> bool:
        return self.hold is not None or any(attention.blocks for attention in self.attentions)

    @property
    def held(self) -> bool:
        """No step is begun: a decision, a date or the next try is awaited."""
        return self.blocked or self.retry is not None

    def is_asked(self, code: str) -> bool:
        """Whether a question of that code is open."""
        return any(attention.code == code for attention in self.attentions)

    @property
    def host(self) -> HostNetwork:
        """The operator that is asked: the one chosen, or the next candidate."""
        if self.chosen is not None:
            return self.chosen.offer.operator
        return self.asking or self.terms.candidates[-1]

    @property
    def asking(self) -> HostNetwork | None:
        """The next candidate; None when all have answered or were passed over."""
        over = {*self.passed_over, *(found.operator for found in self.heard)}
        return next((one for one in self.terms.candidates if one not in over), None)

    @property
    def technology(self) -> Technology:
        return self.wanted[0] if self.chosen is None else self.chosen.offer.technology

    @property
    def offers(self) -> tuple[Offer, ...]:
        return tuple(offer for found in self.heard for offer in found.offers)

    @property
    def barriers(self) -> tuple[tuple[HostNetwork, Barrier], ...]:
        return tuple((found.operator, one) for found in self.heard for one in found.barriers)

    @property
    def uses(self) -> tuple[Use, ...]:
        """What the customer says and the operators see on the pair or socket, each once."""
        seen = (*self.terms.uses, *(use for found in self.heard for use in found.uses))
        return tuple(dict.fromkeys(seen))

    @property
    def may_be_cancelled(self) -> bool:
        """Once: not while it is given back, nor once it works."""
        over = {AccessStage.GIVING_BACK, AccessStage.IN_SERVICE}
        return self.cancellation is None and self.stage not in over

    @property
    def carried_out(self) -> tuple[facts.FeeOwed, ...]:
        """What is owed for works that were done: not for those that are still waited for."""
        under_way = self.saturated is not None and self.saturated.mode in BY_ITSELF
        return self.owed[: self.owed_before] if under_way else self.owed

    @property
    def charged(self) -> tuple[Fee, ...]:
        """What may be charged: done, consented to, and of a known and signed amount."""
        done = self.carried_out
        return tuple(one.fee for one in done if one.consented and one.fee.chargeable)

    @property
    def is_kept(self) -> bool:
        """A pair or a port is ours, or may be: it was asked for."""
        return self.reserved is not None or Step.RESERVE_ACCESS in self.asks

    @property
    def kept_site(self) -> facts.Site:
        """Where an operator keeps something for it: amended to another place, it is not there
        before that is given back."""
        return self.left_places[0].site if self.left_places else self.terms.site

    def to_give_back(self, *last: Step) -> tuple[Step, ...]:
        """Nobody comes any more, before what they would come for is given back."""
        visited = () if self.opening.visit is None else (Step.CANCEL_VISIT,)
        return (*visited, *last)

    def epoch(self, step: Step) -> int:
        return self.epochs.get(step, 0)

    def holds(self, name: str) -> bool:
        return any(document.name == name for document in self.documents)

    @property
    def waits_for(self) -> tuple[int, ...]:
        """Lines of its order, by their numbers."""
        return tuple(one for one in self.terms.after if one not in self.lines_settled)

    @property
    def step(self) -> Step | None:
        """What is to be asked of an operator where it stands."""
        return None


class ClaimingSite(Access):
    stage: Literal[AccessStage.CLAIMING] = AccessStage.CLAIMING


class GatheringPapers(Access):
    stage: Literal[AccessStage.GATHERING] = AccessStage.GATHERING


class Checking(Access):
    stage: Literal[AccessStage.CHECKING] = AccessStage.CHECKING

    @property
    def step(self) -> Step | None:
        return None if self.asking is None else Step.CHECK_ELIGIBILITY


class Served(Access):
    """An offer is chosen, whatever came after."""

    chosen: facts.OfferChosen


class Agreeing(Served):
    stage: Literal[AccessStage.AGREEING] = AccessStage.AGREEING


class Studying(Served):
    stage: Literal[AccessStage.STUDYING] = AccessStage.STUDYING

    @property
    def step(self) -> Step | None:
        return None if self.studied is not None else Step.STUDY_SITE


class Quoted(Served):
    stage: Literal[AccessStage.QUOTED] = AccessStage.QUOTED
    quote: facts.QuoteGiven
    told: facts.QuoteTold | None = None


class Reserving(Served):
    stage: Literal[AccessStage.RESERVING] = AccessStage.RESERVING

    @property
    def step(self) -> Step | None:
        return Step.RESERVE_ACCESS


class Desaturating(Served):
    stage: Literal[AccessStage.DESATURATING] = AccessStage.DESATURATING
    saturated: facts.SaturationFound

    @property
    def step(self) -> Step | None:
        return Step.DESATURATE


class Ready(Served):
    stage: Literal[AccessStage.READY] = AccessStage.READY

    @property
    def step(self) -> Step | None:
        return Step.BUILD_ACCESS


class Booking(Served):
    stage: Literal[AccessStage.BOOKING] = AccessStage.BOOKING

    @property
    def step(self) -> Step | None:
        """What is offered is chosen from first."""
        opening = self.opening
        if opening.picked is not None:
            return Step.BOOK_VISIT
        return None if opening.slots else Step.OFFER_VISITS


class AwaitingVisit(Served):
    stage: Literal[AccessStage.AWAITING_VISIT] = AccessStage.AWAITING_VISIT


class AwaitingDay(Served):
    stage: Literal[AccessStage.AWAITING_DAY] = AccessStage.AWAITING_DAY
    day: ServiceDayAwaited


class Commissioning(Served):
    stage: Literal[AccessStage.COMMISSIONING] = AccessStage.COMMISSIONING

    @property
    def step(self) -> Step | None:
        """After the lines of its order that are to work first."""
        return None if self.waits_for else Step.COMMISSION_ACCESS


class InService(Served):
    stage: Literal[AccessStage.IN_SERVICE] = AccessStage.IN_SERVICE
    started: facts.ServiceStarted


class Changing(Access):
    stage: Literal[AccessStage.CHANGING] = AccessStage.CHANGING
    anew: changes.Anew

    @property
    def step(self) -> Step | None:
        """Nobody comes any more, before what they would come for is given back."""
        return Step.RELEASE_ACCESS if self.opening.visit is None else Step.CANCEL_VISIT


class GivingBack(Access):
    stage: Literal[AccessStage.GIVING_BACK] = AccessStage.GIVING_BACK
    outcome: Outcome
    why: Said
    left: tuple[Step, ...]
    fees: tuple[Fee, ...] = ()
    asked_back: Mapping[str, fields.EquipmentAskedBack] = {}
    """Pieces by their names, whether or not they have come back since."""

    @property
    def step(self) -> Step | None:
        return next(iter(self.left), None)


class Closed(_State):
    stage: Literal[AccessStage.CLOSED] = AccessStage.CLOSED
    terms: AccessTerms
    chosen: facts.OfferChosen | None
    reserved: facts.AccessReserved | None
    ended: facts.AccessEnded
    promise: facts.Plan | None = None
    pieces: Mapping[str, Piece] = {}
    """Whatever becomes of them after it."""
    given_back: tuple[Fee, ...] = ()
    """Of its fees, since."""

    @property
    def fees(self) -> tuple[Fee, ...]:
        """What it ended with, and is still owed."""
        return fees_left(self.ended.fees, self.given_back)

    @property
    def host(self) -> HostNetwork:
        return self.terms.host if self.chosen is None else self.chosen.offer.operator


Opened = Annotated[
    ClaimingSite
    | GatheringPapers
    | Checking
    | Agreeing
    | Studying
    | Quoted
    | Reserving
    | Desaturating
    | Ready
    | Booking
    | AwaitingVisit
    | AwaitingDay
    | Commissioning
    | InService
    | Changing
    | GivingBack
    | Closed,
    Discriminator("stage"),
]
"""What a document keeps: any stage an access can be in."""

AccessState = NotOpened | Access | Closed
