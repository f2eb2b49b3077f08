"""The exchange's stand-in: each answer becomes one of our words, anything else is unreadable."""

import pytest

from adapters.exchange_stand_in.gateway import read_answer
from domain.operators import (
    AcceptedTold,
    ConfirmedTold,
    EligibilityLostTold,
    RefusedTold,
    RequestCancelledTold,
    Unreadable,
)

AT = '"at": "2027-01-13T14:00:00+01:00"'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f'{{"kind": "accepted", {AT}}}', AcceptedTold),
        (f'{{"kind": "refused", "code": "R123", {AT}}}', RefusedTold),
        (f'{{"kind": "eligibility-lost", "code": "C002", {AT}}}', EligibilityLostTold),
        (f'{{"kind": "cancelled", {AT}}}', RequestCancelledTold),
        (f'{{"kind": "confirmed", "operator": "03", {AT}}}', ConfirmedTold),
        (f'{{"kind": "danced", {AT}}}', Unreadable),
        ('{"kind": "accepted", "at": "2027-01-13T14:00:00"}', Unreadable),
        (f'{{"kind": "refused", "code": "R\\u0000", {AT}}}', Unreadable),
        ("not json", Unreadable),
    ],
)
def test_an_answer_is_read_or_said_to_be_unreadable(body: str, kind: type) -> None:
    assert isinstance(read_answer(body), kind)
