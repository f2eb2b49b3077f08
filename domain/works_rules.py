"""What the contract of one access says of its works and its opening, where it stands."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from domain import equipment_rules, works_told
from domain import works_facts as fields
from domain.access_commands import FailureSettled, SaturationSettled
from domain.access_commissioning import Commissioning as Tested
from domain.access_commissioning import Ordered, deciding_tests, judge_tests
from domain.access_facts import Plan
from domain.access_failures import field_lead
from domain.access_lateness import AccessDays, judge_lateness
from domain.access_promises import BY_MILESTONE
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
from domain.lateness_shares import History, whose_days
from domain.policies import SETBACKS_MAX, VISIT_REPORT
from domain.port_in_facts import Step
from domain.port_rules import PortRules
from domain.said import Said, joined
from domain.service_terms import ServiceDays
from domain.site_rules import not_ready_when_they_came, site_by_now
from domain.visit_facts import VisitEndSaid
from domain.visit_rules import (
    lost_of,
    slot_by_telephone,
    visit_gone,
    visit_moved,
    visit_settled,
    why_nobody_comes,
)
from domain.works_attention import UNREPORTED
from domain.works_facts import After, FieldFailure, Party, Test, TestResult
from domain.works_settled import Judged, Lead, Start, VisitKeptSettled
from domain.works_states import without

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
    if expected is None:
        return None
    if access.plan is None or expected > access.plan.on:
        return _by_its_works(expected, _WORKS_END)
    return _sooner(access, access.plan, expected)


def _sooner(access: Access, plan: Plan, expected: date) -> Plan | None:
    """What an earlier milestone put off comes forward again, as far as the day that stood before
    and the one told first, and no further than the wish: none is taken back by works that are
    quick. The day of a visit that is booked stands."""
    if plan.source != BY_MILESTONE or access.opening.visit is not None:
        return None
    on, said = expected, _SOONER
    before, first = access.opening.put_off_from, access.promised_first
    for stood, as_it in (
        (None if before is None else before.on, _AS_BEFORE),
        (None if first is None else first.on, _AS_TOLD),
        (access.terms.wished, _AS_WISHED),
    ):
        if stood is not None and stood > on:
            on, said = stood, as_it
    return None if on >= plan.on else _by_its_works(on, said)


def _by_its_works(on: date, said: Said) -> Plan:
    return Plan(on=on, said=said, source=BY_MILESTONE, binds=False)


_WORKS_END = Said(
    fr="la fin des travaux, selon l'opérateur", en="the end of the works, as the operator says"
)
_SOONER = Said(
    fr="la fin des travaux, plus tôt que l'opérateur ne l'avait dit",
    en="the end of the works, sooner than the operator had said",
)
_AS_BEFORE = Said(
    fr="les travaux finissent plus tôt que l'opérateur ne l'avait dit : la date d'avant vaut de "
    "nouveau",
    en="the works end sooner than the operator had said: the day of before stands again",
)
_AS_TOLD = Said(
    fr="les travaux finissent plus tôt que l'opérateur ne l'avait dit : la date annoncée d'abord",
    en="the works end sooner than the operator had said: the day first told",
)
_AS_WISHED = Said(
    fr="les travaux finissent plus tôt que l'opérateur ne l'avait dit : le jour souhaité par le "
    "client",
    en="the works end sooner than the operator had said: the day the customer wishes",
)


def lead_of(rules: PortRules, access: Access, failure: FieldFailure) -> Lead:
    """Where a failure in the field leads; a site that is not ready may have it billed all the
    same."""
    contract = contract_of(rules, access)
    lead = field_lead(contract, access.technology, failure)
    not_ready = None
    if failure is FieldFailure.SITE_NOT_READY:
        not_ready = not_ready_when_they_came(contract, access)
    if lead.after in fields.BY_THE_OPERATOR and _happens_too_often(access):
        because = joined((lead.because, _TOO_OFTEN))
        return Lead(after=After.PERSON, by=lead.by, usual=lead.after, because=because)
    return Lead(after=lead.after, by=lead.by, because=lead.because, not_ready=not_ready)


def _happens_too_often(access: Access) -> bool:
    return access.opening.setbacks + 1 >= SETBACKS_MAX


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
    return _saturated(rules, access, failed_at, at)


def _saturated(
    rules: PortRules, access: Access, failed_at: datetime, at: datetime
) -> SaturationSettled:
    told = SaturatedTold(
        key="", event_at=failed_at, at_customer=False, at_first_visit=False, quote=None
    )
    return saturation_settled(rules, access, told, at)


# the opening


def tests_judged(rules: PortRules, access: Served, tests: tuple[TestResult, ...]) -> Tested:
    """Against what was ordered, and what its contract guarantees of it."""
    return judge_tests(contract_of(rules, access), ordered_of(access), tests)


def judged(
    rules: PortRules,
    access: Served,
    tests: tuple[TestResult, ...],
    started_at: datetime,
    history: History = (),
) -> Judged:
    found = tests_judged(rules, access, tests)
    start = start_of(rules, access, started_at, history) if found.passed else None
    return Judged(because=found.because, start=start)


def ordered_of(access: Served) -> Ordered:
    """The rate of the order, where it says one: an offer may be faster. No order says the rate up:
    the offer's, and no more than was ordered (a default of ours)."""
    offer, wanted = access.chosen.offer, access.terms.down_kbps
    down = offer.down_kbps if wanted is None else min(wanted, offer.down_kbps)
    up = offer.up_kbps if wanted is None else min(wanted, offer.up_kbps)
    return Ordered(technology=offer.technology, down_kbps=down, up_kbps=up)


def start_of(
    rules: PortRules, access: Access, started_at: datetime, history: History = ()
) -> Start:
    """Service, billing and commitment, each by its own clause; and how late that is, by what its
    stream holds."""
    contract = contract_of(rules, access)
    local = contract.reckoning.instant_of
    days = ServiceDays(
        started_on=local(started_at).date(),
        ordered_on=local(access.terms.asked_at).date(),
        signed_on=access.terms.pin.signed_on,
        term_months=access.terms.prices.term_months,
    )
    start = access_start(contract, days, named=tuple(billed_before(rules, access)))
    terms, accepted = start.terms, acceptance(contract)
    asked = fields.AcceptanceAsked(because=accepted.said) if accepted.asked else None
    return Start(
        started_at=started_at,
        said=start.service,
        billing=_billing(contract, start, days),
        commitment=fields.CommitmentStarted(
            on=terms.committed_from, until=terms.committed_until, because=terms.commitment
        ),
        lateness=_lateness(contract, access, days, history),
        equipment=equipment_rules.billed_at_start(contract, access, days.started_on),
        on_the_way=tuple(piece.name for piece in on_the_way(access.pieces)),
        acceptance=asked,
    )


def billed_before(rules: PortRules, access: Access) -> Iterable[BilledFrom]:
    """By a named clause, from the day it gave; reckoned now, as days may have been lost since."""
    ready = _was_ready(rules, access)
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


def _was_ready(rules: PortRules, access: Access) -> bool:
    """It is said now that it was ready by its day, when nobody had said so: the day as it stands,
    where that is later than was asked. Where somebody came and found otherwise, that stands."""
    ready, asked = access.opening.site_ready, access.opening.readiness
    if ready is None or asked is None:
        return False
    now = site_by_now(rules, access, asked.until)
    until = asked.until if now is None else max(asked.until, now.until)
    return ready.on < contract_of(rules, access).reckoning.instant_of(until).date()


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
    contract: Contract, access: Access, days: ServiceDays, history: History
) -> fields.LatenessJudged | None:
    """By the day that was said first; of none where nobody ever said one."""
    first = access.promised_first
    if first is None:
        return None
    whose = whose_days(
        history,
        first=first.on,
        started=days.started_on,
        local=contract.reckoning.instant_of,
    )
    counted = AccessDays(
        ordered=days.ordered_on,
        first_planned=first.on,
        started=days.started_on,
        whose=whose,
    )
    late = judge_lateness(contract, counted)
    return fields.LatenessJudged(
        planned=late.planned,
        started=late.started,
        days=late.days,
        owed=late.owed,
        said=(*late.said, *_moved_with_the_wish(access, first)),
        shares=late.shares,
    )


def _moved_with_the_wish(access: Access, first: Plan) -> Iterable[Said]:
    """A day nobody told, where it was late already when the customer asked for a later one."""
    if first.source == "AccessAmended" and first.on != access.terms.wished:
        yield first.said


# with what was told, or decided


def settled(
    rules: PortRules,
    access: Access,
    read: works_told.WorksTold,
    at: datetime,
    history: History = (),
) -> dict[str, object]:
    """What a report of works, visits or openings comes in with; `history` is what its stream holds,
    by which it is said whose doing it is to be late."""
    found: dict[str, object] = {}
    match read:
        case works_told.MilestoneTold(expected=expected):
            until = milestone_until(rules, access, expected, at)
            found = {"until": until, "plan": milestone_plan(access, expected)}
        case works_told.VisitBookedTold(slot=slot):
            found = {"settled": visit_settled(rules, access, slot, at)}
        case works_told.VisitMovedTold(slot=slot, code=code):
            found = {"settled": visit_moved(rules, access, slot, code, at)}
        case works_told.VisitMissedTold():
            found = {"lost": lost_of(rules, access, Party.OPERATOR)}
        case works_told.VisitKeptTold(report=report):
            found = {"installed": equipment_rules.installed(rules, access, report)}
        case works_told.CommissionedTold(tests=tests, tested_at=on) if isinstance(access, Served):
            found = {"judged": judged(rules, access, tests, on, history)}
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


def decided(
    rules: PortRules, access: Access, given: Given, at: datetime, history: History = ()
) -> dict[str, object]:
    """What a person's word about a visit or an opening comes in with."""
    found: dict[str, object] = _told_late(rules, access, at)
    visit, usual = access.opening.visit, access.opening.usual
    if visit is not None:
        found["gone"] = visit_gone(rules, access, at, moved=True)
        found["lost"] = lost_of(rules, access, Party.OPERATOR)
        if access.is_asked(UNREPORTED):
            found["kept"] = _kept(rules, access, visit, given, at)
    if visit is not None and given.failure is not None:
        ends = min(visit.slot.ends, at)
        found["failed"] = _failed(rules, access, _vain(visit.reference, given.failure, ends), at)
    if usual is not None and usual.after is After.DESATURATION:
        found["saturation"] = _saturated(rules, access, usual.failed_at, at)
    if given.day is not None:
        found |= _on_a_day(rules, access, given, given.day, at, history)
    return found


def _on_a_day(
    rules: PortRules, access: Access, given: Given, day: date, at: datetime, history: History
) -> dict[str, object]:
    """Since when it works, or when somebody comes."""
    found: dict[str, object] = {}
    if isinstance(access, Commissioning):
        begins = contract_of(rules, access).reckoning.instant_of(day)
        found["start"] = start_of(rules, access, begins, history)
        found |= _measured(rules, access, given.speed, begins, history)
    elif isinstance(access, Ready | Booking) and given.half is not None:
        slot = slot_by_telephone(rules, access, day, given.half)
        found |= {"told_slot": slot, "visit": visit_settled(rules, access, slot, at)}
        found["no_visit"] = why_nobody_comes(rules, access, slot, at)
    return found


def _kept(
    rules: PortRules, access: Access, visit: fields.VisitBooked, given: Given, at: datetime
) -> VisitKeptSettled:
    """On the day of the visit, unless a later one is given."""
    done_at = visit.slot.ends
    if given.day is not None and given.day > visit.slot.day:
        done_at = contract_of(rules, access).reckoning.instant_of(given.day)
    report = fields.VisitReport(done_at=min(done_at, at), serials=given.serials)
    return VisitKeptSettled(
        report=report, installed=equipment_rules.installed(rules, access, report)
    )


def _measured(
    rules: PortRules,
    access: Served,
    speed: tuple[int, int] | None,
    begins: datetime,
    history: History,
) -> dict[str, object]:
    """What a person says was measured is held against the order like an operator's own results;
    whoever says that it works has seen it synchronised. Nothing where no rate is guaranteed and
    none is given."""
    contract = contract_of(rules, access)
    guaranteed = Test.THROUGHPUT_DOWN in deciding_tests(contract, access.technology)
    if speed is None and not guaranteed:
        return {}
    told = (TestResult(test=Test.SYNCHRONISATION, passed=True), *_rates(speed))
    failed = judge_tests(contract, ordered_of(access), told).failed
    tests = tuple(one.model_copy(update={"passed": one.test not in failed}) for one in told)
    return {"tests": tests, "judged": judged(rules, access, tests, begins, history)}


def _rates(speed: tuple[int, int] | None) -> Iterable[TestResult]:
    ways = (Test.THROUGHPUT_DOWN, Test.THROUGHPUT_UP)
    for test, kbps in zip(ways, speed or (), strict=False):
        yield TestResult(test=test, passed=True, measured=Decimal(kbps))


def _told_late(rules: PortRules, access: Access, at: datetime) -> dict[str, object]:
    """What an operator told of a visit after a person had: as if the person had said nothing."""
    said, late = access.opening.said, access.opening.told_late
    if said is None or late is None:
        return {}
    told = late.told
    match told:
        case fields.VisitKept(report=report):
            return {"installed": equipment_rules.installed(rules, access, report)}
        case fields.VisitFailed(failure=failure, failed_at=failed_at):
            read = _vain(told.reference, failure, failed_at)
            return {"failed_late": _failed(rules, _before(access, said), read, at)}
        case _:
            return {}


def _before(access: Access, said: VisitEndSaid) -> Access:
    """On the day of the visit: what the wrong end counted for does not count."""
    as_of = without(access, said)
    opening = as_of.opening.model_copy(update={"visit": said.visit})
    return as_of.model_copy(update={"opening": opening})


def _vain(reference: str, failure: FieldFailure, failed_at: datetime) -> works_told.VisitFailedTold:
    return works_told.VisitFailedTold(
        reference=reference, failure=failure, code=failure, failed_at=failed_at
    )


def _failed(
    rules: PortRules, access: Access, read: works_told.VisitFailedTold, at: datetime
) -> FailureSettled:
    return FailureSettled.model_validate(_of_a_failure(rules, access, read, at))
