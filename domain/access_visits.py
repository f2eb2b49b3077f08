"""Visits by contract: until when one moves free of charge, and who pays for one that is missed.

A slot is counted on the calendar of its site's territory (decision 2): hand in the contract with
that calendar, by `on_site`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from domain.access_clauses import asks, cited, joined, ours, silence, sourced
from domain.access_facts import Fee
from domain.calendars import Calendar
from domain.contract_profiles import Entry, Reading
from domain.contract_questions import Contract, as_duration
from domain.contract_values import DurationValue, FormulaName, FormulaValue, value_said
from domain.durations import HOUR_UNITS
from domain.indemnity_sums import amount_of
from domain.said import Said, moment_said
from domain.works_facts import FieldFailure, Party, Slot

_FREE = "appointment.cancel"
HEAD = "installation"


def on_site(contract: Contract, calendar: Calendar) -> Contract:
    """The same contract, on the days of the place the visit is to."""
    return replace(contract, calendar=calendar)


@dataclass(frozen=True, kw_only=True)
class FreeUntil:
    """One way to read until when a visit is let go free of charge."""

    name: str
    in_force: bool
    until: datetime
    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class VisitTerms:
    free_until: datetime | None
    """By the reading in force; None where no contract gives a limit."""
    readings: tuple[FreeUntil, ...]
    said: tuple[Said, ...]


def visit_terms(contract: Contract, slot: Slot) -> VisitTerms:
    """Days are counted back from the day of the visit, hours from the hour it begins."""
    entry = contract.shelf.answer(contract.pin, _FREE).entry
    if entry is None:
        silent = (silence(_NO_LIMIT), ours(_ALWAYS_FREE))
        return VisitTerms(free_until=None, readings=(), said=silent)
    readings = tuple(
        _free_until(contract, one, slot, in_force=one.name == entry.in_force)
        for one in entry.readings
    )
    current = next(one for one in readings if one.in_force)
    said = tuple(one.said for one in readings)
    return VisitTerms(free_until=current.until, readings=readings, said=said)


def _free_until(contract: Contract, reading: Reading, slot: Slot, *, in_force: bool) -> FreeUntil:
    term, source = as_duration(cast("DurationValue", reading.value)), str(reading.source)
    anchor: datetime | date = slot.begins if term.unit in HOUR_UNITS else slot.day
    last = contract.reckoning.subtract(anchor, term)
    what, when, length = _FREE_UNTIL if in_force else _KEPT, moment_said(last), term.said
    said = Said(
        fr=f"{what.fr} {when.fr} : {length.fr} avant le rendez-vous",
        en=f"{what.en} {when.en}: {length.en} before the visit",
    )
    return FreeUntil(
        name=reading.name,
        in_force=in_force,
        until=contract.reckoning.ends_at(last),
        said=sourced(said, source),
        source=source,
    )


_NO_LIMIT = Said(
    fr="aucun délai pour déplacer ou annuler un rendez-vous",
    en="no time within which a visit is moved or cancelled",
)
_ALWAYS_FREE = Said(fr="sans frais jusqu'à son début", en="free of charge until it begins")
_FREE_UNTIL = Said(fr="sans frais jusqu'au", en="free of charge until")
_KEPT = Said(fr="lecture conservée, jusqu'au", en="a reading that is kept, until")


@dataclass(frozen=True, kw_only=True)
class VisitGone:
    """What a visit that is cancelled or moved beforehand costs the customer."""

    late: bool
    fees: tuple[Fee, ...]
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


@dataclass(frozen=True, kw_only=True)
class LettingGo:
    """A visit let go before it begins."""

    at: datetime
    by: Party
    moved: bool = False
    """Another is booked in its stead; the clause speaks of cancelling alone."""
    installation: Decimal | None = None
    """The price of the installation on the quote the customer accepted, without VAT."""


def let_go(contract: Contract, slot: Slot, going: LettingGo) -> VisitGone:
    if going.by is not Party.CUSTOMER:
        return VisitGone(late=False, fees=(), said=(ours(_NOT_THEIRS),))
    terms = visit_terms(contract, slot)
    if terms.free_until is None or going.at <= terms.free_until:
        return VisitGone(late=False, fees=(), said=terms.said)
    word = contract.choice("appointment.late-cancel") if asks(contract, _LATE) else None
    if word is None:
        return VisitGone(late=True, fees=(), said=(*terms.said, silence(_NO_PRICE)))
    source = contract.source(_LATE)
    if word == "nothing":
        return VisitGone(late=True, fees=(), said=(*terms.said, sourced(_FOR_NOTHING, source)))
    fee = _invoiced(going, source)
    said = (*terms.said, sourced(fee.said, source), *_not_charged(going))
    return VisitGone(late=True, fees=(fee,), said=said)


def _invoiced(going: LettingGo, source: str) -> Fee:
    price = going.installation
    amount = _UNKNOWN if price is None else Said(fr=f"{price:.2f} € HT", en=f"{price:.2f} € HT")
    return Fee(
        head=HEAD,
        euros=price,
        said=Said(fr=f"{_INVOICED.fr} : {amount.fr}", en=f"{_INVOICED.en}: {amount.en}"),
        source=source,
        chargeable=price is not None and not going.moved,
    )


def _not_charged(going: LettingGo) -> Iterator[Said]:
    if going.moved:
        yield ours(_MOVED)
    elif going.installation is None:
        yield ours(_NO_QUOTE)


_LATE = "appointment.late-cancel"
_NOT_THEIRS = Said(
    fr="ce n'est pas le fait du client : rien ne lui est facturé",
    en="it is not the customer's doing: nothing is charged",
)
_NO_PRICE = Said(
    fr="aucun prix pour un rendez-vous annulé trop tard", en="no price for cancelling it too late"
)
_FOR_NOTHING = Said(fr="trop tard, mais sans frais", en="too late, at no cost all the same")
_INVOICED = Said(
    fr="annulé trop tard par le client : l'installation est facturée",
    en="cancelled too late by the customer: the installation is invoiced",
)
_UNKNOWN = Said(fr="montant inconnu", en="an amount nobody knows")
_MOVED = Said(
    fr="la clause vise une annulation : déplacé, il est affiché et non facturé",
    en="the clause is about cancelling: moved, it is shown and not charged",
)
_NO_QUOTE = Said(
    fr="sans devis d'installation accepté, rien n'est facturable",
    en="without an installation quote that was accepted, nothing can be charged",
)


# missed, or failed


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What is owed to the customer for each day until another visit is kept or let go."""

    per_day: Decimal | None
    """None where the price of a month, VAT included, is not known."""
    said: Said
    source: str
    payable: bool
    """False where nobody has signed the clause's reading, or where it is not for us to pay."""


@dataclass(frozen=True, kw_only=True)
class VisitLost:
    """Who pays for a visit that did not take place, and who is owed what; nothing is said too."""

    by: Party
    fees: tuple[Fee, ...]
    owed: Owed | None
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


@dataclass(frozen=True, kw_only=True)
class LostVisit:
    by: Party
    failure: FieldFailure | None = None
    """What was found by whoever came; None where nobody came."""
    linked: bool = False
    """A port or a switch hangs on it: only there the law has a sum (decision 38)."""
    monthly_ttc: Decimal | None = None


def visit_lost(contract: Contract, lost: LostVisit) -> VisitLost:
    if lost.by is Party.CUSTOMER:
        return _by_customer(contract, lost)
    what = _BY_OPERATOR if lost.by is Party.OPERATOR else _BY_PROVIDER
    entry = contract.shelf.answer(contract.pin, _INDEMNITY).entry
    owed = None if entry is None else _by_whom(contract, lost, _owed(entry, lost))
    said = (what, *_said_of(owed, entry, lost))
    return VisitLost(by=lost.by, fees=(), owed=owed, said=said)


def _by_customer(contract: Contract, lost: LostVisit) -> VisitLost:
    question = "appointment.missed-by-customer"
    what = _CUSTOMERS.get(lost.failure, _CUSTOMERS[None])
    entry = contract.shelf.answer(contract.pin, question).entry
    formula = None if entry is None else cast("FormulaValue", entry.current.value)
    if entry is None or formula is None:
        silent = (what, silence(_NOTHING_FOR_ABSENCE), ours(_ANOTHER))
        return VisitLost(by=lost.by, fees=(), owed=None, said=silent)
    source = cited(contract, question)
    if formula.formula is FormulaName.NOTHING:
        said = (what, sourced(_NOTHING_OWED, source))
        return VisitLost(by=lost.by, fees=(), owed=None, said=said)
    written = value_said(formula)
    owed = Said(fr=f"dû par le client : {written}", en=f"owed by the customer: {written}")
    fee = Fee(head="missed-visit", euros=None, said=owed, source=source, chargeable=False)
    return VisitLost(by=lost.by, fees=(fee,), owed=None, said=(what, sourced(owed, source)))


def _by_whom(contract: Contract, lost: LostVisit, owed: Owed | None) -> Owed | None:
    """We pay for what is our doing, and first for others only where the contract says so."""
    first = contract.flag("indemnity.paid-before-recourse") is True
    if owed is None or lost.by is Party.PROVIDER or first:
        return owed
    said = joined((owed.said, _OPERATORS))
    return replace(owed, said=said, payable=False)


def _owed(entry: Entry, lost: LostVisit) -> Owed | None:
    formula = cast("FormulaValue", entry.current.value)
    by_law = entry.current.source.law is not None
    if formula.formula is not FormulaName.SHARE_OF_MONTHLY_PER_DAY or (by_law and not lost.linked):
        return None
    factor, price = formula.factor or "1", lost.monthly_ttc
    per_day = None if price is None else amount_of(price, factor)
    amount = _NO_MONTHLY if per_day is None else Said(fr=f"{per_day} €", en=f"{per_day} €")
    said = Said(
        fr=f"{_OWED.fr}, {factor} du prix mensuel TTC : {amount.fr}",
        en=f"{_OWED.en}, {factor} of the monthly price including VAT: {amount.en}",
    )
    return Owed(
        per_day=per_day,
        said=said,
        source=str(entry.current.source),
        payable=entry.may_be_charged and per_day is not None,
    )


def _said_of(owed: Owed | None, entry: Entry | None, lost: LostVisit) -> Iterator[Said]:
    if owed is not None:
        yield sourced(owed.said, owed.source)
        return
    if entry is None or entry.current.source.ours is not None:
        yield silence(_NO_INDEMNITY)
    else:
        yield sourced(_NOTHING_OWED, str(entry.current.source))
    if lost.linked:
        yield _LINKED


_INDEMNITY = "indemnity.appointment"
_BY_OPERATOR = Said(fr="manqué par l'opérateur", en="missed by the operator")
_BY_PROVIDER = Said(fr="manqué par le prestataire", en="missed by the provider")
_CUSTOMERS: dict[FieldFailure | None, Said] = {
    None: Said(fr="manqué du fait du client", en="missed, the customer's doing"),
    FieldFailure.CUSTOMER_ABSENT: Said(fr="le client était absent", en="the customer was absent"),
    FieldFailure.NO_ACCESS: Said(
        fr="les lieux n'étaient pas accessibles", en="the place could not be entered"
    ),
    FieldFailure.SITE_NOT_READY: Said(fr="le site n'était pas prêt", en="the site was not ready"),
}
_NOTHING_FOR_ABSENCE = Said(
    fr="aucun prix pour un rendez-vous manqué par le client",
    en="no price for a visit the customer missed",
)
_ANOTHER = Said(
    fr="rien n'est facturé, un autre rendez-vous est proposé",
    en="nothing is charged, another visit is offered",
)
_NOTHING_OWED = Said(fr="rien n'est dû", en="nothing is owed")
_NO_INDEMNITY = Said(
    fr="aucune indemnité pour un rendez-vous manqué, rien n'est dû (décision 38)",
    en="no indemnity for a missed visit, nothing is owed (decision 38)",
)
_LINKED = Said(
    fr="la loi en prévoit une pour un portage ou une bascule ; le profil de ce contrat ne "
    "l'applique pas (décision 38)",
    en="the law has one for a port or a switch; this contract's profile does not apply it "
    "(decision 38)",
)
_OWED = Said(
    fr="dû au client par jour commencé, jusqu'à un rendez-vous honoré ou annulé par lui",
    en="owed to the customer for each day begun, until a visit is kept or the customer cancels",
)
_OPERATORS = Said(
    fr="à demander à l'opérateur, qui en répond : la preuve est remise (décision 37)",
    en="to be claimed of the operator, who answers for it: the evidence is handed over "
    "(decision 37)",
)
_NO_MONTHLY = Said(fr="prix inconnu", en="the price is not known")
