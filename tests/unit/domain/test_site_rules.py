"""What one access has its customer do at the site, by its contract and the day that is planned."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.access_facts import CablingJob, Plan, Technology
from domain.access_stages import Access
from domain.contract_values import ChoiceValue
from domain.port_in_facts import HeldDocument, Step
from domain.site_rules import (
    not_ready_when_they_came,
    site_by_now,
    site_first_asked,
    site_terms,
)
from domain.works_facts import SiteReadinessAsked, SiteReady
from tests.access_contracts import PARIS, data, internet, ordered_with
from tests.accesses import SAID, SOON, ready
from tests.porting import RULES, STORY

PLANNED = date(2027, 3, 22)
"""A Monday."""
PLAN = Plan(on=PLANNED, said=SAID, source="OfferChosen", binds=False)
FIBRE: dict[str, Any] = {"wanted": (Technology.DEDICATED_FIBRE,)}
OKSIO: dict[str, Any] = {"under": ("oksio", "data"), "wanted": (Technology.SDSL,)}
DESCRIBED = (HeldDocument(name="premises-description", on=date(2027, 1, 8)),)


def _access(plan: Plan | None = PLAN, **changes: Any) -> Access:  # noqa: ANN401
    """Ready for its works; the offer is whatever is wanted first."""
    access = ready(**changes)
    assert isinstance(access, Access)
    more: dict[str, Any] = {"plan": plan, "planned_first": plan, "chosen": None}
    return access.model_copy(update=more)


def test_dedicated_fibre_is_asked_for_as_its_works_are_and_once() -> None:
    access = _access(**FIBRE)

    asked = site_first_asked(RULES, access, Step.BUILD_ACCESS, answer_by=SOON)

    assert asked is not None
    assert asked.needs == asked.missing
    # « descriptif détaillé de son site … équipement … courant … aménagement … autorisations »
    # (002:2351-2371)
    assert asked.needs[0] == "premises-description"
    # no day in the text (002:2351): the end of the day before, a default of ours
    assert asked.until == datetime(2027, 3, 22, 0, 0, tzinfo=PARIS)
    # « initialement prévue » (002:2353-2355)
    assert (asked.not_ready.billed_from, asked.not_ready.source) == (PLANNED, "002:2353-2355")
    assert asked.said[-1].en == "cabling inside is left to the customer (002:2448-2449)"
    assert site_first_asked(RULES, access, Step.COMMISSION_ACCESS, answer_by=SOON) is None
    again = access.model_copy(update={"opening": access.opening.model_copy(update=_asked())})
    assert site_first_asked(RULES, again, Step.BUILD_ACCESS, answer_by=SOON) is None


def _asked() -> dict[str, object]:
    return {"readiness": SiteReadinessAsked(needs=(), until=SOON, said=())}


def test_what_moves_since_is_worked_out_anew_and_only_where_it_was_asked() -> None:
    access = _access(**FIBRE)
    asked = access.model_copy(update={"opening": access.opening.model_copy(update=_asked())})
    later = asked.model_copy(update={"plan": PLAN.model_copy(update={"on": date(2027, 4, 12)})})

    now = site_by_now(RULES, later, STORY)

    assert site_by_now(RULES, access, STORY) is None
    assert now is not None
    assert now.until == datetime(2027, 4, 12, 0, 0, tzinfo=PARIS)
    assert now.not_ready.billed_from == PLANNED


def test_other_accesses_of_technicophone_have_nothing_to_prepare() -> None:
    # decision 42: the clause is dedicated fibre's (002:2326-2352)
    assert site_terms(RULES, _access(), unplanned=SOON) is None


def test_oksio_asks_of_whatever_reaches_the_site_and_has_no_clause_of_what_follows() -> None:
    # « préalablement à la date d'installation prévue, un descriptif détaillé » (000:368-370)
    asked = site_terms(RULES, _access(**OKSIO), unplanned=SOON)

    assert asked is not None
    assert "cable-routes" in asked.needs
    assert (asked.not_ready.billed_from, asked.not_ready.source) == (None, None)
    assert asked.not_ready.because.en.startswith("the contract is silent")


def test_a_description_that_came_with_the_order_is_not_missing() -> None:
    asked = site_terms(RULES, _access(held=DESCRIBED, **FIBRE), unplanned=SOON)

    assert asked is not None
    assert "premises-description" in asked.needs
    assert "premises-description" not in asked.missing
    assert asked.to_answer
    # the clause is about the description alone (002:2353-2355)
    assert asked.not_ready.billed_from is None


def test_a_day_too_near_leaves_the_time_of_any_question() -> None:
    near = PLAN.model_copy(update={"on": STORY.date()})

    asked = site_first_asked(RULES, _access(near, **FIBRE), Step.BUILD_ACCESS, answer_by=SOON)

    assert asked is not None
    assert asked.until == SOON
    assert asked.said[-1].en.startswith("asked late: answered by")


def test_where_nobody_said_a_day_it_is_asked_by_when_works_are_awaited_and_bills_nothing() -> None:
    access = _access(None, **FIBRE)

    unknown = site_terms(RULES, access, unplanned=SOON)
    wished = site_terms(RULES, _access(None, wished=PLANNED, **FIBRE), unplanned=SOON)

    assert unknown is not None
    assert wished is not None
    assert SOON - unknown.until < timedelta(days=1)
    assert unknown.not_ready.billed_from is None
    assert unknown.not_ready.because.en.startswith("no day was ever planned: another day")
    assert wished.until == datetime(2027, 3, 22, 0, 0, tzinfo=PARIS)


def test_nothing_is_to_be_ready_long_before_a_day_the_customer_wishes_later() -> None:
    """Given a wish months after the planned day, when the site is asked for, then it is by the day
    wished."""
    wished = _access(wished=date(2027, 6, 1), **FIBRE)

    asked = site_terms(RULES, wished, unplanned=SOON)
    sooner = site_terms(RULES, _access(wished=date(2027, 1, 18), **FIBRE), unplanned=SOON)

    assert asked is not None
    assert sooner is not None
    assert asked.until == datetime(2027, 6, 1, 0, 0, tzinfo=PARIS)
    assert asked.not_ready.billed_from == date(2027, 6, 1)
    assert sooner.until == datetime(2027, 3, 22, 0, 0, tzinfo=PARIS)


# cabling inside


JOB = CablingJob(cable=Decimal(120))


def test_cabling_the_order_names_is_the_customers_to_lay_before_the_day() -> None:
    # « n'inclus pas le raccordement sur le réseau interne du Client » (002:2448-2449)
    asked = site_terms(RULES, _access(cabling=JOB), unplanned=SOON)

    assert asked is not None
    assert asked.needs == ("internal-cabling",)
    assert asked.to_answer
    assert [said.en for said in asked.said[-2:]] == [
        "laid before Monday 22 March 2027 (a default of ours)",
        "cabling inside is left to the customer (002:2448-2449)",
    ]
    assert asked.not_ready.billed_from is None


def test_cabling_by_a_quote_is_said_and_asks_nothing_of_the_customer() -> None:
    form = ordered_with(internet(), cabling_by=ChoiceValue(value="quote"))
    access = _with_pin(_access(cabling=JOB), form.pin)

    asked = site_terms(RULES, access, unplanned=SOON)

    assert asked is not None
    assert (asked.needs, asked.to_answer) == ((), False)
    assert asked.said[-1].en.startswith("cabling inside by a quote, if the customer wants it")


def test_cabling_beyond_the_limits_of_line_resale_is_billed_from_the_first_day() -> None:
    # « le Prestataire se réserve le droit de ne pas assurer la Prestation … facturé à compter de
    # la date de Mise en Service initialement prévue » (002:1386-1391)
    access = _access(under=("technicophone", "vga"), cabling=CablingJob(cable=Decimal(300)))

    asked = site_terms(RULES, access, unplanned=SOON)

    assert asked is not None
    assert asked.needs == ("internal-cabling",)
    # « Sept (7) Jours Ouvrés » before Monday 22 March: Thursday 11 March, to its end (002:1381)
    assert asked.until == datetime(2027, 3, 12, 0, 0, tzinfo=PARIS)
    assert asked.not_ready.billed_from == PLANNED
    silent = ordered_with(_contract(access), site_not__ready=ChoiceValue(value="date-moves"))
    moved = site_terms(RULES, _with_pin(access, silent.pin), unplanned=SOON)
    assert moved is not None
    assert (moved.not_ready.billed_from, moved.not_ready.source) == (PLANNED, "002:1386-1391")


def test_line_resale_is_asked_about_even_where_nothing_is_named() -> None:
    access = _access(under=("technicophone", "vga"))

    asked = site_terms(RULES, access, unplanned=SOON)

    assert asked is not None
    assert (asked.needs, asked.to_answer) == ((), True)


def _with_pin(access: Access, pin: object) -> Access:
    return access.model_copy(update={"terms": access.terms.model_copy(update={"pin": pin})})


def _contract(access: Access) -> Any:  # noqa: ANN401
    return RULES.contract(access.terms.pin)


# found by the technician


@pytest.mark.parametrize("told", ["nothing", "paper", "ready"])
def test_who_said_that_the_site_is_ready_is_not_billed_for_want_of_a_paper(told: str) -> None:
    access = _access(held=DESCRIBED if told == "paper" else (), **FIBRE)
    access = access.model_copy(update={"opening": access.opening.model_copy(update=_asked())})
    if told == "ready":
        said = SiteReady(by="a colleague", on=STORY.date())
        opening = access.opening.model_copy(update={"site_ready": said})
        access = access.model_copy(update={"opening": opening})

    found = not_ready_when_they_came(internet(), access)

    assert found is not None
    assert (found.billed_from is None) is (told != "nothing")


def test_a_site_no_day_was_said_for_is_billed_from_none() -> None:
    assert not_ready_when_they_came(data(), _access(None, **OKSIO)) is None
