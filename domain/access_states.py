"""Where one fixed access stands, and how each fact moves it."""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from domain import access_changes as changes
from domain import access_facts as facts
from domain.access_events import AccessEvent
from domain.access_facts import (
    CUTS_PAPER,
    AccessTerms,
)
from domain.access_stages import (
    BY_ITSELF,
    Access,
    AccessState,
    Agreeing,
    Changing,
    Checking,
    ClaimingSite,
    Closed,
    Desaturating,
    GatheringPapers,
    GivingBack,
    InService,
    NotOpened,
    Quoted,
    Ready,
    Reserving,
    Served,
    Studying,
)
from domain.attention import (
    ALWAYS,
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
    GateOpened,
    GatesPassed,
    LineReleased,
    OperatorAsked,
    OperatorRefused,
    OperatorTook,
    RetryBegun,
    RetryPlanned,
    Step,
    StepGivenUp,
    UndoingBegun,
)
from domain.port_in_states import Ask, try_of
from domain.said import Said

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
            promise=_wish(terms, source="AccessOpened"),
        )
    if isinstance(state, NotOpened | Closed):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return _with(state, attentions=open_after(state.attentions, event))
    return state if isinstance(event, facts.ALONE) else _MOVES[type(event)](state, event)


def _wish(terms: AccessTerms, *, source: str) -> facts.Plan | None:
    if terms.wished is None:
        return None
    said = Said(fr="le jour souhaité par le client", en="the day the customer wished")
    return facts.Plan(on=terms.wished, said=said, source=source, binds=True)


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
    """The place it was ordered for before, if there was one, is let go with it."""
    return _to(GatheringPapers, state, left_places=())


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
    return _all_asked_anew(state)


def _all_asked_anew(state: Access) -> Checking:
    """The answers of before are a measure of another day."""
    state = _asked_anew(state, Step.CHECK_ELIGIBILITY)
    for step in (Step.STUDY_SITE, Step.RESERVE_ACCESS, Step.DESATURATE):
        state = _asked_anew(state, step) if step in state.asks else state
    kept = tuple(d for d in state.documents if d.name != CUTS_PAPER or d in state.terms.held)
    over: dict[str, object] = {"heard": (), "passed_over": (), "chosen": None, "studied": None}
    over |= {"quotes": (), "saturated": None, "reserved": None, "plan": None}
    return _to(Checking, state, **over, documents=kept, owed=state.carried_out)


@_on(facts.OfferChosen)
def _chosen(state: Access, event: facts.OfferChosen) -> AccessState:
    return _to(Agreeing, state, chosen=event)


@_on(facts.DeliveryPlanned)
def _planned(state: Access, event: facts.DeliveryPlanned) -> AccessState:
    """A day that was promised is put off by what binds, and never brought forward."""
    plan, promise = event.plan, state.promise
    moves = promise is None or (plan.binds and plan.on > promise.on)
    return _with(state, plan=plan, promise=plan if moves else promise)


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
    state = _with(
        _asked_anew(state, Step.RESERVE_ACCESS),
        saturated=event,
        owed_before=len(state.owed),
        deferral_settled=later,
    )
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
    over = _with(state, attentions=(), hold=None, cancellation=None, amendment=None)
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


@_on(changes.AccessAmendmentAsked)
def _amendment_asked(state: Access, event: changes.AccessAmendmentAsked) -> AccessState:
    return _with(state, amendment=event)


@_on(changes.AccessAmendmentLapsed)
def _amendment_lapsed(state: Access, _event: changes.AccessAmendmentLapsed) -> AccessState:
    return _with(state, amendment=None)


@_on(changes.AccessAmended)
def _amended(state: Access, event: changes.AccessAmended) -> AccessState:
    place, wished = event.change.place, event.change.wished
    left = state.left_places if place is None else _left_by(state)
    terms = event.change.made_to(state.terms)
    state = _with(state, terms=terms, amendment=None, left_places=left)
    if place is not None:
        state = _without_consent(state)
    if place is not None or wished is not None:
        state = _with(state, promise=_wish(terms, source="AccessAmended"))
    if event.anew is None:
        return state
    if event.gives_back:
        return _to(Changing, state, anew=event.anew)
    return _begun_anew(state, event.anew)


def _left_by(state: Access) -> tuple[changes.Place, ...]:
    return (*state.left_places, changes.Place.of(state.terms))


def _without_consent(state: Access) -> Access:
    """What the customer agreed to cut is at the other place."""
    terms = state.terms
    held = tuple(one for one in terms.held if one.name != CUTS_PAPER)
    kept = tuple(one for one in state.documents if one.name != CUTS_PAPER)
    return _with(state, terms=terms.model_copy(update={"held": held}), documents=kept)


def _begun_anew(state: Access, anew: changes.Anew) -> AccessState:
    checking = _all_asked_anew(state)
    return checking if anew is changes.Anew.ELIGIBILITY else _to(ClaimingSite, checking)


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


@_on(facts.LinePutBack)
def _put_back(state: Access, _event: facts.LinePutBack) -> AccessState:
    return _given_back(state, Step.PUT_BACK)


def _given_back(state: Access, step: Step) -> AccessState:
    if isinstance(state, Changing):
        return _begun_anew(_answered(state, step), state.anew)
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


@_on(facts.AccessEnded)
def _ended(state: Access, event: facts.AccessEnded) -> AccessState:
    return Closed(
        terms=state.terms,
        chosen=state.chosen,
        reserved=state.reserved,
        ended=event,
        promise=state.promise,
    )
