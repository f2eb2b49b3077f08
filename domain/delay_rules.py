"""What the contract of one access says of a later day its customer asks for (002:2375-2396)."""

from datetime import date, datetime, time

from domain.access_customer_delays import (
    DelayAsked,
    DelayCause,
    DelayFee,
    customer_delay,
    delay_fee,
)
from domain.access_promises import agreed_day
from domain.access_stages import Access
from domain.attention import DecisionRefusedError
from domain.contract_questions import Contract
from domain.delay_facts import CustomerDelayAgreed, CustomerDelayMissed, DelaySettled
from domain.said import joined
from domain.works_facts import Party


def delay_settled(
    contract: Contract, access: Access, wished: date | None, at: datetime
) -> DelaySettled | None:
    """None where no day is planned yet, where it is no later, and where the contract has no clause
    about it: then it is a wish like any other."""
    was = _agreed_day(access)
    if was is None or wished is None or wished <= was:
        return None
    first = access.delays[0].first if access.delays else was
    asked = DelayAsked(asked_at=at, was=was, day=wished, first=first)
    terms = customer_delay(contract, access.technology, asked, prices=access.terms.prices)
    if terms.warn_until is None and terms.longest is None:
        return None
    if terms.cost is not None:
        return DelaySettled(agreed=None, said=terms.said)
    fee = None
    if terms.in_time is False:
        fee = delay_fee(contract, access.technology, DelayCause.UNWARNED, day=was, first=first)
    billed = None if fee is None else fee.billed
    said = (*terms.said, *(() if fee is None else fee.said))
    agreed = CustomerDelayAgreed(
        was=was,
        day=wished,
        first=first,
        in_time=terms.in_time,
        billed_from=None if billed is None else billed.on,
        source=None if billed is None else billed.source,
        because=joined(said),
    )
    return DelaySettled(agreed=agreed, said=said)


_NOON = time(12)
"""Of the day an email bears: its clauses count days and ask for no hour."""


def told_at(contract: Contract, access: Access, asked_on: date | None, at: datetime) -> datetime:
    """When the customer said so: the day its email bears, whenever somebody wrote it down here;
    DecisionRefusedError says what is wrong with that day."""
    if asked_on is None:
        return at
    local = contract.reckoning.instant_of
    if asked_on > local(at).date():
        raise DecisionRefusedError("this day has not come yet: give the day the customer asked")
    if asked_on < local(access.terms.asked_at).date():
        raise DecisionRefusedError("this day is before the order: check the day of the email")
    return min(at, local(datetime.combine(asked_on, _NOON)))


def _agreed_day(access: Access) -> date | None:
    """No customer is late by a day nobody could have kept; before one is planned, by none."""
    return None if access.plan is None else agreed_day(access)


def delay_missed(
    contract: Contract, access: Access, by: Party | None
) -> CustomerDelayMissed | None:
    """Whoever asked for another day and was not there, said once for that day: counted from the day
    of the visit, and not where others than the customer had put it off past the one agreed."""
    last = access.delays[-1] if access.delays else None
    visit, lost = access.opening.visit, access.days_lost
    if by is not Party.CUSTOMER or last is None or visit is None or visit.slot.day < last.day:
        return None
    known = any(one.day >= last.day for one in access.delays_missed)
    if known or (lost is not None and lost.upto > last.day):
        return None
    day = visit.slot.day
    fee: DelayFee = delay_fee(contract, access.technology, DelayCause.MISSED_AGAIN, day=day)
    billed = fee.billed
    return CustomerDelayMissed(
        day=day,
        billed_from=None if billed is None else billed.on,
        source=None if billed is None else billed.source,
        because=fee.because,
    )
