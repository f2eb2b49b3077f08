"""Gates the customer's own standing closes, whatever is ordered: withdrawal, unpaid invoices."""

from datetime import date, datetime
from typing import Protocol

from domain.contract_questions import Contract
from domain.policies import GATE_WAIT, WITHDRAWAL_HEADCOUNT_MAX
from domain.port_in_facts import Gate, GateKind
from domain.said import Said, day_said

Look = Gate | Said | None


class Standing(Protocol):
    """What the order says of its customer, and when it was signed and asked for."""

    @property
    def signed_on(self) -> date: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def headcount(self) -> int | None: ...
    @property
    def off_premises(self) -> bool: ...
    @property
    def within_main_activity(self) -> bool: ...
    @property
    def start_now(self) -> bool: ...
    @property
    def unpaid_since(self) -> date | None: ...


def waited_until(contract: Contract, asked_at: datetime) -> datetime:
    """Where no contract says how long."""
    reckoning = contract.reckoning
    asked_on = reckoning.instant_of(asked_at).date()
    return reckoning.ends_at(reckoning.add(asked_on, GATE_WAIT))


def withdrawal(contract: Contract, told: Standing) -> Look:
    """Decision 12: nothing is asked of others until it has run out, unless asked to start."""
    small = told.headcount is not None and told.headcount <= WITHDRAWAL_HEADCOUNT_MAX
    if not (told.off_premises and not told.within_main_activity and small):
        return None
    source = contract.source("withdrawal.period")
    until = contract.after("withdrawal.period", told.signed_on)
    if until is None or until <= told.asked_at:
        return None
    if told.start_now:
        return Said(
            fr=f"droit de rétractation : le client a demandé à commencer ({source})",
            en=f"right of withdrawal: the customer has asked to start ({source})",
        )
    last = day_said(contract.day_after("withdrawal.period", told.signed_on) or until)
    return Gate(
        kind=GateKind.WITHDRAWAL,
        until=until,
        said=Said(
            fr=f"le client peut se rétracter jusqu'au {last.fr}",
            en=f"the customer may withdraw until {last.en}",
        ),
        source=source,
    )


def arrears(contract: Contract, told: Standing) -> Look:
    """Decision 17: deliveries are held after so many days of arrears."""
    if told.unpaid_since is None:
        return None
    held_from = contract.after("gate.arrears-hold", told.unpaid_since)
    if held_from is None or told.asked_at < held_from:
        return None
    return Gate(
        kind=GateKind.ARREARS,
        needs=("payment",),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr="livraisons retenues : factures impayées",
            en="deliveries held: invoices are unpaid",
        ),
        source=contract.source("gate.arrears-hold"),
    )
