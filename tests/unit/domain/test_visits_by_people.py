"""What a person says of slots, visits and the opening by telephone, and what is refused."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import access_commands as told
from domain import visit_rules, works_rules, works_told
from domain import works_facts as fields
from domain.access import decide
from domain.access_facts import AccessPrices, OfferChosen, Technology
from domain.access_stages import Access, AccessState, AwaitingVisit, Commissioning
from domain.attention import DecisionRefusedError
from domain.delay_facts import CustomerDelayAgreed, DelaySettled
from domain.event import Event
from domain.given import Given
from domain.port_in_facts import Step
from domain.works_facts import After, EquipmentMoved, FieldFailure, Half, Party, Test
from domain.works_settled import Judged, VisitKeptSettled, VisitSettled
from tests import accesses as of
from tests import works as at_site
from tests.accesses import BOTH, SAID
from tests.porting import RULES, STORY, paris

TODAY: dict[str, Any] = {"today": STORY.date()}
LATER = date(2027, 2, 1)
FIRST = CustomerDelayAgreed(
    was=at_site.DAY, day=LATER, first=at_site.DAY, in_time=True, because=SAID
)
DELAY = DelaySettled(agreed=FIRST, said=(SAID,))
PRICES = AccessPrices(installation=Decimal("180.00"))


def _names(found: tuple[Event, ...]) -> list[str]:
    return [type(event).__name__ for event in found]


def _given(**given: Any) -> Given:  # noqa: ANN401  any of its fields
    names = ("day", "until", "turn", "gate", "correction_id", "speed", "lead_days", "told_by")
    nothing: dict[str, Any] = dict.fromkeys((*names, "slot", "half"))
    return Given(**{**nothing, "documents": (), **given})


def _decided(state: AccessState, at: datetime = STORY, **given: Any) -> dict[str, Any]:  # noqa: ANN401
    return works_rules.decided(RULES, at_site.open_access(state), _given(**given), at)


# a later day, by whatever question


def test_slots_of_a_later_day_than_the_clause_lets_it_be_are_refused_like_moving_the_visit() -> (
    None
):
    none = of.when(at_site.built(), at_site.slots_told(at_site.built()))
    later = {"day": LATER, "delay": DELAY, **TODAY}

    for state, decision in (
        (at_site.offered(), "retry"),
        (none, "retry"),
        (at_site.booked(), "postpone"),
        (of.when(at_site.booked(), at_site.visit_failed(After.VISIT_ONCE_READY)), "agree"),
    ):
        with pytest.raises(DecisionRefusedError, match="amend the wish of this line"):
            decide(of.answer(decision, **later), state)


def test_a_day_among_those_that_are_offered_or_none_puts_nothing_off() -> None:
    offered = at_site.offered()

    for day in (at_site.DAY + timedelta(days=1), None):
        found = decide(of.answer("retry", day=day, delay=DELAY, **TODAY), offered)
        assert "VisitsAskedAgain" in _names(found)


# a visit that has begun


def test_a_visit_that_has_begun_is_not_moved() -> None:
    booked = at_site.booked()
    assert isinstance(booked, AwaitingVisit)

    with pytest.raises(DecisionRefusedError, match="has begun, and is moved no more"):
        decide(of.answer("postpone", day=LATER, **TODAY), booked)
    at = at_site.visit(booked).slot.begins
    assert _decided(booked, at)["gone"] is None


# a day the operator chose


def _moved(to: fields.Slot, at: datetime, prices: AccessPrices = PRICES) -> Access:
    access = at_site.open_access(at_site.booked())
    access = access.model_copy(update={"terms": access.terms.model_copy(update={"prices": prices})})
    said = works_told.VisitMovedTold(reference=at_site.VISIT, slot=to, code="SICK", told_at=at)
    settled = works_rules.settled(RULES, access, said, at)["settled"]
    assert isinstance(settled, VisitSettled)
    report = at_site.visit_moved(to=to).model_copy(update={"settled": settled})
    return at_site.open_access(of.when(access, report))


def test_a_day_the_customer_never_chose_is_let_go_free_of_charge_until_it_begins() -> None:
    # « déterminées conjointement par le Client et le Prestataire » (002:2537-2539)
    eve = paris("2027-01-19T15:00:00")
    moved = _moved(at_site.slot(), eve)

    found = visit_rules.visit_gone(RULES, moved, eve, moved=False)

    visit = at_site.visit(moved)
    assert (visit.imposed, visit.free_until) == (True, visit.slot.begins)
    assert found is not None
    assert (found.late, found.fees) == (False, ())
    assert "a day the customer did not choose" in found.because.en
    assert visit_rules.visit_gone(RULES, moved, visit.slot.begins, moved=False) is None


def test_a_day_the_customer_chose_since_is_paid_for_like_any_other() -> None:
    eve = paris("2027-01-19T15:00:00")
    state: AccessState = of.when(
        _moved(at_site.slot(at_site.DAY + timedelta(days=9)), STORY),
        of.answer("postpone", gone=at_site.gone()),
    )
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))
    again = at_site.open_access(at_site.booked(at_site.chosen(state), at_site.OTHER))

    found = visit_rules.visit_gone(RULES, again, eve, moved=False)

    assert not at_site.visit(again).imposed
    assert found is not None
    assert [fee.euros for fee in found.fees] == [Decimal("180.00")]


def test_where_no_contract_gives_a_limit_a_day_of_the_operators_has_none_either() -> None:
    access = at_site.open_access(at_site.booked())
    pin = of.site_terms(under=("oksio", "data")).pin
    access = access.model_copy(update={"terms": access.terms.model_copy(update={"pin": pin})})

    settled = visit_rules.visit_moved(RULES, access, at_site.slot(), "SICK", STORY)

    assert (settled.free_until, settled.imposed) == (None, True)


# why another day is planned


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (at_site.visit_failed(), "the customer was absent"),
        (at_site.visit_failed(failure=FieldFailure.NO_ACCESS), "the place could not be entered"),
        (at_site.visit_missed(), "missed by the operator"),
        (of.answer("postpone", gone=at_site.gone()), "the customer's own wish"),
    ],
)
def test_the_day_of_another_visit_says_what_became_of_the_one_before(
    report: told.TakeDecision, why: str
) -> None:
    state = of.when(at_site.booked(), report)

    plan = visit_rules.visit_settled(
        RULES, at_site.open_access(state), at_site.slot(LATER), STORY
    ).plan

    assert plan is not None
    assert plan.said.en == f"the visit of Monday 1 February 2027, after the one before: {why}"
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))
    again = at_site.open_access(at_site.booked(at_site.chosen(state), at_site.OTHER))
    assert again.opening.again is None


def test_the_day_a_visit_is_moved_to_says_by_whom_and_why() -> None:
    moved = visit_rules.visit_moved(
        RULES, at_site.open_access(at_site.booked()), at_site.slot(LATER), "SICK", STORY
    )

    assert moved.plan is not None
    assert moved.plan.said.fr.endswith("déplacé par l'opérateur (SICK)")


def test_a_customer_who_asks_for_other_days_after_an_absence_leaves_the_reason() -> None:
    state = of.when(at_site.booked(), at_site.visit_failed())
    state = at_site.offered(of.asked(state, Step.OFFER_VISITS))

    again = at_site.open_access(of.when(state, of.answer("retry"))).opening.again

    assert again is not None
    assert again.en == "the customer was absent"


def test_a_visit_that_is_missed_is_told_as_of_the_operators_own_word() -> None:
    said_at = STORY - timedelta(hours=3)
    report = at_site.visit_missed().model_copy(update={"told_at": said_at})

    missed = next(
        event for event in decide(report, at_site.booked()) if isinstance(event, fields.VisitMissed)
    )

    assert missed.told_at == said_at


# a site that will be ready


def test_a_site_that_will_be_ready_is_visited_from_that_day_on() -> None:
    state = of.when(at_site.booked(), at_site.visit_failed(After.VISIT_ONCE_READY))

    found = decide(of.answer("agree", day=LATER, **TODAY), state)

    assert fields.SiteReady(by="a colleague", on=LATER) in found
    after = at_site.open_access(of.when(state, of.answer("agree", day=LATER, **TODAY)))
    assert (after.step, after.opening.not_before) == (Step.OFFER_VISITS, LATER)


def test_works_are_not_begun_for_a_site_that_is_not_ready_yet() -> None:
    state = at_site.building()
    stopped = at_site.works_failed(
        state, FieldFailure.SITE_NOT_READY, at_site.lead(After.VISIT_ONCE_READY, Party.CUSTOMER)
    )
    state = of.when(state, stopped)

    with pytest.raises(DecisionRefusedError, match="say so once it has, or put the question off"):
        decide(of.answer("agree", day=LATER, **TODAY), state)
    today = of.answer("agree", day=STORY.date(), **TODAY)
    assert at_site.open_access(of.when(state, today)).step is Step.BUILD_ACCESS


# a visit nobody reported


def test_what_took_place_is_said_with_its_day_and_what_it_put_up() -> None:
    at = paris("2027-01-25T10:00:00")
    state = at_site.unreported()

    kept = _decided(state, at, day=date(2027, 1, 22), serials=("SN-1", "SN-2"))["kept"]
    as_booked = _decided(state, at)["kept"]
    found = decide(
        of.answer("agree", "visit-unreported", day=date(2027, 1, 22), today=at.date(), kept=kept),
        state,
    )

    assert isinstance(kept, VisitKeptSettled)
    assert (kept.report.done_at, kept.report.serials) == (
        paris("2027-01-22T00:00:00"),
        ("SN-1", "SN-2"),
    )
    assert as_booked.report.done_at == at_site.visit(state).slot.ends
    assert [e.serial for e in found if isinstance(e, EquipmentMoved)] == ["SN-1", "SN-2"]
    decision = next(e for e in found if e.__class__.__name__ == "DecisionTaken")
    assert getattr(decision, "given", {})["serials"] == "SN-1,SN-2"


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2027, 1, 26), "has not come yet"), (date(2027, 1, 19), "before the visit")],
)
def test_it_took_place_on_no_day_ahead_nor_before_the_visit(day: date, said: str) -> None:
    answer = of.answer("agree", "visit-unreported", day=day, today=date(2027, 1, 25))

    with pytest.raises(DecisionRefusedError, match=said):
        decide(answer, at_site.unreported())


# a half-day by telephone


@pytest.mark.parametrize(
    ("day", "half", "commune", "said"),
    [
        (date(2027, 1, 8), Half.MORNING, "37203", "has begun already"),
        (date(2027, 1, 17), Half.MORNING, "37203", "Sunday 17 January 2027"),
        (date(2027, 5, 6), Half.AFTERNOON, "37203", "Thursday 6 May 2027"),
        (date(2027, 3, 26), Half.MORNING, "57463", "Friday 26 March 2027"),
        (date(2027, 3, 26), Half.MORNING, "37203", None),
        (date(2027, 1, 16), Half.MORNING, "37203", None),
    ],
)
def test_nobody_comes_on_a_half_day_that_has_begun_a_sunday_or_a_holiday_of_the_site(
    day: date, half: Half, commune: str, said: str | None
) -> None:
    """6 May 2027 is Ascension; 26 March is Good Friday, a holiday in Moselle (57) alone."""
    access = at_site.open_access(at_site.building())
    site = access.terms.site.model_copy(update={"commune": commune})
    access = access.model_copy(update={"terms": access.terms.model_copy(update={"site": site})})
    at = paris("2027-01-08T09:00:00")

    found = _decided(access, at, day=day, half=half)

    why = found["no_visit"]
    assert (why is None) is (said is None)
    asked = of.when(access, told.HearNobody(**BOTH, step=Step.BUILD_ACCESS))
    answer = of.answer("agree", day=day, half=half, **found)
    if said is None:
        assert "VisitBooked" in _names(decide(answer, asked))
        return
    with pytest.raises(DecisionRefusedError, match=f"{said}.*check day= and half="):
        decide(answer, asked)


# an opening by telephone


def _opening(technology: Technology) -> Commissioning:
    offer = of.offer(technology=technology, down_kbps=100_000, up_kbps=100_000)
    state = of.when(of.opening(), told.HearNobody(**BOTH, step=Step.COMMISSION_ACCESS))
    assert isinstance(state, Commissioning)
    chosen = OfferChosen(offer=offer, because=(SAID,))
    return state.model_copy(update={"chosen": chosen})


def _works(state: AccessState, speed: tuple[int, int] | None) -> told.TakeDecision:
    day = STORY.date()
    found = _decided(state, day=day, speed=speed)
    decided_at = STORY + timedelta(days=1)
    return of.answer("agree", day=day, speed=speed, decided_at=decided_at, **found)


FIBRE = Technology.DEDICATED_FIBRE


def test_a_rate_that_is_guaranteed_is_measured_before_it_is_said_to_work() -> None:
    # « à 90-95% » (002:2423), 95 % in force
    state = _opening(FIBRE)

    with pytest.raises(DecisionRefusedError, match=r"give what was measured.*speed=950000"):
        decide(_works(state, None), state)
    found = decide(_works(state, (96_000, 95_000)), state)

    tested = next(event for event in found if isinstance(event, fields.Commissioned))
    assert tested.passed
    assert [(one.test, one.measured) for one in tested.tests] == [
        (Test.SYNCHRONISATION, None),
        (Test.THROUGHPUT_DOWN, Decimal(96_000)),
        (Test.THROUGHPUT_UP, Decimal(95_000)),
    ]
    assert "002:2423" in tested.because.en
    assert "measured, says a colleague: because" in tested.because.en
    assert "ServiceStarted" in _names(found)


def test_a_rate_below_what_is_guaranteed_is_no_start() -> None:
    state = _opening(FIBRE)

    found = decide(_works(state, (96_000, 40_000)), state)

    tested = next(event for event in found if isinstance(event, fields.Commissioned))
    assert [one.passed for one in tested.tests] == [True, True, False]
    assert not tested.passed
    assert _names(found)[-2:] == ["Commissioned", "AttentionRaised"]
    assert "ServiceStarted" not in _names(found)


def test_a_rate_nobody_guarantees_is_recorded_where_it_is_given() -> None:
    state = _opening(Technology.FTTH)

    measured = decide(_works(state, (400, 300)), state)
    without = decide(_works(state, None), state)

    assert isinstance(_decided(state, day=STORY.date(), speed=(400, 300))["judged"], Judged)
    assert "judged" not in _decided(state, day=STORY.date())
    for found in (measured, without):
        assert "ServiceStarted" in _names(found)
