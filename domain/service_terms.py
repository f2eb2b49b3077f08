"""What starts when a service does: billing and commitment, each on its own day, with its clause."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from domain.contract_questions import Contract
from domain.durations import Duration, Unit
from domain.said import Said, day_said


class ServiceTerms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    billed_from: date
    billing: Said
    committed_from: date | None
    committed_until: date | None
    """The last day of the term; None where the contract leaves it to the order form."""
    commitment: Said


class ServiceDays(BaseModel):
    """The days a contract may count from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    started_on: date
    ordered_on: date
    signed_on: date
    term_months: int | None = None
    """The term of commitment that the order form says: it comes before the contract's."""


def service_terms(contract: Contract, days: ServiceDays) -> ServiceTerms:
    billed_from, billing = _billing(contract, days)
    committed_from, committed_until, commitment = _commitment(contract, days)
    return ServiceTerms(
        billed_from=billed_from,
        billing=billing,
        committed_from=committed_from,
        committed_until=committed_until,
        commitment=commitment,
    )


_FROM = {
    "service-start": Said(fr="la mise en service", en="service start"),
    "sim-activation": Said(fr="l'activation de la carte SIM", en="the activation of the SIM"),
    "delivery": Said(fr="la livraison", en="delivery"),
    "order-month": Said(fr="le mois de la commande", en="the month of the order"),
    "order-day": Said(fr="le jour de la commande", en="the day of the order"),
    "first-of-next-month": Said(fr="le 1er du mois suivant", en="the first of the next month"),
    "signature": Said(fr="la signature", en="signature"),
    "order-form-date": Said(fr="la date du bon de commande", en="the date of the order form"),
}


def _day_of(word: str, days: ServiceDays) -> date:
    match word:
        case "order-month":
            return days.ordered_on.replace(day=1)
        case "order-day":
            return days.ordered_on
        case "first-of-next-month":
            return _first_of_next_month(days.started_on)
        case "signature" | "order-form-date":
            return days.signed_on
        case _:
            return days.started_on


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _billing(contract: Contract, days: ServiceDays) -> tuple[date, Said]:
    """Silence bills from service start: a default of ours."""
    word = contract.choice("billing.start")
    day = _day_of(word or "service-start", days)
    source = contract.source("billing.start") or "a default of ours"
    anchor, on, first = _FROM[word or "service-start"], day_said(day), _first_month(contract)
    return day, Said(
        fr=f"facturé depuis {anchor.fr}, {on.fr} ({source}){first.fr}",
        en=f"billed from {anchor.en}, {on.en} ({source}){first.en}",
    )


def _first_month(contract: Contract) -> Said:
    word = contract.choice("billing.first-month")
    if word is None:
        return Said(fr="", en="")
    source = contract.source("billing.first-month")
    whole = word == "whole-month"
    return Said(
        fr=f" ; premier mois {'entier' if whole else 'au prorata'} ({source})",
        en=f"; the first month {'whole' if whole else 'pro rata'} ({source})",
    )


def _commitment(contract: Contract, days: ServiceDays) -> tuple[date | None, date | None, Said]:
    word = contract.choice("commitment.start")
    begins = _day_of(word or "service-start", days)
    ends, length = _term(contract, days, begins)
    if ends is None:
        return None, None, _LEFT_TO_THE_FORM
    source = contract.source("commitment.start") or "a default of ours"
    anchor, on = _FROM[word or "service-start"], day_said(begins)
    last = day_said(ends)
    said = Said(
        fr=f"engagé depuis {anchor.fr}, {on.fr} ({source}), jusqu'au {last.fr} ({length.fr})",
        en=f"committed from {anchor.en}, {on.en} ({source}), until {last.en} ({length.en})",
    )
    return begins, ends, said


def _term(contract: Contract, days: ServiceDays, begins: date) -> tuple[date | None, Said]:
    """When it ends, and who says so: the order form, and the contract for want of it."""
    months, written = days.term_months, contract.source(_INITIAL)
    if months is None:
        return contract.day_after(_INITIAL, begins), Said(fr=written, en=written)
    ends = contract.reckoning.add(begins, Duration(amount=months, unit=Unit.MONTH))
    beside = f" ; {written}" if written else ""
    said = Said(
        fr=f"{months} mois au bon de commande{beside}",
        en=f"{months} months on the order form{beside.replace(' ;', ';')}",
    )
    return date(ends.year, ends.month, ends.day), said


_INITIAL = "commitment.initial"
_LEFT_TO_THE_FORM = Said(
    fr="le contrat laisse la durée d'engagement au bon de commande, qui n'en dit rien ici",
    en="the contract leaves the term of commitment to the order form, which says none here",
)
