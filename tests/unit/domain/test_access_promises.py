"""What a customer is promised for a site, and what alone may put it off: literal days.

The story begins on Saturday 9 January 2027 at 0:00 in Paris; no day off falls before Easter.
"""

from datetime import date

import pytest

from domain import access_commands as told
from domain import access_rules
from domain.access_changes import AccessAmended, AccessChange
from domain.access_facts import DeliveryPlanned, Plan, SaturationMode, Technology, Verdict
from domain.access_stages import Access, AccessState, Closed
from domain.access_states import evolve
from domain.access_told import SaturatedTold
from domain.port_in_facts import Step
from tests import accesses as of
from tests.accesses import BOTH, ORANGE
from tests.porting import RULES, STORY, paris

WISH = date(2027, 1, 20)
DSL = {"wanted": (Technology.SDSL,)}
SDSL = of.offer(technology=Technology.SDSL, down_kbps=8_000)


def site(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def plan(on: date, *, binds: bool = False) -> Plan:
    return Plan(on=on, said=of.SAID, source="OfferChosen", binds=binds)


def after(state: AccessState, *plans: Plan) -> Access:
    for one in plans:
        state = evolve(state, DeliveryPlanned(plan=one))
    return site(state)


def promised(state: Access) -> date | None:
    return None if state.promise is None else state.promise.on


def test_nothing_is_promised_before_a_day_is_wished_or_planned() -> None:
    assert promised(site(of.checking())) is None


def test_the_day_the_customer_wished_is_the_promise_from_the_order_on() -> None:
    state = site(of.checking(wished=WISH))

    assert state.promise is not None
    assert (state.promise.on, state.promise.source) == (WISH, "AccessOpened")
    assert state.promise.said.fr == "le jour souhaité par le client"


def test_an_offer_promises_the_fifteenth_working_day_where_none_was_wished() -> None:
    """Fifteen jours ouvrés from Saturday 9 January: Friday 29."""
    state = site(of.heard(of.checking(), of.offer()))
    day = access_rules.planned_by_offer(RULES, state, of.offer(), STORY)

    chosen = of.chosen(of.offer()).model_copy(update={"plan": day})
    state = site(of.when(state, chosen))

    assert (promised(state), state.plan) == (date(2027, 1, 29), state.promise)
    assert day is not None
    assert "what orange takes, from the choice of its offer" in day.said.en
    assert "délai de orange, depuis le choix de l'offre" in day.said.fr


def test_an_offer_that_takes_longer_moves_no_wish_and_no_promise_of_before() -> None:
    wished = after(of.checking(wished=WISH), plan(date(2027, 1, 29)))
    first = after(of.checking(), plan(date(2027, 1, 29)), plan(date(2027, 2, 12)))

    assert (promised(wished), promised(first)) == (WISH, date(2027, 1, 29))
    assert first.plan is not None
    assert first.plan.on == date(2027, 2, 12)


def test_an_offer_without_a_delay_plans_nothing() -> None:
    unsaid = of.offer(lead_days=0)

    assert access_rules.planned_by_offer(RULES, site(of.checking()), unsaid, STORY) is None


def test_a_site_that_is_studied_first_is_planned_by_its_study() -> None:
    """A dedicated fibre is studied after signature (002:2326-2331)."""
    fibre = of.offer(technology=Technology.DEDICATED_FIBRE, lead_days=40)
    wants = of.offer(study=True)
    state = site(of.checking(wanted=(Technology.DEDICATED_FIBRE,)))

    assert access_rules.planned_by_offer(RULES, state, fibre, STORY) is None
    assert access_rules.planned_by_offer(RULES, site(of.checking()), wants, STORY) is None


def test_a_delay_the_study_changes_puts_off_what_was_wished_as_the_contract_has_it() -> None:
    """Thirty jours ouvrés from Saturday 9 January: Friday 19 February (002:2415-2419)."""
    state = of.studying(wished=WISH)
    result = of.study(lead_days=30)
    settled = access_rules.study_settled(RULES, site(state), result, STORY)  # type: ignore[arg-type]  # it is studied
    assert settled is not None
    assert settled.plan is not None
    state = site(of.when(state, of.studied(state, result, settled)))

    assert state.promise is not None
    assert (state.promise.on, state.promise.source) == (date(2027, 2, 19), "ChangesBinding")
    assert "the delay changed by the study" in state.promise.said.en


def test_a_study_that_leaves_the_delay_as_it_was_moves_no_wish() -> None:
    state = of.studying(wished=WISH)
    settled = access_rules.study_settled(RULES, site(state), of.study(), STORY)  # type: ignore[arg-type]  # it is studied
    state = site(of.when(state, of.studied(state, of.study(), settled)))

    assert promised(state) == WISH
    assert state.plan is not None
    assert (state.plan.on, state.plan.binds) == (date(2027, 1, 29), False)


def test_nothing_that_binds_brings_a_promise_forward() -> None:
    assert promised(after(of.checking(wished=WISH), plan(date(2027, 1, 15), binds=True))) == WISH


def test_what_a_study_changes_counts_from_the_day_the_customer_agrees_to_it() -> None:
    """Thirty jours ouvrés from Monday 18 January: Monday 1 March."""
    state, at = of.studying(wished=WISH), paris("2027-01-18T10:00")
    result = of.study(lead_days=30)
    longer = of.offer(lead_days=30)
    asked = of.settled_study(offer=longer, consent=(of.SAID,))
    state = of.when(state, of.studied(state, result, asked))
    day = access_rules.planned_as_studied(RULES, site(state), at)
    assert promised(site(state)) == WISH

    state = of.when(state, of.answer("agree", plan=day))

    assert promised(site(state)) == date(2027, 3, 1)


def test_a_person_who_asked_by_telephone_says_how_long_it_takes() -> None:
    """Twenty jours ouvrés from Saturday 9 January: Friday 5 February."""
    state = site(of.studying())
    day = access_rules.planned_as_studied(RULES, state, STORY, lead=20)
    by_hand = told.HearNobody(**BOTH, step=Step.STUDY_SITE)
    state = site(of.when(state, by_hand, of.answer("agree", plan=day, lead_days=20)))

    assert promised(state) == date(2027, 2, 5)
    assert access_rules.planned_as_studied(RULES, site(of.checking()), STORY) is None


def test_a_saturation_puts_it_off_by_the_contracts_estimate_and_its_clause() -> None:
    """About six weeks from Saturday 9 January, Saturday 20 February (002:2264), and fifteen jours
    ouvrés: Friday 12 March."""
    state = of.heard(of.checking(wished=WISH, **DSL), SDSL)
    state = of.asked(of.when(state, of.chosen(SDSL), of.cuts()), Step.RESERVE_ACCESS)
    full = SaturatedTold(
        key="k", event_at=STORY, at_customer=False, at_first_visit=False, quote=None
    )
    settled = access_rules.saturation_settled(RULES, site(state), full, STORY)
    assert settled.mode is SaturationMode.LATER
    state = site(of.when(state, of.saturated(state, settled)))

    assert state.promise is not None
    assert state.promise.on == date(2027, 3, 12)
    assert state.promise.source.endswith(":2264")
    assert "after the desaturation estimated for Saturday 20 February 2027" in state.promise.said.en


def test_every_operator_asked_anew_plans_anew_and_promises_what_was_promised() -> None:
    state = of.when(
        of.heard(of.checking(), of.offer()),
        of.chosen(of.offer()).model_copy(update={"plan": plan(date(2027, 1, 29))}),
        of.cuts(study=True),
    )
    state = of.asked(state, Step.STUDY_SITE)
    state = of.when(state, of.studied(state, of.study(Verdict.NEGATIVE)), of.answer("retry"))

    assert (site(state).plan, promised(site(state))) == (None, date(2027, 1, 29))


def test_the_works_are_awaited_until_the_day_that_is_planned() -> None:
    state = after(of.ready(), plan(date(2027, 12, 29)))

    by = access_rules.answered_until(RULES, site(state), Step.BUILD_ACCESS, STORY)
    soon = access_rules.answered_until(RULES, site(of.ready()), Step.BUILD_ACCESS, STORY)

    assert by == paris("2027-12-30T00:00")
    assert soon == paris("2027-03-06T00:00")  # eight weeks, ours
    assert access_rules.works_by(RULES, site(of.reserving())) is None


def test_what_was_promised_is_known_when_it_is_over() -> None:
    state = after(of.ready(), plan(date(2027, 1, 29)))

    over = of.when(of.in_service(state), told.EndAccess(**BOTH))

    assert isinstance(over, Closed)
    assert over.promise is not None
    assert (over.promise.on, over.host) == (date(2027, 1, 29), ORANGE)


# the day first told


def _amended(state: AccessState, wished: date) -> Access:
    amended = AccessAmended(
        by="x", change=AccessChange(wished=wished), anew=None, gives_back=False, because=()
    )
    return site(evolve(state, amended))


def _first(state: Access) -> date | None:
    return None if state.promised_first is None else state.promised_first.on


@pytest.mark.parametrize(
    ("planned", "wished", "first"),
    [
        # « demandée par le Client ou annoncée initialement » (002:2415-2416)
        (None, date(2027, 2, 10), date(2027, 2, 10)),
        (WISH, date(2027, 2, 10), date(2027, 2, 10)),
        (WISH, date(2027, 1, 18), date(2027, 1, 18)),
        # ten days late already, and no day asked for
        (date(2027, 1, 30), date(2027, 1, 30), WISH),
        (date(2027, 1, 30), date(2027, 1, 25), WISH),
        # ten days late already, and eleven asked for
        (date(2027, 1, 30), date(2027, 2, 10), date(2027, 1, 31)),
        (date(2027, 1, 30), date(2027, 1, 31), date(2027, 1, 21)),
    ],
)
def test_another_wish_moves_the_day_first_told_by_the_days_the_customer_asks_for(
    planned: date | None, wished: date, first: date
) -> None:
    state = of.checking(wished=WISH)
    state = state if planned is None else after(state, plan(planned))

    assert _first(_amended(state, wished)) == first


def test_how_late_it_was_is_not_forgotten_however_often_it_is_amended() -> None:
    late = after(of.checking(wished=WISH), plan(date(2027, 1, 30)))

    twice = _amended(_amended(late, date(2027, 2, 10)), date(2027, 2, 20))

    assert _first(twice) == date(2027, 2, 10)
    assert twice.promised_first is not None
    assert twice.promised_first.said.en == (
        "the day first told, put off by as many days as the customer asked for"
    )


def test_a_first_wish_after_a_plan_moves_what_was_told_by_it() -> None:
    planned = after(of.checking(), plan(WISH))

    assert _first(_amended(planned, date(2027, 2, 10))) == date(2027, 2, 10)
    assert _first(_amended(of.checking(), WISH)) == WISH
