"""What the customer of a site is told to have ready there, and what it comes to otherwise."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain import access_facts as facts
from domain import works_attention
from domain import works_facts as fields
from domain.access_facts import Technology
from domain.attention import Attention, AttentionRaised, DecisionKind, Turn
from domain.contract_values import ContractUnit, Direction, DurationValue
from domain.event import Event
from domain.port_in_facts import HeldDocument
from domain.said import Said
from tests.access_contracts import internet, ordered_with
from tests.accesses import SAID, site_terms
from tests.noticed_visits import AT, BUILT, READY, english, maybe, opened, slot, told, visit
from tests.porting import paris

NEEDS = ("premises-description", "power-and-circuits")
WORKS = BUILT[len(READY) :]
FIRST = facts.DeliveryPlanned(
    plan=facts.Plan(on=date(2027, 1, 29), said=SAID, source="OfferChosen", binds=False)
)
DESCRIBED = fields.SiteDescribed(
    paper=HeldDocument(name="premises-description", on=date(2027, 1, 15)), by="Camille"
)


def fibre(**changes: Any) -> tuple[Event, ...]:  # noqa: ANN401
    """The clauses about a site are about dedicated fibre (002:2326-2352)."""
    return (*opened(Technology.DEDICATED_FIBRE, **changes), FIRST)


def asked(*needs: str) -> fields.SiteReadinessAsked:
    said = Said(fr="à la charge du client (002:2351-2371)", en="for the customer (002:2351-2371)")
    return fields.SiteReadinessAsked(needs=needs, until=paris("2027-01-29T00:00:00"), said=(said,))


def question(detail: str | None = None) -> AttentionRaised:
    return AttentionRaised(
        attention=Attention(
            code=works_attention.READINESS,
            what=SAID,
            since=AT,
            until=AT,
            turn=Turn.CUSTOMER,
            allowed=(DecisionKind.AGREE,),
            detail=detail,
            blocks=False,
        )
    )


def late(billed_from: date | None) -> fields.SiteNotReady:
    because = Said(fr="facturé (002:2353-2355)", en="billed (002:2353-2355)")
    source = None if billed_from is None else "002:2353-2355"
    return fields.SiteNotReady(
        missing=NEEDS, billed_from=billed_from, source=source, because=because
    )


def test_what_is_to_be_ready_is_asked_for_with_its_day_and_what_follows_otherwise() -> None:
    found = told(asked(*NEEDS), *fibre(), after=(question(),))

    assert found.purpose == "site-readiness"
    assert english(found) == {
        "ready": "for you to prepare, by Thursday 28 January 2027: a detailed description of your "
        "premises, power, circuits and connections",
        # « facturé à compter de la Date … initialement prévue » (002:2353-2355)
        "otherwise": "otherwise another day is to be agreed, and the access is billed from Friday "
        "29 January 2027, the day first planned, by your contract",
    }
    assert found.sources == ("002:2351-2371",)


def test_what_has_come_with_a_paper_is_not_asked_for_again() -> None:
    found = told(asked(*NEEDS), *fibre(), DESCRIBED, after=(question(),))

    assert english(found) == {
        "ready": "for you to prepare, by Thursday 28 January 2027: power, circuits and connections",
        "otherwise": "otherwise another day is to be agreed, at no cost",
    }
    assert maybe(asked("premises-description"), *fibre(), DESCRIBED) is None


def test_cabling_left_to_the_customer_is_asked_for_under_whatever_contract() -> None:
    """Technicophone leaves it to the customer (002:2448-2449)."""
    job = facts.CablingJob(cable=Decimal(120))

    found = told(asked("internal-cabling"), *opened(cabling=job), after=(question(),))
    booked = told(visit(), *opened(cabling=job), asked("internal-cabling"), *WORKS)

    assert found.facts["ready"].en.endswith(": cabling inside")
    assert booked.facts["ready"].fr == (
        "à préparer de votre côté, au plus tard le mardi 19 janvier 2027 : le câblage intérieur"
    )


def test_a_site_the_contract_is_silent_about_comes_to_another_day_at_no_cost() -> None:
    found = told(asked(), *READY, after=(question(),))

    assert found.facts["otherwise"].en == "otherwise another day is to be agreed, at no cost"


def test_a_contract_that_no_longer_reads_is_left_to_say_what_follows() -> None:
    gone = site_terms().pin.model_copy(update={"provider": "nobody"})

    found = told(asked(*NEEDS), *opened(pin=gone), after=(question(),))

    assert found.facts["otherwise"].fr == "sinon, ce que dit votre contrat s'applique"


@pytest.mark.parametrize(
    ("billed_from", "follows"),
    [
        (
            date(2027, 1, 29),
            (
                "une autre date est à convenir, et l'accès est facturé depuis le vendredi "
                "29 janvier 2027, date prévue d'abord, selon votre contrat"
            ),
        ),
        (None, "une autre date est à convenir, sans frais"),
    ],
)
def test_a_day_that_passed_is_told_with_what_is_missing_and_from_when_it_is_billed(
    billed_from: date | None, follows: str
) -> None:
    found = told(late(billed_from), *fibre(), after=(question("late"),))

    assert found.purpose == "site-readiness"
    assert found.facts["otherwise"].fr == follows
    assert found.facts["ready"].fr == (
        "le jour est passé, et le site n'est pas dit prêt ; encore à préparer : un descriptif "
        "détaillé de vos locaux, le courant, les circuits et les branchements"
    )
    assert found.sources == ("002:2353-2355",)


def test_a_site_that_somebody_found_not_to_be_ready_is_told_with_the_visit() -> None:
    assert maybe(late(None), *fibre()) is None


# with a visit


def test_a_visit_asks_for_what_is_still_missing() -> None:
    found = told(visit(), *fibre(), asked(*NEEDS), DESCRIBED, *WORKS)

    assert "description" not in found.facts["ready"].en
    assert found.facts["ready"].en.startswith("for you to prepare, by Tuesday 19 January 2027: ")


def test_a_visit_to_a_site_that_was_said_to_be_ready_asks_for_nothing_more() -> None:
    ready = fields.SiteReady(by="Camille", on=date(2027, 1, 15))

    found = told(visit(), *fibre(), asked(*NEEDS), ready, *WORKS)

    assert found.facts["ready"].en == "the site was said to be ready"


def test_an_order_form_may_have_the_site_ready_some_days_before_without_saying_what() -> None:
    seven = DurationValue(
        amount=Decimal(7),
        unit=ContractUnit.OUVRE,
        anchor="planned-service-date",
        direction=Direction.BEFORE,
    )
    pin = ordered_with(internet(), site_readiness=seven).pin

    found = told(visit(slot("2027-02-15")), *opened(pin=pin), *WORKS)

    assert found.facts["ready"].en == (
        "for you to prepare, by Thursday 4 February 2027: the site, ready for installation"
    )
