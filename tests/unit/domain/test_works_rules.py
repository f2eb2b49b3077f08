"""What a contract says of works, visits and openings, for one access where it stands."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from domain import visit_rules, works_rules, works_told
from domain import works_facts as fields
from domain.access_commands import SaturationSettled
from domain.access_facts import AccessPrices, DeliveryPlanned, Plan, Technology
from domain.access_stages import Access, AccessState, Ready, Served
from domain.contract_values import FlagValue, FormulaName, FormulaValue
from domain.copper_closures import OrderKind
from domain.given import Given
from domain.port_in_facts import HeldDocument
from domain.works_facts import After, FieldFailure, Half, Milestone, Party, Test, TestResult
from domain.works_settled import Judged, Lead, Lost, Start, VisitGone, VisitSettled
from tests import accesses as of
from tests import works as at_site
from tests.access_contracts import ordered_with
from tests.accesses import SAID
from tests.porting import RULES, STORY, paris, shelf

FIBRE = of.offer(technology=Technology.DEDICATED_FIBRE, down_kbps=100_000, up_kbps=100_000)
NOTHING = Given(
    day=None,
    until=None,
    turn=None,
    gate=None,
    documents=(),
    correction_id=None,
    speed=None,
    lead_days=None,
    told_by=None,
    slot=None,
    half=None,
    failure=None,
)
DESCRIBED = HeldDocument(name="premises-description", on=of.SIGNED_ON)


def _given(**given: Any) -> Given:  # noqa: ANN401  any of its fields
    return Given(**{**vars(NOTHING), **given})


def _served(state: AccessState, **changes: object) -> Served:
    assert isinstance(state, Served)
    return state.model_copy(update=changes)


def _of_fibre(state: AccessState, **changes: object) -> Served:
    access = _served(state, **changes)
    return _served(access, chosen=access.chosen.model_copy(update={"offer": FIBRE}))


def _settled(access: Access, read: works_told.WorksTold) -> dict[str, object]:
    return works_rules.settled(RULES, access, read, STORY)


def test_the_rate_that_was_ordered_is_what_tests_are_held_against() -> None:
    # « garanti à 90-95% » of the rate that was ordered (002:2423); the offer is faster
    access = at_site.open_access(at_site.commissioning())
    assert isinstance(access, Served)
    offer = access.chosen.offer
    terms = access.terms.model_copy(update={"down_kbps": 50_000})

    whole = works_rules.ordered_of(access)
    part = works_rules.ordered_of(access.model_copy(update={"terms": terms}))

    assert (whole.down_kbps, whole.up_kbps) == (offer.down_kbps, offer.up_kbps)
    assert (part.down_kbps, part.up_kbps) == (50_000, min(offer.up_kbps, 50_000))


def test_a_visit_a_takeover_or_a_kept_number_hangs_on_is_one_the_law_speaks_of() -> None:
    # decision 38: only a visit that belongs to a port or a switch
    access = at_site.open_access(at_site.booked())
    takeover = access.terms.model_copy(update={"kind": OrderKind.TAKEOVER})

    alone = visit_rules.lost_of(RULES, access, Party.OPERATOR)
    linked = visit_rules.lost_of(
        RULES, access.model_copy(update={"terms": takeover}), Party.OPERATOR
    )

    assert alone is not None
    assert linked is not None
    assert "the law has one for a port or a switch" in linked.because.en
    assert "the law" not in alone.because.en


# works


def _milestone(expected: date | None) -> works_told.MilestoneTold:
    return works_told.MilestoneTold(
        key="k", milestone=Milestone.CABLING, passed_at=STORY, expected=expected
    )


@pytest.mark.parametrize("failure", [FieldFailure.WRONG_ROUTE, FieldFailure.BOX_FULL])
def test_what_fails_for_the_third_time_is_a_persons(failure: FieldFailure) -> None:
    access = at_site.open_access(at_site.building())
    often = access.model_copy(update={"opening": access.opening.model_copy(update={"setbacks": 2})})

    lead = works_rules.lead_of(RULES, often, failure)

    assert works_rules.lead_of(RULES, access, failure).after is not After.PERSON
    assert lead.after is After.PERSON
    assert "not the first time" in lead.because.en
    assert works_rules.box_full(RULES, often, failure, STORY, STORY) is None


def test_works_are_awaited_until_the_operator_thinks_them_over_and_never_less() -> None:
    access = at_site.open_access(at_site.building())

    later = _settled(access, _milestone(date(2027, 2, 10)))
    sooner = _settled(access, _milestone(date(2027, 1, 4)))

    # a jour ouvré after the day the operator gives, to its end
    assert later["until"] == paris("2027-02-12T00:00:00")
    assert sooner["until"] == of.SOON
    assert _settled(access, _milestone(None))["until"] == of.SOON


def test_works_nobody_was_asked_for_are_awaited_from_what_is_told() -> None:
    access = at_site.open_access(of.ready())

    assert _settled(access, _milestone(None)) == {"until": STORY, "plan": None}


def test_the_end_of_works_puts_a_plan_off_where_it_is_later() -> None:
    access = at_site.open_access(at_site.building())

    late = works_rules.milestone_plan(access, date(2027, 3, 1))

    assert late is not None
    assert (late.on, late.source, late.binds) == (date(2027, 3, 1), "MilestonePassed", False)
    planned = access.model_copy(update={"plan": late})
    assert works_rules.milestone_plan(planned, date(2027, 3, 1)) is None
    assert works_rules.milestone_plan(planned, date(2027, 3, 2)) is not None


def test_a_box_found_full_comes_with_what_the_contract_says_of_it() -> None:
    access = at_site.open_access(at_site.building())
    told = works_told.WorksFailedTold(
        key="k", failure=FieldFailure.BOX_FULL, code="FULL", failed_at=STORY
    )

    found = _settled(access, told)

    lead = found["lead"]
    assert isinstance(lead, Lead)
    assert (lead.after, lead.by) == (After.DESATURATION, Party.OPERATOR)
    assert isinstance(found["saturation"], SaturationSettled)
    assert "lost" not in found


def _failed(failure: FieldFailure) -> works_told.VisitFailedTold:
    return works_told.VisitFailedTold(
        reference=at_site.VISIT, failure=failure, code="X", failed_at=STORY
    )


def test_a_visit_that_fails_says_who_pays_where_it_is_somebodys_doing() -> None:
    access = at_site.open_access(at_site.booked())

    absent = _settled(access, _failed(FieldFailure.CUSTOMER_ABSENT))
    nobody = _settled(access, _failed(FieldFailure.TOO_LONG))

    assert isinstance(absent["lost"], Lost)
    assert absent["lost"].by is Party.CUSTOMER
    assert absent["saturation"] is None
    assert nobody["lost"] is None


def _asked_for(access: Served) -> Served:
    """Its description, for 18 January; nothing else has put it off."""
    until = paris("2027-01-18T00:00:00")
    asked = fields.SiteReadinessAsked(needs=("premises-description",), until=until, said=())
    opening = access.opening.model_copy(update={"readiness": asked})
    return _served(access, opening=opening, days_lost=None)


def test_a_site_of_fibre_nobody_described_is_billed_from_the_day_first_planned() -> None:
    # « facturé à compter de la Date de Mise en Service initialement prévue » (002:2353-2355)
    plan = at_site.visit_settled(date(2027, 1, 18)).plan
    access = _asked_for(_of_fibre(at_site.booked(), planned_first=plan))

    found = works_rules.lead_of(RULES, access, FieldFailure.SITE_NOT_READY)

    assert found.not_ready is not None
    assert found.not_ready.missing == ("premises-description",)
    assert found.not_ready.billed_from == date(2027, 1, 18)
    assert found.not_ready.source == "002:2353-2355"


def test_a_site_that_was_described_or_never_planned_is_billed_from_its_service() -> None:
    plan = at_site.visit_settled(date(2027, 1, 18)).plan
    described = _of_fibre(at_site.booked(), planned_first=plan, documents=(DESCRIBED,))
    never = _of_fibre(at_site.booked(), planned_first=None)

    found = works_rules.lead_of(RULES, described, FieldFailure.SITE_NOT_READY).not_ready

    assert found is not None
    assert (found.missing, found.billed_from, found.source) == ((), None, None)
    assert works_rules.lead_of(RULES, never, FieldFailure.SITE_NOT_READY).not_ready is None
    assert works_rules.lead_of(RULES, never, FieldFailure.NO_ACCESS).not_ready is None


# visits


def test_a_booked_slot_comes_with_its_own_dates_and_the_day_it_plans() -> None:
    access = at_site.open_access(at_site.chosen())
    told = works_told.VisitBookedTold(
        key="k", reference="V-1", slot=at_site.slot(), booked_at=STORY
    )

    settled = _settled(access, told)["settled"]

    assert isinstance(settled, VisitSettled)
    # Tuesday, the jour ouvré before; Thursday, the one after, to its end
    assert settled.remind_at == paris("2027-01-19T09:00:00")
    assert settled.report_by == paris("2027-01-22T00:00:00")
    assert settled.plan is not None
    assert (settled.plan.on, settled.plan.binds) == (at_site.DAY, False)
    # two jours ouvrés before it (002:2539-2541), in the reading in force
    assert settled.free_until == paris("2027-01-19T00:00:00")


def test_a_slot_is_counted_on_the_days_of_the_territory_of_its_site() -> None:
    # 29 March 2027 is Easter Monday everywhere; Good Friday, the 26th, only in Moselle (57)
    after = at_site.slot(date(2027, 3, 25))
    here = of.site_terms().site
    moselle = here.model_copy(update={"commune": "57463"})

    days = []
    for site in (here, moselle):
        terms = of.site_terms(site=site)
        access = at_site.open_access(at_site.chosen()).model_copy(update={"terms": terms})
        days.append(visit_rules.visit_settled(RULES, access, after, STORY).report_by)

    assert days == [paris("2027-03-27T00:00:00"), paris("2027-03-31T00:00:00")]


def test_a_visit_of_tomorrow_is_reminded_of_at_once() -> None:
    access = at_site.open_access(at_site.chosen())
    late = paris("2027-01-19T15:00:00")

    assert visit_rules.visit_settled(RULES, access, at_site.slot(), late).remind_at == late


def test_a_visit_nobody_came_for_is_the_operators() -> None:
    told = works_told.VisitMissedTold(reference="V-1", code="X", told_at=STORY)

    lost = _settled(at_site.open_access(at_site.booked()), told)["lost"]

    assert isinstance(lost, Lost)
    assert (lost.by, lost.fees, lost.owed) == (Party.OPERATOR, (), ())


def test_a_visit_nobody_came_for_is_owed_for_where_the_order_form_says_so() -> None:
    share = FormulaValue(formula=FormulaName.SHARE_OF_MONTHLY_PER_DAY, factor="1/5")
    contract = RULES.contract(shelf().pin("technicophone", "internet", of.SIGNED_ON))
    form = ordered_with(contract, indemnity_appointment=share)
    access = at_site.open_access(at_site.booked())
    terms = access.terms.model_copy(update={"pin": form.pin})
    access = access.model_copy(update={"terms": terms})

    lost = visit_rules.lost_of(RULES, access, Party.OPERATOR)

    assert lost is not None
    assert [(one.head, one.euros, one.chargeable) for one in lost.owed] == [
        ("missed-visit", None, False)
    ]


def test_what_answers_nothing_by_contract_brings_nothing() -> None:
    access = at_site.open_access(at_site.booked())
    kept = works_told.VisitKeptTold(reference="V-1", report=fields.VisitReport(done_at=STORY))
    tested = works_told.CommissionedTold(key="k", tested_at=STORY)

    assert _settled(access, kept) == {"installed": ()}
    assert _settled(at_site.open_access(of.checking()), tested) == {}


def test_letting_a_visit_go_too_late_is_invoiced_where_it_is_cancelled_and_not_where_it_moves() -> (
    None
):
    prices = AccessPrices(
        access_fee=Decimal("150.00"), monthly=Decimal("49.90"), installation=Decimal("120.00")
    )
    access = at_site.open_access(at_site.booked())
    terms = access.terms.model_copy(update={"prices": prices})
    access = access.model_copy(update={"terms": terms})
    late = paris("2027-01-19T15:00:00")

    cancelled = visit_rules.visit_gone(RULES, access, late, moved=False)
    moved = visit_rules.visit_gone(RULES, access, late, moved=True)
    in_time = visit_rules.visit_gone(RULES, access, STORY, moved=False)

    assert cancelled is not None
    assert [(f.euros, f.chargeable) for f in cancelled.fees] == [(Decimal("120.00"), True)]
    assert moved is not None
    assert [one.chargeable for one in moved.fees] == [False]
    assert in_time == VisitGone(late=False, fees=(), because=in_time.because if in_time else SAID)
    assert visit_rules.visit_gone(RULES, at_site.open_access(of.ready()), late, moved=True) is None


# decisions


def test_a_persons_word_about_a_visit_comes_with_what_it_costs_whatever_else_is_asked() -> None:
    for state in (at_site.booked(), at_site.unreported(), at_site.other_days()):
        found = works_rules.decided(RULES, at_site.open_access(state), NOTHING, STORY)

        assert set(found) >= {"gone", "lost"}


def test_a_half_day_by_telephone_is_a_slot_by_the_clock_of_its_site() -> None:
    access = at_site.open_access(at_site.building())
    assert isinstance(access, Ready)

    found = works_rules.decided(RULES, access, _given(day=at_site.DAY, half=Half.AFTERNOON), STORY)

    slot = found["told_slot"]
    assert isinstance(slot, fields.Slot)
    assert (slot.begins, slot.ends) == (
        paris("2027-01-20T13:00:00"),
        paris("2027-01-20T18:00:00"),
    )
    assert isinstance(found["visit"], VisitSettled)
    assert works_rules.decided(RULES, access, _given(day=at_site.DAY), STORY) == {}


def test_the_day_it_works_comes_with_what_starts() -> None:
    access = at_site.open_access(of.opening())

    found = works_rules.decided(RULES, access, _given(day=date(2027, 1, 8)), STORY)

    assert set(found) == {"start"}
    assert works_rules.decided(RULES, access, NOTHING, STORY) == {}


# the opening

PASSED = (
    TestResult(test=Test.SYNCHRONISATION, passed=True),
    TestResult(test=Test.THROUGHPUT_DOWN, passed=True, measured=Decimal(1_000_000)),
    TestResult(test=Test.THROUGHPUT_UP, passed=True, measured=Decimal(300_000)),
)


def test_tests_that_pass_come_with_what_starts_and_others_with_nothing() -> None:
    access = _served(at_site.commissioning())
    failed = tuple(one.model_copy(update={"passed": False}) for one in PASSED)
    told = works_told.CommissionedTold(key="k", tested_at=STORY, tests=PASSED)

    found = _settled(access, told)["judged"]

    assert isinstance(found, Judged)
    assert found.start is not None
    assert found.start.lateness is not None
    assert works_rules.judged(RULES, access, failed, STORY).start is None


def test_how_late_it_is_says_whose_doing_by_what_happened() -> None:
    access, booked = _served(at_site.commissioning()), at_site.visit_settled().plan
    assert booked is not None
    later = booked.model_copy(update={"on": date(2027, 1, 27)})
    failed = fields.VisitFailed(
        reference="V-1",
        failure=FieldFailure.CUSTOMER_ABSENT,
        code="X",
        failed_at=STORY,
        after=After.VISIT,
        by=Party.CUSTOMER,
        because=SAID,
    )
    history = [(STORY, one) for one in (DeliveryPlanned(plan=booked), failed)]
    history.append((STORY, DeliveryPlanned(plan=later)))
    told = works_told.CommissionedTold(key="k", tested_at=paris("2027-01-29T10:00"), tests=PASSED)

    judged = works_rules.settled(RULES, access, told, STORY, history)["judged"]
    by_hand = works_rules.decided(RULES, access, _given(day=date(2027, 1, 29)), STORY, history)[
        "start"
    ]

    assert isinstance(judged, Judged)
    for start in (judged.start, by_hand):
        assert isinstance(start, Start)
        assert start.lateness is not None
        assert [(one.by, one.days) for one in start.lateness.shares] == [
            (Party.CUSTOMER, 7),
            (None, 2),
        ]


def test_nothing_is_late_where_nobody_ever_said_a_day() -> None:
    access = _served(at_site.commissioning(), promised_first=None)

    assert works_rules.start_of(RULES, access, STORY).lateness is None


def test_lateness_of_before_a_later_wish_says_where_its_day_comes_from() -> None:
    # « demandée par le Client ou annoncée initialement » (002:2415-2416)
    said = SAID.model_copy(update={"en": "put off"})
    first = Plan(on=date(2027, 1, 8), said=said, source="AccessAmended", binds=True)
    access = _served(at_site.commissioning(), promised_first=first)
    terms = access.terms.model_copy(update={"wished": date(2027, 1, 8)})

    moved = works_rules.start_of(RULES, access, STORY).lateness
    wished = works_rules.start_of(RULES, _served(access, terms=terms), STORY).lateness

    assert moved is not None
    assert wished is not None
    assert moved.said[-1].en == "put off"
    assert wished.said[-1].en != "put off"


def test_acceptance_is_asked_for_where_the_order_form_has_it() -> None:
    asking = ordered_with(
        RULES.contract(shelf().pin("technicophone", "internet", of.SIGNED_ON)),
        acceptance_by__customer=FlagValue(value=True),
    )
    access = _served(at_site.commissioning())
    terms = access.terms.model_copy(update={"pin": asking.pin})

    asked = works_rules.start_of(RULES, _served(access, terms=terms), STORY).acceptance

    assert asked is not None
    assert works_rules.start_of(RULES, access, STORY).acceptance is None


days = st.dates(date(2027, 1, 11), date(2028, 12, 31))
PROVIDERS = (("technicophone", "internet"), ("technicophone", "vga"), ("oksio", "data"))


@pytest.mark.parametrize("under", PROVIDERS)
@drawn(started=days, billed=st.lists(days, max_size=3), named=st.booleans())
@settings(max_examples=60, deadline=None)
def test_nobody_is_billed_before_service_but_from_the_first_day_a_clause_names(
    under: tuple[str, str], started: date, billed: list[date], *, named: bool
) -> None:
    late = tuple(
        fields.SiteNotReady(
            missing=(), billed_from=day, source="002:2353-2355" if named else None, because=SAID
        )
        for day in billed
    )
    access = _served(at_site.commissioning())
    opening = access.opening.model_copy(update={"not_ready": late})
    terms = access.terms.model_copy(update={"pin": shelf().pin(*under, of.SIGNED_ON)})
    access = _served(access, opening=opening, terms=terms)
    at = datetime.combine(started, datetime.min.time(), tzinfo=at_site.PARIS) + timedelta(hours=9)

    start = works_rules.start_of(RULES, access, at)

    billing = start.billing
    assert billing.before_service is (billing.on < started)
    first = min(billed, default=started) if named else started
    offered = date(2027, 1, 20)  # the first day its operator could come
    assert billing.on >= min(max(first, offered), started)
    assert not billing.before_service or billing.source == "002:2353-2355"
