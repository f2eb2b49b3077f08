"""Where one indemnity stands, and how each fact moves it. The balance is the sum of its entries."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator

from domain import indemnity_facts as facts
from domain.attention import (
    Attention,
    AttentionCleared,
    AttentionMoved,
    AttentionRaised,
    open_after,
)
from domain.event import Event
from domain.indemnity_facts import Assessment, Givens, IndemnityEvent, IndemnityTerms
from domain.indemnity_questions import EVIDENCE, PAYMENT, UNSIGNED
from domain.port_in_awaited import Awaited, first_awaited
from domain.said import Said


class IndemnityStage(StrEnum):
    COUNTING = "counting"
    """Days may still be added, or something is asked of a person: nothing is worked out yet."""
    EVIDENCE = "evidence"
    """Another answers for it: the customer is to get what is needed to claim it."""
    UNASKED = "awaiting-request"
    """We owe it: the customer's request is awaited."""
    PAYABLE = "payable"
    """Asked for: to be paid by its day."""
    CLOSED = "closed"


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_State):
    """One line of the account: an assessment, or its reversal."""

    amount: Decimal
    because: Said


class NotOpened(_State):
    """No fact yet."""


class Opened(_State):
    """What every indemnity has, whatever its stage."""

    stage: IndemnityStage
    terms: IndemnityTerms
    shown_by: Said
    look_until: AwareDatetime | None = None
    """Until when a new appointment is waited for; None when the port's own dates say."""
    givens: Givens = Givens()
    entries: tuple[Entry, ...] = ()
    payments: tuple[facts.IndemnityPaid, ...] = ()
    requested: facts.IndemnityRequested | None = None
    handed: facts.EvidenceHandedOver | None = None
    assessed: facts.IndemnityAssessed | None = None
    attentions: tuple[Attention, ...] = ()
    ended: facts.IndemnityClosed | None = None

    @property
    def blocked(self) -> bool:
        return any(attention.blocks for attention in self.attentions)

    @property
    def owed(self) -> Decimal:
        """By us, by every entry so far."""
        return sum((entry.amount for entry in self.entries), Decimal("0.00"))

    @property
    def paid(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))

    @property
    def balance(self) -> Decimal:
        return self.owed - self.paid

    @property
    def to_claim_back(self) -> Decimal:
        """What was paid beyond what is owed."""
        return max(-self.balance, Decimal("0.00"))

    @property
    def assessment(self) -> Assessment | None:
        return None if self.assessed is None else self.assessed.assessment


class Counting(Opened):
    stage: Literal[IndemnityStage.COUNTING] = IndemnityStage.COUNTING


class Assessed(Opened):
    """Worked out, and not over."""

    assessed: facts.IndemnityAssessed


class Evidence(Assessed):
    stage: Literal[IndemnityStage.EVIDENCE] = IndemnityStage.EVIDENCE


class Unasked(Assessed):
    stage: Literal[IndemnityStage.UNASKED] = IndemnityStage.UNASKED


class Payable(Assessed):
    stage: Literal[IndemnityStage.PAYABLE] = IndemnityStage.PAYABLE
    requested: facts.IndemnityRequested


class Closed(Opened):
    stage: Literal[IndemnityStage.CLOSED] = IndemnityStage.CLOSED
    ended: facts.IndemnityClosed


KnownIndemnity = Annotated[Counting | Evidence | Unasked | Payable | Closed, Discriminator("stage")]
IndemnityState = NotOpened | Counting | Evidence | Unasked | Payable | Closed

OpenedT = TypeVar("OpenedT", bound=Opened)


def awaited_by(state: IndemnityState) -> Awaited | None:
    """The first of what is awaited, of people or of the process."""
    if isinstance(state, NotOpened):
        return None
    due = due_of(state)
    own = [] if due is None else [Awaited(until=due, what=_AWAITED[state.stage])]
    return first_awaited(state.attentions, own)


_AWAITED = {
    IndemnityStage.COUNTING: Said(fr="le nouveau rendez-vous", en="the new appointment"),
    IndemnityStage.EVIDENCE: Said(
        fr="la remise des preuves au client", en="the evidence to reach the customer"
    ),
    IndemnityStage.UNASKED: Said(fr="la demande du client", en="the customer's request"),
    IndemnityStage.PAYABLE: Said(fr="le paiement", en="the payment"),
}
_REMINDERS = {
    IndemnityStage.EVIDENCE: frozenset({EVIDENCE}),
    IndemnityStage.PAYABLE: frozenset({PAYMENT, UNSIGNED}),
}


def due_of(state: IndemnityState) -> datetime | None:
    """The process's own next date; none once what it leads to is asked of a person."""
    if isinstance(state, NotOpened) or state.blocked:
        return None
    reminders = _REMINDERS.get(state.stage, frozenset())
    if any(attention.code in reminders for attention in state.attentions):
        return None
    return _date_of(state)


def _date_of(state: KnownIndemnity) -> datetime | None:
    match state:
        case Counting(look_until=look_until) if state.givens.back_on is None:
            return look_until
        case Evidence(assessed=assessed):
            return assessed.evidence_until
        case Unasked(assessed=assessed):
            return assessed.request_until
        case Payable(requested=requested):
            return requested.due_until
        case _:
            return None


def evolve(state: IndemnityState, event: IndemnityEvent) -> IndemnityState:
    if isinstance(event, facts.IndemnityOpened):
        return Counting(terms=event.terms, shown_by=event.shown_by, look_until=event.look_until)
    if isinstance(state, NotOpened):
        return state
    if isinstance(event, AttentionRaised | AttentionMoved | AttentionCleared):
        return _with(state, attentions=open_after(state.attentions, event))
    return _moved(state, event)


def _moved(state: KnownIndemnity, event: IndemnityEvent) -> IndemnityState:
    after: IndemnityState = state
    match event:
        case facts.IndemnityDataGiven(givens=givens):
            after = _to(Counting, state, givens=_merged(state.givens, givens), ended=None)
        case facts.IndemnityReversed(amount=amount, reason=reason):
            entry = Entry(amount=amount, because=Said(fr=reason, en=reason))
            undone = {"assessed": None, "handed": None, "ended": None, "attentions": ()}
            after = _to(Counting, state, entries=(*state.entries, entry), **undone)
        case facts.IndemnityAssessed():
            after = _assessed(state, event)
        case facts.EvidenceHandedOver():
            after = _standing(_with(state, handed=event))
        case facts.IndemnityRequested():
            after = _standing(_with(state, requested=event, ended=None))
        case facts.IndemnityPaid():
            after = _standing(_with(state, payments=(*state.payments, event)))
        case facts.IndemnityClosed():
            after = _to(Closed, state, ended=event, attentions=())
    return after


def _assessed(state: KnownIndemnity, event: facts.IndemnityAssessed) -> IndemnityState:
    assessment = event.assessment
    said = assessment.because[-1] if assessment.because else state.shown_by
    entry = Entry(amount=assessment.ours, because=said)
    return _standing(_with(state, entries=(*state.entries, entry), assessed=event))


def _standing(state: KnownIndemnity) -> KnownIndemnity:
    """The stage the facts put it in: evidence first, then what we owe; to close takes a fact."""
    if state.ended is not None:
        return state
    if state.assessed is None:
        return _to(Counting, state)
    if state.assessed.assessment.owed_by_another and state.handed is None:
        return _to(Evidence, state)
    if state.requested is not None:
        return _to(Payable, state)
    return _to(Unasked, state)


def _merged(before: Givens, after: Givens) -> Givens:
    given = {name: value for name, value in after if value is not None}
    if after.responsible is None:
        del given["whole"]
    return before.model_copy(update=given)


def _to(kind: type[OpenedT], state: Opened, **more: object) -> OpenedT:
    """The next stage: what the stages share is carried over."""
    shared = {k: v for k, v in state if k != "stage"}
    return kind(**{**shared, **more})


def _with(state: OpenedT, **changes: object) -> OpenedT:
    return state.model_copy(update=changes)


def fold(events: Iterable[Event]) -> IndemnityState:
    state: IndemnityState = NotOpened()
    for event in events:
        if isinstance(event, IndemnityEvent):
            state = evolve(state, event)
    return state
