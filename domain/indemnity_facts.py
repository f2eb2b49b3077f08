"""The facts of one indemnity, and the small values they are made of."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import AttentionCleared, AttentionMoved, AttentionRaised, DecisionTaken
from domain.contract_resolution import Pin
from domain.contract_values import FormulaName
from domain.event import Event
from domain.identity import LineId, OrderId, StreamId
from domain.said import Said

IndemnityId = NewType("IndemnityId", UUID)
_INDEMNITIES = UUID("5b0a7c5e-6a3b-5d0c-9a39-0e3a3c4f1d0a")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Head(StrEnum):
    """What an indemnity is for: one question of the contract each, `indemnity.<head>`."""

    DELAY = "delay"
    """The number works later than the agreed port day."""
    LOSS = "loss"
    """The number was lost while it was being ported."""
    APPOINTMENT = "appointment"
    """A visit that belongs to a port did not take place."""


class Party(StrEnum):
    """Who answers for a day, by the facts."""

    US = "us"
    """The provider itself: it pays."""
    HOST = "host"
    """The network the provider buys from: towards the customer it is the provider who pays."""
    DONOR = "donor"
    """The operator the number comes from: the customer gets the evidence."""
    CUSTOMER = "customer"
    """The customer: nobody owes anything."""
    NOBODY = "nobody"
    """Nobody: so ruled by a person, with the reason."""
    UNKNOWN = "unknown"
    """The facts do not say, or contradict each other: a person is asked."""


OURS = frozenset({Party.US, Party.HOST})

PARTIES_SAID = {
    Party.US: Said(fr="nous", en="us"),
    Party.HOST: Said(
        fr="le réseau hôte, dont nous répondons", en="the host network, for which we answer"
    ),
    Party.DONOR: Said(fr="l'opérateur donneur", en="the donor"),
    Party.CUSTOMER: Said(fr="le client", en="the customer"),
    Party.NOBODY: Said(fr="personne", en="nobody"),
    Party.UNKNOWN: Said(fr="inconnu", en="unknown"),
}


class LateDay(_Value):
    """One day begun without the service, whose it is, and the fact that says so."""

    day: date
    party: Party
    because: Said


class Share(_Value):
    """The days of one party. What another owes is reckoned on a price we do not know."""

    party: Party
    days: int
    amount: Decimal | None


class MissedVisit(_Value):
    """Recorded by hand: mobile ports have no visits of their own."""

    missed_on: date
    by: Party
    evidence: str
    """What shows who missed it: the number of a report, a message."""


class Givens(_Value):
    """What a person stated, with a reason, where the facts are silent or wrong."""

    monthly_ttc: Decimal | None = Field(default=None, ge=0)
    responsible: Party | None = None
    whole: bool = False
    """The party answers for every day, and not only for those nobody answered for."""
    agreed_on: date | None = None
    back_on: date | None = None
    """When the service was back, or the new visit took place or was cancelled by the customer."""


class IndemnityTerms(_Value):
    indemnity_id: IndemnityId
    head: Head
    line_id: LineId
    order_id: OrderId
    number: int
    """The line's place in its order."""
    pin: Pin
    monthly_ttc: Decimal | None
    missed: MissedVisit | None = None


class Assessment(_Value):
    """What is owed by the facts and the contract as they stand: figures, days, clause, reasons."""

    head: Head
    formula: FormulaName
    factor: str | None
    source: str
    may_be_paid: bool
    """False until somebody has signed the reading of the contract it rests on."""
    monthly_ttc: Decimal | None
    agreed_on: date | None
    back_on: date | None
    days: tuple[LateDay, ...]
    shares: tuple[Share, ...]
    ours: Decimal
    because: tuple[Said, ...]

    @property
    def owed_by_another(self) -> bool:
        """The customer may claim it elsewhere, and gets the evidence."""
        return any(s.party is Party.DONOR and s.amount is None for s in self.shares)


class Ending(StrEnum):
    NOTHING = "nothing-owed"
    """Nobody owes anything, and the explanation says why."""
    HANDED_OVER = "evidence-handed-over"
    """Another owes it: the customer has what is needed to claim it."""
    PAID = "paid"
    """We owed it, and it is paid."""
    UNASKED = "not-asked-for"
    """We owed it and nobody asked for it in time: a request opens it again."""
    DECLINED = "declined"
    """A person held that the reading it rests on does not apply; the reason is kept."""


class IndemnityOpened(Event):
    """A fact shows that something may be owed: it was opened in the same breath."""

    terms: IndemnityTerms
    shown_by: Said
    look_until: AwareDatetime | None = None
    """Until when a new appointment is waited for; None when the port's own dates say."""


class IndemnityDataGiven(Event):
    """A person answered a question, or corrected what was worked out; the reason is theirs."""

    givens: Givens
    by: str
    reason: str


class IndemnityAssessed(Event):
    assessment: Assessment
    evidence_until: AwareDatetime | None
    """Until when the evidence should be in the customer's hands; None when there is none."""
    request_until: AwareDatetime | None
    """Until when the customer's request is waited for; None when we owe nothing."""


class IndemnityReversed(Event):
    """What was assessed is undone by its equal: it is never changed."""

    amount: Decimal
    reason: str
    by: str


class EvidenceHandedOver(Event):
    """The customer has what is needed to claim it from whoever answers for it."""

    on: date
    how: str
    by: str


class IndemnityRequested(Event):
    """The customer asked for it: it is payable so long after."""

    on: date
    due_on: date
    due_until: AwareDatetime
    source: str
    by: str


class IndemnityPaid(Event):
    on: date
    amount: Decimal = Field(gt=0)
    reference: str
    """Of the credit note or transfer; not personal data."""
    by: str


class IndemnityClosed(Event):
    ending: Ending
    why: Said


IndemnityEvent = (
    IndemnityOpened
    | IndemnityDataGiven
    | IndemnityAssessed
    | IndemnityReversed
    | EvidenceHandedOver
    | IndemnityRequested
    | IndemnityPaid
    | IndemnityClosed
    | AttentionRaised
    | AttentionMoved
    | AttentionCleared
    | DecisionTaken
)


def indemnity_id_for(line_id: LineId, head: Head, *, missed_on: date | None = None) -> IndemnityId:
    """One of each head for a line; a missed visit is told from another by its day."""
    which = head if missed_on is None else f"{head}\x1f{missed_on}"
    return IndemnityId(uuid5(_INDEMNITIES, f"{line_id}\x1f{which}"))


def indemnity_stream(indemnity_id: IndemnityId) -> StreamId:
    return StreamId(f"indemnity/{indemnity_id}")


def indemnity_of_stream(stream_id: StreamId) -> IndemnityId | None:
    kind, _, identity = stream_id.partition("/")
    return IndemnityId(UUID(identity)) if kind == "indemnity" else None
