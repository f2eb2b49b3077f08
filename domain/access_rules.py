"""What the contract of one access says where it stands, in the words its commands take."""

from dataclasses import replace
from datetime import date, datetime

from domain import access_commands as told
from domain import access_copper
from domain.access_choice import Choice, Excluded, choose
from domain.access_clauses import joined
from domain.access_copper import too_late
from domain.access_costs import Ending, cost_of
from domain.access_delays import LongDelay, long_delay
from domain.access_exclusions import Exclusion, LineFacts, exclusions, line_facts
from domain.access_facts import Offer, Plan, Quote, StudyResult, Technology
from domain.access_promises import by_the_offer, by_the_saturation, by_the_study
from domain.access_saturation import settle_saturation
from domain.access_stages import Access, Booking, Commissioning, Quoted, Ready, Served
from domain.access_studies import Binding, Silence, quote_terms, read_study, study_due
from domain.access_told import SaturatedTold
from domain.cancellations import CancellationTerms, cancellation_terms
from domain.contract_questions import Contract
from domain.copper_closures import Closures, CopperState, Undelivered
from domain.given import Given
from domain.policies import ACCESS_WAITS
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.said import Said
from domain.visit_rules import visit_gone


def contract_of(rules: PortRules, access: Access) -> Contract:
    return rules.contract(access.terms.pin)


def answered_until(rules: PortRules, access: Access, step: Step, at: datetime) -> datetime:
    """A desaturation that is put off has the contract's own estimate."""
    later = access.saturated
    estimated = None if later is None else later.estimate
    if step is Step.DESATURATE and estimated is not None:
        reckoning = contract_of(rules, access).reckoning
        return max(reckoning.ends_at(estimated), rules.after(at, ACCESS_WAITS["release-access"]))
    usual = rules.after(at, ACCESS_WAITS[step])
    planned = works_by(rules, access) if step is Step.BUILD_ACCESS else None
    return max(usual, planned or usual)


def choice_of(rules: PortRules, closures: Closures, access: Access, at: datetime) -> Choice:
    """With what the contract leaves out by name, and copper where it is closed."""
    contract = contract_of(rules, access)
    excluded = tuple(
        Excluded(technology=technology, said=one.said)
        for technology in access.wanted
        for one in exclusions(contract, technology, _facts_of(access, technology))
    )
    today = contract.reckoning.instant_of(at).date()
    shut, said = _copper(closures, access, today)
    late = _late(contract, closures, access, today)
    signed = tuple(one for gone, one in late if not gone.unsigned)
    before = choose(access, (*excluded, *shut))
    choice = choose(access, (*excluded, *shut, *signed))
    said = (*said, *(one.said for gone, one in late if gone.unsigned and one.offer == choice.offer))
    lost = [one.said for one in signed if choice.offer is None and one.offer == before.offer]
    return replace(choice, because=(*choice.because, *said), closing=lost[0] if lost else None)


def _copper(
    closures: Closures, access: Access, today: date
) -> tuple[tuple[Excluded, ...], tuple[Said, ...]]:
    """What may not be ordered today. A date that nobody has signed for is said, and shuts nothing
    (decision 44); so is the exception that leaves it open."""
    copper = [one for one in access.wanted if one.on_copper]
    if not copper:
        return (), ()
    judged = access_copper.ordered_on(closures, access, today)
    if judged.state is CopperState.OPEN:
        return (), ()
    if judged.unsigned or judged.may_be_ordered:
        return (), (judged.said,)
    return tuple(Excluded(technology=one, said=judged.said) for one in copper), ()


def _late(
    contract: Contract, closures: Closures, access: Access, today: date
) -> tuple[tuple[Undelivered, Excluded], ...]:
    """Offers on copper that could be delivered only once it is closed for good."""
    found = ((one, too_late(contract, closures, access, one, today)) for one in access.offers)
    return tuple(
        (late[0], Excluded(technology=offer.technology, said=late[1], offer=offer))
        for offer, late in found
        if late is not None
    )


# copper, once more when the day of delivery moves


def closing(
    rules: PortRules, closures: Closures, access: Access, offer: Offer, begins: datetime | date
) -> Said | None:
    """The dates, where what was told moves the delivery past a technical closure somebody signed
    for."""
    contract = contract_of(rules, access)
    day = contract.reckoning.instant_of(begins).date() if isinstance(begins, datetime) else begins
    late = too_late(contract, closures, access, offer, day)
    return None if late is None or late[0].unsigned else late[1]


def by_the_wish(
    rules: PortRules, closures: Closures, access: Access, wished: date | None, at: datetime
) -> dict[str, object]:
    """Whether copper is there still on another day."""
    if wished is None or not isinstance(access, Served):
        return {}
    terms = access.terms.model_copy(update={"wished": wished})
    moved = access.model_copy(update={"terms": terms})
    return {"closing": closing(rules, closures, moved, moved.chosen.offer, at)}


def closed_on(closures: Closures, access: Served, day: date) -> Said | None:
    """The same, of a day on which somebody comes, or it works."""
    gone = access_copper.delivered_on(closures, access, day)
    if gone is None or gone.unsigned or not access.chosen.offer.technology.on_copper:
        return None
    return access_copper.after_closure_said(gone)


def closing_as_decided(
    rules: PortRules,
    closures: Closures,
    access: Access,
    at: datetime,
    *,
    given: Given,
) -> Said | None:
    """The same, where a person answers in an operator's place: also on which day somebody comes, or
    since when it works."""
    if not isinstance(access, Served):
        return None
    offer = access.chosen.offer
    if isinstance(access, Ready | Booking | Commissioning) and given.day is not None:
        return closed_on(closures, access, given.day)
    if access.step not in {Step.STUDY_SITE, Step.RESERVE_ACCESS}:
        return None
    if access.step is Step.STUDY_SITE and given.lead_days is not None:
        offer = offer.model_copy(update={"lead_days": given.lead_days})
    return closing(rules, closures, access, offer, at)


def _facts_of(access: Access, technology: Technology) -> LineFacts:
    """What one operator does not reach, another may: a barrier tells of the line only where nobody
    offers the technology."""
    terms = access.terms
    offered = any(offer.technology is technology for offer in access.offers)
    barriers = () if offered else tuple(barrier for _, barrier in access.barriers)
    known = tuple(Exclusion(word) for word in terms.known)
    metres = terms.coaxial_metres
    return line_facts(technology, barriers, known=known, coaxial_metres=metres)


# the day it is planned for


def planned_by_offer(rules: PortRules, access: Access, offer: Offer, at: datetime) -> Plan | None:
    """None where a study comes first: it is the study that says how long it takes."""
    contract = contract_of(rules, access)
    if study_due(contract, offer).is_due:
        return None
    return by_the_offer(contract.reckoning, offer, chosen_at=at)


def planned_as_studied(
    rules: PortRules, access: Access, at: datetime, *, lead: int | None = None
) -> Plan | None:
    """As a study that is agreed to now has it, or as a person who asked by telephone says."""
    chosen, studied = access.chosen, access.studied
    if chosen is None:
        return None
    before = chosen.offer.lead_days
    offer = chosen.offer if studied is None or studied.offer is None else studied.offer
    days = offer.lead_days if lead is None else lead
    return by_the_study(
        contract_of(rules, access).reckoning,
        offer.model_copy(update={"lead_days": days}),
        lead_before=before,
        at=at,
    )


def works_by(rules: PortRules, access: Access) -> datetime | None:
    """The end of the day it is planned for, or wished for where that is later."""
    if access.plan is None:
        return None
    day = max(access.plan.on, access.terms.wished or access.plan.on)
    return contract_of(rules, access).reckoning.ends_at(day)


# studies and quotes


def whether_studied(rules: PortRules, access: Served) -> tuple[bool, Said]:
    """Before it is ordered of the operator, and why."""
    due = study_due(contract_of(rules, access), access.chosen.offer)
    return due.is_due, joined(due.said)


def study_settled(
    rules: PortRules, access: Served, result: StudyResult, at: datetime
) -> told.StudySettled | None:
    """None where the order cannot go on as it is: another one takes its place (decision 18)."""
    contract, offer = contract_of(rules, access), access.chosen.offer
    reading = read_study(contract, offer, result, wanted=access.wanted)
    anew = any(change.binding is Binding.NEW_ORDER for change in reading.changes)
    if reading.ends is not None or anew:
        return None
    quote = result.quote
    studied = _as_studied(offer, result)
    reckoning, before = contract.reckoning, offer.lead_days
    return told.StudySettled(
        offer=studied,
        plan=by_the_study(reckoning, studied, lead_before=before, at=at),
        binding=(*access.chosen.because, *reading.binding),
        consent=reading.to_agree,
        quote=None if quote is None else _terms_of(contract, access, quote),
    )


def _as_studied(offer: Offer, result: StudyResult) -> Offer:
    lead = offer.lead_days if result.lead_days is None else result.lead_days
    technology = result.technology or offer.technology
    return offer.model_copy(update={"lead_days": lead, "technology": technology})


def quote_open(rules: PortRules, access: Access) -> told.QuoteTerms | None:
    """Of the quote that waits for an answer, as of the day its notice took effect."""
    if not isinstance(access, Quoted):
        return None
    told_on = None if access.told is None else access.told.on
    return quote_told(rules, access, told_on)


def quote_told(rules: PortRules, access: Quoted, told_on: date | None) -> told.QuoteTerms:
    """As they run from a day."""
    return _terms_of(contract_of(rules, access), access, access.quote.quote, told_on)


def _terms_of(
    contract: Contract, access: Access, quote: Quote, told_on: date | None = None
) -> told.QuoteTerms:
    terms = quote_terms(contract, quote, prices=access.terms.prices, told_on=told_on)
    return told.QuoteTerms(
        until=terms.until,
        silence_refuses=terms.silence is Silence.REFUSES,
        refusal=terms.fees,
        charged=terms.cost.chargeable,
        source=terms.source,
        answer=terms.answer,
        silence=terms.means,
        cost=terms.cost.said,
    )


# saturation


def saturation_settled(
    rules: PortRules, access: Access, saturated: SaturatedTold, at: datetime
) -> told.SaturationSettled:
    contract = contract_of(rules, access)
    settled = settle_saturation(contract, access.technology, saturated, at=at)
    quote = saturated.quote
    plan = None
    if settled.estimate is not None and access.chosen is not None:
        offer, estimate = access.chosen.offer, settled.estimate
        source = contract.source("saturation.later")
        plan = by_the_saturation(contract.reckoning, offer, estimate=estimate, source=source)
    return told.SaturationSettled(
        plan=plan,
        mode=settled.mode,
        estimate=settled.estimate,
        tell_by=settled.tell_by,
        tell_source=settled.tell_source,
        said=settled.said,
        fees=settled.fees,
        consent_needed=settled.consent_needed,
        quote=None if quote is None else _terms_of(contract, access, quote),
    )


# ends


def unserved_terms(rules: PortRules, access: Access) -> told.EndTerms:
    """What a site that cannot be served costs, in the reading in force: most often nothing."""
    contract = contract_of(rules, access)
    prices, technology = access.terms.prices, access.technology
    cost = cost_of(contract, Ending.CANNOT_CONNECT, prices=prices, technology=technology)
    nothing = tuple(one.said for one in cost.readings if one.in_force and not one.fees)
    return told.EndTerms(fees=cost.fees if cost.chargeable else (), cost=nothing or cost.said)


def end_terms(rules: PortRules, access: Access, at: datetime) -> told.EndTerms:
    """What cancelling it now costs: every reading is shown, and charged once one is signed. Whoever
    leaves because it takes too long pays what the contract says of that (decision 41), and nothing
    for the visit that is booked; whoever asked in time has let it go in time, however long the
    letter takes."""
    contract = contract_of(rules, access)
    delay = _delay(contract, access)
    ending = Ending.LONG_DELAY if _may_leave(delay, at) else Ending.CUSTOMER
    cost = cost_of(contract, ending, prices=access.terms.prices, technology=access.technology)
    fees = cost.fees if cost.chargeable else ()
    asked_at = at if access.cancellation is None else access.cancellation.asked_at
    visit = visit_gone(rules, access, asked_at, moved=False) if ending is Ending.CUSTOMER else None
    if visit is not None:
        fees = (*fees, *(fee for fee in visit.fees if fee.chargeable))
    late = () if visit is None else (visit.because,)
    return told.EndTerms(fees=fees, cost=(*cost.said, *late, *delay.said))


def cancellation_form(rules: PortRules, access: Access, at: datetime) -> CancellationTerms:
    """What makes a cancellation take effect (decision 9). A right to leave takes no agreement of
    the provider's: a default of ours."""
    contract = contract_of(rules, access)
    form = cancellation_terms(contract, asked_at=at, closes_at=None)
    if not _may_leave(_delay(contract, access), at):
        return form
    return form.model_copy(update={"needs": None, "needs_agreement": False})


def _delay(contract: Contract, access: Access) -> LongDelay:
    ordered_on = contract.reckoning.instant_of(access.terms.asked_at).date()
    return long_delay(contract, ordered_on=ordered_on, planned_on=access.terms.wished)


def _may_leave(delay: LongDelay, at: datetime) -> bool:
    return delay.leaves_from is not None and at >= delay.leaves_from
