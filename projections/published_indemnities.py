"""What others are told of indemnities: worked out, undone, asked for, over."""

from datetime import date
from decimal import Decimal

from domain import indemnity_facts as indemnity
from domain.event import Event
from domain.indemnity_facts import Ending, Head, IndemnityId
from domain.said import Said
from projections.published import Published


class IndemnityAssessedV1(Published):
    TYPE = "indemnity.assessed"
    MEANING = "Billing: what is owed for a port that was late, lost or missed, and every reason."
    indemnity_id: IndemnityId
    head: Head
    owed: Decimal
    may_be_paid: bool
    """False until a person has signed the reading it rests on."""
    because: tuple[Said, ...]


class IndemnityReversedV1(Published):
    TYPE = "indemnity.reversed"
    MEANING = "Billing: what was assessed is undone by its equal; another assessment may follow."
    indemnity_id: IndemnityId
    amount: Decimal
    reason: str


class IndemnityRequestedV1(Published):
    TYPE = "indemnity.requested"
    MEANING = "Billing: the customer asked for it; it is to be paid by a day, and by which clause."
    indemnity_id: IndemnityId
    due_on: date
    source: str


class IndemnityClosedV1(Published):
    TYPE = "indemnity.closed"
    MEANING = "Billing: it is over: paid, owed by another, not asked for, or nothing, and why."
    indemnity_id: IndemnityId
    ending: Ending
    because: Said


INDEMNITIES = (
    IndemnityAssessedV1,
    IndemnityReversedV1,
    IndemnityRequestedV1,
    IndemnityClosedV1,
)


def of_an_indemnity(event: Event, which: IndemnityId | None) -> Published | None:
    if which is None:
        return None
    match event:
        case indemnity.IndemnityAssessed(assessment=one):
            return IndemnityAssessedV1(
                indemnity_id=which,
                head=one.head,
                owed=one.ours,
                may_be_paid=one.may_be_paid,
                because=one.because,
            )
        case indemnity.IndemnityReversed(amount=amount, reason=reason):
            return IndemnityReversedV1(indemnity_id=which, amount=amount, reason=reason)
        case indemnity.IndemnityRequested(due_on=due_on, source=source):
            return IndemnityRequestedV1(indemnity_id=which, due_on=due_on, source=source)
        case indemnity.IndemnityClosed(ending=ending, why=why):
            return IndemnityClosedV1(indemnity_id=which, ending=ending, because=why)
        case _:
            return None
