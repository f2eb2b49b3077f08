"""What the contract of one access says where it stands, in the words its commands take."""

from dataclasses import replace
from datetime import date, datetime

from domain import access_commands as told
from domain.access_choice import Choice, Excluded, choose
from domain.access_clauses import joined
from domain.access_costs import Ending, cost_of
from domain.access_delays import LongDelay, long_delay
from domain.access_exclusions import Exclusion, LineFacts, exclusions, line_facts
from domain.access_facts import Locator, Offer, Quote, StudyResult, Technology
from domain.access_saturation import settle_saturation
from domain.access_states import Access, Quoted, Served
from domain.access_studies import Binding, Silence, quote_terms, read_study, study_due
from domain.access_told import SaturatedTold
from domain.cancellations import CancellationTerms, cancellation_terms
from domain.contract_questions import Contract
from domain.copper_closures import Closures, Judgement, OrderKind, judge
from domain.policies import ACCESS_WAITS
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.said import Said


def contract_of(rules: PortRules, access: Access) -> Contract:
    return rules.contract(access.terms.pin)


def answered_until(rules: PortRules, access: Access, step: Step, at: datetime) -> datetime:
    """A desaturation that is put off has the contract's own estimate."""
    later = access.saturated
    estimated = None if later is None else later.estimate
    if step is Step.DESATURATE and estimated is not None:
        reckoning = contract_of(rules, access).reckoning
        return max(reckoning.ends_at(estimated), rules.after(at, ACCESS_WAITS["release-access"]))
    return rules.after(at, ACCESS_WAITS[step])


def choice_of(rules: PortRules, closures: Closures, access: Access, at: datetime) -> Choice:
    """With what the contract leaves out by name, and copper where it is closed."""
    contract = contract_of(rules, access)
    excluded = tuple(
        Excluded(technology=technology, said=one.said)
        for technology in access.wanted
        for one in exclusions(contract, technology, _facts_of(access, technology))
    )
    copper = [one for one in access.wanted if one.on_copper]
    if not copper:
        return choose(access, excluded)
    judged = _copper(closures, access, contract.reckoning.instant_of(at).date())
    if judged.may_be_ordered:
        return choose(access, excluded)
    if not judged.unsigned:
        shut = tuple(Excluded(technology=one, said=judged.said) for one in copper)
        return choose(access, (*excluded, *shut))
    choice = choose(access, excluded)
    return replace(choice, because=(*choice.because, judged.said))


def _copper(closures: Closures, access: Access, on: date) -> Judgement:
    """A line named by its number is there, and taken over; anything else is built (decision 44). A
    date that nobody has signed for is said, and shuts nothing."""
    site = access.terms.site
    kind = OrderKind.TAKEOVER if site.locator is Locator.LINE else OrderKind.NEW_LINE
    return judge(closures, commune=site.commune, address_key=None, on=on, kind=kind)


def _facts_of(access: Access, technology: Technology) -> LineFacts:
    """What one operator does not reach, another may: a barrier tells of the line only where nobody
    offers the technology."""
    terms = access.terms
    offered = any(offer.technology is technology for offer in access.offers)
    barriers = () if offered else tuple(barrier for _, barrier in access.barriers)
    known = tuple(Exclusion(word) for word in terms.known)
    metres = terms.coaxial_metres
    return line_facts(technology, barriers, known=known, coaxial_metres=metres)


# studies and quotes


def whether_studied(rules: PortRules, access: Served) -> tuple[bool, Said]:
    """Before it is ordered of the operator, and why."""
    due = study_due(contract_of(rules, access), access.chosen.offer)
    return due.is_due, joined(due.said)


def study_settled(
    rules: PortRules, access: Served, result: StudyResult
) -> told.StudySettled | None:
    """None where the order cannot go on as it is: another one takes its place (decision 18)."""
    contract, offer = contract_of(rules, access), access.chosen.offer
    reading = read_study(contract, offer, result, wanted=access.wanted)
    anew = any(change.binding is Binding.NEW_ORDER for change in reading.changes)
    if reading.ends is not None or anew:
        return None
    quote = result.quote
    return told.StudySettled(
        offer=_as_studied(offer, result),
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
    return told.SaturationSettled(
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
    leaves because it takes too long pays what the contract says of that (decision 41)."""
    contract = contract_of(rules, access)
    delay = _delay(contract, access)
    ending = Ending.LONG_DELAY if _may_leave(delay, at) else Ending.CUSTOMER
    cost = cost_of(contract, ending, prices=access.terms.prices, technology=access.technology)
    fees = cost.fees if cost.chargeable else ()
    return told.EndTerms(fees=fees, cost=(*cost.said, *delay.said))


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
