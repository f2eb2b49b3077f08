"""What a fixed access waits for before anything is asked of an operator, by contract."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.access_facts import Technology
from domain.access_gates import AccessCircumstances, access_gates, access_papers
from domain.contract_questions import Contract
from domain.orders import CustomerKind
from domain.port_in_facts import Gate, GateKind, HeldDocument
from tests.access_contracts import PARIS, SIGNED_ON, data, internet, signed_under

TOLD = AccessCircumstances(
    signed_on=SIGNED_ON,
    asked_at=datetime(2027, 3, 1, 10, tzinfo=PARIS),
    wanted=(Technology.ADSL,),
    customer_kind=CustomerKind.COMPANY,
    headcount=40,
    off_premises=False,
    within_main_activity=True,
    start_now=False,
    unpaid_since=None,
    held=(),
)
THIRTY_DAYS = datetime(2027, 3, 31, 22, tzinfo=UTC)
"""The end of 31 March, thirty calendar days after the order: a default of ours."""


def _held(*names: str) -> tuple[HeldDocument, ...]:
    return tuple(HeldDocument(name=name, on=SIGNED_ON) for name in names)


def _gates(contract: Contract, told: AccessCircumstances) -> dict[GateKind, Gate]:
    return {gate.kind: gate for gate in access_gates(contract, told).closed}


def _stated(contract: Contract, told: AccessCircumstances) -> list[str]:
    found = access_gates(contract, told)
    assert all(said.fr for said in found.stated)
    return [said.en for said in found.stated]


@pytest.mark.parametrize(
    "technology",
    [Technology.ADSL, Technology.VDSL, Technology.SDSL, Technology.BUNDLED_PAIRS],
)
def test_technicophone_builds_no_dsl_without_a_prior_written_mandate(
    technology: Technology,
) -> None:
    # « un mandat écrit préalable » (002:2227-2231)
    wanted = (Technology.FTTH, technology)
    gate = _gates(internet(), replace(TOLD, wanted=wanted))[GateKind.MANDATE]

    assert (gate.needs, gate.source) == (("dsl-written-mandate",), "002:2229")
    assert (gate.until, gate.said.en) == (
        THIRTY_DAYS,
        "the prior written mandate for DSL is missing",
    )


def test_a_mandate_in_hand_is_said_and_none_is_needed_without_dsl() -> None:
    held = replace(TOLD, held=_held("dsl-written-mandate"))
    fibre = replace(TOLD, wanted=(Technology.FTTH, Technology.DEDICATED_FIBRE))

    assert GateKind.MANDATE not in _gates(internet(), held)
    assert "written mandate for DSL received (002:2229)" in _stated(internet(), held)
    assert GateKind.MANDATE not in _gates(internet(), fibre)
    assert not [said for said in _stated(internet(), fibre) if "mandate" in said]


def test_oksio_asks_no_mandate_for_dsl_and_its_silence_is_said() -> None:
    assert GateKind.MANDATE not in _gates(data(), TOLD)
    assert "the contract is silent: no mandate is asked for DSL" in _stated(data(), TOLD)


def test_technicophone_waits_for_the_signed_order_form() -> None:
    # « la signature d'un Contrat » (002:24)
    gate = _gates(internet(), TOLD)[GateKind.DOSSIER]

    assert (gate.needs, gate.source) == (("signed-order-form",), "002:24")
    assert gate.said.fr == "pièces manquantes : le bon de commande signé"


def test_oksio_waits_for_the_description_of_the_premises_and_the_sepa_mandate() -> None:
    # 000:369 and 000:77
    gate = _gates(data(), TOLD)[GateKind.DOSSIER]
    one_there = _gates(data(), replace(TOLD, held=_held("sepa-mandate")))[GateKind.DOSSIER]
    both = replace(TOLD, held=_held("sepa-mandate", "premises-description"))

    assert gate.needs == ("premises-description", "sepa-mandate")
    assert gate.source == "000:369, 000:77"
    assert (one_there.needs, one_there.source) == (("premises-description",), "000:369")
    assert "documents received (000:369, 000:77)" in _stated(data(), both)


def test_oksio_is_paid_equipment_and_set_up_with_the_order_and_installation_in_advance() -> None:
    # equipment and set-up fees at the order (000:73), installation « d'avance » (000:355-356)
    gate = _gates(data(), TOLD)[GateKind.PAYMENT]
    paid = replace(TOLD, held=_held("order-payment"))

    assert (gate.needs, gate.source) == (("order-payment",), "000:73, 000:355")
    assert gate.said.en == (
        "to be paid with the order or in advance: the equipment, the set-up fees, the installation "
        "fee"
    )
    assert GateKind.PAYMENT not in _gates(data(), paid)
    assert (
        "paid: the equipment, the set-up fees, the installation fee (000:73, 000:355)"
        in _stated(data(), paid)
    )


def test_technicophone_asks_no_payment_with_the_order() -> None:
    # « à terme échu » (002:364-365)
    assert GateKind.PAYMENT not in _gates(internet(), TOLD)
    assert "nothing is due at the order (002:364-365)" in _stated(internet(), TOLD)


def test_a_guarantee_gates_only_once_somebody_asked_for_it() -> None:
    asked = replace(TOLD, deposit_asked=True)

    assert GateKind.DEPOSIT not in _gates(internet(), TOLD)
    # « la fourniture du Service sera suspendue » (002:421-427)
    technicophone = _gates(internet(), asked)[GateKind.DEPOSIT]
    assert (technicophone.needs, technicophone.source) == (("deposit",), "002:421-427")
    assert "nothing is supplied until it is there" in technicophone.said.en
    # « en cas de refus … d'annuler tout ou partie des commandes » (000:55-57)
    oksio = _gates(data(), asked)[GateKind.DEPOSIT]
    assert (oksio.source, oksio.until) == ("000:55-57", THIRTY_DAYS)
    assert "the provider may cancel the orders" in oksio.said.en


def test_a_guarantee_that_is_given_opens_its_gate() -> None:
    given = replace(TOLD, deposit_asked=True, held=_held("deposit"))

    assert GateKind.DEPOSIT not in _gates(internet(), given)
    assert "guarantee asked for and given (002:421-427)" in _stated(internet(), given)


def test_a_guarantee_of_a_service_nobody_asked_about_is_held_as_a_default_of_ours() -> None:
    gate = _gates(signed_under("oksio", "vga"), replace(TOLD, deposit_asked=True))[GateKind.DEPOSIT]

    assert gate.source == "a default of ours"
    assert gate.said.en == "the guarantee that was asked for is missing: the order waits"


@pytest.mark.parametrize(
    ("provider", "service"), [("technicophone", "internet"), ("oksio", "data")]
)
def test_nothing_is_asked_of_others_while_a_small_customer_may_withdraw(
    provider: str, service: str
) -> None:
    # fourteen calendar days, whatever the contract's « jours » (decision 5; 002:749-757)
    small = replace(TOLD, off_premises=True, within_main_activity=False, headcount=5)
    asked = signed_under(provider, service)
    gate = _gates(asked, small)[GateKind.WITHDRAWAL]

    assert (gate.needs, gate.until) == ((), datetime(2027, 3, 15, 23, tzinfo=UTC))
    assert gate.said.en == "the customer may withdraw until Monday 15 March 2027"
    assert GateKind.WITHDRAWAL not in _gates(asked, replace(small, headcount=6))
    assert GateKind.WITHDRAWAL not in _gates(asked, replace(small, start_now=True))
    later = replace(small, asked_at=datetime(2027, 3, 16, 1, tzinfo=PARIS))
    assert GateKind.WITHDRAWAL not in _gates(asked, later)


def test_unpaid_invoices_hold_no_access_where_the_contract_does_not_say_so() -> None:
    unpaid = replace(TOLD, unpaid_since=date(2027, 1, 4))
    said = "the contract is silent: unpaid invoices hold no delivery"

    for contract in (internet(), data()):
        assert GateKind.ARREARS not in _gates(contract, unpaid)
        assert said in _stated(contract, unpaid)
        assert said not in _stated(contract, TOLD)


def test_a_contract_with_a_term_for_arrears_holds_deliveries() -> None:
    # OKSIO mobile, eight jours ouvrables: the only contract that has it (decision 17)
    mobile = signed_under("oksio", "mobile")
    unpaid = replace(TOLD, unpaid_since=date(2027, 1, 4))

    assert _gates(mobile, unpaid)[GateKind.ARREARS].needs == ("payment",)


class _Silent:
    """A contract that says nothing at all."""

    def __init__(self) -> None:
        self.shelf = internet().shelf
        self.pin = internet().pin

    def choices(self, _question: str) -> tuple[str, ...]:
        return ()

    def choice(self, _question: str) -> None:
        return None

    def source(self, _question: str) -> str:
        return ""


def test_a_contract_that_says_nothing_closes_nothing_and_is_said_to_be_silent() -> None:
    found = access_gates(_Silent(), TOLD)  # type: ignore[arg-type]  # what is asked of it is there

    assert found.closed == ()
    assert [said.en for said in found.stated] == [
        "the contract is silent: no mandate is asked for DSL",
        "the contract is silent: no document is asked for",
        "the contract is silent: nothing is said to be due at the order",
    ]


def test_the_papers_of_an_access_are_its_contracts_and_the_consents() -> None:
    assert access_papers(internet()) == (
        "cuts-consent",
        "deposit",
        "dsl-written-mandate",
        "fee-consent",
        "order-payment",
        "payment",
        "signed-order-form",
    )
    assert {"premises-description", "sepa-mandate"} < set(access_papers(data()))


@pytest.mark.parametrize(("provider", "service"), [("technicophone", "vga"), ("oksio", "sip")])
def test_a_paper_nobody_put_in_words_goes_by_its_name(provider: str, service: str) -> None:
    gate = _gates(signed_under(provider, service), TOLD)[GateKind.DOSSIER]

    assert "line-resale-mandate" in gate.said.fr
    assert gate.source.startswith("00")


def test_every_gate_has_its_line_and_is_said_in_both_languages() -> None:
    small = replace(TOLD, off_premises=True, within_main_activity=False, headcount=1)
    told = replace(small, deposit_asked=True)

    for contract in (internet(), data()):
        for gate in access_gates(contract, told).closed:
            assert gate.source
            assert gate.said.fr != gate.said.en
