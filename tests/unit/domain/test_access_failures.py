"""Where a failure in the field leads, and whose doing it is."""

import pytest

from domain.access_facts import Technology
from domain.access_failures import field_lead
from domain.contract_questions import Contract
from domain.works_facts import After, FieldFailure, Party
from tests.access_contracts import data, internet, signed_under

FIBRE = Technology.DEDICATED_FIBRE

LEADS = {
    FieldFailure.BOX_FULL: (After.DESATURATION, Party.OPERATOR),
    FieldFailure.BOX_NOT_FOUND: (After.NETWORK_CHECK, Party.OPERATOR),
    FieldFailure.WRONG_ROUTE: (After.NETWORK_CHECK, Party.OPERATOR),
    FieldFailure.NO_CONTINUITY: (After.NETWORK_CHECK, Party.OPERATOR),
    FieldFailure.TOO_LONG: (After.STUDY, None),
    FieldFailure.CUSTOMER_ABSENT: (After.VISIT, Party.CUSTOMER),
    FieldFailure.NO_ACCESS: (After.VISIT, Party.CUSTOMER),
    FieldFailure.SITE_NOT_READY: (After.VISIT_ONCE_READY, Party.CUSTOMER),
    FieldFailure.NO_PERMIT: (After.PERSON, None),
    FieldFailure.MATERIAL_MISSING: (After.VISIT, Party.OPERATOR),
    FieldFailure.OTHER: (After.PERSON, None),
}


@pytest.mark.parametrize("failure", list(FieldFailure))
@pytest.mark.parametrize("contract", [internet(), data(), signed_under("technicophone", "vga")])
def test_every_failure_leads_somewhere_and_what_follows_is_called_ours(
    contract: Contract, failure: FieldFailure
) -> None:
    lead = field_lead(contract, FIBRE, failure)

    assert (lead.after, lead.by) == LEADS[failure]
    assert lead.said[-1].en.endswith("(a default of ours)")
    assert lead.because.fr.endswith("(valeur par défaut)")


@pytest.mark.parametrize(
    ("contract", "technology", "failure", "whose"),
    [
        # « donnant accès à ses sites » (002:491-493)
        (internet(), Technology.FTTH, FieldFailure.NO_ACCESS, "002:491-493"),
        # « le Client permettra l'accès à ses locaux » (000:378-381)
        (data(), FIBRE, FieldFailure.CUSTOMER_ABSENT, "000:377-385"),
        # « fournir le courant, les circuits » (002:2357-2372): dedicated fibre alone (decision 42)
        (internet(), FIBRE, FieldFailure.SITE_NOT_READY, "002:2351-2371"),
        (internet(), Technology.FTTH, FieldFailure.SITE_NOT_READY, "a default of ours"),
        (data(), Technology.FTTH, FieldFailure.SITE_NOT_READY, "000:368-374"),
        (
            signed_under("technicophone", "vga"),
            Technology.ADSL,
            FieldFailure.NO_ACCESS,
            "a default of ours",
        ),
    ],
)
def test_what_the_customer_owes_at_the_site_makes_it_the_customers_doing(
    contract: Contract, technology: Technology, failure: FieldFailure, whose: str
) -> None:
    lead = field_lead(contract, technology, failure)

    assert lead.said[1].en == f"the customer's doing ({whose})"


def test_a_full_box_is_said_in_words() -> None:
    assert field_lead(internet(), Technology.FTTH, FieldFailure.BOX_FULL).because.en == (
        "the optical box is full, the operator's doing (a default of ours), "
        "a desaturation follows, as the contract has it (a default of ours)"
    )
