"""Days that others than the customer lost: nobody is billed before service for them."""

from datetime import date, datetime
from typing import Any

import pytest

from domain import access_facts as facts
from domain import visit_facts as ends
from domain import works_facts as fields
from domain.access_changes import AccessAmended, AccessChange, Anew, Place
from domain.access_facts import DeliveryPlanned, OfferChosen, Plan, Technology
from domain.access_stages import Access, AccessState, Changing
from domain.access_states import evolve
from domain.delay_facts import CustomerDelayAgreed
from domain.event import Event
from domain.port_in_facts import OperatorAsked, Step
from domain.site_rules import initially_planned, not_ready_when_they_came, site_terms
from domain.visit_facts import CameOf
from domain.works_facts import After, FieldFailure, Party
from domain.works_rules import start_of
from tests import accesses as of
from tests import works as at_site
from tests.access_contracts import PARIS, internet
from tests.accesses import SAID
from tests.porting import RULES, STORY

FIRST = date(2027, 3, 1)
"""A Monday."""
STARTED = datetime(2027, 5, 3, 10, tzinfo=PARIS)


def _noon(day: int, month: int = 3) -> datetime:
    return datetime(2027, month, day, 12, tzinfo=PARIS)


def _planned(on: date, source: str = "OfferChosen") -> DeliveryPlanned:
    why = {"ChangesBinding": "the delay of the study"}.get(source, "as planned")
    said = SAID.model_copy(update={"en": why})
    return DeliveryPlanned(plan=Plan(on=on, said=said, source=source, binds=False))


ASKED = fields.SiteReadinessAsked(
    needs=("premises-description",), until=datetime(2027, 3, 1, tzinfo=PARIS), said=(SAID,)
)
NOT_READY = fields.SiteNotReady(
    missing=("premises-description",),
    billed_from=FIRST,
    source="002:2353-2355",
    because=SAID.model_copy(update={"fr": "facturé tôt", "en": "billed early"}),
)


def _fibre(*events: Event, wished: date | None = None) -> Access:
    """A dedicated fibre whose works are asked for, planned for 1 March; and what came since."""
    wanted = Technology.DEDICATED_FIBRE
    chosen = OfferChosen(offer=of.offer(technology=wanted), because=(SAID,))
    ready = at_site.open_access(of.ready(wanted=(wanted,), wished=wished))
    state = of.asked(ready.model_copy(update={"chosen": chosen}), Step.BUILD_ACCESS)
    return _after(state, _planned(FIRST), ASKED, *events)


def _after(state: AccessState, *events: Event) -> Access:
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
    return at_site.open_access(state)


def _passed(expected: date | None) -> fields.MilestonePassed:
    return fields.MilestonePassed(
        milestone=fields.Milestone.CIVIL_WORKS, passed_at=STORY, expected=expected, until=STORY
    )


def _offered(*days: date) -> fields.VisitsOffered:
    return fields.VisitsOffered(slots=tuple(at_site.slot(day) for day in days))


def _booked(day: date) -> fields.VisitBooked:
    return fields.VisitBooked(
        reference="V-1",
        slot=at_site.slot(day),
        free_until=None,
        remind_at=STORY,
        report_by=STORY,
    )


def _moved(day: date, by: Party) -> fields.VisitMoved:
    return fields.VisitMoved(reference="V-1", by=by, to=_booked(day), because=SAID)


def _failed(by: Party | None, after: After = After.VISIT) -> fields.VisitFailed:
    return fields.VisitFailed(
        reference="V-1",
        failure=FieldFailure.OTHER,
        code="X",
        failed_at=STORY,
        after=after,
        by=by,
        because=SAID,
    )


def _stopped(by: Party | None, after: After) -> fields.WorksStopped:
    return fields.WorksStopped(
        failure=FieldFailure.OTHER,
        code="X",
        stopped_at=STORY,
        after=after,
        by=by,
        because=SAID,
    )


def _again(by: Party, day: date | None = None) -> fields.VisitsAskedAgain:
    return fields.VisitsAskedAgain(not_before=day, by=by, because=SAID)


def _tested(on: datetime, *, passed: bool) -> fields.Commissioned:
    return fields.Commissioned(tested_at=on, tests=(), passed=passed, because=SAID)


REBUILT = OperatorAsked(step=Step.BUILD_ACCESS, key="k-2", epoch=1, asked_at=STORY, until=of.SOON)
DONE = fields.WorksFinished(done_at=_noon(26), visit=True)
MISSED = fields.VisitMissed(
    reference="V-1", by=Party.OPERATOR, code="X", told_at=STORY, because=SAID
)


def _billed(access: Access) -> tuple[date, bool, str]:
    billing = start_of(RULES, access, STARTED).billing
    return billing.on, billing.before_service, billing.source


# the day that was planned first


@pytest.mark.parametrize(
    ("wished", "planned"),
    [
        (None, FIRST),
        (date(2027, 1, 18), FIRST),
        (date(2027, 3, 15), date(2027, 3, 15)),
    ],
)
def test_the_day_first_planned_is_ours_or_its_operators_or_a_wish_that_is_later(
    wished: date | None, planned: date
) -> None:
    # « la Date de Mise en Service initialement prévue » (002:2354-2355)
    access = _fibre(wished=wished)

    assert initially_planned(access) == planned
    found = not_ready_when_they_came(internet(), access)
    assert found is not None
    assert (found.billed_from, found.source) == (planned, "002:2353-2355")


def test_a_wish_alone_is_the_day_that_was_planned() -> None:
    wished = of.ready(wished=date(2027, 1, 18))

    assert initially_planned(at_site.open_access(wished)) == date(2027, 1, 18)
    assert initially_planned(at_site.open_access(of.ready())) is None


def test_it_is_the_first_whatever_it_became() -> None:
    access = _fibre(_planned(date(2027, 3, 15)), _planned(date(2027, 3, 8)))

    assert initially_planned(access) == FIRST


def test_nobody_is_billed_from_before_the_day_it_was_asked_for_by() -> None:
    # « Sur demande du Prestataire » (002:2351): asked on the day itself, by the 4th
    late = ASKED.model_copy(update={"until": _noon(4)})

    found = not_ready_when_they_came(internet(), _fibre(late))

    assert found is not None
    assert found.billed_from == date(2027, 3, 4)
    assert found.because.en.endswith(
        "the day first planned, Monday 1 March 2027 (002:2353-2355); asked of the customer for "
        "later: not before Thursday 4 March 2027 (a default of ours)"
    )


def test_who_was_never_asked_for_a_description_is_not_billed_for_want_of_it() -> None:
    access = _fibre()
    opening = access.opening.model_copy(update={"readiness": None})

    found = not_ready_when_they_came(internet(), access.model_copy(update={"opening": opening}))

    assert found is not None
    assert (found.billed_from, found.source) == (None, None)
    assert found.because.en.startswith("the description was never asked for")


def test_what_is_known_by_then_is_said_with_the_clause() -> None:
    terms = site_terms(RULES, _fibre(_passed(date(2027, 3, 26))), unplanned=STORY)

    assert terms is not None
    assert terms.not_ready.billed_from == date(2027, 3, 26)
    assert terms.not_ready.because.fr.endswith(
        "pas avant le vendredi 26 mars 2027, la fin des travaux selon l'opérateur (valeur par "
        "défaut)"
    )


# reckoned as service starts


def test_a_milestone_heard_after_the_day_puts_off_what_is_billed_with_its_reason() -> None:
    access = _fibre(NOT_READY, _passed(date(2027, 3, 26)))

    billing = start_of(RULES, access, STARTED).billing

    assert _billed(_fibre(NOT_READY)) == (FIRST, True, "002:2353-2355")
    assert _billed(access) == (date(2027, 3, 26), True, "002:2353-2355")
    assert billing.because.en == (
        "billed early; days lost by others than the customer are not billed: not before Friday 26 "
        "March 2027, the end of the works, as the operator said (a default of ours)"
    )
    assert billing.because.fr == (
        "facturé tôt ; jours perdus par d'autres que le client non facturés : pas avant le "
        "vendredi 26 mars 2027, la fin des travaux selon l'opérateur (valeur par défaut)"
    )


def test_the_latest_day_that_was_ever_said_counts_and_not_only_the_last() -> None:
    slipped = _passed(date(2027, 3, 26))

    for after in (_passed(None), _passed(date(2027, 3, 10))):
        assert _billed(_fibre(NOT_READY, slipped, after))[0] == date(2027, 3, 26)


SLOT = date(2027, 3, 26)
LATER = date(2027, 4, 9)
BOOKED = (DONE, _offered(SLOT), _booked(SLOT))


@pytest.mark.parametrize(
    ("lost", "upto"),
    [
        ((_planned(SLOT, "ChangesBinding"),), SLOT),
        ((_planned(SLOT, "002:2264"),), SLOT),
        ((DONE,), SLOT),
        ((_offered(SLOT, LATER),), SLOT),
        ((*BOOKED, _moved(LATER, Party.OPERATOR)), LATER),
        ((*BOOKED, _moved(LATER, Party.PROVIDER)), LATER),
        ((*BOOKED, MISSED, _offered(LATER)), LATER),
        ((*BOOKED, _failed(Party.OPERATOR, After.NETWORK_CHECK), _offered(LATER)), LATER),
        ((*BOOKED, _failed(None, After.PERSON), _offered(LATER)), LATER),
        ((_stopped(Party.OPERATOR, After.DESATURATION), _planned(LATER, "002:2264")), LATER),
        ((_stopped(Party.OPERATOR, After.NETWORK_CHECK), DONE), SLOT),
        ((DONE, _tested(_noon(9, 4), passed=False)), LATER),
        ((*BOOKED, _again(Party.OPERATOR), _offered(LATER)), LATER),
        ((_offered(), _again(Party.CUSTOMER), _offered(LATER)), LATER),
    ],
)
def test_whatever_others_than_the_customer_lost_is_not_billed(
    lost: tuple[Event, ...], upto: date
) -> None:
    assert _billed(_fibre(NOT_READY, *lost)) == (upto, True, "002:2353-2355")


ABSENT = _failed(Party.CUSTOMER)


@pytest.mark.parametrize(
    "own",
    [
        (_offered(FIRST, LATER), _booked(LATER)),
        (_offered(FIRST), _booked(FIRST), ABSENT, _offered(LATER)),
        (_offered(FIRST), _booked(FIRST), _again(Party.CUSTOMER), _offered(LATER)),
        (_offered(FIRST), _booked(FIRST), _moved(LATER, Party.CUSTOMER)),
        (_offered(FIRST), _again(Party.CUSTOMER, LATER), _offered(LATER)),
        (_stopped(Party.CUSTOMER, After.VISIT_ONCE_READY), REBUILT, _passed(LATER)),
        (_stopped(Party.CUSTOMER, After.VISIT_ONCE_READY), REBUILT, DONE, _offered(LATER)),
        (facts.AccessHeld(until=_noon(8, 4), by="x", reason="x"), _offered(LATER)),
        (_planned(LATER, "VisitBooked"),),
        (_planned(LATER, "MilestonePassed"),),
        (_offered(), _tested(_noon(9, 4), passed=True)),
    ],
)
def test_what_the_customer_had_put_off_is_billed_all_the_same(own: tuple[Event, ...]) -> None:
    assert _billed(_fibre(NOT_READY, *own)) == (FIRST, True, "002:2353-2355")


def test_what_its_operator_moves_after_an_absence_is_the_operators_again() -> None:
    absent = (_offered(FIRST), _booked(FIRST), ABSENT, _offered(SLOT), _booked(SLOT))
    again = (
        _stopped(Party.CUSTOMER, After.VISIT_ONCE_READY),
        REBUILT,
        _passed(SLOT),
        _passed(LATER),
    )

    assert _billed(_fibre(NOT_READY, *absent, _moved(LATER, Party.OPERATOR)))[0] == LATER
    assert _billed(_fibre(NOT_READY, *absent, MISSED, _offered(LATER)))[0] == LATER
    assert _billed(_fibre(NOT_READY, *again))[0] == LATER


def test_one_its_operator_moves_while_the_customer_asks_for_other_days_is_still_the_customers() -> (
    None
):
    asked = (_offered(FIRST), _booked(FIRST), _again(Party.CUSTOMER))

    access = _fibre(NOT_READY, *asked, _moved(SLOT, Party.OPERATOR), _offered(LATER))

    assert _billed(access)[0] == SLOT


# a visit that ended in another way than a person had said

KEPT = fields.VisitKept(reference="V-1", report=fields.KeptReport(done_at=STORY))


def _said(end: fields.VisitFailed | fields.VisitMissed) -> tuple[Event, ...]:
    said = ends.VisitEndSaid(visit=_booked(SLOT), end=ends.came_of(end), by="Camille")
    return (*BOOKED, end, said)


def _right(to: ends.Ending) -> ends.VisitEndCorrected:
    return ends.VisitEndCorrected(was=CameOf.FAILED, to=to, by="Camille", because=SAID)


@pytest.mark.parametrize(
    ("told", "billed"),
    [
        ((*_said(ABSENT), _right(MISSED), _offered(LATER)), LATER),
        ((*_said(ABSENT), _offered(LATER), _right(MISSED)), LATER),
        ((*_said(MISSED), _right(ABSENT), _offered(LATER)), SLOT),
        ((*_said(MISSED), _right(KEPT)), SLOT),
    ],
)
def test_a_visit_that_ended_in_another_way_is_on_the_account_of_whoever_lost_it(
    told: tuple[Event, ...], billed: date
) -> None:
    """Given a person's word, when its operator's is agreed to, then it counts in its stead."""
    access = _fibre(NOT_READY, *told)

    assert _billed(access)[0] == billed


@pytest.mark.parametrize(
    ("told", "asks"),
    [
        ((*_said(MISSED), _right(ABSENT)), (Step.OFFER_VISITS,)),
        ((*_said(ABSENT), _right(MISSED)), ()),
        ((*_said(ABSENT), _right(KEPT)), ()),
        ((*_said(MISSED), _offered(LATER), _booked(LATER), _right(ABSENT)), ()),
    ],
)
def test_what_is_asked_next_is_on_the_customers_account_where_the_customer_lost_it_after_all(
    told: tuple[Event, ...], asks: tuple[Step, ...]
) -> None:
    """Where another visit is booked since, nothing more is asked for because of it."""
    assert _fibre(*told).on_its_account == asks


def test_a_visit_nobody_waits_for_loses_nobody_a_day_and_answers_nothing() -> None:
    unwanted = _booked(SLOT).model_copy(update={"unwanted": True})
    moved = _moved(LATER, Party.OPERATOR)
    moved = moved.model_copy(update={"to": moved.to.model_copy(update={"unwanted": True})})

    access = _fibre(NOT_READY, _offered(FIRST), _booked(FIRST), ABSENT, unwanted, moved)

    assert access.on_its_account == (Step.OFFER_VISITS,)
    assert _billed(access)[0] == FIRST


# suspended on request, before its works

HELD = facts.AccessHeld(until=_noon(8, 4), by="x", reason="x")


def test_works_that_nobody_has_begun_are_late_by_the_customer_who_had_it_suspended() -> None:
    """Given a suspension before works, when they then end later, those days are the customer's."""
    wanted = Technology.DEDICATED_FIBRE
    chosen = OfferChosen(offer=of.offer(technology=wanted), because=(SAID,))
    ready = at_site.open_access(of.ready(wanted=(wanted,)))
    planned = _after(ready.model_copy(update={"chosen": chosen}), _planned(FIRST))

    held = _after(planned, HELD)
    late = _after(
        of.asked(_after(held, facts.AccessTakenUp()), Step.BUILD_ACCESS),
        ASKED,
        NOT_READY,
        _passed(SLOT),
    )

    assert held.on_its_account == (Step.BUILD_ACCESS, Step.OFFER_VISITS)
    assert _billed(late)[0] == FIRST
    assert _billed(_after(late, _passed(LATER)))[0] == LATER


def test_works_that_run_or_are_over_are_not_late_by_a_suspension() -> None:
    for since in ((), (DONE,)):
        assert _fibre(*since, HELD).on_its_account == (Step.OFFER_VISITS,)


# a later day that the customer asked for


def _delayed(wished: date, *events: Event) -> Access:
    """Told too late: billed from the day first agreed (002:2392-2396)."""
    amended = AccessAmended(
        by="x", change=AccessChange(wished=wished), anew=None, gives_back=False, because=()
    )
    agreed = CustomerDelayAgreed(
        was=FIRST,
        day=wished,
        first=FIRST,
        in_time=False,
        billed_from=FIRST,
        source="002:2392-2396",
        because=SAID,
    )
    return _fibre(amended, agreed, *events)


@pytest.mark.parametrize(
    ("wished", "events", "billed"),
    [
        (LATER, (), FIRST),
        (LATER, (_passed(SLOT),), SLOT),
        (LATER, (_offered(LATER),), FIRST),
        (LATER, (_again(Party.CUSTOMER, LATER), _offered(LATER)), FIRST),
        (date(2027, 4, 10), (_offered(date(2027, 4, 12)),), FIRST),
        (LATER, (_offered(date(2027, 4, 15)),), date(2027, 4, 15)),
        (
            LATER,
            (_again(Party.CUSTOMER, LATER), _offered(date(2027, 4, 15))),
            date(2027, 4, 15),
        ),
    ],
)
def test_a_delay_told_too_late_is_not_billed_for_days_its_operator_lost(
    wished: date, events: tuple[Event, ...], billed: date
) -> None:
    """Saturday 10 April is kept on Monday 12."""
    access = _delayed(wished, *events)

    assert _billed(access) == (billed, True, "002:2392-2396")


# amended


def _amended(**changes: Any) -> AccessAmended:  # noqa: ANN401
    values: dict[str, Any] = {"by": "x", "anew": None, "gives_back": False, "because": ()}
    return AccessAmended(**{**values, **changes})


def test_at_another_place_nothing_was_planned_nor_lost_yet() -> None:
    there = Place.of(of.site_terms()).model_copy(update={"site_digest": "e" * 64})
    lost = _fibre(_passed(SLOT), ABSENT)
    assert lost.days_lost is not None
    assert lost.on_its_account == (Step.OFFER_VISITS,)

    moved = _after(lost, _amended(change=AccessChange(place=there), anew=Anew.SITE))

    assert (moved.planned_first, moved.days_lost, moved.on_its_account) == (None, None, ())


def test_another_rate_is_planned_anew_and_another_day_is_not() -> None:
    faster = AccessChange(down_kbps=2_000_000)
    lost = _fibre(_passed(SLOT))

    anew = _after(lost, _amended(change=faster, anew=Anew.ELIGIBILITY))
    same = _after(lost, _amended(change=AccessChange(wished=LATER)))

    assert anew.planned_first is None
    assert anew.days_lost == lost.days_lost
    assert same.planned_first == lost.planned_first


def test_what_is_given_back_loses_nobody_a_day() -> None:
    changing = _after(
        _fibre(*BOOKED),
        _amended(change=AccessChange(down_kbps=2_000_000), anew=Anew.ELIGIBILITY, gives_back=True),
    )

    after = _after(changing, _moved(LATER, Party.OPERATOR))

    assert isinstance(after, Changing)
    assert after.days_lost == changing.days_lost
