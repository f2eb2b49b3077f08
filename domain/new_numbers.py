"""A new number on a line, given because the old one could not be ported (decision 26)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    DecisionKind,
    DecisionRefusedError,
    DecisionTaken,
    Turn,
    answered_by,
    going_up,
    gone_up,
    open_after,
)
from domain.contract_resolution import Pin
from domain.event import Command, Event
from domain.failure_bounds import NO_ANSWER
from domain.failure_policy import Treatment
from domain.identity import LineId, OrderId
from domain.personal import Personal
from domain.port_in_facts import (
    HostNetwork,
    LineReady,
    MessageSetAside,
    OperatorAsked,
    OperatorRefused,
    OperatorTook,
    Outcome,
    RetryBegun,
    RetryPlanned,
    SimKind,
    Step,
)
from domain.port_in_failures import governed, next_try
from domain.port_in_states import Ask, try_of
from domain.said import Said

# errors


class NewNumberRefusedError(Exception):
    """The command does not fit where the line stands; nothing was recorded."""


# values


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewNumberTerms(_Value):
    line_id: LineId
    order_id: OrderId
    replaces: LineId
    pin: Pin
    host: HostNetwork
    sim: SimKind
    host_line: str | None
    """The line that was ready for the port, if one was: it is kept."""
    asked_at: AwareDatetime
    number: int | None = None
    """Its place in the order."""
    lot: int | None = None
    """That of the line it replaces."""


# commands


class _Told(Command):
    answer_by: AwareDatetime


class OpenNewNumber(_Told):
    terms: NewNumberTerms


class AskHost(_Told):
    key: str
    until: AwareDatetime


class HearHost(_Told):
    """`reference` when the host took it, `code` when it refused, neither when it said nothing."""

    reference: str | None = None
    code: str | None = None
    unsaid: str = NO_ANSWER
    """The word for a failure that came without a code."""
    treatment: Treatment | None = None


class NoteLineReady(_Told):
    ready_at: AwareDatetime
    host_line: str


class NoteNumberGiven(_Told):
    number: Personal
    given_at: AwareDatetime


class SetAside(_Told):
    source: str
    message_key: str
    why: str


class DecideNewNumber(_Told):
    decision: DecisionKind
    reason: str
    by: str


class PassTime(_Told):
    """Nobody decided in time, or the next try is due."""


NewNumberCommand = (
    OpenNewNumber
    | AskHost
    | HearHost
    | NoteLineReady
    | NoteNumberGiven
    | SetAside
    | DecideNewNumber
    | PassTime
)

# events


class NewNumberOpened(Event):
    terms: NewNumberTerms


class NumberGiven(Event):
    number: Personal
    given_at: AwareDatetime


class NewNumberEnded(Event):
    """Service starts when the line is activated with its new number (decision 27)."""

    outcome: Outcome
    service_started_at: AwareDatetime


NewNumberEvent = (
    NewNumberOpened
    | NumberGiven
    | NewNumberEnded
    | OperatorAsked
    | OperatorTook
    | OperatorRefused
    | RetryPlanned
    | RetryBegun
    | LineReady
    | MessageSetAside
    | AttentionRaised
    | AttentionMoved
    | AttentionCleared
    | DecisionTaken
)

# state


class NewNumberStage(StrEnum):
    AWAITING_LINE = "awaiting-line"
    """The SIM is being made ready."""
    AWAITING_NUMBER = "awaiting-number"
    """The host gives the number."""
    ACTIVATED = "activated"


class NotOpened(_Value):
    """No fact yet."""


class AwaitingHost(_Value):
    stage: NewNumberStage
    terms: NewNumberTerms
    host_line: str | None
    ask: Ask | None = None
    epoch: int = 0
    attentions: tuple[Attention, ...] = ()
    retry: RetryPlanned | None = None
    """The next try, while it is waited for."""
    tries: Mapping[str, int] = {}
    """How often each row has had a step tried again, since a person decided last."""

    @property
    def step(self) -> Step:
        return Step.PREPARE_LINE if self.host_line is None else Step.GIVE_NUMBER


class AwaitingLine(AwaitingHost):
    stage: Literal[NewNumberStage.AWAITING_LINE] = NewNumberStage.AWAITING_LINE


class AwaitingNumber(AwaitingHost):
    stage: Literal[NewNumberStage.AWAITING_NUMBER] = NewNumberStage.AWAITING_NUMBER


class Activated(_Value):
    stage: Literal[NewNumberStage.ACTIVATED] = NewNumberStage.ACTIVATED
    terms: NewNumberTerms
    number: Personal
    given_at: AwareDatetime
    ended: NewNumberEnded | None = None


NewNumberOpen = Annotated[AwaitingLine | AwaitingNumber | Activated, Discriminator("stage")]
NewNumberState = NotOpened | AwaitingLine | AwaitingNumber | Activated

# decide

Facts = tuple[Event, ...]


def decide(command: NewNumberCommand, state: NewNumberState) -> Facts:
    match command, state:
        case OpenNewNumber(terms=terms), NotOpened():
            return (NewNumberOpened(terms=terms),)
        case SetAside(source=source, message_key=key, why=why), _:
            return (MessageSetAside(source=source, message_key=key, why=why),)
        case _, AwaitingLine() | AwaitingNumber():
            return _of_the_host(command, state)
        case _:
            raise NewNumberRefusedError(
                f"{type(command).__name__} does not fit: the line is "
                f"{type(state).__name__.lower()}; look at its timeline"
            )


def _of_the_host(command: NewNumberCommand, state: AwaitingHost) -> Facts:
    facts: Facts = ()
    match command:
        case AskHost(key=key, until=until) if state.ask is None and state.retry is None:
            facts = (
                OperatorAsked(
                    step=state.step,
                    key=key,
                    epoch=state.epoch,
                    asked_at=command.decided_at,
                    until=until,
                ),
            )
        case HearHost():
            facts = _heard(command, state)
        case NoteLineReady(ready_at=at, host_line=line) if isinstance(state, AwaitingLine):
            facts = (LineReady(ready_at=at, host_line=line),)
        case NoteNumberGiven(number=number, given_at=at) if isinstance(state, AwaitingNumber):
            ended = NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=at)
            facts = (NumberGiven(number=number, given_at=at), ended)
        case DecideNewNumber():
            facts = _decided(command, state)
        case PassTime():
            late = [a for a in going_up(state.attentions) if a.until <= command.decided_at]
            up = tuple(gone_up(a, until=command.answer_by) for a in late)
            facts = up or _begun(command, state)
    return facts


def _heard(command: HearHost, state: AwaitingHost) -> Facts:
    if command.reference is not None:
        taken = state.ask is not None and state.ask.reference is None
        return (OperatorTook(step=state.step, reference=command.reference),) if taken else ()
    asked = governed(_attention(command, state), command.treatment)
    planned = next_try(command, state.tries, step=state.step, code=command.code or command.unsaid)
    follows = AttentionRaised(attention=asked) if planned is None else planned
    if command.code is None:
        return (follows,)
    return (OperatorRefused(step=state.step, code=command.code), follows)


def _begun(command: PassTime, state: AwaitingHost) -> Facts:
    retry = state.retry
    due = retry is not None and command.decided_at >= retry.until
    return (RetryBegun(step=state.step),) if due else ()


def _attention(command: HearHost, state: AwaitingHost) -> Attention:
    refused = command.code is not None
    what = Said(
        fr=f"l'hôte {'refuse' if refused else 'ne répond pas'} ({command.code or state.step})",
        en=f"the host {'refuses' if refused else 'does not answer'} ({command.code or state.step})",
    )
    return Attention(
        code="operator-refused" if refused else "operator-silent",
        what=what,
        since=command.decided_at,
        until=command.answer_by,
        turn=Turn.OPERATIONS,
        allowed=(DecisionKind.RETRY,),
        detail=state.step,
    )


def _decided(command: DecideNewNumber, state: AwaitingHost) -> Facts:
    attention = answered_by(state.attentions, command.decision, None)
    if command.decision is not DecisionKind.RETRY:
        raise DecisionRefusedError("decide retry: the contract gives this number, it stays owed")
    taken = DecisionTaken(
        code=attention.code,
        decision=command.decision,
        reason=command.reason,
        by=command.by,
        row=attention.row,
    )
    ask = state.ask
    asked = () if ask is None else (ask.again(state.step, until=command.answer_by),)
    return (taken, AttentionCleared(code=attention.code), *asked)


# evolve


def evolve(state: NewNumberState, event: NewNumberEvent) -> NewNumberState:
    if isinstance(event, NewNumberOpened):
        kind = AwaitingNumber if event.terms.host_line else AwaitingLine
        return kind(terms=event.terms, host_line=event.terms.host_line)
    if isinstance(state, AwaitingLine | AwaitingNumber):
        return _awaiting(state, event)
    if isinstance(state, Activated) and isinstance(event, NewNumberEnded):
        return state.model_copy(update={"ended": event})
    return state


def _awaiting(state: AwaitingLine | AwaitingNumber, event: NewNumberEvent) -> NewNumberState:
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return state.model_copy(update={"attentions": open_after(state.attentions, event)})
    after: NewNumberState = state
    match event:
        case OperatorAsked(key=key, epoch=epoch, asked_at=at, until=until):
            ask = Ask(key=key, epoch=epoch, asked_at=at, until=until)
            after = state.model_copy(update={"ask": ask, "retry": None})
        case OperatorTook(reference=reference) if state.ask is not None:
            taken = state.ask.model_copy(update={"reference": reference})
            after = state.model_copy(update={"ask": taken, "retry": None})
        case OperatorRefused():
            over = {"ask": None, "epoch": state.epoch + 1, "retry": None}
            after = state.model_copy(update=over)
        case RetryPlanned(step=step, row=row):
            counted = try_of(step, row)
            tries = {**state.tries, counted: state.tries.get(counted, 0) + 1}
            after = state.model_copy(update={"retry": event, "tries": tries})
        case RetryBegun():
            after = state.model_copy(update={"retry": None})
        case DecisionTaken():
            after = state.model_copy(update={"tries": {}})
        case LineReady(host_line=host_line):
            after = AwaitingNumber(
                terms=state.terms, host_line=host_line, attentions=state.attentions
            )
        case NumberGiven(number=number, given_at=given_at):
            after = Activated(terms=state.terms, number=number, given_at=given_at)
    return after


def fold(events: Iterable[Event]) -> NewNumberState:
    """Where the facts of a line's stream lead."""
    state: NewNumberState = NotOpened()
    for event in events:
        if isinstance(event, NewNumberEvent):
            state = evolve(state, event)
    return state
