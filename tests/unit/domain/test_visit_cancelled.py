"""What cancelling an access costs once a technician is booked (002:2540-2541)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain import access_rules
from domain.access_facts import AccessPrices
from domain.access_stages import Access
from domain.access_states import evolve
from domain.said import joined
from domain.works_facts import WorksFinished
from tests import accesses as of
from tests.porting import RULES, STORY, paris
from tests.visits import BOOKED

IN_TIME, TOO_LATE = paris("2027-01-19T12:00"), paris("2027-01-20T12:00")
"""The visit is on Thursday 21 January: two jours ouvrés before is Tuesday."""


def _booked(installation: str | None) -> Access:
    price = None if installation is None else Decimal(installation)
    prices = AccessPrices(access_fee=Decimal("150.00"), installation=price)
    state = evolve(of.ready(prices=prices), WorksFinished(done_at=STORY, visit=True))
    state = evolve(state, BOOKED)
    assert isinstance(state, Access)
    return state


@pytest.mark.parametrize(
    ("at", "installation", "charged"),
    [
        (IN_TIME, "180.00", []),
        (TOO_LATE, "180.00", [("installation", Decimal("180.00"))]),
        (TOO_LATE, None, []),
    ],
)
def test_a_visit_cancelled_too_late_is_invoiced_at_the_price_that_was_accepted(
    at: datetime, installation: str | None, charged: list[tuple[str, Decimal]]
) -> None:
    end = access_rules.end_terms(RULES, _booked(installation), at)

    assert [(fee.head, fee.euros) for fee in end.fees] == charged
    assert "002:2540" in joined(end.cost).en


def test_an_access_without_a_visit_costs_what_its_contract_says_and_no_more() -> None:
    access = of.ready()
    assert isinstance(access, Access)

    end = access_rules.end_terms(RULES, access, STORY + timedelta(days=1))

    assert "visit" not in joined(end.cost).en
