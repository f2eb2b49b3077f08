"""What the contract of one access asks of the customer at its site, by the day that is planned."""

from datetime import date, datetime

from domain import works_facts as fields
from domain.access_clauses import dated, ours
from domain.access_rules import contract_of
from domain.access_sites import (
    CABLING,
    DESCRIPTION,
    CabledBy,
    Cabling,
    NotReady,
    Readiness,
    internal_cabling,
    site_not_ready,
    site_readiness,
)
from domain.access_stages import Access
from domain.contract_questions import Contract
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.said import Said, joined
from domain.works_settled import SiteTerms


def site_first_asked(
    rules: PortRules, access: Access, step: Step, *, answer_by: datetime
) -> SiteTerms | None:
    """Once, as works are first asked for; a day too near to be kept leaves the time of any other
    question (a default of ours). None where there is nothing to ask."""
    if step is not Step.BUILD_ACCESS or access.opening.readiness is not None:
        return None
    found = site_terms(rules, access, unplanned=answer_by)
    if found is None or found.until >= answer_by:
        return found
    late = ours(dated(_ASKED_LATE, contract_of(rules, access).reckoning.instant_of(answer_by)))
    return found.model_copy(update={"until": answer_by, "said": (*found.said, late)})


def site_by_now(rules: PortRules, access: Access, at: datetime) -> SiteTerms | None:
    """Once something was asked: days move."""
    if access.opening.readiness is None:
        return None
    return site_terms(rules, access, unplanned=at)


def site_terms(rules: PortRules, access: Access, *, unplanned: datetime) -> SiteTerms | None:
    """As of the day that is planned now; where nobody has said one, by when works are awaited.
    None where neither the contract nor the order has anything said of the site."""
    contract, job = contract_of(rules, access), access.terms.cabling
    planned = _planned(contract, access, unplanned)
    readiness = site_readiness(contract, access.technology, planned=planned)
    if not readiness.asked and job is None:
        return None
    first = access.promised_first
    cabling = internal_cabling(contract, job=job, first_planned=None if first is None else first.on)
    left = job is not None and cabling.by is not CabledBy.QUOTE
    needs = (*readiness.needs, *((CABLING,) if left else ()))
    missing = tuple(need for need in needs if not access.holds(need))
    return SiteTerms(
        needs=needs,
        missing=missing,
        until=readiness.until,
        said=(*_said(readiness, planned, left=left), *cabling.said),
        to_answer=bool(missing) or (readiness.asked and not needs),
        not_ready=_not_ready(contract, access, missing, cabling, first=planned),
    )


def _planned(contract: Contract, access: Access, unplanned: datetime) -> date:
    ask = access.asks.get(Step.BUILD_ACCESS)
    until = unplanned if ask is None else ask.until
    day = access.terms.wished if access.plan is None else access.plan.on
    return day or contract.reckoning.instant_of(until).date()


def _said(readiness: Readiness, planned: date, *, left: bool) -> tuple[Said, ...]:
    """The day is ours where the contract asks for nothing and the order has something laid."""
    if readiness.asked or not left:
        return readiness.said
    return (*readiness.said, ours(dated(_LAID_BEFORE, planned)))


def _not_ready(
    contract: Contract, access: Access, missing: tuple[str, ...], cabling: Cabling, *, first: date
) -> fields.SiteNotReady:
    """Billed from the first day that was said, where a named clause has it so, and from none where
    nobody ever said one."""
    said_first = _first_day(access)
    found = site_not_ready(
        contract, access.technology, missing=missing, first_planned=said_first or first
    )
    billed = None if said_first is None else found.billed
    said = found.said
    if CABLING in missing and cabling.billed is not None and billed is None:
        billed, said = cabling.billed, (*said, cabling.billed.said)
    return fields.SiteNotReady(
        missing=missing,
        billed_from=None if billed is None else billed.on,
        source=None if billed is None else billed.source,
        because=joined(said),
    )


def _first_day(access: Access) -> date | None:
    """« La Date de Mise en Service initialement prévue » (002:2355), or the one that its operator's
    works put it off to: nobody pays for days the operator lost (our reading, the kinder one)."""
    first, passed = access.promised_first, access.opening.milestone
    if first is None:
        return None
    return max(first.on, (passed and passed.expected) or first.on)


def not_ready_when_they_came(contract: Contract, access: Access) -> fields.SiteNotReady | None:
    """What the clause says is about the description: who was told that the site is ready is not
    held to its paper (our reading, the kinder one)."""
    first = _first_day(access)
    if first is None:
        return None
    told = access.holds(DESCRIPTION) or access.opening.site_ready is not None
    missing = () if told else (DESCRIPTION,)
    found: NotReady = site_not_ready(
        contract, access.technology, missing=missing, first_planned=first
    )
    billed = found.billed
    return fields.SiteNotReady(
        missing=missing,
        found_there=True,
        billed_from=None if billed is None else billed.on,
        source=None if billed is None else billed.source,
        because=found.because,
    )


_ASKED_LATE = Said(fr="demandé tard : réponse attendue jusqu'au", en="asked late: answered by")
_LAID_BEFORE = Said(fr="posé avant le", en="laid before")
