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
from domain.access_start import BilledFrom
from domain.contract_questions import Contract
from domain.days_lost import put_off
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
    return site_terms(rules, access, unplanned=answer_by, soonest=answer_by)


def site_by_now(rules: PortRules, access: Access, at: datetime) -> SiteTerms | None:
    """Once something was asked: days move."""
    if access.opening.readiness is None:
        return None
    return site_terms(rules, access, unplanned=at)


def site_terms(
    rules: PortRules, access: Access, *, unplanned: datetime, soonest: datetime | None = None
) -> SiteTerms | None:
    """As of the day that is planned now; where nobody has said one, by when works are awaited.
    None where neither the contract nor the order has anything said of the site."""
    contract, job = contract_of(rules, access), access.terms.cabling
    planned = _planned(contract, access, unplanned)
    readiness = site_readiness(contract, access.technology, planned=planned)
    if not readiness.asked and job is None:
        return None
    cabling = internal_cabling(contract, job=job, first_planned=initially_planned(access))
    left = job is not None and cabling.by is not CabledBy.QUOTE
    needs = (*readiness.needs, *((CABLING,) if left else ()))
    missing = tuple(need for need in needs if not access.holds(need))
    until = readiness.until if soonest is None else max(readiness.until, soonest)
    said = (*_said(readiness, planned, left=left), *cabling.said)
    if until > readiness.until:
        said = (*said, ours(dated(_ASKED_LATE, contract.reckoning.instant_of(until))))
    asked = access.opening.readiness
    asked_by = until if asked is None else asked.until
    return SiteTerms(
        needs=needs,
        missing=missing,
        until=until,
        said=said,
        to_answer=bool(missing) or (readiness.asked and not needs),
        not_ready=_not_ready(contract, access, missing, cabling, asked_by=asked_by),
    )


def _planned(contract: Contract, access: Access, unplanned: datetime) -> date:
    """No day before the wish: nothing is opened sooner."""
    ask = access.asks.get(Step.BUILD_ACCESS)
    until = unplanned if ask is None else ask.until
    planned = None if access.plan is None else access.plan.on
    return _later(planned, access.terms.wished) or contract.reckoning.instant_of(until).date()


def _later(*known: date | None) -> date | None:
    return max((day for day in known if day is not None), default=None)


def _said(readiness: Readiness, planned: date, *, left: bool) -> tuple[Said, ...]:
    """The day is ours where the contract asks for nothing and the order has something laid."""
    if readiness.asked or not left:
        return readiness.said
    return (*readiness.said, ours(dated(_LAID_BEFORE, planned)))


def _not_ready(
    contract: Contract,
    access: Access,
    missing: tuple[str, ...],
    cabling: Cabling,
    *,
    asked_by: datetime,
) -> fields.SiteNotReady:
    """Billed from the day that was planned first, where a named clause has it so, and from none
    where nobody ever said one."""
    first = initially_planned(access)
    day = first or contract.reckoning.instant_of(asked_by).date()
    found = site_not_ready(contract, access.technology, missing=missing, first_planned=day)
    said, billed = found.said, found.billed
    if billed is not None and first is None:
        said, billed = (ours(_NEVER_PLANNED),), None
    elif billed is None and CABLING in missing and cabling.billed is not None:
        billed = cabling.billed
        said = (*said, billed.said)
    fact = fields.SiteNotReady(missing=missing, billed_from=None, source=None, because=joined(said))
    return fact if billed is None else _billed(contract, access, fact, billed, asked_by)


def initially_planned(access: Access) -> date | None:
    """« La Date de Mise en Service initialement prévue » (002:2355): the first its operator or we
    planned, or the day the customer wishes where that is later, or alone (our reading)."""
    first = access.planned_first
    return _later(None if first is None else first.on, access.terms.wished)


def _billed(
    contract: Contract,
    access: Access,
    fact: fields.SiteNotReady,
    billed: BilledFrom,
    asked_by: datetime,
) -> fields.SiteNotReady:
    """« Sur demande du Prestataire » (002:2351): from no day before the one it was asked for by,
    nor for days that others than the customer lost (our readings, the kinder ones)."""
    clause = BilledFrom(on=billed.on, said=fact.because, source=billed.source)
    late, since = put_off(access, clause), contract.reckoning.instant_of(asked_by).date()
    on, said = late.on, late.said
    if since > on:
        on, said = since, joined((said, ours(dated(_ASKED_FOR, since))))
    changes = {"billed_from": on, "source": late.source, "because": said}
    return fact.model_copy(update=changes)


def not_ready_when_they_came(contract: Contract, access: Access) -> fields.SiteNotReady | None:
    """What the clause says is about the description: who was told that the site is ready is not
    held to its paper (our reading, the kinder one), nor who was never asked for it."""
    first, asked = initially_planned(access), access.opening.readiness
    if first is None:
        return None
    told = access.holds(DESCRIPTION) or access.opening.site_ready is not None
    missing = () if told else (DESCRIPTION,)
    found: NotReady = site_not_ready(
        contract, access.technology, missing=missing, first_planned=first
    )
    fact = fields.SiteNotReady(
        missing=missing,
        found_there=True,
        billed_from=None,
        source=None,
        because=found.because,
    )
    if found.billed is None:
        return fact
    if asked is None:
        return fact.model_copy(update={"because": ours(_NEVER_ASKED)})
    return _billed(contract, access, fact, found.billed, asked.until)


_ASKED_LATE = Said(fr="demandé tard : réponse attendue jusqu'au", en="asked late: answered by")
_ASKED_FOR = Said(
    fr="demandé au client pour plus tard : pas avant le",
    en="asked of the customer for later: not before",
)
_LAID_BEFORE = Said(fr="posé avant le", en="laid before")
_NEVER_PLANNED = Said(
    fr="aucune date n'a été prévue : une autre date, sans frais",
    en="no day was ever planned: another day, at no cost",
)
_NEVER_ASKED = Said(
    fr="le descriptif n'a pas été demandé : une autre date, sans frais",
    en="the description was never asked for: another day, at no cost",
)
