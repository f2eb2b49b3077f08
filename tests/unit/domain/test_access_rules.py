"""What the contract of one access says where it stands: choice, copper, waits and ends."""

from datetime import date, timedelta
from decimal import Decimal

from domain import access_rules
from domain.access_facts import Locator, QuoteKind, Reason, SaturationMode, Site, Technology
from domain.access_stages import Access, AccessState, Quoted
from domain.access_told import SaturatedTold
from domain.copper_closures import Closure, Closures
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Step
from tests import accesses as of
from tests.porting import ORDER_ID, RULES, STORY, paris

SDSL = Technology.SDSL
DESATURATION = of.QUOTE.model_copy(update={"kind": QuoteKind.DESATURATION})
COPPER = of.offer(technology=SDSL, down_kbps=8_000)


def _open(state: AccessState) -> Access:
    assert isinstance(state, Access)
    return state


def _closed(**more: object) -> Closures:
    closure = Closure.model_validate(
        {
            "name": "rochecorbon",
            "commune": "37203",
            "commercial": "2026-11-01",
            "kinds": ["new-line"],
            "source": "published by the operator",
            **more,
        }
    )
    return Closures(closures=(closure,))


def _line_site() -> Site:
    subject = order_subject(ORDER_ID)
    return Site(
        commune="37203",
        address=Personal(subject=subject, value="1 rue du Test"),
        locator=Locator.LINE,
        name=Personal(subject=subject, value="0247000001"),
    )


def test_copper_is_not_chosen_where_it_is_closed_to_orders() -> None:
    access = _open(of.heard(of.checking(wanted=(SDSL,)), COPPER))

    choice = access_rules.choice_of(RULES, _closed(), access, STORY)

    assert (choice.offer, choice.certain) == (None, True)
    assert "1 November 2026" in choice.because[0].en


def test_a_line_that_is_there_is_taken_over_after_the_closure_to_new_ones() -> None:
    access = _open(of.heard(of.checking(wanted=(SDSL,), site=_line_site()), COPPER))

    assert access_rules.choice_of(RULES, _closed(), access, STORY).offer == COPPER


def test_a_date_nobody_has_signed_is_said_and_shuts_nothing() -> None:
    access = _open(of.heard(of.checking(wanted=(SDSL,)), COPPER))
    unsigned = _closed(needs_sign_off=True)

    choice = access_rules.choice_of(RULES, unsigned, access, STORY)

    assert choice.offer == COPPER
    assert "1 November 2026" in choice.because[-1].en


def test_fibre_has_nothing_to_do_with_copper() -> None:
    access = _open(of.heard(of.checking(), of.offer()))

    assert access_rules.choice_of(RULES, _closed(), access, STORY).offer == of.offer()


def test_what_one_operator_does_not_reach_another_may() -> None:
    radio = of.offer(of.SFR, technology=Technology.MOBILE_RADIO)
    state = of.checking(wanted=(Technology.MOBILE_RADIO,), candidates=(of.ORANGE, of.SFR))
    barrier = of.barrier(Reason.NOT_DEPLOYED, Technology.MOBILE_RADIO)
    state = of.heard(of.heard(state, barriers=(barrier,)), radio, operator=of.SFR)

    assert access_rules.choice_of(RULES, Closures(), _open(state), STORY).offer == radio


def test_a_socket_too_far_from_the_cable_is_left_out_by_its_clause() -> None:
    shared = of.offer(technology=Technology.SHARED_FIBRE)
    state = of.checking(wanted=(Technology.SHARED_FIBRE,), coaxial_metres=45)

    choice = access_rules.choice_of(RULES, Closures(), _open(of.heard(state, shared)), STORY)

    assert choice.offer is None
    assert "002:23" in choice.because[0].en


def test_an_operator_has_as_long_as_the_step_takes() -> None:
    access = _open(of.checking())

    until = access_rules.answered_until(RULES, access, Step.CHECK_ELIGIBILITY, STORY)

    assert until == paris("2027-01-12T00:00:00")  # two jours ouvrés, a default of ours


def test_a_deferred_desaturation_has_the_contracts_own_estimate() -> None:
    settled = of.settled_saturation(estimate=date(2027, 2, 20))
    state = of.reserving()
    access = _open(of.when(state, of.saturated(state, settled)))
    none = _open(of.desaturating(mode=SaturationMode.NOW))

    until = access_rules.answered_until(RULES, access, Step.DESATURATE, STORY)
    ours = access_rules.answered_until(RULES, none, Step.DESATURATE, STORY)

    assert until == paris("2027-02-21T00:00:00")
    assert ours > STORY + timedelta(weeks=8) - timedelta(days=1)


def test_cancelling_shows_every_reading_and_charges_none_that_waits_for_a_signature() -> None:
    end = access_rules.end_terms(RULES, _open(of.checking()), STORY)

    assert end.fees == ()
    said = " / ".join(one.en for one in end.cost)
    assert "36 x 49.90 € HT = 1796.40 € HT" in said  # 002:2688-2696
    assert "150.00 € HT x 2 = 300.00 € HT" in said  # 002:222-223


def test_a_study_that_names_another_wanted_technology_goes_on_with_it() -> None:
    fibre, line = Technology.DEDICATED_FIBRE, Technology.LEASED_LINE
    state = of.heard(of.checking(wanted=(fibre, line)), of.offer(technology=fibre))
    state = of.when(state, of.chosen(of.offer(technology=fibre)))
    access = state
    result = of.study(technology=line, fee_change=Decimal("20.00"))

    settled = access_rules.study_settled(RULES, access, result, STORY)  # type: ignore[arg-type]  # an offer is chosen
    other = of.study(technology=Technology.MICROWAVE)

    assert settled is not None
    assert settled.offer.technology is line
    assert access_rules.study_settled(RULES, access, other, STORY) is None  # type: ignore[arg-type]  # likewise


def test_an_oksio_customer_may_leave_after_twelve_weeks_without_anybodys_agreement() -> None:
    access = _open(of.checking(under=("oksio", "data")))
    last = paris("2027-04-04T00:00:00")  # twelve weeks from Saturday 9 January: 000:428-430

    before = access_rules.cancellation_form(RULES, access, last - timedelta(minutes=1))
    after = access_rules.cancellation_form(RULES, access, last)

    assert (before.needs_agreement, after.needs_agreement, after.needs) == (True, False, None)
    shown = access_rules.end_terms(RULES, access, STORY)
    left = access_rules.end_terms(RULES, access, last)
    assert any("000:4" in one.en for one in shown.cost)
    assert left.fees == ()
    assert not any("order" in one.en and "amount" in one.en for one in left.cost)


def test_a_site_that_cannot_be_served_costs_nothing_and_says_where_it_is_written() -> None:
    # « sans indemnité de part ni d'autre » (002:592-594)
    access = _open(of.checking())
    silent = _open(of.checking(under=("oksio", "data")))

    unserved = access_rules.unserved_terms(RULES, access)
    unpriced = access_rules.unserved_terms(RULES, silent)

    assert unserved.fees == ()
    assert [said.en for said in unserved.cost] == ["nothing is owed (002:592-594)"]
    assert unpriced.cost[0].en.startswith("the contract is silent")


def test_a_quotes_terms_run_from_no_day_before_it_is_told() -> None:
    chosen = of.when(of.heard(of.checking(wanted=(SDSL,)), COPPER), of.chosen(COPPER), of.cuts())
    state = of.asked(chosen, Step.RESERVE_ACCESS)
    settled = access_rules.saturation_settled(
        RULES,
        _open(state),
        SaturatedTold(
            key="k", event_at=STORY, at_customer=False, at_first_visit=False, quote=DESATURATION
        ),
        STORY,
    )
    quoted = of.when(state, of.saturated(state, settled, DESATURATION))
    assert isinstance(quoted, Quoted)
    open_terms = access_rules.quote_open(RULES, quoted)
    told_terms = access_rules.quote_told(RULES, quoted, date(2027, 1, 9))

    assert open_terms is not None
    assert (open_terms.until, open_terms.silence_refuses) == (None, True)
    # ten calendar days from Saturday 9 January (002:2280-2281)
    assert told_terms.until == paris("2027-01-20T00:00:00")
    assert told_terms.answer is not None
    assert told_terms.answer.en == "10 calendar days from its notification (002:2280-2281)"
    assert access_rules.quote_open(RULES, _open(state)) is None
