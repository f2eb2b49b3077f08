"""What billing hears of an indemnity."""

from datetime import date
from decimal import Decimal

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
