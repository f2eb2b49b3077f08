"""Where one fixed access stands, and how each fact moves it; of works and visits in
`works_states`."""

from collections.abc import Iterable
from typing import cast

from domain import access_changes as changes
from domain import access_facts as facts
from domain import works_facts as fields
from domain import works_states
from domain.access_events import AccessEvent
from domain.access_facts import (
    CUTS_PAPER,
    AccessTerms,
)
from domain.access_moving import answered, asked_anew, having, on, to
from domain.access_promises import BY_MILESTONE, first_told
from domain.access_sites import DESCRIPTION
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
    Opening,
    Quoted,
    Ready,
    Reserving,
    Served,
    Studying,
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
from domain.days_lost import counted
from domain.equipment_moves import left_behind
from domain.event import Event
from domain.port_in_facts import (
    TO_SERVICE,
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
from domain.visit_facts import TOLD_LATE, UNWANTED

ALONE = (*facts.ALONE, *fields.ALONE)


def evolve(state: AccessState, event: AccessEvent) -> AccessState:
    if isinstance(event, facts.AccessOpened):
        terms = event.terms
        return ClaimingSite(
            terms=terms,
            gates=event.gates,
            documents=terms.held,
            promise=_wish(terms, source="AccessOpened"),
            promised_first=_wish(terms, source="AccessOpened"),
        )
    if isinstance(state, Closed):
        return works_states.after_the_end(state, event)
    if isinstance(state, NotOpened):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return having(state, attentions=open_after(state.attentions, event))
    if isinstance(event, ALONE):
        return state
    return counted(state, event, works_states.MOVES[type(event)](state, event))


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


@on(facts.SiteClaimed)
def _claimed(state: Access, _event: facts.SiteClaimed) -> AccessState:
    """The place it was ordered for before, if there was one, is let go with it."""
    return to(GatheringPapers, state, left_places=())


@on(GateOpened)
def _gate_opened(state: Access, event: GateOpened) -> AccessState:
    closed = tuple(gate for gate in state.gates if gate.kind is not event.kind)
    return having(state, gates=closed, documents=(*state.documents, *event.by))


@on(GatesPassed)
def _gates_passed(state: Access, _event: GatesPassed) -> AccessState:
    return to(Checking, state)


# operators


@on(OperatorAsked)
def _asked(state: Access, event: OperatorAsked) -> AccessState:
    ask = Ask(key=event.key, epoch=event.epoch, asked_at=event.asked_at, until=event.until)
    return having(state, asks={**state.asks, event.step: ask}, retry=None)


@on(OperatorTook)
def _took(state: Access, event: OperatorTook) -> AccessState:
    taken = state.asks[event.step].model_copy(update={"reference": event.reference})
    return having(state, asks={**state.asks, event.step: taken}, retry=None)


@on(OperatorRefused)
def _refused(state: Access, event: OperatorRefused) -> AccessState:
    """A slot that is taken meanwhile is chosen from others."""
    state = having(asked_anew(state, event.step), retry=None)
    if event.step is not Step.BOOK_VISIT:
        return state
    over = {"picked": None, "slots": (), "put_off": False}
    return having(state, opening=state.opening.model_copy(update=over))


@on(RetryPlanned)
def _retry_planned(state: Access, event: RetryPlanned) -> AccessState:
    counted = try_of(event.step, event.row)
    tries = {**state.tries, counted: state.tries.get(counted, 0) + 1}
    return having(state, retry=event, tries=tries)


@on(RetryBegun)
def _retry_begun(state: Access, _event: RetryBegun) -> AccessState:
    return having(state, retry=None)


# eligibility and choice


@on(facts.EligibilityFound)
def _found(state: Access, event: facts.EligibilityFound) -> AccessState:
    heard = tuple(one for one in state.heard if one.operator is not event.operator)
    return having(answered(state, Step.CHECK_ELIGIBILITY), heard=(*heard, event))


@on(facts.OperatorPassedOver)
def _passed_over(state: Access, event: facts.OperatorPassedOver) -> AccessState:
    over = (*state.passed_over, event.operator)
    state = answered(state, Step.CHECK_ELIGIBILITY)
    return having(state, passed_over=over, retry=None)


@on(facts.EligibilityAskedAgain)
def _asked_again(state: Access, event: facts.EligibilityAskedAgain) -> AccessState:
    if event.gives_back:
        return to(Changing, state, anew=changes.Anew.ELIGIBILITY)
    return _all_asked_anew(state)


def _all_asked_anew(state: Access) -> Checking:
    """The answers of before are a measure of another day."""
    state = asked_anew(state, Step.CHECK_ELIGIBILITY)
    for step in TO_SERVICE:
        state = asked_anew(state, step) if step in state.asks else state
    kept = tuple(d for d in state.documents if d.name != CUTS_PAPER or d in state.terms.held)
    over: dict[str, object] = {"heard": (), "passed_over": (), "chosen": None, "studied": None}
    over |= {"quotes": (), "saturated": None, "reserved": None, "plan": None}
    over |= {"opening": _still_known(state.opening), "lines_awaited": None}
    return to(Checking, state, **over, documents=kept, owed=state.carried_out)


def _still_known(opening: Opening) -> Opening:
    """Which end of a visit stands may be asked still: it moves nothing of what begins, nor do its
    setbacks count there."""
    said = opening.said
    if said is None:
        return Opening()
    return Opening(
        said=said.model_copy(update={"counted": False}),
        told_late=opening.told_late,
        said_is_over=True,
        said_elsewhere=opening.said_elsewhere,
    )


@on(facts.OfferChosen)
def _chosen(state: Access, event: facts.OfferChosen) -> AccessState:
    return to(Agreeing, state, chosen=event)


@on(facts.DeliveryPlanned)
def _planned(state: Access, event: facts.DeliveryPlanned) -> AccessState:
    """A day that was promised is put off by what binds, and never brought forward."""
    plan, promise = event.plan, state.promise
    moves = promise is None or (plan.binds and plan.on > promise.on)
    first = state.promised_first or plan
    opening = state.opening.model_copy(update={"put_off_from": _put_off_from(state, plan)})
    promised = {"promise": plan if moves else promise, "promised_first": first}
    return having(state, plan=plan, opening=opening, **promised)


def _put_off_from(state: Access, plan: facts.Plan) -> facts.Plan | None:
    """Milestones may follow each other; anything else that plans it has the last word."""
    if plan.source != BY_MILESTONE:
        return None
    before = state.plan
    again = before is not None and before.source == BY_MILESTONE
    return state.opening.put_off_from if again else before


@on(facts.CutsAgreed)
def _cuts_agreed(state: Access, event: facts.CutsAgreed) -> AccessState:
    return having(state, documents=(*state.documents, event.paper))


@on(facts.NothingInTheWay)
def _nothing_in_the_way(state: Access, event: facts.NothingInTheWay) -> AccessState:
    return to(Studying if event.study else Reserving, state)


# study and quotes


@on(facts.StudyHeard)
def _studied(state: Access, event: facts.StudyHeard) -> AccessState:
    return having(answered(state, Step.STUDY_SITE), studied=event)


@on(facts.ChangesBinding)
def _changed(state: Access, event: facts.ChangesBinding) -> AccessState:
    """The offer as the study has it; nothing stands between it and its reservation any more."""
    served = cast("Served", state)
    chosen = facts.OfferChosen(offer=event.offer, because=event.said)
    return to(_onward(state), having(served, chosen=chosen))


def _onward(state: Access) -> type[Access]:
    """What is kept already is not asked for once more: a study or a desaturation that follows works
    leads back to them."""
    return Reserving if state.reserved is None else Ready


@on(facts.QuoteGiven)
def _quoted(state: Access, event: facts.QuoteGiven) -> AccessState:
    return to(Quoted, state, quote=event)


@on(facts.QuoteAccepted)
def _quote_accepted(state: Access, event: facts.QuoteAccepted) -> AccessState:
    kind = Desaturating if state.saturated is not None else _onward(state)
    return to(kind, state, quotes=(*state.quotes, event.reference))


@on(facts.QuoteTold)
def _quote_told(state: Access, event: facts.QuoteTold) -> AccessState:
    """Its days run from there."""
    quote = cast("Quoted", state).quote.model_copy(update={"until": event.until})
    return having(state, told=event, quote=quote)


# what is reserved, and what is missing for it


@on(facts.AccessReserved)
def _reserved(state: Access, event: facts.AccessReserved) -> AccessState:
    return having(answered(state, Step.RESERVE_ACCESS), reserved=event)


@on(facts.SaturationFound)
def _saturated(state: Access, event: facts.SaturationFound) -> AccessState:
    """What follows is the contract's: at once, later, after a quote, or not at all."""
    later = state.deferral_settled or event.mode is facts.SaturationMode.LATER
    state = having(
        asked_anew(state, Step.RESERVE_ACCESS),
        saturated=event,
        owed_before=len(state.owed),
        deferral_settled=later,
    )
    return to(Desaturating, state) if event.mode in BY_ITSELF else state


@on(facts.FeeOwed)
def _owed(state: Access, event: facts.FeeOwed) -> AccessState:
    return having(state, owed=(*state.owed, event))


@on(facts.FeeConsented)
def _consented(state: Access, event: facts.FeeConsented) -> AccessState:
    """To the last that was asked about: an earlier one had an answer of its own."""
    last = max(n for n, one in enumerate(state.owed) if one.fee.head == event.head)
    owed = tuple(
        one.model_copy(update={"consented": True}) if n == last else one
        for n, one in enumerate(state.owed)
    )
    return having(state, owed=owed, documents=(*state.documents, event.paper))


@on(facts.Desaturated)
def _desaturated(state: Access, _event: facts.Desaturated) -> AccessState:
    return to(_onward(state), answered(state, Step.DESATURATE), saturated=None)


@on(facts.AccessReady)
def _ready(state: Access, _event: facts.AccessReady) -> AccessState:
    return to(Ready, state)


@on(facts.ServiceStarted)
def _started(state: Access, event: facts.ServiceStarted) -> AccessState:
    lasting = _lasting(state)
    over = having(state, attentions=lasting, hold=None, cancellation=None, amendment=None)
    return to(InService, over, started=event)


def _lasting(state: Access) -> tuple[Attention, ...]:
    """About visits that took place, or will, whatever becomes of the access."""
    return tuple(one for one in state.attentions if one.code in {TOLD_LATE, UNWANTED})


# side ways


@on(facts.SupplierWithdrew)
def _withdrew(state: Access, event: facts.SupplierWithdrew) -> AccessState:
    """What it kept for us is gone with it."""
    over = (*state.passed_over, event.operator)
    return having(state, passed_over=over, reserved=None)


@on(facts.AccessHeld)
def _held(state: Access, event: facts.AccessHeld) -> AccessState:
    return having(state, hold=event)


@on(facts.AccessTakenUp)
def _taken_up(state: Access, _event: facts.AccessTakenUp) -> AccessState:
    return having(state, hold=None)


@on(changes.AccessAmendmentAsked)
def _amendment_asked(state: Access, event: changes.AccessAmendmentAsked) -> AccessState:
    return having(state, amendment=event)


@on(changes.AccessAmendmentLapsed)
def _amendment_lapsed(state: Access, _event: changes.AccessAmendmentLapsed) -> AccessState:
    return having(state, amendment=None)


@on(changes.AccessAmended)
def _amended(state: Access, event: changes.AccessAmended) -> AccessState:
    place, wished = event.change.place, event.change.wished
    left = state.left_places if place is None else _left_by(state)
    terms = event.change.made_to(state.terms)
    state = having(state, terms=terms, amendment=None, left_places=left)
    wish = _wish(terms, source="AccessAmended")
    if place is not None:
        state = having(_without_papers_of_it(state), pieces=left_behind(state.pieces))
        opening = state.opening.model_copy(update={"said_elsewhere": True})
        state = having(state, opening=opening)
        state = having(state, promise=wish, promised_first=wish)
    elif wish is not None and wished is not None:
        state = having(state, promise=wish, promised_first=first_told(state, wish))
    if event.anew is None:
        return state if wished is None else works_states.wished_otherwise(state, wished)
    if event.gives_back:
        return to(Changing, state, anew=event.anew)
    return _begun_anew(state, event.anew)


def _left_by(state: Access) -> tuple[changes.Place, ...]:
    return (*state.left_places, changes.Place.of(state.terms))


def _without_papers_of_it(state: Access) -> Access:
    """What the customer agreed to cut, and the premises it described, are of the other place."""
    terms = state.terms
    held = tuple(one for one in terms.held if one.name not in _OF_A_PLACE)
    kept = tuple(one for one in state.documents if one.name not in _OF_A_PLACE)
    return having(state, terms=terms.model_copy(update={"held": held}), documents=kept)


_OF_A_PLACE = {CUTS_PAPER, DESCRIPTION}


def _begun_anew(state: Access, anew: changes.Anew) -> AccessState:
    checking = _all_asked_anew(state)
    return checking if anew is changes.Anew.ELIGIBILITY else to(ClaimingSite, checking)


@on(CancellationAsked)
def _cancellation(state: Access, event: CancellationAsked) -> AccessState:
    return having(state, cancellation=event)


@on(CancellationLapsed)
def _lapsed(state: Access, _event: CancellationLapsed) -> AccessState:
    return having(state, cancellation=None)


@on(UndoingBegun)
def _giving_back(state: Access, event: UndoingBegun) -> AccessState:
    state = having(state, attentions=_lasting(state), hold=None)
    return to(GivingBack, state, outcome=event.outcome, why=event.why, left=event.steps)


@on(facts.FeesSettled)
def _settled(state: Access, event: facts.FeesSettled) -> AccessState:
    return having(cast("GivingBack", state), fees=event.fees)


@on(LineReleased)
def _released(state: Access, _event: LineReleased) -> AccessState:
    return _given_back(state, Step.RELEASE_ACCESS)


@on(facts.LinePutBack)
def _put_back(state: Access, _event: facts.LinePutBack) -> AccessState:
    return _given_back(state, Step.PUT_BACK)


def _given_back(state: Access, step: Step) -> AccessState:
    if isinstance(state, Changing):
        state = answered(state, step)
        return state if step is Step.CANCEL_VISIT else _begun_anew(state, state.anew)
    giving = cast("GivingBack", state)
    left = tuple(one for one in giving.left if one is not step)
    return having(giving, left=left, retry=None)


@on(StepGivenUp)
def _given_up(state: Access, event: StepGivenUp) -> AccessState:
    return _given_back(state, event.step)


@on(DecisionTaken)
def _decided(state: Access, event: DecisionTaken) -> AccessState:
    """What a person has looked at may be tried again as often as before."""
    settled = state.deferral_settled or event.code == facts.REFUSAL_DUE
    if event.decision in ALWAYS:
        return state
    return having(state, tries={}, deferral_settled=settled)


@on(facts.AccessEnded)
def _ended(state: Access, event: facts.AccessEnded) -> AccessState:
    return Closed(
        terms=state.terms,
        chosen=state.chosen,
        reserved=state.reserved,
        ended=event,
        promise=state.promise,
        pieces=state.pieces,
    )
