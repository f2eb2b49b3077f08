"""Where one fixed access stands, and how each fact moves it."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Discriminator

from domain import access_facts as facts
from domain.access_facts import (
    CUTS_PAPER,
    AccessEvent,
    AccessTerms,
    Barrier,
    Fee,
    Offer,
    Technology,
    Use,
)
from domain.attention import (
    ALWAYS,
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionTaken,
    open_after,
)
from domain.event import Event
from domain.port_in_facts import (
    CancellationAsked,
    CancellationLapsed,
    Gate,
    GateOpened,
    GatesPassed,
    HeldDocument,
    HostNetwork,
    LineReleased,
    OperatorAsked,
    OperatorRefused,
    OperatorTook,
    Outcome,
    RetryBegun,
    RetryPlanned,
    Step,
    StepGivenUp,
    UndoingBegun,
)
from domain.port_in_states import Ask, try_of
from domain.said import Said


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
    """Nothing stands between the site and its works."""
    IN_SERVICE = "in-service"
    """It works at its site."""
    GIVING_BACK = "giving-back"
    """What was reserved is given back."""
    CLOSED = "closed"


BY_ITSELF = {facts.SaturationMode.NOW, facts.SaturationMode.LATER}
"""Saturations that are dealt with before anybody answers anything."""


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NotOpened(_State):
    """No fact yet."""


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
        return self.owed[:-1] if under_way else self.owed

    @property
    def charged(self) -> tuple[Fee, ...]:
        """What may be charged: done, consented to, and of a known and signed amount."""
        done = self.carried_out
        return tuple(one.fee for one in done if one.consented and one.fee.chargeable)

    def epoch(self, step: Step) -> int:
        return self.epochs.get(step, 0)

    def holds(self, name: str) -> bool:
        return any(document.name == name for document in self.documents)

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


class InService(Served):
    stage: Literal[AccessStage.IN_SERVICE] = AccessStage.IN_SERVICE
    started: facts.ServiceStarted


class GivingBack(Access):
    stage: Literal[AccessStage.GIVING_BACK] = AccessStage.GIVING_BACK
    outcome: Outcome
    why: Said
    left: tuple[Step, ...]
    fees: tuple[Fee, ...] = ()

    @property
    def step(self) -> Step | None:
        return next(iter(self.left), None)


class Closed(_State):
    stage: Literal[AccessStage.CLOSED] = AccessStage.CLOSED
    terms: AccessTerms
    chosen: facts.OfferChosen | None
    reserved: facts.AccessReserved | None
    ended: facts.AccessEnded

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
    | InService
    | GivingBack
    | Closed,
    Discriminator("stage"),
]
"""What a document keeps: any stage an access can be in."""

AccessState = NotOpened | Access | Closed

AccessT = TypeVar("AccessT", bound=Access)
EventT = TypeVar("EventT", bound=Event)


def _to(kind: type[AccessT], state: Access, **more: object) -> AccessT:
    """The next stage: what the stages share is carried over, but for a try of the one before."""
    shared = {k: v for k, v in state if k in kind.model_fields and k not in {"stage", "retry"}}
    return kind(**{**shared, **more})


def _with(state: AccessT, **changes: object) -> AccessT:
    return state.model_copy(update=changes)


def evolve(state: AccessState, event: AccessEvent) -> AccessState:
    if isinstance(event, facts.AccessOpened):
        terms = event.terms
        return ClaimingSite(
            terms=terms,
            gates=event.gates,
            documents=terms.held,
        )
    if isinstance(state, NotOpened | Closed):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return _with(state, attentions=open_after(state.attentions, event))
    return _MOVES[type(event)](state, event)


def fold(events: Iterable[Event]) -> AccessState:
    """Where the facts of a line's stream lead."""
    state: AccessState = NotOpened()
    for event in events:
        if isinstance(event, AccessEvent):
            state = evolve(state, event)
    return state


Move = Callable[[Access, Event], AccessState]
_MOVES: dict[type[Event], Move] = {}


def _on(kind: type[EventT]) -> Callable[[Callable[[Access, EventT], AccessState]], Move]:
    def register(move: Callable[[Access, EventT], AccessState]) -> Move:
        def typed(state: Access, event: Event) -> AccessState:
            return move(state, cast("EventT", event))

        _MOVES[kind] = typed
        return typed

    return register


@_on(facts.SiteClaimed)
def _claimed(state: Access, _event: facts.SiteClaimed) -> AccessState:
    return _to(GatheringPapers, state)


@_on(GateOpened)
def _gate_opened(state: Access, event: GateOpened) -> AccessState:
    closed = tuple(gate for gate in state.gates if gate.kind is not event.kind)
    return _with(state, gates=closed, documents=(*state.documents, *event.by))


@_on(GatesPassed)
def _gates_passed(state: Access, _event: GatesPassed) -> AccessState:
    return _to(Checking, state)


# operators


@_on(OperatorAsked)
def _asked(state: Access, event: OperatorAsked) -> AccessState:
    ask = Ask(key=event.key, epoch=event.epoch, asked_at=event.asked_at, until=event.until)
    return _with(state, asks={**state.asks, event.step: ask}, retry=None)


@_on(OperatorTook)
def _took(state: Access, event: OperatorTook) -> AccessState:
    taken = state.asks[event.step].model_copy(update={"reference": event.reference})
    return _with(state, asks={**state.asks, event.step: taken}, retry=None)


@_on(OperatorRefused)
def _refused(state: Access, event: OperatorRefused) -> AccessState:
    return _with(_asked_anew(state, event.step), retry=None)


@_on(RetryPlanned)
def _retry_planned(state: Access, event: RetryPlanned) -> AccessState:
    counted = try_of(event.step, event.row)
    tries = {**state.tries, counted: state.tries.get(counted, 0) + 1}
    return _with(state, retry=event, tries=tries)


@_on(RetryBegun)
def _retry_begun(state: Access, _event: RetryBegun) -> AccessState:
    return _with(state, retry=None)


def _asked_anew(state: AccessT, step: Step) -> AccessT:
    """Asking again is another intention, under another key."""
    asks = {known: ask for known, ask in state.asks.items() if known is not step}
    return _with(state, asks=asks, epochs={**state.epochs, step: state.epoch(step) + 1})


def _answered(state: AccessT, step: Step) -> AccessT:
    """What was asked has its answer: the next question of the kind is another one."""
    return _with(_asked_anew(state, step), retry=None)


# eligibility and choice


@_on(facts.EligibilityFound)
def _found(state: Access, event: facts.EligibilityFound) -> AccessState:
    heard = tuple(one for one in state.heard if one.operator is not event.operator)
    return _with(_answered(state, Step.CHECK_ELIGIBILITY), heard=(*heard, event))


@_on(facts.OperatorPassedOver)
def _passed_over(state: Access, event: facts.OperatorPassedOver) -> AccessState:
    over = (*state.passed_over, event.operator)
    state = _answered(state, Step.CHECK_ELIGIBILITY)
    return _with(state, passed_over=over, retry=None)


@_on(facts.EligibilityAskedAgain)
def _asked_again(state: Access, _event: facts.EligibilityAskedAgain) -> AccessState:
    """The answers of before are a measure of another day."""
    state = _asked_anew(state, Step.CHECK_ELIGIBILITY)
    for step in (Step.STUDY_SITE, Step.RESERVE_ACCESS, Step.DESATURATE):
        state = _asked_anew(state, step) if step in state.asks else state
    kept = tuple(d for d in state.documents if d.name != CUTS_PAPER or d in state.terms.held)
    over: dict[str, object] = {"heard": (), "passed_over": (), "chosen": None, "studied": None}
    over |= {"quotes": (), "saturated": None, "reserved": None}
    return _to(Checking, state, **over, documents=kept, owed=state.carried_out)


@_on(facts.OfferChosen)
def _chosen(state: Access, event: facts.OfferChosen) -> AccessState:
    return _to(Agreeing, state, chosen=event)


@_on(facts.CutsAgreed)
def _cuts_agreed(state: Access, event: facts.CutsAgreed) -> AccessState:
    return _with(state, documents=(*state.documents, event.paper))


@_on(facts.NothingInTheWay)
def _nothing_in_the_way(state: Access, event: facts.NothingInTheWay) -> AccessState:
    return _to(Studying if event.study else Reserving, state)


# study and quotes


@_on(facts.StudyHeard)
def _studied(state: Access, event: facts.StudyHeard) -> AccessState:
    return _with(_answered(state, Step.STUDY_SITE), studied=event)


@_on(facts.ChangesBinding)
def _changed(state: Access, event: facts.ChangesBinding) -> AccessState:
    """The offer as the study has it; nothing stands between it and its reservation any more."""
    served = cast("Served", state)
    chosen = facts.OfferChosen(offer=event.offer, because=event.said)
    served = _with(served, chosen=chosen)
    return _to(Reserving, served)


@_on(facts.QuoteGiven)
def _quoted(state: Access, event: facts.QuoteGiven) -> AccessState:
    return _to(Quoted, state, quote=event)


@_on(facts.QuoteAccepted)
def _quote_accepted(state: Access, event: facts.QuoteAccepted) -> AccessState:
    kind = Desaturating if state.saturated is not None else Reserving
    return _to(kind, state, quotes=(*state.quotes, event.reference))


@_on(facts.QuoteTold)
def _quote_told(state: Access, event: facts.QuoteTold) -> AccessState:
    """Its days run from there."""
    quote = cast("Quoted", state).quote.model_copy(update={"until": event.until})
    return _with(state, told=event, quote=quote)


# what is reserved, and what is missing for it


@_on(facts.AccessReserved)
def _reserved(state: Access, event: facts.AccessReserved) -> AccessState:
    return _with(_answered(state, Step.RESERVE_ACCESS), reserved=event)


@_on(facts.SaturationFound)
def _saturated(state: Access, event: facts.SaturationFound) -> AccessState:
    """What follows is the contract's: at once, later, after a quote, or not at all."""
    later = state.deferral_settled or event.mode is facts.SaturationMode.LATER
    state = _with(_asked_anew(state, Step.RESERVE_ACCESS), saturated=event, deferral_settled=later)
    return _to(Desaturating, state) if event.mode in BY_ITSELF else state


@_on(facts.FeeOwed)
def _owed(state: Access, event: facts.FeeOwed) -> AccessState:
    return _with(state, owed=(*state.owed, event))


@_on(facts.FeeConsented)
def _consented(state: Access, event: facts.FeeConsented) -> AccessState:
    """To the last that was asked about: an earlier one had an answer of its own."""
    last = max(n for n, one in enumerate(state.owed) if one.fee.head == event.head)
    owed = tuple(
        one.model_copy(update={"consented": True}) if n == last else one
        for n, one in enumerate(state.owed)
    )
    return _with(state, owed=owed, documents=(*state.documents, event.paper))


@_on(facts.Desaturated)
def _desaturated(state: Access, _event: facts.Desaturated) -> AccessState:
    return _to(Reserving, _answered(state, Step.DESATURATE), saturated=None)


@_on(facts.AccessReady)
def _ready(state: Access, _event: facts.AccessReady) -> AccessState:
    return _to(Ready, state)


@_on(facts.ServiceStarted)
def _started(state: Access, event: facts.ServiceStarted) -> AccessState:
    over = _with(state, attentions=(), hold=None, cancellation=None)
    return _to(InService, over, started=event)


# side ways


@_on(facts.SupplierWithdrew)
def _withdrew(state: Access, event: facts.SupplierWithdrew) -> AccessState:
    """What it kept for us is gone with it."""
    over = (*state.passed_over, event.operator)
    return _with(state, passed_over=over, reserved=None)


@_on(facts.AccessHeld)
def _held(state: Access, event: facts.AccessHeld) -> AccessState:
    return _with(state, hold=event)


@_on(facts.AccessTakenUp)
def _taken_up(state: Access, _event: facts.AccessTakenUp) -> AccessState:
    return _with(state, hold=None)


@_on(CancellationAsked)
def _cancellation(state: Access, event: CancellationAsked) -> AccessState:
    return _with(state, cancellation=event)


@_on(CancellationLapsed)
def _lapsed(state: Access, _event: CancellationLapsed) -> AccessState:
    return _with(state, cancellation=None)


@_on(UndoingBegun)
def _giving_back(state: Access, event: UndoingBegun) -> AccessState:
    state = _with(state, attentions=(), hold=None)
    return _to(GivingBack, state, outcome=event.outcome, why=event.why, left=event.steps)


@_on(facts.FeesSettled)
def _settled(state: Access, event: facts.FeesSettled) -> AccessState:
    return _with(cast("GivingBack", state), fees=event.fees)


@_on(LineReleased)
def _released(state: Access, _event: LineReleased) -> AccessState:
    return _given_back(state, Step.RELEASE_ACCESS)


def _given_back(state: Access, step: Step) -> AccessState:
    giving = cast("GivingBack", state)
    left = tuple(one for one in giving.left if one is not step)
    return _with(giving, left=left, retry=None)


@_on(StepGivenUp)
def _given_up(state: Access, event: StepGivenUp) -> AccessState:
    return _given_back(state, event.step)


@_on(DecisionTaken)
def _decided(state: Access, event: DecisionTaken) -> AccessState:
    """What a person has looked at may be tried again as often as before."""
    settled = state.deferral_settled or event.code == facts.REFUSAL_DUE
    if event.decision in ALWAYS:
        return state
    return _with(state, tries={}, deferral_settled=settled)


def _as_it_was(state: Access, _event: Event) -> AccessState:
    return state


_MOVES.update(dict.fromkeys(facts.ALONE, _as_it_was))


@_on(facts.AccessEnded)
def _ended(state: Access, event: facts.AccessEnded) -> AccessState:
    return Closed(terms=state.terms, chosen=state.chosen, reserved=state.reserved, ended=event)
