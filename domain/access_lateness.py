"""How late an access is, and what is owed for that: none, and the clause, where there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from domain.access_clauses import asks, silence, sourced
from domain.access_delays import LongDelay, long_delay
from domain.access_facts import Fee
from domain.contract_questions import Contract
from domain.contract_values import FormulaName, FormulaValue, value_said
from domain.said import Said, day_said


@dataclass(frozen=True, kw_only=True)
class AccessDays:
    """The days lateness is counted between."""

    ordered: date
    first_planned: date
    """The day that was said first: what it became since changes nothing."""
    started: date


@dataclass(frozen=True, kw_only=True)
class Lateness:
    planned: date
    started: date
    days: int
    """Calendar days, none where it started on the day or before."""
    owed: tuple[Fee, ...]
    """To the customer. What no figure of the order gives has no sum and cannot be paid yet."""
    leaving: LongDelay
    said: tuple[Said, ...]


def judge_lateness(contract: Contract, days: AccessDays) -> Lateness:
    late = max(0, (days.started - days.first_planned).days)
    leaving = long_delay(contract, ordered_on=days.ordered, planned_on=days.first_planned)
    owed = tuple(_owed(contract)) if late else ()
    return Lateness(
        planned=days.first_planned,
        started=days.started,
        days=late,
        owed=owed,
        leaving=leaving,
        said=(
            _late_said(days, late),
            *_promised(contract),
            *(_indemnity(contract, owed) if late else ()),
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
    many = "" if late == 1 else "s"
    return Said(
        fr=f"en service le {started.fr}, {late} jour{many} après le {planned.fr}, date annoncée "
        "d'abord",
        en=f"in service on {started.en}, {late} day{many} after {planned.en}, the day first told",
    )


def _promised(contract: Contract) -> Iterator[Said]:
    """Whether the contract gives a time within which it is delivered at all."""
    question = "service.date-binding"
    word = contract.flag(question) if asks(contract, question) else None
    if word is None:
        yield silence(_NO_DATE)
    else:
        yield sourced(_BINDING if word else _NOT_BINDING, contract.source(question))


def _owed(contract: Contract) -> Iterator[Fee]:
    entry = (
        contract.shelf.answer(contract.pin, _INDEMNITY).entry
        if asks(contract, _INDEMNITY)
        else None
    )
    if entry is None:
        return
    formula = cast("FormulaValue", entry.current.value)
    if formula.formula is FormulaName.NOTHING:
        return
    written = value_said(formula)
    yield Fee(
        head="late-service",
        euros=None,
        said=Said(fr=f"dû au client : {written}", en=f"owed to the customer: {written}"),
        source=str(entry.current.source),
        chargeable=False,
    )


def _indemnity(contract: Contract, owed: tuple[Fee, ...]) -> Iterator[Said]:
    source = contract.source(_INDEMNITY) if asks(contract, _INDEMNITY) else ""
    if not source:
        yield silence(_NO_INDEMNITY)
        yield from _capped(contract)
    elif not owed:
        yield sourced(_NOTHING, source)
    else:
        yield from (sourced(fee.said, fee.source) for fee in owed)


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
