"""Where one port-in stands, and how each fact moves it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeVar, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain import port_in_facts as facts
from domain.attention import (
    ALWAYS,
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionTaken,
    PolicyRow,
    open_after,
)
from domain.event import Event
from domain.personal import Personal
from domain.port_in_facts import Gate, LineTerms, PortEvent, Step
from domain.said import Said


class PortStage(StrEnum):
    CLAIMING = "claiming"
    """The number is to be claimed."""
    GATHERING = "gathering"
    """Documents and statements are awaited."""
    DATING = "dating"
    """The dates are to be settled."""
    PREPARING = "preparing"
    """The SIM is being made ready."""
    WAITING = "waiting"
    """All is ready: the request leaves with its session."""
    AWAITING_DONOR = "awaiting-donor"
    """The request is out: the donor's answer is awaited."""
    REFUSED = "refused"
    """The donor said no, or took its yes back: a person decides what follows."""
    ACCEPTED = "accepted"
    """The donor agrees: the porting ticket leaves once the exchange takes no cancellation."""
    COMMITTED = "committed"
    """The point of no return has passed: the number moves on its day."""
    SWITCHED = "switched"
    """The number works on the new SIM; the transition runs."""
    VERIFIED = "verified"
    """Only the other operators' confirmations are missing, if any."""
    UNDOING = "undoing"
    """What was done is being undone."""
    ENDED = "ended"


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ask(_State):
    """What was asked of an operator last, for one step."""

    key: str
    epoch: int
    asked_at: AwareDatetime
    until: AwareDatetime
    reference: str | None = None
    """None until the operator has it for sure."""

    def again(self, step: Step, *, until: datetime) -> facts.OperatorAsked:
        """The same intention, waited for anew."""
        return facts.OperatorAsked(
            step=step, key=self.key, epoch=self.epoch, asked_at=self.asked_at, until=until
        )


class NotOpened(_State):
    """No fact yet."""


class Going(_State):
    """What every open port has, whatever its stage."""

    stage: PortStage
    terms: LineTerms
    rio: Personal | None
    donor: str | None
    gates: tuple[Gate, ...]
    wished: date | None
    attentions: tuple[Attention, ...] = ()
    asks: Mapping[Step, Ask] = {}
    epochs: Mapping[Step, int] = {}
    ready: facts.LineReady | None = None
    planned: facts.PortPlanned | None = None
    cancellation: facts.CancellationAsked | None = None
    confirmed: frozenset[str] = frozenset()
    documents: tuple[facts.HeldDocument, ...] = ()
    found_active: bool = False
    """Checked again since the dates were settled."""
    reopened_for: str | None = None
    """The code of the refusal after which the request is made again."""
    retry: facts.RetryPlanned | None = None
    """The next try, while it is waited for."""
    tries: Mapping[str, int] = {}
    """How often each row has had a step tried again, since a person decided last."""

    @property
    def blocked(self) -> bool:
        return any(attention.blocks for attention in self.attentions)

    @property
    def held(self) -> bool:
        """No step is begun: a decision or the instant of the next try is awaited."""
        return self.blocked or self.retry is not None

    @property
    def internal(self) -> bool:
        """Donor and receiver are the same operator: no tickets (decision 21)."""
        return self.donor == self.terms.receiver

    def epoch(self, step: Step) -> int:
        return self.epochs.get(step, 0)

    def gate(self, kind: facts.GateKind) -> Gate | None:
        return next((gate for gate in self.gates if gate.kind is kind), None)


class Claiming(Going):
    stage: Literal[PortStage.CLAIMING] = PortStage.CLAIMING


class Gathering(Going):
    stage: Literal[PortStage.GATHERING] = PortStage.GATHERING


class Dating(Going):
    stage: Literal[PortStage.DATING] = PortStage.DATING


class Dated(Going):
    planned: facts.PortPlanned


class Preparing(Dated):
    stage: Literal[PortStage.PREPARING] = PortStage.PREPARING


class Waiting(Dated):
    stage: Literal[PortStage.WAITING] = PortStage.WAITING


class AwaitingDonor(Dated):
    stage: Literal[PortStage.AWAITING_DONOR] = PortStage.AWAITING_DONOR
    answer_until: AwareDatetime
    reminders: int = 0


class Refused(Dated):
    stage: Literal[PortStage.REFUSED] = PortStage.REFUSED
    code: str


class Agreed(Dated):
    """The donor has agreed, whatever came after."""

    accepted: facts.PortAccepted


class Accepted(Agreed):
    stage: Literal[PortStage.ACCEPTED] = PortStage.ACCEPTED


class Final(Agreed):
    """The porting ticket is out, whatever came after."""

    committed: facts.PortCommitted

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(c for c in self.committed.confirmers if c not in self.confirmed)


class Committed(Final):
    stage: Literal[PortStage.COMMITTED] = PortStage.COMMITTED


class Moved(Final):
    """The number works on the new SIM, whatever came after."""

    switched: facts.LineSwitched


class Switched(Moved):
    stage: Literal[PortStage.SWITCHED] = PortStage.SWITCHED


class Verified(Moved):
    stage: Literal[PortStage.VERIFIED] = PortStage.VERIFIED
    given_up: tuple[str, ...] = ()


class Undoing(Going):
    stage: Literal[PortStage.UNDOING] = PortStage.UNDOING
    outcome: facts.Outcome
    why: Said
    left: tuple[Step, ...]


class Ended(_State):
    stage: Literal[PortStage.ENDED] = PortStage.ENDED
    terms: LineTerms
    planned: facts.PortPlanned | None
    host_line: str | None
    """The host's line, where it was kept."""
    ended: facts.PortEnded


Opened = Annotated[
    Claiming
    | Gathering
    | Dating
    | Preparing
    | Waiting
    | AwaitingDonor
    | Refused
    | Accepted
    | Committed
    | Switched
    | Verified
    | Undoing
    | Ended,
    Discriminator("stage"),
]
"""What a document keeps: any stage a port can be in."""

PortState = NotOpened | Going | Ended

GoingT = TypeVar("GoingT", bound=Going)
EventT = TypeVar("EventT", bound=Event)


def _to(kind: type[GoingT], state: Going, **more: object) -> GoingT:
    """The next stage: what the stages share is carried over, but for a try of the one before."""
    shared = {k: v for k, v in state if k in kind.model_fields and k not in {"stage", "retry"}}
    return kind(**{**shared, **more})


def _with(state: GoingT, **changes: object) -> GoingT:
    return state.model_copy(update=changes)


def evolve(state: PortState, event: PortEvent) -> PortState:
    if isinstance(event, facts.PortOpened):
        terms = event.terms
        return Claiming(
            terms=terms,
            rio=terms.rio,
            donor=terms.donor,
            gates=event.gates,
            wished=terms.wished,
            documents=terms.held,
        )
    if isinstance(state, NotOpened | Ended):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return _with(state, attentions=open_after(state.attentions, event))
    return _MOVES[type(event)](state, event)


def fold(events: Iterable[Event]) -> PortState:
    """Where the facts of a line's stream lead."""
    state: PortState = NotOpened()
    for event in events:
        if isinstance(event, PortEvent):
            state = evolve(state, event)
    return state


Move = Callable[[Going, Event], PortState]
_MOVES: dict[type[Event], Move] = {}


def _on(kind: type[EventT]) -> Callable[[Callable[[Going, EventT], PortState]], Move]:
    def register(move: Callable[[Going, EventT], PortState]) -> Move:
        def typed(state: Going, event: Event) -> PortState:
            return move(state, cast("EventT", event))

        _MOVES[kind] = typed
        return typed

    return register


@_on(facts.PortNumberClaimed)
def _claimed(state: Going, _event: facts.PortNumberClaimed) -> PortState:
    return _to(Gathering, state)


@_on(facts.GateOpened)
def _gate_opened(state: Going, event: facts.GateOpened) -> PortState:
    closed = tuple(gate for gate in state.gates if gate.kind is not event.kind)
    return _with(state, gates=closed, documents=(*state.documents, *event.by))


@_on(facts.GatesPassed)
def _gates_passed(state: Going, _event: facts.GatesPassed) -> PortState:
    return _to(Dating, state)


@_on(facts.PortPlanned)
def _planned(state: Going, event: facts.PortPlanned) -> PortState:
    kind = Waiting if state.ready else Preparing
    return _to(kind, state, planned=event, found_active=False)


@_on(facts.DataCorrected)
def _corrected(state: Going, event: facts.DataCorrected) -> PortState:
    return _with(state, rio=event.rio or state.rio, donor=event.donor or state.donor)


@_on(facts.DayChosen)
def _day_chosen(state: Going, event: facts.DayChosen) -> PortState:
    """Dates that were settled are settled anew."""
    state = _with(state, wished=event.day)
    return _to(Dating, state) if isinstance(state, Preparing | Waiting) else state


@_on(facts.OperatorAsked)
def _asked(state: Going, event: facts.OperatorAsked) -> PortState:
    ask = Ask(key=event.key, epoch=event.epoch, asked_at=event.asked_at, until=event.until)
    state = _with(state, asks={**state.asks, event.step: ask}, retry=None)
    if event.step is Step.SEND_REQUEST:
        planned = cast("Dated", state).planned
        return _to(AwaitingDonor, state, answer_until=planned.answer_until)
    return state


@_on(facts.OperatorTook)
def _took(state: Going, event: facts.OperatorTook) -> PortState:
    taken = state.asks[event.step].model_copy(update={"reference": event.reference})
    return _with(state, asks={**state.asks, event.step: taken}, retry=None)


@_on(facts.OperatorRefused)
def _operator_refused(state: Going, event: facts.OperatorRefused) -> PortState:
    """What it says takes the place of a next try that was awaited."""
    state = _with(_asked_anew(state, event.step), retry=None)
    return _to(Waiting, state) if event.step is Step.SEND_REQUEST else state


def try_of(step: Step, row: PolicyRow) -> str:
    """What tries are counted by: whatever edition of the policy the row is of."""
    return f"{step}:{row.policy}/{row.name}"


@_on(facts.RetryPlanned)
def _retry_planned(state: Going, event: facts.RetryPlanned) -> PortState:
    counted = try_of(event.step, event.row)
    tries = {**state.tries, counted: state.tries.get(counted, 0) + 1}
    return _with(state, retry=event, tries=tries)


@_on(facts.RetryBegun)
def _retry_begun(state: Going, _event: facts.RetryBegun) -> PortState:
    return _with(state, retry=None)


@_on(facts.LineReady)
def _line_ready(state: Going, event: facts.LineReady) -> PortState:
    state = _with(state, ready=event)
    return _to(Waiting, state) if isinstance(state, Preparing) else state


@_on(facts.DonorReminded)
def _reminded(state: Going, event: facts.DonorReminded) -> PortState:
    awaiting = cast("AwaitingDonor", state)
    return _with(awaiting, answer_until=event.until, reminders=awaiting.reminders + 1)


@_on(facts.PortAccepted)
def _accepted(state: Going, event: facts.PortAccepted) -> PortState:
    return _to(Accepted, state, accepted=event)


@_on(facts.PortRefused)
def _port_refused(state: Going, event: facts.PortRefused) -> PortState:
    return _to(Refused, _request_over(state), code=event.code)


@_on(facts.EligibilityLost)
def _lost(state: Going, event: facts.EligibilityLost) -> PortState:
    return _to(Refused, _request_over(state), code=event.code)


@_on(facts.ReactivationAsked)
def _reactivation(state: Going, _event: facts.ReactivationAsked) -> PortState:
    return state


@_on(facts.DayMissed)
def _day_missed(state: Going, _event: facts.DayMissed) -> PortState:
    return _to(Refused, _request_over(state), code="day-missed")


@_on(facts.PortReopened)
def _reopened(state: Going, _event: facts.PortReopened) -> PortState:
    return _to(Dating, state, reopened_for=cast("Refused", state).code)


def _request_over(state: Going) -> Going:
    """The request ended at the donor: another one is another intention, and so is its ticket."""
    state = _asked_anew(state, Step.SEND_REQUEST)
    return _asked_anew(state, Step.COMMIT_PORT) if Step.COMMIT_PORT in state.asks else state


def _asked_anew(state: Going, step: Step) -> Going:
    """Asking again is another intention, under another key."""
    asks = {known: ask for known, ask in state.asks.items() if known != step}
    return _with(state, asks=asks, epochs={**state.epochs, step: state.epoch(step) + 1})


@_on(facts.PortCommitted)
def _committed(state: Going, event: facts.PortCommitted) -> PortState:
    return _to(Committed, state, committed=event, found_active=False)


@_on(facts.NumberFoundActive)
def _active(state: Going, _event: facts.NumberFoundActive) -> PortState:
    return _with(state, found_active=True)


@_on(facts.LineSwitched)
def _switched(state: Going, event: facts.LineSwitched) -> PortState:
    return _to(Switched, state, switched=event)


@_on(facts.LineVerified)
def _verified(state: Going, _event: facts.LineVerified) -> PortState:
    return _to(Verified, state)


@_on(facts.ConfirmationReceived)
def _confirmed(state: Going, event: facts.ConfirmationReceived) -> PortState:
    return _with(state, confirmed=state.confirmed | {event.operator})


@_on(facts.ConfirmationsMissing)
def _missing(state: Going, event: facts.ConfirmationsMissing) -> PortState:
    return _with(_to(Verified, state), given_up=event.operators)


@_on(facts.CancellationAsked)
def _cancellation(state: Going, event: facts.CancellationAsked) -> PortState:
    return _with(state, cancellation=event)


@_on(facts.CancellationLapsed)
def _lapsed(state: Going, _event: facts.CancellationLapsed) -> PortState:
    return _with(state, cancellation=None)


@_on(facts.UndoingBegun)
def _undoing(state: Going, event: facts.UndoingBegun) -> PortState:
    state = _with(state, attentions=())
    return _to(Undoing, state, outcome=event.outcome, why=event.why, left=event.steps)


@_on(facts.RequestCancelled)
def _request_cancelled(state: Going, _event: facts.RequestCancelled) -> PortState:
    return _undone(state, Step.CANCEL_REQUEST)


@_on(facts.LineReleased)
def _released(state: Going, _event: facts.LineReleased) -> PortState:
    return _undone(state, Step.RELEASE_LINE)


def _undone(state: Going, step: Step) -> PortState:
    undoing = cast("Undoing", state)
    left = tuple(one for one in undoing.left if one is not step)
    return _with(undoing, left=left, retry=None)


@_on(facts.StepGivenUp)
def _given_up(state: Going, event: facts.StepGivenUp) -> PortState:
    if isinstance(state, Undoing):
        return _undone(state, event.step)
    if event.step is Step.CHECK_ACTIVE:
        return _with(state, found_active=True)
    return _to(Verified, state) if event.step is Step.VERIFY_LINE else state


@_on(DecisionTaken)
def _decided(state: Going, event: DecisionTaken) -> PortState:
    """What a person has looked at may be tried again as often as before."""
    return state if event.decision in ALWAYS else _with(state, tries={})


@_on(facts.MessageSetAside)
def _set_aside(state: Going, _event: facts.MessageSetAside) -> PortState:
    return state


@_on(facts.PortEnded)
def _ended(state: Going, event: facts.PortEnded) -> PortState:
    host_line = state.ready.host_line if state.ready else None
    return Ended(terms=state.terms, planned=state.planned, host_line=host_line, ended=event)
