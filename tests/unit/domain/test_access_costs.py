"""What ending an access before service costs, in every reading, each figure with its line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access_costs import Cost, Ending, cost_of, times
from domain.access_facts import AccessPrices, Technology
from domain.cancellations import cancellation_terms
from domain.contract_questions import Contract
from domain.contract_values import FormulaName, FormulaValue
from tests.access_contracts import data, internet, ordered_with, signed_under
from tests.porting import STORY

PRICES = AccessPrices(access_fee=Decimal("150.00"), monthly=Decimal("89.90"))
NONE = AccessPrices()


def _figures(cost: Cost) -> dict[str, list[tuple[str, str | None, str]]]:
    return {
        reading.name: [
            (fee.head, None if fee.euros is None else str(fee.euros), fee.source)
            for fee in reading.fees
        ]
        for reading in cost.readings
    }


def _in_force(cost: Cost) -> list[str]:
    return [reading.name for reading in cost.readings if reading.in_force]


def test_cancelling_at_technicophone_has_two_prices_and_neither_is_charged() -> None:
    cost = cost_of(internet(), Ending.CUSTOMER, prices=PRICES)

    assert _figures(cost) == {
        # 36 months x 89.90 (002:2688-2696): the whole initial term is left before service
        "remaining-months": [("remaining-months", "3236.40", "002:2688-2696")],
        # « 2 fois les Frais d'accès aux Services non remisés » (002:221-223)
        "twice-access-fees": [("access-fee", "300.00", "002:222-223")],
    }
    assert (_in_force(cost), cost.chargeable) == (["remaining-months"], False)
    assert [said.en for said in cost.said] == [
        "36 months left, x monthly fee: 36 x 89.90 € HT = 3236.40 € HT (002:2688-2696)",
        "undiscounted access fee: 150.00 € HT x 2 = 300.00 € HT (002:222-223)",
        "shown, not chargeable until a reading is signed (decision 13)",
    ]
    assert not any(fee.chargeable for fee in cost.fees)


def test_the_term_of_the_order_form_comes_before_the_contracts() -> None:
    prices = PRICES.model_copy(update={"term_months": 12})

    cost = cost_of(internet(), Ending.CUSTOMER, prices=prices)

    # 12 x 89.90
    assert [str(fee.euros) for fee in cost.fees] == ["1078.80"]


def test_cancelling_at_oksio_costs_what_was_spent_or_the_whole_order() -> None:
    cost = cost_of(data(), Ending.CUSTOMER, prices=PRICES)

    assert _figures(cost) == {
        # « tous les frais engagés » (000:60)
        "costs-incurred": [("costs", None, "000:60")],
        # « le montant de la commande reste dû » (000:59): 150 + 60 months x 89.90
        "whole-order": [("order-amount", "5544.00", "000:59")],
    }
    assert (_in_force(cost), cost.chargeable) == (["costs-incurred"], False)


def test_an_order_without_prices_says_so_and_gives_no_figure() -> None:
    technicophone = cost_of(internet(), Ending.CUSTOMER, prices=NONE)
    oksio = cost_of(data(), Ending.CUSTOMER, prices=NONE)

    figures = {**_figures(technicophone), **_figures(oksio)}
    assert {euros for fees in figures.values() for _, euros, _ in fees} == {None}
    said = " ".join(one.en for one in (*technicophone.said, *oksio.said))
    assert "undiscounted access fee x 2: the order form does not give it" in said
    assert "36 months left, x monthly fee: the order form does not give what it takes" in said
    assert "amount of the order: the order form does not give what it takes" in said


def test_a_site_technicophone_cannot_connect_costs_nothing() -> None:
    cost = cost_of(internet(), Ending.CANNOT_CONNECT, prices=PRICES)

    # « sans indemnité de part ni d'autre » (002:591-594)
    assert (_in_force(cost), cost.fees) == (["nothing"], ())
    assert cost.said[0].en == "nothing is owed (002:592-594)"
    # « problèmes d'infrastructures » (002:222-225): kept beside it, a clash inside the text
    assert _figures(cost)["twice-access-fees"] == [("access-fee", "300.00", "002:222-225")]


def test_a_site_oksio_cannot_connect_has_no_price_and_the_silence_is_said() -> None:
    cost = cost_of(data(), Ending.CANNOT_CONNECT, prices=PRICES)

    assert (cost.readings, cost.fees, cost.chargeable) == ((), (), False)
    assert [said.en for said in cost.said] == [
        "the contract is silent: no price for a site that cannot be connected"
    ]


def test_a_refused_quote_for_works_costs_what_the_operator_asks() -> None:
    cost = cost_of(internet(), Ending.WORKS_REFUSED, prices=PRICES)

    assert _figures(cost) == {
        # « frais éventuellement réclamés par l'opérateur » (002:2348-2350)
        "dedicated-fibre": [("costs", None, "002:2349-2350")],
        "dsl-desaturation": [("access-fee", "150.00", "002:2282-2283")],
        "general-terms": [("access-fee", "300.00", "002:222-225")],
    }
    assert _in_force(cost) == ["dedicated-fibre"]
    silent = cost_of(data(), Ending.WORKS_REFUSED, prices=PRICES)
    assert silent.said[0].en.startswith("the contract is silent: ")


def test_a_refused_desaturation_costs_the_access_fee_and_the_making_of_the_quote() -> None:
    cost = cost_of(internet(), Ending.DESATURATION_REFUSED, prices=PRICES)

    assert _figures(cost) == {
        # « Frais d'Accès au Service et des Frais de réalisation du devis » (002:2281-2283)
        "desaturation": [
            ("access-fee", "150.00", "002:2281-2283"),
            ("quote-fee", None, "002:2281-2283"),
        ],
        "general-terms": [("access-fee", "300.00", "002:222-225")],
    }
    assert [fee.head for fee in cost.fees] == ["access-fee", "quote-fee"]
    # OKSIO is not asked: its text has no such quote
    assert cost_of(data(), Ending.DESATURATION_REFUSED, prices=PRICES).readings == ()


def test_a_delay_of_the_customers_beyond_two_months_is_dedicated_fibres() -> None:
    fibre = Technology.DEDICATED_FIBRE
    delayed = cost_of(internet(), Ending.CUSTOMER_DELAY, prices=PRICES, technology=fibre)
    other = cost_of(internet(), Ending.CUSTOMER_DELAY, prices=PRICES, technology=Technology.FTTH)

    # « les frais de résiliation anticipée » (002:2385-2387): 36 x 89.90
    assert [(str(fee.euros), fee.source) for fee in delayed.fees] == [("3236.40", "002:2385-2387")]
    assert _figures(other) == _figures(cost_of(internet(), Ending.CUSTOMER, prices=PRICES))


def test_line_resale_has_flat_amounts_for_each_line_and_access() -> None:
    vga = signed_under("technicophone", "vga")
    cost = cost_of(vga, Ending.CUSTOMER, prices=PRICES)

    # 500 € an analogue line, 1 000 € a basic access and site (002:1615-1619)
    assert _figures(cost)["flat"] == [
        ("flat", "500.00", "002:1615-1619"),
        ("flat", "1000.00", "002:1615-1619"),
    ]
    assert "500.00 € HT for each analogue line + 1000.00 € HT for each basic" in cost.said[0].en


def test_leaving_after_a_long_delay_has_no_price() -> None:
    for contract in (data(), internet()):
        cost = cost_of(contract, Ending.LONG_DELAY, prices=PRICES)

        assert (cost.fees, cost.said[0].fr) == (
            (),
            "le contrat est muet : aucun prix pour partir après un long retard",
        )


def test_an_order_form_that_settles_the_price_is_charged_by_it() -> None:
    once = FormulaValue(formula=FormulaName.MULTIPLE_OF_ACCESS_FEES, factor="1")
    cost = cost_of(ordered_with(internet(), cancel_fee=once), Ending.CUSTOMER, prices=PRICES)

    assert cost.chargeable
    assert [(str(fee.euros), fee.chargeable) for fee in cost.fees] == [("150.00", True)]
    assert cost.said[0].en == "undiscounted access fee: 150.00 € HT (ours: a test's order form)"
    unknown = cost_of(ordered_with(internet(), cancel_fee=once), Ending.CUSTOMER, prices=NONE)
    assert [fee.chargeable for fee in unknown.fees] == [False]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (FormulaValue(formula=FormulaName.FLAT_AMOUNTS), "nothing is owed"),
        (
            FormulaValue(formula=FormulaName.MEAN_OF_PERIODS_TIMES_REMAINING, periods=3),
            "mean-of-periods-times-remaining over 3 periods",
        ),
    ],
)
def test_a_formula_nobody_can_work_out_here_is_named(formula: FormulaValue, said: str) -> None:
    cost = cost_of(ordered_with(internet(), cancel_fee=formula), Ending.CUSTOMER, prices=PRICES)

    assert cost.said[0].en == f"{said} (ours: a test's order form)"
    assert [fee.euros for fee in cost.fees] in ([], [None])


def test_a_figure_is_to_the_cent_half_up() -> None:
    assert times(Decimal("149.995"), "2") == Decimal("299.99")
    assert times(Decimal("0.01"), "1/2") == Decimal("0.01")


CONTRACTS = {
    name: signed_under(*name.split("/"))
    for name in (
        "technicophone/internet",
        "technicophone/vga",
        "technicophone/sip-trunk",
        "technicophone/vpn",
        "oksio/data",
        "oksio/vga",
        "oksio/sip",
    )
}
MONEY = st.none() | st.decimals(0, 99_999, places=2)


@given(
    contract=st.sampled_from(list(CONTRACTS.values())),
    ending=st.sampled_from(Ending),
    access_fee=MONEY,
    monthly=MONEY,
    term=st.none() | st.integers(1, 120),
)
def test_every_fee_has_a_source_and_is_said_and_none_is_charged_unsigned(
    contract: Contract,
    ending: Ending,
    access_fee: Decimal | None,
    monthly: Decimal | None,
    term: int | None,
) -> None:
    prices = AccessPrices(access_fee=access_fee, monthly=monthly, term_months=term)

    cost = cost_of(contract, ending, prices=prices)

    assert cost.said
    for reading in cost.readings:
        assert reading.source in reading.said.fr
        for fee in reading.fees:
            assert fee.source
            assert fee.said.fr
            assert fee.said.en
            assert not fee.chargeable or (cost.chargeable and fee.euros is not None)


@pytest.mark.parametrize(
    ("contract", "needs", "agreement"),
    [
        # « un courrier en AR » (002:227-228)
        (internet(), "a registered letter with acknowledgement has to confirm it (002:227)", False),
        # « accord écrit des deux parties signé » (000:345-346), before « accord exprès » (000:58)
        (data(), "a written agreement, signed by both parties, is needed (000:345-346)", True),
        (
            signed_under("oksio", "vga"),
            "the provider's express agreement is needed (000:58)",
            True,
        ),
    ],
)
def test_cancelling_takes_the_form_its_contract_asks_for(
    contract: Contract,
    needs: str,
    agreement: bool,  # noqa: FBT001  a row of the table
) -> None:
    terms = cancellation_terms(contract, asked_at=STORY, closes_at=None)

    assert terms.needs is not None
    assert (terms.needs.en, terms.needs_agreement) == (needs, agreement)
