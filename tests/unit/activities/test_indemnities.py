"""Where heads do not add up, a loss that is owed stands for the others; until it is known, wait."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.indemnities import (
    IndemnityActivities,
    IndemnityProgress,
    IndemnityStep,
    IndemnityUnknownError,
)
from activities.lines import LineLedger
from domain.contract_profiles import Entry, Level, Profile, Reading, Source
from domain.contract_resolution import Pin
from domain.contract_values import FlagValue
from domain.event import Event
from domain.identity import line_stream
from domain.indemnity_facts import Head, IndemnityTerms, indemnity_stream
from domain.said import Said
from tests.builders import append, on_stream
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.indemnities import assessed, assessment, opened, terms
from tests.porting import RULES, STORY, ordered_line, shelf
from tests.unit.domain.test_port_evidence import Told


def _pin(*, adds_up: bool) -> Pin:
    """An order form that says whether they add up."""
    reading = Reading(
        name="signed", value=FlagValue(value=adds_up), source=Source(ours="the order form")
    )
    form = Profile(
        provider="onecom",
        service="mobile",
        level=Level.ORDER_FORM,
        version="1",
        valid_from=date(2026, 1, 1),
        title=Said(fr="bon", en="form"),
        entries={"indemnity.cumulation": Entry(readings=(reading,), in_force="signed")},
    )
    return shelf().pin("onecom", "mobile", date(2027, 1, 8), order_form=form)


async def _assessed(loss: tuple[Event, ...], *, adds_up: bool = False) -> IndemnityProgress:
    """A delay of two days of the host's, beside a loss as far as it goes."""
    ledger = FakeLedger(FakeSubjectKeys())
    story = Told().switched_after(days=2).finish()
    line_id = ordered_line().terms.line_id
    pin = _pin(adds_up=adds_up)
    delay, lost = _terms(Head.DELAY, pin), _terms(Head.LOSS, pin)
    await ledger.append(append("line", on_stream(line_stream(line_id), *story.facts)))
    await ledger.append(
        append("delay", on_stream(indemnity_stream(delay.indemnity_id), opened(delay)))
    )
    if loss:
        await ledger.append(
            append("loss", on_stream(indemnity_stream(lost.indemnity_id), opened(lost), *loss[1:]))
        )
    activities = IndemnityActivities(
        lines=LineLedger(ledger=ledger, keyed_hash=fake_hash()), rules=RULES
    )
    step = IndemnityStep(indemnity_id=delay.indemnity_id, at=STORY, version=1)
    return await activities.assess(step)


def _terms(head: Head, pin: Pin) -> IndemnityTerms:
    return terms(head).model_copy(update={"pin": pin})


OPEN: tuple[Event, ...] = (opened(),)
OWED: tuple[Event, ...] = (opened(), assessed(assessment(Decimal("477.60"))))
NOT_OWED: tuple[Event, ...] = (opened(), assessed(assessment(Decimal("0.00"), shares=())))


@pytest.mark.parametrize(
    ("loss", "adds_up", "stage"),
    [
        ((), False, "awaiting-request"),
        (OPEN, False, "counting"),
        (OWED, False, "closed"),
        (NOT_OWED, False, "awaiting-request"),
        (OWED, True, "awaiting-request"),
    ],
)
async def test_a_loss_stands_for_a_delay_only_where_they_do_not_add_up(
    loss: tuple[Event, ...], *, adds_up: bool, stage: str
) -> None:
    assert (await _assessed(loss, adds_up=adds_up)).stage == stage


async def test_a_process_for_an_indemnity_there_is_not_says_so() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    lines = LineLedger(ledger=ledger, keyed_hash=fake_hash())
    activities = IndemnityActivities(lines=lines, rules=RULES)

    with pytest.raises(IndemnityUnknownError, match="is not in the ledger"):
        await activities.load_indemnity(
            IndemnityStep(indemnity_id=terms().indemnity_id, at=STORY + timedelta(days=1))
        )
