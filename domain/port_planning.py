"""The dates of a port-in: its line's lead time, its contract, its exchange."""

from dataclasses import dataclass
from datetime import date, datetime

from domain import port_moments
from domain.contract_questions import Contract, as_duration
from domain.policies import LINE_LEAD
from domain.port_dates import NotBefore, PortCalendar, PortPlan
from domain.port_gates import dossier_needs
from domain.port_in_facts import HeldDocument, SimKind
from domain.port_in_states import Going
from domain.port_rules import PortRules
from domain.said import Said, day_said


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the dates depend on, besides the contract and the exchange."""

    asked_at: datetime
    wished: date | None
    sim: SimKind
    line_ready: bool
    documents: tuple[HeldDocument, ...]


@dataclass(frozen=True, kw_only=True)
class Planned:
    plan: PortPlan
    answer_until: datetime
    switch_from: datetime
    confirmations_until: datetime


def plan_as_it_stands(
    rules: PortRules, state: Going, *, wished: date | None, at: datetime
) -> Planned:
    """The dates of a port that runs, for a day; `DateRefusedError` with the first that can be."""
    wish = Wish(
        asked_at=at,
        wished=wished,
        sim=state.terms.sim,
        line_ready=state.ready is not None,
        documents=state.documents,
    )
    return plan_port(rules.calendar_for(state.terms), rules.contract(state.terms.pin), wish)


def plan_port(calendar: PortCalendar, contract: Contract, wish: Wish) -> Planned:
    """Every date of it, or `DateRefusedError` with the first day that can be."""
    plan = calendar.plan(
        asked_at=_ready_from(contract, wish),
        wished=wish.wished,
        shelf=contract.shelf,
        pin=contract.pin,
        not_before=_dossier_floor(contract, wish),
    )
    switch_from, _ = port_moments.switch_bounds(calendar, plan.port_day)
    return Planned(
        plan=plan,
        answer_until=port_moments.answer_until(calendar, plan),
        switch_from=switch_from,
        confirmations_until=port_moments.confirmations_until(calendar, plan.port_day),
    )


def _ready_from(contract: Contract, wish: Wish) -> datetime:
    """The request leaves once the SIM is there: a port without a SIM would cut the line."""
    if wish.line_ready:
        return wish.asked_at
    reckoning = contract.reckoning
    asked_on = reckoning.instant_of(wish.asked_at).date()
    return reckoning.ends_at(reckoning.add(asked_on, LINE_LEAD[wish.sim]))


def _dossier_floor(contract: Contract, wish: Wish) -> NotBefore | None:
    """OKSIO: the papers thirty days before the port, or another number (000:1068-1070)."""
    value = contract.duration("port-in.dossier-before-port")
    needs = dossier_needs(contract)
    complete_on = max((d.on for d in wish.documents if d.name in needs), default=None)
    if value is None or complete_on is None:
        return None
    moment = contract.reckoning.add(complete_on, as_duration(value))
    day = date(moment.year, moment.month, moment.day)
    source = contract.source("port-in.dossier-before-port")
    why = Said(
        fr=f"dossier complet le {day_said(complete_on).fr}, {as_duration(value).said.fr} avant le "
        f"portage ({source})",
        en=f"dossier complete on {day_said(complete_on).en}, {as_duration(value).said.en} before "
        f"the port ({source})",
    )
    return NotBefore(day=day, why=why)
