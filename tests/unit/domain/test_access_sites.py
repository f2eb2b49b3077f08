"""What a site has to be ready with, by when, and what it comes to where it is not."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.access_facts import CablingJob, Technology
from domain.access_sites import (
    DESCRIPTION,
    CabledBy,
    internal_cabling,
    site_not_ready,
    site_readiness,
)
from domain.contract_questions import Contract
from domain.contract_values import ChoicesValue, ChoiceValue, ContractUnit, DurationValue
from tests.access_contracts import PARIS, data, internet, ordered_with, signed_under

PLANNED = date(2027, 3, 22)
"""A Monday."""
FIBRE = Technology.DEDICATED_FIBRE


def test_technicophone_asks_five_things_of_a_site_of_dedicated_fibre() -> None:
    # « Sur demande du Prestataire … descriptif détaillé » … « autorisations » (002:2351-2372)
    readiness = site_readiness(internet(), FIBRE, planned=PLANNED)

    assert readiness.needs == (
        "premises-description",
        "site-equipped",
        "power-and-circuits",
        "fittings",
        "permissions",
    )
    # no day in the text: the end of the day before, a default of ours
    assert readiness.until == datetime(2027, 3, 22, 0, 0, tzinfo=PARIS)
    assert [said.en for said in readiness.said] == [
        (
            "for the customer: a detailed description of the premises, the site equipped and "
            "fitted out as told, power, circuits and connections, fittings by the provider's "
            "standards, permissions on its side of the entry point (002:2351-2371)"
        ),
        "described on request, by no day the text gives (002:2351)",
        "ready before Monday 22 March 2027 (a default of ours)",
        "the customer gives access to the sites (002:491-493)",
    ]
    assert readiness.because.fr.startswith("à la charge du client : un descriptif détaillé")


@pytest.mark.parametrize("technology", [one for one in Technology if one is not FIBRE])
def test_technicophone_asks_nothing_of_the_site_of_another_access(technology: Technology) -> None:
    # decision 42: the clause is dedicated fibre's; seven jours ouvrés are line resale's
    readiness = site_readiness(internet(), technology, planned=PLANNED)

    assert readiness.needs == ()
    assert readiness.said[0].en == ("the contract is silent: nothing to prepare at the site for it")
    assert len(readiness.said) == len(["silence", "access"])


@pytest.mark.parametrize("technology", [Technology.SDSL, FIBRE])
def test_oksio_wants_the_premises_described_before_the_planned_day(technology: Technology) -> None:
    # « préalablement à la date d'installation prévue, un descriptif détaillé » (000:368-370)
    readiness = site_readiness(data(), technology, planned=PLANNED)

    assert readiness.needs[0] == DESCRIPTION
    assert readiness.until == datetime(2027, 3, 22, 0, 0, tzinfo=PARIS)
    assert [said.en for said in readiness.said[1:]] == [
        "described before Monday 22 March 2027 (000:368-369)",
        "the rest ready before Monday 22 March 2027 (a default of ours)",
        # « durant les heures de travail habituelles » (000:379)
        "the customer gives access to the premises in usual working hours (000:377-385)",
    ]


def test_an_order_form_may_ask_for_the_site_sooner() -> None:
    seven = DurationValue(amount=Decimal(7), unit=ContractUnit.OUVRE, anchor="planned-service-date")
    form = ordered_with(internet(), site_readiness=seven)

    adsl = site_readiness(form, Technology.ADSL, planned=PLANNED)

    # seven jours ouvrés before Monday 22 March: Thursday 11 March, to its end
    assert adsl.until == datetime(2027, 3, 12, 0, 0, tzinfo=PARIS)
    assert adsl.said[0].en == "ready by Thursday 11 March 2027 (ours: a test's order form)"


def test_seven_jours_ouvres_before_service_are_line_resales() -> None:
    # « Sept (7) Jours Ouvrés avant la date de Mise en Service prévisionnelle » (002:1381-1384)
    vga = site_readiness(signed_under("technicophone", "vga"), Technology.ADSL, planned=PLANNED)

    assert (vga.needs, vga.until) == ((), datetime(2027, 3, 12, 0, 0, tzinfo=PARIS))
    assert [said.en for said in vga.said] == ["ready by Thursday 11 March 2027 (002:1381)"]


def test_a_word_nobody_translated_is_shown_as_it_stands() -> None:
    form = ordered_with(data(), site_needs=ChoicesValue(value=("lift",)))

    assert "for the customer: lift" in site_readiness(form, FIBRE, planned=PLANNED).said[0].en


# not ready


def test_a_site_not_described_is_billed_from_the_day_first_planned() -> None:
    # « une nouvelle Date …, mais le service sera facturé à compter de la Date de Mise en Service
    # initialement prévue » (002:2353-2355)
    late = site_not_ready(
        internet(), FIBRE, missing=(DESCRIPTION, "fittings"), first_planned=PLANNED
    )

    assert late.billed is not None
    assert (late.billed.on, late.billed.source) == (PLANNED, "002:2353-2355")
    assert late.because.en == (
        "another day is to be agreed (002:2353-2355), "
        "billed from the day first planned, Monday 22 March 2027 (002:2353-2355)"
    )


def test_a_site_described_and_not_fitted_out_is_not_billed_early() -> None:
    late = site_not_ready(internet(), FIBRE, missing=("fittings",), first_planned=PLANNED)

    assert late.billed is None
    assert [said.en for said in late.said] == [
        "the clause is about the description alone, which is there (002:2353-2355)",
        "the day moves, at no cost (a default of ours)",
    ]


@pytest.mark.parametrize(
    ("contract", "technology"), [(internet(), Technology.FTTH), (data(), FIBRE)]
)
def test_elsewhere_the_day_moves_at_no_cost(contract: Contract, technology: Technology) -> None:
    late = site_not_ready(contract, technology, missing=(DESCRIPTION,), first_planned=PLANNED)

    assert late.billed is None
    assert [said.en for said in late.said] == [
        "the contract is silent: nothing about a site that is not ready for it",
        "the day moves, at no cost (a default of ours)",
    ]


def test_an_order_form_may_say_that_the_day_moves() -> None:
    form = ordered_with(internet(), site_not__ready=ChoiceValue(value="date-moves"))

    late = site_not_ready(form, FIBRE, missing=(DESCRIPTION,), first_planned=PLANNED)

    assert late.billed is None
    assert late.said[0].en == "the day moves, at no cost (ours: a test's order form)"


def test_line_resale_bills_a_site_that_is_not_ready_whatever_is_missing() -> None:
    # « Le Service sera facturé à compter de la date de Mise en Service initialement prévue »
    # (002:1384-1386)
    late = site_not_ready(
        signed_under("technicophone", "vga"), Technology.ADSL, missing=(), first_planned=PLANNED
    )

    assert late.billed is not None
    assert late.billed.source == "002:1384-1386"


# cabling inside


def test_cabling_inside_a_site_is_left_to_the_customer_of_an_internet_access() -> None:
    # « n'inclus pas le raccordement sur le réseau interne du Client » (002:2448-2449)
    technicophone, oksio = internal_cabling(internet()), internal_cabling(data())

    assert (technicophone.by, oksio.by) == (CabledBy.CUSTOMER, CabledBy.CUSTOMER)
    assert technicophone.said[0].en == "cabling inside is left to the customer (002:2448-2449)"
    assert [said.en for said in oksio.said] == [
        "the contract is silent: nothing about cabling inside the site",
        "cabling inside is left to the customer (a default of ours)",
    ]
    assert internal_cabling(signed_under("technicophone", "mobile")).by is CabledBy.CUSTOMER


JOB = CablingJob(cable=Decimal(120), height=Decimal("2.5"), apart=Decimal(9))


@pytest.mark.parametrize(
    ("job", "beyond"),
    [
        (JOB, []),
        # « supérieure à 3 mètres et inférieure à 200 mètres » (002:1365-1366): 3 and 200 are out
        (CablingJob(cable=Decimal("3.1")), []),
        (CablingJob(cable=Decimal(3)), ["a cable longer than 3 m, here 3 (002:1365)"]),
        (CablingJob(cable=Decimal("199.9")), []),
        (CablingJob(cable=Decimal(200)), ["a cable shorter than 200 m, here 200 (002:1366)"]),
        # « à moins de 3 mètres » (002:1370), « inférieure à 10 mètres » (002:1375-1376)
        (
            CablingJob(cable=Decimal(50), height=Decimal(3), apart=Decimal(10)),
            [
                "works lower than 3 m, here 3 (002:1370)",
                "two terminals less apart than 10 m, here 10 (002:1375-1376)",
            ],
        ),
    ],
)
def test_line_resale_cables_by_a_quote_within_its_limits(
    job: CablingJob, beyond: list[str]
) -> None:
    cabling = internal_cabling(signed_under("technicophone", "vga"), job=job, first_planned=PLANNED)

    if not beyond:
        assert cabling.by is CabledBy.QUOTE
        assert [said.en for said in cabling.said] == [
            "cabling inside by a quote, if the customer wants it (002:1360-1363)"
        ]
        return
    assert cabling.by is CabledBy.DECLINED
    assert [said.en for said in cabling.said[: len(beyond)]] == beyond
    # « Le Service sera facturé à compter de la date … initialement prévue » (002:1390-1391)
    assert cabling.billed is not None
    assert (cabling.billed.on, cabling.billed.source) == (PLANNED, "002:1386-1391")


def test_cabling_is_quoted_before_anybody_knows_how_long_it_is() -> None:
    vga = signed_under("technicophone", "vga")
    too_long = CablingJob(cable=Decimal(300))

    assert internal_cabling(vga).by is CabledBy.QUOTE
    declined = internal_cabling(vga, job=too_long)
    assert (declined.by, declined.billed) == (CabledBy.DECLINED, None)
    form = ordered_with(vga, cabling_beyond=ChoiceValue(value="quote"))
    assert internal_cabling(form, job=too_long).by is CabledBy.QUOTE


def test_a_quote_without_limits_of_its_own_is_for_any_job() -> None:
    form = ordered_with(internet(), cabling_by=ChoiceValue(value="quote"))

    assert internal_cabling(form, job=CablingJob(cable=Decimal(900))).by is CabledBy.QUOTE
