"""What holds of every indemnity, whatever its figures and whatever people do to it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain import indemnities as told
from domain.indemnities import IndemnityCommand, decide
from domain.indemnity_facts import OURS, Assessment, Givens, Party
from domain.indemnity_states import (
    Closed,
    Evidence,
    IndemnityState,
    KnownIndemnity,
    NotOpened,
    Payable,
    evolve,
)
from domain.indemnity_sums import amount_of
from tests.indemnities import assessment, terms
from tests.porting import STORY
from tests.unit.domain.test_indemnities import ASK, HAND, NOTE, at_stage, command, pay
from tests.unit.domain.test_indemnity_sums import evidence, worked_out

PRICES = st.decimals(min_value="0.01", max_value="9999.99", places=2)
KNOWN = st.sampled_from([Party.US, Party.HOST, Party.DONOR, Party.CUSTOMER, Party.NOBODY])


@given(monthly=PRICES, days=st.integers(min_value=1, max_value=400))
def test_a_day_is_within_half_a_cent_of_its_share(monthly: Decimal, days: int) -> None:
    found = amount_of(monthly, "1/5", times=days)

    assert abs(found - monthly * days / 5) <= Decimal("0.005")
    assert found == found.quantize(Decimal("0.01"))


@given(st.lists(KNOWN, max_size=40))
def test_every_day_is_somebodys_and_only_ours_are_paid(parties: list[Party]) -> None:
    found = worked_out(terms(), evidence(*parties))

    ours = sum(1 for party in parties if party in OURS)
    assert sum(share.days for share in found.shares) == len(parties)
    assert found.ours == amount_of(Decimal("19.90"), "1/5", times=ours)
    assert found.owed_by_another == (Party.DONOR in parties)
    assert [day.day for day in found.days] == [
        date(2027, 1, 15) + timedelta(days=n) for n in range(1, len(parties) + 1)
    ]


def _assessment(cents: int) -> Assessment:
    return assessment(Decimal(cents) / 100)


@given(
    sums=st.lists(st.integers(min_value=0, max_value=99_999), min_size=1, max_size=6),
    paid=st.lists(st.integers(min_value=1, max_value=99_999), max_size=4),
)
def test_the_balance_is_what_is_owed_last_less_all_that_was_paid(
    sums: list[int], paid: list[int]
) -> None:
    """However often it was corrected: each assessment but the last is undone by its equal."""
    state = at_stage("counting")
    payments = list(paid)
    for n, cents in enumerate(sums):
        note = command(told.NoteAssessment, assessment=_assessment(cents), **NOTE)
        state = _after(state, note)
        if isinstance(state, Evidence):
            state = _after(state, command(told.HandOver, **HAND))
        if state.requested is None and state.owed:
            state = _after(state, command(told.Ask, **ASK))
        while payments and isinstance(state, Payable):
            state = _after(state, command(told.Pay, **_next(payments)))
        if n < len(sums) - 1:
            givens = Givens(back_on=STORY.date())
            correct = command(told.Correct, by="finance", reason="so", givens=givens)
            state = _after(state, correct)

    used = sum(paid) - sum(payments)
    assert state.owed == Decimal(sums[-1]) / 100
    assert state.balance == Decimal(sums[-1] - used) / 100
    assert isinstance(state, Closed) == (state.balance <= 0)


def _after(state: KnownIndemnity, command: IndemnityCommand) -> KnownIndemnity:
    after: IndemnityState = state
    for event in decide(command, state):
        after = evolve(after, event)  # type: ignore[arg-type]  # of the aggregate
    assert not isinstance(after, NotOpened)
    return after


def _next(payments: list[int]) -> dict[str, Any]:
    """Each payment has a reference of its own."""
    reference = f"CN-{len(payments)}"
    return pay(str(Decimal(payments.pop()) / 100), reference)
