"""How late an access is, whose doing that is, and what is owed for it: none, and the clause, where
there is none. Days the customer caused are never owed for: a default of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from domain.access_clauses import asks, ours, silence, sourced
from domain.access_delays import LongDelay, long_delay
from domain.access_facts import Fee
from domain.contract_questions import Contract
from domain.contract_values import FormulaName, FormulaValue, value_said
from domain.said import Said, day_said, joined
from domain.works_facts import LateDays, Party


@dataclass(frozen=True, kw_only=True)
class AccessDays:
    """The days lateness is counted between, and whose doing they are."""

    ordered: date
    first_planned: date
    """The day that was said first: what it became since changes nothing."""
    started: date
    whose: tuple[LateDays, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lateness:
    planned: date
    started: date
    days: int
    """Calendar days, none where it started on the day or before."""
    shares: tuple[LateDays, ...]
    owed: tuple[Fee, ...]
    """To the customer. What no figure of the order gives has no sum and cannot be paid yet."""
    leaving: LongDelay
    said: tuple[Said, ...]


def judge_lateness(contract: Contract, days: AccessDays) -> Lateness:
    late = max(0, (days.started - days.first_planned).days)
    leaving = long_delay(contract, ordered_on=days.ordered, planned_on=days.first_planned)
    own = sum(one.days for one in days.whose if one.by is Party.CUSTOMER)
    owed = tuple(_owed(contract, late - own, own=own))
    return Lateness(
        planned=days.first_planned,
        started=days.started,
        days=late,
        shares=days.whose,
        owed=owed,
        leaving=leaving,
        said=(
            _late_said(days, late),
            *_whose_said(days.whose, late),
            *_promised(contract),
            *(_indemnity(contract, owed, own=own) if late else ()),
            *(leaving.said if late else ()),
        ),
    )


def _late_said(days: AccessDays, late: int) -> Said:
    planned, started = day_said(days.first_planned), day_said(days.started)
    if not late:
        return Said(
            fr=f"en service le {started.fr}, prévu le {planned.fr} : aucun retard",
            en=f"in service on {started.en}, planned for {planned.en}: not late",
        )
    many = _many(late)
    return Said(
        fr=f"en service le {started.fr}, {late} jour{many} après le {planned.fr}, date annoncée "
        "d'abord",
        en=f"in service on {started.en}, {late} day{many} after {planned.en}, the day first told",
    )


def _many(days: int) -> str:
    return "" if days == 1 else "s"


def _whose_said(whose: tuple[LateDays, ...], late: int) -> Iterator[Said]:
    if not whose:
        return
    many, put_down = _many(late), shares_said(whose, _WHOSE)
    yield ours(
        Said(
            fr=f"{late} jour{many} de retard : {put_down.fr}",
            en=f"{late} day{many} late: {put_down.en}",
        )
    )


def shares_said(shares: tuple[LateDays, ...], words: Mapping[Party | None, Said]) -> Said:
    """How many days are whose, each party in words for whoever reads it."""
    each = ((one.days, words[one.by]) for one in shares)
    said = (Said(fr=f"{days} {by.fr}", en=f"{days} {by.en}") for days, by in each)
    return joined(said, fr=", ", en=", ")


def _promised(contract: Contract) -> Iterator[Said]:
    """Whether the contract gives a time within which it is delivered at all."""
    question = "service.date-binding"
    word = contract.flag(question) if asks(contract, question) else None
    if word is None:
        yield silence(_NO_DATE)
    else:
        yield sourced(_BINDING if word else _NOT_BINDING, contract.source(question))


def _formula(contract: Contract) -> FormulaValue | None:
    """None where no text is asked for one, and where one says that nothing is owed."""
    entry = (
        contract.shelf.answer(contract.pin, _INDEMNITY).entry
        if asks(contract, _INDEMNITY)
        else None
    )
    formula = None if entry is None else cast("FormulaValue", entry.current.value)
    return None if formula is None or formula.formula is FormulaName.NOTHING else formula


def _owed(contract: Contract, counted: int, *, own: int) -> Iterator[Fee]:
    formula = _formula(contract)
    if formula is None or counted <= 0:
        return
    written, many = value_said(formula), _many(counted)
    fr, en = (f", {counted} jour{many}", f", {counted} day{many}") if own else ("", "")
    yield Fee(
        head="late-service",
        euros=None,
        said=Said(fr=f"dû au client : {written}{fr}", en=f"owed to the customer: {written}{en}"),
        source=contract.source(_INDEMNITY),
        chargeable=False,
    )


def _indemnity(contract: Contract, owed: tuple[Fee, ...], *, own: int) -> Iterator[Said]:
    source = contract.source(_INDEMNITY) if asks(contract, _INDEMNITY) else ""
    if not source:
        yield silence(_NO_INDEMNITY)
        yield from _capped(contract)
    elif _formula(contract) is None:
        yield sourced(_NOTHING, source)
    else:
        yield from (sourced(fee.said, fee.source) for fee in owed)
        if own:
            yield ours(_NOT_COUNTED if owed else _ALL_OWN)


def _capped(contract: Contract) -> Iterator[Said]:
    source = contract.source("liability.cap")
    if source:
        yield sourced(_CAPPED, source)


_INDEMNITY = "indemnity.late-service"
_NO_DATE = Said(
    fr="aucun délai ni date de mise en service n'engage",
    en="no time or day of service is promised",
)
_NOT_BINDING = Said(
    fr="la date annoncée n'engage pas : elle dépend de l'opérateur du réseau",
    en="the day that is told binds nobody: it is subject to the network's operator",
)
_BINDING = Said(fr="la date annoncée engage", en="the day that is told is binding")
_NO_INDEMNITY = Said(
    fr="aucune indemnité de retard de mise en service, rien n'est dû",
    en="no indemnity for a late service, nothing is owed",
)
_CAPPED = Said(
    fr="ce dont il répond par ailleurs est plafonné",
    en="what it answers for otherwise is limited",
)
_NOTHING = Said(
    fr="aucune indemnité de retard : le prestataire n'en répond pas",
    en="no indemnity for being late: the provider does not answer for it",
)
_NOT_COUNTED = Said(
    fr="les jours du fait du client ne comptent pas",
    en="days of the customer's own doing are not counted",
)
_ALL_OWN = Said(
    fr="tous ces jours sont du fait du client : rien n'est dû",
    en="all of these days are the customer's own doing: nothing is owed",
)
_WHOSE: Mapping[Party | None, Said] = {
    Party.CUSTOMER: Said(fr="du fait du client", en="the customer's doing"),
    Party.OPERATOR: Said(fr="du fait de l'opérateur", en="the operator's doing"),
    Party.PROVIDER: Said(fr="du fait du prestataire", en="the provider's doing"),
    None: Said(fr="du fait de personne en particulier", en="nobody's by name"),
}
