"""What the contract of one access says of its works and its opening, where it stands."""

from collections.abc import Iterable
from datetime import date, datetime

from domain import equipment_rules, works_told
from domain import works_facts as fields
from domain.access_commands import SaturationSettled
from domain.access_commissioning import Ordered, judge_tests
from domain.access_facts import Plan
from domain.access_failures import field_lead
from domain.access_lateness import AccessDays, judge_lateness
from domain.access_rules import contract_of, saturation_settled
from domain.access_stages import Access, Booking, Commissioning, Ready, Served
from domain.access_start import AccessStart, BilledFrom, acceptance, access_start
from domain.access_told import SaturatedTold
from domain.contract_questions import Contract
from domain.days_lost import put_off
from domain.delay_facts import DelayEvent
from domain.delay_rules import delay_missed
from domain.equipment_moves import on_the_way
from domain.given import Given
from domain.policies import SETBACKS_MAX, VISIT_REPORT
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.said import Said, joined
from domain.service_terms import ServiceDays
from domain.site_rules import not_ready_when_they_came
from domain.visit_rules import lost_of, slot_by_telephone, visit_gone, visit_settled
from domain.works_facts import After, FieldFailure, Party, TestResult
from domain.works_settled import Judged, Lead, Start

# works


def milestone_until(
    rules: PortRules, access: Access, expected: date | None, at: datetime
) -> datetime:
    """Until when the end of the works is awaited: by the operator's own word, where it is later."""
    ask = access.asks.get(Step.BUILD_ACCESS)
    known = at if ask is None else ask.until
    if expected is None:
        return known
    reckoning = contract_of(rules, access).reckoning
    return max(known, reckoning.ends_at(reckoning.add(expected, VISIT_REPORT)))


def milestone_plan(access: Access, expected: date | None) -> Plan | None:
    """Nothing is in service before its works are over; a day that stands as it is needs no plan."""
    if expected is None or (access.plan is not None and expected <= access.plan.on):
        return None
    said = Said(
        fr="la fin des travaux, selon l'opérateur", en="the end of the works, as the operator says"
    )
    return Plan(on=expected, said=said, source="MilestonePassed", binds=False)


def lead_of(rules: PortRules, access: Access, failure: FieldFailure) -> Lead:
    """Where a failure in the field leads; a site that is not ready may have it billed all the
    same."""
    contract = contract_of(rules, access)
    lead = field_lead(contract, access.technology, failure)
    not_ready = None
    if failure is FieldFailure.SITE_NOT_READY:
        not_ready = not_ready_when_they_came(contract, access)
    after, because = lead.after, lead.because
    if after in _BY_THE_OPERATOR and _happens_too_often(access):
        after, because = After.PERSON, joined((because, _TOO_OFTEN))
    return Lead(after=after, by=lead.by, because=because, not_ready=not_ready)


def _happens_too_often(access: Access) -> bool:
    return access.opening.setbacks + 1 >= SETBACKS_MAX


_BY_THE_OPERATOR = {After.STUDY, After.NETWORK_CHECK, After.DESATURATION}
"""What would be asked of it again with nobody looking on."""
_TOO_OFTEN = Said(
    fr="ce n'est pas la première fois : une personne décide (règle de notre part)",
    en="it is not the first time: a person decides (a default of ours)",
)


def box_full(
    rules: PortRules, access: Access, failure: FieldFailure, failed_at: datetime, at: datetime
) -> SaturationSettled | None:
    """A box found full is dealt with as any saturation."""
    if failure is not FieldFailure.BOX_FULL or _happens_too_often(access):
        return None
    told = SaturatedTold(
        key="", event_at=failed_at, at_customer=False, at_first_visit=False, quote=None
    )
    return saturation_settled(rules, access, told, at)


# the opening


def judged(
    rules: PortRules, access: Served, tests: tuple[TestResult, ...], started_at: datetime
) -> Judged:
    contract, offer = contract_of(rules, access), access.chosen.offer
    ordered = Ordered(technology=offer.technology, down_kbps=offer.down_kbps, up_kbps=offer.up_kbps)
    found = judge_tests(contract, ordered, tests)
    start = start_of(rules, access, started_at) if found.passed else None
    return Judged(because=found.because, start=start)


def start_of(rules: PortRules, access: Access, started_at: datetime) -> Start:
    """Service, billing and commitment, each by its own clause; and how late that is."""
    contract = contract_of(rules, access)
    local = contract.reckoning.instant_of
    days = ServiceDays(
        started_on=local(started_at).date(),
        ordered_on=local(access.terms.asked_at).date(),
        signed_on=access.terms.pin.signed_on,
    )
    start = access_start(contract, days, named=tuple(_billed_before(access)))
    terms, accepted = start.terms, acceptance(contract)
    asked = fields.AcceptanceAsked(because=accepted.said) if accepted.asked else None
    return Start(
        started_at=started_at,
        said=start.service,
        billing=_billing(contract, start, days),
        commitment=fields.CommitmentStarted(
            on=terms.committed_from, until=terms.committed_until, because=terms.commitment
        ),
        lateness=_lateness(contract, access, days),
        equipment=equipment_rules.billed_at_start(contract, access, days.started_on),
        on_the_way=tuple(piece.name for piece in on_the_way(access.pieces)),
        acceptance=asked,
    )


def _billed_before(access: Access) -> Iterable[BilledFrom]:
    """By a named clause, from the day it gave; reckoned now, as days may have been lost since."""
    ready = _was_ready(access)
    late = (one for one in access.opening.not_ready if one.found_there or not ready)
    clauses: tuple[fields.SiteNotReady | DelayEvent, ...] = (
        *late,
        *access.delays,
        *access.delays_missed,
    )
    for one in clauses:
        if one.billed_from is not None and one.source is not None:
            clause = BilledFrom(on=one.billed_from, said=one.because, source=one.source)
            yield put_off(access, clause)


def _was_ready(access: Access) -> bool:
    """It is said now that it was ready by its day, when nobody had said so; where somebody came and
    found otherwise, that stands."""
    ready, asked = access.opening.site_ready, access.opening.readiness
    return ready is not None and asked is not None and ready.on < asked.until.date()


def _billing(contract: Contract, start: AccessStart, days: ServiceDays) -> fields.BillingStarted:
    named = start.named
    source = contract.source("billing.start") if named is None else named.source
    on = start.terms.billed_from
    return fields.BillingStarted(
        on=on,
        because=start.terms.billing,
        before_service=on < days.started_on,
        source=source,
    )


def _lateness(
    contract: Contract, access: Access, days: ServiceDays
) -> fields.LatenessJudged | None:
    """By the day that was said first; of none where nobody ever said one."""
    first = access.promised_first
    if first is None:
        return None
    counted = AccessDays(ordered=days.ordered_on, first_planned=first.on, started=days.started_on)
    late = judge_lateness(contract, counted)
    return fields.LatenessJudged(
        planned=late.planned,
        started=late.started,
        days=late.days,
        owed=late.owed,
        said=(*late.said, *_moved_with_the_wish(access, first)),
    )


def _moved_with_the_wish(access: Access, first: Plan) -> Iterable[Said]:
    """A day nobody told, where it was late already when the customer asked for a later one."""
    if first.source == "AccessAmended" and first.on != access.terms.wished:
        yield first.said


# with what was told, or decided


def settled(
    rules: PortRules, access: Access, read: works_told.WorksTold, at: datetime
) -> dict[str, object]:
    """What a report of works, visits or openings comes in with."""
    found: dict[str, object] = {}
    match read:
        case works_told.MilestoneTold(expected=expected):
            until = milestone_until(rules, access, expected, at)
            found = {"until": until, "plan": milestone_plan(access, expected)}
        case works_told.VisitBookedTold(slot=slot) | works_told.VisitMovedTold(slot=slot):
            found = {"settled": visit_settled(rules, access, slot, at)}
        case works_told.VisitMissedTold():
            found = {"lost": lost_of(rules, access, Party.OPERATOR)}
        case works_told.VisitKeptTold(report=report):
            found = {"installed": equipment_rules.installed(rules, access, report)}
        case works_told.CommissionedTold(tests=tests, tested_at=on) if isinstance(access, Served):
            found = {"judged": judged(rules, access, tests, on)}
        case works_told.WorksFailedTold() | works_told.VisitFailedTold():
            found = _of_a_failure(rules, access, read, at)
        case _:
            pass
    return found


def _of_a_failure(
    rules: PortRules,
    access: Access,
    read: works_told.WorksFailedTold | works_told.VisitFailedTold,
    at: datetime,
) -> dict[str, object]:
    failure = read.failure
    lead = lead_of(rules, access, failure)
    found: dict[str, object] = {
        "lead": lead,
        "saturation": box_full(rules, access, failure, read.failed_at, at),
    }
    if isinstance(read, works_told.VisitFailedTold):
        found["lost"] = lost_of(rules, access, lead.by, failure)
        found["missed_again"] = delay_missed(contract_of(rules, access), access, lead.by)
    return found


def decided(rules: PortRules, access: Access, given: Given, at: datetime) -> dict[str, object]:
    """What a person's word about a visit or an opening comes in with."""
    found: dict[str, object] = {}
    if access.opening.visit is not None:
        found["gone"] = visit_gone(rules, access, at, moved=True)
        found["lost"] = lost_of(rules, access, Party.OPERATOR)
    if given.day is None:
        return found
    if isinstance(access, Commissioning):
        begins = contract_of(rules, access).reckoning.instant_of(given.day)
        found["start"] = start_of(rules, access, begins)
    elif isinstance(access, Ready | Booking) and given.half is not None:
        slot = slot_by_telephone(rules, access, given.day, given.half)
        found |= {"told_slot": slot, "visit": visit_settled(rules, access, slot, at)}
    return found
