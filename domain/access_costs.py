"""What ending the order of a fixed access costs before service, in every reading its contract has.

Each reading is worked out on the prices of the order form, and says how. Until somebody has signed
one, all of them are shown and none is charged (decision 13).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import cast

from domain.access_clauses import asks, silence
from domain.access_facts import AccessPrices, Fee, Technology
from domain.contract_profiles import Reading
from domain.contract_questions import Contract, as_duration
from domain.contract_values import FormulaName, FormulaValue, MoneyValue, value_said
from domain.durations import Unit
from domain.said import Said, joined

CENT = Decimal("0.01")


class Ending(StrEnum):
    """Why an order ends before service: each has its own price."""

    CUSTOMER = "customer"
    """The customer cancels."""
    CANNOT_CONNECT = "cannot-connect"
    """The provider cannot connect the site, or may not."""
    WORKS_REFUSED = "works-refused"
    """The customer refuses a quote for works."""
    DESATURATION_REFUSED = "desaturation-refused"
    """The customer refuses the quote of an exceptional desaturation, or lets it lapse."""
    CUSTOMER_DELAY = "customer-delay"
    """The customer's own delay goes beyond the longest (dedicated fibre, decision 42)."""
    LONG_DELAY = "long-delay"
    """The customer leaves because delivery takes too long (decision 41)."""


@dataclass(frozen=True, kw_only=True)
class CostReading:
    """One way to read what is owed; no fee where it says nothing is."""

    name: str
    in_force: bool
    fees: tuple[Fee, ...]
    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    ending: Ending
    readings: tuple[CostReading, ...]
    """None of them where the contract names no price."""
    said: tuple[Said, ...]
    chargeable: bool
    """Somebody signed the reading in force, or there is only one."""

    @property
    def fees(self) -> tuple[Fee, ...]:
        """What the reading in force makes owed."""
        return next((reading.fees for reading in self.readings if reading.in_force), ())


def cost_of(
    contract: Contract,
    ending: Ending,
    *,
    prices: AccessPrices,
    technology: Technology | None = None,
) -> Cost:
    question = _question(contract, ending, technology)
    entry = None if question is None else contract.shelf.answer(contract.pin, question).entry
    if entry is None:
        said = (_no_price(ending),)
        return Cost(ending=ending, readings=(), said=said, chargeable=False)
    sums = _Sums(contract=contract, prices=prices, chargeable=entry.may_be_charged)
    readings = tuple(
        sums.reading(reading, in_force=reading.name == entry.in_force) for reading in entry.readings
    )
    note = () if entry.may_be_charged else (_SHOWN,)
    return Cost(
        ending=ending,
        readings=readings,
        said=(*(reading.said for reading in readings), *note),
        chargeable=entry.may_be_charged,
    )


_QUESTIONS = {
    Ending.CUSTOMER: "cancel.fee",
    Ending.CANNOT_CONNECT: "cancel.cannot-connect",
    Ending.WORKS_REFUSED: "study.works-refused-fee",
    Ending.DESATURATION_REFUSED: "saturation.quote-refused",
    Ending.CUSTOMER_DELAY: "customer-delay.refused",
}


def _question(contract: Contract, ending: Ending, technology: Technology | None) -> str | None:
    """A customer's delay has its own price for dedicated fibre only (decision 42)."""
    if ending is Ending.CUSTOMER_DELAY and technology is not Technology.DEDICATED_FIBRE:
        return _QUESTIONS[Ending.CUSTOMER]
    question = _QUESTIONS.get(ending)
    return question if question is not None and asks(contract, question) else None


@dataclass(frozen=True, kw_only=True)
class _Sum:
    head: str
    euros: Decimal | None
    said: Said


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """The arithmetic of one contract on the prices of one order."""

    contract: Contract
    prices: AccessPrices
    chargeable: bool

    def reading(self, reading: Reading, *, in_force: bool) -> CostReading:
        source = str(reading.source)
        formula = cast("FormulaValue", reading.value)
        sums = (*self._sums(formula), *(_QUOTE_FEE for _ in range(reading.name == OWN_CLAUSE)))
        said = joined((one.said for one in sums), fr=" + ", en=" + ") if sums else _NOTHING
        return CostReading(
            name=reading.name,
            in_force=in_force,
            fees=tuple(self._fee(one, source) for one in sums),
            said=Said(fr=f"{said.fr} ({source})", en=f"{said.en} ({source})"),
            source=source,
        )

    def _fee(self, one: _Sum, source: str) -> Fee:
        return Fee(
            head=one.head,
            euros=one.euros,
            said=one.said,
            source=source,
            chargeable=self.chargeable and one.euros is not None,
        )

    def _sums(self, formula: FormulaValue) -> tuple[_Sum, ...]:
        match formula.formula:
            case FormulaName.NOTHING:
                return ()
            case FormulaName.FLAT_AMOUNTS:
                return self._flat()
            case FormulaName.MULTIPLE_OF_ACCESS_FEES:
                return (_access_fees(self.prices.access_fee, formula.factor or "1"),)
            case FormulaName.REMAINING_MONTHS:
                return (_months(self.prices.monthly, self._term(), formula.factor or "1"),)
            case FormulaName.ORDER_AMOUNT:
                return (_whole_order(self.prices, self._term()),)
            case _:
                return (_at_cost(formula),)

    def _term(self) -> int | None:
        """Before service the whole initial term is left; the order form's comes first."""
        initial = self.contract.duration("commitment.initial")
        if self.prices.term_months is not None or initial is None:
            return self.prices.term_months
        term = as_duration(initial)
        return term.amount if term.unit is Unit.MONTH else None

    def _flat(self) -> tuple[_Sum, ...]:
        """So much for each line or access, which nobody has counted here."""
        found = []
        for question, per in _FLAT.items():
            value = self._money(question)
            if value is not None:
                euros = value.euros.quantize(CENT)
                said = Said(fr=f"{_euros(euros)} {per.fr}", en=f"{_euros(euros)} {per.en}")
                found.append(_Sum(head="flat", euros=euros, said=said))
        return tuple(found)

    def _money(self, question: str) -> MoneyValue | None:
        if not asks(self.contract, question):
            return None
        entry = self.contract.shelf.answer(self.contract.pin, question).entry
        value = None if entry is None else entry.current.value
        return value if isinstance(value, MoneyValue) else None


def times(amount: Decimal, factor: str) -> Decimal:
    """To the cent, half up: 2 x 149.995 is 299.99."""
    exact = Fraction(amount) * Fraction(factor)
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return whole.quantize(CENT, rounding=ROUND_HALF_UP)


def _access_fees(fee: Decimal | None, factor: str) -> _Sum:
    many = "" if factor == "1" else f" x {factor}"
    what = Said(fr="frais d'accès au service non remisés", en="undiscounted access fee")
    if fee is None:
        said = Said(fr=f"{what.fr}{many} : {_NO_FEE.fr}", en=f"{what.en}{many}: {_NO_FEE.en}")
        return _Sum(head="access-fee", euros=None, said=said)
    euros = times(fee, factor)
    worked_out = f"{_euros(fee)}{many} = {_euros(euros)}" if many else _euros(euros)
    said = Said(fr=f"{what.fr} : {worked_out}", en=f"{what.en}: {worked_out}")
    return _Sum(head="access-fee", euros=euros, said=said)


def _months(monthly: Decimal | None, months: int | None, factor: str) -> _Sum:
    """Every month of the term, one that is begun counted whole."""
    what = Said(
        fr=f"{months or '?'} mois restant, x abonnement mensuel",
        en=f"{months or '?'} months left, x monthly fee",
    )
    if monthly is None or months is None:
        said = Said(fr=f"{what.fr} : {_NO_MONTHLY.fr}", en=f"{what.en}: {_NO_MONTHLY.en}")
        return _Sum(head="remaining-months", euros=None, said=said)
    euros = times(monthly * months, factor)
    worked_out = f"{months} x {_euros(monthly)} = {_euros(euros)}"
    said = Said(fr=f"{what.fr} : {worked_out}", en=f"{what.en}: {worked_out}")
    return _Sum(head="remaining-months", euros=euros, said=said)


def _whole_order(prices: AccessPrices, months: int | None) -> _Sum:
    what = Said(fr="montant de la commande", en="amount of the order")
    fee, monthly = prices.access_fee, prices.monthly
    if fee is None or monthly is None or months is None:
        said = Said(fr=f"{what.fr} : {_NO_ORDER.fr}", en=f"{what.en}: {_NO_ORDER.en}")
        return _Sum(head="order-amount", euros=None, said=said)
    euros = (fee + monthly * months).quantize(CENT)
    worked_out = f"{_euros(fee)} + {months} x {_euros(monthly)} = {_euros(euros)}"
    said = Said(
        fr=f"{what.fr}, matériels en sus : {worked_out}",
        en=f"{what.en}, equipment apart: {worked_out}",
    )
    return _Sum(head="order-amount", euros=euros, said=said)


def _at_cost(formula: FormulaValue) -> _Sum:
    """What no figure of the order gives: what others charge for it, or another formula's name."""
    written = value_said(formula)
    other = Said(fr=written, en=written)
    known = formula.formula is FormulaName.AT_COST
    return _Sum(head="costs", euros=None, said=_AT_COST if known else other)


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f} € HT"


def _no_price(ending: Ending) -> Said:
    return silence(_UNPRICED[ending])


OWN_CLAUSE = "desaturation"
"""The reading that owes the making of the quote beside the access fee (002:2281-2283)."""
_QUOTE_FEE = _Sum(
    head="quote-fee",
    euros=None,
    said=Said(
        fr="frais de réalisation du devis, au coût réel", en="fee for making the quote, at cost"
    ),
)
_FLAT = {
    "vga.cancel-analogue": Said(fr="par ligne analogique", en="for each analogue line"),
    "vga.cancel-t0": Said(
        fr="par accès de base et par site", en="for each basic access and each site"
    ),
}
_NOTHING = Said(fr="rien n'est dû", en="nothing is owed")
_AT_COST = Said(fr="les frais réclamés, au coût réel", en="what others charge for it, at cost")
_NO_FEE = Said(fr="le bon de commande ne les donne pas", en="the order form does not give it")
_NO_MONTHLY = Said(
    fr="le bon de commande ne donne pas de quoi calculer",
    en="the order form does not give what it takes",
)
_NO_ORDER = _NO_MONTHLY
_SHOWN = Said(
    fr="affiché, non facturable tant qu'une lecture n'est pas signée (décision 13)",
    en="shown, not chargeable until a reading is signed (decision 13)",
)
_UNPRICED = {
    Ending.CUSTOMER: Said(
        fr="aucun prix pour annuler avant la mise en service",
        en="no price for cancelling before service",
    ),
    Ending.CANNOT_CONNECT: Said(
        fr="aucun prix pour un site qui ne peut pas être raccordé",
        en="no price for a site that cannot be connected",
    ),
    Ending.WORKS_REFUSED: Said(
        fr="aucun prix pour refuser un devis de travaux",
        en="no price for refusing a quote for works",
    ),
    Ending.DESATURATION_REFUSED: Said(
        fr="aucun prix pour refuser un devis de désaturation",
        en="no price for refusing a quote for desaturation",
    ),
    Ending.CUSTOMER_DELAY: Said(
        fr="aucun prix pour un report demandé par le client",
        en="no price for a delay the customer asks for",
    ),
    Ending.LONG_DELAY: Said(
        fr="aucun prix pour partir après un long retard",
        en="no price for leaving after a long delay",
    ),
}
"""Silence charges nothing."""
