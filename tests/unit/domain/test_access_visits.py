"""Visits: until when they move free of charge, and who pays for one that did not take place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.access_visits import (
    LettingGo,
    LostVisit,
    let_go,
    on_site,
    visit_lost,
    visit_terms,
)
from domain.calendars import calendar_of
from domain.contract_profiles import Entry, Reading, Source
from domain.contract_questions import Contract
from domain.contract_values import ChoiceValue, FlagValue, FormulaName, FormulaValue
from domain.territories import Territory
from domain.works_facts import FieldFailure, Half, Party, Slot
from tests.access_contracts import PARIS, data, internet, ordered_with

SLOT = Slot(
    day=date(2027, 3, 18),
    half=Half.MORNING,
    begins=datetime(2027, 3, 18, 9, 0, tzinfo=PARIS),
    ends=datetime(2027, 3, 18, 12, 0, tzinfo=PARIS),
    reference="RDV-1",
)
"""A Thursday morning."""
IN_TIME = datetime(2027, 3, 16, 23, 59, tzinfo=PARIS)
TOO_LATE = datetime(2027, 3, 17, 0, 1, tzinfo=PARIS)
LATE = LettingGo(at=TOO_LATE, by=Party.CUSTOMER, installation=Decimal("320.00"))


def test_two_jours_ouvres_before_the_visit_are_in_force_and_48_working_hours_kept() -> None:
    # « moins de 48h ouvrées avant la date du rendez-vous » (002:2539-2541), decision 4
    terms = visit_terms(internet(), SLOT)

    assert [(one.name, one.in_force, one.until) for one in terms.readings] == [
        ("two-working-days", True, datetime(2027, 3, 17, 0, 0, tzinfo=PARIS)),
        # 48 hours of 8:30-17:30 (002:61), nine a day: half an hour of the 18th, five days of nine
        # hours down to Thursday 11, and two and a half hours of Wednesday 10
        ("working-hours", False, datetime(2027, 3, 10, 15, 0, tzinfo=PARIS)),
    ]
    assert terms.free_until == datetime(2027, 3, 17, 0, 0, tzinfo=PARIS)
    assert [said.en for said in terms.said] == [
        (
            "free of charge until Tuesday 16 March 2027: 2 working days (Mon-Fri) before the visit "
            "(002:2540)"
        ),
        (
            "a reading that is kept, until Wednesday 10 March 2027 at 15:00: 48 working hours "
            "(Mon-Fri) before the visit (002:2540)"
        ),
    ]


def test_days_off_are_those_of_the_site() -> None:
    # Friday 26 March 2027 is Good Friday: a day off in Alsace-Moselle (decision 2)
    tuesday = SLOT.model_copy(update={"day": date(2027, 3, 30)})

    paris = visit_terms(internet(), tuesday)
    strasbourg = visit_terms(on_site(internet(), calendar_of(Territory.BAS_RHIN)), tuesday)

    # Monday 29 March is Easter Monday everywhere
    assert paris.free_until == datetime(2027, 3, 26, 0, 0, tzinfo=PARIS)
    assert strasbourg.free_until == datetime(2027, 3, 25, 0, 0, tzinfo=PARIS)


def test_oksio_gives_no_limit_and_a_visit_is_let_go_free_of_charge() -> None:
    terms, gone = visit_terms(data(), SLOT), let_go(data(), SLOT, LATE)

    assert (terms.free_until, terms.readings) == (None, ())
    assert [said.en for said in terms.said] == [
        "the contract is silent: no time within which a visit is moved or cancelled",
        "free of charge until it begins (a default of ours)",
    ]
    assert (gone.late, gone.fees) == (False, ())


# let go


def test_a_visit_cancelled_in_time_costs_nothing() -> None:
    gone = let_go(internet(), SLOT, replace(LATE, at=IN_TIME))
    last = let_go(internet(), SLOT, replace(LATE, at=datetime(2027, 3, 17, tzinfo=PARIS)))

    assert (gone.late, gone.fees) == (last.late, last.fees) == (False, ())
    assert "free of charge until" in gone.because.en


def test_a_visit_the_customer_cancels_too_late_has_the_installation_invoiced() -> None:
    gone = let_go(internet(), SLOT, LATE)

    assert gone.late
    # « donnera lieu à la Facturation de la prestation d'Installation » (002:2540-2541)
    assert [(fee.head, str(fee.euros), fee.chargeable, fee.source) for fee in gone.fees] == [
        ("installation", "320.00", True, "002:2540-2541")
    ]
    assert gone.said[-1].en == (
        "cancelled too late by the customer: the installation is invoiced: 320.00 € HT "
        "(002:2540-2541)"
    )


def test_without_an_accepted_quote_its_amount_is_unknown_and_not_chargeable() -> None:
    gone = let_go(internet(), SLOT, replace(LATE, installation=None))

    assert [(fee.euros, fee.chargeable) for fee in gone.fees] == [(None, False)]
    assert gone.said[-1].en == (
        "without an installation quote that was accepted, nothing can be charged (a default of "
        "ours)"
    )


def test_a_visit_moved_too_late_is_shown_and_not_charged() -> None:
    # the clause says « annulation » (002:2539): read against the drafter (decision 4)
    gone = let_go(internet(), SLOT, replace(LATE, moved=True))

    assert gone.late
    assert [(str(fee.euros), fee.chargeable) for fee in gone.fees] == [("320.00", False)]
    assert gone.said[-1].en == (
        "the clause is about cancelling: moved, it is shown and not charged (a default of ours)"
    )


@pytest.mark.parametrize("by", [Party.OPERATOR, Party.PROVIDER])
def test_nobody_pays_for_a_visit_that_others_let_go(by: Party) -> None:
    gone = let_go(internet(), SLOT, replace(LATE, by=by))

    assert (gone.late, gone.fees) == (False, ())
    assert gone.said[0].en == (
        "it is not the customer's doing: nothing is charged (a default of ours)"
    )


def test_a_contract_may_have_a_limit_and_no_price() -> None:
    form = ordered_with(internet(), appointment_late__cancel=ChoiceValue(value="nothing"))
    limit = internet().duration("appointment.cancel")
    assert limit is not None
    silent = ordered_with(data(), appointment_cancel=limit)

    free, unsaid = let_go(form, SLOT, LATE), let_go(silent, SLOT, LATE)

    assert (free.late, free.fees) == (True, ())
    assert free.said[-1].en == "too late, at no cost all the same (ours: a test's order form)"
    assert (unsaid.late, unsaid.fees) == (True, ())
    assert unsaid.said[-1].en == "the contract is silent: no price for cancelling it too late"


# lost


@pytest.mark.parametrize(
    ("failure", "what"),
    [
        (None, "missed, the customer's doing"),
        (FieldFailure.CUSTOMER_ABSENT, "the customer was absent"),
        (FieldFailure.NO_ACCESS, "the place could not be entered"),
        (FieldFailure.SITE_NOT_READY, "the site was not ready"),
        (FieldFailure.OTHER, "missed, the customer's doing"),
    ],
)
@pytest.mark.parametrize("contract", [internet(), data()])
def test_a_customer_who_misses_a_visit_pays_nothing_and_the_silence_is_said(
    contract: Contract, failure: FieldFailure | None, what: str
) -> None:
    lost = visit_lost(contract, LostVisit(by=Party.CUSTOMER, failure=failure, linked=True))

    assert (lost.fees, lost.owed) == ((), None)
    assert [said.en for said in lost.said] == [
        what,
        "the contract is silent: no price for a visit the customer missed",
        "nothing is charged, another visit is offered (a default of ours)",
    ]


@pytest.mark.parametrize("contract", [internet(), data()])
@pytest.mark.parametrize(
    ("by", "what"),
    [(Party.OPERATOR, "missed by the operator"), (Party.PROVIDER, "missed by the provider")],
)
def test_nothing_is_owed_for_a_visit_we_missed_and_the_silence_is_said(
    contract: Contract, by: Party, what: str
) -> None:
    lost = visit_lost(contract, LostVisit(by=by))

    assert (lost.fees, lost.owed) == ((), None)
    assert lost.because.en == (
        f"{what}, the contract is silent: no indemnity for a missed visit, nothing is owed "
        "(decision 38)"
    )


def test_the_law_is_said_to_have_one_where_a_port_hangs_on_the_visit() -> None:
    lost = visit_lost(internet(), LostVisit(by=Party.OPERATOR, linked=True))

    assert lost.owed is None
    assert lost.said[-1].en == (
        "the law has one for a port or a switch; this contract's profile does not apply it "
        "(decision 38)"
    )


FIFTH = FormulaValue(formula=FormulaName.SHARE_OF_MONTHLY_PER_DAY, factor="1/5")


def _under_law() -> Contract:
    """A contract whose profile applies the law's article."""
    form = ordered_with(internet(), indemnity_appointment=FIFTH)
    entry = Entry(
        readings=(
            Reading(
                name="law", value=FIFTH, source=Source(law="Code de la consommation L224-42-1")
            ),
        ),
        in_force="law",
    )
    assert form.pin.order_form is not None
    signed = form.pin.order_form.model_copy(update={"entries": {"indemnity.appointment": entry}})
    return replace(form, pin=form.pin.model_copy(update={"order_form": signed}))


def test_a_clause_owes_a_share_of_the_month_for_each_day() -> None:
    form = ordered_with(internet(), indemnity_appointment=FIFTH)

    priced = visit_lost(form, LostVisit(by=Party.PROVIDER, monthly_ttc=Decimal("107.88")))
    unpriced = visit_lost(form, LostVisit(by=Party.PROVIDER))

    assert priced.owed is not None
    assert unpriced.owed is not None
    # a fifth of 107.88, to the cent half up: 21.576
    assert (str(priced.owed.per_day), priced.owed.payable) == ("21.58", True)
    assert (unpriced.owed.per_day, unpriced.owed.payable) == (None, False)
    assert priced.said[-1].en == (
        "owed to the customer for each day begun, until a visit is kept or the customer cancels, "
        "1/5 of the monthly price including VAT: 21.58 € (ours: a test's order form)"
    )


def test_the_law_is_for_a_visit_a_port_or_a_switch_hangs_on_and_for_no_other() -> None:
    contract, price = _under_law(), Decimal("50.00")

    linked = visit_lost(contract, LostVisit(by=Party.OPERATOR, linked=True, monthly_ttc=price))
    alone = visit_lost(contract, LostVisit(by=Party.OPERATOR, monthly_ttc=price))

    assert linked.owed is not None
    assert str(linked.owed.per_day) == "10.00"
    assert alone.owed is None
    assert alone.said[-1].en == "nothing is owed (Code de la consommation L224-42-1)"


def test_an_indemnity_for_the_operators_miss_is_claimed_of_the_operator() -> None:
    # decision 37: we pay only where we are the responsible party
    form = ordered_with(internet(), indemnity_appointment=FIFTH)
    missed = LostVisit(by=Party.OPERATOR, monthly_ttc=Decimal("107.88"))

    owed = visit_lost(form, missed).owed

    assert owed is not None
    assert (str(owed.per_day), owed.payable) == ("21.58", False)
    assert owed.said.en.endswith(
        "to be claimed of the operator, who answers for it: the evidence is handed over "
        "(decision 37)"
    )
    first = ordered_with(
        internet(),
        indemnity_appointment=FIFTH,
        indemnity_paid__before__recourse=FlagValue(value=True),
    )
    paid = visit_lost(first, missed).owed
    assert paid is not None
    assert paid.payable


def test_an_order_form_may_charge_the_customer_and_what_has_no_figure_is_shown() -> None:
    at_cost = ordered_with(
        data(), appointment_missed__by__customer=FormulaValue(formula=FormulaName.AT_COST)
    )
    nothing = ordered_with(
        data(), appointment_missed__by__customer=FormulaValue(formula=FormulaName.NOTHING)
    )

    charged = visit_lost(at_cost, LostVisit(by=Party.CUSTOMER))
    free = visit_lost(nothing, LostVisit(by=Party.CUSTOMER))

    assert [(fee.euros, fee.chargeable) for fee in charged.fees] == [(None, False)]
    assert (free.fees, free.said[-1].en) == ((), "nothing is owed (ours: a test's order form)")


def test_a_pin_without_our_defaults_is_silent_about_a_visit_we_missed() -> None:
    contract = data()
    own = tuple(one for one in contract.pin.documents if one.provider != "default")
    bare = replace(contract, pin=contract.pin.model_copy(update={"documents": own}))

    lost = visit_lost(bare, LostVisit(by=Party.OPERATOR))

    assert lost.owed is None
    assert "the contract is silent" in lost.said[-1].en


def test_a_reading_kinder_to_the_customer_is_the_later_one() -> None:
    for days in range(60):
        day = SLOT.day + timedelta(days=days)
        moved = SLOT.model_copy(
            update={"day": day, "begins": SLOT.begins.replace(year=day.year) + timedelta(days=days)}
        )
        kinder, other = visit_terms(internet(), moved).readings
        assert kinder.until > other.until
