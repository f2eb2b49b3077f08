"""What each indemnity comes to, by provider and head, nothing included. Figures are literals; the
line of the source stands beside each."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.contract_profiles import Entry, Level, Profile, Reading, Source
from domain.contract_questions import Contract
from domain.contract_resolution import Pin, Shelf
from domain.contract_values import ContractValue, FlagValue, FormulaName, FormulaValue
from domain.indemnity_facts import (
    Assessment,
    Givens,
    Head,
    IndemnityTerms,
    LateDay,
    MissedVisit,
    Party,
)
from domain.indemnity_questions import Question, QuestionAbout
from domain.indemnity_sums import Case, amount_of, work_out
from domain.port_evidence import Cause, PortEvidence
from domain.said import Said
from tests.indemnities import terms
from tests.porting import RULES, STORY, shelf

WHY = Said(fr="un fait", en="a fact")
AGREED = date(2027, 1, 15)
US, HOST, DONOR = Party.US, Party.HOST, Party.DONOR
CUSTOMER, UNKNOWN = Party.CUSTOMER, Party.UNKNOWN


def evidence(*parties: Party, **more: Any) -> PortEvidence:  # noqa: ANN401
    """One party for each day after the agreed one."""
    days = tuple(
        LateDay(day=AGREED + timedelta(days=n), party=party, because=WHY)
        for n, party in enumerate(parties, start=1)
    )
    kept: dict[str, Any] = {
        "agreed_on": AGREED,
        "agreed_because": WHY,
        "back_on": AGREED + timedelta(days=len(parties)),
        "back_unknown": False,
        "over": True,
        "days": days,
        "too_long": (),
        "lost": None,
        "planned_late": None,
    }
    return PortEvidence(**{**kept, **more})


def lost(party: Party) -> PortEvidence:
    return evidence(back_on=None, lost=Cause(party=party, at=STORY, said=WHY))


def contract(pin: Pin) -> Contract:
    return RULES.contract(pin)


def asked(
    given: IndemnityTerms,
    facts: PortEvidence,
    givens: Givens | None = None,
    *,
    absorbed: bool = False,
) -> Assessment | Question:
    case = Case(terms=given, givens=givens or Givens(), evidence=facts, absorbed=absorbed)
    return work_out(case, contract(given.pin))


def worked_out(given: IndemnityTerms, facts: PortEvidence, **more: Any) -> Assessment:  # noqa: ANN401
    found = asked(given, facts, **more)
    assert isinstance(found, Assessment)
    return found


def question(given: IndemnityTerms, facts: PortEvidence, **more: Any) -> QuestionAbout:  # noqa: ANN401
    found = asked(given, facts, **more)
    assert isinstance(found, Question)
    return found.about


def visit(by: Party, back_on: date | None = None) -> tuple[IndemnityTerms, Givens]:
    missed = MissedVisit(missed_on=AGREED, by=by, evidence="report 12")
    return terms(Head.APPOINTMENT, missed=missed), Givens(back_on=back_on)


def english(found: Assessment) -> str:
    return "\n".join(said.en for said in found.because)


# every provider, every head


@pytest.mark.parametrize(
    ("provider", "source", "may_be_paid"),
    [
        ("onecom", "001:168", True),  # 001:168 "un cinquième (1/5e) du prix mensuel … TTC"
        # 000:951-956 lists the cases it does not answer for; its own fault is not among them
        (
            "oksio",
            "ours: decisions 4 and 6: its own fault is not in the list of 000:951-956",
            False,
        ),
        # silent texts: the default, after Code de la consommation L224-42-1
        ("axantis", "ours: decision 6, after Code de la consommation L224-42-1", False),
        ("nexis", "ours: decision 6, after Code de la consommation L224-42-1", False),
        ("technicophone", "ours: decision 6, after Code de la consommation L224-42-1", False),
    ],
)
def test_three_days_of_ours_are_three_fifths_of_a_month(
    provider: str, source: str, *, may_be_paid: bool
) -> None:
    found = worked_out(terms(provider=provider), evidence(US, HOST, US))

    assert found.ours == Decimal("11.94")  # 19.90 / 5 = 3.98 a day, three days
    assert (found.source, found.may_be_paid) == (source, may_be_paid)
    assert "19.90 € TTC x 1/5 x 3 day(s) begun = 11.94 €" in english(found)


@pytest.mark.parametrize(
    ("provider", "source", "may_be_paid"),
    [
        ("onecom", "001:169", True),  # 001:169 "vingt-quatre (24) fois le prix mensuel"
        (
            "oksio",
            "ours: decisions 4 and 6: its own fault is not in the list of 000:951-956",
            False,
        ),
        ("axantis", "ours: after Code de la consommation L224-42-1", False),
        ("nexis", "ours: after Code de la consommation L224-42-1", False),
        ("technicophone", "ours: after Code de la consommation L224-42-1", False),
    ],
)
def test_a_number_we_lost_is_twenty_four_months(
    provider: str, source: str, *, may_be_paid: bool
) -> None:
    found = worked_out(terms(Head.LOSS, provider=provider), lost(US))

    assert found.ours == Decimal("477.60")  # 24 x 19.90
    assert (found.source, found.may_be_paid) == (source, may_be_paid)
    assert "19.90 € TTC x 24 = 477.60 €" in english(found)


def test_a_visit_we_missed_is_a_fifth_a_day_at_onecom() -> None:
    given, givens = visit(US, date(2027, 1, 18))

    found = worked_out(given, evidence(), givens=givens)

    # 001:170 "par jour de retard, un cinquième (1/5e) … jusqu'à la présentation effective"
    assert (found.ours, found.source) == (Decimal("11.94"), "001:170")
    assert [day.day.day for day in found.days] == [16, 17, 18]


@pytest.mark.parametrize("provider", ["oksio", "axantis", "nexis", "technicophone"])
def test_a_visit_we_missed_is_nothing_where_no_text_says_otherwise(provider: str) -> None:
    missed = MissedVisit(missed_on=AGREED, by=US, evidence="report 12")
    given = terms(Head.APPOINTMENT, provider=provider, missed=missed)

    found = worked_out(given, evidence())

    assert found.ours == Decimal("0.00")
    assert "nothing (ours: decision 38: nothing where no text says otherwise)" in english(found)
    assert found.because[-1].en == "the rule in force grants nothing"


def test_technicophones_contact_center_grants_all_three_and_waits_for_a_signature() -> None:
    pin = shelf().pin("technicophone", "contact", date(2027, 1, 8))
    missed = MissedVisit(missed_on=AGREED, by=US, evidence="report 12")
    given = {head: terms(head).model_copy(update={"pin": pin, "missed": missed}) for head in Head}

    delay = worked_out(given[Head.DELAY], evidence(US))
    loss = worked_out(given[Head.LOSS], lost(US))
    day = worked_out(given[Head.APPOINTMENT], evidence(), givens=Givens(back_on=date(2027, 1, 16)))

    # 002:7869-7870 "des indemnités dans les conditions énoncées à l'article L. 224-42-1"
    assert [found.ours for found in (delay, loss, day)] == [
        Decimal("3.98"),
        Decimal("477.60"),
        Decimal("3.98"),
    ]
    assert {found.source for found in (delay, loss, day)} == {"002:7869-7870"}
    assert not any(found.may_be_paid for found in (delay, loss, day))


# arithmetic


@pytest.mark.parametrize(
    ("monthly", "days", "amount"),
    [
        ("29.99", 1, "6.00"),  # 5.998
        ("29.99", 2, "12.00"),  # 11.996: one rounding, not two
        ("9.99", 3, "5.99"),  # 5.994
        ("12.33", 2, "4.93"),  # 4.932
        ("0.03", 1, "0.01"),  # 0.006
        ("0.02", 1, "0.00"),  # 0.004
        ("0.125", 1, "0.03"),  # 0.025, half up
    ],
)
def test_cents_are_rounded_once_and_half_up(monthly: str, days: int, amount: str) -> None:
    assert amount_of(Decimal(monthly), "1/5", times=days) == Decimal(amount)


# whose


def test_days_are_split_between_those_who_answer_for_them() -> None:
    found = worked_out(terms(), evidence(DONOR, DONOR, HOST, CUSTOMER))

    assert found.ours == Decimal("3.98")  # 001:168, one day of four
    assert {(s.party, s.days, s.amount) for s in found.shares} == {
        (DONOR, 2, None),
        (HOST, 1, Decimal("3.98")),
        (CUSTOMER, 1, Decimal("0.00")),
    }
    assert found.owed_by_another
    assert "the host is our supplier" in english(found)


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (CUSTOMER, "the customer answers for it: nothing is owed"),
        (DONOR, "the donor answers for it"),
        (Party.NOBODY, "nobody answers for it"),
    ],
)
def test_nothing_is_explained_too(party: Party, said: str) -> None:
    found = worked_out(terms(), evidence(party, party))

    assert found.ours == Decimal("0.00")
    assert found.owed_by_another is (party is DONOR)
    assert said in found.because[-1].en


def test_an_outage_over_on_the_agreed_day_is_nothing_and_says_so() -> None:
    found = worked_out(terms(), evidence(too_long=(WHY,)))

    assert found.ours == Decimal("0.00")
    assert "it begins no day of delay" in english(found)
    assert found.because[-1].en == "no day was begun after the agreed one: nothing is owed"


def test_a_port_without_a_day_is_nothing() -> None:
    found = worked_out(terms(), evidence(agreed_on=None, agreed_because=None, back_on=None))

    assert (found.ours, found.days) == (Decimal("0.00"), ())


def test_a_contract_that_does_not_answer_for_the_date_is_quoted() -> None:
    found = worked_out(terms(provider="technicophone"), evidence(US))

    # 002:6358 "aucun cas être tenu" … "du non-respect de la date"
    assert "the contract says it does not answer for the date (002:6358)" in english(found)
    assert "this reading is not signed: the amount is shown and cannot be paid" in english(found)


def test_the_readings_that_are_not_in_force_are_shown() -> None:
    found = worked_out(terms(provider="oksio"), evidence(US))

    assert "another reading, not in force: nothing (000:949-956)" in english(found)
    assert "another reading, not in force: nothing (000:1167)" in english(found)


# questions


def test_a_day_nobody_answers_for_is_asked_and_a_ruling_is_only_about_those() -> None:
    facts = evidence(UNKNOWN, HOST)

    assert question(terms(), facts) is QuestionAbout.RESPONSIBLE
    found = worked_out(terms(), facts, givens=Givens(responsible=CUSTOMER))
    assert [day.party for day in found.days] == [CUSTOMER, HOST]


def test_a_correction_is_about_every_day() -> None:
    givens = Givens(responsible=CUSTOMER, whole=True)

    assert worked_out(terms(), evidence(UNKNOWN, HOST), givens=givens).ours == Decimal("0.00")


def test_a_price_is_asked_only_where_we_owe() -> None:
    given = terms(monthly=None)

    assert question(given, evidence(US)) is QuestionAbout.PRICE
    assert worked_out(given, evidence(DONOR)).ours == Decimal("0.00")
    found = worked_out(given, evidence(US), givens=Givens(monthly_ttc=Decimal("10.00")))
    assert found.ours == Decimal("2.00")


def test_a_day_on_which_service_was_back_is_asked_and_what_is_given_counts() -> None:
    facts = evidence(US, US, back_on=None, back_unknown=True)

    assert question(terms(), facts) is QuestionAbout.BACK
    found = worked_out(terms(), facts, givens=Givens(back_on=date(2027, 1, 16)))
    assert found.ours == Decimal("3.98")
    assert "given by a person" in english(found)


def test_an_agreed_day_that_was_wrong_moves_the_count() -> None:
    givens = Givens(agreed_on=date(2027, 1, 16))

    assert worked_out(terms(), evidence(US, US), givens=givens).ours == Decimal("3.98")


@pytest.mark.parametrize("whole", [False, True])
def test_a_loss_nobody_answers_for_is_asked(*, whole: bool) -> None:
    assert question(terms(Head.LOSS), lost(UNKNOWN)) is QuestionAbout.RESPONSIBLE

    ruled = Givens(responsible=DONOR, whole=whole)
    found = worked_out(terms(Head.LOSS), lost(UNKNOWN), givens=ruled)
    assert (found.ours, found.owed_by_another) == (Decimal("0.00"), True)


def test_a_ruling_does_not_undo_what_the_facts_say_and_a_correction_does() -> None:
    given = terms(Head.LOSS)

    assert worked_out(given, lost(US), givens=Givens(responsible=DONOR)).ours > 0
    corrected = Givens(responsible=DONOR, whole=True)
    assert worked_out(given, lost(US), givens=corrected).ours == 0


def test_a_loss_no_fact_shows_is_asked() -> None:
    assert question(terms(Head.LOSS), evidence()) is QuestionAbout.RESPONSIBLE


def test_a_visit_waits_for_the_next_one_and_for_who_missed_it() -> None:
    given, givens = visit(US)
    unknown, _ = visit(UNKNOWN)

    assert question(given, evidence(), givens=givens) is QuestionAbout.BACK
    assert question(unknown, evidence()) is QuestionAbout.RESPONSIBLE
    assert question(terms(Head.APPOINTMENT), evidence()) is QuestionAbout.RESPONSIBLE


def test_who_missed_a_visit_may_be_ruled_or_corrected() -> None:
    unknown, _ = visit(UNKNOWN)
    ours, _ = visit(US)
    day = date(2027, 1, 16)

    ruled = Givens(responsible=HOST, back_on=day)
    assert worked_out(unknown, evidence(), givens=ruled).ours == Decimal("3.98")
    kept = Givens(responsible=CUSTOMER, back_on=day)
    assert worked_out(ours, evidence(), givens=kept).ours == Decimal("3.98")
    corrected = Givens(responsible=CUSTOMER, whole=True)
    assert worked_out(ours, evidence(), givens=corrected).ours == 0


def test_the_customers_absence_is_never_owed() -> None:
    given, _ = visit(CUSTOMER)

    found = worked_out(given, evidence())

    assert found.ours == Decimal("0.00")
    assert found.because[-1].en == "the customer answers for it: nothing is owed"


# profiles that say otherwise


def _with(answers: dict[str, ContractValue], provider: str = "onecom") -> Pin:
    """An order form that answers some questions in its own way."""
    entries = {
        name: Entry(
            readings=(Reading(name="signed", value=value, source=Source(ours="the order form")),),
            in_force="signed",
        )
        for name, value in answers.items()
    }
    form = Profile(
        provider=provider,
        service="mobile",
        level=Level.ORDER_FORM,
        version="1",
        valid_from=date(2026, 1, 1),
        title=Said(fr="bon", en="form"),
        entries=entries,
    )
    return shelf().pin(provider, "mobile", date(2027, 1, 8), order_form=form)


def test_a_profile_that_pays_first_pays_for_the_donor_and_claims_back() -> None:
    pin = _with({"indemnity.paid-before-recourse": FlagValue(value=True)})

    found = worked_out(terms().model_copy(update={"pin": pin}), evidence(DONOR))

    assert (found.ours, found.owed_by_another) == (Decimal("3.98"), False)
    assert "the profile pays first and claims back from the donor" in english(found)


def test_a_rule_of_another_kind_is_a_persons_to_mend() -> None:
    pin = _with({"indemnity.delay": FormulaValue(formula=FormulaName.AT_COST)})

    assert question(terms().model_copy(update={"pin": pin}), evidence(US)) is QuestionAbout.FORMULA


def test_a_contract_that_grants_nothing_still_hands_over_what_is_the_donors() -> None:
    pin = _with({"indemnity.delay": FormulaValue(formula=FormulaName.NOTHING)})

    found = worked_out(terms(monthly=None).model_copy(update={"pin": pin}), evidence(US, DONOR))

    assert (found.ours, found.owed_by_another) == (Decimal("0.00"), True)
    assert "the rule in force grants nothing" in english(found)


def test_heads_that_do_not_add_up_leave_the_weightier_one() -> None:
    found = worked_out(terms(), evidence(US), absorbed=True)

    assert found.ours == Decimal("0.00")
    assert found.because[-1].en == (
        "the indemnities do not add up: the loss of the number stands for it"
    )
    assert {share.amount for share in found.shares} == {Decimal("0.00")}


def test_a_silence_nobody_filled_is_nothing_and_said() -> None:
    """A house without our defaults: the text of Axantis grants none (003, searched)."""
    kept = tuple(p for p in shelf().profiles if p.level is not Level.DEFAULT)
    silent = Shelf(catalogue=shelf().catalogue, profiles=kept)
    pin = silent.pin("axantis", "mobile", date(2027, 1, 8))
    given = terms().model_copy(update={"pin": pin})
    case = Case(terms=given, givens=Givens(), evidence=evidence(US))
    contract = Contract(shelf=silent, pin=pin, calendar=RULES.contract(terms().pin).calendar)

    found = work_out(case, contract)

    assert isinstance(found, Assessment)
    assert (found.ours, found.source, found.may_be_paid) == (Decimal("0.00"), "", True)
    assert "its silence is said" in english(found)


def test_each_cause_nobody_answers_for_is_asked_with_its_days() -> None:
    facts = evidence(UNKNOWN, US, UNKNOWN, UNKNOWN)
    other = Said(fr="un autre", en="another fact")
    last = facts.days[-1].model_copy(update={"because": other})

    several = asked(terms(), replace(facts, days=(*facts.days[:-1], last)))
    alone = asked(terms(), facts)

    assert isinstance(several, Question)
    assert several.what.en == (
        "who answers for it? the facts do not say: "
        "Saturday 16 January 2027, Monday 18 January 2027: a fact; "
        "Tuesday 19 January 2027: another fact; one answer is for all of these days"
    )
    assert several.what.fr.endswith("un autre ; une seule réponse vaut pour tous ces jours")
    assert isinstance(alone, Question)
    assert "one answer" not in alone.what.en
